package order

import (
	"fmt"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/core/text"
)

// The bounds of an order. Texts are in characters. The numbers leave room to
// multiply and add them up in 64 bits: 1,000 lines of a million units of 100
// tonnes are 10¹⁷ grams.
const (
	maxReference = 100
	maxText      = 200
	maxPhone     = 40
	maxLines     = 1000
	maxUnits     = 1_000_000
	maxGrams     = 100_000_000
	maxBasket    = maxLines * maxGrams // of a tariff, in grams
)

// check gathers all that is wrong with a request, so that it is mended at once.
type check struct{ faults fault.List }

// text finds text that can not be kept.
func (c *check) text(field, s string, limit int) { text.Check(&c.faults, field, s, limit) }

// required is text that must be there.
func (c *check) required(field, s string, limit int) { text.Required(&c.faults, field, s, limit) }

// units finds a quantity nobody can order.
func (c *check) units(field string, n int) {
	if n < 1 {
		c.faults.Add(fault.Invalid, "negative_quantity", field)
	}
	c.most(field, n, maxUnits)
}

// grams finds a weight nothing can have; limit is in grams.
func (c *check) grams(field string, n, limit int) {
	if n < 0 {
		c.faults.Add(fault.Invalid, "negative_weight", field)
	}
	c.most(field, n, limit)
}

func (c *check) most(field string, n, limit int) {
	if n > limit {
		c.faults.Add(fault.Invalid, "number_too_large", field, "max", limit)
	}
}

// amount brings an amount never said to zero of the currency, and finds one
// that is negative or in another currency.
func (c *check) amount(field string, a money.Amount, currency money.Currency) money.Amount {
	if a == (money.Amount{}) {
		return money.Of(0, currency)
	}
	if a.Currency != currency && currency != "" {
		c.faults.Add(fault.Invalid, "currency_mismatch", field, "currency", string(a.Currency), "expected", string(currency))
	}
	if a.Minor < 0 {
		c.faults.Add(fault.Invalid, "negative_amount", field)
	}
	return money.Of(a.Minor, currency)
}

// inside adds the faults of a core package under our path of the field.
func (c *check) inside(path string, err error) {
	for _, f := range fault.All(err) {
		at := *f
		at.Field = path + at.Field
		c.faults = append(c.faults, &at)
	}
}

// address brings an address to its one form.
func (c *check) address(path string, a Address) Address {
	c.required(path+"name", a.Name, maxText)
	c.required(path+"street", a.Street, maxText)
	c.text(path+"extra", a.Extra, maxText)
	c.required(path+"city", a.City, maxText)
	c.text(path+"phone", a.Phone, maxPhone)
	place, err := geo.NewPlace(a.Country, a.Postcode)
	c.inside(path, err)
	a.Country, a.Postcode = place.Country, place.Postcode
	return a
}

// lines brings the goods of an order to their one form: kind and captured set.
func (c *check) lines(lines []Line, currency money.Currency) []Line {
	if len(lines) == 0 {
		c.faults.Add(fault.Invalid, "field_required", "lines")
	}
	if len(lines) > maxLines {
		c.faults.Add(fault.Invalid, "too_many_lines", "lines", "max", maxLines)
		return nil
	}
	out := slices.Clone(lines)
	for i := range out {
		c.line(fmt.Sprintf("lines[%d].", i), &out[i], currency)
	}
	return out
}

func (c *check) line(path string, l *Line, currency money.Currency) {
	if l.Kind == "" {
		l.Kind = Goods
	}
	if l.Kind != Goods {
		c.faults.Add(fault.Invalid, "line_kind_misplaced", path+"kind")
	}
	c.text(path+"sku", l.SKU, maxText)
	c.required(path+"name", l.Name, maxText)
	c.units(path+"units", l.Units)
	c.grams(path+"grams", l.Grams, maxGrams)
	c.traits(path+"traits.", l.Traits)
	l.Unit = c.amount(path+"unit", l.Unit, currency)
	captured, err := l.Unit.Mul(int64(l.Units))
	c.inside(path+"unit", err)
	l.Captured = money.Of(captured.Minor, currency)
}

// total adds up what the lines captured.
func (c *check) total(lines []Line, currency money.Currency) money.Amount {
	sum := money.Of(0, currency)
	for _, l := range lines {
		next, err := sum.Add(l.Captured)
		if err != nil {
			c.faults.Add(fault.Invalid, "amount_overflow", "lines", "currency", string(currency))
			return sum
		}
		sum = next
	}
	return sum
}

// check brings a request to the order it asks for, or tells all that is wrong
// with it. The bill's address is apart: an order read does not carry it.
func (in New) check() (o Order, bill Address, err error) {
	var c check
	o = Order{Reference: in.Reference, Shopper: in.Shopper, Locale: in.Locale, Service: in.Service, Point: in.Point, State: Placed}
	c.required("reference", in.Reference, maxReference)
	c.required("shopper", string(in.Shopper), maxText)
	if !slices.Contains(lang.Locales(), in.Locale) {
		c.faults.Add(fault.Invalid, "unknown_locale", "locale", "value", string(in.Locale))
	}
	o.Currency, err = money.ParseCurrency(string(in.Currency))
	c.inside("currency", err)
	o.Lines = c.lines(in.Lines, o.Currency)
	o.Delivery = c.amount("delivery_fee", in.DeliveryFee, o.Currency)
	o.Lines = append(o.Lines, Line{Kind: Delivery, Units: 1, Unit: o.Delivery, Captured: o.Delivery})
	o.Value = c.total(o.Lines, o.Currency)
	o.Ship = c.address("ship.", in.Ship)
	if in.Bill != (Address{}) {
		bill = c.address("bill.", in.Bill)
	}
	return o, bill, c.faults.Err()
}
