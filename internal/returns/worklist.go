package returns

import (
	"cmp"
	"slices"
	"strings"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

const (
	sqlNewest = `select id, key, order_id, shopper, ground, route, settlement, state, late, legal, units, value, fee, insured, premium, currency, zone,
			connection, point, parcel, code, withdrawal, transit, asked_by, asked, why, doubts, look_by, deposit_by, deposited, receive_by,
			received, process_by, refund_by, contest_by, stock, stock_by, stock_sku, exchanged, next_at, uplift_at, pickup, missed_at
		from returns_return where merchant = $1 and id < $2 order by id desc limit $3`
	sqlNewestIn = `select id, key, order_id, shopper, ground, route, settlement, state, late, legal, units, value, fee, insured, premium, currency, zone,
			connection, point, parcel, code, withdrawal, transit, asked_by, asked, why, doubts, look_by, deposit_by, deposited, receive_by,
			received, process_by, refund_by, contest_by, stock, stock_by, stock_sku, exchanged, next_at, uplift_at, pickup, missed_at
		from returns_return where merchant = $1 and state = $2 and id < $3 order by id desc limit $4`
	sqlWork = `select id, key, order_id, shopper, ground, route, settlement, state, late, legal, units, value, fee, insured, premium, currency, zone,
			connection, point, parcel, code, withdrawal, transit, asked_by, asked, why, doubts, look_by, deposit_by, deposited, receive_by,
			received, process_by, refund_by, contest_by, stock, stock_by, stock_sku, exchanged, next_at, uplift_at, pickup, missed_at
		from returns_return
		where merchant = $1 and (state in ('held', 'received', 'lost') or state = 'accepted' and route in ('keep', 'recalled'))
			and coalesce(look_by, refund_by, asked) >= $2 and (coalesce(look_by, refund_by, asked), id) > ($2, $3)
		order by coalesce(look_by, refund_by, asked), id limit $4`
	sqlCountWork = `-- whole merchant: those that wait, by an index of them alone
		select count(*) from returns_return
		where merchant = $1 and (state in ('held', 'received', 'lost') or state = 'accepted' and route in ('keep', 'recalled'))`
	sqlOverdue = `select id, key, order_id, shopper, ground, route, settlement, state, late, legal, units, value, fee, insured, premium, currency, zone,
			connection, point, parcel, code, withdrawal, transit, asked_by, asked, why, doubts, look_by, deposit_by, deposited, receive_by,
			received, process_by, refund_by, contest_by, stock, stock_by, stock_sku, exchanged, next_at, uplift_at, pickup, missed_at
		from returns_return
		where merchant = $1 and state in ('deposited', 'received', 'lost') and refund_by is not null and refund_by <= $2
			and (refund_by, id) > ($3, $4)
		order by refund_by, id limit $5`
	sqlCountOverdue = `-- whole merchant: those that are late, by an index of them alone
		select count(*) from returns_return
		where merchant = $1 and state in ('deposited', 'received', 'lost') and refund_by is not null and refund_by <= $2`
	sqlReturnOfProof = `select return_id from returns_deposit where merchant = $1 and number = $2`
)

// newestReturn sorts after every return.
const newestReturn ident.Return = "ret_zzzzzzzzzzzzzzzzzzzzzzzzzz"

// Newest pages through the returns of a merchant, the newest first: those in a
// state, or all when it is empty. before is the last one of the page before;
// empty at first.
func Newest(tx *db.Tx, m ident.Merchant, s State, before ident.Return, limit int) ([]Return, error) {
	before = cmp.Or(before, newestReturn)
	if s == "" {
		return db.All(tx, sqlNewest, scanReturn, m, before, limit)
	}
	return db.All(tx, sqlNewestIn, scanReturn, m, s, before, limit)
}

// Due is until when somebody at the merchant's is to do something about a return
// that Work lists, exclusive: look at a held one, or pay for one that is back.
// One without a deadline is as urgent as it is old.
func (r Return) Due() civil.Instant { return cmp.Or(r.LookBy, r.RefundBy, r.Asked) }

// Works reports whether a return waits for somebody at the merchant's.
func (r Return) Works() bool {
	return r.State == Held || r.State == Received || r.State == Lost || r.State == Accepted && !r.sent()
}

// Work pages through the returns that wait for somebody at the merchant's, the
// most urgent first: to be looked at, inspected, decided. after is the last one of
// the page before; zero at first.
func Work(tx *db.Tx, m ident.Merchant, after Return, limit int) ([]Return, error) {
	return db.All(tx, sqlWork, scanReturn, m, int64(after.Due()), after.ID, limit)
}

// WorkCount is how many those are.
func WorkCount(tx *db.Tx, m ident.Merchant) (int, error) {
	n, _, err := db.One(tx, sqlCountWork, db.Scalar[int], m)
	return n, err
}

// Overdue pages through the returns whose refund was due by now and of which
// nothing is decided, the oldest debt first. after is the last one of the page
// before; zero at first.
func Overdue(tx *db.Tx, m ident.Merchant, after Return, limit int) ([]Return, error) {
	return db.All(tx, sqlOverdue, scanReturn, m, tx.Now, int64(after.RefundBy), after.ID, limit)
}

// OverdueCount is how many those are.
func OverdueCount(tx *db.Tx, m ident.Merchant) (int, error) {
	n, _, err := db.One(tx, sqlCountOverdue, db.Scalar[int], m, tx.Now)
	return n, err
}

// Find looks for returns by what stands on what somebody holds: the number or the
// code of a label, the code of a counter, the number of a proof of deposit, the
// return's own id. The oldest is first; none is no fault.
func Find(tx *db.Tx, m ident.Merchant, written string) ([]Return, error) {
	written = strings.TrimSpace(written)
	if written == "" {
		return nil, nil
	}
	ids := []ident.Return{ident.Return(strings.ToLower(written))}
	for _, number := range slices.Compact([]string{written, carrier.FoldNumber(written)}) {
		labels, err := db.All(tx, sqlLabelByNumber, scanLabel, m, number)
		if err != nil {
			return nil, err
		}
		for _, l := range labels {
			ids = append(ids, l.Return)
		}
	}
	proved, err := db.All(tx, sqlReturnOfProof, db.Scalar[ident.Return], m, strings.ToUpper(written))
	if err != nil {
		return nil, err
	}
	coded, found, err := ByCode(tx, m, written)
	if err != nil {
		return nil, err
	}
	if found {
		ids = append(ids, coded.ID)
	}
	return db.All(tx, sqlReturns, scanReturn, m, db.In(append(ids, proved...)))
}

// Many reads returns by id; those the merchant does not have are not in the answer.
func Many(tx *db.Tx, m ident.Merchant, ids []ident.Return) (map[ident.Return]Return, error) {
	all, err := db.All(tx, sqlReturns, scanReturn, m, db.In(ids))
	of := make(map[ident.Return]Return, len(all))
	for _, r := range all {
		of[r.ID] = r
	}
	return of, err
}

// Whole reports whether a proof of deposit says what it said, and stands between
// the two it stood between. The whole chain is BrokenProof's to walk.
func (p Proof) Whole(tx *db.Tx, m ident.Merchant) (bool, error) {
	around, err := db.All(tx, sqlProofsAfter, scanProof, m, max(0, p.Sequence-2), 3)
	if err != nil {
		return false, err
	}
	was := ""
	for _, at := range around {
		hash, err := at.seal()
		if err != nil || hash != at.Hash || (at.Sequence > 1 && at.Sequence >= p.Sequence && at.Was != was) {
			return false, err
		}
		was = at.Hash
	}
	return slices.ContainsFunc(around, func(at Proof) bool { return at == p }), nil
}
