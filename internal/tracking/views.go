package tracking

import (
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// Stories reads the stories of parcels. A parcel without one is not in the answer.
func Stories(tx *db.Tx, m ident.Merchant, parcels []ident.Parcel) (map[ident.Parcel]Story, error) {
	rows, err := db.All(tx, sqlParcels, scanParcel, m, db.In(parcels))
	stories := make(map[ident.Parcel]Story, len(rows))
	for _, p := range rows {
		stories[p.id] = p.Story
	}
	return stories, err
}

// Events reads the events of all legs of parcels, each with its parcel, in the
// order in which they are said to have happened.
func Events(tx *db.Tx, m ident.Merchant, parcels []ident.Parcel) ([]Event, error) {
	return db.All(tx, sqlEvents, scanEvent, m, db.In(parcels))
}

// RawUnread pages through the payloads of a merchant that are not, or not
// wholly, understood, the oldest first.
func RawUnread(tx *db.Tx, m ident.Merchant, last ident.Raw, limit int) ([]Raw, error) {
	return db.All(tx, sqlUnread, scanRaw, m, last, limit)
}

// Misfolded folds parcels again and gives those whose stored story is another:
// none, as long as invariant I5 holds.
func Misfolded(tx *db.Tx, m ident.Merchant, parcels []ident.Parcel) (wrong []ident.Parcel, err error) {
	changes, err := folded(tx, m, parcels)
	for _, c := range changes {
		if !c.now.Story.same(c.was.Story) {
			wrong = append(wrong, c.now.id)
		}
	}
	return wrong, err
}
