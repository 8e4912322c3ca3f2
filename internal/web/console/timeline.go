package console

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/tracking"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// moment is one thing that happened: what, when, who did it, and because of what.
type moment struct {
	at   civil.Instant
	ID   string // of the fact, for links to it; empty for a scan
	When string
	What string
	Who  string
	Why  string
	Link string // to the fact it follows from, when that is on the page
	Tone ui.Tone
}

// timeline merges facts and scans, the newest first: of one instant, what
// followed stands above what it followed from.
func (d *lived) timeline() []moment {
	var all []moment
	for _, e := range d.events {
		all = append(all, d.scan(e))
	}
	for _, f := range d.facts {
		all = append(all, d.happened(f))
	}
	slices.SortStableFunc(all, func(a, b moment) int { return cmp.Compare(a.at, b.at) })
	slices.Reverse(all)
	return all
}

// happened puts a fact into words, with who and why.
func (d *lived) happened(f flow.Fact) moment {
	tone, what := d.what(f.Body)
	m := moment{at: f.At, ID: string(f.ID), When: d.When(f.At, fact.Exact), What: what, Who: d.actor(f.Actor), Tone: tone}
	if cause, known := d.causes[f.Cause]; known {
		_, words := d.what(cause.Body)
		m.Why = words
		if cause.Subject == f.Subject {
			m.Link = "#" + string(cause.ID)
		}
	}
	return m
}

// late is from when on a report is said to have come late.
const late = time.Hour

// scan is an event of a carrier: our word for it, why or in whose hands, where,
// and how far it is trusted.
func (d *lived) scan(e tracking.Event) moment {
	m := moment{at: e.At, When: d.When(e.At, e.Precision), Tone: ui.StatusTone(e.Status), What: d.Status(e.Status)}
	switch {
	case e.Reason != "":
		m.What = d.T("console.because", map[string]any{"What": m.What, "Why": d.Reason(e.Reason)})
	case e.Place != "":
		m.What += ", " + d.Place(e.Place)
	}
	if e.Where != "" {
		m.What += " (" + e.Where + ")"
	}
	if len(d.parcels) > 1 {
		m.What += " – " + e.Number
	}
	m.Who = d.T("console.scan_by", map[string]any{"Who": d.carriers[e.Connection].Name, "Trust": d.trust(e.Trust)})
	if e.Received.Sub(e.At) > late {
		m.Why = d.T("console.heard_late", map[string]any{"Long": d.Long(e.Received.Sub(e.At))})
	}
	return m
}

func (d *lived) trust(t fact.Trust) string {
	switch t {
	case fact.TrustConfirmed:
		return d.T("console.trust_confirmed", nil)
	case fact.TrustSigned:
		return d.T("console.trust_signed", nil)
	default:
		return d.T("console.trust_claimed", nil)
	}
}

// staffBehind is which of the shop's people an actor is.
func staffBehind(a flow.Actor) (ident.Staff, bool) {
	id, is := strings.CutPrefix(string(a), "staff:")
	return ident.Staff(id), is
}

// actor is who caused a fact.
func (d *lived) actor(a flow.Actor) string {
	kind, id, _ := strings.Cut(string(a), ":")
	switch kind {
	case "staff":
		return cmp.Or(d.staff[ident.Staff(id)].Name, id)
	case "key":
		if label := d.keys[ident.Key(id)]; label != "" {
			return d.T("console.by_key", map[string]any{"Label": label})
		}
	}
	return actorWords(d.Reading, a)
}

// actorWords is who caused something, without a name.
func actorWords(r ui.Reading, a flow.Actor) string {
	kind, id, _ := strings.Cut(string(a), ":")
	key, ok := map[string]string{
		"key":                     "console.by_some_key",
		"shopper":                 "console.by_shopper",
		"link":                    "console.by_shopper",
		string(flow.System):       "console.by_promesse",
		string(flow.TheClock):     "console.by_clock",
		string(flow.Installation): "console.by_installation",
	}[kind]
	if !ok {
		return cmp.Or(id, kind)
	}
	return r.T(key, nil)
}
