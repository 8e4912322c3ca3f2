package counter

import (
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/pin"
	"github.com/promesse-dev/promesse/internal/crew"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/relay"
	"github.com/promesse-dev/promesse/internal/tracking"
)

// HoldState is where a parcel at a counter stands.
type HoldState string

// The states.
const (
	Waits  HoldState = "waiting"
	Locked HoldState = "locked" // too many wrong codes: somebody of the organisation opens it again
	Handed HoldState = "handed"
)

// Hold is a parcel that waits at a counter, or waited there.
type Hold struct {
	ID       ident.Hold
	Merchant ident.Merchant // whose parcel it is
	Keeper   ident.Merchant // who runs the point
	Point    ident.Point
	Parcel   ident.Parcel
	Order    ident.Order
	Shopper  ident.Shopper
	Number   string // of the parcel, as its carrier knows it
	State    HoldState
	Round    int // another round is another code
	Tries    int // wrong codes of this round
	Arrived  civil.Instant
	Handed   civil.Instant
}

func (h Hold) told() fact.Waiting {
	return fact.Waiting{Hold: h.ID, Parcel: h.Parcel, Order: h.Order, Shopper: h.Shopper, Point: h.Point}
}

// Arrive puts a parcel on the shelf of the point where it was scanned, and tells
// tracking that it can be fetched there. Scanned in twice it is there once; scanned
// in at another point it waits there, under another code. The faults are
// parcel_collected (it was given out already) and parcel_elsewhere: its shopper
// chose another point.
func Arrive(tx *flow.Tx, s crew.Shift, c Scan, m ident.Merchant, p order.Parcel) (Hold, error) {
	at, err := Elsewhere(tx.Tx, m, p, s.Point)
	if err == nil && at.ID != "" {
		err = fault.New(fault.Conflict, "parcel_elsewhere", "code", "place", at.Name+", "+at.Address())
	}
	if err != nil {
		return Hold{}, err
	}
	h, ok, err := db.One(tx.Tx, sqlHoldOfParcel, scanHold, m, p.ID)
	switch {
	case err != nil:
		return h, err
	case ok && h.State == Handed:
		return h, fault.New(fault.Conflict, "parcel_collected", "code")
	case ok && h.Point == s.Point:
		return h, nil
	case ok:
		h.Keeper, h.Point, h.State, h.Round, h.Tries, h.Arrived = s.Merchant, s.Point, Waits, h.Round+1, 0, c.At()
		err = tx.Do(sqlMoveHold, m, h.ID, h.Keeper, h.Point, h.Round, h.Arrived, c.ID)
	default:
		h = Hold{
			ID: ident.New[ident.Hold](tx.Mint), Merchant: m, Keeper: s.Merchant, Point: s.Point, Parcel: p.ID, Order: p.Order,
			Shopper: p.Shopper, Number: p.Number, State: Waits, Round: 1, Arrived: c.At(),
		}
		err = tx.Do(sqlInsertHold, m, h.ID, h.Keeper, h.Point, h.Parcel, h.Order, h.Shopper, h.Number, h.Arrived, c.ID)
	}
	if err != nil {
		return h, err
	}
	if err := tx.Emit(m, string(h.Order), h.round(), fact.ParcelHeld{Waiting: h.told()}); err != nil {
		return h, err
	}
	c.Clerk = s.Member // whoever scanned it
	return h, c.tell(tx, m, p, fact.ReadyForPickup)
}

// Elsewhere is the point that a parcel's shopper chose, when that is not the one
// it is at; else no point. One that is there no more sends nobody away: its
// network brings the parcel to another.
func Elsewhere(tx *db.Tx, m ident.Merchant, p order.Parcel, at ident.Point) (relay.Point, error) {
	o, err := order.Get(tx, m, p.Order)
	if err != nil || o.Point == "" || o.Point == at {
		return relay.Point{}, err
	}
	chosen, err := relay.Get(tx, o.Point)
	if err != nil || !chosen.Gone.IsZero() {
		return relay.Point{}, err
	}
	return chosen, nil
}

// tell has tracking keep the scan as a counter's word, and what it means.
func (c Scan) tell(tx *flow.Tx, m ident.Merchant, p order.Parcel, now fact.Status) error {
	body, err := json.Marshal(map[string]any{
		"scan": c.ID, "number": p.Number, "status": now, "at": c.At(), "point": c.Point, "device": c.Device, "clerk": c.Clerk,
	})
	if err != nil {
		return err
	}
	_, err = tracking.Receive(tx, m, []tracking.Delivery{{
		Payload: tracking.Payload{Connection: p.Connection, ContentType: "application/json", Body: body, Trust: fact.TrustSigned},
		Reports: []carrier.Report{{
			Number: p.Number, Code: "counter_" + string(now), Status: now, Place: fact.Relay, Source: fact.FromRelay, At: c.At(), Precision: fact.Exact,
		}},
	}})
	return err
}

// Code is what whoever fetches a parcel says at the counter: six digits.
func (k *Desk) Code(h Hold) string {
	return k.vault.Digits("counter-code", h.round())
}

// passMark begins what a pass says, so that a scan of one is known for what it is.
const passMark = "PROMESSE-C"

// Pass is what stands in the QR that whoever fetches a parcel shows.
func (k *Desk) Pass(h Hold) string {
	return passMark + " " + string(h.ID) + " " + string(k.vault.Link("counter-pass", h.round()))
}

func (h Hold) round() string { return fmt.Sprintf("%s/%d", h.ID, h.Round) }

// OfPass finds the parcel that a pass is for, at a point; false for what is no
// pass of ours, of another point, or of a round that is over.
func (k *Desk) OfPass(tx *db.Tx, at ident.Point, text string) (Hold, bool, error) {
	words := strings.Fields(text)
	if len(words) != 3 || words[0] != passMark || !ident.Valid[ident.Hold](words[1]) {
		return Hold{}, false, nil
	}
	h, ok, err := db.One(tx, sqlHoldByID, scanHold, words[1])
	return h, ok && h.Point == at && k.opens(h, text), err
}

// opens reports whether a text is the hold's code or its pass. People write codes
// with spaces.
func (k *Desk) opens(h Hold, shown string) bool {
	code := subtle.ConstantTimeCompare([]byte(pin.Typed(shown)), []byte(k.Code(h)))
	pass := subtle.ConstantTimeCompare([]byte(strings.Join(strings.Fields(shown), " ")), []byte(k.Pass(h)))
	return code|pass == 1
}

// Given is what became of a hand-over. A wrong code is no error, because it is counted.
type Given struct {
	Done bool
	Left int // tries, when the code was wrong; 0: it is locked now
}

// HandOver gives a parcel out, once, to whoever has its code or its pass. The
// faults are not_found (nothing such waits at the point), parcel_collected, and
// hold_locked after five wrong codes.
func (k *Desk) HandOver(tx *flow.Tx, s crew.Shift, c Scan, m ident.Merchant, shown string) (Given, error) {
	h, err := HoldAt(tx.Tx, s, m, c.Hold)
	switch {
	case err != nil:
		return Given{}, err
	case h.State == Handed:
		return Given{}, fault.New(fault.Conflict, "parcel_collected", "code")
	case h.State == Locked:
		return Given{}, fault.New(fault.Conflict, "hold_locked", "code")
	case !k.opens(h, shown):
		return h.miss(tx)
	}
	mine, err := tx.Changed(sqlHandOver, m, h.ID, h.Round, tx.Now, c.ID, s.Member, s.Device)
	if err == nil && !mine {
		err = fault.New(fault.Conflict, "parcel_collected", "code")
	}
	if err != nil {
		return Given{}, err
	}
	parcels, err := order.ParcelsByID(tx.Tx, m, []ident.Parcel{h.Parcel})
	if err != nil {
		return Given{}, err
	}
	err = tx.Emit(m, string(h.Order), string(h.ID), fact.ParcelHandedOver{Waiting: h.told(), Clerk: s.Member, Device: s.Device})
	if err != nil {
		return Given{}, err
	}
	c.Clerk, c.Age, c.Received = s.Member, 0, tx.Now // it is given out now, whoever read its label, and whenever
	return Given{Done: true}, c.tell(tx, m, parcels[h.Parcel], fact.Delivered)
}

// miss counts a wrong code, and says so when it was the last one.
func (h Hold) miss(tx *flow.Tx) (Given, error) {
	if err := tx.Do(sqlWrongCode, h.Merchant, h.ID, h.Round, Tries); err != nil {
		return Given{}, err
	}
	left := Tries - h.Tries - 1
	if left > 0 {
		return Given{Left: left}, nil
	}
	return Given{}, tx.Emit(h.Merchant, string(h.Order), h.round(), fact.ParcelLocked{Waiting: h.told()})
}

// Reopen lets a locked parcel be fetched again, under another code. The fault is
// not_found: the keeper has no such parcel that is locked.
func Reopen(tx *flow.Tx, keeper ident.Merchant, h Hold) error {
	round, opened, err := db.One(tx.Tx, sqlReopen, db.Scalar[int], h.Merchant, h.ID, keeper)
	if err == nil && !opened {
		err = fault.New(fault.NotFound, "not_found", "hold")
	}
	if err != nil {
		return err
	}
	h.Round = round
	return tx.Emit(h.Merchant, string(h.Order), h.round(), fact.ParcelHeld{Waiting: h.told()})
}

const (
	sqlHoldOfParcel = `select id, merchant, keeper, point, parcel, order_id, shopper, number, state, round, tries, arrived, handed
		from counter_hold where merchant = $1 and parcel = $2`
	sqlHold = `select id, merchant, keeper, point, parcel, order_id, shopper, number, state, round, tries, arrived, handed
		from counter_hold where merchant = $1 and id = $2`
	sqlHoldByID = `-- across merchants: the code that a shopper shows names its parcel, which waits at the clerk's own point
		select id, merchant, keeper, point, parcel, order_id, shopper, number, state, round, tries, arrived, handed
		from counter_hold where id = $1`
	sqlHoldsAt = `-- across merchants: a clerk gives out whatever waits at the point of their shift
		select id, merchant, keeper, point, parcel, order_id, shopper, number, state, round, tries, arrived, handed
		from counter_hold where point = $1 and state <> 'handed' and id > $2 order by id limit $3`
	sqlHoldsOf = `select id, merchant, keeper, point, parcel, order_id, shopper, number, state, round, tries, arrived, handed
		from counter_hold where merchant = $1 and order_id in ($2) order by order_id, id`
	sqlLockedHolds = `-- across merchants: who runs a point opens again what was locked there, whosever it is
		select id, merchant, keeper, point, parcel, order_id, shopper, number, state, round, tries, arrived, handed
		from counter_hold where keeper = $1 and state = 'locked' order by id limit $2`
	sqlInsertHold = `insert into counter_hold
		(merchant, id, keeper, point, parcel, order_id, shopper, number, state, round, tries, arrived, scan, handed_scan, clerk, device)
		values ($1, $2, $3, $4, $5, $6, $7, $8, 'waiting', 1, 0, $9, $10, '', '', '')`
	sqlMoveHold = `update counter_hold set keeper = $3, point = $4, state = 'waiting', round = $5, tries = 0, arrived = $6, scan = $7
		where merchant = $1 and id = $2 and state <> 'handed'`
	sqlWrongCode = `update counter_hold set tries = tries + 1, state = case when tries + 1 >= $4 then 'locked' else state end
		where merchant = $1 and id = $2 and round = $3 and state = 'waiting'`
	sqlHandOver = `update counter_hold set state = 'handed', handed = $4, handed_scan = $5, clerk = $6, device = $7
		where merchant = $1 and id = $2 and round = $3 and state = 'waiting'`
	sqlReopen = `update counter_hold set state = 'waiting', round = round + 1, tries = 0
		where merchant = $1 and id = $2 and keeper = $3 and state = 'locked' returning round`
)

func scanHold(r db.Row) (h Hold, err error) {
	err = r.Scan(&h.ID, &h.Merchant, &h.Keeper, &h.Point, &h.Parcel, &h.Order, &h.Shopper, &h.Number, &h.State, &h.Round, &h.Tries,
		&h.Arrived, &h.Handed)
	return h, err
}
