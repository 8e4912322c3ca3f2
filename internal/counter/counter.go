// Package counter is the desk of a relay point or a store, where a clerk on a
// shared device takes returns in and gives parcels out.
//
// It stores which organisation runs a network's points, the devices and clerks
// of a point, their shifts, every scan as it came and what came of it, the
// parcels that wait to be fetched, and which lessons a clerk has done. It emits
// counter.device_set and counter.clerk_set with the organisation as subject,
// counter.held, counter.locked and counter.handed_over with the order, and tells
// tracking what comes and goes. It hears nothing.
//
// A clerk is told only of parcels expected or held at the point of their shift,
// under a shortened name; whatever else is scanned gets one answer, and is
// counted. A parcel is given out once, to whoever has its code: six digits or a
// signed text that the master key makes, which are stored nowhere. Five wrong
// codes lock it until somebody of the organisation opens it again with another.
//
// It deliberately decides nothing about returns: the door beside it lets the
// clerk's scan become a deposit there. It knows no page and no carrier's words.
package counter

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/pin"
	"github.com/promesse-dev/promesse/internal/core/vault"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Desk is what the verbs need beside a transaction: the master key, which makes
// codes and salts PINs. It is safe for concurrent use.
type Desk struct{ vault *vault.Vault }

// NewDesk is a desk over the master key.
func NewDesk(v *vault.Vault) *Desk { return &Desk{v} }

// How long things last, in machine time.
const (
	LinkLife  = 24 * time.Hour // of an enrolment link
	ShiftLife = 10 * time.Hour // then a shift ends by itself
)

// PINDigits is how long a clerk's PIN is, and Tries how often it, or the code of
// a parcel, may be wrong.
const (
	PINDigits = pin.Digits
	Tries     = pin.Tries
)

// How many scans a device may make in an hour of machine time, and how many of
// them may be for no parcel of this counter.
const (
	maxScans  = 600
	maxMisses = 20
	perHour   = time.Hour
)

// Device is a telephone or a till that stands at a point.
type Device struct {
	ID       ident.Device
	Merchant ident.Merchant // who runs the point
	Point    ident.Point
	Name     string
	Made     civil.Instant
	Enrolled civil.Instant // zero: its link was not used yet
	Revoked  civil.Instant // zero while it works
}

// Clerk is somebody who works at a point.
type Clerk struct {
	ID    ident.Clerk
	Point ident.Point
	Name  string
	Tries int           // wrong PINs in a row
	Since civil.Instant // they were let in
	Until civil.Instant // zero while they work there
}

// Locked reports whether the clerk needs another PIN.
func (c Clerk) Locked() bool { return c.Tries >= Tries }

// Shift is a clerk at a device, for some hours.
type Shift struct {
	ID       ident.Shift
	Merchant ident.Merchant // who runs the point
	Point    ident.Point
	Device   ident.Device
	Named    string // the device's name
	Clerk    ident.Clerk
	Name     string        // the clerk's
	Began    civil.Instant // machine time, as are the others
	Until    civil.Instant
	Ended    civil.Instant
}

// Over reports whether the shift has ended.
func (s Shift) Over(wall civil.Instant) bool { return s.Ended != 0 || wall >= s.Until }

// By is the clerk, as the cause of a change.
func (s Shift) By() flow.Actor { return flow.Actor("clerk:" + string(s.Clerk)) }

// Face is what a shopper says of a visit, with one tap.
type Face string

// The faces.
const (
	GoodFace Face = "good"
	SoSoFace Face = "so_so"
	BadFace  Face = "bad"
)

// Faces lists them.
var Faces = []Face{GoodFace, SoSoFace, BadFace}

// Lesson is one of the short lessons in the practice mode.
type Lesson string

// The lessons, in their order.
const (
	LessonDeposit  Lesson = "deposit"
	LessonNoLabel  Lesson = "no_label"
	LessonWrong    Lesson = "wrong_parcel"
	LessonHandOver Lesson = "hand_over"
	LessonOffline  Lesson = "offline"
)

// Lessons lists them.
var Lessons = []Lesson{LessonDeposit, LessonNoLabel, LessonWrong, LessonHandOver, LessonOffline}

// maxFirst is how much of a first name a clerk is shown.
const maxFirst = 24

// Mask shortens a name to what tells two people in a queue apart: "Marie Durand"
// is "Marie D.". Of a single word only its first letter is left.
func Mask(name string) string {
	words := strings.Fields(name)
	if len(words) == 0 {
		return "–"
	}
	last := words[len(words)-1]
	initial, _ := utf8.DecodeRuneInString(last)
	short := string(unicode.ToUpper(initial)) + "."
	if len(words) == 1 {
		return short
	}
	first := []rune(words[0])
	return string(first[:min(len(first), maxFirst)]) + " " + short
}
