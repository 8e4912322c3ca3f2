package console

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/tracking"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

func parkedRoutes(c Config) []ui.Route {
	return []ui.Route{
		{Method: http.MethodGet, Path: "/console/parked", Access: ui.BySession, Needs: readWork, Summary: "Work that failed and waits, and what carriers sent that nobody understood", Serve: c.parked},
		{Method: http.MethodPost, Path: "/console/parked/reaction", Access: ui.BySession, Needs: replayWork, Summary: "Run a failed reaction again", Serve: c.replayReaction},
		{Method: http.MethodPost, Path: "/console/parked/errand", Access: ui.BySession, Needs: replayWork, Summary: "Put a failed errand back to work", Serve: c.replayErrand},
	}
}

// parkedPage is what waits for a person, before it is HTML.
type parkedPage struct {
	ui.Frame
	Done   string
	May    bool // replay
	Work   []parkedGroup
	Beyond string // that there is more than the page looked at
	Raw    []rawRow
	More   string // of what carriers sent
}

// parkedGroup is work that failed alike: one cause, one button.
type parkedGroup struct {
	Path, Button       string // where the button leads, and its words
	Room, Route, Error string // what failed: in words, by name, and how
	Like               string // what the button sends back
	Count              string
	Rows               []parkedRow
}

// parkedRow is one piece of it.
type parkedRow struct {
	About, Since string
	Order        string // path, when it is about one
}

// rawRow is one payload.
type rawRow struct {
	From, Received, Badge, Error, Body string
	Tone                               ui.Tone
}

// The bounds of the page: how much work it looks at, and how much of one kind it lists.
const (
	maxParked = 1000
	maxAlike  = 10
)

func (c Config) parked(r *http.Request) (a ui.Answer, err error) {
	p := parkedPage{Frame: frame(r, lang.T(ui.Reader(r), "console.nav_parked", nil)), May: staffOf(r).may(merchant.ReplayWork)}
	p.Done = done(r, p.Locale)
	err = c.see(r, func(tx *db.Tx, v visit) error {
		read := reading(r, tx.Now)
		for _, part := range []func(*db.Tx, ident.Merchant, ui.Reading) error{p.readReactions, p.readErrands} {
			if err := part(tx, v.Merchant, read); err != nil {
				return err
			}
		}
		return p.readRaw(tx, v.Merchant, read, ident.Raw(r.URL.Query().Get("after")))
	})
	return ui.Answer{Page: parkedView(p)}, err
}

// grouped sorts work by what failed and how, the oldest first.
func grouped[W any](all []W, kind func(W) (route, failure string)) (order []string, of map[string][]W) {
	of = map[string][]W{}
	for _, w := range all {
		route, failure := kind(w)
		key := likeness(route, failure)
		if _, seen := of[key]; !seen {
			order = append(order, key)
		}
		of[key] = append(of[key], w)
	}
	return order, of
}

// likeness is the same for work that failed in the same place with the same words,
// whatever it was about.
func likeness(route, failure string) string {
	return ident.Hash(route + "\n" + anID.ReplaceAllString(failure, "_"))
}

// anID is an id of any noun.
var anID = regexp.MustCompile(`\b[a-z]{3}_[0-9a-z]{26}\b`)

func kindOfReaction(w flow.Parked) (route, failure string)     { return w.Route, w.Error }
func kindOfErrand(w flow.ParkedErrand) (route, failure string) { return w.Kind, w.Error }

func (p *parkedPage) readReactions(tx *db.Tx, m ident.Merchant, read ui.Reading) error {
	all, err := flow.ParkedOf(tx, m, maxParked)
	if err != nil {
		return err
	}
	p.full(len(all))
	order, of := grouped(all, kindOfReaction)
	for _, key := range order {
		g := p.group(key, of[key][0].Route, of[key][0].Error, len(of[key]))
		g.Path, g.Button = "/console/parked/reaction", read.T("console.replay", nil)
		if g.Rows, err = reactionRows(tx, m, read, of[key][:min(len(of[key]), maxAlike)]); err != nil {
			return err
		}
		p.Work = append(p.Work, g)
	}
	return nil
}

func reactionRows(tx *db.Tx, m ident.Merchant, read ui.Reading, some []flow.Parked) (rows []parkedRow, err error) {
	ids := make([]ident.Fact, len(some))
	for i, w := range some {
		ids[i] = w.Fact
	}
	facts, err := flow.Facts(tx, m, ids)
	on := by(facts, func(f flow.Fact) ident.Fact { return f.ID })
	for _, w := range some {
		row := parkedRow{Since: read.When(w.Since, fact.Minute), About: string(w.Fact)}
		if f, known := on[w.Fact]; known {
			_, row.About = happened(read, f.Body)
			row.Order = ofAnOrder(f.Subject)
		}
		rows = append(rows, row)
	}
	return rows, err
}

func (p *parkedPage) readErrands(tx *db.Tx, m ident.Merchant, read ui.Reading) error {
	all, err := flow.ParkedErrandsOf(tx, m, maxParked)
	if err != nil {
		return err
	}
	p.full(len(all))
	order, of := grouped(all, kindOfErrand)
	for _, key := range order {
		g := p.group(key, of[key][0].Kind, of[key][0].Error, len(of[key]))
		g.Path, g.Button = "/console/parked/errand", read.T("console.ready", nil)
		p.Work = append(p.Work, g)
	}
	return nil
}

func (p *parkedPage) group(key, route, failure string, count int) parkedGroup {
	return parkedGroup{
		Room: roomWords(p.Locale, route), Route: route, Like: key, Error: failure, Count: lang.N(p.Locale, "console.pieces", count, nil),
	}
}

// roomWords is what a piece of work is about: the part of its name before the point.
func roomWords(loc lang.Locale, route string) string {
	room, _, _ := strings.Cut(route, ".")
	key, ok := map[string]string{
		"notify":   "console_room.notify",
		"remedy":   "console_room.remedy",
		"promise":  "console_room.promise",
		"tracking": "console_room.tracking",
		"order":    "console_room.order",
		"carrier":  "console_room.carrier",
		"lastmile": "console_room.lastmile",
	}[room]
	if !ok {
		return room
	}
	return lang.T(loc, key, nil)
}

// full notes that there may be more than the page looked at.
func (p *parkedPage) full(n int) {
	if n == maxParked {
		p.Beyond = lang.T(p.Locale, "console.more_parked", map[string]any{"Limit": maxParked})
	}
}

// ofAnOrder is the path of the order that a fact is about; empty when it is about
// something else.
func ofAnOrder(subject string) string {
	if !ident.Valid[ident.Order](subject) {
		return ""
	}
	return orderPath(ident.Order(subject))
}

func (p *parkedPage) readRaw(tx *db.Tx, m ident.Merchant, read ui.Reading, after ident.Raw) error {
	raws, err := tracking.RawUnread(tx, m, after, pageSize+1)
	if err != nil {
		return err
	}
	if len(raws) > pageSize {
		raws = raws[:pageSize]
		p.More = "/console/parked?after=" + string(raws[pageSize-1].ID)
	}
	connections, err := carrier.Connections(tx, m)
	from := by(connections, func(c carrier.Connection) ident.Connection { return c.ID })
	for _, raw := range raws {
		row := rawRow{
			From: from[raw.Connection].Name, Received: read.When(raw.Received, fact.Exact), Error: raw.Error, Body: excerpt(raw.Body),
			Tone: ui.Bad, Badge: read.T("console.raw_unread", nil),
		}
		if raw.State == tracking.Partly {
			row.Tone, row.Badge = ui.Care, read.T("console.raw_partly", nil)
		}
		p.Raw = append(p.Raw, row)
	}
	return err
}

// maxExcerpt is how much of a payload is shown, in bytes.
const maxExcerpt = 4000

// excerpt is the beginning of a payload, as far as it is text.
func excerpt(body []byte) string {
	cut := string(body[:min(len(body), maxExcerpt)])
	cut = strings.ToValidUTF8(cut, string(utf8.RuneError))
	if len(body) > maxExcerpt {
		cut += "…"
	}
	return cut
}

// replayReaction runs parked reactions that failed alike again. Those that fail
// again stay parked, and the reader is told so.
func (c Config) replayReaction(r *http.Request) (ui.Answer, error) {
	var all []flow.Parked
	err := c.see(r, func(tx *db.Tx, v visit) (err error) {
		all, err = flow.ParkedOf(tx, v.Merchant, maxParked)
		return err
	})
	if err != nil {
		return ui.Answer{}, err
	}
	_, of := grouped(all, kindOfReaction)
	ran, failed := 0, 0
	for _, w := range of[r.PostFormValue("like")] {
		switch err := c.Flow.Replay(r.Context(), flow.ByStaff(staffOf(r).Staff.ID), w); {
		case err == nil:
			ran++
		case gone(err):
		case c.Flow.DB().Passing(err) || r.Context().Err() != nil:
			return ui.Answer{}, err
		default:
			failed++
		}
	}
	switch {
	case failed > 0:
		return ui.Answer{To: "/console/parked?done=failed_again"}, nil
	case ran > 0:
		return ui.Answer{To: "/console/parked?done=replayed"}, nil
	}
	return ui.Answer{To: "/console/parked?done=gone"}, nil
}

// gone reports whether somebody else ran it meanwhile.
func gone(err error) bool {
	return slices.ContainsFunc(fault.All(err), func(f *fault.Error) bool { return f.Code == "nothing_parked" })
}

// replayErrand puts parked errands that failed alike back to work.
func (c Config) replayErrand(r *http.Request) (ui.Answer, error) {
	var all []flow.ParkedErrand
	err := c.see(r, func(tx *db.Tx, v visit) (err error) {
		all, err = flow.ParkedErrandsOf(tx, v.Merchant, maxParked)
		return err
	})
	if err != nil {
		return ui.Answer{}, err
	}
	_, of := grouped(all, kindOfErrand)
	done := "gone"
	for _, w := range of[r.PostFormValue("like")] {
		was, err := c.Flow.Ready(r.Context(), flow.ByStaff(staffOf(r).Staff.ID), w.Merchant, w.ID)
		if err != nil {
			return ui.Answer{}, err
		}
		if was {
			done = "readied"
		}
	}
	return ui.Answer{To: "/console/parked?done=" + done}, nil
}

// done is what the reader just did, in words; empty when nothing.
func done(r *http.Request, loc lang.Locale) string {
	key, ok := map[string]string{
		"replayed":           "console.done_replayed",
		"readied":            "console.done_readied",
		"gone":               "console.done_gone",
		"failed_again":       "console.done_failed_again",
		"missing":            "console.done_missing",
		"erased":             "erase_desk.done",
		"decline":            "demands.done",
		"brand":              "console.done_brand",
		"incident":           "incidents.done",
		"incident_changed":   "incidents.done_changed",
		"incident_released":  "incidents.done_released",
		"incident_refused":   "incidents.done_refused",
		"incident_code":      "incidents.done_code",
		"handed":             "handed.done",
		"taken_back":         "handed.done_back",
		"handed_answered":    "talks.done_answered",
		"template":           "templates.done",
		"template_restored":  "templates.restored",
		"hired":              "console.done_hired",
		"changed":            "console.done_changed",
		"dismissed":          "console.done_dismissed",
		"key":                "console.done_key",
		"revoked":            "console.done_revoked",
		"approved":           "console.done_approved",
		"declined":           "console.done_declined",
		"return_cancelled":   "console.done_return_cancelled",
		"lost":               "console.done_lost",
		"protested":          "console.done_protested",
		"stock":              "console.done_stock",
		"decided":            "console.done_decided",
		"decided_waiting":    "console.done_decided_waiting",
		"confirmed":          "console.done_confirmed",
		"dropped":            "console.done_dropped",
		"received":           "console.done_received",
		"inspected":          "console.done_inspected",
		"stray":              "console.done_stray",
		"refunded":           "console.done_refunded",
		"looked":             "console.done_looked",
		"claimed":            "console.done_claimed",
		"acknowledged":       "console.done_acknowledged",
		"answered":           "console.done_answered",
		"hook_changed":       "console.done_hook_changed",
		"hook_tested":        "console.done_hook_tested",
		"hook_woken":         "console.done_hook_woken",
		"hook_removed":       "console.done_hook_removed",
		"hook_replayed":      "console.done_hook_replayed",
		"terms":              "console.done_terms",
		"return_policy":      "console.done_return_policy",
		"notice":             "console.done_notice",
		"talk_answered":      "talks.done_answered",
		"talk_closed":        "talks.done_closed",
		"claim_sorted":       "claims.done_sorted",
		"claim_asked":        "claims.done_asked",
		"claim_evidence":     "claims.done_evidence",
		"claim_decided":      "claims.done_decided",
		"desk":               "desk_settings.done",
		"reply":              "desk_settings.done_reply",
		"reply_dropped":      "desk_settings.done_reply_dropped",
		"store":              "console.done_store",
		"store_closed":       "console.done_store_closed",
		"settled":            "console.done_settled",
		"clerk":              "counters.done_clerk",
		"clerk_left":         "counters.done_clerk_left",
		"clerk_pin":          "counters.done_pin",
		"clerk_device_out":   "counters.done_device_out",
		"opened":             "counters.done_opened",
		"courier":            "rounds.done_courier",
		"courier_left":       "rounds.done_courier_left",
		"courier_pin":        "counters.done_pin",
		"courier_device_out": "rounds.done_van_out",
		"rounds":             "rounds.done_rounds",
	}[r.URL.Query().Get("done")]
	if !ok {
		return ""
	}
	return lang.T(loc, key, nil)
}
