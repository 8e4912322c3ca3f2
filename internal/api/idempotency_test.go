package api

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// How many copies of a request come at once, and how many keys a route is tried
// with: 64 × 10 where an order is made, fewer elsewhere; 64 × 500 in a soak.
func copiesAndKeys(r Route) (copies, keys int) {
	switch {
	case os.Getenv("PROMESSE_SOAK") != "" && r.Key == KeyRequired:
		return 64, 500
	case os.Getenv("PROMESSE_SOAK") != "":
		return 64, 20
	case r.Key == KeyRequired:
		return 64, 10
	default:
		return 16, 2
	}
}

func TestCopiesOfARequestHaveOneEffectAndOneAnswer(t *testing.T) {
	w := open(t)
	s := w.shop()
	s.order("first") // the shopper is known from here on
	n := 0
	for _, r := range w.api.Routes() {
		if r.Key == NoKey {
			continue
		}
		n++
		copies, keys := copiesAndKeys(r)
		for k := range keys {
			n++
			q := asks[r.ID](s, n)
			once := asks[r.ID](s, n+1_000_000)
			one := s.facts(func() {
				s.as(merchant.Owner).saying(keyHeader, fmt.Sprint("one-", n)).call(r.Method, once.path, once.body)
			})
			var answers []*httptest.ResponseRecorder
			many := s.facts(func() { answers = together(s, r, q, fmt.Sprint("many-", r.ID, k), copies) })
			for i, a := range answers {
				if a.Code != r.Status || a.Body.String() != answers[0].Body.String() {
					t.Fatalf("%s: copy %d of %d: %d %s, the first %s", r.ID, i, copies, a.Code, a.Body, answers[0].Body)
				}
			}
			if many != one {
				t.Fatalf("%s: %d copies left %d facts, one leaves %d", r.ID, copies, many, one)
			}
		}
	}
}

// facts counts what a deed leaves in the shop's log.
func (s *shop) facts(deed func()) (n int) {
	count := func() (n int) {
		s.w.See(func(tx *db.Tx) (err error) {
			n, _, err = db.One(tx, `select count(*) from flow_fact where merchant = $1`, db.Scalar[int], s.id)
			return err
		})
		return n
	}
	before := count()
	deed()
	return count() - before
}

// together makes the same request many times at once, of two nodes in turn.
func together(s *shop, r Route, q request, key string, copies int) []*httptest.ResponseRecorder {
	answers := make([]*httptest.ResponseRecorder, copies)
	start := make(chan struct{})
	var all sync.WaitGroup
	for i := range copies {
		all.Go(func() {
			<-start
			c := s.as(merchant.Owner).saying(keyHeader, key)
			c.twin = i%2 == 1
			answers[i] = c.call(r.Method, q.path, q.body)
		})
	}
	close(start)
	all.Wait()
	return answers
}

func TestAKeyStandsForOneRequest(t *testing.T) {
	w := open(t)
	s, other := w.shop(), w.shop()
	dev := s.as(merchant.Developer).saying(keyHeader, "k-1")
	first := dev.call("POST", "/api/v1/orders", orderBody("E-1", ""))
	if first.Code != 201 {
		t.Fatalf("%d %s", first.Code, first.Body)
	}
	if again := dev.call("POST", "/api/v1/orders", orderBody("E-1", "")); again.Code != 201 || again.Body.String() != first.Body.String() {
		t.Errorf("the same again: %d %s", again.Code, again.Body)
	}
	if p := dev.refused(422, "POST", "/api/v1/orders", orderBody("E-2", "")); p.Code != "idempotency_key_reused" {
		t.Errorf("another body: %s", p.Code)
	}
	if p := dev.refused(422, "POST", "/api/v1/bounces", `{"message_id":"x","kind":"soft"}`); p.Code != "forbidden" && p.Code != "idempotency_key_reused" {
		t.Errorf("another path: %s", p.Code)
	}
	elsewhere := other.as(merchant.Developer).saying(keyHeader, "k-1").call("POST", "/api/v1/orders", orderBody("E-9", ""))
	if elsewhere.Code != 201 {
		t.Errorf("another merchant's same key: %d %s", elsewhere.Code, elsewhere.Body)
	}
	// A new key does not make a new order of the same reference.
	if p := s.as(merchant.Developer).saying(keyHeader, "k-2").refused(409, "POST", "/api/v1/orders", strings.Replace(orderBody("E-1", ""), "Lyon", "Lyon 3e", 1)); p.Code != "order_reference_conflict" {
		t.Errorf("the reference again with other content: %s", p.Code)
	}
	same := s.as(merchant.Developer).saying(keyHeader, "k-3").call("POST", "/api/v1/orders", strings.Replace(orderBody("E-1", ""), ",", ", ", 1))
	if same.Code != 200 {
		t.Errorf("the reference again with the same content: %d %s", same.Code, same.Body)
	}
}

func TestWhereAnOrderIsMadeAKeyIsRequired(t *testing.T) {
	w := open(t)
	dev := w.shop().as(merchant.Developer)
	for _, c := range []struct{ law, key, code string }{
		{"no key", "", "idempotency_key_required"},
		{"a key with a space", "a b", "idempotency_key_invalid"},
		{"a key beyond ASCII", "clé", "idempotency_key_invalid"},
		{"a key of 256 characters", strings.Repeat("k", 256), "idempotency_key_invalid"},
	} {
		p := dev.saying(keyHeader, c.key).refused(400, "POST", "/api/v1/orders", orderBody("E-1", ""))
		if p.Code != c.code || p.Errors[0].Field != keyHeader {
			t.Errorf("%s: %+v", c.law, p)
		}
	}
}

// What was refused changed nothing, so the key is free for the request mended.
func TestARefusalIsNotKept(t *testing.T) {
	w := open(t)
	dev := w.shop().as(merchant.Developer).saying(keyHeader, "k-1")
	dev.refused(422, "POST", "/api/v1/orders", strings.Replace(orderBody("E-1", ""), `"units":2`, `"units":-2`, 1))
	dev.must(201, "POST", "/api/v1/orders", orderBody("E-1", ""), nil)
}

func TestKeysAreForgottenAfterADay(t *testing.T) {
	w := open(t)
	s := w.shop()
	owner := s.as(merchant.Owner).saying(keyHeader, "k-1")
	issue := func() (k IssuedKey) {
		owner.must(201, "POST", "/api/v1/keys", `{"set":"viewer","label":"x"}`, &k)
		return k
	}
	first := issue()
	w.Pass(keyLife - time.Second)
	w.Quiet()
	if again := issue(); again != first {
		t.Errorf("within the day: %v, the first was %v", again, first)
	}
	w.Pass(time.Second)
	w.Quiet()
	if later := issue(); later.ID == first.ID {
		t.Errorf("a day later the first answer is given still")
	}
}

// The answer holds the secret address of the order's page: it is kept sealed.
func TestAnswersAreKeptSealed(t *testing.T) {
	w := open(t)
	s := w.shop()
	o := s.order("E-1")
	secret := o.Page[strings.LastIndexByte(o.Page, '/')+1:]
	w.See(func(tx *db.Tx) error {
		a, found, err := db.One(tx, sqlAnswer, scanAnswer, s.id, "order-E-1")
		if !found || strings.Contains(a.sealed, secret) || strings.Contains(a.sealed, "://") {
			t.Errorf("kept: %+v", a)
		}
		return err
	})
}

// A copy waits for the first one's answer; when that takes too long it is told so.
func TestACopyWaitsOnlySoLong(t *testing.T) {
	w := openWaiting(t, 20*time.Millisecond)
	s := w.shop()
	dev := s.as(merchant.Developer).saying(keyHeader, "k-1")
	land, err := w.api.flights.board(context.Background(), flight{s.id, "k-1"})
	if err != nil {
		t.Fatal(err)
	}
	late := dev.call("POST", "/api/v1/orders", orderBody("E-1", ""))
	if late.Code != 409 || late.Header().Get("Retry-After") != "1" || !strings.Contains(late.Body.String(), "idempotency_in_progress") {
		t.Errorf("a copy: %d, Retry-After %q, %s", late.Code, late.Header().Get("Retry-After"), late.Body)
	}
	land()
	dev.must(201, "POST", "/api/v1/orders", orderBody("E-1", ""), nil)
}
