package shopper

import (
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	orders "github.com/promesse-dev/promesse/internal/order"
	visited "github.com/promesse-dev/promesse/internal/speed"
	"github.com/promesse-dev/promesse/internal/web/speed"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// page is the order's page before it is HTML. Paths are relative to its own.
type page struct {
	ui.Frame
	Version  string
	Order    string // "Commande E-1"
	Headline headline
	Next     step
	Early    string   // path of the form that answers the courier
	Tickets  []ticket // what opens a counter
	DoorCode string   // which the shopper may say to the courier; empty: none
	Parcels  []box
	NoParcel string // why there is none yet
	Choices  []choice
	Unchange string // why there is nothing to choose; empty: nothing to say
	Ask      string // path of the page to write to a person
	Write    string
	Calendar string // path of the file for calendars; empty: none
	Contents []string
	Bound    string // "Vers Lyon"
	Pickup   pickup
	Timeline []moment
	Times    string // in whose zone
	Other    other  // language
}

// other is the page in another language.
type other struct {
	Locale      lang.Locale
	Words, Path string
}

// page puts an order into words.
func (d *lived) page() page {
	args := map[string]any{"Reference": d.order.Reference, "Shop": d.brand.Shown}
	p := page{
		Frame: d.frame(d.T("order_page.title", args)), Version: d.stamp.String(),
		Order:    d.T("order_page.order", args),
		Headline: d.headline(), Next: d.next(), Early: d.below("early"),
		Tickets: d.tickets(), DoorCode: inThrees(d.doorCode), Parcels: d.boxes(), Timeline: d.timeline(), Contents: d.inOrder(),
		Ask: d.below("ecrire"), Write: d.T("ask_page.write", nil),
		Bound: d.bound(), Pickup: d.pickup(),
		Times: d.T("order_page.times", map[string]any{"Zone": lang.Zone(d.Locale, d.Zone.String())}),
		Other: d.other(),
	}
	p.Scripts = []string{"../assets/live.js" + module.Query()}
	p.Frame = installable(p.Frame, string(d.link)+"/application.webmanifest", "../assets/")
	speed.Measure(&p.Frame, "../", d.shop.ID, visited.Order)
	p.Choices, p.Unchange = d.choices()
	if change, ok := d.changeChoice(); ok {
		p.Choices, p.Unchange = append(p.Choices, change), ""
	}
	p.Choices = append(p.Choices, d.backChoices()...)
	p.Choices = append(append(p.Choices, d.talkChoices()...), d.claimChoices()...)
	if len(d.outgoing()) > 0 {
		p.Choices = append(p.Choices, choice{d.T("share.choice", nil), d.T("share.choice_until", nil), d.below("partager")})
	}
	p.Choices = append(p.Choices, choice{d.T("messages_page.choice", nil), d.T("messages_page.choice_until", nil), d.below("messages")},
		choice{d.T("space.choice", nil), d.T("space.choice_until", nil), "../espace"})
	if len(p.Parcels) == 0 && d.order.State == orders.Placed {
		p.NoParcel = d.T("order_page.no_parcel", args)
	}
	if _, ok := d.appointment(); ok && d.delivery.State == fact.Open && d.Now < d.delivery.Until {
		p.Calendar = d.below("delivery.ics")
	}
	d.changesAt((d.Now.Day(d.Zone) + 1).Start(d.Zone)) // the year of a day is named when it is not this one
	d.changesAt(d.dies())
	return p
}

// frame is what all pages about the order share.
func (d *lived) frame(title string) ui.Frame {
	return ui.Frame{Locale: d.Locale, Title: title, Brand: d.brand.Shown, Accent: d.brand.Accent, Private: true, Look: look}
}

// other is the way to the page in the language that it is not in.
func (d *lived) other() other {
	loc := lang.French
	if d.Locale == lang.French {
		loc = lang.English
	}
	return other{loc, lang.T(loc, "tracking_page.this_language", nil), "?lang=" + string(loc)}
}

// maxContents bounds the list of what is in the order.
const maxContents = 20

func (d *lived) inOrder() (out []string) {
	for _, l := range d.lines {
		switch {
		case l.Kind != orders.Goods:
			continue
		case len(out) == maxContents:
			return append(out, "…")
		}
		out = append(out, d.T("order_page.article", map[string]any{"Units": l.Units, "Name": l.Name}))
	}
	return out
}

// over is the page behind a link that has died: how to get help.
type over struct {
	ui.Frame
	Text  string
	Mail  string
	Write string
}

// expired is when the link has died.
func (d *lived) expired() bool {
	end := d.dies()
	return !end.IsZero() && d.Now >= end
}

func (d *lived) over() over {
	args := map[string]any{"Shop": d.brand.Shown}
	return over{ // it names the shop and nothing of the order
		Frame: d.frame(d.T("tracking_page.over", nil)), Text: d.T("tracking_page.over_text", args),
		Mail: d.mailTo(""), Write: d.T("tracking_page.write", args),
	}
}
