package promise

import (
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
)

// TroubleName is a kind of incident in words.
func TroubleName(loc lang.Locale, t fact.Trouble) string {
	return lang.T(loc, map[fact.Trouble]string{
		fact.TroubleStrike:  "incident.kind_strike",
		fact.TroubleWeather: "incident.kind_weather",
		fact.TroubleRoad:    "incident.kind_road",
		fact.TroubleSystems: "incident.kind_it",
		fact.TroubleClosure: "incident.kind_closure",
		fact.TroubleOther:   "incident.kind_anything",
	}[t], nil)
}

// Days are the days of an incident in words: "le mardi 24 novembre", "du mardi 24
// novembre au jeudi 26 novembre".
func (i Incident) Days(loc lang.Locale) string {
	if i.From >= i.Last {
		return lang.T(loc, "incident.one_day", map[string]any{"Day": lang.Day(loc, i.From)})
	}
	return lang.T(loc, "incident.from_to", map[string]any{"From": lang.Day(loc, i.From), "Last": lang.Day(loc, i.Last)})
}

// Says is what the incident does to an order, in a sentence.
func (i Incident) Says(loc lang.Locale) string {
	return lang.T(loc, map[fact.Trouble]string{
		fact.TroubleStrike:  "incident.says_strike",
		fact.TroubleWeather: "incident.says_weather",
		fact.TroubleRoad:    "incident.says_road",
		fact.TroubleSystems: "incident.says_it",
		fact.TroubleClosure: "incident.says_closure",
		fact.TroubleOther:   "incident.says_anything",
	}[i.Trouble], map[string]any{"Days": i.Days(loc)})
}

// Reckoned says that a date takes the incident into account, and what the shop says
// of it.
func (i Incident) Reckoned(loc lang.Locale) string {
	said := lang.T(loc, "incident.reckoned", map[string]any{"What": TroubleName(loc, i.Trouble), "Days": i.Days(loc)})
	if words := i.Announced(loc); words != "" {
		said += " " + words
	}
	return said
}
