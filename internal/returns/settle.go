package returns

import (
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Settle is the second person's word on a dispute: what the shopper said stands,
// and in says what is owed beyond what was decided; or it does not, and words say
// why. Upheld without anything to pay lets a return that was declined come back.
// The second person is nobody who asked for the return, inspected it, or decided.
//
// The faults are not_found, dispute_settled, second_person, own_refund,
// limit_exceeded, reason_required, and those of Decide's lines.
func Settle(tx *flow.Tx, m ident.Merchant, id ident.Dispute, upheld bool, in Ruling, words string) (Dispute, error) {
	d, r, err := disputing(tx.Tx, m, id)
	if err != nil {
		return Dispute{}, err
	}
	s := Statement{By: fact.ByMerchant, Words: words}
	if err := s.check(); err != nil {
		return Dispute{}, err
	}
	if err := r.maySettle(tx, m); err != nil {
		return Dispute{}, err
	}
	if err := s.say(tx, m, id); err != nil {
		return Dispute{}, err
	}
	if upheld {
		if err := r.grant(tx, m, in); err != nil {
			return Dispute{}, err
		}
	}
	return d, r.settle(tx, m, &d, upheld, false)
}

// maySettle refuses whoever had a hand in the return before.
func (r Return) maySettle(tx *flow.Tx, m ident.Merchant) error {
	before, err := decisionsOf(tx.Tx, m, []ident.Return{r.ID})
	if err != nil {
		return err
	}
	if err := r.other(tx.Tx, m, tx.By(), before); err != nil {
		return err
	}
	who, err := officerOf(tx, m)
	if err != nil {
		return err
	}
	return who.stranger(tx.Tx, m, r)
}

// grant is what follows from a dispute that is upheld.
func (r *Return) grant(tx *flow.Tx, m ident.Merchant, in Ruling) error {
	if r.NeverSent() {
		return r.readmit(tx, m)
	}
	c, err := ConditionsOf(tx.Tx, m)
	if err != nil {
		return err
	}
	d, err := r.rule(tx, m, in, c)
	if err != nil {
		return err
	}
	who, err := officerOf(tx, m)
	if err != nil {
		return err
	}
	if err := who.within(tx.Tx, m, d, c); err != nil {
		return err
	}
	_, err = r.decided(tx, m, d, c, amending)
	return err
}

// NeverSent reports whether the return was declined before anything was sent: then
// it may come back, and nothing is paid yet.
func (r Return) NeverSent() bool {
	return r.Proved() == 0 && r.sent() && r.Parcel == ""
}

// readmit lets a return come back that was declined.
func (r *Return) readmit(tx *flow.Tx, m ident.Merchant) error {
	c, err := ConditionsOf(tx.Tx, m)
	if err != nil {
		return err
	}
	r.Why, r.ContestBy, r.DepositBy = readmitted, 0, r.where().After(tx.Now, c.DepositDays)
	if err := r.move(tx, m, readmitting); err != nil {
		return err
	}
	return r.accepted(tx, m, fact.ByMerchant)
}

func (r *Return) settle(tx *flow.Tx, m ident.Merchant, d *Dispute, upheld, rule bool) error {
	d.State, d.Settled, d.Settler, d.ByRule = Rejected, tx.Now, tx.By(), rule
	if upheld {
		d.State = Upheld
	}
	by := "person"
	if rule {
		by = "rule"
	}
	if err := tx.Do(sqlSettle, m, d.ID, d.State, by, d.Settler, d.Settled); err != nil {
		return err
	}
	err := tx.Emit(m, string(r.Order), string(d.ID), fact.DisputeSettled{Sendback: r.told(), Dispute: d.ID, Upheld: upheld, By: by})
	if err != nil {
		return err
	}
	return r.close(tx, m)
}

// silent settles a dispute whose deadline is over by rule: for the shopper when
// the shop did not answer, for the shop when the shopper did not. What a rule can
// not pay alone waits for a person.
func silent(tx *flow.Tx, m ident.Merchant, id ident.Dispute) error {
	d, r, err := disputing(tx.Tx, m, id)
	if fault.Is(err, "dispute_settled") {
		return nil
	}
	if err != nil {
		return err
	}
	if d.AnswerBy > tx.Now {
		return nil
	}
	upheld := d.State == DisputeOpen
	if upheld {
		if err := r.grantByRule(tx, m); err != nil {
			return err
		}
	}
	return r.settle(tx, m, &d, upheld, true)
}

// grantByRule pays what the shopper claims: all that was not given.
func (r *Return) grantByRule(tx *flow.Tx, m ident.Merchant) error {
	if r.NeverSent() {
		return r.readmit(tx, m)
	}
	c, err := ConditionsOf(tx.Tx, m)
	if err != nil {
		return err
	}
	d, err := r.rule(tx, m, Ruling{Outcome: fact.InFull}, c)
	if err != nil {
		return err
	}
	d.Reasons, d.Why = []Because{{Code: "no_answer"}}, byRule(*r, d, c)
	_, err = r.decided(tx, m, d, c, amending)
	return err
}
