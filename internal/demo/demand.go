package demo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
)

// overdue is after how long without a delivery somebody sends a formal notice.
const overdue = 36 * time.Hour

// demand plans that a shopper whose order is late sends a formal notice, as the law
// lets them. Rarely the shop answers that it will not deliver.
func (w *World) demand(p *planner, b sale, door civil.Instant) {
	d := w.dice(p.shop, "demand", b.number)
	_, owed := b.due()
	late := owed.Until != 0 && (door == 0 || door > owed.Until.Add(overdue))
	if b.person || !late || !d.chance(w.opt.Conduct.Demands) {
		return
	}
	at := owed.Until.Add(overdue + d.between(0, 4*24*time.Hour))
	p.plan(toDemand, fmt.Sprint(b.number), at, goods{Order: b.ID, Number: b.number})
	if d.chance(0.15) {
		p.plan(toDecline, fmt.Sprint(b.number), p.atWork(at.Add(d.between(2*time.Hour, 3*24*time.Hour))), errand{
			Path: "/orders/" + string(b.ID) + "/demand/decline", Body: map[string]any{}, Allow: []int{404, 409},
		})
	}
}

// summon passes the notice on, and plans what comes when the further period is over.
func (w *World) summon(ctx context.Context, s *shop, e entry) ([]entry, error) {
	var g goods
	if err := e.decode(&g); err != nil {
		return nil, err
	}
	var of struct {
		Until civil.Instant `json:"until"`
	}
	err := s.selling.do(ctx, request{method: "POST", path: "/orders/" + string(g.Order) + "/demand", once: e.id, body: []byte("{}")}, &of)
	if err != nil {
		return nil, allow(err, 409) // it came, or the order was taken back
	}
	p, d := planner{shop: s}, w.dice(s, "demand/resolve", g.Number)
	p.plan(toResolve, fmt.Sprint(g.Number), of.Until.Add(d.between(-20*time.Hour, 4*24*time.Hour)), g)
	return p.entries, p.err
}

// resolve is a consumer who ends the contract for what never came: a few too soon,
// and once more after that.
func (w *World) resolve(ctx context.Context, s *shop, e entry) ([]entry, error) {
	var g goods
	if err := e.decode(&g); err != nil {
		return nil, err
	}
	var of struct {
		Return ident.Return `json:"return"`
	}
	err := s.selling.do(ctx, request{method: "POST", path: "/orders/" + string(g.Order) + "/demand/resolve", once: e.id, body: []byte("{}")}, &of)
	p := planner{shop: s}
	if err != nil {
		if next, ok := g.again(2); ok {
			p.plan(toResolve, fmt.Sprintf("%d.%d", g.Number, next.Again), e.due.Add(3*24*time.Hour), next)
		}
		return p.entries, errors.Join(p.err, allow(err, 409, 422))
	}
	g.Return, g.Again = of.Return, 0
	r, err := s.back(ctx, g.Return)
	if err != nil || len(r.Decisions) == 0 {
		return nil, err
	}
	return w.decided(s, g, r.Decisions[len(r.Decisions)-1], e.due)
}
