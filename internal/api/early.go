package api

import (
	"slices"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// EarlyAsk is a courier who could come before the slot.
type EarlyAsk struct {
	At civil.Instant `json:"at" doc:"When: from now on, before the slot begins."`
}

// Early is that wish, and what the shopper said.
type Early struct {
	ID         ident.Early         `json:"id"`
	Order      ident.Order         `json:"order"`
	State      lastmile.EarlyState `json:"state" enum:"asked,accepted,refused,unanswered" doc:"Come early when it is accepted, and only then: silence is no consent."`
	At         civil.Instant       `json:"at"`
	From       civil.Instant       `json:"from" doc:"The slot as it was promised."`
	Until      civil.Instant       `json:"until" doc:"Exclusive."`
	AskedAt    civil.Instant       `json:"asked_at"`
	AnsweredAt civil.Instant       `json:"answered_at,omitzero"`
}

type earlyIn struct {
	ID   ident.Order `path:"id"`
	Body EarlyAsk
}

func askEarly(_ *API, tx *flow.Tx, c call, in *earlyIn) (reply[Early], error) {
	if err := meets(tx.Tx, c, in.ID); err != nil {
		return reply[Early]{}, err
	}
	e, fresh, err := lastmile.AskEarly(tx, c.Merchant, in.ID, in.Body.At)
	return freshly(fresh, showEarly(e, tx.Now)), err
}

func earlyNow(_ *API, tx *db.Tx, c call, in *orderPath) (Early, error) {
	if err := meets(tx, c, in.ID); err != nil {
		return Early{}, err
	}
	e, asked, err := lastmile.EarlyOf(tx, c.Merchant, in.ID)
	if err == nil && !asked {
		err = fault.New(fault.NotFound, "not_found", "order")
	}
	return showEarly(e, tx.Now), err
}

// meets refuses a courier's key about an order that its connection does not
// bring: to a courier it is nobody's.
func meets(tx *db.Tx, c call, o ident.Order) error {
	if c.Set != merchant.Carrier {
		return nil
	}
	of, err := lastmile.Bookings(tx, c.Merchant, []ident.Order{o})
	if err != nil {
		return err
	}
	services, err := carrier.Services(tx, c.Merchant)
	if err != nil {
		return err
	}
	b, booked := of[o]
	brings := func(s carrier.Service) bool { return s.ID == b.Service && s.Connection == c.Connection }
	if !booked || !slices.ContainsFunc(services, brings) {
		return fault.New(fault.NotFound, "not_found", "order")
	}
	return nil
}

func showEarly(e lastmile.Early, now civil.Instant) Early {
	return Early{e.ID, e.Order, e.State(now), e.At, e.From, e.Until, e.Asked, e.Answered}
}
