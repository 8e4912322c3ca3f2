package order

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Tariff is one row of a merchant's price list of delivery. All its amounts
// are in the currency of Price. Days never said are civil.NoDay: the zero Day is
// one of 1970.
type Tariff struct {
	ID        ident.Tariff
	Service   ident.Service
	Zone      string       // a geo.Zone; "" is any
	MaxGrams  int          // the heaviest basket it is for; 0 is any
	MinBasket money.Amount // the least value of goods it is for
	Price     money.Amount
	FreeFrom  money.Amount // value of goods from which it costs nothing; zero is never
	Since     civil.Day    // the first day; NoDay is always
	Until     civil.Day    // the first day on which it is over; NoDay is never
}

// PriceQuery is a basket that asks what its delivery costs.
type PriceQuery struct {
	Service ident.Service
	Zone    string       // of the destination
	Grams   int          // weight of the goods
	Basket  money.Amount // value of the goods
	On      civil.Day
}

// Price is what a delivery costs by a price list; false when no row is for it.
// The most specific row wins: one for the zone over one for any, then the
// smallest weight that holds the basket, then the highest value of goods it
// reaches, then the latest first day, then the row made last.
func Price(ts []Tariff, q PriceQuery) (money.Amount, bool) {
	fitting := slices.DeleteFunc(slices.Clone(ts), func(t Tariff) bool { return !t.fits(q) })
	if len(fitting) == 0 {
		return money.Amount{}, false
	}
	t := slices.MaxFunc(fitting, Tariff.specific)
	if t.FreeFrom.Minor > 0 && q.Basket.Minor >= t.FreeFrom.Minor {
		return money.Of(0, t.Price.Currency), true
	}
	return t.Price, true
}

// fits reports whether the row is for the basket.
func (t Tariff) fits(q PriceQuery) bool {
	return t.Service == q.Service && (t.Zone == "" || t.Zone == q.Zone) &&
		(t.MaxGrams == 0 || q.Grams <= t.MaxGrams) &&
		t.Price.Currency == q.Basket.Currency && t.MinBasket.Minor <= q.Basket.Minor &&
		t.Since <= q.On && (t.Until == civil.NoDay || q.On < t.Until)
}

// specific is positive when t is more specific than u; both fit one basket.
func (t Tariff) specific(u Tariff) int {
	return cmp.Or(
		cmp.Compare(len(t.Zone), len(u.Zone)), // they fit one zone: the same, or none
		cmp.Compare(u.weight(), t.weight()),
		cmp.Compare(t.MinBasket.Minor, u.MinBasket.Minor),
		cmp.Compare(t.Since, u.Since),
		cmp.Compare(t.ID, u.ID),
	)
}

// weight orders rows by the weight they hold; any is the largest.
func (t Tariff) weight() uint { return uint(t.MaxGrams) - 1 }

// SetTariff adds a row to the price list, or changes the one whose ID is given.
// Orders placed keep what they captured. The faults are not_found and those of
// fields: field_required, unknown_tariff_zone, unknown_currency,
// currency_mismatch, negative_amount, negative_weight, number_too_large,
// until_before_since.
func SetTariff(tx *flow.Tx, m ident.Merchant, t Tariff) (Tariff, error) {
	t, err := t.check()
	if err != nil {
		return Tariff{}, err
	}
	version, err := saveTariff(tx, m, &t)
	if err != nil {
		return Tariff{}, err
	}
	return t, tx.Emit(m, string(m), fmt.Sprintf("%s/%d", t.ID, version), fact.TariffSet{Tariff: t.ID})
}

// check brings a row to its one form.
func (t Tariff) check() (Tariff, error) {
	var c check
	c.required("service", string(t.Service), maxText)
	if t.Zone != "" && !slices.Contains(zones, geo.Zone(t.Zone)) {
		c.faults.Add(fault.Invalid, "unknown_tariff_zone", "zone", "value", t.Zone)
	}
	c.grams("max_grams", t.MaxGrams, maxBasket)
	currency, err := money.ParseCurrency(string(t.Price.Currency))
	c.inside("price", err)
	t.Price = c.amount("price", t.Price, currency)
	t.MinBasket = c.amount("min_basket", t.MinBasket, currency)
	t.FreeFrom = c.amount("free_from", t.FreeFrom, currency)
	if t.Until != civil.NoDay && t.Until <= t.Since {
		c.faults.Add(fault.Invalid, "until_before_since", "until", "since", t.Since.String(), "until", t.Until.String())
	}
	return t, c.faults.Err()
}

// zones are those a price list may name.
var zones = []geo.Zone{geo.France, geo.Corsica, geo.Overseas, geo.Belgium, geo.Germany, geo.Union, geo.World}
