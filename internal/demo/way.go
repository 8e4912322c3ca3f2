package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/returns"
)

// goods are articles on their way back: what every entry about a return says.
type goods struct {
	Return   ident.Return   `json:"return"`
	Order    ident.Order    `json:"order"`
	Number   int            `json:"number"` // by which the dice of the order fall
	Person   bool           `json:"person,omitempty"`
	Postcode string         `json:"postcode,omitempty"` // where they come from
	Place    string         `json:"place,omitempty"`    // the counter that was chosen
	Photo    ident.Blob     `json:"photo,omitempty"`    // of the warehouse
	Decision ident.Decision `json:"decision,omitempty"`
	Dispute  ident.Dispute  `json:"dispute,omitempty"`
	Again    int            `json:"again,omitempty"`
}

// again is the goods looked at once more, and false when that is enough.
func (g goods) again(most int) (goods, bool) {
	g.Again++
	return g, g.Again <= most
}

// key names what is done about a return, once for each look at it.
func (g goods) key() string {
	if g.Again == 0 {
		return string(g.Return)
	}
	return fmt.Sprintf("%s.%d", g.Return, g.Again)
}

// fortune is what becomes of a parcel on its way back.
type fortune int

const (
	fine      fortune = iota // there when the network says
	dawdling                 // some days later
	vanished                 // never heard of after the first hub
	forgotten                // in the hall: nobody ever takes it to a counter
	kept                     // the shopper thinks a third time, and takes the return back
)

// proceed plans what follows from a return as it was asked for.
func (w *World) proceed(s *shop, r returned, g goods, now civil.Instant) ([]entry, error) {
	d := w.dice(s, "return/next", g.Number)
	p := planner{shop: s}
	switch {
	case r.State == returns.Held:
		p.plan(toAllow, g.key(), s.atWork(now.Add(d.between(2*time.Hour, 30*time.Hour))), g)
	case r.State == returns.Accepted && r.Route == fact.BackNotNeeded:
		p.plan(toDecide, g.key(), s.atWork(now.Add(d.between(2*time.Hour, 40*time.Hour))), g)
	case r.State == returns.Accepted && r.Carrier != "":
		p.plan(toLabel, g.key(), now.Add(d.between(time.Minute, 10*time.Minute)), g)
	case r.State == returns.Ready || r.Route == fact.BackOnTheirs:
		p.plan(toBring, g.key(), afternoon(now.Add(d.between(12*time.Hour, 80*time.Hour)), d), g)
	}
	return p.entries, p.err
}

// atWork is the first instant from one on at which people work in the shop.
func (s *shop) atWork(at civil.Instant) civil.Instant {
	day := at.Day(paris)
	if at < local(day, hour(8)+30) {
		at = local(day, hour(8)+30)
	}
	if s.days.shop.Is(day) && at < local(day, hour(18)) {
		return at
	}
	return local(s.days.shop.Add(day, 1), hour(8)+30).Add(time.Duration(at%(3*civil.Instant(time.Hour/time.Microsecond))) * time.Microsecond)
}

// afternoon is some time of that day, or of the next one that is no Sunday, at
// which counters are open.
func afternoon(at civil.Instant, d dice) civil.Instant {
	day := at.Day(paris)
	if at.In(paris).Weekday() == time.Sunday {
		day++
	}
	return max(at, local(day, hour(15)).Add(d.between(0, 150*time.Minute)))
}

// label has a label made, or a code to show.
func (w *World) label(ctx context.Context, s *shop, e entry) ([]entry, error) {
	var g goods
	if err := e.decode(&g); err != nil {
		return nil, err
	}
	d := w.dice(s, "return/label", g.Number)
	body, err := json.Marshal(map[string]any{"format": draw(d, papers)})
	if err != nil {
		return nil, err
	}
	err = s.selling.do(ctx, request{method: "POST", path: "/returns/" + string(g.Return) + "/label", once: e.id, body: body}, nil)
	if err != nil {
		return nil, allow(err, 409, 422)
	}
	p := planner{shop: s}
	p.plan(toTake, g.key(), e.due.Add(d.between(5*time.Minute, 15*time.Minute)), g)
	return p.entries, p.err
}

// papers is how shoppers like their labels.
var papers = []share[carrier.LabelFormat]{{carrier.QR, 60}, {carrier.PDFA4, 28}, {carrier.PDF10x15, 12}}

// parceled is a return with what is needed to carry, open and judge it.
type parceled struct {
	returned
	Items  []sentBack `json:"items"`
	Labels []struct {
		State   returns.LabelState `json:"state"`
		Number  string             `json:"number"`
		AskedAt civil.Instant      `json:"asked_at"`
	} `json:"labels"`
	Decisions []ruled `json:"decisions"`
}

// back reads a return.
func (s *shop) back(ctx context.Context, id ident.Return) (r parceled, err error) {
	return r, s.desk.do(ctx, request{method: "GET", path: "/returns/" + string(id)}, &r)
}

// number is the first label that was made, and when it was asked for.
func (r parceled) number() (number string, asked civil.Instant) {
	for _, l := range r.Labels {
		if l.Number != "" && l.State == returns.LabelReady {
			return l.Number, l.AskedAt
		}
	}
	return "", 0
}

// take draws what becomes of a parcel once its label is there.
func (w *World) take(ctx context.Context, s *shop, e entry) ([]entry, error) {
	var g goods
	if err := e.decode(&g); err != nil {
		return nil, err
	}
	r, err := s.back(ctx, g.Return)
	if err != nil {
		return nil, err
	}
	p := planner{shop: s}
	number, asked := r.number()
	by := s.network(r.Carrier)
	switch {
	case r.State != returns.Accepted && r.State != returns.Ready || by == nil:
		return nil, nil
	case number == "":
		if g, ok := g.again(6); ok {
			p.plan(toTake, g.key(), e.due.Add(time.Hour), g)
		}
		return p.entries, p.err
	}
	g.Again = 0
	w.carryBack(&p, r, leg{goods: g, by: by, number: number, asked: asked})
	return p.entries, p.err
}

// network is the one of an account; nil for carriers that deliver.
func (s *shop) network(c ident.Connection) *network {
	for _, h := range s.Hauls {
		if h.Connection == c {
			return networks[h.Carrier]
		}
	}
	return nil
}

// leg is a parcel on its way back.
type leg struct {
	goods
	by     *network
	number string
	asked  civil.Instant // for its label
}

// carryBack plans the scans of a parcel, and its opening.
func (w *World) carryBack(p *planner, r parceled, l leg) {
	d := w.dice(p.shop, "return/way", l.Number)
	how := draw(d, w.opt.Conduct.Ways)
	if l.Person {
		how = fine
	}
	switch how {
	case forgotten:
		return
	case kept:
		p.plan(toCancel, l.key(), l.asked.Add(d.between(2*time.Hour, 60*time.Hour)), errand{
			Path: "/returns/" + string(l.Return) + "/cancel", Body: map[string]any{"by": "shopper"}, Allow: []int{409},
		})
		return
	}
	what := p.wayBack(d, l, how)
	for i := range what {
		p.say(toBack, fmt.Sprintf("%s/%d", l.Return, i), what[i].At.Add(d.between(0, 20*time.Minute)), l.by.slug, sighted{l.number, what[:i+1]})
	}
	if how == vanished {
		return
	}
	p.plan(toInspect, l.key(), p.atWork(what[len(what)-1].At.Add(d.between(3*time.Hour, w.opt.Conduct.Bench))), l.goods)
}

// wayBack draws the way of a parcel from a counter to the warehouse.
func (p *planner) wayBack(d dice, l leg, how fortune) (what []glimpse) {
	left := d.between(14*time.Hour, 96*time.Hour)
	if l.Person {
		left = d.between(14*time.Hour, 26*time.Hour)
	}
	counter := l.Place
	if counter == "" {
		counter = l.by.nearest(l.Postcode)
	}
	at := afternoon(l.asked.Add(left), d)
	see := func(at civil.Instant, status, where string) {
		what = append(what, glimpse{At: at - at%civil.Instant(time.Minute/time.Microsecond), Status: status, Where: where})
	}
	see(at, handedIn, counter)
	days := p.days.carrier
	hub := local(days.Add(at.Day(paris), 1), hour(4)).Add(d.between(0, 3*time.Hour))
	see(hub, moving, "Plateforme "+p.trade.Postcode[:2])
	if how == vanished {
		return what
	}
	took := draw(d, l.by.takes)
	if how == dawdling {
		took += 3 + d.IntN(5)
	}
	day := days.Add(at.Day(paris), took)
	for !p.days.shop.Is(day) {
		day = days.Add(day, 1)
	}
	see(local(day, hour(6)+30).Add(d.between(0, 90*time.Minute)), arriving, p.trade.City)
	see(local(day, hour(9)).Add(d.between(0, 5*time.Hour)), arrived, p.trade.City)
	return what
}

// toPoint plans the way of an order's parcel to the point that was chosen, where
// its shopper fetches it.
func (p *planner) toPoint(d dice, b sale) {
	at := slices.IndexFunc(p.Hauls, func(h Haul) bool { return h.Carrier == relais.slug })
	number := fmt.Sprintf("6%07d", b.number%10_000_000)
	van := p.van(d, journey{placed: b.Placed})
	p.plan(toShip, fmt.Sprint(b.number), max(van.Add(-time.Hour), b.Placed.Add(10*time.Minute)), errand{
		Path: "/orders/" + string(b.ID) + "/parcels", Body: map[string]any{"carrier": p.Hauls[at].Connection, "number": number},
	})
	p.glimpses(d, string(b.ID), number, p.wayTo(d, van, b.CollectAt))
}

// wayTo draws the way of a parcel from a van to a point, and into its shopper's hands.
func (p *planner) wayTo(d dice, van civil.Instant, at collected) (what []glimpse) {
	day := p.days.carrier.Add(van.Day(paris), 3)
	there := local(day, hour(9)+30).Add(d.between(0, 3*time.Hour))
	for _, g := range []glimpse{
		{At: van.Add(d.between(2*time.Hour, 5*time.Hour)), Status: moving, Where: "Plateforme " + p.trade.Postcode[:2]},
		{At: local(day, hour(7)).Add(d.between(0, time.Hour)), Status: arriving, Where: at.City},
		{At: there, Status: atPoint, Where: at.Name + ", " + at.City, Point: at.Code},
		{At: afternoon(there.Add(d.between(20*time.Hour, 60*time.Hour)), d), Status: arrived, Where: at.Name + ", " + at.City, Point: at.Code},
	} {
		g.At -= g.At % civil.Instant(time.Minute/time.Microsecond)
		what = append(what, g)
	}
	return what
}

// glimpses plans what the relay network says of a parcel, each time all it saw.
func (p *planner) glimpses(d dice, what, number string, seen []glimpse) {
	for i := range seen {
		p.say(toBack, fmt.Sprintf("%s/%d", what, i), seen[i].At.Add(d.between(0, 20*time.Minute)), relais.slug, sighted{number, seen[:i+1]})
	}
}

// sighted is what a network has seen of a parcel so far.
type sighted struct {
	Number string    `json:"number"`
	Seen   []glimpse `json:"seen"`
}

// tellBack hands on what a network says of a parcel.
func (w *World) tellBack(ctx context.Context, s *shop, e entry) error {
	var what sighted
	if err := e.decode(&what); err != nil {
		return err
	}
	by, carrying := networks[e.voice], s.carrying[e.voice]
	var r receipt
	err := carrying.do(ctx, request{
		method: "POST", path: "/events", body: by.told(what.Number, what.Seen), media: "application/octet-stream",
	}, &r)
	if err != nil {
		return err
	}
	if len(r.Rejected) > 0 {
		return fmt.Errorf("agenda %s: %d events were rejected: %s", e.id, len(r.Rejected), r.Rejected[0])
	}
	w.seen.glimpsed(s, what)
	return nil
}

// bring is a shopper at the counter of one of the shop's stores, or a parcel that
// comes as its sender likes.
func (w *World) bring(ctx context.Context, s *shop, e entry) ([]entry, error) {
	var g goods
	if err := e.decode(&g); err != nil {
		return nil, err
	}
	r, err := s.back(ctx, g.Return)
	if err != nil || r.State != returns.Accepted && r.State != returns.Ready {
		return nil, err
	}
	d := w.dice(s, "return/bring", g.Number)
	p := planner{shop: s}
	if r.Route != fact.BackToStore {
		p.plan(toInspect, g.key(), s.atWork(e.due.Add(d.between(70*time.Hour, 150*time.Hour))), g)
		return p.entries, p.err
	}
	at := one(d, s.trade.back.stores)
	body, err := json.Marshal(map[string]any{"source": returns.AtStore, "point": r.Point, "place": at.name + ", " + at.city, "clerk": one(d, firstNames)})
	if err != nil {
		return nil, err
	}
	err = s.depot.do(ctx, request{method: "POST", path: "/returns/" + string(g.Return) + "/deposit", once: e.id, body: body}, nil)
	if err != nil {
		return nil, allow(err, 409, 422)
	}
	p.plan(toInspect, g.key(), s.atWork(e.due.Add(d.between(time.Hour, 50*time.Hour))), g)
	return p.entries, p.err
}

// signature is an account that a shop is to tell the application of.
type signature struct {
	Network    string           `json:"network"`
	Connection ident.Connection `json:"connection"`
}

// sign tells the application what a network knows the shop by.
func (w *World) sign(ctx context.Context, s *shop, e entry) error {
	var to signature
	if err := e.decode(&to); err != nil {
		return err
	}
	body, err := json.Marshal(map[string]any{"account": networks[to.Network].account})
	if err != nil {
		return err
	}
	return s.selling.do(ctx, request{method: "PUT", path: "/connections/" + string(to.Connection) + "/account", body: body}, nil)
}
