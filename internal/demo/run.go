package demo

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
)

const (
	beat     = 50 * time.Millisecond // how often the world looks at its clock
	saving   = time.Second           // how often it stores where that stands
	breather = time.Second           // after nobody answered
)

// maxLag is how far the world may run away from what happens in it. When this
// machine can not keep up, the world is slowed down instead of becoming untrue.
const maxLag = time.Hour

// stride is how much of the world's time is lived through at once in a hurry, so
// that people see it pass.
const stride = time.Hour

// Run lives in the world beside the machine's clock until the context ends.
func (w *World) Run(ctx context.Context, log *slog.Logger) {
	if err := w.recall(ctx); err != nil && ctx.Err() == nil {
		log.Error("nobody knows whether the world was paused", "err", err)
	}
	w.keepPace()
	t := time.NewTicker(beat)
	defer t.Stop()
	for saved := time.Now().Add(-saving); ; {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
		w.keepPace()
		w.beat(ctx, log)
		if time.Since(saved) < saving {
			continue
		}
		saved = time.Now()
		if err := w.keep(ctx); err != nil && ctx.Err() == nil {
			log.Error("the world could not be looked after", "err", err)
		}
	}
}

// keep stores where the world's clock stands, and sees which people ordered.
func (w *World) keep(ctx context.Context) error {
	var err error
	if !w.greeted || w.busy() {
		now := w.flow.Clock().Now()
		err = errors.Join(w.welcome(ctx, now), w.tend(ctx, now))
		w.greeted = err == nil
	}
	return errors.Join(err, w.flow.SaveWorld(ctx))
}

func (w *World) beat(ctx context.Context, log *slog.Logger) {
	clock := w.flow.Clock()
	began := clock.Now()
	if err := w.live(ctx, began); err != nil && ctx.Err() == nil {
		log.Warn("the world met trouble", "err", err)
		if errors.Is(err, errUnanswered) {
			rest(ctx, breather)
		}
		return
	}
	lags := clock.Speed() > 1 && clock.Now().Sub(began) > maxLag && w.pace.ahead() == 0
	if slower := w.pace.ease(clock.Wall(), lags); slower != 0 {
		log.Warn("this machine can not live so fast", "speed", slower)
	}
}

// live does what is due now, or hurries to the goal that somebody set.
func (w *World) live(ctx context.Context, now civil.Instant) error {
	goal := w.pace.ahead()
	if goal == 0 {
		_, err := w.Step(ctx, now)
		return err
	}
	err := errors.Join(w.welcome(ctx, now), w.tend(ctx, now), w.Advance(ctx, min(goal, now.Add(stride))))
	w.pace.arrived(w.flow.Clock().Now())
	return err
}

func rest(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// ahead is the first instant after now at which something is due.
func (w *World) ahead(ctx context.Context, now civil.Instant) (civil.Instant, error) {
	w.turn.Lock()
	next, err := w.first(ctx)
	w.turn.Unlock()
	if err != nil {
		return 0, err
	}
	deadline, err := w.flow.NextDue(ctx)
	return first(now, next, deadline), err
}

// first is the earliest of some instants that comes after now, zero when none does.
func first(now civil.Instant, of ...civil.Instant) (next civil.Instant) {
	for _, at := range of {
		if at > now && (next == 0 || at < next) {
			next = at
		}
	}
	return next
}

// Advance lives through the time until an instant as fast as the machine can:
// the clock jumps from one due thing to the next, so that each happens when it
// should. An instant that has passed changes nothing.
func (w *World) Advance(ctx context.Context, to civil.Instant) error {
	w.course.Lock()
	defer w.course.Unlock()
	clock := w.flow.Clock()
	for {
		if _, err := w.step(ctx, clock.Now()); err != nil {
			return fmt.Errorf("advance: %w", err)
		}
		if err := w.flow.Settle(ctx); err != nil {
			return fmt.Errorf("advance: %w", err)
		}
		now := clock.Now()
		if now >= to {
			return nil
		}
		next, err := w.ahead(ctx, now)
		if err != nil {
			return fmt.Errorf("advance: %w", err)
		}
		clock.Jump(first(now, to, next))
	}
}
