// Package shopper is who buys. A shopper is one merchant's customer, known by
// an e-mail address; a person is one human over all shops of the installation,
// known only where that human proved to hold the address and consented.
//
// It stores contacts, one-time links (their hashes), consents with the words
// that were shown, and persons (the hash of the contact, shared by all
// merchants). It emits shopper.registered, shopper.person_verified,
// shopper.linked and shopper.unlinked, with the shopper as subject, and hears
// nothing.
//
// It deliberately sends nothing: a link is e-mailed by whoever invites. It
// keeps no addresses (orders do), no preferences (notify does), no password,
// and never tells one merchant where else a person buys.
package shopper

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/text"
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

// How long what people type may be, in characters; the e-mail's bounds, in
// bytes, are those of RFC 5321, section 4.5.3.1 (254 and not 256, for the angle
// brackets of its path).
const (
	maxName    = 200
	maxPhone   = 40
	maxWording = 2000
	maxEmail   = 254
	maxLocal   = 64
	maxLabel   = 63
)

// Fold is the form under which an e-mail address is one of a kind: trimmed,
// composed (NFC) and in lower case. Addresses that differ only so reach the
// same mailbox everywhere we know of.
func Fold(email string) string {
	return strings.TrimSpace(norm.NFC.String(strings.ToLower(norm.NFC.String(email))))
}

// emailForm reports whether a typed address could be one: something, an "at",
// and a domain of two labels or more. Only a delivered letter proves more.
func emailForm(email string) bool {
	email = strings.TrimSpace(email)
	at := strings.LastIndexByte(email, '@')
	if at < 1 || at > maxLocal || len(email) > maxEmail || !text.Plain(email) {
		return false
	}
	local, labels := email[:at], strings.Split(email[at+1:], ".")
	if strings.ContainsFunc(local, notLocal) || strings.HasPrefix(local, ".") || strings.HasSuffix(local, ".") {
		return false
	}
	return len(labels) > 1 && !slices.ContainsFunc(labels, notLabel)
}

func notLabel(label string) bool {
	return label == "" || len(label) > maxLabel || strings.ContainsFunc(label, notDomain) ||
		strings.HasPrefix(label, "-") || strings.HasSuffix(label, "-")
}

// notLocal refuses in the part before the "at" what would have to be quoted.
// Source: RFC 5322, section 3.2.3 (specials), RFC 6531 for letters of all scripts.
func notLocal(r rune) bool {
	return unicode.IsSpace(r) || strings.ContainsRune(`()<>[]:;@\,"`, r)
}

func notDomain(r rune) bool {
	return r != '-' && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
}
