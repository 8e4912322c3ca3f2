package shop

import (
	"cmp"
	"slices"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/lang"
)

// optionCard is a date in words.
type optionCard struct {
	Choice   string
	Text     string // the words that will be owed
	Slot     string // "14:00 – 16:00", when it is an hour to pick
	By       string // who brings it
	Price    string
	Sure     string // how sure that is
	Why      string // what that stands on
	Carbon   string
	Before   string   // until when it can be had
	Soon     string   // the same in two words, when that is today
	Notes    []string // incidents that it reckons with
	Chosen   bool
	Point    string // where it is collected; empty: not chosen, or at the door
	day      civil.Day
	timeline civil.Instant
}

// slotDay is the slots of a day. Those of the first days lie open, the others
// under their day.
type slotDay struct {
	Day   string
	Count string
	Slots []optionCard
	Open  bool
	day   civil.Day
}

// openDays is of how many days the slots lie open.
const openDays = 2

// reason is why something is not offered.
type reason struct{ Name, Why string }

// card puts an option into words, in the zone of its destination.
func (v *visit) card(o option) optionCard {
	zone, err := civil.Zone(o.Zone)
	if err != nil {
		zone = v.zone
	}
	c := optionCard{
		Choice: o.choice(), Text: o.Text, By: o.Name, Price: v.price(o), Carbon: v.carbon(o.CO2e), Before: v.before(o, zone),
		day: o.Day, timeline: o.From,
	}
	c.Sure, c.Why = v.sure(o)
	for _, i := range o.Incidents {
		c.Notes = append(c.Notes, i.Text)
	}
	if o.slot() {
		c.Soon = v.soon(o, zone)
		c.Slot = v.say("shop.hours", map[string]any{
			"From": lang.Clock(v.locale, o.From.In(zone)), "Until": lang.Clock(v.locale, o.Until.In(zone)),
		})
	}
	return c
}

func (v *visit) price(o option) string {
	if o.Price.IsZero() {
		return v.say("shop.free", nil)
	}
	return lang.Amount(v.locale, o.Price)
}

// carbon is grams, and never an adjective.
func (v *visit) carbon(f footprint) string {
	if f.ByCar > 0 {
		return v.say("shop.carbon_car", map[string]any{"Grams": f.Grams, "ByCar": f.ByCar})
	}
	return v.say("shop.carbon", map[string]any{"Grams": f.Grams})
}

// sure is the estimate's figure in words, and what it stands on. Rounded down, so
// that nobody reads more than was estimated.
func (v *visit) sure(o option) (words, why string) {
	switch {
	case o.Confidence == 0 && o.slot():
		return v.say("shop.reserved", nil), v.say("shop.because_reserved", nil)
	case o.Confidence == 0:
		return v.say("shop.announced", nil), v.say("shop.because_standard", nil)
	}
	kept := int(o.Confidence * 100)
	words = v.say("shop.unsure", nil)
	switch {
	case kept >= 97:
		words = v.say("shop.very_sure", nil)
	case kept >= 90:
		words = v.say("shop.sure", nil)
	case kept >= 75:
		words = v.say("shop.likely", nil)
	}
	if o.Basis == "pool" {
		return words, v.say("shop.because_pool", map[string]any{"Kept": kept})
	}
	return words, v.say("shop.because_own", map[string]any{"Kept": kept})
}

// before is until when an order still gets the date.
func (v *visit) before(o option, zone *time.Location) string {
	if o.OrderBefore <= v.now {
		return ""
	}
	day, today := o.OrderBefore.Day(zone), v.now.Day(zone)
	args := map[string]any{"Clock": lang.Clock(v.locale, o.OrderBefore.In(zone)), "Day": v.reading(zone).Day(day)}
	switch day {
	case today:
		return v.say("shop.before_today", args)
	case today + 1:
		return v.say("shop.before_tomorrow", args)
	default:
		return v.say("shop.before_day", args)
	}
}

// soon is before, for a slot that has to be taken today.
func (v *visit) soon(o option, zone *time.Location) string {
	if o.OrderBefore <= v.now || o.OrderBefore.Day(zone) != v.now.Day(zone) {
		return ""
	}
	return v.say("shop.soon", map[string]any{"Clock": lang.Clock(v.locale, o.OrderBefore.In(zone))})
}

// sorted parts a quote into days to be delivered and slots to be picked, by day.
func (v *visit) sorted(q quote, choice string) (days []optionCard, slots []slotDay) {
	for _, o := range q.Options {
		c := v.card(o)
		c.Chosen = c.Choice == choice
		if !o.slot() {
			days = append(days, c)
			continue
		}
		i := slices.IndexFunc(slots, func(s slotDay) bool { return s.day == o.Day })
		if i < 0 {
			i = len(slots)
			slots = append(slots, slotDay{Day: v.reading(v.zone).Day(o.Day), day: o.Day})
		}
		slots[i].Slots = append(slots[i].Slots, c)
	}
	slices.SortFunc(slots, func(a, b slotDay) int { return cmp.Compare(a.day, b.day) })
	for i, s := range slots {
		slices.SortStableFunc(s.Slots, func(a, b optionCard) int { return cmp.Compare(a.timeline, b.timeline) })
		slots[i].Count = lang.N(v.locale, "shop.slot_count", len(s.Slots), nil)
		slots[i].Open = i < openDays || slices.ContainsFunc(s.Slots, func(c optionCard) bool { return c.Chosen })
	}
	return days, slots
}

// reasons is what is hidden, and why: each reason once.
func (v *visit) reasons(q quote) (out []reason) {
	for _, h := range q.Hidden {
		i := slices.IndexFunc(out, func(r reason) bool { return r.Why == h.Text })
		if i < 0 {
			out = append(out, reason{h.Name, h.Text})
			continue
		}
		out[i].Name += " · " + h.Name
	}
	return out
}

// quote asks for the dates of a basket, at a point or wherever there are some, and
// notes when nobody answers.
func (v *visit) quote(b basket, point string) (quote, error) {
	q, err := v.api().ask(v.Context(), quoteRequest{Destination: v.to.destination, Lines: b.lines(v.shop, v.locale), Point: point, Locale: v.locale})
	if err != nil {
		v.Log.Warn("shop: no quote", "shop", v.shop.Slug, "err", err)
	}
	return q, err
}

// whereForm asks where it should go.
type whereForm struct {
	Action    string
	Kept      []hidden // what was typed elsewhere; with it the form is posted
	Postcode  string
	Countries []country
	Error     string // at the postcode
	Trouble   string // of ours
}

type country struct {
	Code, Name string
	Here       bool
}

// asking is the form, with what is wrong with what was typed.
func (v *visit) asking(action string) whereForm {
	f := whereForm{Action: v.path(action), Postcode: v.to.Postcode, Countries: v.countries(v.to.Country)}
	if all := fault.All(v.to.wrong); len(all) > 0 {
		f.Error = lang.Fault(v.locale, all[0])
	}
	return f
}

// countries is where the shops send to. Monaco is not asked for: its postcodes are
// typed as French ones.
func (v *visit) countries(here string) []country {
	all := []country{
		{Code: "FR", Name: v.say("shop.france", nil)},
		{Code: "BE", Name: v.say("shop.belgium", nil)},
		{Code: "LU", Name: v.say("shop.luxembourg", nil)},
		{Code: "DE", Name: v.say("shop.germany", nil)},
		{Code: "CH", Name: v.say("shop.switzerland", nil)},
	}
	if here == "MC" {
		all = append(all, country{Code: here, Name: v.say("shop.monaco", nil)})
	}
	for i := range all {
		all[i].Here = all[i].Code == here
	}
	return all
}

// countryName is a country in words; its code where we have none.
func (v *visit) countryName(code string) string {
	for _, c := range v.countries(code) {
		if c.Here {
			return c.Name
		}
	}
	return code
}
