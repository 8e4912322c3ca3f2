package bench

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/promesse-dev/promesse/internal/bench/limit"
	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/tracking"
)

// Build makes a flow with the product's routes and sweeps on a database; app gives it.
type Build func(*db.DB, *flow.Clock) (*flow.Flow, error)

// rig is the product on one database and the limit on a copy of it. What the
// product writes is recorded and written to the copy by the limit: both
// databases stay the same, row for row.
type rig struct {
	shop
	handle *db.DB
	clock  *flow.Clock
	gather *flow.Gatherer[tracking.Delivery, tracking.Tally]
	limit  limit.Writer
	pg     bool
	dir    string // of the databases, when they are files

	mu      sync.Mutex
	tracing bool
	open    []limit.Statement
	groups  [][]limit.Statement
}

// began is the world's instant at which benchmarks begin: a Monday morning.
var began = civil.At(time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC))

// newRig fills a database, copies it, and opens both.
func newRig(ctx context.Context, url string, build Build, fill func(context.Context, shop) error) (*rig, error) {
	pair, err := newPair(ctx, url)
	if err != nil {
		return nil, err
	}
	r := &rig{clock: flow.NewClock(began, 0, flow.RealClock().Wall), pg: pair.pg, dir: pair.dir}
	if err := r.openProduct(ctx, pair.product, build); err != nil {
		return nil, err
	}
	if r.shop, err = openShop(ctx, r.flow); err == nil {
		err = fill(ctx, r.shop)
	}
	if err == nil {
		err = r.quiet(ctx)
	}
	if err = errors.Join(err, r.handle.Close()); err != nil {
		return nil, err
	}
	if err := pair.copy(ctx); err != nil {
		return nil, fmt.Errorf("copy the database: %w", err)
	}
	filled := r.shop
	if err := r.openProduct(ctx, pair.product, build); err != nil {
		return nil, err
	}
	filled.flow = r.flow
	r.shop = filled
	r.limit, err = limit.Open(ctx, pair.limit)
	return r, err
}

func (r *rig) openProduct(ctx context.Context, url string, build Build) (err error) {
	r.handle, err = db.Open(ctx, url, db.Options{Now: r.clock.Now, Wall: r.clock.Wall, Trace: r.record})
	if err != nil {
		return err
	}
	if r.flow, err = build(r.handle, r.clock); err == nil {
		r.gather = flow.Gather(r.flow, tracking.Receive)
	}
	return err
}

func (r *rig) close() error {
	return errors.Join(r.handle.Close(), r.limit.Close(), os.RemoveAll(r.dir))
}

// record keeps what the product writes, transaction by transaction.
func (r *rig) record(q string, args []any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case !r.tracing:
	case q == "commit":
		r.groups, r.open = append(r.groups, r.open), nil
	default:
		r.open = append(r.open, limit.Statement{SQL: q, Args: slices.Clone(args)})
	}
}

// product measures work, and keeps what it wrote for the limit.
func (r *rig) product(ops int, work func() error) (Sample, error) {
	r.mu.Lock()
	r.tracing, r.open, r.groups = true, nil, nil
	r.mu.Unlock()
	m := start(r.pg)
	err := work()
	s := m.stop(ops)
	r.mu.Lock()
	r.tracing = false
	r.mu.Unlock()
	return s, err
}

// replay measures the limit writing the same rows in the same transactions.
func (r *rig) replay(ops int) (Sample, error) {
	m := start(r.pg)
	for _, g := range r.groups {
		if err := r.limit.Write(g); err != nil {
			return Sample{}, err
		}
	}
	return m.stop(ops), nil
}

// pairs measures product and limit in turn: here the product comes first,
// because the limit writes what it wrote.
func (r *rig) pairs(name, what string, goal Goal, ops int, work func(round int) error) Case {
	round := 0
	var next Sample
	return Case{
		Name: name, Case: what, Goal: goal,
		Limit: func() (s Sample, err error) {
			if next, err = r.product(ops, func() error { return work(round) }); err != nil {
				return s, err
			}
			round++
			return r.replay(ops)
		},
		Product: func() (Sample, error) { return next, nil },
	}
}

// quiet does everything that is due, errands aside: nobody is there to mail.
func (r *rig) quiet(ctx context.Context) error {
	for busy := true; busy; {
		swept, err := r.flow.Sweep(ctx)
		if err != nil {
			return err
		}
		drained, err := r.flow.DrainLater(ctx)
		if err != nil {
			return err
		}
		busy = swept || drained
	}
	return nil
}

// storeGoal is what store layer and firing may cost beside hand-written SQL.
var storeGoal = Goal{"cpu", "<=", 1.6}

// Sizes of the benchmarks of the store.
const (
	fleet   = 4000 // parcels on the road
	events  = 1000 // a round
	callers = 100  // at the same time
	fired   = 400  // commitments a round
)

// Commits measures carrier events going through the store layer, with their
// consequences in the same transaction: 85 % scans that change nothing, 12 %
// changes of status, 3 % deliveries that settle a promise. size is how many
// events a carrier sends in one call.
func Commits(ctx context.Context, url string, size int, build Build) (c Case, done func() error, err error) {
	r, err := newRig(ctx, url, build, func(ctx context.Context, s shop) error {
		err := s.sell(ctx, sale{n: fleet, parcels: true, until: func(int) civil.Instant { return began.Add(20 * 24 * time.Hour) }})
		if err != nil {
			return err
		}
		return s.handOver(ctx, fleet)
	})
	if err != nil {
		return c, nil, err
	}
	dice := rand.New(rand.NewPCG(1, 2))
	delivered := 0
	work := func(round int) error {
		reports := make([]carrier.Report, events)
		for i := range reports {
			reports[i] = r.scan(dice, round, &delivered)
		}
		return r.report(ctx, slices.Collect(slices.Chunk(reports, size)))
	}
	what := fmt.Sprintf("%s, %d a call", r.handle.Engine(), size)
	return r.pairs("commit", what, storeGoal, events, work), r.close, nil
}

// scan draws one event. Delivered parcels are taken from the front, the others
// from behind them, so that nobody moves after delivery.
func (r *rig) scan(dice *rand.Rand, round int, delivered *int) carrier.Report {
	at := began.Add(time.Duration(round+1)*time.Hour + time.Duration(dice.IntN(3_000_000))*time.Microsecond*1000)
	rep := carrier.Report{Code: "scan", Source: fact.FromCarrier, At: at, Precision: fact.Exact, Status: fact.InTransit}
	parcel := 600 + dice.IntN(fleet-600)
	switch p := dice.IntN(100); {
	case p < 3 && *delivered < 600:
		parcel = *delivered
		*delivered++
		rep.Status, rep.Place = fact.Delivered, fact.Doorstep
	case p < 15:
		rep.Status = fact.OutForDelivery
	}
	rep.Number = numberOf(parcel)
	return rep
}

// report makes the calls from many callers at the same time; the handle makes
// groups of them.
func (r *rig) report(ctx context.Context, calls [][]carrier.Report) error {
	work := make(chan []carrier.Report)
	errs := make(chan error, callers)
	for range callers {
		go func() {
			var err error
			for reports := range work {
				if err == nil {
					err = r.call(ctx, reports)
				}
			}
			errs <- err
		}()
	}
	for _, reports := range calls {
		work <- reports
	}
	close(work)
	var err error
	for range callers {
		err = errors.Join(err, <-errs)
	}
	return err
}

// call is what the API does with one webhook.
func (r *rig) call(ctx context.Context, reports []carrier.Report) error {
	body := []byte(`{"events":[`)
	for i, rep := range reports {
		if i > 0 {
			body = append(body, ',')
		}
		body = fmt.Appendf(body, `{"tracking_number":%q,"status":%q,"occurred_at":%q,"location":"Lyon Saint-Priest, quai 12","label":"Votre colis est en cours d'acheminement"}`, rep.Number, rep.Status, rep.At)
	}
	p := tracking.Payload{Connection: r.connection, ContentType: "application/json", Trust: fact.TrustSigned, Body: append(body, "]}"...)}
	_, err := r.gather.Do(ctx, "bench", r.merchant, tracking.Delivery{Payload: p, Reports: reports})
	return err
}

// Fires measures deadlines: commitments nobody delivered for, all due at once,
// with verdict, remedy, ledger entry and messages.
func Fires(ctx context.Context, url string, build Build) (c Case, done func() error, err error) {
	evening := began.Add(10 * time.Hour)
	due := func(round int) civil.Instant { return evening.Add(time.Duration(round) * time.Minute) }
	r, err := newRig(ctx, url, build, func(ctx context.Context, s shop) error {
		// An hour of grace: what comes due is late enough to be repaired at once.
		return s.sell(ctx, sale{n: fired * (Pairs + 1), grace: time.Hour, until: func(i int) civil.Instant { return due(i / fired).Add(-time.Hour) }})
	})
	if err != nil {
		return c, nil, err
	}
	work := func(round int) error {
		r.clock.Jump(due(round))
		return r.quiet(ctx)
	}
	return r.pairs("fire", r.handle.Engine(), storeGoal, fired, work), r.close, nil
}
