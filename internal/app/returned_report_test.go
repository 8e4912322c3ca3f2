package app

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/core/carbon"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/insight"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/story"
)

// What the world of sentBack says of itself.
func TestTheReportOfReturns(t *testing.T) {
	err := story.Run(t.Context(), sentBack, func(d *db.DB, clock *flow.Clock, channels notify.Channels) (story.Process, error) {
		p, err := startStory(d, clock, channels)
		p.Check = func(ctx context.Context) error {
			return d.Read(ctx, func(tx *db.Tx) error {
				shops, err := merchant.List(tx, "", 1)
				if err != nil {
					return err
				}
				checkReturned(t, tx, shops[0].ID)
				return nil
			})
		}
		return p, err
	})
	if err != nil {
		t.Error(err)
	}
}

func checkReturned(t *testing.T, tx *db.Tx, m ident.Merchant) {
	t.Helper()
	since := civil.Date(2026, time.March, 1).Start(time.UTC)
	r, err := insight.ReturnsOf(tx, m, since, since.Add(10*24*time.Hour), carbon.Default())
	if err != nil {
		t.Fatal(err)
	}
	// The order nobody sent is withdrawn from, and no return: nothing came.
	all := insight.Share{Bought: 5, Back: 4, Reasons: map[returns.Taxon]int{returns.NoLonger: 3, returns.Unsaid: 1}}
	if d := cmp.Diff(all, r.All); d != "" {
		t.Error(d)
	}
	if s := r.ByPromise[fact.Kept]; s.Bought != 4 || s.Back != 4 || r.ByPromise[fact.Broken].Bought != 1 {
		t.Errorf("by promise: %+v", r.ByPromise)
	}
	if p := r.ByProduct["vase"]; p.Name != "vase" || p.Bought != 2 || p.Back != 2 || len(r.ByProduct) != 4 || len(r.ByCarrier) != 1 || r.BySize[""].Bought != 5 {
		t.Errorf("by part: %+v", r)
	}
	// are asked for at 10:00 and 10:02, labelled a minute later,
	// deposited 23 h 59 and 23 h 58 min after; W-3 is labelled after 2 minutes.
	stages := []insight.Stage{
		{Name: "labelled", N: 3, Median: time.Minute, P90: 2 * time.Minute},
		{Name: "deposited", N: 3, Median: 23*time.Hour + 58*time.Minute, P90: 23*time.Hour + 59*time.Minute},
		{Name: "received", N: 2, Median: 96 * time.Hour, P90: 96 * time.Hour},
		{Name: "decided", N: 2, Median: time.Hour + 10*time.Minute, P90: time.Hour + 19*time.Minute},
	}
	if d := cmp.Diff(stages, r.Stages); d != "" {
		t.Error(d)
	}
	// W-3 never came: it is given up, and all that was paid for it is owed.
	if len(r.Money) != 1 || r.Money[0].Returns != 3 || r.Money[0].Value != money.Of(41000, money.EUR) ||
		r.Money[0].Decided != money.Of(4000+25490+500+10490, money.EUR) || r.Money[0].Paid != money.Of(4000, money.EUR) || r.Money[0].Surcharge != money.Of(1049, money.EUR) {
		t.Errorf("money: %+v", r.Money)
	}
	found := []insight.Found{{Found: returns.Opened, Outcome: returns.Restock, Units: 3, Value: 31000}}
	if d := cmp.Diff(found, r.Found); d != "" {
		t.Error(d)
	}
	if len(r.Ways) != 1 || r.Ways[0].Route != fact.BackByRelay || r.Ways[0].Parcels != 3 || r.Ways[0].Low <= 0 || r.Ways[0].High <= 2*r.Ways[0].Low {
		t.Errorf("ways: %+v", r.Ways)
	}
}
