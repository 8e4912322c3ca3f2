package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// serveCmd runs the service.
type serveCmd struct {
	store
	mailSettings
	Addr      string `help:"Address to listen on." default:"127.0.0.1:8080"`
	BaseURL   string `name:"base-url" help:"Address by which shoppers and carriers reach us." placeholder:"URL"`
	MasterKey string `name:"master-key" help:"File with the installation's master key (see: promesse master-key)." default:"promesse.key" type:"path"`
}

// Run serves until the context ends.
func (c *serveCmd) Run(ctx context.Context, io Streams) error {
	log := slog.New(slog.NewTextHandler(io.Err, nil))
	keys, err := openMasterKey(c.MasterKey, false)
	if err != nil {
		return err
	}
	if c.BaseURL == "" {
		c.BaseURL = "http://" + c.Addr
	}
	channels, err := c.channels()
	if err != nil {
		return err
	}
	clock := flow.RealClock()
	d, err := db.Open(ctx, c.DB, db.Options{Now: clock.Now, Wall: clock.Wall})
	if err != nil {
		return err
	}
	a, err := New(Parts{DB: d, Clock: clock, Vault: keys, Base: c.BaseURL, Channels: channels, Log: log})
	if err != nil {
		return errors.Join(err, d.Close())
	}
	l, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return errors.Join(err, d.Close())
	}
	fmt.Fprintf(io.Out, "promesse %s on http://%s, database %s\n", version, l.Addr(), d.Engine())
	err = serve(ctx, a, l, log, nil)
	return errors.Join(err, d.Close())
}

// The limits of a connection: a header of 32 KiB, a request within 10 s.
const (
	maxHeader  = 32 << 10
	headerTime = 5 * time.Second
	readTime   = 10 * time.Second
	idleTime   = 2 * time.Minute
	closeTime  = 8 * time.Second
)

// serve runs an application's flow and doors, and whatever lives beside, until
// the context ends; then it finishes what it has begun.
func serve(ctx context.Context, a *App, l net.Listener, log *slog.Logger, beside func(context.Context)) error {
	s := &http.Server{
		Handler: a.Handler, MaxHeaderBytes: maxHeader,
		ReadHeaderTimeout: headerTime, ReadTimeout: readTime, IdleTimeout: idleTime,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	work, stop := context.WithCancel(ctx)
	defer stop()
	var all sync.WaitGroup
	all.Go(func() { a.Flow.Run(work, log) })
	if beside != nil {
		all.Go(func() { beside(work) })
	}
	failed := make(chan error, 1)
	go func() { failed <- s.Serve(l) }()
	select {
	case err := <-failed:
		stop()
		all.Wait()
		return err
	case <-ctx.Done():
	}
	patience, done := context.WithTimeout(context.WithoutCancel(ctx), closeTime)
	defer done()
	err := s.Shutdown(patience)
	stop()
	all.Wait()
	return err
}
