package story

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Base is where the installation of a story thinks it is.
const Base = "https://promesse.test"

const base = Base

// world is a story under way.
type world struct {
	start  Start
	now    civil.Instant
	zone   *time.Location
	clock  *flow.Clock
	db     *db.DB
	flow   *flow.Flow
	check  func(context.Context) error
	client client // with no key
	shops  map[string]*shop
	last   *shop // the shop that lines are about
	orders map[string]*bought
	recent *bought // the order that lines are about when they name none
	mail   []letter

	returns    map[string]*sent
	statements map[string]string // withdrawals, by the name of their return
	asked      int               // questions so far
	refusal    string            // of what was last tried in vain
}

// letter is a message as it left.
type letter struct {
	at civil.Instant
	notify.Letter
}

func (w *world) close() {
	if w.db != nil {
		_ = w.db.Close()
	}
}

// begin opens the world: "world Tuesday 2026-11-24 09:00 Europe/Paris".
func (w *world) begin(ctx context.Context, ws *words) (err error) {
	if w.db != nil {
		return fmt.Errorf("a story has one world")
	}
	at := *ws
	zoneName := "Europe/Paris"
	if n := len(at); n > 0 {
		if _, err := clock(at[n-1].text); err != nil {
			zoneName, at = at[n-1].text, at[:n-1]
		}
	}
	if w.zone, err = civil.Zone(zoneName); err != nil {
		return err
	}
	if w.now, err = at.moment(0, w.zone); err != nil {
		return err
	}
	*ws = nil
	wall := func() civil.Instant { return w.now }
	w.clock = flow.NewClock(w.now, 1, wall)
	w.db, err = db.Open(ctx, "sqlite::memory:", db.Options{
		Now: w.clock.Now, Wall: wall, Rand: rand.NewChaCha8([32]byte{1}), Pause: func(time.Duration) {},
	})
	if err != nil {
		return err
	}
	p, err := w.start(w.db, w.clock, notify.Channels{notify.Email: w.post})
	w.flow, w.client.handler, w.check = p.Flow, p.Handler, p.Check
	return err
}

// post takes every letter.
func (w *world) post(_ context.Context, l notify.Letter) error {
	w.mail = append(w.mail, letter{w.now, l})
	return nil
}

// pass lets time go on to an instant, through all that is due on the way.
func (w *world) pass(ctx context.Context, to civil.Instant) error {
	if to < w.now && w.now.Sub(to) <= lull {
		return w.flow.Settle(ctx) // the lull in which the letters left went past it
	}
	if to < w.now {
		return fmt.Errorf("%s is over: it is %s; name the day", w.at(to), w.at(w.now))
	}
	for {
		if err := w.flow.Settle(ctx); err != nil {
			return err
		}
		next, err := w.next(ctx)
		if err != nil {
			return err
		}
		if next == 0 || next > to {
			break
		}
		w.jump(max(next, w.now+1))
	}
	w.jump(to)
	return w.flow.Settle(ctx)
}

// lull is how long the news of a scan waits for the next one.
const lull = time.Minute

// rest lets what is about to leave leave: time goes on to what is due within a lull.
func (w *world) rest(ctx context.Context) error {
	until := w.now.Add(lull)
	for {
		if err := w.flow.Settle(ctx); err != nil {
			return err
		}
		next, err := w.next(ctx)
		if err != nil || next == 0 || next > until {
			return err
		}
		w.jump(next)
	}
}

func (w *world) jump(to civil.Instant) {
	w.now = to
	w.clock.Jump(to)
}

// next is when something is due next; 0 when nothing is.
func (w *world) next(ctx context.Context) (next civil.Instant, err error) {
	for _, ask := range []func(context.Context) (civil.Instant, error){w.flow.NextDue, w.flow.NextErrand} {
		at, err := ask(ctx)
		if err != nil {
			return 0, err
		}
		if at != 0 && at > w.now && (next == 0 || at < next) {
			next = at
		}
	}
	return next, nil
}

// at is an instant as stories write it.
func (w *world) at(i civil.Instant) string {
	return i.In(w.zone).Format("Monday 2006-01-02 15:04:05")
}

// order is one that the story has placed.
func (w *world) order(reference string) (*bought, error) {
	o, ok := w.orders[reference]
	if !ok {
		return nil, fmt.Errorf("no order is called %q", reference)
	}
	return o, nil
}

// step reads a line and does what it says.
func (w *world) step(ctx context.Context, ws *words) error {
	first, err := ws.take("a step")
	if err != nil {
		return err
	}
	switch {
	case first == "world":
		err = w.begin(ctx, ws)
	case w.db == nil:
		return fmt.Errorf("a story begins with its world")
	case first == "shop":
		err = w.open(ctx, ws)
	case first == "order":
		err = w.buy(ctx, ws)
	case first == "at":
		err = w.happen(ctx, ws)
	case first == "expect":
		err = w.expect(ctx, ws)
	default:
		return fmt.Errorf("a line begins with world, shop, order, at or expect")
	}
	if err == nil && !ws.done() {
		err = fmt.Errorf("nobody understands %q", ws.rest())
	}
	return err
}

// letters are those to an address that left before an instant, the first first.
func (w *world) letters(to string, before civil.Instant) []letter {
	all := slices.Clone(w.mail)
	return slices.DeleteFunc(all, func(l letter) bool { return l.To != to || l.at >= before })
}
