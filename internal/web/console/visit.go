package console

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// visit is who reads a page of the console, and of which shop.
type visit struct {
	merchant.Session
	Shop   merchant.Organisation
	Accent string
	token  string
	places []ui.Route // pages that this person may open
}

// may reports whether the reader has a permission: what they may not do is not
// shown to them.
func (v visit) may(p merchant.Permission) bool { return v.Staff.Set.Allows(p) }

type visitKey struct{}

// staffOf is who reads the page; only routes by session have one.
func staffOf(r *http.Request) visit {
	v, _ := r.Context().Value(visitKey{}).(visit)
	return v
}

// admit lets through who is signed in and has the permission that the route needs.
func (c Config) admit(all []ui.Route) func(*http.Request, ui.Route) (*http.Request, *ui.Answer, error) {
	return func(r *http.Request, route ui.Route) (*http.Request, *ui.Answer, error) {
		v, err := c.visitor(r)
		switch {
		case fault.KindOf(err) == fault.Unauthorized:
			return r, toSignIn(r), nil
		case err != nil:
			return r, nil, err
		case !allows(v.Staff.Set, route):
			return r, nil, fault.New(fault.Forbidden, "forbidden", "")
		}
		for _, p := range all {
			if p.Method == http.MethodGet && p.Access == ui.BySession && allows(v.Staff.Set, p) {
				v.places = append(v.places, p)
			}
		}
		return r.WithContext(context.WithValue(r.Context(), visitKey{}, v)), nil, nil
	}
}

func allows(s merchant.Set, r ui.Route) bool {
	return r.Needs == "" || s.Allows(merchant.Permission(r.Needs))
}

// visitor reads who a request's cookie belongs to, and notes that they are still
// there. The fault is unauthorized.
func (c Config) visitor(r *http.Request) (v visit, err error) {
	v.token = tokenOf(r)
	if v.token == "" {
		return v, fault.New(fault.Unauthorized, "unauthorized", "")
	}
	aging := false
	err = c.Flow.Read(r.Context(), func(tx *db.Tx) error {
		if v.Session, err = merchant.SessionOf(tx, v.token); err != nil {
			return err
		}
		aging = v.Aging(tx.Wall)
		if v.Shop, err = merchant.Get(tx, v.Merchant); err != nil {
			return err
		}
		brand, err := merchant.BrandOf(tx, v.Merchant)
		v.Accent = brand.Accent
		return err
	})
	if err == nil && aging {
		err = c.Flow.One(r.Context(), flow.ByStaff(v.Staff.ID), v.Merchant, func(tx *flow.Tx) error {
			return merchant.Stay(tx, v.Merchant, v.token)
		})
	}
	return v, err
}

// place is a page that stands in the way to all others.
type place struct{ path, words string }

// places are the pages of the navigation, in order. One whose route does not
// exist, or that the reader may not open, is left out.
var places = []place{
	{"/console/{$}", "console.nav_start"},
	{"/console/queue", "console.nav_queue"},
	{incidentsHere, "console.nav_incidents"},
	{talksHere, "console.nav_desk"},
	{handedHere, "console.nav_handed"},
	{"/console/orders", "console.nav_orders"},
	{"/console/returns", "console.nav_returns"},
	{"/console/board", "console.nav_board"},
	{"/console/outbox", "console.nav_outbox"},
	{"/console/parked", "console.nav_parked"},
	{"/console/policy", "console.nav_policy"},
	{"/console/settings", "console.nav_settings"},
	{"/console/account", "console.nav_account"},
}

// frame is around every page of the console: the shop, the ways to other pages,
// the reader's language.
func frame(r *http.Request, title string) ui.Frame {
	v, loc := staffOf(r), ui.Reader(r)
	return ui.Frame{
		Locale: loc, Title: title, Brand: v.Shop.Name, Private: true, Wide: true, Inside: true,
		Look: look, Accent: v.Accent, Nav: v.nav(loc, r.URL.Path),
	}
}

func (v visit) nav(loc lang.Locale, here string) (links []ui.Link) {
	for _, p := range places {
		open := slices.ContainsFunc(v.places, func(r ui.Route) bool { return r.Path == p.path })
		if !open || p.path == handedHere && v.Shop.Kind != merchant.Network {
			continue
		}
		path := strings.TrimSuffix(p.path, "{$}")
		at := here == path || path != "/console/" && strings.HasPrefix(here, path+"/")
		links = append(links, ui.Link{Path: path, Words: lang.T(loc, p.words, nil), Here: at})
	}
	return links
}

// reading puts instants into words: in the reader's language, at the shop's place.
func reading(r *http.Request, now civil.Instant) ui.Reading {
	zone, err := civil.Zone(staffOf(r).Shop.Zone)
	if err != nil {
		zone = time.UTC
	}
	return ui.Reading{Locale: ui.Reader(r), Zone: zone, Now: now}
}

// at is a reading in another zone, such as that where the goods go.
func at(r ui.Reading, zone string) ui.Reading {
	if z, err := civil.Zone(zone); err == nil {
		r.Zone = z
	}
	return r
}

// see reads for a page, in one snapshot.
func (c Config) see(r *http.Request, read func(*db.Tx, visit) error) error {
	v := staffOf(r)
	return c.Flow.Read(r.Context(), func(tx *db.Tx) error { return read(tx, v) })
}

// act runs a verb in the reader's name.
func (c Config) act(r *http.Request, verb func(*flow.Tx, visit) error) error {
	v := staffOf(r)
	return c.Flow.One(r.Context(), flow.ByStaff(v.Staff.ID), v.Merchant, func(tx *flow.Tx) error { return verb(tx, v) })
}
