package flow

import (
	"context"
	"slices"
	"testing"
)

func TestMemoryIsGivenBackWhileNothingHappens(t *testing.T) {
	for _, c := range []struct {
		law    string
		rounds int
		busy   []int // rounds in which something happened
		want   []int // rounds in which memory is given back
	}{
		{"not at once", restAfter - 1, nil, nil},
		{"after ten quiet ticks, and again after ten more", 2*restAfter + 5, nil, []int{9, 19}},
		{"a fact in between starts the count anew", 2 * restAfter, []int{8}, []int{18}},
		{"never while there is a fact in every ten ticks", 5 * restAfter, []int{9, 19, 29, 39, 49}, nil},
	} {
		round, got := 0, []int(nil)
		step := resting(
			func() bool { return slices.Contains(c.busy, round) },
			func() error { got = append(got, round); return nil },
		)
		for ; round < c.rounds; round++ {
			if busy, err := step(context.Background()); busy || err != nil {
				t.Fatalf("%s: resting is no work: %v, %v", c.law, busy, err)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", c.law, got, c.want)
		}
	}
}
