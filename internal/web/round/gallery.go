package round

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/crew"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/tracking"
	"github.com/promesse-dev/promesse/internal/web/device"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// outing is an invented round, in a language.
type outing struct {
	loc  lang.Locale
	c    drive
	read ui.Reading
}

// Gallery is the pages of a round in each of their states, from invented data.
func Gallery(loc lang.Locale) []ui.Exhibit {
	paris, err := civil.Zone("Europe/Paris")
	if err != nil {
		paris = time.UTC
	}
	g := outing{
		loc: loc,
		c: drive{
			Visit: device.Visit{
				Device: crew.Device{ID: "dev_1", Name: "Le téléphone de la camionnette"}, Shift: crew.Shift{ID: "shf_1", Name: "Samir"},
			},
			shop: merchant.Organisation{Name: "Épicerie Bellecour"}, zone: paris,
		},
		read: ui.Reading{Locale: loc, Zone: paris, Now: civil.At(time.Date(2026, time.November, 24, 13, 40, 0, 0, paris))},
	}
	return append(append(g.entries(), g.lists()...), g.stops()...)
}

// at is a request for a page, by whoever drives.
func (g outing) at(path string) *http.Request {
	r := &http.Request{Method: http.MethodGet, URL: &url.URL{Path: path}, Header: http.Header{"Accept-Language": {string(g.loc)}}}
	return device.With(r, g.c)
}

func (g outing) entries() []ui.Exhibit {
	serves := g.read.T("round.enrol_says", map[string]any{"Shop": g.c.shop.Name})
	shell := shellPage{ui.Frame{Locale: g.loc, Title: g.read.T("round.shell_title", nil), Private: true, Inside: true, Look: look}}
	return append(entrance(Config{}).Gallery(g.at("/tournee/service"), serves), ui.Exhibit{Name: "no-network", Page: shellView(shell)})
}

// door is an invented one whose slot begins some hours from noon.
func (g outing) door(n string, hour int) door {
	from := civil.At(time.Date(2026, time.November, 24, hour, 0, 0, 0, g.c.zone))
	until := from.Add(2 * time.Hour)
	id := ident.Parcel("par_" + n)
	return door{
		Stop:     lastmile.Stop{ID: ident.Stop("stp_" + n), Day: from.Day(g.c.zone), Order: "ord_1", Courier: "cou_1", Booking: lastmile.Booking{ID: "bok_1", From: from, Until: until}},
		order:    order.Order{ID: "ord_1", State: order.Placed, Ship: order.Address{Name: "Camille Durand", Street: n + " rue des Lilas", Extra: "Bâtiment B, 3e étage, code 4821", Postcode: "69003", City: "Lyon", Country: "FR", Phone: "+33 6 12 34 56 78"}},
		parcels:  []order.Parcel{{ID: id, Number: "TB00000000" + n, Direction: fact.Out}},
		stories:  map[ident.Parcel]tracking.Story{id: {Status: fact.PickedUp}},
		promised: promise.Commitment{ID: "com_1", Owed: fact.DeliverInSlot, State: fact.Open, From: from, Until: until},
	}
}

// done is a door where something was said at an hour.
func (g outing) done(d door, v lastmile.Visit) door {
	v.Outcome, v.Received = lastmile.VisitDone, g.read.Now.Add(-20*time.Minute)
	d.visits = append(d.visits, v)
	if v.Act == lastmile.Delivered {
		d.stories = map[ident.Parcel]tracking.Story{d.parcels[0].ID: {Status: fact.Delivered}}
		d.promised.State = fact.Kept
	}
	return d
}

func (g outing) lists() []ui.Exhibit {
	asked, long := g.door("2", 14), g.door("3", 16)
	asked.asked, asked.early = true, lastmile.Early{At: g.read.Now.Add(5 * time.Minute), From: asked.Booking.From, Asked: g.read.Now}
	long.order.Ship.Name, long.order.Ship.Street = strings.Repeat("Maximilienne-Alexandrine ", 3), strings.Repeat("Saint-Remy-en-Bouzemont ", 3)
	over := g.done(g.door("1", 10), lastmile.Visit{Saying: lastmile.Saying{Act: lastmile.Delivered, Proof: lastmile.Photo}})
	all := []door{over, asked, g.done(g.door("4", 14), lastmile.Visit{Saying: lastmile.Saying{Act: lastmile.Failed, Reason: fact.ReasonAbsent}}), long}
	at := g.at(kit.Home)
	return []ui.Exhibit{
		{Name: "today", Page: todayView(todayOf(at, g.c, g.read, all))},
		{Name: "today-nothing", Page: todayView(todayOf(at, g.c, g.read, nil))},
	}
}

func (g outing) stops() (all []ui.Exhibit) {
	lines := []order.Line{{ID: "lin_1", Kind: order.Goods, Name: "Huile d'olive", Units: 2}, {ID: "lin_2", Kind: order.Goods, Name: "Savon d'Alep", Units: 1}}
	add := func(name string, d door, change ...func(*stopPage)) {
		p := stopOf(g.at(stopPath(d.ID)), g.c, g.read, d, lines)
		for _, c := range change {
			c(&p)
		}
		all = append(all, ui.Exhibit{Name: "stop-" + name, Page: stopView(p)})
	}
	wish := func(answered civil.Instant, yes bool) door {
		d := g.door("1", 14)
		d.asked, d.early = true, lastmile.Early{At: g.read.Now, From: d.Booking.From, Asked: g.read.Now.Add(-time.Hour), Answered: answered, Accepted: yes}
		if yes {
			d.promised.Consented = g.read.Now
		}
		return d
	}
	now := g.read.Now
	add("early", g.door("1", 14))
	add("in-slot", g.door("1", 13))
	add("past-slot", g.door("1", 10))
	add("early-asked", wish(0, false))
	add("early-accepted", wish(now.Add(-10*time.Minute), true))
	add("early-refused", wish(now.Add(-10*time.Minute), false))
	lacking := g.door("1", 13)
	lacking.lacks = []order.Shortage{{Lines: []order.Short{{Line: "lin_1", Units: 1}}}}
	add("lacking", lacking)
	elsewhere := g.door("1", 13)
	elsewhere.handling = lastmile.Change{ID: "chg_1", What: fact.LeaveSafe, Words: "Dans l'abri, derrière le portillon"}
	add("safe-place", elsewhere)
	unpacked := g.door("1", 13)
	unpacked.parcels = nil
	add("unpacked", unpacked)
	cancelled := g.door("1", 13)
	cancelled.order.State = order.Cancelled
	add("cancelled", cancelled)
	for _, act := range lastmile.Acts {
		add(string(act), g.done(g.door("1", 13), lastmile.Visit{Saying: lastmile.Saying{Act: act, Proof: lastmile.Photo, Reason: fact.ReasonAccess, Expected: now.Add(time.Hour)}}))
	}
	for _, code := range []string{"visit_outside_shift", "stop_without_parcel", "stop_over", "other"} {
		d := g.door("1", 13)
		d.visits = []lastmile.Visit{{Outcome: lastmile.VisitRefused, Refusal: code}}
		add("refused-"+strings.ReplaceAll(code, "_", "-"), d)
	}
	for name, err := range map[string]*fault.Error{
		"no-proof": fault.New(fault.Invalid, "proof_required", "proof"), "unmeant": fault.New(fault.Invalid, "early_unmeant", "meant"),
		"code-wrong": fault.New(fault.Invalid, "delivery_code_wrong", "code", "left", 4), "code-locked": fault.New(fault.Conflict, "code_locked", "code"),
		"hour-past": fault.New(fault.Invalid, "expected_past", "expected"),
	} {
		add(name, g.door("1", 14), func(p *stopPage) {
			p.Locked = err.Code == "code_locked"
			p.refused(deed{Saying: lastmile.Saying{Act: lastmile.Delivered}}, err)
		})
	}
	return all
}
