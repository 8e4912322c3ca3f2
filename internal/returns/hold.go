package returns

import (
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Approve lets a held return pass, and keeps why. Whoever asked for it can not be
// who lets it pass. The faults are not_found, return_state, second_person and
// those of the reason.
func Approve(tx *flow.Tx, m ident.Merchant, id ident.Return, reason string) (Return, error) {
	r, err := Get(tx.Tx, m, id)
	if err != nil {
		return Return{}, err
	}
	if r.State == Held && r.AskedBy == tx.By() {
		return Return{}, fault.New(fault.Forbidden, "second_person", "return")
	}
	if err := r.pass(tx, m, fact.ByMerchant); err != nil {
		return Return{}, err
	}
	return r, Word{Verb: LetPass, Reason: reason}.keep(tx, m, id)
}

// pass takes a held return on; its time to deposit begins now.
func (r *Return) pass(tx *flow.Tx, m ident.Merchant, by fact.Party) error {
	c, err := ConditionsOf(tx.Tx, m)
	if err != nil {
		return err
	}
	r.LookBy = 0
	if r.Route != fact.BackNotNeeded {
		r.DepositBy = r.where().After(tx.Now, c.DepositDays)
	}
	if err := r.move(tx, m, approving); err != nil {
		return err
	}
	return r.accepted(tx, m, by)
}

// Cancel takes a return back before it is deposited: its labels are void. Taking
// it back again changes nothing. The faults are not_found and return_state.
func Cancel(tx *flow.Tx, m ident.Merchant, id ident.Return, by fact.Party) (Return, error) {
	r, err := Get(tx.Tx, m, id)
	if err != nil || r.State == Cancelled {
		return r, err
	}
	if r.Route == fact.BackRecalled { // its carrier is on the way with it
		return Return{}, fault.New(fault.Conflict, "return_state", "return", "state", string(r.State), "verb", string(cancelling))
	}
	if err := r.move(tx, m, cancelling); err != nil {
		return Return{}, err
	}
	if err := r.void(tx, m); err != nil {
		return Return{}, err
	}
	return r, tx.Emit(m, string(r.Order), string(r.ID), fact.ReturnCancelled{Sendback: r.told(), By: by, Window: r.Window()})
}

// remind tells that the days to deposit the parcel run out.
func (r *Return) remind(tx *flow.Tx, m ident.Merchant) error {
	if err := r.save(tx, m, r.State); err != nil {
		return err
	}
	return tx.Emit(m, string(r.Order), string(r.ID)+"/"+r.DepositBy.String(), fact.ReturnExpiring{Sendback: r.told(), DepositBy: r.DepositBy})
}

// lapse ends a return that nobody deposited.
func (r *Return) lapse(tx *flow.Tx, m ident.Merchant) error {
	if err := r.move(tx, m, expiring); err != nil {
		return err
	}
	if err := r.void(tx, m); err != nil {
		return err
	}
	return tx.Emit(m, string(r.Order), string(r.ID), fact.ReturnExpired{Sendback: r.told()})
}

// AnswerStock is the shop's word on the goods an exchange needs. Without them the
// exchange becomes a refund. To say it again changes nothing. The faults are
// not_found and no_exchange.
func AnswerStock(tx *flow.Tx, m ident.Merchant, id ident.Return, there bool) (Return, error) {
	r, err := Get(tx.Tx, m, id)
	if err != nil {
		return Return{}, err
	}
	answer := OutOfStock
	if there {
		answer = InStock
	}
	if r.Stock == answer {
		return r, nil
	}
	if r.Stock != StockAsked {
		return Return{}, fault.New(fault.Conflict, "no_exchange", "return")
	}
	r.answer(answer)
	return r, r.save(tx, m, r.State)
}

func (r *Return) answer(s Stock) {
	r.Stock, r.StockBy = s, civil.Instant(0)
	if s != InStock {
		r.Settlement = fact.Refund
	}
}

// Exchanged links the order that goes out for a return. The faults are not_found
// and no_exchange.
func Exchanged(tx *flow.Tx, m ident.Merchant, id ident.Return, by ident.Order) error {
	r, err := Get(tx.Tx, m, id)
	if err != nil {
		return err
	}
	if r.Stock != InStock || r.Exchanged != "" && r.Exchanged != by {
		return fault.New(fault.Conflict, "no_exchange", "return")
	}
	r.Exchanged = by
	return r.save(tx, m, r.State)
}
