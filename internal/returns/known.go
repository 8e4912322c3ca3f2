package returns

import (
	"fmt"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/mailbox"
	"github.com/promesse-dev/promesse/internal/core/text"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/blob"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/relay"
)

// evidence is photos named at a field.
type evidence struct {
	at     string
	photos []ident.Blob
}

// knownPhotos refuses photos that were never sent here: photo_unknown.
func knownPhotos(tx *db.Tx, m ident.Merchant, all ...evidence) error {
	var ids []ident.Blob
	for _, e := range all {
		ids = append(ids, e.photos...)
	}
	if len(ids) == 0 {
		return nil
	}
	known, err := blob.Known(tx, m, ids)
	if err != nil {
		return err
	}
	var faults fault.List
	for _, e := range all {
		for i, id := range e.photos {
			if !known[id] {
				faults.Add(fault.NotFound, "photo_unknown", fmt.Sprintf("%s[%d]", e.at, i))
			}
		}
	}
	return faults.Err()
}

// checkPoint refuses a point that can not take the parcel of a route: not_found,
// point_gone, and point_off_route where another network, or somebody else, runs it.
func checkPoint(tx *db.Tx, m ident.Merchant, id ident.Point, route fact.Route, by ident.Connection) error {
	if id == "" {
		return nil
	}
	p, err := relay.Get(tx, id)
	switch {
	case fault.KindOf(err) == fault.NotFound:
		return fault.New(fault.NotFound, "not_found", "point")
	case err != nil:
		return err
	case !p.Gone.IsZero():
		return fault.New(fault.Conflict, "point_gone", "point", "name", p.Name)
	}
	takes := false
	switch route {
	case fact.BackToStore:
		takes = p.Owner() == m
	case fact.BackByRelay, fact.BackByPost:
		c, err := carrier.Get(tx, m, by)
		if err != nil {
			return err
		}
		takes = p.Network == c.Adapter
	}
	if !takes {
		return fault.New(fault.Conflict, "point_off_route", "point", "name", p.Name)
	}
	return nil
}

// checkWarehouse refuses half an address; none at all is said when a label needs it.
func checkWarehouse(faults *fault.List, w carrier.Contact) {
	if w == (carrier.Contact{}) {
		return
	}
	text.Required(faults, "warehouse.name", w.Name, maxName)
	text.Required(faults, "warehouse.street", w.Street, maxName)
	text.Check(faults, "warehouse.extra", w.Extra, maxName)
	text.Required(faults, "warehouse.city", w.City, maxName)
	_, err := geo.NewPlace(w.Country, w.Postcode)
	for _, f := range fault.All(err) {
		at := *f
		at.Field = "warehouse." + f.Field
		*faults = append(*faults, &at)
	}
	if w.Email != "" && !mailbox.Formed(w.Email) {
		faults.Add(fault.Invalid, "email_invalid", "warehouse.email")
	}
}
