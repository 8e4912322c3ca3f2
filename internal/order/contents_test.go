package order_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
)

func TestWhatIsInEachParcel(t *testing.T) {
	w := flowtest.New(t)
	m, other := w.Merchant(), w.Merchant()
	o := placed(w, m, basket("E-1"))
	first, _, err1 := announce(w, m, boxOf(o, "8R1", 1, 3))
	rest, _, err2 := announce(w, m, box(o, "8R2"))
	untold, _, err3 := announce(w, m, box(o, "8R3")) // after the last unit: nobody told what is in it
	if err1 != nil || err2 != nil || err3 != nil {
		t.Fatal(err1, err2, err3)
	}
	oil, soap := o.Lines[0].ID, o.Lines[1].ID
	w.See(func(tx *db.Tx) error {
		got, err := order.Contents(tx, m, []ident.Parcel{first.ID, rest.ID, untold.ID})
		want := map[ident.Parcel]map[ident.Line]int{first.ID: {oil: 1, soap: 3}, rest.ID: {oil: 1}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if err != nil {
			return err
		}
		theirs, err := order.Contents(tx, other, []ident.Parcel{first.ID})
		if len(theirs) > 0 {
			t.Errorf("another merchant reads %v", theirs)
		}
		return err
	})
}

func TestHowManyParcelsWereShippedSince(t *testing.T) {
	w := flowtest.New(t)
	m, other := w.Merchant(), w.Merchant()
	o := placed(w, m, basket("E-1"))
	for _, number := range []string{"8R1", "8R2", "8R3"} {
		if _, _, err := announce(w, m, boxOf(o, number, 0, 1)); err != nil {
			t.Fatal(err)
		}
		w.Pass(time.Hour)
	}
	last := w.Clock().Now()
	shipped := func(m ident.Merchant, since civil.Instant) (n int) {
		w.See(func(tx *db.Tx) (err error) {
			n, err = order.Shipped(tx, m, since)
			return err
		})
		return n
	}
	for _, c := range []struct {
		law   string
		m     ident.Merchant
		since time.Duration
		want  int
	}{
		{"all", m, 24 * time.Hour, 3},
		{"since the instant of the second", m, 2 * time.Hour, 2},
		{"a microsecond after it", m, 2*time.Hour - time.Microsecond, 1},
		{"none any more", m, 0, 0},
		{"another merchant's", other, 24 * time.Hour, 0},
	} {
		if got := shipped(c.m, last.Add(-c.since)); got != c.want {
			t.Errorf("%s: %d, want %d", c.law, got, c.want)
		}
	}
}
