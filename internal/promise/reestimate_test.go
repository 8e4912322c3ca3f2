package promise

import (
	"testing"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// When it will really come is looked up, and said; nothing that is owed moves.
func TestSomebodyLooksUpWhenItWillReallyCome(t *testing.T) {
	s := open(t)
	c := s.owe(1, "2026-03-10")
	s.At("2026-03-09 18:00")
	s.ship(c.Order, "A1", 1)
	s.hear(s.scan("A1", fact.PickedUp, "2026-03-09 18:00"))
	s.At("2026-03-11 10:00")
	s.Quiet()
	curves := NewCurves()
	var e Expected
	s.Do(s.m, func(tx *flow.Tx) (err error) {
		e, err = curves.Reestimate(tx, s.m, c.ID)
		return err
	})
	if e.Day < day("2026-03-11") || e.Day > day("2026-03-20") || e.Confidence != 0 || e.By <= s.Clock().Now() {
		t.Errorf("a parcel on a standard: %+v", e)
	}
	if got := s.now(c); got.Until != c.Until {
		t.Error("what is owed has moved")
	}
	s.See(func(tx *db.Tx) error {
		facts, err := flow.Timeline(tx, s.m, string(c.Order))
		told := 0
		for _, f := range facts {
			if b, is := f.Body.(fact.PromiseReestimated); is && b.By == e.By {
				told++
			}
		}
		if told != 1 {
			t.Errorf("%d facts say so", told)
		}
		return err
	})
	s.hear(s.scan("A1", fact.Delivered, "2026-03-11 09:30"))
	s.Quiet()
	err := s.Try(s.m, func(tx *flow.Tx) error {
		_, err := curves.Reestimate(tx, s.m, c.ID)
		return err
	})
	if !fault.Is(err, "commitment_closed") {
		t.Errorf("it is there: %v", err)
	}
}

func TestWhatWillNotComeHasNoDate(t *testing.T) {
	s := open(t)
	c := s.owe(1, "2026-03-10")
	s.At("2026-03-09 18:00")
	s.ship(c.Order, "A1", 1)
	s.hear(s.scan("A1", fact.Lost, "2026-03-09 18:00"))
	err := s.Try(s.m, func(tx *flow.Tx) error {
		_, err := NewCurves().Reestimate(tx, s.m, c.ID)
		return err
	})
	if !fault.Is(err, "no_estimate") {
		t.Errorf("got %v", err)
	}
}
