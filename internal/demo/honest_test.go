package demo_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/app"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/demo"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// inside answers requests from a handler in this process.
type inside struct{ http.Handler }

func (i inside) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	i.ServeHTTP(w, r)
	return w.Result(), nil
}

// an ordinary world: so many orders a day in some shops, for some weeks.
func ordinary(t *testing.T, volume float64, days int, slugs ...string) *db.DB {
	t.Helper()
	now := civil.At(time.Date(2026, 3, 2, 5, 0, 0, 0, time.UTC))
	clock := flow.NewClock(now, 0, func() civil.Instant { return now })
	d, err := db.Open(t.Context(), "sqlite::memory:", db.Options{Now: clock.Now, Wall: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	liveOn(t, d, clock, volume, days, slugs...)
	return d
}

// liveOn starts the demo on a database, and lives some days in it.
func liveOn(t *testing.T, d *db.DB, clock *flow.Clock, volume float64, days int, slugs ...string) {
	t.Helper()
	var letters demo.Inbox
	post := func(_ context.Context, l notify.Letter) error {
		letters.Receive(l.To, l.Text)
		return nil
	}
	w := demo.Imagine(demo.Options{Seed: 5, Volume: volume, Inbox: &letters})
	p, err := app.StartProcess(d, clock, notify.Channels{notify.Email: post}, w.Outside())
	if err != nil {
		t.Fatal(err)
	}
	shops, err := demo.Setup(t.Context(), p.Flow, 0, slugs...)
	if err != nil {
		t.Fatal(err)
	}
	w.Begin(p.Flow, shops, demo.Door{Client: &http.Client{Transport: inside{p.Handler}}, Base: "http://promesse.test"})
	if err := w.Advance(t.Context(), clock.Now().Add(time.Duration(days)*24*time.Hour)); err != nil {
		t.Fatal(err)
	}
}

// learned is what became of the promises of a service, first those that stand on
// its standard, then those that stand on what it did.
type learned struct {
	basis        string
	kept, broken int
}

// Flash 24 says a day and takes two or three. Promises that stand on its word
// break; once enough of its parcels are known, they say what it does, and hold.
func TestWhatACarrierSaysIsBelievedUntilItIsKnown(t *testing.T) {
	d := ordinary(t, 9, 25, "volt-et-cie")
	found := map[string]learned{}
	err := d.Read(t.Context(), func(tx *db.Tx) error {
		all, err := db.All(tx, `select c.basis, sum(case when c.state = 'kept' then 1 else 0 end), sum(case when c.state = 'broken' then 1 else 0 end)
			from promise_commitment c join carrier_service s on s.merchant = c.merchant and s.id = c.service
			where c.kind = 'deliver_by' and c.basis is not null and s.name like 'Flash%' group by c.basis`,
			func(r db.Row) (l learned, err error) {
				err = r.Scan(&l.basis, &l.kept, &l.broken)
				return l, err
			})
		for _, l := range all {
			word := "known"
			if l.basis == "standard" {
				word = "said"
			}
			sum := found[word]
			found[word] = learned{word, sum.kept + l.kept, sum.broken + l.broken}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	said, known := found["said"], found["known"]
	if said.broken < 20 || said.kept*10 > said.broken {
		t.Errorf("on its word: %+v", said)
	}
	if known.kept < 5 || known.kept < 3*known.broken {
		t.Errorf("on what it does: %+v", known)
	}
}
