package shopper

import (
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	orders "github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/tracking"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// headline is the answer to the shopper's question.
type headline struct {
	Tone     ui.Tone
	Badge    string
	Sentence string   // "Arrive mardi 24 novembre"
	Window   string   // "avant la fin de la journée", "entre 14:00 et 16:00"; may be empty
	Texts    []string // what it means, and what became of it
	Shown    string   // the words at checkout; may be empty
	Repaired []string // what was given for what was not kept
}

// headline says where the promise stands.
func (d *lived) headline() headline {
	c := d.delivery
	if d.order.State == orders.Cancelled && c.State != fact.Broken {
		return headline{
			Tone: ui.Mute, Badge: d.T("order_page.badge_cancelled", nil), Sentence: d.T("order_page.cancelled", nil),
			Texts: []string{d.T("order_page.cancelled_text", nil), d.T("tracking_page.cancelled_paid", map[string]any{"Shop": d.brand.Shown})},
		}
	}
	var h headline
	switch c.State {
	case fact.Kept:
		h = d.kept(c)
	case fact.Broken:
		h = d.broken(c)
	case fact.Void:
		h = d.void(c)
	default:
		h = d.open(c)
	}
	if d.whole.State == fact.Broken {
		d.lacking(&h, c)
	}
	d.doubt(&h)
	if before, ok := d.predecessor(c); ok {
		h.Texts = append(h.Texts, d.T("order_page.chosen", map[string]any{"Due": d.due(before)}))
	}
	if c.Shown != "" {
		h.Shown = d.T("tracking_page.shown", map[string]any{"Words": c.Shown})
	}
	d.repair(&h)
	return h
}

// predecessor is the promise that the shopper gave up for this one.
func (d *lived) predecessor(c promise.Commitment) (promise.Commitment, bool) {
	for _, b := range d.commitments {
		if b.ID == c.Predecessor && c.Predecessor != "" {
			return b, true
		}
	}
	return promise.Commitment{}, false
}

// due is what was promised, in words: "mardi 24 novembre", "mardi 24 novembre
// entre 14:00 et 16:00".
func (d *lived) due(c promise.Commitment) string {
	if c.Owed == fact.DeliverInSlot {
		return lang.Slot(d.Locale, c.From.In(d.Zone), c.Until.In(d.Zone))
	}
	return d.Due(c.Until)
}

// open is a promise that nobody has judged yet.
func (d *lived) open(c promise.Commitment) headline {
	d.changesAt(c.Until)
	due := map[string]any{"Due": d.due(c)}
	switch {
	case d.Now >= c.Until:
		return headline{
			Tone: ui.Care, Badge: d.T("order_page.badge_due", nil), Sentence: d.T("order_page.was_due", due),
			Texts: append([]string{d.T("order_page.due_text", nil)}, d.expected()...),
		}
	case len(d.warnings) > 0:
		return headline{
			Tone: ui.Care, Badge: d.T("order_page.badge_risk", nil), Sentence: d.T("order_page.promised_for", due),
			Texts: append(d.risk(), d.expected()...),
		}
	default:
		return d.well(c)
	}
}

// expected is when those who carry the order say that it will come, as they said
// last.
func (d *lived) expected() []string {
	var last civil.Instant
	for _, p := range d.outgoing() {
		if s := d.stories[p.ID]; !tracking.Final(s.Status) {
			last = max(last, s.Expected)
		}
	}
	if last <= d.Now {
		return nil
	}
	d.changesAt(last)
	return []string{d.T("tracking_page.expected", map[string]any{"When": d.When(last, fact.Minute)})}
}

// risk says why, and the day that a person looked up, when one did.
func (d *lived) risk() []string {
	texts := d.worries()
	for i := len(d.facts) - 1; i >= 0; i-- {
		if b, ok := d.facts[i].Body.(fact.PromiseReestimated); ok && b.Commitment == d.delivery.ID {
			return append(texts, d.T("tracking_page.new_date", map[string]any{"Due": d.Due(b.By)}))
		}
	}
	return texts
}

// worries are the incidents behind the danger, or what else it is.
func (d *lived) worries() (texts []string) {
	for _, w := range d.warnings {
		i, is := d.incidents[w.Cause]
		if !is {
			continue
		}
		texts = append(texts, i.Says(d.Locale))
		if words := i.Announced(d.Locale); words != "" {
			texts = append(texts, d.T("incident.shop_says", map[string]any{"Shop": d.brand.Shown, "Words": words}))
		}
	}
	switch {
	case len(texts) > 0:
		return append(texts, d.T("order_page.risk_incident", nil))
	case d.warnings[len(d.warnings)-1].Cause == promise.NotHandedOver:
		return []string{d.T("order_page.risk_not_left", nil)}
	default:
		return []string{d.T("order_page.risk_text", nil)}
	}
}

// well is a promise on its way to be kept.
func (d *lived) well(c promise.Commitment) headline {
	h := headline{Tone: ui.Calm, Badge: d.T("order_page.badge_open", nil)}
	if !d.asked() {
		h.Texts = []string{d.T("order_page.open_text", nil)}
	}
	day, whole := d.Deadline(c.Until)
	args := map[string]any{"Day": d.Day(day)}
	h.Window = d.T("order_page.end_of_day", nil)
	if !whole {
		h.Window = d.T("order_page.before", map[string]any{"Clock": d.clock(c.Until)})
	}
	switch {
	case c.Origin == promise.FromLaw:
		h.Sentence, h.Window = d.T("order_page.arrives_by_law", args), ""
	case c.Owed == fact.DeliverInSlot:
		h.Sentence = d.T("order_page.arrives", args)
		h.Window = d.T("tracking_page.between", map[string]any{"From": d.clock(c.From), "Until": d.clock(c.Until)})
		if !c.Consented.IsZero() {
			h.Texts = append(h.Texts, d.T("tracking_page.consented", map[string]any{"Clock": d.clock(c.Consented)}))
		}
	case c.Collect:
		h.Sentence = d.T("order_page.collect", args)
	default:
		h.Sentence = d.T("order_page.arrives", args)
	}
	return h
}

// clock is the time of day of an instant, at the destination.
func (d *lived) clock(at civil.Instant) string { return lang.Clock(d.Locale, at.In(d.Zone)) }

func (d *lived) kept(c promise.Commitment) headline {
	return headline{
		Tone: ui.Good, Badge: d.T("order_page.badge_kept", nil), Sentence: d.arrival(c),
		Texts: append(d.toCollect(), d.T("order_page.kept_text", map[string]any{"Due": d.due(c)})),
	}
}

// broken says so, and how late or early it is when that is known.
func (d *lived) broken(c promise.Commitment) headline {
	h := headline{Tone: ui.Bad, Badge: d.T("order_page.badge_broken", nil), Sentence: d.arrival(c)}
	args := map[string]any{"Due": d.due(c), "Late": c.Last.LateBy, "Early": c.Last.EarlyBy}
	switch {
	case c.Last.Reason == promise.Early:
		h.Texts = []string{d.T("tracking_page.early_by", args)}
	case !c.Last.LateKnown:
		h.Texts = []string{d.T("order_page.missing", args)}
	case c.Last.LateBy >= time.Minute:
		h.Texts = []string{d.T("order_page.late_by", args)}
	default:
		h.Texts = []string{d.T("order_page.late_day", args)}
	}
	h.Texts = append(h.Texts, d.toCollect()...)
	return h
}

// lacking adds that not all of it comes, or came whole.
func (d *lived) lacking(h *headline, c promise.Commitment) {
	h.Badge = d.T("tracking_page.badge_incomplete", nil)
	if c.State == fact.Kept || c.State == fact.Broken {
		h.Tone = ui.Bad
	} else {
		h.Tone = ui.Care
	}
	h.Texts = append(h.Texts, d.lack())
}

func (d *lived) void(c promise.Commitment) headline {
	h := headline{Tone: ui.Mute, Badge: d.T("order_page.badge_void", nil), Sentence: d.arrival(c)}
	switch c.Last.Reason {
	case promise.Unprovable:
		h.Texts = []string{d.T("order_page.void_unprovable", nil)}
	case promise.ShopperAct:
		h.Texts = []string{d.T("order_page.void_shopper", nil)}
	case promise.Withdrawn:
		h.Badge, h.Sentence = d.T("order_page.badge_cancelled", nil), d.T("change.void_title", nil)
		h.Texts = []string{d.T("change.void_text", map[string]any{"Shop": d.brand.Shown})}
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
	for _, p := range d.outgoing() {
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
	if d.waits() {
		return []string{d.T("order_page.go_and_collect", nil)}
	}
	return nil
}

// waits reports whether a parcel waits at a point for the shopper.
func (d *lived) waits() bool {
	for _, p := range d.outgoing() {
		if d.stories[p.ID].Status == fact.ReadyForPickup {
			return true
		}
	}
	return false
}
