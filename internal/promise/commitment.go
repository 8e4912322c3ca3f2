package promise

import (
	"cmp"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Commit writes down what a token promised. Check the token against the order
// first, and call it in the transaction that places the order: what was shown is
// then owed, or nothing was bought. The fault token_used refuses a token that an
// order was already placed with.
func Commit(tx *flow.Tx, m ident.Merchant, p Promised, o ident.Order, s ident.Shopper) (Commitment, error) {
	c := Commitment{
		ID: ident.New[ident.Commitment](tx.Mint), Order: o, Shopper: s,
		Service: p.Service, Stock: p.Stock,
		From: p.From, Until: p.Until, Zone: p.Zone, Collect: p.Collect,
		Origin: FromQuote, Quote: p.Quote, Shown: p.Shown, Locale: p.Locale,
		Confidence: p.Confidence, Basis: p.Basis, HandoverBy: p.HandoverBy, Grace: p.Grace,
		State: fact.Open, Made: tx.Now,
	}
	c.Owed, c.Clock = delivery(p.Slot)
	return undertake(tx, m, c)
}

// delivery is what is owed, and by which clock.
func delivery(slot bool) (fact.Owed, Clock) {
	if slot {
		return fact.DeliverInSlot, SlotClock
	}
	return fact.DeliverBy, ShopperClock
}

// CommitComplete writes down, beside the delivery promise of an order, that the
// order is to be complete: every unit there, and undamaged. It is due when the
// delivery is. Call it once an order, in the transaction that places it.
func CommitComplete(tx *flow.Tx, m ident.Merchant, of Commitment) (Commitment, error) {
	c := of.beside()
	c.ID, c.Made = ident.New[ident.Commitment](tx.Mint), tx.Now
	return undertake(tx, m, c)
}

// beside is the promise of a complete order for a delivery promise. It has no
// quote and no confidence: those speak of the date.
func (c Commitment) beside() Commitment {
	return Commitment{
		Owed: fact.Complete, Order: c.Order, Shopper: c.Shopper, Service: c.Service, Stock: c.Stock,
		From: c.From, Until: c.Until, Zone: c.Zone, Clock: ShopperClock, Collect: c.Collect,
		Origin: c.Origin, Shown: c.Shown, Locale: c.Locale, Grace: c.Grace, State: fact.Open,
	}
}

// Unpromised is an order placed without any date.
type Unpromised struct {
	Order   ident.Order
	Shopper ident.Shopper
	Service ident.Service // may be empty
	Collect bool          // the service delivers to a point
	Zone    string        // IANA zone of the destination
	Shown   string        // the words the shopper read, if any
	Locale  lang.Locale
	Grace   time.Duration
}

// lawDays is how long a trader who named no date has: Code de la consommation,
// article L216-1, "au plus tard trente jours après la conclusion du contrat". The
// day of the contract does not count (Regulation 1182/71, article 3), and we do
// not claim its extension over Sundays and holidays against the shopper.
const lawDays = 30

// CommitByLaw writes down what is owed when nobody named a date: delivery within
// thirty days. The fault is unknown_zone.
func CommitByLaw(tx *flow.Tx, m ident.Merchant, u Unpromised) (Commitment, error) {
	zone, err := civil.Zone(u.Zone)
	if err != nil {
		return Commitment{}, err
	}
	c := Commitment{
		ID: ident.New[ident.Commitment](tx.Mint), Owed: fact.DeliverBy, Order: u.Order, Shopper: u.Shopper,
		Service: u.Service,
		Until:   (tx.Now.Day(zone) + lawDays).End(zone), Zone: u.Zone, Clock: LawClock, Collect: u.Collect,
		Origin: FromLaw, Shown: u.Shown, Locale: u.Locale, Grace: u.Grace,
		State: fact.Open, Made: tx.Now,
	}
	return undertake(tx, m, c)
}

// undertake writes a new commitment and says so.
func undertake(tx *flow.Tx, m ident.Merchant, c Commitment) (Commitment, error) {
	c.dueAt, c.assessAt = c.Due(), firstLook(c)
	fresh, err := insert(tx, m, c)
	if err != nil {
		return Commitment{}, err
	}
	if !fresh {
		return Commitment{}, fault.New(fault.Conflict, "token_used", "token")
	}
	return c, tx.Emit(m, c.subject(), string(c.ID), fact.PromiseMade{Promise: c.body(), Confidence: c.Confidence})
}

// Amendment is another window, and who wants it.
type Amendment struct {
	From, Until civil.Instant // From may be 0; Until is exclusive
	Zone        string        // IANA zone of another destination; empty: the same
	Slot        bool          // handed over inside both ends; else by Until
	Collect     bool          // it goes to a point from now on, to be collected
	By          fact.Party
	Shown       string // the words the shopper agreed to
	Locale      lang.Locale
}

// Amend closes a delivery promise and opens its successor, because the shopper
// chose so and for no other reason: a carrier that is late moves no date. What
// the order owes beside it, to be complete, moves along. It answers the
// successor.
//
// The faults are amend_not_shopper, not_found, amend_no_date (it is no delivery
// promise), commitment_closed (it is settled, or its deadline has passed: a
// breach is not amended away), window_out_of_order and date_out_of_range.
func Amend(tx *flow.Tx, m ident.Merchant, id ident.Commitment, a Amendment) (Commitment, error) {
	if a.By != fact.ByShopper {
		return Commitment{}, fault.New(fault.Forbidden, "amend_not_shopper", "by", "by", string(a.By))
	}
	old, err := Get(tx.Tx, m, id)
	if err != nil {
		return Commitment{}, err
	}
	if !old.Delivers() {
		return Commitment{}, fault.New(fault.Conflict, "amend_no_date", "commitment")
	}
	if err := a.check(tx.Now); err != nil {
		return Commitment{}, err
	}
	next, done, err := replace(tx, m, old, old.amended(a))
	if err != nil {
		return Commitment{}, err
	}
	if !done {
		return Commitment{}, fault.New(fault.Conflict, "commitment_closed", "commitment", "state", string(old.State))
	}
	return next, moveComplete(tx, m, next)
}

// replace closes a commitment and opens its successor; done is false when it can
// not be closed any more.
func replace(tx *flow.Tx, m ident.Merchant, old, next Commitment) (_ Commitment, done bool, err error) {
	if old.State != fact.Open || tx.Now >= old.Until {
		return Commitment{}, false, nil
	}
	next.ID, next.Made, next.Predecessor = ident.New[ident.Commitment](tx.Mint), tx.Now, old.ID
	if done, err = tx.Changed(sqlAmend, m, old.ID, next.ID); err != nil || !done {
		return Commitment{}, false, err
	}
	err = tx.Emit(m, string(old.Order), string(old.ID), fact.PromiseAmended{
		Promise: old.body(), Successor: next.ID, NewFrom: next.From, NewUntil: next.Until,
	})
	if err != nil {
		return Commitment{}, false, err
	}
	next, err = undertake(tx, m, next)
	return next, true, err
}

// moveComplete gives the promise of a complete order the window of the delivery
// that the shopper chose, unless it is settled.
func moveComplete(tx *flow.Tx, m ident.Merchant, delivery Commitment) error {
	of, err := OfOrders(tx.Tx, m, []ident.Order{delivery.Order})
	if err != nil {
		return err
	}
	if old := CompleteOf(of[delivery.Order]); old.ID != "" {
		_, _, err = replace(tx, m, old, delivery.beside())
	}
	return err
}

func (a Amendment) check(now civil.Instant) error {
	if a.Until <= max(a.From, now) {
		return fault.New(fault.Invalid, "window_out_of_order", "until")
	}
	return civil.CheckInstant("until", a.Until, now)
}

// amended is the successor of a delivery promise. It has no quote and no
// confidence: nobody computed it, the shopper chose it.
func (c Commitment) amended(a Amendment) Commitment {
	next := Commitment{
		Order: c.Order, Shopper: c.Shopper, Service: c.Service, Stock: c.Stock,
		From: a.From, Until: a.Until, Zone: cmp.Or(a.Zone, c.Zone), Collect: c.Collect || a.Collect,
		Origin: FromRule, Shown: a.Shown, Locale: a.Locale, Grace: c.Grace, State: fact.Open,
	}
	next.Owed, next.Clock = delivery(a.Slot)
	return next
}

// Void ends what orders owe, where the deadline has not passed: what is already
// overdue is left for the clock to judge. reason is the ground: OrderCancelled, Withdrawn.
func Void(tx *flow.Tx, m ident.Merchant, orders []ident.Order, reason string) error {
	return void(tx, m, orders, reason, nil)
}

// Cancelled is the reaction to order.cancelled.
func Cancelled(tx *flow.Tx, facts []flow.Fact) error {
	causes := map[ident.Order]flow.Fact{}
	var orders []ident.Order
	for _, f := range facts {
		o := ident.Order(f.Subject)
		causes[o], orders = f, append(orders, o)
	}
	return void(tx, facts[0].Merchant, orders, OrderCancelled, causes)
}

func void(tx *flow.Tx, m ident.Merchant, orders []ident.Order, reason string, causes map[ident.Order]flow.Fact) error {
	of, err := OfOrders(tx.Tx, m, orders)
	if err != nil {
		return err
	}
	var heard []hearing
	for _, o := range orders {
		for _, c := range of[o] {
			about := reason == Withdrawn && c.About != "" // a question is still to be answered
			if c.State == fact.Open && tx.Now < c.Until && !about {
				heard = append(heard, hearing{
					commitment: c, cause: causes[o],
					ruling: Ruling{State: fact.Void, Reason: reason, Liable: fact.ByNobody, Trust: fact.TrustConfirmed},
				})
			}
		}
	}
	return settle(tx, m, heard)
}
