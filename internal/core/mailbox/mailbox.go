// Package mailbox is what e-mail addresses look like, and when two of them are
// one. Rooms that know people by an address (shoppers, staff) agree on it here.
//
// It stores nothing and asks no server: only a delivered letter proves more than
// the form of an address.
package mailbox

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/text"
)

// The bounds of an address, in bytes. Source: RFC 5321, section 4.5.3.1 (254 and
// not 256, for the angle brackets of its path).
const (
	maxAddress = 254
	maxLocal   = 64
	maxLabel   = 63
)

// Fold is the form under which an address is one of a kind: trimmed, composed
// (NFC) and in lower case. Addresses that differ only so reach the same mailbox
// everywhere we know of.
func Fold(address string) string {
	return strings.TrimSpace(norm.NFC.String(strings.ToLower(norm.NFC.String(address))))
}

// Hash is under what an address is kept where nobody needs to read it.
func Hash(address string) string { return ident.Hash(Fold(address)) }

// Formed reports whether a typed text could be an address: something, an "at",
// and a domain of two labels or more.
func Formed(address string) bool {
	address = strings.TrimSpace(address)
	at := strings.LastIndexByte(address, '@')
	if at < 1 || at > maxLocal || len(address) > maxAddress || !text.Plain(address) {
		return false
	}
	local, labels := address[:at], strings.Split(address[at+1:], ".")
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
