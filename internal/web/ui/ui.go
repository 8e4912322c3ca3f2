// Package ui is what all pages share: the frame around them, one hand-written
// style sheet, the headers they are served with, and the registry that makes
// every route say who may use it.
//
// The style sheet stands in each page, once, under its hash in the
// Content-Security-Policy; nothing else is loaded, and no script runs but the
// modules of ours that a page names. Colours are custom properties: light and
// dark, each pair of text and ground 4.5:1 or better, and one accent that a
// brand may replace, brought to that contrast by us.
//
// It stores nothing, reads no room, and knows no page's content.
package ui

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/lang"
)

//go:embed ui.css
var sheet string

// squeeze takes out of a style sheet what only its authors read. The sheet is
// ours, so no string in it holds a comment or matters for its spaces.
func squeeze(css string) string {
	var b strings.Builder
	for rest := css; rest != ""; {
		before, after, _ := strings.Cut(rest, "/*")
		b.WriteString(before)
		_, rest, _ = strings.Cut(after, "*/")
	}
	out := strings.Join(strings.Fields(b.String()), " ")
	out = strings.NewReplacer(" { ", "{", "{ ", "{", " {", "{", "; ", ";", ": ", ":", ", ", ",", " }", "}", "} ", "}").Replace(out)
	return strings.ReplaceAll(out, ";}", "}")
}

// icon is the mark in the browser's tab: a ring and its knot.
const icon = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E" +
	"%3Ccircle cx='16' cy='18' r='10' fill='none' stroke='%231d4e89' stroke-width='5'/%3E%3Ccircle cx='16' cy='6' r='5' fill='%23c2571a'/%3E%3C/svg%3E"

// Frame is what a page tells the frame around it.
type Frame struct {
	Locale  lang.Locale
	Title   string
	Brand   string // whose page it is: the shop's name
	Private bool   // for one reader: no copy is kept, no machine lists it
	Wide    bool   // a list rather than a text

	Look    *Look    // nil: the sheet of all pages alone
	Accent  string   // of the brand, #rrggbb; empty or illegible: ours
	Nav     []Link   // ways to other pages of the door
	Scripts []string // paths of modules of ours; the page works without them

	Manifest string   // path of what says how a browser installs the page; empty: it does not
	Speed    string   // what the page says of itself when it tells how fast it showed; empty: it does not
	Inside   bool     // for the shop's own people: nothing is said to shoppers
	Framed   bool     // it holds a frame with a document of ours, such as a letter
	Maps     []string // origins that a map on the page is drawn from; none: it has no map
}

// Link is a way to another page.
type Link struct {
	Path, Words string
	Here        bool // it is this page
}

// Access says who may use a route.
type Access string

// Who may use the pages that exist so far.
const (
	Anybody   Access = "anybody"
	ByLink    Access = "whoever holds the link"
	BySession Access = "staff signed in"
	ByDevice  Access = "a shared device that was let in"
	ByShift   Access = "somebody on a shift"
	ByShopper Access = "a shopper in their space"
)

// admitted reports whether somebody looks who asks: House.Admit.
func (a Access) admitted() bool {
	return a == BySession || a == ByDevice || a == ByShift || a == ByShopper
}

// Answer is a page to send, or the way to another.
type Answer struct {
	Status  int // 200 when zero
	Page    templ.Component
	Printed *Printed // instead of Page
	To      string   // go there instead (303 See Other)
	Cookies []*http.Cookie
	Within  bool // Page may stand in a frame of another page of ours
}

// Route is a path of a door.
type Route struct {
	Method, Path string
	Access       Access
	Needs        string // the permission asked of a session; empty: any will do
	Summary      string
	Serve        func(*http.Request) (Answer, error)
	Stream       http.HandlerFunc // instead of Serve, for what is no page: a calendar, a stream of events, a module
	Beginning    bool             // it takes what came of a form longer than we read, and reads the rest as left empty
	Files        int64            // it takes forms with files, of so many bytes in all; 0: it takes none
}

// House is what a door knows of the installation it opens into.
type House struct {
	Base    string           // address of the installation
	Log     *slog.Logger     // nil discards
	Passing func(error) bool // the machine's trouble, which may be over at the next try; nil: none is
	// Admit looks who asks for a route by session, device or shift, and puts it into the request's
	// context. What it answers instead, the way to the door where one signs in, is sent.
	Admit func(*http.Request, Route) (*http.Request, *Answer, error)
}

// Door serves routes as pages.
type Door struct {
	House
	mux    *http.ServeMux
	routes []Route
	always http.Header // of every answer
}

// NewDoor hangs routes on a mux, and refuses one that does not say who may use
// it.
func NewDoor(h House, routes ...Route) (*Door, error) {
	d := &Door{House: h, mux: http.NewServeMux(), routes: routes}
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	if d.Passing == nil {
		d.Passing = func(error) bool { return false }
	}
	same := http.NewCrossOriginProtection()
	same.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d.fail(w, r, fault.New(fault.Forbidden, "cross_site", ""))
	}))
	for _, r := range routes {
		if err := d.check(r); err != nil {
			return nil, err
		}
		d.mux.Handle(r.Method+" "+r.Path, same.Handler(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
			d.serve(w, req, r)
		})))
	}
	d.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		d.fail(w, r, fault.New(fault.NotFound, "not_found", ""))
	})
	d.always = headers(d.Base)
	return d, nil
}

func (d *Door) check(r Route) error {
	switch {
	case r.Access != Anybody && r.Access != ByLink && !r.Access.admitted():
		return fmt.Errorf("web: %s %s does not say who may use it", r.Method, r.Path)
	case r.Access.admitted() && d.Admit == nil:
		return fmt.Errorf("web: %s %s is for some, and nobody looks who they are", r.Method, r.Path)
	case (r.Serve == nil) == (r.Stream == nil):
		return fmt.Errorf("web: %s %s needs one handler", r.Method, r.Path)
	}
	return nil
}

// Routes lists what the door serves.
func (d *Door) Routes() []Route { return d.routes }

// ServeHTTP answers with a page, whatever happens inside.
func (d *Door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	maps.Copy(w.Header(), d.always)
	d.mux.ServeHTTP(w, r)
}

// headers are those of every answer of a door. Their values are shared: they are
// replaced, never changed.
func headers(base string) http.Header {
	h := http.Header{}
	h.Set("Content-Security-Policy", used{}.policy())
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	if strings.HasPrefix(base, "https:") {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
	return h
}

func (d *Door) serve(w http.ResponseWriter, req *http.Request, r Route) {
	defer d.recover(w, req)
	if r.Access != Anybody { // an address that is a secret, a page for one reader: kept nowhere, listed nowhere
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Robots-Tag", "noindex, nofollow, noarchive")
	}
	if err := readable(w, req, r); err != nil {
		d.fail(w, req, err)
		return
	}
	if req.MultipartForm != nil {
		defer func() { _ = req.MultipartForm.RemoveAll() }()
	}
	if r.Access.admitted() {
		admitted, instead, err := d.Admit(req, r)
		switch {
		case err != nil:
			d.fail(w, req, err)
			return
		case instead != nil:
			d.send(w, req, *instead)
			return
		}
		req = admitted
	}
	if r.Stream != nil {
		r.Stream(w, req)
		return
	}
	a, err := r.Serve(req)
	if err != nil {
		d.fail(w, req, err)
		return
	}
	d.send(w, req, a)
}

func (d *Door) recover(w http.ResponseWriter, r *http.Request) {
	p := recover()
	if p == nil {
		return
	}
	if p == http.ErrAbortHandler {
		panic(p)
	}
	d.fail(w, r, fmt.Errorf("panic: %v", p))
}

// send writes a page, whole or not at all.
func (d *Door) send(w http.ResponseWriter, r *http.Request, a Answer) {
	for _, c := range a.Cookies {
		http.SetCookie(w, c)
	}
	if a.To != "" {
		http.Redirect(w, r, a.To, http.StatusSeeOther)
		return
	}
	if a.Printed != nil {
		if err := a.Printed.send(w, r); err != nil {
			d.Log.Warn("page not written", "err", err)
		}
		return
	}
	var b bytes.Buffer
	ctx, parts := watched(r.Context())
	parts.within = a.Within
	if err := a.Page.Render(ctx, &b); err != nil {
		d.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Security-Policy", parts.policy())
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if a.Status != 0 {
		w.WriteHeader(a.Status)
	}
	if _, err := w.Write(b.Bytes()); err != nil {
		d.Log.Warn("page not written", "err", err)
	}
}

// statuses are those of the kinds of fault that a page can meet.
var statuses = map[fault.Kind]int{
	fault.Invalid:     http.StatusUnprocessableEntity,
	fault.NotFound:    http.StatusNotFound,
	fault.Conflict:    http.StatusConflict,
	fault.Forbidden:   http.StatusForbidden,
	fault.TooMany:     http.StatusTooManyRequests,
	fault.Unavailable: http.StatusServiceUnavailable,
}

// told is what a reader is told of an error, and its status. What is no fault is
// ours: it is logged and not shown. Addresses are secrets, so none is logged.
func (d *Door) told(r *http.Request, err error) (*fault.Error, int) {
	if status, known := statuses[fault.KindOf(err)]; known {
		return fault.All(err)[0], status
	}
	gone := r.Context().Err() != nil // nobody waits for the page any more
	if gone || d.Passing(err) {
		d.Log.Warn("page not served", "err", err)
		return fault.New(fault.Unavailable, "unavailable", ""), http.StatusServiceUnavailable
	}
	d.Log.Error("page failed", "err", err)
	return fault.New(fault.Internal, "internal", ""), http.StatusInternalServerError
}

// again is after how many seconds a page that could not be served is worth asking for.
const again = "2"

// fail sends a page that says what went wrong.
func (d *Door) fail(w http.ResponseWriter, r *http.Request, err error) {
	loc := Reader(r)
	f, status := d.told(r, err)
	var b bytes.Buffer
	ctx, parts := watched(context.WithoutCancel(r.Context())) // a page whose reader went away did not fail
	if err := wentWrong(loc, f).Render(ctx, &b); err != nil {
		d.Log.Error("page failed", "err", err)
	}
	w.Header().Set("Content-Security-Policy", parts.policy())
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", again)
	}
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes())
}

// wentWrong is the page that says what a fault means.
func wentWrong(loc lang.Locale, f *fault.Error) templ.Component {
	return oops(Frame{Locale: loc, Title: oopsTitle(loc, f.Kind), Private: true}, lang.Fault(loc, f))
}

func oopsTitle(loc lang.Locale, k fault.Kind) string {
	switch k {
	case fault.NotFound:
		return lang.T(loc, "page.not_found", nil)
	case fault.Conflict, fault.Invalid, fault.Forbidden:
		return lang.T(loc, "page.refused", nil)
	case fault.Unavailable, fault.TooMany:
		return lang.T(loc, "page.unavailable", nil)
	default:
		return lang.T(loc, "page.failed", nil)
	}
}

// Reader is the language of whoever reads a page that is not for one shopper.
func Reader(r *http.Request) lang.Locale {
	const enough = 200 // characters
	accept := r.Header.Get("Accept-Language")
	return lang.Match(accept[:min(len(accept), enough)], lang.French)
}

// Tone is how good a state is, for its colour; its words stand beside it.
type Tone string

// The tones.
const (
	Calm Tone = "calm" // under way
	Good Tone = "good"
	Care Tone = "care"
	Bad  Tone = "bad"
	Mute Tone = "mute" // nothing is owed any more
)

// mark is the sign beside the words of a tone.
func (t Tone) mark() string {
	return map[Tone]string{Calm: "→", Good: "✓", Care: "!", Bad: "✕", Mute: "–"}[t]
}
