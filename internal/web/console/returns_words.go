package console

import (
	"cmp"
	"strings"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// worded is the sentence of a word of a list; a word nobody knows is shown as it
// can be read.
func worded(r ui.Reading, keys map[string]string, word string) string {
	if key, ok := keys[word]; ok {
		return r.T(key, nil)
	}
	return strings.ReplaceAll(word, "_", " ")
}

func returnBadge(r ui.Reading, s returns.State) string {
	return worded(r, map[string]string{
		string(returns.Held):      "returns_desk.state_held",
		string(returns.Accepted):  "returns_desk.state_accepted",
		string(returns.Ready):     "returns_desk.state_ready",
		string(returns.Deposited): "returns_desk.state_deposited",
		string(returns.Received):  "returns_desk.state_received",
		string(returns.Decided):   "returns_desk.state_decided",
		string(returns.Closed):    "returns_desk.state_closed",
		string(returns.Cancelled): "returns_desk.state_cancelled",
		string(returns.Expired):   "returns_desk.state_expired",
		string(returns.Lost):      "returns_desk.state_lost",
	}, string(s))
}

// returnTone is how urgent a return is for the shop.
func returnTone(r returns.Return, now civil.Instant) ui.Tone {
	switch {
	case overdue(r, now), r.State == returns.Lost:
		return ui.Bad
	case r.Works():
		return ui.Care
	case r.State == returns.Decided, r.State == returns.Closed:
		return ui.Good
	case r.State == returns.Cancelled, r.State == returns.Expired:
		return ui.Mute
	}
	return ui.Calm
}

// overdue reports whether the refund of a return was due, and nobody has decided.
func overdue(r returns.Return, now civil.Instant) bool {
	open := r.State == returns.Deposited || r.State == returns.Received || r.State == returns.Lost
	return open && r.RefundBy != 0 && r.RefundBy <= now
}

// nextOf is what is due next about a return, and by when.
func nextOf(rd ui.Reading, r returns.Return) string {
	rd = at(rd, r.Zone)
	args := map[string]any{"Due": rd.Due(cmp.Or(r.Due(), rd.Now))}
	switch {
	case overdue(r, rd.Now):
		return rd.T("returns_desk.next_overdue", map[string]any{"Due": rd.Due(r.RefundBy), "Late": rd.Long(rd.Now.Sub(r.RefundBy))})
	case r.State == returns.Held:
		return rd.T("returns_desk.next_held", args)
	case r.State == returns.Accepted && r.Ground == fact.ByResolution:
		return rd.T("returns_desk.next_resolved", map[string]any{"Due": rd.Due(r.RefundBy)})
	case r.State == returns.Accepted && r.Ground == fact.ByClaim:
		return rd.T("returns_desk.next_claimed", map[string]any{"Due": rd.Due(r.RefundBy)})
	case r.State == returns.Accepted && r.Route == fact.BackNotNeeded:
		return rd.T("returns_desk.next_keep", nil)
	case r.State == returns.Accepted && r.Route == fact.BackRecalled:
		return rd.T("returns_desk.next_recalled", map[string]any{"Due": rd.Due(r.RefundBy)})
	case (r.State == returns.Accepted || r.State == returns.Ready) && r.Ground == fact.ByWithdrawal:
		return rd.T("returns_desk.next_withdrawn", map[string]any{"Due": rd.Due(cmp.Or(r.DepositBy, rd.Now))})
	case r.State == returns.Accepted, r.State == returns.Ready:
		return rd.T("returns_desk.next_ready", map[string]any{"Due": rd.Due(cmp.Or(r.DepositBy, rd.Now))})
	case r.State == returns.Deposited && r.RefundBy != 0:
		return rd.T("returns_desk.next_deposited_legal", map[string]any{"Due": rd.Due(r.ReceiveBy), "Refund": rd.Due(r.RefundBy)})
	case r.State == returns.Deposited:
		return rd.T("returns_desk.next_deposited", map[string]any{"Due": rd.Due(cmp.Or(r.ReceiveBy, rd.Now))})
	case r.State == returns.Received && r.RefundBy < r.ProcessBy:
		return rd.T("returns_desk.next_received_legal", map[string]any{"Due": rd.Due(r.RefundBy), "Own": rd.Due(r.ProcessBy)})
	case r.State == returns.Received:
		return rd.T("returns_desk.next_received", args)
	case r.State == returns.Lost:
		return rd.T("returns_desk.next_lost", args)
	case r.State == returns.Decided && r.ContestBy > rd.Now:
		return rd.T("returns_desk.next_decided", map[string]any{"Due": rd.Due(r.ContestBy)})
	}
	return ""
}

func routeWords(r ui.Reading, route fact.Route) string {
	return worded(r, map[string]string{
		string(fact.BackByRelay):   "returns_desk.route_relay",
		string(fact.BackByPost):    "returns_desk.route_post",
		string(fact.BackToStore):   "returns_desk.route_store",
		string(fact.BackByPickup):  "returns_desk.route_pickup",
		string(fact.BackNotNeeded): "returns_desk.route_keep",
		string(fact.BackOnTheirs):  "returns_desk.route_own_way",
		string(fact.BackRecalled):  "returns_desk.route_recalled",
	}, string(route))
}

func groundOf(r ui.Reading, g fact.Ground) string {
	return worded(r, map[string]string{
		string(fact.ByPolicy):     "returns_desk.ground_policy",
		string(fact.ByWithdrawal): "returns_desk.ground_withdrawal",
		string(fact.ByConformity): "returns_desk.ground_conformity",
		string(fact.ByResolution): "returns_desk.ground_resolution",
		string(fact.ByClaim):      "returns_desk.ground_claim",
	}, string(g))
}

func settlementWords(r ui.Reading, s fact.Settlement) string {
	return worded(r, map[string]string{
		string(fact.Refund):   "returns_desk.settle_refund",
		string(fact.Credit):   "returns_desk.settle_credit",
		string(fact.Exchange): "returns_desk.settle_exchange",
	}, string(s))
}

// reasonOf is why a shopper sends something back: the shop's own words, or those
// of the taxon.
func reasonOf(r ui.Reading, c returns.Conditions, i returns.Item) string {
	for _, reason := range c.Reasons {
		own := reason.Words.French
		if r.Locale == lang.English {
			own = reason.Words.English
		}
		if reason.Code == i.Reason && own != "" {
			return own
		}
	}
	return taxonWords(r, i.Taxon)
}

func taxonWords(r ui.Reading, t returns.Taxon) string {
	return worded(r, map[string]string{
		string(returns.Damaged):      "returns_desk.reason_damaged",
		string(returns.Defective):    "returns_desk.reason_defective",
		string(returns.NotAsOrdered): "returns_desk.reason_not_as_ordered",
		string(returns.NotDescribed): "returns_desk.reason_not_as_described",
		string(returns.PartsMissing): "returns_desk.reason_parts_missing",
		string(returns.ArrivedLate):  "returns_desk.reason_arrived_late",
		string(returns.NoLonger):     "returns_desk.reason_no_longer_needed",
		string(returns.WrongSize):    "returns_desk.reason_wrong_size",
		string(returns.ByMistake):    "returns_desk.reason_by_mistake",
		string(returns.BetterPrice):  "returns_desk.reason_better_price",
		string(returns.NotLiked):     "returns_desk.reason_not_liked",
		string(returns.Packaging):    "returns_desk.reason_packaging_back",
		string(returns.Unsaid):       "returns_desk.reason_unsaid",
	}, string(t))
}

// looksWords is how an article is, by the shopper or the warehouse.
func looksWords(r ui.Reading, c returns.Condition) string {
	return worded(r, map[string]string{
		string(returns.Untold):   "returns_desk.look_untold",
		string(returns.Unopened): "returns_desk.look_unopened",
		string(returns.Opened):   "returns_desk.look_opened",
		string(returns.Used):     "returns_desk.look_used",
		string(returns.Broken):   "returns_desk.look_damaged",
		string(returns.Wrong):    "returns_desk.look_wrong",
		string(returns.Absent):   "returns_desk.look_absent",
	}, string(c))
}

func disposalWords(r ui.Reading, d returns.Disposal) string {
	return worded(r, map[string]string{
		string(returns.Restock):    "returns_desk.disposal_restock",
		string(returns.Refurbish):  "returns_desk.disposal_refurbish",
		string(returns.SecondHand): "returns_desk.disposal_second_hand",
		string(returns.Donate):     "returns_desk.disposal_donate",
		string(returns.Recycle):    "returns_desk.disposal_recycle",
		string(returns.Destroy):    "returns_desk.disposal_destroy",
	}, string(d))
}

// doubtWords is a doubt as evidence: what was seen, never what it means.
func doubtWords(r ui.Reading, code string) string {
	return worded(r, map[string]string{
		"label_used_again":    "returns_doubt.label_used_again",
		"delivered_elsewhere": "returns_doubt.delivered_elsewhere",
		"weight":              "returns_doubt.weight",
		"back_dated":          "returns_doubt.back_dated",
		"other_region":        "returns_doubt.other_region",
		"other_point":         "returns_doubt.other_point",
		"wrong_article":       "returns_doubt.wrong_article",
		"empty_box":           "returns_doubt.empty_box",
		"worn":                "returns_doubt.worn",
		"refused_before":      "returns_doubt.refused_before",
		"nothing_came_before": "returns_doubt.nothing_came_before",
		"missing_before":      "returns_doubt.missing_before",
		"faults_before":       "returns_doubt.faults_before",
		"many_returns":        "returns_doubt.many_returns",
		"same_articles":       "returns_doubt.same_articles",
		"value":               "returns_doubt.value",
		"no_photo":            "returns_doubt.no_photo",
		"in_a_hurry":          "returns_doubt.in_a_hurry",
		"before_inspection":   "returns_doubt.before_inspection",
	}, code)
}

// rulingReasons are those that a decision may give, in the order they are offered.
var rulingReasons = []string{"damaged", "used", "wrong_article", "missing", "incomplete", "late"}

func rulingWords(r ui.Reading, code string) string {
	return worded(r, map[string]string{
		"damaged":       "returns_desk.because_damaged",
		"used":          "returns_desk.because_used",
		"wrong_article": "returns_desk.because_wrong_article",
		"missing":       "returns_desk.because_missing",
		"incomplete":    "returns_desk.because_incomplete",
		"late":          "returns_desk.because_late",
		"lost":          "returns_desk.because_lost",
		"not_delivered": "returns_desk.because_not_delivered",
		"claim":         "returns_desk.because_claim",
		"no_answer":     "returns_desk.because_no_answer",
	}, code)
}

// secondWords is why a decision needs a second person.
func secondWords(r ui.Reading, why string) string {
	return worded(r, map[string]string{
		"own_request": "returns_desk.second_own_request",
		"doubt":       "returns_desk.second_doubt",
		"above_limit": "returns_desk.second_above_limit",
		"day_cap":     "returns_desk.second_day_cap",
		"shop_cap":    "returns_desk.second_shop_cap",
	}, why)
}

func labelWords(r ui.Reading, l returns.Label) string {
	words := worded(r, map[string]string{
		string(returns.LabelAsked):  "returns_desk.label_asked",
		string(returns.LabelReady):  "returns_desk.label_ready",
		string(returns.LabelFailed): "returns_desk.label_failed",
		string(returns.LabelVoid):   "returns_desk.label_void",
		string(returns.LabelUsed):   "returns_desk.label_used",
	}, string(l.State))
	format := worded(r, map[string]string{
		string(carrier.PDFA4):    "returns_desk.format_a4",
		string(carrier.PDF10x15): "returns_desk.format_10x15",
		string(carrier.ZPL):      "returns_desk.format_zpl",
		string(carrier.QR):       "returns_desk.format_qr",
	}, string(l.Format))
	return r.T("returns_desk.label", map[string]any{"Format": format, "Number": cmp.Or(l.Number, "–"), "State": words})
}

// misdone says why an act was refused, in words that need no name of a state.
func misdone(loc lang.Locale, err error) string {
	f := fault.All(err)[0]
	switch f.Code {
	case "return_state":
		return lang.T(loc, "returns_desk.moved_on", nil)
	case "second_person":
		return lang.T(loc, "returns_desk.second_person", nil)
	}
	return lang.Fault(loc, f)
}

// denied reports whether a rule was broken that the reader can read about, also
// one about who they are.
func denied(err error) bool { return refused(err) || fault.KindOf(err) == fault.Forbidden }
