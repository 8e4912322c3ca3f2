package returns_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
	"github.com/promesse-dev/promesse/internal/returns"
)

// fetchedOn wants a parcel to be fetched at the door on a day.
func fetchedOn(day civil.Day) func(*returns.Wanted) {
	return func(w *returns.Wanted) { w.Route, w.Pickup = fact.BackByPickup, day }
}

// fetchedNext is the next working day, in a week without holidays.
func fetchedNext(s *shop) func(*returns.Wanted) {
	day := s.Clock().Now().Day(flowtest.Paris) + 1
	for day.Weekday() == time.Saturday || day.Weekday() == time.Sunday {
		day++
	}
	return fetchedOn(day)
}

func TestWhichDaysAParcelIsFetchedOn(t *testing.T) {
	for _, row := range []struct {
		law  string
		at   string // in the hands of the shopper, an hour before they ask
		want []string
	}{
		{"Wednesday: from tomorrow on, over the week-end", "2026-03-04 10:00", []string{"2026-03-05", "2026-03-06", "2026-03-09", "2026-03-10", "2026-03-11"}},
		{"Thursday 30 April: 1 May is no working day", "2026-04-30 10:00", []string{"2026-05-04", "2026-05-05", "2026-05-06", "2026-05-07", "2026-05-11"}},
	} {
		s := open(t)
		b := s.buys()
		s.At(row.at)
		s.delivers(b, s.Clock().Now().Add(-time.Hour))
		f, err := s.options(s.wants(b, map[ident.Line]int{b.coat: 1}, "no_longer_needed"), nil)
		s.must(err)
		var got []string
		for _, o := range f.Options {
			for _, day := range o.Pickups {
				got = append(got, day.String())
			}
		}
		if d := cmp.Diff(row.want, got); d != "" {
			t.Errorf("%s: %s", row.law, d)
		}
	}
}

func TestWhoNamesNoDayIsFetchedOnTheFirst(t *testing.T) {
	s := open(t)
	b := s.had() // Wednesday 4 March
	if r := s.asked(s.wants(b, map[ident.Line]int{b.scarf: 1}, "no_longer_needed", fetchedOn(civil.NoDay))); r.Pickup != civil.Date(2026, 3, 5) {
		t.Errorf("fetched on %s", r.Pickup)
	}
}

func TestThePickUpIsPromisedWithItsLabel(t *testing.T) {
	s := open(t)
	b := s.had() // Wednesday 4 March
	for law, row := range map[string]struct {
		day  civil.Day
		code string
	}{
		"today":      {civil.Date(2026, 3, 4), "pickup_day_not_offered"},
		"a Saturday": {civil.Date(2026, 3, 7), "pickup_day_not_offered"},
	} {
		_, _, err := s.asks(s.wants(b, map[ident.Line]int{b.scarf: 1}, "no_longer_needed", fetchedOn(row.day)))
		refused(t, law, err, row.code, "pickup")
	}
	friday := civil.Date(2026, 3, 6)
	r := s.asked(s.wants(b, map[ident.Line]int{b.scarf: 1}, "no_longer_needed", fetchedOn(friday)))
	if said := told[fact.PickupSet](s, b.ID); len(said) != 0 {
		t.Errorf("promised without a label: %+v", said)
	}
	s.labels(r.ID)
	want := fact.PickupSet{
		Sendback: fact.Sendback{Return: r.ID, Order: b.ID, Shopper: s.camille}, Window: string(r.ID) + "/2026-03-06",
		From: friday.Start(flowtest.Paris), Until: friday.End(flowtest.Paris),
	}
	if d := cmp.Diff([]fact.PickupSet{want}, told[fact.PickupSet](s, b.ID)); d != "" {
		t.Error(d)
	}
	if got := s.printer.asked[0].Ready; got != friday {
		t.Errorf("the carrier is told %s", got)
	}
	s.At("2026-03-06 11:00")
	s.scan("BACK1", fact.PickedUp, s.Clock().Now())
	if said := told[fact.ReturnDeposited](s, b.ID); len(said) != 1 || said[0].Window != want.Window {
		t.Errorf("%+v", said)
	}
	s.Pass(48 * time.Hour)
	s.Quiet()
	if said := told[fact.PickupMissed](s, b.ID); len(said) != 0 {
		t.Errorf("fetched, and said to be missed: %+v", said)
	}
}

// Nobody came: the label serves another day, and no second one is made.
func TestAMissedPickUpIsOfferedAgain(t *testing.T) {
	s := open(t)
	b := s.had()
	r := s.asked(s.wants(b, map[ident.Line]int{b.scarf: 1}, "no_longer_needed", fetchedOn(civil.Date(2026, 3, 6))))
	s.labels(r.ID)
	again := func(day civil.Day) error {
		return s.Try(s.m, func(tx *flow.Tx) error {
			_, err := returns.FetchAgain(tx, s.m, r.ID, day)
			return err
		})
	}
	refused(t, "a day stands", again(civil.Date(2026, 3, 9)), "return_state", "")
	s.At("2026-03-07 11:59")
	s.Quiet()
	if r := s.get(r.ID); r.Unfetched() {
		t.Error("the news of a parcel that was fetched may take twelve hours")
	}
	s.At("2026-03-07 12:00")
	s.Quiet()
	if said := told[fact.PickupMissed](s, b.ID); len(said) != 1 || said[0].Window != string(r.ID)+"/2026-03-06" || !s.get(r.ID).Unfetched() {
		t.Errorf("nobody came: %+v", said)
	}
	var days []civil.Day
	missed := s.get(r.ID)
	s.See(func(tx *db.Tx) (err error) {
		days, err = returns.PickupDays(tx, s.m, missed)
		return err
	})
	if len(days) != 5 || days[0] != civil.Date(2026, 3, 9) {
		t.Fatalf("offered %v", days)
	}
	refused(t, "a Sunday", again(civil.Date(2026, 3, 8)), "pickup_day_not_offered", "pickup")
	s.must(again(days[0]))
	s.must(again(days[0]))
	s.Quiet()
	if said := told[fact.PickupSet](s, b.ID); len(said) != 2 || s.printer.made != 1 || s.get(r.ID).Unfetched() {
		t.Errorf("%d windows, %d labels", len(said), s.printer.made)
	}
	s.At("2026-03-10 12:00")
	s.Quiet()
	if said := told[fact.PickupMissed](s, b.ID); len(said) != 2 {
		t.Errorf("missed twice, told %d times", len(said))
	}
	s.inState("its time to be deposited began again", r.ID, returns.Ready)
}

// A label that comes on the day itself, or after it, is too late for it.
func TestALabelThatComesTooLateForThePickUp(t *testing.T) {
	s := open(t)
	b := s.had()
	r := s.asked(s.wants(b, map[ident.Line]int{b.scarf: 1}, "no_longer_needed", fetchedOn(civil.Date(2026, 3, 5))))
	s.At("2026-03-05 08:00")
	s.labels(r.ID)
	if said := told[fact.PickupSet](s, b.ID); len(said) != 0 || !s.get(r.ID).Unfetched() {
		t.Errorf("promised %+v", said)
	}
}

func TestAPickUpCalledOff(t *testing.T) {
	s := open(t)
	b := s.had()
	r := s.asked(s.wants(b, map[ident.Line]int{b.scarf: 1}, "no_longer_needed", fetchedOn(civil.Date(2026, 3, 6))))
	s.labels(r.ID)
	s.Do(s.m, func(tx *flow.Tx) error {
		_, err := returns.Cancel(tx, s.m, r.ID, fact.ByShopper)
		return err
	})
	s.At("2026-03-08 12:00")
	s.Quiet()
	if said := told[fact.ReturnCancelled](s, b.ID); len(said) != 1 || said[0].Window == "" || len(told[fact.PickupMissed](s, b.ID)) != 0 {
		t.Errorf("%+v", said)
	}
}
