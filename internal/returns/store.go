package returns

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/blob"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

const (
	sqlInsertReturn = `insert into returns_return (merchant, id, key, fingerprint, order_id, shopper, ground, route, settlement, state,
			late, legal, units, value, fee, insured, premium, currency, zone, connection, point, parcel, code, withdrawal, transit,
			asked_by, asked, why, doubts, look_by, deposit_by, deposited, receive_by, received, process_by, refund_by, contest_by,
			stock, stock_by, stock_sku, exchanged, next_at, uplift_at, pickup, missed_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24,
			$25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45)
		on conflict (merchant, key) do nothing`
	sqlReturn = `select id, key, order_id, shopper, ground, route, settlement, state, late, legal, units, value, fee, insured, premium, currency, zone,
			connection, point, parcel, code, withdrawal, transit, asked_by, asked, why, doubts, look_by, deposit_by, deposited, receive_by,
			received, process_by, refund_by, contest_by, stock, stock_by, stock_sku, exchanged, next_at, uplift_at, pickup, missed_at
		from returns_return where merchant = $1 and id = $2`
	sqlReturns = `select id, key, order_id, shopper, ground, route, settlement, state, late, legal, units, value, fee, insured, premium, currency, zone,
			connection, point, parcel, code, withdrawal, transit, asked_by, asked, why, doubts, look_by, deposit_by, deposited, receive_by,
			received, process_by, refund_by, contest_by, stock, stock_by, stock_sku, exchanged, next_at, uplift_at, pickup, missed_at
		from returns_return where merchant = $1 and id in ($2) order by id`
	sqlReturnsOf = `select id, key, order_id, shopper, ground, route, settlement, state, late, legal, units, value, fee, insured, premium, currency, zone,
			connection, point, parcel, code, withdrawal, transit, asked_by, asked, why, doubts, look_by, deposit_by, deposited, receive_by,
			received, process_by, refund_by, contest_by, stock, stock_by, stock_sku, exchanged, next_at, uplift_at, pickup, missed_at
		from returns_return where merchant = $1 and order_id in ($2) order by id`
	sqlReturnsIn = `select id, key, order_id, shopper, ground, route, settlement, state, late, legal, units, value, fee, insured, premium, currency, zone,
			connection, point, parcel, code, withdrawal, transit, asked_by, asked, why, doubts, look_by, deposit_by, deposited, receive_by,
			received, process_by, refund_by, contest_by, stock, stock_by, stock_sku, exchanged, next_at, uplift_at, pickup, missed_at
		from returns_return where merchant = $1 and state = $2 and id > $3 order by id limit $4`
	sqlReturnByParcel = `select id, key, order_id, shopper, ground, route, settlement, state, late, legal, units, value, fee, insured, premium, currency, zone,
			connection, point, parcel, code, withdrawal, transit, asked_by, asked, why, doubts, look_by, deposit_by, deposited, receive_by,
			received, process_by, refund_by, contest_by, stock, stock_by, stock_sku, exchanged, next_at, uplift_at, pickup, missed_at
		from returns_return where merchant = $1 and parcel = $2 and parcel <> ''`
	sqlReturnByCode = `select id, key, order_id, shopper, ground, route, settlement, state, late, legal, units, value, fee, insured, premium, currency, zone,
			connection, point, parcel, code, withdrawal, transit, asked_by, asked, why, doubts, look_by, deposit_by, deposited, receive_by,
			received, process_by, refund_by, contest_by, stock, stock_by, stock_sku, exchanged, next_at, uplift_at, pickup, missed_at
		from returns_return where merchant = $1 and code = $2 and code <> ''`
	sqlFingerprint = `select id, fingerprint from returns_return where merchant = $1 and key = $2`
	// The state a row was read in is part of the key: whoever comes second changes nothing.
	sqlMove = `update returns_return set state = $4, route = $5, settlement = $6, connection = $7, point = $8, parcel = $9, code = $10,
			transit = $11, why = $12, doubts = $13, look_by = $14, deposit_by = $15, deposited = $16, receive_by = $17, received = $18,
			process_by = $19, refund_by = $20, contest_by = $21, stock = $22, stock_by = $23, exchanged = $24, next_at = $25, uplift_at = $26,
			fee = $27, insured = $28, premium = $29, pickup = $30, missed_at = $31
		where merchant = $1 and id = $2 and state = $3`

	sqlInsertItem = `insert into returns_item (merchant, return_id, id, line, units, reason, taxon, comment, condition, photos)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`
	sqlItems = `select return_id, id, line, units, reason, taxon, comment, condition, photos from returns_item
		where merchant = $1 and return_id in ($2) order by return_id, id`
	sqlHistory = `select r.id, r.order_id, r.state, r.deposited, r.received, r.asked, i.line, i.taxon from returns_return r
		join returns_item i on i.merchant = r.merchant and i.return_id = r.id
		where r.merchant = $1 and r.shopper = $2 and r.asked >= $3 and r.ground not in ('resolution', 'claim') order by r.id, i.id`
)

func (r Return) row(m ident.Merchant, fingerprint string) ([]any, error) {
	doubts, err := json.Marshal(r.Doubts)
	if err != nil {
		return nil, err
	}
	return []any{
		m, r.ID, r.Key, fingerprint, r.Order, r.Shopper, r.Ground, r.Route, r.Settlement, r.State, r.Late, r.Legal, r.Units,
		r.Value.Minor, r.Fee.Minor, r.Insured.Minor, r.Premium.Minor, r.Value.Currency, r.Zone, r.Connection, r.Point, r.Parcel, r.Code, r.Withdrawal,
		r.Transit, r.AskedBy, r.Asked, r.Why, string(doubts), r.LookBy, r.DepositBy, r.Deposited, r.ReceiveBy, r.Received, r.ProcessBy,
		r.RefundBy, r.ContestBy, r.Stock, r.StockBy, r.StockSKU, r.Exchanged, r.Next, r.UpliftAt,
		r.Pickup, r.MissedAt,
	}, nil
}

// insert writes a return with its items; false when its key was used before.
func (r Return) insert(tx *flow.Tx, m ident.Merchant, fingerprint string, items []Item) (fresh bool, err error) {
	row, err := r.row(m, fingerprint)
	if err != nil {
		return false, err
	}
	if fresh, err = tx.Changed(sqlInsertReturn, row...); err != nil || !fresh {
		return false, err
	}
	for _, i := range items {
		if err := blob.Refer(tx, m, i.Photos); err != nil {
			return false, err
		}
		photos, err := json.Marshal(i.Photos)
		if err != nil {
			return false, err
		}
		err = tx.Do(sqlInsertItem, m, r.ID, i.ID, i.Line, i.Units, i.Reason, i.Taxon, i.Comment, i.Condition, string(photos))
		if err != nil {
			return false, err
		}
	}
	return true, nil
}

// move takes a return on by a verb and saves it, once: whoever comes second is
// told that it moved. The fault is return_state.
func (r *Return) move(tx *flow.Tx, m ident.Merchant, v Verb) error {
	was := r.State
	to, err := step(was, v)
	if err != nil {
		return err
	}
	r.State = to
	return r.save(tx, m, was)
}

// save writes what may change of a return that was in a state.
func (r *Return) save(tx *flow.Tx, m ident.Merchant, was State) error {
	r.Next = r.next(tx.Now)
	doubts, err := json.Marshal(r.Doubts)
	if err != nil {
		return err
	}
	moved, err := tx.Changed(sqlMove, m, r.ID, was, r.State, r.Route, r.Settlement, r.Connection, r.Point, r.Parcel, r.Code,
		r.Transit, r.Why, string(doubts), r.LookBy, r.DepositBy, r.Deposited, r.ReceiveBy, r.Received, r.ProcessBy, r.RefundBy,
		r.ContestBy, r.Stock, r.StockBy, r.Exchanged, r.Next, r.UpliftAt, r.Fee.Minor,
		r.Insured.Minor, r.Premium.Minor, r.Pickup, r.MissedAt)
	if err == nil && !moved {
		err = fault.New(fault.Conflict, "return_state", "return", "state", string(was), "verb", string(r.State))
	}
	return err
}

// next is when the clock has something to do for a return. A withdrawal does not
// lapse because the goods are late: it is only the refund that waits.
func (r *Return) next(now civil.Instant) civil.Instant {
	if r.Ground == fact.ByWithdrawal && (r.State == Accepted || r.State == Ready) {
		return 0
	}
	at := map[State]civil.Instant{
		Held: r.LookBy, Accepted: r.DepositBy, Ready: r.DepositBy, Deposited: r.LookBy, Decided: r.ContestBy,
	}[r.State]
	if soon := r.soon(); now < soon {
		at = soon
	}
	if over := r.overdue(); over != 0 && (at == 0 || over < at) {
		at = over
	}
	if r.Stock == StockAsked && (at == 0 || r.StockBy < at) {
		return r.StockBy
	}
	return at
}

// reminder is how long before its last day a shopper is reminded of a parcel.
const reminder = 3 * 24 * time.Hour

// soon is when that is; zero where nothing is to be deposited.
func (r *Return) soon() civil.Instant {
	if r.State != Accepted && r.State != Ready || r.DepositBy == 0 || !r.sent() {
		return 0
	}
	return r.DepositBy.Add(-reminder)
}

func scanReturn(row db.Row) (r Return, err error) {
	var doubts string
	err = row.Scan(&r.ID, &r.Key, &r.Order, &r.Shopper, &r.Ground, &r.Route, &r.Settlement, &r.State, &r.Late, &r.Legal, &r.Units,
		&r.Value.Minor, &r.Fee.Minor, &r.Insured.Minor, &r.Premium.Minor, &r.Value.Currency, &r.Zone, &r.Connection, &r.Point, &r.Parcel, &r.Code,
		&r.Withdrawal, &r.Transit, &r.AskedBy, &r.Asked, &r.Why, &doubts, &r.LookBy, &r.DepositBy, &r.Deposited, &r.ReceiveBy,
		&r.Received, &r.ProcessBy, &r.RefundBy, &r.ContestBy, &r.Stock, &r.StockBy, &r.StockSKU, &r.Exchanged, &r.Next, &r.UpliftAt,
		&r.Pickup, &r.MissedAt)
	if err != nil {
		return r, err
	}
	r.Fee.Currency, r.Insured.Currency, r.Premium.Currency = r.Value.Currency, r.Value.Currency, r.Value.Currency
	if err := json.Unmarshal([]byte(doubts), &r.Doubts); err != nil {
		return r, fmt.Errorf("return %s: %w", r.ID, err)
	}
	return r, nil
}

type itemRow struct {
	Item
	of ident.Return
}

func scanItem(row db.Row) (i itemRow, err error) {
	var photos string
	err = row.Scan(&i.of, &i.ID, &i.Line, &i.Units, &i.Reason, &i.Taxon, &i.Comment, &i.Condition, &photos)
	if err == nil {
		err = json.Unmarshal([]byte(photos), &i.Photos)
	}
	return i, err
}

// before is a request that was made under a key.
type before struct {
	id          ident.Return
	fingerprint string
}

func scanBefore(row db.Row) (b before, err error) {
	err = row.Scan(&b.id, &b.fingerprint)
	return b, err
}
