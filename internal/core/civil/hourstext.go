package civil

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/core/fault"
)

// longestHours bounds the text: a year of days that each differ fits.
const longestHours = 10_000

// weekdayNames are those of OpenStreetMap's opening_hours, whose form this is a
// part of: https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification.
var weekdayNames = [7]string{"Su", "Mo", "Tu", "We", "Th", "Fr", "Sa"}

// ParseHours reads rules separated by semicolons:
//
//	Mo-Fr 09:00-12:00,14:00-19:00; Sa 09:00-12:30; PH off
//	24/7
//	Fr,Sa 18:00-02:00; PH FR-57 10:00-12:00
//	Mo-Sa 09:00-19:00; 2026-12-24 09:00-16:00; 2026-08-03..2026-08-16 off
//
// Days are Mo Tu We Th Fr Sa Su; those not named are closed. PH is public
// holidays: off, open (as ever) or hours, with the region where it is not the
// address's. Dates win over holidays, holidays over weekdays. Times run from
// 00:00 to 24:00; an end before its beginning is on the day after. An empty
// text is hours that nobody said.
//
// The faults, at the field given, are hours_unreadable with the rule, besides
// those of NewHours, and hours_day_twice for a weekday whose hours are said in
// two rules ("off" may follow, to take a day out of a range).
func ParseHours(field, text string) (Hours, error) {
	text = strings.NewReplacer("–", "-", "—", "-").Replace(strings.TrimSpace(text))
	if text == "" {
		return Hours{}, nil
	}
	if len(text) > longestHours {
		return Hours{}, fault.New(fault.Invalid, "field_too_long", field, "limit", longestHours)
	}
	r := hoursReader{field: field}
	for rule := range strings.SplitSeq(text, ";") {
		if rule = strings.TrimSpace(rule); rule != "" {
			r.rule(rule)
		}
	}
	if err := r.faults.Err(); err != nil {
		return Hours{}, err
	}
	if !r.any {
		return Hours{}, fault.New(fault.Invalid, "hours_unreadable", field, "rule", text)
	}
	return NewHours(field, r.spec)
}

type hoursReader struct {
	field  string
	faults fault.List
	spec   HoursSpec
	said   [7]bool
	any    bool
}

func (r *hoursReader) unreadable(rule string) {
	r.faults.Add(fault.Invalid, "hours_unreadable", r.field, "rule", clipped(rule))
}

// clipped keeps a sentence readable whatever was sent.
func clipped(rule string) string {
	if runes := []rune(strings.ToValidUTF8(rule, "\ufffd")); len(runes) > 60 {
		return string(runes[:60]) + "…"
	}
	return strings.ToValidUTF8(rule, "\ufffd")
}

func (r *hoursReader) rule(rule string) {
	r.any = true
	if rule == "24/7" {
		rule = "Mo-Su 00:00-24:00"
	}
	words := strings.Fields(rule)
	if len(words) < 2 {
		r.unreadable(rule)
		return
	}
	times := words[1:]
	var region Region
	if strings.EqualFold(words[0], "PH") && len(times) > 1 && regionName.MatchString(times[0]) {
		region, times = Region(times[0]), times[1:]
	}
	spans, open, ok := r.times(strings.Join(times, ""), rule)
	switch {
	case !ok:
	case strings.EqualFold(words[0], "PH"):
		r.holidays(region, spans, open)
	case open:
		r.unreadable(rule)
	case words[0][0] >= '0' && words[0][0] <= '9':
		r.dated(words[0], rule, spans)
	default:
		r.weekdays(words[0], rule, spans)
	}
}

var regionName = regexp.MustCompile(`^[A-Z]{2}(-[A-Z0-9]{1,3})?$`)

// times reads "off", "open" or spans.
func (r *hoursReader) times(text, rule string) (spans []Span, open, ok bool) {
	switch strings.ToLower(text) {
	case "off", "closed":
		return nil, false, true
	case "open":
		return nil, true, true
	}
	for part := range strings.SplitSeq(text, ",") {
		from, until, cut := strings.Cut(part, "-")
		f, okFrom := minuteOf(from)
		u, okUntil := minuteOf(until)
		if !cut || !okFrom || !okUntil {
			r.unreadable(rule)
			return nil, false, false
		}
		if f == u || f == minutesADay {
			r.faults.Add(fault.Invalid, "hours_out_of_order", r.field, "from", clock(f), "until", clock(u))
			return nil, false, false
		}
		if u < f {
			u += minutesADay
		}
		spans = append(spans, Span{f, u})
	}
	return spans, false, true
}

// minuteOf reads 9:00, 09:00 and 24:00.
func minuteOf(text string) (minute int, ok bool) {
	h, m, ok := strings.Cut(text, ":")
	hours, okH := figures(h, 1, 2)
	minutes, okM := figures(m, 2, 2)
	minute = hours*60 + minutes
	return minute, ok && okH && okM && minutes < 60 && minute <= minutesADay
}

func figures(s string, least, most int) (n int, ok bool) {
	if len(s) < least || len(s) > most || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.Atoi(s)
	return n, err == nil
}

func (r *hoursReader) holidays(region Region, spans []Span, open bool) {
	r.spec.Region = region
	switch {
	case open:
		r.spec.Holidays = HolidaysAsEver
	case len(spans) == 0:
		r.spec.Holidays = HolidaysOff
	default:
		r.spec.Holidays, r.spec.Holiday = HolidaysOwn, spans
	}
}

func (r *hoursReader) dated(name, rule string, spans []Span) {
	first, last, run := strings.Cut(name, "..")
	if !run {
		last = first
	}
	f, errF := ParseDay(first)
	l, errL := ParseDay(last)
	if errF != nil || errL != nil || l < f {
		r.unreadable(rule)
		return
	}
	r.spec.Dated = append(r.spec.Dated, Dated{Days{f, l}, spans})
}

// weekdays reads Mo-Fr,Su; a range may run over the week's end.
func (r *hoursReader) weekdays(names, rule string, spans []Span) {
	for part := range strings.SplitSeq(names, ",") {
		first, last, run := strings.Cut(part, "-")
		if !run {
			last = first
		}
		f, okF := weekdayOf(first)
		l, okL := weekdayOf(last)
		if !okF || !okL {
			r.unreadable(rule)
			return
		}
		for d := f; ; d = (d + 1) % 7 {
			r.weekday(d, spans)
			if d == l {
				break
			}
		}
	}
}

func (r *hoursReader) weekday(d int, spans []Span) {
	if r.said[d] && len(spans) > 0 {
		r.faults.Add(fault.Invalid, "hours_day_twice", r.field, "day", weekdayNames[d])
		return
	}
	r.said[d], r.spec.Week[d] = true, spans
}

func weekdayOf(name string) (int, bool) {
	d := slices.IndexFunc(weekdayNames[:], func(n string) bool { return strings.EqualFold(n, name) })
	return d, d >= 0
}

// String writes the hours as ParseHours reads them, the week from Monday on.
// Nothing when nobody said.
func (h Hours) String() string {
	if h.t == nil {
		return ""
	}
	rules := h.t.weekRules()
	if rules == nil {
		rules = []string{"Mo-Su off"}
	}
	if s := h.t.spec; s.Holidays != HolidaysUnsaid {
		rules = append(rules, s.holidayRule())
	}
	for _, e := range h.t.spec.Dated {
		name := e.First.String()
		if e.Last != e.First {
			name += ".." + e.Last.String()
		}
		rules = append(rules, name+" "+timesOf(e.Spans))
	}
	return strings.Join(rules, "; ")
}

// weekRules joins neighbouring days, from Monday on, that have the same hours.
func (t *timetable) weekRules() (rules []string) {
	const monday = int(time.Monday)
	for i := 0; i < 7; {
		d := (monday + i) % 7
		n := 1
		for i+n < 7 && slices.Equal(t.spec.Week[(d+n)%7], t.spec.Week[d]) {
			n++
		}
		if spans := t.spec.Week[d]; len(spans) > 0 {
			name := weekdayNames[d]
			if n > 1 {
				name += "-" + weekdayNames[(d+n-1)%7]
			}
			rules = append(rules, name+" "+timesOf(spans))
		}
		i += n
	}
	return rules
}

func (s HoursSpec) holidayRule() string {
	name := "PH"
	if s.Region != "" {
		name += " " + string(s.Region)
	}
	if s.Holidays == HolidaysOwn {
		return name + " " + timesOf(s.Holiday)
	}
	return name + " " + string(s.Holidays)
}

func timesOf(spans []Span) string {
	if len(spans) == 0 {
		return "off"
	}
	texts := make([]string, len(spans))
	for i, s := range spans {
		texts[i] = s.String()
	}
	return strings.Join(texts, ",")
}
