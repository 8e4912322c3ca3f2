package lastmile

import (
	"context"
	"errors"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/relay"
	"github.com/promesse-dev/promesse/internal/tracking"
)

// Answer is what a carrier says to a change, the same once and again. A late
// answer counts: what it can no longer bring about is refused as a fault, and the
// change stays unanswered. That the carrier has the question is no answer.
//
// The faults are not_found at "change", also for a change put to somebody else;
// and the conflicts change_settled (the other answer was given), change_over (the
// parcel is there, or the hour has passed), change_superseded (another one was
// asked for since) and slot_full, slot_closed or unknown_slot.
func Answer(tx *flow.Tx, m ident.Merchant, by ident.Connection, id ident.Change, a carrier.ChangeAnswer) (Change, error) {
	c, err := ChangeOf(tx.Tx, m, id)
	if err == nil && c.Connection != by {
		err = fault.New(fault.NotFound, "not_found", "change")
	}
	if err != nil {
		return Change{}, err
	}
	return c.answered(tx, m, a)
}

func (c Change) answered(tx *flow.Tx, m ident.Merchant, a carrier.ChangeAnswer) (Change, error) {
	to := ChangeState(a.Outcome)
	switch {
	case a.Outcome == carrier.ChangeTaken || c.State == to:
		return c, nil
	case c.State == ChangeAccepted || c.State == ChangeRefused:
		return c, fault.New(fault.Conflict, "change_settled", "change", "state", string(c.State))
	case to == ChangeAccepted && c.Regroup != "":
		return c.agree(tx, m)
	case to == ChangeAccepted:
		return c.accept(tx, m, a)
	}
	return c.end(tx, m, ChangeRefused, a)
}

// accept carries a change out: the place it holds becomes the order's, the point
// or the door where it goes is the order's, and who hears of it amends what is owed.
func (c Change) accept(tx *flow.Tx, m ident.Merchant, a carrier.ChangeAnswer) (Change, error) {
	if err := c.stillOpen(tx.Tx, m); err != nil {
		return c, err
	}
	if c.Wanted.Slot && !c.held {
		if err := c.take(tx, m); err != nil {
			return c, err
		}
	}
	c.State, c.Said, c.held = ChangeAccepted, a.Text, false
	if err := c.move(tx, m); err != nil {
		return c, err
	}
	if c.Wanted.Slot {
		if err := c.rebook(tx, m); err != nil {
			return c, err
		}
	}
	if err := c.carryOut(tx, m); err != nil {
		return c, err
	}
	return c, tx.Emit(m, string(c.Order), string(c.ID), fact.ChangeAccepted{Change: c.body(), Wanted: c.Wanted})
}

// carryOut changes where the order goes. One that goes nowhere any more has no use for
// its place in a slot.
func (c Change) carryOut(tx *flow.Tx, m ident.Merchant) error {
	switch c.What {
	case fact.Redirect:
		return order.SendTo(tx, m, c.Order, c.Wanted.Point)
	case fact.Readdress:
		return order.Readdress(tx, m, c.Order, c.Parcel, c.To)
	case fact.CallBack:
		return Release(tx, m, c.Order)
	}
	return nil
}

// stillOpen refuses an acceptance that brings about nothing any more.
func (c Change) stillOpen(tx *db.Tx, m ident.Merchant) error {
	all, err := Changes(tx, m, c.Order)
	if err != nil {
		return err
	}
	for _, later := range all {
		if later.ID > c.ID && (later.State == ChangeAsked || later.State == ChangeAccepted) {
			return fault.New(fault.Conflict, "change_superseded", "change")
		}
	}
	stories, err := tracking.Stories(tx, m, []ident.Parcel{c.Parcel})
	if err != nil {
		return err
	}
	forgotten := c.What == fact.Readdress && c.To.Street == ""
	if forgotten || ended(stories[c.Parcel]) || !c.Wanted.Until.IsZero() && tx.Now >= c.Wanted.Until {
		return fault.New(fault.Conflict, "change_over", "change")
	}
	return nil
}

// rebook gives the order the place that was kept, and the one it had back.
func (c Change) rebook(tx *flow.Tx, m ident.Merchant) error {
	if err := Release(tx, m, c.Order); err != nil {
		return err
	}
	b := Booking{
		ID: ident.New[ident.Booking](tx.Mint), Service: c.Service, From: c.Wanted.From, Until: c.Wanted.Until, Zone: c.Zone, Order: c.Order, Shopper: c.Shopper,
	}
	return b.write(tx, m)
}

// end closes a change without effect, and gives back what it held.
func (c Change) end(tx *flow.Tx, m ident.Merchant, to ChangeState, a carrier.ChangeAnswer) (Change, error) {
	held := c.held
	c.State, c.Reason, c.Said, c.held = to, a.Reason, a.Text, false
	if err := c.move(tx, m); err != nil {
		return c, err
	}
	if held {
		if err := tx.Do(sqlGiveBack, m, c.Service, c.Wanted.From, c.Wanted.Until); err != nil {
			return c, err
		}
	}
	if to == ChangeUnanswered {
		return c, tx.Emit(m, string(c.Order), string(c.ID), fact.ChangeUnanswered{Change: c.body()})
	}
	if err := tx.Emit(m, string(c.Order), string(c.ID), fact.ChangeRefused{Change: c.body(), Reason: c.Reason}); err != nil || c.Regroup == "" {
		return c, err
	}
	if err := fell(tx, m, c.Order, c.Reason); err != nil {
		return c, err
	}
	return c, c.letGo(tx, m)
}

// silent ends a change to which nobody said anything in time. One that is done with
// others or not at all is over with it.
func (c Change) silent(tx *flow.Tx, m ident.Merchant) (err error) {
	if c.Regroup != "" {
		_, err = c.end(tx, m, ChangeRefused, carrier.ChangeAnswer{Reason: c.silence(true)})
		return err
	}
	_, err = c.end(tx, m, ChangeUnanswered, carrier.ChangeAnswer{})
	return err
}

// move writes what became of a change. Of two who answer at once the second finds
// it settled.
func (c *Change) move(tx *flow.Tx, m ident.Merchant) error {
	c.Changed = tx.Now
	done, err := tx.Changed(sqlMoveChange, m, c.ID, c.State, c.Reason, c.Said, c.Changed)
	if err == nil && !done {
		err = fault.New(fault.Conflict, "change_settled", "change", "state", string(c.State))
	}
	return err
}

// Silences is the sweep that says of a change that nobody answered in time.
func Silences() flow.Sweep {
	return flow.Sweep{
		Name: "lastmile.Silences",
		Find: func(tx *db.Tx, now civil.Instant, limit int) ([]flow.Due, error) {
			return db.All(tx, sqlSilent, scanDue, now, limit)
		},
		Next: func(tx *db.Tx) (civil.Instant, error) {
			at, _, err := db.One(tx, sqlNextSilent, db.Scalar[civil.Instant])
			return at, err
		},
		Do: func(tx *flow.Tx, m ident.Merchant, ids []string) error {
			all, err := db.All(tx.Tx, sqlSilentOf, scanChange, m, db.In(ids), tx.Now)
			if err != nil {
				return err
			}
			for _, c := range all {
				if err := c.silent(tx, m); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

// ChangeErrand is the kind of the errand that asks.
const ChangeErrand = "lastmile.Change"

// changeTries is how often a carrier is asked. When all were in vain, its time
// runs out as for any silence.
const changeTries = 6

// changing is the errand's body.
type changing struct {
	Change ident.Change       `json:"change"`
	Step   carrier.ChangeStep `json:"step,omitempty"` // that follows its yes
}

// Asker carries changes to carriers over the one way there is.
func (o *Office) Asker() flow.Errander {
	return flow.Errander{
		Kind: ChangeErrand, Tries: changeTries,
		Run: func(ctx context.Context, e flow.Errand) (flow.Settle, error) {
			ask, err := o.asking(ctx, e)
			if err != nil || !ask.due() {
				return nothing, err
			}
			a, err := ask.by.Change(ctx, o.Out, ask.connection, e.Key, ask.request())
			switch {
			case err != nil && ask.step != "":
				return nil, carrier.RefusalOf(err)
			case err != nil:
				return o.failed(e, ask.change, carrier.RefusalOf(err))
			case ask.step != "":
				return func(tx *flow.Tx) error { return ask.change.told(tx, e.Merchant, ask.step, a) }, nil
			}
			return settled(e, ask.change.ID, a), nil
		},
		Gone: func(tx *flow.Tx, e flow.Errand, _ error) error {
			var body changing
			if err := e.Decode(&body); err != nil || body.Step != carrier.ChangeConfirm {
				return err
			}
			c, err := ChangeOf(tx.Tx, e.Merchant, body.Change)
			if err != nil {
				return err
			}
			return c.told(tx, e.Merchant, body.Step, carrier.ChangeAnswer{Outcome: carrier.ChangeRefused, Reason: fact.ChangeSilent})
		},
	}
}

// due reports whether what is to be asked still wants asking.
func (a asking) due() bool {
	switch a.step {
	case carrier.ChangeConfirm:
		return a.change.State == ChangeAccepted
	case carrier.ChangeRelease:
		return a.change.State == ChangeRefused
	}
	return a.change.State == ChangeAsked && a.change.Agreed.IsZero()
}

func nothing(*flow.Tx) error { return nil }

// failed is a call that brought no answer: tried again, unless the carrier will
// not hear of it.
func (o *Office) failed(e flow.Errand, c Change, r carrier.Refusal) (flow.Settle, error) {
	if r.Final && !r.Unknown() {
		return settled(e, c.ID, carrier.ChangeAnswer{Outcome: carrier.ChangeRefused, Reason: fact.ChangeSaidNo, Text: r.Text}), nil
	}
	return nil, r
}

// settled writes an answer down. One that comes too late to bring anything about
// is a refusal: the carrier said yes to nothing.
func settled(e flow.Errand, id ident.Change, a carrier.ChangeAnswer) flow.Settle {
	return func(tx *flow.Tx) error {
		c, err := ChangeOf(tx.Tx, e.Merchant, id)
		if err != nil || c.State == ChangeAccepted || c.State == ChangeRefused {
			return err
		}
		if a.Outcome == carrier.ChangeAccepted {
			if err := c.stillOpen(tx.Tx, e.Merchant); fault.Is(err, "change_over") || fault.Is(err, "change_superseded") {
				a = carrier.ChangeAnswer{Outcome: carrier.ChangeRefused, Reason: fact.ChangeTooLate}
			}
		}
		_, err = c.answered(tx, e.Merchant, a)
		if fault.KindOf(err) == fault.Conflict && c.State == ChangeUnanswered { // its slot is another's by now
			return nil
		}
		return err
	}
}

// asking is a change with whom it is put to.
type asking struct {
	step       carrier.ChangeStep // that follows its yes; empty: it is asked
	change     Change
	connection carrier.Connection
	by         carrier.Changer
	order      order.Order
	point      relay.Point
}

func (o *Office) asking(ctx context.Context, e flow.Errand) (ask asking, err error) {
	var body changing
	if err := e.Decode(&body); err != nil {
		return ask, flow.Final{Err: err}
	}
	ask.step = body.Step
	err = o.Flow.Read(ctx, func(tx *db.Tx) (err error) {
		if ask.change, err = ChangeOf(tx, e.Merchant, body.Change); err != nil {
			return err
		}
		if ask.connection, err = carrier.Get(tx, e.Merchant, ask.change.Connection); err != nil {
			return err
		}
		if ask.order, err = order.Get(tx, e.Merchant, ask.change.Order); err != nil {
			return err
		}
		if ask.change.Wanted.Point != "" {
			ask.point, err = relay.Get(tx, ask.change.Wanted.Point)
		}
		return err
	})
	if err != nil {
		return ask, err
	}
	var ok bool
	if ask.by, ok = carrier.As[carrier.Changer](o.Adapters, ask.connection.Adapter); !ok {
		return ask, flow.Final{Err: errors.New("no adapter " + ask.connection.Adapter + " takes changes")}
	}
	return ask, nil
}

// request is what the carrier is told.
func (a asking) request() carrier.ChangeRequest {
	c := a.change
	r := carrier.ChangeRequest{
		Change: c.ID, Order: c.Order, Reference: a.order.Reference, Number: c.Number, Asks: c.What, From: c.Wanted.From, Until: c.Wanted.Until, Point: a.point.Code, Words: c.Words,
		Step: a.step,
	}
	if c.What == fact.Readdress {
		to := carrier.ChangeAddress(c.To)
		r.To = &to
	}
	if r.Step == "" && c.Regroup != "" {
		r.Step, r.HoldUntil = carrier.ChangeHold, c.AnswerBy.Add(holdAfter)
	}
	return r
}
