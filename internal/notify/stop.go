package notify

import (
	"slices"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Stop is STOP, sent from a number by SMS: nothing is sent to that number any
// more, until Resume. number is in the E.164 form.
func Stop(tx *flow.Tx, m ident.Merchant, number string) error {
	return tx.Do(sqlSuppress, m, hashNumber(number), "", tx.Now)
}

// Resume is START, or the number's owner who chose SMS again on a page.
func Resume(tx *flow.Tx, m ident.Merchant, number string) error {
	return tx.Do(sqlResume, m, hashNumber(number))
}

// The words that end SMS to a number, and begin them again. Source: AF2M,
// "Déontologie SMS" (STOP); the others are what French and English readers write.
var (
	stopWords  = []string{"STOP", "STOPALL", "ARRET", "ARRÊT", "UNSUBSCRIBE", "END", "QUIT"}
	startWords = []string{"START", "REPRENDRE", "UNSTOP"}
)

// Asks is what an answer by SMS asks for: Stop, or Resume; nil for any other words.
func Asks(text string) func(tx *flow.Tx, m ident.Merchant, number string) error {
	word := strings.ToUpper(strings.Trim(text, " .!\r\n\t"))
	switch {
	case slices.Contains(stopWords, word):
		return Stop
	case slices.Contains(startWords, word):
		return Resume
	default:
		return nil
	}
}

// Texted lists the merchants that sent an SMS to a number: its STOP is for all of
// them, for the sender it saw is the installation's.
func Texted(tx *db.Tx, number string) ([]ident.Merchant, error) {
	return db.All(tx, sqlTexted, db.Scalar[ident.Merchant], hashNumber(number))
}

// Stopped reports whether nothing is sent to a number because its owner said STOP.
func Stopped(tx *db.Tx, m ident.Merchant, number string) (bool, error) {
	if number == "" {
		return false, nil
	}
	c, ok, err := db.One(tx, sqlSuppressed, scanClosed, m, db.In([]string{hashNumber(number)}))
	return ok && c.reason == OptedOut, err
}

// closed is a contact to which nothing is sent.
type closed struct{ contact, reason string }

func scanClosed(r db.Row) (c closed, err error) {
	var because ident.Message
	if err := r.Scan(&c.contact, &because); err != nil {
		return c, err
	}
	if c.reason = AddressBounced; because == "" {
		c.reason = OptedOut
	}
	return c, nil
}

// Hush keeps the hours in which a shopper wants neither SMS nor push.
func Hush(tx *flow.Tx, m ident.Merchant, id ident.Shopper, q Quiet) error {
	return tx.Do(sqlHush, m, id, q.From, q.Until, tx.Now)
}

// QuietOf are the quiet hours of a shopper.
func QuietOf(tx *db.Tx, m ident.Merchant, id ident.Shopper) (Quiet, error) {
	q, said, err := db.One(tx, sqlQuiet, scanQuiet, m, db.In([]ident.Shopper{id}))
	if err != nil || !said {
		return Night, err
	}
	return q.Quiet, nil
}

// hush is what a shopper said of their quiet hours.
type hush struct {
	shopper ident.Shopper
	Quiet
}

func scanQuiet(r db.Row) (h hush, err error) {
	err = r.Scan(&h.shopper, &h.From, &h.Until)
	return h, err
}

const (
	sqlHush = `insert into notify_quiet (merchant, shopper, from_minute, until_minute, at) values ($1, $2, $3, $4, $5)
		on conflict (merchant, shopper) do update set from_minute = excluded.from_minute, until_minute = excluded.until_minute, at = excluded.at`
	sqlQuiet  = `select shopper, from_minute, until_minute from notify_quiet where merchant = $1 and shopper in ($2)`
	sqlTexted = `-- across merchants: one sender writes for them all, and STOP is said to the sender
		select distinct merchant from notify_message where contact = $1 and channel = 'sms'`
	sqlResume = `delete from notify_suppressed where merchant = $1 and contact = $2 and message = ''`
)

// Waits is the sweep over messages that wait for their instant.
func Waits() flow.Sweep {
	return flow.Sweep{
		Name: "notify.Leave",
		Find: func(tx *db.Tx, now civil.Instant, limit int) ([]flow.Due, error) {
			return db.All(tx, sqlWaiting, scanDue, now, limit)
		},
		Next: func(tx *db.Tx) (civil.Instant, error) {
			at, _, err := db.One(tx, sqlNextWaiting, db.Scalar[civil.Instant])
			return at, err
		},
		Do: leave,
	}
}

// leave has messages sent whose instant has come.
func leave(tx *flow.Tx, m ident.Merchant, ids []string) error {
	ready, err := db.All(tx.Tx, sqlLeave, db.Scalar[ident.Message], m, db.In(ids), tx.Now)
	if err != nil {
		return err
	}
	for _, id := range ready {
		if err := tx.Enqueue(m, SendErrand, string(id), sending{id}); err != nil {
			return err
		}
	}
	return nil
}

func scanDue(r db.Row) (d flow.Due, err error) {
	err = r.Scan(&d.Merchant, &d.ID)
	return d, err
}

const (
	sqlWaiting = `-- across merchants: the clock
		select merchant, id from notify_message where not_before is not null and not_before <= $1 order by not_before, merchant, id limit $2`
	sqlNextWaiting = `-- across merchants: the clock
		select coalesce(min(not_before), 0) from notify_message where not_before is not null`
	sqlLeave = `update notify_message set not_before = null
		where merchant = $1 and id in ($2) and not_before <= $3 returning id`
)
