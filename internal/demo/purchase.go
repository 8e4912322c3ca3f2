package demo

import (
	"cmp"
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
	"github.com/promesse-dev/promesse/internal/fact"
)

// visit is a customer looking at delivery dates; Again counts the tokens that
// expired before the order.
type visit struct {
	Number int `json:"number"`
	Again  int `json:"again,omitempty"`
	// Steady is one of those by which she who buys everywhere has something on the
	// way from two shops at any time.
	Steady bool `json:"steady,omitempty"`
}

func (v visit) id() string { return fmt.Sprintf("%d.%d", v.Number, v.Again) }

// purchase is the order a customer is about to place, word for word.
type purchase struct {
	visit
	Order json.RawMessage `json:"order"`
}

// choice is a date as the API offers it.
type choice struct {
	Token   string        `json:"token"`
	Service ident.Service `json:"service"`
	Mode    carrier.Mode  `json:"mode"`
	Day     civil.Day     `json:"day"`
	Price   amount        `json:"price"`
}

type offer struct {
	Options []choice `json:"options"`
}

// How customers choose: an appointment where there is one, else the first date,
// the cheapest one, or whichever.
const (
	byAppointment = 0.75
	soonest       = 0.60
	cheapest      = 0.25
)

// choose is one of the dates offered that come to the door; there is at least one.
func (o offer) choose(d dice) choice {
	var slots, days []choice
	for _, c := range o.Options {
		switch {
		case c.Mode == carrier.Slot:
			slots = append(slots, c)
		case !c.Mode.Collected():
			days = append(days, c)
		}
	}
	if len(slots) > 0 && (len(days) == 0 || d.chance(byAppointment)) {
		return one(d, slots)
	}
	switch taste := d.Float64(); {
	case taste < soonest:
		return days[0]
	case taste < soonest+cheapest:
		return slices.MinFunc(days, func(a, b choice) int { return cmp.Compare(a.Price.Minor, b.Price.Minor) })
	}
	return one(d, days)
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
	who := w.visitor(s, d, v)
	lines := s.trade.basket(d, who.locale)
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
		in.Service, in.Fee = s.usual().Service, new(euros(s.trade.hauls[0].fee))
	} else {
		in.Token = o.choose(d).Token
		if v.Steady {
			in.Token = s.ahead(o, e.due).Token
		}
	}
	p := planner{shop: s}
	raw, err := json.Marshal(in)
	p.plan(toBuy, v.id(), e.due.Add(d.between(time.Minute, 8*time.Minute)), purchase{v, raw})
	return p.entries, errors.Join(err, p.err)
}

// newOrder is an order in the words of the API.
type newOrder struct {
	Reference string        `json:"reference"`
	Token     string        `json:"token,omitempty"`
	Service   ident.Service `json:"service,omitempty"`
	Point     ident.Point   `json:"point,omitempty"`
	Fee       *amount       `json:"delivery_fee,omitempty"`
	Texts     bool          `json:"texts,omitempty"`
	Shopper   person        `json:"shopper"`
	Lines     []line        `json:"lines"`
	ShipTo    address       `json:"ship_to"`
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
		Reference: s.reference(v.Number),
		Texts:     who.texts,
		Shopper:   person{who.email, who.name, who.phone, string(who.locale)},
		Lines:     lines,
		ShipTo:    address{who.name, who.street, who.town.postcode, who.town.city, who.town.country},
	}
}

// placed is an order as the API answers it.
type placed struct {
	ID          ident.Order   `json:"id"`
	Placed      civil.Instant `json:"placed_at"`
	Service     ident.Service `json:"service"`
	CollectAt   collected     `json:"collect_at"`
	Commitments []struct {
		ID    string        `json:"id"`
		Owed  fact.Owed     `json:"owed"`
		From  civil.Instant `json:"from"`
		Until civil.Instant `json:"until"`
	} `json:"commitments"`
}

// collected is the point where an order is fetched.
type collected struct {
	Code string `json:"code"`
	Name string `json:"name"`
	City string `json:"city"`
}

// due is until when the goods were promised, and from when; empty when nothing was.
func (o placed) due() (id string, w civil.Window) {
	for _, c := range o.Commitments {
		if c.Owed == fact.DeliverBy || c.Owed == fact.DeliverInSlot {
			return c.ID, civil.Window{From: c.From, Until: c.Until}
		}
	}
	return "", civil.Window{}
}

// buy places the order, and draws what becomes of it.
func (w *World) buy(ctx context.Context, s *shop, e entry) ([]entry, error) {
	var b purchase
	if err := e.decode(&b); err != nil {
		return nil, err
	}
	var o placed
	err := s.selling.do(ctx, request{method: "POST", path: "/orders", once: e.id, body: b.Order}, &o)
	if again(err) && b.Again < 3 {
		p := planner{shop: s}
		v := b.visit
		v.Again++
		p.plan(toVisit, v.id(), e.due, v)
		return p.entries, p.err
	}
	if err != nil {
		return nil, err
	}
	w.seen.ordered(s, o.ID)
	return w.follow(s, sale{placed: o, number: b.Number, who: w.visitor(s, w.dice(s, "visit", b.Number), b.visit)})
}

// again reports whether another look at the dates is the cure: the token came
// too late because the world had stood still, or somebody took the last place.
func again(err error) bool {
	var no *refusal
	return errors.As(err, &no) && slices.Contains([]string{"token_expired", "slot_full", "slot_closed", "unknown_slot"}, no.Code)
}

// sale is an order that the world knows about.
type sale struct {
	placed
	number int // by which its dice fall, and its parcel is known
	who    customer
	person bool // it is somebody's before a screen: nobody acts in the shopper's place
}

// follow draws what becomes of an order: taken back, or sent and carried.
func (w *World) follow(s *shop, b sale) ([]entry, error) {
	d := w.dice(s, "fate", b.number)
	p := planner{shop: s}
	n := fmt.Sprint(b.number)
	w.expect(&p, b)
	w.unite(&p, b)
	cancelled, amended := d.chance(w.opt.Conduct.Cancel), d.chance(w.opt.Conduct.Amend)
	if cancelled && !b.person {
		p.plan(toCancel, n, b.Placed.Add(d.between(10*time.Minute, 3*time.Hour)), errand{
			Path: "/orders/" + string(b.ID) + "/cancel", Body: map[string]any{"by": one(d, []string{"shopper", "merchant"})},
		})
		return p.entries, p.err
	}
	if id, owed := b.due(); amended && !b.person && id != "" {
		p.plan(toAmend, n, b.Placed.Add(d.between(time.Hour, 20*time.Hour)), errand{
			Path: "/commitments/" + id + "/amend", Allow: []int{409, 422},
			Body: map[string]any{"asked_by": "shopper", "day": (owed.Until - 1).Day(paris) + civil.Day(1+d.IntN(4))},
		})
	}
	w.send(&p, d, b)
	return p.entries, p.err
}

// send plans the parcel of an order.
func (w *World) send(p *planner, d dice, b sale) {
	if b.Service != "" && b.Service == p.points {
		p.toPoint(d, b)
		return
	}
	by := p.haulOf(b.Service)
	if p.trade.fleet.drives(by.Carrier) {
		w.visitBy(p, d, b, by)
		return
	}
	_, near := carrier.Agglomeration(geo.Place{Country: b.who.town.country, Postcode: b.who.town.postcode})
	_, owed := b.due()
	j := journey{
		placed: b.Placed, promised: owed.Until, to: b.who.town, near: near, by: haulers[by.Carrier],
		slow: d.chance(w.opt.Conduct.Slow), fate: draw(d, w.opt.Conduct.Fates), sky: w.sky(),
	}
	c := p.carry(d, j)
	w.reconsider(p, b, c.door())
	w.speakUp(p, b, c.door())
	number := p.number(j.by, b.number)
	for i, call := range w.opt.Conduct.tell(d, &c, j.by) {
		p.scan(fmt.Sprintf("%d/%d", b.number, i), call, by.Carrier, number)
	}
	p.plan(toShip, fmt.Sprint(b.number), c.announced, errand{
		Path: "/orders/" + string(b.ID) + "/parcels", Body: map[string]any{"carrier": by.Connection, "number": number},
	})
}
