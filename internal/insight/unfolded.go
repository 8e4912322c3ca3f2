package insight

import (
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/tracking"
)

const sqlParcelsAfter = `-- across merchants: I5, every parcel is folded again
	select merchant, id from tracking_parcel where (merchant, id) > ($1, $2) order by merchant, id limit $3`

// foldPage is how many parcels are folded at once.
const foldPage = 200

type parcelKey struct {
	merchant ident.Merchant
	id       ident.Parcel
}

// unfolded folds every parcel again and answers those whose stored story is
// another.
func unfolded(tx *db.Tx) (wrong []string, err error) {
	var last parcelKey
	for {
		page, err := db.All(tx, sqlParcelsAfter, func(r db.Row) (k parcelKey, err error) {
			err = r.Scan(&k.merchant, &k.id)
			return k, err
		}, last.merchant, last.id, foldPage)
		if err != nil || len(page) == 0 {
			return wrong, err
		}
		last = page[len(page)-1]
		of := map[ident.Merchant][]ident.Parcel{}
		for _, k := range page {
			of[k.merchant] = append(of[k.merchant], k.id)
		}
		for m, ids := range of {
			bad, err := tracking.Misfolded(tx, m, ids)
			if err != nil {
				return wrong, err
			}
			for _, id := range bad {
				wrong = append(wrong, string(id))
			}
		}
	}
}
