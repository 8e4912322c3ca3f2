package counter

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/counter"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/relay"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// visit is who stands at a counter, and which one.
type visit struct {
	device counter.Device
	shift  counter.Shift // empty before somebody signs in
	point  relay.Point
}

type visitKey struct{}

func visitOf(r *http.Request) visit {
	v, _ := r.Context().Value(visitKey{}).(visit)
	return v
}

// The cookies of a counter.
const (
	deviceCookie = "promesse_device"
	shiftCookie  = "promesse_shift"
	deviceLife   = 400 * 24 * time.Hour // as long as browsers keep one
)

func (s *site) cookie(name, token string, life time.Duration) *http.Cookie {
	return &http.Cookie{
		Name: name, Value: token, Path: "/comptoir", MaxAge: int(life.Seconds()),
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
// shift, a clerk signed in on it. Whoever lacks one is led to where it is had.
func (s *site) admit(r *http.Request, route ui.Route) (*http.Request, *ui.Answer, error) {
	var v visit
	err := s.Flow.Read(r.Context(), func(tx *db.Tx) (err error) {
		v, err = arrive(tx, r, route.Access)
		return err
	})
	switch {
	case fault.KindOf(err) == fault.Unauthorized && v.device.ID == "":
		return r, &ui.Answer{To: "/comptoir/appareil"}, nil
	case fault.KindOf(err) == fault.Unauthorized:
		return r, &ui.Answer{To: "/comptoir/service"}, nil
	case err != nil:
		return r, nil, err
	}
	return r.WithContext(context.WithValue(r.Context(), visitKey{}, v)), nil, nil
}

// arrive reads who a request's cookies belong to. The fault is unauthorized.
func arrive(tx *db.Tx, r *http.Request, access ui.Access) (v visit, err error) {
	token := cookieOf(r, deviceCookie)
	if token == "" {
		return v, fault.New(fault.Unauthorized, "unauthorized", "")
	}
	device, err := counter.DeviceOf(tx, token)
	if err != nil {
		return v, err
	}
	v.device = device
	if v.point, err = relay.Get(tx, device.Point); err != nil {
		return v, err
	}
	v.shift, err = counter.ShiftOf(tx, device, cookieOf(r, shiftCookie))
	if access == ui.ByDevice && fault.KindOf(err) == fault.Unauthorized {
		return v, nil
	}
	return v, err
}

// reading puts instants into words, at the counter's place.
func (v visit) reading(r *http.Request, now civil.Instant) ui.Reading {
	zone, err := civil.Zone(v.point.Zone)
	if err != nil {
		zone = time.UTC
	}
	return ui.Reading{Locale: ui.Reader(r), Zone: zone, Now: now}
}

// place is the counter as proofs name it.
func (v visit) place() string { return v.point.Name + ", " + v.point.City }

// lanes are those whose rows a scan touches: of who runs the point, and of whose
// parcel it is.
func (v visit) lanes(owner ident.Merchant) []ident.Merchant {
	if owner == "" || owner == v.shift.Merchant {
		return []ident.Merchant{v.shift.Merchant}
	}
	return []ident.Merchant{v.shift.Merchant, owner}
}
