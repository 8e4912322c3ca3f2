package civil

import (
	"time"

	"github.com/promesse-dev/promesse/internal/core/fault"
)

// Cutoffs say until when an order is still taken in hand the same day, and how
// long it then takes until the carrier may have it.
type Cutoffs struct {
	// Minute is the local minute of the day, 1 to 1440, by time.Weekday. An order
	// before it counts that day, one at or after it the next. 0: nothing is taken
	// in hand that weekday, though it may still be worked.
	Minute [7]int
	// Preparation is in working days of the merchant; 0 hands over the same day.
	Preparation int
	// Zone is where the clock of the cut-off hangs.
	Zone *time.Location
}

// Check finds cut-offs or a preparation that no shop can mean: the faults
// cutoff_out_of_range and preparation_out_of_range, at the path of the field.
func (c *Cutoffs) Check(field string) error {
	var faults fault.List
	for weekday, minute := range c.Minute {
		if minute < 0 || minute > minutesADay {
			faults.Add(fault.Invalid, "cutoff_out_of_range", field, "weekday", weekday, "minute", minute)
		}
	}
	if c.Preparation < 0 || c.Preparation > patience {
		faults.Add(fault.Invalid, "preparation_out_of_range", field, "days", c.Preparation, "max", patience)
	}
	return faults.Err()
}

// patience bounds the search for a day, so that a shop that is never open when
// its carrier comes gets an answer: never.
const patience = 366

// Dispatch finds the day on which the parcel of an order placed now is handed
// to the carrier, and the instant before which an order still gets that day.
//
// Before the cut-off of a day the merchant works, that day counts; at or after
// it, or on any other day, the next one does. Preparation follows in working
// days, and the parcel leaves on the first day the merchant works and the
// carrier collects. NoDay and 0 when 366 tries find no such day.
func (c *Cutoffs) Dispatch(now Instant, merchant, carrier *Calendar) (handover Day, orderBefore Instant) {
	clocks := spellOf(now, c.Zone)
	day := clocks.day(now)
	if !c.takes(day, merchant) || now >= c.at(day, &clocks) {
		day = c.next(day+1, merchant)
	}
	handover = meeting(merchant.Add(day, c.Preparation), merchant, carrier)
	if handover == NoDay {
		return NoDay, 0
	}
	return handover, c.at(c.last(day, handover, merchant), &clocks)
}

// takes reports whether orders are taken in hand on the day.
func (c *Cutoffs) takes(d Day, merchant *Calendar) bool {
	return c.Minute[d.Weekday()] > 0 && merchant.Is(d)
}

// at is the instant of the day's cut-off.
func (c *Cutoffs) at(d Day, clocks *spell) Instant {
	return clocks.wall(d, c.Minute[d.Weekday()])
}

// next is the first day on or after d on which orders are taken in hand.
func (c *Cutoffs) next(d Day, merchant *Calendar) Day {
	for range patience {
		d = merchant.Next(d)
		if d == NoDay || c.takes(d, merchant) {
			return d
		}
		d++
	}
	return NoDay
}

// last is the last day, from first on, whose orders are ready by the handover.
func (c *Cutoffs) last(first, handover Day, merchant *Calendar) Day {
	d := merchant.Add(handover, -c.Preparation)
	for d > first && !c.takes(d, merchant) {
		d = merchant.Add(d, -1)
	}
	return d
}

// meeting is the first day on or after d that both calendars work.
func meeting(d Day, a, b *Calendar) Day {
	for range patience {
		d = b.Next(d)
		if d == NoDay || a.Is(d) {
			return d
		}
		d = a.Next(d)
	}
	return NoDay
}
