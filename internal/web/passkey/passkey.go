// Package passkey speaks WebAuthn with browsers: a shopper's telephone or computer
// keeps a key, and proves to hold it instead of an e-mailed link being opened.
//
// What a page offers carries a sealed note of the challenge, which comes back with the
// answer: nothing is written when a page is only looked at. A challenge has a name, by
// which whoever keeps the keys sees that it is answered once.
//
// It stores nothing, and knows neither who holds a key nor what it opens. Makers of
// keys are not asked for: any is as good as the mailbox that it stands for.
package passkey

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/vault"
)

// ErrRefused is an answer that proves nothing: made up, of another page, too old, or by
// a key that was copied.
var ErrRefused = errors.New("passkey: the answer proves nothing")

// Desk makes challenges for one installation and reads what answers them. It is safe
// for concurrent use.
type Desk struct {
	web   *webauthn.WebAuthn
	vault *vault.Vault
}

// New is the desk of an installation at an address; false where browsers have no keys
// for it: their owner is told by name, so there are none for a bare number.
func New(base *url.URL, v *vault.Vault) (*Desk, bool) {
	host := base.Hostname()
	if host == "" || net.ParseIP(host) != nil || base.Scheme != "https" && host != "localhost" {
		return nil, false
	}
	selection := protocol.AuthenticatorSelection{
		ResidentKey: protocol.ResidentKeyRequirementRequired, RequireResidentKey: protocol.ResidentKeyRequired(),
		UserVerification: protocol.VerificationRequired,
	}
	web, err := webauthn.New(&webauthn.Config{
		RPID: host, RPDisplayName: host, RPOrigins: []string{base.Scheme + "://" + base.Host},
		AttestationPreference: protocol.PreferNoAttestation, AuthenticatorSelection: selection,
	})
	if err != nil {
		return nil, false
	}
	return &Desk{web, v}, true
}

// Key is one that a browser keeps.
type Key struct {
	ID     string // of the key, as browsers name it
	Handle string // of its holder, as browsers keep it: drawn by lot
	Record string // JSON: what proves answers of it, and how often it was used
}

// Offer is a challenge in a page.
type Offer struct {
	Options string // JSON, for the browser
	Note    string // comes back with the answer
}

// Answer is what a page sent back.
type Answer struct {
	Note string
	Body string // JSON, from the browser
}

// note is a challenge as it was made.
type note struct {
	Session webauthn.SessionData `json:"session"`
	Until   civil.Instant        `json:"until"` // machine time
}

const (
	seal      = "web/passkey"
	handleLen = 32
)

// Create offers to make a key for whoever reads an address's mail. Keys they have
// already are not made again.
func (d *Desk) Create(email string, have []Key, until civil.Instant) (Offer, error) {
	h := holder{name: email, keys: have}
	if len(have) > 0 {
		h.handle = []byte(have[0].Handle)
	} else {
		h.handle = make([]byte, handleLen)
		rand.Read(h.handle)
		h.handle = []byte(base64.RawURLEncoding.EncodeToString(h.handle))
	}
	known, err := h.credentials()
	if err != nil {
		return Offer{}, err
	}
	options, session, err := d.web.BeginRegistration(h, webauthn.WithExclusions(webauthn.Credentials(known).CredentialDescriptors()))
	if err != nil {
		return Offer{}, err
	}
	return d.offer(options.Response, session, until)
}

// Enter offers whoever has a key to be let in by it.
func (d *Desk) Enter(until civil.Instant) (Offer, error) {
	options, session, err := d.web.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return Offer{}, err
	}
	return d.offer(options.Response, session, until)
}

func (d *Desk) offer(options any, session *webauthn.SessionData, until civil.Instant) (o Offer, err error) {
	text, err := json.Marshal(options)
	if err != nil {
		return o, err
	}
	sealed, err := json.Marshal(note{*session, until})
	if err != nil {
		return o, err
	}
	nonce := make([]byte, 12)
	rand.Read(nonce)
	return Offer{Options: string(text), Note: base64.RawURLEncoding.EncodeToString(d.vault.Seal(seal, nonce, sealed))}, nil
}

// open reads a note, and the name of its challenge.
func (d *Desk) open(a Answer, wall civil.Instant) (n note, name string, err error) {
	raw, err := base64.RawURLEncoding.DecodeString(a.Note)
	if err != nil {
		return n, "", ErrRefused
	}
	text, err := d.vault.Unseal(seal, raw)
	if err != nil {
		return n, "", ErrRefused
	}
	if err := json.Unmarshal(text, &n); err != nil {
		return n, "", err
	}
	if wall >= n.Until {
		return n, "", ErrRefused
	}
	return n, ident.Hash(n.Session.Challenge), nil
}

// Created is the key that a browser made, with the name of the challenge. The error is
// ErrRefused.
func (d *Desk) Created(a Answer, email string, wall civil.Instant) (k Key, challenge string, err error) {
	n, challenge, err := d.open(a, wall)
	if err != nil {
		return k, "", err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes([]byte(a.Body))
	if err != nil {
		return k, "", refused(err)
	}
	h := holder{name: email, handle: n.Session.UserID}
	c, err := d.web.CreateCredential(h, n.Session, parsed)
	if err != nil {
		return k, "", refused(err)
	}
	k = Key{ID: base64.RawURLEncoding.EncodeToString(c.ID), Handle: string(h.handle)}
	return k, challenge, k.record(c)
}

// Entered is the key by which somebody is let in, as it is to be kept from now on, with
// the name of the challenge. find reads a key by its id; ok is false where nobody has
// it. The errors are ErrRefused and those of find.
func (d *Desk) Entered(a Answer, wall civil.Instant, find func(id string) (k Key, ok bool, err error)) (k Key, challenge string, err error) {
	n, challenge, err := d.open(a, wall)
	if err != nil {
		return k, "", err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes([]byte(a.Body))
	if err != nil {
		return k, "", refused(err)
	}
	var asked error
	holds := func(raw, handle []byte) (webauthn.User, error) {
		known, ok, err := find(base64.RawURLEncoding.EncodeToString(raw))
		if asked = err; err != nil || !ok {
			return nil, ErrRefused
		}
		k = known
		return holder{handle: []byte(known.Handle), keys: []Key{known}}, nil
	}
	_, c, err := d.web.ValidatePasskeyLogin(holds, n.Session, parsed)
	switch {
	case asked != nil:
		return k, "", asked
	case err != nil:
		return k, "", refused(err)
	case c.Authenticator.CloneWarning: // used elsewhere since: there are two of it
		return k, "", ErrRefused
	}
	return k, challenge, k.record(c)
}

func refused(err error) error { return fmt.Errorf("%w: %w", ErrRefused, err) }

func (k *Key) record(c *webauthn.Credential) error {
	c.Attestation = webauthn.CredentialAttestation{} // whoever made it was not asked for
	text, err := json.Marshal(c)
	k.Record = string(text)
	return err
}

// holder is somebody as the library asks for them.
type holder struct {
	name   string
	handle []byte
	keys   []Key
}

func (h holder) WebAuthnID() []byte          { return h.handle }
func (h holder) WebAuthnName() string        { return h.name }
func (h holder) WebAuthnDisplayName() string { return h.name }

func (h holder) WebAuthnCredentials() []webauthn.Credential {
	all, err := h.credentials()
	if err != nil {
		return nil // which proves nothing
	}
	return all
}

func (h holder) credentials() (all []webauthn.Credential, err error) {
	for _, k := range h.keys {
		var c webauthn.Credential
		if err := json.Unmarshal([]byte(k.Record), &c); err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
}
