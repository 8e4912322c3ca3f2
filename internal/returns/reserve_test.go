package returns_test

import (
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/returns"
)

func TestUntilWhenACarrierIsToldOfDamage(t *testing.T) {
	paris, err := civil.Zone("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	w := returns.Where{Zone: paris, Region: "FR"}
	for _, c := range []struct{ law, possession, by, unchecked, action string }{
		{"Tuesday: three days are Friday", "2026-03-03 10:00", "2026-03-07 00:00", "2026-03-14 00:00", "2027-03-04 00:00"},
		{"a Sunday counts", "2026-03-06 18:00", "2026-03-10 00:00", "2026-03-17 00:00", "2027-03-07 00:00"},
		{"Thursday before 1 May: the holiday does not", "2026-04-30 10:00", "2026-05-05 00:00", "2026-05-11 00:00", "2027-05-01 00:00"},
		{"the last minute of a day is that day", "2026-03-03 23:59", "2026-03-07 00:00", "2026-03-14 00:00", "2027-03-04 00:00"},
	} {
		p := w.Protest(local(c.possession))
		if p.By != local(c.by) || p.UncheckedBy != local(c.unchecked) || p.ActionBy != local(c.action) {
			t.Errorf("%s: %v, %v, %v", c.law, p.By, p.UncheckedBy, p.ActionBy)
		}
	}
}

// Damage starts the clock, other reasons do not; a letter is noted once, and not
// after the last day.
func TestDamageOnArrivalStartsTheClockAgainstTheCarrier(t *testing.T) {
	s := open(t)
	s.Do(s.m, func(tx *flow.Tx) error {
		c := s.conditions()
		c.Reasons[0].Photo = false // "damaged"
		return returns.SetConditions(tx, s.m, c)
	})
	protests := func() (n int) {
		s.See(func(tx *db.Tx) (err error) {
			n, err = returns.OpenProtestCount(tx, s.m)
			return err
		})
		return n
	}
	noted := func(id ident.Return, reference string) (p returns.Protest, err error) {
		err = s.Try(s.m, func(tx *flow.Tx) error {
			p, err = returns.Protested(tx, s.m, id, reference)
			return err
		})
		return p, err
	}
	damaged := func() returns.Return {
		b := s.had()
		return s.asked(s.wants(b, map[ident.Line]int{b.scarf: 1}, "damaged"))
	}
	b := s.had()
	other := s.asked(s.wants(b, map[ident.Line]int{b.scarf: 1}, "wrong_size"))
	if _, err := noted(other.ID, "RK 1"); protests() != 0 || err == nil {
		t.Errorf("nothing was damaged: %d, %v", protests(), err)
	}
	r := damaged()
	if protests() != 1 {
		t.Fatalf("%d to send", protests())
	}
	if _, err := noted(r.ID, " "); err == nil {
		t.Error("a letter without a reference")
	}
	p, err := noted(r.ID, "RK 2026 03")
	s.must(err)
	again, err := noted(r.ID, "another")
	s.must(err)
	if protests() != 0 || p.Reference != "RK 2026 03" || again.Reference != p.Reference || again.Sent != p.Sent {
		t.Errorf("%+v, then %+v, %d to send", p, again, protests())
	}
	late := damaged()
	s.Pass(11 * 24 * time.Hour)
	_, err = noted(late.ID, "RK 2")
	refused(t, "eleven days later", err, "protest_over", "return")
	if protests() != 0 {
		t.Errorf("%d that nobody can send any more", protests())
	}
}
