package promise

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// came is n parcels that took so many days; out, n on the road after them.
func came(n, days int) []Transit { return []Transit{{Days: days, Done: true, Parcels: n}} }
func out(n, days int) []Transit  { return []Transit{{Days: days, Parcels: n}} }

func near(a, b float64) bool { return math.Abs(a-b) < 1e-9 }

func TestTheShareThatHasArrived(t *testing.T) {
	for _, c := range []struct {
		law    string
		window [][]Transit
		n      int
		kept   []float64 // by the end of day 0, 1, 2 …
	}{
		{"no parcel → nothing ever arrives", nil, 0, []float64{0, 0, 0}},
		{"all took 2 days → nobody before, everybody then", [][]Transit{came(5, 2)}, 5, []float64{0, 0, 1, 1}},
		{"half in 1 day, half in 3", [][]Transit{came(2, 1), came(2, 3)}, 4, []float64{0, .5, .5, 1}},
		{"one of two is on the road since 2 days → half, and no more is known", [][]Transit{came(1, 1), out(1, 2)}, 2, []float64{0, .5, .5, .5}},
		{"on the road since the day the other arrived → it has lived through that day", [][]Transit{came(1, 1), out(1, 1)}, 2, []float64{0, .5, .5}},
		{"one of three still on the road after day 1, one of the two others came on day 2 → 2/3 x 1/2 left", [][]Transit{came(1, 1), out(0, 1), out(1, 2), came(1, 2)}, 3, []float64{0, 1. / 3, 2. / 3}},
		{"handed over a moment ago → counted nowhere", [][]Transit{came(2, 1), out(7, -1)}, 2, []float64{0, 1}},
		{"arrived before it left, by the clocks of two places → day 0", [][]Transit{came(1, -1), came(1, 1)}, 2, []float64{.5, 1}},
		{"silent for 4 medians → still waited for", [][]Transit{came(3, 2), out(1, 8)}, 4, []float64{0, 0, .75, .75}},
		{"silent for more → given up, the curve is of those that arrive", [][]Transit{came(3, 2), out(1, 9)}, 3, []float64{0, 0, 1, 1}},
		{"one given up stands for those that will be: 3 arrive of every 4", [][]Transit{came(3, 1), out(1, 5), out(4, 0)}, 7, []float64{0, 1}},
		{"lost on day 0 → given up at once, the curve is of those that arrive", [][]Transit{came(3, 1), {{Lost: true, Parcels: 1}}, out(4, 0)}, 7, []float64{0, 1}},
		{"lost, after its window had begun without it → no day of it was seen, and it stands for those that will be", [][]Transit{came(3, 1), {{Days: 1, Since: 2, Lost: true, Parcels: 1}}}, 3, []float64{0, 1}},
		{"lost, and older than one gives up when the window began → counted nowhere", [][]Transit{came(3, 1), {{Days: 9, Since: 7, Lost: true, Parcels: 1}}}, 3, []float64{0, 1}},
		{"silent, and nothing ever arrived → nobody knows when to give up", [][]Transit{out(4, 900)}, 4, []float64{0, 0, 0}},
		{"on the road when the window began → tells nothing of the days before", [][]Transit{came(1, 1), came(1, 3), {{Days: 3, Done: true, Since: 2, Parcels: 1}}}, 3, []float64{0, .5, .5, 1}},
		{"since day 2 and still on the road after it: one of two left came on day 2, of half", [][]Transit{came(1, 1), came(1, 2), {{Days: 2, Since: 2, Parcels: 1}}}, 3, []float64{0, .5, .75, .75}},
		{"given up before the window began → counted nowhere", [][]Transit{came(3, 2), {{Days: 40, Since: 12, Parcels: 1}}}, 3, []float64{0, 0, 1}},
		{"given up before it began, and came in it → counted on its day", [][]Transit{came(3, 2), {{Days: 12, Done: true, Since: 11, Parcels: 1}}}, 4, []float64{0, 0, 1}},
		{"no day of it seen yet", [][]Transit{came(3, 2), {{Days: 3, Since: 4, Parcels: 1}}}, 3, []float64{0, 0, 1}},
		{"a slip in a date, 10,000 days → not within the horizon, given up", [][]Transit{came(3, 2), came(1, 10_000)}, 3, []float64{0, 0, 1}},
	} {
		curve := NewCurve(slices.Concat(c.window...))
		if curve.N != c.n {
			t.Errorf("%s: made of %d parcels, want %d", c.law, curve.N, c.n)
		}
		for d, want := range c.kept {
			if got := curve.KeptBy(d); !near(got, want) {
				t.Errorf("%s: by day %d got %.3f, want %.3f", c.law, d, got, want)
			}
		}
	}
}

func TestTheDayByWhichAShareArrives(t *testing.T) {
	tenDays := NewCurve(slices.Concat(came(50, 1), came(30, 2), came(15, 3), came(5, 4)))
	stuck := NewCurve(slices.Concat(came(2, 1), out(2, 3)))
	for _, c := range []struct {
		law   string
		curve Curve
		p     float64
		day   int
		ok    bool
	}{
		{"half on day 1", tenDays, .5, 1, true},
		{"a little more than half needs day 2", tenDays, .51, 2, true},
		{"exactly 95 % are there on day 3", tenDays, .95, 3, true},
		{"everybody", tenDays, 1, 4, true},
		{"a certainty of nothing is had at once", tenDays, 0, 0, true},
		{"half are stuck → 90 % is not in sight", stuck, .9, 4, false},
		{"nothing known", Curve{}, .9, 0, false},
		{"nothing known, nothing asked", NewCurve(nil), 0, 0, false},
	} {
		if day, ok := c.curve.Quantile(c.p); day != c.day || ok != c.ok {
			t.Errorf("%s: got day %d %t, want %d %t", c.law, day, ok, c.day, c.ok)
		}
	}
}

func TestTheDayToPromise(t *testing.T) {
	for _, c := range []struct {
		law    string
		window [][]Transit
		target float64
		day    int
		kept   float64
	}{
		{"96 of 100 on day 2: of the next parcels 96 in 101, enough", [][]Transit{came(96, 2), came(4, 3)}, .95, 2, .96},
		{"95 of 100: of the next parcels 95 in 101, not enough → day 3", [][]Transit{came(95, 2), came(5, 3)}, .95, 3, 1},
		{"29 of 30 on day 2: of the next 29 in 31, not enough → day 3", [][]Transit{came(29, 2), came(1, 3)}, .95, 3, 1},
		{"93 of 100 on day 2: 95 % is not met → day 3, the share said", [][]Transit{came(93, 2), came(7, 3)}, .95, 3, 1},
		{"94.8 %, the next day 99 %: short by less than half a point and nearer → day 2", [][]Transit{came(948, 2), came(42, 3), came(10, 4)}, .95, 2, .948},
		{"94.8 %, the next day 95.1 %: the next is nearer", [][]Transit{came(948, 2), came(3, 3), came(49, 4)}, .95, 3, .951},
		{"89.2 % of 90 asked, then 91: nearer, and a tenth of the misses allowed is a whole point", [][]Transit{came(892, 2), came(18, 3), came(90, 4)}, .90, 2, .892},
		{"97.7 % of 98 asked: a tenth of the misses allowed is only 0.2 points", [][]Transit{came(977, 2), came(20, 3), came(3, 4)}, .98, 3, .997},
		{"60 % by day 2, the others on the road, given up on day 8: all by then, and the share says what is known", [][]Transit{came(600, 2), out(400, 3)}, .999, 8, .6},
		{"the same, 90 % asked: three quarters of what is not known → three quarters of the days left", [][]Transit{came(600, 2), out(400, 3)}, .8991, 7, .6},
		{"nothing known → no day and no confidence", nil, .95, 0, 0},
	} {
		day, kept := NewCurve(slices.Concat(c.window...)).Choose(c.target)
		if day != c.day || !near(kept, c.kept) {
			t.Errorf("%s: got day %d, %.3f, want %d, %.3f", c.law, day, kept, c.day, c.kept)
		}
	}
}

func TestOnTheRoadForSomeDays(t *testing.T) {
	curve := NewCurve(slices.Concat(came(50, 1), came(25, 2), came(25, 3)))
	for _, c := range []struct {
		law      string
		age, day int
		want     float64
	}{
		{"no day has ended: what the curve says", -1, 1, .5},
		{"day 0 has ended: nobody was expected", 0, 1, .5},
		{"day 1 has ended without it: it can not have come by then", 1, 1, 0},
		{"day 1 has ended without it: of the half left, half come on day 2", 1, 2, .5},
		{"day 1 has ended without it: all come by day 3", 1, 3, 1},
		{"day 2 has ended without it: it comes on day 3, as all others did", 2, 3, 1},
		{"it has outlived every parcel known: nothing speaks for it", 3, 9, 0},
		{"it has outlived the curve by far", 99, 100, 0},
	} {
		if got := curve.Given(c.age).KeptBy(c.day); !near(got, c.want) {
			t.Errorf("%s: got %.3f, want %.3f", c.law, got, c.want)
		}
	}
	if day, ok := curve.Given(1).Quantile(.5); day != 2 || !ok {
		t.Errorf("half of those left after day 1 are there by day %d %t, want 2", day, ok)
	}
	if got := curve.Given(2).Given(1).KeptBy(3); !near(got, 1) {
		t.Errorf("what was learned is not forgotten: got %.3f, want 1", got)
	}
	if got := (Curve{}).Given(3).KeptBy(5); got != 0 {
		t.Errorf("nothing known: got %.3f, want 0", got)
	}
}

func TestTheHopeLeft(t *testing.T) {
	some := NewCurve(slices.Concat(came(60, 1), came(30, 2), out(10, 9))) // a tenth is given up after day 4
	for _, c := range []struct {
		law   string
		curve Curve
		age   int
		want  float64
	}{
		{"just handed over: nine of ten arrive", some, -1, .9},
		{"silent after day 1: of 40 left 30 arrive", some, 1, .75},
		{"silent after day 2: none ever came later", some, 2, 0},
		{"never was one given up → it will come, however old", NewCurve(came(9, 2)), 5, 1},
		{"nothing known", Curve{}, 3, 1},
	} {
		if got := c.curve.Hope(c.age); !near(got, c.want) {
			t.Errorf("%s: got %.3f, want %.3f", c.law, got, c.want)
		}
	}
}

func TestTheShareToAimAt(t *testing.T) {
	for _, c := range []struct {
		law                       string
		due, missed, window, want float64
	}{
		{"nothing is due yet → the target", 0, 0, 200, .95},
		{"as many missed as allowed → the target", 200, 10, 200, .95},
		{"14 of 200 missed where 10 are allowed: 4 to pay back over 200 promises", 200, 14, 200, .97},
		{"6 of 200 missed: 4 to spend", 200, 6, 200, .93},
		{"1,004 of 20,000 missed: 4 to pay back as well", 20_000, 1004, 200, .97},
		{"two of four overdue parcels are hoped for: half a miss each", 100, 5 + 4*.5, 200, .96},
		{"a strike: 40 % missed → never more than half of the misses allowed", 200, 80, 200, .975},
		{"none missed → never fewer", 1000, 0, 200, .925},
		{"no window", 10, 10, 0, .95},
	} {
		if got := Aim(.95, c.due, c.missed, c.window); !near(got, c.want) {
			t.Errorf("%s: got %.4f, want %.4f", c.law, got, c.want)
		}
	}
}

// shortWindows draws parcels that arrived within 4 days: none can be given up.
func shortWindows(t *rapid.T) []Transit {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Transit {
		return Transit{Days: rapid.IntRange(0, 4).Draw(t, "days"), Done: rapid.Bool().Draw(t, "done"), Parcels: 1}
	}), 1, 80).Draw(t, "window")
}

// manyWindows draws what a careless caller may pass.
func manyWindows(t *rapid.T) []Transit {
	return rapid.SliceOf(rapid.Custom(func(t *rapid.T) Transit {
		return Transit{
			Days: rapid.IntRange(-3, 2*horizon).Draw(t, "days"), Done: rapid.Bool().Draw(t, "done"), Lost: rapid.IntRange(0, 9).Draw(t, "lost") == 0,
			Since: rapid.IntRange(-3, 50).Draw(t, "since"), Parcels: rapid.IntRange(1, 3).Draw(t, "parcels"),
		}
	})).Draw(t, "window")
}

func TestWithNobodyOnTheRoadItIsTheShareObserved(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		window := shortWindows(t)
		for i := range window {
			window[i].Done = true
		}
		curve := NewCurve(window)
		for d := range 6 {
			n := 0
			for _, p := range window {
				if p.Days <= d {
					n++
				}
			}
			if want := float64(n) / float64(len(window)); !near(curve.KeptBy(d), want) {
				t.Fatalf("by day %d got %.4f, observed %.4f", d, curve.KeptBy(d), want)
			}
		}
	})
}

func TestAParcelStillOnTheRoadNeverShortensAPromise(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		window := shortWindows(t)
		before := NewCurve(window)
		i := rapid.IntRange(0, len(window)-1).Draw(t, "parcel")
		window[i].Done = false
		after := NewCurve(window)
		for d := range 6 {
			if after.KeptBy(d) > before.KeptBy(d)+rounding {
				t.Fatalf("by day %d %.4f with it on the road, %.4f with it arrived", d, after.KeptBy(d), before.KeptBy(d))
			}
		}
	})
}

func TestTheOrderOfParcelsIsIrrelevant(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		window := manyWindows(t)
		a, b := NewCurve(window), NewCurve(rapid.Permutation(window).Draw(t, "shuffled"))
		if a.N != b.N || a.giveUp != b.giveUp || !slices.Equal(a.kept, b.kept) {
			t.Fatalf("%v\n%v", a, b)
		}
	})
}

func TestACurveIsAProbabilityThatNeverFalls(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		curve := NewCurve(manyWindows(t)).Given(rapid.IntRange(-2, horizon+5).Draw(t, "age"))
		for d, last := -1, 0.0; d < horizon+3; d++ {
			k := curve.KeptBy(d)
			if !(k >= last-rounding && k <= 1) {
				t.Fatalf("by day %d %.6f, the day before %.6f", d, k, last)
			}
			last = k
		}
		if h := curve.Hope(rapid.IntRange(-1, horizon).Draw(t, "silent")); !(h >= 0 && h <= 1) {
			t.Fatalf("hope of %v", h)
		}
		p := rapid.Float64Range(0, 1).Draw(t, "p")
		if d, ok := curve.Quantile(p); ok && (curve.KeptBy(d) < p-rounding || d > 0 && curve.KeptBy(d-1) >= p) {
			t.Fatalf("day %d is not the first to reach %.6f", d, p)
		}
		if d, kept := curve.Choose(p); d < 0 || kept != curve.KeptBy(d) {
			t.Fatalf("promises day %d, says %.6f where the curve says %.6f", d, kept, curve.KeptBy(d))
		}
	})
}

func TestAskingACurveAllocatesNothing(t *testing.T) {
	curve := NewCurve(slices.Concat(came(50, 1), came(30, 2), out(20, 2)))
	got := testing.AllocsPerRun(100, func() {
		g := curve.Given(1)
		g.KeptBy(2)
		g.Quantile(.9)
		curve.Choose(.7)
	})
	if got != 0 {
		t.Errorf("%v allocations", got)
	}
}
