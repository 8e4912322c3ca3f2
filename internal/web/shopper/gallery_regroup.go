package shopper

import (
	"time"

	"github.com/promesse-dev/promesse/internal/core/carbon"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/relay"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// RegroupGallery is the pages on which deliveries are had together, in each of their
// states, from invented data.
func RegroupGallery(loc lang.Locale) (all []ui.Exhibit) {
	frame := ui.Frame{Locale: loc, Title: lang.T(loc, "regroup.title", nil), Private: true, Look: look}
	for _, e := range []struct {
		name  string
		set   func(*deliveries)
		wrong *fault.Error
	}{
		{name: "regroup-none", set: func(d *deliveries) { d.all = nil }},
		{name: "regroup-few", set: func(d *deliveries) {
			d.all[0].Candidate.Why = lastmile.NotWaits
			d.all, d.chose = d.all[:2], false
			d.choose(nil)
		}},
		{name: "regroup-which", set: func(d *deliveries) { d.choose(nil) }},
		{name: "regroup-where", set: func(d *deliveries) { d.chose = false }},
		{name: "regroup-nowhere", set: func(d *deliveries) { d.spots, d.chose, d.where = nil, false, "" }},
		{name: "regroup-point", set: func(d *deliveries) { d.invent(1) }},
		{name: "regroup-door", set: func(d *deliveries) { d.invent(0) }},
		{name: "regroup-reasons", set: func(d *deliveries) {
			d.all[2].Doors, d.all[2].DoorsNot = nil, lastmile.NotHere
			d.all[2].Stay.Day += 20
			d.all[2].Page = "https://colis.example/6A1"
			d.all = append(d.all, d.apart()[:3]...)
			d.invent(0)
		}},
		{name: "regroup-more-reasons", set: func(d *deliveries) {
			d.all = append(d.all, d.apart()[3:]...)
			d.invent(0)
		}},
		{name: "regroup-point-reasons", set: func(d *deliveries) {
			d.all = append(d.all, d.unserved()...)
			d.invent(1)
			d.plan.Fits[0].Ways, d.plan.Fits[0].Not = nil, lastmile.NotOpen
		}},
		{name: "regroup-locked", set: func(d *deliveries) { d.invent(0); d.fresh = false }},
		{name: "regroup-wrong", set: func(d *deliveries) { d.invent(0) }, wrong: fault.New(fault.Conflict, "regroup_not_now", "members")},
	} {
		d := threeWanted(loc)
		e.set(&d)
		p := d.regroupPage(frame)
		p.Key = "key"
		if e.wrong != nil {
			p.Wrong = []wrong{{"", lang.Fault(loc, e.wrong)}}
		}
		all = append(all, ui.Exhibit{Name: e.name, Page: regroupView(p)})
	}
	return append(append(all, cameOf(loc, frame)...), regroupOrder(loc)...)
}

// threeWanted is three deliveries on their way, all of them chosen.
func threeWanted(loc lang.Locale) deliveries {
	d := deliveries{where: "Lyon", fresh: true, chose: true}
	for i := range 3 {
		l := lives(loc, sent(fact.InTransit))
		d.Reading = l.Reading
		due := l.Now.Day(l.Zone) + 1 + civil.Day(i)
		c := lastmile.Candidate{
			Order: ident.Order("ord_" + string(rune('1'+i))), Address: "lilas", Grams: 1000, Legal: due + 25, Within: time.Hour,
			Stay: lastmile.Way{Day: due, Window: civil.Window{Until: due.End(l.Zone)}}, Networks: []string{"net"},
			Shipment: carbon.Shipment{Mass: 1000, Mode: carbon.Home},
		}
		for n := range civil.Day(4) {
			c.Doors = append(c.Doors, dayOf(l, fact.Reschedule, due+n+1))
			c.Points = append(c.Points, dayOf(l, fact.Redirect, due+n))
		}
		d.all = append(d.all, delivery{lived: l, Candidate: c, chosen: true})
	}
	d.all[1].brand.Shown = "Papeterie Ainay"
	d.all[2].lived.parcels = nil // its carrier has no name yet
	counter := relay.Point{
		ID: "pnt_1", Network: "net", Name: "Tabac de la Gare", Street: "3 rue de la Gare", Postcode: "69002", City: "Lyon", Country: "FR",
		Zone: "Europe/Paris", Services: []string{relay.Collect},
	}
	d.spots = []spot{
		{Spot: lastmile.Spot{Address: "lilas"}, value: atDoor, fit: 3},
		{Spot: lastmile.Spot{Point: counter}, value: "pnt_1", fit: 2, far: ui.Far(loc, 430, true)},
	}
	d.before = []lastmile.Regroup{
		{ID: "rgp_1", State: lastmile.RegroupAsked, Day: d.all[0].Stay.Day},
		{ID: "rgp_2", State: lastmile.RegroupSettled, Day: d.all[0].Stay.Day},
		{ID: "rgp_3", State: lastmile.RegroupFell, Day: d.all[0].Stay.Day},
	}
	return d
}

func dayOf(l *lived, what fact.ChangeKind, day civil.Day) lastmile.Way {
	return lastmile.Way{Day: day, What: what, Window: civil.Window{From: day.Start(l.Zone), Until: day.End(l.Zone)}, AskBy: l.Now.Add(time.Hour)}
}

// invent chooses one of the spots, and the best day there.
func (d *deliveries) invent(spot int) {
	d.spot, d.chose = d.spots[spot].Spot, true
	d.plan, _ = lastmile.PlanAt(d.candidates(), d.spot, d.Now, carbon.Default()) // its only fault is an unknown zone
	d.day, d.dated = d.plan.Best()
}

func (d *deliveries) like(set func(*lastmile.Candidate)) delivery {
	x := d.all[0]
	set(&x.Candidate)
	return x
}

// apart are those that can not come to the door with the others, each for a reason.
func (d *deliveries) apart() []delivery {
	today := d.Now.Day(d.Zone)
	return []delivery{
		d.like(func(c *lastmile.Candidate) { c.Address = "roses" }),
		d.like(func(c *lastmile.Candidate) { c.Point = "pnt_2" }),
		d.like(func(c *lastmile.Candidate) {
			c.Doors = []lastmile.Way{dayOf(d.all[0].lived, fact.Reschedule, today+15)}
		}),
		d.like(func(c *lastmile.Candidate) { c.Doors, c.DoorsNot = nil, lastmile.NotHeld }),
		d.like(func(c *lastmile.Candidate) { c.Legal = today }),
		d.like(func(c *lastmile.Candidate) {
			c.Stay.Day, c.Stay.Window.Until = today+5, (today + 5).End(d.Zone)
			sooner := dayOf(d.all[0].lived, fact.Reschedule, today+3)
			sooner.Window, sooner.Slot = civil.Window{From: sooner.Window.From.Add(14 * time.Hour), Until: sooner.Window.From.Add(16 * time.Hour)}, true
			c.Doors = []lastmile.Way{sooner}
		}),
	}
}

// unserved are those that can not be at the point.
func (d *deliveries) unserved() []delivery {
	heavy := d.like(func(c *lastmile.Candidate) { c.Grams = 50_000 })
	d.spots[1].Point.Limits.MaxGrams = 20_000
	return []delivery{heavy, d.like(func(c *lastmile.Candidate) { c.Networks = nil })}
}

// cameOf is what became of a regrouping.
func cameOf(loc lang.Locale, frame ui.Frame) (all []ui.Exhibit) {
	for _, e := range []struct {
		name    string
		state   lastmile.RegroupState
		member  lastmile.MemberState
		reasons [2]fact.ChangeReason
	}{
		{"regroup-asked", lastmile.RegroupAsked, lastmile.MemberOpen, [2]fact.ChangeReason{}},
		{"regroup-settled", lastmile.RegroupSettled, lastmile.MemberSettled, [2]fact.ChangeReason{}},
		{"regroup-fallen", lastmile.RegroupFell, lastmile.MemberFell, [2]fact.ChangeReason{fact.ChangeApart, fact.ChangeSilent}},
	} {
		d := threeWanted(loc)
		var members []membership
		for i, x := range d.all {
			m := membership{lived: x.lived, Joined: lastmile.Joined{State: e.member, Window: x.Doors[0].Window}}
			if i < 2 {
				m.Change, m.Reason = "chg_1", e.reasons[i]
				m.change.Connection = x.parcels[0].Connection
			} else {
				m.Reason = fact.ChangeApart
			}
			if i == 0 {
				m.change.Agreed = d.Now
			}
			members = append(members, m)
		}
		p := gatheredPage{Frame: frame}
		p.fill(lastmile.Regroup{
			State: e.state, Day: d.all[0].Stay.Day, AnswerBy: d.Now.Add(time.Hour), Method: carbon.Method,
			Before: lastmile.Span{Low: 706, High: 706}, After: lastmile.Span{Low: 572, High: 2098},
		}, members, d.spots[1].Point)
		all = append(all, ui.Exhibit{Name: e.name, Page: gatheredView(p)})
	}
	return all
}

// regroupOrder is an order's page where its delivery was asked for with others.
func regroupOrder(loc lang.Locale) []ui.Exhibit {
	p := lives(loc, func(d *lived) {
		of := fact.Change{What: fact.Reschedule, Together: true}
		at := fact.Regrouping{Until: d.delivery.Until}
		d.happened(7, fact.ChangeAgreed{Change: of})
		d.happened(7, fact.RegroupFallen{Regrouping: at})
		d.happened(8, fact.Regrouped{Regrouping: at})
		d.happened(9, fact.ChangeUnkept{Change: of})
	}).page()
	p.Scripts = nil
	c := movable(loc)
	became(lastmile.ChangeAsked)(&c)
	c.asked[0].Agreed = c.Now
	v := c.changePage()
	v.Key = "key"
	return []ui.Exhibit{{Name: "regroup-order", Page: order(p)}, {Name: "change-waits-others", Page: changeView(v)}}
}
