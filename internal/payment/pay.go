package payment

import (
	"fmt"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Pay orders the refund of each decision, once. A decision of which nothing is
// owed in money, an exchange or a refusal, orders none. What store credit had paid
// goes back as store credit; all else by the means that paid, as law.md asks of a
// withdrawal, unless the shopper chose credit.
//
// The faults are not_found, currency_mismatch, refund_amount_invalid,
// negative_quantity, refund_line_unknown, refund_lines_disagree,
// refund_above_captured and amount_overflow: the decision is refused with them.
func Pay(tx *flow.Tx, facts []flow.Fact) error {
	return flow.Each(pay)(tx, facts)
}

func pay(tx *flow.Tx, f flow.Fact, d fact.ReturnDecided) error {
	if nothingOwed(d) {
		return nil
	}
	b, err := billOf(tx.Tx, f.Merchant, d.Order)
	if err != nil {
		return err
	}
	lines, err := b.check(d)
	if err != nil {
		return err
	}
	r := b.refund(d)
	r.ID, r.Ordered = ident.New[ident.Refund](tx.Mint), tx.Now
	if r.State == Done {
		r.Done = tx.Now
	}
	fresh, err := insertRefund(tx, f.Merchant, r)
	if err != nil || !fresh {
		return err
	}
	for _, l := range lines {
		if err := tx.Do(sqlInsertLine, f.Merchant, r.ID, l.Line, r.Order, l.Units, l.Amount.Minor, l.Amount.Currency); err != nil {
			return err
		}
	}
	return r.announce(tx, f.Merchant)
}

// nothingOwed reports whether a decision gives nothing back: it refuses, it gives
// other goods, or what came back had cost nothing.
func nothingOwed(d fact.ReturnDecided) bool {
	paid := slices.ContainsFunc(d.Lines, func(l fact.RefundLine) bool { return !l.Amount.IsZero() })
	free := d.Amount.IsZero() && !paid && d.RefundBy.IsZero()
	return d.Outcome == fact.Refused || d.Settlement == fact.Exchange || free
}

// announce tells what a refund will give, books its credit and sends for its money.
func (r Refund) announce(tx *flow.Tx, m ident.Merchant) error {
	if r.Credit.Minor > 0 {
		if err := credit(tx, m, "refund:"+string(r.ID), r.Shopper, r.Credit); err != nil {
			return err
		}
		if err := tx.Emit(m, string(r.Order), string(r.ID), fact.CreditGiven{Repayment: r.repayment(r.Credit), MoneyFollows: r.Money.Minor > 0}); err != nil {
			return err
		}
	}
	if r.Money.Minor == 0 {
		return nil
	}
	if err := tx.Emit(m, string(r.Order), string(r.ID), fact.RefundOrdered{Repayment: r.repayment(r.Money)}); err != nil {
		return err
	}
	return send(tx, m, r)
}

// bill is what was paid for an order, and what went back of it.
type bill struct {
	order order.Order
	lines map[ident.Line]order.Line
	back  map[ident.Line]int64 // given back before, in minor units
	money int64                // what may still go back by the means that paid
	means Means
}

func billOf(tx *db.Tx, m ident.Merchant, id ident.Order) (b bill, err error) {
	if b.order, err = order.Get(tx, m, id); err != nil {
		return b, err
	}
	lines, err := order.Lines(tx, m, id)
	if err != nil {
		return b, err
	}
	b.lines, b.back = map[ident.Line]order.Line{}, map[ident.Line]int64{}
	for _, l := range lines {
		b.lines[l.ID] = l
	}
	before, err := db.All(tx, sqlLinesOf, scanBacked, m, id)
	if err != nil {
		return b, err
	}
	for _, l := range before {
		b.back[l.line] += l.minor
	}
	if b.money, err = moneyLeft(tx, m, b.order); err != nil {
		return b, err
	}
	b.means, err = MeansOf(tx, m, id)
	return b, err
}

// moneyLeft is what was paid for an order in money, less what was ordered back.
func moneyLeft(tx *db.Tx, m ident.Merchant, o order.Order) (int64, error) {
	s, ok, err := db.One(tx, sqlSpent, scanSpent, m, o.ID)
	if err != nil {
		return 0, err
	}
	back, _, err := db.One(tx, sqlMoneyBack, db.Scalar[int64], m, o.ID)
	paid := o.Value.Minor
	if ok && s.back.IsZero() {
		paid -= s.amount.Minor
	}
	return paid - back, err
}

// check tells all that is wrong with a decision, and answers its lines, each of
// the order's lines once.
func (b bill) check(d fact.ReturnDecided) ([]Line, error) {
	var faults fault.List
	if b.checkAmount(&faults, "amount", d.Amount) && d.Amount.IsZero() {
		faults.Add(fault.Invalid, "refund_amount_invalid", "amount", "amount", d.Amount)
	}
	sum, lines := money.Of(0, b.order.Currency), []Line(nil)
	for i, l := range d.Lines {
		at := fmt.Sprintf("lines[%d]", i)
		if _, ok := b.lines[l.Line]; !ok {
			faults.Add(fault.Invalid, "refund_line_unknown", at+".line", "line", string(l.Line))
			continue
		}
		if l.Units < 0 {
			faults.Add(fault.Invalid, "negative_quantity", at+".units")
		}
		if !b.checkAmount(&faults, at+".amount", l.Amount) {
			continue
		}
		var err error
		if sum, err = sum.Add(l.Amount); err != nil {
			return nil, err
		}
		if !l.Amount.IsZero() { // units that had cost nothing
			lines = join(lines, Line{l.Line, l.Units, l.Amount})
		}
	}
	if len(faults) == 0 && sum != d.Amount {
		faults.Add(fault.Invalid, "refund_lines_disagree", "lines", "sum", sum, "amount", d.Amount)
	}
	for _, l := range lines {
		if left := b.lines[l.Line].Captured.Minor - b.back[l.Line]; l.Amount.Minor > left {
			faults.Add(fault.Conflict, "refund_above_captured", "lines", "amount", l.Amount, "left", money.Of(left, l.Amount.Currency))
		}
	}
	return lines, faults.Err()
}

// checkAmount refuses what is in another currency, or less than nothing.
func (b bill) checkAmount(faults *fault.List, field string, a money.Amount) bool {
	if a.Currency != b.order.Currency {
		faults.Add(fault.Invalid, "currency_mismatch", field, "currency", string(a.Currency), "expected", string(b.order.Currency))
		return false
	}
	if a.Minor < 0 {
		faults.Add(fault.Invalid, "refund_amount_invalid", field, "amount", a)
		return false
	}
	return true
}

// join adds a line to lines of which each is of another line of the order. The
// sum was counted before: it does not overflow.
func join(lines []Line, l Line) []Line {
	i := slices.IndexFunc(lines, func(o Line) bool { return o.Line == l.Line })
	if i < 0 {
		return append(lines, l)
	}
	lines[i].Units += l.Units
	lines[i].Amount.Minor += l.Amount.Minor
	return lines
}

// refund is how a decision is paid.
func (b bill) refund(d fact.ReturnDecided) Refund {
	r := Refund{
		Decision: d.Decision, Key: string(d.Decision), Return: d.Return, Order: d.Order, Shopper: d.Shopper,
		Settlement: d.Settlement, State: Ordered, Due: d.RefundBy, version: 1,
		Money: d.Amount, Credit: money.Of(0, d.Amount.Currency),
	}
	if d.Settlement == fact.Credit {
		r.Money.Minor = 0
	}
	r.Money.Minor = max(0, min(r.Money.Minor, b.money))
	r.Credit.Minor = d.Amount.Minor - r.Money.Minor
	if r.Money.Minor == 0 {
		r.State = Done
		return r
	}
	r.Provider, r.Capture = b.means.Provider, b.means.Reference
	return r
}
