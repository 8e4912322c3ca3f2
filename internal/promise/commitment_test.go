package promise

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
)

func TestWhatWasShownIsWhatIsOwed(t *testing.T) {
	s := open(t)
	p := s.promised("2026-03-10")
	o := s.place(1)
	c := s.commit(o, p)
	got := s.now(c)
	want := Commitment{
		ID: c.ID, Owed: fact.DeliverBy, Order: o, Shopper: s.camille, Service: s.home.ID, Stock: s.stock.ID,
		From: local("2026-03-10 00:00"), Until: local("2026-03-11 00:00"), Zone: "Europe/Paris", Clock: ShopperClock,
		Origin: FromQuote, Quote: p.Quote, Shown: "Livré mardi 10 mars", Locale: lang.French, Confidence: 0.95, Basis: BasisOwn,
		HandoverBy: local("2026-03-07 00:00"), Grace: 12 * time.Hour,
		State: fact.Open, Made: local("2026-03-02 09:00"), Last: Verdict{Commitment: c.ID},
		dueAt: local("2026-03-11 12:00"),
	}
	if d := cmp.Diff(want, got, cmp.AllowUnexported(Commitment{})); d != "" {
		t.Error(d)
	}
	m := last[fact.PromiseMade](s, o)
	if m.Commitment != c.ID || m.Confidence != 0.95 || m.Order != o || m.Shopper != s.camille || m.Until != c.Until {
		t.Errorf("%+v", m)
	}
}

func TestATokenServesOnce(t *testing.T) {
	s := open(t)
	p := s.promised("2026-03-10")
	s.commit(s.place(1), p)
	o := s.place(1)
	err := s.Try(s.m, func(tx *flow.Tx) error {
		_, err := Commit(tx, s.m, p, o, s.camille)
		return err
	})
	if !fault.Is(err, "token_used") {
		t.Fatalf("second order: %v", err)
	}
	s.mustSay(o)
}

func TestAnOrderWithoutADateIsOwedWithinThirtyDays(t *testing.T) {
	tests := []struct{ law, now, zone, until string }{
		{"ordered on 2 March → until the end of 1 April", "2026-03-02 09:00", "Europe/Paris", "2026-04-02 00:00"},
		{"ordered in the last second of 2 March → the same", "2026-03-02 23:59:59", "Europe/Paris", "2026-04-02 00:00"},
		{"ordered at 01:00 in Paris, still 2 March in Martinique → the end of 1 April there", "2026-03-03 01:00", "America/Martinique", "2026-04-02 06:00"},
	}
	for _, tt := range tests {
		t.Run(tt.law, func(t *testing.T) {
			s := open(t)
			s.At(tt.now)
			o := s.place(1)
			var c Commitment
			s.Do(s.m, func(tx *flow.Tx) (err error) {
				c, err = CommitByLaw(tx, s.m, Unpromised{Order: o, Shopper: s.camille, Service: s.home.ID, Zone: tt.zone, Locale: lang.French})
				return err
			})
			got := s.now(c)
			if got.Until != local(tt.until) || got.Clock != LawClock || got.Origin != FromLaw || got.Confidence != 0 || got.Basis != "" || got.Quote != "" {
				t.Errorf("%v: %+v", got.Until, got)
			}
		})
	}
}

func TestTwoOrdersByLawDoNotCollide(t *testing.T) {
	s := open(t)
	for range 2 {
		o := s.place(1)
		s.Do(s.m, func(tx *flow.Tx) error {
			_, err := CommitByLaw(tx, s.m, Unpromised{Order: o, Shopper: s.camille, Zone: "Europe/Paris", Locale: lang.French})
			return err
		})
		s.mustSay(o, made)
	}
}

// amend asks for another day.
func (s *shop) amend(c Commitment, until string, by fact.Party) (next Commitment, err error) {
	err = s.Try(s.m, func(tx *flow.Tx) (err error) {
		next, err = Amend(tx, s.m, c.ID, Amendment{
			From: day(until).Start(flowtest.Paris), Until: day(until).End(flowtest.Paris), By: by,
			Shown: "Livré vendredi 13 mars", Locale: lang.French,
		})
		return err
	})
	return next, err
}

func TestTheShopperMayChooseAnotherDay(t *testing.T) {
	s := open(t)
	c := s.owe(1, "2026-03-10")
	s.ship(c.Order, "P1", 0)
	next, err := s.amend(c, "2026-03-13", fact.ByShopper)
	s.must(err)
	s.mustSay(c.Order, made, amended, made)
	old, now := s.now(c), s.now(next)
	if old.State != fact.Amended || old.Successor != next.ID || now.Predecessor != c.ID || now.State != fact.Open {
		t.Fatalf("%s followed by %s: %+v", old.State, old.Successor, now)
	}
	if now.Origin != FromRule || now.Confidence != 0 || now.Grace != c.Grace || now.Service != c.Service {
		t.Errorf("%+v", now)
	}
	s.At("2026-03-12 12:00")
	s.hear(s.scan("P1", fact.Delivered, "2026-03-12 11:00"))
	s.wait("2026-03-20 12:00")
	if old, now := s.now(c).State, s.now(next).State; old != fact.Amended || now != fact.Kept {
		t.Errorf("delivered within the new window only: %s, %s", old, now)
	}
}

func TestNobodyElseAndNothingLaterMovesADate(t *testing.T) {
	s := open(t)
	c := s.owe(1, "2026-03-10")
	rows := []struct {
		law, now, until string
		by              fact.Party
		code            string
	}{
		{"the carrier may not", "2026-03-03 09:00", "2026-03-13", fact.ByCarrier, "amend_not_shopper"},
		{"the merchant may not", "2026-03-03 09:00", "2026-03-13", fact.ByMerchant, "amend_not_shopper"},
		{"not into the past", "2026-03-03 09:00", "2026-03-02", fact.ByShopper, "window_out_of_order"},
		{"not into the next century", "2026-03-03 09:00", "2099-03-02", fact.ByShopper, "date_out_of_range"},
		{"not once the deadline has passed", "2026-03-11 00:00", "2026-03-13", fact.ByShopper, "commitment_closed"},
	}
	for _, r := range rows {
		s.At(r.now)
		if _, err := s.amend(c, r.until, r.by); !fault.Is(err, r.code) {
			t.Errorf("%s: %v", r.law, err)
		}
	}
	if _, err := s.amend(Commitment{ID: "com_none"}, "2026-03-13", fact.ByShopper); !fault.Is(err, "not_found") {
		t.Errorf("one that does not exist: %v", err)
	}
	s.mustSay(c.Order, made)
}

func TestOfTwoAmendmentsOneWins(t *testing.T) {
	s := open(t)
	c := s.owe(1, "2026-03-10")
	_, err := s.amend(c, "2026-03-12", fact.ByShopper)
	s.must(err)
	if _, err := s.amend(c, "2026-03-13", fact.ByShopper); !fault.Is(err, "commitment_closed") {
		t.Errorf("the second: %v", err)
	}
}

// sent is a message about the trouble of a commitment, accepted at a time.
func (s *shop) sent(c Commitment, id ident.Message, at civil.Instant) {
	s.T.Helper()
	s.Do(s.m, func(tx *flow.Tx) error {
		return tx.Emit(s.m, string(c.Order), string(id), fact.MessageSent{
			Message: fact.Message{Message: id, Shopper: s.camille, Order: c.Order, Topic: fact.TopicAtRisk, Commitment: c.ID}, At: at,
		})
	})
}

func (s *shop) bounced(c Commitment, id ident.Message) {
	s.T.Helper()
	s.Do(s.m, func(tx *flow.Tx) error {
		return tx.Emit(s.m, string(c.Order), string(id), fact.MessageBounced{
			Message: fact.Message{Message: id, Shopper: s.camille, Order: c.Order, Topic: fact.TopicAtRisk, Commitment: c.ID}, At: tx.Now,
		})
	})
}

func TestToldIsAcceptedBeforeTheDeadlineAndNotBounced(t *testing.T) {
	before, later, after := local("2026-03-10 08:00"), local("2026-03-10 09:00"), local("2026-03-11 00:00")
	tests := []struct {
		law  string
		do   func(s *shop, c Commitment)
		want civil.Instant
		say  []fact.Kind
	}{
		{"accepted before the deadline → told", func(s *shop, c Commitment) { s.sent(c, "msg_1", before) }, before, []fact.Kind{made, told}},
		{"accepted at the deadline → not told before it", func(s *shop, c Commitment) { s.sent(c, "msg_1", after) }, 0, []fact.Kind{made}},
		{"bounced → not told", func(s *shop, c Commitment) {
			s.sent(c, "msg_1", before)
			s.bounced(c, "msg_1")
		}, 0, []fact.Kind{made, told, told}},
		{"of two messages the first bounced → told by the second", func(s *shop, c Commitment) {
			s.sent(c, "msg_1", before)
			s.sent(c, "msg_2", later)
			s.bounced(c, "msg_1")
		}, later, []fact.Kind{made, told, told, told}},
		{"a bounce of a message about something else changes nothing", func(s *shop, c Commitment) {
			s.sent(c, "msg_1", before)
			s.bounced(c, "msg_9")
		}, before, []fact.Kind{made, told}},
	}
	for _, tt := range tests {
		t.Run(tt.law, func(t *testing.T) {
			s := open(t)
			c := s.owe(1, "2026-03-10")
			tt.do(s, c)
			if got := s.now(c).ToldAt; got != tt.want {
				t.Errorf("told at %v, want %v", got, tt.want)
			}
			s.mustSay(c.Order, tt.say...)
		})
	}
}

func TestAVerdictSaysWhetherTheShopperWasTold(t *testing.T) {
	s := open(t)
	first, second := s.owe(1, "2026-03-10"), s.owe(1, "2026-03-10")
	s.sent(first, "msg_1", local("2026-03-10 08:00"))
	s.wait("2026-03-11 12:00")
	if !last[fact.PromiseBroken](s, first.Order).Told {
		t.Error("told, and the verdict does not say so")
	}
	if last[fact.PromiseBroken](s, second.Order).Told {
		t.Error("not told, and the verdict says so")
	}
}

func TestListsArePagedNewestFirst(t *testing.T) {
	s := open(t)
	var ids []ident.Commitment
	for range 5 {
		ids = append([]ident.Commitment{s.owe(1, "2026-03-10").ID}, ids...)
	}
	read := func(p Page) (got []ident.Commitment) {
		s.See(func(tx *db.Tx) error {
			cs, err := List(tx, s.m, p)
			for _, c := range cs {
				got = append(got, c.ID)
			}
			return err
		})
		return got
	}
	if d := cmp.Diff(ids[:2], read(Page{Limit: 2})); d != "" {
		t.Error("first page", d)
	}
	if d := cmp.Diff(ids[2:4], read(Page{Limit: 2, After: ids[1], State: fact.Open})); d != "" {
		t.Error("second page of the open", d)
	}
	if got := read(Page{Limit: 2, State: fact.Kept}); got != nil {
		t.Errorf("kept: %v", got)
	}
}
