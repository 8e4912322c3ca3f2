package tracking

import (
	"fmt"
	"slices"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// parcel is a parcel's row: what it is, its story, and the watch on its silence.
type parcel struct {
	Story
	id         ident.Parcel
	order      ident.Order
	shopper    ident.Shopper
	direction  fact.Direction
	connection ident.Connection
	service    ident.Service
	wanted     Wanted
	announced  civil.Instant
	stalled    civil.Instant // the sign of life whose silence was told
	stallAt    civil.Instant // when to tell; zero = never
	version    int64
}

// heard is the last sign of life: a scan, or that the merchant announced it.
func (p parcel) heard() civil.Instant {
	if p.LastScan.IsZero() {
		return p.announced
	}
	return p.LastScan
}

// watch sets when the parcel will have stalled. One that arrived, or waits at a
// point to be fetched, may be silent; one whose silence was told is not told
// again before it is heard of.
func (p *parcel) watch(after time.Duration) {
	p.stallAt = 0
	if Final(p.Status) || p.Status == fact.ReadyForPickup || p.stalled == p.heard() {
		return
	}
	p.stallAt = p.heard().Add(after)
}

// lines is the merchant's connections, read once a verb.
type lines []carrier.Connection

func linesOf(tx *db.Tx, m ident.Merchant) (lines, error) { return carrier.Connections(tx, m) }

// silence is how long a parcel of the connection may be silent.
func (ls lines) silence(id ident.Connection) time.Duration {
	for _, c := range ls {
		if c.ID == id {
			return c.StallAfter
		}
	}
	return carrier.DefaultStall
}

// zone is where the clocks of the connection hang.
func (ls lines) zone(id ident.Connection) (*time.Location, error) {
	for _, c := range ls {
		if c.ID == id {
			return civil.Zone(c.Zone)
		}
	}
	return nil, fault.New(fault.NotFound, "not_found", "connection")
}

// refold tells the stories of parcels anew, saves those that changed and emits
// what others must know. in gives the transaction that a parcel's facts are
// emitted in: they name their cause.
func (ls lines) refold(tx *flow.Tx, m ident.Merchant, ids []ident.Parcel, in func(ident.Parcel) *flow.Tx) error {
	for part := range slices.Chunk(ids, batch) {
		changes, err := ls.retold(tx.Tx, m, part)
		if err != nil {
			return err
		}
		if err := save(tx, m, changes); err != nil {
			return err
		}
		for _, c := range changes {
			if err := c.emit(in(c.now.id), m); err != nil {
				return err
			}
		}
	}
	return nil
}

// batch bounds the lists of one statement.
const batch = 256

// change is a parcel before and after.
type change struct{ was, now parcel }

// retold folds the parcels and gives those whose row is another now.
func (ls lines) retold(tx *db.Tx, m ident.Merchant, ids []ident.Parcel) ([]change, error) {
	changes, err := folded(tx, m, ids)
	if err != nil {
		return nil, err
	}
	for i := range changes {
		now := &changes[i].now
		now.watch(ls.silence(now.connection))
	}
	return slices.DeleteFunc(changes, func(c change) bool { return c.now.same(c.was) }), nil
}

// folded gives the parcels as they are stored, and with the story of their events.
func folded(tx *db.Tx, m ident.Merchant, ids []ident.Parcel) ([]change, error) {
	parcels, err := db.All(tx, sqlParcels, scanParcel, m, db.In(ids))
	if err != nil {
		return nil, err
	}
	events, err := db.All(tx, sqlEvidence, scanEvidence, m, db.In(ids))
	if err != nil {
		return nil, err
	}
	of := map[ident.Parcel][]Event{}
	for _, e := range events {
		of[e.Parcel] = append(of[e.Parcel], e)
	}
	changes := make([]change, len(parcels))
	for i, p := range parcels {
		changes[i] = change{was: p, now: p}
		changes[i].now.Story = Fold(of[p.id], p.wanted)
	}
	return changes, nil
}

// same reports whether nothing is to be saved.
func (p parcel) same(q parcel) bool { return p.Story.same(q.Story) && p.stallAt == q.stallAt }

func (s Story) same(t Story) bool {
	return s.Status == t.Status && s.Reason == t.Reason && s.Place == t.Place && s.Liable == t.Liable &&
		s.Trust == t.Trust && s.Clocks == t.Clocks && s.LastScan == t.LastScan && s.Expected == t.Expected &&
		slices.Equal(s.Disputed, t.Disputed) && slices.Equal(s.Events, t.Events)
}

// save writes the changes by compare-and-set. Within a lane nobody writes
// between our read and this: a row that is not ours to write is a bug, and the
// events may not be kept without their story.
func save(tx *flow.Tx, m ident.Merchant, changes []change) error {
	if len(changes) == 0 {
		return nil
	}
	rows := make([][]any, len(changes))
	for i, c := range changes {
		rows[i] = c.now.values()
	}
	won, err := db.All(tx.Tx, sqlSaveParcels, db.Scalar[ident.Parcel], m, db.Rows(rows))
	if err != nil {
		return err
	}
	if len(won) != len(changes) {
		return fmt.Errorf("tracking: saved %d of %d parcels: a version moved", len(won), len(changes))
	}
	for i := range changes {
		changes[i].now.version++
	}
	return nil
}

// emit tells what listeners decide on. A scan that changed neither status nor
// milestone nor trust nor when it is expected is only a row.
func (c change) emit(tx *flow.Tx, m ident.Merchant) error {
	occurrence := fmt.Sprintf("%s/%d", c.now.id, c.now.version)
	if c.moved() {
		if err := tx.Emit(m, string(c.now.order), occurrence, c.fact()); err != nil {
			return err
		}
	}
	for _, code := range c.now.Disputed {
		if slices.Contains(c.was.Disputed, code) {
			continue
		}
		body := fact.ParcelDisputed{Parcel: c.now.id, Order: c.now.order, What: code}
		if err := tx.Emit(m, string(c.now.order), occurrence+"/"+code, body); err != nil {
			return err
		}
	}
	return nil
}

func (c change) moved() bool {
	return c.was.Status != c.now.Status || c.was.Clocks != c.now.Clocks || c.was.Expected != c.now.Expected ||
		c.was.Trust != c.now.Trust && c.now.Clocks != (fact.Clocks{})
}

func (c change) fact() fact.ParcelMoved {
	p := c.now
	return fact.ParcelMoved{
		Parcel: p.id, Order: p.order, Shopper: p.shopper, Direction: p.direction, Carrier: p.connection, Service: p.service,
		Was: c.was.Status, Now: p.Status, Reason: p.Reason, Place: p.Place, Liable: p.Liable, Trust: p.Trust,
		Clocks: p.Clocks, LastScan: p.LastScan, Expected: p.Expected, Events: p.Events, Version: p.version,
	}
}
