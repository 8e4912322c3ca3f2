package speed

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
)

const sqlStored = `select day, page, width, within, visits from speed_visits where merchant = $1 order by day, page, width, within`

type stored struct {
	Day    civil.Day
	Page   Page
	Width  Width
	Within int
	Visits int
}

// in reads what is stored of a merchant.
func in(w *flowtest.World, m ident.Merchant) (all []stored) {
	w.T.Helper()
	w.See(func(tx *db.Tx) (err error) {
		all, err = db.All(tx, sqlStored, func(r db.Row) (s stored, err error) {
			err = r.Scan(&s.Day, &s.Page, &s.Width, &s.Within, &s.Visits)
			return s, err
		}, m)
		return err
	})
	return all
}

func save(w *flowtest.World, t *Tally) {
	w.T.Helper()
	if err := t.Save(w.T.Context(), w.Flow); err != nil {
		w.T.Fatal(err)
	}
}

func TestStepsRiseAndOneOfThemIsGood(t *testing.T) {
	if !slices.IsSorted(steps) || len(slices.Compact(slices.Clone(steps))) != len(steps) || !slices.Contains(steps, Good) || steps[len(steps)-1] != Slowest {
		t.Errorf("%v", steps)
	}
	for _, c := range []struct{ took, within, below time.Duration }{
		{time.Millisecond, 50 * time.Millisecond, 0},
		{50 * time.Millisecond, 50 * time.Millisecond, 0},
		{51 * time.Millisecond, 75 * time.Millisecond, 50 * time.Millisecond},
		{Good, Good, 2250 * time.Millisecond},
		{Good + time.Millisecond, 2750 * time.Millisecond, Good},
		{Slowest, Slowest, 30 * time.Second},
	} {
		if within := steps[step(c.took)]; within != c.within || Below(within) != c.below {
			t.Errorf("%s: within %s, above %s", c.took, within, Below(within))
		}
	}
}

func TestOnlyWhatAPageOfOursCanTellIsCounted(t *testing.T) {
	fine := Visit{Merchant: "mer_a", Page: Order, Width: Narrow, Took: time.Second}
	for law, c := range map[string]struct {
		change func(*Visit)
		want   bool
	}{
		"a page of ours":         {func(*Visit) {}, true},
		"the longest time":       {func(v *Visit) { v.Took = Slowest }, true},
		"a page of nobody":       {func(v *Visit) { v.Page = "admin" }, false},
		"no page":                {func(v *Visit) { v.Page = "" }, false},
		"a width that is none":   {func(v *Visit) { v.Width = "375px" }, false},
		"no time":                {func(v *Visit) { v.Took = 0 }, false},
		"a time before the page": {func(v *Visit) { v.Took = -time.Second }, false},
		"longer than we believe": {func(v *Visit) { v.Took = Slowest + time.Millisecond }, false},
	} {
		v := fine
		c.change(&v)
		tally := NewTally()
		if got := tally.Count(v, 0); got != c.want || len(tally.visits) > 0 != c.want {
			t.Errorf("%s: counted %v", law, got)
		}
	}
}

func TestVisitsAreAddedUp(t *testing.T) {
	w := flowtest.New(t)
	m, other := w.Merchant(), w.Merchant()
	tally := NewTally()
	monday := w.Clock().Now()
	visit := func(m ident.Merchant, p Page, width Width, took time.Duration) {
		t.Helper()
		if !tally.Count(Visit{m, p, width, took}, w.Clock().Now()) {
			t.Fatal("not counted")
		}
	}
	visit(m, Order, Narrow, 810*time.Millisecond)
	visit(m, Order, Narrow, 890*time.Millisecond)
	visit(m, Order, Wide, 890*time.Millisecond)
	visit(other, Proof, Medium, time.Minute)
	if got := in(w, m); got != nil {
		t.Errorf("stored before it was saved: %v", got)
	}
	save(w, tally)
	save(w, tally) // nothing new
	visit(m, Order, Narrow, 899*time.Millisecond)
	w.Pass(24 * time.Hour)
	visit(m, Order, Narrow, 899*time.Millisecond)
	save(w, tally)
	first := monday.Day(time.UTC)
	want := []stored{{first, Order, Narrow, 900, 3}, {first, Order, Wide, 900, 1}, {first + 1, Order, Narrow, 900, 1}}
	if d := cmp.Diff(want, in(w, m)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]stored{{first, Proof, Medium, 60_000, 1}}, in(w, other)); d != "" {
		t.Error(d)
	}
	w.Pass(kept)
	visit(m, Proof, Wide, time.Second)
	save(w, tally)
	if d := cmp.Diff([]stored{{first + 1, Order, Narrow, 900, 1}, {first + 91, Proof, Wide, 1000, 1}}, in(w, m)); d != "" {
		t.Errorf("after ninety days: %s", d)
	}
}

// What can not be written is counted on, and keeps nobody else's from being written.
func TestWhatCanNotBeWrittenIsKept(t *testing.T) {
	w := flowtest.New(t)
	m, other := w.Merchant(), w.Merchant()
	tally := NewTally()
	bad := count{m, w.Clock().Now().Day(time.UTC), "nobody's", Narrow, 3}
	tally.visits[bad] = 2 // the table refuses such a page
	tally.Count(Visit{other, Order, Narrow, time.Second}, w.Clock().Now())
	if err := tally.Save(t.Context(), w.Flow); err == nil {
		t.Error("no error")
	}
	if len(in(w, m)) != 0 || len(in(w, other)) != 1 || tally.visits[bad] != 2 || len(tally.visits) != 1 {
		t.Errorf("%v %v %v", in(w, m), in(w, other), tally.visits)
	}
}

// Visits that come while others are saved are in the next save.
func TestNoVisitIsLostOrCountedTwice(t *testing.T) {
	w := flowtest.New(t)
	m := w.Merchant()
	tally := NewTally()
	now := w.Clock().Now()
	const workers, each = 4, 500
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for i := range each {
				tally.Count(Visit{m, Order, Wide, time.Duration(1+i) * time.Millisecond}, now)
			}
		})
	}
	for range 3 {
		save(w, tally)
	}
	all.Wait()
	save(w, tally)
	n := 0
	for _, s := range in(w, m) {
		n += s.Visits
	}
	if n != workers*each {
		t.Errorf("%d of %d", n, workers*each)
	}
}

func TestATallyDoesNotGrowForEver(t *testing.T) {
	tally := NewTally()
	for i := range maxCounts {
		tally.visits[count{day: civil.Day(i)}] = 1
	}
	known := Visit{"mer_a", Order, Wide, time.Second}
	tally.visits[count{"mer_a", 0, Order, Wide, step(known.Took)}] = 1
	tally.Count(known, 0)
	tally.Count(Visit{"mer_b", Order, Wide, time.Second}, 0)
	if n := len(tally.visits); n != maxCounts+1 || tally.visits[count{"mer_a", 0, Order, Wide, step(known.Took)}] != 2 {
		t.Errorf("%d counts", n)
	}
	if err := (&Tally{}).Save(t.Context(), (*flow.Flow)(nil)); err != nil {
		t.Errorf("an empty tally asks for a database: %v", err)
	}
}
