package counter

import (
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/crew"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/relay"
)

// Entrust says that an organisation runs the points of a network, and nobody
// else any more. It is for whoever runs the installation: give it a write of the
// organisation. Its own stores an organisation runs anyway.
func Entrust(tx *flow.Tx, m ident.Merchant, network string) error {
	return tx.Do(sqlEntrust, network, m, tx.Now)
}

// Networks lists the networks whose points an organisation runs, its stores aside.
func Networks(tx *db.Tx, m ident.Merchant) ([]string, error) {
	return db.All(tx, sqlNetworks, db.Scalar[string], m)
}

// Runs reports whether an organisation runs the counter of a point: it is its
// store, or a point of a network entrusted to it. A point that is gone is run by
// nobody.
func Runs(tx *db.Tx, m ident.Merchant, p relay.Point) (bool, error) {
	if p.Gone != 0 {
		return false, nil
	}
	if owner := p.Owner(); owner != "" {
		return owner == m, nil
	}
	by, ok, err := db.One(tx, sqlEntrusted, db.Scalar[ident.Merchant], p.Network)
	return ok && by == m, err
}

// Post is where the clerks and devices of a point's counter belong. The fault is
// point_not_yours: the organisation does not run it.
func Post(tx *db.Tx, m ident.Merchant, at ident.Point) (crew.Post, error) {
	_, err := run(tx, m, at)
	return crew.Counter(m, at), err
}

// Where reads the point at which a device stands. The fault is unauthorized when it is
// not its organisation's any more.
func Where(tx *db.Tx, d crew.Device) (relay.Point, error) {
	p, err := run(tx, d.Merchant, d.Point)
	if fault.Is(err, "point_not_yours") {
		err = fault.New(fault.Unauthorized, "unauthorized", "")
	}
	return p, err
}

// run reads a point that an organisation runs. The fault is point_not_yours.
func run(tx *db.Tx, m ident.Merchant, id ident.Point) (relay.Point, error) {
	p, err := relay.Get(tx, id)
	if fault.Is(err, "not_found") {
		return p, fault.New(fault.NotFound, "point_not_yours", "point")
	}
	if err != nil {
		return p, err
	}
	yours, err := Runs(tx, m, p)
	if err == nil && !yours {
		err = fault.New(fault.NotFound, "point_not_yours", "point")
	}
	return p, err
}

const (
	sqlEntrust = `insert into counter_network (network, merchant, since) values ($1, $2, $3)
		on conflict (network) do update set merchant = excluded.merchant, since = excluded.since`
	sqlEntrusted = `select merchant from counter_network where network = $1`
	sqlNetworks  = `-- whole merchant: the networks it runs, to be shown
		select network from counter_network where merchant = $1 order by network`
)
