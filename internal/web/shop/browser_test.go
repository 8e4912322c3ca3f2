package shop_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/promesse-dev/promesse/internal/api"
	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/web/letters"
	"github.com/promesse-dev/promesse/internal/web/shop"
	"github.com/promesse-dev/promesse/internal/web/shop/catalogue"
	"github.com/promesse-dev/promesse/internal/web/webtest"
)

// street is the grocer, open for business, with the real API behind it.
type street struct {
	*webtest.Shop
	door http.Handler
	call func(*http.Request) (*http.Response, error) // the way to the API; tests may stand in it
	made []string                                    // calls that reached the API: "POST /api/v1/quotes"

	pages map[string]string // public keys of the shops' pages, by slug
}

const base = "http://127.0.0.1:8080"

func open(t *testing.T) *street {
	t.Helper()
	s := &street{Shop: webtest.Open(t)}
	inside, err := api.New(api.Config{
		Flow: s.Flow, Vault: s.Desk.Vault, Desk: s.Desk, Carriers: carrier.Registry{}, Base: base, Version: "test", Track: untracked,
		Invite: func(*flow.Tx, ident.Merchant, ident.Shopper, string) error { return nil },
		Writer: api.Writer{Keep: letters.Keep, Preview: letters.Preview},
	})
	if err != nil {
		t.Fatal(err)
	}
	secret := ""
	s.Do(s.ID, func(tx *flow.Tx) (err error) {
		_, secret, err = merchant.IssueKey(tx, s.ID, merchant.NewKey{Set: merchant.Developer, Label: "boutique"})
		return err
	})
	s.call = func(r *http.Request) (*http.Response, error) {
		s.made = append(s.made, r.Method+" "+r.URL.Path)
		out := httptest.NewRecorder()
		in := r.Clone(r.Context())
		in.RequestURI = r.URL.RequestURI()
		inside.ServeHTTP(out, in)
		return out.Result(), nil
	}
	s.door, err = shop.New(shop.Config{
		Shops: catalogue.All(), Base: base, Now: s.Flow.Clock().Now,
		Key:     func(string) string { return secret },
		PageKey: func(slug string) string { return s.pages[slug] },
		Call:    func(r *http.Request) (*http.Response, error) { return s.call(r) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// untracked is an API whose tracking no test here asks for.
func untracked(*db.Tx, ident.Link, lang.Locale) (api.Tracking, error) {
	return api.Tracking{}, errors.New("nobody tracks here")
}

// down is an API that nobody answers for.
func down(*http.Request) (*http.Response, error) { return nil, errors.New("connection refused") }

// refusing answers orders with a problem, and all else as before.
func (s *street) refusing(status int, problem string) func(*http.Request) (*http.Response, error) {
	real := s.call
	return func(r *http.Request) (*http.Response, error) {
		if r.URL.Path != "/api/v1/orders" {
			return real(r)
		}
		out := httptest.NewRecorder()
		out.WriteHeader(status)
		_, _ = out.WriteString(problem)
		return out.Result(), nil
	}
}

// orders counts what was sold.
func (s *street) orders() (n int) {
	s.T.Helper()
	for _, made := range s.made {
		if made == "POST /api/v1/orders" {
			n++
		}
	}
	return n
}

// browser is somebody at a door without script: cookies, links and forms. Two of
// its tabs share the cookies.
type browser struct {
	t       *testing.T
	door    http.Handler
	jar     map[string]string
	headers []string
}

func (s *street) browser(headers ...string) *browser {
	return &browser{t: s.T.(*testing.T), door: s.door, jar: map[string]string{}, headers: headers}
}

// tab is a page that lies open.
type tab struct {
	webtest.Answer
	b    *browser
	path string
}

func (b *browser) get(path string) tab {
	b.t.Helper()
	return b.follow(path, webtest.Get(b.t, b.door, path, b.sent()...))
}

func (b *browser) sent() []string {
	var cookies []string
	for name, value := range b.jar {
		cookies = append(cookies, name+"="+value)
	}
	slices.Sort(cookies)
	return append([]string{"Cookie", strings.Join(cookies, "; ")}, b.headers...)
}

// follow keeps the cookies of an answer and goes where it leads.
func (b *browser) follow(path string, a webtest.Answer) tab {
	b.t.Helper()
	for _, c := range (&http.Response{Header: a.Header}).Cookies() {
		if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || !strings.HasPrefix(path, c.Path) || len(c.Value) > 2100 {
			b.t.Errorf("cookie %s", c)
		}
		b.jar[c.Name] = c.Value
	}
	if to := a.Header.Get("Location"); a.Status == http.StatusSeeOther {
		return b.get(to)
	}
	return tab{a, b, path}
}

// send submits the form with a button on it, some fields changed: pairs of name
// and value. A button is told by its words.
func (p tab) send(button string, changes ...string) tab {
	p.b.t.Helper()
	f, ok := formOf(p.Body, button)
	if !ok {
		p.b.t.Fatalf("%s has no button %q:\n%s", p.path, button, p.One("main"))
	}
	for i := 0; i+1 < len(changes); i += 2 {
		if !f.fields.Has(changes[i]) {
			p.b.t.Fatalf("%s has no field %q: %v", p.path, changes[i], f.fields)
		}
		f.fields.Set(changes[i], changes[i+1])
	}
	if f.method != "post" {
		return p.b.get(f.action + "?" + f.fields.Encode())
	}
	return p.b.follow(f.action, webtest.Post(p.b.t, p.b.door, f.action, f.fields.Encode(), p.b.sent()...))
}

// form is what a browser would send.
type form struct {
	action, method string
	fields         url.Values
}

func formOf(body, button string) (f form, found bool) {
	root, err := html.Parse(strings.NewReader(body))
	if err != nil {
		return f, false
	}
	for n := range root.Descendants() {
		if n.Data != "form" {
			continue
		}
		if f, found = read(n, button); found {
			return f, true
		}
	}
	return f, false
}

func read(n *html.Node, button string) (f form, found bool) {
	f = form{attr(n, "action"), attr(n, "method"), url.Values{}}
	for c := range n.Descendants() {
		name, value := attr(c, "name"), attr(c, "value")
		switch {
		case c.Data == "button" && !found && strings.HasPrefix(strings.TrimSpace(words(c)), button) && attr(c, "aria-hidden") == "":
			found = true
			if to := attr(c, "formaction"); to != "" {
				f.action = to
			}
			if name != "" {
				f.fields.Set(name, value)
			}
		case c.Data == "input" && attr(c, "type") == "radio":
			if _, checked := has(c, "checked"); checked || !f.fields.Has(name) {
				f.fields.Set(name, value) // a person would pick one: the first
			}
		case c.Data == "input" && name != "":
			f.fields.Set(name, value)
		case c.Data == "option":
			if _, selected := has(c, "selected"); selected {
				f.fields.Set(attr(c.Parent, "name"), value)
			}
		}
	}
	return f, found
}

func words(n *html.Node) (s string) {
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			s += c.Data
		}
	}
	return s
}

func attr(n *html.Node, name string) string {
	value, _ := has(n, name)
	return value
}

func has(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

// webtestPost sends a form that no page shows.
func webtestPost(b *browser, path, form string) tab {
	b.t.Helper()
	return b.follow(path, webtest.Post(b.t, b.door, path, form, b.sent()...))
}

// placed reads the orders that the shop has now.
func (s *street) placed() (references []string) {
	s.T.Helper()
	err := s.Read(context.Background(), s.list(&references))
	if err != nil {
		s.T.Fatal(err)
	}
	return references
}
