package shopper

import (
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	orders "github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/remedy"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// headline is the answer to the shopper's question.
type headline struct {
	Tone     ui.Tone
	Badge    string
	Sentence string   // "Arrive mardi 24 novembre"
	Window   string   // "avant la fin de la journée"; may be empty
	Texts    []string // what it means, and what there is to do
	Repaired string   // what was given for it; may be empty
}

// headline says where the promise stands.
func (d *lived) headline() headline {
	c := d.current()
	h := headline{Tone: ui.Mute, Badge: d.T("order_page.badge_cancelled", nil), Sentence: d.T("order_page.cancelled", nil)}
	switch {
	case d.order.State == orders.Cancelled && c.State != fact.Broken:
		h.Texts = []string{d.T("order_page.cancelled_text", nil)}
		return h
	case c.State == fact.Kept:
		h = d.kept(c)
	case c.State == fact.Broken:
		h = d.broken(c)
	case c.State == fact.Void:
		h = d.void(c)
	default:
		h = d.open(c)
	}
	if before, ok := d.predecessor(c); ok {
		h.Texts = append(h.Texts, d.T("order_page.chosen", map[string]any{"Due": d.Due(before.Until)}))
	}
	return h
}

func (d *lived) predecessor(c promise.Commitment) (promise.Commitment, bool) {
	for _, b := range d.commitments {
		if b.ID == c.Predecessor && c.Predecessor != "" {
			return b, true
		}
	}
	return promise.Commitment{}, false
}

// open is a promise that nobody has judged yet.
func (d *lived) open(c promise.Commitment) headline {
	due := map[string]any{"Due": d.Due(c.Until)}
	switch {
	case d.Now >= c.Until:
		return headline{
			Tone: ui.Care, Badge: d.T("order_page.badge_due", nil), Sentence: d.T("order_page.was_due", due),
			Texts: []string{d.T("order_page.due_text", nil)},
		}
	case len(d.warnings) > 0:
		text := d.T("order_page.risk_text", nil)
		if d.warnings[len(d.warnings)-1].Cause == promise.NotHandedOver {
			text = d.T("order_page.risk_not_left", nil)
		}
		return headline{
			Tone: ui.Care, Badge: d.T("order_page.badge_risk", nil), Sentence: d.T("order_page.promised_for", due), Texts: []string{text},
		}
	}
	day, whole := d.Deadline(c.Until)
	h := headline{Tone: ui.Calm, Badge: d.T("order_page.badge_open", nil), Texts: []string{d.T("order_page.open_text", nil)}}
	args := map[string]any{"Day": d.Day(day)}
	h.Window = d.T("order_page.end_of_day", nil)
	if !whole {
		h.Window = d.T("order_page.before", map[string]any{"Clock": lang.Clock(d.Locale, c.Until.In(d.Zone))})
	}
	switch {
	case c.Origin == promise.FromLaw:
		h.Sentence, h.Window = d.T("order_page.arrives_by_law", args), ""
	case c.Collect:
		h.Sentence = d.T("order_page.collect", args)
	default:
		h.Sentence = d.T("order_page.arrives", args)
	}
	return h
}

func (d *lived) kept(c promise.Commitment) headline {
	return headline{
		Tone: ui.Good, Badge: d.T("order_page.badge_kept", nil), Sentence: d.arrival(c),
		Texts: append(d.toCollect(), d.T("order_page.kept_text", map[string]any{"Due": d.Due(c.Until)})),
	}
}

// broken says so, how late it is when that is known, and what was done about it.
func (d *lived) broken(c promise.Commitment) headline {
	h := headline{Tone: ui.Bad, Badge: d.T("order_page.badge_broken", nil), Sentence: d.arrival(c)}
	args := map[string]any{"Due": d.Due(c.Until), "Late": d.Long(c.Last.LateBy)}
	switch {
	case !c.Last.LateKnown:
		h.Texts = []string{d.T("order_page.missing", args)}
	case c.Last.LateBy >= time.Minute:
		h.Texts = []string{d.T("order_page.late_by", args)}
	default:
		h.Texts = []string{d.T("order_page.late_day", args)}
	}
	h.Texts = append(h.Texts, d.toCollect()...)
	repaired, text := d.repair(c)
	if h.Repaired = repaired; text != "" {
		h.Texts = append(h.Texts, text)
	}
	return h
}

// repair is what was given for a broken promise, or where that stands.
func (d *lived) repair(c promise.Commitment) (given, text string) {
	args := map[string]any{"Shop": d.shop.Name}
	for _, r := range d.remedies {
		if r.Commitment != c.ID {
			continue
		}
		switch r.State {
		case remedy.Granted:
			args["Amount"] = remedy.Total(r.Grants)
			for _, g := range r.Grants {
				if g.Kind != remedy.Delivery {
					return d.T("order_page.repaired", args), ""
				}
			}
			return d.T("order_page.repaired_delivery", args), ""
		case remedy.Waiting:
			return "", d.T("order_page.repair_waiting", nil)
		case remedy.Refused:
			return "", d.T("order_page.repair_refused", args)
		}
	}
	return "", ""
}

func (d *lived) void(c promise.Commitment) headline {
	h := headline{Tone: ui.Mute, Badge: d.T("order_page.badge_void", nil), Sentence: d.arrival(c)}
	switch c.Last.Reason {
	case promise.Unprovable:
		h.Texts = []string{d.T("order_page.void_unprovable", nil)}
	case promise.ShopperAct:
		h.Texts = []string{d.T("order_page.void_shopper", nil)}
	default:
		h.Texts = []string{d.T("order_page.void_other", nil)}
	}
	return h
}

// arrival is when the order came, as far as that is known: when its last parcel
// did.
func (d *lived) arrival(c promise.Commitment) string {
	var last fact.Span
	ready, all, gone := false, true, false
	for _, p := range d.parcels {
		if p.Direction != fact.Out {
			continue
		}
		clocks := d.stories[p.ID].Clocks
		at, waits := clocks.InHand, false
		if !at.Known() && c.Collect {
			at, waits = clocks.Ready, true
		}
		gone = gone || clocks.Closed.Known()
		all = all && at.Known()
		if at.Known() && at.From >= last.From {
			last, ready = at, waits
		}
	}
	switch {
	case gone:
		return d.T("order_page.never", nil)
	case !all || !last.Known():
		return d.T("order_page.not_yet", nil)
	case ready:
		return d.T("order_page.ready_since", map[string]any{"When": d.Span(last)})
	default:
		return d.T("order_page.delivered", map[string]any{"When": d.Span(last)})
	}
}

// toCollect reminds of a parcel that waits for the shopper.
func (d *lived) toCollect() []string {
	for _, p := range d.parcels {
		if p.Direction == fact.Out && d.stories[p.ID].Status == fact.ReadyForPickup {
			return []string{d.T("order_page.go_and_collect", nil)}
		}
	}
	return nil
}

// silence is after how long without news we say that the carrier is silent.
const silence = 36 * time.Hour

// news is how old what we know of a parcel is.
func (d *lived) news(p orders.Parcel) string {
	s := d.stories[p.ID]
	if !s.LastScan.IsZero() {
		args := map[string]any{"Ago": d.Long(d.Now.Sub(s.LastScan)), "When": d.When(s.LastScan, fact.Minute)}
		switch {
		case s.Status == fact.Delivered || s.Clocks.Closed.Known():
			return ""
		case d.Now.Sub(s.LastScan) >= silence && s.Status != fact.ReadyForPickup:
			return d.T("order_page.silent", args)
		default:
			return d.T("order_page.last_scan", args)
		}
	}
	return d.T("order_page.no_scan", nil)
}

// plausible reports whether an event may be shown as having happened: carriers
// have sent the years 1970 and 2099.
func (d *lived) plausible(at civil.Instant) bool {
	return at > d.order.Placed.Add(-30*24*time.Hour) && at <= d.Now.Add(time.Hour)
}
