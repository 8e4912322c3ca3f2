package remedy

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
	"github.com/promesse-dev/promesse/internal/platform/ledger"
	"github.com/promesse-dev/promesse/internal/shopper"
)

// shop is a merchant with one customer, in a world where broken promises have
// their consequences.
type shop struct {
	*flowtest.World
	m       ident.Merchant
	camille ident.Shopper
	until   civil.Instant // of every promise: 2 March 2026, 16:00
	orders  int
}

func newShop(t *testing.T) *shop {
	t.Helper()
	ps := NewPolicies()
	emits := []fact.Kind{"remedy.granted", "remedy.refused", "remedy.awaited"}
	s := &shop{World: flowtest.New(
		t,
		flow.Reaction{On: "promise.broken", Name: "remedy.Consider", Mode: flow.May, Run: ps.Consider, Emits: emits},
		flow.Reaction{On: "promise.corrected", Name: "remedy.Review", Mode: flow.May, Run: ps.Review, Emits: emits},
	)}
	s.Watch(ps.Waits())
	s.until = s.At("2026-03-02 16:00")
	err := s.Write(context.Background(), "test", nil, func(tx *flow.Tx) error {
		o, err := merchant.Create(tx, merchant.NewOrganisation{
			Kind: merchant.Merchant, Name: "Épicerie", Country: "FR", Zone: "Europe/Paris", Locale: lang.French, Currency: money.EUR,
		})
		s.m = o.ID
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Do(s.m, func(tx *flow.Tx) (err error) {
		s.camille, err = shopper.Register(tx, s.m, shopper.NewShopper{Email: "camille@example.org", Name: "Camille", Locale: lang.French})
		return err
	})
	return s
}

// order places one of 30 € of goods.
func (s *shop) order(delivery int64) (id ident.Order) {
	s.T.Helper()
	s.orders++
	reference := fmt.Sprintf("E-%d", s.orders)
	s.Do(s.m, func(tx *flow.Tx) error {
		o, _, err := order.Place(tx, s.m, order.New{
			Reference: reference, Shopper: s.camille, Locale: lang.French, Currency: money.EUR, Fingerprint: "f",
			Lines:       []order.Line{{Kind: order.Goods, SKU: "huile", Name: "Huile d'olive", Units: 2, Unit: eur(1500), Grams: 900}},
			DeliveryFee: eur(delivery),
			Ship:        order.Address{Name: "Camille", Street: "1 rue Haute", Postcode: "75011", City: "Paris", Country: "FR"},
		})
		id = o.ID
		return err
	})
	return id
}

// promise is a commitment of an order, as facts speak of it. Its verdict id is
// made when it is judged.
func (s *shop) promise(o ident.Order, n int) fact.Ruling {
	return fact.Ruling{
		Promise: fact.Promise{
			Commitment: ident.Commitment(fmt.Sprintf("com_%s_%d", o, n)), Owed: fact.DeliverBy,
			Order: o, Shopper: s.camille, Until: s.until,
		},
		Liable: fact.ByCarrier, Trust: fact.TrustSigned, Reason: "late",
	}
}

func lateBy(r fact.Ruling, d time.Duration) fact.Ruling {
	r.LateBy, r.LateKnown = d, true
	return r
}

// breaks emits broken promises in one write.
func (s *shop) breaks(rulings ...fact.Ruling) {
	s.T.Helper()
	s.Do(s.m, func(tx *flow.Tx) error {
		for _, r := range rulings {
			r.Verdict = ident.New[ident.Verdict](tx.Mint)
			if err := tx.Emit(s.m, string(r.Order), string(r.Verdict), fact.PromiseBroken{Ruling: r}); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *shop) corrects(r fact.Ruling, was, now fact.State) {
	s.T.Helper()
	s.Do(s.m, func(tx *flow.Tx) error {
		r.Verdict = ident.New[ident.Verdict](tx.Mint)
		return tx.Emit(s.m, string(r.Order), string(r.Verdict), fact.PromiseCorrected{Ruling: r, Was: was, Now: now})
	})
}

// said is what became of the remedies of an order, one line each.
func (s *shop) said(o ident.Order) (lines []string) {
	s.T.Helper()
	s.See(func(tx *db.Tx) error {
		of, err := OfOrders(tx, s.m, []ident.Order{o})
		for _, r := range of[o] {
			line := string(r.State)
			switch r.State {
			case Waiting:
				line += " until " + r.Next.In(flowtest.Paris).Format("15:04:05")
			case Refused:
				line += " " + r.Reason
			case Granted:
				for _, g := range r.Grants {
					line += fmt.Sprintf(" %s %v", g.Rule, g.Amount)
				}
			}
			lines = append(lines, line)
		}
		return err
	})
	return lines
}

func (s *shop) expect(o ident.Order, want ...string) {
	s.T.Helper()
	if diff := cmp.Diff(want, s.said(o)); diff != "" {
		s.T.Errorf("remedies of the order: %s", diff)
	}
}

// facts counts the facts of an order by kind, and proves that none is parked.
func (s *shop) facts(o ident.Order) map[fact.Kind]int {
	s.T.Helper()
	n := map[fact.Kind]int{}
	s.See(func(tx *db.Tx) error {
		all, err := flow.Timeline(tx, s.m, string(o))
		for _, f := range all {
			if f.Kind != "order.placed" && f.Kind != "promise.broken" && f.Kind != "promise.corrected" {
				n[f.Kind]++
			}
		}
		return err
	})
	return n
}

func (s *shop) credit() (a money.Amount) {
	s.T.Helper()
	s.See(func(tx *db.Tx) (err error) {
		a, err = ledger.Balance(tx, s.m, Credit(s.camille), money.EUR)
		paid, err2 := ledger.Balance(tx, s.m, Compensation, money.EUR)
		if err == nil && err2 == nil && paid.Minor != -a.Minor {
			s.T.Errorf("credit %v, compensation %v", a, paid)
		}
		return err
	})
	return a
}

func (s *shop) parked() (errors []string) {
	s.T.Helper()
	s.See(func(tx *db.Tx) error {
		all, err := flow.ParkedAfter(tx, 0, "", 100)
		for _, p := range all {
			if p.Merchant == s.m {
				errors = append(errors, p.Error)
			}
		}
		return err
	})
	return errors
}

func TestThirtyMinutesLateIsRefusedAndASecondMoreIsFree(t *testing.T) {
	s := newShop(t)
	s.At("2026-03-02 17:00")
	a, b := s.order(590), s.order(590)
	s.breaks(lateBy(s.promise(a, 1), 30*time.Minute), lateBy(s.promise(b, 1), 30*time.Minute+time.Second))
	s.expect(a, "refused within_tolerance")
	s.expect(b, "granted late_or_incomplete 5.90 EUR")
	if got := s.credit(); got != eur(590) {
		t.Errorf("credit %v", got)
	}
	if diff := cmp.Diff(map[fact.Kind]int{"remedy.refused": 1}, s.facts(a)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[fact.Kind]int{"remedy.granted": 1}, s.facts(b)); diff != "" {
		t.Error(diff)
	}
}

func TestStillMissingIsRepairedWithoutWaitingForTheParcel(t *testing.T) {
	s := newShop(t)
	o := s.order(590)
	s.breaks(s.promise(o, 1))
	s.expect(o, "waiting until 16:30:01")
	next, err := s.NextDue(context.Background())
	if err != nil || next > s.At("2026-03-02 16:30:01") {
		t.Errorf("the clock is to ask again at %v, %v", next, err)
	}
	s.At("2026-03-02 16:30:00")
	s.Quiet()
	s.expect(o, "waiting until 16:30:01")
	s.At("2026-03-02 16:30:01")
	s.Quiet()
	s.Quiet()
	s.expect(o, "granted late_or_incomplete 5.90 EUR")
	if diff := cmp.Diff(map[fact.Kind]int{"remedy.awaited": 1, "remedy.granted": 1}, s.facts(o)); diff != "" {
		t.Error(diff)
	}
	s.corrects(lateBy(s.promise(o, 1), 45*time.Minute), fact.Broken, fact.Broken)
	s.corrects(s.promise(o, 1), fact.Broken, fact.Kept)
	s.expect(o, "granted late_or_incomplete 5.90 EUR") // nothing is taken back, nor given twice
	if got := s.credit(); got != eur(590) {
		t.Errorf("credit %v", got)
	}
}

func TestLateEvidence(t *testing.T) {
	for _, c := range []struct {
		law  string
		then func(*shop, fact.Ruling)
		want string
	}{
		{"it came 10 minutes late: nothing", func(s *shop, r fact.Ruling) {
			s.corrects(lateBy(r, 10*time.Minute), fact.Broken, fact.Broken)
		}, "refused within_tolerance"},
		{"it came 40 minutes late: free", func(s *shop, r fact.Ruling) {
			s.corrects(lateBy(r, 40*time.Minute), fact.Broken, fact.Broken)
		}, "granted late_or_incomplete 5.90 EUR"},
		{"it had come in time", func(s *shop, r fact.Ruling) {
			s.corrects(r, fact.Broken, fact.Kept)
		}, "refused kept_after_all"},
		{"nobody can prove anything", func(s *shop, r fact.Ruling) {
			s.corrects(r, fact.Broken, fact.Void)
		}, "refused void_after_all"},
		{"in time, then late after all", func(s *shop, r fact.Ruling) {
			s.corrects(r, fact.Broken, fact.Kept)
			s.corrects(lateBy(r, time.Hour), fact.Kept, fact.Broken)
		}, "granted late_or_incomplete 5.90 EUR"},
		{"in time, but that was another parcel: it is missing, refused once and again", func(s *shop, r fact.Ruling) {
			s.corrects(r, fact.Broken, fact.Kept)
			s.corrects(r, fact.Kept, fact.Broken)
			s.expect(r.Order, "waiting until 16:30:01")
			s.corrects(lateBy(r, time.Minute), fact.Broken, fact.Broken)
		}, "refused within_tolerance"},
		{"10 minutes late, then 40 after all", func(s *shop, r fact.Ruling) {
			s.corrects(lateBy(r, 10*time.Minute), fact.Broken, fact.Broken)
			s.corrects(lateBy(r, 40*time.Minute), fact.Broken, fact.Broken)
		}, "granted late_or_incomplete 5.90 EUR"},
		{"10 minutes late, then in time after all: the first reason stands", func(s *shop, r fact.Ruling) {
			s.corrects(lateBy(r, 10*time.Minute), fact.Broken, fact.Broken)
			s.corrects(r, fact.Broken, fact.Kept)
		}, "refused within_tolerance"},
		{"somebody claims that it came 40 minutes late", func(s *shop, r fact.Ruling) {
			r.Trust = fact.TrustClaimed
			s.corrects(lateBy(r, 40*time.Minute), fact.Broken, fact.Broken)
		}, "waiting until 16:30:01"},
	} {
		t.Run(c.law, func(t *testing.T) {
			s := newShop(t)
			o := s.order(590)
			r := s.promise(o, 1)
			s.breaks(r)
			s.Pass(10 * time.Minute)
			c.then(s, r)
			s.expect(o, c.want)
			s.At("2026-03-02 18:00")
			s.Quiet()
			if got := s.said(o); len(got) != 1 {
				t.Errorf("one commitment, %d remedies", len(got))
			}
			if p := s.parked(); len(p) > 0 {
				t.Error(p)
			}
		})
	}
}

func TestAPromiseKeptFirstAndBrokenLaterIsConsidered(t *testing.T) {
	s := newShop(t)
	s.At("2026-03-02 18:00")
	o, p := s.order(590), s.order(590)
	s.corrects(lateBy(s.promise(o, 1), time.Hour), fact.Kept, fact.Broken)
	s.expect(o, "granted late_or_incomplete 5.90 EUR")
	s.corrects(s.promise(p, 1), fact.Void, fact.Kept)
	s.expect(p) // never broken: no remedy
}

func TestOneOrderIsRepairedOnce(t *testing.T) {
	s := newShop(t)
	s.At("2026-03-02 18:00")
	o := s.order(590)
	s.breaks(lateBy(s.promise(o, 1), time.Hour), lateBy(s.promise(o, 2), time.Hour)) // in one slice
	s.breaks(lateBy(s.promise(o, 3), time.Hour))
	got := s.said(o)
	slices.Sort(got)
	want := []string{"granted late_or_incomplete 5.90 EUR", "refused cap_reached", "refused cap_reached"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := s.credit(); got != eur(590) {
		t.Errorf("credit %v", got)
	}
}

// lacks is the promise of a complete order, broken by units that are missing.
func (s *shop) lacks(o ident.Order, units int) fact.Ruling {
	r := s.promise(o, 2)
	r.Owed, r.Reason, r.LateKnown, r.Liable = fact.Complete, "units_missing", true, fact.ByUnknown
	r.MissingUnits, r.MissingLines = units, 1
	return r
}

func TestMissingUnits(t *testing.T) {
	const free, tolerated, capped = "granted late_or_incomplete 5.90 EUR", "refused within_tolerance", "refused cap_reached"
	late := func(s *shop, o ident.Order) fact.Ruling { return lateBy(s.promise(o, 1), 31*time.Minute) }
	for _, c := range []struct {
		law  string
		do   func(*shop, ident.Order)
		want []string
	}{
		{"1 unit: nothing, and why", func(s *shop, o ident.Order) { s.breaks(s.lacks(o, 1)) }, []string{tolerated}},
		{"2 units: free", func(s *shop, o ident.Order) { s.breaks(s.lacks(o, 2)) }, []string{free}},
		{"1 unit, then 1 more: free on the correction", func(s *shop, o ident.Order) {
			s.breaks(s.lacks(o, 1))
			s.corrects(s.lacks(o, 2), fact.Broken, fact.Broken)
		}, []string{free}},
		{"2 units, then 1 more: nothing grows", func(s *shop, o ident.Order) {
			s.breaks(s.lacks(o, 2))
			s.corrects(s.lacks(o, 3), fact.Broken, fact.Broken)
		}, []string{free}},
		{"kept first: all had come, and then 2 are missed", func(s *shop, o ident.Order) {
			s.corrects(s.lacks(o, 2), fact.Kept, fact.Broken)
		}, []string{free}},
		{"on its way when it was due, and then 2 are missed", func(s *shop, o ident.Order) {
			s.corrects(s.lacks(o, 2), fact.Void, fact.Broken)
		}, []string{free}},
		{"31 minutes late, and 2 units missing: one grant", func(s *shop, o ident.Order) {
			s.breaks(late(s, o))
			s.breaks(s.lacks(o, 2))
		}, []string{free, capped}},
		{"both in one breath: one grant", func(s *shop, o ident.Order) { s.breaks(late(s, o), s.lacks(o, 2)) }, []string{free, capped}},
		{"2 units missing while it is still awaited: the clock gives nothing more", func(s *shop, o ident.Order) {
			s.breaks(s.promise(o, 1), s.lacks(o, 2))
		}, []string{capped, free}},
		{"31 minutes late, and 1 unit missing: the unit by itself gives nothing", func(s *shop, o ident.Order) {
			s.breaks(late(s, o), s.lacks(o, 1))
		}, []string{free, tolerated}},
		{"an hour early: nothing, by the default policy", func(s *shop, o ident.Order) {
			r := s.promise(o, 1)
			r.Owed, r.EarlyBy, r.LateKnown = fact.DeliverInSlot, time.Hour, true
			s.breaks(r)
		}, []string{tolerated}},
	} {
		t.Run(c.law, func(t *testing.T) {
			s := newShop(t)
			o := s.order(590)
			c.do(s, o)
			s.At("2026-03-02 18:00")
			s.Quiet()
			s.expect(o, c.want...)
			if got := s.credit(); got.Minor > 590 {
				t.Errorf("credit %v", got)
			}
			if p := s.parked(); len(p) > 0 {
				t.Error(p)
			}
		})
	}
}

func TestARemedyKnowsWhatWasMissing(t *testing.T) {
	s := newShop(t)
	o := s.order(590)
	s.breaks(s.lacks(o, 1))
	s.corrects(s.lacks(o, 3), fact.Broken, fact.Broken)
	s.See(func(tx *db.Tx) error {
		of, err := OfOrders(tx, s.m, []ident.Order{o})
		if r := of[o][0]; r.MissingUnits != 3 || r.MissingLines != 1 || r.Owed != fact.Complete {
			t.Errorf("%+v", r)
		}
		return err
	})
}

func TestAPolicyMayRepairWhatCameEarly(t *testing.T) {
	s := newShop(t)
	s.Do(s.m, func(tx *flow.Tx) error {
		_, err := merchant.SetPolicy(tx, s.m, Topic, `{
			"thresholds": [],
			"grants": [{"rule": "early", "kind": "delivery", "when": kind == "deliver_in_slot" && early > duration("15m"), "amount": delivery_fee}],
			"otherwise": "in_the_slot",
		}`)
		return err
	})
	early := func(o ident.Order, by time.Duration) fact.Ruling {
		r := s.promise(o, 1)
		r.Owed, r.EarlyBy, r.LateKnown = fact.DeliverInSlot, by, true
		return r
	}
	a, b := s.order(590), s.order(590)
	s.breaks(early(a, 15*time.Minute), early(b, 15*time.Minute+time.Second))
	s.expect(a, "refused in_the_slot")
	s.expect(b, "granted early 5.90 EUR")
}

func TestNothingToGiveBack(t *testing.T) {
	s := newShop(t)
	s.At("2026-03-02 18:00")
	free, shoppers := s.order(0), s.order(590)
	own := lateBy(s.promise(shoppers, 1), time.Hour)
	own.Liable = fact.ByShopper
	s.breaks(lateBy(s.promise(free, 1), time.Hour), own)
	s.expect(free, "refused nothing_to_give_back")
	s.expect(shoppers, "refused shopper_liable")
	if got := s.credit(); got != eur(0) {
		t.Errorf("credit %v", got)
	}
}

func TestTheMerchantsOwnPolicyAndItsMonth(t *testing.T) {
	s := newShop(t)
	s.Do(s.m, func(tx *flow.Tx) error {
		_, err := merchant.SetPolicy(tx, s.m, Topic, `{
			"thresholds": [],
			"caps": {"month": 1000},
			"grants": [{"rule": "sorry", "kind": "goods", "when": late > duration("0s"), "amount": 700}],
			"otherwise": "in_time",
		}`)
		return err
	})
	s.At("2026-03-31 23:59:59")
	a, b, c := s.order(590), s.order(590), s.order(590)
	s.breaks(lateBy(s.promise(a, 1), time.Hour))
	s.breaks(lateBy(s.promise(b, 1), time.Hour))
	s.At("2026-04-01 00:00:00") // in Paris; still March in UTC
	s.breaks(lateBy(s.promise(c, 1), time.Hour))
	s.expect(a, "granted sorry 7.00 EUR")
	s.expect(b, "granted sorry 3.00 EUR")
	s.expect(c, "granted sorry 7.00 EUR")
	if got := s.credit(); got != eur(1700) {
		t.Errorf("credit %v", got)
	}
}

// TestAPolicyThatFailsIsParked: the promise stays broken, its remedy is made
// when the policy is mended, even when a correction was heard in between.
func TestAPolicyThatFailsIsParkedAndReplayed(t *testing.T) {
	s := newShop(t)
	set := func(source string) {
		s.Do(s.m, func(tx *flow.Tx) error {
			_, err := merchant.SetPolicy(tx, s.m, Topic, source)
			return err
		})
	}
	set(`{"thresholds": [], "grants": [], "otherwise": "x"[missing_units]}`)
	s.At("2026-03-02 18:00")
	a, b := s.order(590), s.order(590)
	s.breaks(lateBy(s.promise(a, 1), time.Hour))
	s.breaks(s.promise(b, 1))
	if got := s.parked(); len(got) != 2 {
		t.Fatalf("parked: %v", got)
	}
	s.expect(a)
	set(Default)
	s.corrects(s.promise(b, 1), fact.Broken, fact.Kept)
	s.replay()
	s.expect(a, "granted late_or_incomplete 5.90 EUR")
	s.expect(b, "refused kept_after_all")
	if got := s.parked(); len(got) != 0 {
		t.Errorf("still parked: %v", got)
	}
}

func (s *shop) replay() {
	s.T.Helper()
	var all []flow.Parked
	s.See(func(tx *db.Tx) (err error) {
		all, err = flow.ParkedAfter(tx, 0, "", 100)
		return err
	})
	for _, p := range all {
		if p.Merchant != s.m {
			continue
		}
		if err := s.Replay(context.Background(), "test", p); err != nil {
			s.T.Error(err)
		}
	}
}

func TestTheSameFactTwiceIsOneRemedy(t *testing.T) {
	s := newShop(t)
	ps := NewPolicies()
	s.At("2026-03-02 18:00")
	o, p := s.order(590), s.order(590)
	s.breaks(lateBy(s.promise(o, 1), time.Hour), s.promise(p, 1))
	var facts []flow.Fact
	s.See(func(tx *db.Tx) error {
		for _, subject := range []ident.Order{o, p} {
			all, err := flow.Timeline(tx, s.m, string(subject))
			if err != nil {
				return err
			}
			for _, f := range all {
				if f.Kind == "promise.broken" {
					facts = append(facts, f)
				}
			}
		}
		return nil
	})
	for range 3 {
		s.Do(s.m, func(tx *flow.Tx) error { return ps.Consider(tx, facts) })
	}
	s.expect(o, "granted late_or_incomplete 5.90 EUR")
	s.expect(p, "granted late_or_incomplete 5.90 EUR")
	if got := s.credit(); got != eur(1180) {
		t.Errorf("credit %v", got)
	}
}

func TestManyAtOnce(t *testing.T) {
	s := newShop(t)
	o, p := s.order(590), s.order(590)
	s.breaks(s.promise(p, 1)) // waits; the clock and evidence will race for it
	s.At("2026-03-02 18:00")
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() { s.breaks(lateBy(s.promise(o, i), time.Hour)) })
		wg.Go(func() {
			if _, err := s.Sweep(context.Background()); err != nil {
				t.Error(err)
			}
		})
		wg.Go(func() { s.corrects(lateBy(s.promise(p, 1), time.Duration(i)*time.Hour), fact.Broken, fact.Broken) })
	}
	wg.Wait()
	s.Quiet()
	granted := 0
	for _, line := range s.said(o) {
		if line == "granted late_or_incomplete 5.90 EUR" {
			granted++
		}
	}
	if n := len(s.said(o)); n != 16 || granted != 1 {
		t.Errorf("16 broken promises of an order: %d remedies, %d granted", n, granted)
	}
	s.expect(p, "granted late_or_incomplete 5.90 EUR")
	if got := s.credit(); got != eur(1180) {
		t.Errorf("credit %v", got)
	}
	if p := s.parked(); len(p) > 0 {
		t.Error(p)
	}
}

func TestWhatIsOwedAboutAReturnIsNotForThePolicy(t *testing.T) {
	s := newShop(t)
	o := s.order(590)
	refund := lateBy(s.promise(o, 1), 24*time.Hour)
	refund.Owed, refund.About, refund.Liable = fact.RefundBy, "ret_1", fact.ByMerchant
	s.breaks(refund)
	s.expect(o, "refused not_covered")
	s.corrects(lateBy(refund, 48*time.Hour), fact.Broken, fact.Broken)
	s.expect(o, "refused not_covered")
}
