package returns

import (
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Open is the later reaction to returns.withdrawn: the goods of a withdrawal come
// back as a return like any other, but by right of law. Until the shopper chooses
// a way they send them as they like.
func Open(tx *flow.Tx, facts []flow.Fact) error {
	return flow.Each(func(tx *flow.Tx, f flow.Fact, b fact.Withdrawn) error {
		if b.Return == "" {
			return nil
		}
		w, err := GetWithdrawal(tx.Tx, f.Merchant, b.Withdrawal)
		if err != nil {
			return err
		}
		return open(tx, f.Merchant, w, fact.BackOnTheirs)
	})(tx, facts)
}

func open(tx *flow.Tx, m ident.Merchant, w Withdrawal, route fact.Route) error {
	o, err := order.Get(tx.Tx, m, w.Order)
	if err != nil {
		return err
	}
	lines, err := order.Lines(tx.Tx, m, w.Order)
	if err != nil {
		return err
	}
	where, err := whereOf(tx.Tx, m, o)
	if err != nil {
		return err
	}
	r := Return{
		ID: w.Return, Key: "withdrawal/" + string(w.ID), Order: w.Order, Shopper: w.Shopper, Ground: fact.ByWithdrawal,
		Route: route, Settlement: fact.Refund, State: Accepted, Legal: true, Units: w.Units, Value: money.Of(0, o.Currency),
		Zone: where.Zone.String(), Withdrawal: w.ID, AskedBy: tx.By(), Asked: w.Sent, DepositBy: w.SendBackBy, Transit: defaultTransit, Pickup: civil.NoDay,
	}
	var items []Item
	for _, l := range w.Lines {
		if l.Excluded != "" {
			continue
		}
		items = append(items, Item{ID: ident.New[ident.ReturnItem](tx.Mint), Line: l.Line, Units: l.Units, Taxon: Unsaid})
		for _, line := range lines {
			if line.ID == l.Line {
				r.Value.Minor += line.Unit.Minor * int64(l.Units)
			}
		}
	}
	fresh, err := r.insert(tx, m, w.Hash, items)
	if err != nil || !fresh {
		return err
	}
	if route == fact.BackRecalled {
		if err := r.fetched(tx, m); err != nil {
			return err
		}
	}
	return r.opened(tx, m)
}

// defaultTransit is how many working days a parcel takes that a shopper sends as
// they like.
const defaultTransit = 6

// Choice is a way back that is chosen for goods already withdrawn from.
type Choice struct {
	Route  fact.Route
	Point  ident.Point  // may be empty
	Pickup civil.Day    // of those of the Option, to be fetched on
	Cover  money.Amount // bought, one of those of the Option; zero: what is included
}

// Choose is the way back of a return that follows from a withdrawal, among those
// the shop offers for the goods. The faults are not_found, return_state (a label
// was asked for, or the goods are on their way), route_hidden, cover_not_offered,
// pickup_day_not_offered, and for the point not_found, point_gone and point_off_route.
func (o *Office) Choose(tx *flow.Tx, m ident.Merchant, id ident.Return, in Choice) (Return, error) {
	r, err := Get(tx.Tx, m, id)
	if err != nil {
		return Return{}, err
	}
	labels, err := Labels(tx.Tx, m, []ident.Return{id})
	if err != nil {
		return Return{}, err
	}
	if r.State != Accepted || r.Withdrawal == "" || r.Route == fact.BackRecalled || len(labels[id]) > 0 {
		return Return{}, fault.New(fault.Conflict, "return_state", "return", "state", string(r.State), "verb", "choose")
	}
	f, err := o.Ways(tx.Tx, m, r)
	if err != nil {
		return Return{}, err
	}
	for _, option := range f.Options {
		if option.Route != in.Route || in.Route == fact.BackNotNeeded {
			continue
		}
		r.Route, r.Point, r.Connection = in.Route, in.Point, option.Connection
		r.Fee, r.Transit = option.Price, option.Most
		if err := r.buy(option, in.Cover); err != nil {
			return Return{}, err
		}
		if err := r.fetchedOn(option.Pickups, in.Pickup); err != nil {
			return Return{}, err
		}
		if err := checkPoint(tx.Tx, m, in.Point, in.Route, option.Connection); err != nil {
			return Return{}, err
		}
		if in.Route == fact.BackOnTheirs {
			return r, r.save(tx, m, Accepted)
		}
		if err := r.save(tx, m, Accepted); err != nil || in.Route != fact.BackToStore {
			return r, err
		}
		r.Code = newCode(tx)
		if err := r.move(tx, m, readying); err != nil {
			return Return{}, err
		}
		return r, tx.Emit(m, string(r.Order), string(r.ID)+"/code", fact.ReturnLabelled{Sendback: r.told()})
	}
	return Return{}, f.hidden(in.Route)
}

// Ways are the ways back of a return that is open already.
func (o *Office) Ways(tx *db.Tx, m ident.Merchant, r Return) (Offered, error) {
	s, err := o.situation(tx, m, r.Order)
	if err != nil {
		return Offered{}, err
	}
	items, err := Items(tx, m, []ident.Return{r.ID})
	if err != nil {
		return Offered{}, err
	}
	mine := items[r.ID]
	all := s.loadOf(mine)
	var terms []Terms
	for _, i := range mine {
		t, err := s.terms(s.line(i.Line), s.caseOf(s.line(i.Line), i, all))
		if err != nil {
			return Offered{}, err
		}
		t.KeepBelow = 0
		terms = append(terms, t)
	}
	origin, err := warehouse(tx, m, s.conditions)
	if err != nil {
		return Offered{}, err
	}
	f := Offered{Ground: r.Ground, Legal: r.Legal, Units: r.Units, Value: r.Value, Settlements: []fact.Settlement{fact.Refund}, items: mine}
	c := choice{office: o, situation: &s, offered: f, terms: merge(terms), load: all, origin: origin}
	if err := c.readServed(tx, m); err != nil {
		return Offered{}, err
	}
	return c.all(), nil
}
