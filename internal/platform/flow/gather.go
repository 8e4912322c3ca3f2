package flow

import (
	"context"
	"sync"

	"github.com/promesse-dev/promesse/internal/core/ident"
)

// Gatherer carries out one verb for many callers in one go: what a merchant's
// callers bring while a group commits goes to the verb together, as a slice, so
// that it reads and saves set-wise. Nobody waits for more callers to come. When
// the verb fails on a slice it is asked again for each caller alone; one
// caller's fault is never another's.
type Gatherer[T, R any] struct {
	flow    *Flow
	verb    func(*Tx, ident.Merchant, []T) ([]R, error)
	mu      sync.Mutex
	waiting map[door][]*caller[T, R]
}

// door is who brings something to whom.
type door struct {
	merchant ident.Merchant
	by       Actor
}

// caller is one who waits. What is written of it stands in answer and err, once
// done is closed.
type caller[T, R any] struct {
	brings T
	answer R
	err    error
	done   chan struct{}
}

// gatherMost is how many callers share a verb at most.
const gatherMost = 100

// Gather makes a gatherer of a verb, which answers each value it is given, in
// the same order. Like every verb it may run more than once.
func Gather[T, R any](f *Flow, verb func(*Tx, ident.Merchant, []T) ([]R, error)) *Gatherer[T, R] {
	return &Gatherer[T, R]{flow: f, verb: verb, waiting: map[door][]*caller[T, R]{}}
}

// Do carries out the verb for one value, beside those of others. It returns once
// what was written is durable, or nothing of it is. ctx bounds the wait for a
// place, never the work.
func (g *Gatherer[T, R]) Do(ctx context.Context, by Actor, m ident.Merchant, v T) (R, error) {
	d, c := door{m, by}, &caller[T, R]{brings: v, done: make(chan struct{})}
	g.mu.Lock()
	g.waiting[d] = append(g.waiting[d], c)
	first := len(g.waiting[d]) == 1
	g.mu.Unlock()
	if first {
		go g.carry(d)
	}
	select {
	case <-c.done:
	case <-ctx.Done():
		if g.leave(d, c) {
			return c.answer, ctx.Err()
		}
		<-c.done
	}
	return c.answer, c.err
}

// carry takes those who wait, at the moment their turn to write has come, and
// answers them.
func (g *Gatherer[T, R]) carry(d door) {
	var taken []*caller[T, R]
	err := g.flow.One(context.Background(), d.by, d.merchant, func(tx *Tx) error {
		if taken == nil {
			taken = g.take(d)
		}
		return g.answer(tx, d, taken)
	})
	if taken == nil { // the handle is closed
		taken = g.take(d)
	}
	alone := err != nil && len(taken) > 1 && !g.flow.db.Unsure(err)
	for _, c := range taken {
		if c.err = err; alone {
			c.err = g.flow.One(context.Background(), d.by, d.merchant, func(tx *Tx) error {
				return g.answer(tx, d, []*caller[T, R]{c})
			})
		}
		close(c.done)
	}
}

func (g *Gatherer[T, R]) answer(tx *Tx, d door, cs []*caller[T, R]) error {
	if len(cs) == 0 {
		return nil
	}
	values := make([]T, len(cs))
	for i, c := range cs {
		values[i] = c.brings
	}
	answers, err := g.verb(tx, d.merchant, values)
	if err != nil {
		return err
	}
	for i, c := range cs {
		c.answer = answers[i]
	}
	return nil
}

// take empties the door, up to the most that share a verb; for the others
// somebody comes again. It is never nil.
func (g *Gatherer[T, R]) take(d door) []*caller[T, R] {
	g.mu.Lock()
	defer g.mu.Unlock()
	all := g.waiting[d]
	n := min(len(all), gatherMost)
	taken := append([]*caller[T, R]{}, all[:n]...)
	if n == len(all) {
		delete(g.waiting, d)
		return taken
	}
	g.waiting[d] = all[n:]
	go g.carry(d)
	return taken
}

// leave takes back what one brought, when nobody has taken it yet.
func (g *Gatherer[T, R]) leave(d door, c *caller[T, R]) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	for i, other := range g.waiting[d] {
		if other == c {
			g.waiting[d] = append(g.waiting[d][:i:i], g.waiting[d][i+1:]...)
			return true
		}
	}
	return false
}
