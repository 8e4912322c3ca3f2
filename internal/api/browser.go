package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// pages reports whether pages of the shops' own sites may use the route: those
// that hold a browser key, on the origins it names.
func (r Route) pages() bool { return merchant.Browser.Allows(merchant.Permission(r.Access)) }

// preflight answers a browser that asks, before a page shows its key, whether
// pages of that origin may ask at all. The fault is origin_not_allowed.
func (a *API) preflight(route Route) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		origin := r.Header.Get("Origin")
		known, err := a.known(r.Context(), origin)
		if err == nil && !known {
			err = fault.New(fault.Forbidden, "origin_not_allowed", "", "origin", origin)
		}
		if err != nil {
			a.write(w, r, err)
			return
		}
		h := w.Header()
		for name, value := range allowing(origin) {
			h.Set(name, value)
		}
		h.Set("Access-Control-Allow-Methods", route.Method)
		h.Set("Access-Control-Allow-Headers", "authorization, content-type, idempotency-key")
		h.Set("Access-Control-Max-Age", "600")
		w.WriteHeader(http.StatusNoContent)
	}
}

// allowing are the headers by which a browser lets a page of an origin read the
// answer. Credentials are not among them: the key is all that speaks for a page.
func allowing(origin string) map[string]string {
	return map[string]string{"Access-Control-Allow-Origin": origin, "Vary": "Origin"}
}

// answerable lets a page read the answer to its question, refusals too, when some
// key names its origin.
func (a *API) answerable(ctx huma.Context) error {
	origin := ctx.Header("Origin")
	if origin == "" {
		return nil
	}
	known, err := a.known(ctx.Context(), origin)
	if known {
		for name, value := range allowing(origin) {
			ctx.SetHeader(name, value)
		}
	}
	return err
}

func (a *API) known(ctx context.Context, origin string) (known bool, err error) {
	err = a.flow.Read(ctx, func(tx *db.Tx) error {
		known, err = merchant.OriginKnown(tx, origin)
		return err
	})
	return known, err
}

// NewBrowserKey is a key for the pages of a shop's own site.
type NewBrowserKey struct {
	Label   string   `json:"label" doc:"Which site it is for."`
	Origins []string `json:"origins" maxItems:"20" doc:"Scheme and host of the pages, such as https://shop.example. Only they may use the key."`
}

// BrowserKey is such a key. It is no secret: it stands in pages, and gives dates alone.
type BrowserKey struct {
	ID  ident.Key `json:"id"`
	Key string    `json:"key" doc:"pk_…: Authorization: Bearer pk_…, from a page of one of its origins."`
	NewBrowserKey
	Issued  civil.Instant `json:"issued"`
	Revoked civil.Instant `json:"revoked,omitzero" doc:"Since when it opens nothing."`
}

func showBrowserKey(k merchant.BrowserKey) BrowserKey {
	return BrowserKey{k.ID, k.Public, NewBrowserKey{k.Label, k.Origins}, k.Issued, k.Revoked}
}

type browserKeyIn struct{ Body NewBrowserKey }

func issueBrowserKey(_ *API, tx *flow.Tx, c call, in *browserKeyIn) (reply[BrowserKey], error) {
	k, err := merchant.IssueBrowserKey(tx, c.Merchant, in.Body.Label, in.Body.Origins)
	return created(showBrowserKey(k)), err
}

func revokeBrowserKey(_ *API, tx *flow.Tx, c call, in *keyPath) (reply[nothing], error) {
	return done(), merchant.RevokeBrowserKey(tx, c.Merchant, in.ID)
}

func listBrowserKeys(_ *API, tx *db.Tx, c call, _ *none) (List[BrowserKey], error) {
	keys, err := merchant.BrowserKeys(tx, c.Merchant)
	return whole(keys, showBrowserKey), err
}
