// Package stripetest is a payment provider for tests that speaks Stripe's wire
// format and remembers what it did: refunds of captures, idempotency keys with
// their first answer, events signed and sent. It can behave as badly as the real
// one may: execute and then fail to say so, keep a caller waiting and execute
// after it left, tell the event before the answer, and forget its keys after a day.
//
// The format is written after https://docs.stripe.com/api (refunds, errors,
// idempotent requests, events) and shares no type with the adapter. Money and the
// passing of time are all it simulates.
package stripetest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/stripe/stripe-go/v85/webhook"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/platform/egress"
)

// Mode is how one call to make a refund goes.
type Mode string

// The modes.
const (
	Well         Mode = "well"
	Silent       Mode = "executed, no answer"   // the caller waits until it gives up
	Broken       Mode = "executed, 500"         // and the 500 is what the key remembers
	Failing      Mode = "not executed, 500"     // trouble before anything began: no key is kept
	ResetBefore  Mode = "reset before"          // the connection breaks, nothing was executed
	ResetAfter   Mode = "reset after"           // it was executed, and the connection breaks
	Slow         Mode = "slow"                  // executed after the caller left and asked again
	Twice        Mode = "event twice"           // answered, and its event comes twice
	EventFirst   Mode = "event before answer"   // the event is told before the answer
	EventOnly    Mode = "event, then no answer" // the event is told, the answer never
	Waiting      Mode = "pending"               // taken, not done; Finish ends it
	Refusing     Mode = "declined"              // 402
	Unauthorised Mode = "unauthorised"          // 401
)

// Modes lists those that end by themselves in exactly one refund.
var Modes = []Mode{Well, Silent, Broken, Failing, ResetBefore, ResetAfter, Slow, Twice, EventFirst, EventOnly}

// Refund is a refund as the provider has it.
type Refund struct {
	ID            string            `json:"id"`
	Object        string            `json:"object"`
	Amount        int64             `json:"amount"`
	Currency      string            `json:"currency"`
	Charge        string            `json:"charge,omitempty"`
	PaymentIntent string            `json:"payment_intent,omitempty"`
	Created       int64             `json:"created"`
	Metadata      map[string]string `json:"metadata"`
	Status        string            `json:"status"`
}

// kept is what a key remembers.
type kept struct {
	asked  string // the parameters it was used with
	status int    // 0 while at work
	body   []byte
	at     time.Time
}

// late is a refund that is executed after so many more requests.
type late struct {
	form url.Values
	key  string
	wait int
}

// Server is the provider. The zero value is not ready: use New.
type Server struct {
	mu       sync.Mutex
	now      func() time.Time
	secret   string // of events
	hook     string // where events go; empty: nowhere
	refunds  []Refund
	keys     map[string]kept
	modes    []Mode // of the next calls; then Well
	late     []late
	captured map[string]int64 // by capture; else plenty
	down     bool
	events   int
	calls    int // to make a refund
}

// New makes a provider that signs its events with a secret ("whsec_…") and lives
// by a clock.
func New(secret string, now func() time.Time) *Server {
	return &Server{now: now, secret: secret, keys: map[string]kept{}, captured: map[string]int64{}}
}

// Next says how the next calls go.
func (s *Server) Next(modes ...Mode) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.modes = append(s.modes, modes...)
}

// Hook says where events go from now on.
func (s *Server) Hook(address string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hook = address
}

// Down makes every request fail, or none any more.
func (s *Server) Down(down bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.down = down
}

// Capture says how much of a capture can be given back.
func (s *Server) Capture(id string, minor int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.captured[id] = minor
}

// Refunds is what was executed, the oldest first.
func (s *Server) Refunds() []Refund {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.refunds)
}

// Calls is how often somebody asked for a refund to be made.
func (s *Server) Calls() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls
}

// Finish gives a refund its last status and tells the event.
func (s *Server) Finish(id, status string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.refunds, func(r Refund) bool { return r.ID == id })
	if i < 0 {
		return fmt.Errorf("stripetest: no refund %q", id)
	}
	s.refunds[i].Status = status
	kind := "refund.updated"
	if status == "failed" {
		kind = "refund.failed"
	}
	return s.tell(kind, s.refunds[i], 1)
}

// ServeHTTP answers as Stripe does, and as tests tell it under /_test/.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/_test/") {
		s.control(w, r)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.catchUp()
	switch {
	case s.down:
		fail(w, http.StatusServiceUnavailable, "api_error", "", "down")
	case !strings.HasPrefix(r.Header.Get("Authorization"), "Bearer "):
		fail(w, http.StatusUnauthorized, "invalid_request_error", "", "no key")
	case r.URL.Path != "/v1/refunds":
		fail(w, http.StatusNotFound, "invalid_request_error", "", "no such path")
	case r.Method == http.MethodPost:
		s.create(w, r)
	default:
		s.list(w, r)
	}
}

// catchUp executes what callers no longer wait for.
func (s *Server) catchUp() {
	for i := 0; i < len(s.late); {
		if s.late[i].wait--; s.late[i].wait > 0 {
			i++
			continue
		}
		l := s.late[i]
		s.late = slices.Delete(s.late, i, i+1)
		s.execute(l.form, l.key, "succeeded")
	}
}

func (s *Server) create(w http.ResponseWriter, r *http.Request) {
	s.calls++
	if err := r.ParseForm(); err != nil {
		fail(w, http.StatusBadRequest, "invalid_request_error", "", err.Error())
		return
	}
	key, asked := r.Header.Get("Idempotency-Key"), r.PostForm.Encode()
	if k, ok := s.keys[key]; ok && key != "" && s.now().Sub(k.at) < 24*time.Hour {
		s.again(w, k, asked)
		return
	}
	if amount, _ := strconv.ParseInt(r.PostForm.Get("amount"), 10, 64); amount > s.left(r.PostForm) {
		fail(w, http.StatusBadRequest, "invalid_request_error", "charge_already_refunded", "more than is left")
		return
	}
	mode := Well
	if len(s.modes) > 0 {
		mode, s.modes = s.modes[0], s.modes[1:]
	}
	s.behave(w, r, mode)
}

// again answers a key that was used before.
func (s *Server) again(w http.ResponseWriter, k kept, asked string) {
	switch {
	case k.asked != asked:
		fail(w, http.StatusBadRequest, "idempotency_error", "", "the key was used with other parameters")
	case k.status == 0:
		fail(w, http.StatusConflict, "idempotency_error", "idempotency_key_in_use", "still at work")
	default:
		w.Header().Set("Idempotent-Replayed", "true")
		write(w, k.status, k.body)
	}
}

func (s *Server) behave(w http.ResponseWriter, r *http.Request, mode Mode) {
	form, key := r.PostForm, r.Header.Get("Idempotency-Key")
	switch mode {
	case Failing:
		fail(w, http.StatusInternalServerError, "api_error", "", "before anything began")
	case ResetBefore:
		panic(http.ErrAbortHandler)
	case Refusing:
		fail(w, http.StatusPaymentRequired, "card_error", "insufficient_funds", "no")
	case Unauthorised:
		fail(w, http.StatusUnauthorized, "invalid_request_error", "", "no such key")
	case Slow:
		s.keys[key] = kept{asked: form.Encode(), at: s.now()}
		s.late = append(s.late, late{form: form, key: key, wait: 3})
		s.leave(r)
	case Waiting:
		write(w, http.StatusOK, s.execute(form, key, "pending"))
	case Broken:
		s.execute(form, key, "succeeded")
		body := failure("api_error", "", "after it was executed")
		s.keys[key] = kept{asked: form.Encode(), status: http.StatusInternalServerError, body: body, at: s.now()}
		write(w, http.StatusInternalServerError, body)
	default:
		s.answer(w, r, mode, s.execute(form, key, "succeeded"))
	}
}

// answer tells of a refund just executed, in one way or another.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, mode Mode, body []byte) {
	made := s.refunds[len(s.refunds)-1]
	switch mode {
	case Twice:
		_ = s.tell("refund.updated", made, 2) // a node that is dead hears nothing
	case EventFirst, EventOnly:
		_ = s.tell("charge.refund.updated", made, 1)
	}
	switch mode {
	case Silent, EventOnly:
		s.leave(r)
	case ResetAfter:
		panic(http.ErrAbortHandler)
	default:
		write(w, http.StatusOK, body)
	}
}

// leave waits until the caller has given up, and answers nothing.
func (s *Server) leave(r *http.Request) {
	s.mu.Unlock()
	<-r.Context().Done()
	s.mu.Lock()
	panic(http.ErrAbortHandler)
}

// execute makes a refund, and has the key remember the answer.
func (s *Server) execute(form url.Values, key, status string) []byte {
	amount, _ := strconv.ParseInt(form.Get("amount"), 10, 64)
	r := Refund{
		ID: fmt.Sprintf("re_%06d", len(s.refunds)+1), Object: "refund", Amount: amount, Currency: "eur", Charge: form.Get("charge"),
		PaymentIntent: form.Get("payment_intent"), Created: s.now().Unix(), Metadata: metadata(form), Status: status,
	}
	s.refunds = append(s.refunds, r)
	body, err := json.Marshal(r)
	if err != nil {
		panic(err)
	}
	s.keys[key] = kept{asked: form.Encode(), status: http.StatusOK, body: body, at: s.now()}
	return body
}

func metadata(form url.Values) map[string]string {
	m := map[string]string{}
	for name := range form {
		if key, ok := strings.CutPrefix(name, "metadata["); ok {
			m[strings.TrimSuffix(key, "]")] = form.Get(name)
		}
	}
	return m
}

// left is what a capture has left to give back.
func (s *Server) left(form url.Values) int64 {
	id := form.Get("charge") + form.Get("payment_intent")
	left, known := s.captured[id]
	if !known {
		left = 1_000_000_00
	}
	for _, r := range s.refunds {
		if r.Charge+r.PaymentIntent == id && r.Status != "failed" {
			left -= r.Amount
		}
	}
	return left
}

// list pages through the refunds of a capture, the newest first.
func (s *Server) list(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	limit, err := strconv.Atoi(q.Get("limit"))
	if err != nil {
		limit = 10
	}
	page, more := []Refund{}, false
	skip := q.Get("starting_after")
	for _, x := range slices.Backward(s.refunds) {
		if x.Charge != q.Get("charge") || x.PaymentIntent != q.Get("payment_intent") {
			continue
		}
		if skip != "" {
			if x.ID == skip {
				skip = ""
			}
			continue
		}
		if more = len(page) == limit; more {
			break
		}
		page = append(page, x)
	}
	body, err := json.Marshal(map[string]any{"object": "list", "url": "/v1/refunds", "has_more": more, "data": page})
	if err != nil {
		panic(err)
	}
	write(w, http.StatusOK, body)
}

func write(w http.ResponseWriter, status int, body []byte) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

func fail(w http.ResponseWriter, status int, kind, code, message string) {
	write(w, status, failure(kind, code, message))
}

func failure(kind, code, message string) []byte {
	body, err := json.Marshal(map[string]any{"error": map[string]string{"type": kind, "code": code, "message": message}})
	if err != nil {
		panic(err)
	}
	return body
}

// Event is a signed event about a refund, as it is sent: its body and its signature.
func (s *Server) Event(kind string, r Refund) (body []byte, signature string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.event(kind, r)
}

func (s *Server) event(kind string, r Refund) (body []byte, signature string) {
	s.events++
	body, err := json.Marshal(map[string]any{
		"id": fmt.Sprintf("evt_%06d", s.events), "object": "event", "type": kind, "created": s.now().Unix(),
		"api_version": "2026-03-25.dahlia", "livemode": false, "data": map[string]any{"object": r},
	})
	if err != nil {
		panic(err)
	}
	at := s.now()
	return body, fmt.Sprintf("t=%d,v1=%x", at.Unix(), webhook.ComputeSignature(at, body, s.secret))
}

// tell sends an event, as often as said, and waits for the answer.
func (s *Server) tell(kind string, r Refund, times int) error {
	if s.hook == "" {
		return nil
	}
	u, err := url.Parse(s.hook)
	if err != nil {
		return err
	}
	to, err := netip.ParseAddrPort(u.Host)
	if err != nil {
		return err
	}
	out := egress.New(egress.Options{Wall: func() civil.Instant { return civil.At(s.now()) }, Own: []netip.AddrPort{to}})
	body, signature := s.event(kind, r)
	for range times {
		_, err = out.Do(context.Background(), egress.Call{
			To: "hook", Method: http.MethodPost, URL: s.hook, Body: body, Header: map[string]string{"Stripe-Signature": signature},
		})
	}
	return err
}
