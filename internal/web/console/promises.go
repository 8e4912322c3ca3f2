package console

import (
	"math"
	"time"

	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/remedy"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// promiseBox is one commitment with its verdicts.
type promiseBox struct {
	Title, Badge string
	Tone         ui.Tone
	Shown        string // the words at checkout
	Facts        []pair
	Verdicts     []verdictRow
}

// verdictRow is one verdict: the judgement, then its corrections.
type verdictRow struct{ When, Why string }

func (d *lived) promises() (boxes []promiseBox) {
	for _, c := range d.owed {
		box := promiseBox{Title: d.owes(c), Facts: d.terms(c)}
		if c.Delivers() {
			box.Shown = c.Shown
		}
		box.Tone, box.Badge = stateWords(d.Reading, c, len(promise.Standing(d.warnings[c.ID])) > 0)
		for _, v := range d.verdicts[c.ID] {
			box.Verdicts = append(box.Verdicts, d.verdict(c, v))
		}
		boxes = append(boxes, box)
	}
	return boxes
}

// owes is what a commitment is about.
func (d *lived) owes(c promise.Commitment) string {
	args := map[string]any{"Due": dueWords(d.Reading, c)}
	switch {
	case c.Owed == fact.Complete:
		return d.T("console.owes_complete", nil)
	case c.Owed == fact.DeliverInSlot:
		return d.T("console.owes_slot", args)
	case c.Collect:
		return d.T("console.owes_ready", args)
	default:
		return d.T("console.owes_delivery", args)
	}
}

// terms is what else is known of a commitment.
func (d *lived) terms(c promise.Commitment) (pairs []pair) {
	if c.Delivers() { // the other promise is made beside it, of the same offer
		pairs = append(pairs, pair{d.T("console.made", nil), d.When(c.Made, fact.Minute)}, pair{d.T("console.origin", nil), d.origin(c.Origin)})
	}
	if c.Delivers() && c.Confidence > 0 {
		pairs = append(pairs, pair{d.T("console.confidence", nil), d.share(c.Confidence)})
	}
	if !c.Contested.IsZero() {
		pairs = append(pairs, pair{d.T("claims.contested_since", nil), d.When(c.Contested, fact.Minute)})
	}
	for _, w := range d.warnings[c.ID] {
		pairs = append(pairs, pair{d.T("console.warned", nil), d.T("console.warned_of", map[string]any{
			"When": d.When(w.At, fact.Minute), "Cause": d.cause(w.Cause), "Share": d.share(w.Probability),
		})})
	}
	if !c.ToldAt.IsZero() {
		pairs = append(pairs, pair{d.T("console.told", nil), d.When(c.ToldAt, fact.Minute)})
	}
	return pairs
}

// share is a probability in words.
func (d *lived) share(p float64) string {
	return d.T("console.percent", map[string]any{"Number": int64(math.Round(100 * p))})
}

func (d *lived) origin(o promise.Origin) string {
	switch o {
	case promise.FromQuote:
		return d.T("console.origin_quote", nil)
	case promise.FromDesk:
		return d.T("console.origin_desk", nil)
	case promise.FromRule:
		return d.T("console.origin_rule", nil)
	default:
		return d.T("console.origin_law", nil)
	}
}

// verdict is one of a commitment's. A breach found before the deadline may have
// been told after it was written down, and still in time.
func (d *lived) verdict(c promise.Commitment, v promise.Verdict) verdictRow {
	v.Told = v.Told || c.Told()
	return verdictRow{When: d.When(v.At, fact.Minute), Why: d.ground(v)}
}

// ground says on what a verdict stands: the rule that decided, how late, who
// answers, and how far the evidence is trusted.
func (d *lived) ground(v promise.Verdict) string {
	why := groundWords(d.Reading, v.Reason)
	if v.State == fact.Broken {
		why = d.measured(why, v.Ruling)
		why = d.T("console.liable", map[string]any{"Why": why, "Who": party(d.Reading, v.Liable)})
		if v.Told {
			why = d.T("console.told_before", map[string]any{"Why": why})
		} else {
			why = d.T("console.not_told_before", map[string]any{"Why": why})
		}
	}
	if v.Sequence > 1 {
		why = d.T("console.corrects", map[string]any{"Why": why})
	}
	return why
}

// measured adds by how much it was missed.
func (d *lived) measured(why string, r promise.Ruling) string {
	switch {
	case r.MissingUnits > 0:
		return d.T("console.lacking", map[string]any{"Why": why, "Units": r.MissingUnits})
	case r.EarlyBy > 0:
		return d.T("console.early_by", map[string]any{"Why": why, "Early": d.Long(r.EarlyBy)})
	case r.LateBy >= time.Minute && r.LateKnown:
		return d.T("console.late_by", map[string]any{"Why": why, "Late": d.Long(r.LateBy)})
	case r.LateBy >= time.Minute:
		return d.T("console.late_at_least", map[string]any{"Why": why, "Late": d.Long(r.LateBy)})
	}
	return why
}

// groundWords is the rule that decided a verdict.
func groundWords(r ui.Reading, code string) string {
	key, ok := map[string]string{
		promise.InTime:         "console_ground.in_time",
		promise.Late:           "console_ground.late",
		promise.Early:          "console_ground.early",
		promise.AllThere:       "console_ground.all_there",
		promise.UnitsMissing:   "console_ground.units_missing",
		promise.NotArrived:     "console_ground.not_arrived",
		promise.NotDone:        "console_ground.not_done",
		promise.NotReceived:    "console_ground.not_received",
		promise.NothingOwed:    "console_ground.nothing_owed",
		promise.NotDelivered:   "console_ground.not_delivered",
		promise.NotPacked:      "console_ground.not_packed",
		promise.ParcelClosed:   "console_ground.parcel_closed",
		promise.Unprovable:     "console_ground.unprovable",
		promise.ShopperAct:     "console_ground.shopper_act",
		promise.OrderCancelled: "console_ground.order_cancelled",
		promise.Withdrawn:      "console_ground.withdrawn",
	}[code]
	if !ok {
		return code
	}
	return r.T(key, nil)
}

// party is who answers for something.
func party(r ui.Reading, p fact.Party) string {
	key, ok := map[fact.Party]string{
		fact.ByCarrier:    "console_party.carrier",
		fact.ByMerchant:   "console_party.merchant",
		fact.ByShopper:    "console_party.shopper",
		fact.ByCustoms:    "console_party.customs",
		fact.ByRelay:      "console_party.relay",
		fact.ForceMajeure: "console_party.force_majeure",
		fact.ByNobody:     "console_party.nobody",
	}[p]
	if !ok {
		key = "console_party.unknown"
	}
	return r.T(key, nil)
}

// cause is why a promise is in danger: a reason of the carrier's, a status, or
// one of our own.
func (d *lived) cause(code string) string { return causeWords(d.Reading, code) }

func causeWords(r ui.Reading, code string) string {
	switch code {
	case promise.NotHandedOver:
		return r.T("console.cause_not_handed_over", nil)
	case promise.Slow:
		return r.T("console.cause_slow", nil)
	}
	if _, is := fact.IncidentOf(code); is {
		return r.T("console.cause_incident", nil)
	}
	for _, s := range fact.Statuses {
		if string(s) == code {
			return r.Status(s)
		}
	}
	return r.Reason(fact.Reason(code))
}

// dispute is a contradiction between events.
func (d *lived) dispute(code string) string { return disputeWords(d.Reading, code) }

// remedyBox is what follows from one broken promise.
type remedyBox struct {
	Badge, Words string
	Tone         ui.Tone
	Lines        []pair
}

func (d *lived) repairs() (boxes []remedyBox) {
	for _, r := range d.remedies {
		box := remedyBox{}
		switch r.State {
		case remedy.Granted:
			box.Tone, box.Badge = ui.Good, d.T("console.remedy_granted", nil)
			box.Words = d.T("console.remedy_credit", map[string]any{"Amount": remedy.Total(r.Grants), "When": d.When(r.Decided, fact.Minute)})
		case remedy.Waiting:
			box.Tone, box.Badge = ui.Care, d.T("console.remedy_waiting", nil)
			box.Words = d.T("console.remedy_next", map[string]any{"When": d.When(r.Next, fact.Minute)})
		default:
			box.Tone, box.Badge = ui.Mute, d.T("console.remedy_refused", nil)
			box.Words = d.refusal(r.Reason)
		}
		for _, g := range r.Grants {
			box.Lines = append(box.Lines, pair{d.T("console.by_rule", map[string]any{"Rule": g.Rule}), lang.Amount(d.Locale, g.Amount)})
		}
		boxes = append(boxes, box)
	}
	return boxes
}

// refusal is why a broken promise gives nothing: a code of ours, or one that the
// shop's own policy gives.
func (d *lived) refusal(code string) string { return refusalWords(d.Reading, code) }

func refusalWords(r ui.Reading, code string) string {
	key, ok := map[string]string{
		remedy.NothingToGive: "console_refusal.nothing_to_give_back",
		remedy.CapReached:    "console_refusal.cap_reached",
		remedy.KeptAfterAll:  "console_refusal.kept_after_all",
		remedy.VoidAfterAll:  "console_refusal.void_after_all",
		remedy.NotCovered:    "console_refusal.not_covered",
		remedy.AnswersUnpaid: "console_refusal.answers_unpaid",
		"within_tolerance":   "console_refusal.within_tolerance", // of the shipped policy
		"shopper_liable":     "console_refusal.shopper_liable",
	}[code]
	if !ok {
		return r.T("console.refusal_other", map[string]any{"Code": code})
	}
	return r.T(key, nil)
}
