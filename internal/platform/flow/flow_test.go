package flow_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
)

var ctx = context.Background()

// placed, kept, broken: real kinds, used here for their shape alone.
func placed(n int) fact.OrderPlaced {
	return fact.OrderPlaced{Order: ident.Order(fmt.Sprint("ord_", n))}
}

func orderOf(f flow.Fact) ident.Order { return f.Body.(fact.OrderPlaced).Order }

func emit(m ident.Merchant, orders ...int) func(*flow.Tx) error {
	return func(tx *flow.Tx) error {
		for _, n := range orders {
			if err := tx.Emit(m, fmt.Sprint("ord_", n), fmt.Sprint("placed", n), placed(n)); err != nil {
				return err
			}
		}
		return nil
	}
}

func kinds(w *flowtest.World, m ident.Merchant, subject string) (ks []fact.Kind) {
	w.See(func(tx *db.Tx) error {
		fs, err := flow.Timeline(tx, m, subject)
		for _, f := range fs {
			ks = append(ks, f.Kind)
		}
		return err
	})
	return ks
}

func parked(w *flowtest.World, m ident.Merchant) (mine []flow.Parked) {
	w.See(func(tx *db.Tx) error {
		all, err := flow.ParkedAfter(tx, 0, "", 1000)
		for _, p := range all {
			if p.Merchant == m {
				mine = append(mine, p)
			}
		}
		return err
	})
	return mine
}

// void answers every order with a second fact, and fails on the orders it is told to.
func void(mode flow.Mode, fails func(ident.Order) error) flow.Reaction {
	return flow.Reaction{
		On: fact.OrderPlaced{}.Kind(), Name: "test.Void", Mode: mode,
		Emits: []fact.Kind{fact.OrderCancelled{}.Kind()},
		Run: func(tx *flow.Tx, facts []flow.Fact) error {
			for _, f := range facts {
				o := orderOf(f)
				if err := tx.Because(f).Emit(f.Merchant, string(o), "cancelled"+string(o), fact.OrderCancelled{Order: o}); err != nil {
					return err
				}
				if err := fails(o); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

func never(ident.Order) error { return nil }

func only(bad ident.Order, err error) func(ident.Order) error {
	return func(o ident.Order) error {
		if o == bad {
			return err
		}
		return nil
	}
}

func TestConsequencesCommitWithTheirCause(t *testing.T) {
	w := flowtest.New(t, void(flow.May, never))
	m := w.Merchant()
	w.Do(m, emit(m, 1))
	w.See(func(tx *db.Tx) error {
		fs, err := flow.Timeline(tx, m, "ord_1")
		if err != nil {
			return err
		}
		if len(fs) != 2 || fs[1].Cause != fs[0].ID || fs[0].Actor != "test" || fs[1].Actor != flow.System {
			t.Errorf("timeline %+v", fs)
		}
		return nil
	})
}

func TestAReactionGetsTheFactsOfItsKindAsOneSlicePerMerchant(t *testing.T) {
	var slices [][]flow.Fact
	w := flowtest.New(t, flow.Reaction{
		On: fact.OrderPlaced{}.Kind(), Name: "test.See", Mode: flow.May,
		Run: func(_ *flow.Tx, fs []flow.Fact) error {
			slices = append(slices, fs)
			return nil
		},
	})
	a, b := w.Merchant(), w.Merchant()
	slices = nil
	err := w.Write(ctx, "test", []ident.Merchant{a, b}, func(tx *flow.Tx) error {
		return errors.Join(emit(a, 1, 2)(tx), emit(b, 3)(tx), emit(a, 4)(tx))
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(slices) < 2 || len(slices[0]) != 3 || len(slices[1]) != 1 {
		t.Errorf("got %d slices: %v", len(slices), slices)
	}
}

func TestAMustReactionRefusesTheVerb(t *testing.T) {
	no := errors.New("no")
	w := flowtest.New(t, void(flow.Must, only("ord_2", no)))
	m := w.Merchant()
	if err := w.Try(m, emit(m, 2)); !errors.Is(err, no) {
		t.Errorf("got %v", err)
	}
	w.Do(m, emit(m, 1))
	if ks := kinds(w, m, "ord_2"); ks != nil {
		t.Errorf("the refused verb left %v", ks)
	}
	if ks := kinds(w, m, "ord_1"); len(ks) != 2 {
		t.Errorf("its neighbour has %v", ks)
	}
}

func TestAMayReactionIsParkedAndItsNeighboursDone(t *testing.T) {
	for name, trouble := range map[string]func(ident.Order) error{
		"error": only("ord_3", errors.New("broken")),
		"panic": func(o ident.Order) error {
			if o == "ord_3" {
				panic("a bug")
			}
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			failing := true
			w := flowtest.New(t, void(flow.May, func(o ident.Order) error {
				if failing {
					return trouble(o)
				}
				return nil
			}))
			m := w.Merchant()
			w.Do(m, emit(m, 1, 2, 3, 4))
			for n, want := range map[int]int{1: 2, 2: 2, 3: 1, 4: 2} {
				if ks := kinds(w, m, fmt.Sprint("ord_", n)); len(ks) != want {
					t.Errorf("order %d: %v", n, ks)
				}
			}
			ps := parked(w, m)
			if len(ps) != 1 || ps[0].Route != "test.Void on order.placed" || ps[0].Error == "" {
				t.Fatalf("parked %+v", ps)
			}
			failing = false
			var both sync.WaitGroup
			errs := make([]error, 2)
			for i := range errs {
				both.Go(func() { errs[i] = w.Replay(ctx, "test", ps[0]) })
			}
			both.Wait()
			if (errs[0] == nil) == (errs[1] == nil) {
				t.Errorf("of two replays at once: %v, %v", errs[0], errs[1])
			}
			if ks := kinds(w, m, "ord_3"); len(ks) != 2 || len(parked(w, m)) != 0 {
				t.Errorf("after the replay: %v, parked %v", ks, parked(w, m))
			}
		})
	}
}

func TestAnUndeclaredEmissionFails(t *testing.T) {
	r := void(flow.Must, never)
	r.Emits = nil
	w := flowtest.New(t, r)
	m := w.Merchant()
	if err := w.Try(m, emit(m, 1)); err == nil || !strings.Contains(err.Error(), "without declaring") {
		t.Errorf("got %v", err)
	}
}

func TestCirclesAreRefusedAtTheStart(t *testing.T) {
	back := flow.Reaction{
		On: fact.OrderCancelled{}.Kind(), Name: "test.Again", Mode: flow.May,
		Emits: []fact.Kind{fact.OrderPlaced{}.Kind()},
		Run:   func(*flow.Tx, []flow.Fact) error { return nil },
	}
	if c := flow.Cycle([]flow.Reaction{void(flow.May, never), back}); len(c) != 3 {
		t.Errorf("cycle %v", c)
	}
	back.Mode = flow.Later
	if c := flow.Cycle([]flow.Reaction{void(flow.May, never), back}); c != nil {
		t.Errorf("a later reaction starts anew, yet: %v", c)
	}
}

// TestALoopIsParkedAtTheNinthWave uses a flow that trusts its declarations, as
// in service: a loop that nobody declared is stopped all the same.
func TestALoopIsParkedAtTheNinthWave(t *testing.T) {
	w := flowtest.New(t)
	n := 0
	f, err := flow.New(w.DB(), w.Clock(), []flow.Reaction{{
		On: fact.OrderPlaced{}.Kind(), Name: "test.Loop", Mode: flow.May,
		Run: func(tx *flow.Tx, fs []flow.Fact) error {
			n++
			return tx.Because(fs[0]).Emit(fs[0].Merchant, "loop", fmt.Sprint("loop", n), placed(n))
		},
	}})
	if err != nil {
		t.Fatal(err)
	}
	m := w.Merchant()
	err = f.One(ctx, "test", m, func(tx *flow.Tx) error { return tx.Emit(m, "loop", "first", placed(0)) })
	if err != nil {
		t.Fatal(err)
	}
	if ks, ps := kinds(w, m, "loop"), parked(w, m); len(ks) != 9 || len(ps) != 1 {
		t.Errorf("%d facts, parked %+v", len(ks), ps)
	}
}

func TestLaterReactionsRunOnceEvenAfterACrash(t *testing.T) {
	runs := map[ident.Order]int{}
	later := flow.Reaction{
		On: fact.OrderPlaced{}.Kind(), Name: "test.Tell", Mode: flow.Later,
		Emits: []fact.Kind{fact.OrderCancelled{}.Kind()},
		Run: func(tx *flow.Tx, fs []flow.Fact) error {
			for _, f := range fs {
				runs[orderOf(f)]++
				if orderOf(f) == "ord_2" {
					return errors.New("can not be told")
				}
				if err := tx.Because(f).Emit(f.Merchant, f.Subject, f.Subject, fact.OrderCancelled{Order: orderOf(f)}); err != nil {
					return err
				}
			}
			return nil
		},
	}
	w := flowtest.New(t, later)
	m := w.Merchant()
	w.Do(m, emit(m, 1, 2, 3))
	if len(runs) != 0 {
		t.Fatalf("ran in its cause's transaction: %v", runs)
	}
	w.Quiet()
	w.Quiet()
	for n, want := range map[int]int{1: 2, 2: 1, 3: 2} {
		if ks := kinds(w, m, fmt.Sprint("ord_", n)); len(ks) != want {
			t.Errorf("order %d: %v", n, ks)
		}
	}
	if ps := parked(w, m); len(ps) != 1 || !strings.Contains(ps[0].Error, "can not be told") {
		t.Errorf("parked %+v", ps)
	}
}

func TestErrandsAreCarriedOnceAndSettledWithTheirEnd(t *testing.T) {
	w := flowtest.New(t)
	m := w.Merchant()
	calls := 0
	w.Handle(flow.Errander{Kind: "test.Call", Tries: 3, Run: func(_ context.Context, e flow.Errand) (flow.Settle, error) {
		calls++
		var n int
		if err := e.Decode(&n); err != nil {
			return nil, err
		}
		return func(tx *flow.Tx) error { return emit(m, n)(tx) }, nil
	}})
	for range 2 { // asking twice is asking once
		w.Do(m, func(tx *flow.Tx) error { return tx.Enqueue(m, "test.Call", "k1", 7) })
	}
	w.Quiet()
	w.Quiet()
	if ks := kinds(w, m, "ord_7"); calls != 1 || len(ks) != 1 {
		t.Errorf("%d calls, facts %v", calls, ks)
	}
}

func TestErrandsBackOffAndAreParked(t *testing.T) {
	w := flowtest.New(t)
	m := w.Merchant()
	calls, gone := 0, 0
	up := false
	w.Handle(flow.Errander{
		Kind: "test.Down", Tries: 3,
		Run: func(context.Context, flow.Errand) (flow.Settle, error) {
			calls++
			if up {
				return nil, nil
			}
			return nil, errors.New("503")
		},
		Gone: func(*flow.Tx, flow.Errand, error) error { gone++; return nil },
	})
	w.Do(m, func(tx *flow.Tx) error { return tx.Enqueue(m, "test.Down", "k", nil) })
	w.Quiet()
	if calls != 1 {
		t.Fatalf("%d calls before any time passed", calls)
	}
	for range 10 {
		w.Pass(time.Minute)
		w.Quiet()
	}
	if calls != 3 || gone == 0 {
		t.Errorf("%d calls, gone %d", calls, gone)
	}
	up = true
	var waiting []flow.ParkedErrand
	w.See(func(tx *db.Tx) (err error) {
		waiting, err = flow.ParkedErrands(tx, 1000)
		waiting = slices.DeleteFunc(waiting, func(p flow.ParkedErrand) bool { return p.Merchant != m })
		return err
	})
	if len(waiting) != 1 || waiting[0].Error != "503" {
		t.Fatalf("parked %+v", waiting)
	}
	if ok, err := w.Ready(ctx, "test", m, waiting[0].ID); !ok || err != nil {
		t.Fatal(ok, err)
	}
	w.Quiet()
	if calls != 4 {
		t.Errorf("%d calls after it was put back to work", calls)
	}
}

func TestAWorkerThatLostItsLeaseSettlesNothing(t *testing.T) {
	w := flowtest.New(t)
	m := w.Merchant()
	slow := true
	w.Handle(flow.Errander{Kind: "test.Slow", Tries: 9, Run: func(ctx context.Context, _ flow.Errand) (flow.Settle, error) {
		if slow { // this node sleeps through its lease, and another one takes the errand
			slow = false
			w.Pass(2 * time.Minute)
			if _, err := w.RunErrands(ctx); err != nil {
				return nil, err
			}
		}
		return emit(m, 1), nil
	}})
	w.Do(m, func(tx *flow.Tx) error { return tx.Enqueue(m, "test.Slow", "k", nil) })
	w.Quiet()
	if ks := kinds(w, m, "ord_1"); len(ks) != 1 {
		t.Errorf("settled %d times", len(ks))
	}
}

func TestTheClockHandlesWhatIsDueAndParksWhatFails(t *testing.T) {
	w := flowtest.New(t)
	m := w.Merchant()
	due, poisoned := map[string]civil.Instant{}, true
	for i := range 250 {
		due[fmt.Sprintf("d%03d", i)] = w.Clock().Now().Add(time.Hour)
	}
	w.Watch(flow.Sweep{
		Name: "test.Sweep" + string(m),
		Find: func(_ *db.Tx, now civil.Instant, limit int) (out []flow.Due, _ error) {
			for id, at := range due {
				if at <= now && len(out) < limit {
					out = append(out, flow.Due{Merchant: m, ID: id})
				}
			}
			return out, nil
		},
		Next: func(*db.Tx) (civil.Instant, error) { return 0, nil },
		Do: func(tx *flow.Tx, m ident.Merchant, ids []string) error {
			if poisoned && slices.Contains(ids, "d100") {
				return errors.New("poison")
			}
			for _, id := range ids {
				delete(due, id)
			}
			return nil
		},
	})
	w.Quiet()
	if len(due) != 250 {
		t.Fatalf("handled before their time: %d left", len(due))
	}
	w.Pass(time.Hour)
	w.Quiet()
	ps := parked(w, m)
	if len(due) != 1 || len(ps) != 1 || string(ps[0].Fact) != "d100" {
		t.Fatalf("%d left, parked %+v", len(due), ps)
	}
	poisoned = false
	if err := w.Replay(ctx, "test", ps[0]); err != nil {
		t.Fatal(err)
	}
	w.Quiet()
	if len(due) != 0 || len(parked(w, m)) != 0 {
		t.Errorf("given back to the clock: %d left, parked %+v", len(due), parked(w, m))
	}
}

func TestTheWorldStandsStillWhilePausedAndNeverGoesBack(t *testing.T) {
	wall := civil.Instant(1_000_000)
	c := flow.NewClock(5_000_000, 60, func() civil.Instant { return wall })
	steps := []struct {
		what string
		do   func()
		want civil.Instant
	}{
		{"a machine second at speed 60", func() { wall += 1_000_000 }, 65_000_000},
		{"paused", func() { c.SetSpeed(0); wall += 9_000_000 }, 65_000_000},
		{"at speed 1", func() { c.SetSpeed(1); wall += 1_000_000 }, 66_000_000},
		{"jump forward", func() { c.Jump(90_000_000) }, 90_000_000},
		{"jump back", func() { c.Jump(1) }, 90_000_000},
	}
	for _, s := range steps {
		s.do()
		if got := c.Now(); got != s.want {
			t.Errorf("%s: %d, want %d", s.what, got, s.want)
		}
	}
}

func TestTheStoredWorldIsNeverBeforeTheLastFact(t *testing.T) {
	w := flowtest.New(t)
	m := w.Merchant()
	w.At("2031-01-01 00:00")
	if err := w.SaveWorld(ctx); err != nil {
		t.Fatal(err)
	}
	later := w.At("2031-01-02 00:00")
	w.Do(m, emit(m, 1))
	if at, err := flow.StoredWorld(ctx, w.DB()); err != nil || at != later {
		t.Errorf("stored %v, %v", at, err)
	}
}

// gathered is a world in which many call a verb at once, while somebody holds
// the lane until all of them wait.
func gathered(t *testing.T, verb func(*flow.Tx, ident.Merchant, []int) ([]string, error), values ...int) (answers []string, errs []error) {
	w := flowtest.New(t, void(flow.May, never))
	m := w.Merchant()
	g := flow.Gather(w.Flow, verb)
	held, free := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	var once sync.Once
	all.Go(func() {
		_ = w.One(ctx, "test", m, func(*flow.Tx) error {
			once.Do(func() { close(held); <-free })
			return nil
		})
	})
	<-held
	answers, errs = make([]string, len(values)), make([]error, len(values))
	started := make(chan struct{}, len(values))
	for i, v := range values {
		all.Go(func() {
			started <- struct{}{}
			answers[i], errs[i] = g.Do(ctx, "test", m, v)
		})
	}
	for range values {
		<-started
	}
	close(free)
	all.Wait()
	return answers, errs
}

func TestCallersShareAVerbAndEachHasItsAnswer(t *testing.T) {
	var mu sync.Mutex
	most := 0
	verb := func(tx *flow.Tx, m ident.Merchant, vs []int) (out []string, err error) {
		mu.Lock()
		most = max(most, len(vs))
		mu.Unlock()
		for _, v := range vs {
			out = append(out, fmt.Sprint("answer ", v))
			err = errors.Join(err, tx.Emit(m, fmt.Sprint("ord_", v), fmt.Sprint("placed", v), placed(v)))
		}
		return out, err
	}
	// Who comes while the lane is held is for the scheduler to say: nobody, now and then.
	for range 100 {
		answers, errs := gathered(t, verb, 1, 2, 3, 4, 5, 6, 7)
		for i := range answers {
			if errs[i] != nil || answers[i] != fmt.Sprint("answer ", i+1) {
				t.Fatalf("caller %d: %q, %v", i+1, answers[i], errs[i])
			}
		}
		if most > 1 {
			return
		}
	}
	t.Error("nobody ever shared anything")
}

func TestOneCallersFaultIsNotAnothers(t *testing.T) {
	bad := errors.New("four is unlucky")
	answers, errs := gathered(t, func(_ *flow.Tx, _ ident.Merchant, vs []int) (out []string, err error) {
		for _, v := range vs {
			if v == 4 {
				return nil, bad
			}
			out = append(out, fmt.Sprint(v))
		}
		return out, nil
	}, 1, 2, 3, 4, 5)
	for i := range answers {
		switch {
		case i+1 == 4 && !errors.Is(errs[i], bad):
			t.Errorf("4 was answered %q, %v", answers[i], errs[i])
		case i+1 != 4 && (errs[i] != nil || answers[i] != fmt.Sprint(i+1)):
			t.Errorf("%d was answered %q, %v", i+1, answers[i], errs[i])
		}
	}
}

func TestACallerWhoLeavesBeforeTheirTurnChangesNothing(t *testing.T) {
	w := flowtest.New(t)
	m := w.Merchant()
	var got []int
	g := flow.Gather(w.Flow, func(_ *flow.Tx, _ ident.Merchant, vs []int) ([]int, error) {
		got = vs
		return vs, nil
	})
	gone, leave := context.WithCancel(ctx)
	held, free := make(chan struct{}), make(chan struct{})
	var once, all sync.WaitGroup
	once.Add(1)
	all.Go(func() {
		first := true
		_ = w.One(ctx, "test", m, func(*flow.Tx) error {
			if first {
				first = false
				close(held)
				<-free
			}
			return nil
		})
	})
	<-held
	all.Go(func() {
		if _, err := g.Do(gone, "test", m, 1); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		once.Done()
	})
	leave()
	once.Wait()
	close(free)
	all.Wait()
	if n, err := g.Do(ctx, "test", m, 2); err != nil || n != 2 || !slices.Equal(got, []int{2}) {
		t.Errorf("answered %d, %v; the verb saw %v", n, err, got)
	}
}
