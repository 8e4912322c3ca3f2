package app

import (
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/web/counter"
	"github.com/promesse-dev/promesse/internal/web/home"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// counter opens the door for clerks of relay points and stores.
func (a *App) counter(p Parts) (*ui.Door, error) {
	c := counter.Config{Flow: a.Flow, Vault: p.Vault, Base: p.Base, Log: p.Log}
	if p.Demo {
		c.Guests = func() (ident.Merchant, ident.Point) { return a.stage.counter.Keeper, a.stage.counter.Point }
	}
	return counter.New(c)
}

// till is the demo's counter as its first page shows it.
func (a *App) till() home.Till {
	c := a.stage.counter
	return home.Till{Point: c.Point, Clerk: c.Clerk, PIN: c.PIN, Coming: c.Coming}
}
