package civil

import (
	"fmt"
	"math"
	"time"

	"github.com/promesse-dev/promesse/internal/core/fault"
)

// Window is the time inside which something is owed. Until is exclusive; From
// is inclusive, and zero when anything early enough will do.
type Window struct {
	From  Instant `json:"from"`
	Until Instant `json:"until"`
}

// DayWindow is a whole local day: 23, 24 or 25 hours.
func DayWindow(d Day, loc *time.Location) Window {
	return Window{From: d.Start(loc), Until: d.End(loc)}
}

// Slot is the window between two minutes of a local day, 0 to 1440. A time that
// the clocks show twice means its first showing, so that slots which follow
// each other on paper neither overlap nor leave a hole. The fault
// slot_out_of_order refuses an empty slot, slot_in_missing_hour one that begins
// or ends at a time the clocks skip: nobody can keep an appointment at 02:30 on
// the last Sunday of March.
func Slot(d Day, fromMinute, untilMinute int, loc *time.Location) (Window, error) {
	if fromMinute < 0 || fromMinute >= untilMinute || untilMinute > minutesADay {
		return Window{}, fault.New(fault.Invalid, "slot_out_of_order", "slot", "from", clock(fromMinute), "until", clock(untilMinute))
	}
	from, fromMissing := wall(d, fromMinute, loc)
	until, untilMissing := wall(d, untilMinute, loc)
	if untilMissing {
		// 02:00 is not shown either, but it is where 01:59 ends.
		_, untilMissing = wall(d, untilMinute-1, loc)
	}
	if fromMissing || untilMissing {
		return Window{}, fault.New(fault.Invalid, "slot_in_missing_hour", "slot", "day", d.String(), "from", clock(fromMinute), "until", clock(untilMinute))
	}
	return Window{From: from, Until: until}, nil
}

// clock writes a minute of the day as 14:30.
func clock(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }

// Contains reports whether the instant is inside.
func (w Window) Contains(i Instant) bool { return w.opens() <= i && i < w.Until }

// opens is From, or before all time.
func (w Window) opens() Instant {
	if w.From.IsZero() {
		return math.MinInt64
	}
	return w.From
}
