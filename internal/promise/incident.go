package promise

import (
	"cmp"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/text"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Incident is lanes that do not work on some days, as somebody of the shop said: a
// strike, snow, a depot that is closed. On those days nothing is counted on there:
// promises that can then hardly be kept are warned of, and new ones are made as if
// those were no working days.
type Incident struct {
	ID       ident.Incident
	Key      string // of the form or call that declared it: sent twice is declared once
	Trouble  fact.Trouble
	Services []ident.Service  // none: every one
	Places   []string         // where goods go: "FR", "FR-75", "FR-2A", "FR-69003"; none: everywhere
	Stock    ident.StockPoint // where they leave from, and then nowhere in particular; empty: wherever
	From     civil.Day
	Last     civil.Day              // included; the day before From: it is over before it began
	Words    map[lang.Locale]string // plain, for shoppers; a language without words has none

	Declared civil.Instant
	Actor    flow.Actor
	Ended    civil.Instant // when somebody said that it is over; 0: nobody did
	Looked   int           // open promises that were looked at since it was last changed
	Done     bool          // those were all
	revision int64

	Release    Release
	People     int        // whom it concerns, as counted last
	AskedBy    flow.Actor // who said last what it is
	AnsweredBy flow.Actor // who let it be told, or did not
	Answered   civil.Instant
	code       aloneCode
}

// The bounds of an incident.
const (
	maxPlaces       = 200
	maxServices     = 200
	MaxPublicWords  = 300 // characters that shoppers read, in each language
	maxIncidentDays = 60
)

// Announced is what shoppers are told of an incident, in the words of somebody of
// the shop; empty where there are none in their language.
func (i Incident) Announced(loc lang.Locale) string { return i.Words[loc] }

// days are those on which nothing is counted on; nil: none.
func (i Incident) days() []civil.Days {
	if i.Last < i.From {
		return nil
	}
	return []civil.Days{{First: i.From, Last: i.Last}}
}

// body is what every fact about the incident says of it.
func (i Incident) body() fact.Incident {
	return fact.Incident{Incident: i.ID, Trouble: i.Trouble, From: i.From, Last: i.Last}
}

// Course is how goods go: by which service, from where, to where.
type Course struct {
	Service ident.Service
	Stock   ident.StockPoint
	To      geo.Place
}

// Closures are the days that incidents take from a course.
type Closures struct {
	Works, Collects, Delivers []civil.Days
	By                        []Incident
}

// Closed is what incidents take from a course. Trouble where goods leave holds up
// what has not left yet; trouble where they go, what is still to be brought; trouble
// of a service as a whole, both.
func Closed(all []Incident, c Course) (x Closures) {
	for _, i := range all {
		days := i.days()
		if len(days) == 0 || len(i.Services) > 0 && !slices.Contains(i.Services, c.Service) {
			continue
		}
		switch {
		case i.Stock != "":
			if i.Stock != c.Stock {
				continue
			}
			x.Works = append(x.Works, days...)
		case len(i.Places) > 0:
			if !slices.ContainsFunc(i.Places, func(p string) bool { return within(p, c.To) }) {
				continue
			}
			x.Delivers = append(x.Delivers, days...)
		default:
			x.Collects, x.Delivers = append(x.Collects, days...), append(x.Delivers, days...)
		}
		x.By = append(x.By, i)
	}
	return x
}

// within reports whether a place lies in an area: a country, and of it a department
// or the places whose postcode begins so.
func within(area string, p geo.Place) bool {
	country, of, part := strings.Cut(area, "-")
	return country == p.Country && (!part || p.Department() == of || strings.HasPrefix(strings.ReplaceAll(p.Postcode, " ", ""), of))
}

var (
	areaForm = regexp.MustCompile(`^[A-Z]{2}(-[0-9A-Z]{1,10})?$`)
	homeForm = regexp.MustCompile(`^[0-9][0-9AB][0-9]{0,3}$`)
)

// area is a place as people write it in its one form: of figures alone, a department
// or a postcode of the shop's own country.
func area(typed, home string) (string, bool) {
	a := strings.ToUpper(strings.Join(strings.Fields(typed), ""))
	if homeForm.MatchString(a) {
		a = home + "-" + a
	}
	return a, areaForm.MatchString(a) && geo.Country(a[:2])
}

// whole brings what was said to its one form.
func (i Incident) whole(home string) (Incident, fault.List) {
	var faults fault.List
	i.Places = slices.Clone(i.Places)
	for k, p := range i.Places {
		a, ok := area(p, home)
		if !ok {
			faults.Add(fault.Invalid, "area_unknown", "places", "value", p)
		}
		i.Places[k] = a
	}
	slices.Sort(i.Places)
	i.Places = slices.Compact(i.Places)
	i.Services = slices.Compact(slices.Sorted(slices.Values(i.Services)))
	words := map[lang.Locale]string{}
	for loc, w := range i.Words {
		if w = text.Lines(w); w != "" {
			words[loc] = w
		}
	}
	i.Words = words
	return i, faults
}

// check refuses what no incident can be.
func (i Incident) check(today civil.Day) (faults fault.List) {
	if !i.Trouble.Known() {
		faults.Add(fault.Invalid, "unknown_value", "trouble", "value", string(i.Trouble), "known", fact.Troubles)
	}
	if len(i.Places) > 0 && i.Stock != "" {
		faults.Add(fault.Invalid, "incident_both_ends", "stock")
	}
	if len(i.Places) > maxPlaces {
		faults.Add(fault.Invalid, "list_too_long", "places", "limit", maxPlaces)
	}
	if len(i.Services) > maxServices {
		faults.Add(fault.Invalid, "list_too_long", "services", "limit", maxServices)
	}
	faults = append(faults, i.checkDays(today)...)
	return append(faults, i.checkWords()...)
}

func (i Incident) checkDays(today civil.Day) (faults fault.List) {
	switch {
	case i.From == civil.NoDay:
		faults.Add(fault.Invalid, "field_required", "from")
	case i.Last == civil.NoDay:
		faults.Add(fault.Invalid, "field_required", "last")
	case i.Last < i.From:
		faults.Add(fault.Invalid, "days_out_of_order", "last")
	case i.Last < today:
		faults.Add(fault.Invalid, "incident_past", "last")
	case int(i.Last-i.From) >= maxIncidentDays || i.From > today+maxIncidentDays:
		faults.Add(fault.Invalid, "incident_too_long", "last", "limit", maxIncidentDays)
	}
	return faults
}

func (i Incident) checkWords() (faults fault.List) {
	for _, loc := range lang.Locales() {
		if w := i.Words[loc]; w != "" {
			text.Prose(&faults, "words_"+string(loc), w, MaxPublicWords)
		}
	}
	for loc := range i.Words {
		if !slices.Contains(lang.Locales(), loc) {
			faults.Add(fault.Invalid, "unknown_value", "words", "value", string(loc), "known", lang.Locales())
		}
	}
	return faults
}

// incidentLists is how the lists of an incident are stored.
type incidentLists struct{ services, places, words string }

func (i Incident) lists() (l incidentLists, err error) {
	for _, part := range []struct {
		into *string
		from any
	}{{&l.services, i.Services}, {&l.places, i.Places}, {&l.words, i.Words}} {
		raw, err := json.Marshal(part.from)
		if err != nil {
			return l, fmt.Errorf("incident %s: %w", i.ID, err)
		}
		*part.into = string(raw)
	}
	return l, nil
}

func (l incidentLists) into(i *Incident) error {
	err := cmp.Or(
		json.Unmarshal([]byte(l.services), &i.Services),
		json.Unmarshal([]byte(l.places), &i.Places),
		json.Unmarshal([]byte(l.words), &i.Words),
	)
	if err != nil {
		return fmt.Errorf("incident %s: %w", i.ID, err)
	}
	return nil
}

// todayIn is the day at a merchant's place.
func todayIn(now civil.Instant, zone string) civil.Day { return now.Day(zoneOr(zone, time.UTC)) }
