// Package console is the merchant's own pages: what is about to go wrong, every
// order with all that happened to it and why, incidents, returns, what shoppers
// write and claim, what failed and waits, what was written to shoppers and in whose
// words, the rules in force, the shop's people, look and keys; and for the people of
// a network, the conversations that shops handed to its desk.
//
// Staff sign in by a link that is e-mailed and confirmed by a button, so that
// programs that open letters sign nobody in. Each route names the permission it
// needs; what somebody may not do is not shown to them. All pages work without
// script.
//
// A page is a file per noun: its routes (ordersRoutes), handlers that read one
// snapshot or run one verb (Config.see, Config.act), a struct of words, a templ.
//
// It stores nothing: staff, sessions, brand and keys are the merchant room's. It
// decides nothing about orders or promises. It writes to staff who ask for a link;
// what a shopper is written follows from facts, but for the last letter of an
// erasure, which is web/shopper's.
package console

import (
	_ "embed"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/carbon"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/photo"
	"github.com/promesse-dev/promesse/internal/core/vault"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/visitor"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/remedy"
	"github.com/promesse-dev/promesse/internal/web/ui"
	"github.com/promesse-dev/promesse/internal/webhook"
)

// Config is what the console stands on.
type Config struct {
	Flow    *flow.Flow
	Vault   *vault.Vault             // seals links between being asked for and being e-mailed
	Base    string                   // address of the installation
	Log     *slog.Logger             // nil discards
	Proxies []netip.Prefix           // whose X-Forwarded-For is believed
	Guests  bool                     // the demo: POST /console/guest signs in with one click, on this machine only
	Page    func(ident.Order) string // the demo: address of the shopper's own page; nil: staff are not shown it

	Curves   *promise.Curves  // when what is late will come
	Factors  carbon.Factors   // of the footprint of ways back
	Policies *remedy.Policies // repairs by hand
	Hooks    webhook.Office   // addresses of the shops' own systems

	Erase func(*flow.Tx, ident.Merchant, ident.Shopper) error // takes a shopper's data out of the shop, and tells them

	asking   *visitor.Limiter
	darkroom photo.Darkroom
}

// maxUpload is how many bytes a form with photos may have.
const maxUpload = 40 << 20

//go:embed console.css
var sheet string

//go:embed brand.mjs
var script []byte

// module serves the one script of the console.
func module(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
	_, _ = w.Write(script)
}

//go:embed board.css
var boardSheet string

// look is the sheet of all console pages.
var look = ui.NewLook(sheet + boardSheet)

// New opens the door. It refuses a route that needs what is no permission.
func New(c Config) (*ui.Door, error) {
	c.asking = visitor.NewLimiter(c.Flow.Clock().Wall, askBurst, askRefill)
	c.darkroom = photo.NewDarkroom()
	rs := routes(c)
	for _, r := range rs {
		if r.Needs != "" && !slices.Contains(merchant.Permissions(), merchant.Permission(r.Needs)) {
			return nil, fmt.Errorf("console: %s %s needs %q, which is no permission", r.Method, r.Path, r.Needs)
		}
	}
	return ui.NewDoor(ui.House{Base: c.Base, Log: c.Log, Passing: c.Flow.DB().Passing, Admit: c.admit(rs)}, rs...)
}

// routes is every path, who may use it, and its handler: page by page.
func routes(c Config) []ui.Route {
	return slices.Concat(
		signRoutes(c), startRoutes(c), queueRoutes(c), incidentsRoutes(c), ordersRoutes(c), boardRoutes(c),
		returnsRoutes(c), receptionRoutes(c), decideRoutes(c), disputesRoutes(c), refundsRoutes(c), withdrawalsRoutes(c),
		talksRoutes(c), handedRoutes(c), claimsRoutes(c), irritantsRoutes(c), deskSettingsRoutes(c),
		eraseRoutes(c), outboxRoutes(c), parkedRoutes(c), policyRoutes(c), settingsRoutes(c), termsRoutes(c), templatesRoutes(c), storesRoutes(c), hooksRoutes(c), deliveriesRoutes(c), countersRoutes(c), roundsRoutes(c), accountRoutes(c),
	)
}

// The permissions, as routes name them.
const (
	readOrders   = string(merchant.ReadOrders)
	shipParcels  = string(merchant.ShipParcels)
	readSettings = string(merchant.ReadSettings)
	setSettings  = string(merchant.ManageSettings)
	setStaff     = string(merchant.ManageStaff)
	setKeys      = string(merchant.ManageKeys)
	readWork     = string(merchant.ReadWork)
	replayWork   = string(merchant.ReplayWork)
)
