package webhook

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// The vector of the standard: https://github.com/standard-webhooks/standard-webhooks,
// spec/standard-webhooks.md and the tests of its libraries.
func TestSignaturesAreThoseOfTheStandard(t *testing.T) {
	const (
		id     = "msg_p5jXN8AQM9LWM0D4loKWxJek"
		first  = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
		other  = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
		signed = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
	)
	at, body := civil.At(time.Unix(1614265330, 0)), []byte(`{"test": 2432232314}`)
	got, err := signatures([]string{first}, id, at, body)
	if err != nil || got != signed {
		t.Errorf("got %q, %v", got, err)
	}
	both, err := signatures([]string{other, first}, id, at, body)
	if parts := strings.Fields(both); err != nil || len(parts) != 2 || parts[1] != signed || parts[0] == signed {
		t.Errorf("two secrets sign: %q, %v", both, err)
	}
	for what, changed := range map[string]func() (string, error){
		"another body":    func() (string, error) { return signatures([]string{first}, id, at, []byte(`{"test": 2432232315}`)) },
		"another id":      func() (string, error) { return signatures([]string{first}, "msg_2", at, body) },
		"another instant": func() (string, error) { return signatures([]string{first}, id, at.Add(time.Second), body) },
		"another secret":  func() (string, error) { return signatures([]string{other}, id, at, body) },
	} {
		if got, err := changed(); err != nil || got == signed {
			t.Errorf("%s: %q, %v", what, got, err)
		}
	}
	if _, err := signatures([]string{"whsec_not base64!"}, id, at, body); err == nil {
		t.Error("a secret that is none")
	}
}

func TestTriesGoOnForMoreThanThreeDays(t *testing.T) {
	sum := time.Duration(0)
	for _, d := range schedule {
		sum += d
	}
	if sum < 75*time.Hour {
		t.Errorf("%v", sum)
	}
	for _, row := range []struct {
		law   string
		tries int
		asked time.Duration
		want  time.Duration
		more  bool
	}{
		{"after the first", 1, 0, 5 * time.Second, true},
		{"asked to wait a minute", 1, time.Minute, time.Minute, true},
		{"asked to wait less than planned", 2, time.Second, 5 * time.Minute, true},
		{"asked to wait a year", 1, 365 * 24 * time.Hour, 24 * time.Hour, true},
		{"after the ninth", 9, 0, 24 * time.Hour, true},
		{"after the tenth", 10, 0, 0, false},
	} {
		if got, more := wait(row.tries, row.asked); got != row.want || more != row.more {
			t.Errorf("%s: %v, %v", row.law, got, more)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	now := civil.At(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
	for header, want := range map[string]time.Duration{
		"": 0, "120": 2 * time.Minute, "-5": 0, "99999999999": longestWait, "soon": 0,
		"Mon, 02 Mar 2026 09:10:00 GMT": 10 * time.Minute, "Mon, 02 Mar 2026 08:00:00 GMT": 0,
	} {
		if got := retryAfter(header, now); got != want {
			t.Errorf("%q: %v", header, got)
		}
	}
}

func TestWhatAnEndpointMayBe(t *testing.T) {
	s := newShop(t)
	for _, row := range []struct {
		law  string
		in   Endpoint
		code string
	}{
		{"good", Endpoint{URL: hook, Kinds: []fact.Kind{"order.placed"}}, ""},
		{"not https", Endpoint{URL: "http://shop.example/", Kinds: []fact.Kind{"order.placed"}}, "webhook_address_refused url"},
		{"our own machine", Endpoint{URL: "https://127.0.0.1/", Kinds: []fact.Kind{"order.placed"}}, "webhook_address_refused url"},
		{"the metadata of clouds", Endpoint{URL: "https://169.254.169.254/", Kinds: []fact.Kind{"order.placed"}}, "webhook_address_refused url"},
		{"nothing to hear", Endpoint{URL: hook}, "field_required kinds"},
		{"something nobody tells", Endpoint{URL: hook, Kinds: []fact.Kind{"order.placed", "merchant.key_issued"}}, "webhook_kind_unknown kinds[1]"},
		{"a long label", Endpoint{URL: hook, Label: strings.Repeat("x", 81), Kinds: []fact.Kind{"order.placed"}}, "field_too_long label"},
	} {
		err := s.Try(s.m, func(tx *flow.Tx) error {
			_, _, err := s.office.Open(tx, s.m, row.in)
			return err
		})
		if got := codes(err); got != row.code {
			t.Errorf("%s: got %q", row.law, got)
		}
	}
	for range maxEndpoints - 1 {
		s.open("order.placed")
	}
	err := s.Try(s.m, func(tx *flow.Tx) error {
		_, _, err := s.office.Open(tx, s.m, Endpoint{URL: hook, Kinds: []fact.Kind{"order.placed"}})
		return err
	})
	if codes(err) != "too_many_endpoints" {
		t.Error(err)
	}
}

func TestEveryKindIsAFact(t *testing.T) {
	known := map[fact.Kind]bool{}
	for _, k := range fact.Kinds() {
		known[k] = true
	}
	for _, k := range Kinds {
		if !known[k] {
			t.Errorf("%s is no fact", k)
		}
	}
}

func TestAFactIsToldToThoseWhoAsked(t *testing.T) {
	s := newShop(t)
	_, secret := s.open("order.placed")
	s.open("order.cancelled")
	s.place("ord_1")
	s.Quiet()
	if diff := cmp.Diff([]Delivery(nil), s.deliveries(Waiting)); diff != "" {
		t.Error(diff)
	}
	if len(s.seller.heard) != 1 {
		t.Fatalf("heard %d", len(s.seller.heard))
	}
	h := s.seller.heard[0]
	if err := verify(secret, h); err != nil {
		t.Error(err)
	}
	ds := s.deliveries(Delivered)
	if len(ds) != 1 || h.id != string(ds[0].ID) || h.says.Data.Order != "ord_1" || h.says.Sequence != 1 || h.header.Get("Content-Type") != "application/json" {
		t.Errorf("%+v, %s", ds, h.body)
	}
	if h.at != fmt.Sprint(s.Clock().Wall().Time().Unix()) || !strings.Contains(string(h.body), `"timestamp":"2026-03-02T08:00:02`) {
		t.Errorf("%s %s", h.at, h.body)
	}
}

// A fact of a kind is told from the moment on that somebody asks for it, and not
// before; nor after they ceased to.
func TestASubscriptionBeginsAndEnds(t *testing.T) {
	s := newShop(t)
	s.place("ord_0")
	e, _ := s.open("order.placed")
	s.place("ord_1")
	s.Quiet()
	s.Pass(time.Second)
	s.Do(s.m, func(tx *flow.Tx) error {
		return s.office.Change(tx, s.m, Endpoint{ID: e.ID, URL: hook, Kinds: []fact.Kind{"order.cancelled"}})
	})
	s.Pass(time.Second)
	s.place("ord_2")
	s.emit("ord_1", fact.OrderCancelled{Order: "ord_1"})
	s.Quiet()
	if diff := cmp.Diff([]string{"order.placed ord_1 1", "order.cancelled ord_1 2"}, s.seller.said()); diff != "" {
		t.Error(diff)
	}
}

// Each kind comes by a route of its own; they arrive in the order in which they happened.
func TestAnObjectsFactsArriveInOrderWithoutGaps(t *testing.T) {
	s := newShop(t)
	s.open("order.placed", "order.cancelled", "order.units_missing", "payment.refunded")
	s.emit("ord_1",
		fact.OrderPlaced{Order: "ord_1"}, fact.UnitsMissing{Order: "ord_1"}, fact.OrderPlaced{Order: "ord_1"},
		fact.ParcelAnnounced{Order: "ord_1"}, fact.OrderCancelled{Order: "ord_1"}, fact.UnitsMissing{Order: "ord_1"})
	s.place("ord_2")
	s.Quiet()
	s.emit("ord_1", fact.Refunded{})
	s.Quiet()
	var first, second []string
	for _, line := range s.seller.said() {
		if strings.Contains(line, "ord_1") {
			first = append(first, line)
		} else {
			second = append(second, line)
		}
	}
	want := []string{
		"order.placed ord_1 1", "order.units_missing ord_1 2", "order.placed ord_1 3", "order.cancelled ord_1 4", "order.units_missing ord_1 5", "payment.refunded ord_1 6",
	}
	if diff := cmp.Diff(want, first); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"order.placed ord_2 1"}, second); diff != "" {
		t.Error(diff)
	}
}

// What failed is tried again under the same id with a fresh signature; what came
// after it about the same object waits, and other objects do not.
func TestADeliveryWaitsForTheOneBeforeIt(t *testing.T) {
	s := newShop(t)
	_, secret := s.open("order.placed", "order.cancelled")
	s.seller.answer = func(h heard) (int, http.Header, error) {
		if h.says.Object == "ord_1" && h.says.Sequence == 1 {
			return 500, nil, nil
		}
		return 200, nil, nil
	}
	s.emit("ord_1", fact.OrderPlaced{Order: "ord_1"}, fact.OrderCancelled{Order: "ord_1"})
	s.place("ord_2")
	s.Quiet()
	if n := len(s.deliveries(Waiting)); n != 2 {
		t.Errorf("%d wait", n)
	}
	s.Pass(4 * time.Second)
	s.Quiet()
	if n := len(s.seller.heard); n != 2 {
		t.Errorf("%d tries before five seconds were over", n)
	}
	s.Pass(time.Second)
	s.Quiet()
	s.seller.answer = nil
	s.Pass(5 * time.Minute)
	s.Quiet()
	for _, h := range s.seller.heard {
		if err := verify(secret, h); err != nil {
			t.Error(err)
		}
	}
	hs := slices.DeleteFunc(s.seller.heard, func(h heard) bool { return h.says.Object != "ord_1" })
	if len(hs) != 4 || hs[0].id != hs[1].id || hs[0].id != hs[2].id || hs[0].signature == hs[1].signature {
		t.Fatalf("heard %d tries: %+v", len(hs), hs)
	}
	if hs[3].says.Type != "order.cancelled" || len(s.deliveries(Waiting)) != 0 {
		t.Errorf("at last %+v", hs[3].says)
	}
}

func TestAnEndpointIsLeftAloneAsLongAsItAsks(t *testing.T) {
	s := newShop(t)
	s.open("order.placed")
	s.seller.answer = func(heard) (int, http.Header, error) { return 503, http.Header{"Retry-After": {"600"}}, nil }
	s.place("ord_1")
	s.Quiet()
	s.seller.answers(200)
	s.Pass(599 * time.Second)
	s.Quiet()
	if n := len(s.seller.heard); n != 1 {
		t.Errorf("%d tries within ten minutes", n)
	}
	s.Pass(time.Second)
	s.Quiet()
	if n := len(s.deliveries(Delivered)); n != 1 {
		t.Errorf("%d delivered", n)
	}
}

// drive lets time pass by steps.
func (s *shop) drive(total, step time.Duration) {
	s.T.Helper()
	for passed := time.Duration(0); passed < total; passed += step {
		s.Pass(step)
		s.Quiet()
	}
}

func TestWhatNeverArrivesIsDeadAndCanBeReplayed(t *testing.T) {
	s := newShop(t)
	e, _ := s.open("order.placed", "order.cancelled")
	s.seller.silent()
	s.place("ord_1")
	s.Quiet()
	began := s.Clock().Wall()
	s.emit("ord_1", fact.OrderCancelled{Order: "ord_1"})
	for len(s.deliveries(Dead)) == 0 {
		s.drive(time.Hour, time.Hour)
		if s.Clock().Wall().Sub(began) > 100*time.Hour {
			t.Fatal("never given up")
		}
	}
	dead := s.deliveries(Dead)[0]
	if lasted := dead.Settled.Sub(began); lasted < 75*time.Hour || dead.Tries != len(schedule) || dead.Error != NoAnswer || dead.Sequence != 1 {
		t.Errorf("given up after %v: %+v", lasted, dead)
	}
	if next := s.deliveries(Waiting); len(next) != 1 || next[0].Next.IsZero() {
		t.Errorf("the one behind it: %+v", next)
	}
	s.seller.answers(200)
	s.drive(40*time.Minute, time.Minute)
	s.seller.said()
	s.Do(s.m, func(tx *flow.Tx) error { return Replay(tx, s.m, dead.ID) })
	s.Quiet()
	if diff := cmp.Diff([]string{"order.placed ord_1 1"}, s.seller.said()); diff != "" {
		t.Error(diff)
	}
	if got := s.endpoint(e.ID); !got.Failing.IsZero() {
		t.Errorf("%+v", got)
	}
	s.Do(s.m, func(tx *flow.Tx) error { return Replay(tx, s.m, dead.ID) }) // delivered ones too
	s.Quiet()
	if diff := cmp.Diff([]string{"order.placed ord_1 1"}, s.seller.said()); diff != "" {
		t.Error(diff)
	}
	if got := codes(s.Try(s.m, func(tx *flow.Tx) error { return Replay(tx, s.m, "dlv_nobody") })); got != "not_found delivery" {
		t.Error(got)
	}
}

func TestAnEndpointThatFailsForDaysIsRested(t *testing.T) {
	s := newShop(t)
	e, _ := s.open("order.placed")
	s.seller.silent()
	for day := range 6 {
		s.place(ident.Order(fmt.Sprintf("ord_%d", day)))
		s.drive(24*time.Hour, 2*time.Hour)
	}
	if got := s.endpoint(e.ID); got.State != Rested || s.facts("webhook.endpoint_rested") != 1 {
		t.Fatalf("%+v, told %d times", got, s.facts("webhook.endpoint_rested"))
	}
	tried := len(s.seller.heard)
	s.place("ord_9") // it is written down all the same
	s.drive(24*time.Hour, time.Hour)
	if len(s.seller.heard) != tried || len(s.deliveries(Waiting)) != 0 || len(s.deliveries(Dead)) != 7 {
		t.Errorf("%d tries more, %d wait, %d dead", len(s.seller.heard)-tried, len(s.deliveries(Waiting)), len(s.deliveries(Dead)))
	}
	if n := s.deadCount(); n != 7 {
		t.Errorf("%d counted dead, want 7", n)
	}
	replay := func() (n int, err error) {
		err = s.Try(s.m, func(tx *flow.Tx) (err error) {
			n, err = ReplayDead(tx, s.m, e.ID)
			return err
		})
		return n, err
	}
	if _, err := replay(); codes(err) != "webhook_endpoint_off endpoint" {
		t.Error(err)
	}
	s.seller.answers(204)
	s.Do(s.m, func(tx *flow.Tx) error { return Wake(tx, s.m, e.ID) })
	if n, err := replay(); n != 7 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	s.drive(40*time.Minute, time.Minute)
	if n := len(s.deliveries(Delivered)); n != 7 {
		t.Errorf("%d delivered", n)
	}
	if got := codes(s.Try(s.m, func(tx *flow.Tx) error { return Wake(tx, s.m, e.ID) })); got != "webhook_endpoint_on endpoint" {
		t.Error(got)
	}
}

func TestAnEndpointThatIsGoneIsNotCalledAgain(t *testing.T) {
	s := newShop(t)
	e, _ := s.open("order.placed")
	s.seller.answers(http.StatusGone)
	s.place("ord_1")
	s.Quiet()
	s.place("ord_2")
	s.drive(time.Hour, time.Minute)
	if got := s.endpoint(e.ID); got.State != Gone || len(s.seller.heard) != 1 || len(s.deliveries(Dead)) != 2 || s.facts("webhook.endpoint_rested") != 1 {
		t.Errorf("%+v after %d tries, %d dead", got, len(s.seller.heard), len(s.deliveries(Dead)))
	}
}

func TestOnlySuccessIsSuccess(t *testing.T) {
	for status, want := range map[int]DeliveryState{
		200: Delivered, 204: Delivered, 299: Delivered, 199: Waiting, 301: Waiting, 304: Waiting, 400: Waiting, 404: Waiting, 429: Waiting, 500: Waiting,
	} {
		s := newShop(t)
		s.open("order.placed")
		s.seller.answers(status)
		s.place("ord_1")
		s.Quiet()
		if ds := s.deliveries(want); len(ds) != 1 || ds[0].Status != status {
			t.Errorf("%d: %+v", status, ds)
		}
	}
}

func TestASecretIsReplacedWithoutALoss(t *testing.T) {
	s := newShop(t)
	e, old := s.open("order.placed")
	var fresh string
	s.Do(s.m, func(tx *flow.Tx) (err error) {
		fresh, err = s.office.Rotate(tx, s.m, e.ID, 24*time.Hour)
		return err
	})
	for _, row := range []struct {
		law        string
		after      time.Duration
		old, fresh bool
	}{
		{"at once: both sign", 0, true, true},
		{"until the day is over", 24*time.Hour - time.Second, true, true},
		{"then the new one alone", time.Second, false, true},
	} {
		s.Pass(row.after)
		s.seller.said()
		s.n++
		s.place(ident.Order(fmt.Sprintf("ord_%d", s.n)))
		s.Quiet()
		h := s.seller.heard[0]
		if a, b := verify(old, h) == nil, verify(fresh, h) == nil; a != row.old || b != row.fresh {
			t.Errorf("%s: old %v, new %v", row.law, a, b)
		}
	}
	err := s.Try(s.m, func(tx *flow.Tx) error {
		_, err := s.office.Rotate(tx, s.m, e.ID, 8*24*time.Hour)
		return err
	})
	if codes(err) != "duration_out_of_range overlap" {
		t.Error(err)
	}
	s.See(func(tx *db.Tx) error {
		all, err := db.All(tx, `select sealed from webhook_secret where merchant = $1`, db.Scalar[string], s.m)
		for _, sealed := range all {
			if strings.Contains(sealed, strings.TrimPrefix(fresh, "whsec_")) || len(all) != 2 {
				t.Error("kept in clear")
			}
		}
		return err
	})
}

func TestATryWaitsForNobody(t *testing.T) {
	s := newShop(t)
	e, _ := s.open("order.placed")
	var id ident.Delivery
	s.Do(s.m, func(tx *flow.Tx) (err error) {
		id, err = Try(tx, s.m, e.ID)
		return err
	})
	s.Quiet()
	if h := s.seller.heard; len(h) != 1 || h[0].says.Type != TestKind || h[0].id != string(id) {
		t.Errorf("%+v", h)
	}
	s.See(func(tx *db.Tx) error {
		d, err := DeliveryOf(tx, s.m, id)
		if d.State != Delivered || d.Fact != "" {
			t.Errorf("%+v", d)
		}
		body, err2 := Body(tx, s.m, d)
		if err2 != nil || string(body) != string(s.seller.heard[0].body) {
			t.Errorf("%s, %v", body, err2)
		}
		return err
	})
}

func TestARemovedEndpointIsForgottenAndItsDeliveriesAreNot(t *testing.T) {
	s := newShop(t)
	e, _ := s.open("order.placed")
	s.seller.silent()
	s.place("ord_1")
	s.Quiet()
	s.Pass(time.Second)
	s.Do(s.m, func(tx *flow.Tx) error { return Remove(tx, s.m, e.ID) })
	s.Pass(time.Second)
	s.place("ord_2")
	s.drive(time.Hour, time.Minute)
	if ds := s.deliveries(""); len(ds) != 1 || ds[0].State != Dead || ds[0].Error != WasRemoved {
		t.Errorf("%+v", ds)
	}
	s.See(func(tx *db.Tx) error {
		all, err := List(tx, s.m)
		if len(all) != 0 {
			t.Errorf("%+v", all)
		}
		return err
	})
	if n := s.deadCount(); n != 0 {
		t.Errorf("%d to replay at an endpoint that is gone", n)
	}
}

func (s *shop) deadCount() (n int) {
	s.See(func(tx *db.Tx) (err error) {
		n, err = DeadCount(tx, s.m)
		return err
	})
	return n
}

// A merchant's endpoint hears of that merchant alone.
func TestNobodyHearsOfAnothersOrders(t *testing.T) {
	s := newShop(t)
	s.open("order.placed")
	other := s.Merchant()
	s.Do(other, func(tx *flow.Tx) error {
		return tx.Emit(other, "ord_x", "x", fact.OrderPlaced{Order: "ord_x"})
	})
	s.Quiet()
	if got := s.seller.said(); got != nil {
		t.Error(got)
	}
}

// A node falls asleep between the seller's yes and our writing it down, and
// another one takes over: the seller hears twice, under the same id.
func TestADeliveryArrivesAtLeastOnce(t *testing.T) {
	s := newShop(t)
	s.open("order.placed")
	s.place("ord_1")
	if _, err := s.DrainLater(ctx); err != nil {
		t.Fatal(err)
	}
	s.seller.answer = func(heard) (int, http.Header, error) {
		s.seller.answers(200)
		s.Pass(2 * time.Minute)
		_, err := s.RunErrands(ctx)
		return 200, nil, err
	}
	s.Quiet()
	hs := s.seller.heard
	if n := len(s.deliveries(Delivered)); n != 1 || len(hs) != 2 || hs[0].id != hs[1].id {
		t.Errorf("%d delivered, heard %+v", n, hs)
	}
}
