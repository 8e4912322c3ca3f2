package payment

import (
	"strings"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/text"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Confirm notes that a refund was carried out, at an instant: by the shop that was
// asked to, or by a person who saw to a stuck one. reference is what the shop's
// books or the provider call it. Confirming the same again changes nothing.
//
// The faults are not_found, refund_not_waiting, refund_confirmed_early,
// refund_reference_taken and those of the instant and the reference.
func Confirm(tx *flow.Tx, m ident.Merchant, id ident.Refund, at civil.Instant, reference string) error {
	reference = strings.TrimSpace(reference)
	r, err := Get(tx.Tx, m, id)
	if err != nil {
		return err
	}
	if r.State == Done && r.Reference == reference {
		return nil
	}
	if r.State != Asked && r.State != Stuck {
		return fault.New(fault.Conflict, "refund_not_waiting", "refund", "state", string(r.State))
	}
	if err := r.checkConfirmation(tx, m, at, reference); err != nil {
		return err
	}
	done := r
	done.State, done.Why, done.Next, done.Reference, done.Done = Done, "", 0, reference, at
	return done.become(tx, m, r)
}

func (r Refund) checkConfirmation(tx *flow.Tx, m ident.Merchant, at civil.Instant, reference string) error {
	p, err := placeOf(tx.Tx, m)
	if err != nil {
		return err
	}
	var faults fault.List
	text.Required(&faults, "reference", reference, maxReference)
	switch {
	case at > tx.Now:
		faults.Add(fault.Invalid, "instant_in_the_future", "at")
	case at < r.Ordered:
		faults.Add(fault.Invalid, "refund_confirmed_early", "at", "ordered", r.Ordered.Day(p.zone))
	}
	if err := faults.Err(); err != nil {
		return err
	}
	other, taken, err := db.One(tx.Tx, sqlReferenceTaken, db.Scalar[ident.Refund], m, r.Provider, reference)
	if err == nil && taken && other != r.ID {
		return fault.New(fault.Conflict, "refund_reference_taken", "reference", "reference", reference)
	}
	return err
}

// LookAgain has the provider asked once more what became of a stuck refund. The
// call is made again only if the provider never had it and still knows its key.
// The faults are not_found and refund_not_waiting.
func LookAgain(tx *flow.Tx, m ident.Merchant, id ident.Refund) error {
	r, err := Get(tx.Tx, m, id)
	if err != nil {
		return err
	}
	if r.State != Stuck || r.Provider == Offline {
		return fault.New(fault.Conflict, "refund_not_waiting", "refund", "state", string(r.State))
	}
	again := r
	again.State, again.Why, again.Looks, again.Next = Unknown, "", 0, tx.Wall
	return save(tx, m, &again)
}

// Notice is what a provider says by itself. The adapter has proved who says it.
type Notice struct {
	ID     string // the provider's, once per event
	Key    string // ours
	Answer Answer
}

// ReadNotice reads what a provider sent by itself, at a machine time, and proves
// by its signature and our secret who said it; false where it is not about a
// refund of ours. The fault is notice_unsigned.
type ReadNotice func(body []byte, signature, secret string, now civil.Instant) (Notice, bool, error)

// Heard notes what a provider says by itself, once. It reports whether it was
// about a refund of the merchant's.
func Heard(tx *flow.Tx, m ident.Merchant, p Provider, n Notice) (known bool, err error) {
	r, known, err := db.One(tx.Tx, sqlRefundOfKey, scanRefund, m, n.Key)
	if err != nil || !known || r.Provider != p {
		return false, err
	}
	_, fresh, err := db.One(tx.Tx, sqlNotice, db.Scalar[string], m, p, n.ID, tx.Wall)
	if err != nil || !fresh {
		return true, err
	}
	return true, settle(tx, m, r.ID, outcome{answer: &n.Answer})
}
