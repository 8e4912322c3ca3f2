package promise

import (
	"slices"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/tracking"
)

// Judge is the reaction to tracking.moved: it rules on what the orders of the
// parcels owe, and writes down what is new.
func Judge(tx *flow.Tx, facts []flow.Fact) error {
	moved, err := flow.Bodies[fact.ParcelMoved](facts)
	if err != nil {
		return err
	}
	causes := map[ident.Order]flow.Fact{}
	matters := map[ident.Order]bool{}
	var orders []ident.Order
	for i, p := range moved {
		if p.Direction != fact.Out || !decisive(p) && !handedOver(p) {
			continue
		}
		if _, seen := causes[p.Order]; !seen {
			orders = append(orders, p.Order)
		}
		causes[p.Order] = facts[i]
		matters[p.Order] = matters[p.Order] || decisive(p)
	}
	if len(orders) == 0 {
		return nil
	}
	m := facts[0].Merchant
	cs, err := db.All(tx.Tx, sqlCommitmentsOf, scanCommitment, m, db.In(orders))
	if err != nil {
		return err
	}
	cs = slices.DeleteFunc(cs, func(c Commitment) bool { return !matters[c.Order] && c.State != fact.Broken })
	return judge(tx, m, cs, causes)
}

// Shortened is the reaction to order.units_missing. Units that are missing break
// the promise of a complete order; those that will not be sent settle what the
// delivery waits for.
func Shortened(tx *flow.Tx, facts []flow.Fact) error {
	short, err := flow.Bodies[fact.UnitsMissing](facts)
	if err != nil {
		return err
	}
	causes := map[ident.Order]flow.Fact{}
	orders := make([]ident.Order, len(short))
	for i, s := range short {
		causes[s.Order], orders[i] = facts[i], s.Order
	}
	cs, err := db.All(tx.Tx, sqlCommitmentsOf, scanCommitment, facts[0].Merchant, db.In(orders))
	if err != nil {
		return err
	}
	return judge(tx, facts[0].Merchant, cs, causes)
}

// decisive reports whether the parcel has reached a milestone that rulings look
// at, or may have lost one by a correction. From depot to depot, nothing is.
func decisive(p fact.ParcelMoved) bool {
	c := p.Clocks
	if c.InHand.Known() || c.Ready.Known() || c.Presented.Known() || c.Closed.Known() {
		return true
	}
	switch p.Was.Phase() {
	case fact.PhaseCollection, fact.PhaseDone, fact.PhaseReturn, fact.PhaseClosed:
		return true
	}
	return p.Was == fact.FailedAttempt
}

// handedOver reports whether the carrier's first scan came only now: it decides
// nothing by itself, but it may clear the merchant of a breach.
func handedOver(p fact.ParcelMoved) bool {
	return p.Was.Phase() == fact.PhaseAnnounced && p.Clocks.HandedOver.Known()
}

// Deadlines is the sweep that judges commitments whose grace is over, or whose
// deadline has come and whose parcel can not.
func Deadlines() flow.Sweep {
	return flow.Sweep{
		Name: "promise.Deadlines",
		Find: func(tx *db.Tx, now civil.Instant, limit int) ([]flow.Due, error) {
			return db.All(tx, sqlDue, scanDue, now, limit)
		},
		Next: func(tx *db.Tx) (civil.Instant, error) { return earliest(tx, sqlNextDue) },
		Do: func(tx *flow.Tx, m ident.Merchant, ids []string) error {
			cs, err := db.All(tx.Tx, sqlCommitments, scanCommitment, m, db.In(ids))
			if err != nil {
				return err
			}
			return judge(tx, m, cs, nil)
		},
	}
}

// judge rules on commitments in one go, whatever made us look.
func judge(tx *flow.Tx, m ident.Merchant, cs []Commitment, causes map[ident.Order]flow.Fact) error {
	cs, about := partition(cs)
	if err := judgeAbout(tx, m, about, nil); err != nil {
		return err
	}
	files, err := filesOf(tx.Tx, m, cs)
	if err != nil {
		return err
	}
	var heard []hearing
	for _, c := range cs {
		if c.over() {
			continue
		}
		e := files.evidence(c)
		h := hearing{commitment: c, ruling: Rule(c, e, tx.Now), events: e.events(), cause: causes[c.Order]}
		h.contested = files.contested(c, h.ruling)
		heard = append(heard, h)
	}
	if err := mark(tx, m, heard); err != nil {
		return err
	}
	return settle(tx, m, heard)
}

// over reports whether no evidence can matter any more: the shopper chose
// another window, or nothing is owed.
func (c Commitment) over() bool {
	return c.State == fact.Amended || c.State == fact.Void && (c.Last.Reason == OrderCancelled || c.Last.Reason == Withdrawn)
}

// files are what is known of orders, read in one go.
type files struct {
	packed  map[ident.Order]bool
	parcels map[ident.Order][]order.Parcel // outgoing, as they were announced
	stories map[ident.Parcel]tracking.Story
	short   map[ident.Order][]order.Shortage
	// that were not dismissed
	contests map[ident.Order][]contest
}

func filesOf(tx *db.Tx, m ident.Merchant, cs []Commitment) (f files, err error) {
	var orders []ident.Order
	for _, c := range cs {
		orders = append(orders, c.Order)
	}
	if len(orders) == 0 {
		return f, nil
	}
	if f.packed, err = order.Packed(tx, m, orders); err != nil {
		return f, err
	}
	if f.short, err = order.Shortages(tx, m, orders); err != nil {
		return f, err
	}
	if f.contests, err = contestsOf(tx, m, orders); err != nil {
		return f, err
	}
	if f.parcels, err = order.Parcels(tx, m, orders); err != nil {
		return f, err
	}
	var ids []ident.Parcel
	for o, ps := range f.parcels {
		out := ps[:0]
		for _, p := range ps {
			if p.Direction == fact.Out {
				out, ids = append(out, p), append(ids, p.ID)
			}
		}
		f.parcels[o] = out
	}
	if len(ids) == 0 {
		return f, nil
	}
	f.stories, err = tracking.Stories(tx, m, ids)
	return f, err
}

// counted is a parcel that a commitment is judged by.
type counted struct {
	parcel   order.Parcel
	story    tracking.Story
	sighting Sighting
}

// counted is the parcels of a commitment's order that matter to it.
//
// A box announced after the goods were all found delivered, or after nothing was
// owed any more, holds none of them: a gift, a replacement. One announced after
// another was lost stands for the lost one.
func (f files) counted(c Commitment) (ps []counted) {
	for _, p := range f.parcels[c.Order] {
		if f.arrived(c) && p.Announced > c.Last.At {
			continue
		}
		lost := func(q counted) bool { return q.sighting.lostBefore(p.Announced, c) }
		if i := slices.IndexFunc(ps, lost); i >= 0 {
			ps = slices.Delete(ps, i, i+1)
		}
		seen := counted{p, f.stories[p.ID], sighting(f.stories[p.ID], c.Collect).believed(p.ID, f.contests[c.Order])}
		ps = append(ps, seen)
	}
	return ps
}

func (s Sighting) lostBefore(at civil.Instant, c Commitment) bool {
	return s.closed() && !s.refused(c) && s.Closed.From <= at
}

func (f files) evidence(c Commitment) Evidence {
	e := Evidence{Packed: f.packed[c.Order], Lack: lackOf(f.short[c.Order])}
	for _, p := range f.counted(c) {
		e.Parcels = append(e.Parcels, p.sighting)
	}
	return e
}

// delivered reports whether the last verdict has seen all goods arrive, or ended
// the wait for them. That something is missing ends no wait for the rest.
func (c Commitment) delivered() bool {
	if c.Owed == fact.Complete {
		return c.Last.State == fact.Kept
	}
	return c.Last.State == fact.Kept || c.Last.State == fact.Void || c.Last.LateKnown
}

// sighting reads the milestones of a story by the shopper's clock.
func sighting(s tracking.Story, collect bool) Sighting {
	done := s.Clocks.InHand
	if collect && s.Clocks.Ready.Known() && (!done.Known() || s.Clocks.Ready.Until <= done.Until) {
		done = s.Clocks.Ready
	}
	return Sighting{
		HandedOver: interval(s.Clocks.HandedOver), Presented: interval(s.Clocks.Presented),
		Done: interval(done), Closed: interval(s.Clocks.Closed),
		Liable: s.Liable, Trust: s.Trust, Events: s.Events,
	}
}

func interval(s fact.Span) civil.Interval { return civil.Interval{From: s.From, Until: s.Until} }
