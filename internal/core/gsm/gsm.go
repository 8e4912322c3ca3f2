// Package gsm counts what an SMS costs. A text of the GSM 7-bit alphabet takes
// 160 signs in one piece and 153 in each of several; any other is sent in UCS-2,
// 70 and 67. Plain spells a text in the alphabet where that loses nothing a reader
// needs, so that one circumflex does not double the price.
//
// Source: 3GPP TS 23.038, 6.2.1 (default alphabet and its extension table), and
// TS 23.040, 9.2.3.24.1 (concatenation).
package gsm

import (
	"strings"
	"unicode/utf16"

	"golang.org/x/text/unicode/norm"
)

// What fits one piece alone, and each of several.
const (
	alone7, joined7   = 160, 153 // septets
	alone16, joined16 = 70, 67   // UTF-16 units
)

const basic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
	"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"

// extended signs take two septets each.
const extended = "^{}\\[~]|€\f"

// spelt are signs that have none of their own, but a spelling everybody reads.
var spelt = strings.NewReplacer(
	"’", "'", "‘", "'", "“", `"`, "”", `"`, "«\u00a0", `"`, "\u00a0»", `"`, "«\u202f", `"`, "\u202f»", `"`, "« ", `"`, " »", `"`, "«", `"`, "»", `"`,
	"–", "-", "—", "-", "…", "...", "•", "-", "·", "-", "œ", "oe", "Œ", "OE",
	"\u00a0", " ", "\u202f", " ", "\u2009", " ", "\t", " ",
)

// Plain spells a text in the alphabet as far as that goes: typographic signs by
// their plain ones, and letters whose accent the alphabet lacks without it (ê, ç).
// What is in no such relation to the alphabet, such as an emoji, is left as it is.
func Plain(s string) string {
	var b strings.Builder
	for _, r := range spelt.Replace(norm.NFC.String(s)) {
		if width(r) > 0 {
			b.WriteRune(r)
			continue
		}
		if bare := []rune(norm.NFD.String(string(r)))[0]; bare != r && width(bare) > 0 {
			b.WriteRune(bare)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Segments is in how many pieces a text is sent, as it is; 0 for none.
func Segments(s string) int {
	septets := 0
	for _, r := range s {
		w := width(r)
		if w == 0 {
			return wide(s)
		}
		septets += w
	}
	return pieces(septets, alone7, joined7)
}

// wide counts the pieces of a text in UCS-2. A sign of two units is not parted;
// that this costs a unit at the end of a piece is left out of the count.
func wide(s string) int { return pieces(len(utf16.Encode([]rune(s))), alone16, joined16) }

func pieces(n, alone, joined int) int {
	switch {
	case n == 0:
		return 0
	case n <= alone:
		return 1
	default:
		return (n + joined - 1) / joined
	}
}

// width is how many septets a sign takes; 0 when the alphabet lacks it.
func width(r rune) int {
	switch {
	case strings.ContainsRune(basic, r):
		return 1
	case strings.ContainsRune(extended, r):
		return 2
	default:
		return 0
	}
}

// Fits reports whether a text is sent in the alphabet, as it is.
func Fits(s string) bool { return !strings.ContainsFunc(s, func(r rune) bool { return width(r) == 0 }) }
