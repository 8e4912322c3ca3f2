package returns_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/ledger"
	"github.com/promesse-dev/promesse/internal/returns"
)

// covered is a shop that sells cover: the policy includes 25.00.
func covered(t *testing.T) *shop {
	t.Helper()
	s := open(t)
	c := s.conditions()
	c.Covers = map[fact.Route][]returns.Cover{
		fact.BackByRelay:  {{UpTo: 2000, Price: 50}, {UpTo: 10000, Price: 150}, {UpTo: 50000, Price: 400}},
		fact.BackByPickup: {{UpTo: 10000, Price: 200}},
	}
	s.Do(s.m, func(tx *flow.Tx) error { return returns.SetConditions(tx, s.m, c) })
	return s
}

func covering(minor int64) func(*returns.Wanted) {
	return func(w *returns.Wanted) { w.Cover = euros(minor) }
}

func TestWhichCoversAreOffered(t *testing.T) {
	s := covered(t)
	b := s.had()
	for _, row := range []struct {
		law    string
		units  map[ident.Line]int
		reason string
		most   int64 // the carrier can be asked for
		want   []int64
	}{
		{"25.00 is covered already", map[ident.Line]int{b.scarf: 1}, "no_longer_needed", 1 << 40, nil},
		{"75.00: the first that covers all of it, and nothing that covers less than is included", map[ident.Line]int{b.scarf: 3}, "no_longer_needed", 1 << 40, []int64{10000}},
		{"120.00: both", map[ident.Line]int{b.coat: 1}, "no_longer_needed", 1 << 40, []int64{10000, 50000}},
		{"120.00, and the carrier insures up to 100.00", map[ident.Line]int{b.coat: 1}, "no_longer_needed", 10000, []int64{10000}},
		{"120.00, and the carrier sells no insurance", map[ident.Line]int{b.coat: 1}, "no_longer_needed", 0, nil},
		{"a fault: its way and its risk are the seller's", map[ident.Line]int{b.coat: 1}, "defective", 1 << 40, nil},
	} {
		office := s.office.Reaching(func(*db.Tx, ident.Merchant, ident.Connection, fact.Route, string) (carrier.Offer, bool, error) {
			return carrier.Offer{MaxInsured: euros(row.most)}, true, nil
		})
		s.See(func(tx *db.Tx) error {
			f, err := office.Options(tx, s.m, s.wants(b, row.units, row.reason), nil)
			var got []int64
			for _, k := range f.Options[0].Covers {
				got = append(got, k.UpTo)
			}
			if d := cmp.Diff(row.want, got); d != "" {
				t.Errorf("%s: %s", row.law, d)
			}
			return err
		})
	}
}

func TestACoverIsBoughtOrNot(t *testing.T) {
	s := covered(t)
	b := s.had()
	for _, row := range []struct {
		law     string
		reason  string
		cover   int64
		insured int64
		premium int64
	}{
		{"nothing chosen: what is included", "no_longer_needed", 0, 2500, 0},
		{"up to 100.00", "no_longer_needed", 10000, 10000, 150},
	} {
		r := s.asked(s.wants(b, map[ident.Line]int{b.scarf: 1, b.coat: 1}, row.reason, covering(row.cover)))
		if r.Insured != euros(row.insured) || r.Premium != euros(row.premium) {
			t.Errorf("%s: insured %v for %v", row.law, r.Insured, r.Premium)
		}
		s.labels(r.ID)
		if got := s.printer.asked[len(s.printer.asked)-1].Insured; row.premium > 0 && got != euros(row.insured) || row.premium == 0 && !got.IsZero() {
			t.Errorf("%s: the carrier is asked for %v", row.law, got)
		}
		s.Do(s.m, func(tx *flow.Tx) error {
			_, err := returns.Cancel(tx, s.m, r.ID, fact.ByShopper)
			return err
		})
		b = s.had()
	}
	for law, w := range map[string]returns.Wanted{
		"a cover that is none":       s.wants(b, map[ident.Line]int{b.coat: 1}, "no_longer_needed", covering(9999)),
		"a cover in another money":   s.wants(b, map[ident.Line]int{b.coat: 1}, "no_longer_needed", func(w *returns.Wanted) { w.Cover = money.Of(10000, "USD") }),
		"a cover for a fault":        s.wants(b, map[ident.Line]int{b.coat: 1}, "defective", covering(10000)),
		"more than what comes back":  s.wants(b, map[ident.Line]int{b.scarf: 1}, "no_longer_needed", covering(10000)),
		"a cover of a store's route": s.wants(b, map[ident.Line]int{b.coat: 1}, "no_longer_needed", covering(10000), func(w *returns.Wanted) { w.Route = fact.BackToStore }),
	} {
		w.Key = law
		_, _, err := s.asks(w)
		refused(t, law, err, "cover_not_offered", "cover")
	}
}

// Each sum that is kept has its name, stands in the ledger, and the lines with
// what was kept of them are what was paid.
func TestWhatIsKeptHasItsName(t *testing.T) {
	s := covered(t)
	b := s.had()
	r := s.asked(s.wants(b, map[ident.Line]int{b.scarf: 2}, "no_longer_needed", covering(10000), fetchedNext(s)))
	s.back(r, b)
	d, err := s.decides(s.agents[1], r.ID, returns.Ruling{Outcome: fact.InFull})
	want := []fact.Withheld{
		{Charge: fact.ChargeWayBack, Line: b.scarf, Amount: euros(990)},
		{Charge: fact.ChargeCover, Line: b.scarf, Amount: euros(200)},
	}
	if err != nil || d.Amount != euros(5000-990-200) || cmp.Diff(want, d.Withheld) != "" || returns.Gross(d.Lines, d.Withheld)[0].Amount != euros(5000) {
		t.Errorf("%+v, %v", d, err)
	}
	if said := told[fact.ReturnDecided](s, b.ID); len(said) != 1 || cmp.Diff(want, said[0].Withheld) != "" {
		t.Errorf("told %+v", said)
	}
	s.See(func(tx *db.Tx) error {
		of, err := returns.Decisions(tx, s.m, []ident.Return{r.ID})
		if d := cmp.Diff(want, of[r.ID][0].Withheld); d != "" {
			t.Error(d)
		}
		kept, err2 := ledger.Balance(tx, s.m, returns.CoverOf(s.camille), money.EUR)
		if kept != euros(-200) || err2 != nil {
			t.Errorf("in the ledger %v, %v", kept, err2)
		}
		return err
	})
}

// A cover that no label was made for was never bought.
func TestACoverWithoutALabelCostsNothing(t *testing.T) {
	s := covered(t)
	b := s.had()
	r := s.asked(s.wants(b, map[ident.Line]int{b.scarf: 3}, "no_longer_needed", covering(10000)))
	s.inspects(r.ID, b)
	if d, err := s.decides(s.agents[1], r.ID, returns.Ruling{Outcome: fact.InFull}); err != nil || d.Amount != euros(7500) || len(d.Withheld) != 0 {
		t.Errorf("%+v, %v", d, err)
	}
}

func TestWhatTheCarrierOwesForALostParcel(t *testing.T) {
	for _, row := range []struct {
		law   string
		units [2]int
		cover int64
		claim int64
	}{
		{"what is included", [2]int{0, 3}, 0, 2500},
		{"what was bought, and never more than was in it", [2]int{0, 3}, 10000, 7500},
		{"what was bought, though more was in it", [2]int{1, 0}, 10000, 10000},
	} {
		s := covered(t)
		b := s.had()
		r := s.asked(s.wants(b, map[ident.Line]int{b.coat: row.units[0], b.scarf: row.units[1]}, "no_longer_needed", covering(row.cover)))
		if _, lost := r.Claim(); lost {
			t.Errorf("%s: claimed before it was lost", row.law)
		}
		s.labels(r.ID)
		s.must(s.deposit(r.ID, returns.Left{Source: returns.AtCounter, Place: "Tabac du Port, Paris"}))
		s.Pass(40 * 24 * time.Hour)
		s.Quiet()
		r = s.get(r.ID)
		if claim, lost := r.Claim(); !lost || claim != euros(row.claim) {
			t.Errorf("%s: %v, %v", row.law, claim, lost)
		}
		if said := told[fact.ReturnDecided](s, b.ID); len(said) != 1 || said[0].Amount != r.Value || len(said[0].Withheld) != 0 {
			t.Errorf("%s: the shopper has all of it back: %+v", row.law, said)
		}
	}
}

func TestTheGoodsOfAWithdrawalAreCoveredByChoiceAlone(t *testing.T) {
	s := covered(t)
	b := s.had()
	w, _, err := s.renounces(statement(b))
	s.must(err)
	s.Quiet()
	if r := s.get(w.Return); r.Premium.Minor != 0 {
		t.Errorf("%v is kept of what nobody chose", r.Premium)
	}
	s.Do(s.m, func(tx *flow.Tx) error {
		_, err := s.office.Choose(tx, s.m, w.Return, returns.Choice{Route: fact.BackByRelay, Cover: euros(50000)})
		return err
	})
	if r := s.get(w.Return); r.Premium != euros(400) || r.Insured != euros(50000) {
		t.Errorf("%v for %v", r.Insured, r.Premium)
	}
}

func TestCoversThatCanNotBeSold(t *testing.T) {
	s := open(t)
	for law, row := range map[string]struct {
		route  fact.Route
		covers []returns.Cover
		code   string
		field  string
	}{
		"in a store":          {fact.BackToStore, []returns.Cover{{UpTo: 10000, Price: 150}}, "unknown_value", "covers"},
		"of nothing":          {fact.BackByRelay, []returns.Cover{{Price: 150}}, "number_out_of_range", "covers.relay[0].up_to"},
		"for nothing":         {fact.BackByRelay, []returns.Cover{{UpTo: 10000}}, "number_out_of_range", "covers.relay[0].price"},
		"more for less":       {fact.BackByRelay, []returns.Cover{{UpTo: 10000, Price: 150}, {UpTo: 5000, Price: 200}}, "cover_order", "covers.relay"},
		"more for no more":    {fact.BackByRelay, []returns.Cover{{UpTo: 10000, Price: 150}, {UpTo: 20000, Price: 150}}, "cover_order", "covers.relay"},
		"eleven of one route": {fact.BackByRelay, eleven(), "list_too_long", "covers.relay"},
	} {
		c := s.conditions()
		c.Covers = map[fact.Route][]returns.Cover{row.route: row.covers}
		err := s.Try(s.m, func(tx *flow.Tx) error { return returns.SetConditions(tx, s.m, c) })
		refused(t, law, err, row.code, row.field)
	}
}

func eleven() (all []returns.Cover) {
	for i := range int64(11) {
		all = append(all, returns.Cover{UpTo: (i + 1) * 100, Price: i + 1})
	}
	return all
}
