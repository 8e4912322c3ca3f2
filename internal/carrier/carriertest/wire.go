package carriertest

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/platform/egress"
)

// Wire carries requests to a simulator, remembers them, and spoils answers.
type Wire struct {
	To http.Handler
	// Spoil changes what comes back, after the carrier did what it was asked.
	Spoil func(r *http.Request, a Answer) (Answer, error)

	mu   sync.Mutex
	sent []Sent
}

// Sent is a request as it went out.
type Sent struct {
	Method, URL string
	Header      http.Header
	Body        []byte
}

// Answer is what the carrier says.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// ErrCut is a connection that broke after the request was heard.
var ErrCut = errors.New("connection reset by peer")

// Client is the way out over the wire.
func (w *Wire) Client(wall func() civil.Instant) *egress.Client {
	return egress.New(egress.Options{Wall: wall, Transport: w})
}

// Sent gives the requests so far.
func (w *Wire) Sent() []Sent {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.sent)
}

// RoundTrip is http.RoundTripper.
func (w *Wire) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	w.sent = append(w.sent, Sent{r.Method, r.URL.String(), r.Header.Clone(), body})
	spoil := w.Spoil
	w.mu.Unlock()
	in := r.Clone(r.Context())
	in.Body, in.RequestURI, in.Host = io.NopCloser(bytes.NewReader(body)), r.URL.RequestURI(), r.URL.Host
	rec := httptest.NewRecorder()
	w.To.ServeHTTP(rec, in)
	a := Answer{rec.Code, rec.Header(), rec.Body.Bytes()}
	if spoil != nil {
		if a, err = spoil(r, a); err != nil {
			return nil, err
		}
	}
	return &http.Response{StatusCode: a.Status, Header: a.Header, Body: io.NopCloser(bytes.NewReader(a.Body)), Request: r}, nil
}
