package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/vault"
	"github.com/promesse-dev/promesse/internal/demo"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/egress"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// demoCmd runs the service with a world around it: shops, shoppers, carriers, a
// mail server, and a clock that runs faster than ours.
type demoCmd struct {
	Addr  string  `help:"Address to listen on; keep it on this machine." default:"localhost:8080"`
	DB    string  `help:"Database: sqlite:PATH or postgres://…" default:"sqlite:demo.db" placeholder:"URL"`
	Seed  uint64  `help:"Another seed is another world." default:"1"`
	Speed float64 `help:"World seconds per second, while nobody is in the middle of something." default:"3600"`
	Quiet bool    `help:"Say nothing but errors."`
	mapSettings
}

// demoStart is where a new world begins: a Monday morning in the autumn peak.
var demoStart = time.Date(2026, 11, 2, 6, 0, 0, 0, time.UTC)

// Run lives until the context ends. The same database goes on where it stopped.
func (c *demoCmd) Run(ctx context.Context, io Streams) error {
	log := slog.New(slog.NewTextHandler(io.Err, &slog.HandlerOptions{Level: slog.LevelWarn}))
	box, err := openMailbox()
	if err != nil {
		return err
	}
	err = c.live(ctx, io, log, box)
	if !c.Quiet {
		fmt.Fprintf(io.Out, "%d letters arrived at the demo's mail server.\n", box.count())
	}
	return errors.Join(err, box.close())
}

func (c *demoCmd) live(ctx context.Context, io Streams, log *slog.Logger, box *mailbox) error {
	drawn, err := c.source()
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return err
	}
	clock, d, err := c.open(ctx)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	base := "http://" + reachable(c.Addr, l.Addr())
	world := demo.Imagine(demo.Options{Seed: c.Seed, Speed: c.Speed, Inbox: &box.letters})
	a, err := New(Parts{
		DB: d, Clock: clock, Vault: demoVault(c.Seed), Base: base, Log: log, Demo: true, Map: drawn,
		Channels: box.channels(), Out: egress.Options{Transport: world.Outside()},
		Adapters: adaptersAt(demo.MondialRelay, demo.Colissimo), Texts: demoTexts(),
	})
	if err != nil {
		return errors.Join(err, l.Close(), d.Close())
	}
	shops, err := demo.Setup(ctx, a.Flow, 0) // each as bold as its trade: promises break, and repairs are seen
	if err == nil {
		err = shops.Publish(ctx, a.Flow, base)
	}
	if err == nil {
		err = demo.Befriend(ctx, a.Flow, shops)
	}
	var counter demo.Counter
	if err == nil {
		counter, err = demo.OpenCounter(ctx, a.Flow, demoVault(c.Seed))
	}
	var van demo.Van
	if err == nil {
		van, err = demo.OpenRound(ctx, a.Flow, demoVault(c.Seed), shops)
	}
	var crews demo.Crews
	if err == nil {
		crews, err = demo.OpenRounds(ctx, a.Flow, demoVault(c.Seed), shops)
	}
	if err != nil {
		return errors.Join(err, l.Close(), d.Close())
	}
	world.GoRound(crews)
	world.Begin(a.Flow, shops, demo.DoorAt(base))
	a.enter(shops, world)
	world.Leave(van)
	a.stage.inbox, a.stage.counter, a.stage.van, a.stage.load = &box.letters, counter, van, world.Load
	a.Handler = world.Watch(a.Handler)
	if !c.Quiet {
		fmt.Fprintf(io.Out, "The demo lives at %s (world time %s, %g seconds a second). Stop with Ctrl-C; it goes on where it stopped.\n", base, clock.Now(), c.Speed)
	}
	err = serve(ctx, a, l, log, func(ctx context.Context) {
		if err := world.Shelve(ctx, demoVault(c.Seed), counter); err != nil && ctx.Err() == nil {
			log.Warn("nothing waits at the demo's counter", "err", err)
		}
		world.Run(ctx, log)
	})
	return errors.Join(err, a.Flow.SaveWorld(context.WithoutCancel(ctx)), d.Close())
}

// reachable is an address by which this machine reaches a listener on asked, also when
// that listens on all of its addresses. A name stays one: browsers keep passkeys for
// names alone.
func reachable(asked string, a net.Addr) string {
	tcp, ok := a.(*net.TCPAddr)
	if !ok {
		return a.String()
	}
	host, _, err := net.SplitHostPort(asked)
	if err == nil && host != "" && net.ParseIP(host) == nil {
		return net.JoinHostPort(host, strconv.Itoa(tcp.Port))
	}
	if tcp.IP.IsUnspecified() {
		return net.JoinHostPort("localhost", strconv.Itoa(tcp.Port))
	}
	return a.String()
}

// open opens the database and sets the clock to where its world stopped. The
// clock stands still until the world runs.
func (c *demoCmd) open(ctx context.Context) (*flow.Clock, *db.DB, error) {
	wall := flow.RealClock().Wall
	clock := flow.NewClock(civil.At(demoStart), 0, wall)
	d, err := db.Open(ctx, c.DB, db.Options{Now: clock.Now, Wall: wall})
	if err != nil {
		return nil, nil, err
	}
	stopped, err := flow.StoredWorld(ctx, d)
	if err != nil {
		return nil, nil, errors.Join(err, d.Close())
	}
	clock.Jump(stopped)
	return clock, d, nil
}

// demoVault derives the demo's master key from its seed, so that links survive
// a restart. It protects nothing: everybody knows the seed.
func demoVault(seed uint64) *vault.Vault {
	v, err := vault.Parse([]byte(ident.Hash(fmt.Sprint("promesse demo ", seed))))
	if err != nil {
		panic(err) // a SHA-256 in hexadecimal is always a key
	}
	return v
}
