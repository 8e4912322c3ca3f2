package round

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// crew is who drives, on which device, and for whom.
type crew struct {
	device lastmile.Device
	shift  lastmile.Shift // empty before somebody signs in
	shop   merchant.Organisation
	zone   *time.Location // the shop's
}

type crewKey struct{}

func crewOf(r *http.Request) crew {
	c, _ := r.Context().Value(crewKey{}).(crew)
	return c
}

// The cookies of a round.
const (
	deviceCookie = "promesse_van"
	shiftCookie  = "promesse_round"
	deviceLife   = 400 * 24 * time.Hour // as long as browsers keep one
)

func (s *site) cookie(name, token string, life time.Duration) *http.Cookie {
	return &http.Cookie{
		Name: name, Value: token, Path: "/tournee", MaxAge: int(life.Seconds()),
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: strings.HasPrefix(s.Base, "https:"),
	}
}

func cookieOf(r *http.Request, name string) string {
	const enough = 100 // characters
	k, err := r.Cookie(name)
	if err != nil || len(k.Value) > enough {
		return ""
	}
	return k.Value
}

// admit lets through a device that was let in, and, where the route is for a
// round, a courier signed in on it. Whoever lacks one is led to where it is had.
func (s *site) admit(r *http.Request, route ui.Route) (*http.Request, *ui.Answer, error) {
	var c crew
	err := s.Flow.Read(r.Context(), func(tx *db.Tx) (err error) {
		c, err = arrive(tx, r, route.Access)
		return err
	})
	switch {
	case fault.KindOf(err) == fault.Unauthorized && c.device.ID == "":
		return r, &ui.Answer{To: "/tournee/appareil"}, nil
	case fault.KindOf(err) == fault.Unauthorized:
		return r, &ui.Answer{To: "/tournee/service"}, nil
	case err != nil:
		return r, nil, err
	}
	return r.WithContext(context.WithValue(r.Context(), crewKey{}, c)), nil, nil
}

// arrive reads who a request's cookies belong to. The fault is unauthorized.
func arrive(tx *db.Tx, r *http.Request, access ui.Access) (c crew, err error) {
	token := cookieOf(r, deviceCookie)
	if token == "" {
		return c, fault.New(fault.Unauthorized, "unauthorized", "")
	}
	device, err := lastmile.DeviceOf(tx, token)
	if err != nil {
		return c, err
	}
	c.device = device
	if c.shop, err = merchant.Get(tx, device.Merchant); err != nil {
		return c, err
	}
	if c.zone, err = civil.Zone(c.shop.Zone); err != nil {
		return c, err
	}
	c.shift, err = lastmile.ShiftOf(tx, device, cookieOf(r, shiftCookie))
	if access == ui.ByVan && fault.KindOf(err) == fault.Unauthorized {
		return c, nil
	}
	return c, err
}

// today is the day whose round it is.
func (c crew) today(now civil.Instant) civil.Day { return now.Day(c.zone) }

// reading puts instants into words, by the shop's clocks.
func (c crew) reading(r *http.Request, now civil.Instant) ui.Reading {
	return ui.Reading{Locale: ui.Reader(r), Zone: c.zone, Now: now}
}

// stopOf reads a stop of the courier's round of today; to them any other is
// nobody's. The fault is not_found.
func (c crew) stopOf(tx *db.Tx, id string) (lastmile.Stop, error) {
	st, err := lastmile.StopOf(tx, c.shift.Merchant, ident.Stop(id))
	if err == nil && (st.Courier != c.shift.Courier || st.Day != c.today(tx.Now)) {
		err = fault.New(fault.NotFound, "not_found", "stop")
	}
	return st, err
}
