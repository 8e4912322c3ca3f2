package app

import (
	"net/http"

	"github.com/promesse-dev/promesse/internal/web/home"
	"github.com/promesse-dev/promesse/internal/web/shopper"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// pages opens the doors for people. The first page answers whatever no other does.
func (a *App) pages(p Parts) (http.Handler, error) {
	first, err := home.New(home.Config{Flow: a.Flow, Link: a.Desk.Link, Base: p.Base, Demo: p.Demo, Log: p.Log})
	if err != nil {
		return nil, err
	}
	orders, err := shopper.New(shopper.Config{Flow: a.Flow, Base: p.Base, Log: p.Log})
	if err != nil {
		return nil, err
	}
	a.shown = append([]ui.Route(nil), append(first.Routes(), orders.Routes()...)...)
	mux := http.NewServeMux()
	mux.Handle("/", first)
	mux.Handle("/p/", orders)
	mux.Handle("/lien/", orders)
	return mux, nil
}
