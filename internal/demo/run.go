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

// Run lives in the world beside the machine's clock until the context ends. The
// speed may change under it at any time, to 0 too.
func (w *World) Run(ctx context.Context, log *slog.Logger) {
	t := time.NewTicker(beat)
	defer t.Stop()
	saved := time.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
		w.beat(ctx, log)
		if time.Since(saved) < saving {
			continue
		}
		saved = time.Now()
		if err := w.flow.SaveWorld(ctx); err != nil && ctx.Err() == nil {
			log.Error("the world's clock could not be stored", "err", err)
		}
	}
}

func (w *World) beat(ctx context.Context, log *slog.Logger) {
	clock := w.flow.Clock()
	began := clock.Now()
	if _, err := w.Step(ctx, began); err != nil && ctx.Err() == nil {
		log.Warn("the world met trouble", "err", err)
		if errors.Is(err, errUnanswered) {
			rest(ctx, breather)
		}
		return
	}
	if speed := clock.Speed(); speed > 1 && clock.Now().Sub(began) > maxLag {
		clock.SetSpeed(speed / 2)
		log.Warn("this machine can not live so fast", "speed", speed, "now", speed/2)
	}
}

func rest(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// ahead is the first instant after now at which something is due.
func (w *World) ahead(ctx context.Context, now civil.Instant) (civil.Instant, error) {
	next, err := w.first(ctx)
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
	w.turn.Lock()
	defer w.turn.Unlock()
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
