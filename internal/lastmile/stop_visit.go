package lastmile

import (
	"slices"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/text"
	"github.com/promesse-dev/promesse/internal/crew"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/blob"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Act is what a courier does about a stop.
type Act string

// The acts.
const (
	Going     Act = "going"     // on the way to this door
	Late      Act = "late"      // and will be there at another hour
	Delivered Act = "delivered" // with a proof
	Failed    Act = "failed"    // nobody there, no way in
)

// Acts lists them.
var Acts = []Act{Going, Late, Delivered, Failed}

// Proof is what shows that an order was delivered.
type Proof string

// The proofs.
const (
	NoProof   Proof = ""
	Photo     Proof = "photo"
	Signature Proof = "signature" // drawn
	Named     Proof = "name"      // of who took it, as they said it
	ByCode    Proof = "code"      // the shopper's own
)

// FailureReasons are why an attempt fails, as couriers say it.
var FailureReasons = []fact.Reason{fact.ReasonAbsent, fact.ReasonAccess, fact.ReasonAddress, fact.ReasonRefused, fact.ReasonDamaged, fact.ReasonClosed}

// Hands are in whose a courier leaves an order; the shopper's when empty.
var Hands = []fact.Place{"", fact.Neighbour, fact.Reception, fact.SafePlace, fact.Doorstep, fact.Mailbox}

// VisitOutcome is what came of what a courier said.
type VisitOutcome string

// The outcomes.
const (
	VisitKept    VisitOutcome = "kept"    // not understood yet
	VisitDone    VisitOutcome = "done"    // told to tracking
	VisitAgain   VisitOutcome = "again"   // the order was delivered before
	VisitRefused VisitOutcome = "refused" // for the reason beside it
)

// Saying is what a courier says of a stop.
type Saying struct {
	Client   string // the device's own name for it: said twice, it is one
	Stop     ident.Stop
	Act      Act
	Reason   fact.Reason   // of a failed attempt
	Place    fact.Place    // in whose hands; the shopper's when empty
	Expected civil.Instant // of Late: when the courier will be there
	Proof    Proof         // of Delivered
	SignedBy string        // who took it
	Offline  bool
	Said     civil.Instant // by the device's clock; zero: now
	Sent     civil.Instant // likewise, when it was sent; zero: as Said
}

// Visit is what was said, and what came of it.
type Visit struct {
	ID       ident.Visit
	Device   ident.Device
	Shift    ident.Shift
	Courier  ident.Member
	Order    ident.Order
	Age      time.Duration // between act and sending, by the device's clock alone
	Received civil.Instant
	Picture  ident.Blob // the photo, or the signature; empty: none
	Outcome  VisitOutcome
	Refusal  string // code of the fault
	Saying
}

// At is when it was done, in our time: a device whose clock is wrong is wrong
// about both ends of what it measured.
func (v Visit) At() civil.Instant { return v.Received.Add(-v.Age) }

const (
	maxClient = 64 // characters of a device's own name
	maxSigned = 80 // of who took an order
)

func (in Saying) check() error {
	var faults fault.List
	text.Required(&faults, "client", in.Client, maxClient)
	text.Check(&faults, "signed_by", in.SignedBy, maxSigned)
	if !slices.Contains(Acts, in.Act) {
		faults.Add(fault.Invalid, "unknown_value", "act", "value", string(in.Act))
	}
	switch in.Act {
	case Delivered:
		if in.Proof == NoProof {
			faults.Add(fault.Invalid, "proof_required", "proof")
		}
		if !slices.Contains(Hands, in.Place) {
			faults.Add(fault.Invalid, "unknown_value", "place", "value", string(in.Place))
		}
	case Failed:
		if !slices.Contains(FailureReasons, in.Reason) {
			faults.Add(fault.Invalid, "field_required", "reason")
		}
	case Late:
		if in.Expected.IsZero() {
			faults.Add(fault.Invalid, "field_required", "expected")
		}
	}
	return faults.Err()
}

// Keep writes down what a courier said as it came, before anybody tries to
// understand it, and gives it as it stands: the same told again is the first, and
// fresh is false. What was done outside of its shift is kept and refused
// (visit_outside_shift).
//
// The faults are those of fields (proof_required at proof among them) and
// not_found at stop: it is on no round of the courier. What was done without
// network at a stop that another has by now is believed.
func Keep(tx *flow.Tx, s crew.Shift, in Saying) (v Visit, fresh bool, err error) {
	if err := in.check(); err != nil {
		return v, false, err
	}
	v, ok, err := db.One(tx.Tx, sqlVisitOf, scanVisit, s.Merchant, s.Device, in.Client)
	if err != nil || ok {
		return v, false, err
	}
	stop, err := StopOf(tx.Tx, s.Merchant, in.Stop)
	if err == nil && stop.Courier != s.Member && !in.Offline {
		err = fault.New(fault.NotFound, "not_found", "stop")
	}
	if err != nil {
		return v, false, err
	}
	in.SignedBy = strings.TrimSpace(in.SignedBy)
	v = Visit{
		ID: ident.New[ident.Visit](tx.Mint), Device: s.Device, Shift: s.ID, Courier: s.Member, Order: stop.Order,
		Age: crew.Age(in.Said, in.Sent), Received: tx.Now, Outcome: VisitKept, Saying: in,
	}
	if !s.Covers(tx.Wall.Add(-v.Age)) {
		v.Outcome, v.Refusal = VisitRefused, "visit_outside_shift"
	}
	return v, true, tx.Do(sqlKeepVisit, s.Merchant, v.ID, v.Device, v.Client, v.Shift, v.Courier, v.Stop, v.Order, v.Act, v.Reason, v.Place,
		v.Expected, v.Proof, v.SignedBy, v.Picture, v.Offline, v.Age.Microseconds(), v.Said, v.Received, v.Outcome, v.Refusal)
}

// Attach adds the photo or the signature to what was said, once.
func Attach(tx *flow.Tx, m ident.Merchant, v *Visit, picture ident.Blob) error {
	v.Picture = picture
	if err := blob.Refer(tx, m, []ident.Blob{picture}); err != nil {
		return err
	}
	return tx.Do(sqlAttach, m, v.ID, picture)
}

// Settle writes down what came of a visit that was kept, and tells who listens
// when it was done. Settling it again changes nothing.
func Settle(tx *flow.Tx, m ident.Merchant, v *Visit, outcome VisitOutcome, refusal string) error {
	changed, err := tx.Changed(sqlSettleVisit, m, v.ID, outcome, refusal)
	if err != nil || !changed {
		return err
	}
	v.Outcome, v.Refusal = outcome, refusal
	if outcome != VisitDone {
		return nil
	}
	return tx.Emit(m, string(v.Order), string(v.ID), fact.StopVisited{
		Visit: v.ID, Stop: v.Stop, Order: v.Order, Courier: v.Courier, Device: v.Device, Act: string(v.Act), Proof: string(v.Proof), At: v.At(),
	})
}

// VisitOf reads a visit. The fault is not_found.
func VisitOf(tx *db.Tx, m ident.Merchant, id ident.Visit) (Visit, error) {
	v, ok, err := db.One(tx, sqlVisit, scanVisit, m, id)
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "not_found", "visit")
	}
	return v, err
}

// Visits reads what was said of stops, the oldest first.
func Visits(tx *db.Tx, m ident.Merchant, stops []ident.Stop) (map[ident.Stop][]Visit, error) {
	rows, err := db.All(tx, sqlVisits, scanVisit, m, db.In(stops))
	of := map[ident.Stop][]Visit{}
	for _, v := range rows {
		of[v.Stop] = append(of[v.Stop], v)
	}
	return of, err
}

const (
	sqlVisitOf = `select id, device, client, shift, courier, stop, order_id, act, reason, place, expected, proof, signed_by, picture,
			offline, age, said, received, outcome, refusal
		from lastmile_visit where merchant = $1 and device = $2 and client = $3`
	sqlVisit = `select id, device, client, shift, courier, stop, order_id, act, reason, place, expected, proof, signed_by, picture,
			offline, age, said, received, outcome, refusal
		from lastmile_visit where merchant = $1 and id = $2`
	sqlVisits = `select id, device, client, shift, courier, stop, order_id, act, reason, place, expected, proof, signed_by, picture,
			offline, age, said, received, outcome, refusal
		from lastmile_visit where merchant = $1 and stop in ($2) order by stop, id`
	sqlKeepVisit = `insert into lastmile_visit (merchant, id, device, client, shift, courier, stop, order_id, act, reason, place, expected,
			proof, signed_by, picture, offline, age, said, received, outcome, refusal)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)`
	sqlAttach      = `update lastmile_visit set picture = $3 where merchant = $1 and id = $2 and picture = ''`
	sqlSettleVisit = `update lastmile_visit set outcome = $3, refusal = $4 where merchant = $1 and id = $2 and outcome = 'kept'`
)

func scanVisit(r db.Row) (v Visit, err error) {
	var age int64
	err = r.Scan(&v.ID, &v.Device, &v.Client, &v.Shift, &v.Courier, &v.Stop, &v.Order, &v.Act, &v.Reason, &v.Place, &v.Expected, &v.Proof,
		&v.SignedBy, &v.Picture, &v.Offline, &age, &v.Said, &v.Received, &v.Outcome, &v.Refusal)
	v.Age = time.Duration(age) * time.Microsecond
	return v, err
}
