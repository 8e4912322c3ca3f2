// Package vault holds the installation's master key and what is derived from
// it: signatures on tokens that leave us and come back, links that can be
// computed again though only their hash is stored, and seals for answers that
// must be kept but not read.
//
// Every use names its purpose and gets a key of its own (HKDF-SHA256), so that
// a token made for one thing is worth nothing for another. The package reads no
// file: main does, and gives it the bytes.
package vault

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
)

// Size of a master key in bytes.
const Size = 32

// Vault derives keys from one master key. It is safe for concurrent use.
type Vault struct{ master []byte }

// New opens a vault on a master key of Size bytes.
func New(master []byte) (*Vault, error) {
	if len(master) != Size {
		return nil, fmt.Errorf("vault: the master key has %d bytes, not %d", len(master), Size)
	}
	return &Vault{master: append([]byte(nil), master...)}, nil
}

// Parse reads a master key as it stands in its file: 64 hexadecimal digits.
func Parse(text []byte) (*Vault, error) {
	b, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil {
		return nil, fmt.Errorf("vault: the master key is not hexadecimal: %w", err)
	}
	return New(b)
}

func (v *Vault) key(purpose string) []byte {
	k, err := hkdf.Key(sha256.New, v.master, nil, "promesse/"+purpose, sha256.Size)
	if err != nil {
		panic("vault: " + err.Error()) // only for lengths no hash can give
	}
	return k
}

// Derive is a secret of Size bytes for a purpose, where somebody else's protocol
// wants a key of its own.
func (v *Vault) Derive(purpose string) []byte { return v.key(purpose) }

func (v *Vault) mac(purpose string, payload []byte) []byte {
	m := hmac.New(sha256.New, v.key(purpose))
	m.Write(payload)
	return m.Sum(nil)
}

var encoding = base64.RawURLEncoding.Strict()

// Sign makes a token of a payload. Anybody can read it; nobody can change it.
func (v *Vault) Sign(purpose string, payload []byte) string {
	return encoding.EncodeToString(payload) + "." + encoding.EncodeToString(v.mac(purpose, payload))
}

// Open gives back the payload of a token made for the purpose, or the fault
// token_invalid (not a token) or token_altered (not one of ours).
func (v *Vault) Open(purpose, token string) ([]byte, error) {
	head, tail, found := strings.Cut(token, ".")
	payload, err1 := encoding.DecodeString(head)
	mac, err2 := encoding.DecodeString(tail)
	if !found || err1 != nil || err2 != nil {
		return nil, fault.New(fault.Invalid, "token_invalid", "token")
	}
	if !hmac.Equal(mac, v.mac(purpose, payload)) {
		return nil, fault.New(fault.Invalid, "token_altered", "token")
	}
	return payload, nil
}

// Link is the secret address of a thing: 128 bits that only the master key can
// compute, the same each time, so that a letter written later carries the link
// though the database holds but its hash.
func (v *Vault) Link(purpose, id string) ident.Link {
	return ident.Link(encoding.EncodeToString(v.mac("link/"+purpose, []byte(id))[:16]))
}

// Digits is what somebody says to prove that something is theirs: six digits that only
// the master key can compute, the same each time.
func (v *Vault) Digits(purpose, id string) string {
	return fmt.Sprintf("%06d", binary.BigEndian.Uint64(v.mac("link/"+purpose, []byte(id)))%1_000_000)
}

// Seal encrypts a text for the database. nonce must be fresh randomness of 12 bytes.
func (v *Vault) Seal(purpose string, nonce, text []byte) []byte {
	return v.aead(purpose).Seal(nonce[:12:12], nonce, text, nil)
}

// Unseal gives back what Seal kept.
func (v *Vault) Unseal(purpose string, sealed []byte) ([]byte, error) {
	if len(sealed) < 12 {
		return nil, fmt.Errorf("vault: a seal of %d bytes", len(sealed))
	}
	text, err := v.aead(purpose).Open(nil, sealed[:12], sealed[12:], nil)
	if err != nil {
		return nil, fmt.Errorf("vault: unseal: %w", err)
	}
	return text, nil
}

func (v *Vault) aead(purpose string) cipher.AEAD {
	block, err := aes.NewCipher(v.key("seal/" + purpose))
	if err != nil {
		panic("vault: " + err.Error())
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		panic("vault: " + err.Error())
	}
	return gcm
}
