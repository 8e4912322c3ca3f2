package lastmile_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// sofa is an order with a place from 14:00 to 16:00, on the morning of the day.
func sofa(t *testing.T) (*shop, ident.Order) {
	s := open(t)
	s.grid(lastmile.Grid{Windows: week(window(14, 16, 9))})
	o := s.order()
	s.must(s.book(o, s.offer(lastmile.Asking{Days: 1})[0]))
	return s, o
}

func (s *shop) ask(o ident.Order, at civil.Instant) (e lastmile.Early, fresh bool, err error) {
	err = s.Try(s.m, func(tx *flow.Tx) (err error) {
		e, fresh, err = lastmile.AskEarly(tx, s.m, o, at)
		return err
	})
	return e, fresh, err
}

func (s *shop) answer(o ident.Order, accepted bool) (e lastmile.Early, err error) {
	err = s.Try(s.m, func(tx *flow.Tx) (err error) {
		e, err = lastmile.AnswerEarly(tx, s.m, o, accepted)
		return err
	})
	return e, err
}

func (s *shop) state(o ident.Order) (state lastmile.EarlyState) {
	s.t.Helper()
	s.See(func(tx *db.Tx) error {
		e, asked, err := lastmile.EarlyOf(tx, s.m, o)
		if asked {
			state = e.State(tx.Now)
		}
		return err
	})
	return state
}

// The sofa refused at 09:00 keeps 14:00 to 16:00.
func TestASofaRefusedAtNineKeepsItsSlot(t *testing.T) {
	s, o := sofa(t)
	nine := s.At("2026-03-02 09:00")
	asked, fresh, err := s.ask(o, nine.Add(30*time.Minute))
	s.must(err)
	again, freshAgain, err := s.ask(o, nine.Add(time.Hour))
	s.must(err)
	if !fresh || freshAgain || again != asked || s.state(o) != lastmile.Asked {
		t.Errorf("asked %+v, and again %+v", asked, again)
	}
	for range 2 { // to say it again changes nothing
		if e, err := s.answer(o, false); err != nil || e.State(nine) != lastmile.Refused {
			t.Errorf("%+v, %v", e, err)
		}
	}
	_, err = s.answer(o, true)
	refused(t, "no was said", err, "early_answered", "accepted")
	_, _, err = s.ask(o, nine.Add(2*time.Hour))
	refused(t, "and is not asked again", err, "early_refused", "order")
	want := []fact.Body{
		fact.EarlyAsked{Early: asked.ID, Order: o, Shopper: s.camille, At: asked.At, From: asked.From, Until: asked.Until},
		fact.EarlyAnswered{Early: asked.ID, Order: o, Shopper: s.camille, At: asked.At},
	}
	if d := cmp.Diff(want, s.told(o)[1:]); d != "" {
		t.Error(d)
	}
	s.See(func(tx *db.Tx) error {
		of, err := lastmile.Bookings(tx, s.m, []ident.Order{o})
		if of[o].From != local("2026-03-02 14:00") || of[o].Until != local("2026-03-02 16:00") {
			t.Errorf("the slot became %+v", of[o])
		}
		return err
	})
}

// What was agreed to at 10:00 says nothing of 09:30.
func TestAConsentHoldsFromWhenItIsGiven(t *testing.T) {
	for _, row := range []struct{ law, at, answered, want string }{
		{"asked for 11:00, agreed at 10:00", "2026-03-02 11:00", "2026-03-02 10:00", "2026-03-02 11:00"},
		{"asked for 09:30, agreed at 10:00", "2026-03-02 09:30", "2026-03-02 10:00", "2026-03-02 10:00"},
	} {
		s, o := sofa(t)
		_, _, err := s.ask(o, local(row.at))
		s.must(err)
		s.At(row.answered)
		_, err = s.answer(o, true)
		s.must(err)
		told := s.told(o)
		if b := told[len(told)-1].(fact.EarlyAnswered); !b.Accepted || b.At != local(row.want) || s.state(o) != lastmile.Accepted {
			t.Errorf("%s: %+v", row.law, b)
		}
		if e, fresh, err := s.ask(o, local("2026-03-02 12:00")); err != nil || fresh || !e.Accepted {
			t.Errorf("%s: asked again, %+v, %v", row.law, e, err)
		}
	}
}

// Silence is no consent.
func TestSilence(t *testing.T) {
	s, o := sofa(t)
	_, _, err := s.ask(o, local("2026-03-02 11:00"))
	s.must(err)
	s.At("2026-03-02 13:59")
	if s.state(o) != lastmile.Asked {
		t.Errorf("a minute before the slot: %s", s.state(o))
	}
	s.At("2026-03-02 14:00")
	if s.state(o) != lastmile.Unanswered {
		t.Errorf("when the slot begins: %s", s.state(o))
	}
	_, err = s.answer(o, true)
	refused(t, "too late to agree", err, "early_too_late", "accepted")
	if told := s.told(o); len(told) != 2 {
		t.Errorf("silence said something: %+v", told)
	}
}

func TestAskEarlyRefuses(t *testing.T) {
	s, o := sofa(t)
	bare := s.order()
	cancelled := s.order()
	s.must(s.book(cancelled, s.offer(lastmile.Asking{Days: 1})[0]))
	s.Do(s.m, func(tx *flow.Tx) error { return order.Cancel(tx, s.m, cancelled, fact.ByShopper) })
	for _, row := range []struct {
		law, now, at string
		order        ident.Order
		code, field  string
	}{
		{"an order that is not there", "2026-03-02 09:00", "2026-03-02 11:00", "ord_none", "not_found", "order"},
		{"an order without a slot", "2026-03-02 09:00", "2026-03-02 11:00", bare, "slot_not_booked", "order"},
		{"an order taken back", "2026-03-02 09:00", "2026-03-02 11:00", cancelled, "slot_not_booked", "order"},
		{"when the slot begins: that is in time", "2026-03-02 09:00", "2026-03-02 14:00", o, "early_out_of_window", "at"},
		{"a minute ago", "2026-03-02 09:00", "2026-03-02 08:59", o, "early_out_of_window", "at"},
		{"the slot has begun", "2026-03-02 14:00", "2026-03-02 14:10", o, "slot_begun", "order"},
	} {
		s.At(row.now)
		_, _, err := s.ask(row.order, local(row.at))
		refused(t, row.law, err, row.code, row.field)
	}
	s.At("2026-03-02 09:00")
	_, err := s.answer(o, true)
	refused(t, "nobody asked", err, "not_found", "early")
	if _, _, err := s.ask(o, local("2026-03-02 09:00")); err != nil {
		t.Errorf("now is early enough: %v", err)
	}
}
