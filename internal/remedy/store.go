package remedy

import (
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

const (
	sqlInsertRemedy = `insert into remedy_remedy (merchant, id, commitment, orderid, shopper, owed, until, verdict,
			late_by, late_known, early_by, missing_units, missing_lines, liable, trust, state, reason, next_at, opened, decided)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)`
	sqlByCommitment = `select id, commitment, orderid, shopper, owed, until, verdict, late_by, late_known, early_by,
			missing_units, missing_lines, liable, trust, state, reason, next_at, opened, decided
		from remedy_remedy where merchant = $1 and commitment in ($2)`
	sqlByID = `select id, commitment, orderid, shopper, owed, until, verdict, late_by, late_known, early_by,
			missing_units, missing_lines, liable, trust, state, reason, next_at, opened, decided
		from remedy_remedy where merchant = $1 and id in ($2)`
	sqlByOrder = `select id, commitment, orderid, shopper, owed, until, verdict, late_by, late_known, early_by,
			missing_units, missing_lines, liable, trust, state, reason, next_at, opened, decided
		from remedy_remedy where merchant = $1 and orderid in ($2) order by orderid, id`
	// The state a row was read in is part of the key: whoever comes second changes nothing.
	sqlMoveRemedies = `update remedy_remedy set verdict = v.column3, late_by = v.column4, late_known = v.column5,
			early_by = v.column6, liable = v.column7, trust = v.column8, state = v.column9, reason = v.column10,
			next_at = v.column11, missing_units = v.column12, missing_lines = v.column13, decided = $3
		from (values {$2: text, text, text, bigint, boolean, bigint, text, text, text, text, bigint, bigint, bigint}) as v
		where merchant = $1 and id = v.column1 and state = v.column2
		returning id`
	sqlInsertGrant = `insert into remedy_grant (merchant, id, remedy, orderid, shopper, rule, kind, minor, currency, at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`
	sqlGrantsOfShoppers = `select remedy, id, orderid, shopper, rule, kind, minor, currency, at
		from remedy_grant where merchant = $1 and shopper in ($2)`
	sqlGrantsOfRemedies = `select remedy, id, orderid, shopper, rule, kind, minor, currency, at
		from remedy_grant where merchant = $1 and remedy in ($2)`
	sqlDue = `-- across merchants: the clock
		select merchant, id from remedy_remedy where state = 'waiting' and next_at <= $1 order by next_at, id limit $2`
	sqlNextDue = `-- across merchants: the clock
		select next_at from remedy_remedy where state = 'waiting' order by next_at limit 1`
)

func scanRemedy(r db.Row) (x Remedy, err error) {
	var late, early int64
	err = r.Scan(&x.ID, &x.Commitment, &x.Order, &x.Shopper, &x.Owed, &x.Until, &x.Verdict, &late, &x.LateKnown, &early,
		&x.MissingUnits, &x.MissingLines, &x.Liable, &x.Trust, &x.State, &x.Reason, &x.Next, &x.Opened, &x.Decided)
	x.Late, x.Early = time.Duration(late)*time.Microsecond, time.Duration(early)*time.Microsecond
	return x, err
}

func insert(tx *flow.Tx, m ident.Merchant, r Remedy) error {
	return tx.Do(sqlInsertRemedy, m, r.ID, r.Commitment, r.Order, r.Shopper, r.Owed, r.Until, r.Verdict,
		r.Late.Microseconds(), r.LateKnown, r.Early.Microseconds(), r.MissingUnits, r.MissingLines, r.Liable, r.Trust,
		r.State, r.Reason, r.Next, r.Opened, r.Decided)
}

// move saves remedies that were in a state before, and answers which of them still were.
func move(tx *flow.Tx, m ident.Merchant, changes []change) (map[ident.Remedy]bool, error) {
	won := map[ident.Remedy]bool{}
	if len(changes) == 0 {
		return won, nil
	}
	rows := make([][]any, len(changes))
	for i, c := range changes {
		rows[i] = []any{
			c.ID, c.was, c.Verdict, c.Late.Microseconds(), c.LateKnown, c.Early.Microseconds(),
			c.Liable, c.Trust, c.State, c.Reason, c.Next, c.MissingUnits, c.MissingLines,
		}
	}
	ids, err := db.All(tx.Tx, sqlMoveRemedies, db.Scalar[ident.Remedy], m, db.Rows(rows), tx.Now)
	for _, id := range ids {
		won[id] = true
	}
	return won, err
}

// given is a grant line with whom it was given to.
type given struct {
	Grant
	remedy  ident.Remedy
	order   ident.Order
	shopper ident.Shopper
}

func scanGiven(r db.Row) (g given, err error) {
	err = r.Scan(&g.remedy, &g.ID, &g.order, &g.shopper, &g.Rule, &g.Kind, &g.Amount.Minor, &g.Amount.Currency, &g.At)
	return g, err
}

func insertGrant(tx *flow.Tx, m ident.Merchant, g given) error {
	return tx.Do(sqlInsertGrant, m, g.ID, g.remedy, g.order, g.shopper, g.Rule, g.Kind, g.Amount.Minor, g.Amount.Currency, g.At)
}

func scanDue(r db.Row) (d flow.Due, err error) {
	err = r.Scan(&d.Merchant, &d.ID)
	return d, err
}

func nextDue(tx *db.Tx) (civil.Instant, error) {
	next, _, err := db.One(tx, sqlNextDue, db.Scalar[civil.Instant])
	return next, err
}
