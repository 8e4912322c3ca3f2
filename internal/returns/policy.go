package returns

import (
	_ "embed"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/rule"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// Topic is the merchant's policy that this package asks: what comes back, until
// when, how, and what it costs.
const Topic = "returns"

// Default is the policy of a merchant that has not written one.
//
//go:embed default.cel
var Default string

// language is what a policy may name.
var language = rule.NewLanguage(map[string]rule.Kind{
	"category":         rule.Text,
	"handling":         rule.Texts,  // of the article: bulky, dangerous, hygiene, …
	"condition":        rule.Text,   // as the shopper says; "" when not said
	"reason":           rule.Text,   // the taxon
	"defect":           rule.Truth,  // the seller answers for it
	"price":            rule.Number, // of one unit, in minor units
	"units":            rule.Number, // that come back, of this line
	"value":            rule.Number, // of all that comes back
	"order_value":      rule.Number,
	"currency":         rule.Text,
	"grams":            rule.Number, // of all that comes back
	"longest":          rule.Number, // side of the largest article, in millimetres
	"girth":            rule.Number, // its three sides together
	"country":          rule.Text,   // where it comes back from
	"tier":             rule.Text,   // of the shopper
	"bought.day":       rule.Text,   // "2026-11-21"
	"bought.month_day": rule.Text,   // "11-21"
	"bought.year":      rule.Number,
	"today.day":        rule.Text,
	"today.month_day":  rule.Text,
})

// Case is one line that would come back, as a policy sees it. Amounts are in
// minor units of one currency.
type Case struct {
	Category   string
	Handling   []string
	Condition  Condition
	Reason     Taxon
	Price      int64
	Units      int
	Value      int64
	OrderValue int64
	Currency   string
	Grams      int
	Longest    int // millimetres
	Girth      int
	Country    string
	Tier       string
	Bought     civil.Day
	Today      civil.Day
}

func (c Case) values() map[string]any {
	year, _, _ := c.Bought.Date()
	return map[string]any{
		"category": c.Category, "handling": slices.Concat([]string{}, c.Handling), "condition": string(c.Condition),
		"reason": string(c.Reason), "defect": c.Reason.Defect(), "price": c.Price, "units": int64(c.Units),
		"value": c.Value, "order_value": c.OrderValue, "currency": c.Currency, "grams": int64(c.Grams),
		"longest": int64(c.Longest), "girth": int64(c.Girth), "country": c.Country, "tier": c.Tier,
		"bought.day": c.Bought.String(), "bought.month_day": c.Bought.String()[5:], "bought.year": int64(year),
		"today.day": c.Today.String(), "today.month_day": c.Today.String()[5:],
	}
}

// Terms are what a policy answers about a case.
type Terms struct {
	Days        int       // after possession
	Until       civil.Day // a later last day; NoDay for none
	Excluded    string
	Approve     string
	Settlements []fact.Settlement
	Ways        []Way
	PeakDays    int
	KeepBelow   int64
}

// Way is a route a policy knows.
type Way struct {
	Route   fact.Route
	Unless  string // why it is not offered; empty when it is
	Price   int64
	Insured int64
	Least   int // carrier's working days
	Most    int
}

// The bounds of what a policy may answer.
const (
	maxWindow = 3650 // days
	maxWay    = 60   // working days
	maxPrice  = 1 << 40
)

// ask evaluates a policy on a case.
func ask(r *rule.Rule, c Case) (t Terms, err error) {
	a, err := r.Ask(c.values(), "days", "until", "excluded", "approve", "settlements", "routes", "peak_days", "keep_below")
	if err != nil {
		return t, err
	}
	t = Terms{
		Days: int(a.Number("days", 0, maxWindow)), Until: readDay(a, "until"), Excluded: a.Text("excluded"),
		Approve: a.Text("approve"), PeakDays: int(a.Number("peak_days", 0, maxWay)), KeepBelow: a.Number("keep_below", 0, maxPrice),
	}
	for _, s := range a.Texts("settlements") {
		if !slices.Contains(fact.Settlements, fact.Settlement(s)) {
			a.Fail("settlements", "refund, credit or exchange")
		}
		t.Settlements = append(t.Settlements, fact.Settlement(s))
	}
	for _, w := range a.Maps("routes", "route", "unless", "price", "insured", "days") {
		way := readWay(w)
		if err := w.Err(); err != nil {
			return t, err
		}
		t.Ways = append(t.Ways, way)
	}
	return t, a.Err()
}

func readDay(a *rule.Answer, name string) civil.Day {
	text := a.Text(name)
	if text == "" {
		return civil.NoDay
	}
	d, err := civil.ParseDay(text)
	if err != nil {
		a.Fail(name, `a day such as "2027-01-31", or ""`)
		return civil.NoDay
	}
	return d
}

func readWay(a *rule.Answer) Way {
	w := Way{
		Route: fact.Route(a.Text("route")), Unless: a.Text("unless"),
		Price: a.Number("price", 0, maxPrice), Insured: a.Number("insured", 0, maxPrice),
	}
	if !slices.Contains(fact.BackRoutes, w.Route) {
		a.Fail("route", "one of the ways back")
	}
	days := a.Numbers("days", 0, maxWay)
	if len(days) != 2 || days[0] > days[1] {
		a.Fail("days", "two numbers, the least and the most,")
		return w
	}
	w.Least, w.Most = int(days[0]), int(days[1])
	return w
}

// CheckPolicy compiles a policy and tries it on a few cases, so that one which
// would fail on the first return is refused when it is written. The fault is
// policy_invalid.
func CheckPolicy(source string) error {
	r, err := language.Compile(source)
	if err != nil {
		return err
	}
	plain := Case{
		Category: "x", Reason: NoLonger, Price: 1990, Units: 1, Value: 1990, OrderValue: 2580, Currency: "EUR", Grams: 500,
		Longest: 200, Girth: 400, Country: "FR", Bought: civil.Date(2026, 11, 20), Today: civil.Date(2026, 12, 27),
	}
	faulty, odd, summer := plain, plain, plain
	faulty.Reason, faulty.Condition = Damaged, Broken
	odd.Handling, odd.Grams, odd.Country = []string{"bulky", "dangerous"}, 60_000, "DE"
	summer.Bought, summer.Today, summer.Tier = civil.Date(2026, 6, 1), civil.Date(2026, 6, 20), "regular"
	for _, c := range []Case{plain, faulty, odd, summer} {
		if _, err := ask(r, c); err != nil {
			return rule.Invalid(1, err.Error())
		}
	}
	return nil
}

// policiesOf are the policy in force when an order was placed and, if it is
// another one, that in force now: the merchant's own, or the default.
func (o *Office) policiesOf(tx *db.Tx, m ident.Merchant, placed civil.Instant) (then, now *rule.Rule, err error) {
	current, ruled, err := merchant.PolicyOf(tx, m, Topic)
	if err != nil {
		return nil, nil, err
	}
	if !ruled || current.Since <= placed {
		then, err = o.ruleOf(current, ruled)
		return then, nil, err
	}
	told, ruledThen, err := merchant.PolicyAt(tx, m, Topic, placed)
	if err != nil {
		return nil, nil, err
	}
	if then, err = o.ruleOf(told, ruledThen); err != nil {
		return nil, nil, err
	}
	now, err = o.ruleOf(current, true)
	return then, now, err
}

func (o *Office) ruleOf(p merchant.Policy, own bool) (*rule.Rule, error) {
	if !own {
		return o.rules.Rule(Default)
	}
	return o.rules.Rule(p.Source)
}

// sides are the longest side of an article and all three together.
func sides(t order.Traits) (longest, girth int) {
	return max(t.Length, t.Width, t.Height), t.Length + t.Width + t.Height
}
