package promise

import (
	"testing"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// complains is a claim about an order as the desk tells of it.
func (s *shop) complains(o ident.Order, p ident.Parcel, what fact.ClaimKind) fact.Complaint {
	s.T.Helper()
	c := fact.Complaint{Claim: ident.Claim("clm_" + string(o)), Order: o, Shopper: s.camille, Parcel: p, What: what}
	s.hears(o, "raised", fact.ClaimRaised{Complaint: c, Question: ident.Said("sai_1" + o), AnswerBy: local("2026-03-12 18:00")})
	return c
}

func (s *shop) hears(o ident.Order, occurrence string, b fact.Body) {
	s.T.Helper()
	s.Do(s.m, func(tx *flow.Tx) error { return tx.Emit(s.m, string(o), occurrence, b) })
}

func (s *shop) rules(c fact.Complaint, outcome fact.Outcome, liable fact.Party) {
	s.T.Helper()
	s.hears(c.Order, "decided", fact.ClaimDecided{
		Complaint: c, Question: ident.Said("sai_1" + c.Order), At: local("2026-03-11 15:00"), InTime: true, Outcome: outcome, Liable: liable,
	})
}

// delivered is an order promised for 10 March, scanned as delivered that morning.
func (s *shop) delivered(number string) (Commitment, order.Parcel) {
	s.T.Helper()
	c := s.owe(2, "2026-03-10")
	p := s.ship(c.Order, number, 0)
	s.At("2026-03-10 11:00")
	s.hear(s.scan(number, fact.PickedUp, "2026-03-06 16:30"), s.scan(number, fact.Delivered, "2026-03-10 10:30"))
	return c, p
}

func TestAContestedScanIsOutOfTheMeasuresUntilItIsDecided(t *testing.T) {
	s := open(t)
	c, p := s.delivered("P1")
	s.At("2026-03-11 09:00")
	claim := s.complains(c.Order, p.ID, fact.ClaimNotReceived)
	if got := s.now(c); got.State != fact.Kept || got.Contested != local("2026-03-11 09:00") {
		t.Fatalf("while it is looked into: %s, contested since %v", got.State, got.Contested)
	}
	s.At("2026-03-11 15:00")
	s.rules(claim, fact.InFull, fact.ByRelay)
	got := s.now(c)
	if got.State != fact.Broken || got.Last.Reason != NotReceived || got.Last.Liable != fact.ByRelay || got.Last.Trust != fact.TrustConfirmed || got.Contested != 0 {
		t.Errorf("upheld: %+v, contested %v", got.Last, got.Contested)
	}
	if all := s.verdicts(c); len(all) != 2 || all[0].State != fact.Kept {
		t.Errorf("the first verdict is not as it was: %+v", all)
	}
	s.hear(s.scan("P1", fact.Delivered, "2026-03-10 10:31"))
	if s.now(c).State != fact.Broken {
		t.Error("the same scan once more is believed again")
	}
}

func TestAScanThatStandsCountsAgain(t *testing.T) {
	s := open(t)
	c, p := s.delivered("P1")
	s.At("2026-03-11 09:00")
	claim := s.complains(c.Order, p.ID, fact.ClaimNotReceived)
	s.At("2026-03-11 15:00")
	s.rules(claim, fact.Refused, fact.ByNobody)
	if got := s.now(c); got.State != fact.Kept || got.Contested != 0 || len(s.verdicts(c)) != 1 {
		t.Errorf("dismissed: %s, contested %v", got.State, got.Contested)
	}
	s.At("2026-03-12 09:00")
	s.hears(c.Order, "contested", fact.ClaimContested{Complaint: claim, Question: "sai_2", AnswerBy: local("2026-03-13 18:00")})
	if s.now(c).Contested == 0 {
		t.Error("while a second person looks, it counts")
	}
	s.At("2026-03-12 10:00")
	s.hears(c.Order, "reviewed", fact.ContestDecided{ClaimDecided: fact.ClaimDecided{
		Complaint: claim, Question: "sai_2", At: local("2026-03-12 10:00"), Outcome: fact.InFull, Liable: fact.ByCarrier,
	}})
	if got := s.now(c); got.State != fact.Broken || got.Contested != 0 {
		t.Errorf("the second person upheld it: %s, contested %v", got.State, got.Contested)
	}
}

func TestWhatWasNotReceivedIsStoodForByWhatIsSentNext(t *testing.T) {
	s := open(t)
	c := s.owe(2, "2026-03-20")
	p := s.ship(c.Order, "P1", 0)
	s.At("2026-03-10 11:00")
	s.hear(s.scan("P1", fact.PickedUp, "2026-03-06 16:30"), s.scan("P1", fact.Delivered, "2026-03-10 10:30"))
	s.At("2026-03-11 09:00")
	claim := s.complains(c.Order, p.ID, fact.ClaimNotReceived)
	s.At("2026-03-11 15:00")
	s.rules(claim, fact.InFull, fact.ByCarrier)
	if got := s.now(c); got.State != fact.Kept || got.Contested == 0 {
		t.Fatalf("before the deadline nothing is broken, and nothing counts: %s, contested %v", got.State, got.Contested)
	}
	s.ship(c.Order, "P2", 0)
	s.At("2026-03-18 12:00")
	s.hear(s.scan("P2", fact.PickedUp, "2026-03-16 16:30"), s.scan("P2", fact.Delivered, "2026-03-18 11:00"))
	if got := s.now(c); got.State != fact.Kept || got.Contested != 0 {
		t.Errorf("the second parcel came in time: %s, contested %v", got.State, got.Contested)
	}
	s.wait("2026-03-25 09:00")
	if got := s.now(c); got.State != fact.Kept {
		t.Errorf("in the end %s", got.State)
	}
}

func TestWhatIsNotSentAgainBreaksThePromiseAtItsDeadline(t *testing.T) {
	s := open(t)
	c := s.owe(2, "2026-03-20")
	p := s.ship(c.Order, "P1", 0)
	s.At("2026-03-10 11:00")
	s.hear(s.scan("P1", fact.PickedUp, "2026-03-06 16:30"), s.scan("P1", fact.Delivered, "2026-03-10 10:30"))
	s.At("2026-03-11 09:00")
	claim := s.complains(c.Order, p.ID, fact.ClaimNotReceived)
	s.At("2026-03-11 15:00")
	s.rules(claim, fact.InPart, fact.ByCarrier)
	s.wait("2026-03-21 00:01")
	if got := s.now(c); got.State != fact.Broken || got.Last.Reason != NotReceived || got.Contested != 0 {
		t.Errorf("%s because %s, contested %v", got.State, got.Last.Reason, got.Contested)
	}
}

func TestNobodyCame(t *testing.T) {
	absent := func(s *shop) (Commitment, order.Parcel) {
		c := s.owe(2, "2026-03-10")
		p := s.ship(c.Order, "P1", 0)
		s.At("2026-03-10 18:00")
		s.hear(s.scan("P1", fact.PickedUp, "2026-03-06 16:30"), s.scan("P1", fact.FailedAttempt, "2026-03-10 10:30", absentShopper))
		s.wait("2026-03-12 09:00")
		return c, p
	}
	s := open(t)
	c, p := absent(s)
	if got := s.now(c); got.State != fact.Void || got.Last.Reason != ShopperAct {
		t.Fatalf("by the scan: %s because %s", got.State, got.Last.Reason)
	}
	claim := s.complains(c.Order, p.ID, fact.ClaimNobodyCame)
	if s.now(c).Contested == 0 {
		t.Error("not contested")
	}
	s.rules(claim, fact.InFull, fact.ByCarrier)
	if got := s.now(c); got.State != fact.Broken || got.Last.Liable != fact.ByCarrier || got.Contested != 0 {
		t.Errorf("upheld: %s, %s, contested %v", got.State, got.Last.Liable, got.Contested)
	}
}

func TestADecisionIsOwedAndGiven(t *testing.T) {
	s := open(t)
	c, _ := s.delivered("P1")
	claim := s.complains(c.Order, "", fact.ClaimDamaged)
	if s.now(c).Contested != 0 {
		t.Error("damage contests no scan")
	}
	owed := s.about("sai_1" + string(c.Order))
	if len(owed) != 1 || owed[0].Owed != fact.AnswerBy || owed[0].State != fact.Open || owed[0].Until != local("2026-03-12 18:00") {
		t.Fatalf("%+v", owed)
	}
	s.rules(claim, fact.Refused, fact.ByNobody)
	if owed = s.about("sai_1" + string(c.Order)); owed[0].State != fact.Kept {
		t.Errorf("decided in time: %s", owed[0].State)
	}
}

func TestAClaimIsSortedIntoAContestAndOut(t *testing.T) {
	s := open(t)
	c, p := s.delivered("P1")
	claim := s.complains(c.Order, "", fact.ClaimOther)
	claim.What, claim.Parcel = fact.ClaimNotReceived, p.ID
	s.hears(c.Order, "sorted", fact.ClaimSorted{Complaint: claim})
	if s.now(c).Contested == 0 {
		t.Error("sorted as not received, it is not contested")
	}
	claim.What = fact.ClaimDamaged
	s.hears(c.Order, "sorted again", fact.ClaimSorted{Complaint: claim})
	if s.now(c).Contested != 0 {
		t.Error("sorted as damaged, it is still contested")
	}
}

func absentShopper(r *carrier.Report) { r.Party = fact.ByShopper }

// What transit times are learned from is contested with the scan: out while somebody
// is to decide, and then as it was decided.
func TestAContestedDeliveryTeachesNothingUntilItIsDecided(t *testing.T) {
	came := carrier.LaneZone(lyon) + " handed 2026-03-06 arrived 2026-03-10 closed "
	for _, c := range []struct {
		law     string
		outcome fact.Outcome
		want    string
		settled Record
	}{
		{"the scan stands: it counts again", fact.Refused, came, Record{Due: 1}},
		{"it was never received: it left the road without coming", fact.InFull, carrier.LaneZone(lyon) + " handed 2026-03-06 arrived  closed 2026-03-11", Record{}},
	} {
		t.Run(c.law, func(t *testing.T) {
			s := open(t)
			owed, p := s.delivered("P1")
			if got := s.remembered(string(p.ID)); got != came {
				t.Fatal(got)
			}
			s.At("2026-03-11 09:00")
			claim := s.complains(owed.Order, p.ID, fact.ClaimNotReceived)
			if got := s.remembered(string(p.ID)); got != "" {
				t.Errorf("while it is looked into: %s", got)
			}
			if own, _ := s.settled("2026-04-01"); own != (Record{}) {
				t.Errorf("while it is looked into, the record of quotes: %+v", own)
			}
			s.hear(s.scan("P1", fact.Delivered, "2026-03-10 10:31"))
			if got := s.remembered(string(p.ID)); got != "" {
				t.Errorf("a further scan brings it back: %s", got)
			}
			s.At("2026-03-11 15:00")
			s.rules(claim, c.outcome, fact.ByCarrier)
			if got := s.remembered(string(p.ID)); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			if own, service := s.settled("2026-04-01"); own != c.settled || service != c.settled {
				t.Errorf("the record of quotes: %+v, %+v", own, service)
			}
		})
	}
}
