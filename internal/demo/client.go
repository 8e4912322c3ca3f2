package demo

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
)

// api is the application as somebody with a key sees it.
type api struct {
	Client *http.Client
	Base   string // scheme and host, without a slash at its end
	Key    string
	mark   string
	hand   string // cookie of a shopper who proved their mailbox, or of a courier; empty: none
}

// request is one call. Body is sent as it is; Once is its Idempotency-Key.
type request struct {
	method, path, once string
	media              string // of the body; empty: JSON
	body               []byte
}

func (r request) String() string { return r.method + " " + r.path }

// refusal is an answer that says no: repeating the call would change nothing.
type refusal struct {
	Status int
	Code   string `json:"code"`
	Detail string `json:"detail"`
	what   string
}

// Error is for logs.
func (r *refusal) Error() string {
	return fmt.Sprintf("%s: %d %s: %s", r.what, r.Status, r.Code, r.Detail)
}

// errUnanswered is a call of which nobody knows what became: it must be made again.
var errUnanswered = errors.New("no answer")

// mark is the header by which the world tells its own requests from those of
// people: its value is known in this process alone.
const mark = "Promesse-World"

// do makes a call of the API and reads its answer into out, unless that is nil.
// The error is a *refusal, or errUnanswered.
func (a api) do(ctx context.Context, r request, out any) error {
	header := http.Header{
		"Authorization": {"Bearer " + a.Key}, "Content-Type": {cmp.Or(r.media, "application/json")}, "Accept-Language": {"en"},
	}
	if r.once != "" {
		header.Set("Idempotency-Key", r.once)
	}
	r.path = "/api/v1" + r.path
	body, err := a.send(ctx, r, header)
	if err != nil || out == nil || len(body) == 0 {
		return err
	}
	if err := json.Unmarshal(body, out); err != nil {
		return fmt.Errorf("%s: %w", r, err)
	}
	return nil
}

// visit opens a page, as a browser does, and answers what it shows.
func (a api) visit(ctx context.Context, path string) (string, error) {
	page, err := a.send(ctx, request{method: http.MethodGet, path: path}, http.Header{"Accept": {"text/html"}})
	return string(page), err
}

// fill sends a form of a page.
func (a api) fill(ctx context.Context, path string, form url.Values) error {
	header := http.Header{"Accept": {"text/html"}, "Content-Type": {"application/x-www-form-urlencoded"}}
	_, err := a.send(ctx, request{method: http.MethodPost, path: path, body: []byte(form.Encode())}, header)
	return err
}

// prove types a one-time code on a page, and answers the cookie that it earns; none
// where the code was wrong.
func (a api) prove(ctx context.Context, path, code string) (hand string, err error) {
	return a.earn(ctx, path, url.Values{"code": {code}})
}

// earn sends a form of a page, and answers the cookie that it earns.
func (a api) earn(ctx context.Context, path string, form url.Values) (hand string, err error) {
	alone := *a.Client
	alone.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	a.Client = &alone
	r := request{method: http.MethodPost, path: path, body: []byte(form.Encode())}
	res, body, err := a.call(ctx, r, http.Header{"Accept": {"text/html"}, "Content-Type": {"application/x-www-form-urlencoded"}})
	if err != nil {
		return "", err
	}
	for _, c := range res.Cookies() {
		hand = c.Name + "=" + c.Value
	}
	if res.StatusCode >= 400 {
		err = r.refused(res.StatusCode, body)
	}
	return hand, err
}

// by is the application as a browser sees it that keeps such a cookie.
func (a api) by(hand string) api {
	a.hand = hand
	return a
}

// send makes a call and answers what came back.
func (a api) send(ctx context.Context, r request, header http.Header) ([]byte, error) {
	res, body, err := a.call(ctx, r, header)
	switch {
	case err != nil:
		return nil, err
	case res.StatusCode < 300:
		return body, nil
	}
	return nil, r.refused(res.StatusCode, body)
}

// call makes a call. The error is errUnanswered.
func (a api) call(ctx context.Context, r request, header http.Header) (*http.Response, []byte, error) {
	req, err := http.NewRequestWithContext(ctx, r.method, a.Base+r.path, bytes.NewReader(r.body))
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", r, err)
	}
	req.Header = header
	req.Header.Set(mark, a.mark)
	if a.hand != "" {
		req.Header.Set("Cookie", a.hand)
	}
	res, err := a.Client.Do(req)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w: %w", r, errUnanswered, err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w: %w", r, errUnanswered, err)
	}
	return res, body, nil
}

// inProgress is what a copy of a call is told while the first one is under way.
const inProgress = "idempotency_in_progress"

// refused is what an answer that says no means.
func (r request) refused(status int, body []byte) error {
	no := &refusal{Status: status, what: r.String()}
	if err := json.Unmarshal(body, no); err != nil {
		no.Detail = string(body[:min(len(body), 200)])
	}
	if status >= 500 || status == http.StatusTooManyRequests || no.Code == inProgress {
		return fmt.Errorf("%w: %w", errUnanswered, no)
	}
	return no
}
