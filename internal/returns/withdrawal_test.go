package returns_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/ledger"
	"github.com/promesse-dev/promesse/internal/returns"
)

func (s *shop) renounces(in returns.Renouncing) (w returns.Withdrawal, fresh bool, err error) {
	err = s.Try(s.m, func(tx *flow.Tx) (err error) {
		w, fresh, err = returns.Withdraw(tx, s.m, in)
		return err
	})
	return w, fresh, err
}

func statement(b bought) returns.Renouncing {
	return returns.Renouncing{Order: b.ID, Name: "Camille Dupré", Contract: b.Reference, Email: "camille@example.org"}
}

func TestAWithdrawalIsKeptAndOpensAReturn(t *testing.T) {
	s := open(t)
	b := s.had()
	w, fresh, err := s.renounces(statement(b))
	if err != nil || !fresh || !w.InTime || w.Units != 4 || w.Until != local("2026-03-19 00:00") {
		t.Fatalf("%+v, fresh %v, %v", w, fresh, err)
	}
	if w.Hash != ident.Hash(w.Statement) || !strings.Contains(w.Statement, "2026-03-04T09:00:00+01:00") || !strings.Contains(w.Statement, "Camille Dupré") {
		t.Errorf("the statement: %s", w.Statement)
	}
	if w.RefundBy != local("2026-03-19 00:00") || w.SendBackBy != local("2026-03-19 00:00") {
		t.Errorf("refund by %v, send back by %v", w.RefundBy, w.SendBackBy)
	}
	again, fresh, err := s.renounces(statement(b))
	if err != nil || fresh || cmp.Diff(w, again) != "" {
		t.Errorf("sent twice: fresh %v, %v, %s", fresh, err, cmp.Diff(w, again))
	}
	facts := told[fact.Withdrawn](s, b.ID)
	if len(facts) != 1 || facts[0].Hash != w.Hash || facts[0].Return != w.Return || facts[0].AcknowledgeBy != w.AcknowledgeBy {
		t.Errorf("told %+v", facts)
	}
	s.Do(s.m, func(tx *flow.Tx) (err error) { w, err = returns.Acknowledge(tx, s.m, w.ID); return err })
	if w.Acknowledged == 0 {
		t.Error("the acknowledgement is not noted")
	}
	s.Quiet()
	r := s.inState("the goods come back by right of law", w.Return, returns.Accepted)
	if r.Ground != fact.ByWithdrawal || r.Value != euros(19500) || r.Route != fact.BackOnTheirs {
		t.Errorf("%+v", r)
	}
	s.must(s.One(ctx, flow.ByShopper(s.camille), s.m, func(tx *flow.Tx) (err error) {
		r, err = s.office.Choose(tx, s.m, r.ID, returns.Choice{Route: fact.BackByRelay})
		return err
	}))
	s.labels(r.ID)
	s.must(s.deposit(r.ID, returns.Left{Source: returns.AtCounter, Place: "Tabac"}))
	if r = s.get(r.ID); r.RefundBy != w.RefundBy {
		t.Errorf("refund by %v, want %v: the law's clock", r.RefundBy, w.RefundBy)
	}
	s.Pass(48 * time.Hour)
	s.inspects(r.ID, b)
	if r = s.get(r.ID); r.RefundBy != w.RefundBy || r.ProcessBy != local("2026-03-21 00:00") {
		t.Errorf("the earlier of %v and %v: %v", r.ProcessBy.In(paris), w.RefundBy.In(paris), r.RefundBy.In(paris))
	}
}

// The function is there to the very end, and what comes later is kept as late.
func TestTheLastInstantOfAWithdrawal(t *testing.T) {
	for _, row := range []struct {
		law, sent string
		inTime    bool
	}{
		{"the last second of day fourteen", "2026-03-18 23:59:59", true},
		{"a second after", "2026-03-19 00:00:00", false},
	} {
		s := open(t)
		b := s.had() // on 4 March
		s.At(row.sent)
		w, _, err := s.renounces(statement(b))
		if err != nil || w.InTime != row.inTime || w.ID == "" || (w.Return != "") != row.inTime {
			t.Errorf("%s: %+v, %v", row.law, w, err)
		}
	}
}

func TestWithdrawalsOfMoreThanOneKind(t *testing.T) {
	s := open(t)
	b := s.had()
	some := statement(b)
	some.Units = map[ident.Line]int{b.scarf: 2}
	w, _, err := s.renounces(some)
	if err != nil || w.Units != 2 {
		t.Fatalf("a part of it: %+v, %v", w, err)
	}
	rest, _, err := s.renounces(statement(b))
	if err != nil || rest.Units != 2 {
		t.Errorf("and then the rest: %+v, %v", rest, err)
	}
	some.Key, some.Units = "again", map[ident.Line]int{b.scarf: 2}
	_, _, err = s.renounces(some)
	refused(t, "what was withdrawn from already", err, "too_many_to_return", "units["+string(b.scarf)+"]")

	away := s.buys()
	w, _, err = s.renounces(statement(away))
	if err != nil || !w.InTime || w.Return != "" || w.Until != 0 {
		t.Errorf("before anything was sent: %+v, %v", w, err)
	}
	w, _, err = s.renounces(returns.Renouncing{Name: "Camille", Contract: "la commande de mardi", Email: "c@example.org"})
	if err != nil || w.Order != "" || w.RefundBy == 0 || w.Hash == "" {
		t.Errorf("a contract nobody finds is kept for a person: %+v, %v", w, err)
	}
	jewel := s.had(func(in *order.New) { in.Lines[0].Traits = order.Traits{Excluded: "L221-28 3°"} })
	w, _, err = s.renounces(statement(jewel))
	if err != nil || w.Units != 3 || len(w.Lines) != 2 || w.Lines[0].Excluded != "L221-28 3°" {
		t.Errorf("a line the law leaves out, as told before: %+v, %v", w, err)
	}
	for field, in := range map[string]returns.Renouncing{
		"name":     {Contract: "x", Email: "c@example.org"},
		"contract": {Name: "x", Email: "c@example.org"},
		"email":    {Name: "x", Contract: "y", Email: "nobody"},
	} {
		if _, _, err := s.renounces(in); err == nil {
			t.Errorf("%s is needed", field)
		}
	}
}

// A shop that told nobody of the right has a year more of it.
func TestAnUninformedConsumerHasAYearMore(t *testing.T) {
	s := open(t)
	s.At("2026-02-01 09:00") // before SetNotice
	b := s.buys()
	s.At("2026-03-04 09:00")
	s.delivers(b, s.Clock().Now())
	s.At("2027-03-17 12:00")
	w, _, err := s.renounces(statement(b))
	if err != nil || !w.InTime || w.Until != local("2027-03-19 00:00") || w.Notice != "" {
		t.Errorf("%+v, %v", w, err)
	}
}

// late is a withdrawal of 45.00 whose refund was due by 18 March and is not paid.
func late(t *testing.T) (*shop, bought, returns.Return) {
	t.Helper()
	s := open(t)
	b := s.had(func(in *order.New) {
		in.Lines = []order.Line{{SKU: "A", Name: "a", Units: 1, Unit: euros(4500)}, {SKU: "B", Name: "b", Units: 1, Unit: euros(0)}}
	})
	w, _, err := s.renounces(statement(b))
	s.must(err)
	s.Quiet()
	s.must(s.deposit(w.Return, returns.Left{Source: returns.ByReceipt, Place: "Poste"}))
	return s, b, s.get(w.Return)
}

// Day by day the law's surcharge is booked apart, once for each band it reaches.
func TestTheSurchargeIsBookedDayByDay(t *testing.T) {
	s, b, r := late(t)
	s.See(func(tx *db.Tx) error {
		x, err := returns.SurchargeOf(tx, s.m, r, civil.Date(2026, 3, 20))
		if x.Sums != euros(4500) {
			t.Errorf("what was captured for the goods, while nobody decided: %+v", x)
		}
		return err
	})
	for _, row := range []struct {
		day    string
		booked int64
	}{
		{"2026-03-18 23:59", 0},
		{"2026-03-19 00:00", 0}, // up to ten days: the legal rate, which nobody set
		{"2026-03-28 12:00", 0},
		{"2026-03-29 00:00", 254}, // given up for lost on the 27th: all is decided, and with it the delivery of 5.90
		{"2026-04-07 23:59", 254},
		{"2026-04-08 00:00", 509},
		{"2026-04-18 00:00", 1018},
		{"2026-05-18 00:00", 2545},
		{"2026-06-17 00:00", 2800},
	} {
		s.At(row.day)
		s.Quiet()
		s.See(func(tx *db.Tx) error {
			got, err := ledger.Balance(tx, s.m, returns.UpliftOf(s.camille), money.EUR)
			if got.Minor != row.booked {
				t.Errorf("%s: %d booked, want %d", row.day, got.Minor, row.booked)
			}
			return err
		})
	}
	var sum int64
	for _, u := range told[fact.UpliftBooked](s, b.ID) {
		sum += u.Amount.Minor
	}
	if sum != 2800 {
		t.Errorf("told of %d", sum)
	}
	s.See(func(tx *db.Tx) error {
		x, err := returns.SurchargeOf(tx, s.m, r, civil.Date(2026, 3, 20))
		if x.Band.Known || x.Band.Code != "0-10" || x.DaysLate != 2 || x.Sums != euros(5090) {
			t.Errorf("the legal rate is not set, and shown so: %+v", x)
		}
		return err
	})
}

func TestAPaidRefundCostsNoMore(t *testing.T) {
	s, b, r := late(t)
	s.inspects(r.ID, b)
	d, err := s.decides(s.agents[1], r.ID, returns.Ruling{Outcome: fact.InFull})
	s.must(err)
	if d.Amount != euros(5090) || d.RefundBy != local("2026-03-19 00:00") {
		t.Errorf("%+v", d)
	}
	s.At("2026-03-30 10:00")
	s.Quiet()
	s.Do(s.m, func(tx *flow.Tx) error {
		return tx.Emit(s.m, string(b.ID), "rfd", fact.Refunded{Repayment: fact.Repayment{Refund: "rfd_1", Decision: d.ID, Return: r.ID}})
	})
	s.At("2026-06-30 10:00")
	s.Quiet()
	s.See(func(tx *db.Tx) error {
		got, err := ledger.Balance(tx, s.m, returns.UpliftOf(s.camille), money.EUR)
		if got.Minor != 254 { // 5 % of 50.90, half to even
			t.Errorf("%d booked", got.Minor)
		}
		return err
	})
	s.inState("paid", r.ID, returns.Closed)
}

// The goods of a withdrawal that come late come back all the same.
func TestAWithdrawalDoesNotLapse(t *testing.T) {
	s := open(t)
	b := s.had()
	w, _, err := s.renounces(statement(b))
	s.must(err)
	s.Quiet()
	s.Pass(60 * 24 * time.Hour)
	s.Quiet()
	r := s.inState("sixty days later", w.Return, returns.Accepted)
	s.must(s.deposit(r.ID, returns.Left{Source: returns.ByReceipt, Place: "Poste"}))
	if r = s.get(r.ID); r.RefundBy != r.Deposited {
		t.Errorf("due at once: %v, deposited %v", r.RefundBy, r.Deposited)
	}
	_, err = s.asksLabel(r.ID, carrier.QR)
	refused(t, "no label for what is deposited", err, "no_label_needed", "return")
}
