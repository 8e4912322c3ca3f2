package tracking

import (
	"maps"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Keep writes down what was sent, before it is understood. The same body from
// the same connection is kept once. It answers the payloads in their order.
func Keep(tx *flow.Tx, m ident.Merchant, ps []Payload) ([]Kept, error) {
	keys := make([]keptKey, len(ps))
	for i, p := range ps {
		keys[i] = keptKey{p.Connection, ident.Hash(string(p.Body))}
	}
	known, err := keptBefore(tx.Tx, m, keys)
	if err != nil {
		return nil, err
	}
	kept := make([]Kept, len(ps))
	for i, p := range ps {
		if id, old := known[keys[i]]; old {
			kept[i] = Kept{Raw: id}
			continue
		}
		kept[i] = Kept{Raw: ident.New[ident.Raw](tx.Mint), Fresh: true}
		known[keys[i]] = kept[i].Raw
		body, packed := pack(p.Body)
		err := tx.Do(sqlKeep, m, kept[i].Raw, p.Connection, keys[i].hash, clean(p.ContentType, longCode), body, packed, p.trust(), tx.Now)
		if err != nil {
			return nil, err
		}
	}
	return kept, nil
}

// keptBefore finds the payloads that were kept already.
func keptBefore(tx *db.Tx, m ident.Merchant, keys []keptKey) (map[keptKey]ident.Raw, error) {
	known := map[keptKey]ident.Raw{}
	for part := range slices.Chunk(keys, batch) {
		var connections []ident.Connection
		var hashes []string
		for _, k := range part {
			connections = append(connections, k.connection)
			hashes = append(hashes, k.hash)
		}
		slices.Sort(connections)
		rows, err := db.All(tx, sqlKept, scanKept, m, db.In(slices.Compact(connections)), db.In(hashes))
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			known[r.key] = r.raw
		}
	}
	return known, nil
}

// trust is how far the payload may reach: nobody vouching for it, not far.
func (p Payload) trust() fact.Trust {
	if rank(p.Trust) == 0 {
		return fact.TrustClaimed
	}
	return p.Trust
}

// Record writes down what was understood of payloads that Keep kept, marks them
// read, and tells the stories of the parcels concerned anew. It counts the
// events that are new and those known already, delivery by delivery; recording
// the same reports again changes nothing, unless they come more trusted than
// before. Events of a number that no parcel travels under wait for it.
//
// The fault is not_found, at the field connection. It emits tracking.moved and
// tracking.disputed.
func Record(tx *flow.Tx, m ident.Merchant, ds []Delivery) ([]Tally, error) {
	lines, err := linesOf(tx.Tx, m)
	if err != nil {
		return nil, err
	}
	var events []Event
	ends := make([]int, len(ds)) // where the events of each delivery end
	for i, d := range ds {
		zone, err := lines.zone(d.Connection)
		if err != nil {
			return nil, err
		}
		events = append(events, d.events(origin{merchant: m, zone: zone, received: tx.Now})...)
		ends[i] = len(events)
	}
	fresh, touched, err := insert(tx, m, events)
	if err != nil {
		return nil, err
	}
	if err := markRead(tx, m, ds); err != nil {
		return nil, err
	}
	if err := mention(tx, m, events, fresh); err != nil {
		return nil, err
	}
	parcels, err := travelling(tx.Tx, m, touched)
	if err != nil {
		return nil, err
	}
	if err := lines.refold(tx, m, parcels, func(ident.Parcel) *flow.Tx { return tx }); err != nil {
		return nil, err
	}
	return tallies(ds, ends, fresh), nil
}

// markRead marks the payloads understood.
func markRead(tx *flow.Tx, m ident.Merchant, ds []Delivery) error {
	ids := make([]ident.Raw, len(ds))
	for i, d := range ds {
		ids[i] = d.Raw
	}
	return tx.Do(sqlRead, m, db.In(ids))
}

// tallies counts, for each delivery, the fresh ones among its events.
func tallies(ds []Delivery, ends []int, fresh []bool) []Tally {
	out := make([]Tally, len(ds))
	for i, from := 0, 0; i < len(ds); i++ {
		for _, is := range fresh[from:ends[i]] {
			if is {
				out[i].Accepted++
			}
		}
		out[i].Duplicate = len(ds[i].Reports) - out[i].Accepted
		from = ends[i]
	}
	return out
}

// Receive keeps and records at once, for those whose reports need no reading.
func Receive(tx *flow.Tx, m ident.Merchant, ds []Delivery) ([]Tally, error) {
	ps := make([]Payload, len(ds))
	for i, d := range ds {
		ps[i] = d.Payload
	}
	kept, err := Keep(tx, m, ps)
	if err != nil {
		return nil, err
	}
	ds = slices.Clone(ds)
	for i, k := range kept {
		ds[i].Raw = k.Raw
	}
	return Record(tx, m, ds)
}

// Misread notes why a payload, or part of it, could not be understood. Called
// after Record it leaves the payload partly read, alone unread. Either way it
// can be seen and read again by a better parser.
func Misread(tx *flow.Tx, m ident.Merchant, raw ident.Raw, cause string) error {
	return tx.Do(sqlMisread, m, raw, clean(cause, 4*longText))
}

// insert writes the events that are new, trusts those more that come with more
// trust than before, and gives the numbers of both. Within a lane nobody writes
// between the read and the insert.
func insert(tx *flow.Tx, m ident.Merchant, events []Event) (fresh []bool, touched map[ident.Connection][]string, err error) {
	before, err := trusts(tx.Tx, m, events)
	if err != nil {
		return nil, nil, err
	}
	fresh, touched = make([]bool, len(events)), map[ident.Connection][]string{}
	for i, e := range events {
		trust, known := before[e.ID]
		switch {
		case !known:
			fresh[i] = true
			err = tx.Do(sqlInsertEvent, e.values(m)...)
		case rank(e.Trust) > rank(trust):
			err = tx.Do(sqlTrustEvent, m, e.ID, e.Trust)
		default:
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		before[e.ID] = e.Trust
		touched[e.Connection] = append(touched[e.Connection], e.Number)
	}
	return fresh, touched, nil
}

// trusts is how far the events known already are trusted.
func trusts(tx *db.Tx, m ident.Merchant, events []Event) (map[ident.Event]fact.Trust, error) {
	before := make(map[ident.Event]fact.Trust, len(events))
	for part := range slices.Chunk(events, batch) {
		ids := make([]ident.Event, len(part))
		for i, e := range part {
			ids[i] = e.ID
		}
		rows, err := db.All(tx, sqlKnownEvents, scanKnown, m, db.In(ids))
		if err != nil {
			return nil, err
		}
		for _, e := range rows {
			before[e.ID] = e.Trust
		}
	}
	return before, nil
}

// travelling finds the parcels that travel under numbers of connections.
func travelling(tx *db.Tx, m ident.Merchant, touched map[ident.Connection][]string) ([]ident.Parcel, error) {
	var parcels []ident.Parcel
	for _, c := range slices.Sorted(maps.Keys(touched)) {
		legs, err := legsOf(tx, m, c, touched[c])
		if err != nil {
			return nil, err
		}
		parcels = slices.AppendSeq(parcels, maps.Values(legs))
	}
	slices.Sort(parcels)
	return slices.Compact(parcels), nil
}

// legsOf finds the parcel of each number that has one.
func legsOf(tx *db.Tx, m ident.Merchant, c ident.Connection, numbers []string) (map[string]ident.Parcel, error) {
	slices.Sort(numbers)
	legs := map[string]ident.Parcel{}
	for part := range slices.Chunk(slices.Compact(numbers), batch) {
		rows, err := db.All(tx, sqlLegs, scanLeg, m, c, db.In(part))
		if err != nil {
			return nil, err
		}
		for _, l := range rows {
			legs[l.number] = l.parcel
		}
	}
	return legs, nil
}
