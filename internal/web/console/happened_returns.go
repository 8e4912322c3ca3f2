package console

import (
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// returnOf is which return a fact is about; empty for any other fact.
func returnOf(body fact.Body) ident.Return {
	switch b := body.(type) {
	case fact.ReturnRequested:
		return b.Return
	case fact.ReturnHeld:
		return b.Return
	case fact.ReturnAccepted:
		return b.Return
	case fact.ReturnLabelled:
		return b.Return
	case fact.ReturnDeposited:
		return b.Return
	case fact.PickupSet:
		return b.Return
	case fact.PickupMissed:
		return b.Return
	case fact.ReturnReceived:
		return b.Return
	case fact.ReturnLost:
		return b.Return
	case fact.ReturnDecided:
		return b.Return
	case fact.ReturnCancelled:
		return b.Return
	case fact.ReturnExpiring:
		return b.Return
	case fact.ReturnExpired:
		return b.Return
	case fact.ReturnClosed:
		return b.Return
	case fact.ReturnContested:
		return b.Return
	case fact.DisputeSettled:
		return b.Return
	case fact.UpliftBooked:
		return b.Return
	case fact.Withdrawn:
		return b.Return
	case fact.Resolved:
		return b.Return
	case fact.MadeGood:
		return b.Return
	}
	return refundOf(body)
}

// refundOf is which return a fact about money is about.
func refundOf(body fact.Body) ident.Return {
	switch b := body.(type) {
	case fact.RefundOrdered:
		return b.Return
	case fact.Refunded:
		return b.Return
	case fact.RefundStuck:
		return b.Return
	case fact.RefundMissed:
		return b.Return
	case fact.CreditGiven:
		return b.Return
	}
	return ""
}

// ofReturn puts what happens to a return until it is back into words.
func ofReturn(r ui.Reading, body fact.Body) (ui.Tone, string) {
	switch b := body.(type) {
	case fact.ReturnRequested:
		return "", r.T("returns_happened.requested", map[string]any{"Value": b.Value, "Route": routeWords(r, b.Route)})
	case fact.ReturnHeld:
		return ui.Care, r.T("returns_happened.held", nil)
	case fact.ReturnAccepted:
		if b.By == fact.ByMerchant {
			return "", r.T("returns_happened.accepted_by_us", nil)
		}
		return "", r.T("returns_happened.accepted", nil)
	case fact.ReturnLabelled:
		return "", r.T("returns_happened.labelled", nil)
	case fact.ReturnDeposited:
		return "", r.T("returns_happened.deposited", map[string]any{"When": r.When(b.At, fact.Minute)})
	case fact.PickupSet:
		return "", r.T("returns_happened.pickup_set", map[string]any{"Day": r.When(b.From, fact.ADay)})
	case fact.PickupMissed:
		return ui.Bad, r.T("returns_happened.pickup_missed", nil)
	case fact.ReturnReceived:
		return "", r.T("returns_happened.received", map[string]any{"Due": r.Due(b.RefundBy)})
	case fact.ReturnLost:
		return ui.Bad, r.T("returns_happened.lost", map[string]any{"Due": r.Due(b.RefundBy)})
	case fact.ReturnCancelled:
		return ui.Mute, r.T("returns_happened.cancelled", map[string]any{"Who": party(r, b.By)})
	case fact.ReturnExpiring:
		return ui.Care, r.T("returns_happened.expiring", map[string]any{"Due": r.Due(b.DepositBy)})
	case fact.ReturnExpired:
		return ui.Mute, r.T("returns_happened.expired", nil)
	case fact.ReturnClosed:
		return ui.Good, r.T("returns_happened.closed", nil)
	case fact.Demanded:
		return ui.Bad, r.T("returns_happened.demanded", map[string]any{"Due": r.Due(b.Until)})
	case fact.Resolvable:
		if b.Declined {
			return ui.Bad, r.T("returns_happened.delivery_declined", nil)
		}
		return ui.Bad, r.T("returns_happened.resolvable", nil)
	case fact.Resolved:
		return ui.Bad, r.T("returns_happened.resolved", map[string]any{"Value": b.Value, "Due": r.Due(b.RefundBy)})
	case fact.MadeGood:
		return ui.Care, r.T("returns_happened.made_good", map[string]any{"Value": b.Value, "Due": r.Due(b.RefundBy)})
	case fact.Withdrawn:
		return ui.Care, r.T("returns_happened.withdrawn", map[string]any{"Due": r.Due(b.RefundBy)})
	}
	return "", ""
}

// ofRuling puts what was decided about a return into words.
func ofRuling(r ui.Reading, body fact.Body) (ui.Tone, string) {
	switch b := body.(type) {
	case fact.ReturnDecided:
		args := map[string]any{"Amount": b.Amount}
		switch b.Outcome {
		case fact.InFull:
			return ui.Good, r.T("returns_happened.decided_full", args)
		case fact.InPart:
			return ui.Care, r.T("returns_happened.decided_part", args)
		}
		return ui.Bad, r.T("returns_happened.decided_refused", nil)
	case fact.ReturnContested:
		return ui.Care, r.T("returns_happened.contested", map[string]any{"Due": r.Due(b.AnswerBy)})
	case fact.DisputeSettled:
		if b.Upheld {
			return "", r.T("returns_happened.upheld", nil)
		}
		return "", r.T("returns_happened.rejected", nil)
	case fact.UpliftBooked:
		return ui.Bad, r.T("returns_happened.uplift", map[string]any{"Amount": b.Amount})
	}
	return "", ""
}

// ofCounter puts what happens to a parcel at a relay point or a store into words.
func ofCounter(r ui.Reading, body fact.Body) (ui.Tone, string) {
	switch body.(type) {
	case fact.ParcelHeld:
		return "", r.T("counter_happened.held", nil)
	case fact.ParcelLocked:
		return ui.Care, r.T("counter_happened.locked", nil)
	case fact.ParcelHandedOver:
		return ui.Good, r.T("counter_happened.handed_over", nil)
	}
	return "", ""
}

// ofMoney puts what happens to a refund into words.
func ofMoney(r ui.Reading, body fact.Body) (ui.Tone, string) {
	switch b := body.(type) {
	case fact.RefundOrdered:
		return "", r.T("returns_happened.refund_ordered", map[string]any{"Amount": b.Amount})
	case fact.Refunded:
		return ui.Good, r.T("returns_happened.refunded", map[string]any{"Amount": b.Amount, "Day": r.Day(b.ArrivesBy)})
	case fact.RefundStuck:
		return ui.Bad, r.T("returns_happened.refund_stuck", map[string]any{"Why": stuckWords(r, b.Why)})
	case fact.RefundMissed:
		return ui.Care, r.T("returns_happened.refund_missed", map[string]any{"Amount": b.Amount})
	case fact.CreditGiven:
		return ui.Good, r.T("returns_happened.credit_given", map[string]any{"Amount": b.Amount})
	case fact.CreditSpent:
		return "", r.T("returns_happened.credit_spent", map[string]any{"Amount": b.Amount})
	}
	return "", ""
}
