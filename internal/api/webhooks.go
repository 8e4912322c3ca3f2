package api

import (
	"encoding/json"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/webhook"
)

// NewEndpoint is an address of the shop's own system, and what it wants to hear.
type NewEndpoint struct {
	URL   string      `json:"url"`
	Label string      `json:"label,omitempty" doc:"For people."`
	Kinds []fact.Kind `json:"kinds" maxItems:"100" doc:"Such as order.placed, promise.broken, returns.decided, payment.refunded."`
}

// Endpoint is such an address as it is kept.
type Endpoint struct {
	ID ident.Endpoint `json:"id"`
	NewEndpoint
	State   webhook.State `json:"state" enum:"on,rested,gone" doc:"rested: it failed for days; gone: it answered 410. Nothing is sent to either."`
	MadeAt  civil.Instant `json:"made_at"`
	Failing civil.Instant `json:"failing_since,omitzero" doc:"Since when every delivery failed, by the machine's clock."`
}

// OpenedEndpoint is a new one with its secret.
type OpenedEndpoint struct {
	Endpoint
	Secret string `json:"secret" doc:"whsec_…: deliveries are signed with it, as Standard Webhooks has it. Shown now and never again."`
}

func showEndpoint(e webhook.Endpoint) Endpoint {
	return Endpoint{e.ID, NewEndpoint{e.URL, e.Label, append([]fact.Kind{}, e.Kinds...)}, e.State, e.Made, e.Failing}
}

type endpointIn struct{ Body NewEndpoint }

func openEndpoint(a *API, tx *flow.Tx, c call, in *endpointIn) (reply[OpenedEndpoint], error) {
	b := in.Body
	e, secret, err := a.hooks.Open(tx, c.Merchant, webhook.Endpoint{URL: b.URL, Label: b.Label, Kinds: b.Kinds})
	return created(OpenedEndpoint{showEndpoint(e), secret}), err
}

func listEndpoints(_ *API, tx *db.Tx, c call, _ *none) (List[Endpoint], error) {
	all, err := webhook.List(tx, c.Merchant)
	return whole(all, showEndpoint), err
}

type endpointPath struct {
	ID ident.Endpoint `path:"id"`
}

func getEndpoint(_ *API, tx *db.Tx, c call, in *endpointPath) (Endpoint, error) {
	return endpointNow(tx, c.Merchant, in.ID)
}

func endpointNow(tx *db.Tx, m ident.Merchant, id ident.Endpoint) (Endpoint, error) {
	e, err := webhook.Get(tx, m, id)
	return showEndpoint(e), err
}

type changeEndpointIn struct {
	ID   ident.Endpoint `path:"id"`
	Body NewEndpoint
}

func changeEndpoint(a *API, tx *flow.Tx, c call, in *changeEndpointIn) (reply[Endpoint], error) {
	b := in.Body
	if err := a.hooks.Change(tx, c.Merchant, webhook.Endpoint{ID: in.ID, URL: b.URL, Label: b.Label, Kinds: b.Kinds}); err != nil {
		return reply[Endpoint]{}, err
	}
	e, err := endpointNow(tx.Tx, c.Merchant, in.ID)
	return ok(e), err
}

func removeEndpoint(_ *API, tx *flow.Tx, c call, in *endpointPath) (reply[nothing], error) {
	return done(), webhook.Remove(tx, c.Merchant, in.ID)
}

// Rotation is how long the secret before goes on signing beside the new one.
type Rotation struct {
	Overlap int `json:"overlap_seconds,omitempty" doc:"None when left out: the old secret may be in wrong hands."`
}

// Secret is a new one.
type Secret struct {
	Secret string `json:"secret" doc:"Shown now and never again."`
}

type rotateIn struct {
	ID   ident.Endpoint `path:"id"`
	Body Rotation
}

func rotateSecret(a *API, tx *flow.Tx, c call, in *rotateIn) (reply[Secret], error) {
	secret, err := a.hooks.Rotate(tx, c.Merchant, in.ID, durationOf(in.Body.Overlap))
	return created(Secret{secret}), named(err, "overlap", "overlap_seconds")
}

func tryEndpoint(_ *API, tx *flow.Tx, c call, in *endpointPath) (reply[Delivery], error) {
	id, err := webhook.Try(tx, c.Merchant, in.ID)
	if err != nil {
		return reply[Delivery]{}, err
	}
	d, err := webhook.DeliveryOf(tx.Tx, c.Merchant, id)
	return accepted(showDelivery(d)), err
}

func wakeEndpoint(_ *API, tx *flow.Tx, c call, in *endpointPath) (reply[Endpoint], error) {
	if err := webhook.Wake(tx, c.Merchant, in.ID); err != nil {
		return reply[Endpoint]{}, err
	}
	e, err := endpointNow(tx.Tx, c.Merchant, in.ID)
	return ok(e), err
}

// Replayed is how many deliveries are sent again.
type Replayed struct {
	Deliveries int `json:"deliveries" doc:"At most 500 at once: ask again while it is that many."`
}

func replayDead(_ *API, tx *flow.Tx, c call, in *endpointPath) (reply[Replayed], error) {
	n, err := webhook.ReplayDead(tx, c.Merchant, in.ID)
	return accepted(Replayed{n}), err
}

// Delivery is one fact on its way to one endpoint.
type Delivery struct {
	ID       ident.Delivery        `json:"id" doc:"The webhook-id of every try."`
	Endpoint ident.Endpoint        `json:"endpoint"`
	Fact     ident.Fact            `json:"fact,omitempty" doc:"None for a test."`
	Kind     fact.Kind             `json:"kind"`
	Object   string                `json:"object" doc:"What the numbering is of: an order, for example."`
	Sequence int                   `json:"sequence" doc:"1, 2, 3… of the object at the endpoint; 0 for a test."`
	State    webhook.DeliveryState `json:"state" enum:"waiting,delivered,dead"`
	Tries    int                   `json:"tries"`
	Next     civil.Instant         `json:"next,omitzero" doc:"The next try, by the machine's clock; none while it waits behind another."`
	Status   int                   `json:"status,omitempty" doc:"Of the last answer."`
	Error    string                `json:"error,omitempty" doc:"Why the last try failed."`
	MadeAt   civil.Instant         `json:"made_at"`
	TriedAt  civil.Instant         `json:"tried_at,omitzero" doc:"By the machine's clock."`
	Settled  civil.Instant         `json:"settled_at,omitzero" doc:"Delivered or given up, by the machine's clock."`
}

// DeliveryDetail is a delivery with what it says.
type DeliveryDetail struct {
	Delivery
	Body json.RawMessage `json:"body,omitempty" doc:"As it is sent."`
}

func showDelivery(d webhook.Delivery) Delivery {
	return Delivery{
		ID: d.ID, Endpoint: d.Endpoint, Fact: d.Fact, Kind: d.Kind, Object: d.Subject, Sequence: d.Sequence, State: d.State, Tries: d.Tries,
		Next: d.Next, Status: d.Status, Error: d.Error, MadeAt: d.Made, TriedAt: d.Tried, Settled: d.Settled,
	}
}

type deliveriesIn struct {
	Paging
	Endpoint ident.Endpoint        `query:"endpoint" doc:"All when left out."`
	State    webhook.DeliveryState `query:"state" enum:"waiting,delivered,dead" doc:"All when left out."`
}

func listDeliveries(_ *API, tx *db.Tx, c call, in *deliveriesIn) (List[Delivery], error) {
	last, err := after[ident.Delivery](in.Paging)
	if err != nil {
		return List[Delivery]{}, err
	}
	page := webhook.Page{Endpoint: in.Endpoint, State: in.State, Before: last, Limit: in.Limit + 1}
	all, err := webhook.Deliveries(tx, c.Merchant, page)
	return listed(all, in.Limit, func(d webhook.Delivery) ident.Delivery { return d.ID }, showDelivery), err
}

type deliveryPath struct {
	ID ident.Delivery `path:"id"`
}

func getDelivery(_ *API, tx *db.Tx, c call, in *deliveryPath) (DeliveryDetail, error) {
	d, err := webhook.DeliveryOf(tx, c.Merchant, in.ID)
	if err != nil {
		return DeliveryDetail{}, err
	}
	body, err := webhook.Body(tx, c.Merchant, d)
	if err != nil || body == nil {
		return DeliveryDetail{Delivery: showDelivery(d)}, err
	}
	return DeliveryDetail{showDelivery(d), body}, nil
}

func replayDelivery(_ *API, tx *flow.Tx, c call, in *deliveryPath) (reply[Delivery], error) {
	if err := webhook.Replay(tx, c.Merchant, in.ID); err != nil {
		return reply[Delivery]{}, err
	}
	d, err := webhook.DeliveryOf(tx.Tx, c.Merchant, in.ID)
	return accepted(showDelivery(d)), err
}
