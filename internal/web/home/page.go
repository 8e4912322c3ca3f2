package home

import (
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/remedy"
	"github.com/promesse-dev/promesse/internal/web/shop/catalogue"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// page is the list before it is HTML.
type page struct {
	ui.Frame
	Clock   string // what time it is there
	Speed   string
	News    []string      // of that world
	Acts    []act         // on the clock; none for whoever may not
	Windows []pane        // of the shops
	Lived   templ.SafeURL // an order's page; empty without one
	Back    templ.SafeURL // that of something on its way back; empty without
	Doors   []guestDoor
	Till    *tillCard // nil: there is none, or not for this reader
	Van     string    // how to drive a round; empty: nobody may
	Regular string    // how to enter the space of a shopper of several shops; empty: nobody may
	Counts  []count
	Choices []choice
	Cards   []card
}

// act is a button that sets the clock.
type act struct{ Path, Words string }

// pane is a shop's window.
type pane struct {
	Name, Tagline, Picture string
	URL                    templ.SafeURL
	Proof                  templ.SafeURL // how its promises were kept; empty without such a page
}

// guestDoor is one click into the console, as somebody of a shop.
type guestDoor struct {
	Title, Text, Button string
	To, Set             string
	More                templ.SafeURL // beside it; empty without
	Shops               []staffed
}

type count struct{ What, Number string }

type choice struct {
	Words   string
	URL     templ.SafeURL
	Current bool
}

// card is one order.
type card struct {
	Shop, Order, Promise, Badge, Repaired string
	Tone                                  ui.Tone
	URL                                   templ.SafeURL
}

// here is where the demo's clock hangs on the wall.
const here = "Europe/Paris"

func (w living) page(loc lang.Locale, link func(ident.Order) ident.Link) page {
	zone, err := civil.Zone(here)
	if err != nil {
		zone = time.UTC
	}
	r := ui.Reading{Locale: loc, Zone: zone, Now: w.now}
	p := page{
		Frame: ui.Frame{Locale: loc, Title: r.T("window.title", nil), Wide: true, Look: look},
		Clock: r.T("home.world", map[string]any{"When": r.When(w.now, fact.Minute)}),
		Speed: r.T("home.paused", nil),
	}
	switch {
	case w.speed == 1:
		p.Speed = r.T("window.as_here", nil)
	case w.speed > 0:
		p.Speed = r.T("home.speed", map[string]any{"Long": r.Long(time.Duration(w.speed * float64(time.Second)))})
	}
	number := func(n int) string { return lang.Number(loc, int64(n)) }
	p.Counts = []count{
		{r.T("home.open", nil), number(w.open)},
		{r.T("home.kept", nil), number(w.Kept)},
		{r.T("home.broken", nil), number(w.Broken)},
		{r.T("home.told", nil), number(w.ToldBefore)},
		{r.T("home.repaired", nil), number(w.Repaired)},
	}
	p.Acts, p.Windows, p.Doors = w.acts(r), w.windows(loc), w.doors(r)
	for _, o := range w.orders {
		if p.Lived == "" && o.owed.State == fact.Open {
			p.Lived = templ.SafeURL("/p/" + string(link(o.order.ID)))
		}
	}
	if w.back.ID != "" {
		p.Back = templ.SafeURL("/p/" + string(link(w.back.Order)) + "/retour/" + string(w.back.ID))
	}
	p.Till = w.tillCard(r, link)
	p.Van, p.Regular = w.vanText(r), w.regularText(r)
	p.Choices = w.choices(r)
	for _, o := range w.orders {
		p.Cards = append(p.Cards, o.card(r, link(o.order.ID)))
	}
	return p
}

// acts is what may be done to the clock.
func (w living) acts(r ui.Reading) []act {
	if !w.settable {
		return nil
	}
	run := act{"/monde/pause", r.T("window.pause", nil)}
	if w.speed == 0 {
		run = act{"/monde/reprise", r.T("window.resume", nil)}
	}
	return []act{run, {"/monde/suite", r.T("window.next_event", nil)}, {"/monde/matin", r.T("window.next_morning", nil)}}
}

// windows is the shops that are open, each with something of its shelves.
func (w living) windows(loc lang.Locale) (panes []pane) {
	for _, s := range catalogue.All() {
		i := slices.IndexFunc(w.shops, func(open staffed) bool { return open.Name == s.Name })
		if i < 0 || !slices.Contains(w.rooms, "/boutique/{shop}/{$}") {
			continue
		}
		p := pane{Name: s.Name, Tagline: s.Tagline.In(loc), Picture: s.Showpiece().Picture, URL: templ.SafeURL("/boutique/" + s.Slug + "/")}
		if slices.Contains(w.rooms, "/b/{shop}") {
			p.Proof = templ.SafeURL("/b/" + string(w.shops[i].ID))
		}
		panes = append(panes, p)
	}
	return panes
}

// snowInParis is the form of an incident that concerns some of every shop's orders.
const snowInParis = "/console/incidents/new?trouble=weather&places=75&days=2"

// doors is the ways into the console that lead somewhere, for whoever sits at
// this machine.
func (w living) doors(r ui.Reading) (open []guestDoor) {
	if !w.local {
		return nil
	}
	for _, d := range []guestDoor{
		{
			Title: r.T("window.agent", nil), Text: r.T("window.agent_text", nil), Button: r.T("window.agent_enter", nil),
			To: "/console/queue", Set: string(merchant.Agent),
		},
		{
			Title: r.T("window.owner", nil), Text: r.T("window.owner_text", nil), Button: r.T("window.owner_enter", nil),
			To: "/console/board", Set: string(merchant.Owner),
		},
		{
			Title: r.T("window.incident", nil), Text: r.T("window.incident_text", nil), Button: r.T("window.incident_enter", nil),
			To: snowInParis, Set: string(merchant.Agent),
		},
		{
			Title: r.T("window.outbox", nil), Text: r.T("window.outbox_text", nil), Button: r.T("window.outbox_enter", nil),
			To: "/console/outbox", Set: string(merchant.Owner), More: lettersPath,
		},
	} {
		for _, s := range w.shops {
			if slices.Contains(s.sets, merchant.Set(d.Set)) {
				d.Shops = append(d.Shops, s)
			}
		}
		if path, _, _ := strings.Cut(d.To, "?"); len(d.Shops) > 0 && slices.Contains(w.rooms, path) {
			open = append(open, d)
		}
	}
	return open
}

func (w living) choices(r ui.Reading) (out []choice) {
	words := map[fact.State]string{
		"":           "home.all",
		fact.Open:    "home.only_open",
		fact.Kept:    "home.only_kept",
		fact.Broken:  "home.only_broken",
		fact.Void:    "home.only_void",
		fact.Amended: "home.only_amended",
	}
	for _, s := range states {
		url := "/"
		if s != "" {
			url += "?state=" + string(s)
		}
		out = append(out, choice{r.T(words[s], nil), templ.SafeURL(url), s == w.state})
	}
	return out
}

// card shows an order in the zone where its goods go.
func (o lived) card(r ui.Reading, link ident.Link) card {
	if zone, err := civil.Zone(o.owed.Zone); err == nil {
		r.Zone = zone
	}
	first, _, _ := strings.Cut(o.who.Name, " ")
	c := card{
		Shop:  o.shop.Name,
		Order: r.T("home.of", map[string]any{"Reference": o.order.Reference, "Name": first}),
		URL:   templ.SafeURL("/p/" + string(link)),
	}
	if o.owed.ID != "" {
		c.Promise = r.T("order_page.promised_for", map[string]any{"Due": o.due(r)})
	}
	c.Tone, c.Badge = o.state(r)
	if total := remedy.Total(o.repaired); !total.IsZero() {
		c.Repaired = r.T("home.repair", map[string]any{"Amount": total})
	}
	return c
}

// due is when it comes: by a deadline, or within the hours that were chosen.
func (o lived) due(r ui.Reading) string {
	if o.owed.Owed == fact.DeliverInSlot {
		return lang.Slot(r.Locale, o.owed.From.In(r.Zone), o.owed.Until.In(r.Zone))
	}
	return r.Due(o.owed.Until)
}

// state is where the promise stands, in words and colour.
func (o lived) state(r ui.Reading) (ui.Tone, string) {
	switch {
	case o.order.State == order.Cancelled && o.owed.State != fact.Broken:
		return ui.Mute, r.T("order_page.badge_cancelled", nil)
	case o.owed.State == fact.Kept:
		return ui.Good, r.T("order_page.badge_kept", nil)
	case o.owed.State == fact.Broken:
		return ui.Bad, r.T("order_page.badge_broken", nil)
	case o.owed.State == fact.Void:
		return ui.Mute, r.T("order_page.badge_void", nil)
	case o.owed.State == fact.Amended:
		return ui.Mute, r.T("happened.amended", nil)
	case r.Now >= o.owed.Until:
		return ui.Care, r.T("order_page.badge_due", nil)
	case o.warned:
		return ui.Care, r.T("order_page.badge_risk", nil)
	default:
		return ui.Calm, r.T("order_page.badge_open", nil)
	}
}
