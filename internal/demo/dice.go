package demo

import (
	"math"
	"math/rand/v2"
	"time"
)

// dice draw from a seeded source.
type dice struct{ *rand.Rand }

// chance is true with a probability.
func (d dice) chance(p float64) bool { return d.Float64() < p }

// between is a duration in [least, most), to the second.
func (d dice) between(least, most time.Duration) time.Duration {
	return least + d.span(most-least)
}

func (d dice) span(width time.Duration) time.Duration {
	return time.Duration(d.Int64N(max(1, int64(width/time.Second)))) * time.Second
}

// around is a whole number whose mean is the one given: Poisson, by Knuth's
// product of uniform draws. A sum of two is Poisson too, which keeps the product
// from vanishing.
func (d dice) around(mean float64) int {
	if mean > 100 {
		return d.around(mean/2) + d.around(mean/2)
	}
	limit, product := math.Exp(-mean), d.Float64()
	n := 0
	for ; product > limit; n++ {
		product *= d.Float64()
	}
	return n
}

// one picks from a list.
func one[T any](d dice, list []T) T { return list[d.IntN(len(list))] }

// share is a possible outcome and its weight among the others.
type share[T any] struct {
	of     T
	weight int
}

// draw picks an outcome by weight.
func draw[T any](d dice, shares []share[T]) T {
	total := 0
	for _, s := range shares {
		total += s.weight
	}
	n := d.IntN(total)
	for _, s := range shares {
		if n < s.weight {
			return s.of
		}
		n -= s.weight
	}
	return shares[len(shares)-1].of
}
