package console

import (
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/tracking"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// what puts a fact into the shop's words. One that has none, because no page
// shows it yet, is named by its kind.
func (d *lived) what(b fact.Body) (ui.Tone, string) {
	return happened(at(d.Reading, promise.DeliveryOf(d.owed).Zone), b)
}

func happened(r ui.Reading, b fact.Body) (ui.Tone, string) {
	for _, tell := range []func(ui.Reading, fact.Body) (ui.Tone, string){ofOrder, ofParcel, ofPromise, ofVerdict, ofRemedy, ofMessage, ofSlot, ofReturn, ofRuling, ofMoney, ofCounter, ofTalk} {
		if tone, words := tell(r, b); words != "" {
			return tone, words
		}
	}
	return "", string(b.Kind())
}

func ofOrder(r ui.Reading, body fact.Body) (ui.Tone, string) {
	switch b := body.(type) {
	case fact.OrderPlaced:
		return "", r.T("console_happened.placed", map[string]any{"Value": b.Value})
	case fact.OrderCancelled:
		return ui.Mute, r.T("console_happened.cancelled", map[string]any{"Who": party(r, b.By)})
	case fact.ParcelShared:
		return "", r.T("console_happened.shared", nil)
	case fact.ParcelUnshared:
		return "", r.T("console_happened.unshared", nil)
	case fact.OrderErased:
		return ui.Mute, r.T("console_happened.erased", nil)
	case fact.ParcelAnnounced:
		args := map[string]any{"Number": b.Number}
		if b.Direction == fact.Back {
			return "", r.T("console_happened.announced_back", args)
		}
		return "", r.T("console_happened.announced", args)
	case fact.UnitsMissing:
		args := map[string]any{"Units": b.Units, "Who": party(r, b.By)}
		if b.Damaged {
			return ui.Care, r.T("console_happened.damaged", args)
		}
		return ui.Care, r.T("console_happened.missing", args)
	}
	return "", ""
}

func ofParcel(r ui.Reading, body fact.Body) (ui.Tone, string) {
	switch b := body.(type) {
	case fact.ParcelMoved:
		if b.Was == b.Now {
			return "", r.T("console_happened.moved_again", map[string]any{"Now": r.Status(b.Now)})
		}
		return "", r.T("console_happened.moved", map[string]any{"Was": r.Status(b.Was), "Now": r.Status(b.Now)})
	case fact.ParcelStalled:
		return ui.Care, r.T("console_happened.stalled", nil)
	case fact.ParcelDisputed:
		return ui.Care, r.T("console_happened.disputed", map[string]any{"What": disputeWords(r, b.What)})
	case fact.LegAdded:
		return "", r.T("console_happened.leg", map[string]any{"Number": b.Number})
	case fact.CarrierAsked:
		return "", r.T("console_happened.asked", nil)
	case fact.CarrierAnswered:
		return "", r.T("console_happened.answered", nil)
	}
	return "", ""
}

func ofPromise(r ui.Reading, body fact.Body) (ui.Tone, string) {
	switch b := body.(type) {
	case fact.PromiseMade:
		if b.Owed == fact.Complete {
			return "", r.T("console_happened.promised_complete", nil)
		}
		if b.Owed == fact.AnswerBy {
			return "", r.T("talk_happened.promised", map[string]any{"Due": r.Due(b.Until)})
		}
		return "", r.T("console_happened.promised", map[string]any{"Due": r.Due(b.Until)})
	case fact.PromiseAmended:
		return "", r.T("console_happened.amended", map[string]any{"Due": r.Due(b.NewUntil)})
	case fact.PromiseAtRisk:
		return ui.Care, r.T("console_happened.at_risk", map[string]any{"Cause": causeWords(r, b.Cause)})
	case fact.RiskLifted:
		return ui.Good, r.T("console_happened.risk_lifted", nil)
	case fact.PromiseTold:
		if b.Undone {
			return ui.Care, r.T("console_happened.untold", nil)
		}
		return ui.Good, r.T("console_happened.told", nil)
	case fact.PromiseReestimated:
		return "", r.T("console_happened.reestimated", map[string]any{"Due": r.Due(b.By)})
	}
	return "", ""
}

func ofVerdict(r ui.Reading, body fact.Body) (ui.Tone, string) {
	switch b := body.(type) {
	case fact.PromiseKept:
		return ui.Good, r.T("console_happened.kept", map[string]any{"Owed": owedWords(r, b.Owed)})
	case fact.PromiseBroken:
		return ui.Bad, r.T("console_happened.broken", map[string]any{"Owed": owedWords(r, b.Owed), "Why": groundWords(r, b.Reason)})
	case fact.PromiseVoided:
		return ui.Mute, r.T("console_happened.voided", map[string]any{"Owed": owedWords(r, b.Owed), "Why": groundWords(r, b.Reason)})
	case fact.PromiseCorrected:
		args := map[string]any{"Owed": owedWords(r, b.Owed), "Why": groundWords(r, b.Reason)}
		switch b.Now {
		case fact.Kept:
			return ui.Good, r.T("console_happened.corrected_kept", args)
		case fact.Broken:
			return ui.Bad, r.T("console_happened.corrected_broken", args)
		default:
			return ui.Mute, r.T("console_happened.corrected_void", args)
		}
	}
	return "", ""
}

func ofRemedy(r ui.Reading, body fact.Body) (ui.Tone, string) {
	switch b := body.(type) {
	case fact.RemedyGranted:
		return ui.Good, r.T("console_happened.granted", map[string]any{"Amount": b.Amount, "Rule": b.Rule})
	case fact.RemedyRefused:
		return "", r.T("console_happened.refused", map[string]any{"Why": refusalWords(r, b.Reason)})
	case fact.RemedyAwaited:
		return "", r.T("console_happened.awaited", map[string]any{"When": r.When(b.Until, fact.Minute)})
	}
	return "", ""
}

func ofMessage(r ui.Reading, body fact.Body) (ui.Tone, string) {
	switch b := body.(type) {
	case fact.MessageSent:
		return "", r.T("console_happened.sent", map[string]any{"Topic": r.Topic(b.Topic)})
	case fact.MessageFailed:
		return ui.Bad, r.T("console_happened.failed", map[string]any{"Topic": r.Topic(b.Topic)})
	case fact.MessageBounced:
		return ui.Bad, r.T("console_happened.bounced", map[string]any{"Topic": r.Topic(b.Topic)})
	}
	return "", ""
}

func ofSlot(r ui.Reading, body fact.Body) (ui.Tone, string) {
	switch b := body.(type) {
	case fact.SlotBooked:
		return "", r.T("console_happened.booked", map[string]any{
			"Day": r.Day(b.From.Day(r.Zone)), "From": lang.Clock(r.Locale, b.From.In(r.Zone)), "Until": lang.Clock(r.Locale, b.Until.In(r.Zone)),
		})
	case fact.SlotReleased:
		return "", r.T("console_happened.released", nil)
	case fact.EarlyAsked:
		return "", r.T("console_happened.early_asked", map[string]any{"When": r.When(b.At, fact.Minute)})
	case fact.EarlyAnswered:
		if b.Accepted {
			return "", r.T("console_happened.early_yes", nil)
		}
		return "", r.T("console_happened.early_no", nil)
	}
	return ofChange(r, body)
}

// ofChange puts into words what became of changes to a delivery.
func ofChange(r ui.Reading, body fact.Body) (ui.Tone, string) {
	switch b := body.(type) {
	case fact.ChangeAsked:
		return "", r.T("console_changes.asked", map[string]any{"What": r.ChangeName(b.What), "Until": r.When(b.AnswerBy, fact.Minute)})
	case fact.ChangeAccepted:
		return ui.Good, r.T("console_changes.accepted", map[string]any{"What": r.ChangeName(b.What)})
	case fact.ChangeRefused:
		return ui.Care, r.T("console_changes.refused", map[string]any{"What": r.ChangeName(b.What)})
	case fact.ChangeUnanswered:
		return ui.Care, r.T("console_changes.unanswered", map[string]any{"What": r.ChangeName(b.What)})
	case fact.ChangeElsewhere:
		return "", r.T("console_changes.elsewhere", nil)
	case fact.ChangeAgreed:
		return "", r.T("console_regroup.agreed", nil)
	case fact.ChangeUnkept:
		return ui.Bad, r.T("console_regroup.unkept", nil)
	case fact.Regrouped:
		when := map[string]any{"When": r.Due(b.Until)}
		if b.Point != "" {
			return ui.Good, r.T("console_regroup.settled_point", when)
		}
		return ui.Good, r.T("console_regroup.settled", when)
	case fact.RegroupFallen:
		return ui.Care, r.T("console_regroup.fallen", nil)
	}
	return "", ""
}

// owedWords is what a promise is about, in a word.
func owedWords(r ui.Reading, o fact.Owed) string {
	switch o {
	case fact.Complete:
		return r.T("console.owed_complete", nil)
	case fact.DeliverInSlot:
		return r.T("console.owed_slot", nil)
	case fact.BackBy:
		return r.T("console.owed_back", nil)
	case fact.RefundBy:
		return r.T("console.owed_refund", nil)
	case fact.AcknowledgeBy:
		return r.T("console.owed_acknowledge", nil)
	case fact.AnswerBy:
		return r.T("console.owed_answer", nil)
	default:
		return r.T("console.owed_delivery", nil)
	}
}

// disputeWords is a contradiction between a carrier's events.
func disputeWords(r ui.Reading, code string) string {
	key, ok := map[string]string{
		tracking.MovedAfterDelivery:   "console_dispute.moved_after_delivery",
		tracking.DeliveredTwice:       "console_dispute.delivered_twice",
		tracking.DeliveredAndClosed:   "console_dispute.delivered_and_closed",
		tracking.MovedAfterClosure:    "console_dispute.moved_after_closure",
		tracking.DeniedByShopper:      "console_dispute.denied_by_shopper",
		tracking.DistrustedCorrection: "console_dispute.distrusted_correction",
		tracking.ImplausibleTime:      "console_dispute.implausible_time",
		tracking.NumberTaken:          "console_dispute.number_taken",
	}[code]
	if !ok {
		return code
	}
	return r.T(key, nil)
}
