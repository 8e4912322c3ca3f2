// Package crew is who works on devices that several people share: the clerks of a
// counter, and the couriers of a shop's own rounds.
//
// It stores the devices that an organisation lets in by a link that serves once, the
// people who sign in on them with a PIN, how often a PIN was wrong, and their shifts.
// It emits counter.device_set and counter.clerk_set, lastmile.device_set and
// lastmile.courier_set, with the organisation as subject: facts keep the names that
// they had first. It hears nothing.
//
// Links, and what devices keep, are stored as hashes. A PIN is salted by the master
// key, and five wrong ones lock whose it is until they are given another.
//
// It deliberately does not know what is done in a shift, nor who runs a point: the
// rooms above it say so.
package crew

import (
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/pin"
	"github.com/promesse-dev/promesse/internal/core/vault"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Roster is what verbs about PINs need beside a transaction: the master key. It is
// safe for concurrent use.
type Roster struct{ vault *vault.Vault }

// NewRoster is the verbs over the master key.
func NewRoster(v *vault.Vault) *Roster { return &Roster{v} }

// Trade is what somebody is let in to do.
type Trade string

// The trades.
const (
	Clerk   Trade = "clerk"   // at the counter of a point
	Courier Trade = "courier" // on a shop's own rounds
)

// ShiftLife is how long a shift lasts in machine time, unless it is ended before.
func (t Trade) ShiftLife() time.Duration {
	if t == Courier {
		return 14 * time.Hour
	}
	return 10 * time.Hour
}

// salt is what sets the PINs of a trade apart. It is part of every hash stored.
func (t Trade) salt() string {
	if t == Courier {
		return "round-pin"
	}
	return "counter-pin"
}

// LinkLife is how long an enrolment link opens, in machine time.
const LinkLife = 24 * time.Hour

// PINDigits is how long a PIN is, and Tries how often it may be wrong.
const (
	PINDigits = pin.Digits
	Tries     = pin.Tries
)

// maxName is how long the name of a device or of somebody may be, in characters.
const maxName = 60

// Post is where a device is used, and where who signs in on it works.
type Post struct {
	Merchant ident.Merchant // who lets them in
	Trade    Trade
	Point    ident.Point // of clerks; empty for couriers
}

// Counter is the post of the clerks at a point. Whether the organisation runs it is
// for the caller to know.
func Counter(m ident.Merchant, at ident.Point) Post { return Post{m, Clerk, at} }

// Rounds is the post of a shop's own couriers.
func Rounds(m ident.Merchant) Post { return Post{m, Courier, ""} }

// Device is a telephone, a tablet or a till that several people use.
type Device struct {
	ID ident.Device
	Post
	Name     string
	Made     civil.Instant
	Enrolled civil.Instant // zero: its link was not used yet
	Revoked  civil.Instant // zero while it works
}

// Member is somebody who signs in at a post.
type Member struct {
	ID ident.Member
	Post
	Name  string
	Tries int           // wrong PINs in a row
	Since civil.Instant // they were let in
	Until civil.Instant // zero while they work there
}

// Locked reports whether they need another PIN.
func (c Member) Locked() bool { return c.Tries >= Tries }

// Gone reports whether they were shown out.
func (c Member) Gone() bool { return c.Until != 0 }

// Shift is somebody with a device, for some hours.
type Shift struct {
	ID ident.Shift
	Post
	Device ident.Device
	Named  string // the device's name
	Member ident.Member
	Name   string        // the member's
	Began  civil.Instant // machine time, as are the others
	Until  civil.Instant
	Ended  civil.Instant
}

// Over reports whether the shift has ended.
func (s Shift) Over(wall civil.Instant) bool { return s.Ended != 0 || wall >= s.Until }

// By is who works, as the cause of a change.
func (s Shift) By() flow.Actor { return flow.Actor(string(s.Trade) + ":" + string(s.Member)) }

// slack is how far the end of a shift may be from what was done in it: clocks differ.
const slack = 5 * time.Minute

// Covers reports whether an instant of machine time is within the shift.
func (s Shift) Covers(wall civil.Instant) bool {
	until := s.Until
	if s.Ended != 0 {
		until = min(until, s.Ended)
	}
	return wall >= s.Began.Add(-slack) && wall <= until.Add(slack)
}

// Age is how long ago something was done when a device sent it, both by the device's
// own clock: one that is wrong is wrong about both ends. It is nothing where either is
// not said, or where the clock ran back.
func Age(said, sent civil.Instant) time.Duration {
	if said == 0 || sent == 0 {
		return 0
	}
	return max(0, sent.Sub(said))
}
