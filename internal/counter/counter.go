// Package counter is the desk of a relay point or a store, where a clerk on a
// shared device (crew) takes returns in and gives parcels out.
//
// It stores which organisation runs a network's points, every scan as it came and
// what came of it, the parcels that wait to be fetched, and which lessons a clerk has
// done. It emits counter.held, counter.locked and counter.handed_over with the order
// as subject, and tells tracking what comes and goes. It hears nothing.
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

	"github.com/promesse-dev/promesse/internal/core/pin"
	"github.com/promesse-dev/promesse/internal/core/vault"
)

// Desk is what the verbs need beside a transaction: the master key, which makes
// codes. It is safe for concurrent use.
type Desk struct{ vault *vault.Vault }

// NewDesk is a desk over the master key.
func NewDesk(v *vault.Vault) *Desk { return &Desk{v} }

// Tries is how often the code of a parcel may be wrong.
const Tries = pin.Tries

// How many scans a device may make in an hour of machine time, and how many of
// them may be for no parcel of this counter.
const (
	maxScans  = 600
	maxMisses = 20
	perHour   = time.Hour
)

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
