package promise

import (
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
		ID: ident.New[ident.Commitment](tx.Mint), Owed: fact.DeliverBy, Order: o, Shopper: s,
		Service: p.Service, Stock: p.Stock,
		From: p.From, Until: p.Until, Zone: p.Zone, Clock: ShopperClock, Collect: p.Collect,
		Origin: FromQuote, Quote: p.Quote, Shown: p.Shown, Locale: p.Locale,
		Confidence: p.Confidence, Basis: p.Basis, HandoverBy: p.HandoverBy, Grace: p.Grace,
		State: fact.Open, Made: tx.Now,
	}
	return undertake(tx, m, c)
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
	return c, tx.Emit(m, string(c.Order), string(c.ID), fact.PromiseMade{Promise: c.body(), Confidence: c.Confidence})
}

// Amendment is another window, and who wants it.
type Amendment struct {
	From, Until civil.Instant // From may be 0; Until is exclusive
	By          fact.Party
	Shown       string // the words the shopper agreed to
	Locale      lang.Locale
}

// Amend closes a commitment and opens its successor, because the shopper chose
// so and for no other reason: a carrier that is late moves no date. It answers
// the successor.
//
// The faults are amend_not_shopper, not_found, commitment_closed (it is settled,
// or its deadline has passed: a breach is not amended away), window_out_of_order
// and date_out_of_range.
func Amend(tx *flow.Tx, m ident.Merchant, id ident.Commitment, a Amendment) (Commitment, error) {
	if a.By != fact.ByShopper {
		return Commitment{}, fault.New(fault.Forbidden, "amend_not_shopper", "by", "by", string(a.By))
	}
	old, err := Get(tx.Tx, m, id)
	if err != nil {
		return Commitment{}, err
	}
	if err := a.check(tx.Now); err != nil {
		return Commitment{}, err
	}
	next := old.amended(a)
	next.ID, next.Made = ident.New[ident.Commitment](tx.Mint), tx.Now
	open := old.State == fact.Open && tx.Now < old.Until
	if open {
		open, err = tx.Changed(sqlAmend, m, id, next.ID)
	}
	if err != nil {
		return Commitment{}, err
	}
	if !open {
		return Commitment{}, fault.New(fault.Conflict, "commitment_closed", "commitment", "state", string(old.State))
	}
	err = tx.Emit(m, string(old.Order), string(old.ID), fact.PromiseAmended{
		Promise: old.body(), Successor: next.ID, NewFrom: next.From, NewUntil: next.Until,
	})
	if err != nil {
		return Commitment{}, err
	}
	return undertake(tx, m, next)
}

func (a Amendment) check(now civil.Instant) error {
	if a.Until <= max(a.From, now) {
		return fault.New(fault.Invalid, "window_out_of_order", "until")
	}
	return civil.CheckInstant("until", a.Until, now)
}

// amended is the successor of a commitment. It has no quote and no confidence:
// nobody computed it, the shopper chose it.
func (c Commitment) amended(a Amendment) Commitment {
	return Commitment{
		Owed: c.Owed, Order: c.Order, Shopper: c.Shopper, Service: c.Service, Stock: c.Stock,
		From: a.From, Until: a.Until, Zone: c.Zone, Clock: ShopperClock, Collect: c.Collect,
		Origin: FromRule, Shown: a.Shown, Locale: a.Locale, Grace: c.Grace,
		State: fact.Open, Predecessor: c.ID,
	}
}

// Void ends what orders owe, where the deadline has not passed: what is already
// overdue is left for the clock to judge. reason is the ground, OrderCancelled.
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
			if c.State == fact.Open && tx.Now < c.Until {
				heard = append(heard, hearing{
					commitment: c, cause: causes[o],
					ruling: Ruling{State: fact.Void, Reason: reason, Liable: fact.ByNobody, Trust: fact.TrustConfirmed},
				})
			}
		}
	}
	return settle(tx, m, heard)
}
