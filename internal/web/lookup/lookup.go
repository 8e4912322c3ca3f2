// Package lookup is the page on which anybody who knows a parcel's number and
// its postcode is told its milestone and the day of it. A postcode is no secret
// and numbers follow one another, so nothing else is told: no name, no place, no
// shop, no carrier, no proof (security.md, S-05).
//
// Whatever does not match gets one answer, whether the number is unknown, the
// postcode another, the parcel another shop's or closed to more tries: the page
// says nothing about what exists. Tries that fail are counted (guard.go): by
// parcel, by the caller's network, and by shop, where they ring an alarm and
// close its parcels to look-ups for the day. The links in letters go on working.
//
// The package stores nothing beyond the process and acts on nothing.
package lookup

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/visitor"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// Config is what the page stands on.
type Config struct {
	Flow    *flow.Flow
	Base    string // address of the installation
	Proxies []netip.Prefix
	Log     *slog.Logger // nil discards
}

// site is the page, with what it counts.
type site struct {
	flow    *flow.Flow
	proxies []netip.Prefix
	guard   *guard
	pause   func(time.Duration)
}

// New opens the door.
func New(c Config) (*ui.Door, error) {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	s := &site{flow: c.Flow, proxies: c.Proxies, guard: newGuard(c.Flow, c.Log), pause: time.Sleep}
	return ui.NewDoor(ui.House{Base: c.Base, Log: c.Log, Passing: c.Flow.DB().Passing}, s.routes()...)
}

func (s *site) routes() []ui.Route {
	return []ui.Route{
		{Method: http.MethodGet, Path: "/suivi", Access: ui.Anybody, Summary: "A parcel's milestone, by number and postcode", Serve: s.ask},
		{Method: http.MethodPost, Path: "/suivi", Access: ui.Anybody, Summary: "A parcel's milestone, by number and postcode", Serve: s.answer},
	}
}

// page is the form, with what was found.
type page struct {
	ui.Frame
	Number, Postcode string // as typed
	Shop             string // whose page led here: nobody else's parcels are looked for; may be empty
	Found            *found
	None             []string // what is said when nothing matches
	Wrong            []wrong
}

// wrong is what is wrong with a field.
type wrong struct{ Field, Words string }

// found is all that is told of a parcel.
type found struct {
	Tone      ui.Tone
	Milestone string
	Day       string
}

// The bounds of what is read of a form, in characters.
const (
	maxNumber   = 100
	maxPostcode = 20
	maxShop     = 40
)

func form(r *http.Request) page {
	loc := ui.Reader(r)
	return page{
		Frame:    ui.Frame{Locale: loc, Title: lang.T(loc, "lookup.title", nil), Private: true, Look: look},
		Number:   clip(r.PostFormValue("number"), maxNumber),
		Postcode: clip(r.PostFormValue("postcode"), maxPostcode),
		Shop:     clip(r.FormValue("shop"), maxShop),
	}
}

// clip is what was typed, as far as it can be a number or a postcode.
func clip(text string, most int) string {
	text = strings.TrimSpace(strings.ToValidUTF8(text, ""))
	if utf8.RuneCountInString(text) > most {
		text = string([]rune(text)[:most])
	}
	return strings.ReplaceAll(text, "\x00", "")
}

// ask shows the form.
func (s *site) ask(r *http.Request) (ui.Answer, error) { return ui.Answer{Page: show(form(r))}, nil }

// beat is the rhythm of answers to what does not match. They leave at a whole
// number of beats after the question came, so that the clock does not tell a
// number that exists, for which there is more to read, from one that does not.
const beat = 50 * time.Millisecond

// rest is how long until the next beat.
func rest(since time.Duration) time.Duration { return beat - since%beat }

// answer tells the milestone of the parcel that matches, or that none does.
func (s *site) answer(r *http.Request) (ui.Answer, error) {
	began := time.Now()
	p := form(r)
	for _, f := range []struct{ id, value string }{{"number", p.Number}, {"postcode", p.Postcode}} {
		if f.value == "" {
			broken := fault.New(fault.Invalid, "field_required", f.id)
			p.Wrong = append(p.Wrong, wrong{f.id, lang.Fault(p.Locale, broken)})
		}
	}
	if len(p.Wrong) > 0 {
		return ui.Answer{Status: http.StatusUnprocessableEntity, Page: show(p)}, nil
	}
	from := visitor.Of(r, s.proxies)
	if wait := s.guard.wait(from); wait > 0 {
		return ui.Answer{}, fault.New(fault.TooMany, "lookups_exhausted", "", "wait", wait)
	}
	f, ok, err := s.find(r.Context(), from, query{p.Number, p.Postcode, ident.Merchant(p.Shop)})
	switch {
	case err != nil:
		return ui.Answer{}, err
	case !ok:
		s.pause(rest(time.Since(began)))
		p.None = []string{lang.T(p.Locale, "lookup.none", nil), lang.T(p.Locale, "lookup.none_why", nil)}
		return ui.Answer{Status: http.StatusNotFound, Page: show(p)}, nil
	}
	told := f.words(p.Locale)
	p.Found = &told
	return ui.Answer{Page: show(p)}, nil
}

// query is what somebody says to know.
type query struct {
	number, postcode string
	shop             ident.Merchant // empty: whosever
}

// find looks for the parcel, and counts a try that fails.
func (s *site) find(ctx context.Context, from netip.Addr, q query) (milestone, bool, error) {
	if err := s.guard.count(ctx); err != nil {
		return milestone{}, false, err
	}
	var of []candidate
	err := s.flow.Read(ctx, func(tx *db.Tx) (err error) {
		of, err = candidates(tx, q)
		return err
	})
	if err != nil {
		return milestone{}, false, err
	}
	for _, c := range of {
		if c.matches(q.postcode) && s.guard.opens(c.merchant, c.parcel.ID) {
			return c.milestone, true, nil
		}
	}
	s.guard.missed(from, of)
	return milestone{}, false, nil
}

// wrong is what is wrong with a field; empty: nothing.
func (p page) wrong(id string) string {
	for _, w := range p.Wrong {
		if w.Field == id {
			return w.Words
		}
	}
	return ""
}
