package api

import (
	"cmp"
	"encoding/json"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/tracking"
)

// Timeline is all that happened to an order, by instant.
type Timeline struct {
	Items []Moment `json:"items"`
}

// Moment is one thing that happened: a fact that was written down, or a scan of
// a carrier.
type Moment struct {
	At    civil.Instant   `json:"at"`
	Kind  string          `json:"kind" doc:"The fact's kind, such as promise.made; carrier.event for a scan."`
	ID    string          `json:"id"`
	Actor flow.Actor      `json:"actor,omitempty" doc:"Who caused it."`
	Cause ident.Fact      `json:"cause,omitempty" doc:"The fact it follows from."`
	Fact  json.RawMessage `json:"fact,omitempty" doc:"Ids, enumerations, amounts and instants; never a name or an address."`
	Event *Event          `json:"event,omitempty"`
}

func orderTimeline(_ *API, tx *db.Tx, c call, in *orderPath) (t Timeline, err error) {
	if _, err := order.Get(tx, c.Merchant, in.ID); err != nil {
		return t, err
	}
	facts, err := flow.Timeline(tx, c.Merchant, string(in.ID))
	if err != nil {
		return t, err
	}
	parcels, err := order.Parcels(tx, c.Merchant, []ident.Order{in.ID})
	if err != nil {
		return t, err
	}
	events, err := tracking.Events(tx, c.Merchant, mapped(parcels[in.ID], func(p order.Parcel) ident.Parcel { return p.ID }))
	if err != nil {
		return t, err
	}
	t.Items, err = merged(facts, events)
	return t, err
}

// carrierEvent is the kind of a scan in a timeline; scans are no facts.
const carrierEvent fact.Kind = "carrier.event"

func merged(facts []flow.Fact, events []tracking.Event) ([]Moment, error) {
	all := []Moment{}
	for _, f := range facts {
		body, err := json.Marshal(f.Body)
		if err != nil {
			return nil, err
		}
		all = append(all, Moment{At: f.At, Kind: string(f.Kind), ID: string(f.ID), Actor: f.Actor, Cause: f.Cause, Fact: body})
	}
	for _, e := range events {
		shown := showEvent(e)
		all = append(all, Moment{At: e.At, Kind: string(carrierEvent), ID: string(e.ID), Event: &shown})
	}
	slices.SortStableFunc(all, func(a, b Moment) int { return cmp.Compare(a.At, b.At) })
	return all, nil
}
