package demo_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"runtime/pprof"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/api"
	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/carrier/simulated"
	"github.com/promesse-dev/promesse/internal/checkout"
	"github.com/promesse-dev/promesse/internal/core/carbon"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/vault"
	"github.com/promesse-dev/promesse/internal/demo"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/insight"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/remedy"
	"github.com/promesse-dev/promesse/internal/tracking"
)

func routes(curves *promise.Curves, policies *remedy.Policies) []flow.Reaction {
	rs := []flow.Reaction{{
		On: "order.parcel_announced", Name: "tracking.Attach", Mode: flow.May, Run: tracking.Attach,
		Emits: []fact.Kind{"tracking.moved", "tracking.disputed"},
	}}
	emits := []fact.Kind{"remedy.granted", "remedy.refused", "remedy.awaited"}
	rs = slices.Concat(rs, promise.Reactions(curves), []flow.Reaction{
		{On: "promise.broken", Name: "remedy.Consider", Mode: flow.May, Run: policies.Consider, Emits: emits},
		{On: "promise.corrected", Name: "remedy.Review", Mode: flow.May, Run: policies.Review, Emits: emits},
	})
	for _, on := range []fact.Kind{"order.placed", "tracking.moved", "promise.at_risk", "promise.broken", "promise.amended", "remedy.granted"} {
		rs = append(rs, flow.Reaction{On: on, Name: "notify.Consider", Mode: flow.Later, Run: notify.Consider})
	}
	return rs
}

func start(d *db.DB, clock *flow.Clock, ch notify.Channels) (demo.Process, error) {
	v, _ := vault.New(make([]byte, vault.Size))
	curves, policies := &promise.Curves{}, remedy.NewPolicies()
	f, err := flow.New(d, clock, routes(curves, policies))
	if err != nil {
		return demo.Process{}, err
	}
	f.CheckEmissions()
	for _, s := range append(promise.Sweeps(curves), policies.Waits(), tracking.Stalls()) {
		f.Watch(s)
	}
	desk := &checkout.Desk{Vault: v, Curves: curves, Factors: carbon.Default()}
	f.Handle(notify.Office{Flow: f, Host: "promesse.test", Channels: ch, Compose: func(tx *db.Tx, m ident.Merchant, msg notify.Message) (notify.Letter, error) {
		return notify.Letter{Subject: string(msg.Topic), Text: msg.Cause, HTML: msg.Cause}, nil
	}}.Sender())
	a, err := api.New(api.Config{
		Flow: f, Vault: v, Desk: desk, Carriers: carrier.Registry{"simulated": simulated.Parse}, Base: "http://promesse.test", Version: "lab",
		Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})),
	})
	if err != nil {
		return demo.Process{}, err
	}
	for _, s := range a.Sweeps() {
		f.Watch(s)
	}
	return demo.Process{Flow: f, Handler: a}, nil
}

func verify(ctx context.Context, d *db.DB) ([]demo.Violation, error) {
	vs, err := insight.Verify(ctx, d)
	var out []demo.Violation
	for _, v := range vs {
		out = append(out, demo.Violation{Invariant: v.Invariant + " " + v.What, IDs: v.IDs})
	}
	return out, err
}

func TestLab(t *testing.T) {
	n, _ := strconv.Atoi(os.Getenv("LAB"))
	from, _ := strconv.Atoi(os.Getenv("LABFROM"))
	if p := os.Getenv("LABPROF"); p != "" {
		f, _ := os.Create(p)
		pprof.StartCPUProfile(f)
		defer pprof.StopCPUProfile()
	}
	for seed := from + 1; seed <= from+n; seed++ {
		began := time.Now()
		r, err := demo.Simulate(context.Background(), demo.Simulation{Seed: uint64(seed), Days: 60, Start: start, Verify: verify})
		took := time.Since(began)
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		line, _ := json.Marshal(r)
		fmt.Println(string(line), r.Calls, r.Deaths, r.Repeats, took)
	}
}
