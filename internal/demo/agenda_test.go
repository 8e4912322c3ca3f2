package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/db/dbtest"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// till is an API that keeps what it is told, as the contract says: an order once
// per key, refused when a key comes back with another body.
type till struct {
	t      *testing.T
	silent func() bool // whether a call gets no answer, though it may have had an effect
	now    func() civil.Instant

	turn   sync.Mutex
	bodies map[string]string // by Idempotency-Key
	orders map[string]string // reference → shipping number
	people []string          // references of what people ordered
	events map[string]bool   // as written
}

func newTill(t *testing.T, now func() civil.Instant) *till {
	return &till{
		t: t, now: now, silent: func() bool { return false },
		bodies: map[string]string{}, orders: map[string]string{}, events: map[string]bool{},
	}
}

func (a *till) RoundTrip(r *http.Request) (*http.Response, error) {
	a.turn.Lock()
	defer a.turn.Unlock()
	if a.silent() {
		return nil, io.ErrUnexpectedEOF
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	key := r.Header.Get("Authorization") + r.Header.Get("Idempotency-Key")
	if before, known := a.bodies[key]; r.Header.Get("Idempotency-Key") != "" && known && before != string(body) {
		a.t.Errorf("key %s came with another body:\n%s\n%s", r.Header.Get("Idempotency-Key"), before, body)
	}
	a.bodies[key] = string(body)
	status, answer := a.serve(strings.TrimPrefix(r.URL.Path, "/api/v1"), body)
	if a.silent() {
		return nil, io.ErrUnexpectedEOF
	}
	return &http.Response{StatusCode: status, Body: io.NopCloser(bytes.NewReader(answer)), Request: r}, nil
}

func (a *till) serve(path string, body []byte) (int, []byte) {
	var in struct {
		newOrder
		webhook
		Number string `json:"number"`
	}
	if err := json.Unmarshal(body, &in); err != nil && len(body) > 0 {
		return 422, []byte(`{"code":"invalid_json"}`)
	}
	switch {
	case len(body) == 0 && path == "/orders":
		return 200, a.list()
	case len(body) == 0 && strings.HasPrefix(path, "/orders/"):
		return 200, a.show(strings.TrimPrefix(path, "/orders/"))
	case path == "/quotes":
		return 200, []byte(`{"options":[{"token":"t"}]}`)
	case path == "/orders":
		if _, known := a.orders[in.Reference]; !known {
			a.orders[in.Reference] = ""
		}
		return 201, fmt.Appendf(nil, `{"id":%q,"placed_at":%q}`, in.Reference, monday(a.t))
	case strings.HasSuffix(path, "/parcels"):
		a.orders[strings.Split(path, "/")[2]] = in.Number
	case path == "/events":
		for _, told := range in.Events {
			e, err := told.sighting()
			if err == nil && e.at > a.now() && !strings.HasPrefix(e.number, "ZZ") {
				a.t.Errorf("%s of %s reported at %s", e.status, e.at, a.now())
			}
			a.events[fmt.Sprint(e.number, e.status, e.at)] = true
		}
	}
	return 200, []byte(`{}`)
}

// list is what people ordered; show is one order as the API shows it.
func (a *till) list() []byte {
	var all []string
	for _, reference := range a.people {
		all = append(all, string(a.show(reference)))
	}
	return fmt.Appendf(nil, `{"items":[%s]}`, strings.Join(all, ","))
}

func (a *till) show(reference string) []byte {
	parcels := "[]"
	if number := a.orders[reference]; number != "" {
		parcels = fmt.Sprintf(`[{"number":%q}]`, number)
	}
	return fmt.Appendf(nil, `{"id":%q,"reference":%q,"state":"placed","placed_at":%q,"ship_to":{"country":"FR","postcode":"75011"},"parcels":%s}`,
		reference, reference, monday(a.t), parcels)
}

// openWorld starts a world of three days of orders, on a clock that moves when told.
func openWorld(t *testing.T, url string, a *till, clock *flow.Clock, hands int) *World {
	t.Helper()
	d, err := db.Open(t.Context(), url, db.Options{Now: clock.Now, Wall: clock.Wall})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	f, err := flow.New(d, clock, nil)
	if err != nil {
		t.Fatal(err)
	}
	shops, err := Setup(t.Context(), f, 0)
	if err != nil {
		t.Fatal(err)
	}
	return New(f, shops, Door{Client: &http.Client{Transport: a}}, Options{Seed: 11, Volume: 30, Days: 3, Hands: hands})
}

// days lives through some days of a world on a database, from where it stands.
func days(t *testing.T, url string, a *till, now *civil.Instant, until civil.Instant) {
	t.Helper()
	read := func() civil.Instant { return *now }
	w := openWorld(t, url, a, flow.NewClock(*now, 1, read), 1)
	for {
		next, err := w.Step(t.Context(), *now)
		if err != nil && !strings.Contains(err.Error(), errUnanswered.Error()) {
			t.Fatal(err)
		}
		if err == nil && (next == 0 || next > until) {
			break
		}
		*now = max(next, now.Add(time.Second))
	}
	*now = until
	if err := w.flow.DB().Close(); err != nil {
		t.Fatal(err)
	}
}

func monday(t *testing.T) civil.Instant { return at(t, "2026-03-02 06:00") }

const forEver = civil.Instant(1 << 60)

func lived(t *testing.T, url string, silent func() bool, stops ...string) *till {
	t.Helper()
	now := monday(t)
	a := newTill(t, func() civil.Instant { return now })
	a.silent = silent
	for _, stop := range stops {
		days(t, url, a, &now, at(t, stop))
	}
	days(t, url, a, &now, forEver)
	return a
}

func memory() string { return "sqlite::memory:" }

func TestTheWorldGoesOnAfterARestart(t *testing.T) {
	answered := func() bool { return false }
	whole := lived(t, memory(), answered)
	parted := lived(t, dbtest.FileURL(t), answered, "2026-03-02 11:30", "2026-03-03 08:00", "2026-03-03 20:00", "2026-03-04 23:59")
	if d := cmp.Diff(whole.orders, parted.orders) + cmp.Diff(whole.events, parted.events); d != "" {
		t.Error(d)
	}
	if len(whole.orders) < 50 || len(whole.events) < 200 {
		t.Errorf("only %d orders and %d events", len(whole.orders), len(whole.events))
	}
}

func TestWhatIsNotAnsweredIsAskedAgain(t *testing.T) {
	whole := lived(t, memory(), func() bool { return false })
	r := rand.New(rand.NewPCG(1, 2))
	patient := lived(t, memory(), func() bool { return r.IntN(4) == 0 })
	got, want := slices.Sorted(maps.Keys(patient.orders)), slices.Sorted(maps.Keys(whole.orders))
	if d := cmp.Diff(want, got) + cmp.Diff(whole.events, patient.events); d != "" {
		t.Error(d)
	}
}

func TestARefusalThatNobodyExpectedIsTold(t *testing.T) {
	a := api{Client: &http.Client{Transport: newTill(t, func() civil.Instant { return 0 })}}
	err := a.do(context.Background(), request{method: "POST", path: "/orders", body: json.RawMessage(`nonsense`)}, nil)
	for _, c := range []struct {
		name    string
		allowed []int
		told    bool
	}{
		{"an order in nonsense", nil, true},
		{"nonsense on purpose", []int{400, 422}, false},
		{"another refusal than the one provoked", []int{409}, true},
	} {
		if got := allow(err, c.allowed...); (got != nil) != c.told {
			t.Errorf("%s: told %v", c.name, got)
		}
	}
}

func TestTimeIsLivedThroughNotLeaptOver(t *testing.T) {
	whole := lived(t, memory(), func() bool { return false })
	for _, hands := range []int{1, 4} {
		clock := flow.NewClock(monday(t), 0, func() civil.Instant { return monday(t) })
		a := newTill(t, clock.Now)
		w := openWorld(t, memory(), a, clock, hands)
		if err := w.Advance(t.Context(), monday(t).Add(60*24*time.Hour)); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(whole.orders, a.orders) + cmp.Diff(whole.events, a.events); d != "" {
			t.Errorf("with %d hands:\n%s", hands, d)
		}
		if next, err := w.ahead(t.Context(), clock.Now()); next != 0 || err != nil {
			t.Errorf("with %d hands something is left at %s, %v", hands, next, err)
		}
	}
}
