package tracking

import (
	"slices"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Keep writes down what somebody sent, before it is understood. The same body
// from the same connection is kept once; fresh reports whether this was the
// first time.
func Keep(tx *flow.Tx, m ident.Merchant, p Payload) (raw ident.Raw, fresh bool, err error) {
	hash := ident.Hash(string(p.Body))
	body, packed := pack(p.Body)
	raw, fresh, err = db.One(tx.Tx, sqlKeep, db.Scalar[ident.Raw], m, ident.New[ident.Raw](tx.Mint), p.Connection, hash,
		clean(p.ContentType, longCode), body, packed, p.trust(), tx.Now)
	if err != nil || fresh {
		return raw, fresh, err
	}
	raw, _, err = db.One(tx.Tx, sqlKept, db.Scalar[ident.Raw], m, p.Connection, hash)
	return raw, false, err
}

// trust is how far the payload may reach: nobody vouching for it, not far.
func (p Payload) trust() fact.Trust {
	if rank(p.Trust) == 0 {
		return fact.TrustClaimed
	}
	return p.Trust
}

// Record writes down what was understood of a payload that Keep kept, marks it
// read, and tells the stories of the parcels concerned anew. It counts the
// events that are new and those known already; recording the same reports again
// changes nothing, unless they come more trusted than before. Events of a number
// that no parcel travels under wait for it.
//
// The fault is not_found, at the field connection. It emits tracking.moved and
// tracking.disputed.
func Record(tx *flow.Tx, m ident.Merchant, raw ident.Raw, p Payload, reports []carrier.Report) (accepted, duplicate int, err error) {
	lines, err := linesOf(tx.Tx, m)
	if err != nil {
		return 0, 0, err
	}
	zone, err := lines.zone(p.Connection)
	if err != nil {
		return 0, 0, err
	}
	d := delivery{merchant: m, connection: p.Connection, zone: zone, trust: p.trust(), raw: raw, received: tx.Now}
	events := d.events(reports)
	var numbers []string
	for part := range slices.Chunk(events, batch) {
		n, touched, err := insert(tx, m, part)
		if err != nil {
			return 0, 0, err
		}
		accepted += n
		numbers = append(numbers, touched...)
	}
	if err := tx.Do(sqlRead, m, raw); err != nil {
		return 0, 0, err
	}
	parcels, err := travelling(tx.Tx, m, p.Connection, numbers)
	if err != nil {
		return 0, 0, err
	}
	err = lines.refold(tx, m, parcels, func(ident.Parcel) *flow.Tx { return tx })
	return accepted, len(reports) - accepted, err
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
func insert(tx *flow.Tx, m ident.Merchant, events []Event) (fresh int, numbers []string, err error) {
	ids := make([]ident.Event, len(events))
	for i, e := range events {
		ids[i] = e.ID
	}
	rows, err := db.All(tx.Tx, sqlKnownEvents, scanKnown, m, db.In(ids))
	if err != nil {
		return 0, nil, err
	}
	before := map[ident.Event]fact.Trust{}
	for _, e := range rows {
		before[e.ID] = e.Trust
	}
	for _, e := range events {
		trust, known := before[e.ID]
		switch {
		case !known:
			fresh++
			err = tx.Do(sqlInsertEvent, e.values(m)...)
		case rank(e.Trust) > rank(trust):
			err = tx.Do(sqlTrustEvent, m, e.ID, e.Trust)
		default:
			continue
		}
		if err != nil {
			return 0, nil, err
		}
		numbers = append(numbers, e.Number)
	}
	return fresh, numbers, nil
}

// travelling finds the parcels that travel under numbers of a connection.
func travelling(tx *db.Tx, m ident.Merchant, c ident.Connection, numbers []string) ([]ident.Parcel, error) {
	legs, err := legsOf(tx, m, c, numbers)
	if err != nil {
		return nil, err
	}
	var parcels []ident.Parcel
	for _, p := range legs {
		parcels = append(parcels, p)
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
