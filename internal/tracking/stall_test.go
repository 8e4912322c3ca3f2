package tracking

import (
	"context"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

func TestASilentParcelStallsOncePerSignOfLife(t *testing.T) {
	s := open(t, world(t))
	id := s.announce("A1", s.home)
	for _, row := range []struct {
		law   string
		pass  time.Duration
		scan  fact.Status // reported then, when there is one
		facts int
	}{
		{"announced 47 hours ago", 47 * time.Hour, "", 0},
		{"announced 48 hours ago, never scanned", time.Hour, "", 1},
		{"the same silence a week later", 7 * 24 * time.Hour, "", 1},
		{"a scan", time.Hour, fact.InTransit, 1},
		{"47 hours after the scan", 47 * time.Hour, "", 1},
		{"48 hours after", time.Hour, "", 2},
		{"a code nobody knows is a sign of life too", time.Hour, fact.Unknown, 2},
		{"48 hours after that", 48 * time.Hour, "", 3},
		{"ready at a point", time.Hour, fact.ReadyForPickup, 3},
		{"it may wait there", 20 * 24 * time.Hour, "", 3},
		{"on a round again", time.Hour, fact.OutForDelivery, 3},
		{"48 hours after", 48 * time.Hour, "", 4},
		{"delivered", time.Hour, fact.Delivered, 4},
		{"nothing more is expected", 90 * 24 * time.Hour, "", 4},
	} {
		s.Pass(row.pass)
		if row.scan != "" {
			now := s.Clock().Now()
			s.report(fact.TrustSigned, row.law, say("A1", row.scan, now))
		}
		s.Quiet()
		if n := len(facts[fact.ParcelStalled](s, id)); n != row.facts {
			t.Fatalf("%s: %d facts, want %d", row.law, n, row.facts)
		}
	}
	told := facts[fact.ParcelStalled](s, id)
	if !told[0].LastScan.IsZero() || told[0].Status != fact.Pending || told[1].Status != fact.InTransit || told[1].LastScan.IsZero() {
		t.Errorf("facts: %+v", told)
	}
}

// An old scan that comes late is no sign of life newer than the one told of.
func TestALateScanDoesNotTellTheSameSilenceTwice(t *testing.T) {
	s := open(t, world(t))
	id := s.announce("A1", s.home)
	at := s.At("2026-03-02 18:00")
	s.report(fact.TrustSigned, "1", say("A1", fact.InTransit, at))
	s.Pass(48 * time.Hour)
	s.Quiet()
	s.report(fact.TrustSigned, "2", say("A1", fact.PickedUp, at-1))
	s.Pass(time.Hour)
	s.Quiet()
	if n := len(facts[fact.ParcelStalled](s, id)); n != 1 {
		t.Errorf("%d facts", n)
	}
	s.See(func(tx *db.Tx) error {
		parked, err := flow.ParkedAfter(tx, 0, "", 100)
		for _, p := range parked {
			if p.Merchant == s.m {
				t.Errorf("it was tried again: %+v", p)
			}
		}
		return err
	})
}

func TestTheClockKnowsWhenTheNextParcelStalls(t *testing.T) {
	s := open(t, world(t))
	start := s.Clock().Now()
	s.announce("A1", s.home)
	next, err := s.NextDue(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if want := start.Add(48 * time.Hour); next > want {
		t.Errorf("due at %s, want %s at the latest", next, want)
	}
}
