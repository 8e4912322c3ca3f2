package shopper

import (
	"cmp"
	"slices"
	"strings"

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
			all = append(all, moment{at: e.At, When: d.When(e.At, e.Precision), What: d.scan(e), Tone: ui.StatusTone(e.Status)})
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
		args := map[string]any{"Carrier": d.carriers[b.Carrier].Name, "Number": b.Number}
		return moment{What: d.T("tracking_page.leg", args)}, true
	case fact.ParcelStalled:
		return moment{What: d.T("happened.stalled", nil), Tone: ui.Care}, true
	case fact.ParcelDisputed:
		return moment{What: d.T("happened.disputed", nil), Tone: ui.Care}, true
	case fact.CarrierAsked:
		return moment{What: d.T("tracking_page.carrier_asked", nil)}, true
	case fact.CarrierAnswered:
		return d.answered(b), true
	case fact.RemedyGranted:
		return moment{What: d.T("happened.repaired", map[string]any{"Amount": b.Amount}), Tone: ui.Good}, true
	case fact.RemedyRefused:
		return moment{What: d.T("happened.not_repaired", nil)}, true
	case fact.ReturnLost:
		return moment{What: d.T("happened.return_lost", nil), Tone: ui.Bad}, true
	case fact.Demanded:
		return moment{What: d.T("happened.demanded", map[string]any{"Due": d.Due(b.Until)}), Tone: ui.Care}, true
	case fact.Resolved:
		return moment{What: d.T("happened.resolved", nil)}, true
	case fact.MadeGood:
		return moment{What: d.T("happened.made_good", map[string]any{"Due": d.Due(b.RefundBy)}), Tone: ui.Good}, true
	case fact.MessageSent:
		return moment{What: d.T("happened.told", map[string]any{"Topic": d.Topic(b.Topic)})}, true
	case fact.MessageBounced:
		return moment{What: d.T("happened.bounced", nil), Tone: ui.Care}, true
	}
	if m, ok := d.wrote(f.Body); ok {
		return m, true
	}
	return d.owed(f.Body)
}

// answered says what became of a question to the carrier: no answer is not success.
func (d *lived) answered(b fact.CarrierAnswered) moment {
	if b.Answered {
		return moment{What: d.T("tracking_page.carrier_answered", nil)}
	}
	return moment{What: d.T("tracking_page.carrier_silent", nil), Tone: ui.Care}
}

// owed puts into words what became of promises, of slots and of what was in them.
func (d *lived) owed(body fact.Body) (moment, bool) {
	switch b := body.(type) {
	case fact.PromiseMade:
		return d.made(b)
	case fact.PromiseAmended:
		return moment{What: d.T("happened.amended", nil)}, b.Owed != fact.Complete
	case fact.PromiseReestimated:
		return moment{What: d.T("tracking_page.reestimated", map[string]any{"Due": d.Due(b.By)}), Tone: ui.Care}, true
	case fact.EarlyAsked:
		return moment{What: d.T("tracking_page.early_asked", map[string]any{"Clock": d.clock(b.At)})}, true
	case fact.EarlyAnswered:
		if b.Accepted {
			return moment{What: d.T("tracking_page.early_accepted", nil)}, true
		}
		return moment{What: d.T("tracking_page.early_refused", nil)}, true
	case fact.UnitsMissing:
		return d.lacked(b), true
	}
	if m, ok := d.changed(body); ok {
		return m, true
	}
	return d.judged(body)
}

// changed puts into words what became of changes to the delivery.
func (d *lived) changed(body fact.Body) (moment, bool) {
	args := func(c fact.Change) map[string]any { return map[string]any{"What": d.ChangeName(c.What)} }
	switch b := body.(type) {
	case fact.ChangeAsked:
		return moment{What: d.T("change.happened_asked", args(b.Change))}, true
	case fact.ChangeAccepted:
		return moment{What: d.T("change.happened_accepted", args(b.Change)), Tone: ui.Good}, true
	case fact.ChangeRefused:
		return moment{What: d.T("change.happened_refused", args(b.Change)), Tone: ui.Care}, true
	case fact.ChangeUnanswered:
		return moment{What: d.T("change.happened_unanswered", args(b.Change)), Tone: ui.Care}, true
	case fact.ChangeElsewhere:
		return moment{What: d.T("change.happened_elsewhere", nil)}, true
	case fact.ChangeAgreed:
		return moment{What: d.T("regroup.happened_agreed", nil)}, true
	case fact.ChangeUnkept:
		return moment{What: d.T("regroup.happened_unkept", nil), Tone: ui.Bad}, true
	case fact.Regrouped:
		return moment{What: d.T("regroup.happened_settled", map[string]any{"When": d.Due(b.Until)}), Tone: ui.Good}, true
	case fact.RegroupFallen:
		return moment{What: d.T("regroup.happened_fallen", nil), Tone: ui.Care}, true
	}
	return moment{}, false
}

// made tells what was promised; that all is there goes without saying.
func (d *lived) made(b fact.PromiseMade) (moment, bool) {
	for _, c := range d.commitments {
		if c.ID == b.Commitment && c.Delivers() {
			return moment{What: d.T("happened.promised", map[string]any{"Due": d.due(c)})}, true
		}
	}
	return moment{}, false
}

func (d *lived) lacked(b fact.UnitsMissing) moment {
	for _, s := range d.shortages {
		if s.ID == b.Shortage {
			return moment{What: strings.TrimSuffix(d.short(s), "."), Tone: ui.Care}
		}
	}
	return moment{What: d.T("tracking_page.badge_incomplete", nil), Tone: ui.Care}
}

// judged puts into words what became of promises. That an order is complete is
// told when it is not.
func (d *lived) judged(body fact.Body) (moment, bool) {
	switch b := body.(type) {
	case fact.PromiseAtRisk:
		return moment{What: d.T("happened.at_risk", nil), Tone: ui.Care}, true
	case fact.RiskLifted:
		return moment{What: d.T("happened.risk_lifted", nil), Tone: ui.Good}, true
	case fact.PromiseKept:
		return moment{What: d.T("happened.kept", nil), Tone: ui.Good}, b.Owed != fact.Complete && b.Owed != fact.AnswerBy
	case fact.PromiseBroken:
		return moment{What: d.unkept(b.Owed), Tone: ui.Bad}, true
	case fact.PromiseVoided:
		return moment{What: d.T("happened.voided", nil)}, b.Owed != fact.Complete && b.Owed != fact.AnswerBy
	case fact.PromiseCorrected:
		return d.corrected(b)
	}
	return moment{}, false
}

// unkept says which promise was not kept.
func (d *lived) unkept(o fact.Owed) string {
	switch o {
	case fact.Complete:
		return d.T("tracking_page.whole_broken", nil)
	case fact.AnswerBy:
		return d.T("happened.answer_broken", nil)
	}
	return d.T("happened.broken", nil)
}

// corrected tells of another verdict; one that only says better how late it was
// changes nothing for the shopper.
func (d *lived) corrected(b fact.PromiseCorrected) (moment, bool) {
	switch {
	case b.Was == b.Now || b.Owed == fact.AnswerBy || b.Owed == fact.Complete && b.Now != fact.Broken:
		return moment{}, false
	case b.Owed == fact.Complete:
		return moment{What: d.unkept(b.Owed), Tone: ui.Bad}, true
	case b.Now == fact.Kept:
		return moment{What: d.T("happened.corrected_kept", nil), Tone: ui.Good}, true
	case b.Now == fact.Broken:
		return moment{What: d.T("happened.corrected_broken", nil), Tone: ui.Bad}, true
	default:
		return moment{What: d.T("happened.corrected_void", nil)}, true
	}
}

// announced tells of a parcel, and of what is in it when that is not everything.
func (d *lived) announced(b fact.ParcelAnnounced) moment {
	args := map[string]any{"Number": b.Number}
	if b.Direction == fact.Back {
		return moment{What: d.T("happened.announced_return", args)}
	}
	what := d.T("happened.announced", args)
	if articles := d.list(d.contents[b.Parcel]); len(articles) > 0 && d.shared() {
		what = d.T("tracking_page.with", map[string]any{"What": what, "Articles": strings.Join(articles, ", ")})
	}
	return moment{What: what}
}

// scan is a carrier's event: our word for it, why or in whose hands, and where.
func (d *lived) scan(e tracking.Event) string {
	s := d.Status(e.Status)
	switch {
	case e.Reason != "":
		s = d.T("happened.because", map[string]any{"What": s, "Why": d.Reason(e.Reason)})
	case e.Place != "":
		s += ", " + d.Place(e.Place)
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
