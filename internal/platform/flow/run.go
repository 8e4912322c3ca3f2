package flow

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// tick is how often the clock is asked and lost wake-ups are made good.
const tick = time.Second

// Run drives later reactions, errands and deadlines until the context ends. It
// never gives up: what fails is logged and tried again with the next tick.
func (f *Flow) Run(ctx context.Context, log *slog.Logger) {
	var both sync.WaitGroup
	both.Go(func() { f.loop(ctx, log, "later and errands", f.wake, f.DrainLater, f.RunErrands) })
	both.Go(func() { f.loop(ctx, log, "deadlines", nil, f.Sweep, resting(f.happened, f.db.Rest)) })
	both.Wait()
}

// restAfter is how many ticks in a row without a fact make a rest.
const restAfter = 10

// resting is a step that gives memory back while nothing happens: again and
// again, because readers fill it anew.
func resting(happened func() bool, give func() error) func(context.Context) (bool, error) {
	quiet := 0
	return func(context.Context) (bool, error) {
		if happened() {
			quiet = 0
			return false, nil
		}
		if quiet++; quiet < restAfter {
			return false, nil
		}
		quiet = 0
		return false, give()
	}
}

// happened reports whether there were facts since it was asked last.
func (f *Flow) happened() bool { return f.emitted.Swap(false) }

func (f *Flow) loop(ctx context.Context, log *slog.Logger, what string, wake <-chan struct{}, steps ...func(context.Context) (bool, error)) {
	t := time.NewTicker(f.tick())
	defer t.Stop()
	for {
		for busy := true; busy && ctx.Err() == nil; {
			var err error
			if busy, err = round(ctx, steps); err != nil && ctx.Err() == nil {
				log.Error("work failed, will try again", "what", what, "err", err)
				busy = false
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-wake:
		case <-t.C:
		}
	}
}

// tick is shorter in an accelerated world, where a deadline is sooner reached.
func (f *Flow) tick() time.Duration {
	if f.clock.Speed() > 1 {
		return tick / 10
	}
	return tick
}

func round(ctx context.Context, steps []func(context.Context) (bool, error)) (busy bool, err error) {
	for _, step := range steps {
		worked, err := step(ctx)
		busy = busy || worked
		if err != nil {
			return busy, err
		}
	}
	return busy, nil
}

// Settle does all that can be done at this instant: later reactions, errands,
// deadlines, until nothing is left. Tests and the simulation drive time with it.
func (f *Flow) Settle(ctx context.Context) error {
	for {
		busy, err := round(ctx, []func(context.Context) (bool, error){f.DrainLater, f.RunErrands, f.Sweep})
		if err != nil || !busy {
			return err
		}
	}
}
