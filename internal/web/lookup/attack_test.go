package lookup

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/web/ui"
	"github.com/promesse-dev/promesse/internal/web/webtest"
)

// The attack that DPD's customers lived through, as researched in 2023: numbers
// follow one another, and the delivery centre is known. A centre serves 105
// postcodes, and 24 of them hold half of its people.
const (
	parcels   = 10_000
	addresses = 500 // each in a network of its own
	postcodes = 105
)

// share is how likely the n-th most likely postcode is: the first 24 fall off
// from 3.1 % and come to half, the others share the rest.
func share(n int) float64 {
	if n < 24 {
		return 0.031 - float64(n)*0.000884
	}
	return 0.5 / (postcodes - 24)
}

func postcode(n int) string { return fmt.Sprintf("69%03d", n+1) }

// centre writes ten thousand parcels, to postcodes as people live.
func centre(s *webtest.Shop) {
	s.T.Helper()
	draw := uint64(42)
	random := func() float64 { // splitmix64: the same parcels each time
		draw += 0x9e3779b97f4a7c15
		z := draw
		z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
		z = (z ^ z>>27) * 0x94d049bb133111eb
		return float64((z^z>>31)>>11) / (1 << 53)
	}
	s.Do(s.ID, func(tx *flow.Tx) error {
		draw = 42
		for i := range parcels {
			id, x, n := ident.New[ident.Parcel](tx.Mint), random(), 0
			for ; n < postcodes-1 && x >= share(n); n++ {
				x -= share(n)
			}
			if err := tx.Do(`insert into order_parcel (merchant, id, order_id, shopper, direction, connection, service, number, announced, postcode, country)
				values ($1, $2, $3, 'shp_1', 'out', $4, '', $5, $6, $7, 'FR')`, s.ID, id, fmt.Sprint("ord_", i), s.Carrier, number(s, i), tx.Now, postcode(n)); err != nil {
				return err
			}
			if err := tx.Do(`insert into tracking_parcel (merchant, id, order_id, shopper, direction, connection, service, wanted, announced,
				status, reason, place, liable, trust, disputed, events, version) values ($1, $2, $3, 'shp_1', 'out', $4, '', 'home', $5, 'in_transit', '', '', '', '', '', '', 0)`,
				s.ID, id, fmt.Sprint("ord_", i), s.Carrier, tx.Now); err != nil {
				return err
			}
			if err := tx.Do(`insert into tracking_leg (merchant, connection, number, parcel, since) values ($1, $2, $3, $4, $5)`,
				s.ID, s.Carrier, number(s, i), id, tx.Now); err != nil {
				return err
			}
		}
		return nil
	})
}

// number is the i-th parcel's. Numbers follow one another, and on PostgreSQL
// other tests' parcels are in the database too.
func number(s *webtest.Shop, i int) string {
	return strings.ToUpper(string(s.ID)[len(s.ID)-8:]) + fmt.Sprintf("%06d", i)
}

// attacker has five hundred addresses, and tries the most likely postcodes of
// number after number.
type attacker struct {
	shop   *webtest.Shop
	door   *ui.Door
	next   int // guess
	opened map[string]bool
	tries  int
}

// hour is one hour of the attack: each address tries until it is told to wait,
// or so many times.
func (a *attacker) hour(most int) {
	for n := range addresses {
		from := fmt.Sprintf("10.%d.%d.7:999", n/250, n%250)
		for range most {
			if a.guess(from) == http.StatusTooManyRequests {
				break
			}
		}
	}
	a.shop.Pass(time.Hour)
}

// guess tries the next of: all numbers with the likeliest postcode, then all
// with the second, and so on. It wastes nothing on numbers opened before.
func (a *attacker) guess(from string) int {
	number, guess := number(a.shop, a.next%parcels), postcode(a.next/parcels%postcodes)
	r := httptest.NewRequest(http.MethodPost, "/suivi", strings.NewReader(url.Values{"number": {number}, "postcode": {guess}}.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.RemoteAddr = from
	out := httptest.NewRecorder()
	a.door.ServeHTTP(out, r)
	if out.Code == http.StatusOK {
		a.opened[number] = true
	}
	if out.Code != http.StatusTooManyRequests {
		a.next++
		a.tries++
	}
	return out.Code
}

// attack lives through hours of the attack: in each, every address tries as
// often as it may, or as often as the test has patience for.
func attack(t *testing.T, unguarded bool, hours ...int) (a attacker, log *strings.Builder) {
	t.Helper()
	s := webtest.Open(t)
	centre(s)
	log = &strings.Builder{}
	site := &site{flow: s.Flow, guard: newGuard(s.Flow, slog.New(slog.NewTextHandler(log, nil))), pause: func(time.Duration) {}}
	if unguarded {
		site.guard.share = 1
	}
	door, err := ui.NewDoor(ui.House{}, site.routes()...)
	if err != nil {
		t.Fatal(err)
	}
	a = attacker{shop: s, door: door, opened: map[string]bool{}}
	for _, most := range hours {
		a.hour(most)
	}
	return a, log
}

// S-05: at most one parcel in a thousand is opened in 24 hours. After the first
// hours the shop is closed to look-ups, so the later ones are kept short; a day
// has 24 of them, and then the next one begins.
func TestAWalkThroughTheNumbersOpensNearlyNothing(t *testing.T) {
	hours := slices.Repeat([]int{1}, 24)
	hours[0], hours[1] = 5, 3
	a, log := attack(t, false, hours...)
	if len(a.opened) > parcels/1000 {
		t.Errorf("%d of %d parcels opened by %d tries", len(a.opened), parcels, a.tries)
	}
	if len(a.opened) == 0 || a.tries < 10_000 {
		t.Errorf("%d opened by %d tries: the attack does not attack", len(a.opened), a.tries)
	}
	if n := strings.Count(log.String(), "closed to them for a day"); n != 1 {
		t.Errorf("%d alarms: %s", n, log)
	}
	for _, secret := range []string{number(a.shop, 1)[:8], "69001"} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
	t.Logf("%d of %d opened by %d tries", len(a.opened), parcels, a.tries)
}

// The test of the test: without the shop's budget the same attack goes through.
func TestTheAttackWouldSucceedWithoutTheBudget(t *testing.T) {
	a, _ := attack(t, true, 4)
	if len(a.opened) <= parcels/1000 {
		t.Errorf("only %d opened by %d tries", len(a.opened), a.tries)
	}
}

// Another shop of the installation goes on as if nothing were.
func TestAnAttackOnOneShopClosesNoOther(t *testing.T) {
	s := open(t)
	s.sells("E-1", "SIM-1")
	for i := range 12 {
		s.asks(fmt.Sprintf("10.0.%d.1:1", i), "SIM-1", "75001")
	}
	for i := range 12 {
		s.sells(fmt.Sprint("F-", i), fmt.Sprint("SIM-X", i))
		s.asks(fmt.Sprintf("10.1.%d.1:1", i), fmt.Sprint("SIM-X", i), "75001")
	}
	if got := s.asks(home, "SIM-X1", "69003"); got.Status != 404 {
		t.Errorf("the shop attacked is open: %d", got.Status)
	}
	other := s.Another("Fleuriste")
	p := other.Order("Z-1", webtest.Sale{})
	other.Parcel(p.Order.ID, s.no("FLEUR-1"))
	if got := s.asks(home, "FLEUR-1", "69003"); got.Status != 200 {
		t.Errorf("the other one: %d", got.Status)
	}
	s.Pass(24 * time.Hour)
	if got := s.asks(home, "SIM-X1", "69003"); got.Status != 200 {
		t.Errorf("a day later: %d", got.Status)
	}
}
