package desk

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/blob"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

const (
	sqlInsert = `insert into desk_conversation (merchant, id, key, order_id, shopper, via, source, locale, state, question, opened, since,
		answer_by, value, currency, said)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 0)`
	// The count of messages is part of the key: whoever comes second changes nothing.
	sqlSave = `update desk_conversation set state = $4, question = $5, since = $6, answer_by = $7, strange = $8, said = $9
		where merchant = $1 and id = $2 and said = $3`
	sqlSay = `insert into desk_said (merchant, conversation, sequence, id, party, actor, via, source, words, photos, at, house)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`

	sqlConversation = `select id, key, order_id, shopper, via, source, locale, state, question, opened, since, answer_by, value, currency, said, strange, network, handed_at
		from desk_conversation where merchant = $1 and id = $2`
	sqlByKey = `select id, key, order_id, shopper, via, source, locale, state, question, opened, since, answer_by, value, currency, said, strange, network, handed_at
		from desk_conversation where merchant = $1 and key = $2`
	sqlOfOrders = `select id, key, order_id, shopper, via, source, locale, state, question, opened, since, answer_by, value, currency, said, strange, network, handed_at
		from desk_conversation where merchant = $1 and order_id in ($2) and order_id <> '' order by order_id, id`
	sqlOfShopper = `select id, key, order_id, shopper, via, source, locale, state, question, opened, since, answer_by, value, currency, said, strange, network, handed_at
		from desk_conversation where merchant = $1 and shopper = $2 and shopper <> '' order by id desc limit $3`
	sqlQueue = `select id, key, order_id, shopper, via, source, locale, state, question, opened, since, answer_by, value, currency, said, strange, network, handed_at
		from desk_conversation where merchant = $1 and state = 'waiting'
			and answer_by >= $2 and (answer_by > $2 or value < $3 or value = $3 and id > $4)
		order by answer_by, value desc, id limit $5`
	sqlNewest = `select id, key, order_id, shopper, via, source, locale, state, question, opened, since, answer_by, value, currency, said, strange, network, handed_at
		from desk_conversation where merchant = $1 and id < $2 order by id desc limit $3`
	sqlStrange = `select id, key, order_id, shopper, via, source, locale, state, question, opened, since, answer_by, value, currency, said, strange, network, handed_at
		from desk_conversation where merchant = $1 and strange is not null order by strange, id limit $2`
	sqlWaitingCount = `-- whole merchant: those that wait, by an index of them alone
		select count(*) from desk_conversation where merchant = $1 and state = 'waiting'`

	sqlThread = `select id, party, actor, via, source, words, photos, at, house from desk_said where merchant = $1 and conversation = $2 order by sequence`
)

func scanConversation(r db.Row) (c Conversation, err error) {
	err = r.Scan(&c.ID, &c.Key, &c.Order, &c.Shopper, &c.Via, &c.Source, &c.Locale, &c.State, &c.Question, &c.Opened, &c.Since, &c.AnswerBy,
		&c.Value.Minor, &c.Value.Currency, &c.said, &c.Strange, &c.Network, &c.Handed)
	return c, err
}

func scanSaid(r db.Row) (s Said, err error) {
	err = r.Scan(&s.ID, &s.By, &s.Actor, &s.Via, &s.Source, &s.Words, listed(&s.Photos), &s.At, &s.House)
	return s, err
}

// list is a column that holds several of a thing, as JSON.
type list[T any] struct{ of *[]T }

func listed[T any](of *[]T) list[T] { return list[T]{of} }

// Value stores them.
func (l list[T]) Value() (driver.Value, error) {
	if len(*l.of) == 0 {
		return "[]", nil
	}
	body, err := json.Marshal(*l.of)
	return string(body), err
}

// Scan reads what Value stored.
func (l list[T]) Scan(src any) error {
	switch v := src.(type) {
	case string:
		return json.Unmarshal([]byte(v), l.of)
	case []byte:
		return json.Unmarshal(v, l.of)
	default:
		return fmt.Errorf("scan a list from %T", src)
	}
}

func (c Conversation) write(tx *flow.Tx, m ident.Merchant) error {
	return tx.Do(sqlInsert, m, c.ID, c.Key, c.Order, c.Shopper, c.Via, c.Source, c.Locale, c.State, c.Question, c.Opened, c.Since,
		c.AnswerBy, c.Value.Minor, c.Value.Currency)
}

// say adds a message, and saves what it changes.
func (c *Conversation) say(tx *flow.Tx, m ident.Merchant, s Said) error {
	was := c.said
	c.said++
	if err := blob.Refer(tx, m, s.Photos); err != nil {
		return err
	}
	if err := tx.Do(sqlSay, m, c.ID, c.said, s.ID, s.By, s.Actor, s.Via, s.Source, s.Words, listed(&s.Photos), s.At, s.House); err != nil {
		return err
	}
	return c.save(tx, m, was)
}

func (c Conversation) save(tx *flow.Tx, m ident.Merchant, was int64) error {
	saved, err := tx.Changed(sqlSave, m, c.ID, was, c.State, c.Question, c.Since, c.AnswerBy, c.Strange, c.said)
	if err == nil && !saved {
		err = fault.New(fault.Conflict, "conversation_moved", "conversation")
	}
	return err
}

func byKey(tx *db.Tx, m ident.Merchant, key string) (Conversation, bool, error) {
	return db.One(tx, sqlByKey, scanConversation, m, key)
}

// Get reads a conversation. The fault is not_found.
func Get(tx *db.Tx, m ident.Merchant, id ident.Conversation) (Conversation, error) {
	c, ok, err := db.One(tx, sqlConversation, scanConversation, m, id)
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "not_found", "conversation")
	}
	return c, err
}

// Thread reads all that was said in a conversation, the first first.
func Thread(tx *db.Tx, m ident.Merchant, id ident.Conversation) ([]Said, error) {
	return db.All(tx, sqlThread, scanSaid, m, id)
}

// OfOrders reads the conversations about orders, the oldest first.
func OfOrders(tx *db.Tx, m ident.Merchant, ids []ident.Order) (map[ident.Order][]Conversation, error) {
	all, err := db.All(tx, sqlOfOrders, scanConversation, m, db.In(ids))
	of := map[ident.Order][]Conversation{}
	for _, c := range all {
		of[c.Order] = append(of[c.Order], c)
	}
	return of, err
}
