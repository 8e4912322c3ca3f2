package letters

import (
	"strings"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/shopper"
)

// Invite writes the letter that carries a one-time address, for notify.Tell.
func Invite(tx *db.Tx, m ident.Merchant, id ident.Shopper, address string) (notify.Letter, error) {
	p, err := note(tx, m, id)
	if err != nil {
		return notify.Letter{}, err
	}
	return p.invite(address).dress(tx, m, notify.Form{Topic: fact.TopicLink, Channel: notify.Email})
}

func (p page) invite(address string) page {
	loc, args := p.Locale, map[string]any{"Shop": p.Brand.Name}
	p.Subject = lang.T(loc, "letter.link_subject", args)
	p.say(lang.T(loc, "letter.link_text", args), lang.T(loc, "letter.link_ignore", nil))
	p.write(lang.T(loc, "letter.link_plain", args))
	p.Button, p.URL, p.Open = lang.T(loc, "letter.link_button", nil), address, lang.T(loc, "letter.link_open", nil)
	return p
}

// Code writes the letter that carries a one-time code, for notify.Tell under
// fact.TopicCode. purpose is the one the code was sent for, such as "cancel ord_…".
// The subject does not hold the code: subjects are kept, and shown on locked screens.
func Code(tx *db.Tx, m ident.Merchant, id ident.Shopper, code shopper.Code, purpose string) (notify.Letter, error) {
	p, err := note(tx, m, id)
	if err != nil {
		return notify.Letter{}, err
	}
	life := lang.Duration(p.Locale, code.Expires.Sub(tx.Wall))
	return p.code(code.Digits, purpose, life).dress(tx, m, notify.Form{Topic: fact.TopicCode, Channel: notify.Email})
}

func (p page) code(digits, purpose, life string) page {
	loc := p.Locale
	p.Subject = lang.T(loc, "letter.code_subject", map[string]any{"Shop": p.Brand.Name})
	what := lang.T(loc, "letter.code_other", nil)
	switch verb, _, _ := strings.Cut(purpose, " "); verb {
	case "cancel":
		what = lang.T(loc, "letter.code_cancel", nil)
	case "return":
		what = lang.T(loc, "letter.code_return", nil)
	}
	p.Code = digits
	p.say(what)
	p.After = []string{lang.T(loc, "letter.code_life", map[string]any{"Life": life}), lang.T(loc, "letter.code_ignore", nil)}
	p.write(what)
	return p
}

// note begins a letter that is about no order.
func note(tx *db.Tx, m ident.Merchant, id ident.Shopper) (page, error) {
	b, err := merchant.BrandOf(tx, m)
	if err != nil {
		return page{}, err
	}
	who, err := shopper.Get(tx, m, id)
	return blank(who.Locale, who.Name, brandOf(b)), err
}

func blank(loc lang.Locale, name string, b brand) page {
	return page{Locale: loc, Hello: hello(loc, name), Name: clip(name), Brand: b, Why: lang.T(loc, "letter.why", map[string]any{"Shop": b.Name})}
}
