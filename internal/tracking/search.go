package tracking

import (
	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

const sqlUnder = `select parcel from tracking_leg where merchant = $1 and connection in ($2) and number = $3 order by parcel`

// Under finds the parcels of a merchant that travel under a number of one of its
// connections.
func Under(tx *db.Tx, m ident.Merchant, connections []ident.Connection, number string) ([]ident.Parcel, error) {
	return db.All(tx, sqlUnder, db.Scalar[ident.Parcel], m, db.In(connections), carrier.FoldNumber(number))
}

const sqlUnreadCount = `select count(*) from tracking_raw where merchant = $1 and id > $2 and state <> 'read'`

// UnreadCount is how many payloads of a merchant are not, or not wholly, understood.
func UnreadCount(tx *db.Tx, m ident.Merchant) (int, error) {
	n, _, err := db.One(tx, sqlUnreadCount, db.Scalar[int], m, "")
	return n, err
}
