package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/promesse-dev/promesse/internal/bench"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/remedy"
)

// benchCmd measures the product against the machine's limits.
type benchCmd struct {
	What string `arg:"" enum:"quote,commit,fire,label,points,return,page,live,idle,start" help:"quote, commit, fire, label; points (the nearest relay points that are open); return (a full one, through the API); page (an order's, anew and again, and its weight); live (9,000 live pages); idle (a service at rest with 100,000 open promises, four minutes) or start (to the first page)."`
	DB   string `help:"Engine of commit, fire and return: sqlite: or the postgres:// address of a server where two databases may be made." default:"sqlite:" placeholder:"URL"`
	JSON bool   `help:"A JSON line for each case."`
}

// goalMissed is the exit code of a goal that was not reached.
const goalMissed = exit(3)

// Run exits 0 when every goal was reached, 3 when one was missed.
func (c *benchCmd) Run(ctx context.Context, io Streams) error {
	lines, err := c.lines(ctx)
	missed := false
	for _, l := range lines {
		missed = missed || !l.OK
		err = errors.Join(err, c.print(io, l))
	}
	if err == nil && missed {
		return goalMissed
	}
	return err
}

func (c *benchCmd) lines(ctx context.Context) ([]bench.Line, error) {
	switch c.What {
	case "quote":
		cases, err := bench.Quotes()
		if err != nil {
			return nil, err
		}
		return runCases(cases...)
	case "label":
		cases, err := bench.Labels()
		if err != nil {
			return nil, err
		}
		return runCases(cases...)
	case "points":
		cases, err := bench.Points()
		if err != nil {
			return nil, err
		}
		return runCases(cases...)
	case "commit":
		one, err := runStore(bench.Commits(ctx, c.DB, 1, buildFlow))
		if err != nil {
			return nil, err
		}
		many, err := runStore(bench.Commits(ctx, c.DB, 100, buildFlow))
		return append(one, many...), err
	case "fire":
		return runStore(bench.Fires(ctx, c.DB, buildFlow))
	case "return":
		return runStore(bench.Returns(ctx, c.DB, buildDoors))
	case "page":
		return runService(ctx, bench.Pages)
	case "live":
		return runService(ctx, bench.Live)
	case "idle":
		return runService(ctx, bench.Idle)
	default:
		return runService(ctx, bench.Start)
	}
}

// runService measures a service whose letters go to a mail server beside it.
func runService(ctx context.Context, measure func(context.Context, bench.Service) ([]bench.Line, error)) ([]bench.Line, error) {
	box, err := openMailbox()
	if err != nil {
		return nil, err
	}
	lines, err := measure(ctx, bench.Service{Build: buildService, Flags: []string{"--smtp", box.addr, "--smtp-plain"}})
	return lines, errors.Join(err, box.close())
}

func runCases(cases ...bench.Case) (lines []bench.Line, err error) {
	for _, c := range cases {
		l, err := c.Run()
		if err != nil {
			return lines, fmt.Errorf("%s, %s: %w", c.Name, c.Case, err)
		}
		lines = append(lines, l)
	}
	return lines, nil
}

func runStore(c bench.Case, done func() error, err error) ([]bench.Line, error) {
	if err != nil {
		return nil, err
	}
	lines, err := runCases(c)
	return lines, errors.Join(err, done())
}

// buildFlow is the product's flow without doors and errands.
func buildFlow(d *db.DB, clock *flow.Clock) (*flow.Flow, error) {
	curves, policies := promise.NewCurves(), remedy.NewPolicies()
	f, err := flow.New(d, clock, routes(curves, policies))
	if err != nil {
		return nil, err
	}
	for _, s := range sweeps(curves, policies) {
		f.Watch(s)
	}
	return f, nil
}

// buildDoors is the product with its API. Its labels need no network, and its
// letters are decided on and queued, but nobody writes them.
func buildDoors(d *db.DB, clock *flow.Clock) (*flow.Flow, http.Handler, error) {
	a, err := tale(d, clock, nil)
	if err != nil {
		return nil, nil, err
	}
	unwritten := func(context.Context, flow.Errand) (flow.Settle, error) { return nil, nil }
	a.Flow.Handle(flow.Errander{Kind: notify.SendErrand, Run: unwritten, Tries: 1})
	return a.Flow, a.Handler, nil
}

// buildService is the product's flow as "promesse serve" runs it.
func buildService(d *db.DB, clock *flow.Clock, post notify.Channels) (*flow.Flow, error) {
	p, err := StartProcess(d, clock, post, nil)
	return p.Flow, err
}

func (c *benchCmd) print(io Streams, l bench.Line) error {
	if c.JSON {
		return bench.Print(io.Out, l)
	}
	verdict := "goal met"
	if !l.OK {
		verdict = "GOAL MISSED"
	}
	product, err := json.Marshal(l.Product)
	if err != nil {
		return err
	}
	if l.RatioCPU == nil {
		_, err = fmt.Fprintf(io.Out, "%s, %s: %s (%s %s %g): %s\n", l.Name, l.Case, product, l.Goal.Metric, l.Goal.Op, l.Goal.Value, verdict)
		return err
	}
	rate := ""
	if r, ok := l.Product.(bench.Rate); ok {
		rate = fmt.Sprintf(", %.0f a second", r.PerSecond)
	}
	_, err = fmt.Fprintf(io.Out, "%s, %s: %.2f × the limit in CPU, %.2f in time%s (%s %s %g): %s\n",
		l.Name, l.Case, *l.RatioCPU, *l.RatioWall, rate, l.Goal.Metric, l.Goal.Op, l.Goal.Value, verdict)
	return err
}
