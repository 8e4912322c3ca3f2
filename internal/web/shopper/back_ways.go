package shopper

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	orders "github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/relay"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// waysPage lists the ways back, with all that is said before one is chosen.
type waysPage struct {
	ui.Frame
	Back    string
	Form    string // path of the last look
	Again   string // path of the first page, to change what comes back
	Here    string // path of this one, to look for points elsewhere
	Hidden  []hidden
	Said    []string // what comes back
	Notes   []string
	Ways    []wayRow
	Not     []notRow
	Settles []pick
	Swap    bool // an exchange is among them
	Around  string
	Where   string // where points were looked for; empty: nobody looked
	Locator string // path of the page that finds points; empty: none
	Wrong   []wrong
	Method  string
}

// wayRow is one way back.
type wayRow struct {
	Value, Name, How string
	Chosen           bool
	Facts            []pair
	Points           []pointRow
	Days             []pick // to be fetched on; empty: it is not fetched
	Cover            string // name of the choice of cover
	Covers           []pick // empty: there is none to buy
}

// pair is a name and what stands beside it.
type pair struct{ What, Value string }

// pointRow is a place where the parcel may be left.
type pointRow struct {
	Value, Name, Address, Distance, Open string
	Chosen                               bool
}

// notRow is a way that is not offered, why, and what is instead.
type notRow struct{ Name, Why, Instead string }

// offerWays lists the ways back of what is wanted.
func (s *site) offerWays(r *http.Request) (ui.Answer, error) {
	d, w, a, err := s.told(r)
	if err != nil || a != nil {
		return answered(a), err
	}
	return s.ways(r, d, w, nil)
}

// told reads a form that hands a wish on; an answer is what is shown instead when
// something is wrong with it.
func (s *site) told(r *http.Request) (d returning, w backWish, instead *ui.Answer, err error) {
	if d, err = s.returning(r); err != nil {
		return d, w, nil, err
	}
	w, faults, err := s.wish(r, d)
	if err != nil {
		return d, w, nil, err
	}
	if len(faults) == 0 && len(w.fresh) > 0 {
		kept := w
		err = s.flow.One(r.Context(), by, d.shop.ID, func(tx *flow.Tx) (err error) {
			kept, err = w.stored(tx, d.shop.ID)
			return err
		})
		w = kept
	}
	if len(faults) > 0 {
		a := s.askWrong(d, w, faults)
		instead = &a
	}
	return d, w, instead, err
}

func answered(a *ui.Answer) ui.Answer {
	if a == nil {
		return ui.Answer{}
	}
	return *a
}

// offered are the ways back of a wish, and the points near.
type offered struct {
	returns.Offered
	near  map[fact.Route][]relay.Found
	where string // empty: nobody looked
}

// offer asks the room for the ways back.
func (s *site) offer(tx *db.Tx, d returning, w backWish) (o offered, err error) {
	var near returns.Near
	if near, o.near, o.where, err = s.nearest(tx, d, w); err != nil {
		return o, err
	}
	o.Offered, err = s.back.office.Options(tx, d.shop.ID, w.wanted(d), near)
	return o, err
}

// ways answers the page of the ways back; wrong is what is wrong with the choice.
func (s *site) ways(r *http.Request, d returning, w backWish, wrongs fault.List) (ui.Answer, error) {
	var o offered
	err := s.flow.Read(r.Context(), func(tx *db.Tx) (err error) {
		o, err = s.offer(tx, d, w)
		return err
	})
	if all := refusals(err); all != nil {
		return s.askWrong(d, w, all), nil
	}
	if err != nil {
		return ui.Answer{}, err
	}
	p := s.waysPage(d, w, o)
	for _, f := range wrongs {
		p.Wrong = append(p.Wrong, wrong{"ways", d.sentence(f)})
	}
	a := ui.Answer{Page: backWays(p)}
	if len(wrongs) > 0 {
		a.Status = http.StatusUnprocessableEntity
	}
	return a, nil
}

func (s *site) waysPage(d returning, w backWish, o offered) waysPage {
	p := waysPage{
		Frame: d.frame(d.T("back.ways_title", nil)), Back: d.home(), Form: d.to("retour/resume"), Again: d.to("retour"), Here: d.to("retour/voies"),
		Hidden: s.hidden(d.order.ID, w), Said: d.said(w), Notes: d.notes(o.Offered), Around: w.around, Where: o.where, Locator: d.locator,
	}
	for _, option := range o.Options {
		p.Ways = append(p.Ways, d.way(option, o.near[option.Route], w))
		if option.Method != "" {
			p.Method = d.T("shop.method", map[string]any{"Method": option.Method})
		}
	}
	for _, h := range o.Hidden {
		row := notRow{Name: d.route(h.Route), Why: d.hiddenWhy(h.Code)}
		if len(h.Instead) > 0 {
			var names []string
			for _, r := range h.Instead {
				names = append(names, d.route(r))
			}
			row.Instead = d.T("back.instead", map[string]any{"Ways": strings.Join(names, ", ")})
		}
		p.Not = append(p.Not, row)
	}
	for i, settlement := range o.Settlements {
		p.Settles = append(p.Settles, pick{string(settlement), d.settlement(settlement), settlement == w.settle || w.settle == "" && i == 0})
		p.Swap = p.Swap || settlement == fact.Exchange
	}
	return p
}

// said is what comes back, line by line: "2 × Huile d'olive : abîmé à l'arrivée".
func (d returning) said(w backWish) (all []string) {
	for _, l := range d.lines {
		for _, i := range w.items {
			if i.line != l.ID || i.units == 0 {
				continue
			}
			reason := spoken(i.reason)
			for _, known := range d.can.Reasons {
				if known.Code == i.reason {
					reason = d.reason(known)
				}
			}
			all = append(all, d.T("back.said", map[string]any{"Units": i.units, "Name": l.Name, "Reason": reason}))
		}
	}
	return all
}

// notes are what holds for every way.
func (d returning) notes(o returns.Offered) (all []string) {
	args := map[string]any{"Amount": o.Value, "Shop": d.brand.Shown}
	all = append(all, d.T("back.value", args))
	switch o.Ground {
	case fact.ByConformity:
		all = append(all, d.T("back.ground_fault", args))
	case fact.ByWithdrawal, fact.ByPolicy:
		if o.Legal {
			all = append(all, d.T("back.ground_legal", args))
		}
	}
	if o.Approve != "" {
		all = append(all, d.T("back.looked_at", args))
	}
	peak := 0
	for _, option := range o.Options {
		peak = max(peak, option.Peak)
	}
	if peak > 0 {
		all = append(all, lang.N(d.Locale, "back.peak", peak, nil))
	}
	return all
}

// way is one way back in words.
func (d returning) way(o returns.Option, near []relay.Found, w backWish) wayRow {
	route, point := w.route()
	row := wayRow{Value: string(o.Route), Name: d.route(o.Route), How: d.routeHow(o.Route), Chosen: route == o.Route && point == ""}
	add := func(what, value string) { row.Facts = append(row.Facts, pair{what, value}) }
	price := d.T("back.free", nil)
	if o.Price.Minor > 0 {
		price = d.T("back.deducted", map[string]any{"Amount": o.Price})
	}
	add(d.T("back.price", nil), price)
	if o.Insured.Minor > 0 {
		add(d.T("back.insured", nil), lang.Amount(d.Locale, o.Insured))
	}
	if o.DepositBy != 0 {
		add(d.T("back.deposit_by", nil), d.Due(o.DepositBy))
	}
	if o.Most > 0 {
		add(d.T("back.transit", nil), d.T("back.working_days", map[string]any{"Least": o.Least, "Most": o.Most}))
	}
	refund := d.Due(o.RefundBy)
	if o.Route != fact.BackNotNeeded { // nothing is handed in
		refund = d.T("back.refund_today", map[string]any{"Due": refund})
	}
	add(d.T("back.refund_by", nil), refund)
	if o.High > 0 {
		add(d.T("back.carbon", nil), d.footprint(o))
	}
	row.Days = d.dayPicks(o.Pickups, w.pickup)
	row.Cover, row.Covers = coverField(o.Route), d.coverPicks(o, w)
	for _, f := range near {
		row.Points = append(row.Points, d.pointRow(o.Route, f, point))
	}
	return row
}

// dayPicks are the days to be fetched on.
func (d *lived) dayPicks(days []civil.Day, chosen string) (all []pick) {
	for _, day := range days {
		all = append(all, pick{day.String(), d.Day(day), day.String() == chosen})
	}
	return all
}

// coverPicks are the covers of a way: the one included first, and chosen unless the
// shopper chose another.
func (d returning) coverPicks(o returns.Option, w backWish) (all []pick) {
	if len(o.Covers) == 0 {
		return nil
	}
	included := d.T("back.cover_none", nil)
	if o.Insured.Minor > 0 {
		included = d.T("back.cover_included", map[string]any{"Cover": o.Insured})
	}
	none := true
	for _, k := range o.Covers {
		value := strconv.FormatInt(k.UpTo, 10)
		chosen := w.covers[o.Route] == value
		none = none && !chosen
		all = append(all, pick{value, d.T("back.cover_more", d.coverArgs(k)), chosen})
	}
	return append([]pick{{"", included, none}}, all...)
}

func (d returning) coverArgs(k returns.Cover) map[string]any {
	return map[string]any{"Cover": money.Of(k.UpTo, d.order.Currency), "Amount": money.Of(k.Price, d.order.Currency)}
}

// footprint is grams, and never an adjective.
func (d returning) footprint(o returns.Option) string {
	if o.Low == o.High {
		return d.T("shop.carbon", map[string]any{"Grams": int64(o.Low)})
	}
	return d.T("shop.carbon_car", map[string]any{"Grams": int64(o.Low), "ByCar": int64(o.High)})
}

func (d returning) pointRow(route fact.Route, f relay.Found, chosen ident.Point) pointRow {
	p := pointRow{
		Value: string(route) + "/" + string(f.ID), Name: f.Name, Address: f.Address(), Distance: d.far(f), Chosen: f.ID == chosen,
	}
	there := d.Reading
	if zone, err := civil.Zone(f.Zone); err == nil {
		there.Zone = zone
	}
	switch {
	case !f.Hours.Said():
		p.Open = d.T("locator.state_unsaid", nil)
	case f.OpenNow:
		p.Open = d.T("locator.state_open", map[string]any{"Until": there.When(f.Opens.Until, fact.Minute)})
	case f.Opens.From.IsZero():
		p.Open = d.T("locator.state_closed", nil)
	default:
		p.Open = d.T("locator.state_opens", map[string]any{"From": there.When(f.Opens.From, fact.Minute)})
	}
	return p
}

// far is how far a point is, as well as it is known. One that is known by its town
// alone stands where the town's centre does: in the same town that says nothing.
func (d *lived) far(f relay.Found) string {
	switch {
	case f.Located == relay.Exact:
		return d.metres(f.Metres)
	case f.Located == relay.ByCommune && f.Metres >= sameTown:
		return d.T("locator.about", map[string]any{"Distance": d.metres(f.Metres)})
	}
	return d.T("back.far_unknown", nil)
}

// nearPoints is how many points are shown a way, of lookedAt; one that does not
// open within maxHold is none. sameTown is in metres.
const (
	nearPoints = 3
	lookedAt   = 4 * nearPoints
	maxHold    = 14 * 24 * time.Hour
	sameTown   = 1_000
)

// nearestFirst are the points to show of those found, which come nearest first:
// where one is exactly is known of those that come first. One of the others stays
// in sight, for it may be the nearest.
func nearestFirst(all []relay.Found) []relay.Found {
	var known, about []relay.Found
	for _, f := range all {
		if f.Located == relay.Exact {
			known = append(known, f)
		} else {
			about = append(about, f)
		}
	}
	known = known[:min(len(known), nearPoints)]
	return append(known, about[:min(len(about), max(1, nearPoints-len(known)))]...)
}

// nearest looks for where a parcel may be left, by route. Where no network told
// of any point around, nobody looked.
func (s *site) nearest(tx *db.Tx, d returning, w backWish) (near returns.Near, found map[fact.Route][]relay.Found, where string, err error) {
	if s.back.points == nil {
		return nil, nil, "", nil
	}
	if err := s.back.points.Refresh(tx); err != nil {
		return nil, nil, "", err
	}
	at, where, ok := d.place(w.around)
	if !ok {
		return nil, nil, "", nil
	}
	near, found = returns.Near{}, map[fact.Route][]relay.Found{}
	load := d.loaded(w)
	load.Near, load.Now, load.Until, load.Limit, load.Service = at, d.Now, d.Now.Add(maxHold), lookedAt, relay.Send
	for route, q := range s.networks(tx, d, load) {
		all, left := s.back.points.Find(q)
		found[route] = nearestFirst(all)
		switch {
		case len(all) > 0:
			near[route] = all[0].Metres
		case len(left) == 0:
			near[route] = 0
		}
	}
	return near, found, where, nil
}

// networks is what is asked for each route that ends at a counter.
func (s *site) networks(tx *db.Tx, d returning, q relay.Query) map[fact.Route]relay.Query {
	all := map[fact.Route]relay.Query{}
	for _, route := range []fact.Route{fact.BackByRelay, fact.BackByPost} {
		c, err := carrier.Get(tx, d.shop.ID, d.conditions.Carriers[route])
		if err != nil {
			continue // no carrier for it: the room says so
		}
		of := q
		of.Networks = []string{c.Adapter}
		if route == fact.BackByPost {
			of.Kinds = []relay.Kind{relay.PostOffice}
		} else {
			of.Kinds = []relay.Kind{relay.Shop, relay.Locker}
		}
		all[route] = of
	}
	if d.conditions.Stores {
		of := q
		of.Networks, of.Owner, of.Kinds, of.Service = []string{string(d.shop.ID)}, d.shop.ID, []relay.Kind{relay.Store}, ""
		all[fact.BackToStore] = of
	}
	return all
}

// place is where points are looked for: what was typed, or where the order went.
func (d returning) place(around string) (geo.Point, string, bool) {
	ship := d.order.Ship
	if around != "" {
		spots := geo.Geocode(ship.Country, around)
		if len(spots) > 0 {
			return spots[0].Point, spots[0].Label, true
		}
	}
	at, _, ok := geo.Postcode(ship.Country, ship.Postcode)
	return at, ship.City, ok
}

// loaded is the parcel of a wish as points measure it.
func (d returning) loaded(w backWish) (q relay.Query) {
	for _, i := range w.items {
		n := slices.IndexFunc(d.lines, func(l orders.Line) bool { return l.ID == i.line })
		if n < 0 || i.units == 0 {
			continue
		}
		t := d.lines[n].Traits
		q.Grams += d.lines[n].Grams * i.units
		q.Longest = max(q.Longest, (max(t.Length, t.Width, t.Height)+9)/10)
		q.Sum = max(q.Sum, (t.Length+t.Width+t.Height+9)/10)
	}
	return q
}
