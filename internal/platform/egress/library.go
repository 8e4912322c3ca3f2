package egress

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
)

// Library is an http.Client for somebody else's library that asks for one. Its
// calls go the way of Do: the same look at addresses, the same budgets, and the
// failures are counted by whom name says the request is for.
func (c *Client) Library(name func(*http.Request) string) *http.Client {
	return &http.Client{
		Transport:     passage{client: c, name: name},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// passage makes a call of a request, and a response of its answer.
type passage struct {
	client *Client
	name   func(*http.Request) string
}

// RoundTrip carries a request. Its body is read whole: what is sent here is small.
func (p passage) RoundTrip(r *http.Request) (*http.Response, error) {
	in := Call{To: p.name(r), Method: r.Method, URL: r.URL.String(), Header: map[string]string{}}
	for header := range r.Header {
		in.Header[header] = r.Header.Get(header)
	}
	if r.Body != nil {
		body, err := io.ReadAll(io.LimitReader(r.Body, MaxAnswer+1))
		if err == nil {
			err = r.Body.Close()
		}
		if err != nil {
			return nil, err
		}
		if in.Body = body; len(body) > MaxAnswer {
			return nil, ErrTooLarge
		}
	}
	a, err := p.client.Do(r.Context(), in)
	if err != nil {
		return nil, err
	}
	return &http.Response{
		Status: fmt.Sprintf("%d %s", a.Status, http.StatusText(a.Status)), StatusCode: a.Status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: a.Header,
		Body: io.NopCloser(bytes.NewReader(a.Body)), ContentLength: int64(len(a.Body)), Request: r,
	}, nil
}
