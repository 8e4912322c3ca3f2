package round_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/insight"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// roundBreaks are rows of rounds changed by hand.
var roundBreaks = []struct{ what, text string }{
	{"delivered, and no scan says so", `delete from tracking_event where merchant = $1 and status = 'delivered'`},
	{"failed, and the scan is of something else", `update tracking_event set status = 'in_transit' where merchant = $1 and status = 'failed_attempt'`},
	{"on the way at another instant than was scanned", `update lastmile_visit set age = age + 1 where merchant = $1 and act = 'going'`},
	{"a scan that no courier made", `update tracking_event set source = 'carrier' where merchant = $1 and status = 'delivered'`},
	{"believed, and nobody was told", `delete from flow_fact where merchant = $1 and kind = 'lastmile.visited'`},
	{"told, and not believed", `update lastmile_visit set outcome = 'refused', refusal = 'stop_over' where merchant = $1 and act = 'delivered'`},
	{"refused for nothing", `update lastmile_visit set outcome = 'refused' where merchant = $1 and act = 'going'`},
	{"delivered without a proof", `update lastmile_visit set proof = '' where merchant = $1 and act = 'delivered'`},
	{"at a stop that nobody has", `update lastmile_visit set stop = 'stp_x' where merchant = $1 and act = 'delivered'`},
	{"at the stop of another order", `update lastmile_stop set order_id = 'ord_x' where merchant = $1 and id = (select stop from lastmile_visit where merchant = $1 and act = 'failed')`},
}

func TestEveryBrokenRowOfARoundIsFound(t *testing.T) {
	w := open(t)
	b := w.enrols("Nadia")
	there, away := b.goes(w.order("A-1")), b.goes(w.order("A-2"))
	w.At("2026-03-02 14:30")
	b.signIn()
	b.says(there, lastmile.Going)
	b.says(there, lastmile.Delivered, "proof", "name", "signed_by", "Camille Roux")
	b.says(there, lastmile.Delivered, "proof", "name", "signed_by", "Camille Roux") // again
	b.says(away, lastmile.Failed, "reason", "absent")
	w.Quiet()
	if w.brokenBy(t, "") {
		t.Fatal("it is broken before anybody touched it")
	}
	for _, change := range roundBreaks {
		t.Run(change.what, func(t *testing.T) {
			if !w.brokenBy(t, change.text) {
				t.Error("nothing was found")
			}
		})
	}
}

// brokenBy changes rows, looks whether the check of rounds names any, and takes
// the change back.
func (w *world) brokenBy(t *testing.T, text string) (is bool) {
	t.Helper()
	undo := errors.New("undone")
	err := w.Flow.DB().Write(t.Context(), nil, func(tx *db.Tx) error {
		if text != "" {
			if changed, err := tx.Changed(text, w.ID); err != nil || !changed {
				return fmt.Errorf("nothing there to break: %w", err)
			}
		}
		found, err := insight.VerifyIn(tx)
		is = slices.ContainsFunc(found, func(v insight.Violation) bool { return strings.Contains(v.What, "a courier was believed") })
		return errors.Join(undo, err)
	})
	if !errors.Is(err, undo) {
		t.Error(err)
	}
	return is
}
