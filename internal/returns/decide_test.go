package returns_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/shopper"
)

// received is a return of scarves that is at the warehouse and inspected.
func (s *shop) received(b bought, scarves int, reason string) returns.Return {
	s.t.Helper()
	r := s.asked(s.wants(b, map[ident.Line]int{b.scarf: scarves}, reason, func(w *returns.Wanted) {
		w.Route, w.Key = fact.BackToStore, w.Key+reason+time.Duration(s.Clock().Now()).String()
	}))
	s.must(s.deposit(r.ID, returns.Left{Source: returns.AtStore, Place: "Au Fil, Lyon"}))
	s.inspects(r.ID, b)
	return s.get(r.ID)
}

func because(code string) []returns.Because { return []returns.Because{{Code: code}} }

func part(line ident.Line, units int, amount money.Amount) returns.Ruling {
	return returns.Ruling{
		Outcome: fact.InPart, Reasons: because("worn"), Lines: []fact.RefundLine{{Line: line, Units: units, Amount: amount}},
	}
}

func TestWhatCanNotBeDecided(t *testing.T) {
	s := open(t)
	b := s.had()
	r := s.received(b, 2, "wrong_size")
	for _, row := range []struct {
		law         string
		in          returns.Ruling
		code, field string
	}{
		{"a refusal without a reason", returns.Ruling{Outcome: fact.Refused}, "reason_required", "reasons"},
		{"a part without a reason", returns.Ruling{Outcome: fact.InPart, Lines: part(b.scarf, 1, euros(100)).Lines}, "reason_required", "reasons"},
		{"a part of nothing", returns.Ruling{Outcome: fact.InPart, Reasons: because("worn")}, "field_required", "lines"},
		{"an outcome nobody knows", returns.Ruling{Outcome: "perhaps", Reasons: because("worn")}, "unknown_value", "outcome"},
		{"more than was paid", part(b.scarf, 2, euros(7501)), "refund_above_captured", "lines[0].amount"},
		{"in another currency", part(b.scarf, 2, money.Of(100, "USD")), "currency_mismatch", "lines[0].amount"},
		{"less than nothing", part(b.scarf, 2, euros(-1)), "negative_amount", "lines[0].amount"},
		{"a line nobody bought", part("lin_none", 1, euros(1)), "unknown_line", "lines[0].line"},
		{"more units than were bought", part(b.scarf, 4, euros(100)), "too_many_to_return", "lines[0].units"},
		{"a unit of delivery", part(b.delivery, 1, euros(100)), "too_many_to_return", "lines[0].units"},
	} {
		_, err := s.decides(s.agents[1], r.ID, row.in)
		refused(t, row.law, err, row.code, row.field)
	}
	d, err := s.decides(s.agents[1], r.ID, part(b.scarf, 2, euros(3000)))
	if err != nil || d.Amount != euros(3000) {
		t.Fatalf("%+v, %v", d, err)
	}
	_, err = s.decides(s.agents[1], r.ID, part(b.scarf, 2, euros(1)))
	refused(t, "decided already", err, "return_state", "return")
	other := s.received(b, 1, "no_longer_needed")
	_, err = s.decides(s.agents[1], other.ID, part(b.scarf, 1, euros(4501)))
	refused(t, "what an earlier decision gave is gone", err, "refund_above_captured", "lines[0].amount")
}

// Three inspected where two were announced are three findings; only what was
// announced is paid in full.
func TestThreeInspectedTwoAnnounced(t *testing.T) {
	s := open(t)
	b := s.had()
	r := s.asked(s.wants(b, map[ident.Line]int{b.scarf: 2}, "wrong_size"))
	s.inspects(r.ID, b, func(in *returns.Inspection) { in.Findings = append(in.Findings, in.Findings[0]) })
	s.See(func(tx *db.Tx) error {
		of, err := returns.Findings(tx, s.m, []ident.Return{r.ID})
		found := of[r.ID]
		if len(found) != 3 || found[0].Surplus || found[1].Surplus || !found[2].Surplus {
			t.Errorf("%+v", found)
		}
		return err
	})
	d, err := s.decides(s.agents[1], r.ID, returns.Ruling{Outcome: fact.InFull})
	if err != nil || d.Amount != euros(5000) {
		t.Errorf("%+v, %v", d, err)
	}
	refused(t, "to destroy needs a ground in law", s.by(s.agents[0], func(tx *flow.Tx) error {
		_, err := returns.Inspect(tx, s.m, r.ID, returns.Inspection{Findings: []returns.Finding{{Line: b.scarf, Outcome: returns.Destroy}}})
		return err
	}), "ground_required", "findings[0].ground")
}

// The delivery comes back with all of an order that could be withdrawn from, up
// to the standard one, and only then.
func TestTheDeliveryIsGivenBackToo(t *testing.T) {
	for _, row := range []struct {
		law      string
		units    [2]int
		standard int64
		wait     time.Duration
		amount   int64
	}{
		{"all of it, within fourteen days", [2]int{1, 3}, 0, 0, 20090},
		{"all of it, dearer than the standard delivery", [2]int{1, 3}, 390, 0, 19890},
		{"a scarf is kept", [2]int{1, 2}, 0, 0, 17000},
		{"all of it, after twenty days: the shop's offer, not the law's", [2]int{1, 3}, 0, 20 * 24 * time.Hour, 19500},
	} {
		s := open(t)
		c := s.conditions()
		c.Standard, c.Limits = row.standard, map[merchant.Set]int64{merchant.Agent: 1 << 40}
		c.DayCaps = nil
		s.Do(s.m, func(tx *flow.Tx) error { return returns.SetConditions(tx, s.m, c) })
		b := s.had()
		s.Pass(row.wait)
		r := s.asked(s.wants(b, map[ident.Line]int{b.coat: row.units[0], b.scarf: row.units[1]}, "no_longer_needed"))
		s.back(r, b)
		d, err := s.decides(s.agents[1], r.ID, returns.Ruling{Outcome: fact.InFull})
		if err != nil || d.Amount != euros(row.amount) {
			t.Errorf("%s: %v, %v", row.law, d.Amount, err)
		}
	}
}

func TestTheWayBackIsTakenFromTheRefund(t *testing.T) {
	s := open(t)
	b := s.had()
	r := s.asked(s.wants(b, map[ident.Line]int{b.scarf: 1}, "no_longer_needed", fetchedNext(s)))
	s.back(r, b)
	if d, err := s.decides(s.agents[1], r.ID, returns.Ruling{Outcome: fact.InFull}); err != nil || d.Amount != euros(1510) {
		t.Errorf("25.00 less 9.90: %v, %v", d.Amount, err)
	}
}

func confirm(s *shop, who ident.Staff, id ident.Decision) error {
	return s.by(who, func(tx *flow.Tx) error { _, err := returns.Confirm(tx, s.m, id, "vu"); return err })
}

// Above a limit two people are needed, and no path gives one account both steps.
func TestFourEyes(t *testing.T) {
	s := open(t)
	b := s.had()
	r := s.asked(s.wants(b, map[ident.Line]int{b.coat: 1, b.scarf: 3}, "no_longer_needed"))
	s.back(r, b) // inspected by the first agent
	d, err := s.decides(s.agents[1], r.ID, returns.Ruling{Outcome: fact.InFull})
	if err != nil || d.State != returns.Waiting || d.Why != "above_limit" || s.get(r.ID).State != returns.Received {
		t.Fatalf("%+v, %v", d, err)
	}
	if s.count(b.ID, "returns.decided") != 0 {
		t.Error("told before a second person said yes")
	}
	_, err = s.decides(s.agents[2], r.ID, returns.Ruling{Outcome: fact.InFull})
	refused(t, "one waits already", err, "decision_waiting", "return")
	refused(t, "who decided", confirm(s, s.agents[1], d.ID), "second_person", "return")
	refused(t, "who inspected", confirm(s, s.agents[0], d.ID), "second_person", "return")
	refused(t, "whose limit is no higher", confirm(s, s.agents[2], d.ID), "limit_exceeded", "decision")
	s.must(confirm(s, s.owner, d.ID))
	refused(t, "once is enough", confirm(s, s.owner, d.ID), "decision_settled", "decision")

	c := s.had()
	var own returns.Return
	s.must(s.by(s.agents[1], func(tx *flow.Tx) (err error) {
		own, _, err = s.office.Request(tx, s.m, s.wants(c, map[ident.Line]int{c.scarf: 1}, "wrong_size"))
		return err
	}))
	s.inspects(own.ID, c)
	d, err = s.decides(s.agents[1], own.ID, returns.Ruling{Outcome: fact.InFull})
	if err != nil || d.Why != "own_request" {
		t.Errorf("who asked for it: %+v, %v", d, err)
	}
	refused(t, "who asked for it can not confirm", confirm(s, s.agents[1], d.ID), "second_person", "return")
	s.must(s.by(s.agents[2], func(tx *flow.Tx) error { return returns.Drop(tx, s.m, d.ID, "vu") }))
	d, err = s.decides(s.agents[2], own.ID, returns.Ruling{Outcome: fact.InFull})
	if err != nil || d.State != returns.Final || d.Sequence != 2 {
		t.Errorf("dropped, and decided again: %+v, %v", d, err)
	}
}

func TestNobodyRefundsThemselves(t *testing.T) {
	s := open(t)
	var mine ident.Shopper
	s.Do(s.m, func(tx *flow.Tx) (err error) {
		mine, err = shopper.Register(tx, s.m, shopper.NewShopper{Email: "Staff1@example.org", Name: "S", Locale: lang.French})
		return err
	})
	b := s.had(func(in *order.New) { in.Shopper = mine })
	r := s.asked(s.wants(b, map[ident.Line]int{b.scarf: 1}, "wrong_size", func(w *returns.Wanted) { w.Shopper = mine }))
	s.inspects(r.ID, b)
	_, err := s.decides(s.agents[0], r.ID, returns.Ruling{Outcome: fact.InFull})
	refused(t, "under their own address", err, "own_refund", "return")
	_, err = s.decides(s.agents[1], r.ID, returns.Ruling{Outcome: fact.InFull})
	s.must(err)
}

// Sixty-four decisions at once do not pass a day's cap.
func TestACapHoldsUnderParallelDecisions(t *testing.T) {
	s := open(t)
	c := s.conditions()
	c.DayCaps = map[merchant.Set]int64{merchant.Agent: 20_000} // eight scarves
	s.Do(s.m, func(tx *flow.Tx) error { return returns.SetConditions(tx, s.m, c) })
	var ids []ident.Return
	for range 16 {
		b := s.had()
		ids = append(ids, s.received(b, 1, "wrong_size").ID)
	}
	var all sync.WaitGroup
	decided := make([]returns.Decision, len(ids))
	errs := make([]error, len(ids))
	for i, id := range ids {
		all.Go(func() { decided[i], errs[i] = s.decides(s.agents[1], id, returns.Ruling{Outcome: fact.InFull}) })
	}
	all.Wait()
	var sum int64
	waiting := 0
	for i, d := range decided {
		s.must(errs[i])
		if d.State == returns.Final {
			sum += d.Amount.Minor
		} else if d.Why == "day_cap" {
			waiting++
		}
	}
	if sum != 20_000 || waiting != 8 {
		t.Errorf("%d paid, %d wait", sum, waiting)
	}
	s.Pass(24 * time.Hour)
	b := s.had()
	if d, err := s.decides(s.agents[1], s.received(b, 1, "wrong_size").ID, returns.Ruling{Outcome: fact.InFull}); err != nil || d.State != returns.Final {
		t.Errorf("the next day: %+v, %v", d, err)
	}
}

// A doubtful return is decided by two, whatever its amount.
func TestADoubtNeedsASecondPerson(t *testing.T) {
	s := open(t)
	b := s.had()
	r := s.asked(s.wants(b, map[ident.Line]int{b.scarf: 1}, "wrong_size"))
	s.inspects(r.ID, b, func(in *returns.Inspection) { in.Findings[0].Condition = returns.Absent })
	d, err := s.decides(s.agents[1], r.ID, returns.Ruling{Outcome: fact.InFull})
	if err != nil || d.Why != "doubt" {
		t.Errorf("%+v, %v", d, err)
	}
	refusal, err := s.decides(s.agents[2], s.received(b, 1, "no_longer_needed").ID, returns.Ruling{Outcome: fact.Refused, Reasons: because("worn")})
	if err != nil || refusal.State != returns.Final || refusal.Amount != euros(0) || refusal.RefundBy != 0 {
		t.Errorf("%+v, %v", refusal, err)
	}
}

// Whatever is returned and decided, in whatever parts, no line gives back more
// than was captured for it.
func TestDecisionsNeverGiveMoreThanWasCaptured(t *testing.T) {
	s := open(t)
	c := s.conditions()
	c.Limits = map[merchant.Set]int64{merchant.Agent: 1 << 40}
	c.DayCaps = nil
	s.Do(s.m, func(tx *flow.Tx) error { return returns.SetConditions(tx, s.m, c) })
	people := 0
	rapid.Check(t, func(rt *rapid.T) {
		people++
		s.Do(s.m, func(tx *flow.Tx) (err error) {
			email := fmt.Sprintf("person%d@example.org", people)
			s.camille, err = shopper.Register(tx, s.m, shopper.NewShopper{Email: email, Name: "P", Locale: lang.French})
			return err
		})
		b := s.had()
		for left := 3; left > 0; {
			n := rapid.IntRange(1, left).Draw(rt, "scarves")
			left -= n
			r := s.received(b, n, rapid.SampledFrom([]string{"wrong_size", "defective"}).Draw(rt, "reason"))
			in := returns.Ruling{Outcome: fact.InFull}
			if rapid.Bool().Draw(rt, "in part") {
				in = part(b.scarf, n, euros(rapid.Int64Range(0, 9000).Draw(rt, "amount")))
			}
			if _, err := s.decides(s.agents[1], r.ID, in); err != nil && in.Outcome == fact.InFull {
				rt.Fatal(err)
			}
			s.Pass(time.Second)
		}
		given := map[ident.Line]int64{}
		for _, d := range told[fact.ReturnDecided](s, b.ID) {
			var sum int64
			for _, l := range d.Lines {
				given[l.Line] += l.Amount.Minor
				sum += l.Amount.Minor
			}
			if sum != d.Amount.Minor {
				rt.Fatalf("lines of %d, a decision of %v", sum, d.Amount)
			}
		}
		for _, l := range b.Lines {
			if given[l.ID] > l.Captured.Minor {
				rt.Fatalf("%s: %d of %v", l.Name, given[l.ID], l.Captured)
			}
		}
	})
}
