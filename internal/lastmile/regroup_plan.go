package lastmile

import (
	"slices"
	"time"

	"github.com/promesse-dev/promesse/internal/core/carbon"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/relay"
)

// Why a delivery can not be among others, beside the reasons of a change.
const (
	NotWaits   WhyNot = "waits"       // something about it is being asked already
	NotHeld    WhyNot = "not_held"    // its carrier does at once what it agrees to, or not at all
	NotServed  WhyNot = "not_served"  // its carrier does not go to that point
	NotHeavy   WhyNot = "too_heavy"   // for that point
	NotOpen    WhyNot = "closed"      // that point does not open while it would wait there
	NotAddress WhyNot = "address"     // it goes to another address
	NotThatDay WhyNot = "not_the_day" // it can not be there on that day
	NotLegal   WhyNot = "legal"       // later than the law's thirty days
)

// Way is how a delivery comes on a certain day.
type Way struct {
	Day    civil.Day       // local
	What   fact.ChangeKind // empty: it is promised so already, and nothing is asked
	Window civil.Window
	Slot   bool
	AskBy  civil.Instant // exclusive; until when its carrier is asked; zero where nothing is
}

// Candidate is a delivery that may come together with others, and all that decides
// whether and when.
type Candidate struct {
	Merchant ident.Merchant
	Order    ident.Order
	Shopper  ident.Shopper
	Why      WhyNot // it is none: nothing of it lies ahead, or something is asked already
	Page     string // where its carrier takes changes itself; empty: nowhere

	Point   ident.Point // where it is collected; empty: it comes to the door
	Address string      // of that door, folded: the same door, the same text
	Grams   int
	Legal   civil.Day // the last one by law
	Stay    Way       // as it is promised

	Doors     []Way // the other days on which it may be brought to its door
	DoorsNot  WhyNot
	Points    []Way // those on which it may be at a point
	PointsNot WhyNot
	Networks  []string // whose points
	Shipment  carbon.Shipment
	Within    time.Duration // how long its carrier takes to answer

	can    Possible
	closed []civil.Days // by incidents
}

// Spot is where deliveries shall come together: a point, or a door.
type Spot struct {
	Point   relay.Point // its ID is empty: a door
	Address string      // of the door, as candidates have it
}

// Plan is what can be had together at a spot: one fit for each candidate.
type Plan struct {
	Fits []Fit
	Days []civil.Day // that suit two of them at least, and bring one there that was not; the earliest first
	spot Spot
	f    carbon.Factors
}

// Fit is a delivery at a spot.
type Fit struct {
	Candidate
	Not  WhyNot // it can not be there on any day; empty: it can
	Ways []Way  // on which days, the earliest first
}

// Together is a plan on one of its days.
type Together struct {
	Day           civil.Day
	Members       []Member
	Before, After Span
	Method        string // of the figures of CO2
}

// Member is a delivery on that day, or why it stays as it is.
type Member struct {
	Candidate
	Way
	Not           WhyNot
	Delay         int          // days after the last day that is promised; less than zero: before it
	Before, After carbon.Grams // of its own journey; after is before where it stays
}

// Span is grams of CO2 equivalent: when the shopper walks to where something is
// collected, and when they drive there for it.
type Span struct{ Low, High carbon.Grams }

// PlanAt works out which of some deliveries can be at a spot, and on which days. It
// decides on its arguments alone.
func PlanAt(all []Candidate, at Spot, now civil.Instant, f carbon.Factors) (Plan, error) {
	p := Plan{spot: at, f: f}
	met, moved := map[civil.Day]int{}, map[civil.Day]bool{}
	for _, c := range all {
		fit := Fit{Candidate: c}
		var err error
		if fit.Ways, fit.Not, err = c.at(at, now); err != nil {
			return p, err
		}
		for _, w := range fit.Ways {
			met[w.Day]++
			moved[w.Day] = moved[w.Day] || w.What != ""
		}
		p.Fits = append(p.Fits, fit)
	}
	for day, n := range met {
		if n > 1 && moved[day] {
			p.Days = append(p.Days, day)
		}
	}
	slices.Sort(p.Days)
	return p, nil
}

// at is on which days a delivery can be at a spot, or why on none.
func (c Candidate) at(s Spot, now civil.Instant) (ways []Way, not WhyNot, err error) {
	switch {
	case c.Why != "":
		return nil, c.Why, nil
	case s.Point.ID == "" && c.Point != "":
		return nil, NotPoint, nil
	case s.Point.ID == "" && c.Address != s.Address:
		return nil, NotAddress, nil
	case s.Point.ID == "":
		ways, not = append([]Way{c.Stay}, c.Doors...), ""
	case c.Point == s.Point.ID:
		ways = c.staying()
	case c.Point != "":
		return nil, NotPoint, nil
	default:
		ways, not, err = c.bound(s.Point, now)
	}
	if len(ways) == 0 {
		return nil, not, err
	}
	if ways = slices.DeleteFunc(slices.Clone(ways), func(w Way) bool { return w.Day > c.Legal && w.What != "" }); len(ways) == 0 {
		return nil, NotLegal, nil
	}
	slices.SortStableFunc(ways, func(a, b Way) int { return int(a.Day - b.Day) })
	return slices.CompactFunc(ways, func(a, b Way) bool { return a.Day == b.Day }), "", err
}

// keeps is for how many days a parcel that waits at a point is sure to be there
// still: every network keeps it for a week or more.
const keeps = 5

// staying is the days on which a parcel is at the point to which it goes anyway.
func (c Candidate) staying() (ways []Way) {
	for n := range civil.Day(keeps + 1) {
		w := c.Stay
		w.Day += n
		ways = append(ways, w)
	}
	return ways
}

// bound is the days on which a parcel for a door can be at a point instead.
func (c Candidate) bound(p relay.Point, now civil.Instant) (ways []Way, not WhyNot, err error) {
	switch {
	case len(c.Points) == 0:
		return nil, c.PointsNot, nil
	case !p.Gone.IsZero() || !slices.Contains(c.Networks, p.Network) || !p.Offers(relay.Collect):
		return nil, NotServed, nil
	}
	for _, w := range c.Points {
		reason, err := p.Unfit(relay.Query{Grams: c.Grams, Now: now, Since: w.Window.From, Until: w.Window.From.Add(holdOpen)})
		switch {
		case err != nil:
			return nil, "", err
		case reason == relay.TooHeavy:
			return nil, NotHeavy, nil
		case reason == relay.ClosedAllHold:
			not = NotOpen
		default:
			ways = append(ways, w)
		}
	}
	return ways, not, nil
}

// Best is the earliest of the days that suit most; false where none suits two.
func (p Plan) Best() (best civil.Day, ok bool) {
	most := 0
	for _, d := range p.Days {
		if n := p.Count(d); n > most {
			best, most = d, n
		}
	}
	return best, most > 0
}

// Count is how many of the deliveries can be there on a day.
func (p Plan) Count(d civil.Day) (n int) {
	for _, f := range p.Fits {
		if _, can := f.on(d); can {
			n++
		}
	}
	return n
}

func (f Fit) on(d civil.Day) (Way, bool) {
	i := slices.IndexFunc(f.Ways, func(w Way) bool { return w.Day == d })
	if i < 0 {
		return Way{}, false
	}
	return f.Ways[i], true
}

// On is the plan on a day.
func (p Plan) On(d civil.Day) Together {
	t := Together{Day: d, Method: p.f.Method}
	collected := false
	for _, f := range p.Fits {
		m := Member{Candidate: f.Candidate, Not: f.Not}
		w, can := f.on(d)
		switch {
		case !can && m.Not == "" && d > f.Legal:
			m.Not = NotLegal
		case !can && m.Not == "" && p.spot.Point.ID == "" && len(f.Doors) == 0:
			m.Not = f.DoorsNot
		case !can && m.Not == "":
			m.Not = NotThatDay
		case can:
			m.Way, m.Delay = w, int(w.Day-f.Stay.Day)
			low, high := p.f.Range(f.Shipment)
			m.Before = low
			t.Before.Low, t.Before.High = t.Before.Low+low, t.Before.High+high
			m.After, collected = p.afterwards(f.Shipment, w), collected || f.Point != "" || p.spot.Point.ID != ""
			t.After.Low += m.After
		}
		t.Members = append(t.Members, m)
	}
	if t.After.High = t.After.Low; collected {
		t.After.High += p.drive()
	}
	return t
}

// afterwards is the journey of a parcel as it would be.
func (p Plan) afterwards(s carbon.Shipment, w Way) carbon.Grams {
	if p.spot.Point.ID != "" && w.What != "" {
		s.Mode = modeAt(p.spot.Point.Kind)
	}
	s.Trip = carbon.OnFoot
	return p.f.Estimate(s)
}

// drive is one way there and back by car: for all that wait at the point, once.
func (p Plan) drive() carbon.Grams {
	low, high := p.f.Range(carbon.Shipment{Mode: carbon.Relay})
	return high - low
}

func modeAt(k relay.Kind) carbon.Mode {
	switch k {
	case relay.Locker:
		return carbon.Locker
	case relay.Store:
		return carbon.Store
	}
	return carbon.Relay
}
