package home

import (
	"cmp"
	"slices"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/insight"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/remedy"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/shopper"
)

// The bounds of the list.
const (
	maxShops  = 20
	maxOrders = 24 // of all shops together
	period    = 30 * 24 * time.Hour

	maxReturns = 100 // looked through for one to show
)

// states are those a reader may ask for; the empty one is all.
var states = []fact.State{"", fact.Open, fact.Kept, fact.Broken, fact.Void, fact.Amended}

// living is the demo's world as it stands.
type living struct {
	now   civil.Instant
	speed float64
	state fact.State // asked for
	open  int

	local    bool     // the reader sits at this machine
	settable bool     // and may set the world's clock
	rooms    []string // paths of all doors
	shops    []staffed
	insight.Measures
	orders  []lived
	back    returns.Return // under way; zero: nothing is
	till    till
	van     Van
	regular string // e-mail address
}

// staffed is a shop with the rights of the people who work there.
type staffed struct {
	merchant.Organisation
	sets []merchant.Set
}

// lived is one order, with what it owes.
type lived struct {
	shop     merchant.Organisation
	order    order.Order
	owed     promise.Commitment
	warned   bool
	who      shopper.Contact
	repaired []remedy.Grant
}

func readWorld(tx *db.Tx, state fact.State) (w living, err error) {
	w = living{now: tx.Now, state: state}
	shops, err := merchant.List(tx, "", maxShops)
	if err != nil {
		return w, err
	}
	for _, s := range shops {
		if s.Kind != merchant.Merchant {
			continue
		}
		if err := w.read(tx, s); err != nil {
			return w, err
		}
	}
	slices.SortFunc(w.orders, func(a, b lived) int {
		return cmp.Or(cmp.Compare(b.order.Placed, a.order.Placed), cmp.Compare(b.order.ID, a.order.ID))
	})
	w.orders = w.orders[:min(len(w.orders), maxOrders)]
	return w, nil
}

// read adds what a shop counts, and its newest orders.
func (w *living) read(tx *db.Tx, s merchant.Organisation) error {
	people, err := merchant.StaffOf(tx, s.ID)
	if err != nil {
		return err
	}
	at := staffed{Organisation: s}
	for _, p := range people {
		at.sets = append(at.sets, p.Set)
	}
	w.shops = append(w.shops, at)
	report, err := insight.PromisesOf(tx, s.ID, tx.Now.Add(-period), tx.Now)
	if err != nil {
		return err
	}
	w.Kept += report.All.Kept
	w.Broken += report.All.Broken
	w.Repaired += report.All.Repaired
	w.ToldBefore += report.All.ToldBefore
	open, err := promise.Count(tx, s.ID, fact.Open)
	if err != nil {
		return err
	}
	w.open += open
	if err := w.sentBack(tx, s.ID); err != nil {
		return err
	}
	orders, err := newest(tx, s.ID, w.state)
	if err != nil {
		return err
	}
	return w.add(tx, s, orders)
}

// underWay are the states of a return to look at, the one with the most to see first.
var underWay = []returns.State{returns.Deposited, returns.Received, returns.Decided, returns.Ready}

// sentBack finds something on its way back, unless another shop had something.
func (w *living) sentBack(tx *db.Tx, m ident.Merchant) error {
	for _, state := range underWay {
		if w.back.ID != "" && slices.Index(underWay, w.back.State) <= slices.Index(underWay, state) {
			return nil
		}
		some, err := returns.In(tx, m, state, "", maxReturns)
		if err != nil {
			return err
		}
		if len(some) > 0 {
			w.back = some[len(some)-1]
		}
	}
	return nil
}

// newest is the newest orders of a shop, or those with a commitment in a state.
func newest(tx *db.Tx, m ident.Merchant, state fact.State) ([]order.Order, error) {
	if state == "" {
		return order.List(tx, m, order.Page{Limit: maxOrders})
	}
	owed, err := promise.List(tx, m, promise.Page{State: state, Limit: maxOrders})
	if err != nil {
		return nil, err
	}
	ids := make([]ident.Order, len(owed))
	for i, c := range owed {
		ids[i] = c.Order
	}
	of, err := order.Many(tx, m, ids)
	out := make([]order.Order, 0, len(of))
	for _, o := range of {
		out = append(out, o)
	}
	return out, err
}

func (w *living) add(tx *db.Tx, s merchant.Organisation, orders []order.Order) error {
	var ids []ident.Order
	var people []ident.Shopper
	for _, o := range orders {
		ids, people = append(ids, o.ID), append(people, o.Shopper)
	}
	owed, err := promise.OfOrders(tx, s.ID, ids)
	if err != nil {
		return err
	}
	contacts, err := shopper.Many(tx, s.ID, people)
	if err != nil {
		return err
	}
	remedies, err := remedy.OfOrders(tx, s.ID, ids)
	if err != nil {
		return err
	}
	current := map[ident.Order]promise.Commitment{}
	var named []ident.Commitment
	for _, id := range ids {
		current[id] = inForce(owed[id], w.state)
		named = append(named, current[id].ID)
	}
	warnings, err := promise.Warnings(tx, s.ID, named)
	if err != nil {
		return err
	}
	for _, o := range orders {
		l := lived{shop: s, order: o, owed: current[o.ID], who: contacts[o.Shopper], warned: len(promise.Standing(warnings[current[o.ID].ID])) > 0}
		for _, r := range remedies[o.ID] {
			if r.Commitment == l.owed.ID {
				l.repaired = append(l.repaired, r.Grants...)
			}
		}
		w.orders = append(w.orders, l)
	}
	return nil
}

// inForce is the commitment that an order is listed with: the youngest about when
// it comes that no other replaced, or the youngest in the state asked for. That
// the order be complete is told when it was not.
func inForce(all []promise.Commitment, state fact.State) promise.Commitment {
	for _, c := range all {
		if !c.Delivers() && c.State == fact.Broken && (state == "" || state == fact.Broken) {
			return c
		}
	}
	if state == "" {
		return promise.DeliveryOf(all)
	}
	for _, c := range slices.Backward(all) {
		if c.Delivers() && c.State == state {
			return c
		}
	}
	return promise.Commitment{}
}
