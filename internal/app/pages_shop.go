package app

import (
	"github.com/promesse-dev/promesse/internal/demo"
	"github.com/promesse-dev/promesse/internal/web/home"
	"github.com/promesse-dev/promesse/internal/web/shop"
	"github.com/promesse-dev/promesse/internal/web/shop/catalogue"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// stage is what the demo's pages need and what exists only once the application
// does: the keys of the shops, and the world around them. It is set before
// anything is served.
type stage struct {
	keys  map[string]string // of the shops' own servers, by slug
	world home.Controls
}

// enter lets the demo's world onto the stage.
func (a *App) enter(shops demo.Shops, w home.Controls) {
	a.stage = stage{keys: map[string]string{}, world: w}
	for _, s := range shops {
		a.stage.keys[s.Slug] = s.Seller
	}
}

// shops are the doors of the demo's shops; in service there are none.
func (a *App) shops(p Parts) []doorway {
	if !p.Demo {
		return nil
	}
	return []doorway{{a.shop, []string{"/boutique/"}}}
}

// shop opens the demo's shops. They call the public API as any merchant's server
// would: over HTTP, with a key.
func (a *App) shop(p Parts) (*ui.Door, error) {
	return shop.New(shop.Config{
		Shops: catalogue.All(), Base: p.Base, Now: p.Clock.Now, Log: p.Log,
		Key:  func(slug string) string { return a.stage.keys[slug] },
		Call: demo.DoorAt(p.Base).Client.Do,
	})
}

// rooms are the paths of all pages.
func (a *App) rooms() (paths []string) {
	for _, r := range a.shown {
		paths = append(paths, r.Path)
	}
	return paths
}
