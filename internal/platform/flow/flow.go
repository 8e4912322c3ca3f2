// Package flow is how one thing leads to another. A verb writes what happened
// and emits facts; when the verbs of a group have returned, the facts of each
// kind go to the reactions registered for it, as one slice per merchant; what
// those emit is the next wave. All of it commits together, or none of it does.
//
// A reaction is one of three. Must: the cause is a person's verb, which is
// refused when the reaction fails. May: the cause is the world (a scan, a
// deadline), which is recorded whatever happens; a failing reaction is parked
// with its error, to be seen and replayed. Later: it runs in a transaction of
// its own, right after, and again after a crash.
//
// What calls the outside world is an errand: a leased row, carried out outside
// any transaction, settled in one. Rooms with deadlines register sweeps, which
// one clock asks. The package stores facts, later and parked reactions, errands
// and the world's clock; it knows no room.
package flow

import (
	"context"
	"fmt"
	"sync/atomic"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// Mode says what a failing reaction does to its cause.
type Mode int

// The modes, as the package comment explains them.
const (
	Must Mode = iota
	May
	Later
)

// Reaction is one consequence of one kind of fact.
type Reaction struct {
	On    fact.Kind
	Name  string // room.Verb; with On it names the route
	Mode  Mode
	Run   func(*Tx, []Fact) error
	Emits []fact.Kind // what Run may emit: declared, checked for cycles, enforced in tests
}

// Key names the route in tables and logs.
func (r Reaction) Key() string { return r.Name + " on " + string(r.On) }

// Flow runs writes and their consequences on a database.
type Flow struct {
	db      *db.DB
	clock   *Clock
	routes  map[fact.Kind][]Reaction
	byKey   map[string]Reaction
	errands map[string]Errander
	sweeps  []Sweep
	wake    chan struct{} // later work or errands may be waiting
	emitted atomic.Bool   // there were facts emitted since somebody asked
	commits atomic.Uint64 // groups that this process committed
	check   bool          // refuse undeclared emissions
}

// New hangs the routes on the database. It refuses two routes of one name, a
// kind nobody emits, and declared emissions that run in a circle.
func New(d *db.DB, clock *Clock, routes []Reaction) (*Flow, error) {
	f := &Flow{
		db: d, clock: clock,
		routes:  map[fact.Kind][]Reaction{},
		byKey:   map[string]Reaction{},
		errands: map[string]Errander{},
		wake:    make(chan struct{}, 1),
	}
	for _, r := range routes {
		if _, twice := f.byKey[r.Key()]; twice {
			return nil, fmt.Errorf("flow: two routes are called %q", r.Key())
		}
		f.byKey[r.Key()] = r
		f.routes[r.On] = append(f.routes[r.On], r)
	}
	if cycle := Cycle(routes); cycle != nil {
		return nil, fmt.Errorf("flow: facts run in a circle: %v", cycle)
	}
	d.Use(db.Hooks{Finish: f.finish, After: f.after})
	return f, nil
}

// CheckEmissions makes a reaction fail that emits what its route does not
// declare. Tests switch it on.
func (f *Flow) CheckEmissions() { f.check = true }

// DB is the handle underneath, for reads.
func (f *Flow) DB() *db.DB { return f.db }

// Commits counts the groups that this process committed: what was read since the
// count was the same is not changed by this process. Ask before reading.
func (f *Flow) Commits() uint64 { return f.commits.Load() }

// Clock is the world's.
func (f *Flow) Clock() *Clock { return f.clock }

// Cycle finds declared emissions that lead back to themselves. It ignores
// later reactions: those start a new transaction, and a person sees them wait.
func Cycle(routes []Reaction) []fact.Kind {
	next := map[fact.Kind][]fact.Kind{}
	for _, r := range routes {
		if r.Mode != Later {
			next[r.On] = append(next[r.On], r.Emits...)
		}
	}
	var path []fact.Kind
	done := map[fact.Kind]bool{}
	var visit func(k fact.Kind) []fact.Kind
	visit = func(k fact.Kind) []fact.Kind {
		for i, p := range path {
			if p == k {
				return append(append([]fact.Kind{}, path[i:]...), k)
			}
		}
		if done[k] {
			return nil
		}
		path = append(path, k)
		for _, n := range next[k] {
			if c := visit(n); c != nil {
				return c
			}
		}
		path = path[:len(path)-1]
		done[k] = true
		return nil
	}
	for _, r := range routes {
		if c := visit(r.On); c != nil {
			return c
		}
	}
	return nil
}

// Actor is who caused a change: a kind ("key", "shopper", "staff", "clock",
// "promesse", "installation") and an id, joined by a colon.
type Actor string

// The actors that need no id.
const (
	System       Actor = "promesse"     // a reaction
	TheClock     Actor = "clock"        // a deadline
	Installation Actor = "installation" // the command line
)

// ByKey, ByShopper, ByStaff: actors with an id.
func ByKey(k ident.Key) Actor         { return Actor("key:" + string(k)) }
func ByShopper(s ident.Shopper) Actor { return Actor("shopper:" + string(s)) }
func ByStaff(s ident.Staff) Actor     { return Actor("staff:" + string(s)) }

// Tx is a writing transaction in which facts can be emitted.
type Tx struct {
	*db.Tx
	by    Actor
	cause ident.Fact
	route *Reaction // the reaction running, nil in a verb
	group *group
}

// Write runs a verb and all its consequences in one transaction that holds the
// lanes of the merchants. verb may run more than once.
func (f *Flow) Write(ctx context.Context, by Actor, merchants []ident.Merchant, verb func(*Tx) error) error {
	return f.db.Write(ctx, merchants, func(t *db.Tx) error {
		return verb(&Tx{Tx: t, by: by, group: f.groupOf(t)})
	})
}

// One is Write for one merchant, which is nearly always the case.
func (f *Flow) One(ctx context.Context, by Actor, m ident.Merchant, verb func(*Tx) error) error {
	return f.Write(ctx, by, []ident.Merchant{m}, verb)
}

// Read runs fn on a snapshot.
func (f *Flow) Read(ctx context.Context, fn func(*db.Tx) error) error { return f.db.Read(ctx, fn) }

// By is who caused what this transaction writes.
func (tx *Tx) By() Actor { return tx.by }

// Cause is the fact that what this transaction writes follows from; empty in a
// person's verb.
func (tx *Tx) Cause() ident.Fact { return tx.cause }

// Because gives the transaction as seen by the consequence of one fact: what it
// emits names the fact as its cause.
func (tx *Tx) Because(f Fact) *Tx {
	c := *tx
	c.cause = f.ID
	return &c
}

// Instant is the world time of the transaction; all its rows agree on it.
func (tx *Tx) Instant() civil.Instant { return tx.Now }
