package app

import (
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/relay"
)

func TestCoverage(t *testing.T) {
	w := newPointsWorld(t)
	w.load(pointsHeader + "1,Tabac,29900,3 quai Carnot,Mo-Fr 09:00-19:00; PH off\n2,Fleurs,33000,1 rue Vauban,\n")
	points, err := pointsOf(t.Context(), w.Flow, "points_testcoverage")
	if err != nil || len(points) != 2 {
		t.Fatalf("%d points, %v", len(points), err)
	}
	c := &coverageCmd{Network: "points_testcoverage", Reach: 5, Most: 2, Week: "2026-11-24"}
	week, err := c.monday(0)
	if err != nil || week.String() != "2026-11-23" {
		t.Fatalf("the week of a Tuesday begins on %s, %v", week, err)
	}
	var out strings.Builder
	if err := c.print(&out, relay.Cover(points, geo.Communes(), relay.Covering{Week: week, Reach: 5000, Most: 2}), week); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"2 points, 2 without an exact position, 1 without opening hours", "(17.5% of all)", "half past", "1 Tabac, Concarneau: Mon 07:30:",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in\n%s", want, out.String())
		}
	}
	if _, err := pointsOf(t.Context(), w.Flow, "nobody"); !fault.Is(err, "not_found") {
		t.Errorf("a network without points: %v", err)
	}
	c.Week = "tomorrow"
	if d, err := c.monday(0); !fault.Is(err, "day_invalid") || d != civil.NoDay {
		t.Errorf("a week that is none: %v", err)
	}
}
