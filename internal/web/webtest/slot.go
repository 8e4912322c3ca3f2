package webtest

import (
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
)

// Slots gives the shop couriers who come by appointment, every day from 14:00 to
// 16:00, for the same 5.90 euros, and answers the connection under which they
// report. Sales ask for it by Slot.
func (s *Shop) Slots() (couriers ident.Connection) {
	s.T.Helper()
	s.Do(s.ID, func(tx *flow.Tx) error {
		c, err := carrier.Connect(tx, s.ID, carrier.Connection{Adapter: "ownfleet", Name: "Nos coursiers", Zone: "Europe/Paris", Grace: time.Hour})
		if err != nil {
			return err
		}
		couriers = c.ID
		service, err := carrier.SetService(tx, s.ID, carrier.Service{
			Connection: c.ID, Name: "Nos coursiers", Mode: carrier.Slot, Countries: []string{"FR"},
			Collects: civil.EveryDay, Delivers: civil.EveryDay, Region: "FR",
		})
		if err != nil {
			return err
		}
		_, err = order.SetTariff(tx, s.ID, order.Tariff{Service: service.ID, Price: money.Of(590, money.EUR), Since: civil.NoDay, Until: civil.NoDay})
		if err != nil {
			return err
		}
		grid := lastmile.Grid{Service: service.ID}
		for d := time.Sunday; d <= time.Saturday; d++ {
			grid.Windows = append(grid.Windows, lastmile.GridWindow{Weekday: d, FromMinute: 14 * 60, UntilMinute: 16 * 60, Capacity: 100, CloseBefore: 2 * time.Hour})
		}
		_, err = lastmile.SetGrid(tx, s.ID, grid)
		return err
	})
	return couriers
}

// AskEarly has a courier ask whether to come at a local time of Paris.
func (s *Shop) AskEarly(o ident.Order, local string) {
	s.T.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", local, flowtest.Paris)
	if err != nil {
		s.T.Fatal(err)
	}
	s.Do(s.ID, func(tx *flow.Tx) error {
		_, _, err := lastmile.AskEarly(tx, s.ID, o, civil.At(at))
		return err
	})
}

// Lacks has the shop declare units of the order's first line missing.
func (s *Shop) Lacks(o ident.Order, units int) {
	s.T.Helper()
	s.Do(s.ID, func(tx *flow.Tx) error {
		lines, err := order.Lines(tx.Tx, s.ID, o)
		if err != nil {
			return err
		}
		_, err = order.DeclareMissing(tx, s.ID, order.Missing{Order: o, By: fact.ByMerchant, Units: map[ident.Line]int{lines[0].ID: units}})
		return err
	})
}
