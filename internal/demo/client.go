package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// api is the application as somebody with a key sees it.
type api struct {
	Client *http.Client
	Base   string // scheme and host, without a slash at its end
	Key    string
}

// request is one call. Body is sent as it is; Once is its Idempotency-Key.
type request struct {
	method, path, once string
	body               json.RawMessage
}

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

// do makes a call and reads its answer into out, unless that is nil. The error
// is a *refusal, or errUnanswered.
func (a api) do(ctx context.Context, r request, out any) error {
	what := r.method + " " + r.path
	req, err := http.NewRequestWithContext(ctx, r.method, a.Base+"/api/v1"+r.path, bytes.NewReader(r.body))
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	req.Header.Set("Authorization", "Bearer "+a.Key)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept-Language", "en")
	if r.once != "" {
		req.Header.Set("Idempotency-Key", r.once)
	}
	res, err := a.Client.Do(req)
	if err != nil {
		return fmt.Errorf("%s: %w: %w", what, errUnanswered, err)
	}
	defer func() { _ = res.Body.Close() }()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return fmt.Errorf("%s: %w: %w", what, errUnanswered, err)
	}
	return read(what, res.StatusCode, answer, out)
}

// inProgress is what a copy of a call is told while the first one is under way.
const inProgress = "idempotency_in_progress"

func read(what string, status int, answer []byte, out any) error {
	if status < 300 {
		if out == nil || len(answer) == 0 {
			return nil
		}
		if err := json.Unmarshal(answer, out); err != nil {
			return fmt.Errorf("%s: answer %d: %w", what, status, err)
		}
		return nil
	}
	no := &refusal{Status: status, what: what}
	if err := json.Unmarshal(answer, no); err != nil {
		no.Detail = string(answer)
	}
	if status >= 500 || status == http.StatusTooManyRequests || no.Code == inProgress {
		return fmt.Errorf("%w: %w", errUnanswered, no)
	}
	return no
}
