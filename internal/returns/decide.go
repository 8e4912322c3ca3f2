package returns

import (
	"fmt"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/core/text"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Decide says what is owed for a return: all of it, a part with its reasons, or
// nothing with its reasons. Where a second person is needed the decision waits
// for one, and nothing is owed yet: see Why.
//
// The faults are not_found, return_state, decision_waiting (one waits already),
// not_inspected, stock_unanswered (an exchange waits for the shop's word: without
// it by its day the exchange is a refund), own_refund, unknown_value at outcome, reason_required, and those
// of the lines: field_required, unknown_line, line_twice, currency_mismatch,
// negative_amount, refund_above_captured, too_many_to_return.
func Decide(tx *flow.Tx, m ident.Merchant, id ident.Return, in Ruling) (Decision, error) {
	r, err := Get(tx.Tx, m, id)
	if err != nil {
		return Decision{}, err
	}
	if err := r.decidable(tx.Tx, m); err != nil {
		return Decision{}, err
	}
	c, err := ConditionsOf(tx.Tx, m)
	if err != nil {
		return Decision{}, err
	}
	d, err := r.rule(tx, m, in, c)
	if err != nil {
		return Decision{}, err
	}
	who, err := officerOf(tx, m)
	if err != nil {
		return Decision{}, err
	}
	if err := who.stranger(tx.Tx, m, r); err != nil {
		return Decision{}, err
	}
	if d.Why, err = who.second(tx.Tx, m, r, d, c); err != nil {
		return Decision{}, err
	}
	return r.decided(tx, m, d, c, deciding)
}

// decidable refuses a return nothing can be said of yet.
func (r Return) decidable(tx *db.Tx, m ident.Merchant) error {
	if _, err := step(r.State, deciding); err != nil {
		return err
	}
	if r.State == Accepted && r.sent() {
		return fault.New(fault.Conflict, "return_state", "return", "state", string(r.State), "verb", string(deciding))
	}
	if r.Stock == StockAsked {
		return fault.New(fault.Conflict, "stock_unanswered", "return", "until", (r.StockBy - 1).Day(r.zone()))
	}
	before, err := decisionsOf(tx, m, []ident.Return{r.ID})
	if err != nil {
		return err
	}
	if slices.ContainsFunc(before, func(d Decision) bool { return d.State == Waiting }) {
		return fault.New(fault.Conflict, "decision_waiting", "return")
	}
	if r.State != Received {
		return nil
	}
	found, err := Findings(tx, m, []ident.Return{r.ID})
	if err == nil && len(found[r.ID]) == 0 {
		err = fault.New(fault.Conflict, "not_inspected", "return")
	}
	return err
}

// rule brings a ruling to a decision.
func (r Return) rule(tx *flow.Tx, m ident.Merchant, in Ruling, c Conditions) (Decision, error) {
	d, err := r.reckon(tx.Tx, m, in, c)
	if err != nil {
		return Decision{}, err
	}
	d.ID, d.By, d.At = ident.New[ident.Decision](tx.Mint), tx.By(), tx.Now
	return d, nil
}

// reckon is a ruling with its sums: amounts are never more than was captured, in
// the order's currency.
func (r Return) reckon(tx *db.Tx, m ident.Merchant, in Ruling, c Conditions) (Decision, error) {
	if err := in.check(); err != nil {
		return Decision{}, err
	}
	var shown []evidence
	for i, why := range in.Reasons {
		shown = append(shown, evidence{fmt.Sprintf("reasons[%d].photos", i), why.Photos})
	}
	if err := knownPhotos(tx, m, shown...); err != nil {
		return Decision{}, err
	}
	books, before, err := r.books(tx, m)
	if err != nil {
		return Decision{}, err
	}
	var kept []fact.Withheld
	switch in.Outcome {
	case fact.InFull:
		items, err := Items(tx, m, []ident.Return{r.ID})
		if err != nil {
			return Decision{}, err
		}
		in.Lines, kept = books.full(r, items[r.ID], c)
	case fact.InPart:
		if err := books.check(in.Lines); err != nil {
			return Decision{}, err
		}
	}
	d := Decision{
		Return: r.ID, Order: r.Order, Sequence: 1, State: Final, Outcome: in.Outcome, Settlement: r.Settlement, Reasons: in.Reasons,
		Lines: in.Lines, Withheld: kept, Amount: total(in.Lines, r.Value.Currency), Day: civil.NoDay,
	}
	for _, old := range before {
		if old.Return == r.ID {
			d.Sequence = max(d.Sequence, old.Sequence+1)
		}
	}
	return d, nil
}

// books are what may be given back of the return's order, and the decisions about it.
func (r Return) books(tx *db.Tx, m ident.Merchant) (account, []Decision, error) {
	before, err := db.All(tx, sqlDecisionsOf, scanDecision, m, r.Order)
	if err != nil {
		return account{}, nil, err
	}
	if before, err = withLines(tx, m, before); err != nil {
		return account{}, nil, err
	}
	lines, err := order.Lines(tx, m, r.Order)
	return newAccount(lines, before, r.ID), before, err
}

func (in *Ruling) check() error {
	var faults fault.List
	if !slices.Contains(fact.Outcomes, in.Outcome) {
		faults.Add(fault.Invalid, "unknown_value", "outcome", "value", string(in.Outcome))
	}
	if in.Outcome != fact.InFull && len(in.Reasons) == 0 {
		faults.Add(fault.Invalid, "reason_required", "reasons")
	}
	if in.Outcome == fact.Refused && len(in.Lines) > 0 {
		faults.Add(fault.Invalid, "unknown_value", "lines", "value", len(in.Lines))
	}
	for i, b := range in.Reasons {
		text.Required(&faults, fmt.Sprintf("reasons[%d].code", i), b.Code, maxWord)
		text.Check(&faults, fmt.Sprintf("reasons[%d].note", i), b.Note, maxNote)
	}
	return faults.Err()
}

// decided writes a decision; a final one moves the return and is told.
func (r *Return) decided(tx *flow.Tx, m ident.Merchant, d Decision, c Conditions, v Verb) (Decision, error) {
	if d.Why != "" {
		d.State = Waiting
		return d, d.insert(tx, m)
	}
	if err := d.finish(tx, m, r, c); err != nil {
		return Decision{}, err
	}
	if err := d.insert(tx, m); err != nil {
		return Decision{}, err
	}
	return d, r.announce(tx, m, d, c, v)
}

// finish makes a decision final, and dates it.
func (d *Decision) finish(tx *flow.Tx, m ident.Merchant, r *Return, c Conditions) (err error) {
	d.State, d.FinalAt = Final, tx.Now
	if d.Amount.Minor > 0 {
		d.RefundBy = r.RefundBy
		if d.RefundBy == 0 || d.Sequence > 1 {
			d.RefundBy = r.where().After(tx.Now, c.ProcessDays)
		}
	}
	d.Day, err = shopDay(tx.Tx, m)
	return err
}

// shopDay is the day where the merchant lives, by which caps are counted.
func shopDay(tx *db.Tx, m ident.Merchant) (civil.Day, error) {
	shop, err := whereShop(tx, m)
	if err != nil {
		return 0, err
	}
	return tx.Now.Day(shop.Zone), nil
}

// announce moves the return on and tells what is owed.
func (r *Return) announce(tx *flow.Tx, m ident.Merchant, d Decision, c Conditions, v Verb) error {
	r.ContestBy = r.where().After(tx.Now, c.ContestDays)
	if d.Amount.Minor == 0 && d.Sequence == 1 {
		r.UpliftAt = 0
	}
	if err := r.move(tx, m, v); err != nil {
		return err
	}
	if err := r.bookCover(tx, m, d); err != nil {
		return err
	}
	return tx.Emit(m, string(r.Order), string(d.ID), fact.ReturnDecided{
		Sendback: r.told(), Decision: d.ID, Sequence: d.Sequence, Outcome: d.Outcome, Settlement: d.Settlement, Amount: d.Amount,
		Lines: d.Lines, Withheld: d.Withheld, RefundBy: d.RefundBy,
	})
}

// Decline says no to a held return, with reasons: it is a decision, and may be
// contested. The faults are not_found, return_state, second_person (whoever asked
// for it) and reason_required.
func Decline(tx *flow.Tx, m ident.Merchant, id ident.Return, reasons []Because) (Decision, error) {
	r, err := Get(tx.Tx, m, id)
	if err != nil {
		return Decision{}, err
	}
	if _, err := step(r.State, declining); err != nil {
		return Decision{}, err
	}
	if r.AskedBy == tx.By() {
		return Decision{}, fault.New(fault.Forbidden, "second_person", "return")
	}
	c, err := ConditionsOf(tx.Tx, m)
	if err != nil {
		return Decision{}, err
	}
	d, err := r.rule(tx, m, Ruling{Outcome: fact.Refused, Reasons: reasons}, c)
	if err != nil {
		return Decision{}, err
	}
	d.Amount = money.Of(0, r.Value.Currency)
	r.LookBy = 0
	return r.decided(tx, m, d, c, declining)
}

// Paid is the reaction to payment.refunded and payment.credit_given: what was
// owed is paid, and a return with nothing left to do is closed.
func Paid(tx *flow.Tx, facts []flow.Fact) error {
	for _, f := range facts {
		var p fact.Repayment
		switch b := f.Body.(type) {
		case fact.Refunded:
			p = b.Repayment
		case fact.CreditGiven:
			if b.MoneyFollows {
				continue
			}
			p = b.Repayment
		}
		if err := paid(tx.Because(f), f.Merchant, p.Decision); err != nil {
			return err
		}
	}
	return nil
}

func paid(tx *flow.Tx, m ident.Merchant, id ident.Decision) error {
	fresh, err := tx.Changed(sqlPaid, m, id, tx.Now)
	if err != nil || !fresh {
		return err
	}
	d, ok, err := db.One(tx.Tx, sqlDecision, scanDecision, m, id)
	if err != nil || !ok {
		return err
	}
	r, err := Get(tx.Tx, m, d.Return)
	if err != nil {
		return err
	}
	return r.close(tx, m)
}

// close ends a return that nobody waits for: paid, not disputed, and given in
// full or past contesting. Any other stays as it is.
func (r *Return) close(tx *flow.Tx, m ident.Merchant) error {
	if r.State != Decided {
		return nil
	}
	ds, err := decisionsOf(tx.Tx, m, []ident.Return{r.ID})
	if err != nil {
		return err
	}
	open, err := disputed(tx.Tx, m, r.ID)
	if err != nil {
		return err
	}
	if open || !r.spent(ds) || tx.Now < r.ContestBy && !full(ds) {
		return nil
	}
	r.UpliftAt, r.ContestBy = 0, min(r.ContestBy, tx.Now)
	if err := r.move(tx, m, closing); err != nil {
		return err
	}
	return tx.Emit(m, string(r.Order), string(r.ID), fact.ReturnClosed{Sendback: r.told()})
}

// spent reports whether all that is owed was given.
func (r *Return) spent(ds []Decision) bool {
	return !slices.ContainsFunc(ds, func(d Decision) bool {
		exchanged := d.Settlement == fact.Exchange && r.Exchanged != ""
		return d.State == Waiting || d.State == Final && d.Amount.Minor > 0 && d.Paid == 0 && !exchanged
	})
}

func full(ds []Decision) bool {
	return slices.ContainsFunc(ds, func(d Decision) bool { return d.State == Final && d.Outcome == fact.InFull })
}
