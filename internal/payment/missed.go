package payment

import (
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Outcome of a claim that money has not come.
type Outcome string

// The outcomes.
const (
	Found     Outcome = "found"      // it is there: the shopper or the bank found it
	SentAgain Outcome = "sent_again" // the bank had sent it back: see the refund
)

// Claim is a shopper who says that the money of a refund has not come.
type Claim struct {
	Refund   ident.Refund
	Said     civil.Instant
	AnswerBy civil.Instant // exclusive
	Answered civil.Instant // zero while open
	Answer   Outcome
}

// Missed opens a claim: the banks had their days and the money has not come.
// Saying it again answers the claim as it stands. The faults are not_found,
// refund_not_done and refund_not_due_yet.
func Missed(tx *flow.Tx, m ident.Merchant, id ident.Refund) (c Claim, err error) {
	r, err := Get(tx.Tx, m, id)
	if err != nil {
		return c, err
	}
	if r.State != Done || r.Money.Minor == 0 {
		return c, fault.New(fault.Conflict, "refund_not_done", "refund")
	}
	p, err := placeOf(tx.Tx, m)
	if err != nil {
		return c, err
	}
	if tx.Now < r.ArrivesBy.End(p.zone) {
		return c, fault.New(fault.Conflict, "refund_not_due_yet", "refund", "day", r.ArrivesBy)
	}
	t, err := TermsOf(tx.Tx, m)
	if err != nil {
		return c, err
	}
	c = Claim{Refund: id, Said: tx.Now, AnswerBy: p.after(tx.Now, t.AnswerDays).End(p.zone)}
	_, fresh, err := db.One(tx.Tx, sqlMissed, db.Scalar[ident.Refund], m, id, c.Said, c.AnswerBy)
	if err != nil {
		return c, err
	}
	if !fresh {
		c, _, err = ClaimOf(tx.Tx, m, id)
		return c, err
	}
	return c, tx.Emit(m, string(r.Order), string(r.ID), fact.RefundMissed{Repayment: r.repayment(r.Money), AnswerBy: c.AnswerBy})
}

// AnswerClaim closes a claim. Answering again changes nothing. The faults are
// not_found and unknown_value.
func AnswerClaim(tx *flow.Tx, m ident.Merchant, id ident.Refund, o Outcome) error {
	if o != Found && o != SentAgain {
		return fault.New(fault.Invalid, "unknown_value", "outcome", "value", string(o))
	}
	if _, ok, err := ClaimOf(tx.Tx, m, id); err != nil || !ok {
		if err == nil {
			err = fault.New(fault.NotFound, "not_found", "claim")
		}
		return err
	}
	return tx.Do(sqlAnswerClaim, m, id, tx.Now, o)
}

// ClaimOf reads the claim about a refund; false when there is none.
func ClaimOf(tx *db.Tx, m ident.Merchant, id ident.Refund) (Claim, bool, error) {
	return db.One(tx, sqlClaim, scanClaim, m, id)
}

// OpenClaims pages through the claims nobody has answered, the most urgent first.
// after is the last claim of the page before; zero at first.
func OpenClaims(tx *db.Tx, m ident.Merchant, after Claim, limit int) ([]Claim, error) {
	return db.All(tx, sqlOpenClaims, scanClaim, m, int64(after.AnswerBy), after.Refund, limit)
}
