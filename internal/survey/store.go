package survey

import (
	"fmt"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

const (
	// What was asked, answered or dropped is not planned anew; what is planned waits
	// for the last parcel.
	sqlPlan = `insert into survey_asking (merchant, order_id, kind, shopper, state, since, due_at, version)
		values ($1, $2, $3, $4, 'planned', $5, $6, 0)
		on conflict (merchant, order_id, kind) do update set since = excluded.since, due_at = excluded.due_at
		where survey_asking.state = 'planned'`
	sqlPostpone = `update survey_asking set due_at = $4 where merchant = $1 and order_id = $2 and kind = $3 and state = 'planned'`
	sqlDrop     = `update survey_asking set state = 'dropped', due_at = null where merchant = $1 and order_id = $2 and kind = $3 and state = 'planned'`
	sqlAsk      = `update survey_asking set state = 'asked', asked = $4, due_at = null
		where merchant = $1 and order_id = $2 and kind = $3 and state = 'planned'`
	sqlAnswered = `update survey_asking set state = 'answered', due_at = null, version = $5
		where merchant = $1 and order_id = $2 and kind = $3 and version = $4`
	sqlInsertAnswer = `insert into survey_answer (merchant, order_id, kind, version, shopper, score, words, at)
		values ($1, $2, $3, $4, $5, $6, $7, $8)`
	sqlBefore = `select 1 from survey_asking where merchant = $1 and shopper = $2 and kind = 'delivery' and order_id <> $3 and since <= $4 limit 1`
	sqlAsking = `select order_id, kind, shopper, state, since, due_at, asked, version from survey_asking
		where merchant = $1 and order_id = $2 and kind = $3`
	sqlDueOf = `select order_id, kind, shopper, state, since, due_at, asked, version from survey_asking
		where merchant = $1 and order_id in ($2) and due_at is not null and due_at <= $3 order by order_id, kind`
	sqlAnswer = `select order_id, kind, version, shopper, score, words, at from survey_answer
		where merchant = $1 and order_id = $2 and kind = $3 order by version desc limit 1`
	sqlHistory = `select order_id, kind, version, shopper, score, words, at from survey_answer
		where merchant = $1 and shopper = $2 and shopper <> '' order by at desc, order_id, version desc limit $3`
	sqlDue = `-- across merchants: the clock
		select merchant, order_id from survey_asking where due_at is not null and due_at <= $1 order by due_at, order_id limit $2`
	sqlNextDue = `-- across merchants: the clock
		select due_at from survey_asking where due_at is not null order by due_at limit 1`
	sqlOpen   = `insert into survey_matter (merchant, order_id, about) values ($1, $2, $3) on conflict do nothing`
	sqlEnd    = `delete from survey_matter where merchant = $1 and order_id = $2 and about = $3`
	sqlIsOpen = `select about from survey_matter where merchant = $1 and order_id = $2 limit 1`
)

func scanAsking(r db.Row) (a Asking, err error) {
	err = r.Scan(&a.Order, &a.About, &a.Shopper, &a.State, &a.Since, &a.Due, &a.At, &a.Version)
	return a, err
}

func scanAnswer(r db.Row) (a Answer, err error) {
	err = r.Scan(&a.Order, &a.About, &a.Version, &a.Shopper, &a.Score, &a.Words, &a.At)
	return a, err
}

func scanDue(r db.Row) (d flow.Due, err error) {
	err = r.Scan(&d.Merchant, &d.ID)
	return d, err
}

// write keeps an answer as the next version.
func (a Answer) write(tx *flow.Tx, m ident.Merchant, was int) error {
	saved, err := tx.Changed(sqlAnswered, m, a.Order, a.About, was, a.Version)
	if err != nil {
		return err
	}
	if !saved {
		return fault.New(fault.Conflict, "survey_moved", "order")
	}
	return tx.Do(sqlInsertAnswer, m, a.Order, a.About, a.Version, a.Shopper, a.Score, a.Words, a.At)
}

func (a Answer) occurrence() string { return fmt.Sprintf("%s/%s/%d", a.Order, a.About, a.Version) }
