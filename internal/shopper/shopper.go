// Package shopper is who buys. A shopper is one merchant's customer, known by
// an e-mail address; a person is one human over all shops of the installation,
// known only where that human proved to hold the address and consented.
//
// It stores contacts, one-time links and codes (their hashes), consents with the
// words that were shown, persons (the hash of the contact, shared by all
// merchants), the sessions of their spaces, and the passkeys that open those
// without a letter. It emits shopper.registered,
// shopper.person_verified, shopper.linked, shopper.unlinked, shopper.signed_in,
// shopper.contact_changed, shopper.exported and shopper.erased, with the shopper as subject,
// and hears nothing.
//
// It deliberately sends nothing: a link or a code is e-mailed by whoever asked
// for it. It keeps no addresses (orders do), no preferences (notify does), no password,
// and never tells one merchant where else a person buys.
package shopper

import (
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/mailbox"
)

// Contact is a shopper as one merchant knows them.
type Contact struct {
	ID     ident.Shopper
	Email  string // as first typed
	Name   string
	Phone  string
	Locale lang.Locale
	Person ident.Person // empty without a consent in force
}

// NewShopper is what a checkout knows about a customer. Name and Phone may be empty.
type NewShopper struct {
	Email  string
	Name   string
	Phone  string
	Locale lang.Locale
}

// How long what people type may be, in characters.
const (
	maxName    = 200
	maxPhone   = 40
	maxWording = 2000
)

// Fold is the form under which an e-mail address is one of a kind.
func Fold(email string) string { return mailbox.Fold(email) }
