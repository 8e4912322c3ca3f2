package notify

import (
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

const (
	sqlInsertMessage = `insert into notify_message (merchant, id, shopper, channel, topic, cause, orderid, commitment,
			locale, decision, reason, state, message_id, contact, subject, html, text, created, changed, accepted_at, not_before, template, failure, urgent)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, '', '', $13, $14, $15, $16, $16, null, $17, $18, $19, $20)`
	// The cross join has both engines look up pair after pair.
	sqlTold = `select m.shopper, m.channel, m.topic, m.cause
		from (values {$2: text, text}) as v cross join notify_message m
		where m.merchant = $1 and m.shopper = v.column1 and m.cause = v.column2`
	sqlMessages = `select id, shopper, channel, topic, cause, orderid, commitment, locale, decision, reason, state,
			message_id, contact, subject, html, text, created, changed, accepted_at, not_before, template, failure, urgent
		from notify_message where merchant = $1 and id in ($2)`
	sqlOfOrders = `select id, shopper, channel, topic, cause, orderid, commitment, locale, decision, reason, state,
			message_id, contact, subject, '', '', created, changed, accepted_at, not_before, template, failure, urgent
		from notify_message where merchant = $1 and orderid in ($2) order by orderid, id`

	// A letter is composed once: whoever comes second keeps the first one's words.
	sqlCompose = `update notify_message set message_id = $3, subject = $4, html = $5, text = $6, template = $7, failure = $8
		where merchant = $1 and id = $2 and message_id = ''`
	sqlAccept = `update notify_message set state = 'sent', accepted_at = $3, changed = $3, contact = $4
		where merchant = $1 and id = $2 and state in ('queued', 'failed')`
	// What opens something once must not lie in the log of messages.
	sqlErase = `update notify_message set html = '', text = '' where merchant = $1 and id = $2 and topic in ($3)`
	sqlFail  = `update notify_message set state = 'failed', reason = $4, changed = $3
		where merchant = $1 and id = $2 and state = 'queued'`
	sqlSkip = `update notify_message set state = 'skipped', decision = 'skip', reason = $4, changed = $3, not_before = null
		where merchant = $1 and id = $2 and state in ('queued', 'failed')`
	sqlPostpone = `update notify_message set not_before = $3 where merchant = $1 and id = $2 and state in ('queued', 'failed')`
	sqlBounce   = `update notify_message set state = 'bounced', changed = $3
		where merchant = $1 and id = $2 and state = 'sent'`

	sqlSuppress = `insert into notify_suppressed (merchant, contact, message, at) values ($1, $2, $3, $4)
		on conflict (merchant, contact) do nothing`
	sqlSuppressed = `select contact, message from notify_suppressed where merchant = $1 and contact in ($2)`

	// What is said no more may be said again.
	sqlUnsay = `update notify_message set cause = cause || '#' || id
		where merchant = $1 and shopper = $2 and channel = $3 and cause = $4 and topic in ($5)`

	sqlPrefer = `insert into notify_preference (merchant, shopper, topic, channel, allowed, at) values ($1, $2, $3, $4, $5, $6)
		on conflict (merchant, shopper, topic, channel) do update set allowed = excluded.allowed, at = excluded.at`
	sqlPreferences = `select shopper, topic, channel, allowed, at from notify_preference
		where merchant = $1 and shopper in ($2) order by shopper, topic, channel`
)

func insert(tx *flow.Tx, m ident.Merchant, x Message) error {
	decision := "skip"
	if x.Send {
		decision = "send"
	}
	return tx.Do(sqlInsertMessage, m, x.ID, x.Shopper, x.Channel, x.Topic, x.Cause, x.Order, x.Commitment,
		x.Locale, decision, x.Reason, x.State, x.Subject, x.HTML, x.Text, tx.Now, x.NotBefore, x.Template, x.Failure, x.Urgent)
}

func scanMessage(r db.Row) (x Message, err error) {
	var decision string
	err = r.Scan(&x.ID, &x.Shopper, &x.Channel, &x.Topic, &x.Cause, &x.Order, &x.Commitment, &x.Locale, &decision, &x.Reason,
		&x.State, &x.MessageID, &x.Contact, &x.Subject, &x.HTML, &x.Text, &x.Created, &x.Changed, &x.Accepted, &x.NotBefore, &x.Template, &x.Failure, &x.Urgent)
	x.Send = decision == "send"
	return x, err
}

// telling is what a shopper is told once.
type telling struct {
	shopper ident.Shopper
	channel Channel
	topic   fact.Topic
	cause   string
}

func scanTelling(r db.Row) (t telling, err error) {
	err = r.Scan(&t.shopper, &t.channel, &t.topic, &t.cause)
	return t, err
}

// Preference is a shopper's word on a topic and channel.
type Preference struct {
	Shopper ident.Shopper
	Topic   fact.Topic
	Channel Channel
	Allowed bool
	At      civil.Instant
}

func scanPreference(r db.Row) (p Preference, err error) {
	err = r.Scan(&p.Shopper, &p.Topic, &p.Channel, &p.Allowed, &p.At)
	return p, err
}
