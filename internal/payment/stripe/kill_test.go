package stripe_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/payment"
	"github.com/promesse-dev/promesse/internal/payment/stripe/stripetest"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/db/dbtest"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// killPoints are the step boundaries at which a node dies: before and after each
// commit of a refund's machine, and before and after each call.
var killPoints = []string{
	"ordered, before commit", "ordered, after commit", // the decision and its refund
	"leased, before commit", "leased, after commit", // somebody takes the errand
	"sent, before commit", "sent, after commit", // a call may leave
	"call, before", "call, after", // it leaves; it was answered and nothing is written
	"unknown, before commit", "unknown, after commit", // nobody knows
	"due, before commit", "due, after commit", // the clock asks for a look-up
	"look, before", "look, after", // the look-up leaves; it was answered and nothing is written
	"done, before commit", "done, after commit",
}

// modesFor are the provider's manners with which a node comes to a point.
func modesFor(point string) []stripetest.Mode {
	for _, stage := range []string{"unknown", "due", "look"} {
		if strings.HasPrefix(point, stage) {
			return []stripetest.Mode{stripetest.Silent, stripetest.Broken, stripetest.Failing, stripetest.ResetBefore, stripetest.ResetAfter, stripetest.Slow}
		}
	}
	return stripetest.Modes
}

// ground is where nodes live and die: one database, one provider in a process of
// its own.
type ground struct {
	t        *testing.T
	url      string // of the database
	provider stripetest.Remote
	wall     civil.Instant
	m        ident.Merchant
	order    ident.Order
	line     ident.Line
	decided  int
	flow     *flow.Flow
}

func newGround(t *testing.T) *ground {
	t.Helper()
	g := &ground{t: t, url: dbtest.FileURL(t), wall: civil.At(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))}
	clock := flow.NewClock(g.wall, 1, func() civil.Instant { return g.wall })
	d, err := db.Open(t.Context(), g.url, db.Options{Now: clock.Now, Wall: clock.Wall})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	if g.flow, err = flow.New(d, clock, nil); err != nil {
		t.Fatal(err)
	}
	g.m, g.order, g.line = furnish(t, g.flow, keys(t))
	if g.provider, err = stripetest.Reach(startProvider(t)); err != nil {
		t.Fatal(err)
	}
	return g
}

// startProvider runs the provider in a process of its own, which ends with the test.
func startProvider(t *testing.T) string {
	t.Helper()
	cmd := part(t.Context(), "provider")
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = stdin.Close()
		_ = cmd.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(line)
}

// part is this test's program in another role.
func part(ctx context.Context, role string, env ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Env = append(append(os.Environ(), roleVariable+"="+role), env...)
	return cmd
}

// live starts a node, which first brings to an end what it finds and then decides
// one return more, and reports whether it was killed at the point.
func (g *ground) live(point string, nth int, plant bool) (killed bool) {
	g.t.Helper()
	g.wall = g.wall.Add(30 * time.Minute)
	ctx, cancel := context.WithTimeout(g.t.Context(), time.Minute)
	defer cancel()
	cmd := part(ctx, "node", fmt.Sprintf("NODE=%s|%s|%d|%s|%s|%s|%d|%s|%d|%t",
		g.url, g.provider.URL, g.wall, g.m, g.order, g.line, g.decided, point, nth, plant))
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	err := cmd.Run()
	if err == nil {
		return false
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) && ctx.Err() == nil {
		if w, ok := exit.Sys().(syscall.WaitStatus); ok && w.Signaled() && w.Signal() == syscall.SIGKILL {
			return true
		}
	}
	g.t.Fatalf("a node ended with %v at %q:\n%s", err, point, said.String())
	return false
}

// wrong says what is wrong in the end: the provider must have exactly one refund
// of each decision, and we must know it.
func (g *ground) wrong() (problems []string) {
	g.t.Helper()
	all, err := g.provider.Refunds()
	if err != nil {
		g.t.Fatal(err)
	}
	executed := map[string]int{}
	for _, r := range all {
		executed[r.Metadata["promesse_key"]]++
	}
	ours := map[string]payment.Refund{}
	err = g.flow.Read(g.t.Context(), func(tx *db.Tx) error {
		of, err := payment.OfOrders(tx, g.m, []ident.Order{g.order})
		for _, r := range of[g.order] {
			ours[string(r.Decision)] = r
		}
		return err
	})
	if err != nil {
		g.t.Fatal(err)
	}
	for key, times := range executed {
		if _, decided := ours[key]; !decided {
			problems = append(problems, fmt.Sprintf("%q was executed %d times and is nobody's decision", key, times))
		}
	}
	for n := 1; n <= g.decided; n++ {
		d := fmt.Sprintf("dec_%d", n)
		r, decided := ours[d]
		switch {
		case !decided && executed[d] == 0: // the node died before the decision was made
		case executed[d] != 1:
			problems = append(problems, fmt.Sprintf("%s was executed %d times", d, executed[d]))
		case r.State != payment.Done:
			problems = append(problems, fmt.Sprintf("%s is executed, and we have it as %s (%s)", d, r.State, r.Why))
		}
	}
	return problems
}

// TestKilledAtEveryStepADecisionIsRefundedOnce kills nodes with SIGKILL, again and
// again on one database, at every boundary of the refund's steps and whatever the
// provider does meanwhile.
func TestKilledAtEveryStepADecisionIsRefundedOnce(t *testing.T) {
	g := newGround(t)
	kills := killsOnSQLite
	if os.Getenv(dbtest.Env) != "" {
		kills = killsOnPostgreSQL
	}
	d, died := rand.New(rand.NewPCG(20261124, 7)), map[string]int{}
	for n := 0; n < kills; {
		point := killPoints[(n+g.decided)%len(killPoints)]
		modes := modesFor(point)
		g.decided++
		if err := g.provider.Next(modes[d.IntN(len(modes))], modes[d.IntN(len(modes))]); err != nil {
			t.Fatal(err)
		}
		if g.live(point, 1+d.IntN(2), false) {
			died[point]++
			n++
		}
		if g.decided > 4*kills+50 {
			t.Fatalf("%d nodes lived and only %d were killed: %v", g.decided, n, died)
		}
	}
	g.decided++
	if g.live("", 1, false) {
		t.Fatal("the last node was killed")
	}
	for _, p := range g.wrong() {
		t.Error(p)
	}
	if len(died) < min(8, kills) {
		t.Errorf("only %d points were died at", len(died))
	}
	t.Logf("%d decisions, %d kills at %d points: %v", g.decided, kills, len(died), died)
}

// The test of the test: a node that calls again under a new key, without looking, pays twice.
func TestTheKillsFindANodeThatPaysTwice(t *testing.T) {
	g := newGround(t)
	g.decided++
	if err := g.provider.Next(stripetest.Silent); err != nil {
		t.Fatal(err)
	}
	if g.live("", 1, true) {
		t.Fatal("nobody was to be killed")
	}
	if found := g.wrong(); !slices.Contains(found, `"dec_1 again" was executed 1 times and is nobody's decision`) {
		t.Errorf("found %v", found)
	}
}
