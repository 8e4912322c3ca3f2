package demo

import (
	"bytes"
	"errors"
	"io"
	"net/http"
)

// wire carries requests to a handler, in this goroutine.
type wire struct{ http.Handler }

// RoundTrip is http.RoundTripper.
func (w wire) RoundTrip(r *http.Request) (*http.Response, error) {
	in := r.Clone(r.Context())
	in.RequestURI, in.Host = r.URL.RequestURI(), r.URL.Host
	if in.Body == nil {
		in.Body = http.NoBody // as servers have it
	}
	a := &answer{header: http.Header{}, status: http.StatusOK}
	w.ServeHTTP(a, in)
	return &http.Response{
		Status: http.StatusText(a.status), StatusCode: a.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: a.header, Body: io.NopCloser(&a.body), ContentLength: int64(a.body.Len()), Request: r,
	}, nil
}

// mortal is a wire to the process of a simulation. What that says while it dies
// reaches nobody.
type mortal struct {
	wire
	dead     func() bool
	answered int
}

var errHungUp = errors.New("connection reset by peer")

// RoundTrip is http.RoundTripper.
func (m *mortal) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := m.wire.RoundTrip(r)
	if m.dead() {
		return nil, errHungUp
	}
	m.answered++
	return res, err
}

// answer is an http.ResponseWriter that keeps what is written.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *answer) Header() http.Header         { return a.header }
func (a *answer) WriteHeader(status int)      { a.status = status }
func (a *answer) Write(b []byte) (int, error) { return a.body.Write(b) }
