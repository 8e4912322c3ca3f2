package shopper

import (
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	orders "github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/remedy"
	"github.com/promesse-dev/promesse/internal/tracking"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// lived is all that the page of an order is made of.
type lived struct {
	ui.Reading
	shop        merchant.Organisation
	order       orders.Order
	lines       []orders.Line
	commitments []promise.Commitment
	warnings    []promise.Warning // of the commitment in force
	remedies    []remedy.Remedy
	parcels     []orders.Parcel
	stories     map[ident.Parcel]tracking.Story
	events      []tracking.Event
	facts       []flow.Fact
	carriers    map[ident.Connection]carrier.Connection
}

// readOrder reads the order that a link opens. The fault is not_found.
func readOrder(tx *db.Tx, link ident.Link) (d lived, err error) {
	m, id, ok, err := orders.ByLink(tx, ident.Hash(string(link)))
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "not_found", "")
	}
	if err != nil {
		return d, err
	}
	if d.shop, err = merchant.Get(tx, m); err != nil {
		return d, err
	}
	if d.order, err = orders.Get(tx, m, id); err != nil {
		return d, err
	}
	if d.lines, err = orders.Lines(tx, m, id); err != nil {
		return d, err
	}
	if err := d.readPromises(tx, m); err != nil {
		return d, err
	}
	d.Reading = ui.Reading{Locale: d.order.Locale, Now: tx.Now}
	if d.Zone, err = d.zone(); err != nil {
		return d, err
	}
	return d, d.readJourney(tx, m)
}

func (d *lived) readPromises(tx *db.Tx, m ident.Merchant) error {
	of, err := promise.OfOrders(tx, m, []ident.Order{d.order.ID})
	if err != nil {
		return err
	}
	d.commitments = of[d.order.ID]
	now := d.current().ID
	warnings, err := promise.Warnings(tx, m, []ident.Commitment{now})
	if err != nil {
		return err
	}
	d.warnings = warnings[now]
	remedies, err := remedy.OfOrders(tx, m, []ident.Order{d.order.ID})
	d.remedies = remedies[d.order.ID]
	return err
}

func (d *lived) readJourney(tx *db.Tx, m ident.Merchant) error {
	of, err := orders.Parcels(tx, m, []ident.Order{d.order.ID})
	if err != nil {
		return err
	}
	d.parcels = of[d.order.ID]
	ids := make([]ident.Parcel, len(d.parcels))
	for i, p := range d.parcels {
		ids[i] = p.ID
	}
	if d.stories, err = tracking.Stories(tx, m, ids); err != nil {
		return err
	}
	if d.events, err = tracking.Events(tx, m, ids); err != nil {
		return err
	}
	connections, err := carrier.Connections(tx, m)
	if err != nil {
		return err
	}
	d.carriers = map[ident.Connection]carrier.Connection{}
	for _, c := range connections {
		d.carriers[c.ID] = c
	}
	d.facts, err = flow.Timeline(tx, m, string(d.order.ID))
	return err
}

// current is the commitment in force: the youngest, which no other replaced.
func (d *lived) current() promise.Commitment {
	for i := len(d.commitments) - 1; i >= 0; i-- {
		if d.commitments[i].State != fact.Amended {
			return d.commitments[i]
		}
	}
	return promise.Commitment{}
}

// zone is where the goods go.
func (d *lived) zone() (*time.Location, error) {
	name := d.current().Zone
	if name == "" {
		name = d.shop.Zone
	}
	return civil.Zone(name)
}
