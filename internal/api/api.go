// Package api is the door for programs: REST over JSON, version 1, described by
// OpenAPI 3.1 from the same types that the handlers read and write.
//
// A route names its path, who may use it and its handler (routes.go); one that
// names nobody stops the program from starting. A handler parses, runs one
// transaction and answers one type. The contract's types stand beside the
// handlers that use them and are apart from those of the rooms.
//
// Refusals are problems of RFC 9457 with stable codes, the field that is wrong
// and what to do about it, in French or English. Writes happen once per
// Idempotency-Key: the answer is kept, sealed, in the transaction of its effect.
//
// The package stores those answers and nothing else. It emits no fact, hears
// none, decides nothing about orders or promises, and knows no carrier's format:
// what carriers send is kept raw first and read by their adapters.
package api

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/checkout"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/photo"
	"github.com/promesse-dev/promesse/internal/core/vault"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/payment"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/visitor"
	"github.com/promesse-dev/promesse/internal/relay"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/tracking"
	"github.com/promesse-dev/promesse/internal/webhook"
)

// Config is what the API stands on.
type Config struct {
	Flow     *flow.Flow
	Vault    *vault.Vault
	Desk     *checkout.Desk
	Carriers carrier.Registry
	Invite   Invite
	Writer   Writer
	Track    Track
	Returns  *returns.Office
	Adapters carrier.Adapters // which accounts there are to keep
	Points   *relay.Index     // shared with whoever else looks for points
	Hooks    webhook.Office
	Changes  *lastmile.Office                        // asks carriers for changes
	Erase    Erase                                   // nil: whoever is erased is not told
	Notices  map[payment.Provider]payment.ReadNotice // who proves what providers say by themselves
	Texts    ReadText                                // reads what shoppers answer by SMS; nil: nobody can
	Base     string                                  // address of the installation: https://suivi.example
	Version  string                                  // of the program, for the document
	Log      *slog.Logger                            // nil discards
	Wait     time.Duration                           // how long a copy waits for the first one's answer; zero is 10 s
	Proxies  []netip.Prefix                          // reverse proxies, whose X-Forwarded-For is believed
}

// Invite has a one-time address sent to a shopper, by whoever writes letters, in
// the transaction that made it.
type Invite func(tx *flow.Tx, m ident.Merchant, s ident.Shopper, address string) error

// API is an http.Handler for /api/, /healthz, /openapi.json and /openapi.yaml.
type API struct {
	flow      *flow.Flow
	vault     *vault.Vault
	desk      *checkout.Desk
	carriers  carrier.Registry
	invite    Invite
	writer    Writer
	erase     Erase
	track     Track
	returns   *returns.Office
	adapters  carrier.Adapters
	points    *relay.Index
	hooks     webhook.Office
	changes   *lastmile.Office
	notices   map[payment.Provider]payment.ReadNotice
	texts     ReadText
	darkroom  photo.Darkroom
	base      string
	log       *slog.Logger
	wait      time.Duration
	proxies   []netip.Prefix
	mux       *http.ServeMux
	huma      huma.API
	routes    []Route
	wrongKeys *visitor.Limiter
	flights   *flights

	keep       *flow.Gatherer[tracking.Payload, kept]
	understand *flow.Gatherer[understood, tracking.Tally]
}

// New makes the API, and refuses routes that do not say who may use them.
func New(c Config) (*API, error) {
	if c.Invite == nil {
		return nil, errors.New("api: nobody writes invitations")
	}
	if c.Writer.Keep == nil || c.Writer.Preview == nil {
		return nil, errors.New("api: nobody writes letters")
	}
	if c.Track == nil {
		return nil, errors.New("api: nobody puts orders into words")
	}
	a := &API{
		flow: c.Flow, vault: c.Vault, desk: c.Desk, carriers: c.Carriers, invite: c.Invite, writer: c.Writer, erase: c.Erase, track: c.Track,
		returns: c.Returns, adapters: c.Adapters, points: c.Points, hooks: c.Hooks, changes: c.Changes, notices: c.Notices, texts: c.Texts, darkroom: photo.NewDarkroom(),
		base: strings.TrimSuffix(c.Base, "/"), log: c.Log, wait: c.Wait, proxies: c.Proxies,
		mux: http.NewServeMux(), routes: routes(),
		wrongKeys: visitor.NewLimiter(c.Flow.Clock().Wall, burst, refill),
		flights:   &flights{air: map[flight]chan struct{}{}},

		keep:       flow.Gather(c.Flow, keep),
		understand: flow.Gather(c.Flow, understand),
	}
	if a.erase == nil {
		a.erase = unheard
	}
	if a.log == nil {
		a.log = slog.New(slog.DiscardHandler)
	}
	if a.wait == 0 {
		a.wait = keyWait
	}
	adoptHuma()
	a.huma = humago.New(a.mux, document(c.Version))
	for _, r := range a.routes {
		if err := r.check(); err != nil {
			return nil, fmt.Errorf("api: %w", err)
		}
		r.mount(a, r)
		if r.pages() {
			a.mux.HandleFunc(http.MethodOptions+" "+r.Path, a.preflight(r))
		}
	}
	return a, nil
}

// Routes lists every operation, in the order of the document.
func (a *API) Routes() []Route { return a.routes }

// Sweeps are the deadlines of the API's own rows.
func (a *API) Sweeps() []flow.Sweep { return []flow.Sweep{forgetAnswers()} }

// ServeHTTP answers a request. Nothing that goes wrong inside is told outside.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer a.recover(w, r)
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	if strings.HasPrefix(a.base, "https:") {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
	if _, pattern := a.mux.Handler(r); pattern == "" {
		a.unrouted(w, r)
		return
	}
	a.mux.ServeHTTP(w, r)
}

// recover answers 500 for a handler that panicked.
func (a *API) recover(w http.ResponseWriter, r *http.Request) {
	p := recover()
	if p == nil {
		return
	}
	if p == http.ErrAbortHandler {
		panic(p)
	}
	a.write(w, r, fmt.Errorf("panic: %v", p))
}

// unrouted tells a path that does not exist from a method that it does not have.
func (a *API) unrouted(w http.ResponseWriter, r *http.Request) {
	var allowed []string
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete} {
		other := r.Clone(r.Context())
		other.Method = method
		if _, pattern := a.mux.Handler(other); pattern != "" {
			allowed = append(allowed, method)
		}
	}
	if len(allowed) == 0 {
		a.write(w, r, fault.New(fault.NotFound, "not_found", ""))
		return
	}
	w.Header().Set("Allow", strings.Join(allowed, ", "))
	a.write(w, r, fault.New(fault.Unsupported, "method_not_allowed", "", "allowed", allowed))
}

// write answers an error outside of huma.
func (a *API) write(w http.ResponseWriter, r *http.Request, err error) {
	a.refuse(humago.NewContext(&huma.Operation{}, r, w), err)
}

// page is the secret address of an order's page.
func (a *API) page(id ident.Order) string { return a.base + "/p/" + string(a.desk.Link(id)) }
