package app

import (
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/insight"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// checkMeasures holds the report of each shop against itself: whatever way the
// promises are parted, they are the same promises.
func checkMeasures(t *testing.T, a *App) {
	t.Helper()
	err := a.Flow.Read(t.Context(), func(tx *db.Tx) error {
		orgs, err := merchant.List(tx, "", 100)
		if err != nil {
			return err
		}
		due := 0
		for _, o := range orgs {
			p, err := insight.PromisesOf(tx, o.ID, civil.Date(2025, time.January, 1).Start(time.UTC), civil.Instant(1)<<61)
			if err != nil {
				return err
			}
			due += p.All.Due
			checkPromises(t, p)
		}
		if due < 20 {
			t.Errorf("only %d promises fell due", due)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// maxReported is how many weeks a report tells apart.
const maxReported = 520

func checkPromises(t *testing.T, p insight.Promises) {
	t.Helper()
	all := p.All
	if all.Due != all.Kept+all.Broken || all.Silent > all.Broken || all.Repaired > all.Broken {
		t.Errorf("%+v", all)
	}
	carriers, services, areas, calibrated := 0, 0, 0, 0
	for _, m := range p.ByCarrier {
		carriers += m.Due
	}
	for _, m := range p.ByService {
		services += m.Due
	}
	for _, m := range p.ByArea {
		areas += m.Due
	}
	for _, d := range p.Calibration {
		calibrated += d.Due
		if d.Stated < d.From || d.Stated > d.From+0.1+1e-9 || d.Kept < 0 || d.Kept > 1 {
			t.Errorf("decile %+v", d)
		}
	}
	if carriers != all.Due || services != all.Due || areas != all.Due || calibrated > all.Due {
		t.Errorf("%d due: %d by carrier, %d by service, %d by area, %d with a confidence", all.Due, carriers, services, areas, calibrated)
	}
	weeks := 0
	for _, m := range p.ByWeek {
		weeks += m.Due
	}
	if len(p.ByWeek) < maxReported && weeks != all.Due || p.Service.Due != all.Due || p.Service.Met > all.Kept {
		t.Errorf("%d due: %d by week, %+v", all.Due, weeks, p.Service)
	}
	if days, ok := all.Boldness(); ok && (days <= 0 || days > 40) {
		t.Errorf("promised %v days ahead", days)
	}
}
