package story

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
)

// client speaks to the application as the outside does, with a key or without.
type client struct {
	handler http.Handler
	secret  string
	calls   int // of this story, so that each has an Idempotency-Key of its own
}

// object is JSON as it came.
type object = map[string]any

// call asks the API, and refuses an answer that is a refusal.
func (c *client) call(ctx context.Context, method, path string, body any) (out object, err error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	r := httptest.NewRequestWithContext(ctx, method, base+"/api/v1/"+path, bytes.NewReader(raw))
	r.Header.Set("Authorization", "Bearer "+c.secret)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept-Language", "en")
	if method == http.MethodPost && path != "events" {
		c.calls++
		r.Header.Set("Idempotency-Key", fmt.Sprint(c.secret[len(c.secret)-8:], c.calls))
	}
	w := httptest.NewRecorder()
	c.handler.ServeHTTP(w, r)
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil && w.Body.Len() > 0 {
		return nil, fmt.Errorf("%s %s answered %d: %.200s", method, path, w.Code, w.Body)
	}
	if w.Code >= 300 {
		return nil, fmt.Errorf("%s %s answered %d: %v", method, path, w.Code, refusal(out))
	}
	return out, nil
}

// refusal is what a problem says, rule by rule.
func refusal(problem object) string {
	var all []string
	for _, e := range list(problem, "errors") {
		all = append(all, fmt.Sprint(e["detail"]))
	}
	if len(all) == 0 {
		return fmt.Sprint(problem["detail"])
	}
	return strings.Join(all, " ")
}

// page reads a page as text, and posts a form to it when there is one.
func (c *client) page(ctx context.Context, address string, form url.Values) (status int, html string) {
	method, body := http.MethodGet, ""
	if form != nil {
		method, body = http.MethodPost, form.Encode()
	}
	r := httptest.NewRequestWithContext(ctx, method, address, strings.NewReader(body))
	r.Header.Set("Accept-Language", "fr")
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	w := httptest.NewRecorder()
	c.handler.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

// list reads a list of objects.
func list(o object, name string) (out []object) {
	all, _ := o[name].([]any)
	for _, v := range all {
		if one, ok := v.(object); ok {
			out = append(out, one)
		}
	}
	return out
}

// text reads a text; empty when there is none.
func text(o object, name string) string {
	s, _ := o[name].(string)
	return s
}

// number reads a number; 0 when there is none.
func number(o object, name string) int64 {
	f, _ := o[name].(float64)
	return int64(f)
}
