package returns

import (
	"cmp"
	"slices"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/carbon"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// Wanted is what a shopper would like to send back.
type Wanted struct {
	Key     string        // one request per key; up to 100 characters
	Order   ident.Order   //
	Shopper ident.Shopper // who asks; another's order is not found. Empty: the shop itself
	Items   []Item        // Line, Units, Reason, Comment, Condition, Photos; the rest is ours to set

	// The choice, for Request.
	Route      fact.Route
	Settlement fact.Settlement // empty: refund
	Point      ident.Point     // may be empty
	StockSKU   string          // wanted in exchange
	Pickup     civil.Day       `json:",omitzero"` // of those of the Option, to be fetched on
	Cover      money.Amount    `json:",omitzero"` // bought, one of those of the Option; zero: what is included
}

// Option is a way back, with all that is said before it is chosen.
type Option struct {
	Route      fact.Route
	Connection ident.Connection // over whom the label is made; empty where none is
	Price      money.Amount     // for the shopper, taken from what is refunded
	Insured    money.Amount     // cover included
	Covers     []Cover          // that may be bought instead, the least first
	Low, High  carbon.Grams     // when the shopper walks to the counter, and when they drive for it
	Method     string           // of the footprint
	Least      int              // carrier's working days, from the deposit
	Most       int
	Peak       int           // working days more than usual, in Least and Most already
	DepositBy  civil.Instant // exclusive, as those that follow
	ReceiveBy  civil.Instant // when deposited today; zero when nothing is sent
	RefundBy   civil.Instant // likewise
	Pickups    []civil.Day   // to be fetched on, of which the shopper chooses one
	Metres     float64       // to the nearest point, as the caller found it; 0 when nobody looked
}

// Hidden is a way back that is not offered: why, and what is instead.
type Hidden struct {
	Route   fact.Route
	Code    string
	Instead []fact.Route
}

// Offered is the answer to a wish.
type Offered struct {
	Ground      fact.Ground
	Legal       bool // the shopper could withdraw: the law's clock runs too
	Late        bool
	Units       int
	Value       money.Amount
	Settlements []fact.Settlement
	Options     []Option
	Hidden      []Hidden
	Approve     string // why a person looks first; empty when nobody need
	items       []Item
}

// Near is the nearest point that takes a parcel of the size, by route; a route
// with none has no entry. Nil: nobody looked.
type Near map[fact.Route]float64

// Options says how a wish could come back. The faults are not_found; those of
// what is wanted: field_required, list_too_long, unknown_line, line_twice,
// negative_quantity, too_many_to_return, not_in_hand, already_returned,
// unknown_value, photo_required, return_window_over, return_excluded,
// withdraw_instead, and those of the words.
func (o *Office) Options(tx *db.Tx, m ident.Merchant, w Wanted, near Near) (Offered, error) {
	s, err := o.situation(tx, m, w.Order)
	if err != nil {
		return Offered{}, err
	}
	return o.offer(tx, m, &s, w, near)
}

func (o *Office) offer(tx *db.Tx, m ident.Merchant, s *situation, w Wanted, near Near) (Offered, error) {
	items, terms, err := s.judge(w)
	if err != nil {
		return Offered{}, err
	}
	all := s.loadOf(items)
	f := Offered{
		Ground: groundOf(items), Legal: s.legal(items), Late: slices.ContainsFunc(items, func(i Item) bool { return i.Taxon == ArrivedLate }),
		Value: money.Of(all.value, s.order.Currency), Settlements: []fact.Settlement{fact.Refund}, items: items,
	}
	for _, i := range items {
		f.Units += i.Units
	}
	merged := merge(terms)
	f.Approve = merged.Approve
	for _, settlement := range merged.Settlements {
		if settlement != fact.Refund {
			f.Settlements = append(f.Settlements, settlement)
		}
	}
	origin, err := warehouse(tx, m, s.conditions)
	if err != nil {
		return Offered{}, err
	}
	c := choice{office: o, situation: s, offered: f, terms: merged, load: all, origin: origin, near: near}
	if err := c.readServed(tx, m); err != nil {
		return Offered{}, err
	}
	return c.all(), nil
}

// groundOf is by what right all of it comes back: for faults alone, or by the
// shop's own offer.
func groundOf(items []Item) fact.Ground {
	if slices.ContainsFunc(items, func(i Item) bool { return !i.Taxon.Defect() }) {
		return fact.ByPolicy
	}
	return fact.ByConformity
}

// legal reports whether all of it could be withdrawn from now.
func (s *situation) legal(items []Item) bool {
	return !slices.ContainsFunc(items, func(i Item) bool { return !s.withdrawable(s.line(i.Line)) })
}

// merge is the terms of several lines that come back together: what every one of
// them allows, at the highest price and the longest way.
func merge(all []Terms) Terms {
	out := all[0]
	for _, t := range all[1:] {
		out.Approve = cmp.Or(out.Approve, t.Approve)
		out.PeakDays = max(out.PeakDays, t.PeakDays)
		out.Settlements = slices.DeleteFunc(slices.Clone(out.Settlements), func(s fact.Settlement) bool { return !slices.Contains(t.Settlements, s) })
		out.Ways = together(out.Ways, t.Ways)
		out.KeepBelow = min(out.KeepBelow, t.KeepBelow)
	}
	return out
}

func together(a, b []Way) (out []Way) {
	for _, w := range a {
		i := slices.IndexFunc(b, func(v Way) bool { return v.Route == w.Route })
		if i < 0 {
			continue
		}
		v := b[i]
		w.Unless = cmp.Or(w.Unless, v.Unless)
		w.Price, w.Insured = max(w.Price, v.Price), min(w.Insured, v.Insured)
		w.Least, w.Most = max(w.Least, v.Least), max(w.Most, v.Most)
		out = append(out, w)
	}
	return out
}

// warehouse is where parcels go: as the conditions say, or the first stock point.
func warehouse(tx *db.Tx, m ident.Merchant, c Conditions) (geo.Place, error) {
	if c.Warehouse.Country != "" {
		p, err := geo.NewPlace(c.Warehouse.Country, c.Warehouse.Postcode)
		return p, err
	}
	points, err := merchant.StockPoints(tx, m)
	if err != nil || len(points) == 0 {
		return geo.Place{}, err
	}
	return geo.NewPlace(points[0].Country, points[0].Postcode)
}

// choice is what lies before whoever lists the ways back.
type choice struct {
	office    *Office
	situation *situation
	offered   Offered
	terms     Terms
	load      load
	origin    geo.Place
	near      Near
	served    map[fact.Route]carrier.Offer // those over which a carrier makes labels from there
}

// readServed reads over which routes labels can be made.
func (c *choice) readServed(tx *db.Tx, m ident.Merchant) error {
	c.served = map[fact.Route]carrier.Offer{}
	for _, r := range labelled {
		by, ok := c.situation.conditions.Carriers[r]
		o := carrier.Offer{MaxInsured: money.Of(maxPrice, c.situation.order.Currency)}
		if ok && c.office.reach != nil {
			var err error
			if o, ok, err = c.office.reach(tx, m, by, r, c.situation.order.Ship.Country); err != nil {
				return err
			}
		}
		if ok {
			c.served[r] = o
		}
	}
	return nil
}

func (c choice) all() Offered {
	f := c.offered
	if c.keeps() {
		f.Options = append(f.Options, c.option(Way{Route: fact.BackNotNeeded}))
	}
	for _, w := range c.terms.Ways {
		if code := c.unless(w); code != "" {
			f.Hidden = append(f.Hidden, Hidden{Route: w.Route, Code: code})
			continue
		}
		f.Options = append(f.Options, c.option(w))
	}
	for i := range f.Hidden {
		for _, option := range f.Options {
			f.Hidden[i].Instead = append(f.Hidden[i].Instead, option.Route)
		}
	}
	return f
}

// keeps reports whether every article is worth less than sending it back.
func (c choice) keeps() bool {
	return !slices.ContainsFunc(c.offered.items, func(i Item) bool { return c.situation.line(i.Line).Unit.Minor >= c.terms.KeepBelow })
}

// labelled are the routes on which a carrier's label is needed.
var labelled = []fact.Route{fact.BackByRelay, fact.BackByPost, fact.BackByPickup}

// unless is why a way is not offered.
func (c choice) unless(w Way) string {
	_, close := c.near[w.Route]
	_, served := c.served[w.Route]
	switch {
	case w.Unless != "":
		return w.Unless
	case slices.Contains(labelled, w.Route) && !served:
		return "no_carrier"
	case w.Route == fact.BackToStore && !c.situation.conditions.Stores:
		return "no_store"
	case (w.Route == fact.BackByRelay || w.Route == fact.BackToStore) && c.near != nil && !close:
		return "no_point_near"
	}
	return ""
}

// option is a way with all that is said of it.
func (c choice) option(w Way) Option {
	s := c.situation
	out := Option{
		Route: w.Route, Connection: s.conditions.Carriers[w.Route], Metres: c.near[w.Route],
		Price: money.Of(c.price(w), s.order.Currency), Insured: money.Of(min(w.Insured, max(c.load.value, 0)), s.order.Currency),
		DepositBy: s.where.After(s.now, s.conditions.DepositDays), Method: carbon.Method, Covers: c.covers(w),
	}
	if w.Route == fact.BackNotNeeded {
		out.DepositBy = 0
		out.RefundBy = s.where.After(s.now, s.conditions.ProcessDays)
		return out
	}
	if w.Most > 0 {
		out.Peak = c.terms.PeakDays
	}
	out.Least, out.Most = w.Least+out.Peak, w.Most+out.Peak
	out.Low, out.High = c.footprint(w.Route)
	out.ReceiveBy = s.where.arrival(s.now, out.Most)
	out.RefundBy = s.refundBy(c.offered.Legal, out.ReceiveBy)
	if w.Route == fact.BackByPickup {
		out.Pickups = s.where.pickups(s.now)
	}
	return out
}

// arrival is the end of the working day on which a parcel left now is there at
// the latest, exclusive.
func (w Where) arrival(left civil.Instant, days int) civil.Instant {
	return civil.NewCalendar(civil.CalendarSpec{Open: civil.MondayToFriday, Region: w.Region}).Add(left.Day(w.Zone), days).End(w.Zone)
}

// refundBy is when the money would be due if the goods were received just before
// an instant, and deposited today.
func (s *situation) refundBy(legal bool, receiveBy civil.Instant) civil.Instant {
	by := s.where.After(receiveBy-1, s.conditions.ProcessDays)
	if legal {
		by = min(by, s.where.Refund(s.now, s.now).Due)
	}
	return by
}

// price is what the way costs the shopper: nothing for a fault, and nothing when
// nobody told them that they would bear it (L221-23).
func (c choice) price(w Way) int64 {
	if c.offered.Ground == fact.ByConformity || c.situation.notice == "" {
		return 0
	}
	return w.Price
}

// modes is how a route is travelled, for the footprint.
var modes = map[fact.Route]carbon.Mode{
	fact.BackByRelay: carbon.Relay, fact.BackByPost: carbon.Relay, fact.BackToStore: carbon.Store,
	fact.BackByPickup: carbon.Home, fact.BackOnTheirs: carbon.Relay,
}

func (c choice) footprint(r fact.Route) (low, high carbon.Grams) {
	ship := c.situation.order.Ship
	from, err := geo.NewPlace(ship.Country, ship.Postcode)
	if err != nil {
		from = geo.Place{}
	}
	return Footprint(c.office.factors, r, from, c.origin, c.load.grams)
}
