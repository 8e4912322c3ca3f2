package api

import (
	"fmt"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
)

// List is a page of a list.
type List[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next" doc:"Give it as 'after' for the page that follows; empty on the last one."`
}

// Paging is a place in a list.
type Paging struct {
	After string `query:"after" maxLength:"40" doc:"The 'next' of the page before."`
	Limit int    `query:"limit" minimum:"1" maximum:"100" default:"50" doc:"How many at most."`
}

// after is the cursor as the id of a noun. The fault is parameter_invalid.
func after[T ident.ID](p Paging) (T, error) {
	if p.After != "" && !ident.Valid[T](p.After) {
		return "", fault.New(fault.Invalid, "parameter_invalid", "after", "value", p.After)
	}
	return T(p.After), nil
}

// listed is a page of rows of which one more than the limit was read, each shown
// as the contract has it.
func listed[R, T any, I ident.ID](rows []R, limit int, id func(R) I, show func(R) T) List[T] {
	l := List[T]{Items: []T{}}
	if len(rows) > limit {
		rows = rows[:limit]
		l.Next = string(id(rows[limit-1]))
	}
	l.Items = append(l.Items, mapped(rows, show)...)
	return l
}

// mapped shows each of a list; an empty one is [], never null.
func mapped[R, T any](rows []R, show func(R) T) []T {
	out := make([]T, 0, len(rows))
	for _, r := range rows {
		out = append(out, show(r))
	}
	return out
}

// whole is a list that has no pages, because nobody has many of its things.
func whole[R, T any](rows []R, show func(R) T) List[T] { return List[T]{Items: mapped(rows, show)} }

// named puts the fields of a room's faults into the words of the request: names
// are pairs of a path of the room's and one of ours, for the field itself and
// all that is below it. "" as the room's path stands for every field.
func named(err error, names ...string) error {
	faults := fault.All(err)
	if len(faults) == 0 {
		return err
	}
	out := make(fault.List, len(faults))
	for i, f := range faults {
		at := *f
		at.Field = rename(f.Field, names)
		out[i] = &at
	}
	return out
}

func rename(field string, names []string) string {
	for i := 0; i+1 < len(names); i += 2 {
		theirs, ours := names[i], names[i+1]
		rest, ok := strings.CutPrefix(field, theirs)
		switch {
		case theirs == "":
			return join(ours, field)
		case ok && (rest == "" || rest[0] == '.' || rest[0] == '['):
			return ours + rest
		}
	}
	return field
}

// optional is nil for a day never said.
func optional(d civil.Day) *civil.Day {
	if d == civil.NoDay || d == 0 {
		return nil
	}
	return &d
}

// dayOf is the opposite of optional.
func dayOf(d *civil.Day) civil.Day {
	if d == nil {
		return civil.NoDay
	}
	return *d
}

// minuteOf reads a time of day, "16:00", up to "24:00", as minutes since midnight.
func minuteOf(text string) (minute int, ok bool) {
	var h, m int
	if n, err := fmt.Sscanf(text, "%02d:%02d", &h, &m); err != nil || n != 2 || text != clock(60*h+m) || m > 59 {
		return 0, false
	}
	minute = 60*h + m
	return minute, 0 <= minute && minute <= 24*60
}

// clock writes a minute of the day as "16:00".
func clock(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }

// weekdayNames are the days of the week by time.Weekday.
var weekdayNames = [7]string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}

// weekdaysOf reads a set of days of the week, whose names the document lists.
func weekdaysOf(names []string) (w civil.Weekdays) {
	for d, name := range weekdayNames {
		for _, n := range names {
			if n == name {
				w |= civil.WeekdaysOf(time.Weekday(d))
			}
		}
	}
	return w
}

// namesOf writes one, Monday first.
func namesOf(w civil.Weekdays) []string {
	names := []string{}
	for i := range 7 {
		if d := (i + 1) % 7; w.Has(time.Weekday(d)) {
			names = append(names, weekdayNames[d])
		}
	}
	return names
}

// seconds writes a duration.
func seconds(d time.Duration) int { return int(d / time.Second) }

// maxSeconds is more than any duration a setting may have: a century.
const maxSeconds = 100 * 365 * 24 * 3600

// durationOf reads one; what is beyond a century is one, which every room refuses.
func durationOf(seconds int) time.Duration {
	return time.Duration(min(max(seconds, -maxSeconds), maxSeconds)) * time.Second
}
