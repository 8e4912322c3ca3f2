// Package locator is the page on which anybody finds a place to collect a parcel
// or to hand one in: the nearest points first, with when they are open, what they
// do and how large a parcel they take; those that do not do are told with their
// reason, never left out in silence.
//
// The search is a form that is sent by GET, so a search can be kept and passed
// on, and works without script; the one script asks the browser where it is.
// Reached from an order's page, it looks around the delivery's address first,
// shows the shop's own stores, and keeps favourites: they belong to the shopper
// of the order, so no cookie is needed. Without an order there are none.
//
// The list comes first, and says all there is to say. Where the installation names
// a source of maps, one may be asked for below it (MapLibre, which nobody loads
// before): the source then learns which part of the world a browser looks at, so
// the page says whose it is, and its policy lets that source in here alone.
//
// What people type is not stored, and leaves the installation only as package
// geocoder says.
package locator

import (
	"context"
	_ "embed"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/visitor"
	"github.com/promesse-dev/promesse/internal/relay"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// Config is what the page stands on.
type Config struct {
	Flow    *flow.Flow
	Index   *relay.Index
	Find    func(context.Context, string) ([]geo.Spot, error) // where an address is; nil: towns and postcodes only
	Map     Map                                               // zero: none
	Base    string                                            // address of the installation
	Proxies []netip.Prefix
	Log     *slog.Logger // nil discards
}

// An address of the network may have so many street addresses looked up at once,
// then one more each while: a geocoder is somebody else's. Towns are always found.
const (
	burst  = 10
	refill = 6 * time.Second
)

type site struct {
	Config
	limit *visitor.Limiter
}

//go:embed locator.css
var sheet string

//go:embed locator.js
var script []byte

var (
	look   = ui.NewLook(sheet)
	module = ui.NewModule(script)
)

const modulePath = "/assets/relais.js"

// New opens the door.
func New(c Config) (*ui.Door, error) {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	s := &site{Config: c, limit: visitor.NewLimiter(c.Flow.Clock().Wall, burst, refill)}
	return ui.NewDoor(ui.House{Base: c.Base, Log: c.Log, Passing: c.Flow.DB().Passing}, s.routes()...)
}

func (s *site) routes() []ui.Route {
	get, post := http.MethodGet, http.MethodPost
	return append([]ui.Route{
		{Method: get, Path: "/relais", Access: ui.Anybody, Summary: "Where a parcel can be collected or handed in", Serve: s.list},
		{Method: get, Path: "/relais/{token}", Access: ui.ByLink, Summary: "The same, around an order's delivery", Serve: s.list},
		{Method: post, Path: "/relais/{token}", Access: ui.ByLink, Summary: "Keep a point as a favourite, or no longer", Serve: s.favour},
		{Method: get, Path: modulePath, Access: ui.Anybody, Summary: "The module that asks the browser where it is", Stream: module.Serve},
	}, s.mapRoutes()...)
}

// maxToken is more than any link has.
const maxToken = 64

// visit is whose order led here; empty where none did.
type visit struct {
	token      string
	shop       ident.Merchant
	shopper    ident.Shopper
	brand      string
	accent     string
	locale     lang.Locale
	order      string // its reference
	near       geo.Spot
	favourites []ident.Point
}

// arrive reads the order whose link led here. The fault is not_found.
func arrive(tx *db.Tx, token string) (v visit, err error) {
	if token == "" {
		return v, nil
	}
	unknown := fault.New(fault.NotFound, "not_found", "")
	if len(token) > maxToken {
		return v, unknown
	}
	m, id, ok, err := order.ByLink(tx, ident.Hash(token))
	if err != nil {
		return v, err
	}
	if !ok {
		return v, unknown
	}
	o, err := order.Get(tx, m, id)
	if err != nil {
		return v, err
	}
	shop, brand, err := merchant.Face(tx, m)
	if err != nil {
		return v, err
	}
	v = visit{token: token, shop: m, shopper: o.Shopper, brand: shop.Name, accent: brand.Accent, locale: o.Locale, order: o.Reference}
	if spots := geo.Geocode(o.Ship.Country, o.Ship.Postcode+" "+o.Ship.City); len(spots) > 0 {
		v.near = spots[0]
	}
	v.favourites, err = relay.Favourites(tx, m, o.Shopper)
	return v, err
}

// list answers a search.
func (s *site) list(r *http.Request) (ui.Answer, error) {
	var v visit
	var now relay.Query
	err := s.Flow.Read(r.Context(), func(tx *db.Tx) (err error) {
		now.Now = tx.Now
		if v, err = arrive(tx, r.PathValue("token")); err != nil {
			return err
		}
		return s.Index.Refresh(tx)
	})
	if err != nil {
		return ui.Answer{}, err
	}
	a := asked(r)
	p := s.answer(r, v, a, now)
	status := http.StatusOK
	if len(p.Wrong) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return ui.Answer{Status: status, Page: show(p)}, nil
}

// find is where somebody means, as exactly as may be.
func (s *site) find(r *http.Request, text string) []geo.Spot {
	if s.Find == nil {
		return geo.Geocode("FR", text)
	}
	if _, ok := s.limit.Take(visitor.Of(r, s.Proxies)); !ok {
		return geo.Geocode("FR", text)
	}
	spots, err := s.Find(r.Context(), text)
	if err != nil {
		s.Log.Warn("the geocoder was of no help", "err", err)
	}
	return spots
}

// favour keeps a point or drops it, and goes back to where it was done.
func (s *site) favour(r *http.Request) (ui.Answer, error) {
	var v visit
	err := s.Flow.Read(r.Context(), func(tx *db.Tx) (err error) {
		v, err = arrive(tx, r.PathValue("token"))
		return err
	})
	if err != nil {
		return ui.Answer{}, err
	}
	id := r.PostFormValue("point")
	if !ident.Valid[ident.Point](id) {
		return ui.Answer{}, fault.New(fault.NotFound, "not_found", "point")
	}
	err = s.Flow.One(r.Context(), flow.ByShopper(v.shopper), v.shop, func(tx *flow.Tx) error {
		return relay.Favour(tx, v.shop, v.shopper, ident.Point(id), r.PostFormValue("keep") == "1")
	})
	if err != nil {
		return ui.Answer{}, err
	}
	a := askedOf(r.PostForm)
	return ui.Answer{To: "/relais/" + v.token + "?" + a.query().Encode() + "#" + id}, nil
}
