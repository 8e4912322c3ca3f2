package returns

import (
	"encoding/json"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/blob"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// DecisionState is how far a decision got.
type DecisionState string

// The states.
const (
	Waiting DecisionState = "waiting" // for a second person
	Final   DecisionState = "final"
	Dropped DecisionState = "dropped" // the second person said no
)

// Ruling is what somebody decides about a return.
type Ruling struct {
	Outcome fact.Outcome
	Reasons []Because         // needed unless it is full
	Lines   []fact.RefundLine // of a partial one: what is paid, line by line
}

// Because is one reason of a decision.
type Because struct {
	Line   ident.Line   `json:"line,omitempty"`
	Code   string       `json:"code"`
	Note   string       `json:"note,omitempty"`
	Photos []ident.Blob `json:"photos,omitempty"`
}

// Decision is what is owed for a return, and who said so.
type Decision struct {
	ID         ident.Decision
	Return     ident.Return
	Order      ident.Order
	Sequence   int
	State      DecisionState
	Outcome    fact.Outcome
	Settlement fact.Settlement
	Reasons    []Because
	Amount     money.Amount
	Lines      []fact.RefundLine
	Withheld   []fact.Withheld // of the lines, which are less by it already
	Why        string          // a second person is needed: code
	By         flow.Actor      // who decided
	At         civil.Instant
	Second     flow.Actor // who let it pass
	FinalAt    civil.Instant
	Day        civil.Day     // local day of FinalAt, for caps; NoDay while it waits
	RefundBy   civil.Instant // exclusive; zero when nothing is owed
	Paid       civil.Instant
}

const (
	sqlInsertDecision = `insert into returns_decision (merchant, id, return_id, order_id, sequence, state, outcome, settlement, reasons,
			minor, currency, why, decided_by, decided, second_by, final_at, day, refund_by)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`
	sqlInsertDecided = `insert into returns_decided_line (merchant, decision, line, units, minor) values ($1, $2, $3, $4, $5)`
	sqlDecision      = `select id, return_id, order_id, sequence, state, outcome, settlement, reasons, minor, currency, why, decided_by, decided,
			second_by, final_at, day, refund_by, paid
		from returns_decision where merchant = $1 and id = $2`
	sqlDecisions = `select id, return_id, order_id, sequence, state, outcome, settlement, reasons, minor, currency, why, decided_by, decided,
			second_by, final_at, day, refund_by, paid
		from returns_decision where merchant = $1 and return_id in ($2) order by return_id, sequence`
	sqlDecisionsOf = `select id, return_id, order_id, sequence, state, outcome, settlement, reasons, minor, currency, why, decided_by, decided,
			second_by, final_at, day, refund_by, paid
		from returns_decision where merchant = $1 and order_id = $2 order by id`
	sqlDecisionsOn = `select id, return_id, order_id, sequence, state, outcome, settlement, reasons, minor, currency, why, decided_by, decided,
			second_by, final_at, day, refund_by, paid
		from returns_decision where merchant = $1 and day = $2`
	sqlDecidedLines   = `select decision, line, units, minor from returns_decided_line where merchant = $1 and decision in ($2) order by decision, line`
	sqlInsertWithheld = `insert into returns_withheld (merchant, decision, line, charge, minor) values ($1, $2, $3, $4, $5)`
	sqlWithheld       = `select decision, line, charge, minor from returns_withheld where merchant = $1 and decision in ($2) order by decision, charge desc, line`
	sqlFinal          = `update returns_decision set state = 'final', second_by = $3, final_at = $4, day = $5, refund_by = $6
		where merchant = $1 and id = $2 and state = 'waiting'`
	sqlDrop = `update returns_decision set state = 'dropped', second_by = $3 where merchant = $1 and id = $2 and state = 'waiting'`
	sqlPaid = `update returns_decision set paid = $3 where merchant = $1 and id = $2 and paid is null`
)

func scanDecision(r db.Row) (d Decision, err error) {
	var reasons string
	err = r.Scan(&d.ID, &d.Return, &d.Order, &d.Sequence, &d.State, &d.Outcome, &d.Settlement, &reasons, &d.Amount.Minor, &d.Amount.Currency,
		&d.Why, &d.By, &d.At, &d.Second, &d.FinalAt, &d.Day, &d.RefundBy, &d.Paid)
	if err == nil {
		err = json.Unmarshal([]byte(reasons), &d.Reasons)
	}
	return d, err
}

func (d Decision) insert(tx *flow.Tx, m ident.Merchant) error {
	for _, because := range d.Reasons {
		if err := blob.Refer(tx, m, because.Photos); err != nil {
			return err
		}
	}
	reasons, err := json.Marshal(d.Reasons)
	if err != nil {
		return err
	}
	err = tx.Do(sqlInsertDecision, m, d.ID, d.Return, d.Order, d.Sequence, d.State, d.Outcome, d.Settlement, string(reasons),
		d.Amount.Minor, d.Amount.Currency, d.Why, d.By, d.At, d.Second, d.FinalAt, d.Day, d.RefundBy)
	if err != nil {
		return err
	}
	for _, l := range d.Lines {
		if err := tx.Do(sqlInsertDecided, m, d.ID, l.Line, l.Units, l.Amount.Minor); err != nil {
			return err
		}
	}
	for _, w := range d.Withheld {
		if err := tx.Do(sqlInsertWithheld, m, d.ID, w.Line, w.Charge, w.Amount.Minor); err != nil {
			return err
		}
	}
	return nil
}

type withheldRow struct {
	decision ident.Decision
	fact.Withheld
}

func scanWithheld(r db.Row) (w withheldRow, err error) {
	err = r.Scan(&w.decision, &w.Line, &w.Charge, &w.Amount.Minor)
	return w, err
}

type decidedRow struct {
	decision ident.Decision
	fact.RefundLine
}

func scanDecided(r db.Row) (d decidedRow, err error) {
	err = r.Scan(&d.decision, &d.Line, &d.Units, &d.Amount.Minor)
	return d, err
}

// withLines reads the lines of decisions, and what was kept of them.
func withLines(tx *db.Tx, m ident.Merchant, ds []Decision) ([]Decision, error) {
	place := map[ident.Decision]int{}
	var ids []ident.Decision
	for i, d := range ds {
		place[d.ID] = i
		ids = append(ids, d.ID)
	}
	rows, err := db.All(tx, sqlDecidedLines, scanDecided, m, db.In(ids))
	for _, r := range rows {
		d := &ds[place[r.decision]]
		r.Amount.Currency = d.Amount.Currency
		d.Lines = append(d.Lines, r.RefundLine)
	}
	if err != nil {
		return ds, err
	}
	kept, err := db.All(tx, sqlWithheld, scanWithheld, m, db.In(ids))
	for _, w := range kept {
		d := &ds[place[w.decision]]
		w.Amount.Currency = d.Amount.Currency
		d.Withheld = append(d.Withheld, w.Withheld)
	}
	return ds, err
}

// Gross are the lines of a decision before anything was kept of them.
func Gross(lines []fact.RefundLine, kept []fact.Withheld) []fact.RefundLine {
	out := slices.Clone(lines)
	for _, w := range kept {
		for i := range out {
			if out[i].Line == w.Line {
				out[i].Amount.Minor += w.Amount.Minor
				break
			}
		}
	}
	return out
}

// decisionsOf reads the decisions of returns with their lines, in their order.
func decisionsOf(tx *db.Tx, m ident.Merchant, ids []ident.Return) ([]Decision, error) {
	ds, err := db.All(tx, sqlDecisions, scanDecision, m, db.In(ids))
	if err != nil {
		return nil, err
	}
	return withLines(tx, m, ds)
}

// Decisions reads the decisions of returns, the first first.
func Decisions(tx *db.Tx, m ident.Merchant, ids []ident.Return) (map[ident.Return][]Decision, error) {
	all, err := decisionsOf(tx, m, ids)
	of := map[ident.Return][]Decision{}
	for _, d := range all {
		of[d.Return] = append(of[d.Return], d)
	}
	return of, err
}
