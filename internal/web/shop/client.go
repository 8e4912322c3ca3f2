package shop

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/promesse-dev/promesse/internal/core/lang"
)

// api is the public API as the server of a shop sees it.
type api struct {
	base, key string
	call      func(*http.Request) (*http.Response, error)
}

// The bounds of a call: nobody waits longer for a page, and no answer is larger.
const (
	patience = 8 * time.Second
	enough   = 1 << 20 // bytes
)

// errDown is a call of which nobody knows what became: making it again is safe,
// reads change nothing and orders have their reference.
var errDown = errors.New("the API does not answer")

// refusal is an answer that says no (RFC 9457).
type refusal struct {
	Status int
	Code   string   `json:"code"`
	Detail string   `json:"detail"`
	Errors []broken `json:"errors"`
}

// broken is a rule that the request breaks.
type broken struct {
	Code   string `json:"code"`
	Field  string `json:"field"`
	Detail string `json:"detail"`
}

// Error is for logs.
func (r *refusal) Error() string { return fmt.Sprintf("the API refuses: %d %s", r.Status, r.Code) }

// request is one call. Once is its Idempotency-Key.
type request struct {
	method, path, once string
	locale             lang.Locale
	body               any // nil: none
}

// do makes a call and reads its answer into out. The error is a *refusal, or errDown.
func (a api) do(ctx context.Context, r request, out any) error {
	ctx, done := context.WithTimeout(ctx, patience)
	defer done()
	req, err := a.request(ctx, r)
	if err != nil {
		return err
	}
	res, err := a.call(req)
	if err != nil {
		return fmt.Errorf("%w: %w", errDown, err)
	}
	defer func() { _ = res.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(res.Body, enough))
	if err != nil {
		return fmt.Errorf("%w: %w", errDown, err)
	}
	return read(res.StatusCode, answer, out)
}

func (a api) request(ctx context.Context, r request) (*http.Request, error) {
	var body []byte
	if r.body != nil {
		var err error
		if body, err = json.Marshal(r.body); err != nil {
			return nil, err
		}
	}
	req, err := http.NewRequestWithContext(ctx, r.method, a.base+"/api/v1"+r.path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+a.key)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept-Language", string(r.locale))
	if r.once != "" {
		req.Header.Set("Idempotency-Key", r.once)
	}
	return req, nil
}

// inProgress is what a copy of an order is told while the first is under way.
const inProgress = "idempotency_in_progress"

func read(status int, answer []byte, out any) error {
	if status < 300 {
		return json.Unmarshal(answer, out)
	}
	no := &refusal{Status: status}
	err := json.Unmarshal(answer, no)
	if err != nil || status >= 500 || status == http.StatusTooManyRequests || no.Code == inProgress {
		return fmt.Errorf("%w: %w", errDown, no)
	}
	return no
}
