package console

import (
	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// incidents are what stops parcels: the list, the form before and after somebody
// looked whom it concerns, and one that is under way, over, or in the past.
func (g walk) incidents() (out []ui.Exhibit) {
	v, rd := invented(), g.reading()
	at, today := g.at(incidentsHere, v), rd.Now.Day(rd.Zone)
	l := lanes{services: []carrier.Service{{ID: "srv_1", Name: "Domicile"}, {ID: "srv_2", Name: "Point relais"}}, stocks: []merchant.StockPoint{{ID: "stk_1", Name: "Entrepôt de Lyon"}}}
	strike := promise.Incident{
		ID: "inc_1", Key: "KEY", Trouble: fact.TroubleStrike, Services: []ident.Service{"srv_1"}, Places: []string{"FR-75", "FR-92"}, From: today, Last: today + 2,
		Words: map[lang.Locale]string{lang.French: "Le dépôt de Gennevilliers est bloqué.", lang.English: "The Gennevilliers depot is blocked."}, Looked: 1200, Done: true,
	}
	coming, past, over := strike, strike, strike
	coming.From, coming.Places, coming.Stock, coming.Services, coming.Trouble = today+1, nil, "stk_1", nil, fact.TroubleClosure
	past.From, past.Last, past.Places, past.Trouble, past.Done = today-3, today-1, nil, fact.TroubleWeather, false
	over.Ended = on(-1, 0)
	p := deskPage{Frame: frame(at, g.t("incidents.title")), Tabs: incidentTabs(g.loc, v, incidentsHere), Empty: g.t("incidents.none")}
	full := p
	for _, i := range []promise.Incident{strike, coming, past, over} {
		full.Rows = append(full.Rows, l.row(rd, i))
	}
	out = []ui.Exhibit{shown("incidents", deskView(full)), shown("incidents-none", deskView(p))}
	wrong := faults(g.loc, fault.New(fault.Invalid, "area_unknown", "places", "value", "le Sud"), "places")
	for _, e := range []struct {
		name string
		in   typedIncident
	}{
		{"incident-form", typedIncident{of: strike}},
		{"incident-wrong", typedIncident{of: strike, wrong: wrong}},
		{"incident-looked", typedIncident{of: strike, would: &promise.Concern{Promises: 1214, Shoppers: 980, Partly: true}, names: []string{"E-1042", "E-1043"}, worth: "48 210,00 €"}},
		{"incident-nobody", typedIncident{of: strike, would: &promise.Concern{}}},
		{"incident-crowd", typedIncident{of: strike, would: &promise.Concern{Promises: 1214, Shoppers: 1214}, names: []string{"E-1042"}, worth: "48 210,00 €", many: true}},
	} {
		out = append(out, shown(e.name, incidentFormView(l.form(frame(at, g.t("incidents.new_title")), v, e.in))))
	}
	for _, e := range []struct {
		name string
		of   promise.Incident
	}{{"incident", strike}, {"incident-coming", coming}, {"incident-past", past}, {"incident-over", over}} {
		b := declared{Incident: e.of, lanes: l, warned: promise.Concern{Promises: 310, Told: 295, Lifted: 12}}.block(rd, v)
		out = append(out, shown(e.name, deskView(deskPage{Frame: frame(at, promise.TroubleName(g.loc, e.of.Trouble)), Blocks: []block{b}})))
	}
	return append(out, g.releases(declared{Incident: strike, lanes: l})...)
}

// releases are an incident that concerns many, as the second person sees it, as who
// asked does, as somebody does who works alone, and afterwards.
func (g walk) releases(d declared) (out []ui.Exhibit) {
	v, rd := invented(), g.reading()
	at := g.at(incidentsHere, v)
	d.People, d.Looked, d.Done, d.asker, d.several, d.Release = 1214, 0, false, "Paul Roche", true, promise.Waiting
	mine, alone, given, no := d, d, d, d
	mine.AskedBy = flow.ByStaff(v.Staff.ID)
	alone.several, alone.shop = false, "c•••@shop.example"
	stale := alone
	alone.fresh = true
	given.Release, given.Done, given.answerer, given.Answered = promise.Released, true, "Anne Morel", on(-1, 0)
	no.Release, no.answerer, no.Answered = promise.Refused, "Anne Morel", on(-1, 0)
	for _, e := range []struct {
		name string
		of   declared
	}{{"incident-waits", d}, {"incident-asked", mine}, {"incident-alone", alone}, {"incident-alone-stale", stale}, {"incident-released", given}, {"incident-refused", no}} {
		p := deskPage{Frame: frame(at, promise.TroubleName(g.loc, e.of.Trouble)), Blocks: []block{e.of.block(rd, v)}}
		out = append(out, shown(e.name, deskView(p)))
	}
	return out
}
