package flow

import (
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// maxWaves is how far consequences may reach within one transaction. A loop
// shows as a ninth wave and is parked under its name.
const maxWaves = 8

// group is what one attempt of a group of writes has emitted so far.
type group struct {
	flow    *Flow
	pending []Fact
	woken   bool // it left later work or errands behind
}

func (f *Flow) groupOf(t *db.Tx) *group {
	if g, ok := t.Aux.(*group); ok {
		return g
	}
	g := &group{flow: f}
	t.Aux = g
	return g
}

// finish runs the waves of a group, before its commit.
func (f *Flow) finish(t *db.Tx) error {
	g := f.groupOf(t)
	if len(g.pending) > 0 {
		f.emitted.Store(true)
	}
	for wave := 1; len(g.pending) > 0; wave++ {
		facts := g.pending
		g.pending = nil
		for _, bucket := range buckets(facts) {
			if err := g.react(t, bucket, wave); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f *Flow) after(t *db.Tx) {
	f.commits.Add(1)
	if !f.groupOf(t).woken {
		return
	}
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

// buckets parts facts by kind and merchant, in order of first emission.
func buckets(facts []Fact) [][]Fact {
	type key struct {
		kind     fact.Kind
		merchant ident.Merchant
	}
	place := map[key]int{}
	var out [][]Fact
	for _, f := range facts {
		k := key{f.Kind, f.Merchant}
		i, seen := place[k]
		if !seen {
			i = len(out)
			place[k] = i
			out = append(out, nil)
		}
		out[i] = append(out[i], f)
	}
	return out
}

func (g *group) react(t *db.Tx, facts []Fact, wave int) error {
	for _, r := range g.flow.routes[facts[0].Kind] {
		var err error
		switch {
		case r.Mode == Later:
			err = g.postpone(t, r, facts)
		case wave > maxWaves && !t.Strict:
			err = errTooFar
		case wave > maxWaves:
			err = g.parkAll(t, r, facts, errTooFar)
		case r.Mode == May && t.Strict:
			err = g.isolate(t, r, facts)
		default:
			err = g.call(t, r, facts)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", r.Key(), err)
		}
	}
	return nil
}

var errTooFar = fmt.Errorf("consequences reach further than %d waves: a loop?", maxWaves)

// call runs one reaction on its facts.
func (g *group) call(t *db.Tx, r Reaction, facts []Fact) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return r.Run(&Tx{Tx: t, by: System, route: &r, group: g}, facts)
}

// isolate runs a reaction under a savepoint, and when it fails on the slice,
// fact by fact; the facts it fails on are parked.
func (g *group) isolate(t *db.Tx, r Reaction, facts []Fact) error {
	err := g.under(t, r, facts)
	if err == nil || g.machine(t, err) {
		return err
	}
	if len(facts) == 1 {
		return g.parkAll(t, r, facts, err)
	}
	for i := range facts {
		if err := g.isolate(t, r, facts[i:i+1]); err != nil {
			return err
		}
	}
	return nil
}

// under runs a reaction under a savepoint; what it emitted before it failed never happened.
func (g *group) under(t *db.Tx, r Reaction, facts []Fact) error {
	queued := len(g.pending)
	err := t.Save(func() error { return g.call(t, r, facts) })
	if err != nil {
		g.pending = g.pending[:queued]
	}
	return err
}

// machine reports whether the transaction itself is lost: then the group is
// tried again, and nothing is parked.
func (g *group) machine(t *db.Tx, err error) bool {
	return t.Failed() != nil || g.flow.db.Passing(err)
}

// Each makes a reaction of a function on one fact, for kinds that are rare.
func Each[B fact.Body](fn func(*Tx, Fact, B) error) func(*Tx, []Fact) error {
	return func(tx *Tx, facts []Fact) error {
		for _, f := range facts {
			b, ok := f.Body.(B)
			if !ok {
				return fmt.Errorf("flow: %s does not carry a %T", f.Kind, b)
			}
			if err := fn(tx.Because(f), f, b); err != nil {
				return err
			}
		}
		return nil
	}
}

// Bodies gives the bodies of a slice of facts of one kind.
func Bodies[B fact.Body](facts []Fact) ([]B, error) {
	bs := make([]B, len(facts))
	for i, f := range facts {
		b, ok := f.Body.(B)
		if !ok {
			return nil, errors.New("flow: a fact of kind " + string(f.Kind) + " carries another body")
		}
		bs[i] = b
	}
	return bs, nil
}
