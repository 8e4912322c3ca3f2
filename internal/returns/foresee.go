package returns

import (
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Foreseen is what a ruling would come to if somebody said it now.
type Foreseen struct {
	Lines    []fact.RefundLine
	Withheld []fact.Withheld // of the lines, which are less by it already
	Amount   money.Amount
	Why      string // a second person would be needed: code; empty when none is
}

// Foresee reckons a ruling for whoever is about to say it, and writes nothing. The
// faults are not_found, and those of a ruling and of its lines that Decide names.
func Foresee(tx *db.Tx, m ident.Merchant, id ident.Return, by flow.Actor, in Ruling) (Foreseen, error) {
	r, err := Get(tx, m, id)
	if err != nil {
		return Foreseen{}, err
	}
	c, err := ConditionsOf(tx, m)
	if err != nil {
		return Foreseen{}, err
	}
	d, err := r.reckon(tx, m, in, c)
	if err != nil {
		return Foreseen{}, err
	}
	who, err := known(tx, m, by)
	if err != nil {
		return Foreseen{}, err
	}
	why, err := who.second(tx, m, r, d, c)
	return Foreseen{Lines: d.Lines, Withheld: d.Withheld, Amount: d.Amount, Why: why}, err
}

// Givable is what may still be given back of each line of a return's order, in
// the order of the lines. The fault is not_found.
func Givable(tx *db.Tx, m ident.Merchant, id ident.Return) ([]fact.RefundLine, error) {
	r, err := Get(tx, m, id)
	if err != nil {
		return nil, err
	}
	books, _, err := r.books(tx, m)
	if err != nil {
		return nil, err
	}
	var out []fact.RefundLine
	for _, l := range books.lines {
		out = append(out, fact.RefundLine{
			Line: l.ID, Units: max(0, l.Units-books.given[l.ID].units), Amount: money.Of(max(0, books.left(l)), l.Captured.Currency),
		})
	}
	return out, nil
}
