package returns

import (
	"strings"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/text"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Word is what a second person said of a held return, or of a decision that
// waited, and why.
type Word struct {
	Decision ident.Decision // empty: of the held return itself
	Verb     SecondVerb
	By       flow.Actor
	Reason   string
	At       civil.Instant
}

// SecondVerb is what a second person did.
type SecondVerb string

// The verbs.
const (
	LetPass   SecondVerb = "approve" // a held return
	Confirmed SecondVerb = "confirm" // a decision
	DroppedIt SecondVerb = "drop"    // likewise
)

const (
	sqlSecond = `insert into returns_second (merchant, return_id, sequence, decision, verb, actor, reason, at)
		select $1, $2, (select count(*) + 1 from returns_second where merchant = $1 and return_id = $2), $3, $4, $5, $6, $7`
	sqlSeconds = `select decision, verb, actor, reason, at from returns_second where merchant = $1 and return_id = $2 order by sequence`
)

func scanWord(r db.Row) (w Word, err error) {
	err = r.Scan(&w.Decision, &w.Verb, &w.By, &w.Reason, &w.At)
	return w, err
}

// Seconds reads what second persons said about a return, the first first.
func Seconds(tx *db.Tx, m ident.Merchant, id ident.Return) ([]Word, error) {
	return db.All(tx, sqlSeconds, scanWord, m, id)
}

// keep writes the word down. It is what shows that the second person looked, so
// there is none without a reason. The faults are field_required, field_too_long
// and invalid_utf8 at reason.
func (w Word) keep(tx *flow.Tx, m ident.Merchant, id ident.Return) error {
	var faults fault.List
	reason := strings.TrimSpace(w.Reason)
	text.Required(&faults, "reason", reason, maxNote)
	if err := faults.Err(); err != nil {
		return err
	}
	return tx.Do(sqlSecond, m, id, w.Decision, w.Verb, tx.By(), reason, tx.Now)
}
