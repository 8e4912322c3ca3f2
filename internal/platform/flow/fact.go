package flow

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// Fact is something that happened, with who and why.
type Fact struct {
	ID       ident.Fact
	Kind     fact.Kind
	Merchant ident.Merchant
	Subject  string // the thing whose timeline shows it: an order, a shopper, an organisation
	Actor    Actor
	Cause    ident.Fact // the fact it follows from; empty when somebody's verb
	At       civil.Instant
	Body     fact.Body
}

const (
	sqlInsertFact = `insert into flow_fact (merchant, id, kind, occurrence, subject, actor, cause, at, body)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`
	sqlTimeline = `select merchant, id, kind, subject, actor, cause, at, body from flow_fact
		where merchant = $1 and subject = $2 order by id`
	sqlTimelineBut = `select merchant, id, kind, subject, actor, cause, at, body from flow_fact
		where merchant = $1 and subject = $2 and kind not in ($3) order by id`
	sqlFacts = `select merchant, id, kind, subject, actor, cause, at, body from flow_fact
		where merchant = $1 and id in ($2) order by id`
	sqlFactsAfter = `-- across merchants: the log as a whole, for verify and simulate
		select merchant, id, kind, subject, actor, cause, at, body from flow_fact
		where id > $1 order by id limit $2`
)

// Emit writes a fact and queues it for its reactions. occurrence names this
// happening of the kind, once for ever: a second one is a bug, so guard before
// emitting, by a unique key or a compare-and-set.
func (tx *Tx) Emit(m ident.Merchant, subject, occurrence string, body fact.Body) error {
	k := body.Kind()
	if tx.route != nil && tx.group.flow.check && !slices.Contains(tx.route.Emits, k) {
		return fmt.Errorf("flow: %s emits %s without declaring it", tx.route.Key(), k)
	}
	raw, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("emit %s: %w", k, err)
	}
	f := Fact{
		ID: ident.New[ident.Fact](tx.Mint), Kind: k, Merchant: m, Subject: subject,
		Actor: tx.by, Cause: tx.cause, At: tx.Now, Body: body,
	}
	if err := tx.Do(sqlInsertFact, m, f.ID, k, occurrence, subject, f.Actor, f.Cause, f.At, string(raw)); err != nil {
		return fmt.Errorf("emit %s: %w", k, err)
	}
	tx.group.pending = append(tx.group.pending, f)
	return nil
}

func scanFact(r db.Row) (f Fact, err error) {
	var body string
	if err := r.Scan(&f.Merchant, &f.ID, &f.Kind, &f.Subject, &f.Actor, &f.Cause, &f.At, &body); err != nil {
		return f, err
	}
	f.Body, err = fact.Decode(f.Kind, []byte(body))
	return f, err
}

// Timeline reads the facts of a subject, oldest first.
func Timeline(tx *db.Tx, m ident.Merchant, subject string) ([]Fact, error) {
	return db.All(tx, sqlTimeline, scanFact, m, subject)
}

// TimelineBut is Timeline without the facts of some kinds, at least one: those that
// a reader has no use for are neither read nor decoded.
func TimelineBut(tx *db.Tx, m ident.Merchant, subject string, kinds ...fact.Kind) ([]Fact, error) {
	return db.All(tx, sqlTimelineBut, scanFact, m, subject, db.In(kinds))
}

// facts reads facts by id, in order of emission.
func facts(tx *db.Tx, m ident.Merchant, ids []ident.Fact) ([]Fact, error) {
	return db.All(tx, sqlFacts, scanFact, m, db.In(ids))
}

// After pages through the whole log of all merchants, in order of emission.
func After(tx *db.Tx, last ident.Fact, limit int) ([]Fact, error) {
	return db.All(tx, sqlFactsAfter, scanFact, last, limit)
}
