package shopper

import (
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	orders "github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// page is the order's page before it is HTML.
type page struct {
	ui.Frame
	Order    string // "Commande E-1"
	Headline headline
	Parcels  []box
	NoParcel string // why there is none yet
	Contents []string
	Bound    string // "Vers Lyon"
	Timeline []moment
	Times    string // in whose zone
}

// box is one parcel.
type box struct {
	Title, Status, Carried, News string
	Tone                         ui.Tone
}

// page puts an order into words.
func (d *lived) page() page {
	if d.Zone == nil { // no order was read
		return page{}
	}
	args := map[string]any{"Reference": d.order.Reference, "Shop": d.shop.Name}
	p := page{
		Frame:    ui.Frame{Locale: d.Locale, Title: d.T("order_page.title", args), Brand: d.shop.Name, Private: true},
		Order:    d.T("order_page.order", args),
		Headline: d.headline(), Timeline: d.timeline(), Contents: d.contents(),
		Bound: d.T("order_page.bound_for", map[string]any{"City": d.order.Ship.City}),
		Times: d.T("order_page.times", map[string]any{"Zone": lang.Zone(d.Locale, d.Zone.String())}),
	}
	for _, parcel := range d.parcels {
		p.Parcels = append(p.Parcels, d.box(parcel))
	}
	if len(p.Parcels) == 0 && d.order.State == orders.Placed {
		p.NoParcel = d.T("order_page.no_parcel", args)
	}
	return p
}

func (d *lived) box(p orders.Parcel) box {
	s := d.stories[p.ID]
	if s.Status == "" {
		s.Status = fact.Pending
	}
	return box{
		Title: d.T("order_page.parcel", map[string]any{"Number": p.Number}), Status: d.status(s.Status), Tone: toneOf(s.Status),
		Carried: d.T("order_page.carried_by", map[string]any{"Carrier": d.carriers[p.Connection].Name, "Number": p.Number}),
		News:    d.news(p),
	}
}

// maxContents bounds the list of what is in the order.
const maxContents = 20

func (d *lived) contents() (out []string) {
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
