package api

import (
	"slices"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Tariff is one row of the price list of delivery.
type Tariff struct {
	ID        ident.Tariff  `json:"id,omitempty" doc:"Empty to add one."`
	Service   ident.Service `json:"service"`
	Zone      string        `json:"zone,omitempty" doc:"FR, FR-COR, FR-OM, BE, DE, EU or WORLD; any when left out."`
	MaxGrams  int           `json:"max_grams,omitempty" doc:"The heaviest basket it is for; any when left out."`
	MinBasket *money.Amount `json:"min_basket,omitempty" doc:"The least value of goods it is for."`
	Price     money.Amount  `json:"price"`
	FreeFrom  *money.Amount `json:"free_from,omitempty" doc:"Value of goods from which it costs nothing; never when left out."`
	Since     *civil.Day    `json:"since,omitempty" doc:"The first day."`
	Until     *civil.Day    `json:"until,omitempty" doc:"The first day on which it is over."`
}

type tariffIn struct{ Body Tariff }

func setTariff(_ *API, tx *flow.Tx, c call, in *tariffIn) (reply[Tariff], error) {
	b := in.Body
	if err := haveService(tx.Tx, c.Merchant, b.Service); err != nil {
		return reply[Tariff]{}, err
	}
	t, err := order.SetTariff(tx, c.Merchant, order.Tariff{
		ID: b.ID, Service: b.Service, Zone: b.Zone, MaxGrams: b.MaxGrams, MinBasket: amountOf(b.MinBasket),
		Price: b.Price, FreeFrom: amountOf(b.FreeFrom), Since: dayOf(b.Since), Until: dayOf(b.Until),
	})
	return freshly(b.ID == "", showTariff(t)), named(err, "tariff", "id")
}

// haveService refuses a service that is not the merchant's: the price list does
// not know the carriers.
func haveService(tx *db.Tx, m ident.Merchant, id ident.Service) error {
	services, err := carrier.Services(tx, m)
	if err != nil || slices.ContainsFunc(services, func(s carrier.Service) bool { return s.ID == id }) {
		return err
	}
	return fault.New(fault.Invalid, "unknown_service", "service", "service", string(id))
}

// amountOf is an amount that may be left out.
func amountOf(a *money.Amount) money.Amount {
	if a == nil {
		return money.Amount{}
	}
	return *a
}

type tariffsIn struct {
	On string `query:"on" format:"date" doc:"The day it is for; today when left out."`
}

func listTariffs(_ *API, tx *db.Tx, c call, in *tariffsIn) (List[Tariff], error) {
	on, err := dayAsked(tx, c, in.On)
	if err != nil {
		return List[Tariff]{}, err
	}
	all, err := order.Tariffs(tx, c.Merchant, on)
	return whole(all, showTariff), err
}

// dayAsked is a day of the calendar, or today where the organisation is.
func dayAsked(tx *db.Tx, c call, text string) (civil.Day, error) {
	if text != "" {
		return civil.ParseDay(text)
	}
	o, err := merchant.Get(tx, c.Merchant)
	if err != nil {
		return civil.NoDay, err
	}
	zone, err := civil.Zone(o.Zone)
	if err != nil {
		return civil.NoDay, err
	}
	return tx.Now.Day(zone), nil
}

func showTariff(t order.Tariff) Tariff {
	out := Tariff{
		ID: t.ID, Service: t.Service, Zone: t.Zone, MaxGrams: t.MaxGrams, Price: t.Price,
		Since: optional(t.Since), Until: optional(t.Until),
	}
	if t.MinBasket.Minor > 0 {
		out.MinBasket = &t.MinBasket
	}
	if t.FreeFrom.Minor > 0 {
		out.FreeFrom = &t.FreeFrom
	}
	return out
}
