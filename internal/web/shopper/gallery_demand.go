package shopper

import (
	"time"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	orders "github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/shopper"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// DemandGallery is the page on which a delivery is demanded, in each of its states,
// from invented data.
func DemandGallery(loc lang.Locale) (all []ui.Exhibit) {
	const day = 24 * time.Hour
	for _, e := range []struct {
		name  string
		set   func(*demanding)
		wrong *fault.Error
	}{
		{name: "demand-early", set: func(d *demanding) { d.waited.Due = 0 }},
		{name: "demand-nothing", set: func(d *demanding) { d.waited.Lines = nil }},
		{name: "demand-locked", set: func(d *demanding) { d.trusted = false }},
		{name: "demand-form", set: func(*demanding) {}},
		{name: "demand-running", set: summoned(-2 * day)},
		{name: "demand-over", set: summoned(-11 * day)},
		{name: "demand-over-wrong", set: summoned(-11 * day), wrong: fault.New(fault.Conflict, "nothing_awaited", "order")},
		{name: "demand-declined", set: func(d *demanding) {
			summoned(-2 * day)(d)
			d.notice.Declined = d.Now
		}},
		{name: "demand-resolved", set: func(d *demanding) {
			summoned(-11 * day)(d)
			d.notice.Resolved, d.notice.Return, d.waited.Lines = d.Now, "ret_1", nil
			d.owed = eur(2790)
			d.paid = returns.Return{ID: "ret_1", Ground: fact.ByResolution, Value: eur(2200), RefundBy: d.Now.Add(14 * day)}
		}},
	} {
		d := inVain(loc)
		e.set(&d)
		p := d.page()
		if e.wrong != nil {
			p.Wrong = []wrong{{"", lang.Fault(loc, e.wrong)}}
		}
		all = append(all, ui.Exhibit{Name: e.name, Page: demandView(p)})
	}
	late := lives(loc, func(d *lived) {
		d.delivery.State, d.stories, d.remedies = fact.Broken, nil, nil
		d.happened(8, fact.Demanded{Until: d.Now.Add(10 * day)})
		d.happened(9, fact.Resolved{})
	}).page()
	late.Scripts = nil
	return append(all, ui.Exhibit{Name: "demand-order", Page: order(late)})
}

// inVain is an order whose day is over, and of which nothing came.
func inVain(loc lang.Locale) demanding {
	d := demanding{acting: acting{lived: lives(loc), who: shopper.Contact{Name: "Camille", Email: "camille@example.org"}, trusted: true}}
	d.waited = returns.Waited{
		Due: d.Now.Add(-3 * 24 * time.Hour), Until: d.Now.Add(10 * 24 * time.Hour), Value: eur(2200), Total: eur(2790), Lines: map[ident.Line]int{},
	}
	for _, l := range d.lines {
		if l.Kind == orders.Goods {
			d.waited.Lines[l.ID] = l.Units
		}
	}
	return d
}

// summoned is a notice that was sent so long before.
func summoned(ago time.Duration) func(*demanding) {
	return func(d *demanding) {
		sent := d.Now.Add(ago)
		n := returns.Demand{ID: "dem_1", Order: "ord_1", Due: d.waited.Due, Sent: sent, Until: sent.Add(10 * 24 * time.Hour)}
		n.Hash = ident.Hash("formal notice: dem_1")
		d.notice = n
	}
}
