package promise

import (
	"cmp"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
)

// The grounds of a ruling: the code of the rule that decided. Pages and letters
// have a sentence for each.
const (
	InTime         = "in_time"         // wholly inside the window
	Late           = "late"            // wholly at or after the deadline
	Early          = "early"           // wholly before the slot, and the shopper had not agreed to that
	NotDelivered   = "not_delivered"   // nothing by the deadline and its grace
	NotPacked      = "not_packed"      // some unit was never in any parcel
	ParcelClosed   = "parcel_closed"   // lost, returned or cancelled: it will not come any more
	Unprovable     = "unprovable"      // the evidence lies across the deadline, and none better came
	ShopperAct     = "shopper_act"     // presented in time, and absent or refused
	OrderCancelled = "order_cancelled" // nothing is owed any more
	Withdrawn      = "withdrawn"       // the shopper had it taken back on its way
	AllThere       = "all_there"       // every unit came, and nobody missed one
	UnitsMissing   = "units_missing"   // declared missing, or damaged
	NotArrived     = "not_arrived"     // nobody can say yet whether all is there
	NotReceived    = "not_received"    // scanned as delivered, and a person decided that nobody has it
	NotDone        = "not_done"        // about a return: nothing by the deadline
	NothingOwed    = "nothing_owed"    // about a return: decided that no money is due
)

// Evidence is what is known of an order now.
type Evidence struct {
	Packed  bool // every unit of goods is in a parcel below, or will not be sent
	Parcels []Sighting
	Lack    Lack
}

// Sighting is what is known of one parcel on its way to the shopper. An empty
// interval says that it has not happened, as far as we know.
type Sighting struct {
	HandedOver civil.Interval // the carrier has it
	Presented  civil.Interval // first presentation
	Done       civil.Interval // in hand, or collectable where the shopper chose to collect
	Closed     civil.Interval // lost, returned, cancelled
	Liable     fact.Party     // who answers for the last incident, when the events say so
	Trust      fact.Trust     // the least of the events that decided
	Events     []ident.Event
	// Denied is what a person decided against the scans of before; Liable is that
	// person's word then. Empty: nothing.
	Denied fact.ClaimKind
}

// Ruling is what the rules say of a commitment at an instant.
type Ruling struct {
	State     fact.State
	Reason    string        // one of the grounds; empty while open
	LateBy    time.Duration // at least so much; 0 when not broken
	LateKnown bool          // it arrived: LateBy grows no more
	EarlyBy   time.Duration // before a slot, at least
	Liable    fact.Party
	Trust     fact.Trust
	// What a complete order lacks; zero for other promises.
	MissingUnits, MissingLines int
	// Next is when the clock alone may change an open ruling.
	Next civil.Instant
}

// Rule judges a commitment by what is known now. It is a function of its
// arguments: any order of arrival of the same evidence gives the same ruling.
//
// Evidence wholly inside the window keeps it and wholly outside breaks it; only
// a slot has a beginning, which every parcel must respect. Across an edge it
// decides nothing: the commitment stays open until its grace is over, and is then
// void, for nobody can prove either. Without evidence it breaks when the grace is
// over, or at the deadline itself when no parcel can come any more. From Due on,
// the answer is never open.
func Rule(c Commitment, e Evidence, now civil.Instant) Ruling {
	if c.Owed == fact.Complete {
		return completeness(c, e, now)
	}
	first, last, whole := e.done()
	if !whole {
		return absent(c, e, now)
	}
	begins, ends := c.window().Relate(first), c.window().Relate(last)
	switch {
	case begins == civil.Within && ends == civil.Within:
		return Ruling{State: fact.Kept, Reason: InTime, Liable: fact.ByNobody, Trust: e.trust()}
	case (begins == civil.Outside || ends == civil.Outside) && e.shopperAct(c):
		return voided(ShopperAct, fact.ByShopper, e.trust())
	case begins == civil.Outside || ends == civil.Outside:
		return missed(c, e, first, last)
	case now < c.Due():
		return Ruling{State: fact.Open, Next: c.Due()}
	}
	return voided(Unprovable, fact.ByNobody, e.trust())
}

// missed rules on goods that all came, and not all inside the window.
func missed(c Commitment, e Evidence, first, last civil.Interval) Ruling {
	w := c.window()
	r := Ruling{
		State: fact.Broken, Reason: Late, LateBy: w.LateBy(last), LateKnown: true, EarlyBy: w.EarlyBy(first),
		Trust: e.trust(),
	}
	if last.From >= w.Until {
		r.Liable = liable(c, e)
		return r
	}
	r.Reason, r.Liable = Early, fact.ByCarrier
	return r
}

// absent rules while the goods are not all where they should be.
func absent(c Commitment, e Evidence, now civil.Instant) Ruling {
	due, reason, trust := c.Due(), NotDelivered, fact.TrustConfirmed // our own clock needs no witness
	switch lost, given := e.lost(c); {
	case given:
		due, reason, trust = c.Until, ParcelClosed, lost
		if e.worst(c).Denied == fact.ClaimNotReceived {
			reason = NotReceived
		}
	case !e.Packed:
		reason = NotPacked
	}
	switch {
	case e.shopperAct(c) && (now >= due || !e.moving()):
		return voided(ShopperAct, fact.ByShopper, e.trust())
	case now < due:
		return Ruling{State: fact.Open, Next: due}
	}
	return Ruling{
		State: fact.Broken, Reason: reason, LateBy: now.Sub(c.Until),
		Liable: liable(c, e), Trust: trust,
	}
}

func voided(reason string, by fact.Party, t fact.Trust) Ruling {
	return Ruling{State: fact.Void, Reason: reason, Liable: by, Trust: t}
}

// liable is who answers for a breach: the merchant for what was never packed or
// came to the carrier after the day planned, then whoever the events name, then
// the carrier. A shopper who refuses what comes too late has not caused it.
func liable(c Commitment, e Evidence) fact.Party {
	w := e.worst(c)
	switch {
	case w.Denied != "":
		return w.Liable
	case !e.Packed || !w.carried():
		return fact.ByMerchant
	case !c.HandoverBy.IsZero() && known(w.HandedOver) && w.HandedOver.From >= c.HandoverBy:
		return fact.ByMerchant
	case w.Liable == fact.ByShopper && c.window().Relate(w.Presented) == civil.Outside:
		return fact.ByCarrier
	case w.Liable == fact.ByCarrier, w.Liable == "", w.Liable == fact.ByUnknown, w.Liable == fact.ByNobody:
		return fact.ByCarrier
	}
	return w.Liable
}

// done is when the first and the last of the goods were where they should be.
// Each parcel's interval bounds one instant, so the latest instant lies between
// the latest beginning and the latest end, and the earliest likewise.
func (e Evidence) done() (first, last civil.Interval, whole bool) {
	for i, p := range e.Parcels {
		if !known(p.Done) {
			return civil.Interval{}, civil.Interval{}, false
		}
		if i == 0 {
			first = p.Done
		}
		first.From, first.Until = min(first.From, p.Done.From), min(first.Until, p.Done.Until)
		last.From, last.Until = max(last.From, p.Done.From), max(last.Until, p.Done.Until)
	}
	return first, last, e.Packed && len(e.Parcels) > 0
}

// worst is the parcel that decides who answers: one that will never come, else
// one that has not come, else the last to come. One the shopper refused does not
// count beside others. It is empty when there is none.
func (e Evidence) worst(c Commitment) (w Sighting) {
	for i, p := range e.Parcels {
		if i == 0 || p.worse(w, c) {
			w = p
		}
	}
	return w
}

func (s Sighting) worse(than Sighting, c Commitment) bool {
	if a, b := s.refused(c), than.refused(c); a != b {
		return b
	}
	if a, b := s.rank(), than.rank(); a != b {
		return a > b
	}
	return cmp.Or( // past the arrival, only so that the order of parcels never matters
		cmp.Compare(s.Done.Until, than.Done.Until),
		cmp.Compare(s.HandedOver.From, than.HandedOver.From), cmp.Compare(s.HandedOver.Until, than.HandedOver.Until),
		cmp.Compare(s.Presented.From, than.Presented.From), cmp.Compare(s.Presented.Until, than.Presented.Until),
		cmp.Compare(s.Closed.From, than.Closed.From), cmp.Compare(s.Liable, than.Liable),
	) > 0
}

// rank orders parcels by how much they trouble the promise.
func (s Sighting) rank() int {
	switch {
	case known(s.Done):
		return 0
	case known(s.Closed):
		return 2
	default:
		return 1
	}
}

func (s Sighting) closed() bool { return s.rank() == 2 }

// lost reports whether some parcel will not come, and not by the shopper's own
// act. One is enough, so of several the best witnessed is the proof.
func (e Evidence) lost(c Commitment) (best fact.Trust, given bool) {
	for _, p := range e.Parcels {
		if p.closed() && !p.refused(c) && (!given || reach[p.trust()] > reach[best]) {
			best, given = p.trust(), true
		}
	}
	return best, given
}

// carried reports whether the carrier ever had it, by any sign: some report
// nothing before the door.
func (s Sighting) carried() bool {
	return known(s.HandedOver) || known(s.Presented) || known(s.Done) || known(s.Closed)
}

// moving reports whether some parcel may still come.
func (e Evidence) moving() bool {
	for _, p := range e.Parcels {
		if p.rank() == 1 {
			return true
		}
	}
	return false
}

// shopperAct reports whether all that was not in time is so by the shopper's own act.
func (e Evidence) shopperAct(c Commitment) bool {
	act := false
	for _, p := range e.Parcels {
		switch {
		case c.window().Relate(p.Done) == civil.Within:
		case p.refused(c):
			act = true
		default:
			return false
		}
	}
	return act && e.Packed
}

// refused reports whether the parcel was at the shopper's door in time and it is
// the shopper who did not take it. A carrier's word about a bad address alone
// excuses nobody: the party is recorded, the promise is broken.
func (s Sighting) refused(c Commitment) bool {
	return s.Liable == fact.ByShopper && c.window().Relate(s.Presented) == civil.Within
}

func (s Sighting) trust() fact.Trust {
	if s.Trust == "" {
		return fact.TrustClaimed
	}
	return s.Trust
}

// trust is the least of the parcels'.
func (e Evidence) trust() fact.Trust {
	least := fact.TrustConfirmed
	for _, p := range e.Parcels {
		if reach[p.trust()] < reach[least] {
			least = p.trust()
		}
	}
	return least
}

// reach orders the levels of trust.
var reach = map[fact.Trust]int{fact.TrustClaimed: 0, fact.TrustSigned: 1, fact.TrustConfirmed: 2}

// events lists what the ruling rests on.
func (e Evidence) events() []ident.Event {
	var all []ident.Event
	for _, p := range e.Parcels {
		all = append(all, p.Events...)
	}
	return all
}

func known(i civil.Interval) bool { return i.Until > i.From }

// proves reports whether a ruling says something that the last verdict did not:
// another state, how late it was, how much is missing, or who answers for that.
// It is what keeps the same evidence from being written down twice. An arrival
// that was taken back leaves the verdict as it is until a better one is known.
func (r Ruling) proves(last Ruling) bool {
	switch {
	case r.State == fact.Open:
		return false
	case r.State != last.State:
		return true
	case r.State != fact.Broken || last.LateKnown && !r.LateKnown:
		return false
	}
	return r.Liable != last.Liable || r.MissingUnits != last.MissingUnits || r.MissingLines != last.MissingLines ||
		r.LateKnown && (!last.LateKnown || r.LateBy != last.LateBy || r.EarlyBy != last.EarlyBy)
}
