package desk_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/desk"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// claim runs a verb about a claim.
func (s *shop) claim(verb func(*flow.Tx) (desk.Claim, error)) (c desk.Claim, err error) {
	err = s.Try(s.m, func(tx *flow.Tx) error {
		c, err = verb(tx)
		return err
	})
	return c, err
}

// raises claims about the order; more changes what is sent.
func (s *shop) raises(words string, more ...func(*desk.Raising)) (desk.Claim, error) {
	in := desk.Raising{Key: ident.Hash(words)[:40], Order: s.order, What: fact.ClaimNotReceived, Via: fact.ViaPage, Words: words}
	for _, m := range more {
		m(&in)
	}
	return s.claim(func(tx *flow.Tx) (desk.Claim, error) { return desk.Raise(tx, s.m, in) })
}

func (s *shop) mustRaise(words string) desk.Claim {
	s.t.Helper()
	c, err := s.raises(words)
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

// hires somebody more.
func (s *shop) hires(name string) (id ident.Staff) {
	s.t.Helper()
	s.Do(s.m, func(tx *flow.Tx) error {
		who, err := merchant.Hire(tx, s.m, merchant.NewStaff{Email: name + "@example.com", Name: name, Set: merchant.Agent})
		id = who.ID
		return err
	})
	return id
}

func (s *shop) decides(id ident.Claim, d desk.Decision) (desk.Claim, error) {
	return s.claim(func(tx *flow.Tx) (desk.Claim, error) { return desk.Decide(tx, s.m, id, d) })
}

func (s *shop) reviews(id ident.Claim, d desk.Decision) (desk.Claim, error) {
	return s.claim(func(tx *flow.Tx) (desk.Claim, error) { return desk.Review(tx, s.m, id, d) })
}

func (s *shop) contests(id ident.Claim, words string) (desk.Claim, error) {
	return s.claim(func(tx *flow.Tx) (desk.Claim, error) {
		return desk.ContestClaim(tx, s.m, id, desk.Statement{Via: fact.ViaPage, Words: words})
	})
}

// acts are the entries of a claim's file.
func (s *shop) acts(id ident.Claim) (all []string) {
	s.t.Helper()
	s.See(func(tx *db.Tx) error {
		file, err := desk.ClaimFile(tx, s.m, id)
		for _, e := range file {
			all = append(all, fmt.Sprintf("%s %s", e.Act, e.Party))
		}
		return err
	})
	return all
}

var refusal = desk.Decision{Outcome: fact.Refused, Words: "The photo shows your door."}

func by(d desk.Decision, who ident.Staff) desk.Decision {
	d.By = who
	return d
}

func TestAClaimIsDecidedByTwoPeopleAtMost(t *testing.T) {
	s := open(t)
	c := s.mustRaise("I got nothing.")
	if c.State != desk.ClaimOpen || clock(c.AnswerBy) != "03-02 17:00" || c.Value.Minor != 3500 {
		t.Fatalf("%+v", c)
	}
	for _, of := range []fact.Party{fact.ByCarrier, fact.ByMerchant} {
		if _, err := s.claim(func(tx *flow.Tx) (desk.Claim, error) { return desk.AskEvidence(tx, s.m, c.ID, of, "Who signed?") }); err != nil {
			t.Fatal(err)
		}
	}
	given := desk.Statement{By: fact.ByCarrier, Via: fact.ViaPage, Words: "A photo."}
	if _, err := s.claim(func(tx *flow.Tx) (desk.Claim, error) { return desk.Tell(tx, s.m, c.ID, given) }); err != nil {
		t.Fatal(err)
	}
	decided, err := s.decides(c.ID, by(refusal, s.nadia))
	if err != nil || decided.State != desk.ClaimDecided || decided.Liable != fact.ByNobody || !decided.Contestable() {
		t.Fatalf("%+v, %v", decided, err)
	}
	if again, err := s.decides(c.ID, by(refusal, s.nadia)); err != nil || again.State != desk.ClaimDecided {
		t.Errorf("the same twice: %v", err)
	}
	s.At("2026-03-03 10:00")
	contested, err := s.contests(c.ID, "That is not my door.")
	if err != nil || contested.State != desk.ClaimContested || clock(contested.AnswerBy) != "03-03 18:00" {
		t.Fatalf("%+v, %v", contested, err)
	}
	s.expect(errOf(s.reviews(c.ID, by(refusal, s.nadia))), "claim_second_person")
	olivier := s.hires("olivier")
	last, err := s.reviews(c.ID, desk.Decision{By: olivier, Outcome: fact.InFull, Liable: fact.ByCarrier, Words: "It is not."})
	if err != nil || last.State != desk.ClaimClosed || last.Outcome != fact.InFull || last.Decider != flow.ByStaff(s.nadia) {
		t.Fatalf("%+v, %v", last, err)
	}
	want := []string{"opened shopper", "asked carrier", "asked merchant", "given carrier", "decided merchant", "contested shopper", "reviewed merchant"}
	if d := cmp.Diff(want, s.acts(c.ID)); d != "" {
		t.Error(d)
	}
}

func errOf(_ desk.Claim, err error) error { return err }

func (s *shop) expect(err error, code string) {
	s.t.Helper()
	if err == nil || !strings.Contains(err.Error(), code) {
		s.t.Errorf("want %s, got %v", code, err)
	}
}

func TestWhatMayNotBeDoneAboutAClaim(t *testing.T) {
	s := open(t)
	c := s.mustRaise("I got nothing.")
	whole := desk.Decision{By: s.nadia, Outcome: fact.InFull, Liable: fact.ByCarrier, Words: "Yes."}
	change := func(f func(*desk.Decision)) desk.Decision {
		d := whole
		f(&d)
		return d
	}
	for _, row := range []struct {
		what, code string
		err        error
	}{
		{"by nobody", "not_a_person", errOf(s.decides(c.ID, change(func(d *desk.Decision) { d.By = "" })))},
		{"without reasons", "field_required", errOf(s.decides(c.ID, change(func(d *desk.Decision) { d.Words = " " })))},
		{"without an outcome", "unknown_value", errOf(s.decides(c.ID, change(func(d *desk.Decision) { d.Outcome = "maybe" })))},
		{"without anybody to answer for it", "field_required", errOf(s.decides(c.ID, change(func(d *desk.Decision) { d.Liable = "" })))},
		{"unread", "claim_moved", func() error {
			said := desk.Statement{By: fact.ByShopper, Via: fact.ViaPage, Words: "The caretaker has nothing."}
			if _, err := s.claim(func(tx *flow.Tx) (desk.Claim, error) { return desk.Tell(tx, s.m, c.ID, said) }); err != nil {
				return err
			}
			return errOf(s.decides(c.ID, change(func(d *desk.Decision) { d.Seen = 1 })))
		}()},
		{"contested before", "claim_undecided", errOf(s.contests(c.ID, "No."))},
		{"reviewed before", "claim_not_contested", errOf(s.reviews(c.ID, whole))},
		{"a claim of nobody's", "not_found", errOf(s.decides("clm_x", whole))},
	} {
		t.Run(row.what, func(t *testing.T) { s.expect(row.err, row.code) })
	}
	if _, err := s.decides(c.ID, whole); err != nil {
		t.Fatal(err)
	}
	s.expect(errOf(s.contests(c.ID, "More!")), "claim_accepted")
	s.expect(errOf(s.decides(c.ID, by(refusal, s.nadia))), "claim_decided")
	own, err := s.raises("For Camille, on the phone.", func(r *desk.Raising) { r.By = s.nadia })
	if err != nil {
		t.Fatal(err)
	}
	s.expect(errOf(s.decides(own.ID, whole)), "claim_own")
}

func TestABadClaim(t *testing.T) {
	s := open(t)
	theirs := s.buys("E-2", 100)
	ten := func(n int) (ids []ident.Blob) {
		for i := range n {
			ids = append(ids, ident.Blob(fmt.Sprint("blb_", i)))
		}
		return ids
	}
	for _, row := range []struct {
		what, code string
		more       func(*desk.Raising)
	}{
		{"eleven photos", "list_too_long", func(r *desk.Raising) { r.Photos = ten(11) }},
		{"photos nobody sent", "photo_unknown", func(r *desk.Raising) { r.Photos = ten(1) }},
		{"200 kB of words", "field_too_long", func(r *desk.Raising) { r.Words = strings.Repeat("a", 200_000) }},
		{"no words", "field_required", func(r *desk.Raising) { r.Words = "\r\n" }},
		{"an order of nobody", "not_found", func(r *desk.Raising) { r.Order = "ord_x" }},
		{"a parcel of another order", "not_found", func(r *desk.Raising) { r.Parcel = "par_x" }},
		{"a kind nobody knows", "unknown_value", func(r *desk.Raising) { r.What = "stolen" }},
		{"no key", "field_required", func(r *desk.Raising) { r.Key = "" }},
	} {
		t.Run(row.what, func(t *testing.T) { s.expect(errOf(s.raises("I got nothing.", row.more)), row.code) })
	}
	once := s.mustRaise("I got nothing. 🙁")
	if twice := s.mustRaise("I got nothing. 🙁"); twice.ID != once.ID {
		t.Error("raised twice under one key, there are two")
	}
	same, err := s.raises("I got nothing. 🙁", func(r *desk.Raising) { r.Key = "another" })
	if err != nil || same.ID != once.ID {
		t.Errorf("the same words about the same order: %v, %v", same.ID, err)
	}
	plain, err := s.raises("Where is it?", func(r *desk.Raising) { r.Order, r.What = theirs, "" })
	if err != nil || plain.What != fact.ClaimOther {
		t.Errorf("without a kind: %+v, %v", plain, err)
	}
	sorted, err := s.claim(func(tx *flow.Tx) (desk.Claim, error) { return desk.Sort(tx, s.m, plain.ID, fact.ClaimLate, "") })
	if err != nil || sorted.What != fact.ClaimLate {
		t.Errorf("sorted: %+v, %v", sorted, err)
	}
	for n := range 9 {
		s.mustRaise(fmt.Sprint("One more: ", n))
	}
	s.expect(errOf(s.raises("The eleventh.")), "claims_waiting")
}
