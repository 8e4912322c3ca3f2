//go:build soak

package lookup

import (
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/web/webtest"
)

// pairs is how many look-ups of either kind are held against one another.
func pairs() int {
	if os.Getenv("PROMESSE_SOAK") != "" {
		return 20_000
	}
	return 400
}

// Welch's t of two samples of durations.
type sample struct{ n, sum, squares float64 }

func (s *sample) add(d time.Duration) {
	x := float64(d.Nanoseconds())
	s.n, s.sum, s.squares = s.n+1, s.sum+x, s.squares+x*x
}

func (s sample) mean() float64 { return s.sum / s.n }

func (s sample) spread() float64 { return (s.squares/s.n - s.mean()*s.mean()) / (s.n - 1) }

func welch(a, b sample) float64 {
	return math.Abs(a.mean()-b.mean()) / math.Sqrt(a.spread()+b.spread())
}

// The clock tells nobody whether a number exists (S-05: t below 4.5). It is the
// machine's clock that is asked here, for nothing else can be measured; many ask
// at a time, as attackers do.
func TestTheClockTellsNothing(t *testing.T) {
	s := webtest.Open(t)
	site := &site{flow: s.Flow, guard: newGuard(s.Flow, slog.New(slog.DiscardHandler)), pause: time.Sleep}
	s.Do(s.ID, func(tx *flow.Tx) error { return plant(tx, s) })
	look := func(number string, i int) time.Duration {
		form := url.Values{"number": {number}, "postcode": {"75001"}}.Encode()
		r := httptest.NewRequest(http.MethodPost, "/suivi", strings.NewReader(form))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.RemoteAddr = fmt.Sprintf("10.%d.%d.1:1", i>>8&255, i&255)
		began := time.Now()
		a, err := site.answer(r)
		took := time.Since(began)
		if err != nil || a.Status != http.StatusNotFound {
			t.Errorf("%s: %d, %v", number, a.Status, err)
		}
		return took
	}
	var mu sync.Mutex
	var known, unknown sample
	var all sync.WaitGroup
	next := make(chan int)
	for range 20 {
		all.Go(func() {
			for i := range next {
				exists, not := number(s, i%100), number(s, 1000+i%100)
				a, b := look(exists, i), look(not, i)
				mu.Lock()
				known.add(a)
				unknown.add(b)
				mu.Unlock()
			}
		})
	}
	for i := range pairs() {
		next <- i
	}
	close(next)
	all.Wait()
	if got := welch(known, unknown); got >= 4.5 {
		t.Errorf("t = %.1f: %.0f ns when the number exists, %.0f when it does not", got, known.mean(), unknown.mean())
	}
}

// plant writes a hundred parcels.
func plant(tx *flow.Tx, s *webtest.Shop) error {
	for i := range 100 {
		id := ident.New[ident.Parcel](tx.Mint)
		err := tx.Do(`insert into order_parcel (merchant, id, order_id, shopper, direction, connection, service, number, announced, postcode, country)
			values ($1, $2, $3, 'shp_1', 'out', $4, '', $5, $6, '69003', 'FR')`, s.ID, id, fmt.Sprint("ord_", i), s.Carrier, number(s, i), tx.Now)
		if err != nil {
			return err
		}
		err = tx.Do(`insert into tracking_parcel (merchant, id, order_id, shopper, direction, connection, service, wanted, announced,
			status, reason, place, liable, trust, disputed, events, version) values ($1, $2, $3, 'shp_1', 'out', $4, '', 'home', $5, 'in_transit', '', '', '', '', '', '', 0)`,
			s.ID, id, fmt.Sprint("ord_", i), s.Carrier, tx.Now)
		if err != nil {
			return err
		}
		if err := tx.Do(`insert into tracking_leg (merchant, connection, number, parcel, since) values ($1, $2, $3, $4, $5)`,
			s.ID, s.Carrier, number(s, i), id, tx.Now); err != nil {
			return err
		}
	}
	return nil
}
