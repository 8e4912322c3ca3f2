package api

import (
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/returns"
)

// Demand is a consumer's formal notice to deliver what is late.
type Demand struct {
	ID         ident.Demand  `json:"id"`
	Order      ident.Order   `json:"order"`
	Statement  string        `json:"statement" doc:"The whole of it, with the instant."`
	Hash       string        `json:"hash" doc:"SHA-256 of the statement, in hexadecimal."`
	Due        civil.Instant `json:"due" doc:"When it was to be delivered by, exclusive."`
	SentAt     civil.Instant `json:"sent_at"`
	Until      civil.Instant `json:"until" doc:"End of the further period, exclusive."`
	DeclinedAt civil.Instant `json:"declined_at,omitzero" doc:"When the shop said that it will not deliver."`
	Resolvable bool          `json:"resolvable" doc:"The contract may be resolved, if nothing came."`
	ResolvedAt civil.Instant `json:"resolved_at,omitzero"`
	Return     ident.Return  `json:"return,omitempty" doc:"Under which the money comes back."`
}

func showDemand(d returns.Demand, now civil.Instant) Demand {
	return Demand{
		ID: d.ID, Order: d.Order, Statement: d.Statement, Hash: d.Hash, Due: d.Due, SentAt: d.Sent, Until: d.Until, DeclinedAt: d.Declined,
		Resolvable: d.Resolvable(now), ResolvedAt: d.Resolved, Return: d.Return,
	}
}

func getDemand(_ *API, tx *db.Tx, c call, in *orderPath) (Demand, error) {
	d, err := returns.TheDemandOf(tx, c.Merchant, in.ID)
	return showDemand(d, tx.Now), err
}

func summonDelivery(_ *API, tx *flow.Tx, c call, in *orderPath) (reply[Demand], error) {
	d, fresh, err := returns.Summon(tx, c.Merchant, in.ID)
	return freshly(fresh, showDemand(d, tx.Now)), err
}

func declineDelivery(_ *API, tx *flow.Tx, c call, in *orderPath) (reply[Demand], error) {
	d, err := returns.TheDemandOf(tx.Tx, c.Merchant, in.ID)
	if err != nil {
		return reply[Demand]{}, err
	}
	d, err = d.Decline(tx, c.Merchant)
	return ok(showDemand(d, tx.Now)), err
}

func resolveContract(_ *API, tx *flow.Tx, c call, in *orderPath) (reply[Demand], error) {
	d, err := returns.TheDemandOf(tx.Tx, c.Merchant, in.ID)
	if err != nil {
		return reply[Demand]{}, err
	}
	if _, err := d.Resolve(tx, c.Merchant); err != nil {
		return reply[Demand]{}, err
	}
	d, err = returns.TheDemandOf(tx.Tx, c.Merchant, in.ID)
	return ok(showDemand(d, tx.Now)), err
}
