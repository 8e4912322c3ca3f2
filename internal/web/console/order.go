package console

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	helpdesk "github.com/promesse-dev/promesse/internal/desk"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/relay"
	"github.com/promesse-dev/promesse/internal/remedy"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/shopper"
	"github.com/promesse-dev/promesse/internal/tracking"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// lived is an order with all that belongs to it, read in one snapshot.
type lived struct {
	ui.Reading
	order     order.Order
	point     relay.Point // where it is collected; its ID is empty when nobody chose
	lines     []order.Line
	who       shopper.Contact
	owed      []promise.Commitment
	warnings  map[ident.Commitment][]promise.Warning
	verdicts  map[ident.Commitment][]promise.Verdict
	remedies  []remedy.Remedy
	shortages []order.Shortage
	unsent    map[ident.Line]int
	parcels   []order.Parcel
	stories   map[ident.Parcel]tracking.Story
	events    []tracking.Event
	messages  []notify.Message
	carriers  map[ident.Connection]carrier.Connection
	services  map[ident.Service]carrier.Service
	facts     []flow.Fact
	causes    map[ident.Fact]flow.Fact
	staff     map[ident.Staff]merchant.Staff
	keys      map[ident.Key]string
}

func readOrder(tx *db.Tx, m ident.Merchant, id ident.Order, read ui.Reading) (d *lived, err error) {
	d = &lived{Reading: read}
	if d.order, err = order.Get(tx, m, id); err != nil {
		return d, err
	}
	if d.order.Point != "" {
		if d.point, err = relay.Get(tx, d.order.Point); err != nil {
			return d, err
		}
	}
	for _, part := range []func(*db.Tx, ident.Merchant) error{d.readGoods, d.readPromises, d.readParcels, d.readFacts, d.readActors} {
		if err := part(tx, m); err != nil {
			return d, err
		}
	}
	return d, nil
}

func (d *lived) readGoods(tx *db.Tx, m ident.Merchant) (err error) {
	if d.lines, err = order.Lines(tx, m, d.order.ID); err != nil {
		return err
	}
	short, err := order.Shortages(tx, m, []ident.Order{d.order.ID})
	if err != nil {
		return err
	}
	d.shortages = short[d.order.ID]
	if d.unsent, err = order.Unsent(tx, m, d.order.ID); err != nil {
		return err
	}
	d.who, err = shopper.Get(tx, m, d.order.Shopper)
	return err
}

func (d *lived) readPromises(tx *db.Tx, m ident.Merchant) error {
	ids := []ident.Order{d.order.ID}
	owed, err := promise.OfOrders(tx, m, ids)
	if err != nil {
		return err
	}
	d.owed = owed[d.order.ID]
	if d.warnings, err = warnedOf(tx, m, owed); err != nil {
		return err
	}
	d.verdicts = map[ident.Commitment][]promise.Verdict{}
	for _, c := range d.owed {
		if d.verdicts[c.ID], err = promise.Verdicts(tx, m, c.ID); err != nil {
			return err
		}
	}
	remedies, err := remedy.OfOrders(tx, m, ids)
	if err != nil {
		return err
	}
	d.remedies = remedies[d.order.ID]
	messages, err := notify.OfOrders(tx, m, ids)
	d.messages = messages[d.order.ID]
	return err
}

func (d *lived) readParcels(tx *db.Tx, m ident.Merchant) error {
	of, err := order.Parcels(tx, m, []ident.Order{d.order.ID})
	if err != nil {
		return err
	}
	d.parcels = of[d.order.ID]
	ids := make([]ident.Parcel, len(d.parcels))
	for i, p := range d.parcels {
		ids[i] = p.ID
	}
	if d.stories, err = tracking.Stories(tx, m, ids); err != nil {
		return err
	}
	if d.events, err = tracking.Events(tx, m, ids); err != nil {
		return err
	}
	connections, err := carrier.Connections(tx, m)
	d.carriers = by(connections, func(c carrier.Connection) ident.Connection { return c.ID })
	if err != nil {
		return err
	}
	services, err := carrier.Services(tx, m)
	d.services = by(services, func(s carrier.Service) ident.Service { return s.ID })
	return err
}

// readFacts reads the order's facts, and those that they follow from though they
// are about something else.
func (d *lived) readFacts(tx *db.Tx, m ident.Merchant) (err error) {
	if d.facts, err = flow.Timeline(tx, m, string(d.order.ID)); err != nil {
		return err
	}
	d.causes = by(d.facts, func(f flow.Fact) ident.Fact { return f.ID })
	var elsewhere []ident.Fact
	for _, f := range d.facts {
		if _, here := d.causes[f.Cause]; !here && f.Cause != "" {
			elsewhere = append(elsewhere, f.Cause)
		}
	}
	more, err := flow.Facts(tx, m, elsewhere)
	for _, f := range more {
		d.causes[f.ID] = f
	}
	return err
}

// readActors reads whose names stand behind the facts.
func (d *lived) readActors(tx *db.Tx, m ident.Merchant) (err error) {
	var people []ident.Staff
	for _, f := range d.facts {
		if id, is := staffBehind(f.Actor); is {
			people = append(people, id)
		}
	}
	if d.staff, err = merchant.Colleagues(tx, m, people); err != nil {
		return err
	}
	keys, err := merchant.Keys(tx, m)
	d.keys = map[ident.Key]string{}
	for _, k := range keys {
		d.keys[k.ID] = k.Label
	}
	return err
}

// by keys a list.
func by[K comparable, V any](all []V, key func(V) K) map[K]V {
	of := make(map[K]V, len(all))
	for _, v := range all {
		of[key(v)] = v
	}
	return of
}

// orderPage is an order before it is HTML.
type orderPage struct {
	ui.Frame
	Path     string
	Badge    string
	Tone     ui.Tone
	Facts    []pair // who bought, when, for how much, where it goes
	Email    string
	Shopper  string // address of the shopper's own page; only in the demo
	Erase    string // path of the page on erasing the shopper; empty: they are, or this reader may not
	Promises []promiseBox
	Parcels  []parcelBox
	Lines    []lineRow
	Delivery string
	Total    string
	Short    []string // what was declared missing
	Declare  bool     // units may still be declared missing, by this reader
	Wrong    string   // why the last declaration was refused
	Remedies []remedyBox
	Returns  []deskRow
	Talks    []deskRow
	Changes  []changeRow
	Demands  []demandBox // one at most
	Messages []messageRow
	Timeline []moment
	Times    string
	Done     string // what was just done
	LastSaid string // the last shortage that the form knows of
}

// pair is a name and what it is.
type pair struct{ Name, Value string }

// parcelBox is one parcel.
type parcelBox struct {
	Title, Carried, Status, News string
	Tone                         ui.Tone
	Disputes                     []string
}

// lineRow is one article.
type lineRow struct {
	ID, Name, Units, Amount, SKU string
	Left                         int // units that may still be declared missing
}

func (c Config) order(r *http.Request) (a ui.Answer, err error) {
	p, err := c.orderPage(r)
	return ui.Answer{Page: orderView(p)}, err
}

func (c Config) orderPage(r *http.Request) (p orderPage, err error) {
	err = c.see(r, func(tx *db.Tx, v visit) error {
		d, err := readOrder(tx, v.Merchant, ident.Order(r.PathValue("id")), reading(r, tx.Now))
		if err != nil {
			return err
		}
		p = d.page(frame(r, d.T("console.order_title", map[string]any{"Reference": d.order.Reference})))
		p.Declare = v.may(merchant.ShipParcels) && slices.ContainsFunc(p.Lines, func(l lineRow) bool { return l.Left > 0 })
		p.Done = done(r, p.Locale)
		if d.mayErase(v) {
			p.Erase = erasePath(d.order.ID)
		}
		if c.Page != nil {
			p.Shopper = c.Page(d.order.ID)
		}
		backs, err := returns.OfOrders(tx, v.Merchant, []ident.Order{d.order.ID})
		if err != nil {
			return err
		}
		if p.Returns, err = returnRows(tx, v.Merchant, d.Reading, backs[d.order.ID]); err != nil {
			return err
		}
		if p.Changes, err = d.changeRows(tx, v.Merchant); err != nil {
			return err
		}
		if p.Demands, err = demandOf(tx, v.Merchant, d.Reading, d.order, v); err != nil {
			return err
		}
		talks, err := helpdesk.OfOrders(tx, v.Merchant, []ident.Order{d.order.ID})
		if err != nil {
			return err
		}
		claims, err := helpdesk.ClaimsOf(tx, v.Merchant, []ident.Order{d.order.ID})
		if err != nil {
			return err
		}
		if p.Talks, err = claimRows(tx, v.Merchant, d.Reading, claims[d.order.ID]); err != nil {
			return err
		}
		asked, err := talkRows(tx, v.Merchant, d.Reading, talks[d.order.ID])
		p.Talks = append(p.Talks, asked...)
		return err
	})
	return p, err
}

func (d *lived) page(f ui.Frame) orderPage {
	p := orderPage{
		Frame: f, Path: orderPath(d.order.ID), Email: d.who.Email, Facts: d.summary(), Lines: d.goods(),
		Delivery: lang.Amount(d.Locale, d.order.Delivery), Total: lang.Amount(d.Locale, d.order.Value),
		Promises: d.promises(), Remedies: d.repairs(), Timeline: d.timeline(), Short: d.short(),
		Times: d.T("console.times", map[string]any{"Zone": lang.Zone(d.Locale, d.Zone.String())}),
	}
	p.Tone, p.Badge, _ = standing(d.Reading, d.order, d.owed, d.warnings)
	for _, parcel := range d.parcels {
		p.Parcels = append(p.Parcels, d.parcel(parcel))
	}
	for _, m := range slices.Backward(d.messages) {
		p.Messages = append(p.Messages, messageRowOf(d.Reading, m, d.who.Name, d.messages))
	}
	for _, s := range slices.Backward(d.shortages) {
		if s.By == fact.ByMerchant {
			p.LastSaid = string(s.ID)
			break
		}
	}
	return p
}

func (d *lived) summary() []pair {
	a := d.order.Ship
	where, who := a.Street+", "+a.Postcode+" "+a.City+" ("+a.Country+")", cmp.Or(d.who.Name, d.who.Email)
	if who == "" {
		where, who = d.T("console_happened.erased", nil), d.T("console_happened.erased", nil)
	}
	pairs := []pair{
		{d.T("console.bought_by", nil), who},
		{d.T("console.bought_at", nil), d.When(d.order.Placed, fact.Minute)},
		{d.T("console.goes_to", nil), where},
	}
	if d.point.ID != "" {
		pairs = append(pairs, pair{d.T("console.collected_at", nil), d.point.Name + ", " + d.point.Address()})
	}
	if s, known := d.services[d.order.Service]; known {
		pairs = append(pairs, pair{d.T("console.by_service", nil), s.Name})
	}
	if d.who.Phone != "" {
		pairs = append(pairs, pair{d.T("console.phone", nil), d.who.Phone})
	}
	return pairs
}

func (d *lived) goods() (rows []lineRow) {
	for _, l := range d.lines {
		if l.Kind != order.Goods {
			continue
		}
		row := lineRow{
			ID: string(l.ID), Name: l.Name, SKU: l.SKU, Units: lang.Number(d.Locale, int64(l.Units)),
			Amount: lang.Amount(d.Locale, l.Captured),
		}
		if d.order.State == order.Placed {
			row.Left = d.unsent[l.ID]
		}
		rows = append(rows, row)
	}
	return rows
}

// short tells what was declared missing, and by whom.
func (d *lived) short() (out []string) {
	name := map[ident.Line]string{}
	for _, l := range d.lines {
		name[l.ID] = l.Name
	}
	for _, s := range d.shortages {
		for _, l := range s.Lines {
			args := map[string]any{"Units": l.Units, "Name": name[l.Line], "When": d.When(s.At, fact.Minute)}
			switch {
			case s.By == fact.ByMerchant:
				out = append(out, d.T("console.short_by_us", args))
			case s.Damaged:
				out = append(out, d.T("console.damaged_by_shopper", args))
			default:
				out = append(out, d.T("console.short_by_shopper", args))
			}
		}
	}
	return out
}

func (d *lived) parcel(p order.Parcel) parcelBox {
	s := d.stories[p.ID]
	if s.Status == "" {
		s.Status = fact.Pending
	}
	box := parcelBox{
		Title: d.T("console.parcel", map[string]any{"Number": p.Number}), Status: d.Status(s.Status), Tone: ui.StatusTone(s.Status),
		Carried: d.T("console.carried_by", map[string]any{"Carrier": d.carriers[p.Connection].Name, "Number": p.Number}),
		News:    d.T("console.no_scan", nil),
	}
	if p.Direction == fact.Back {
		box.Title = d.T("console.parcel_back", map[string]any{"Number": p.Number})
	}
	if !s.LastScan.IsZero() {
		box.News = d.T("console.last_scan", map[string]any{"When": d.When(s.LastScan, fact.Minute), "Ago": d.Long(max(0, d.Now.Sub(s.LastScan)))})
	}
	for _, code := range s.Disputed {
		box.Disputes = append(box.Disputes, d.dispute(code))
	}
	return box
}
