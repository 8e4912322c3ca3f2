package returns

import (
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
)

// The delays of the law, in calendar days (Code de la consommation).
const (
	withdrawalDays = 14 // L221-18
	sendBackDays   = 14 // L221-23
	refundDays     = 14 // L221-24
	uninformed     = 12 // months more, L221-20
	resolvedDays   = 14 // to pay back a contract that was resolved, L216-7
	extraDays      = 10 // to deliver after a formal notice: "un délai supplémentaire raisonnable", L216-6
	fixDays        = 30 // to mend a fault, replace the article or pay it back, L217-10
	conformity     = 2  // years, L217-3
)

// Where is whose clocks and whose holidays count.
type Where struct {
	Zone   *time.Location
	Region civil.Region
}

// Withdrawal is until when a consumer may withdraw, exclusive: the first instant
// of the day after the last one. It starts the day after the last article was in
// hand (L221-18); a last day that is a Saturday, a Sunday or a public holiday
// gives way to the next working day (L221-19; Regulation 1182/71, article 3).
// Without proof that the consumer was informed, it ends twelve months later
// (L221-20).
func (w Where) Withdrawal(possession civil.Instant, informed bool) civil.Instant {
	last := possession.Day(w.Zone) + withdrawalDays
	if !informed {
		last = monthsLater(last, uninformed)
	}
	return w.working(last).End(w.Zone)
}

// Informed is until when a consumer may withdraw who was told late, exclusive:
// fourteen days from the telling, and never later than without it (L221-20).
func (w Where) Informed(possession, told civil.Instant) civil.Instant {
	late := w.working(told.Day(w.Zone) + withdrawalDays).End(w.Zone)
	return min(max(late, w.Withdrawal(possession, true)), w.Withdrawal(possession, false))
}

// working is the day itself, or the next one that is worked.
func (w Where) working(d civil.Day) civil.Day {
	return civil.NewCalendar(civil.CalendarSpec{Open: civil.MondayToFriday, Region: w.Region}).Next(d)
}

// SendBack is until when the goods are to be sent after a withdrawal, exclusive
// (L221-23), and when to remind of it: at the beginning of days 7 and 12.
func (w Where) SendBack(statement civil.Instant) (until civil.Instant, reminders [2]civil.Instant) {
	day := statement.Day(w.Zone)
	return w.working(day + sendBackDays).End(w.Zone), [2]civil.Instant{(day + 7).Start(w.Zone), (day + 12).Start(w.Zone)}
}

// Conformity is until when the seller answers for a fault, exclusive (L217-3).
func (w Where) Conformity(possession civil.Instant) civil.Instant {
	return monthsLater(possession.Day(w.Zone), 12*conformity).End(w.Zone)
}

// After is the end of a calendar day so many days after an instant, exclusive. It
// is how a delay of the merchant's own is counted: no holiday stretches it.
func (w Where) After(at civil.Instant, days int) civil.Instant {
	return (at.Day(w.Zone) + civil.Day(days)).End(w.Zone)
}

// Resolved is until when a contract that was resolved is paid back, exclusive.
func (w Where) Resolved(at civil.Instant) civil.Instant { return w.After(at, resolvedDays) }

// Fix is until when a fault is mended or the article replaced, exclusive (L217-10).
func (w Where) Fix(asked civil.Instant) civil.Instant { return w.After(asked, fixDays) }

// Mended is the clock of a fault, which is mended or paid back in thirty days from
// the request, and not before the article is there to be looked at; sooner where
// the consumer could have withdrawn. released is as in Refund.
func (w Where) Mended(asked, released civil.Instant, legal bool) RefundClock {
	switch alarm := w.Fix(asked); {
	case legal:
		return w.Refund(asked, released)
	case released.IsZero():
		return RefundClock{Alarm: alarm, Withheld: true}
	default:
		return RefundClock{Alarm: alarm, Due: max(alarm, released)}
	}
}

// RefundClock is when the law has a refund due.
type RefundClock struct {
	Alarm    civil.Instant // fourteen days after the statement: the hard alarm, whatever holds the refund back
	Due      civil.Instant // exclusive; zero while the refund may be withheld
	Withheld bool          // neither the goods nor a proof that they were sent are there
}

// Refund is the clock of L221-24: fourteen days from being told, but never before
// the goods are back or the consumer has proved that they were sent, whichever
// came first. Goods that come later than fourteen days make it due at once.
// released is that instant, zero while neither has happened.
func (w Where) Refund(told, released civil.Instant) RefundClock {
	alarm := w.After(told, refundDays)
	if released.IsZero() {
		return RefundClock{Alarm: alarm, Withheld: true}
	}
	return RefundClock{Alarm: alarm, Due: max(alarm, released)}
}

// monthsLater is the same day of a later month, or that month's last.
func monthsLater(d civil.Day, months int) civil.Day {
	year, month, day := d.Date()
	last := civil.Date(year, month+time.Month(months)+1, 0)
	return min(civil.Date(year, month+time.Month(months), day), last)
}
