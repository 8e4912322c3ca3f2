package app

import (
	"github.com/promesse-dev/promesse/internal/platform/geocoder"
	"github.com/promesse-dev/promesse/internal/web/locator"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// locator is the page that finds relay points. It asks the geocoder that the
// installation names, and nobody else; a map is drawn by browsers, from the source
// that it names.
func (a *App) locator(p Parts) (*ui.Door, error) {
	finder := geocoder.New(a.out, p.Geocoder, p.Clock.Wall)
	return locator.New(locator.Config{Flow: a.Flow, Index: a.points, Find: finder.Find, Map: p.Map, Base: p.Base, Proxies: p.Proxies, Log: p.Log})
}
