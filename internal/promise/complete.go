package promise

import (
	"slices"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
)

// Lack is what an order lacks, as its merchant and its shopper declared.
type Lack struct {
	Units    int
	Lines    int  // over which they are spread
	Merchant bool // the merchant said so of some
}

func lackOf(all []order.Shortage) (l Lack) {
	lines := map[ident.Line]bool{}
	for _, s := range all {
		l.Units += s.Units()
		l.Merchant = l.Merchant || s.By == fact.ByMerchant
		for _, short := range s.Lines {
			lines[short.Line] = true
		}
	}
	l.Lines = len(lines)
	return l
}

// completeness rules on the promise that every unit comes, undamaged. One unit
// declared missing breaks it at once; all there, however late, keeps it: when
// they had to be there is the delivery's promise. While goods are on their way
// when it is due, nobody can say, and it is void until they arrive.
func completeness(c Commitment, e Evidence, now civil.Instant) Ruling {
	_, _, whole := e.done()
	switch {
	case e.Lack.Units > 0:
		return Ruling{
			State: fact.Broken, Reason: UnitsMissing, LateKnown: true, Liable: e.answersForLack(),
			MissingUnits: e.Lack.Units, MissingLines: e.Lack.Lines,
			// A declaration is its sayer's own, behind a key or a secret link; what it
			// can move is credit, inside the caps.
			Trust: fact.TrustSigned,
		}
	case whole:
		return Ruling{State: fact.Kept, Reason: AllThere, Liable: fact.ByNobody, Trust: e.trust()}
	case now < c.Due():
		return Ruling{State: fact.Open, Next: c.Due()}
	}
	return voided(NotArrived, fact.ByNobody, fact.TrustConfirmed)
}

// answersForLack is the merchant for what it declared itself.
// Of what a shopper misses, it is whoever the events of the parcels that came
// name, as long as they name one; else nobody knows where it went.
func (e Evidence) answersForLack() fact.Party {
	var named []fact.Party
	for _, p := range e.Parcels {
		switch {
		case !known(p.Done):
		case p.Liable != "" && p.Liable != fact.ByShopper && p.Liable != fact.ByUnknown && p.Liable != fact.ByNobody:
			named = append(named, p.Liable)
		}
	}
	slices.Sort(named)
	named = slices.Compact(named)
	switch {
	case e.Lack.Merchant:
		return fact.ByMerchant
	case len(named) == 1:
		return named[0]
	}
	return fact.ByUnknown
}
