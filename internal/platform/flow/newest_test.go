package flow_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
)

func TestTheNewestFactOfASubject(t *testing.T) {
	w := flowtest.New(t)
	m, other := w.Merchant(), w.Merchant()
	tell := func(m ident.Merchant, subject, occurrence string) {
		w.Do(m, func(tx *flow.Tx) error {
			return tx.Emit(m, subject, occurrence, fact.PersonVerified{})
		})
	}
	for i, subject := range []string{"a", "b", "a", "c", "a"} {
		tell(m, subject, string(rune('0'+i)))
	}
	tell(other, "a", "theirs")
	want, got := map[flow.Subject]ident.Fact{}, map[flow.Subject]ident.Fact{}
	w.See(func(tx *db.Tx) (err error) {
		asked := []flow.Subject{{Merchant: m, Name: "a"}, {Merchant: m, Name: "b"}, {Merchant: other, Name: "a"}, {Merchant: m, Name: "nobody"}, {Merchant: other, Name: "b"}}
		for _, s := range asked[:3] {
			facts, err := flow.Timeline(tx, s.Merchant, s.Name)
			if err != nil {
				return err
			}
			want[s] = facts[len(facts)-1].ID
		}
		got, err = flow.Newest(tx, asked)
		return err
	})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A copy of what was read may be stale after any commit, and is not after a read.
func TestCommitsAreCounted(t *testing.T) {
	w := flowtest.New(t)
	m := w.Merchant()
	before := w.Commits()
	w.See(func(*db.Tx) error { return nil })
	if got := w.Commits(); got != before {
		t.Errorf("%d commits while nothing was written", got-before)
	}
	w.Do(m, func(tx *flow.Tx) error { return tx.Emit(m, "a", "1", fact.PersonVerified{}) })
	if w.Commits() == before {
		t.Error("a commit was not counted")
	}
}
