package tracking

import (
	"bytes"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

const (
	sqlMention = `insert into tracking_mention (merchant, connection, number, raw) values ($1, $2, $3, $4) on conflict do nothing`
	sqlNumbers = `select connection, number from tracking_leg where merchant = $1 and parcel in ($2)`

	sqlEraseEvents = `update tracking_event set label = '', location = '', erased = true
		where merchant = $1 and connection = $2 and number = $3`
	sqlEraseRaws = `update tracking_raw set body = '', packed = false, ages = null, state = 'read', error = '' where merchant = $1 and id in (
		select raw from tracking_event where merchant = $1 and connection = $2 and number = $3
		union select raw from tracking_mention where merchant = $1 and connection = $2 and number = $3)`
	sqlEraseRaw = `update tracking_raw set body = '', packed = false, ages = null, state = 'read', error = '' where merchant = $1 and id = $2`
)

// mention notes the payloads that say nothing new of a number: no event leads to them.
func mention(tx *flow.Tx, m ident.Merchant, events []Event, fresh []bool) error {
	type said struct {
		raw    ident.Raw
		number string
	}
	led, noted := map[said]bool{}, map[said]bool{}
	for i, e := range events {
		if fresh[i] {
			led[said{e.Raw, e.Number}] = true
		}
	}
	for i, e := range events {
		s := said{e.Raw, e.Number}
		if fresh[i] || led[s] || noted[s] || e.Raw == "" {
			continue
		}
		noted[s] = true
		if err := tx.Do(sqlMention, m, e.Connection, e.Number, e.Raw); err != nil {
			return err
		}
	}
	return nil
}

// number is what a carrier knows a parcel by.
type number struct {
	connection ident.Connection
	number     string
}

func scanNumber(r db.Row) (n number, err error) {
	err = r.Scan(&n.connection, &n.number)
	return n, err
}

// Erase takes out of the journeys of parcels what carriers wrote in words, and what
// they sent about them as it came, the parts about other parcels included: one
// payload may speak of many. What happened, when and in which state stays.
func Erase(tx *flow.Tx, m ident.Merchant, parcels []ident.Parcel) error {
	numbers, err := db.All(tx.Tx, sqlNumbers, scanNumber, m, db.In(parcels))
	if err != nil {
		return err
	}
	for _, n := range numbers {
		if err := tx.Do(sqlEraseRaws, m, n.connection, n.number); err != nil {
			return err
		}
		if err := tx.Do(sqlEraseEvents, m, n.connection, n.number); err != nil {
			return err
		}
	}
	return eraseUnread(tx, m, numbers)
}

// unreadAtOnce is how many payloads that nobody understood are looked through together.
const unreadAtOnce = 200

// eraseUnread looks for the numbers in what could not be read, or not wholly: no
// event says whom that is about.
func eraseUnread(tx *flow.Tx, m ident.Merchant, numbers []number) error {
	for after := ident.Raw(""); ; {
		raws, err := db.All(tx.Tx, sqlUnread, scanRaw, m, after, unreadAtOnce)
		if err != nil || len(raws) == 0 {
			return err
		}
		for _, raw := range raws {
			if !speaksOf(raw.Body, numbers) {
				continue
			}
			if err := tx.Do(sqlEraseRaw, m, raw.ID); err != nil {
				return err
			}
		}
		after = raws[len(raws)-1].ID
	}
}

func speaksOf(body []byte, numbers []number) bool {
	for _, n := range numbers {
		if n.number != "" && bytes.Contains(body, []byte(n.number)) {
			return true
		}
	}
	return false
}
