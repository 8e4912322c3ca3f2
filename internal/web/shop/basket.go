package shop

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/web/shop/catalogue"
)

// The bounds of a basket, so that its cookie stays below what browsers keep.
const (
	maxKinds = 40
	maxUnits = 99
	maxText  = 2000 // bytes of the cookie
)

// basket is what somebody is about to buy, as its cookie holds it: codes of
// variants with their units, in the order in which they were put in. A basket that
// was ordered is empty, and remembers under which reference.
type basket struct {
	items   []item
	ordered string
}

type item struct {
	code  string
	units int
}

// readBasket reads a cookie, or a form. What the shop does not sell is not in it.
func readBasket(s catalogue.Shop, text string) (b basket) {
	if reference, was := strings.CutPrefix(text, "="); was {
		return basket{ordered: reference}
	}
	for part := range strings.SplitSeq(text[:min(len(text), maxText)], "~") {
		code, count, _ := strings.Cut(part, "*")
		units, err := strconv.Atoi(count)
		if _, sells := s.Variant(code); sells && err == nil {
			b.set(code, b.units(code)+units)
		}
	}
	return b
}

// String is the basket as its cookie holds it.
func (b basket) String() string {
	if b.ordered != "" {
		return "=" + b.ordered
	}
	parts := make([]string, len(b.items))
	for i, it := range b.items {
		parts[i] = fmt.Sprintf("%s*%d", it.code, it.units)
	}
	return strings.Join(parts, "~")
}

// units is how many of an article are in the basket.
func (b basket) units(code string) int {
	for _, it := range b.items {
		if it.code == code {
			return it.units
		}
	}
	return 0
}

// set makes it so many of an article; none takes it out.
func (b *basket) set(code string, units int) {
	units = min(units, maxUnits)
	i := slices.IndexFunc(b.items, func(it item) bool { return it.code == code })
	switch {
	case i < 0 && units > 0 && len(b.items) < maxKinds:
		b.items = append(b.items, item{code, units})
		b.ordered = ""
	case i >= 0 && units > 0:
		b.items[i].units = units
	case i >= 0:
		b.items = slices.Delete(b.items, i, i+1)
	}
}

// count is how many units there are together.
func (b basket) count() (n int) {
	for _, it := range b.items {
		n += it.units
	}
	return n
}

// lines is the basket in the words of the API.
func (b basket) lines(s catalogue.Shop, loc lang.Locale) []sold {
	lines := make([]sold, 0, len(b.items))
	for _, it := range b.items {
		if v, ok := s.Variant(it.code); ok {
			lines = append(lines, sold{SKU: v.Code(), Name: v.Title(loc), Units: it.units, Unit: v.Unit(), Grams: v.Grams, Traits: v.Article.Traits(loc)})
		}
	}
	return lines
}

// value is what its goods cost together. Units and prices are bounded, so it is exact.
func (b basket) value(s catalogue.Shop) money.Amount {
	sum := money.Of(0, money.EUR)
	for _, it := range b.items {
		if v, ok := s.Variant(it.code); ok {
			sum.Minor += v.Price * int64(it.units)
		}
	}
	return sum
}
