package insight

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"time"

	"github.com/promesse-dev/promesse/internal/core/carbon"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/returns"
)

// Returned is what came back of a merchant's sales. The shares are of orders
// placed in the period, whenever they come back; times, money, findings and the
// footprint are of returns asked for in it.
type Returned struct {
	All        Share
	ByProduct  map[string]Product // by article number, or name where there is none
	ByCategory map[string]Share   // as with those that follow, "" is: the shop did not say
	BySize     map[string]Share
	BySupplier map[string]Share
	ByCarrier  map[ident.Connection]Share // of the way out
	ByPromise  map[fact.State]Share       // kept, broken, or open: not settled, or none was made
	Stages     []Stage
	Money      []ReturnMoney
	Found      []Found
	Ways       []WayBack
}

// Share is units that came back, or are to, among those bought. Returns that were
// taken back, or never deposited, do not count.
type Share struct {
	Bought  int
	Back    int
	Reasons map[returns.Taxon]int // units
}

// Rate is back ÷ bought; ok is false when nothing was bought.
func (s Share) Rate() (rate float64, ok bool) { return ratio(s.Back, s.Bought) }

// Product is an article's share, with its last name.
type Product struct {
	Name string
	Share
}

// Stage is how long a part of the way took, of returns that went through it.
type Stage struct {
	Name   string // one of Stages
	N      int
	Median time.Duration
	P90    time.Duration // nine of ten took at most so long
}

// Stages are the names of the stages, in their order; the last one is the whole.
var Stages = []string{"labelled", "deposited", "received", "decided", "refunded", "all"}

// ReturnMoney is what returns were worth and what was given for them, in one
// currency. What carriers charge for the way back is not recorded anywhere.
type ReturnMoney struct {
	Returns   int
	Value     money.Amount // captured for the units
	Fees      money.Amount // that shoppers were told they would bear
	Decided   money.Amount // owed by decisions, exchanges included
	Paid      money.Amount // carried out by the means that paid
	Credit    money.Amount // given as store credit
	Surcharge money.Amount // of the law, for lateness
}

// Found is units inspected. Whether they came in their original box is recorded
// nowhere: damage can be told apart by what the shopper had said, not by packaging.
type Found struct {
	Said    returns.Condition // by the shopper; empty: nothing
	Found   returns.Condition // by the warehouse
	Outcome returns.Disposal
	Units   int
	Value   int64 // at their price, in minor units
}

// WayBack is the footprint of a way back. A relay point is better than the door
// only while the shopper does not drive there for it: Low is on foot, High by car.
type WayBack struct {
	Route     fact.Route
	Parcels   int
	Unplaced  int // of which nobody knows how far they came: the model's mean journey is taken
	Low, High carbon.Grams
}

var (
	//go:embed returned_bought.sql
	returnedBoughtSQL string

	//go:embed returned_back.sql
	returnedBackSQL string

	//go:embed returned_stages.sql
	returnedStagesSQL string

	//go:embed returned_money.sql
	returnedMoneySQL string

	//go:embed returned_found.sql
	returnedFoundSQL string

	//go:embed returned_ways.sql
	returnedWaysSQL string
)

// ReturnsOf reports on what came back of a merchant's sales in [since, until).
func ReturnsOf(tx *db.Tx, m ident.Merchant, since, until civil.Instant, f carbon.Factors) (r Returned, err error) {
	r = Returned{
		ByProduct: map[string]Product{}, ByCategory: map[string]Share{}, BySize: map[string]Share{}, BySupplier: map[string]Share{},
		ByCarrier: map[ident.Connection]Share{}, ByPromise: map[fact.State]Share{},
	}
	args := []any{m, int64(since), int64(until)}
	for _, part := range []func() error{
		func() error { return r.shares(tx, returnedBoughtSQL, scanBought, args) },
		func() error { return r.shares(tx, returnedBackSQL, scanBack, args) },
		func() (err error) { r.Stages, err = db.All(tx, returnedStagesSQL, scanStage, args...); return err },
		func() (err error) { r.Money, err = db.All(tx, returnedMoneySQL, scanReturnMoney, args...); return err },
		func() (err error) { r.Found, err = db.All(tx, returnedFoundSQL, scanFound, args...); return err },
		func() (err error) { r.Ways, err = waysOf(tx, m, f, args); return err },
	} {
		if err := part(); err != nil {
			return r, err
		}
	}
	return r, nil
}

// sold is units of an article, bought or back.
type sold struct {
	sku, name string
	traits    order.Traits
	carrier   ident.Connection
	promise   fact.State
	share     Share
}

// outcomes are what became of an order's promise, as the queries count them.
var outcomes = []fact.State{fact.Open, fact.Kept, fact.Broken}

func scanBought(r db.Row) (s sold, err error) {
	var traits string
	var outcome int
	if err = r.Scan(&s.sku, &s.name, &traits, &s.carrier, &outcome, &s.share.Bought); err != nil {
		return s, err
	}
	s.promise = outcomes[outcome]
	return s, s.read(traits)
}

func scanBack(r db.Row) (s sold, err error) {
	var traits string
	var outcome int
	var taxon returns.Taxon
	if err = r.Scan(&s.sku, &s.name, &traits, &s.carrier, &outcome, &taxon, &s.share.Back); err != nil {
		return s, err
	}
	s.promise, s.share.Reasons = outcomes[outcome], map[returns.Taxon]int{taxon: s.share.Back}
	return s, s.read(traits)
}

func (s *sold) read(traits string) error {
	if traits == "" {
		return nil
	}
	if err := json.Unmarshal([]byte(traits), &s.traits); err != nil {
		return fmt.Errorf("traits of %s: %w", s.sku, err)
	}
	return nil
}

func (r *Returned) shares(tx *db.Tx, text string, scan func(db.Row) (sold, error), args []any) error {
	rows, err := db.All(tx, text, scan, args...)
	for _, s := range rows {
		r.All = r.All.and(s.share)
		key := s.sku
		if key == "" {
			key = s.name
		}
		r.ByProduct[key] = Product{s.name, r.ByProduct[key].and(s.share)}
		share(r.ByCategory, s.traits.Category, s.share)
		share(r.BySize, s.traits.Size, s.share)
		share(r.BySupplier, s.traits.Supplier, s.share)
		share(r.ByCarrier, s.carrier, s.share)
		share(r.ByPromise, s.promise, s.share)
	}
	return err
}

func share[K comparable](by map[K]Share, k K, s Share) { by[k] = by[k].and(s) }

// and adds two shares; neither is changed.
func (s Share) and(o Share) Share {
	out := Share{Bought: s.Bought + o.Bought, Back: s.Back + o.Back}
	for _, reasons := range []map[returns.Taxon]int{s.Reasons, o.Reasons} {
		for taxon, units := range reasons {
			if out.Reasons == nil {
				out.Reasons = map[returns.Taxon]int{}
			}
			out.Reasons[taxon] += units
		}
	}
	return out
}

func scanStage(r db.Row) (s Stage, err error) {
	var stage int
	var median, p90 int64
	err = r.Scan(&stage, &s.N, &median, &p90)
	if err == nil {
		s.Name, s.Median, s.P90 = Stages[stage-1], time.Duration(median)*time.Microsecond, time.Duration(p90)*time.Microsecond
	}
	return s, err
}

func scanReturnMoney(r db.Row) (x ReturnMoney, err error) {
	err = r.Scan(&x.Value.Currency, &x.Returns, &x.Value.Minor, &x.Fees.Minor, &x.Decided.Minor, &x.Paid.Minor, &x.Credit.Minor, &x.Surcharge.Minor)
	for _, a := range []*money.Amount{&x.Fees, &x.Decided, &x.Paid, &x.Credit, &x.Surcharge} {
		a.Currency = x.Value.Currency
	}
	return x, err
}

func scanFound(r db.Row) (f Found, err error) {
	err = r.Scan(&f.Said, &f.Found, &f.Outcome, &f.Units, &f.Value)
	return f, err
}

// leaving is parcels that left from one place by one way.
type leaving struct {
	route             fact.Route
	country, postcode string
	parcels           int
	grams             int64
}

func scanLeaving(r db.Row) (l leaving, err error) {
	err = r.Scan(&l.route, &l.country, &l.postcode, &l.parcels, &l.grams)
	return l, err
}

func waysOf(tx *db.Tx, m ident.Merchant, f carbon.Factors, args []any) (out []WayBack, err error) {
	rows, err := db.All(tx, returnedWaysSQL, scanLeaving, args...)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	to, err := returns.WarehouseOf(tx, m)
	if err != nil {
		return nil, err
	}
	for _, l := range rows {
		if len(out) == 0 || out[len(out)-1].Route != l.route {
			out = append(out, WayBack{Route: l.route})
		}
		w := &out[len(out)-1]
		w.Parcels += l.parcels
		from, err := geo.NewPlace(l.country, l.postcode)
		if _, ok := from.Metres(to); err != nil || !ok {
			w.Unplaced += l.parcels
		}
		low, high := returns.Footprint(f, l.route, from, to, int(l.grams)/l.parcels)
		w.Low += low * carbon.Grams(l.parcels)
		w.High += high * carbon.Grams(l.parcels)
	}
	return out, nil
}
