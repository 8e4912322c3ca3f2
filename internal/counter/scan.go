package counter

import (
	"slices"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/text"
	"github.com/promesse-dev/promesse/internal/crew"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Wish is what the clerk said a scan is for; the zero value lets the code say it.
type Wish string

// The wishes.
const (
	AnyWish     Wish = ""
	WishArrival Wish = "arrival" // a delivery is put on the shelf, parcel by parcel
)

// Outcome is what came of a scan.
type Outcome string

// The outcomes. A scan asks at most once: one that asks is then done, or refused.
const (
	Kept       Outcome = "kept"    // not understood yet
	Foreign    Outcome = "foreign" // no parcel of this counter
	Refused    Outcome = "refused" // for the reason beside it
	AskDeposit Outcome = "deposit" // a return: is its label on it?
	AskArrival Outcome = "arrival" // a parcel to keep here: is it there?
	AskCode    Outcome = "code"    // a parcel that waits here: what is its code?
	Deposited  Outcome = "deposited"
	Again      Outcome = "again" // a return that was deposited before
	Held       Outcome = "held"
	HandedOver Outcome = "handed"
)

// Done reports whether nothing more is to come of the scan.
func (o Outcome) Done() bool {
	return o != Kept && o != AskDeposit && o != AskArrival && o != AskCode
}

// Reading is what a device says that it scanned.
type Reading struct {
	Client  string // the device's own name for it: said twice, it is one scan
	Wish    Wish
	Code    string // as it was read or typed
	Offline bool
	Said    civil.Instant // by the device's clock; zero: now
	Sent    civil.Instant // likewise, when it was sent; zero: as Said
}

// Scan is a scan, and what came of it.
type Scan struct {
	ID       ident.Scan
	Device   ident.Device
	Client   string
	Shift    ident.Shift
	Clerk    ident.Member
	Point    ident.Point
	Wish     Wish
	Code     string
	Offline  bool
	Age      time.Duration // between scan and sending, by the device's clock alone
	Said     civil.Instant // as the device said; its clock may be wrong
	Received civil.Instant
	Wall     civil.Instant // received, in machine time
	Result
	Face Face
}

// Result is what came of a scan, and what it was about.
type Result struct {
	Outcome Outcome
	Refusal string         // code of the fault
	Owner   ident.Merchant // whose parcel it is
	Return  ident.Return
	Parcel  ident.Parcel
	Label   ident.Label
	Hold    ident.Hold
	Passed  bool   // it was the signed code of the hold
	Proof   string // number of the proof of deposit
}

// At is when the scan was made, in our time: a device whose clock is wrong is
// wrong about both ends of what it measured.
func (s Scan) At() civil.Instant { return s.Received.Add(-s.Age) }

const (
	maxClient = 64  // characters of a device's own name for a scan
	maxCode   = 300 // characters of a code
)

func (in Reading) check() error {
	var faults fault.List
	text.Required(&faults, "client", in.Client, maxClient)
	text.Required(&faults, "code", in.Code, maxCode)
	if in.Wish != AnyWish && in.Wish != WishArrival {
		faults.Add(fault.Invalid, "unknown_value", "wish", "value", string(in.Wish))
	}
	return faults.Err()
}

// Keep writes a scan down as it came, before anybody tries to understand it, and
// gives it as it stands: the same one told again is the first. One made outside of
// its shift is kept and refused (scan_outside_shift).
//
// The faults are those of its words, and scans_exhausted, with the wait, when the
// device scanned too often, or too often what is no parcel of its counter: then it
// is not kept.
func Keep(tx *flow.Tx, s crew.Shift, in Reading) (Scan, error) {
	if err := in.check(); err != nil {
		return Scan{}, err
	}
	known, ok, err := db.One(tx.Tx, sqlScanOf, scanScan, s.Merchant, s.Device, in.Client)
	if err != nil || ok {
		return known, err
	}
	if err := spare(tx.Tx, s); err != nil {
		return Scan{}, err
	}
	c := Scan{
		ID: ident.New[ident.Scan](tx.Mint), Device: s.Device, Client: in.Client, Shift: s.ID, Clerk: s.Member, Point: s.Point,
		Wish: in.Wish, Code: strings.TrimSpace(in.Code), Offline: in.Offline, Age: crew.Age(in.Said, in.Sent), Said: in.Said,
		Received: tx.Now, Wall: tx.Wall, Result: Result{Outcome: Kept},
	}
	if !s.Covers(tx.Wall.Add(-c.Age)) {
		c.Outcome, c.Refusal = Refused, "scan_outside_shift"
	}
	return c, tx.Do(sqlKeep, s.Merchant, c.ID, c.Device, c.Client, c.Shift, c.Clerk, c.Point, c.Wish, c.Code, c.Offline,
		c.Age.Microseconds(), c.Said, c.Received, c.Wall, c.Outcome, c.Refusal)
}

// spare refuses a device that scanned too often within an hour.
func spare(tx *db.Tx, s crew.Shift) error {
	since := tx.Wall.Add(-perHour)
	for _, limit := range []struct {
		outcomes []Outcome
		most     int
	}{
		{[]Outcome{Foreign}, maxMisses},
		{[]Outcome{Foreign, Refused, Kept, AskDeposit, AskArrival, AskCode, Deposited, Again, Held, HandedOver}, maxScans},
	} {
		walls, err := db.All(tx, sqlRecent, db.Scalar[civil.Instant], s.Merchant, s.Device, since, db.In(limit.outcomes), limit.most)
		if err != nil {
			return err
		}
		if len(walls) >= limit.most {
			return fault.New(fault.TooMany, "scans_exhausted", "code", "wait", walls[len(walls)-1].Sub(since))
		}
	}
	return nil
}

// Settle writes down what came of a scan that stood at an outcome. The fault is
// scan_settled when it stands at another one by now.
func Settle(tx *flow.Tx, s crew.Shift, c *Scan, r Result) error {
	changed, err := tx.Changed(sqlSettle, s.Merchant, c.ID, c.Outcome, r.Outcome, r.Refusal, r.Owner, r.Return, r.Parcel, r.Label,
		r.Hold, r.Passed, r.Proof)
	if err == nil && !changed {
		err = fault.New(fault.Conflict, "scan_settled", "scan")
	}
	if err == nil {
		c.Result = r
	}
	return err
}

// ScanOf reads a scan that was made on a device. The fault is not_found.
func ScanOf(tx *db.Tx, s crew.Shift, id ident.Scan) (Scan, error) {
	c, ok, err := db.One(tx, sqlScan, scanScan, s.Merchant, id)
	if err == nil && (!ok || c.Device != s.Device || c.Point != s.Point) {
		err = fault.New(fault.NotFound, "not_found", "scan")
	}
	return c, err
}

// Rate keeps what a shopper said of a visit that came to its end; the first word
// counts. Nothing says who it was. The faults are not_found and unknown_value.
func Rate(tx *flow.Tx, s crew.Shift, id ident.Scan, f Face) error {
	if !slices.Contains(Faces, f) {
		return fault.New(fault.Invalid, "unknown_value", "face", "value", string(f))
	}
	c, err := ScanOf(tx.Tx, s, id)
	if err != nil || c.Outcome != Deposited && c.Outcome != HandedOver {
		return err
	}
	return tx.Do(sqlRate, s.Merchant, id, f)
}

const (
	sqlScanOf = `select id, device, client, shift, clerk, point, wish, code, offline, age, said, received, wall,
			outcome, refusal, owner, return_id, parcel, label, hold, passed, proof, face
		from counter_scan where merchant = $1 and device = $2 and client = $3`
	sqlScan = `select id, device, client, shift, clerk, point, wish, code, offline, age, said, received, wall,
			outcome, refusal, owner, return_id, parcel, label, hold, passed, proof, face
		from counter_scan where merchant = $1 and id = $2`
	sqlKeep = `insert into counter_scan (merchant, id, device, client, shift, clerk, point, wish, code, offline, age, said, received, wall,
			outcome, refusal, owner, return_id, parcel, label, hold, passed, proof, face)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, '', '', '', '', '', false, '', '')`
	sqlRecent = `select wall from counter_scan where merchant = $1 and device = $2 and wall > $3 and outcome in ($4)
		order by wall desc limit $5`
	sqlSettle = `update counter_scan set outcome = $4, refusal = $5, owner = $6, return_id = $7, parcel = $8, label = $9, hold = $10,
			passed = $11, proof = $12
		where merchant = $1 and id = $2 and outcome = $3`
	sqlRate  = `update counter_scan set face = $3 where merchant = $1 and id = $2 and face = ''`
	sqlFaces = `select face, count(*) from counter_scan where merchant = $1 and point = $2 and face <> '' group by face`
)

func scanScan(r db.Row) (c Scan, err error) {
	var age int64
	err = r.Scan(&c.ID, &c.Device, &c.Client, &c.Shift, &c.Clerk, &c.Point, &c.Wish, &c.Code, &c.Offline, &age, &c.Said, &c.Received,
		&c.Wall, &c.Outcome, &c.Refusal, &c.Owner, &c.Return, &c.Parcel, &c.Label, &c.Hold, &c.Passed, &c.Proof, &c.Face)
	c.Age = time.Duration(age) * time.Microsecond
	return c, err
}
