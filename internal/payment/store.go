package payment

import (
	"fmt"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

const (
	sqlSetMeans = `insert into payment_means (merchant, order_id, provider, reference, label, at) values ($1, $2, $3, $4, $5, $6)
		on conflict (merchant, order_id) do update
		set provider = excluded.provider, reference = excluded.reference, label = excluded.label, at = excluded.at`
	sqlMeans      = `select provider, reference, label from payment_means where merchant = $1 and order_id = $2`
	sqlSetAccount = `insert into payment_account (merchant, provider, sealed, changed) values ($1, $2, $3, $4)
		on conflict (merchant, provider) do update set sealed = excluded.sealed, changed = excluded.changed`
	sqlAccount  = `select sealed from payment_account where merchant = $1 and provider = $2`
	sqlSetTerms = `insert into payment_terms (merchant, bank_days, answer_days) values ($1, $2, $3)
		on conflict (merchant) do update set bank_days = excluded.bank_days, answer_days = excluded.answer_days`
	sqlTerms = `-- whole merchant: one row
		select bank_days, answer_days from payment_terms where merchant = $1`
)

func scanMeans(r db.Row) (m Means, err error) {
	err = r.Scan(&m.Provider, &m.Reference, &m.Label)
	return m, err
}

func scanTerms(r db.Row) (t Terms, err error) {
	err = r.Scan(&t.BankDays, &t.AnswerDays)
	return t, err
}

const (
	sqlOrderRefund = `insert into payment_refund (merchant, id, decision, key, return_id, order_id, shopper, settlement, provider, capture,
			minor, credit, currency, state, why, reference, ordered, due, calls, looks, done, arrives_by, version)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, '', '', $15, $16, 0, 0, $17, null, 1)
		on conflict (merchant, decision) do nothing returning id`
	sqlInsertLine = `insert into payment_refund_line (merchant, refund, line, order_id, units, minor, currency)
		values ($1, $2, $3, $4, $5, $6, $7)`
	sqlRefund = `select id, decision, key, return_id, order_id, shopper, settlement, provider, capture, minor, credit, currency,
			state, why, reference, ordered, due, first, sent, calls, looks, next, done, arrives_by, version
		from payment_refund where merchant = $1 and id = $2`
	sqlRefundOfKey = `select id, decision, key, return_id, order_id, shopper, settlement, provider, capture, minor, credit, currency,
			state, why, reference, ordered, due, first, sent, calls, looks, next, done, arrives_by, version
		from payment_refund where merchant = $1 and key = $2`
	sqlRefundsOf = `select id, decision, key, return_id, order_id, shopper, settlement, provider, capture, minor, credit, currency,
			state, why, reference, ordered, due, first, sent, calls, looks, next, done, arrives_by, version
		from payment_refund where merchant = $1 and order_id in ($2) order by order_id, ordered, id`
	sqlWaiting = `select id, decision, key, return_id, order_id, shopper, settlement, provider, capture, minor, credit, currency,
			state, why, reference, ordered, due, first, sent, calls, looks, next, done, arrives_by, version
		from payment_refund where merchant = $1 and state in ('asked', 'stuck') and (ordered, id) > ($2, $3)
		order by ordered, id limit $4`
	sqlSaveRefund = `update payment_refund set state = $4, why = $5, reference = $6, first = $7, sent = $8, calls = $9, looks = $10,
			next = $11, done = $12, arrives_by = $13, version = version + 1
		where merchant = $1 and id = $2 and version = $3`
	sqlReferenceTaken = `select id from payment_refund
		where merchant = $1 and provider = $2 and reference = $3 and reference <> '' and provider <> 'offline'`
	sqlLines     = `select refund, line, units, minor, currency from payment_refund_line where merchant = $1 and refund in ($2) order by refund, line`
	sqlLinesOf   = `select line, minor from payment_refund_line where merchant = $1 and order_id = $2`
	sqlMoneyBack = `select cast(coalesce(sum(minor), 0) as bigint) from payment_refund where merchant = $1 and order_id = $2`
	sqlDueLooks  = `-- across merchants: the clock
		select merchant, id from payment_refund where next <= $1 order by next, id limit $2`
	sqlNextLook = `-- across merchants: the clock
		select next from payment_refund where next is not null order by next limit 1`
	sqlLookSoon = `update payment_refund set next = $3 where merchant = $1 and id in ($2) and next <= $4`
	sqlNotice   = `insert into payment_notice (merchant, provider, id, at) values ($1, $2, $3, $4)
		on conflict (merchant, provider, id) do nothing returning id`
)

func scanRefund(r db.Row) (x Refund, err error) {
	err = r.Scan(&x.ID, &x.Decision, &x.Key, &x.Return, &x.Order, &x.Shopper, &x.Settlement, &x.Provider, &x.Capture,
		&x.Money.Minor, &x.Credit.Minor, &x.Money.Currency, &x.State, &x.Why, &x.Reference, &x.Ordered, &x.Due,
		&x.First, &x.Sent, &x.Calls, &x.Looks, &x.Next, &x.Done, &x.ArrivesBy, &x.version)
	x.Credit.Currency = x.Money.Currency
	return x, err
}

// save writes what changed of a refund. It is an error that it changed meanwhile:
// whoever saves has read it in the same transaction, which holds the lane.
func save(tx *flow.Tx, m ident.Merchant, r *Refund) error {
	saved, err := tx.Changed(sqlSaveRefund, m, r.ID, r.version, r.State, r.Why, r.Reference, r.First, r.Sent, r.Calls, r.Looks, r.Next, r.Done, r.ArrivesBy)
	if err == nil && !saved {
		return fmt.Errorf("payment: refund %s changed under the hands of who holds its lane", r.ID)
	}
	r.version++
	return err
}

func insertRefund(tx *flow.Tx, m ident.Merchant, r Refund) (fresh bool, err error) {
	_, fresh, err = db.One(tx.Tx, sqlOrderRefund, db.Scalar[ident.Refund], m, r.ID, r.Decision, r.Key, r.Return, r.Order, r.Shopper,
		r.Settlement, r.Provider, r.Capture, r.Money.Minor, r.Credit.Minor, r.Money.Currency, r.State, r.Ordered, r.Due, r.Done)
	return fresh, err
}

// backed is what was given back on a line before.
type backed struct {
	line  ident.Line
	minor int64
}

func scanBacked(r db.Row) (b backed, err error) {
	err = r.Scan(&b.line, &b.minor)
	return b, err
}

// lineOf is a line with its refund.
type lineOf struct {
	refund ident.Refund
	Line
}

func scanLineOf(r db.Row) (l lineOf, err error) {
	err = r.Scan(&l.refund, &l.Line.Line, &l.Units, &l.Amount.Minor, &l.Amount.Currency)
	return l, err
}

func scanDue(r db.Row) (d flow.Due, err error) {
	err = r.Scan(&d.Merchant, &d.ID)
	return d, err
}

const (
	sqlSpend = `insert into payment_spent (merchant, order_id, shopper, minor, currency, at) values ($1, $2, $3, $4, $5, $6)`
	sqlSpent = `select shopper, minor, currency, back from payment_spent where merchant = $1 and order_id = $2`
	sqlBack  = `update payment_spent set back = $3 where merchant = $1 and order_id = $2 and back is null`
)

// spent is credit used for an order.
type spent struct {
	shopper ident.Shopper
	amount  money.Amount
	back    civil.Instant // when the order was cancelled and the credit given back
}

func scanSpent(r db.Row) (s spent, err error) {
	err = r.Scan(&s.shopper, &s.amount.Minor, &s.amount.Currency, &s.back)
	return s, err
}

const (
	sqlMissed = `insert into payment_missed (merchant, refund, said, answer_by, answered, answer) values ($1, $2, $3, $4, null, '')
		on conflict (merchant, refund) do nothing returning refund`
	sqlClaim      = `select refund, said, answer_by, answered, answer from payment_missed where merchant = $1 and refund = $2`
	sqlOpenClaims = `select refund, said, answer_by, answered, answer from payment_missed
		where merchant = $1 and answered is null and (answer_by, refund) > ($2, $3) order by answer_by, refund limit $4`
	sqlAnswerClaim = `update payment_missed set answered = $3, answer = $4 where merchant = $1 and refund = $2 and answered is null`
)

func scanClaim(r db.Row) (c Claim, err error) {
	err = r.Scan(&c.Refund, &c.Said, &c.AnswerBy, &c.Answered, &c.Answer)
	return c, err
}
