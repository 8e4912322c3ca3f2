package promise

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
)

func TestRuleAboutReturns(t *testing.T) {
	until := local("2026-03-24 00:00")
	back := Commitment{Owed: fact.DeliverBy, About: "ret_1", Until: until, Grace: lateReports}
	refund := Commitment{Owed: fact.RefundBy, About: "ret_1", Until: until}
	answer := Commitment{Owed: fact.AnswerBy, About: "sai_1", Until: until}
	letter := Commitment{Owed: fact.AcknowledgeBy, About: "wdr_1", Until: until}
	on := func(d deed, when string) deeds { return deeds{d: local(when)} }
	fetch := back
	fetch.About = "ret_1/2026-03-23"
	tests := []struct {
		law    string
		c      Commitment
		did    deeds
		now    string
		state  fact.State
		reason string
		late   time.Duration
		liable fact.Party
	}{
		{"at the warehouse on the last day → kept", back, on(received, "2026-03-23 23:59"), "2026-03-24 09:00", fact.Kept, InTime, 0, fact.ByNobody},
		{"at the warehouse a day later → the carrier is late", back, on(received, "2026-03-25 00:00"), "2026-03-25 09:00", fact.Broken, Late, 24 * time.Hour, fact.ByCarrier},
		{"nothing, and the news may still come → open", back, nil, "2026-03-24 09:00", fact.Open, "", 0, ""},
		{"nothing a day after → broken", back, nil, "2026-03-25 00:00", fact.Broken, NotDone, 24 * time.Hour, fact.ByCarrier},
		{"money decided on as none → the way back is judged all the same", back, on(nothingOwed, "2026-03-20 00:00"), "2026-03-25 00:00", fact.Broken, NotDone, 24 * time.Hour, fact.ByCarrier},
		{"fetched at the door on the day → kept", fetch, on(received, "2026-03-23 18:00"), "2026-03-23 18:00", fact.Kept, InTime, 0, fact.ByNobody},
		{"nobody came → broken by the carrier", fetch, nil, "2026-03-25 00:00", fact.Broken, NotDone, 24 * time.Hour, fact.ByCarrier},
		{"the return was called off before the day → nobody need come", fetch, on(nothingOwed, "2026-03-20 00:00"), "2026-03-25 00:00", fact.Void, NothingOwed, 0, fact.ByNobody},
		{"paid in the last microsecond → kept", refund, deeds{paid: until - 1}, "2026-03-24 00:00", fact.Kept, InTime, 0, fact.ByNobody},
		{"paid in the first instant after → late by nothing", refund, deeds{paid: until}, "2026-03-24 00:00", fact.Broken, Late, 0, fact.ByMerchant},
		{"received and not paid → open before the end", refund, on(received, "2026-03-10 00:00"), "2026-03-23 23:59", fact.Open, "", 0, ""},
		{"received and not paid → broken at the end", refund, on(received, "2026-03-10 00:00"), "2026-03-24 00:00", fact.Broken, NotDone, 0, fact.ByMerchant},
		{"refused, with reasons → nothing is owed", refund, on(nothingOwed, "2026-03-20 00:00"), "2026-03-24 00:00", fact.Void, NothingOwed, 0, fact.ByNobody},
		{"refused, and paid after a dispute → kept", refund, deeds{nothingOwed: local("2026-03-11 00:00"), paid: local("2026-03-20 00:00")}, "2026-03-24 00:00", fact.Kept, InTime, 0, fact.ByNobody},
		{"a person answers in time → kept", answer, on(answered, "2026-03-23 17:59"), "2026-03-23 17:59", fact.Kept, InTime, 0, fact.ByNobody},
		{"an hour late → broken by the merchant", answer, on(answered, "2026-03-24 01:00"), "2026-03-24 01:00", fact.Broken, Late, time.Hour, fact.ByMerchant},
		{"nobody answers → broken at the end", answer, nil, "2026-03-24 00:00", fact.Broken, NotDone, 0, fact.ByMerchant},
		{"the shopper needs no answer any more → nothing is owed", answer, on(nothingOwed, "2026-03-23 12:00"), "2026-03-23 12:00", fact.Void, NothingOwed, 0, fact.ByNobody},
		{"and says so when it was late already → broken", answer, on(nothingOwed, "2026-03-24 00:00"), "2026-03-24 00:00", fact.Broken, NotDone, 0, fact.ByMerchant},
		{"acknowledged → kept", letter, on(acknowledged, "2026-03-23 10:00"), "2026-03-23 10:00", fact.Kept, InTime, 0, fact.ByNobody},
		{"never acknowledged → the merchant answers", letter, nil, "2026-03-24 00:00", fact.Broken, NotDone, 0, fact.ByMerchant},
	}
	for _, tt := range tests {
		t.Run(tt.law, func(t *testing.T) {
			got := ruleAbout(tt.c, tt.did, local(tt.now))
			want := Ruling{State: tt.state, Reason: tt.reason, LateBy: tt.late, Liable: tt.liable, Trust: got.Trust, Next: got.Next, LateKnown: tt.reason == Late}
			if d := cmp.Diff(want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

// openReturns is a shop whose returns are listened to.
func openReturns(t *testing.T) *shop {
	t.Helper()
	s := &shop{curves: NewCurves()}
	s.World = flowtest.New(t, append(routes(s.curves), ReturnReactions()...)...)
	for _, sweep := range Sweeps(s.curves) {
		s.Watch(sweep)
	}
	s.m = s.organisation("merchant")
	s.settle(s.m)
	return s
}

// tells has another room say that something happened about an order.
func (s *shop) tells(o ident.Order, occurrence string, b fact.Body) {
	s.T.Helper()
	s.Do(s.m, func(tx *flow.Tx) error { return tx.Emit(s.m, string(o), occurrence, b) })
}

// about reads what is owed about something.
func (s *shop) about(what string) (cs []Commitment) {
	s.T.Helper()
	s.See(func(tx *db.Tx) error {
		of, err := About(tx, s.m, []string{what})
		cs = of[what]
		return err
	})
	return cs
}

func states(cs []Commitment) (all []string) {
	for _, c := range cs {
		all = append(all, fmt.Sprint(c.Owed, " ", c.Origin, " ", c.State))
	}
	slices.Sort(all)
	return all
}

func (s *shop) mustOwe(what string, want ...string) {
	s.T.Helper()
	if d := cmp.Diff(want, states(s.about(what))); d != "" {
		s.T.Errorf("owed about %s: %s", what, d)
	}
}

func TestWhatAReturnIsOwed(t *testing.T) {
	s := openReturns(t)
	out := s.owe(1, "2026-03-10")
	o := out.Order
	b := fact.Sendback{Return: "ret_1", Order: o, Shopper: s.camille}
	until := func(day string) civil.Instant { return local(day + " 00:00") }

	s.tells(o, "dep_1", fact.ReturnDeposited{Sendback: b, Deposit: "dep_1", At: s.Flow.Clock().Now(), ReceiveBy: until("2026-03-08")})
	s.mustOwe("ret_1", "deliver_by rule open")

	s.At("2026-03-06 10:00")
	s.tells(o, "ret_1 received", fact.ReturnReceived{Sendback: b, At: s.Flow.Clock().Now(), RefundBy: until("2026-03-21")})
	s.mustOwe("ret_1", "deliver_by rule kept", "refund_by rule open")

	s.tells(o, "dec_1", fact.ReturnDecided{
		Sendback: b, Decision: "dec_1", Sequence: 1, Outcome: fact.InPart, Settlement: fact.Refund, Amount: money.Of(700, money.EUR), RefundBy: until("2026-03-21"),
	})
	s.mustOwe("ret_1", "deliver_by rule kept", "refund_by rule open")

	pay := func(decision ident.Decision) {
		r := fact.Repayment{Refund: ident.Refund("rfd_" + decision), Decision: decision, Return: "ret_1", Order: o, Shopper: s.camille, Amount: money.Of(700, money.EUR)}
		s.tells(o, string(decision)+" paid", fact.Refunded{Repayment: r, At: s.Flow.Clock().Now()})
	}
	s.At("2026-03-20 10:00")
	pay("dec_1")
	s.mustOwe("ret_1", "deliver_by rule kept", "refund_by rule kept")

	s.tells(o, "dec_2", fact.ReturnDecided{
		Sendback: b, Decision: "dec_2", Sequence: 2, Outcome: fact.InFull, Settlement: fact.Refund, Amount: money.Of(300, money.EUR), RefundBy: until("2026-04-01"),
	})
	s.mustOwe("dec_2", "refund_by rule open")
	s.wait("2026-04-02 09:00")
	s.mustOwe("dec_2", "refund_by rule broken")
	pay("dec_2")
	if got := s.about("dec_2")[0].Last; !got.LateKnown || got.LateBy <= 0 || got.Sequence != 2 {
		t.Errorf("paid late: %+v", got)
	}

	// None of it is what was owed on the way out.
	s.See(func(tx *db.Tx) error {
		of, err := OfOrders(tx, s.m, []ident.Order{o})
		if len(of[o]) != 1 || of[o][0].ID != out.ID {
			t.Errorf("the order owes %v", states(of[o]))
		}
		return err
	})
}

func TestARefusalOwesNoMoney(t *testing.T) {
	s := openReturns(t)
	o := s.owe(1, "2026-03-10").Order
	b := fact.Sendback{Return: "ret_1", Order: o, Shopper: s.camille}
	s.tells(o, "ret_1 received", fact.ReturnReceived{Sendback: b, At: s.Flow.Clock().Now(), RefundBy: local("2026-03-16 00:00")})
	s.tells(o, "dec_1", fact.ReturnDecided{Sendback: b, Decision: "dec_1", Sequence: 1, Outcome: fact.Refused, Settlement: fact.Refund, Amount: money.Of(0, money.EUR)})
	s.mustOwe("ret_1", "refund_by rule void")
}

func TestAWithdrawalIsAcknowledgedAndPaid(t *testing.T) {
	s := openReturns(t)
	o := s.owe(1, "2026-03-10").Order
	w := fact.Withdrawn{
		Withdrawal: "wdr_1", Order: o, Shopper: s.camille, Units: 1, At: s.Flow.Clock().Now(), Hash: "h", InTime: true,
		AcknowledgeBy: s.Flow.Clock().Now().Add(24 * time.Hour), RefundBy: local("2026-03-17 00:00"),
	}
	s.tells(o, "wdr_1", w)
	s.mustOwe("wdr_1", "acknowledge_by law open", "refund_by law open")
	letter := s.about("wdr_1")[0]
	s.tells(o, "msg_1", fact.MessageSent{Message: fact.Message{Message: "msg_1", Commitment: letter.ID}, At: s.Flow.Clock().Now()})
	s.mustOwe("wdr_1", "acknowledge_by law kept", "refund_by law open")

	s.wait("2026-03-17 09:00")
	s.mustOwe("wdr_1", "acknowledge_by law kept", "refund_by law broken")

	late := w
	late.Withdrawal, late.InTime = "wdr_2", false
	s.tells(o, "wdr_2", late)
	s.mustOwe("wdr_2", "acknowledge_by law open")
}
