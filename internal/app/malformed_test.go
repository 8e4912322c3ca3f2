package app

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// entry is a route with what a good request of it holds.
type entry struct {
	method, pattern, path string
	api                   bool
	staff                 bool   // asked for in a session of the owner
	stream                bool   // no page: a calendar, events
	local                 bool   // only from this machine, and through no proxy
	body                  string // JSON
	form                  url.Values
}

// entries are all routes there are: operations and pages.
func (g *ground) entries() (es []entry) {
	for _, r := range g.app.API.Routes() {
		e := entry{method: r.Method, pattern: r.Path, path: g.path(r.Path), api: true}
		if r.Method == http.MethodPost || r.Method == http.MethodPut {
			e.body = "{}"
		}
		if good, known := g.goodBodies()[r.Method+" "+r.Path]; known {
			e.body = good
		}
		es = append(es, e)
	}
	for _, r := range g.app.shown {
		e := entry{method: r.Method, pattern: r.Path, path: g.path(r.Path), staff: r.Access == ui.BySession, stream: r.Stream != nil}
		e.local = strings.HasPrefix(r.Path, "/monde/") || r.Path == "/console/guest"
		if r.Method == http.MethodPost {
			e.form = g.goodForms()[r.Path]
		}
		es = append(es, e)
	}
	return es
}

// goodBodies are what operations ask for, by their route.
func (g *ground) goodBodies() map[string]string {
	s := g.sold
	return map[string]string{
		"POST /api/v1/quotes":                   quoteBody,
		"POST /api/v1/orders":                   fmt.Sprintf(orderShape, "M-1", s.token),
		"POST /api/v1/orders/{id}/cancel":       `{"by":"merchant"}`,
		"POST /api/v1/orders/{id}/parcels":      fmt.Sprintf(`{"carrier":%q,"number":"M-1","units":[{"line":%q,"units":1}]}`, s.carrier, s.Lines[0].ID),
		"POST /api/v1/orders/{id}/shortages":    fmt.Sprintf(`{"lines":[{"line":%q,"units":1}]}`, s.Lines[0].ID),
		"POST /api/v1/orders/{id}/early":        `{"at":"2026-11-03T09:00:00Z"}`,
		"POST /api/v1/parcels/{id}/legs":        fmt.Sprintf(`{"carrier":%q,"number":"L-1"}`, s.carrier),
		"POST /api/v1/events":                   fmt.Sprintf(`{"events":[{"tracking_number":%q,"status":"in_transit","code":"X","label":"Vu","occurred_at":"2026-11-02T05:00:00Z","zone":"Europe/Paris","location":"Lyon"}]}`, g.reference()),
		"POST /api/v1/inquiries/{id}/answer":    `{"answer":"Il repart demain."}`,
		"POST /api/v1/commitments/{id}/amend":   `{"day":"2026-11-20","asked_by":"shopper"}`,
		"PUT /api/v1/settings":                  `{"target":0.95,"risk_at":0.5}`,
		"POST /api/v1/stock-points":             `{"name":"Atelier","country":"FR","postcode":"69002","zone":"Europe/Paris","cutoffs":{"monday":"16:00"},"closures":["2026-12-25"]}`,
		"POST /api/v1/connections":              `{"adapter":"simulated","name":"Colis","zone":"Europe/Paris","grace_seconds":3600}`,
		"POST /api/v1/services":                 fmt.Sprintf(`{"carrier":%q,"name":"À domicile","mode":"home","countries":["FR"],"collects":["monday"],"delivers":["tuesday"],"region":"FR","standards":[{"days":1,"class":"elsewhere"}]}`, s.carrier),
		"PUT /api/v1/services/{id}/slots":       `{"windows":[{"weekday":"sunday","from":"02:00","until":"03:00","capacity":5}]}`,
		"POST /api/v1/tariffs":                  fmt.Sprintf(`{"service":%q,"price":{"minor":490,"currency":"EUR"}}`, s.service),
		"PUT /api/v1/policies/remedy":           `{"source":"1 +"}`,
		"POST /api/v1/grants":                   fmt.Sprintf(`{"grantee":%q,"scope":"read_reports"}`, g.shop.Merchant),
		"POST /api/v1/keys":                     `{"set":"viewer","label":"Une"}`,
		"POST /api/v1/browser-keys":             `{"label":"Boutique","origins":["https://boutique.example"]}`,
		"POST /api/v1/shoppers/{id}/invitation": "",
		"POST /api/v1/bounces":                  `{"message_id":"<a@example.com>","kind":"hard"}`,
	}
}

// goodForms are what pages send, by their path.
func (g *ground) goodForms() map[string]url.Values {
	line := string(g.sold.Lines[0].ID)
	buying := url.Values{
		"pays": {"FR"}, "cp": {"69003"}, "option": {"a.1.2"}, "name": {"Camille"}, "email": {"camille@example.com"}, "phone": {""}, "street": {"3 rue des Lilas"},
		"extra": {""}, "city": {"Lyon"}, "basket": {"HUI-050*1"}, "lang": {"fr"},
	}
	return map[string]url.Values{
		"/p/{token}/missing": {"what": {"missing"}, "after": {""}, "units[" + line + "]": {"1"}},
		"/p/{token}/early":   {"answer": {"yes"}},
		"/p/{token}/cancel":  {"code": {"123456"}},
		"/p/{token}/code":    {},
		"/lien/{token}":      {"locale": {"fr"}},
		"/suivi":             {"number": {g.reference()}, "postcode": {"69003"}, "shop": {"epicerie-bellecour"}},
		"/console/sign-in":   {"email": {"claire@example.com"}},
		"/console/guest":     {"shop": {string(g.shop.Merchant)}, "set": {"owner"}, "to": {"/console/board"}},

		"/console/sign-in/{token}":      {"shop": {string(g.shop.Merchant)}},
		"/console/account/shop":         {"shop": {string(g.shop.Merchant)}},
		"/console/orders/{id}/missing":  {"line:" + line: {"1"}, "after": {""}},
		"/console/parked/errand":        {"like": {"x"}},
		"/console/parked/reaction":      {"like": {"x"}},
		"/console/queue/{id}/reship":    {"number": {"R-1"}},
		"/console/queue/{id}/tell":      {},
		"/console/settings":             {"accent": {"#336699"}, "shown": {"Bellecour"}, "contact": {"a@example.com"}, "site": {"https://a.example"}, "do": {"try"}},
		"/console/settings/keys":        {"label": {"Boutique"}, "origins": {"https://a.example"}},
		"/console/settings/staff":       {"email": {"sam@example.com"}, "name": {"Sam"}, "set": {"viewer"}},
		"/console/settings/staff/{id}":  {"set": {"viewer"}},
		"/boutique/{shop}/panier":       {"article": {"HUI-050"}, "taille": {"HUI-050"}, "unites": {"1"}, "retirer": {""}, "suite": {"1"}},
		"/boutique/{shop}/livraison":    buying,
		"/boutique/{shop}/coordonnees":  buying,
		"/boutique/{shop}/verification": buying,
		"/boutique/{shop}/commande":     buying,
	}
}

// flood sends what is malformed and counts how it was answered.
type flood struct {
	*ground
	long     bool   // everything to everywhere, for a night
	seat     string // the owner's session
	sent     atomic.Int64
	mu       sync.Mutex
	statuses map[int]int
	kinds    map[string]bool // of malformed things, each once
}

// about notes a kind of malformed thing.
func (f *flood) about(kind string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.kinds[kind] = true
}

// message is a request as it goes over the wire.
type message struct {
	entry
	path, header, body string
	kind               string // of its body
}

// write is the message's bytes. What the header says itself is not said again.
func (f *flood) write(m message, n int64) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\n", m.method, m.path)
	says := func(name, value string) {
		if value != "" && !strings.Contains("\r\n"+m.header, "\r\n"+name+":") {
			fmt.Fprintf(&b, "%s: %s\r\n", name, value)
		}
	}
	says("Host", f.addr)
	if !m.local {
		says("X-Forwarded-For", fmt.Sprintf("10.%d.%d.%d", n>>16&255, n>>8&255, n&255))
	}
	if m.api {
		says("Authorization", "Bearer "+f.key)
		says("Idempotency-Key", fmt.Sprint("m-", n))
	}
	if m.staff {
		says("Cookie", f.session(m.entry))
	}
	says("Content-Type", m.kind)
	if m.method != http.MethodGet {
		says("Content-Length", fmt.Sprint(len(m.body)))
	}
	if m.header != "" {
		b.WriteString(m.header + "\r\n")
	}
	return b.String() + "\r\n" + m.body
}

// session is a session of the owner. The page that ends it gets one of its own.
func (f *flood) session(e entry) string {
	if strings.HasSuffix(e.pattern, "/leave") {
		return f.cookie(merchant.Owner)
	}
	return f.seat
}

// send sends a message on a connection of its own and looks at the answer.
func (f *flood) send(what string, m message) {
	n := f.sent.Add(1)
	a, text, err := f.talk(f.write(m, n), false)
	if err != nil {
		f.t.Errorf("%s %s, %s: no answer: %v", m.method, m.pattern, what, err)
		return
	}
	f.check(fmt.Sprintf("%s %s, %s", m.method, m.pattern, what), m.entry, a, text)
}

// talk gives the first answer to some bytes. When they are cut short, the program
// is told that nothing more comes.
func (f *flood) talk(bytes string, cut bool) (*http.Response, string, error) {
	method, _, _ := strings.Cut(bytes, " ")
	c, err := net.Dial("tcp", f.addr)
	if err != nil {
		return nil, "", err
	}
	defer func() { _ = c.Close() }()
	go func() {
		_, _ = io.WriteString(c, bytes) // who is refused early does not listen to the end
		if cut {
			_ = c.(*net.TCPConn).CloseWrite()
		}
	}()
	a, err := http.ReadResponse(bufio.NewReader(c), &http.Request{Method: method})
	if err != nil {
		return nil, "", err
	}
	if a.Header.Get("Content-Type") == "text/event-stream" { // it has no end
		return a, "", nil
	}
	text, err := io.ReadAll(a.Body)
	return a, string(text), err
}

// check insists on an answer that is no accident, and says what is wrong.
func (f *flood) check(what string, e entry, a *http.Response, text string) {
	f.mu.Lock()
	f.statuses[a.StatusCode]++
	f.mu.Unlock()
	kind := a.Header.Get("Content-Type")
	switch {
	case a.StatusCode >= 500:
		f.t.Errorf("%s: %d %.300s", what, a.StatusCode, text)
	case a.StatusCode < 400, a.Request.Method == http.MethodHead:
	case e.api && strings.HasPrefix(kind, "application/problem+json"):
		f.checkProblem(what, a.StatusCode, text)
	case strings.HasPrefix(kind, "text/html"):
		if !strings.Contains(text, "<h1") || strings.Contains(text, "goroutine") || strings.Contains(text, ".go:") {
			f.t.Errorf("%s: %d without a sentence: %.300s", what, a.StatusCode, text)
		}
	case kind == "" && a.StatusCode == http.StatusExpectationFailed, nobodys(a, text):
	case e.stream && kind == "text/plain; charset=utf-8": // a program reads it
	default:
		f.t.Errorf("%s: %d as %q: %.300s", what, a.StatusCode, kind, text)
	}
}

// nobodys reports whether an answer is net/http's own, to what never became a request.
func nobodys(a *http.Response, text string) bool {
	kind := a.Header.Get("Content-Type")
	switch a.StatusCode {
	case http.StatusBadRequest:
		return kind == "" && text == "" || kind == "text/plain; charset=utf-8" && strings.HasPrefix(text, "400 Bad Request")
	case http.StatusRequestHeaderFieldsTooLarge:
		return kind == "text/plain; charset=utf-8"
	}
	return false
}

// checkProblem insists on a code, a sentence, and a place where there is one.
func (f *flood) checkProblem(what string, status int, text string) {
	var p struct {
		Code, Detail string
		Status       int
		Errors       []struct{ Code, Field, Detail string }
	}
	if err := json.Unmarshal([]byte(text), &p); err != nil || p.Code == "" || p.Status != status || len(p.Detail) < 20 || strings.HasPrefix(p.Detail, "[") {
		f.t.Errorf("%s: %d %.300s", what, status, text)
		return
	}
	if status == http.StatusUnprocessableEntity && (len(p.Errors) == 0 || p.Errors[0].Field == "" && !slices.Contains(placeless, p.Code)) {
		f.t.Errorf("%s: %s does not say where: %.300s", what, p.Code, text)
	}
}

// placeless are the codes of what is wrong with no field in particular.
var placeless = []string{"query_invalid"}

// turn reports whether the i-th malformed thing is for the n-th place: one in so
// many, another one for each place. At night (make soak) all places get all.
func (f *flood) turn(i, n, of int) bool { return f.long || i%of == n%of }

// each does something for all routes, a few at a time.
func (f *flood) each(do func(entry)) {
	var all sync.WaitGroup
	places := make(chan struct{}, 4)
	for _, e := range f.entries() {
		places <- struct{}{}
		all.Go(func() {
			defer func() { <-places }()
			do(e)
		})
	}
	all.Wait()
}

// good is a message of a route with nothing wrong in it.
func good(e entry) message {
	m := message{entry: e, path: e.path}
	switch {
	case e.api && e.body != "":
		m.kind, m.body = "application/json", e.body
	case e.form != nil:
		m.kind, m.body = "application/x-www-form-urlencoded", e.form.Encode()
	}
	return m
}

// Whatever comes to whichever route is answered: no panic, no 5xx, words that say
// what to do. The corpus is malformed_corpus_test.go.
func TestWhateverComesIsAnswered(t *testing.T) {
	f := &flood{ground: openGround(t), statuses: map[int]int{}, kinds: map[string]bool{}, long: os.Getenv("PROMESSE_SOAK") != ""}
	f.seat = f.cookie(merchant.Owner)
	f.each(f.paths)
	f.each(f.queries)
	f.each(f.headers)
	f.each(f.bodies)
	f.each(f.forms)
	f.each(f.wires)
	t.Logf("%d kinds of malformed requests, %d requests to %d routes: %v", len(f.kinds), f.sent.Load(), len(f.entries()), f.statuses)
	if len(f.kinds) < 500 {
		t.Errorf("only %d kinds of malformed requests", len(f.kinds))
	}
	for _, word := range []string{"panic", "goroutine", "level=ERROR"} {
		if said := f.said.String(); strings.Contains(said, word) {
			at := strings.Index(said, word)
			t.Errorf("the program said %q: %.2000s", word, said[max(0, at-200):])
		}
	}
	for what, secret := range map[string]string{"link": strings.TrimPrefix(f.page(), "/p/"), "key": f.key, "session": f.seat, "sign-in link": string(f.guest)} {
		if strings.Contains(f.said.String(), secret) {
			t.Errorf("the program logs the %s", what)
		}
	}
	var after struct{ ID ident.Order }
	f.ask("GET", "/api/v1/orders/"+string(f.sold.ID), "", &after)
	if after.ID != f.sold.ID {
		t.Errorf("afterwards the order is %q", after.ID)
	}
}
