package lookup

import (
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/tracking"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// candidate is a parcel that travels under the number.
type candidate struct {
	merchant ident.Merchant
	parcel   order.Parcel
	milestone
	over bool // delivered, or gone, so long ago that it is nobody's affair any more
}

// milestone is where a parcel is in its life, coarsely, and since when.
type milestone struct {
	phase fact.Phase
	lost  bool
	at    civil.Instant
	zone  *time.Location
	now   civil.Instant
}

// life is how long a parcel can be looked up once it came, as long as its link lives.
const life = 90 * 24 * time.Hour

// nobody stands in for a number that nobody has, so that asking for one takes as
// many statements as asking for another.
var nobody = tracking.Holder{Merchant: "mer_nobody", Parcel: "par_nobody"}

// candidates reads the parcels under a number.
func candidates(tx *db.Tx, q query) (out []candidate, err error) {
	holders, err := tracking.ByNumber(tx, q.number)
	if err != nil {
		return nil, err
	}
	if len(holders) == 0 {
		holders = []tracking.Holder{nobody}
	}
	for _, h := range holders {
		parcels, err := order.ParcelsByID(tx, h.Merchant, []ident.Parcel{h.Parcel})
		if err != nil {
			return nil, err
		}
		stories, err := tracking.Stories(tx, h.Merchant, []ident.Parcel{h.Parcel})
		if err != nil {
			return nil, err
		}
		p, known := parcels[h.Parcel]
		if !known || p.Direction != fact.Out || q.shop != "" && q.shop != h.Merchant {
			continue
		}
		out = append(out, candidateOf(h.Merchant, p, stories[h.Parcel], tx.Now))
	}
	return out, nil
}

func candidateOf(m ident.Merchant, p order.Parcel, s tracking.Story, now civil.Instant) candidate {
	zone, err := civil.Zone(civil.ZoneOf(p.Country, p.Postcode))
	if err != nil {
		zone = time.UTC // a country with several zones: a day, more or less
	}
	c := candidate{merchant: m, parcel: p, milestone: milestone{phase: s.Status.Phase(), at: p.Announced, zone: zone, now: now}}
	switch c.phase {
	case fact.PhaseCarried:
		c.at = first(s.Clocks.HandedOver, s.LastScan)
	case fact.PhaseLastMile:
		c.at = s.LastScan
	case fact.PhaseCollection:
		c.at = first(s.Clocks.Ready, s.LastScan)
	case fact.PhaseDone:
		c.at = first(s.Clocks.InHand, s.LastScan)
	case fact.PhaseReturn, fact.PhaseClosed:
		c.at, c.lost = first(s.Clocks.Closed, s.LastScan), true
	default:
		c.phase = fact.PhaseAnnounced
	}
	c.over = (c.phase == fact.PhaseDone || c.lost) && now >= c.at.Add(life)
	return c
}

func first(s fact.Span, otherwise civil.Instant) civil.Instant {
	if s.Known() {
		return s.From
	}
	return otherwise
}

// matches reports whether a typed postcode is the parcel's, however it is written.
func (c candidate) matches(typed string) bool {
	place, err := geo.NewPlace(c.parcel.Country, typed)
	return err == nil && place.Postcode == c.parcel.Postcode && place.Postcode != "" && !c.over
}

// Told is a parcel's milestone and its day, and nothing else: what anybody may read.
type Told struct {
	Tone      ui.Tone
	Milestone string
	Day       string
	Ended     civil.Instant // since when it is in somebody's hands, or gone; zero: it is on its way
}

// Tell puts a parcel's milestone into words. The fault is not_found.
func Tell(tx *db.Tx, m ident.Merchant, id ident.Parcel, loc lang.Locale) (Told, error) {
	parcels, err := order.ParcelsByID(tx, m, []ident.Parcel{id})
	if err != nil {
		return Told{}, err
	}
	p, known := parcels[id]
	if !known {
		return Told{}, fault.New(fault.NotFound, "not_found", "")
	}
	stories, err := tracking.Stories(tx, m, []ident.Parcel{id})
	if err != nil {
		return Told{}, err
	}
	c := candidateOf(m, p, stories[id], tx.Now)
	f := c.words(loc)
	told := Told{Tone: f.Tone, Milestone: f.Milestone, Day: f.Day}
	if c.phase == fact.PhaseDone || c.lost {
		told.Ended = c.at
	}
	return told, nil
}

// words are the milestone and its day, and nothing else.
func (m milestone) words(loc lang.Locale) found {
	key, tone := "lookup.announced", ui.Calm
	switch m.phase {
	case fact.PhaseCarried:
		key = "lookup.carried"
	case fact.PhaseLastMile:
		key = "lookup.last_mile"
	case fact.PhaseCollection:
		key, tone = "lookup.ready", ui.Good
	case fact.PhaseDone:
		key, tone = "lookup.done", ui.Good
	case fact.PhaseReturn:
		key, tone = "lookup.returning", ui.Care
	case fact.PhaseClosed:
		key, tone = "lookup.closed", ui.Bad
	}
	r := ui.Reading{Locale: loc, Zone: m.zone, Now: m.now}
	return found{Tone: tone, Milestone: lang.T(loc, key, nil), Day: r.Day(m.at.Day(m.zone))}
}
