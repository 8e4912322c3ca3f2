package counter

import (
	"context"
	"net/http"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/counter"
	"github.com/promesse-dev/promesse/internal/crew"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/relay"
	"github.com/promesse-dev/promesse/internal/web/device"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// visit is who stands at a counter, and which one.
type visit struct {
	device.Visit
	point relay.Point
}

func visitOf(r *http.Request) visit { return device.Of[visit](r) }

// entrance is how devices and clerks come to a counter.
func entrance(c Config) device.Door[visit] {
	d := device.Door[visit]{
		Flow: c.Flow, Vault: c.Vault, Base: c.Base, Trade: crew.Clerk, Kit: kit, Look: look,
		Device: "promesse_device", Shift: "promesse_shift", Words: words, Arrive: arrive, Frame: frame, Serves: serves,
	}
	if c.Guests != nil {
		d.Guests = func(context.Context) (crew.Post, error) { return crew.Counter(c.Guests()), nil }
	}
	return d
}

func words(loc lang.Locale) device.Words {
	return device.Words{
		Begin: lang.T(loc, "counter.service_title", nil), Nobody: lang.T(loc, "counter.service_nobody", nil),
		Strange: lang.T(loc, "counter.strange_title", nil), StrangeHow: lang.T(loc, "counter.strange_says", nil),
		Enrol: lang.T(loc, "counter.enrol_title", nil), Guest: lang.T(loc, "counter.guest_device", nil), Queue: queue(loc),
	}
}

// arrive reads the point at which a visitor is. The fault is unauthorized when it is
// not the organisation's any more.
func arrive(tx *db.Tx, in device.Visit) (visit, error) {
	p, err := counter.Where(tx, in.Device)
	return visit{in, p}, err
}

func serves(tx *db.Tx, loc lang.Locale, d crew.Device) (string, error) {
	p, err := relay.Get(tx, d.Point)
	return lang.T(loc, "counter.enrol_says", map[string]any{"Place": placeOf(p)}), err
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
func (v visit) place() string { return placeOf(v.point) }

func placeOf(p relay.Point) string { return p.Name + ", " + p.City }

// lanes are those whose rows a scan touches: of who runs the point, and of whose
// parcel it is.
func (v visit) lanes(owner ident.Merchant) []ident.Merchant {
	if owner == "" || owner == v.Shift.Merchant {
		return []ident.Merchant{v.Shift.Merchant}
	}
	return []ident.Merchant{v.Shift.Merchant, owner}
}
