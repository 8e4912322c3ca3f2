package shopper

import (
	"strings"

	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// worded is the sentence of a word of a list, or what is said of any other.
func (d *lived) worded(keys map[string]string, word, other string) string {
	if key, ok := keys[word]; ok {
		return d.T(key, nil)
	}
	if other == "" {
		return spoken(word)
	}
	return d.T(other, map[string]any{"Word": spoken(word)})
}

// spoken is a shop's own code as far as people can read it.
func spoken(code string) string { return strings.ReplaceAll(code, "_", " ") }

// route is a way back by its name.
func (d *lived) route(r fact.Route) string {
	return d.worded(map[string]string{
		string(fact.BackByRelay):   "back.route_relay",
		string(fact.BackByPost):    "back.route_post",
		string(fact.BackToStore):   "back.route_store",
		string(fact.BackByPickup):  "back.route_pickup",
		string(fact.BackNotNeeded): "back.route_keep",
		string(fact.BackOnTheirs):  "back.route_own_way",
	}, string(r), "")
}

// routeHow is how one goes about it.
func (d *lived) routeHow(r fact.Route) string {
	return d.worded(map[string]string{
		string(fact.BackByRelay):   "back.how_relay",
		string(fact.BackByPost):    "back.how_post",
		string(fact.BackToStore):   "back.how_store",
		string(fact.BackByPickup):  "back.how_pickup",
		string(fact.BackNotNeeded): "back.how_keep",
		string(fact.BackOnTheirs):  "back.how_own_way",
	}, string(r), "")
}

// reason is an entry of the shop's list, in its own words where it has some.
func (d *lived) reason(r returns.Reason) string {
	own := r.Words.French
	if d.Locale == lang.English {
		own = r.Words.English
	}
	if own != "" {
		return own
	}
	return d.taxon(r.Taxon)
}

func (d *lived) taxon(t returns.Taxon) string {
	return d.worded(map[string]string{
		string(returns.Damaged):      "back.reason_damaged",
		string(returns.Defective):    "back.reason_defective",
		string(returns.NotAsOrdered): "back.reason_not_as_ordered",
		string(returns.NotDescribed): "back.reason_not_as_described",
		string(returns.PartsMissing): "back.reason_parts_missing",
		string(returns.ArrivedLate):  "back.reason_arrived_late",
		string(returns.NoLonger):     "back.reason_no_longer_needed",
		string(returns.WrongSize):    "back.reason_wrong_size",
		string(returns.ByMistake):    "back.reason_by_mistake",
		string(returns.BetterPrice):  "back.reason_better_price",
		string(returns.NotLiked):     "back.reason_not_liked",
		string(returns.Packaging):    "back.reason_packaging_back",
		string(returns.Unsaid):       "back.reason_unsaid",
	}, string(t), "")
}

// looks is how an article is, as a shopper may say.
var looks = []returns.Condition{returns.Untold, returns.Unopened, returns.Opened, returns.Used, returns.Broken}

func (d *lived) condition(c returns.Condition) string {
	return d.worded(map[string]string{
		string(returns.Untold):   "back.condition_untold",
		string(returns.Unopened): "back.condition_unopened",
		string(returns.Opened):   "back.condition_opened",
		string(returns.Used):     "back.condition_used",
		string(returns.Broken):   "back.condition_damaged",
	}, string(c), "")
}

// excluded is why the shop does not take an article back for a change of mind.
func (d *lived) excluded(why string) string {
	return d.worded(map[string]string{
		"perishable":     "back.excluded_perishable",
		"personalised":   "back.excluded_personalised",
		"hygiene_opened": "back.excluded_hygiene",
		"digital":        "back.excluded_digital",
	}, why, "")
}

// hiddenWhy is why a way back is not offered.
func (d *lived) hiddenWhy(code string) string {
	return d.worded(map[string]string{
		"dangerous":     "back.hidden_dangerous",
		"bulky":         "back.hidden_bulky",
		"too_heavy":     "back.hidden_too_heavy",
		"too_large":     "back.hidden_too_large",
		"no_carrier":    "back.hidden_no_carrier",
		"no_store":      "back.hidden_no_store",
		"no_point_near": "back.hidden_no_point_near",
		"not_offered":   "back.hidden_not_offered",
	}, code, "back.hidden_other")
}

func (d *lived) settlement(s fact.Settlement) string {
	return d.worded(map[string]string{
		string(fact.Refund):   "back.settle_refund",
		string(fact.Credit):   "back.settle_credit",
		string(fact.Exchange): "back.settle_exchange",
	}, string(s), "")
}

// ruled is a reason of the shop's people for what they decided.
func (d *lived) ruled(code string) string {
	return d.worded(map[string]string{
		"damaged":       "back.ruled_damaged",
		"used":          "back.ruled_used",
		"wrong_article": "back.ruled_wrong_article",
		"missing":       "back.ruled_missing",
		"incomplete":    "back.ruled_incomplete",
		"late":          "back.ruled_late",
		"lost":          "back.ruled_lost",
		"not_delivered": "back.ruled_not_delivered",
		"claim":         "back.ruled_claim",
	}, code, "back.ruled_other")
}

// backBadge is the state of a return in a few words.
func (d *lived) backBadge(r returns.Return) string {
	return d.worded(map[string]string{
		string(returns.Held):      "back.badge_held",
		string(returns.Accepted):  "back.badge_accepted",
		string(returns.Ready):     "back.badge_ready",
		string(returns.Deposited): "back.badge_deposited",
		string(returns.Received):  "back.badge_received",
		string(returns.Decided):   "back.badge_decided",
		string(returns.Closed):    "back.badge_closed",
		string(returns.Cancelled): "back.badge_cancelled",
		string(returns.Expired):   "back.badge_expired",
		string(returns.Lost):      "back.badge_lost",
	}, string(r.State), "")
}

func backTone(s returns.State) ui.Tone {
	switch s {
	case returns.Closed, returns.Received, returns.Decided:
		return ui.Good
	case returns.Lost:
		return ui.Bad
	case returns.Held:
		return ui.Care
	case returns.Cancelled, returns.Expired:
		return ui.Mute
	default:
		return ui.Calm
	}
}

// metres are a distance as people say it.
func (d *lived) metres(m float64) string {
	if m < 995 {
		return d.T("back.metres", map[string]any{"Metres": lang.Decimal(d.Locale, float64(int(m/10+0.5)*10), 0)})
	}
	return d.T("back.kilometres", map[string]any{"Kilometres": lang.Decimal(d.Locale, m/1000, 1)})
}

// wrongOf is what is wrong with a field; empty: nothing.
func wrongOf(all []wrong, field string) string {
	for _, w := range all {
		if w.Field == field {
			return w.Words
		}
	}
	return ""
}
