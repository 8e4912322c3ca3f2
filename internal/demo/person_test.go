package demo

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/platform/db/dbtest"
)

// What a person orders is packed and carried, also when the demo stops meanwhile;
// nobody cancels it, and it is sent once.
func TestWhatAPersonOrdersIsSent(t *testing.T) {
	url := dbtest.FileURL(t)
	w, _ := watched(t, url)
	mine := w.inOrder()[0].selling.Client.Transport.(*till)
	mine.people = []string{"EB-W-K7Q2M"}
	for range 2 {
		if err := w.welcome(t.Context(), w.flow.Clock().Now()); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Advance(t.Context(), monday(t).Add(5*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if err := w.flow.DB().Close(); err != nil {
		t.Fatal(err)
	}

	again, _ := watched(t, url)
	later := again.inOrder()[0].selling.Client.Transport.(*till)
	later.people, later.orders = mine.people, mine.orders
	later.now = again.flow.Clock().Now
	if err := again.welcome(t.Context(), again.flow.Clock().Now()); err != nil {
		t.Fatal(err)
	}
	if err := again.Advance(t.Context(), monday(t).Add(6*24*time.Hour)); err != nil {
		t.Fatal(err)
	}
	var seen []string
	number := later.orders["EB-W-K7Q2M"]
	for e := range later.events {
		if strings.HasPrefix(e, number) {
			seen = append(seen, e)
		}
	}
	if number == "" || len(seen) < 4 {
		t.Errorf("parcel %q, %d scans", number, len(seen))
	}
}

func TestEachOrderHasANumberOfItsOwn(t *testing.T) {
	if d := cmp.Diff(numberOf("ord_a"), numberOf("ord_a")); d != "" {
		t.Error(d)
	}
	if a, b := numberOf("ord_a"), numberOf("ord_b"); a == b || a < 500_000_000 || a > 999_999_999 {
		t.Errorf("%d and %d", a, b)
	}
}
