package console

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/shopper"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

func returnsRoutes(c Config) []ui.Route {
	const one = "/console/returns/{id}"
	post := func(path, needs, summary string, serve func(*http.Request) (ui.Answer, error)) ui.Route {
		return ui.Route{Method: http.MethodPost, Path: one + path, Access: ui.BySession, Needs: needs, Summary: summary, Serve: serve}
	}
	return []ui.Route{
		{Method: http.MethodGet, Path: "/console/returns", Access: ui.BySession, Needs: readOrders, Summary: "Returns: those that wait for a person, those that are late, all, or those found", Serve: c.returns},
		{Method: http.MethodGet, Path: one, Access: ui.BySession, Needs: readOrders, Summary: "A return with all that happened to it, and what may be done", Serve: c.sendback},
		{Method: http.MethodGet, Path: one + "/photo/{photo}", Access: ui.BySession, Needs: readOrders, Summary: "A photo that a return's page shows", Stream: c.returnPhoto},
		{Method: http.MethodGet, Path: one + "/file", Access: ui.BySession, Needs: readOrders, Summary: "All that is known of a return, for a mediator", Stream: c.mediationFile},
		post("/approve", giveBack, "Let a held return pass", c.approveReturn),
		post("/decline", giveBack, "Say no to a held return, with a reason", c.declineReturn),
		post("/cancel", placeOrders, "Take a return back before its deposit", c.cancelReturn),
		post("/protest", shipParcels, "Note that the carrier was told of articles that arrived damaged", c.protestReturn),
		post("/lost", shipParcels, "Give up a parcel that does not come", c.loseReturn),
		post("/stock", placeOrders, "Say whether the goods of an exchange are there", c.answerStock),
	}
}

// wantedReturns is what a reader wants of the list of returns.
type wantedReturns struct {
	query string
	show  string // "", overdue, damaged, all
	state returns.State
	after ident.Return
}

func wantedReturnsOf(r *http.Request) wantedReturns {
	q := r.URL.Query()
	w := wantedReturns{query: askedOf(r).query, show: q.Get("show"), state: returns.State(q.Get("state")), after: ident.Return(q.Get("after"))}
	if !slices.Contains(returns.States, w.state) {
		w.state = ""
	}
	if w.state != "" {
		w.show = "all"
	}
	if !slices.Contains([]string{"overdue", "damaged", "all"}, w.show) {
		w.show = ""
	}
	return w
}

// returns shows those that wait for somebody, the most urgent first; those that
// are late; all of them; or those found.
func (c Config) returns(r *http.Request) (a ui.Answer, err error) {
	want := wantedReturnsOf(r)
	p := newDesk(r, lang.T(ui.Reader(r), "returns_desk.title", nil))
	err = c.see(r, func(tx *db.Tx, v visit) error {
		if err := p.tabs(tx, v, "/console/returns"); err != nil {
			return err
		}
		found, next, err := want.read(tx, v.Merchant)
		if err != nil {
			return err
		}
		p.More = want.more(next)
		p.Rows, err = returnRows(tx, v.Merchant, reading(r, tx.Now), found)
		return err
	})
	p.Choices, p.Search = want.choices(p.Locale), want.search(p.Locale)
	p.Empty = lang.T(p.Locale, map[string]string{"": "returns_desk.none_waiting", "overdue": "returns_desk.none_overdue", "damaged": "protest.none", "all": "returns_desk.none"}[want.show], nil)
	if want.query != "" {
		p.Found, p.Empty = lang.N(p.Locale, "returns_desk.found", len(p.Rows), map[string]any{"Query": want.query}), ""
	}
	return ui.Answer{Page: deskView(p)}, err
}

// read gives the returns asked for, and where the next page begins, empty on the last.
func (w wantedReturns) read(tx *db.Tx, m ident.Merchant) (found []returns.Return, next ident.Return, err error) {
	switch {
	case w.query != "":
		found, err = searchReturns(tx, m, w.query)
		return found, "", err
	case w.show == "damaged":
		found, err = damaged(tx, m, w.after)
	case w.show == "all":
		found, err = returns.Newest(tx, m, w.state, w.after, pageSize+1)
	default:
		var last returns.Return
		if last, err = w.last(tx, m); err != nil {
			return nil, "", err
		}
		list := returns.Work
		if w.show == "overdue" {
			list = returns.Overdue
		}
		found, err = list(tx, m, last, pageSize+1)
	}
	if len(found) > pageSize {
		found = found[:pageSize]
		next = found[pageSize-1].ID
	}
	return found, next, err
}

// damaged are the returns of which a carrier can still be told, the most urgent first.
func damaged(tx *db.Tx, m ident.Merchant, after ident.Return) (found []returns.Return, err error) {
	last, _, err := returns.ProtestOf(tx, m, after)
	if err != nil {
		return nil, err
	}
	open, err := returns.OpenProtests(tx, m, last, pageSize+1)
	if err != nil {
		return nil, err
	}
	ids := make([]ident.Return, len(open))
	for i, p := range open {
		ids[i] = p.Return
	}
	of, err := returns.Many(tx, m, ids)
	for _, id := range ids {
		found = append(found, of[id])
	}
	return found, err
}

// last is the last return of the page before; zero at first, and when it is not there.
func (w wantedReturns) last(tx *db.Tx, m ident.Merchant) (returns.Return, error) {
	of, err := returns.Many(tx, m, []ident.Return{w.after})
	return of[w.after], err
}

// searchReturns finds returns by what people hold or read out: the number on a
// label, a counter's code, a proof, the return's or the order's own, the shopper's
// address, the number a carrier goes by.
func searchReturns(tx *db.Tx, m ident.Merchant, query string) ([]returns.Return, error) {
	found, err := returns.Find(tx, m, query)
	if err != nil || len(found) > 0 {
		return found, err
	}
	orders, err := search(tx, m, query)
	if err != nil {
		return nil, err
	}
	ids := make([]ident.Order, len(orders))
	for i, o := range orders {
		ids[i] = o.ID
	}
	of, err := returns.OfOrders(tx, m, ids)
	for _, id := range ids {
		found = append(found, of[id]...)
	}
	return found[:min(len(found), maxFound)], err
}

// returnRows puts returns into rows, with whose they are.
func returnRows(tx *db.Tx, m ident.Merchant, rd ui.Reading, all []returns.Return) (rows []deskRow, err error) {
	ids, orders, people := make([]ident.Return, len(all)), make([]ident.Order, len(all)), make([]ident.Shopper, len(all))
	for i, r := range all {
		ids[i], orders[i], people[i] = r.ID, r.Order, r.Shopper
	}
	placed, err := order.Many(tx, m, orders)
	if err != nil {
		return nil, err
	}
	who, err := shopper.Many(tx, m, people)
	if err != nil {
		return nil, err
	}
	decided, err := returns.Decisions(tx, m, ids)
	if err != nil {
		return nil, err
	}
	for _, r := range all {
		rows = append(rows, returnRow(rd, r, placed[r.Order].Reference, who[r.Shopper].Name, decided[r.ID]))
	}
	return rows, nil
}

func returnRow(rd ui.Reading, r returns.Return, reference, who string, decided []returns.Decision) deskRow {
	row := deskRow{
		Path: returnPath(r.ID), Title: reference, Who: who, Due: nextOf(rd, r), Badge: returnBadge(rd, r.State), Tone: returnTone(r, rd.Now),
		Small: strings.Join([]string{
			lang.N(rd.Locale, "returns_desk.units", r.Units, nil), routeWords(rd, r.Route), lang.Amount(rd.Locale, r.Value),
			rd.T("returns_desk.asked_on", map[string]any{"When": rd.When(r.Asked, fact.ADay)}),
		}, " · "),
	}
	if slices.ContainsFunc(decided, waitsForSecond) {
		row.Tone, row.Badge = ui.Care, rd.T("returns_desk.state_second", nil)
	}
	return row
}

func waitsForSecond(d returns.Decision) bool { return d.State == returns.Waiting }

func returnPath(id ident.Return) string { return "/console/returns/" + string(id) }

func (w wantedReturns) more(next ident.Return) string {
	if next == "" {
		return ""
	}
	q := url.Values{"after": {string(next)}}
	if w.show != "" {
		q.Set("show", w.show)
	}
	if w.state != "" {
		q.Set("state", string(w.state))
	}
	return "/console/returns?" + q.Encode()
}

func (w wantedReturns) choices(loc lang.Locale) (out []choice) {
	for _, show := range []struct{ name, words string }{
		{"", "returns_desk.show_waiting"}, {"overdue", "returns_desk.show_overdue"}, {"damaged", "protest.show"}, {"all", "returns_desk.show_all"},
	} {
		path := "/console/returns"
		if show.name != "" {
			path += "?show=" + show.name
		}
		out = append(out, choice{path, lang.T(loc, show.words, nil), w.query == "" && w.state == "" && w.show == show.name})
	}
	return out
}

func (w wantedReturns) search(loc lang.Locale) *searching {
	s := &searching{
		Path: "/console/returns", Query: w.query, Label: lang.T(loc, "returns_desk.search", nil), How: lang.T(loc, "returns_desk.search_how", nil),
		States: []option{{Words: lang.T(loc, "returns_desk.any_state", nil), Chosen: w.state == ""}},
	}
	for _, state := range returns.States {
		s.States = append(s.States, option{string(state), returnBadge(ui.Reading{Locale: loc}, state), state == w.state})
	}
	return s
}
