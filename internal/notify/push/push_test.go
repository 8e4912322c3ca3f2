package push

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/vault"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/platform/egress"
)

// browser is the far end: what a browser does with what its maker hands it.
type browser struct {
	private *ecdh.PrivateKey
	auth    []byte
}

func decode(t *testing.T, s string) []byte {
	t.Helper()
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// open reads a body of the content coding aes128gcm. Source: RFC 8188, section 2,
// and RFC 8291, section 3.4.
func (b browser) open(t *testing.T, body []byte) string {
	t.Helper()
	derive := func(secret, salt []byte, info string, n int) []byte {
		k, err := hkdf.Key(sha256.New, secret, salt, info, n)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	salt, size, idlen := body[:16], binary.BigEndian.Uint32(body[16:20]), int(body[20])
	sender, sealed := body[21:21+idlen], body[21+idlen:]
	if len(sealed) > int(size) {
		t.Fatalf("a record of %d bytes, more than %d", len(sealed), size)
	}
	public, err := ecdh.P256().NewPublicKey(sender)
	if err != nil {
		t.Fatal(err)
	}
	shared, err := b.private.ECDH(public)
	if err != nil {
		t.Fatal(err)
	}
	info := "WebPush: info\x00" + string(b.private.PublicKey().Bytes()) + string(sender)
	ikm := derive(shared, b.auth, info, 32)
	block, err := aes.NewCipher(derive(ikm, salt, "Content-Encoding: aes128gcm\x00", 16))
	if err != nil {
		t.Fatal(err)
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		t.Fatal(err)
	}
	text, err := gcm.Open(nil, derive(ikm, salt, "Content-Encoding: nonce\x00", 12), sealed, nil)
	if err != nil {
		t.Fatal(err)
	}
	end := slices.Index(text, 2) // the delimiter of the last record, then padding
	return string(text[:end])
}

// The reader of these tests reads what RFC 8291 wrote (its section 5).
func TestTheReaderReadsTheStandardsOwnExample(t *testing.T) {
	private, err := ecdh.P256().NewPrivateKey(decode(t, "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"))
	if err != nil {
		t.Fatal(err)
	}
	b := browser{private, decode(t, "BTBZMqHH6r4Tts7J_aSIgg")}
	got := b.open(t, decode(t, "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"))
	if want := "When I grow up, I want to be a watermelon"; got != want {
		t.Errorf("got %q", got)
	}
}

// maker is a browser maker's push service.
type maker struct {
	*httptest.Server
	answers []int // to come; then 201
	got     []*http.Request
	bodies  [][]byte
}

func newMaker(t *testing.T, answers ...int) *maker {
	m := &maker{answers: answers}
	m.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		m.got, m.bodies = append(m.got, r), append(m.bodies, body)
		code := http.StatusCreated
		if len(m.answers) > 0 {
			code, m.answers = m.answers[0], m.answers[1:]
		}
		w.WriteHeader(code)
	}))
	t.Cleanup(m.Close)
	return m
}

func sender(t *testing.T, m *maker) (s Sender, gone *[]string) {
	t.Helper()
	v, err := vault.New(make([]byte, vault.Size))
	if err != nil {
		t.Fatal(err)
	}
	keys, err := KeysOf(v)
	if err != nil {
		t.Fatal(err)
	}
	own := []netip.AddrPort{netip.MustParseAddrPort(strings.TrimPrefix(m.URL, "http://"))}
	gone = &[]string{}
	return Sender{
		Out: egress.New(egress.Options{Wall: func() civil.Instant { return 1 }, Own: own}), Keys: keys, Contact: "equipe@suivi.example",
		Forget: func(_ context.Context, d notify.Device) error {
			*gone = append(*gone, d.Endpoint)
			return nil
		},
	}, gone
}

func subscribed(t *testing.T, endpoint string) (browser, notify.Device) {
	t.Helper()
	private, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	b := browser{private, []byte("0123456789abcdef")}
	return b, notify.Device{Endpoint: endpoint, P256dh: encode(private.PublicKey().Bytes()), Auth: encode(b.auth)}
}

func TestAMessageReachesEachBrowserSealed(t *testing.T) {
	m := newMaker(t)
	s, _ := sender(t, m)
	one, d1 := subscribed(t, m.URL+"/one")
	two, d2 := subscribed(t, m.URL+"/two")
	letter := notify.Letter{
		From: "Épicerie", Subject: "Commande E-1 : livrée", Text: "Promesse tenue.", URL: "https://suivi.example/p/x", MessageID: "msg_1@suivi.example",
		Devices: []notify.Device{d1, d2},
	}
	if err := s.Send(t.Context(), letter); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"title": "Épicerie", "subject": "Commande E-1 : livrée", "text": "Promesse tenue.", "url": "https://suivi.example/p/x", "tag": "msg_1@suivi.example",
	}
	for i, b := range []browser{one, two} {
		var got map[string]string
		if err := json.Unmarshal([]byte(b.open(t, m.bodies[i])), &got); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
		r := m.got[i]
		if r.Header.Get("Content-Encoding") != "aes128gcm" || r.Header.Get("TTL") != "86400" || r.Header.Get("Urgency") != "high" {
			t.Errorf("headers %v", r.Header)
		}
		if a := r.Header.Get("Authorization"); !strings.HasPrefix(a, "vapid t=") || !strings.Contains(a, "k="+s.Keys.Public) {
			t.Errorf("authorization %q", a)
		}
		if strings.Contains(string(m.bodies[i]), "Commande") {
			t.Error("the maker can read it")
		}
	}
}

func TestWhatAMakerAnswers(t *testing.T) {
	for _, c := range []struct {
		law    string
		answer int
		reason string // of a refusal; "" is to be tried again
		gone   int
	}{
		{"the browser is gone", http.StatusGone, "push_gone", 1},
		{"nobody knows it", http.StatusNotFound, "push_gone", 1},
		{"too many", http.StatusTooManyRequests, "", 0},
		{"the maker is ill", http.StatusServiceUnavailable, "", 0},
		{"too long a message", http.StatusRequestEntityTooLarge, "push_413", 0},
	} {
		m := newMaker(t, c.answer)
		s, gone := sender(t, m)
		_, d := subscribed(t, m.URL)
		err := s.Send(t.Context(), notify.Letter{Devices: []notify.Device{d}})
		var no notify.Refused
		if errors.As(err, &no); err == nil || no.Reason != c.reason || len(*gone) != c.gone {
			t.Errorf("%s: %v, gone %v", c.law, err, *gone)
		}
	}
	m := newMaker(t, http.StatusGone)
	s, gone := sender(t, m)
	_, old := subscribed(t, m.URL+"/old")
	_, d := subscribed(t, m.URL+"/new")
	if err := s.Send(t.Context(), notify.Letter{Devices: []notify.Device{old, d}}); err != nil || len(*gone) != 1 {
		t.Errorf("one of two took it: %v, gone %v", err, *gone)
	}
}

// A browser may claim to live at any address; none of our own is called.
func TestAnEndpointThatPointsInside(t *testing.T) {
	m := newMaker(t)
	s, gone := sender(t, m)
	for _, inside := range []string{"http://169.254.169.254/latest", "https://127.0.0.1:1/x", "https://[::1]/", "ftp://push.example/"} {
		_, d := subscribed(t, inside)
		err := s.Send(t.Context(), notify.Letter{Devices: []notify.Device{d}})
		var no notify.Refused
		if !errors.As(err, &no) || no.Reason != "push_forbidden" {
			t.Errorf("%s: %v", inside, err)
		}
	}
	if len(*gone) != 4 {
		t.Error("they are kept", *gone, fmt.Sprint(len(m.got)))
	}
}
