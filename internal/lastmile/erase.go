package lastmile

import (
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

const (
	sqlEraseChanges = `update lastmile_change set words = '', said = '' where merchant = $1 and order_id in ($2)`
	sqlEraseDoors   = `update lastmile_address set name = '', street = '', extra = '', postcode = '', city = '', country = '', phone = ''
		where merchant = $1 and change in (select id from lastmile_change where merchant = $1 and order_id in ($2))`
	sqlPictures = `select picture from lastmile_visit where merchant = $1 and picture <> '' and stop in (
		select id from lastmile_stop where merchant = $1 and order_id in ($2))`
	sqlEraseVisits = `update lastmile_visit set signed_by = '', picture = '' where merchant = $1 and stop in (
		select id from lastmile_stop where merchant = $1 and order_id in ($2))`
)

// Erase takes out of the deliveries of orders where somebody wanted them brought or
// left, who took them, and the photo or signature that proved it, which it answers. That there
// was a proof, and of which kind, stays.
func Erase(tx *flow.Tx, m ident.Merchant, ids []ident.Order) (pictures []ident.Blob, err error) {
	if pictures, err = db.All(tx.Tx, sqlPictures, db.Scalar[ident.Blob], m, db.In(ids)); err != nil {
		return nil, err
	}
	if err := tx.Do(sqlEraseVisits, m, db.In(ids)); err != nil {
		return nil, err
	}
	if err := tx.Do(sqlEraseDoors, m, db.In(ids)); err != nil {
		return nil, err
	}
	return pictures, tx.Do(sqlEraseChanges, m, db.In(ids))
}
