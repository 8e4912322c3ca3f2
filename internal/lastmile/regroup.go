package lastmile

import (
	"cmp"
	"slices"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/relay"
)

// Deliveries of several shops and carriers are regrouped in two steps, so that none
// is moved unless all are:
//
//	asked ──── each carrier is asked to hold: say whether it would, and keep it possible
//	  │          member: open, its change asked, and then agreed or refused
//	  ├─► settled   all agreed before the deadline: one transaction over all merchants
//	  │             accepts every change, which amends every promise; each carrier is then
//	  │             told to confirm, until it does
//	  └─► fallen    one refused or said nothing in time, was cancelled or moved otherwise:
//	                every other change is refused as apart, every promise is as it was, and
//	                carriers are told to let go (what they hold lapses by itself)
//
// A member for which nothing is asked, because it is promised for that day at that
// place already, has agreed from the beginning. A carrier that does not confirm what
// it agreed to is told of as such (change_unkept): the promise stands, and is judged.

// RegroupState is where a regrouping stands.
type RegroupState string

// The states.
const (
	RegroupAsked   RegroupState = "asked"
	RegroupSettled RegroupState = "settled"
	RegroupFell    RegroupState = "fallen"
)

// MemberState is where a delivery of one stands.
type MemberState string

// The states. One that is open waits for its carrier, or for the others.
const (
	MemberOpen    MemberState = "open"
	MemberSettled MemberState = "settled"
	MemberFell    MemberState = "fallen"
)

// Regroup is deliveries that a person wants together.
type Regroup struct {
	ID       ident.Regroup
	Person   ident.Person
	Key      string
	State    RegroupState
	Day      civil.Day   // local
	Point    ident.Point // empty: at the door
	Asked    civil.Instant
	AnswerBy civil.Instant // exclusive; for all
	Ended    civil.Instant // zero: not yet
	Before   Span
	After    Span
	Method   string // of the figures of CO2
}

// Joined is a delivery of a regrouping.
type Joined struct {
	Merchant ident.Merchant
	Regroup  ident.Regroup
	Order    ident.Order
	Shopper  ident.Shopper
	Change   ident.Change // empty: nothing is asked for it
	State    MemberState
	Reason   fact.ChangeReason // why it fell
	Window   civil.Window
	Slot     bool
	Promised civil.Instant // until when it was promised before
}

// RegroupErrand is the kind of the errand that looks whether all have agreed.
const RegroupErrand = "lastmile.Regroup"

// How many deliveries are regrouped at a time, and for how long after the deadline
// carriers keep what they agreed to: we decide before it, they hear of it after.
const (
	minMembers = 2
	MaxMembers = 6
	holdAfter  = 30 * time.Minute
)

// Owed is an order with what it is owed, as the room of promises has it.
type Owed struct {
	Merchant ident.Merchant
	Order    ident.Order
	Delivery Delivery
}

// Gathering is a regrouping as a shopper asks for it.
type Gathering struct {
	Person  ident.Person
	Key     string // the same key is the same regrouping, however often it is sent
	Day     civil.Day
	Spot    Spot
	Members []Owed
}

// Gather asks the carriers of some deliveries to bring them together. Run it in a
// write of all their merchants, with what they are owed read in it. What was asked
// before under the same key is that regrouping.
//
// The faults are regroup_members (fewer than two, or more than six), regroup_not_now
// (one of them can not be there on that day, or no more) and regroup_nothing (all
// are there already); and those of slots, at "slot".
func (o *Office) Gather(tx *flow.Tx, g Gathering) (r Regroup, err error) {
	before, known, err := db.One(tx.Tx, sqlRegroupByKey, scanRegroup, g.Person, g.Key)
	if err != nil || known {
		return before, err
	}
	if n := len(g.Members); n < minMembers || n > MaxMembers {
		return r, fault.New(fault.Invalid, "regroup_members", "members", "least", minMembers, "most", MaxMembers)
	}
	t, err := o.together(tx.Tx, g)
	if err != nil {
		return r, err
	}
	r = Regroup{
		ID: ident.New[ident.Regroup](tx.Mint), Person: g.Person, Key: g.Key, State: RegroupAsked, Day: g.Day, Point: g.Spot.Point.ID,
		Asked: tx.Now, AnswerBy: t.answerBy(tx.Now), Before: t.Before, After: t.After, Method: t.Method,
	}
	if r.AnswerBy.IsZero() {
		return r, fault.New(fault.Conflict, "regroup_nothing", "members")
	}
	if err := insertRegroup(tx, r); err != nil {
		return r, err
	}
	for _, m := range t.Members {
		if err := r.join(tx, m); err != nil {
			return r, err
		}
	}
	return r, nil
}

// together is the plan as it is now, of which nothing may be missing.
func (o *Office) together(tx *db.Tx, g Gathering) (t Together, err error) {
	var all []Candidate
	for _, w := range g.Members {
		c, err := o.Candidate(tx, w.Merchant, w.Order, w.Delivery)
		if err != nil {
			return t, err
		}
		all = append(all, c)
	}
	p, err := o.Plan(all, g.Spot, tx.Now)
	if err != nil {
		return t, err
	}
	t = p.On(g.Day)
	if slices.ContainsFunc(t.Members, func(m Member) bool { return m.Not != "" }) {
		return t, fault.New(fault.Conflict, "regroup_not_now", "members")
	}
	return t, nil
}

// answerBy is when all must have answered: as long as the slowest of them takes, and
// not beyond what any of them takes changes until. Zero: nobody is asked.
func (t Together) answerBy(now civil.Instant) (by civil.Instant) {
	var last civil.Instant
	for _, m := range t.Members {
		if m.What == "" {
			continue
		}
		by = max(by, now.Add(m.Within))
		if last.IsZero() || m.AskBy < last {
			last = m.AskBy
		}
	}
	return min(by, cmp.Or(last, by))
}

// join writes a member, and asks its carrier to hold.
func (r Regroup) join(tx *flow.Tx, m Member) error {
	j := Joined{
		Merchant: m.Merchant, Regroup: r.ID, Order: m.Order, Shopper: m.Shopper, State: MemberOpen, Window: m.Window, Slot: m.Way.Slot, Promised: m.Stay.Window.Until,
	}
	if m.What == "" {
		return insertMember(tx, j)
	}
	c := m.can.change(tx, Wish{Order: m.Order, Key: string(r.ID), What: m.What}, m.delivery())
	c.Regroup, c.AnswerBy = r.ID, r.AnswerBy
	c.Wanted = fact.Wanted{From: m.Window.From, Until: m.Window.Until, Slot: m.Way.Slot}
	if m.What == fact.Redirect {
		c.Wanted.Point = r.Point
	}
	if c.held = c.Wanted.Slot; c.held {
		if err := c.take(tx, m.Merchant); err != nil {
			return err
		}
	}
	j.Change = c.ID
	if err := insertMember(tx, j); err != nil {
		return err
	}
	if err := insertChange(tx, m.Merchant, c); err != nil {
		return err
	}
	err := tx.Emit(m.Merchant, string(c.Order), string(c.ID), fact.ChangeAsked{
		Change: c.body(), Wanted: c.Wanted, AnswerBy: c.AnswerBy, HoldUntil: c.AnswerBy.Add(holdAfter),
	})
	if err != nil || m.can.Connection.Inquiries == "" {
		return err // who has no address hears by webhook, and answers by the API
	}
	return tx.Enqueue(m.Merchant, ChangeErrand, string(c.ID), changing{Change: c.ID})
}

// agree notes that a carrier would. Nothing is changed yet.
func (c Change) agree(tx *flow.Tx, m ident.Merchant) (Change, error) {
	if err := c.stillOpen(tx.Tx, m); err != nil {
		return c, err
	}
	first, err := tx.Changed(sqlAgree, m, c.ID, tx.Now)
	if err != nil || !first {
		return c, err // it had agreed before
	}
	c.Agreed = tx.Now
	if err := tx.Emit(m, string(c.Order), string(c.ID), fact.ChangeAgreed{Change: c.body()}); err != nil {
		return c, err
	}
	return c, lookAt(tx, m, c.Regroup, string(c.ID)+"/agreed")
}

// lookAt has somebody look whether all of a regrouping have agreed, or one fell.
func lookAt(tx *flow.Tx, m ident.Merchant, r ident.Regroup, key string) error {
	return tx.Enqueue(m, RegroupErrand, key, looking{r})
}

// fell notes that a member is none any more, and tells so; once.
func fell(tx *flow.Tx, m ident.Merchant, o ident.Order, why fact.ChangeReason) error {
	j, was, err := db.One(tx.Tx, sqlMoveMember, scanJoined, m, o, MemberFell, why)
	if err != nil || !was {
		return err
	}
	r, _, err := db.One(tx.Tx, sqlRegroup, scanRegroup, j.Regroup)
	if err != nil {
		return err
	}
	if err := tx.Emit(m, string(o), string(j.Regroup)+"/"+string(o), fact.RegroupFallen{Regrouping: j.body(r.Point)}); err != nil {
		return err
	}
	return lookAt(tx, m, j.Regroup, string(o)+"/"+string(j.Regroup)+"/fallen")
}

// body is what facts say of a member.
func (j Joined) body(p ident.Point) fact.Regrouping {
	return fact.Regrouping{Order: j.Order, Shopper: j.Shopper, Change: j.Change, Until: j.Window.Until, Point: p}
}

// leave ends the member of an order that was cancelled, or moved otherwise.
func leave(tx *flow.Tx, m ident.Merchant, o ident.Order) error {
	j, is, err := db.One(tx.Tx, sqlOpenMember, scanJoined, m, o)
	if err != nil || !is {
		return err
	}
	if j.Change == "" {
		return fell(tx, m, o, fact.ChangeImpossible)
	}
	c, err := ChangeOf(tx.Tx, m, j.Change)
	if err != nil || c.State != ChangeAsked {
		return err
	}
	_, err = c.end(tx, m, ChangeRefused, carrier.ChangeAnswer{Reason: fact.ChangeImpossible})
	return err
}

// RegroupsOf reads what a person wanted together, the newest first.
func RegroupsOf(tx *db.Tx, persons []ident.Person, limit int) ([]Regroup, error) {
	return db.All(tx, sqlRegroupsOf, scanRegroup, db.In(persons), limit)
}

// RegroupOf reads one of them. The fault is not_found, for another person's too.
func RegroupOf(tx *db.Tx, persons []ident.Person, id ident.Regroup) (Regroup, error) {
	r, ok, err := db.One(tx, sqlRegroup, scanRegroup, id)
	if err == nil && (!ok || !slices.Contains(persons, r.Person)) {
		err = fault.New(fault.NotFound, "not_found", "regroup")
	}
	return r, err
}

// JoinedOf reads the deliveries of a regrouping, over all merchants: it is for the
// person whose it is, and for nobody else.
func JoinedOf(tx *db.Tx, id ident.Regroup) ([]Joined, error) {
	return db.All(tx, sqlJoined, scanJoined, id)
}

// PointOf reads where a regrouping comes together; the zero Point at a door.
func (r Regroup) PointOf(tx *db.Tx) (p relay.Point, err error) {
	if r.Point == "" {
		return p, nil
	}
	return relay.Get(tx, r.Point)
}
