package letters

import (
	"time"

	"github.com/promesse-dev/promesse/internal/core/gsm"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/notify"
)

// What letters about a space are about; empty: the link that opens it.
const (
	MoveAsked    = "move"  // the link by which a new address is confirmed
	Moved        = "moved" // it was: told to the old one and to the new one
	PhoneChanged = "phone"
	PhoneCode    = "phone_code" // by SMS: what confirms a new number
	PhoneGone    = "phone_gone" // by SMS, to the number before
	Erased       = "erased"     // the last letter of a shop
	KeyMade      = "key_made"
	KeyGone      = "key_gone"
)

// Move writes the letter with which an address is confirmed. from is the address
// until now, masked.
func Move(loc lang.Locale, from, address string, life time.Duration) (notify.Letter, error) {
	return moving(ofSpace(loc), from, address, life).letter()
}

func moving(p page, from, address string, life time.Duration) page {
	loc := p.Locale
	args := map[string]any{"From": from, "Life": lang.Duration(loc, life)}
	p.Subject = lang.T(loc, "space_letter.move_subject", nil)
	p.say(lang.T(loc, "space_letter.move_text", args), lang.T(loc, "space_letter.ignore", nil))
	p.write(lang.T(loc, "space_letter.move_text", args), lang.T(loc, "space_letter.ignore", nil))
	p.Button, p.URL, p.Open = lang.T(loc, "space_letter.move_button", nil), address, lang.T(loc, "space_letter.open", nil)
	return p
}

// Told writes the notice of a contact that was changed: what is Moved, with the new
// address masked, or PhoneChanged; of a passkey: KeyMade or KeyGone, with the device's
// name; or that a shop erased what it knew: Erased, with the shop's name. address is that of the space.
func Told(loc lang.Locale, what, to, address string) (notify.Letter, error) {
	return told(ofSpace(loc), what, to, address).letter()
}

func told(p page, what, to, address string) page {
	loc, said := p.Locale, ""
	switch what {
	case Erased:
		return gone(p, to)
	case Moved:
		p.Subject, said = lang.T(loc, "space_letter.moved_subject", nil), lang.T(loc, "space_letter.moved_text", map[string]any{"To": to})
	case KeyMade:
		p.Subject, said = lang.T(loc, "space_letter.key_made_subject", nil), lang.T(loc, "space_letter.key_made_text", map[string]any{"Device": to})
	case KeyGone:
		p.Subject, said = lang.T(loc, "space_letter.key_gone_subject", nil), lang.T(loc, "space_letter.key_gone_text", map[string]any{"Device": to})
	default:
		p.Subject, said = lang.T(loc, "space_letter.phone_subject", nil), lang.T(loc, "space_letter.phone_text", nil)
	}
	p.say(said, lang.T(loc, "space_letter.not_you", nil))
	p.write(said, lang.T(loc, "space_letter.not_you", nil))
	p.Button, p.URL, p.Open = lang.T(loc, "space_letter.button", nil), address, lang.T(loc, "space_letter.open", nil)
	p.Why = lang.T(loc, "space_letter.why_changed", nil)
	return p
}

// Text writes what is sent to a number by SMS: what is PhoneCode, with the digits, or
// PhoneGone.
func Text(loc lang.Locale, what, shop, code string) notify.Letter {
	args := map[string]any{"Shop": shop, "Code": code}
	if what == PhoneGone {
		return notify.Letter{Text: gsm.Plain(lang.T(loc, "space_letter.sms_gone", args))}
	}
	return notify.Letter{Text: gsm.Plain(lang.T(loc, "space_letter.sms_code", args))}
}

// gone is the last letter: it leads nowhere, because there is nothing left to see.
func gone(p page, shop string) page {
	args := map[string]any{"Shop": shop}
	p.Subject = lang.T(p.Locale, "space_letter.erased_subject", args)
	for _, said := range []string{
		lang.T(p.Locale, "space_letter.erased_text", args), lang.T(p.Locale, "space_letter.erased_kept", nil), lang.T(p.Locale, "space_letter.erased_last", nil),
	} {
		p.say(said)
		p.write(said)
	}
	p.Why = lang.T(p.Locale, "space_letter.why_erased", args)
	return p
}

// ofSpace begins a letter that no shop sends.
func ofSpace(loc lang.Locale) page {
	p := blank(loc, "", brandOf(merchant.Brand{Shown: "promesse"}))
	p.Why = lang.T(loc, "space_letter.why", nil)
	return p
}

// Space writes the letter that carries the link to a shopper's space. No shop sends
// it, so none is named in it.
func Space(loc lang.Locale, address string, life time.Duration) (notify.Letter, error) {
	return toSpace(ofSpace(loc), address, life).letter()
}

func toSpace(p page, address string, life time.Duration) page {
	loc, args := p.Locale, map[string]any{"Life": lang.Duration(p.Locale, life)}
	p.Subject = lang.T(loc, "space_letter.subject", nil)
	p.say(lang.T(loc, "space_letter.text", args), lang.T(loc, "space_letter.ignore", nil))
	p.write(lang.T(loc, "space_letter.text", args), lang.T(loc, "space_letter.ignore", nil))
	p.Button, p.URL, p.Open = lang.T(loc, "space_letter.button", nil), address, lang.T(loc, "space_letter.open", nil)
	return p
}
