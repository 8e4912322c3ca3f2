package mailroom

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/vault"
)

// Open reports whether letters come in at all.
func (a Addresses) Open() bool { return a.host != "" }

// Kind is what an address of ours is for.
type Kind byte

// The kinds.
const (
	Answers Kind = 'a'
	Returns Kind = 'r' // bounces
)

// Address is where letters about one message go.
type Address struct {
	Kind     Kind
	Merchant ident.Merchant
	Message  ident.Message
}

// Addresses makes and reads them. The zero one makes none.
type Addresses struct {
	key  []byte
	host string
}

// NewAddresses makes addresses at a host.
func NewAddresses(v *vault.Vault, host string) Addresses {
	return Addresses{v.Derive("mail addresses"), strings.ToLower(host)}
}

// A local part is a kind, two ids without their prefixes, and a seal: 63 signs, one
// less than RFC 5321, section 4.5.3.1.1, allows. Mail servers may change its case.
const (
	idSize   = 26
	sealSize = 10 // hexadecimal digits: one guess in 2⁴⁰ at ids that nobody knows
)

// For is the address of a kind about a message; empty where letters do not come in.
func (a Addresses) For(k Kind, m ident.Merchant, msg ident.Message) string {
	local := string(k) + bare(string(m)) + bare(string(msg))
	if a.host == "" || len(local) != 1+2*idSize {
		return ""
	}
	return local + a.seal(local) + "@" + a.host
}

func bare(id string) string {
	_, rest, _ := strings.Cut(id, "_")
	return rest
}

func (a Addresses) seal(local string) string {
	mac := hmac.New(sha256.New, a.key)
	mac.Write([]byte(local))
	return hex.EncodeToString(mac.Sum(nil))[:sealSize]
}

// Read reads an address that may be one of ours.
func (a Addresses) Read(address string) (Address, bool) {
	address = strings.ToLower(address)
	local, host, _ := strings.Cut(address, "@")
	if a.host == "" || host != a.host || len(local) != 1+2*idSize+sealSize {
		return Address{}, false
	}
	body, seal := local[:1+2*idSize], local[1+2*idSize:]
	k := Kind(body[0])
	if subtle.ConstantTimeCompare([]byte(seal), []byte(a.seal(body))) != 1 || k != Answers && k != Returns {
		return Address{}, false
	}
	var m ident.Merchant
	var msg ident.Message
	return Address{
		Kind: k, Merchant: ident.Merchant(m.Prefix() + "_" + body[1:1+idSize]), Message: ident.Message(msg.Prefix() + "_" + body[1+idSize:]),
	}, true
}
