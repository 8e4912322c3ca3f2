package demo

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// pace is how fast the world is wanted to run, and by whom.
type pace struct {
	mu     sync.Mutex
	asked  float64       // world seconds per machine second, while nobody is there
	able   float64       // the share of it that this machine is able to live
	eased  civil.Instant // machine time when that changed
	paused bool
	seen   civil.Instant // machine time of the last request of a person
	goal   civil.Instant // the world hurries to it; 0 is nowhere
	there  chan struct{} // closed when the goal is reached
}

// attention is for how long after a person's last request the world runs at the
// pace of people.
const attention = 60 * time.Second

// speed is what the world's clock should run at.
func (p *pace) speed(wall civil.Instant) float64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.paused:
		return 0
	case p.watched(wall):
		return min(1, p.asked)
	}
	return p.asked * p.able
}

func (p *pace) watched(wall civil.Instant) bool { return p.seen != 0 && wall < p.seen.Add(attention) }

// busy reports whether a person is in the middle of something.
func (w *World) busy() bool {
	w.pace.mu.Lock()
	defer w.pace.mu.Unlock()
	return w.pace.watched(w.flow.Clock().Wall())
}

// keepPace sets the world's clock to the speed that is wanted now.
func (w *World) keepPace() {
	clock := w.flow.Clock()
	if s := w.pace.speed(clock.Wall()); s != clock.Speed() {
		clock.SetSpeed(s)
	}
}

// breath is after how long, in machine time, a world that was slowed down tries
// to run faster again.
const breath = 30 * time.Second

// ease slows the world down when the machine lags behind it, and lets it run
// faster again when that has not happened for a while. It answers the new speed
// of a world that was slowed down, else 0.
func (p *pace) ease(wall civil.Instant, lags bool) float64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case lags:
		p.able, p.eased = p.able/2, wall
		return p.asked * p.able
	case p.able < 1 && wall >= p.eased.Add(breath):
		p.able, p.eased = min(1, p.able*2), wall
	}
	return 0
}

// Watch lets the world see who comes through a door. While a person goes from
// page to page, the world runs no faster than people do. The first page, from
// which one watches the world run and sets its clock, does not count.
func (w *World) Watch(door http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if w.person(r) {
			w.pace.mu.Lock()
			w.pace.seen = w.flow.Clock().Wall()
			w.pace.mu.Unlock()
			w.keepPace()
		}
		door.ServeHTTP(rw, r)
	})
}

// apart are the paths that no person walks, and those from which people watch.
var apart = []string{"/api/", "/healthz", "/openapi.", "/monde/"}

// person reports whether a request is somebody's step: not the world's own, not
// a machine's, and not what an open page asks for by itself.
func (w *World) person(r *http.Request) bool {
	mode := r.Header.Get("Sec-Fetch-Mode")
	switch {
	case r.URL.Path == "/", r.Header.Get(mark) == w.mark, mode != "" && mode != "navigate":
		return false
	case strings.Contains(r.Header.Get("Accept"), "text/event-stream"):
		return false
	}
	return !slices.ContainsFunc(apart, func(prefix string) bool { return strings.HasPrefix(r.URL.Path, prefix) })
}

const (
	sqlPaused = `-- across merchants: there is one world
		select paused from demo_state where id = 'world'`
	sqlPause = `-- across merchants: there is one world
		insert into demo_state (id, paused) values ('world', $1) on conflict (id) do update set paused = excluded.paused`
)

// Pause makes the world stand still. It stands still after a restart too.
func (w *World) Pause(ctx context.Context) error { return w.pause(ctx, true) }

// Resume makes it go on.
func (w *World) Resume(ctx context.Context) error { return w.pause(ctx, false) }

func (w *World) pause(ctx context.Context, paused bool) error {
	stored := int64(0)
	if paused {
		stored = 1
	}
	err := w.flow.Write(ctx, actor, nil, func(tx *flow.Tx) error { return tx.Do(sqlPause, stored) })
	if err != nil {
		return err
	}
	w.pace.mu.Lock()
	w.pace.paused = paused
	w.pace.mu.Unlock()
	w.keepPace()
	return nil
}

// recall reads whether the world was paused when it last stopped.
func (w *World) recall(ctx context.Context) error {
	return w.flow.Read(ctx, func(tx *db.Tx) error {
		paused, _, err := db.One(tx, sqlPaused, db.Scalar[int64])
		w.pace.mu.Lock()
		defer w.pace.mu.Unlock()
		w.pace.paused = paused == 1
		return err
	})
}

// patience is how long somebody who wants the world to be further waits for it,
// in machine time. After that it hurries on without an audience.
const patience = 6 * time.Second

const sqlNextSeen = `-- across merchants: the next thing in the world that somebody could notice
	select due from demo_agenda where due > $1 and kind in ('buy', 'cancel', 'amend', 'lack', 'ship', 'scan', 'early', 'answer', 'meet', 'tap',
			'return', 'withdraw', 'allow', 'back', 'bring', 'inspect', 'decide', 'confirm', 'repay', 'miss', 'contest', 'settle',
			'change', 'claim', 'rule', 'insist', 'review', 'demand', 'resolve')
	order by due limit 1`

// NextEvent makes the world live through the time until the next thing happens
// that somebody could notice, or until the next deadline. Then it stands still
// or goes on, as before.
func (w *World) NextEvent(ctx context.Context) error {
	now := w.flow.Clock().Now()
	var next civil.Instant
	err := w.flow.Read(ctx, func(tx *db.Tx) (err error) {
		next, _, err = db.One(tx, sqlNextSeen, db.Scalar[civil.Instant], now)
		return err
	})
	if err != nil {
		return err
	}
	deadline, err := w.flow.NextDue(ctx)
	if err != nil {
		return err
	}
	return w.hurry(ctx, first(now, next, deadline))
}

// morning is when the world's day begins for people.
const morning = 7 * 60

// NextMorning makes it live through the time until seven o'clock.
func (w *World) NextMorning(ctx context.Context) error {
	now := w.flow.Clock().Now()
	day := now.Day(paris)
	if local(day, morning) <= now {
		day++
	}
	return w.hurry(ctx, local(day, morning))
}

// hurry sets the world a goal, and waits a moment for it to be there. It takes
// Run to get there.
func (w *World) hurry(ctx context.Context, to civil.Instant) error {
	if to == 0 {
		return nil
	}
	there := w.pace.aim(to)
	patient, done := context.WithTimeout(ctx, patience)
	defer done()
	select {
	case <-there:
	case <-patient.Done():
	}
	return nil
}

// aim sets the goal, unless a later one is set.
func (p *pace) aim(to civil.Instant) (there chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.there == nil {
		p.there = make(chan struct{})
	}
	p.goal = max(p.goal, to)
	return p.there
}

// ahead is the goal, 0 without one.
func (p *pace) ahead() civil.Instant {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.goal
}

// arrived ends the hurry when the goal is reached.
func (p *pace) arrived(now civil.Instant) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.goal != 0 && now >= p.goal {
		close(p.there)
		p.goal, p.there = 0, nil
	}
}
