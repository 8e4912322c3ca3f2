package app

import (
	"context"
	"net"
	"os"

	"github.com/promesse-dev/promesse/internal/bench/limit"
	"github.com/promesse-dev/promesse/internal/core/ident"
)

// limitCmd is the limit that pages are measured against, in a process of its
// own. The benchmarks start it; nobody else needs it.
type limitCmd struct {
	store
	Addr string `help:"Address to listen on." required:""`
	Page string `help:"A page of the product." type:"path"`
}

// Run serves until the context ends.
func (c *limitCmd) Run(ctx context.Context) error {
	s := limit.Server{DB: c.DB, Hash: ident.Hash}
	if c.Page != "" {
		var err error
		if s.Page, err = os.ReadFile(c.Page); err != nil {
			return err
		}
	}
	l, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return err
	}
	return s.Serve(ctx, l)
}
