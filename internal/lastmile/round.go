package lastmile

import (
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/pin"
	"github.com/promesse-dev/promesse/internal/core/vault"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Rounds is what verbs about couriers need beside a transaction: the master key,
// which makes the codes of shoppers and salts PINs. It is safe for concurrent use.
type Rounds struct{ vault *vault.Vault }

// NewRounds is the verbs over the master key.
func NewRounds(v *vault.Vault) *Rounds { return &Rounds{v} }

// How long things last, in machine time.
const (
	LinkLife  = 24 * time.Hour // of an enrolment link
	ShiftLife = 14 * time.Hour // then a courier's shift ends by itself
)

// PINDigits is how long a courier's PIN is, and Tries how often it, or the code
// that a shopper says at the door, may be wrong.
const (
	PINDigits = pin.Digits
	Tries     = pin.Tries
)

// Device is a telephone that goes along on rounds.
type Device struct {
	ID       ident.Device
	Merchant ident.Merchant // whose rounds they are
	Name     string
	Made     civil.Instant
	Enrolled civil.Instant // zero: its link was not used yet
	Revoked  civil.Instant // zero while it works
}

// Courier is somebody who brings orders for a shop.
type Courier struct {
	ID    ident.Courier
	Name  string
	Tries int           // wrong PINs in a row
	Since civil.Instant // they were let in
	Until civil.Instant // zero while they work there
}

// Locked reports whether the courier needs another PIN.
func (c Courier) Locked() bool { return c.Tries >= Tries }

// Shift is a courier with a device, for some hours.
type Shift struct {
	ID       ident.Shift
	Merchant ident.Merchant
	Device   ident.Device
	Courier  ident.Courier
	Name     string        // the courier's
	Began    civil.Instant // machine time, as are the others
	Until    civil.Instant
	Ended    civil.Instant
}

// Over reports whether the shift has ended.
func (s Shift) Over(wall civil.Instant) bool { return s.Ended != 0 || wall >= s.Until }

// By is the courier, as the cause of a change.
func (s Shift) By() flow.Actor { return flow.Actor("courier:" + string(s.Courier)) }

// slack is how far the end of a shift may be from what was done in it: clocks differ.
const slack = 5 * time.Minute

// covers reports whether an instant of machine time is within the shift.
func (s Shift) covers(wall civil.Instant) bool {
	until := s.Until
	if s.Ended != 0 {
		until = min(until, s.Ended)
	}
	return wall >= s.Began.Add(-slack) && wall <= until.Add(slack)
}
