package shopper_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/insight"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// regroupBreaks are rows of a regrouping changed by hand; $1 is the merchant of its
// first delivery.
var regroupBreaks = []struct{ what, text string }{
	{"one of them came alone", `update lastmile_member set state = 'fallen' where merchant = $1`},
	{"ended, and nobody knows when", `update lastmile_regroup set ended = null where id in (select regroup from lastmile_member where merchant = $1)`},
	{"ended at another instant than was told", `update lastmile_regroup set ended = ended + 1 where id in (select regroup from lastmile_member where merchant = $1)`},
	{"settled, and a member waits", `update lastmile_member set state = 'open' where merchant = $1`},
	{"waiting past its deadline", `update lastmile_regroup set state = 'asked', ended = null, answer_by = 1 where id in (select regroup from lastmile_member where merchant = $1)`},
	{"come together, and nobody was told", `delete from flow_fact where merchant = $1 and kind = 'lastmile.regrouped'`},
	{"a change that its carrier refused", `update lastmile_change set state = 'refused' where merchant = $1`},
	{"a change of nobody", `update lastmile_member set change = 'chg_x' where merchant = $1`},
	{"the promise was not amended", `update promise_commitment set state = 'open' where merchant = $1 and state = 'amended'`},
	{"the promise is for another day", `update promise_commitment set until = until + 86400000000 where merchant = $1 and predecessor is not null`},
	{"the promise was amended later than the others", `update flow_fact set at = at + 1 where merchant = $1 and kind = 'promise.amended'`},
	{"the promise was amended by somebody else", `update flow_fact set cause = '' where merchant = $1 and kind = 'promise.amended'`},
	{"another day than the others", `update lastmile_member set until = until + 172800000000 where merchant = $1`},
	{"a regrouping of nobody", `update lastmile_member set regroup = 'rgp_x' where merchant = $1`},
}

func TestEveryBrokenRowOfARegroupingIsFound(t *testing.T) {
	p := regroupable(t)
	p.sends(p.both("lieu", "adresse", "jour", "2026-03-05", "key", "v"))
	p.replies(0, carrier.ChangeAccepted)
	if p.brokenBy(t, "") {
		t.Fatal("it is broken while one waits for the other")
	}
	p.replies(1, carrier.ChangeAccepted)
	if p.brokenBy(t, "") {
		t.Fatal("it is broken before anybody touched it")
	}
	for _, change := range regroupBreaks {
		t.Run(change.what, func(t *testing.T) {
			if !p.brokenBy(t, change.text) {
				t.Error("nothing was found")
			}
		})
	}
}

func TestARegroupingThatFellAmendsNothing(t *testing.T) {
	p := regroupable(t)
	p.sends(p.both("lieu", "adresse", "jour", "2026-03-05", "key", "v"))
	p.replies(0, carrier.ChangeAccepted)
	p.replies(1, carrier.ChangeRefused)
	if p.brokenBy(t, "") {
		t.Fatal("it is broken before anybody touched it")
	}
	for _, change := range []struct{ what, text string }{
		{"fallen, and nobody was told", `delete from flow_fact where merchant = $1 and kind = 'lastmile.regroup_fallen'`},
		{"its change was accepted", `update lastmile_change set state = 'accepted' where merchant = $1`},
		{"it came together alone", `update lastmile_member set state = 'settled' where merchant = $1`},
		{"its promise was amended all the same", `update flow_fact set kind = 'promise.amended', cause = (
			select max(id) from flow_fact where merchant = $1 and kind = 'lastmile.change_refused') where merchant = $1 and kind = 'lastmile.regroup_fallen'`},
	} {
		t.Run(change.what, func(t *testing.T) {
			if !p.brokenBy(t, change.text) {
				t.Error("nothing was found")
			}
		})
	}
}

// brokenBy changes rows, looks whether the check of regroupings names one of ours, and
// takes the change back.
func (p *pair) brokenBy(t *testing.T, text string) (is bool) {
	t.Helper()
	undo := errors.New("undone")
	err := p.Flow.DB().Write(t.Context(), nil, func(tx *db.Tx) error {
		ours := []string{string(p.sold[0].Order.ID), string(p.sold[1].Order.ID)}
		joined, err := db.All(tx, `select regroup from lastmile_member where merchant = $1`, db.Scalar[string], p.ID)
		if err != nil {
			return err
		}
		ours = append(ours, joined...)
		if text != "" {
			if changed, err := tx.Changed(text, p.ID); err != nil || !changed {
				return fmt.Errorf("nothing there to break: %w", err)
			}
		}
		found, err := insight.VerifyIn(tx)
		is = slices.ContainsFunc(found, func(v insight.Violation) bool {
			return strings.Contains(v.What, "came together in part") && slices.ContainsFunc(v.IDs, func(id string) bool { return slices.Contains(ours, id) })
		})
		return errors.Join(undo, err)
	})
	if !errors.Is(err, undo) {
		t.Error(err)
	}
	return is
}
