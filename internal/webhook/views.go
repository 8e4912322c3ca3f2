package webhook

import (
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// Get reads an endpoint with the kinds it hears of. The fault is not_found, also
// for one that was removed.
func Get(tx *db.Tx, m ident.Merchant, id ident.Endpoint) (Endpoint, error) {
	e, ok, err := db.One(tx, sqlEndpoint, scanEndpoint, m, id)
	if err == nil && !ok {
		return Endpoint{}, fault.New(fault.NotFound, "not_found", "endpoint")
	}
	if err != nil {
		return Endpoint{}, err
	}
	e.Kinds, err = db.All(tx, sqlKindsOf, db.Scalar[fact.Kind], m, id)
	return e, err
}

// List reads the endpoints of a merchant, the oldest first.
func List(tx *db.Tx, m ident.Merchant) ([]Endpoint, error) {
	es, err := db.All(tx, sqlEndpoints, scanEndpoint, m)
	if err != nil {
		return nil, err
	}
	for i := range es {
		if es[i].Kinds, err = db.All(tx, sqlKindsOf, db.Scalar[fact.Kind], m, es[i].ID); err != nil {
			return nil, err
		}
	}
	return es, nil
}

// Page is a place in the list of deliveries, and which of them.
type Page struct {
	Endpoint ident.Endpoint // empty: all
	State    DeliveryState  // empty: all
	Before   ident.Delivery // the last one of the page before; empty at first
	Limit    int
}

// newest sorts after every delivery.
const newest ident.Delivery = "dlv_zzzzzzzzzzzzzzzzzzzzzzzzzz"

// Deliveries pages through the deliveries of a merchant, the newest first.
func Deliveries(tx *db.Tx, m ident.Merchant, p Page) ([]Delivery, error) {
	if p.Before == "" {
		p.Before = newest
	}
	return db.All(tx, sqlDeliveries, scanDelivery, m, p.Before, p.Endpoint, p.State, p.Limit)
}

// DeadCount is how many deliveries were given up that somebody may still replay:
// not those of endpoints that were removed.
func DeadCount(tx *db.Tx, m ident.Merchant) (int, error) {
	n, _, err := db.One(tx, sqlCountDead, db.Scalar[int], m)
	return n, err
}

// DeliveryOf reads a delivery. The fault is not_found.
func DeliveryOf(tx *db.Tx, m ident.Merchant, id ident.Delivery) (Delivery, error) {
	d, ok, err := db.One(tx, sqlDelivery, scanDelivery, m, id)
	if err == nil && !ok {
		return Delivery{}, fault.New(fault.NotFound, "not_found", "delivery")
	}
	return d, err
}

// Body is what a delivery says, as it is sent; nil when its fact is not there.
func Body(tx *db.Tx, m ident.Merchant, d Delivery) ([]byte, error) {
	all, err := letters(tx, m, []Delivery{d})
	if err != nil {
		return nil, err
	}
	return all[0].body, nil
}
