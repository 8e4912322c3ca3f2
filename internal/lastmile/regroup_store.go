package lastmile

import (
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

const (
	sqlInsertRegroup = `-- across merchants: a regrouping is a person's, over the shops at which they consented
		insert into lastmile_regroup (id, person, key, state, day, point, asked, answer_by, ended, before_low, before_high, after_low, after_high, method)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`
	sqlEndRegroup = `-- across merchants: a regrouping is a person's, over the shops at which they consented
		update lastmile_regroup set state = $2, ended = $3 where id = $1 and state = 'asked'`
	sqlRegroup = `-- across merchants: a regrouping is a person's, over the shops at which they consented
		select id, person, key, state, day, point, asked, answer_by, ended, before_low, before_high, after_low, after_high, method
		from lastmile_regroup where id = $1`
	sqlRegroupByKey = `-- across merchants: a regrouping is a person's, over the shops at which they consented
		select id, person, key, state, day, point, asked, answer_by, ended, before_low, before_high, after_low, after_high, method
		from lastmile_regroup where person = $1 and key = $2`
	sqlRegroupsOf = `-- across merchants: a regrouping is a person's, over the shops at which they consented
		select id, person, key, state, day, point, asked, answer_by, ended, before_low, before_high, after_low, after_high, method
		from lastmile_regroup where person in ($1) order by id desc limit $2`
	sqlJoined = `-- across merchants: all deliveries of a regrouping, for the person whose it is and for what settles it
		select merchant, regroup, order_id, shopper, change, state, reason, since, until, slot, promised
		from lastmile_member where regroup = $1 order by merchant, order_id`
	sqlInsertMember = `insert into lastmile_member (merchant, regroup, order_id, shopper, change, state, reason, since, until, slot, promised)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`
	sqlMoveMember = `update lastmile_member set state = $3, reason = $4 where merchant = $1 and order_id = $2 and state = 'open'
		returning merchant, regroup, order_id, shopper, change, state, reason, since, until, slot, promised`
	sqlOpenMember = `select merchant, regroup, order_id, shopper, change, state, reason, since, until, slot, promised
		from lastmile_member where merchant = $1 and order_id = $2 and state = 'open'`
	sqlAgree = `update lastmile_change set agreed = $3 where merchant = $1 and id = $2 and state = 'asked' and agreed is null`
	sqlBusy  = `select 1 from lastmile_change where merchant = $1 and order_id = $2 and state = 'asked'
		union all select 1 from lastmile_member where merchant = $1 and order_id = $2 and state = 'open' limit 1`
)

func insertRegroup(tx *flow.Tx, r Regroup) error {
	return tx.Do(sqlInsertRegroup, r.ID, r.Person, r.Key, r.State, r.Day, r.Point, r.Asked, r.AnswerBy, r.Ended,
		int64(r.Before.Low), int64(r.Before.High), int64(r.After.Low), int64(r.After.High), r.Method)
}

func scanRegroup(row db.Row) (r Regroup, err error) {
	err = row.Scan(&r.ID, &r.Person, &r.Key, &r.State, &r.Day, &r.Point, &r.Asked, &r.AnswerBy, &r.Ended,
		&r.Before.Low, &r.Before.High, &r.After.Low, &r.After.High, &r.Method)
	return r, err
}

func insertMember(tx *flow.Tx, j Joined) error {
	return tx.Do(sqlInsertMember, j.Merchant, j.Regroup, j.Order, j.Shopper, j.Change, j.State, j.Reason, j.Window.From, j.Window.Until, j.Slot, j.Promised)
}

func scanJoined(row db.Row) (j Joined, err error) {
	err = row.Scan(&j.Merchant, &j.Regroup, &j.Order, &j.Shopper, &j.Change, &j.State, &j.Reason, &j.Window.From, &j.Window.Until, &j.Slot, &j.Promised)
	return j, err
}

// busy reports whether something about an order is being asked, by itself or with
// others.
func busy(tx *db.Tx, m ident.Merchant, o ident.Order) (bool, error) {
	_, is, err := db.One(tx, sqlBusy, db.Scalar[int64], m, o)
	return is, err
}
