package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/vault"
	"github.com/promesse-dev/promesse/internal/demo"
	"github.com/promesse-dev/promesse/internal/insight"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/egress"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// simulateCmd lives whole worlds in this process, on databases in memory.
type simulateCmd struct {
	Seeds uint64 `help:"How many worlds." default:"1"`
	First uint64 `help:"Seed of the first." default:"1"`
	Days  int    `help:"Days on which people order." default:"60"`
	JSON  bool   `help:"A JSON line for each world."`
	Jobs  int    `help:"Worlds lived at the same time." default:"2"`
}

// Run exits 0 when every invariant held in every world, 1 when one did not, and
// 2 when a world could not be lived.
func (c *simulateCmd) Run(ctx context.Context, io Streams) error {
	results := make([]chan lived, c.Seeds)
	for i := range results {
		results[i] = make(chan lived, 1)
	}
	go c.live(ctx, results)
	code := 0
	for _, r := range results {
		l := <-r
		if l.err != nil {
			fmt.Fprintln(io.Err, "promesse:", l.err)
			code = 2
			continue
		}
		if len(l.Violations) > 0 && code == 0 {
			code = 1
		}
		if err := c.print(io, l.Result); err != nil {
			return err
		}
	}
	if code != 0 {
		return exit(code)
	}
	return nil
}

// lived is a world that came to its end, or the reason why it did not.
type lived struct {
	demo.Result
	err error
}

// live fills the results, a few worlds at a time; each has a goroutine of its own.
func (c *simulateCmd) live(ctx context.Context, results []chan lived) {
	var all sync.WaitGroup
	places := make(chan struct{}, max(1, c.Jobs))
	for i := range results {
		places <- struct{}{}
		all.Go(func() {
			defer func() { <-places }()
			r, err := demo.Simulate(ctx, demo.Simulation{
				Seed: c.First + uint64(i), Days: c.Days, Start: StartProcess, Verify: verifyWorld,
			})
			results[i] <- lived{r, err}
		})
	}
	all.Wait()
}

func (c *simulateCmd) print(io Streams, r demo.Result) error {
	if c.JSON {
		return json.NewEncoder(io.Out).Encode(r)
	}
	_, err := fmt.Fprintf(io.Out, "seed %d: %d orders, %d events, %d broken, %d remedies, %d messages, %d facts, %d violations, %.12s\n",
		r.Seed, r.Orders, r.Events, r.Broken, r.Remedies, r.Messages, r.Facts, len(r.Violations), r.Hash)
	for _, v := range r.Violations {
		_, more := fmt.Fprintf(io.Out, "  %s: %v\n", v.Invariant, v.IDs)
		err = errors.Join(err, more)
	}
	return err
}

// simulatedBase is where a simulated installation thinks it is.
const simulatedBase = "https://promesse.test"

// StartProcess builds the application as a new process would, for a simulated
// world: outside is whoever it calls, nil for the network.
func StartProcess(d *db.DB, clock *flow.Clock, channels notify.Channels, outside http.RoundTripper) (demo.Process, error) {
	keys, err := vault.Parse([]byte(ident.Hash("promesse simulation")))
	if err != nil {
		return demo.Process{}, err
	}
	a, err := New(Parts{
		DB: d, Clock: clock, Vault: keys, Base: simulatedBase, Channels: channels, Out: egress.Options{Transport: outside},
		Adapters: adaptersAt(demo.MondialRelay, demo.Colissimo), Texts: demoTexts(), KeepRaw: simulatedKeep,
	})
	if err != nil {
		return demo.Process{}, err
	}
	a.Flow.CheckEmissions()
	return demo.Process{Flow: a.Flow, Handler: a.Handler, Vault: keys}, nil
}

// simulatedKeep is short, so that a world of some days sees raw content emptied.
const simulatedKeep = 4 * 24 * time.Hour

func verifyWorld(ctx context.Context, d *db.DB) (out []demo.Violation, err error) {
	found, err := insight.Verify(ctx, d)
	for _, v := range found {
		out = append(out, demo.Violation{Invariant: v.Invariant, IDs: v.IDs})
	}
	return out, err
}
