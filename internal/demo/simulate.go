package demo

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/vault"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Process is a running application, as far as the simulation needs one.
type Process struct {
	Flow    *flow.Flow
	Handler http.Handler // the API and the pages
	Vault   *vault.Vault // the master key it works with
}

// Start builds a process on a database: routes, errands, sweeps and doors, as
// the application does, with the outside world of the simulation: where letters
// go, and whoever the application calls.
type Start func(d *db.DB, clock *flow.Clock, channels notify.Channels, outside http.RoundTripper) (Process, error)

// Simulation is one world to live through.
type Simulation struct {
	Seed   uint64
	Days   int // on which people order; the world goes on until all of it has ended
	Start  Start
	Verify func(context.Context, *db.DB) ([]Violation, error)
}

// Violation is an invariant that does not hold, and what breaks it.
type Violation struct {
	Invariant string   `json:"invariant"`
	IDs       []string `json:"ids"`
}

// Result is what a world came to.
type Result struct {
	Seed       uint64      `json:"seed"`
	Orders     int         `json:"orders"`
	Events     int         `json:"events"` // distinct, of known and unknown parcels
	Broken     int         `json:"broken"`
	Remedies   int         `json:"remedies"` // granted
	Messages   int         `json:"messages"` // distinct, accepted by the post
	Facts      int         `json:"facts"`
	Hash       string      `json:"hash"` // SHA-256 of all facts in the order of their commits
	Violations []Violation `json:"violations"`

	// Calls, Deaths and Repeats say how rough it was; they are no part of the JSON.
	Calls   int `json:"-"` // requests that were answered
	Deaths  int `json:"-"`
	Repeats int `json:"-"` // letters that the post got again under the same Message-ID
}

// dailyVisits is how many customers a simulated world expects: with the rough
// conduct, 60 days hold more than a thousand orders and events, and break more
// than 50 promises.
const dailyVisits = 3.1

// few are the shops of a simulated world, chosen so that all carriers, both kinds
// of policy and the shop that is wrong about its vans are in it.
var few = []string{"epicerie-bellecour", "maison-aubepin", "volt-et-cie"}

// afterlife bounds how long a world goes on after its last order: the law's
// thirty days, and time for parcels to be given up.
const afterlife = 50 * 24 * time.Hour

// Simulate lives through a world in this goroutine: time jumps from one due
// thing to the next, and the process dies at least three times. Everything
// random comes from the seed, so that one seed always makes the same facts.
//
// The error says that the world could not be lived to its end: nobody answers
// though nothing died, work fails, or it never comes to rest. Besides invariants,
// a violation may be called "refused" (an answer that should not have been) or
// "parked" (work given up): no invariants, but bugs in a world of our making.
func Simulate(ctx context.Context, in Simulation) (Result, error) {
	l := newLife(in)
	defer l.close()
	if err := l.live(ctx); err != nil {
		return Result{}, fmt.Errorf("seed %d, %s: %w", in.Seed, l.now, err)
	}
	r, err := l.result(ctx)
	if err != nil {
		return Result{}, fmt.Errorf("seed %d: %w", in.Seed, err)
	}
	return r, nil
}

// life is a simulation under way.
type life struct {
	Simulation
	now    civil.Instant // of both clocks
	end    civil.Instant
	clock  *flow.Clock
	ids    *rand.ChaCha8
	reaper *reaper
	post   *post
	wire   *mortal
	db     *db.DB
	flow   *flow.Flow
	vault  *vault.Vault
	world  *World
	today  civil.Day
	next   struct{ agenda, deadline, errand civil.Instant } // as of the last act
}

func newLife(in Simulation) *life {
	var key [32]byte
	binary.LittleEndian.PutUint64(key[:], in.Seed)
	d := dice{rand.New(rand.NewPCG(in.Seed, 1))}
	start := someMorning(d)
	l := &life{Simulation: in, now: start, ids: rand.NewChaCha8(key), wire: &mortal{}}
	l.end = start.Add(time.Duration(in.Days)*24*time.Hour + afterlife)
	l.clock = flow.NewClock(start, 1, func() civil.Instant { return l.now })
	l.reaper = newReaper(d, start, in.Days)
	l.post = newPost(dice{rand.New(rand.NewPCG(in.Seed, 2))}, l.reaper)
	return l
}

// someMorning is a day in 2025 or 2026 at six, so that seeds meet all holidays
// and both changes of clocks.
func someMorning(d dice) civil.Instant {
	day := time.Date(2025, 1, 1, 6, 0, 0, 0, paris).AddDate(0, 0, d.IntN(730))
	return civil.At(day)
}

func (l *life) close() {
	if l.db != nil {
		_ = l.db.Close()
	}
}

// live runs the world to its end.
func (l *life) live(ctx context.Context) error {
	if err := l.begin(ctx); err != nil {
		return err
	}
	for {
		err := l.act(ctx)
		if l.reaper.dead {
			if err := l.restart(); err != nil {
				return err
			}
			continue
		}
		if err != nil {
			return err
		}
		next := first(l.now, l.next.agenda, l.next.deadline, l.next.errand, l.post.nextBounce())
		if next == 0 || next > l.end {
			return nil
		}
		l.jump(next)
	}
}

// jump moves both clocks.
func (l *life) jump(to civil.Instant) {
	l.now = to
	l.reaper.now = to
	l.clock.Jump(to)
}

// act does all that is due now, outside and inside.
func (l *life) act(ctx context.Context) (err error) {
	if err := l.world.comeBack(ctx, l.post.back(l.now)); err != nil {
		return err
	}
	l.post.forget(l.now)
	if l.next.agenda, err = l.world.Step(ctx, l.now); err != nil {
		return err
	}
	return l.settle(ctx)
}

// restless is after how many rounds at one instant work will never end: a
// deadline that nobody takes off the clock is due for ever.
const restless = 1000

var errRestless = fmt.Errorf("work does not come to rest after %d rounds", restless)

// settle is flow.Settle, which asks everybody what is due, for a world that
// knows when to ask: the same work in the same order, at a third of the price.
// Sweeps that plan nothing are asked once a day.
func (l *life) settle(ctx context.Context) (err error) {
	today := l.now.Day(paris)
	for range restless {
		if err := l.serve(ctx); err != nil {
			return err
		}
		if l.next.deadline, err = l.flow.NextDue(ctx); err != nil {
			return err
		}
		at := l.next.deadline
		if today != l.today {
			at = l.now
		}
		worked, err := l.due(ctx, at, l.flow.Sweep)
		if err != nil {
			return err
		}
		l.today = today
		if !worked {
			return nil
		}
	}
	return errRestless
}

// serve runs later reactions and errands until none is left.
func (l *life) serve(ctx context.Context) error {
	for range restless {
		busy, err := l.flow.DrainLater(ctx)
		if err != nil {
			return err
		}
		if l.next.errand, err = l.flow.NextErrand(ctx); err != nil {
			return err
		}
		more, err := l.due(ctx, l.next.errand, l.flow.RunErrands)
		if err != nil || !busy && !more {
			return err
		}
	}
	return errRestless
}

// due runs a round of work whose instant has come.
func (l *life) due(ctx context.Context, at civil.Instant, round func(context.Context) (bool, error)) (bool, error) {
	if at == 0 || at > l.now {
		return false, nil
	}
	return round(ctx)
}

func (l *life) options() db.Options {
	return db.Options{
		Now: l.clock.Now, Wall: l.clock.Wall, Rand: l.ids,
		Pause: func(time.Duration) {}, Crash: l.reaper.comes,
	}
}

// begin opens the database, the process and the shops.
func (l *life) begin(ctx context.Context) (err error) {
	if l.db, err = db.Open(ctx, "sqlite::memory:", l.options()); err != nil {
		return err
	}
	l.world = Imagine(Options{
		Seed: l.Seed, Volume: dailyVisits, Conduct: Rough(), Days: l.Days, Inbox: &l.post.inbox,
	})
	if err := l.boot(); err != nil {
		return err
	}
	shops, err := Setup(ctx, l.flow, Rough().Target, few...)
	if err != nil {
		return err
	}
	if err := Befriend(ctx, l.flow, shops); err != nil {
		return err
	}
	crews, err := OpenRounds(ctx, l.flow, l.vault, shops)
	if err != nil {
		return err
	}
	l.world.GoRound(crews)
	door := Door{Client: &http.Client{Transport: l.wire}, Base: "http://promesse.test"}
	l.world.Begin(l.flow, shops, door)
	l.world.seen = newWitness()
	return nil
}

// boot starts a process on the database.
func (l *life) boot() error {
	p, err := l.Start(l.db, l.clock, notify.Channels{notify.Email: l.post.deliver}, l.world.Outside())
	if err != nil {
		return fmt.Errorf("start: %w", err)
	}
	l.flow, l.vault = p.Flow, p.Vault
	l.wire.Handler, l.wire.dead = p.Handler, func() bool { return l.reaper.dead }
	return nil
}

// restart is what an operator does when the process has died: start it again,
// some minutes later.
func (l *life) restart() (err error) {
	down := l.reaper.bury()
	l.jump(l.now.Add(down))
	if l.db, err = l.db.Reopen(l.options()); err != nil {
		return err
	}
	if err := l.boot(); err != nil {
		return err
	}
	l.world.moveTo(l.flow)
	return nil
}
