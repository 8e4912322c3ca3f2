package app

import (
	"github.com/promesse-dev/promesse/internal/web/counter"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// counter opens the door for clerks of relay points and stores.
func (a *App) counter(p Parts) (*ui.Door, error) {
	return counter.New(counter.Config{Flow: a.Flow, Vault: p.Vault, Base: p.Base, Log: p.Log})
}
