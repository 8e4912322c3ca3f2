package tracking

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
)

// afternoon is a time of the day before the events of tests come in.
func afternoon(clock string) civil.Instant {
	t, err := time.ParseInLocation("2006-01-02 15:04", "2026-03-08 "+clock, flowtest.Paris)
	if err != nil {
		panic(err)
	}
	return civil.At(t)
}

func TestExpected(t *testing.T) {
	said := func(at, eta string) Event {
		r := say("E1", fact.OutForDelivery, afternoon(at))
		r.Expected = afternoon(eta)
		return Delivery{}.event(here, r)
	}
	seen := func(at string, status fact.Status) Event {
		return Delivery{}.event(here, say("E1", status, afternoon(at)))
	}
	for _, row := range []struct {
		law    string
		events []Event
		want   string
	}{
		{"nobody said", []Event{seen("14:00", fact.OutForDelivery)}, ""},
		{"announced once", []Event{said("15:40", "16:31")}, "16:31"},
		{"announced again: the last word counts", []Event{said("15:40", "16:31"), said("16:10", "16:20")}, "16:20"},
		{"another scan of the round says nothing of the hour", []Event{said("15:40", "16:31"), seen("15:50", fact.OutForDelivery)}, "16:31"},
		{"tried in vain since: the hour is over", []Event{said("15:40", "16:31"), seen("16:20", fact.FailedAttempt)}, ""},
		{"announced again after that", []Event{said("15:40", "16:31"), seen("16:20", fact.FailedAttempt), said("16:40", "18:00")}, "18:00"},
		{"delivered", []Event{said("15:40", "16:31"), seen("16:31", fact.Delivered)}, ""},
		{"lost", []Event{said("15:40", "16:31"), seen("18:00", fact.Lost)}, ""},
	} {
		want := civil.Instant(0)
		if row.want != "" {
			want = afternoon(row.want)
		}
		if got := Fold(row.events, AtHome).Expected; got != want {
			t.Errorf("%s: %s, want %s", row.law, got, want)
		}
	}
}

// An hour announced is told to who listens, once, and kept with its event; the
// same words for another hour are another event.
func TestAnAnnouncedHourIsTold(t *testing.T) {
	w := world(t)
	s := open(t, w)
	p := s.announce("E1", s.home)
	at := s.At("2026-03-02 15:40")
	eta := func(when civil.Instant) carrier.Report {
		return carrier.Report{
			Number: "E1", Code: "eta", Status: fact.OutForDelivery, Label: "Running late", Source: fact.FromCourier,
			At: at, Precision: fact.Exact, Expected: when,
		}
	}
	first, second := at.Add(51*time.Minute), at.Add(80*time.Minute)
	s.report(fact.TrustSigned, "a", eta(first))
	if accepted, _ := s.report(fact.TrustSigned, "b", eta(first)); accepted != 0 {
		t.Error("the same announcement is two events")
	}
	if got := s.story(p).Expected; got != first {
		t.Errorf("expected at %s", got)
	}
	at = at.Add(time.Minute)
	s.At("2026-03-02 15:41")
	s.report(fact.TrustSigned, "c", eta(second))
	var told []civil.Instant
	for _, f := range facts[fact.ParcelMoved](s, p) {
		told = append(told, f.Expected)
	}
	if d := cmp.Diff([]civil.Instant{first, second}, told); d != "" {
		t.Error(d)
	}
	if es := s.events(p); len(es) != 2 || es[0].Expected != first || es[1].Expected != second {
		t.Errorf("events: %+v", es)
	}
}
