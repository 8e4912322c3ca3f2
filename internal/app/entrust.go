package app

import (
	"context"
	"fmt"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/counter"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// countersCmd is about the counters of relay points.
type countersCmd struct {
	Entrust entrustCmd `cmd:"" help:"Say which organisation runs the counters of a network's points."`
}

type entrustCmd struct {
	store
	Network  string `arg:"" help:"mondial_relay, colissimo…: as its points were imported."`
	Merchant string `help:"The organisation that runs them, and nobody else any more." required:"" placeholder:"ID"`
}

// Run entrusts the network. Devices of whoever ran it before let nobody in any more.
func (c *entrustCmd) Run(ctx context.Context, io Streams) error {
	m := ident.Merchant(c.Merchant)
	return withFlow(ctx, c.DB, func(f *flow.Flow) error {
		err := f.One(ctx, flow.Installation, m, func(tx *flow.Tx) error {
			if _, err := merchant.Get(tx.Tx, m); err != nil {
				return err
			}
			return counter.Entrust(tx, m, c.Network)
		})
		if err != nil {
			return err
		}
		fmt.Fprintf(io.Out, "%s runs the counters of %s: devices and clerks are let in at /console/settings/counters\n", m, c.Network)
		return nil
	})
}
