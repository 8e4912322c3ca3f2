package promise

import (
	"cmp"
	"encoding/binary"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// remember saves what is new in the transits, keeps the record of promises, and
// stamps the lanes it changes, so that every node builds their estimates anew. It
// answers how many parcels were not known before.
func remember(tx *flow.Tx, m ident.Merchant, learned []transit) (added int, err error) {
	if len(learned) == 0 {
		return 0, nil
	}
	sources := make([]string, len(learned))
	for i, t := range learned {
		sources[i] = t.source
	}
	rows, err := db.All(tx.Tx, sqlTransits, scanTransit, m, db.In(sources))
	if err != nil {
		return 0, err
	}
	known := map[string]transit{}
	for _, t := range rows {
		known[t.source] = t
	}
	var lanes []string
	news := records{}
	for _, t := range learned {
		was, old := known[t.source]
		if was == t || t.doubted && !old {
			continue
		}
		if err := t.save(tx, m); err != nil {
			return 0, err
		}
		if !t.doubted {
			news.add(t, 1)
			lanes = append(lanes, t.lanes()...)
		}
		if !old {
			added++
			continue
		}
		news.add(was, -1)
		lanes = append(lanes, was.lanes()...)
	}
	if err := news.save(tx, m); err != nil {
		return 0, err
	}
	return added, stamp(tx, m, lanes)
}

// save keeps a transit, or forgets it while it is doubted.
func (t transit) save(tx *flow.Tx, m ident.Merchant) error {
	if t.doubted {
		return tx.Do(sqlForgetTransit, m, t.source)
	}
	return tx.Do(sqlSaveTransit, m, t.source, t.service, t.zone, t.pool, t.handed, t.arrived, t.closed, t.promised)
}

// records is what to add to the record of promises, by lane and day promised.
type records map[recordKey]Record

type recordKey struct {
	lane string
	day  civil.Day
}

// add counts a transit so many times: once it has come, its promise is settled.
func (r records) add(t transit, times int) {
	if t.promised == civil.NoDay || t.arrived == civil.NoDay {
		return
	}
	for _, lane := range []string{ownLane(t.service, t.zone), serviceLane(t.service)} {
		key := recordKey{lane, t.promised}
		sum := r[key]
		sum.Due += times
		if t.arrived > t.promised {
			sum.Missed += times
		}
		r[key] = sum
	}
}

func (r records) save(tx *flow.Tx, m ident.Merchant) error {
	keys := make([]recordKey, 0, len(r))
	for k, sum := range r {
		if sum != (Record{}) {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(a, b recordKey) int { return cmp.Or(cmp.Compare(a.lane, b.lane), cmp.Compare(a.day, b.day)) })
	for _, k := range keys {
		if err := tx.Do(sqlAddRecord, m, k.lane, k.day, r[k].Due, r[k].Missed); err != nil {
			return err
		}
	}
	return nil
}

// lanes are the keys under which estimates count the transit.
func (t transit) lanes() []string {
	return []string{ownLane(t.service, t.zone), serviceLane(t.service), poolLane(t.pool, t.zone)}
}

func ownLane(s ident.Service, zone string) string { return string(s) + "/" + zone }
func serviceLane(s ident.Service) string          { return string(s) }
func poolLane(pool, zone string) string           { return "pool:" + pool + "/" + zone }

// stamp marks lanes as changed. A stamp is random, not counted: what was read in
// a transaction that never committed must not pass for what another one wrote.
func stamp(tx *flow.Tx, m ident.Merchant, lanes []string) error {
	slices.Sort(lanes)
	for _, lane := range slices.Compact(lanes) {
		var b [8]byte
		tx.Mint.Read(b[3:]) // 40 bits, so that stamps can be added up
		if err := tx.Do(sqlStamp, m, lane, int64(binary.BigEndian.Uint64(b[:]))); err != nil {
			return err
		}
	}
	return nil
}
