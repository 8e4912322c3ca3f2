package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/ident"
)

// do carries out an entry and answers what follows from it. It may run more
// than once for one entry; the calls it makes bear the entry's id as their key.
func (w *World) do(ctx context.Context, e entry) ([]entry, error) {
	s, ok := w.shops[e.merchant]
	if !ok {
		return nil, fmt.Errorf("agenda %s: %s is no shop of this world", e.id, e.merchant)
	}
	switch e.kind {
	case toOpenDay:
		return w.openDay(s, e)
	case toVisit:
		return w.visit(ctx, s, e)
	case toBuy:
		return w.buy(ctx, s, e)
	case toCancel, toAmend, toShip, toBounce:
		return nil, s.post(ctx, e)
	case toScan:
		return nil, w.scan(ctx, s, e)
	case toBabble:
		return nil, allow(s.carrying.do(ctx, request{method: "POST", path: "/events", body: e.body}, nil), 400, 413, 415, 422)
	}
	return nil, fmt.Errorf("agenda %s: nobody knows how to %s", e.id, e.kind)
}

// allow lets the refusals pass that the world provokes on purpose.
func allow(err error, statuses ...int) error {
	var no *Refusal
	if errors.As(err, &no) && slices.Contains(statuses, no.Status) && !errors.Is(err, errUnanswered) {
		return nil
	}
	return err
}

// opening is a shop's day: which one it is, and the number of its first visit.
type opening struct {
	Date  civil.Day `json:"date"`
	Day   int       `json:"day"` // 1 is the world's first
	First int       `json:"first"`
}

func (o opening) entry(m ident.Merchant) (entry, error) {
	return plan(m, toOpenDay, o.Date.String(), o.Date.Start(paris), o)
}

// hours is when people buy.
var hours = []share[int]{
	{0, 1},
	{6, 1},
	{7, 3},
	{8, 5},
	{9, 6},
	{10, 7},
	{11, 7},
	{12, 9},
	{13, 8},
	{14, 6},
	{15, 6},
	{16, 5},
	{17, 6},
	{18, 8},
	{19, 8},
	{20, 10},
	{21, 11},
	{22, 7},
	{23, 3},
}

// openDay draws the visits and the babble of a day, and plans the next one.
func (w *World) openDay(s *shop, e entry) ([]entry, error) {
	var o opening
	if err := e.decode(&o); err != nil {
		return nil, err
	}
	d := w.dice(s, "day", int(o.Date))
	p := planner{shop: s}
	// What is missing so far: after a quiet day comes a busy one.
	visits := d.around(max(0, w.opt.Volume*float64(o.Day)-float64(o.First-1)))
	for n := range visits {
		at := s.local(o.Date, 60*draw(d, hours)).Add(d.between(0, time.Hour))
		p.plan(toVisit, fmt.Sprint(o.First+n), at, visit{Number: o.First + n})
	}
	for n := range d.around(w.opt.Conduct.Junk) {
		at := s.local(o.Date, 0).Add(d.between(0, 24*time.Hour))
		p.raw(toBabble, fmt.Sprintf("%s/%d", o.Date, n), at, babble(d, at))
	}
	if w.opt.Days == 0 || o.Day < w.opt.Days {
		p.add(opening{Date: o.Date + 1, Day: o.Day + 1, First: o.First + visits}.entry(s.Merchant))
	}
	return p.entries, p.err
}

// planner collects entries, and the first thing that went wrong.
type planner struct {
	*shop
	entries []entry
	err     error
}

func (p *planner) plan(k kind, what string, due civil.Instant, body any) {
	p.add(plan(p.Merchant, k, what, due, body))
}

func (p *planner) raw(k kind, what string, due civil.Instant, body string) {
	p.add(entry{merchant: p.Merchant, id: string(k) + "/" + what, due: due, kind: k, body: json.RawMessage(body)}, nil)
}

func (p *planner) add(e entry, err error) {
	p.err = errors.Join(p.err, err)
	p.entries = append(p.entries, e)
}

// visit is a customer looking at delivery dates; Again counts the tokens that
// expired before the order.
type visit struct {
	Number int `json:"number"`
	Again  int `json:"again,omitempty"`
}

func (v visit) id() string { return fmt.Sprintf("%d.%d", v.Number, v.Again) }

// purchase is the order a customer is about to place, word for word.
type purchase struct {
	visit
	Order json.RawMessage `json:"order"`
}

type offer struct {
	Options []struct {
		Token string `json:"token"`
	} `json:"options"`
}

type destination struct {
	Country  string `json:"country"`
	Postcode string `json:"postcode"`
}

// visit asks for dates. Whoever is shown none leaves.
func (w *World) visit(ctx context.Context, s *shop, e entry) ([]entry, error) {
	var v visit
	if err := e.decode(&v); err != nil {
		return nil, err
	}
	d := w.dice(s, "visit", v.Number)
	who, lines := w.customer(s, d), s.trade.basket(d)
	body, err := json.Marshal(map[string]any{
		"destination": destination{who.town.country, who.town.postcode}, "lines": lines, "locale": who.locale,
	})
	if err != nil {
		return nil, err
	}
	var o offer
	if err := s.selling.do(ctx, request{method: "POST", path: "/quotes", body: body}, &o); err != nil {
		return nil, err
	}
	if len(o.Options) == 0 {
		return nil, nil
	}
	in := s.order(v, who, lines)
	if d.chance(w.opt.Conduct.Bare) {
		in.Service, in.Fee = string(s.Service), new(euros(s.trade.fee))
	} else {
		in.Token = o.Options[0].Token
	}
	p := planner{shop: s}
	raw, err := json.Marshal(in)
	p.plan(toBuy, v.id(), e.due.Add(d.between(time.Minute, 8*time.Minute)), purchase{v, raw})
	return p.entries, errors.Join(err, p.err)
}

// newOrder is an order in the words of the API.
type newOrder struct {
	Reference string  `json:"reference"`
	Token     string  `json:"token,omitempty"`
	Service   string  `json:"service,omitempty"`
	Fee       *amount `json:"delivery_fee,omitempty"`
	Shopper   person  `json:"shopper"`
	Lines     []line  `json:"lines"`
	ShipTo    address `json:"ship_to"`
}

type person struct {
	Email  string `json:"email"`
	Name   string `json:"name"`
	Phone  string `json:"phone,omitempty"`
	Locale string `json:"locale"`
}

type address struct {
	Name     string `json:"name"`
	Street   string `json:"street"`
	Postcode string `json:"postcode"`
	City     string `json:"city"`
	Country  string `json:"country"`
}

func (s *shop) order(v visit, who customer, lines []line) newOrder {
	return newOrder{
		Reference: fmt.Sprintf("%s-%06d", s.trade.prefix, v.Number),
		Shopper:   person{who.email, who.name, who.phone, string(who.locale)},
		Lines:     lines,
		ShipTo:    address{who.name, who.street, who.town.postcode, who.town.city, who.town.country},
	}
}

// placed is an order as the API answers it.
type placed struct {
	ID          string        `json:"id"`
	Placed      civil.Instant `json:"placed_at"`
	Commitments []struct {
		ID    string        `json:"id"`
		Until civil.Instant `json:"until"`
	} `json:"commitments"`
}

// buy places the order, and draws what becomes of it.
func (w *World) buy(ctx context.Context, s *shop, e entry) ([]entry, error) {
	var b purchase
	if err := e.decode(&b); err != nil {
		return nil, err
	}
	var o placed
	err := s.selling.do(ctx, request{method: "POST", path: "/orders", once: e.id, body: b.Order}, &o)
	if expired(err) && b.Again < 3 {
		p := planner{shop: s}
		v := visit{b.Number, b.Again + 1}
		p.plan(toVisit, v.id(), e.due, v)
		return p.entries, p.err
	}
	if err != nil {
		return nil, err
	}
	w.seen.ordered(s, ident.Order(o.ID))
	return w.follow(s, b, o)
}

// expired reports whether a token came too late: the world had stopped meanwhile.
func expired(err error) bool {
	var no *Refusal
	return errors.As(err, &no) && no.Code == "token_expired"
}

// follow draws what becomes of an order: taken back, or sent and carried.
func (w *World) follow(s *shop, b purchase, o placed) ([]entry, error) {
	d := w.dice(s, "fate", b.Number)
	p := planner{shop: s}
	n := fmt.Sprint(b.Number)
	if d.chance(w.opt.Conduct.Cancel) {
		p.plan(toCancel, n, o.Placed.Add(d.between(10*time.Minute, 3*time.Hour)), errand{
			Path: "/orders/" + o.ID + "/cancel", Body: map[string]any{"by": one(d, []string{"shopper", "merchant"})},
		})
		return p.entries, p.err
	}
	if d.chance(w.opt.Conduct.Amend) && len(o.Commitments) > 0 {
		c := o.Commitments[0]
		p.plan(toAmend, n, o.Placed.Add(d.between(time.Hour, 20*time.Hour)), errand{
			Path: "/commitments/" + c.ID + "/amend", Allow: []int{409, 422},
			Body: map[string]any{"asked_by": "shopper", "day": (c.Until - 1).Day(paris) + civil.Day(1+d.IntN(4))},
		})
	}
	w.send(&p, d, b, o)
	return p.entries, p.err
}

// send plans the parcel of an order.
func (w *World) send(p *planner, d dice, b purchase, o placed) {
	who := w.customer(p.shop, w.dice(p.shop, "visit", b.Number))
	_, city := carrier.Agglomeration(geo.Place{Country: who.town.country, Postcode: who.town.postcode})
	j := journey{
		placed: o.Placed, to: who.town, city: city,
		slow: d.chance(w.opt.Conduct.Slow), fate: draw(d, w.opt.Conduct.Fates),
	}
	if len(o.Commitments) > 0 {
		j.promised = o.Commitments[0].Until
	}
	c := p.carry(d, j)
	calls := c.tell(d, draw(d, w.opt.Conduct.Words), d.chance(w.opt.Conduct.Batch))
	number := fmt.Sprintf("CX%s%09dFR", p.trade.prefix, b.Number)
	p.plan(toShip, fmt.Sprint(b.Number), c.announced, errand{
		Path: "/orders/" + o.ID + "/parcels", Body: map[string]any{"carrier": p.Connection, "number": number},
	})
	for i, call := range calls {
		body, err := call.body(number)
		p.add(entry{merchant: p.Merchant, id: fmt.Sprintf("scan/%d/%d", b.Number, i), due: call.due, kind: toScan, body: body}, err)
	}
}

// errand is a call of the shop's, and the refusals it may meet.
type errand struct {
	Path  string         `json:"path"`
	Body  map[string]any `json:"body"`
	Allow []int          `json:"allow,omitempty"`
}

// post makes the shop's call of an entry.
func (s *shop) post(ctx context.Context, e entry) error {
	var x errand
	if err := e.decode(&x); err != nil {
		return err
	}
	body, err := json.Marshal(x.Body)
	if err != nil {
		return err
	}
	return allow(s.selling.do(ctx, request{method: "POST", path: x.Path, once: e.id, body: body}, nil), x.Allow...)
}

// comeBack plans that the shops report letters that came back.
func (w *World) comeBack(ctx context.Context, letters []bounce) error {
	var p planner
	for _, b := range letters {
		for _, s := range w.inOrder() {
			if s.trade.name != b.from {
				continue
			}
			p.shop = s
			p.plan(toBounce, b.messageID, b.at, errand{
				Path: "/bounces", Body: map[string]any{"message_id": b.messageID, "kind": "hard"},
			})
		}
	}
	if p.err != nil {
		return p.err
	}
	return w.add(ctx, p.entries)
}

// receipt is what the API says of events.
type receipt struct {
	Accepted   int               `json:"accepted"`
	Duplicates int               `json:"duplicates"`
	Rejected   []json.RawMessage `json:"rejected"`
}

// scan reports events as the carrier.
func (w *World) scan(ctx context.Context, s *shop, e entry) error {
	var r receipt
	if err := s.carrying.do(ctx, request{method: "POST", path: "/events", body: e.body}, &r); err != nil {
		return err
	}
	if len(r.Rejected) > 0 {
		return fmt.Errorf("agenda %s: %d events were rejected: %s", e.id, len(r.Rejected), r.Rejected[0])
	}
	return w.seen.told(s, e.body)
}

// babble is what a carrier sends by mistake.
func babble(d dice, at civil.Instant) string {
	number := fmt.Sprintf("ZZ%09dXX", d.IntN(1e9))
	now := at.In(paris).Format(time.RFC3339)
	return one(d, []string{
		fmt.Sprintf(`{"events":[{"tracking_number":%q,"status":"in_transit","occurred_at":%q}]}`, number, now),
		fmt.Sprintf(`{"events":[{"tracking_number":%q,"status":"teleported","occurred_at":%q}]}`, number, now),
		fmt.Sprintf(`{"events":[{"tracking_number":%q,"status":"delivered","occurred_at":"2099-12-31T23:59:59Z"}]}`, number),
		fmt.Sprintf(`{"events":[{"tracking_number":%q,"status":"delivered","occurred_at":"1970-01-01T00:00:00Z"}]}`, number),
		fmt.Sprintf(`{"events":[{"tracking_number":%q,"status":`, number),
		`{"events":[]}`, `bonjour`, `[]`,
	})
}
