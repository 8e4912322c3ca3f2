// Package shop is a shop to buy in: shelves, an article, a basket, the dates it
// can come, who it is for, a last look, and thanks. One set of pages serves every
// shop of the demo; a shop is data (package catalogue) and a key.
//
// It is written as a merchant's own site would be: it knows the public API alone,
// asks it for dates (POST /api/v1/quotes) and orders with the token of the date
// that was shown (POST /api/v1/orders, once per reference). It imports no room
// and reads no table.
//
// Every page works without script. Where there is one, two blocks of the platform
// stand in the shop's pages, as in any merchant's: the dates beside an article, and
// the order's story, alive, below the thanks. A basket is a plain cookie of its shop; what a
// person types travels in the forms and is kept nowhere, so that two tabs, the
// way back and a second click on the same button do no harm. A refusal of the
// API is a page with fresh dates, or the form again with what was typed.
//
// It stores nothing. It deliberately takes no payment and knows no stock.
package shop

import (
	_ "embed"
	"log/slog"
	"net/http"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/web/shop/catalogue"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// Config is what the shops stand on.
type Config struct {
	Shops   []catalogue.Shop
	Base    string                                      // address of the installation, where the API answers
	Key     func(slug string) string                    // secret key of a shop's own server
	PageKey func(slug string) string                    // public key of its pages; empty: they go without the delivery block
	Call    func(*http.Request) (*http.Response, error) // carries a request to the API
	Now     func() civil.Instant                        // what time it is where the shops are
	// Measure has a page of a shop tell how fast it showed; nil: none does.
	Measure func(f *ui.Frame, slug, page string)
	Log     *slog.Logger // nil discards
}

// door is the configuration with its routes' handlers.
type door struct{ Config }

// New opens the shops.
func New(c Config) (*ui.Door, error) {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return ui.NewDoor(ui.House{Base: c.Base, Log: c.Log}, door{c}.routes()...)
}

//go:embed shop.css
var sheet string

// look is the style of all shops; each has its own accent.
var look = ui.NewLook(sheet)

// routes is every path, who may use it, and its handler. A form that was opened
// by its address alone, after a reload, leads back to the basket.
func (d door) routes() []ui.Route {
	const at = "/boutique/{shop}"
	get := func(path, summary string, serve page) ui.Route {
		return ui.Route{Method: http.MethodGet, Path: at + path, Access: ui.Anybody, Summary: summary, Serve: d.in(serve)}
	}
	post := func(path, summary string, serve page) ui.Route {
		return ui.Route{Method: http.MethodPost, Path: at + path, Access: ui.Anybody, Summary: summary, Serve: d.in(serve), Beginning: true}
	}
	return []ui.Route{
		{Method: http.MethodGet, Path: "/boutique/{$}", Access: ui.Anybody, Summary: "The demo's shops", Serve: toFirst},
		get("/{$}", "A demo shop: its shelves", shelves),
		get("/article/{sku}", "An article, and when it could be delivered", article),
		get("/panier", "The basket", showBasket),
		post("/panier", "Fill or empty the basket", fillBasket),
		get("/livraison", "When the basket could be delivered", askDelivery),
		post("/livraison", "The same, keeping what was typed", againDelivery),
		get("/coordonnees", "Who it is for", askDetails),
		post("/coordonnees", "The same, keeping what was typed", againDetails),
		get("/verification", "Back to the basket", toBasket),
		post("/verification", "A last look before ordering", review),
		get("/commande", "Back to the basket", toBasket),
		post("/commande", "Order", place),
		{
			Method: http.MethodGet, Path: at + "/merci/{order}/{link}", Access: ui.ByLink,
			Summary: "What was ordered and promised", Serve: d.in(thanks),
		},
	}
}

func toFirst(*http.Request) (ui.Answer, error) { return ui.Answer{To: "/"}, nil }

func toBasket(v *visit) (ui.Answer, error) { return ui.Answer{To: v.path("/panier")}, nil }
