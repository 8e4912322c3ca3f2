package returns

import (
	"fmt"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Demand is a consumer's formal notice to deliver, in a reasonable further period,
// what was not delivered in time; when that too is over, or the shop says that it
// will not deliver, the contract may be resolved and all is paid back (Code de la
// consommation, articles L216-6 and L216-7). An order has one at most.
type Demand struct {
	ID        ident.Demand
	Order     ident.Order
	Shopper   ident.Shopper
	Due       civil.Instant // when it was to be delivered by, exclusive
	Sent      civil.Instant
	Until     civil.Instant // end of the further period, exclusive
	Statement string        // the whole of it, with the instant: what the hash is of
	Hash      string        // SHA-256 of Statement, in hexadecimal
	Declined  civil.Instant // when the shop said that it will not deliver; zero: it did not
	Told      civil.Instant // when the shopper was told that the contract may be resolved
	Resolved  civil.Instant
	Return    ident.Return // under which the money comes back; empty until then
}

// Resolvable reports whether the contract may be resolved, if nothing came.
func (d Demand) Resolvable(now civil.Instant) bool {
	return d.Resolved == 0 && (now >= d.Until || d.Declined != 0)
}

// notDelivered is the reason of a decision about goods that never came.
const notDelivered = "not_delivered"

// Waited is an order of which something is late, and what of it never came.
type Waited struct {
	Due    civil.Instant      // exclusive; zero: nothing is late
	Lines  map[ident.Line]int // units that are in nobody's hands and in no return
	Value  money.Amount       // that was captured for them
	Total  money.Amount       // that, and the delivery where nothing of the order ever came
	Until  civil.Instant      // to when a formal notice sent now would run, exclusive
	Order  order.Order
	zone   *time.Location
	bought []order.Line
}

// WaitedFor reads what of an order is late and never came. The fault is not_found.
func WaitedFor(tx *db.Tx, m ident.Merchant, id ident.Order) (w Waited, err error) {
	if w.Order, err = order.Get(tx, m, id); err != nil {
		return w, err
	}
	where, err := whereOf(tx, m, w.Order)
	if err != nil {
		return w, err
	}
	c, err := ConditionsOf(tx, m)
	if err != nil {
		return w, err
	}
	w.zone, w.Until = where.Zone, where.After(tx.Now, c.ExtraDays)
	if w.Due, _, err = db.One(tx, sqlLateSince, db.Scalar[civil.Instant], m, id); err != nil {
		return w, err
	}
	return w, w.count(tx, m)
}

func (w *Waited) count(tx *db.Tx, m ident.Merchant) (err error) {
	w.Lines, w.Value, w.Total = map[ident.Line]int{}, money.Of(0, w.Order.Currency), money.Of(0, w.Order.Currency)
	if w.Order.State == order.Cancelled {
		return nil
	}
	if w.bought, err = order.Lines(tx, m, w.Order.ID); err != nil {
		return err
	}
	had, err := possessionOf(tx, m, w.Order.ID)
	if err != nil {
		return err
	}
	taken, err := takenBack(tx, m, w.Order.ID)
	if err != nil {
		return err
	}
	delivery, whole := int64(0), true
	for _, l := range w.bought {
		if l.Kind == order.Delivery {
			delivery = l.Captured.Minor
			continue
		}
		units := l.Units - taken[l.ID]
		if units < 1 || had.lines[l.ID] != 0 || had.untold != 0 {
			whole = false
			continue
		}
		whole = whole && units == l.Units
		w.Lines[l.ID] = units
		w.Value.Minor += l.Unit.Minor * int64(units)
	}
	if w.Total = w.Value; whole {
		w.Total.Minor += delivery
	}
	return nil
}

// takenBack is how many units of each line are in a return, or withdrawn from.
func takenBack(tx *db.Tx, m ident.Merchant, id ident.Order) (map[ident.Line]int, error) {
	within, err := inReturns(tx, m, id)
	if err != nil {
		return nil, err
	}
	taken := map[ident.Line]int{}
	for line, u := range within {
		taken[line] = u.all()
	}
	withdrawn, err := Withdrawals(tx, m, []ident.Order{id})
	for _, w := range withdrawn[id] {
		for _, l := range w.Lines {
			if w.Return == "" && w.InTime {
				taken[l.Line] += l.Units
			}
		}
	}
	return taken, err
}

// NotDelivered is the reaction to promise.broken: from when on an order is late. What
// is promised about a return is none of it.
func NotDelivered(tx *flow.Tx, facts []flow.Fact) error {
	return flow.Each(func(tx *flow.Tx, f flow.Fact, b fact.PromiseBroken) error {
		if b.About != "" || b.Order == "" || (b.Owed != fact.DeliverBy && b.Owed != fact.DeliverInSlot) {
			return nil
		}
		return tx.Do(sqlInsertLate, f.Merchant, b.Order, b.Until)
	})(tx, facts)
}

// Summon takes a formal notice to deliver. An order that has one keeps it as it
// is. The faults are not_found, not_late and nothing_awaited.
func Summon(tx *flow.Tx, m ident.Merchant, id ident.Order) (d Demand, fresh bool, err error) {
	if d, ok, err := DemandOf(tx.Tx, m, id); err != nil || ok {
		return d, false, err
	}
	w, err := WaitedFor(tx.Tx, m, id)
	switch {
	case err != nil:
		return d, false, err
	case w.Due == 0:
		return d, false, fault.New(fault.Conflict, "not_late", "order")
	case len(w.Lines) == 0:
		return d, false, fault.New(fault.Conflict, "nothing_awaited", "order")
	}
	d = Demand{ID: ident.New[ident.Demand](tx.Mint), Order: id, Shopper: w.Order.Shopper, Due: w.Due, Sent: tx.Now, Until: w.Until}
	d.Statement = d.words(w)
	d.Hash = ident.Hash(d.Statement)
	if err := d.insert(tx, m); err != nil {
		return d, false, err
	}
	return d, true, tx.Emit(m, string(id), string(d.ID), fact.Demanded{
		Demand: d.ID, Order: id, Shopper: d.Shopper, Due: d.Due, Until: d.Until, Hash: d.Hash,
	})
}

// words are the notice as it is kept and sent: line by line, each known by its
// name, so that people and programs read the same.
func (d Demand) words(w Waited) string {
	var b strings.Builder
	fmt.Fprintf(&b, "formal notice: %s\nsent: %s\norder: %s\ndue: %s\nuntil: %s\n", d.ID, d.Sent.In(w.zone).Format(time.RFC3339Nano),
		d.Order, d.Due.In(w.zone).Format(time.RFC3339), d.Until.In(w.zone).Format(time.RFC3339))
	for _, l := range w.bought {
		if units := w.Lines[l.ID]; units > 0 {
			fmt.Fprintf(&b, "units: %d of %s, %s\n", units, l.ID, l.Name)
		}
	}
	return b.String()
}

// Decline is the shop's word that it will not deliver: the contract may be resolved
// at once. Said again it changes nothing. The faults are not_found and
// demand_resolved.
func (d Demand) Decline(tx *flow.Tx, m ident.Merchant) (Demand, error) {
	switch {
	case d.Resolved != 0:
		return d, fault.New(fault.Conflict, "demand_resolved", "demand")
	case d.Declined != 0:
		return d, nil
	}
	d.Declined = tx.Now
	return d, d.tell(tx, m)
}

// tell says to the shopper that the contract may be resolved, once.
func (d *Demand) tell(tx *flow.Tx, m ident.Merchant) error {
	if d.Told != 0 {
		return d.save(tx, m)
	}
	d.Told = tx.Now
	if err := d.save(tx, m); err != nil {
		return err
	}
	return tx.Emit(m, string(d.Order), string(d.ID), fact.Resolvable{
		Demand: d.ID, Order: d.Order, Shopper: d.Shopper, Declined: d.Declined != 0,
	})
}

// lapsed is a notice whose further period is over: the shopper is told that the
// contract may be resolved, unless everything came meanwhile.
func lapsed(tx *flow.Tx, m ident.Merchant, id ident.Demand) error {
	d, err := GetDemand(tx.Tx, m, id)
	if err != nil {
		return err
	}
	w, err := WaitedFor(tx.Tx, m, d.Order)
	if err != nil {
		return err
	}
	if len(w.Lines) == 0 || d.Resolved != 0 || d.Until > tx.Now {
		return d.save(tx, m)
	}
	return d.tell(tx, m)
}

// Resolve is the consumer's word that the contract is over for what never came:
// all that was paid for it is owed within fourteen days, and nothing comes back.
// Resolved again it answers the same return. The faults are demand_running and
// nothing_awaited.
func (d Demand) Resolve(tx *flow.Tx, m ident.Merchant) (Return, error) {
	if d.Return != "" {
		return Get(tx.Tx, m, d.Return)
	}
	w, err := WaitedFor(tx.Tx, m, d.Order)
	switch {
	case err != nil:
		return Return{}, err
	case len(w.Lines) == 0:
		return Return{}, fault.New(fault.Conflict, "nothing_awaited", "order")
	case !d.Resolvable(tx.Now):
		return Return{}, fault.New(fault.Conflict, "demand_running", "order", "until", (d.Until - 1).Day(w.zone))
	}
	c, err := ConditionsOf(tx.Tx, m)
	if err != nil {
		return Return{}, err
	}
	r, items := nothingBack(tx, w.Order, w.zone, w.bought, w.Lines)
	r.Ground, r.Key = fact.ByResolution, "resolution/"+string(w.Order.ID)
	d.Resolved, d.Return = tx.Now, r.ID
	if err := r.write(tx, m, c, items); err != nil {
		return Return{}, err
	}
	if err := d.save(tx, m); err != nil {
		return Return{}, err
	}
	return r, r.repay(tx, m, d, c)
}

// nothingBack is a return of units that nobody sends back, and its items. Its ground
// and its key are the caller's to set.
func nothingBack(tx *flow.Tx, o order.Order, zone *time.Location, bought []order.Line, units map[ident.Line]int) (Return, []Item) {
	nothing := money.Of(0, o.Currency)
	r := Return{
		ID: ident.New[ident.Return](tx.Mint), Order: o.ID, Shopper: o.Shopper, Route: fact.BackNotNeeded, Settlement: fact.Refund, State: Accepted,
		Value: nothing, Fee: nothing, Premium: nothing, Insured: nothing, Zone: zone.String(), AskedBy: tx.By(), Asked: tx.Now, Pickup: civil.NoDay,
	}
	var items []Item
	for _, l := range bought {
		n := units[l.ID]
		if n < 1 {
			continue
		}
		r.Units += n
		r.Value.Minor += l.Unit.Minor * int64(n)
		items = append(items, Item{ID: ident.New[ident.ReturnItem](tx.Mint), Line: l.ID, Units: n, Taxon: Unsaid})
	}
	return r, items
}

// write keeps a return of which nothing comes back, with the date its money is due.
func (r *Return) write(tx *flow.Tx, m ident.Merchant, c Conditions, items []Item) error {
	if err := r.clock(tx.Tx, m, c, tx.Now); err != nil {
		return err
	}
	r.Next = r.next(tx.Now)
	_, err := r.insert(tx, m, "", items)
	return err
}

// repay decides that all of it is owed: the law does, and nobody need look at goods
// that never left, unless it is more than a rule may pay.
func (r *Return) repay(tx *flow.Tx, m ident.Merchant, d Demand, c Conditions) error {
	err := tx.Emit(m, string(r.Order), string(r.ID), fact.Resolved{Sendback: r.told(), Demand: d.ID, Units: r.Units, Value: r.Value, RefundBy: r.RefundBy})
	if err != nil {
		return err
	}
	ruled, err := r.rule(tx, m, Ruling{Outcome: fact.InFull, Reasons: []Because{{Code: notDelivered}}}, c)
	if err != nil {
		return err
	}
	ruled.By, ruled.Why = flow.System, byRule(*r, ruled, c)
	_, err = r.decided(tx, m, ruled, c, deciding)
	return err
}
