package returns

import (
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/money"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func at(t testing.TB, where Where, local string) civil.Instant {
	t.Helper()
	x, err := time.ParseInLocation("2006-01-02 15:04:05"[:len(local)], local, where.Zone)
	if err != nil {
		t.Fatal(err)
	}
	return civil.At(x)
}

func paris(t testing.TB) Where { return Where{zone(t, "Europe/Paris"), "FR"} }

func TestHowLongAConsumerMayWithdraw(t *testing.T) {
	fr := paris(t)
	for _, row := range []struct {
		law, possession string
		informed        bool
		where           Where
		until           string
	}{
		{"in hand on Tuesday the 3rd: to the end of Tuesday the 17th", "2026-03-03 10:00", true, fr, "2026-03-18 00:00"},
		{"in hand a second before midnight: the same", "2026-03-03 23:59:59", true, fr, "2026-03-18 00:00"},
		{"in hand at midnight: a day more", "2026-03-04 00:00", true, fr, "2026-03-19 00:00"},
		{"day 14 is a Saturday: to the end of Monday", "2026-03-07 10:00", true, fr, "2026-03-24 00:00"},
		{"day 14 is a Sunday: to the end of Monday", "2026-03-08 10:00", true, fr, "2026-03-24 00:00"},
		{"day 14 is Friday 1 May: to the end of Monday the 4th", "2026-04-17 10:00", true, fr, "2026-05-05 00:00"},
		{"day 14 is Easter Monday: Tuesday", "2026-03-23 10:00", true, fr, "2026-04-08 00:00"},
		{"day 14 is Good Friday, in Moselle: Tuesday", "2026-03-20 10:00", true, Where{fr.Zone, "FR-57"}, "2026-04-08 00:00"},
		{"day 14 is Good Friday, in Lyon: that day", "2026-03-20 10:00", true, fr, "2026-04-04 00:00"},
		{"the clocks change meanwhile: no hour is lost", "2026-03-20 10:00", true, fr, "2026-04-04 00:00"},
		{"day 14 is Christmas, then a weekend: Monday", "2026-12-11 10:00", true, fr, "2026-12-29 00:00"},
		{"never informed: twelve months from the end of the fourteen days", "2026-03-03 10:00", false, fr, "2027-03-18 00:00"},
		{"never informed, and that day is a Sunday", "2026-03-07 10:00", false, fr, "2027-03-23 00:00"},
		{"in Guadeloupe, by its own clocks", "2026-03-03 23:30", true, Where{zone(t, "America/Guadeloupe"), "FR-GP"}, "2026-03-18 00:00"},
		{"on 29 February", "2028-02-15 10:00", true, fr, "2028-03-01 00:00"},
	} {
		got := row.where.Withdrawal(at(t, row.where, row.possession), row.informed)
		if want := at(t, row.where, row.until); got != want {
			t.Errorf("%s: until %v, want %v", row.law, got.In(row.where.Zone), want.In(row.where.Zone))
		}
	}
}

func TestWhoIsToldLateHasFourteenDaysFromTheTelling(t *testing.T) {
	fr := paris(t)
	for _, row := range []struct{ law, told, until string }{
		{"told before it was in hand: as if it always had been", "2026-03-01 10:00", "2026-03-18 00:00"},
		{"told a month later", "2026-04-07 10:00", "2026-04-22 00:00"},
		{"told when thirteen months are nearly over: never later than those", "2027-03-16 10:00", "2027-03-18 00:00"},
	} {
		if got := fr.Informed(at(t, fr, "2026-03-03 10:00"), at(t, fr, row.told)); got != at(t, fr, row.until) {
			t.Errorf("%s: %v", row.law, got.In(fr.Zone))
		}
	}
}

func TestTheOtherDelaysOfTheLaw(t *testing.T) {
	fr := paris(t)
	statement := at(t, fr, "2026-03-03 23:59:59")
	back, reminders := fr.SendBack(statement)
	for _, row := range []struct {
		law  string
		got  civil.Instant
		want string
	}{
		{"send_back: fourteen days from the statement", back, "2026-03-18 00:00"},
		{"send_back: a reminder on day 7", reminders[0], "2026-03-10 00:00"},
		{"send_back: a reminder on day 12", reminders[1], "2026-03-15 00:00"},
		{"refund_withdrawal: fourteen days from the statement, weekend or not", fr.Refund(at(t, fr, "2026-03-07 10:00"), 1).Alarm, "2026-03-22 00:00"},
		{"conformity_fix: thirty days from the request", fr.Fix(statement), "2026-04-03 00:00"},
		{"conformity: two years from delivery", fr.Conformity(statement), "2028-03-04 00:00"},
		{"conformity of what came on 29 February", fr.Conformity(at(t, fr, "2028-02-29 10:00")), "2030-03-01 00:00"},
		{"process_by: fourteen days from reception", fr.After(statement, 14), "2026-03-18 00:00"},
		{"thirty days of the shop's own, over the change of clocks", fr.After(statement, 30), "2026-04-03 00:00"},
	} {
		if row.got != at(t, fr, row.want) {
			t.Errorf("%s: %v, want %s", row.law, row.got.In(fr.Zone), row.want)
		}
	}
	if sunday, _ := fr.SendBack(at(t, fr, "2026-03-08 10:00")); sunday != at(t, fr, "2026-03-24 00:00") {
		t.Errorf("send_back that ends on a Sunday: %v", sunday.In(fr.Zone))
	}
}

func TestWhenARefundAfterAWithdrawalIsDue(t *testing.T) {
	fr := paris(t)
	for _, row := range []struct{ law, told, released, due string }{
		{"nothing is back, nothing proved: withheld", "2026-03-03 10:00", "", ""},
		{"proved at once: fourteen days from being told", "2026-03-03 10:00", "2026-03-03 11:00", "2026-03-18 00:00"},
		{"proved on day 14: the same", "2026-03-03 10:00", "2026-03-17 23:59:59", "2026-03-18 00:00"},
		{"proved the instant the fourteen days are over: due then", "2026-03-03 10:00", "2026-03-18 00:00", "2026-03-18 00:00"},
		{"proved on day 20: due at once", "2026-03-03 10:00", "2026-03-23 15:30", "2026-03-23 15:30"},
	} {
		var released civil.Instant
		if row.released != "" {
			released = at(t, fr, row.released)
		}
		got := fr.Refund(at(t, fr, row.told), released)
		var want civil.Instant
		if row.due != "" {
			want = at(t, fr, row.due)
		}
		if got.Due != want || got.Alarm != at(t, fr, "2026-03-18 00:00") || got.Withheld != (row.due == "") {
			t.Errorf("%s: %+v", row.law, got)
		}
	}
}

// Each boundary day belongs to one band: [0, 10], (10, 20], (20, 30], (30, 60],
// (60, 90], and beyond.
func TestBandsOfALateRefund(t *testing.T) {
	due := at(t, paris(t), "2026-03-18 00:00")
	for _, row := range []struct {
		day        string
		late       int
		band       string
		basis      int64
		unsetKnown bool
	}{
		{"2026-03-17", 0, "", 0, true},
		{"2026-03-18", 1, "0-10", 262, false},
		{"2026-03-27", 10, "0-10", 262, false},
		{"2026-03-28", 11, "10-20", 500, true},
		{"2026-04-06", 20, "10-20", 500, true},
		{"2026-04-07", 21, "20-30", 1000, true},
		{"2026-04-16", 30, "20-30", 1000, true},
		{"2026-04-17", 31, "30-60", 2000, true},
		{"2026-05-16", 60, "30-60", 2000, true},
		{"2026-05-17", 61, "60-90", 5000, true},
		{"2026-06-15", 90, "60-90", 5000, true},
		{"2026-06-16", 91, "90+", 5500, true},
		{"2026-07-15", 120, "90+", 5500, true},
		{"2026-07-16", 121, "90+", 6000, true},
		{"2027-04-11", 390, "90+", 10000, true},
		{"2027-04-12", 391, "full", 10262, false},
	} {
		day, err := civil.ParseDay(row.day)
		if err != nil {
			t.Fatal(err)
		}
		late := paris(t).DaysLate(due, day)
		got, unset := Withdrawn(late, 262), Withdrawn(late, -1)
		if late != row.late || got.Code != row.band || got.Basis != row.basis || !got.Known || unset.Known != row.unsetKnown {
			t.Errorf("%s: %d days, %+v; the rate unset: %+v", row.day, late, got, unset)
		}
	}
	half := paris(t)
	if n := half.DaysLate(at(t, half, "2026-03-23 15:30"), civil.Date(2026, 3, 23)); n != 0 {
		t.Errorf("due this afternoon, %d days late this morning", n)
	}
	added, err := Withdrawn(25, -1).Of(money.Of(4590, money.EUR))
	if err != nil || added.Minor != 459 {
		t.Errorf("10 %% of 45.90: %v, %v", added, err)
	}
}

func TestBandsOfAResolution(t *testing.T) {
	for late, basis := range map[int]int64{0: 0, 1: 1000, 14: 1000, 15: 2000, 30: 2000, 31: 5000, 400: 5000} {
		if got := Resolved(late); got.Basis != basis {
			t.Errorf("%d days late: %+v", late, got)
		}
	}
}
