package passkey

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"net/url"
	"testing"

	"github.com/fxamacker/cbor/v2"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/vault"
)

const (
	noon  = civil.Instant(1_800_000_000_000_000)
	until = noon + 3_600_000_000
)

var b64 = base64.RawURLEncoding

func desk(t *testing.T, base string) (*Desk, bool) {
	t.Helper()
	v, err := vault.New(make([]byte, vault.Size))
	if err != nil {
		t.Fatal(err)
	}
	at, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	return New(at, v)
}

func open(t *testing.T) *Desk {
	t.Helper()
	d, ok := desk(t, "https://suivi.example")
	if !ok {
		t.Fatal("no passkeys for a site with a name")
	}
	return d
}

func TestBrowsersKeepKeysForNames(t *testing.T) {
	for base, want := range map[string]bool{
		"https://suivi.example":      true,
		"https://suivi.example:8443": true,
		"http://localhost:8080":      true,
		"http://suivi.example":       false, // anybody on the way could answer
		"http://127.0.0.1:8080":      false,
		"https://192.0.2.1":          false,
		"https://[2001:db8::1]":      false,
		"":                           false,
	} {
		if _, ok := desk(t, base); ok != want {
			t.Errorf("%q: %v, want %v", base, ok, want)
		}
	}
}

// device is a telephone with one key, and what its browser says of the page it is on.
type device struct {
	key    *ecdsa.PrivateKey
	id     []byte
	handle []byte
	count  uint32
	origin string
	site   string
	flags  byte
}

const (
	present, verified, carriesKey = 0x01, 0x04, 0x40
)

func newDevice(t *testing.T) *device {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return &device{key: key, id: []byte("a key of sixteen"), origin: "https://suivi.example", site: "suivi.example", flags: present | verified}
}

func (d *device) data(flags byte) []byte {
	site := sha256.Sum256([]byte(d.site))
	d.count++
	return binary.BigEndian.AppendUint32(append(site[:], flags), d.count)
}

func (d *device) client(t *testing.T, kind, options string) []byte {
	t.Helper()
	var o struct{ Challenge string }
	if err := json.Unmarshal([]byte(options), &o); err != nil {
		t.Fatal(err)
	}
	return mustJSON(t, map[string]any{"type": kind, "challenge": o.Challenge, "origin": d.origin, "crossOrigin": false})
}

func mustJSON(t *testing.T, v any) []byte {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// makes answers an offer to make a key.
func (d *device) makes(t *testing.T, o Offer) Answer {
	t.Helper()
	var asked struct{ User struct{ ID string } }
	if err := json.Unmarshal([]byte(o.Options), &asked); err != nil {
		t.Fatal(err)
	}
	handle, err := b64.DecodeString(asked.User.ID)
	if err != nil {
		t.Fatal(err)
	}
	d.handle = handle
	point, err := d.key.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	public, err := cbor.Marshal(map[int]any{1: 2, 3: -7, -1: 1, -2: point[1:33], -3: point[33:]})
	if err != nil {
		t.Fatal(err)
	}
	data := append(d.data(d.flags|carriesKey), make([]byte, 16)...)
	data = append(binary.BigEndian.AppendUint16(data, uint16(len(d.id))), d.id...)
	object, err := cbor.Marshal(map[string]any{"fmt": "none", "attStmt": map[string]any{}, "authData": append(data, public...)})
	if err != nil {
		t.Fatal(err)
	}
	return d.says(t, o, map[string]any{"clientDataJSON": b64.EncodeToString(d.client(t, "webauthn.create", o.Options)), "attestationObject": b64.EncodeToString(object)})
}

// opens answers an offer to enter.
func (d *device) opens(t *testing.T, o Offer) Answer {
	t.Helper()
	client, data := d.client(t, "webauthn.get", o.Options), d.data(d.flags)
	hash := sha256.Sum256(client)
	signed := sha256.Sum256(append(append([]byte{}, data...), hash[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, d.key, signed[:])
	if err != nil {
		t.Fatal(err)
	}
	return d.says(t, o, map[string]any{
		"clientDataJSON": b64.EncodeToString(client), "authenticatorData": b64.EncodeToString(data),
		"signature": b64.EncodeToString(signature), "userHandle": b64.EncodeToString(d.handle),
	})
}

func (d *device) says(t *testing.T, o Offer, response map[string]any) Answer {
	t.Helper()
	id := b64.EncodeToString(d.id)
	return Answer{o.Note, string(mustJSON(t, map[string]any{"id": id, "rawId": id, "type": "public-key", "response": response, "clientExtensionResults": map[string]any{}}))}
}

// made is a key that a device made.
func made(t *testing.T, d *Desk, on *device) Key {
	t.Helper()
	o, err := d.Create("odile@example.com", nil, until)
	if err != nil {
		t.Fatal(err)
	}
	k, _, err := d.Created(on.makes(t, o), "odile@example.com", noon)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func entering(t *testing.T, d *Desk) Offer {
	t.Helper()
	o, err := d.Enter(until)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func holding(all ...Key) func(string) (Key, bool, error) {
	return func(id string) (Key, bool, error) {
		for _, k := range all {
			if k.ID == id {
				return k, true, nil
			}
		}
		return Key{}, false, nil
	}
}

func TestAKeyThatWasMadeOpens(t *testing.T) {
	d, on := open(t), newDevice(t)
	k := made(t, d, on)
	names := map[string]bool{}
	for range 3 {
		now, name, err := d.Entered(on.opens(t, entering(t, d)), noon, holding(k))
		if err != nil {
			t.Fatal(err)
		}
		if now.ID != k.ID || now.Handle != k.Handle || now.Record == k.Record {
			t.Errorf("entered by %+v, with the key %+v", now, k)
		}
		k = now
		names[name] = true
	}
	if len(names) != 3 {
		t.Errorf("three challenges have %d names", len(names))
	}
}

func TestAKeyIsNotMadeTwice(t *testing.T) {
	d, on := open(t), newDevice(t)
	k := made(t, d, on)
	o, err := d.Create("odile@example.com", []Key{k}, until)
	if err != nil {
		t.Fatal(err)
	}
	var asked struct {
		User               struct{ ID string }
		ExcludeCredentials []struct{ ID string }
	}
	if err := json.Unmarshal([]byte(o.Options), &asked); err != nil {
		t.Fatal(err)
	}
	if len(asked.ExcludeCredentials) != 1 || asked.ExcludeCredentials[0].ID != k.ID {
		t.Errorf("not left out: %+v", asked.ExcludeCredentials)
	}
	if handle, _ := b64.DecodeString(asked.User.ID); string(handle) != k.Handle {
		t.Errorf("another holder: %q, was %q", handle, k.Handle)
	}
}

func TestWhatProvesNothing(t *testing.T) {
	for what, breaks := range map[string]func(t *testing.T, d *Desk, on *device, o Offer) (Answer, civil.Instant){
		"an answer when its time is over": func(t *testing.T, _ *Desk, on *device, o Offer) (Answer, civil.Instant) { return on.opens(t, o), until },
		"a note that nobody sealed": func(t *testing.T, _ *Desk, on *device, o Offer) (Answer, civil.Instant) {
			a := on.opens(t, o)
			a.Note = b64.EncodeToString([]byte("a note that is long enough to be one"))
			return a, noon
		},
		"no note": func(t *testing.T, _ *Desk, on *device, o Offer) (Answer, civil.Instant) {
			return Answer{Body: on.opens(t, o).Body}, noon
		},
		"the note of another challenge": func(t *testing.T, d *Desk, on *device, o Offer) (Answer, civil.Instant) {
			return Answer{entering(t, d).Note, on.opens(t, o).Body}, noon
		},
		"the note of a key that was to be made": func(t *testing.T, d *Desk, on *device, _ Offer) (Answer, civil.Instant) {
			o, err := d.Create("odile@example.com", nil, until)
			if err != nil {
				t.Fatal(err)
			}
			return on.opens(t, o), noon
		},
		"a page that looks like ours": func(t *testing.T, _ *Desk, on *device, o Offer) (Answer, civil.Instant) {
			on.origin = "https://suivi.example.evil.example"
			return on.opens(t, o), noon
		},
		"a key for another site": func(t *testing.T, _ *Desk, on *device, o Offer) (Answer, civil.Instant) {
			on.site = "evil.example"
			return on.opens(t, o), noon
		},
		"a device that asked for no finger": func(t *testing.T, _ *Desk, on *device, o Offer) (Answer, civil.Instant) {
			on.flags = present
			return on.opens(t, o), noon
		},
		"another key under that name": func(t *testing.T, _ *Desk, on *device, o Offer) (Answer, civil.Instant) {
			on.key = newDevice(t).key
			return on.opens(t, o), noon
		},
		"another holder's name": func(t *testing.T, _ *Desk, on *device, o Offer) (Answer, civil.Instant) {
			on.handle = []byte("somebody else")
			return on.opens(t, o), noon
		},
		"a copy that was used less": func(t *testing.T, _ *Desk, on *device, o Offer) (Answer, civil.Instant) {
			on.count = 0
			return on.opens(t, o), noon
		},
		"a key that nobody has": func(t *testing.T, _ *Desk, on *device, o Offer) (Answer, civil.Instant) {
			on.id = []byte("another key here")
			return on.opens(t, o), noon
		},
		"no JSON": func(_ *testing.T, _ *Desk, _ *device, o Offer) (Answer, civil.Instant) {
			return Answer{o.Note, "{"}, noon
		},
		"an empty object": func(_ *testing.T, _ *Desk, _ *device, o Offer) (Answer, civil.Instant) {
			return Answer{o.Note, "{}"}, noon
		},
	} {
		t.Run(what, func(t *testing.T) {
			d, on := open(t), newDevice(t)
			k := made(t, d, on)
			now, _, err := d.Entered(on.opens(t, entering(t, d)), noon, holding(k)) // so it was used
			if err != nil {
				t.Fatal(err)
			}
			a, at := breaks(t, d, on, entering(t, d))
			if _, _, err := d.Entered(a, at, holding(now)); !errors.Is(err, ErrRefused) {
				t.Errorf("it says %v", err)
			}
		})
	}
}

func TestAFailedReadIsNoRefusal(t *testing.T) {
	d, on := open(t), newDevice(t)
	made(t, d, on)
	broken := errors.New("no database")
	_, _, err := d.Entered(on.opens(t, entering(t, d)), noon, func(string) (Key, bool, error) { return Key{}, false, broken })
	if !errors.Is(err, broken) {
		t.Errorf("it says %v", err)
	}
}

func TestAKeyMadeForAnotherPageIsRefused(t *testing.T) {
	d, on := open(t), newDevice(t)
	o, err := d.Create("odile@example.com", nil, until)
	if err != nil {
		t.Fatal(err)
	}
	on.origin = "https://evil.example"
	if _, _, err := d.Created(on.makes(t, o), "odile@example.com", noon); !errors.Is(err, ErrRefused) {
		t.Errorf("it says %v", err)
	}
	if _, _, err := d.Created(Answer{o.Note, "[]"}, "odile@example.com", noon); !errors.Is(err, ErrRefused) {
		t.Errorf("of no answer it says %v", err)
	}
}
