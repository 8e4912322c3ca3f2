package round

import (
	"context"
	"net/http"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/crew"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/web/device"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// drive is who drives, on which device, and for whom.
type drive struct {
	device.Visit
	shop merchant.Organisation
	zone *time.Location // the shop's
}

func driveOf(r *http.Request) drive { return device.Of[drive](r) }

// entrance is how devices and couriers come to their round.
func entrance(c Config) device.Door[drive] {
	d := device.Door[drive]{
		Flow: c.Flow, Vault: c.Vault, Base: c.Base, Trade: crew.Courier, Kit: kit, Look: look,
		Device: "promesse_van", Shift: "promesse_round", Words: words, Arrive: arrive, Frame: frame, Serves: serves,
	}
	if c.Guests != nil {
		d.Guests = func(ctx context.Context) (crew.Post, error) {
			m, load := c.Guests()
			return crew.Rounds(m), load(ctx)
		}
	}
	return d
}

func words(loc lang.Locale) device.Words {
	return device.Words{
		Begin: lang.T(loc, "round.service_title", nil), Nobody: lang.T(loc, "round.service_nobody", nil),
		Strange: lang.T(loc, "round.strange_title", nil), StrangeHow: lang.T(loc, "round.strange_says", nil),
		Enrol: lang.T(loc, "round.enrol_title", nil), Guest: lang.T(loc, "round.guest_device", nil), Queue: queue(loc),
	}
}

func arrive(tx *db.Tx, in device.Visit) (c drive, err error) {
	c.Visit = in
	if c.shop, err = merchant.Get(tx, in.Device.Merchant); err != nil {
		return c, err
	}
	c.zone, err = civil.Zone(c.shop.Zone)
	return c, err
}

func serves(tx *db.Tx, loc lang.Locale, d crew.Device) (string, error) {
	shop, err := merchant.Get(tx, d.Merchant)
	return lang.T(loc, "round.enrol_says", map[string]any{"Shop": shop.Name}), err
}

// today is the day whose round it is.
func (c drive) today(now civil.Instant) civil.Day { return now.Day(c.zone) }

// reading puts instants into words, by the shop's clocks.
func (c drive) reading(r *http.Request, now civil.Instant) ui.Reading {
	return ui.Reading{Locale: ui.Reader(r), Zone: c.zone, Now: now}
}

// stopOf reads a stop of the courier's round of today; to them any other is
// nobody's. The fault is not_found.
func (c drive) stopOf(tx *db.Tx, id string) (lastmile.Stop, error) {
	st, err := lastmile.StopOf(tx, c.Shift.Merchant, ident.Stop(id))
	if err == nil && (st.Courier != c.Shift.Member || st.Day != c.today(tx.Now)) {
		err = fault.New(fault.NotFound, "not_found", "stop")
	}
	return st, err
}
