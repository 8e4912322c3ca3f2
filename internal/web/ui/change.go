package ui

import (
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
)

// ChangeName is a kind of change to a delivery in words.
func (r Reading) ChangeName(what fact.ChangeKind) string {
	return r.T(map[fact.ChangeKind]string{
		fact.Reschedule:  "change.reschedule",
		fact.Redirect:    "change.redirect",
		fact.LeaveSafe:   "change.safe_place",
		fact.ToNeighbour: "change.neighbour",
		fact.HoldBack:    "change.hold",
		fact.Readdress:   "change.address",
		fact.CallBack:    "change.cancel",
	}[what], nil)
}

// ChangeWanted is what a change asks for: "Un autre jour : mardi 3 mars". how is
// what no window says: a place, a point's name.
func (r Reading) ChangeWanted(what fact.ChangeKind, w fact.Wanted, how string) string {
	if what == fact.Readdress && !w.Until.IsZero() {
		how = r.T("change.door_by", map[string]any{"Where": how, "Day": r.Day((w.Until - 1).Day(r.Zone))})
	}
	switch {
	case what == fact.Readdress:
	case w.Slot:
		how = lang.Slot(r.Locale, w.From.In(r.Zone), w.Until.In(r.Zone))
	case !w.Until.IsZero() && w.Point == "":
		how = r.Day((w.Until - 1).Day(r.Zone))
	}
	if how == "" {
		return r.ChangeName(what)
	}
	return r.T("change.wanted", map[string]any{"What": r.ChangeName(what), "How": how})
}

// ChangeReason is why a carrier refused a change, in a sentence.
func (r Reading) ChangeReason(why fact.ChangeReason, carrier string) string {
	return r.T(map[fact.ChangeReason]string{
		fact.ChangeTooLate:    "change.refused_too_late",
		fact.ChangeOut:        "change.refused_out",
		fact.ChangeFull:       "change.refused_full",
		fact.ChangeImpossible: "change.refused_not_possible",
		fact.ChangeSaidNo:     "change.refused_said_no",
		fact.ChangeApart:      "change.refused_apart",
		fact.ChangeSilent:     "change.refused_no_answer",
	}[why], map[string]any{"Carrier": carrier})
}
