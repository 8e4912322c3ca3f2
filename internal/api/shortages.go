package api

import (
	"fmt"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// NewShortage is units of an order that the shop will not send.
type NewShortage struct {
	Lines   []Packed       `json:"lines" maxItems:"1000" doc:"Units that are in no parcel and will be in none, besides those declared before."`
	Damaged bool           `json:"damaged,omitempty" doc:"They are there, and broken."`
	After   ident.Shortage `json:"after,omitempty" doc:"The last shortage of the order that you know of: the same again after it is more of it, not a repetition."`
}

// Shortage is units declared missing, or damaged.
type Shortage struct {
	ID      ident.Shortage `json:"id"`
	Order   ident.Order    `json:"order"`
	By      fact.Party     `json:"by" enum:"merchant,shopper" doc:"The shop before it leaves, the shopper after it came."`
	At      civil.Instant  `json:"at"`
	Lines   []Packed       `json:"lines"`
	Damaged bool           `json:"damaged"`
}

type shortageIn struct {
	ID   ident.Order `path:"id"`
	Body NewShortage
}

func declareMissing(_ *API, tx *flow.Tx, c call, in *shortageIn) (reply[Shortage], error) {
	units, err := in.Body.units()
	if err != nil {
		return reply[Shortage]{}, err
	}
	before, err := shortagesOf(tx.Tx, c.Merchant, in.ID)
	if err != nil {
		return reply[Shortage]{}, err
	}
	id, err := order.DeclareMissing(tx, c.Merchant, order.Missing{
		Order: in.ID, By: fact.ByMerchant, Units: units, Damaged: in.Body.Damaged, After: in.Body.After,
	})
	if err != nil {
		return reply[Shortage]{}, named(err, in.Body.paths()...)
	}
	after, err := shortagesOf(tx.Tx, c.Merchant, in.ID)
	i := slices.IndexFunc(after, func(s Shortage) bool { return s.ID == id })
	if err != nil || i < 0 {
		return reply[Shortage]{}, fmt.Errorf("shortage %s was written and is not there: %w", id, err)
	}
	return freshly(len(after) > len(before), after[i]), nil
}

// units are what is missing, by line. The fault is line_twice.
func (n NewShortage) units() (map[ident.Line]int, error) {
	out := map[ident.Line]int{}
	for i, l := range n.Lines {
		if _, twice := out[l.Line]; twice {
			return nil, fault.New(fault.Invalid, "line_twice", fmt.Sprintf("lines[%d].line", i), "line", string(l.Line))
		}
		out[l.Line] = l.Units
	}
	return out, nil
}

// paths put the room's path of a line's units, units[lin_…], into ours, lines[0].
func (n NewShortage) paths() (names []string) {
	for i, l := range n.Lines {
		names = append(names, fmt.Sprintf("units[%s]", l.Line), fmt.Sprintf("lines[%d]", i))
	}
	return append(names, "units", "lines")
}

// shortagesOf reads what an order lacks.
func shortagesOf(tx *db.Tx, m ident.Merchant, id ident.Order) ([]Shortage, error) {
	of, err := order.Shortages(tx, m, []ident.Order{id})
	return mapped(of[id], showShortage), err
}

func showShortage(s order.Shortage) Shortage {
	return Shortage{
		ID: s.ID, Order: s.Order, By: s.By, At: s.At, Damaged: s.Damaged,
		Lines: mapped(s.Lines, func(l order.Short) Packed { return Packed{l.Line, l.Units} }),
	}
}
