package demo

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/payment"
	"github.com/promesse-dev/promesse/internal/returns"
)

// tended is a return in a state, as far as the world has looked at it.
type tended struct {
	id    ident.Return
	state returns.State
}

// waiting are the states in which a return waits for somebody of the world.
var waiting = []returns.State{returns.Held, returns.Accepted, returns.Ready, returns.Received}

// tend finds the returns that people asked for before a screen, and plans that
// the world does its part: the counter, the warehouse, the money.
func (w *World) tend(ctx context.Context, now civil.Instant) error {
	var p planner
	var fresh []tended
	for _, s := range w.inOrder() {
		p.shop = s
		for _, state := range waiting {
			var list struct {
				Items []returned `json:"items"`
			}
			if err := s.desk.do(ctx, request{method: "GET", path: "/returns?limit=100&state=" + string(state)}, &list); err != nil {
				return err
			}
			for _, r := range list.Items {
				if at := (tended{r.ID, r.State}); !w.tended[at] {
					fresh = append(fresh, at)
					p.plan(toMind, fmt.Sprint(r.ID, "/", r.State), now, goods{Return: r.ID, Order: r.Order})
				}
			}
		}
		if err := w.owed(ctx, &p, now); err != nil {
			return err
		}
	}
	if p.err != nil || len(p.entries) == 0 {
		return p.err
	}
	err := w.add(ctx, p.entries)
	for _, at := range fresh {
		w.tended[at] = err == nil
	}
	return err
}

// owed plans that a shop pays people what it was asked to.
func (w *World) owed(ctx context.Context, p *planner, now civil.Instant) error {
	var asked struct {
		Items []struct {
			ID    ident.Refund  `json:"id"`
			Order ident.Order   `json:"order"`
			State payment.State `json:"state"`
		} `json:"items"`
	}
	if err := p.desk.do(ctx, request{method: "GET", path: "/refunds?limit=100&state=" + string(payment.Asked)}, &asked); err != nil {
		return err
	}
	for _, r := range asked.Items {
		if w.met[r.Order] && !w.paying[r.ID] {
			w.paying[r.ID] = true
			p.plan(toRepay, string(r.ID), p.atWork(now.Add(20*time.Hour)), goods{Order: r.Order})
		}
	}
	return nil
}

// mind does the world's part in a person's return. Those of the world's own
// shoppers stand in the agenda already.
func (w *World) mind(ctx context.Context, s *shop, e entry) ([]entry, error) {
	var g goods
	if err := e.decode(&g); err != nil {
		return nil, err
	}
	var o ordered
	if err := s.selling.do(ctx, request{method: "GET", path: "/orders/" + string(g.Order)}, &o); err != nil {
		return nil, err
	}
	g.Person, g.Number, g.Postcode = true, numberOf(g.Order), o.ShipTo.Postcode
	if !strings.Contains(o.Reference, byHand) {
		if _, err := fmt.Sscanf(o.Reference, s.trade.Prefix+"-%d", &g.Number); err == nil && w.wavers(s, g.Number) {
			return nil, nil
		}
	}
	r, err := s.back(ctx, g.Return)
	if err != nil {
		return nil, err
	}
	p := planner{shop: s}
	switch {
	case r.State == returns.Ready && r.Carrier != "":
		p.plan(toTake, g.key(), e.due, g)
	case r.State == returns.Received && len(r.Decisions) == 0:
		p.plan(toInspect, g.key(), s.atWork(e.due.Add(20*time.Hour)), g)
	case r.State == returns.Accepted && r.Carrier != "" && r.Route != fact.BackNotNeeded: // until there is a label
	default:
		return w.proceed(s, r.returned, g, e.due)
	}
	return p.entries, p.err
}
