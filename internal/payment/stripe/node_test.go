package stripe_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/vault"
	"github.com/promesse-dev/promesse/internal/payment"
	"github.com/promesse-dev/promesse/internal/payment/stripe/stripetest"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// roleVariable says as what this program runs: a test, or one of its processes.
const roleVariable = "PROMESSE_TEST_ROLE"

func TestMain(m *testing.M) {
	run := map[string]func() error{"provider": provide, "node": beNode}[os.Getenv(roleVariable)]
	if run == nil {
		os.Exit(m.Run())
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// provide is the provider's process: it says where it listens, and ends with its
// standard input.
func provide() error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println("http://" + l.Addr().String())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	return http.Serve(l, stripetest.New(noticeSecret, time.Now))
}

// node is a process that carries refunds out until it is killed.
type node struct {
	flow     *flow.Flow
	keys     *vault.Vault
	provider stripetest.Remote
	wall     atomic.Int64 // machine time, and the world's
	m        ident.Merchant
	order    ident.Order
	line     ident.Line
	decision int
	reaper   *reaper
	plant    bool
}

// reaper kills its own process, with the signal that nobody can catch, at the nth
// time it comes to a point.
type reaper struct {
	point string
	nth   int
	stage string // what is about to be committed
}

func (r *reaper) at(point string) {
	if point != r.point {
		return
	}
	if r.nth--; r.nth > 0 {
		return
	}
	_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	select {}
}

// crash is the database's question at each commit.
func (r *reaper) crash(p db.Point) bool {
	r.at(r.stage + ", " + string(p))
	if p == db.AfterCommit {
		r.stage = ""
	}
	return false
}

// trace names a commit by what is written in it.
func (r *reaper) trace(q string, args []any) {
	switch {
	case strings.HasPrefix(q, "insert into payment_refund "):
		r.stage = "ordered"
	case strings.HasPrefix(q, "update payment_refund set state"):
		r.stage, _ = args[3].(string)
	case strings.HasPrefix(q, "update payment_refund set next"):
		r.stage = "due"
	case strings.Contains(q, "update flow_errand set next = $2, fence"):
		r.stage = "leased"
	}
}

// mortal is a provider at whose door the process may die.
type mortal struct {
	payment.Refunder
	reaper *reaper
	plant  bool
}

func (m mortal) Refund(ctx context.Context, q payment.Request) (payment.Answer, error) {
	m.reaper.at("call, before")
	a, err := m.Refunder.Refund(ctx, q)
	m.reaper.at("call, after")
	return a, err
}

func (m mortal) LookUp(ctx context.Context, q payment.Request) (payment.Answer, bool, error) {
	m.reaper.at("look, before")
	if m.plant { // the mistake that the test must find: it does not look, and pays under a new key
		q.Key += " again"
		a, err := m.Refunder.Refund(ctx, q)
		return a, err == nil, err
	}
	a, ok, err := m.Refunder.LookUp(ctx, q)
	m.reaper.at("look, after")
	return a, ok, err
}

func beNode() error {
	n, err := openNode(strings.Split(os.Getenv("NODE"), "|"))
	if err != nil {
		return err
	}
	if err := n.finish(); err != nil {
		return err
	}
	d := decision(n.order, n.line, n.decision)
	err = n.flow.One(context.Background(), "test", n.m, func(tx *flow.Tx) error {
		return tx.Emit(n.m, string(n.order), string(d.Decision), d)
	})
	if err != nil {
		return err
	}
	return n.finish()
}

// openNode reads what the test says in one line, and takes up its place.
func openNode(said []string) (*node, error) {
	wall, err := strconv.ParseInt(said[2], 10, 64)
	if err != nil {
		return nil, err
	}
	n := &node{
		m: ident.Merchant(said[3]), order: ident.Order(said[4]), line: ident.Line(said[5]),
		reaper: &reaper{point: said[7]}, plant: said[9] == "true",
	}
	n.wall.Store(wall)
	n.decision, _ = strconv.Atoi(said[6])
	n.reaper.nth, _ = strconv.Atoi(said[8])
	if n.keys, err = vault.Parse([]byte(ident.Hash("test"))); err != nil {
		return nil, err
	}
	if n.provider, err = stripetest.Reach(said[1]); err != nil {
		return nil, err
	}
	clock := flow.NewClock(n.now(), 1, n.now)
	d, err := db.Open(context.Background(), said[0], db.Options{
		Now: clock.Now, Wall: clock.Wall, Keep: true, Crash: n.reaper.crash, Trace: n.reaper.trace,
	})
	if err != nil {
		return nil, err
	}
	if n.flow, err = flow.New(d, clock, routes()); err != nil {
		return nil, err
	}
	return n, n.wire(said[1])
}

func (n *node) now() civil.Instant { return civil.Instant(n.wall.Load()) }

// wire connects the node to its provider, in both directions.
func (n *node) wire(address string) error {
	desk, err := desk(n.flow, n.keys, address)
	if err != nil {
		return err
	}
	desk.Providers[payment.Stripe] = mortal{desk.Providers[payment.Stripe], n.reaper, n.plant}
	n.flow.Handle(desk.Executor())
	n.flow.Watch(payment.Looks())
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	go func() { _ = http.Serve(l, ear(n.flow, n.keys, n.m)) }()
	if err := n.provider.Clock(n.now()); err != nil {
		return err
	}
	return n.provider.Hook("http://" + l.Addr().String())
}

// finish lets time pass until no refund is under way.
func (n *node) finish() error {
	for range 200 {
		if err := n.flow.Settle(context.Background()); err != nil {
			return err
		}
		left := 0
		err := n.flow.Read(context.Background(), func(tx *db.Tx) error {
			of, err := payment.OfOrders(tx, n.m, []ident.Order{n.order})
			for _, r := range of[n.order] {
				if r.State != payment.Done && r.State != payment.Stuck {
					left++
				}
			}
			return err
		})
		if err != nil || left == 0 {
			return err
		}
		n.wall.Store(int64(n.now().Add(5 * time.Second)))
		if err := n.provider.Clock(n.now()); err != nil {
			return err
		}
	}
	return fmt.Errorf("after a thousand seconds some refund is still under way")
}
