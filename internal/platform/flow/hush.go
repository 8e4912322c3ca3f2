package flow

import (
	"slices"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

const (
	sqlErrandErrors = `-- whole merchant: the work that failed and waits, which is little
		select id, key, body, error from flow_errand where merchant = $1 and error <> ''`
	sqlHushErrand     = `update flow_errand set error = $3 where merchant = $1 and id = $2`
	sqlReactionErrors = `-- whole merchant: the reactions that failed and wait, which are few
		select p.fact, p.reaction, f.subject, f.body, p.error from flow_parked p
		join flow_fact f on f.merchant = p.merchant and f.id = p.fact where p.merchant = $1`
	sqlHushReaction = `update flow_parked set error = $4 where merchant = $1 and fact = $2 and reaction = $3`
)

// hushed is what stands in the place of an error that was taken out.
const hushed = "erased"

// trouble is work that failed: what names it, what it is about, and the error.
type trouble struct {
	name  []any
	about string
	error string
}

func scanErrandError(r db.Row) (t trouble, err error) {
	var id, key, body string
	err = r.Scan(&id, &key, &body, &t.error)
	t.name, t.about = []any{id}, key+body
	return t, err
}

func scanReactionError(r db.Row) (t trouble, err error) {
	var fact, reaction, subject, body string
	err = r.Scan(&fact, &reaction, &subject, &body, &t.error)
	t.name, t.about = []any{fact, reaction}, subject+body
	return t, err
}

// Hush takes the errors out of a merchant's failed work that is about any of some
// ids, or that itself says any of some words: others' programs write what they were
// given into them. The work stays, and can be tried again.
func Hush(tx *Tx, m ident.Merchant, ids, words []string) error {
	for _, kind := range []struct {
		read, hush string
		scan       func(db.Row) (trouble, error)
	}{{sqlErrandErrors, sqlHushErrand, scanErrandError}, {sqlReactionErrors, sqlHushReaction, scanReactionError}} {
		all, err := db.All(tx.Tx, kind.read, kind.scan, m)
		if err != nil {
			return err
		}
		for _, t := range all {
			if !holds(t.about, ids) && !holds(strings.ToLower(t.error), words) {
				continue
			}
			if err := tx.Do(kind.hush, append([]any{m}, append(t.name, hushed)...)...); err != nil {
				return err
			}
		}
	}
	return nil
}

func holds(text string, any []string) bool {
	return slices.ContainsFunc(any, func(s string) bool { return s != "" && strings.Contains(text, strings.ToLower(s)) })
}
