package app

import (
	"context"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/demo"
	visited "github.com/promesse-dev/promesse/internal/speed"
	"github.com/promesse-dev/promesse/internal/web/home"
	"github.com/promesse-dev/promesse/internal/web/shop"
	"github.com/promesse-dev/promesse/internal/web/shop/catalogue"
	"github.com/promesse-dev/promesse/internal/web/speed"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// stage is what the demo's pages need and what exists only once the application
// does: the keys of the shops, and the world around them. It is set before
// anything is served.
type stage struct {
	keys  map[string]string // of the shops' own servers, by slug
	pages map[string]string // of the shops' own pages, likewise
	shops map[string]ident.Merchant
	world home.Controls
	inbox *demo.Inbox // of whoever lives in that world; nil: nobody keeps letters

	counter demo.Counter                // where whoever sits at the machine may be the clerk
	van     demo.Van                    // and the round that they may drive
	load    func(context.Context) error // gives them one
}

// enter lets the demo's world onto the stage.
func (a *App) enter(shops demo.Shops, w home.Controls) {
	a.stage = stage{keys: map[string]string{}, pages: map[string]string{}, shops: map[string]ident.Merchant{}, world: w}
	for _, s := range shops {
		a.stage.keys[s.Slug], a.stage.pages[s.Slug], a.stage.shops[s.Slug] = s.Seller, s.Pages, s.Merchant
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
		Key:     func(slug string) string { return a.stage.keys[slug] },
		PageKey: func(slug string) string { return a.stage.pages[slug] },
		Measure: func(f *ui.Frame, slug, page string) {
			speed.Measure(f, "/", a.stage.shops[slug], visited.Page(page))
		},
		Call: demo.DoorAt(p.Base).Client.Do,
	})
}

// secrets are the letters that open something, as they came to the demo's people.
func (a *App) secrets() (letters []home.Secret) {
	if a.stage.inbox == nil {
		return nil
	}
	for _, s := range a.stage.inbox.Secrets() {
		letters = append(letters, home.Secret(s))
	}
	return letters
}

// rooms are the paths of all pages.
func (a *App) rooms() (paths []string) {
	for _, r := range a.shown {
		paths = append(paths, r.Path)
	}
	return paths
}
