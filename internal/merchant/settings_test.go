package merchant_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
)

// quay ships on weekdays until 16:00, on Saturday until 11:00, the next working day.
func quay() merchant.StockPoint {
	const four, eleven = 16 * 60, 11 * 60
	return merchant.StockPoint{
		Name: "Quai 3", Country: "FR", Postcode: "64600", Zone: "Europe/Paris",
		Cutoffs:  civil.Cutoffs{Minute: [7]int{0, four, four, four, four, four, eleven}},
		PrepDays: 1,
		Closures: []civil.Day{civil.Date(2026, 8, 15), civil.Date(2026, 8, 14), civil.Date(2026, 8, 15)},
	}
}

func set(w *flowtest.World, m ident.Merchant, in merchant.StockPoint) (out merchant.StockPoint, err error) {
	err = w.Try(m, func(tx *flow.Tx) (err error) {
		out, err = merchant.SetStockPoint(tx, m, in)
		return err
	})
	return out, err
}

var sameZone = cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() })

func TestAStockPointIsReadAsItWasSet(t *testing.T) {
	w := flowtest.New(t)
	m, other := opened(w, grocer()).ID, opened(w, grocer()).ID
	made, err := set(w, m, quay())
	if err != nil {
		t.Fatal(err)
	}
	want := quay()
	want.ID, want.Cutoffs.Zone, want.Cutoffs.Preparation = made.ID, flowtest.Paris, 1
	want.Closures = []civil.Day{civil.Date(2026, 8, 14), civil.Date(2026, 8, 15)}
	if diff := cmp.Diff(want, made, sameZone); diff != "" {
		t.Errorf("made (-want +got):\n%s", diff)
	}

	want.PrepDays, want.Closures = 0, nil
	changed, err := set(w, m, want)
	if err != nil {
		t.Fatal(err)
	}
	want.Cutoffs.Preparation = 0
	w.See(func(tx *db.Tx) error {
		got, err := merchant.StockPoints(tx, m)
		if diff := cmp.Diff([]merchant.StockPoint{want}, got, sameZone, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("after the change (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(got, []merchant.StockPoint{changed}, sameZone, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("answered and read differ (-read +answered):\n%s", diff)
		}
		strangers, _ := merchant.StockPoints(tx, other)
		if len(strangers) > 0 {
			t.Errorf("another merchant has %v", strangers)
		}
		return err
	})
	mustTell(w, m, "merchant.created", "merchant.stock_point_set", "merchant.stock_point_set")
	_, err = set(w, other, want)
	mustBreak(t, "a stranger's stock point", err, "not_found at stock_point")
}

func TestWhatIsWrongWithAStockPointIsToldTogether(t *testing.T) {
	w := flowtest.New(t)
	m := opened(w, grocer()).ID
	type row struct {
		spoil func(*merchant.StockPoint)
		want  []string
	}
	each(t, map[string]row{
		"all at once": {
			func(s *merchant.StockPoint) {
				*s = merchant.StockPoint{Country: "FR", Postcode: "7500", PrepDays: -1, Cutoffs: civil.Cutoffs{Minute: [7]int{1: 1441}}}
			},
			[]string{
				"field_required at name", "postcode_invalid at postcode", "unknown_zone at zone",
				"cutoff_out_of_range at cutoffs", "preparation_out_of_range at cutoffs",
			},
		},
		"a shop that never ships": {
			func(s *merchant.StockPoint) { s.Cutoffs.Minute = [7]int{} },
			[]string{"cutoffs_missing at cutoffs"},
		},
		"a land nobody knows": {
			func(s *merchant.StockPoint) { s.Country = "XX" },
			[]string{"unknown_country at country"},
		},
	}, func(t *testing.T, r row) {
		s := quay()
		r.spoil(&s)
		_, err := set(w, m, s)
		mustBreak(t, "set", err, r.want...)
	})
}

func TestWhichDaysAStockPointWorks(t *testing.T) {
	s := quay()
	s.Postcode = "67000"
	calendar := civil.NewCalendar(s.Calendar())
	for name, row := range map[string]struct {
		day   civil.Day
		works bool
	}{
		"a Friday":                            {civil.Date(2026, 8, 7), true},
		"a Saturday, until eleven":            {civil.Date(2026, 8, 8), true},
		"a Sunday":                            {civil.Date(2026, 8, 9), false},
		"a closure":                           {civil.Date(2026, 8, 14), false},
		"Bastille Day":                        {civil.Date(2026, 7, 14), false},
		"Saint Stephen's, kept in Strasbourg": {civil.Date(2026, 12, 26), false},
	} {
		if got := calendar.Is(row.day); got != row.works {
			t.Errorf("%s, %s: works is %v", name, row.day, got)
		}
	}
}

func TestTheNewestPolicyRules(t *testing.T) {
	w := flowtest.New(t)
	m, other := opened(w, grocer()).ID, opened(w, grocer()).ID
	say := func(topic, source string) (p merchant.Policy, err error) {
		err = w.Try(m, func(tx *flow.Tx) (err error) {
			p, err = merchant.SetPolicy(tx, m, topic, source)
			return err
		})
		return p, err
	}
	rules := func(whose ident.Merchant, topic string) (p merchant.Policy, ok bool) {
		w.See(func(tx *db.Tx) (err error) {
			p, ok, err = merchant.PolicyOf(tx, whose, topic)
			return err
		})
		return p, ok
	}

	if p, ok := rules(m, "remedy"); ok {
		t.Errorf("%v rules before anything was said", p)
	}
	first, err := say("remedy", "late_by > minutes(30)\n")
	if err != nil {
		t.Fatal(err)
	}
	w.Pass(time.Hour)
	second, err := say("remedy", "late_by > minutes(45)\n")
	if err != nil {
		t.Fatal(err)
	}
	again, err := say("remedy", "late_by > minutes(45)\n")
	if err != nil || again != second {
		t.Errorf("saying the same again: %v, %v; want %v", again, err, second)
	}
	if got, ok := rules(m, "remedy"); !ok || got != second || second.Since != first.Since.Add(time.Hour) {
		t.Errorf("%+v rules, %v; want %+v", got, ok, second)
	}
	for name, gone := range map[string]func() (merchant.Policy, bool){
		"another topic":    func() (merchant.Policy, bool) { return rules(m, "returns") },
		"another merchant": func() (merchant.Policy, bool) { return rules(other, "remedy") },
	} {
		if p, ok := gone(); ok {
			t.Errorf("%s: %v rules", name, p)
		}
	}
	mustTell(w, m, "merchant.created", "merchant.policy_set", "merchant.policy_set")

	_, err = say(" ", "caf\xe9")
	mustBreak(t, "nothing to say", err, "field_required at topic", "invalid_utf8 at source")
	_, err = say("remedy", "a\x00b")
	mustBreak(t, "a zero byte", err, "invalid_utf8 at source")
	_, err = say("remedy", strings.Repeat("é", 64<<10+1))
	mustBreak(t, "a novel", err, "field_too_long at source")
}
