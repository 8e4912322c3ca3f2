package returns_test

import (
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/returns"
)

// partial is a return of two scarves, of which half was refunded.
func partial(t *testing.T) (*shop, bought, returns.Return, returns.Decision) {
	t.Helper()
	s := open(t)
	b := s.had()
	r := s.received(b, 2, "not_as_described")
	d, err := s.decides(s.agents[1], r.ID, part(b.scarf, 2, euros(2500)))
	s.must(err)
	return s, b, s.get(r.ID), d
}

func (s *shop) contests(id ident.Return, words string) (d returns.Dispute, err error) {
	err = s.One(ctx, flow.ByShopper(s.camille), s.m, func(tx *flow.Tx) (err error) {
		d, err = returns.Contest(tx, s.m, id, returns.Statement{By: fact.ByShopper, Words: words})
		return err
	})
	return d, err
}

func (s *shop) settles(who ident.Staff, id ident.Dispute, upheld bool, in returns.Ruling) error {
	return s.by(who, func(tx *flow.Tx) error {
		_, err := returns.Settle(tx, s.m, id, upheld, in, "après un second regard")
		return err
	})
}

func TestASecondPersonSettles(t *testing.T) {
	s, b, r, first := partial(t)
	d, err := s.contests(r.ID, "elle est arrivée ainsi")
	if err != nil || d.Decision != first.ID || d.AnswerBy != local("2026-03-12 00:00") {
		t.Fatalf("%+v, %v", d, err)
	}
	again, err := s.contests(r.ID, "et voici une photo")
	if err != nil || again.ID != d.ID || len(again.Said) != 2 {
		t.Errorf("contested again, it is added: %+v, %v", again, err)
	}
	more := returns.Ruling{Outcome: fact.InPart, Reasons: because("seen_again"), Lines: []fact.RefundLine{{Line: b.scarf, Amount: euros(1000)}}}
	refused(t, "who decided", s.settles(s.agents[1], d.ID, true, more), "second_person", "return")
	refused(t, "who inspected", s.settles(s.agents[0], d.ID, true, more), "second_person", "return")
	above := more
	above.Lines = []fact.RefundLine{{Line: b.scarf, Amount: euros(5001)}}
	refused(t, "more than is left", s.settles(s.agents[2], d.ID, true, above), "refund_above_captured", "lines[0].amount")
	s.must(s.settles(s.agents[2], d.ID, true, more))
	refused(t, "once", s.settles(s.owner, d.ID, false, more), "dispute_settled", "dispute")
	decided, settled := told[fact.ReturnDecided](s, b.ID), told[fact.DisputeSettled](s, b.ID)
	if len(decided) != 2 || decided[1].Sequence != 2 || decided[1].Amount != euros(1000) || len(settled) != 1 || !settled[0].Upheld || settled[0].By != "person" {
		t.Errorf("%+v, %+v", decided, settled)
	}
	s.See(func(tx *db.Tx) error {
		f, err := returns.MediationFile(tx, s.m, r.ID)
		if len(f.Items) != 1 || len(f.Findings) != 2 || len(f.Decisions) != 2 || len(f.Disputes) != 1 || len(f.Disputes[0].Said) != 3 ||
			f.Proof.Number == "" || len(f.Timeline) < 6 || f.Outstanding != euros(1500) {
			t.Errorf("file %+v", f)
		}
		return err
	})
}

// Silence is settled by rule, for whoever did answer.
func TestSilenceIsSettledByRule(t *testing.T) {
	for _, row := range []struct {
		law    string
		asks   bool // the shop asks the shopper something
		wait   time.Duration
		state  returns.DisputeState
		amount int64 // given beyond the first decision
	}{
		{"the last second of day seven", false, 7*24*time.Hour + 11*time.Hour, returns.DisputeOpen, 0},
		{"the shop did not answer in seven days: all that was claimed", false, 8 * 24 * time.Hour, returns.Upheld, 2500},
		{"the shopper did not answer the shop: it stands", true, 8 * 24 * time.Hour, returns.Rejected, 0},
	} {
		s, b, r, _ := partial(t)
		d, err := s.contests(r.ID, "elle est arrivée ainsi")
		s.must(err)
		if row.asks {
			s.must(s.by(s.agents[2], func(tx *flow.Tx) error {
				_, err := returns.Answer(tx, s.m, d.ID, returns.Statement{By: fact.ByMerchant, Words: "une photo, s'il vous plaît ?"})
				return err
			}))
		}
		s.Pass(row.wait)
		s.Quiet()
		s.See(func(tx *db.Tx) error {
			of, err := returns.Disputes(tx, s.m, []ident.Return{r.ID})
			if got := of[r.ID][0]; got.State != row.state || got.ByRule != (row.state != returns.DisputeOpen) {
				t.Errorf("%s: %+v", row.law, got)
			}
			return err
		})
		var given int64
		for _, d := range told[fact.ReturnDecided](s, b.ID)[1:] {
			given += d.Amount.Minor
		}
		if given != row.amount {
			t.Errorf("%s: %d given", row.law, given)
		}
	}
}

func TestContestingHasItsTime(t *testing.T) {
	s, _, r, d := partial(t)
	s.Do(s.m, func(tx *flow.Tx) error {
		return tx.Emit(s.m, string(r.Order), "x", fact.Refunded{Repayment: fact.Repayment{Refund: "rfd_1", Decision: d.ID, Return: r.ID}})
	})
	s.inState("paid in part: it may still be contested", r.ID, returns.Decided)
	s.Pass(31 * 24 * time.Hour)
	_, err := s.contests(r.ID, "trop tard")
	refused(t, "thirty days are over", err, "contest_over", "return")
	s.Quiet()
	s.inState("nothing is left to do", r.ID, returns.Closed)
	_, err = s.contests(r.ID, "encore")
	refused(t, "closed", err, "return_state", "return")
}

// A person says no to a held return; it is contested and may come back after all.
func TestAHeldReturnDeclinedAndReadmitted(t *testing.T) {
	s := open(t)
	b := s.had(dangerous)
	r := s.asked(s.wants(b, map[ident.Line]int{b.scarf: 1}, "no_longer_needed", func(w *returns.Wanted) { w.Route = fact.BackToStore }))
	decline := func(who ident.Staff, reasons []returns.Because) error {
		return s.by(who, func(tx *flow.Tx) error { _, err := returns.Decline(tx, s.m, r.ID, reasons); return err })
	}
	refused(t, "without a reason", decline(s.agents[1], nil), "reason_required", "reasons")
	s.must(decline(s.agents[1], because("dangerous")))
	s.inState("declined", r.ID, returns.Decided)
	d, err := s.contests(r.ID, "c'est une écharpe")
	s.must(err)
	s.must(s.settles(s.agents[2], d.ID, true, returns.Ruling{}))
	s.inState("readmitted", r.ID, returns.Ready)
	if n := s.count(b.ID, "returns.accepted"); n != 1 {
		t.Errorf("accepted %d times", n)
	}
	if s.get(r.ID).DepositBy <= s.Clock().Now() {
		t.Error("no time to deposit it")
	}

	e := s.had(dangerous)
	own := s.wants(e, map[ident.Line]int{e.scarf: 1}, "no_longer_needed", func(w *returns.Wanted) { w.Route = fact.BackToStore })
	var mine returns.Return
	s.must(s.by(s.agents[1], func(tx *flow.Tx) (err error) { mine, _, err = s.office.Request(tx, s.m, own); return err }))
	approve := func(who ident.Staff) error {
		return s.by(who, func(tx *flow.Tx) error { _, err := returns.Approve(tx, s.m, mine.ID, "vu"); return err })
	}
	refused(t, "who asked for it", approve(s.agents[1]), "second_person", "return")
	s.must(approve(s.agents[2]))
	s.inState("approved", mine.ID, returns.Ready)
}
