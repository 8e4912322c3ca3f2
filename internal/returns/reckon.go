package returns

import (
	"fmt"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
)

// account is what may be given back of an order: what was captured line by line,
// less what earlier decisions gave, waiting ones included.
type account struct {
	lines []order.Line
	given map[ident.Line]given
	mine  map[ident.Line]given // of which for the return at hand
}

// given is what was given back of a line.
type given struct {
	units int
	minor int64
}

func newAccount(lines []order.Line, decisions []Decision, of ident.Return) account {
	a := account{lines: lines, given: map[ident.Line]given{}, mine: map[ident.Line]given{}}
	for _, d := range decisions {
		if d.State == Dropped {
			continue
		}
		book(a.given, d.Lines)
		if d.Return == of {
			book(a.mine, d.Lines)
		}
	}
	return a
}

func book(in map[ident.Line]given, lines []fact.RefundLine) {
	for _, l := range lines {
		g := in[l.Line]
		in[l.Line] = given{g.units + l.Units, g.minor + l.Amount.Minor}
	}
}

// left is what may still be given back of a line.
func (a account) left(l order.Line) int64 { return l.Captured.Minor - a.given[l.ID].minor }

func (a account) line(id ident.Line) (order.Line, bool) {
	i := slices.IndexFunc(a.lines, func(l order.Line) bool { return l.ID == id })
	if i < 0 {
		return order.Line{}, false
	}
	return a.lines[i], true
}

// full is all that is still owed for items: each unit at its price, the delivery
// where the whole order is back by right of law, less what the shopper bears, which
// is named beside.
func (a account) full(r Return, items []Item, c Conditions) (out []fact.RefundLine, kept []fact.Withheld) {
	for _, i := range items {
		l, ok := a.line(i.Line)
		if !ok {
			continue
		}
		units := min(i.Units-a.mine[l.ID].units, l.Units-a.given[l.ID].units)
		minor := min(l.Unit.Minor*int64(i.Units)-a.mine[l.ID].minor, a.left(l))
		out = append(out, fact.RefundLine{Line: l.ID, Units: max(0, units), Amount: money.Of(max(0, minor), l.Captured.Currency)})
	}
	if d, ok := a.delivery(r, out, c); ok {
		out = append(out, d)
	}
	if len(a.mine) > 0 {
		return out, nil // what the shopper bears was reckoned with the first decision
	}
	return out, withhold(out, r.charges())
}

// delivery is the cost of the way out, which is owed when all of an order comes
// back by right of law: up to the cheapest standard delivery (Code de la
// consommation, article L221-24).
func (a account) delivery(r Return, back []fact.RefundLine, c Conditions) (fact.RefundLine, bool) {
	if r.Ground == fact.ByPolicy && !r.Legal {
		return fact.RefundLine{}, false
	}
	units := map[ident.Line]int{}
	for _, l := range back {
		units[l.Line] += l.Units
	}
	var d order.Line
	for _, l := range a.lines {
		if l.Kind == order.Delivery {
			d = l
		} else if !l.Traits.Deposited() && a.given[l.ID].units+units[l.ID] < l.Units {
			return fact.RefundLine{}, false
		}
	}
	owed := d.Captured.Minor
	if c.Standard > 0 && r.Ground != fact.ByResolution {
		owed = min(owed, c.Standard)
	}
	owed -= a.given[d.ID].minor
	return fact.RefundLine{Line: d.ID, Amount: money.Of(owed, d.Captured.Currency)}, owed > 0
}

// check refuses what can not be given back: lines and units that were never
// bought, or are given back already, more than was paid, another currency.
func (a account) check(lines []fact.RefundLine) error {
	var faults fault.List
	if len(lines) == 0 {
		faults.Add(fault.Invalid, "field_required", "lines")
	}
	seen := map[ident.Line]bool{}
	for i, l := range lines {
		a.checkLine(&faults, fmt.Sprintf("lines[%d].", i), l)
		if seen[l.Line] {
			faults.Add(fault.Invalid, "line_twice", fmt.Sprintf("lines[%d].line", i))
		}
		seen[l.Line] = true
	}
	return faults.Err()
}

func (a account) checkLine(faults *fault.List, at string, l fact.RefundLine) {
	bought, ok := a.line(l.Line)
	units := bought.Units - a.given[l.Line].units
	if bought.Kind == order.Delivery {
		units = 0
	}
	switch {
	case !ok:
		faults.Add(fault.Invalid, "unknown_line", at+"line", "line", string(l.Line))
	case l.Amount.Currency != bought.Captured.Currency:
		faults.Add(fault.Invalid, "currency_mismatch", at+"amount",
			"currency", string(l.Amount.Currency), "expected", string(bought.Captured.Currency))
	case l.Amount.Minor < 0:
		faults.Add(fault.Invalid, "negative_amount", at+"amount")
	case l.Amount.Minor > a.left(bought):
		faults.Add(fault.Conflict, "refund_above_captured", at+"amount", "left", money.Of(a.left(bought), bought.Captured.Currency))
	case l.Units < 0 || l.Units > units:
		faults.Add(fault.Conflict, "too_many_to_return", at+"units", "units", l.Units, "left", units)
	}
}

// total adds lines up.
func total(lines []fact.RefundLine, in money.Currency) money.Amount {
	sum := money.Of(0, in)
	for _, l := range lines {
		sum.Minor += l.Amount.Minor // each at most what was captured, which was added up before
	}
	return sum
}
