package letters_test

import (
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/carrier/ownfleet"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/vault"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/returns"
)

// unfetched has one bottle wait at the door for a courier who does not come.
func (s *shop) unfetched(office *returns.Office, number string) {
	s.T.Helper()
	s.fetches()
	o, line := s.had(number)
	var id ident.Return
	var held bool
	s.Do(s.m, func(tx *flow.Tx) error {
		w := returns.Wanted{Key: number, Order: o, Route: fact.BackByPickup, Items: []returns.Item{{Line: line, Units: 1, Reason: "no_longer_needed"}}}
		f, err := office.Options(tx.Tx, s.m, w, nil)
		if err != nil {
			return err
		}
		for _, option := range f.Options {
			if option.Route == w.Route {
				w.Pickup = option.Pickups[0]
			}
		}
		r, _, err := office.Request(tx, s.m, w)
		id, held = r.ID, r.State == returns.Held
		return err
	})
	if held { // somebody who sends so many bottles back is looked at
		s.by(s.staff("fanny"), func(tx *flow.Tx) error { _, err := returns.Approve(tx, s.m, id, "Vu."); return err })
	}
	s.Do(s.m, func(tx *flow.Tx) error { _, err := returns.AskLabel(tx, s.m, id, carrier.QR); return err })
	s.Quiet()
	s.Pass(5 * 24 * time.Hour)
	s.Quiet()
	s.See(func(tx *db.Tx) error {
		r, err := returns.Get(tx, s.m, id)
		if !r.Unfetched() {
			s.T.Errorf("%+v was fetched", r)
		}
		return err
	})
}

// fetches has the shop's own couriers fetch returns.
func (s *shop) fetches() {
	s.T.Helper()
	keys, err := vault.New(make([]byte, vault.Size))
	if err != nil {
		s.T.Fatal(err)
	}
	adapters := carrier.Adapters{ownfleet.Adapter: ownfleet.Couriers{}}
	for _, e := range returns.Errands(&carrier.Issuer{Flow: s.Flow, Vault: keys, Adapters: adapters}) {
		s.Handle(e)
	}
	s.Do(s.m, func(tx *flow.Tx) error {
		by, err := carrier.Connect(tx, s.m, carrier.Connection{Adapter: ownfleet.Adapter, Name: "Nos livreurs", Zone: "Europe/Paris"})
		if err != nil {
			return err
		}
		if err := adapters.SetAccount(tx, keys, s.m, by.ID, carrier.Account{Fields: map[string]string{"name": "x"}}); err != nil {
			return err
		}
		c := returns.DefaultConditions()
		c.Stores, c.Carriers = true, map[fact.Route]ident.Connection{fact.BackByPickup: by.ID}
		c.Warehouse = carrier.Contact{Address: order.Address{Name: "Retours", Street: "1 rue Basse", Postcode: "69007", City: "Lyon", Country: "FR"}}
		return returns.SetConditions(tx, s.m, c)
	})
}
