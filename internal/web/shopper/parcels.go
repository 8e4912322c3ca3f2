package shopper

import (
	"cmp"
	"slices"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/fact"
	orders "github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/tracking"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// box is one parcel, as the carriers tell it.
type box struct {
	Status   string
	Tone     ui.Tone
	Carried  string   // who has it, since when, under which number
	Before   []string // who had it before, the last one first
	News     string   // how old what we know is
	Proof    []string // of delivery
	Contents []string
}

// boxes are the parcels, in the order in which they were announced.
func (d *lived) boxes() (out []box) {
	for _, p := range d.parcels {
		out = append(out, d.box(p))
	}
	return out
}

func (d *lived) box(p orders.Parcel) box {
	s := d.stories[p.ID]
	if s.Status == "" {
		s.Status = fact.Pending
	}
	legs := d.journey(p)
	b := box{Status: d.Status(s.Status), Tone: ui.StatusTone(s.Status), Carried: d.carried(s, legs[0]), News: d.news(s)}
	if d.shared() {
		b.Contents = d.list(d.contents[p.ID])
	}
	if p.Direction == fact.Back {
		b.Status = d.T("tracking_page.coming_back", map[string]any{"Status": b.Status})
	}
	for _, l := range legs[1:] {
		b.Before = append(b.Before, d.T("tracking_page.carried_before", map[string]any{"Carrier": d.carriers[l.Connection].Name, "Number": l.Number}))
	}
	if s.Status == fact.Delivered {
		b.Proof = d.proof(p)
	}
	return b
}

// shared reports whether the order is spread over parcels, so that each must say
// what is in it.
func (d *lived) shared() bool { return len(d.parcels) > 1 || !d.packed }

// carriage is a leg of a parcel, and what its carrier scanned of it.
type carriage struct {
	tracking.Leg
	first, last civil.Instant // scans of a parcel in the carrier's hands; zero without any
}

// journey is the legs of a parcel: first the one that has it now, as far as
// scans tell, then those before. There is always one.
func (d *lived) journey(p orders.Parcel) []carriage {
	var all []carriage
	for _, l := range d.legs[p.ID] {
		c := d.carriedBy(l)
		if l.Connection == p.Connection && l.Number == carrier.FoldNumber(p.Number) {
			c.Number = p.Number // as it stands on the label
		}
		all = append(all, c)
	}
	if len(all) == 0 {
		all = []carriage{{Leg: tracking.Leg{Parcel: p.ID, Connection: p.Connection, Number: p.Number, Since: p.Announced}}}
	}
	slices.SortStableFunc(all, func(a, b carriage) int {
		return cmp.Or(cmp.Compare(b.last, a.last), cmp.Compare(b.Since, a.Since))
	})
	return all
}

func (d *lived) carriedBy(l tracking.Leg) carriage {
	c := carriage{Leg: l}
	for _, e := range d.events {
		if e.Connection != l.Connection || e.Number != l.Number || e.Status == fact.Pending || e.Status == fact.Unknown || !d.plausible(e.At) {
			continue
		}
		if c.first.IsZero() || e.At < c.first {
			c.first = e.At
		}
		c.last = max(c.last, e.At)
	}
	return c
}

// carried says who has a parcel, or had it last.
func (d *lived) carried(s tracking.Story, l carriage) string {
	args := map[string]any{"Carrier": d.carriers[l.Connection].Name, "Number": l.Number}
	if l.first.IsZero() || tracking.Final(s.Status) {
		return d.T("order_page.carried_by", args)
	}
	args["When"] = d.When(l.first, fact.Minute)
	return d.T("tracking_page.carried_since", args)
}

// silence is after how long without news we say that the carrier is silent.
const silence = 36 * time.Hour

// news is how old what we know of a parcel is; empty once it has arrived.
func (d *lived) news(s tracking.Story) string {
	switch {
	case tracking.Final(s.Status) || s.Clocks.Closed.Known():
		return ""
	case s.LastScan.IsZero():
		return d.T("order_page.no_scan", nil)
	}
	age := d.Now.Sub(s.LastScan)
	d.ages(s.LastScan)
	args := map[string]any{"Ago": d.Long(age), "When": d.When(s.LastScan, fact.Minute)}
	if s.Status == fact.ReadyForPickup {
		return d.T("order_page.last_scan", args)
	}
	d.changesAt(s.LastScan.Add(silence))
	if age >= silence {
		return d.T("order_page.silent", args)
	}
	return d.T("order_page.last_scan", args)
}

// ages notes when "2 hours and 5 minutes ago" will be other words: people are
// told minutes during a day, then hours.
func (d *lived) ages(since civil.Instant) {
	step := time.Minute
	age := d.Now.Sub(since)
	if age >= 24*time.Hour {
		step = time.Hour
	}
	d.changesAt(since.Add(age.Truncate(step) + step))
}

// maxLabel is how much of a carrier's own words is quoted, in characters.
const maxLabel = 160

// proof is what the carrier says of the delivery: when, in whose hands, where,
// and its own words. What somebody merely claims is called so.
func (d *lived) proof(p orders.Parcel) []string {
	e, ok := d.delivered(p)
	if !ok {
		return nil
	}
	args := map[string]any{"Carrier": d.carriers[e.Connection].Name, "When": d.When(e.At, e.Precision)}
	says := d.T("tracking_page.proof", args)
	if e.Trust == fact.TrustClaimed {
		says = d.T("tracking_page.claim", args)
	}
	if place := d.where(e); place != "" {
		says = d.T("tracking_page.proof_place", map[string]any{"Proof": says, "Place": place})
	}
	out := []string{says + "."}
	if label := []rune(e.Label); len(label) > 0 {
		out = append(out, d.T("tracking_page.proof_words", map[string]any{"Words": string(label[:min(len(label), maxLabel)])}))
	}
	return out
}

// delivered is the event that decided that a parcel is in the shopper's hands.
func (d *lived) delivered(p orders.Parcel) (found tracking.Event, ok bool) {
	for _, e := range d.events {
		if e.Parcel == p.ID && e.Status == fact.Delivered && slices.Contains(d.stories[p.ID].Events, e.ID) {
			found, ok = e, true
		}
	}
	return found, ok
}

// where is in whose hands, and the carrier's name of the place.
func (d *lived) where(e tracking.Event) string {
	place := ""
	if e.Place != "" {
		place = d.Place(e.Place)
	}
	switch {
	case place == "":
		return e.Where
	case e.Where == "":
		return place
	default:
		return place + " (" + e.Where + ")"
	}
}

// plausible reports whether an event may be shown as having happened: carriers
// have sent the years 1970 and 2099.
func (d *lived) plausible(at civil.Instant) bool {
	const clocksDiffer = time.Hour
	d.changesAt(at.Add(-clocksDiffer))
	return at > d.order.Placed.Add(-30*24*time.Hour) && at <= d.Now.Add(clocksDiffer)
}
