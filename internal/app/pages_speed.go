package app

import (
	"context"
	"log/slog"
	"time"

	"github.com/promesse-dev/promesse/internal/platform/flow"
	visited "github.com/promesse-dev/promesse/internal/speed"
	"github.com/promesse-dev/promesse/internal/web/speed"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

func (a *App) speed(p Parts) (*ui.Door, error) {
	return speed.New(speed.Config{Flow: a.Flow, Tally: a.speeds, Base: p.Base, Proxies: p.Proxies, Log: p.Log})
}

// speedsEvery is how often the visits counted in memory are saved: what a process
// that dies takes with it.
const speedsEvery = time.Minute

// keepSpeeds saves the visits that pages told of, each minute of the machine and
// once more when the service ends.
func keepSpeeds(ctx context.Context, f *flow.Flow, t *visited.Tally, log *slog.Logger) {
	ticks := time.NewTicker(speedsEvery)
	defer ticks.Stop()
	for {
		last := false
		select {
		case <-ctx.Done():
			last = true
		case <-ticks.C:
		}
		if err := t.Save(context.WithoutCancel(ctx), f); err != nil {
			log.Warn("display speeds not saved", "err", err, "last try", last)
		}
		if last {
			return
		}
	}
}
