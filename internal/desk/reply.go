package desk

import (
	"strings"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/text"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Reply is an answer that is written often, for a person to begin from.
type Reply struct {
	ID      ident.Reply
	Title   string
	Words   string
	Changed civil.Instant
}

const (
	maxReplies = 200
	maxTitle   = 100
)

const (
	sqlSetReply = `insert into desk_reply (merchant, id, title, words, changed) values ($1, $2, $3, $4, $5)
		on conflict (merchant, id) do update set title = excluded.title, words = excluded.words, changed = excluded.changed`
	sqlDropReply = `delete from desk_reply where merchant = $1 and id = $2`
	sqlReplies   = `-- whole merchant: at most 200
		select id, title, words, changed from desk_reply where merchant = $1 order by title, id`
)

func scanReply(r db.Row) (s Reply, err error) {
	err = r.Scan(&s.ID, &s.Title, &s.Words, &s.Changed)
	return s, err
}

// Replies lists the saved answers of a merchant, by title.
func Replies(tx *db.Tx, m ident.Merchant) ([]Reply, error) {
	return db.All(tx, sqlReplies, scanReply, m)
}

// SaveReply keeps an answer; a new one where it has no id. The faults are
// not_found, list_too_long and those of the words.
func SaveReply(tx *flow.Tx, m ident.Merchant, r Reply) (Reply, error) {
	r.Title, r.Words = strings.TrimSpace(r.Title), text.Lines(r.Words)
	var faults fault.List
	text.Required(&faults, "title", r.Title, maxTitle)
	checkWords(&faults, r.Words, nil)
	if err := faults.Err(); err != nil {
		return r, err
	}
	all, err := Replies(tx.Tx, m)
	if err != nil {
		return r, err
	}
	switch {
	case r.ID != "" && !hasReply(all, r.ID):
		return r, fault.New(fault.NotFound, "not_found", "reply")
	case r.ID == "" && len(all) >= maxReplies:
		return r, fault.New(fault.Invalid, "list_too_long", "title", "limit", maxReplies)
	case r.ID == "":
		r.ID = ident.New[ident.Reply](tx.Mint)
	}
	r.Changed = tx.Now
	return r, tx.Do(sqlSetReply, m, r.ID, r.Title, r.Words, r.Changed)
}

// DropReply forgets a saved answer; one that is not there is forgotten already.
func DropReply(tx *flow.Tx, m ident.Merchant, id ident.Reply) error {
	return tx.Do(sqlDropReply, m, id)
}

func hasReply(all []Reply, id ident.Reply) bool {
	for _, r := range all {
		if r.ID == id {
			return true
		}
	}
	return false
}

// About is which topics words are about: those of which some word is in them.
func About(topics []Topic, words string) (about []Topic) {
	plain := geo.Fold(words)
	for _, t := range topics {
		for _, w := range t.Words {
			if w = geo.Fold(w); w != "" && strings.Contains(plain, w) {
				about = append(about, t)
				break
			}
		}
	}
	return about
}
