package promise

import (
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// A chance of keeping a slot is stated from fewSlots on, over the last manySlots.
const (
	fewSlots  = 30
	manySlots = 200
)

// Punctual is the probability that a service keeps a slot: the share it kept of
// the last ones that were judged, counted with one half kept and one half not so
// that it is never certain. 0 while fewer than thirty were.
func Punctual(tx *db.Tx, m ident.Merchant, s ident.Service) (float64, error) {
	states, err := db.All(tx, sqlSlotStates, db.Scalar[fact.State], m, s, manySlots)
	if err != nil || len(states) < fewSlots {
		return 0, err
	}
	kept := 0.5
	for _, state := range states {
		if state == fact.Kept {
			kept++
		}
	}
	return kept / float64(len(states)+1), nil
}
