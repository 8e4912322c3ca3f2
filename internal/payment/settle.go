package payment

import (
	"fmt"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// settle writes what a step found out. It goes by the refund as it stands now,
// for the provider may have spoken by itself meanwhile.
func settle(tx *flow.Tx, m ident.Merchant, id ident.Refund, o outcome) error {
	r, err := Get(tx.Tx, m, id)
	if err != nil {
		return err
	}
	after, ok := r.after(o, tx.Wall)
	if !ok {
		return nil
	}
	return after.become(tx, m, r)
}

// after is a refund once a step has found something out, at a machine time; false
// when that changes nothing.
func (r Refund) after(o outcome, wall civil.Instant) (Refund, bool) {
	was := r.State
	switch {
	case o.permitted:
		return r.permitted(wall), was == Ordered
	case o.answer != nil:
		return r.answered(*o.answer, wall)
	case o.why != "":
		r.State, r.Why, r.Next = Stuck, o.why, 0
		return r, was.leadsTo(Stuck)
	case o.missing:
		return r.missing(wall)
	case o.unclear:
		return r.unclear(wall)
	}
	return r, false
}

// permitted is a refund of which a call may leave.
func (r Refund) permitted(wall civil.Instant) Refund {
	r.State, r.Sent, r.Calls, r.Next = Sent, wall, r.Calls+1, 0
	if r.First.IsZero() {
		r.First = wall
	}
	return r
}

// remembered reports whether the provider surely knows our key again: then the
// same call can not pay twice.
func (r Refund) remembered(wall civil.Instant) bool {
	return r.First.IsZero() || wall.Before(r.First.Add(keyLife))
}

// missing is a refund that the provider does not have. While it remembers the
// key it is asked again; after that nobody but a person may.
func (r Refund) missing(wall civil.Instant) (Refund, bool) {
	switch {
	case r.State == Pending:
		r.Next = wall.Add(pendingLook)
		return r, true
	case r.State != Sent && r.State != Unknown && r.State != Stuck:
		return r, false
	case r.State == Stuck:
		r.Next = 0
		return r, true
	case r.remembered(wall) && r.Calls < mostCalls:
		return r.permitted(wall), true
	}
	r.State, r.Why, r.Next = Stuck, NotKnown, 0
	if r.remembered(wall) {
		r.Why = NeverCarried
	}
	return r, true
}

// unclear is a refund of which the provider told nothing: it is asked again
// soon, and after its key's life a person is asked too.
func (r Refund) unclear(wall civil.Instant) (Refund, bool) {
	if r.State != Sent && r.State != Unknown && r.State != Stuck && r.State != Pending {
		return r, false
	}
	r.Next = wall.Add(wait(r.Looks))
	r.Looks++
	if r.State == Sent {
		r.State = Unknown
	}
	if r.State == Unknown && !r.remembered(wall) {
		r.State, r.Why = Stuck, NotKnown
	}
	return r, true
}

// answered is a refund of which the provider told.
func (r Refund) answered(a Answer, wall civil.Instant) (Refund, bool) {
	if a.Amount.Currency != "" && a.Amount != r.Money {
		a.State, a.Why = Stuck, OtherAmount
	}
	if r.State == a.State && a.State == Pending {
		r.Next = wall.Add(pendingLook)
		return r, true
	}
	if !r.State.leadsTo(a.State) {
		return r, false
	}
	r.State, r.Why, r.Next, r.Looks = a.State, a.Why, 0, 0
	if a.Reference != "" {
		r.Reference = a.Reference
	}
	switch a.State {
	case Pending:
		r.Next = wall.Add(pendingLook)
	case Done:
		r.Done = a.At
	}
	return r, true
}

// become saves a refund that was another before, tells it, and sends for its next
// step when a call may leave.
func (r Refund) become(tx *flow.Tx, m ident.Merchant, was Refund) (err error) {
	if r.State == Done && was.State != Done {
		if r, err = r.carriedOut(tx, m); err != nil {
			return err
		}
	}
	if err := save(tx, m, &r); err != nil {
		return err
	}
	switch {
	case r.State == was.State && r.State != Sent:
		return nil
	case r.State == Sent:
		return send(tx, m, r)
	case r.State == Stuck:
		return tx.Emit(m, string(r.Order), r.occasion(), fact.RefundStuck{Repayment: r.repayment(r.Money), Why: r.Why})
	case r.State == Done:
		on := string(r.ID)
		if !was.Done.IsZero() { // it had been, and failed later
			on = r.occasion()
		}
		return tx.Emit(m, string(r.Order), on, fact.Refunded{Repayment: r.repayment(r.Money), At: r.Done, ArrivesBy: r.ArrivesBy})
	}
	return nil
}

// occasion names a happening that a refund may see more than once.
func (r Refund) occasion() string { return fmt.Sprintf("%s/%d", r.ID, r.version) }

// carriedOut dates a refund that is done: by the provider's word, but never in the
// future and never before it was ordered, whatever its clock says.
func (r Refund) carriedOut(tx *flow.Tx, m ident.Merchant) (Refund, error) {
	if r.Done.IsZero() || r.Done > tx.Now {
		r.Done = tx.Now
	}
	r.Done = max(r.Done, min(r.Ordered, tx.Now))
	t, err := TermsOf(tx.Tx, m)
	if err != nil {
		return r, err
	}
	p, err := placeOf(tx.Tx, m)
	if err != nil {
		return r, err
	}
	r.ArrivesBy = p.after(r.Done, t.BankDays)
	return r, nil
}

// Looks are the refunds of which the provider is to be asked again. Their
// instants are machine time.
func Looks() flow.Sweep {
	return flow.Sweep{
		Name: "payment.Look",
		Find: func(tx *db.Tx, _ civil.Instant, limit int) ([]flow.Due, error) {
			return db.All(tx, sqlDueLooks, scanDue, tx.Wall, limit)
		},
		Next: func(tx *db.Tx) (civil.Instant, error) {
			next, _, err := db.One(tx, sqlNextLook, db.Scalar[civil.Instant])
			return next, err
		},
		Do: func(tx *flow.Tx, m ident.Merchant, ids []string) error {
			// Should the errand be lost, the clock comes again.
			if err := tx.Do(sqlLookSoon, m, db.In(ids), tx.Wall.Add(2*permit), tx.Wall); err != nil {
				return err
			}
			for _, id := range ids {
				r, err := Get(tx.Tx, m, ident.Refund(id))
				if err != nil {
					return err
				}
				if err := send(tx, m, r); err != nil {
					return err
				}
			}
			return nil
		},
	}
}
