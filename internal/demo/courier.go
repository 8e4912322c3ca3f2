package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/lastmile"
)

// ask is a courier's wish to come early, from the asking to the door.
type ask struct {
	Order  ident.Order   `json:"order"`
	Number int           `json:"number"`
	Slot   civil.Window  `json:"slot"`
	Placed civil.Instant `json:"placed"`
	To     town          `json:"to"`
	Email  string        `json:"email"` // of the shopper; empty: a person before a screen, who answers alone
}

// visitBy plans the round of an appointment.
func (w *World) visitBy(p *planner, d dice, b sale, by Haul) {
	_, slot := b.due()
	a := ask{Order: b.ID, Number: b.number, Slot: slot, Placed: b.Placed, To: b.who.town, Email: b.who.email}
	r := w.round(p.shop, a)
	number := p.parcelOf(b.number)
	what := carriage{announced: r.announced, scans: r.scans}
	for i, c := range w.opt.Conduct.phone(d, &what) {
		p.scan(fmt.Sprintf("%d/%d", b.number, i), c, by.Carrier, number)
	}
	p.plan(toShip, fmt.Sprint(b.number), what.announced, errand{
		Path: "/orders/" + string(b.ID) + "/parcels", Body: map[string]any{"carrier": by.Connection, "number": number},
	})
	if d.chance(w.opt.Conduct.Lacks) {
		p.plan(toLack, fmt.Sprint(b.number), what.announced.Add(-2*time.Minute), b.ID)
	}
	w.aboard(p, fmt.Sprint(b.number), b.Placed.Add(time.Minute), load{b.ID, slot.From.Day(paris)})
	w.reconsider(p, b, max(r.door, slot.Until))
	w.speakUp(p, b, max(r.door, slot.Until))
	if r.asks == 0 {
		w.miss(p, b, r.door)
		return
	}
	n := fmt.Sprint(b.number)
	p.say(toAsk, n, r.asks, by.Carrier, errand{
		Path: "/orders/" + string(b.ID) + "/early", Body: map[string]any{"at": r.early}, Allow: []int{404, 409, 422},
	})
	p.say(toMeet, n, r.early.Add(-4*time.Minute), by.Carrier, a)
	if answers := d.chance(0.8); answers && !b.person {
		p.plan(toAnswer, n, r.asks.Add(d.between(3*time.Minute, 18*time.Minute)), a)
	}
}

// round is the round of an appointment, the same whenever it is asked for.
func (w *World) round(s *shop, a ask) *round {
	d := w.dice(s, "round", a.Number)
	return s.drive(d, appointment{
		placed: a.Placed, slot: a.Slot, to: a.To, ride: draw(d, w.opt.Conduct.Rides), sky: w.sky(),
	})
}

// parcelOf is by which the shop's couriers know the parcel of an order.
func (s *shop) parcelOf(order int) string {
	return fmt.Sprintf("%s%s%09d", s.trade.fleet.letters, s.trade.Prefix, order)
}

// meet asks what the shopper said, and plans how the round ends.
func (w *World) meet(ctx context.Context, s *shop, e entry) ([]entry, error) {
	var a ask
	if err := e.decode(&a); err != nil {
		return nil, err
	}
	var said struct {
		State lastmile.EarlyState `json:"state"`
	}
	courier := s.carrying[e.voice]
	err := courier.do(ctx, request{method: "GET", path: "/orders/" + string(a.Order) + "/early"}, &said)
	var no *refusal
	if err != nil && !(errors.As(err, &no) && no.Status == 404) || errors.Is(err, errUnanswered) {
		return nil, err
	}
	r := w.round(s, a)
	r.meet(said.State == lastmile.Accepted)
	p := planner{shop: s}
	for i, c := range w.opt.Conduct.phone(r.d, &carriage{scans: r.scans}) {
		p.scan(fmt.Sprintf("%d/m%d", a.Number, i), c, e.voice, s.parcelOf(a.Number))
	}
	return p.entries, p.err
}

// lack is the shop that finds two bottles missing while it packs: it says so
// before anybody leaves.
func (w *World) lack(ctx context.Context, s *shop, e entry) error {
	var id ident.Order
	if err := e.decode(&id); err != nil {
		return err
	}
	var o ordered
	if err := s.selling.do(ctx, request{method: "GET", path: "/orders/" + string(id)}, &o); err != nil {
		return err
	}
	line, units := o.short()
	if units == 0 || o.State != "placed" {
		return nil
	}
	body, err := json.Marshal(map[string]any{"lines": []map[string]any{{"line": line, "units": units}}})
	if err != nil {
		return err
	}
	err = s.selling.do(ctx, request{method: "POST", path: "/orders/" + string(id) + "/shortages", once: e.id, body: body}, nil)
	return allow(err, 409) // packed already, for somebody before a screen
}

// short is what the shelves lack of an order: two of something when there are
// two, else one, and never all there is.
func (o ordered) short() (line ident.Line, units int) {
	all := 0
	for _, l := range o.Lines {
		if l.Kind != "goods" {
			continue
		}
		all += l.Units
		if n := min(l.Units, 2); n > units {
			line, units = l.ID, n
		}
	}
	if units >= all {
		return "", 0
	}
	return line, units
}
