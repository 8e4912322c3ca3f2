package demo

import (
	"fmt"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/web/shop/catalogue"
)

// customer is somebody who buys.
type customer struct {
	name, email, phone string
	texts              bool // likes to be told by SMS
	locale             lang.Locale
	street             string
	town               town
}

// regulars is how many people know a shop; they come back.
const regulars = 900

// customer draws one of the shop's regulars. Who a regular is does not depend on
// the order, so that people come back under their name and address.
func (w *World) customer(s *shop, d dice) customer {
	n := d.IntN(regulars)
	if n < int(regulars*w.opt.Conduct.Loyal) && w.opt.Inbox != nil {
		return everywhere
	}
	p := w.dice(s, "customer", n)
	c := customer{locale: lang.French, name: one(p, firstNames) + " " + one(p, lastNames)}
	if p.chance(s.trade.english) {
		c.locale, c.name = lang.English, one(p, englishNames[0])+" "+one(p, englishNames[1])
	}
	c.email = fmt.Sprintf("%s.%d@%s", plain(c.name), n, one(p, []string{"example.com", "example.org", "mail.test"}))
	if p.chance(0.6) {
		c.phone = fmt.Sprintf("+3363998%04d", p.IntN(10000)) // 06 39 98 xx xx: kept for fiction by Arcep
		c.texts = p.chance(0.75)                             // of all people, 45 %: what the MetaPack study counted
	}
	c.street = fmt.Sprintf("%d %s", 1+p.IntN(140), one(p, streets))
	c.town = one(p, draw(p, s.trade.quarters))
	return c
}

// plain writes a name as the left side of an address.
func plain(name string) string { return bare.Replace(strings.ToLower(name)) }

var bare = strings.NewReplacer("é", "e", "è", "e", "ë", "e", "ï", "i", "ç", "c", " ", ".", "'", "")

// line is an article of a basket, in the words of the API.
type line struct {
	SKU   string `json:"sku"`
	Name  string `json:"name"`
	Units int    `json:"units"`
	Price amount `json:"unit_price"`
	Grams int    `json:"grams"`

	Traits catalogue.Traits `json:"traits"`
}

// amount is money, in the words of the API.
type amount struct {
	Minor    int64  `json:"minor"`
	Currency string `json:"currency"`
}

func euros(cents int64) amount { return amount{cents, "EUR"} }

// basket draws what a customer buys: a few articles, one or two units of each.
func (t trade) basket(d dice, loc lang.Locale) []line {
	shelf := d.Perm(len(t.Articles))[:1+d.IntN(t.articles)]
	lines := make([]line, len(shelf))
	for i, at := range shelf {
		v := catalogue.Variant{Article: t.Articles[at]}
		if len(v.Sizes) > 0 {
			v.Size = one(d, v.Sizes)
		}
		lines[i] = line{SKU: v.Code(), Name: v.Title(loc), Units: 1 + d.IntN(2), Price: euros(v.Price), Grams: v.Grams, Traits: v.Traits(loc)}
	}
	return lines
}
