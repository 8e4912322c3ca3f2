package tracking

import (
	"math"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// What nobody understood yet, or not wholly, does not grow old: a better parser will
// want to read it.
const (
	sqlAged = `-- across merchants: the clock
		select merchant, id from tracking_raw where ages is not null and state = 'read' and ages <= $1 order by ages, id limit $2`
	sqlOldest = `-- across merchants: the clock
		select ages from tracking_raw where ages is not null and state = 'read' order by ages, id limit 1`
	sqlRecent = `select id from tracking_raw where merchant = $1 and id in ($2) and received >= $3`
	sqlSpeak  = `select e.raw from tracking_leg l cross join tracking_event e
			where l.merchant = $1 and l.parcel in ($2) and e.merchant = l.merchant and e.connection = l.connection and e.number = l.number and e.raw in ($3)
		union select n.raw from tracking_leg l cross join tracking_mention n
			where l.merchant = $1 and l.parcel in ($2) and n.merchant = l.merchant and n.connection = l.connection and n.number = l.number and n.raw in ($3)`
	sqlSpare = `update tracking_raw set ages = $3 where merchant = $1 and id in ($2)`
	sqlEmpty = `update tracking_raw set body = '', packed = false, ages = null where merchant = $1 and id in ($2) and state = 'read'`
)

// Aged finds payloads that were understood, and have grown old since an instant or
// longer, the oldest first.
func Aged(tx *db.Tx, since civil.Instant, limit int) ([]flow.Due, error) {
	return db.All(tx, sqlAged, scanDue, since, limit)
}

// Oldest is since when the oldest of them does; zero: there is none.
func Oldest(tx *db.Tx) (civil.Instant, error) {
	since, _, err := db.One(tx, sqlOldest, db.Scalar[civil.Instant])
	return since, err
}

// Needed says which payloads are still needed: those that speak of some parcels, and
// those that came since an instant; zero: none for that reason.
type Needed struct {
	Parcels []ident.Parcel
	Since   civil.Instant
}

// Empty takes the content out of payloads that Aged found. Their hashes stay, when
// they came, and the events that were read in them. What is still needed stays whole,
// and its age counts from again. It answers how many stayed.
func Empty(tx *flow.Tx, m ident.Merchant, ids []ident.Raw, still Needed, again civil.Instant) (stayed int, err error) {
	spared, err := still.among(tx.Tx, m, ids)
	if err != nil {
		return 0, err
	}
	if len(spared) > 0 {
		if err := tx.Do(sqlSpare, m, db.In(spared), again); err != nil {
			return 0, err
		}
	}
	ids = slices.DeleteFunc(slices.Clone(ids), func(id ident.Raw) bool { return slices.Contains(spared, id) })
	if len(ids) == 0 {
		return len(spared), nil
	}
	return len(spared), tx.Do(sqlEmpty, m, db.In(ids))
}

// among are those of some payloads that are still needed.
func (n Needed) among(tx *db.Tx, m ident.Merchant, ids []ident.Raw) ([]ident.Raw, error) {
	if n.Since == 0 {
		n.Since = math.MaxInt64
	}
	all, err := db.All(tx, sqlRecent, db.Scalar[ident.Raw], m, db.In(ids), int64(n.Since))
	if err != nil {
		return nil, err
	}
	for part := range slices.Chunk(n.Parcels, batch) {
		more, err := db.All(tx, sqlSpeak, db.Scalar[ident.Raw], m, db.In(part), db.In(ids))
		if err != nil {
			return nil, err
		}
		all = append(all, more...)
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}
