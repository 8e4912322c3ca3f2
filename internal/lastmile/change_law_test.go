package lastmile

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/tracking"
)

var inParis = func() *time.Location {
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		panic(err)
	}
	return zone
}()

func stamp(text string) civil.Instant {
	at, err := time.ParseInLocation("2006-01-02 15:04", text, inParis)
	if err != nil {
		panic(err)
	}
	return civil.At(at)
}

// tuesday is owed on Tuesday 24 November 2026, of which the carrier must hear the
// evening before, at 20:00.
var (
	tuesday = Delivery{Window: civil.Window{From: stamp("2026-11-23 00:00"), Until: stamp("2026-11-25 00:00")}, Zone: "Europe/Paris", Open: true}
	eve     = 4 * time.Hour
)

// Capability × status × cut-off: what a carrier that takes a change takes now.
func TestWhatIsTakenByStatusAndCutOff(t *testing.T) {
	tried := tracking.Story{Status: fact.FailedAttempt}
	tried.Clocks.Presented = fact.Span{From: stamp("2026-11-24 10:00"), Until: stamp("2026-11-24 10:01")}
	back := tried
	back.Status = fact.InTransit
	at := func(s fact.Status) tracking.Story { return tracking.Story{Status: s} }
	late := tuesday
	late.Open = false
	for _, row := range []struct {
		law   string
		what  fact.ChangeKind
		story tracking.Story
		now   string
		owed  Delivery
		why   WhyNot
	}{
		{"another door, on its way, a minute before the evening", fact.Readdress, at(fact.InTransit), "2026-11-23 19:59", tuesday, ""},
		{"another door, at the minute itself", fact.Readdress, at(fact.InTransit), "2026-11-23 20:00", tuesday, NotLate},
		{"another door, in good time, but the courier has it: locked", fact.Readdress, at(fact.OutForDelivery), "2026-11-23 12:00", tuesday, NotOut},
		{"another door, after an attempt that failed: still locked", fact.Readdress, tried, "2026-11-23 12:00", tuesday, NotOut},
		{"another door, at the depot again after an attempt: still locked", fact.Readdress, back, "2026-11-23 12:00", tuesday, NotOut},
		{"a relay point, after an attempt that failed", fact.Redirect, tried, "2026-11-23 12:00", tuesday, ""},
		{"a relay point, while the courier has it", fact.Redirect, at(fact.OutForDelivery), "2026-11-23 12:00", tuesday, NotOut},
		{"another day, on its way", fact.Reschedule, at(fact.InTransit), "2026-11-23 12:00", tuesday, ""},
		{"another day, too late", fact.Reschedule, at(fact.InTransit), "2026-11-24 07:00", tuesday, NotLate},
		{"taken back, only announced yet", fact.CallBack, at(fact.Pending), "2026-11-23 12:00", tuesday, ""},
		{"taken back, on its way", fact.CallBack, at(fact.InTransit), "2026-11-23 12:00", tuesday, ""},
		{"taken back, after the evening before", fact.CallBack, at(fact.InTransit), "2026-11-24 07:00", tuesday, NotLate},
		{"taken back, while the courier has it", fact.CallBack, at(fact.OutForDelivery), "2026-11-24 07:00", tuesday, NotOut},
		{"taken back, late: no hour is left to be kept", fact.CallBack, at(fact.InTransit), "2026-11-26 09:00", late, ""},
		{"taken back, late, and out: too late all the same", fact.CallBack, at(fact.OutForDelivery), "2026-11-26 09:00", late, NotOut},
	} {
		p := Possible{story: row.story, zone: inParis}
		if _, why := p.cutOff(stamp(row.now), carrier.Allowance{What: row.what, Before: eve}, row.owed); why != row.why {
			t.Errorf("%s: %q, want %q", row.law, why, row.why)
		}
	}
}

// To have a parcel taken back is to withdraw from the whole order.
func TestWhatCanBeTakenBack(t *testing.T) {
	book, bread := order.Line{Units: 1}, order.Line{Units: 1, Traits: order.Traits{Excluded: "L221-28 4°"}}
	for _, row := range []struct {
		law   string
		goods []order.Line
		whole bool
		why   WhyNot
	}{
		{"all of it in one parcel", []order.Line{book}, true, ""},
		{"a part is not packed yet: it would leave after all", []order.Line{book}, false, NotAlone},
		{"bread among it, which the law leaves out", []order.Line{book, bread}, true, NotLawful},
	} {
		if why := (Possible{goods: row.goods, whole: row.whole}).recallable(); why != row.why {
			t.Errorf("%s: %q, want %q", row.law, why, row.why)
		}
	}
}

// A window at another door is the shopper's to choose: none is owed that was not shown.
func TestAnotherDayIsAgreedToOrNotAskedFor(t *testing.T) {
	wednesday := civil.Window{From: stamp("2026-11-25 00:00"), Until: stamp("2026-11-26 00:00")}
	there := Reach{To: order.Address{Street: "12 rue Neuve"}, Zone: "Europe/Paris"}
	moved := there
	moved.Window = wednesday
	for _, row := range []struct {
		law    string
		reach  Reach
		agreed civil.Instant
		fault  string
		until  civil.Instant
	}{
		{"the same day: nothing to agree to", there, 0, "", 0},
		{"the same day, whatever was agreed to", there, wednesday.Until, "", 0},
		{"another day, not shown", moved, 0, "change_moves_day", 0},
		{"another day than the one shown", moved, tuesday.Until, "change_moves_day", 0},
		{"another day, agreed to", moved, wednesday.Until, "", wednesday.Until},
		{"nobody said that the service goes there", Reach{}, 0, "change_not_offered", 0},
	} {
		want, err := row.reach.wanted(civil.Window{Until: row.agreed}, tuesday)
		if code := codeOf(err); code != row.fault || err == nil && want.Until != row.until {
			t.Errorf("%s: %+v, %v", row.law, want, err)
		}
	}
}

// Whatever incidents there are, no day of theirs is offered, each that would have been
// is named, and the days offered are as many as without them.
func TestNoDayOfAnIncidentIsOffered(t *testing.T) {
	p := Possible{zone: inParis, Service: carrier.Service{ID: ident.Service("srv_1"), Delivers: civil.MondayToSaturday}}
	now := stamp("2026-11-23 09:00")
	rapid.Check(t, func(r *rapid.T) {
		d := tuesday
		for range rapid.IntRange(0, 3).Draw(r, "incidents") {
			first := now.Day(inParis) + civil.Day(rapid.IntRange(0, 12).Draw(r, "from"))
			d.Closed = append(d.Closed, civil.Days{First: first, Last: first + civil.Day(rapid.IntRange(0, 4).Draw(r, "long"))})
		}
		days, closed := p.days(now, d, 0, daysOffered)
		for _, day := range days {
			if d.closed(day) {
				r.Fatalf("%s is offered", day)
			}
		}
		for _, day := range closed {
			if !d.closed(day) {
				r.Fatalf("%s is said to be closed", day)
			}
		}
		if len(days) != daysOffered || len(d.Closed) == 0 && len(closed) > 0 {
			r.Fatalf("%v, closed %v", days, closed)
		}
	})
}

func codeOf(err error) string {
	if all := fault.All(err); len(all) > 0 {
		return all[0].Code
	}
	return ""
}
