package desk

import (
	"math"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

const (
	sqlEraseSaid   = `update desk_said set source = '', words = '', photos = '[]' where merchant = $1 and conversation = $2`
	sqlClaimPhotos = `select photos from desk_claim_said where merchant = $1 and claim in (
		select id from desk_claim where merchant = $1 and shopper = $2)`
	sqlEraseClaims = `update desk_claim_said set words = '', photos = '[]' where merchant = $1 and claim in (
		select id from desk_claim where merchant = $1 and shopper = $2)`
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
		var said []Said
		if said, err = Thread(tx.Tx, m, c.ID); err != nil {
			return nil, err
		}
		for _, s := range said {
			photos = append(photos, s.Photos...)
		}
		if c.Waits() {
			if _, err = Close(tx, m, c.ID, fact.ByShopper); err != nil {
				return nil, err
			}
		}
		err = tx.Do(sqlEraseSaid, m, c.ID)
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
