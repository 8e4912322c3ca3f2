package shopper

import (
	"cmp"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/tracking"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// moment is one thing that happened, in words.
type moment struct {
	at   civil.Instant
	When string
	What string
	Tone ui.Tone
}

// maxMoments bounds the page; the oldest ones are left out.
const maxMoments = 40

// timeline merges scans and facts, the newest first: of one instant, what
// followed stands above what it followed from.
func (d *lived) timeline() []moment {
	var all []moment
	for _, e := range d.events {
		if d.plausible(e.At) {
			all = append(all, moment{at: e.At, When: d.When(e.At, e.Precision), What: d.scan(e), Tone: toneOf(e.Status)})
		}
	}
	for _, f := range d.facts {
		if m, ok := d.told(f); ok {
			m.at, m.When = f.At, d.When(f.At, fact.Minute)
			all = append(all, m)
		}
	}
	slices.SortStableFunc(all, func(a, b moment) int { return cmp.Compare(a.at, b.at) })
	slices.Reverse(all)
	return all[:min(len(all), maxMoments)]
}

// told puts a fact into words; false for those that a shopper has no use for, or
// that scans tell better.
func (d *lived) told(f flow.Fact) (moment, bool) {
	switch b := f.Body.(type) {
	case fact.OrderPlaced:
		return moment{What: d.T("happened.placed", nil)}, true
	case fact.OrderCancelled:
		return moment{What: d.T("happened.cancelled", nil)}, true
	case fact.ParcelAnnounced:
		return d.announced(b), true
	case fact.LegAdded:
		return moment{What: d.T("happened.leg", map[string]any{"Number": b.Number})}, true
	case fact.ParcelStalled:
		return moment{What: d.T("happened.stalled", nil), Tone: ui.Care}, true
	case fact.ParcelDisputed:
		return moment{What: d.T("happened.disputed", nil), Tone: ui.Care}, true
	case fact.RemedyGranted:
		return moment{What: d.T("happened.repaired", map[string]any{"Amount": b.Amount}), Tone: ui.Good}, true
	case fact.RemedyRefused:
		return moment{What: d.T("happened.not_repaired", nil)}, true
	case fact.MessageSent:
		return moment{What: d.T("happened.told", map[string]any{"Topic": d.topic(b.Topic)})}, true
	case fact.MessageBounced:
		return moment{What: d.T("happened.bounced", nil), Tone: ui.Care}, true
	}
	return d.judged(f.Body)
}

// judged puts into words what became of promises.
func (d *lived) judged(body fact.Body) (moment, bool) {
	switch b := body.(type) {
	case fact.PromiseMade:
		return moment{What: d.T("happened.promised", map[string]any{"Due": d.Due(b.Until)})}, true
	case fact.PromiseAmended:
		return moment{What: d.T("happened.amended", nil)}, true
	case fact.PromiseAtRisk:
		return moment{What: d.T("happened.at_risk", nil), Tone: ui.Care}, true
	case fact.PromiseKept:
		return moment{What: d.T("happened.kept", nil), Tone: ui.Good}, true
	case fact.PromiseBroken:
		return moment{What: d.T("happened.broken", nil), Tone: ui.Bad}, true
	case fact.PromiseVoided:
		return moment{What: d.T("happened.voided", nil)}, true
	case fact.PromiseCorrected:
		return d.corrected(b)
	}
	return moment{}, false
}

// corrected tells of another verdict; one that only says better how late it was
// changes nothing for the shopper.
func (d *lived) corrected(b fact.PromiseCorrected) (moment, bool) {
	switch {
	case b.Was == b.Now:
		return moment{}, false
	case b.Now == fact.Kept:
		return moment{What: d.T("happened.corrected_kept", nil), Tone: ui.Good}, true
	case b.Now == fact.Broken:
		return moment{What: d.T("happened.corrected_broken", nil), Tone: ui.Bad}, true
	default:
		return moment{What: d.T("happened.corrected_void", nil)}, true
	}
}

func (d *lived) announced(b fact.ParcelAnnounced) moment {
	args := map[string]any{"Number": b.Number}
	if b.Direction == fact.Back {
		return moment{What: d.T("happened.announced_return", args)}
	}
	return moment{What: d.T("happened.announced", args)}
}

// scan is a carrier's event: our word for it, why or in whose hands, and where.
func (d *lived) scan(e tracking.Event) string {
	s := d.status(e.Status)
	switch {
	case e.Reason != "":
		s = d.T("happened.because", map[string]any{"What": s, "Why": d.reason(e.Reason)})
	case e.Place != "":
		s += ", " + d.place(e.Place)
	}
	if e.Where != "" {
		s += " (" + e.Where + ")"
	}
	if len(d.parcels) > 1 {
		s += " – " + d.number(e.Parcel)
	}
	return s
}

// number is by which the shopper tells parcels apart.
func (d *lived) number(id ident.Parcel) string {
	for _, p := range d.parcels {
		if p.ID == id {
			return p.Number
		}
	}
	return ""
}

func toneOf(s fact.Status) ui.Tone {
	switch s {
	case fact.Delivered, fact.ReadyForPickup:
		return ui.Good
	case fact.Exception, fact.FailedAttempt, fact.CustomsHeld, fact.Redirected, fact.Returning:
		return ui.Care
	case fact.Lost, fact.Returned, fact.Cancelled:
		return ui.Bad
	default:
		return ui.Calm
	}
}
