package desk

import (
	"math"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/blob"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

const (
	sqlEraseSaid   = `update desk_said set source = '', words = '', photos = '[]' where merchant = $1 and conversation = $2`
	sqlClaimPhotos = `select photos from desk_claim_said where merchant = $1 and claim in (
		select id from desk_claim where merchant = $1 and shopper = $2)`
	sqlEraseClaims = `update desk_claim_said set words = '', photos = '[]' where merchant = $1 and claim in (
		select id from desk_claim where merchant = $1 and shopper = $2)`
	sqlUnsettled = `-- whole merchant: what waits, by indexes of that alone
		select order_id, shopper from desk_conversation where merchant = $1 and state = 'waiting'
		union select order_id, shopper from desk_claim where merchant = $1 and state in ('open', 'contested')`

	sqlNobodys = `select id, key, order_id, shopper, via, source, locale, state, question, opened, since, answer_by, value, currency, said, strange, network, handed_at
		from desk_conversation where merchant = $1 and shopper = '' and id > $2 order by id limit $3`
	sqlEraseNobodys   = `update desk_conversation set source = '', strange = null where merchant = $1 and id = $2`
	sqlStrangePhotos  = `select photos from desk_said where merchant = $1 and lower(source) = $2 and party = 'unknown'`
	sqlEraseStrangers = `update desk_said set source = '', words = '', photos = '[]' where merchant = $1 and lower(source) = $2 and party = 'unknown'`

	sqlEraseConversations = `update desk_conversation set source = '', strange = null where merchant = $1 and shopper = $2 and shopper <> ''`
)

// Erase takes the words out of a shopper's conversations, the answers included, and
// closes those that wait. It answers the photos that were in them.
func Erase(tx *flow.Tx, m ident.Merchant, s ident.Shopper) (photos []ident.Blob, err error) {
	all, err := db.All(tx.Tx, sqlOfShopper, scanConversation, m, s, math.MaxInt32)
	for _, c := range all {
		if err != nil {
			return nil, err
		}
		var some []ident.Blob
		some, err = c.erase(tx, m)
		photos = append(photos, some...)
	}
	if err != nil {
		return nil, err
	}
	claimed, err := eraseClaims(tx, m, s)
	if err != nil {
		return nil, err
	}
	return append(photos, claimed...), tx.Do(sqlEraseConversations, m, s)
}

// eraseClaims takes the words out of what a shopper claimed, and of what was said of
// it, and answers the photos.
func eraseClaims(tx *flow.Tx, m ident.Merchant, s ident.Shopper) ([]ident.Blob, error) {
	lists, err := db.All(tx.Tx, sqlClaimPhotos, scanPhotos, m, s)
	if err != nil {
		return nil, err
	}
	return slices.Concat(lists...), tx.Do(sqlEraseClaims, m, s)
}

func scanPhotos(r db.Row) (photos []ident.Blob, err error) {
	err = r.Scan(listed(&photos))
	return photos, err
}

// erase takes the words out of a conversation, and closes it where it waits. It
// answers the photos that were in it.
func (c Conversation) erase(tx *flow.Tx, m ident.Merchant) (photos []ident.Blob, err error) {
	said, err := Thread(tx.Tx, m, c.ID)
	if err != nil {
		return nil, err
	}
	for _, s := range said {
		photos = append(photos, s.Photos...)
	}
	if c.Waits() {
		if _, err := Close(tx, m, c.ID, fact.ByShopper); err != nil {
			return nil, err
		}
	}
	return photos, tx.Do(sqlEraseSaid, m, c.ID)
}

// talksAtOnce is how many conversations are looked through together.
const talksAtOnce = 200

// EraseNamed takes out what was written from an address, in its one form, in other
// people's conversations, and the complaints of nobody we know that name it. It
// answers the photos.
func EraseNamed(tx *flow.Tx, m ident.Merchant, folded string) (photos []ident.Blob, err error) {
	lists, err := db.All(tx.Tx, sqlStrangePhotos, scanPhotos, m, folded)
	if err != nil {
		return nil, err
	}
	if err := tx.Do(sqlEraseStrangers, m, folded); err != nil {
		return nil, err
	}
	photos = slices.Concat(lists...)
	for after := ident.Conversation(""); ; {
		some, err := db.All(tx.Tx, sqlNobodys, scanConversation, m, after, talksAtOnce)
		if err != nil || len(some) == 0 {
			return photos, err
		}
		for _, c := range some {
			more, err := c.eraseIfNamed(tx, m, folded)
			if err != nil {
				return nil, err
			}
			photos = append(photos, more...)
		}
		after = some[len(some)-1].ID
	}
}

func (c Conversation) eraseIfNamed(tx *flow.Tx, m ident.Merchant, folded string) ([]ident.Blob, error) {
	said, err := Thread(tx.Tx, m, c.ID)
	if err != nil || !slices.ContainsFunc(said, func(s Said) bool { return blob.Names([]byte(s.Source+"\n"+s.Words), folded) }) {
		return nil, err
	}
	photos, err := c.erase(tx, m)
	if err != nil {
		return nil, err
	}
	return photos, tx.Do(sqlEraseNobodys, m, c.ID)
}

// Matter is something that people have not done with: whose it is, and about which
// order; either may be empty.
type Matter struct {
	Order   ident.Order
	Shopper ident.Shopper
}

// Unsettled lists what the questions that wait and the claims that are not decided
// are about.
func Unsettled(tx *db.Tx, m ident.Merchant) ([]Matter, error) {
	return db.All(tx, sqlUnsettled, func(r db.Row) (of Matter, err error) {
		err = r.Scan(&of.Order, &of.Shopper)
		return of, err
	}, m)
}
