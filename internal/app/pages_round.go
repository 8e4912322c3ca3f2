package app

import (
	"context"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/demo"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/web/home"
	"github.com/promesse-dev/promesse/internal/web/round"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// roundLeaves are the facts of couriers' rounds. What they mean for a parcel,
// tracking tells: these say who was let in, who goes where, and what they said.
var roundLeaves = []fact.Kind{"lastmile.courier_set", "lastmile.device_set", "lastmile.stop_set", "lastmile.visited"}

// round opens the door for couriers.
func (a *App) round(p Parts) (*ui.Door, error) {
	c := round.Config{Flow: a.Flow, Vault: p.Vault, Carriers: carriers(), Base: p.Base, Log: p.Log}
	if p.Demo {
		c.Guests = func() (ident.Merchant, func(context.Context) error) { return a.stage.van.Shop, a.stage.load }
	}
	return round.New(c)
}

// van is the demo's round as its first page shows it.
func (a *App) van() home.Van {
	return home.Van{Courier: a.stage.van.Name, PIN: a.stage.van.PIN}
}

// regular is whoever buys in all of the demo's shops.
func regular(living bool) string {
	if !living {
		return ""
	}
	return demo.Everywhere
}
