package demo_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/app"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/demo"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/insight"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

func verify(ctx context.Context, d *db.DB) (all []demo.Violation, err error) {
	found, err := insight.Verify(ctx, d)
	for _, v := range found {
		all = append(all, demo.Violation{Invariant: v.Invariant, IDs: v.IDs})
	}
	return all, err
}

// live lives a seed, and counts what happened in it by the kind of its facts.
func live(t *testing.T, seed uint64) (demo.Result, map[fact.Kind]int) {
	t.Helper()
	kinds := map[fact.Kind]int{}
	count := func(ctx context.Context, d *db.DB) ([]demo.Violation, error) {
		err := d.Read(ctx, func(tx *db.Tx) error {
			for last, more := ident.Fact(""), true; more; {
				facts, err := flow.After(tx, last, 1000)
				if err != nil {
					return err
				}
				for _, f := range facts {
					last = f.ID
					kinds[f.Kind]++
				}
				more = len(facts) > 0
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		err = d.Read(ctx, func(tx *db.Tx) error {
			empty, _, err := db.One(tx, `select count(*) from tracking_raw where body = ''`, db.Scalar[int])
			if err == nil && empty == 0 {
				t.Error("nothing that carriers sent is old")
			}
			return errors.Join(err, shownPhotosStay(t, tx))
		})
		if err != nil {
			return nil, err
		}
		return verify(ctx, d)
	}
	r, err := demo.Simulate(t.Context(), demo.Simulation{Seed: seed, Days: 20, Start: app.StartProcess, Verify: count})
	if err != nil {
		t.Fatal(err)
	}
	return r, kinds
}

// shownPhotosStay checks that a photo that a row speaks of does not grow old.
func shownPhotosStay(t *testing.T, tx *db.Tx) error {
	t.Helper()
	aging, err := db.All(tx, `select id from blob_aging`, db.Scalar[string])
	if err != nil {
		return err
	}
	some := false
	for _, column := range []string{
		"desk_said.photos", "desk_claim_said.photos", "lastmile_visit.picture", "returns_item.photos", "returns_finding.photos", "returns_said.photos",
		"returns_stray.photos", "returns_decision.reasons",
	} {
		table, name, _ := strings.Cut(column, ".")
		rows, err := db.All(tx, "select "+name+" from "+table, db.Scalar[string])
		if err != nil {
			return err
		}
		all := strings.Join(rows, " ")
		some = some || strings.Contains(all, "blb_")
		for _, id := range aging {
			if strings.Contains(all, id) {
				t.Errorf("%s speaks of %s, which grows old", column, id)
			}
		}
	}
	if !some {
		t.Error("nobody in this world took a photo")
	}
	return nil
}

func TestASeedIsAWorldWithoutViolations(t *testing.T) {
	once, kinds := live(t, 21)
	again, _ := live(t, 21)
	other, more := live(t, 22)
	if d := cmp.Diff(once, again); d != "" {
		t.Errorf("the same seed twice:\n%s", d)
	}
	if once.Hash == other.Hash {
		t.Error("two seeds made the same facts")
	}
	for _, r := range []demo.Result{once, other} {
		if len(r.Violations) > 0 {
			t.Errorf("seed %d: %v", r.Seed, r.Violations)
		}
		if r.Deaths < 3 || r.Repeats == 0 {
			t.Errorf("seed %d: %d deaths, %d letters twice: nothing was tried", r.Seed, r.Deaths, r.Repeats)
		}
		if r.Orders < 40 || r.Events < 250 || r.Broken < 15 || r.Remedies < 10 || r.Messages < 150 || r.Calls < 200 {
			t.Errorf("a dull world: %+v", r)
		}
	}
	for kind, n := range more {
		kinds[kind] += n
	}
	for _, kind := range []fact.Kind{
		"lastmile.booked", "lastmile.early_asked", "lastmile.early_answered", "order.units_missing", "promise.at_risk", "promise.told",
		"lastmile.change_accepted", "desk.answered", "survey.answered", "desk.claim_decided", "desk.contest_decided", "promise.corrected",
		"returns.demanded", "returns.resolvable", "returns.resolved",
		"lastmile.stop_set", "lastmile.visited", "lastmile.regrouped", "lastmile.regroup_fallen", "promise.incident_declared", "promise.incident_changed",
	} {
		if kinds[kind] == 0 {
			t.Errorf("no %s in either world", kind)
		}
	}
}
