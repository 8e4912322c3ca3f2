package app

import (
	"github.com/promesse-dev/promesse/internal/platform/egress"
	"github.com/promesse-dev/promesse/internal/platform/geocoder"
	"github.com/promesse-dev/promesse/internal/relay"
	"github.com/promesse-dev/promesse/internal/web/locator"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// locate opens the page that finds relay points over an index, which others may
// share, and over a geocoder's address; without one, towns and postcodes alone
// are found.
func (a *App) locate(p Parts, ix *relay.Index, url string) (*ui.Door, error) {
	out := p.Out
	out.Wall = p.Clock.Wall
	finder := geocoder.New(egress.New(out), url, p.Clock.Wall)
	return locator.New(locator.Config{Flow: a.Flow, Index: ix, Find: finder.Find, Base: p.Base, Proxies: p.Proxies, Log: p.Log})
}

// locator is the page that finds relay points. It asks the geocoder that the
// installation names, and nobody else.
func (a *App) locator(p Parts) (*ui.Door, error) { return a.locate(p, a.points, p.Geocoder) }
