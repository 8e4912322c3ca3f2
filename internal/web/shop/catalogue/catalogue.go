// Package catalogue is what the six demo shops sell and how they look: data, and
// nothing else. The storefront shows it, the simulated shoppers buy from it, and
// the demo opens a merchant for each. How a shop delivers, its stock, hours,
// carriers, prices of delivery and policy, is the demo's to say.
//
// Every article has its words in French and in English, its price with taxes in
// cents, its weight as packed, and a picture drawn for this catalogue, so that a
// page asks no other host for anything. Shops, brands and authors are invented;
// the classics among the books are in the public domain.
//
// It stores nothing, emits nothing and reads no clock.
package catalogue

import (
	"regexp"
	"strings"
	"sync"

	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
)

// Words is a text in both languages.
type Words struct{ FR, EN string }

// In is the text in a language; English for one that we do not write.
func (w Words) In(loc lang.Locale) string {
	if loc == lang.French {
		return w.FR
	}
	return w.EN
}

// Shop is one of the demo's shops, as its customers see it.
type Shop struct {
	Slug       string // in addresses
	Name       string
	Tagline    Words
	Accent     string // #rrggbb
	Country    string // ISO 3166-1
	Postcode   string
	City       string
	Prefix     string // what its order references begin with
	Window     string // SKU of its showpiece
	Categories []Category
	Articles   []Article
}

// Category is a shelf of a shop.
type Category struct {
	Slug string // in addresses, and in its articles
	Name Words
}

// Article is something on a shelf.
type Article struct {
	SKU      string
	Category string // slug
	Name     Words
	About    Words    // two sentences
	Price    int64    // cents of a euro, taxes included
	Grams    int      // as packed
	Sizes    []string // to choose from; nil: there is one
	Picture  string   // an SVG element, without words in it
}

// Unit is the price of one.
func (a Article) Unit() money.Amount { return money.Of(a.Price, money.EUR) }

// Variant is an article in one of its sizes: what is put into a basket.
type Variant struct {
	Article
	Size string // empty when there is only one
}

// Code is the SKU of the variant: that of the article, with its size after a dot.
func (v Variant) Code() string {
	if v.Size == "" {
		return v.SKU
	}
	return v.SKU + "." + v.Size
}

// Title is the name of the variant: "Pull marin, taille M".
func (v Variant) Title(loc lang.Locale) string {
	name := v.Name.In(loc)
	if v.Size == "" {
		return name
	}
	return name + Words{", taille ", ", size "}.In(loc) + v.Size
}

// All is the six shops, in the order in which they are listed.
func All() []Shop { return all() }

var all = sync.OnceValue(func() []Shop {
	shops := []Shop{grocer(), fashion(), furniture(), books(), electronics(), flowers()}
	for _, s := range shops {
		for i, a := range s.Articles {
			s.Articles[i].Name, s.Articles[i].About = a.Name.set(), a.About.set()
		}
	}
	return shops
})

// measure is a figure and its unit, which stand on one line.
var measure = regexp.MustCompile(`(\d) (g|kg|l|cl|cm|mm|W|mAh|To|TB|%)( |,|\.|$)`)

// set makes no-break the spaces that the eye must not lose.
func (w Words) set() Words {
	w.FR = strings.ReplaceAll(w.FR, " :", "\u00a0:")
	return Words{measure.ReplaceAllString(w.FR, "$1\u00a0$2$3"), measure.ReplaceAllString(w.EN, "$1\u00a0$2$3")}
}

// Find is the shop with a slug.
func Find(slug string) (Shop, bool) {
	for _, s := range all() {
		if s.Slug == slug {
			return s, true
		}
	}
	return Shop{}, false
}

// Article is the shop's article with a SKU.
func (s Shop) Article(sku string) (Article, bool) {
	for _, a := range s.Articles {
		if a.SKU == sku {
			return a, true
		}
	}
	return Article{}, false
}

// Variant is what the shop sells under a code, as Variant.Code writes it.
func (s Shop) Variant(code string) (Variant, bool) {
	sku, size, _ := strings.Cut(code, ".")
	a, ok := s.Article(sku)
	if !ok || (size == "") != (a.Sizes == nil) {
		return Variant{}, false
	}
	for _, sold := range a.Sizes {
		if sold == size {
			return Variant{a, size}, true
		}
	}
	return Variant{a, ""}, a.Sizes == nil
}

// On is the articles of a shelf; of all of them for no slug.
func (s Shop) On(shelf string) (found []Article) {
	for _, a := range s.Articles {
		if shelf == "" || a.Category == shelf {
			found = append(found, a)
		}
	}
	return found
}

// Showpiece is the article that stands for the shop in a window.
func (s Shop) Showpiece() Article {
	a, _ := s.Article(s.Window)
	return a
}
