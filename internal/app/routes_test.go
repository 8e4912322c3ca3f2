package app

import (
	"slices"
	"testing"

	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

func TestEveryFactIsHeardOrIsALeaf(t *testing.T) {
	heard := map[fact.Kind]bool{}
	for _, r := range allRoutes() {
		heard[r.On] = true
		for _, k := range append(r.Emits, r.On) {
			if !slices.Contains(fact.Kinds(), k) {
				t.Errorf("%s names %s, which no room emits", r.Key(), k)
			}
		}
	}
	for _, k := range fact.Kinds() {
		switch leaf := slices.Contains(leaves, k); {
		case !heard[k] && !leaf:
			t.Errorf("nobody hears %s: route it, or call it a leaf", k)
		case heard[k] && leaf:
			t.Errorf("%s is heard, and called a leaf", k)
		}
	}
	for _, k := range leaves {
		if !slices.Contains(fact.Kinds(), k) {
			t.Errorf("the leaf %s is no fact", k)
		}
	}
}

func TestConsequencesRunInNoCircle(t *testing.T) {
	if c := flow.Cycle(allRoutes()); c != nil {
		t.Errorf("%v", c)
	}
}

func TestEveryDoorSaysWhoMayUseIt(t *testing.T) {
	a, err := described(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, d := range a.doors() {
		if d.who == "" || seen[d.method+d.path] {
			t.Errorf("%s %s: who %q, twice %v", d.method, d.path, d.who, seen[d.method+d.path])
		}
		seen[d.method+d.path] = true
	}
	if len(seen) < 30 {
		t.Errorf("only %d doors", len(seen))
	}
	if err := a.Flow.DB().Close(); err != nil {
		t.Error(err)
	}
}
