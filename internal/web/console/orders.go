package console

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/shopper"
	"github.com/promesse-dev/promesse/internal/tracking"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

func ordersRoutes(c Config) []ui.Route {
	return []ui.Route{
		{Method: http.MethodGet, Path: "/console/orders", Access: ui.BySession, Needs: readOrders, Summary: "Orders, the newest first, or those found", Serve: c.orders},
		{Method: http.MethodGet, Path: "/console/orders/{id}", Access: ui.BySession, Needs: readOrders, Summary: "An order with all that happened to it, who and why", Serve: c.order},
		{Method: http.MethodPost, Path: "/console/orders/{id}/missing", Access: ui.BySession, Needs: shipParcels, Summary: "Declare units that will not be sent", Serve: c.declareMissing},
		{Method: http.MethodPost, Path: "/console/orders/{id}/decline", Access: ui.BySession, Needs: shipParcels, Summary: "Say that what a shopper demands will not be delivered", Serve: c.declineDelivery},
	}
}

// pageSize is how many rows a list shows.
const pageSize = 25

// maxFound bounds what a search shows.
const maxFound = 50

// ordersPage is the list before it is HTML.
type ordersPage struct {
	ui.Frame
	Query   string
	Found   string // how many, when something was looked for
	Choices []choice
	Rows    []orderRow
	More    string // path of the next page; empty on the last
}

// choice is one way to narrow a list.
type choice struct {
	Path, Words string
	Here        bool
}

// orderRow is one order in a list.
type orderRow struct {
	Path, Reference, Who, Placed, Value, Promise, Badge string
	Tone                                                ui.Tone
}

// promiseStates are those a list of orders may be narrowed to.
var promiseStates = []fact.State{"", fact.Open, fact.Kept, fact.Broken, fact.Void}

// asked is what a reader wants of the list.
type asked struct {
	query string
	state fact.State
	after string
}

func askedOf(r *http.Request) asked {
	q := r.URL.Query()
	a := asked{query: strings.TrimSpace(q.Get("q")), state: fact.State(q.Get("state")), after: q.Get("after")}
	if !slices.Contains(promiseStates, a.state) {
		a.state = ""
	}
	const enough = 300 // bytes: more than a reference, an address or a number has
	if len(a.query) > enough {
		a.query = strings.ToValidUTF8(a.query[:enough], "")
	}
	return a
}

// orders shows the newest orders, those whose promise is in a state, or those
// that a reference, an address or a parcel's number finds.
func (c Config) orders(r *http.Request) (a ui.Answer, err error) {
	want := askedOf(r)
	p := ordersPage{Frame: frame(r, lang.T(ui.Reader(r), "console.nav_orders", nil)), Query: want.query}
	err = c.see(r, func(tx *db.Tx, v visit) error {
		found, next, err := want.read(tx, v.Merchant)
		if err != nil {
			return err
		}
		rows, err := rowsOf(tx, v.Merchant, reading(r, tx.Now), found)
		p.Rows, p.More = rows, want.more(next)
		return err
	})
	p.Choices = want.choices(p.Locale)
	if want.query != "" {
		p.Found = lang.N(p.Locale, "console.found", len(p.Rows), map[string]any{"Query": want.query})
	}
	return ui.Answer{Page: ordersList(p)}, err
}

// read gives the orders asked for, and where the next page begins, empty on the last.
func (a asked) read(tx *db.Tx, m ident.Merchant) (found []order.Order, next string, err error) {
	switch {
	case a.query != "":
		found, err = search(tx, m, a.query)
		return found, "", err
	case a.state != "":
		return inState(tx, m, a.state, ident.Commitment(a.after))
	}
	found, err = order.List(tx, m, order.Page{After: ident.Order(a.after), Limit: pageSize + 1})
	if len(found) > pageSize {
		found = found[:pageSize]
		next = string(found[pageSize-1].ID)
	}
	return found, next, err
}

// inState gives the orders of the newest promises in a state. An order owes
// several, made one after the other: it is listed once.
func inState(tx *db.Tx, m ident.Merchant, s fact.State, after ident.Commitment) (found []order.Order, next string, err error) {
	owed, err := promise.List(tx, m, promise.Page{State: s, After: after, Limit: 3 * pageSize})
	if err != nil {
		return nil, "", err
	}
	var ids []ident.Order
	for i, c := range owed {
		if slices.Contains(ids, c.Order) {
			continue
		}
		if len(ids) == pageSize {
			next = string(owed[i-1].ID)
			break
		}
		ids = append(ids, c.Order)
	}
	if next == "" && len(owed) == 3*pageSize {
		next = string(owed[len(owed)-1].ID)
	}
	of, err := order.Many(tx, m, ids)
	for _, id := range ids {
		if o, known := of[id]; known {
			found = append(found, o)
		}
	}
	return found, next, err
}

// search finds orders by what people read out: the shop's reference, the
// shopper's address, a parcel's number.
func search(tx *db.Tx, m ident.Merchant, query string) (found []order.Order, err error) {
	if strings.Contains(query, "@") {
		who, known, err := shopper.ByEmail(tx, m, query)
		if err != nil || !known {
			return nil, err
		}
		return order.OfShopper(tx, m, who.ID, order.Page{Limit: maxFound})
	}
	for _, reference := range []string{query, strings.TrimPrefix(query, "#")} {
		o, known, err := order.ByReference(tx, m, reference)
		if err != nil {
			return nil, err
		}
		if known {
			return []order.Order{o}, nil
		}
	}
	return byNumber(tx, m, query)
}

func byNumber(tx *db.Tx, m ident.Merchant, number string) (found []order.Order, err error) {
	connections, err := carrier.Connections(tx, m)
	if err != nil {
		return nil, err
	}
	ids := make([]ident.Connection, len(connections))
	for i, c := range connections {
		ids[i] = c.ID
	}
	parcels, err := tracking.Under(tx, m, ids, number)
	if err != nil {
		return nil, err
	}
	boxes, err := order.ParcelsByID(tx, m, parcels[:min(len(parcels), maxFound)])
	if err != nil {
		return nil, err
	}
	var of []ident.Order
	for _, b := range boxes {
		of = append(of, b.Order)
	}
	known, err := order.Many(tx, m, of)
	for _, o := range known {
		found = append(found, o)
	}
	slices.SortFunc(found, func(a, b order.Order) int { return strings.Compare(string(b.ID), string(a.ID)) })
	return found, err
}

// rowsOf puts orders into rows, with where their promises stand.
func rowsOf(tx *db.Tx, m ident.Merchant, read ui.Reading, orders []order.Order) (rows []orderRow, err error) {
	ids, people := make([]ident.Order, len(orders)), make([]ident.Shopper, len(orders))
	for i, o := range orders {
		ids[i], people[i] = o.ID, o.Shopper
	}
	owed, err := promise.OfOrders(tx, m, ids)
	if err != nil {
		return nil, err
	}
	who, err := shopper.Many(tx, m, people)
	if err != nil {
		return nil, err
	}
	warned, err := warnedOf(tx, m, owed)
	if err != nil {
		return nil, err
	}
	for _, o := range orders {
		row := orderRow{
			Path: orderPath(o.ID), Reference: o.Reference, Who: who[o.Shopper].Name,
			Placed: read.When(o.Placed, fact.Minute), Value: lang.Amount(read.Locale, o.Value),
		}
		row.Tone, row.Badge, row.Promise = standing(read, o, owed[o.ID], warned)
		rows = append(rows, row)
	}
	return rows, nil
}

// warnedOf tells of which commitments somebody was warned.
func warnedOf(tx *db.Tx, m ident.Merchant, owed map[ident.Order][]promise.Commitment) (map[ident.Commitment][]promise.Warning, error) {
	var ids []ident.Commitment
	for _, cs := range owed {
		for _, c := range cs {
			ids = append(ids, c.ID)
		}
	}
	return promise.Warnings(tx, m, ids)
}

func orderPath(id ident.Order) string { return "/console/orders/" + string(id) }

// more is the path of the page that begins after next.
func (a asked) more(next string) string {
	if next == "" {
		return ""
	}
	q := url.Values{"after": {next}}
	if a.state != "" {
		q.Set("state", string(a.state))
	}
	return "/console/orders?" + q.Encode()
}

func (a asked) choices(loc lang.Locale) (out []choice) {
	words := map[fact.State]string{
		"":          "console.all",
		fact.Open:   "console.only_open",
		fact.Kept:   "console.only_kept",
		fact.Broken: "console.only_broken",
		fact.Void:   "console.only_void",
	}
	for _, s := range promiseStates {
		path := "/console/orders"
		if s != "" {
			path += "?state=" + string(s)
		}
		out = append(out, choice{path, lang.T(loc, words[s], nil), a.query == "" && s == a.state})
	}
	return out
}

// standing is where the promises of an order stand, in colour and words, and what
// is due.
func standing(r ui.Reading, o order.Order, owed []promise.Commitment, warned map[ident.Commitment][]promise.Warning) (t ui.Tone, badge, due string) {
	c, whole := promise.DeliveryOf(owed), promise.CompleteOf(owed)
	if c.ID != "" {
		due = r.T("console.promised_for", map[string]any{"Due": dueWords(r, c)})
	}
	switch {
	case o.State == order.Cancelled && c.State != fact.Broken:
		return ui.Mute, r.T("console.badge_cancelled", nil), due
	case c.ID == "":
		return ui.Mute, r.T("console.badge_none", nil), ""
	case c.State == fact.Broken:
		return ui.Bad, r.T("console.badge_broken", nil), due
	case whole.State == fact.Broken:
		return ui.Bad, r.T("console.badge_incomplete", nil), due
	}
	t, badge = stateWords(r, c, len(promise.Standing(warned[c.ID])) > 0)
	return t, badge, due
}

// stateWords is where one commitment stands.
func stateWords(r ui.Reading, c promise.Commitment, warned bool) (ui.Tone, string) {
	switch {
	case c.State == fact.Kept:
		return ui.Good, r.T("console.badge_kept", nil)
	case c.State == fact.Broken:
		return ui.Bad, r.T("console.badge_broken", nil)
	case c.State == fact.Void:
		return ui.Mute, r.T("console.badge_void", nil)
	case c.State == fact.Amended:
		return ui.Mute, r.T("console.badge_amended", nil)
	case c.Owed == fact.Complete:
		return ui.Calm, r.T("console.badge_open", nil)
	case r.Now >= c.Until:
		return ui.Care, r.T("console.badge_due", nil)
	case warned:
		return ui.Care, r.T("console.badge_risk", nil)
	default:
		return ui.Calm, r.T("console.badge_open", nil)
	}
}

// dueWords is what is due, in the destination's zone.
func dueWords(r ui.Reading, c promise.Commitment) string {
	r = at(r, c.Zone)
	if c.Owed != fact.DeliverInSlot {
		return r.Due(c.Until)
	}
	return r.T("console.slot", map[string]any{
		"Day": r.Day(c.From.Day(r.Zone)), "From": lang.Clock(r.Locale, c.From.In(r.Zone)), "Until": lang.Clock(r.Locale, c.Until.In(r.Zone)),
	})
}
