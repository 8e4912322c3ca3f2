package console

import (
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/remedy"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/shopper"
	"github.com/promesse-dev/promesse/internal/tracking"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// on is an instant of Tuesday 24 November 2026 in Paris; hours may run over.
func on(hour, minute int) civil.Instant {
	paris, err := civil.Zone("Europe/Paris")
	if err != nil {
		panic(err) // a name written here
	}
	return civil.At(time.Date(2026, time.November, 24, hour, minute, 0, 0, paris))
}

var camille = shopper.Contact{ID: "sho_1", Name: "Camille Durand", Email: "camille.durand@example.org", Phone: "+33612345678"}

// bought is an order of an invented shopper's.
func bought(reference string) order.Order {
	return order.Order{
		ID: "ord_1", Reference: reference, Shopper: camille.ID, Currency: money.EUR, Placed: on(-16, 5), State: order.Placed, Service: "ser_1",
		Value: money.Of(3290, money.EUR), Delivery: money.Of(590, money.EUR),
		Ship: order.Address{Name: camille.Name, Street: "12 rue de la Grange-aux-Belles", Postcode: "75010", City: "Paris", Country: "FR"},
	}
}

// owed is a delivery promised for the end of that Tuesday.
func owed(s fact.State) promise.Commitment {
	return promise.Commitment{
		ID: "com_1", Owed: fact.DeliverBy, Order: "ord_1", Until: on(24, 0), Zone: "Europe/Paris", Origin: promise.FromQuote,
		Shown: "Livré mardi 24 novembre", Confidence: 0.96, Basis: promise.BasisOwn, Made: on(-16, 5), State: s,
	}
}

// orderRows is a row for each place where a promise can stand.
func (g walk) orderRows() (rows []orderRow) {
	read := g.reading()
	row := func(o order.Order, who string, owed []promise.Commitment, warned bool) {
		warnings := map[ident.Commitment][]promise.Warning{}
		if warned {
			warnings["com_1"] = []promise.Warning{{Cause: promise.Slow}}
		}
		r := orderRow{Path: orderPath(o.ID), Reference: o.Reference, Who: who, Placed: read.When(o.Placed, fact.Minute), Value: lang.Amount(g.loc, o.Value)}
		r.Tone, r.Badge, r.Promise = standing(read, o, owed, warnings)
		rows = append(rows, r)
	}
	of := func(cs ...promise.Commitment) []promise.Commitment { return cs }
	row(bought("E-1042"), camille.Name, of(owed(fact.Open)), false)
	row(bought("E-1041"), camille.Name, of(owed(fact.Open)), true)
	due := owed(fact.Open)
	due.Until = on(0, 0)
	row(bought("E-1040"), camille.Name, of(due), false)
	for _, s := range []fact.State{fact.Kept, fact.Broken, fact.Void} {
		row(bought("E-1039"), camille.Name, of(owed(s)), false)
	}
	short := owed(fact.Broken)
	short.ID, short.Owed = "com_2", fact.Complete
	row(bought("E-1038"), camille.Name, of(owed(fact.Kept), short), false)
	slot := owed(fact.Open)
	slot.Owed, slot.From, slot.Until = fact.DeliverInSlot, on(14, 0), on(16, 0)
	row(bought("E-1037"), camille.Name, of(slot), false)
	gone := bought("E-1036")
	gone.State = order.Cancelled
	row(gone, camille.Name, of(owed(fact.Void)), false)
	row(bought("E-1035"), camille.Name, nil, false)
	row(bought(strings.Repeat("2026-NOVEMBRE-", 5)), strings.Repeat("Maximilienne-Alexandrine ", 4), of(owed(fact.Open)), false)
	return rows
}

func (g walk) queues() []ui.Exhibit {
	p := queuePage{Frame: g.frame("/console/queue", "queue.title")}
	empty := p
	empty.Done = g.t("queue.done_tell")
	p.Wrong = lang.Fault(g.loc, fault.New(fault.Conflict, "nothing_sent", "parcel"))
	for i, e := range g.dangers() {
		e.owed.ID = ident.Commitment("com_" + string(rune('a'+i)))
		p.Rows = append(p.Rows, e.row(g.reading(), invented()))
	}
	viewer := queuePage{Frame: p.Frame}
	looks := invented()
	looks.Staff.Set = merchant.Viewer
	for _, e := range g.dangers() {
		viewer.Rows = append(viewer.Rows, e.row(g.reading(), looks))
	}
	return []ui.Exhibit{shown("queue", queueView(p)), shown("queue-empty", queueView(empty)), shown("queue-looking-only", queueView(viewer))}
}

// dangers is a promise for each way in which one is about to go wrong.
func (g walk) dangers() []endangered {
	plain := endangered{
		owed: owed(fact.Open), order: bought("E-1042"), warnings: []promise.Warning{{Cause: promise.Slow, Probability: 0.7}},
		parcel: order.Parcel{ID: "par_1", Number: "6A 0412 7788"}, story: tracking.Story{Status: fact.InTransit},
		line: carrier.Connection{Name: "Porteur Express", Inquiries: "https://porteur.example"}, expected: promise.Expected{Day: on(0, 0).Day(time.UTC) + 3}, dated: true,
	}
	unsent := plain
	unsent.parcel, unsent.story, unsent.dated = order.Parcel{}, tracking.Story{}, false
	unsent.warnings = []promise.Warning{{Cause: promise.NotHandedOver, Probability: 1}}
	asked := plain
	asked.owed.ToldAt = on(7, 0)
	asked.inquiries = []carrier.Inquiry{{Parcel: "par_1", State: carrier.Taken, Changed: on(8, 0)}}
	answered := asked
	answered.inquiries = []carrier.Inquiry{{Parcel: "par_1", State: carrier.Answered, Answer: "Bloqué au centre de tri de Roissy, repart ce soir.", Changed: on(8, 0)}}
	unreached := asked
	unreached.inquiries = []carrier.Inquiry{{Parcel: "par_1", State: carrier.Failed, Changed: on(8, 0)}}
	broken := plain
	broken.owed.State, broken.owed.Until = fact.Broken, on(-24, 0)
	broken.remedy = remedy.Remedy{ID: "rem_1", State: remedy.Waiting}
	long := plain
	long.order.Reference, long.order.Ship.City = strings.Repeat("2026-NOVEMBRE-", 5), "Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson"
	long.parcel.Number = strings.Repeat("0123456789", 6)
	for _, why := range []fact.Reason{fact.ReasonStrike, fact.ReasonWeather, fact.ReasonDelay} {
		long.warnings = append(long.warnings, promise.Warning{Cause: string(why), Probability: 0.5})
	}
	return []endangered{plain, unsent, asked, answered, unreached, broken, long}
}

// forgettable is the page on erasing whoever ordered.
func (g walk) forgettable(waits []string, erased civil.Instant) formPage {
	f := forgettable{Reading: g.reading(), order: order.Order{ID: "ord_1"}, who: camille, orders: 3, waits: waits, erased: erased}
	p := f.page(g.frame("/console/orders/ord_1/erase", "erase_desk.title"))
	if p.Form != nil {
		p.Wrong = g.t("erase_desk.unsure")
	}
	return p
}

func (g walk) orders() []ui.Exhibit {
	fresh := g.lived()
	fresh.facts = fresh.facts[:2]
	whole := g.lived().troubled()
	declared := whole.page(g.orderFrame())
	declared.Declare, declared.Wrong = true, lang.Fault(g.loc, fault.New(fault.Invalid, "nothing_missing", "units"))
	declared.Shopper = "/galerie"
	declared.Demands = g.demands()
	gone := g.lived()
	gone.order.State, gone.owed = order.Cancelled, []promise.Commitment{owed(fact.Void)}
	told := fresh.page(g.orderFrame())
	told.Done = g.t("console.done_missing")
	declared.Erase = "/galerie"
	return []ui.Exhibit{
		shown("erase", formView(g.forgettable(nil, 0))), shown("erase-waits", formView(g.forgettable([]string{lang.T(g.loc, "erase.hold_return", nil)}, 0))),
		shown("erase-done", formView(g.forgettable(nil, on(9, 0)))),
		shown("order", orderView(declared)), shown("order-fresh", orderView(told)), shown("order-cancelled", orderView(gone.page(g.orderFrame()))),
	}
}

func (g walk) orderFrame() ui.Frame {
	r := g.at("/console/orders/ord_1", invented())
	return frame(r, lang.T(g.loc, "console.order_title", map[string]any{"Reference": "E-1042"}))
}

// lived is an order that nothing happened to yet.
func (g walk) lived() *lived {
	d := &lived{
		Reading: g.reading(), order: bought("E-1042"), who: camille, owed: []promise.Commitment{owed(fact.Open)},
		lines: []order.Line{
			{ID: "lin_1", Kind: order.Goods, SKU: "HUI-75", Name: "Huile d'olive, 75 cl", Units: 2, Captured: money.Of(2200, money.EUR)},
			{ID: "lin_2", Kind: order.Goods, SKU: "SAV-1", Name: "Savon de Marseille", Units: 1, Captured: money.Of(500, money.EUR)},
		},
		unsent: map[ident.Line]int{"lin_1": 2}, carriers: map[ident.Connection]carrier.Connection{"con_1": {ID: "con_1", Name: "Porteur Express"}},
		services: map[ident.Service]carrier.Service{"ser_1": {ID: "ser_1", Name: "Colis Express à domicile"}},
		staff:    map[ident.Staff]merchant.Staff{"sta_1": {ID: "sta_1", Name: "Claire Vernay"}}, keys: map[ident.Key]string{"key_1": "boutique"},
		stories: map[ident.Parcel]tracking.Story{}, causes: map[ident.Fact]flow.Fact{},
	}
	key := flow.ByKey("key_1")
	d.happen(key, -16, fact.OrderPlaced{Value: d.order.Value})
	d.happen(key, -16, fact.PromiseMade{Promise: promised})
	d.happen(key, -7, fact.ParcelAnnounced{Parcel: "par_1", Direction: fact.Out, Number: "6A 0412 7788"})
	return d
}

var promised = fact.Promise{Commitment: "com_1", Owed: fact.DeliverBy}

// happen adds a fact that follows from the one before it.
func (d *lived) happen(by flow.Actor, hour int, body fact.Body) {
	f := flow.Fact{ID: ident.Fact("fac_" + string(rune('a'+len(d.facts)))), Subject: "ord_1", Actor: by, At: on(hour, 5), Body: body}
	if n := len(d.facts); n > 0 {
		f.Cause = d.facts[n-1].ID
	}
	d.facts = append(d.facts, f)
	d.causes[f.ID] = f
}

// troubled is an order that came late and incomplete, was corrected, and repaired.
func (d *lived) troubled() *lived {
	short := owed(fact.Broken)
	short.ID, short.Owed = "com_2", fact.Complete
	late := owed(fact.Broken)
	late.ToldAt = on(7, 0)
	d.owed = []promise.Commitment{late, short}
	d.warnings = map[ident.Commitment][]promise.Warning{"com_1": {{Cause: promise.Slow, Probability: 0.7, At: on(6, 0)}}}
	ruling := promise.Ruling{State: fact.Broken, Reason: promise.Late, LateBy: 72 * time.Minute, LateKnown: true, Liable: fact.ByCarrier}
	d.verdicts = map[ident.Commitment][]promise.Verdict{"com_1": {{ID: "ver_1", Sequence: 1, At: on(8, 0), Ruling: ruling}}}
	d.remedies = []remedy.Remedy{
		{Commitment: "com_1", State: remedy.Granted, Decided: on(8, 5), Grants: []remedy.Grant{{Rule: "late", Kind: remedy.Delivery, Amount: money.Of(590, money.EUR)}}},
		{Commitment: "com_2", State: remedy.Refused, Reason: remedy.CapReached},
		{Commitment: "com_2", State: remedy.Waiting, Next: on(10, 0)},
	}
	d.shortages = []order.Shortage{
		{ID: "srt_1", By: fact.ByMerchant, At: on(-6, 0), Lines: []order.Short{{Line: "lin_1", Units: 1}}},
		{ID: "srt_2", By: fact.ByShopper, Damaged: true, At: on(8, 10), Lines: []order.Short{{Line: "lin_2", Units: 1}}},
		{ID: "srt_3", By: fact.ByShopper, At: on(8, 12), Lines: []order.Short{{Line: "lin_1", Units: 1}}},
	}
	d.parcels = []order.Parcel{{ID: "par_1", Direction: fact.Out, Connection: "con_1", Number: "6A 0412 7788"}, {ID: "par_2", Direction: fact.Back, Connection: "con_1", Number: "RET-1"}}
	d.stories["par_1"] = tracking.Story{Status: fact.Delivered, LastScan: on(8, 0), Disputed: []string{tracking.DeniedByShopper}}
	d.events = []tracking.Event{{ID: "eve_1", Parcel: "par_1", Connection: "con_1", Status: fact.Delivered, Place: fact.Neighbour, At: on(8, 0), Received: on(8, 30), Where: "Paris 10", Trust: fact.TrustSigned, Precision: fact.Minute}}
	d.messages = []notify.Message{{ID: "msg_1", Topic: fact.TopicAtRisk, Subject: "Commande E-1042 : elle pourrait arriver en retard", State: notify.Sent, Reason: notify.First, Changed: on(7, 0)}}
	d.happen(flow.ByStaff("sta_1"), 6, fact.PromiseAtRisk{Promise: promised, Cause: promise.Slow, Probability: 0.7})
	d.happen("clock", 7, fact.MessageSent{Message: fact.Message{Topic: fact.TopicAtRisk}})
	d.happen("clock", 8, fact.PromiseBroken{Ruling: fact.Ruling{Promise: promised, LateBy: 72 * time.Minute, LateKnown: true, Reason: promise.Late}})
	d.happen("clock", 8, fact.RemedyGranted{Amount: money.Of(590, money.EUR)})
	return d
}

// demands are formal notices in each of their states.
func (g walk) demands() (boxes []demandBox) {
	sent := returns.Demand{Order: "ord_1", Sent: on(-48, 0), Until: on(192, 0)}
	waited := returns.Waited{Value: money.Of(2200, money.EUR), Total: money.Of(2790, money.EUR), Lines: map[ident.Line]int{"lin_1": 2}}
	over, declined, resolved := sent, sent, sent
	over.Until, declined.Declined, resolved.Resolved, resolved.Return = on(-1, 0), on(-1, 0), on(-1, 0), "ret_1"
	for _, d := range []returns.Demand{sent, over, declined, resolved} {
		b := demandRow(g.reading(), d, waited, invented())
		b.Reference = "E-1042"
		boxes = append(boxes, b)
	}
	return append(boxes, demandRow(g.reading(), sent, returns.Waited{}, invented()))
}
