package returns

import (
	"slices"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// Article is what might be bought, as far as it is known before: of a line, its
// SKU, Name, Unit, Grams and Traits; and the country it would go to.
type Article struct {
	order.Line
	Country string
}

// Before is what is said of an article before it is bought. What is said here is
// what an order placed now is judged by.
type Before struct {
	Days        int       // after it is in hand, by the shop's policy
	Until       civil.Day // a later last day; NoDay for none
	Excluded    string    // why it does not come back for a change of mind; empty: it does
	Withdraw    int       // days in which the law lets a consumer withdraw; 0: it does not, see Law
	Law         string    // the case of article L221-28, as the shop says; empty: none
	Settlements []fact.Settlement
	Ways        []Way
	Process     int // days from reception to the money
}

// Before says how an article could come back, before it is bought.
func (o *Office) Before(tx *db.Tx, m ident.Merchant, a Article) (Before, error) {
	c, err := ConditionsOf(tx, m)
	if err != nil {
		return Before{}, err
	}
	shop, err := whereShop(tx, m)
	if err != nil {
		return Before{}, err
	}
	rule, _, err := o.policiesOf(tx, m, tx.Now)
	if err != nil {
		return Before{}, err
	}
	longest, girth := sides(a.Traits)
	t, err := ask(rule, Case{
		Category: a.Traits.Category, Handling: a.Traits.Handling, Condition: Unopened, Reason: NoLonger, Price: a.Unit.Minor, Units: 1,
		Value: a.Unit.Minor, OrderValue: a.Unit.Minor, Currency: string(a.Unit.Currency), Grams: a.Grams, Longest: longest, Girth: girth,
		Country: a.Country, Bought: tx.Now.Day(shop.Zone), Today: tx.Now.Day(shop.Zone),
	})
	if err != nil {
		return Before{}, err
	}
	b := Before{
		Days: t.Days, Until: t.Until, Excluded: t.Excluded, Withdraw: withdrawalDays, Law: a.Traits.Excluded,
		Settlements: t.Settlements, Process: c.ProcessDays,
	}
	if b.Law != "" {
		b.Withdraw = 0
	}
	for _, w := range t.Ways {
		if c.runs(w.Route) {
			b.Ways = append(b.Ways, w)
		}
	}
	return b, nil
}

// runs reports whether the shop has what a route needs.
func (c Conditions) runs(r fact.Route) bool {
	if slices.Contains(labelled, r) {
		_, ok := c.Carriers[r]
		return ok
	}
	return r != fact.BackToStore || c.Stores
}
