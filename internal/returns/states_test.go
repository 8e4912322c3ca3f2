package returns

import (
	"os"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestEveryStateIsReachedAndMostAreLeft(t *testing.T) {
	reached := map[State]bool{Held: true, Accepted: true}
	for range States {
		for from, verbs := range table {
			for _, to := range verbs {
				reached[to] = reached[to] || reached[from]
			}
		}
	}
	for _, s := range States {
		if !reached[s] {
			t.Errorf("%s is never reached", s)
		}
		if _, in := table[s]; !in {
			t.Errorf("%s is not in the table", s)
		}
		if len(table[s]) == 0 && s != Closed {
			t.Errorf("%s is never left", s)
		}
	}
	for _, v := range Verbs {
		if !slices.ContainsFunc(States, func(s State) bool { return does(s, v) }) {
			t.Errorf("%s leads from nowhere", v)
		}
	}
}

// Whatever verbs come in whatever order, a return is in a state of the table,
// and where no arrow leads it stays.
func TestNoWalkLeavesTheTable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.SampledFrom([]State{Held, Accepted}).Draw(t, "begins")
		for _, v := range rapid.SliceOfN(rapid.SampledFrom(Verbs), 1, 40).Draw(t, "verbs") {
			to, err := step(s, v)
			if err != nil && to != s || !slices.Contains(States, to) || (err == nil) != does(s, v) {
				t.Fatalf("%s %s: %s, %v", s, v, to, err)
			}
			s = to
		}
	})
}

func TestTheDrawingIsThatOfTheTable(t *testing.T) {
	const path = "../../docs/returns-states.md"
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != Draw() {
		t.Errorf("%s is not current: make generate", path)
	}
}
