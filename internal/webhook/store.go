package webhook

import (
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

const (
	sqlInsertEndpoint = `insert into webhook_endpoint (merchant, id, url, label, state, made, failing, next, version)
		values ($1, $2, $3, $4, $5, $6, null, null, 1)`
	sqlChangeEndpoint = `update webhook_endpoint set url = $3, label = $4, version = version + 1 where merchant = $1 and id = $2`
	sqlTouchEndpoint  = `update webhook_endpoint set version = version + 1 where merchant = $1 and id = $2`
	sqlStopEndpoint   = `update webhook_endpoint set state = $3, next = null, version = version + 1 where merchant = $1 and id = $2`
	sqlWakeEndpoint   = `update webhook_endpoint set state = 'on', failing = null, next = null, version = version + 1
		where merchant = $1 and id = $2`
	sqlFailing        = `update webhook_endpoint set failing = $3 where merchant = $1 and id = $2`
	sqlNextOf         = `update webhook_endpoint set next = $3 where merchant = $1 and id = $2`
	sqlCountEndpoints = `-- whole merchant: twenty endpoints at most, and those removed
		select count(*) from webhook_endpoint where merchant = $1 and state <> 'removed'`
	sqlEndpoint = `select id, url, label, state, made, failing, next, version from webhook_endpoint
		where merchant = $1 and id = $2 and state <> 'removed'`
	sqlEndpoints = `-- whole merchant: twenty endpoints at most, and those removed
		select id, url, label, state, made, failing, next, version from webhook_endpoint
		where merchant = $1 and state <> 'removed' order by id`
	sqlKindsOf   = `select kind from webhook_subscription where merchant = $1 and endpoint = $2 and until is null order by kind`
	sqlSubscribe = `insert into webhook_subscription (merchant, endpoint, kind, since, until) values ($1, $2, $3, $4, null)
		on conflict (merchant, endpoint, kind, since) do update set until = null`
	sqlUnsubscribe  = `update webhook_subscription set until = $4 where merchant = $1 and endpoint = $2 and kind = $3 and until is null`
	sqlHearing      = `select endpoint, kind, since, until from webhook_subscription where merchant = $1 and kind in ($2)`
	sqlHears        = `select endpoint, kind, since, until from webhook_subscription where merchant = $1 and endpoint = $2`
	sqlInsertSecret = `insert into webhook_secret (merchant, endpoint, sequence, sealed, since, until) values ($1, $2, $3, $4, $5, null)`
	sqlLastSecret   = `select coalesce(max(sequence), 0) from webhook_secret where merchant = $1 and endpoint = $2`
	sqlEndSecrets   = `update webhook_secret set until = $3 where merchant = $1 and endpoint = $2 and until is null`
	sqlSecrets      = `select sealed from webhook_secret
		where merchant = $1 and endpoint = $2 and (until is null or until > $3) order by sequence desc`
)

func scanEndpoint(r db.Row) (e Endpoint, err error) {
	err = r.Scan(&e.ID, &e.URL, &e.Label, &e.State, &e.Made, &e.Failing, &e.next, &e.version)
	return e, err
}

// subscription is who hears of a kind, and when.
type subscription struct {
	endpoint ident.Endpoint
	kind     fact.Kind
	since    civil.Instant // exclusive: what happened at that very instant came before
	until    civil.Instant // exclusive; zero while it lasts
}

func (s subscription) covers(f flow.Fact) bool {
	return f.Kind == s.kind && f.At > s.since && (s.until.IsZero() || f.At < s.until)
}

func scanSubscription(r db.Row) (s subscription, err error) {
	err = r.Scan(&s.endpoint, &s.kind, &s.since, &s.until)
	return s, err
}

const (
	sqlObject    = `select sequence, fact from webhook_object where merchant = $1 and endpoint = $2 and subject = $3`
	sqlSetObject = `insert into webhook_object (merchant, endpoint, subject, sequence, fact) values ($1, $2, $3, $4, $5)
		on conflict (merchant, endpoint, subject) do update set sequence = excluded.sequence, fact = excluded.fact`
	sqlWritten        = `select fact from webhook_delivery where merchant = $1 and endpoint = $2 and fact in ($3)`
	sqlInsertDelivery = `insert into webhook_delivery (merchant, id, endpoint, fact, kind, subject, sequence, state, tries, next, status, error, made, tried, settled)
		values ($1, $2, $3, $4, $5, $6, $7, $8, 0, null, 0, $9, $10, null, $11)`
	// The first of an object's waiting deliveries is the one that is tried.
	sqlPromote = `update webhook_delivery set next = $4
		where merchant = $1 and endpoint = $2 and subject in ($3) and state = 'waiting' and next is null
		and not exists (select 1 from webhook_delivery o where o.merchant = webhook_delivery.merchant and o.endpoint = webhook_delivery.endpoint
			and o.subject = webhook_delivery.subject and o.state = 'waiting' and (o.next is not null or o.sequence < webhook_delivery.sequence))`
	sqlHeads = `select id, endpoint, fact, kind, subject, sequence, state, tries, next, status, error, made, tried, settled
		from webhook_delivery where merchant = $1 and endpoint = $2 and next <= $3 order by next, id limit $4`
	sqlNextHead = `select next from webhook_delivery where merchant = $1 and endpoint = $2 and next is not null order by next limit 1`
	sqlTried    = `update webhook_delivery set state = $5, tries = tries + $6, next = $7, status = $8, error = $9, tried = $10, settled = $11
		where merchant = $1 and endpoint = $2 and id = $3 and tries = $4 and state = 'waiting' and next is not null`
	sqlBury = `update webhook_delivery set state = 'dead', next = null, error = $3, settled = $4
		where merchant = $1 and endpoint = $2 and state = 'waiting'`
	sqlDelivery = `select id, endpoint, fact, kind, subject, sequence, state, tries, next, status, error, made, tried, settled
		from webhook_delivery where merchant = $1 and id = $2`
	sqlDeliveries = `select id, endpoint, fact, kind, subject, sequence, state, tries, next, status, error, made, tried, settled
		from webhook_delivery where merchant = $1 and id < $2 and (endpoint = $3 or $3 = '') and (state = $4 or $4 = '')
		order by id desc limit $5`
	sqlReplay = `update webhook_delivery set state = 'waiting', tries = 0, next = null, error = '', settled = null
		where merchant = $1 and id in ($2) and state <> 'waiting' returning subject`
	sqlDead = `select id, endpoint, fact, kind, subject, sequence, state, tries, next, status, error, made, tried, settled
		from webhook_delivery where merchant = $1 and endpoint = $2 and state = 'dead' and id > $3 order by id limit $4`
	sqlCountDead = `-- whole merchant: those given up, by an index of them alone
		select count(*) from webhook_delivery d join webhook_endpoint e on e.merchant = d.merchant and e.id = d.endpoint
		where d.merchant = $1 and d.state = 'dead' and e.state <> 'removed'`
	sqlDue = `-- across merchants: the clock
		select merchant, id from webhook_endpoint where state = 'on' and next <= $1 order by next, id limit $2`
	sqlNextDue = `-- across merchants: the clock
		select next from webhook_endpoint where state = 'on' and next is not null order by next limit 1`
)

func scanDelivery(r db.Row) (d Delivery, err error) {
	err = r.Scan(&d.ID, &d.Endpoint, &d.Fact, &d.Kind, &d.Subject, &d.Sequence, &d.State, &d.Tries, &d.Next, &d.Status, &d.Error,
		&d.Made, &d.Tried, &d.Settled)
	if d.Kind == TestKind {
		d.Fact = ""
	}
	return d, err
}

func insertDelivery(tx *flow.Tx, m ident.Merchant, d Delivery) error {
	known := d.Fact
	if known == "" {
		known = ident.Fact(d.ID) // a test stands for itself
	}
	return tx.Do(sqlInsertDelivery, m, d.ID, d.Endpoint, known, d.Kind, d.Subject, d.Sequence, d.State, d.Error, d.Made, d.Settled)
}

// object is where the numbering of an object stands.
type object struct {
	sequence int
	fact     ident.Fact // the last one numbered, in order of happening
}

func scanObject(r db.Row) (o object, err error) {
	err = r.Scan(&o.sequence, &o.fact)
	return o, err
}

func scanDue(r db.Row) (d flow.Due, err error) {
	err = r.Scan(&d.Merchant, &d.ID)
	return d, err
}
