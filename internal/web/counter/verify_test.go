package counter_test

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/insight"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// counterBreaks are rows of counters changed by hand, as breaks are.
var counterBreaks = []struct{ what, text string }{
	{"given out, and no scan says so", `update counter_scan set outcome = 'code' where outcome = 'handed'`},
	{"given out by the scan of another parcel", `update counter_scan set hold = 'hld_x' where outcome = 'handed'`},
	{"given out elsewhere than it waited", `update counter_scan set point = 'pnt_x' where outcome = 'handed'`},
	{"given out at no time", `update counter_hold set handed = null where state = 'handed'`},
	{"given out, and waiting", `update counter_hold set state = 'waiting' where state = 'handed'`},
	{"one code, two hand-overs", `update counter_scan set outcome = 'handed' where outcome = 'held'`},
	{"given out, and nobody was told", `delete from flow_fact where kind = 'counter.handed_over'`},
	{"a proof without its scan", `delete from counter_scan where outcome = 'deposited'`},
	{"one proof of two scans", `update counter_scan set outcome = 'deposited', owner = (select max(owner) from counter_scan where outcome = 'deposited'),
		proof = (select max(proof) from counter_scan where outcome = 'deposited' and owner = (select max(owner) from counter_scan where outcome = 'deposited')) where outcome = 'held'`},
	{"a deposit without its proof", `delete from returns_deposit`},
	{"a proof of another point", `update returns_deposit set point = 'pnt_x'`},
}

func TestEveryBrokenRowOfACounterIsFound(t *testing.T) {
	w := open(t)
	b := w.enrols(w.operator, w.point, "Nadia")
	o := w.shipped("T-1")
	b.scan("T-1", "arrival")
	b.does(b.scan("T-1"), "remise", url.Values{"code": {w.desk.Code(w.hold(o))}})
	b.does(b.scan(shows(w.returning("E-1", fact.BackByRelay))), "depot", nil)
	w.Quiet()
	if broken := w.brokenBy(t, ""); broken {
		t.Fatal("it is broken before anybody touched it")
	}
	for _, change := range counterBreaks {
		t.Run(change.what, func(t *testing.T) {
			if !w.brokenBy(t, change.text) {
				t.Error("nothing was found")
			}
		})
	}
}

// brokenBy changes rows, looks whether the check of counters names any, and takes
// the change back.
func (w *world) brokenBy(t *testing.T, text string) (is bool) {
	t.Helper()
	undo := errors.New("undone")
	err := w.Flow.DB().Write(t.Context(), nil, func(tx *db.Tx) error {
		if text != "" {
			if changed, err := tx.Changed(text); err != nil || !changed {
				return fmt.Errorf("nothing there to break: %w", err)
			}
		}
		found, err := insight.VerifyIn(tx)
		is = slices.ContainsFunc(found, func(v insight.Violation) bool { return strings.Contains(v.What, "counter's deposit") })
		return errors.Join(undo, err)
	})
	if !errors.Is(err, undo) {
		t.Error(err)
	}
	return is
}

// Two shops of one network gave the same number: the parcel that waits here is
// meant, and as long as neither does nobody guesses.
func TestOneNumberOfTwoShopsIsNotGuessed(t *testing.T) {
	w := open(t)
	b := w.enrols(w.operator, w.point, "Nadia")
	other := *w
	other.Shop = w.Another("Librairie Bellecour")
	other.labels()
	w.shipped("SAME-1")
	other.shipped("SAME-1")
	says(t, "neither waits here", b.get(b.scan("SAME-1")), "Deux colis portent ce numéro", "not Camille")
	mine := w.shipped("SAME-2")
	b.scan("SAME-2", "arrival")
	other.shipped("SAME-2")
	at := b.scan("SAME-2")
	says(t, "one waits here", b.get(at), "Colis à remettre")
	says(t, "and is given out", b.does(at, "remise", url.Values{"code": {w.desk.Code(w.hold(mine))}}), "Colis remis")
	says(t, "then the other is the one to come", b.get(b.scan("SAME-2")), "Colis à garder")
}
