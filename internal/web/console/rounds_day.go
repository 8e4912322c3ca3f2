package console

import (
	"net/http"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/crew"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/tracking"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// composed is the rounds of a day: every order that the shop's own couriers may
// have to bring, by slot.
type composed struct {
	Date  string // as the field for a day has it
	Day   string
	Slots []roundSlot
	Rest  []option // whom to give all that is on nobody's round
}

type roundSlot struct {
	Title string
	Rows  []roundRow
}

type roundRow struct {
	Field, Order, Reference, Where string // Field: the name of the choice; Order: the order's page
	To                             []option
	Tone                           ui.Tone
	State                          string
	Proof                          string // where the picture of the delivery is; may be empty
	Over                           bool   // nothing is left to bring
}

// dayOf is the day that a page of rounds is about: today, unless the query or the
// form names another.
func dayOf(r *http.Request, read ui.Reading) civil.Day {
	if d, err := civil.ParseDay(r.FormValue("day")); err == nil {
		return d
	}
	return read.Now.Day(read.Zone)
}

// dayWork is what is known of the orders of a day's rounds.
type dayWork struct {
	places  []lastmile.Booking
	stops   map[ident.Order]lastmile.Stop
	orders  map[ident.Order]order.Order
	parcels map[ident.Order][]order.Parcel
	stories map[ident.Parcel]tracking.Story
	visits  map[ident.Stop][]lastmile.Visit
}

func workOn(tx *db.Tx, m ident.Merchant, read ui.Reading, day civil.Day) (c dayWork, err error) {
	c.places, err = lastmile.Places(tx, m, civil.Window{From: day.Start(read.Zone), Until: day.End(read.Zone)})
	if err != nil {
		return c, err
	}
	stops, err := lastmile.StopsOn(tx, m, day)
	if err != nil {
		return c, err
	}
	c.stops = map[ident.Order]lastmile.Stop{}
	var ids []ident.Order
	var at []ident.Stop
	for _, s := range stops {
		c.stops[s.Order], at = s, append(at, s.ID)
	}
	for _, b := range c.places {
		ids = append(ids, b.Order)
	}
	if c.orders, err = order.Many(tx, m, ids); err != nil {
		return c, err
	}
	if c.parcels, err = order.Parcels(tx, m, ids); err != nil {
		return c, err
	}
	var parcels []ident.Parcel
	for _, all := range c.parcels {
		for _, p := range all {
			parcels = append(parcels, p.ID)
		}
	}
	if c.stories, err = tracking.Stories(tx, m, parcels); err != nil {
		return c, err
	}
	c.visits, err = lastmile.Visits(tx, m, at)
	return c, err
}

// over reports whether nothing of an order is left to bring.
func (c dayWork) over(o ident.Order) bool {
	if c.orders[o].State == order.Cancelled {
		return true
	}
	for _, p := range c.parcels[o] {
		if !tracking.Final(c.stories[p.ID].Status) {
			return false
		}
	}
	return len(c.parcels[o]) > 0
}

func composedOn(tx *db.Tx, v visit, read ui.Reading, day civil.Day, couriers []crew.Member) (p composed, err error) {
	p.Date, p.Day = day.String(), read.Day(day)
	c, err := workOn(tx, v.Merchant, read, day)
	if err != nil {
		return p, err
	}
	p.Rest = choosing(read, couriers, "")
	for _, b := range c.places {
		if _, on := c.stops[b.Order]; !on && b.From.Day(read.Zone) != day && c.over(b.Order) {
			continue // of another day, and brought
		}
		title := lang.Slot(read.Locale, b.From.In(read.Zone), b.Until.In(read.Zone))
		if n := len(p.Slots); n == 0 || p.Slots[n-1].Title != title {
			p.Slots = append(p.Slots, roundSlot{Title: title})
		}
		last := &p.Slots[len(p.Slots)-1]
		last.Rows = append(last.Rows, c.row(read, b, couriers))
	}
	return p, nil
}

func (c dayWork) row(read ui.Reading, b lastmile.Booking, couriers []crew.Member) roundRow {
	o, st := c.orders[b.Order], c.stops[b.Order]
	row := roundRow{
		Field: "to." + string(b.Order), Order: "/console/orders/" + string(b.Order), Reference: o.Reference, Where: o.Ship.Postcode + " " + o.Ship.City,
		To: choosing(read, couriers, st.Courier), Over: c.over(b.Order), Tone: ui.Mute, State: read.T("rounds.unpacked", nil),
	}
	for _, p := range c.parcels[b.Order] {
		status := c.stories[p.ID].Status
		row.Tone, row.State = ui.StatusTone(status), read.Status(status)
	}
	for _, said := range c.visits[st.ID] {
		if said.Outcome == lastmile.VisitDone && said.Picture != "" {
			row.Proof = roundsHere + "/proofs/" + string(said.ID)
		}
	}
	return row
}

// choosing is the couriers to choose among, and nobody.
func choosing(read ui.Reading, couriers []crew.Member, now ident.Member) []option {
	all := []option{{Words: read.T("rounds.to_nobody", nil), Chosen: now == ""}}
	for _, k := range couriers {
		if !k.Gone() || k.ID == now {
			all = append(all, option{Value: string(k.ID), Words: k.Name, Chosen: k.ID == now})
		}
	}
	return all
}

// compose puts orders on rounds, as the form says, and the rest on one.
func (c Config) compose(r *http.Request) (ui.Answer, error) {
	var day civil.Day
	err := c.act(r, func(tx *flow.Tx, v visit) error {
		day = dayOf(r, reading(r, tx.Now))
		for name := range r.PostForm {
			o, is := strings.CutPrefix(name, "to.")
			if !is {
				continue
			}
			to := ident.Member(r.PostFormValue(name))
			if to == "" {
				to = ident.Member(r.PostFormValue("rest"))
			}
			if err := lastmile.Assign(tx, v.Merchant, ident.Order(o), day, to); err != nil {
				return err
			}
		}
		return nil
	})
	if refused(err) {
		return c.roundsPage(r, crewForms{other: faults(ui.Reader(r), err)})
	}
	return ui.Answer{To: roundsHere + "?done=rounds&day=" + day.String()}, err
}
