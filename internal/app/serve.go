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
	textSettings
	mailInSettings
	Addr      string `help:"Address to listen on." default:"127.0.0.1:8080"`
	BaseURL   string `name:"base-url" help:"Address by which shoppers and carriers reach us." placeholder:"URL"`
	MasterKey string `name:"master-key" help:"File with the installation's master key (see: promesse master-key)." default:"promesse.key" type:"path"`
	Geocoder  string `help:"Search address of a geocoder of the French address base's kind, for relay points near a street. Without one, towns and postcodes are found." placeholder:"URL"`
	Crowd     int    `name:"second-person-over" help:"More people than this are told of an incident only once a second member of staff let it." default:"1000" placeholder:"N"`
	keepSettings
	mapSettings
	proxySettings
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
	texts, err := c.gateway()
	if err != nil {
		return err
	}
	mailIn, err := c.addresses(keys)
	if err != nil {
		return err
	}
	proxies, err := c.proxies()
	if err != nil {
		return err
	}
	drawn, err := c.source()
	if err != nil {
		return err
	}
	keep, err := c.raw()
	if err != nil {
		return err
	}
	clock := flow.RealClock()
	d, err := db.Open(ctx, c.DB, db.Options{Now: clock.Now, Wall: clock.Wall})
	if err != nil {
		return err
	}
	a, err := New(Parts{
		DB: d, Clock: clock, Vault: keys, Base: c.BaseURL, Channels: channels, Texts: texts, MailIn: mailIn, Log: log, Proxies: proxies, Geocoder: c.Geocoder, Crowd: c.Crowd, KeepRaw: keep, Map: drawn,
	})
	if err != nil {
		return errors.Join(err, d.Close())
	}
	l, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return errors.Join(err, d.Close())
	}
	post, err := a.takeMail(c.MailIn, mailIn, log)
	if err != nil {
		return errors.Join(err, l.Close(), d.Close())
	}
	fmt.Fprintf(io.Out, "promesse %s on http://%s, database %s\n", version, l.Addr(), d.Engine())
	err = serve(ctx, a, l, log, nil)
	return errors.Join(err, post.Close(), d.Close())
}

// The limits of a connection: a header of 32 KiB, a request within 10 s, its
// answer taken within 30 s more, of which a copy may wait 10 s for the first one's.
const (
	maxHeader  = 32 << 10
	headerTime = 5 * time.Second
	readTime   = 10 * time.Second
	writeTime  = readTime + 30*time.Second
	idleTime   = 2 * time.Minute
	closeTime  = 8 * time.Second
)

// server speaks HTTP for a handler; nobody holds a connection for ever.
func server(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler: h, MaxHeaderBytes: maxHeader,
		ReadHeaderTimeout: headerTime, ReadTimeout: readTime, WriteTimeout: writeTime, IdleTimeout: idleTime,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}

// serve runs an application's flow and doors, and whatever lives beside, until
// the context ends; then it finishes what it has begun.
func serve(ctx context.Context, a *App, l net.Listener, log *slog.Logger, beside func(context.Context)) error {
	s := server(a.Handler, log)
	work, stop := context.WithCancel(ctx)
	defer stop()
	var all sync.WaitGroup
	all.Go(func() { a.Flow.Run(work, log) })
	all.Go(func() { keepSpeeds(work, a.Flow, a.speeds, log) })
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
	close(a.stopping)
	patience, done := context.WithTimeout(context.WithoutCancel(ctx), closeTime)
	defer done()
	err := s.Shutdown(patience)
	stop()
	all.Wait()
	return err
}
