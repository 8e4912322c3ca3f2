package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/ident"
)

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
	var no *refusal
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
	number := p.number(b.Number)
	p.plan(toShip, fmt.Sprint(b.Number), c.announced, errand{
		Path: "/orders/" + o.ID + "/parcels", Body: map[string]any{"carrier": p.Connection, "number": number},
	})
	for i, call := range calls {
		body, err := call.body(number)
		p.add(entry{merchant: p.Merchant, id: fmt.Sprintf("scan/%d/%d", b.Number, i), due: call.due, kind: toScan, body: body}, err)
	}
}
