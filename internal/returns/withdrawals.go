package returns

import (
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

const (
	sqlInsertWithdrawal = `insert into returns_withdrawal (merchant, id, key, order_id, shopper, name, contract, email, statement, hash, sent,
			in_time, until, notice, units, return_id, send_back_by, refund_by, acknowledge_by)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`
	sqlInsertRenounced = `insert into returns_withdrawn_line (merchant, withdrawal, line, units, excluded) values ($1, $2, $3, $4, $5)`
	sqlWithdrawal      = `select id, order_id, shopper, name, contract, email, statement, hash, sent, in_time, until, notice, units, return_id,
			send_back_by, refund_by, acknowledge_by, acknowledged
		from returns_withdrawal where merchant = $1 and id = $2`
	sqlWithdrawalByKey = `select id, order_id, shopper, name, contract, email, statement, hash, sent, in_time, until, notice, units, return_id,
			send_back_by, refund_by, acknowledge_by, acknowledged
		from returns_withdrawal where merchant = $1 and key = $2`
	sqlWithdrawals = `select id, order_id, shopper, name, contract, email, statement, hash, sent, in_time, until, notice, units, return_id,
			send_back_by, refund_by, acknowledge_by, acknowledged
		from returns_withdrawal where merchant = $1 and order_id in ($2) order by id`
	sqlRenounced   = `select withdrawal, line, units, excluded from returns_withdrawn_line where merchant = $1 and withdrawal in ($2) order by withdrawal, line`
	sqlAcknowledge = `update returns_withdrawal set acknowledged = $3 where merchant = $1 and id = $2 and acknowledged is null`
)

func scanWithdrawal(r db.Row) (w Withdrawal, err error) {
	err = r.Scan(&w.ID, &w.Order, &w.Shopper, &w.Name, &w.Contract, &w.Email, &w.Statement, &w.Hash, &w.Sent, &w.InTime, &w.Until, &w.Notice,
		&w.Units, &w.Return, &w.SendBackBy, &w.RefundBy, &w.AcknowledgeBy, &w.Acknowledged)
	return w, err
}

type renouncedRow struct {
	Renounced
	of ident.Withdrawal
}

func scanRenounced(r db.Row) (x renouncedRow, err error) {
	err = r.Scan(&x.of, &x.Line, &x.Units, &x.Excluded)
	return x, err
}

func renouncedLines(tx *db.Tx, m ident.Merchant, ws []Withdrawal) ([]Withdrawal, error) {
	place := map[ident.Withdrawal]int{}
	var ids []ident.Withdrawal
	for i, w := range ws {
		place[w.ID], ids = i, append(ids, w.ID)
	}
	rows, err := db.All(tx, sqlRenounced, scanRenounced, m, db.In(ids))
	for _, r := range rows {
		w := &ws[place[r.of]]
		w.Lines = append(w.Lines, r.Renounced)
	}
	return ws, err
}

// GetWithdrawal reads a withdrawal. The fault is not_found.
func GetWithdrawal(tx *db.Tx, m ident.Merchant, id ident.Withdrawal) (Withdrawal, error) {
	w, ok, err := db.One(tx, sqlWithdrawal, scanWithdrawal, m, id)
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "not_found", "withdrawal")
	}
	if err != nil {
		return Withdrawal{}, err
	}
	ws, err := renouncedLines(tx, m, []Withdrawal{w})
	return ws[0], err
}

// Withdrawals reads the withdrawals from orders, the first first.
func Withdrawals(tx *db.Tx, m ident.Merchant, orders []ident.Order) (map[ident.Order][]Withdrawal, error) {
	ws, err := db.All(tx, sqlWithdrawals, scanWithdrawal, m, db.In(orders))
	if err != nil {
		return nil, err
	}
	ws, err = renouncedLines(tx, m, ws)
	of := map[ident.Order][]Withdrawal{}
	for _, w := range ws {
		of[w.Order] = append(of[w.Order], w)
	}
	return of, err
}
