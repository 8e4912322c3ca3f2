package insight

import (
	_ "embed"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// Irritants are what troubled a merchant's shoppers, and what it took them.
type Irritants struct {
	Causes []Trouble
	Scores []Scored
	Words  []Verbatim // the newest first
	Effort Effort
}

// Trouble is a cause of promises that were not kept.
type Trouble struct {
	Owed   fact.Owed
	Reason string // code of the rule that decided
	Liable fact.Party
	N      int
}

// Scored is how often a score was given for a delivery, by what became of its promise.
type Scored struct {
	Score   int // 1 to 5
	Promise fact.State
	N       int
}

// Verbatim is what a shopper wrote.
type Verbatim struct {
	Via          fact.Via
	Order        ident.Order        // empty: about no order
	Conversation ident.Conversation // empty: beside a score
	Score        int                // -1 without one
	Words        string
	At           civil.Instant
}

// Effort is what deliveries took the shoppers who awaited them.
type Effort struct {
	Deliveries int
	Contacts   int           // messages they wrote
	Changes    int           // dates they chose anew
	Answers    int           // that a person gave
	Waited     time.Duration // for those answers, in all
}

var (
	//go:embed irritants_causes.sql
	irritantsCausesSQL string

	//go:embed irritants_scores.sql
	irritantsScoresSQL string

	//go:embed irritants_words.sql
	irritantsWordsSQL string

	//go:embed irritants_effort.sql
	irritantsEffortSQL string
)

// IrritantsOf reports on what troubled a merchant's shoppers in [since, until),
// with at most so many of their words.
func IrritantsOf(tx *db.Tx, m ident.Merchant, since, until civil.Instant, words int) (i Irritants, err error) {
	args := []any{m, int64(since), int64(until)}
	if i.Causes, err = db.All(tx, irritantsCausesSQL, scanTrouble, args...); err != nil {
		return i, err
	}
	if i.Scores, err = db.All(tx, irritantsScoresSQL, scanScored, args...); err != nil {
		return i, err
	}
	if i.Words, err = db.All(tx, irritantsWordsSQL, scanVerbatim, append(args, words)...); err != nil {
		return i, err
	}
	i.Effort, _, err = db.One(tx, irritantsEffortSQL, scanEffort, args...)
	return i, err
}

func scanTrouble(r db.Row) (t Trouble, err error) {
	err = r.Scan(&t.Owed, &t.Reason, &t.Liable, &t.N)
	return t, err
}

func scanScored(r db.Row) (s Scored, err error) {
	err = r.Scan(&s.Score, &s.Promise, &s.N)
	return s, err
}

func scanVerbatim(r db.Row) (v Verbatim, err error) {
	err = r.Scan(&v.Via, &v.Order, &v.Conversation, &v.Score, &v.Words, &v.At)
	return v, err
}

func scanEffort(r db.Row) (e Effort, err error) {
	var waited int64
	err = r.Scan(&e.Deliveries, &e.Contacts, &e.Changes, &e.Answers, &waited)
	e.Waited = time.Duration(waited) * time.Microsecond
	return e, err
}
