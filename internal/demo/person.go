package demo

import (
	"context"
	"fmt"
	"hash/fnv"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
)

// ordered is an order as the API lists and shows it.
type ordered struct {
	placed
	Reference string  `json:"reference"`
	State     string  `json:"state"`
	ShipTo    address `json:"ship_to"`
	Lines     []struct {
		ID    ident.Line `json:"id"`
		Kind  string     `json:"kind"`
		Units int        `json:"units"`
	} `json:"lines"`
	Parcels []struct {
		Number string `json:"number"`
	} `json:"parcels"`
}

// byHand marks the references of orders that a person placed before a screen.
const byHand = "-W-"

// newest is how many of a shop's orders are looked through for those of people.
const newest = 50

// welcome finds the orders that people placed, and plans that their shops see
// them: those are to be sent and carried like any other.
func (w *World) welcome(ctx context.Context, now civil.Instant) error {
	var p planner
	var fresh []ident.Order
	for _, s := range w.inOrder() {
		var list struct {
			Items []ordered `json:"items"`
		}
		path := fmt.Sprintf("/orders?limit=%d", newest)
		if err := s.selling.do(ctx, request{method: "GET", path: path}, &list); err != nil {
			return err
		}
		p.shop = s
		for _, o := range list.Items {
			if strings.Contains(o.Reference, byHand) && !w.met[o.ID] {
				fresh = append(fresh, o.ID)
				p.plan(toAdopt, string(o.ID), now, o.ID)
			}
		}
	}
	if p.err != nil || len(fresh) == 0 {
		return p.err
	}
	err := w.add(ctx, p.entries)
	for _, id := range fresh {
		w.met[id] = err == nil
	}
	return err
}

// adopt draws what becomes of a person's order. One that has a parcel was
// adopted before the world last stopped.
func (w *World) adopt(ctx context.Context, s *shop, e entry) ([]entry, error) {
	var id ident.Order
	if err := e.decode(&id); err != nil {
		return nil, err
	}
	var o ordered
	if err := s.selling.do(ctx, request{method: "GET", path: "/orders/" + string(id)}, &o); err != nil {
		return nil, err
	}
	if o.State != "placed" || len(o.Parcels) > 0 {
		return nil, nil
	}
	to := town{o.ShipTo.Country, o.ShipTo.Postcode, o.ShipTo.City}
	return w.follow(s, sale{placed: o.placed, number: numberOf(id), who: customer{town: to}, person: true})
}

// numberOf is a number for an order that no dice fell for before, above those of
// the world's own.
func numberOf(id ident.Order) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(id))
	return 500_000_000 + int(h.Sum32()%400_000_000)
}
