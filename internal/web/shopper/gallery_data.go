package shopper

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/merchant"
	orders "github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/remedy"
	"github.com/promesse-dev/promesse/internal/tracking"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// paris is where the gallery's shop is.
const paris = "Europe/Paris"

// on is an instant of Tuesday 24 November 2026 in a zone; hours may run over.
func on(zone string, hour, minute int) civil.Instant {
	loc, err := civil.Zone(zone)
	if err != nil {
		panic(err) // a name written in the gallery
	}
	return civil.At(time.Date(2026, time.November, 24, hour, minute, 0, 0, loc))
}

// invented is an order of two articles, promised for the whole of a Tuesday, at
// nine o'clock of that day. Nothing of it is packed.
func invented(loc lang.Locale) *lived {
	eur := func(minor int64) money.Amount { return money.Of(minor, money.EUR) }
	d := &lived{
		link: "galerie", chosen: loc,
		shop:  merchant.Organisation{Name: "Épicerie du Canal", Zone: paris},
		brand: merchant.Brand{Shown: "Épicerie du Canal", Accent: "#17613a", Contact: "bonjour@epicerie.example"},
		order: orders.Order{
			ID: "ord_1", Reference: "E-1042", Locale: loc, Currency: money.EUR, Placed: on(paris, -16, 5), State: orders.Placed,
			Value: eur(3290), Delivery: eur(590),
			Ship: orders.Address{Name: "Camille Durand", Postcode: "75010", City: "Paris", Country: "FR"},
		},
		lines: []orders.Line{
			{ID: "lin_1", Kind: orders.Goods, Name: "Huile d'olive, 75 cl", Units: 2, Unit: eur(1100), Captured: eur(2200)},
			{ID: "lin_2", Kind: orders.Goods, Name: "Savon de Marseille", Units: 1, Unit: eur(500), Captured: eur(500)},
			{ID: "lin_3", Kind: orders.Delivery, Units: 1, Unit: eur(590), Captured: eur(590)},
		},
		contents: map[ident.Parcel]map[ident.Line]int{}, legs: map[ident.Parcel][]tracking.Leg{}, stories: map[ident.Parcel]tracking.Story{},
		carriers: map[ident.Connection]carrier.Connection{
			"con_1": {ID: "con_1", Name: "Porteur Express"}, "con_2": {ID: "con_2", Name: "Facteurs du Nord"},
		},
	}
	d.Reading = ui.Reading{Locale: loc, Now: on(paris, 9, 0)}
	d.delivery = promise.Commitment{
		ID: "com_1", Owed: fact.DeliverBy, Order: "ord_1", Until: on(paris, 24, 0), Zone: paris, Clock: promise.ShopperClock,
		Origin: promise.FromQuote, Locale: loc, State: fact.Open, Made: d.order.Placed, Grace: 6 * time.Hour,
	}
	d.showing("quote.delivered_day")
	d.happened(-16, fact.OrderPlaced{})
	d.happened(-16, fact.PromiseMade{Promise: fact.Promise{Commitment: "com_1", Owed: fact.DeliverBy}})
	d.happened(-15, fact.MessageSent{Message: fact.Message{Topic: fact.TopicConfirmed}})
	return d
}

// happened adds a fact, so many hours into that Tuesday.
func (d *lived) happened(hour int, body fact.Body) {
	d.facts = append(d.facts, flow.Fact{At: on(paris, hour, 5), Body: body})
}

// showing has the promise shown in a sentence of the checkout's.
func (d *lived) showing(key string) {
	c := &d.delivery
	zone, err := civil.Zone(c.Zone)
	if err != nil {
		panic(err) // a name written in the gallery
	}
	d.Zone = zone
	day, _ := d.Deadline(c.Until)
	c.Shown = lang.T(c.Locale, key, map[string]any{
		"Day": lang.Day(c.Locale, day), "Clock": d.clock(c.Until), "Slot": lang.Slot(c.Locale, c.From.In(zone), c.Until.In(zone)),
	})
}

// settled is the order once all that it hangs on is set.
func (d *lived) settled() *lived {
	d.commitments = append(d.commitments, d.delivery)
	if d.whole.ID != "" {
		d.commitments = append(d.commitments, d.whole)
	}
	return d
}

// set is one way in which an exhibit differs from the plain order.
type set func(*lived)

func inSlot(d *lived) {
	c := &d.delivery
	c.Owed, c.Clock, c.From, c.Until = fact.DeliverInSlot, promise.SlotClock, on(paris, 14, 0), on(paris, 16, 0)
	d.showing("quote.delivered_slot")
	d.carriers["con_1"] = carrier.Connection{ID: "con_1", Name: "Les coursiers du Canal"}
}

func byNoon(d *lived) {
	d.delivery.Until = on(paris, 13, 0)
	d.showing("quote.delivered_before")
}

func collected(d *lived) {
	d.delivery.Collect, d.delivery.Until = true, on(paris, 12, 0)
	d.showing("quote.ready_before")
}

func byLaw(d *lived) {
	c := &d.delivery
	c.Origin, c.Clock, c.Until = promise.FromLaw, promise.LawClock, (on(paris, 0, 0).Day(d.Zone) + 40).Start(d.Zone)
	d.showing("quote.by_law")
	d.brand.Contact = ""
}

func overseas(d *lived) {
	const reunion = "Indian/Reunion"
	d.delivery.Zone, d.delivery.Until = reunion, on(reunion, 13, 0)
	d.order.Ship = orders.Address{Name: "Jean Marie Hoarau", Postcode: "97400", City: "Saint-Denis", Country: "FR"}
	d.showing("quote.delivered_before")
}

// chosenSince is a shopper who gave up an earlier promise for this one.
func chosenSince(d *lived) {
	before := d.delivery
	before.ID, before.Until, before.State = "com_0", on(paris, 0, 0), fact.Amended
	d.commitments = append(d.commitments, before)
	d.delivery.Predecessor = before.ID
	d.happened(-3, fact.PromiseAmended{Promise: fact.Promise{Owed: fact.DeliverBy}})
}

// sent is a parcel with its carrier in a status, all of the order in it.
func sent(s fact.Status) set {
	return func(d *lived) {
		d.parcel("par_1", "6A 0412 7788", s, map[ident.Line]int{"lin_1": 2, "lin_2": 1})
		d.packed = true
	}
}

// shared is the order in two parcels, one of them still with the shop's carrier
// and the other handed on from one carrier to the next.
func shared(d *lived) {
	d.parcel("par_1", "6A 0412 7788", fact.OutForDelivery, map[ident.Line]int{"lin_1": 2})
	d.parcel("par_2", "FN-55 102", fact.InTransit, map[ident.Line]int{"lin_2": 1})
	d.packed = true
	d.legs["par_2"] = []tracking.Leg{
		{Parcel: "par_2", Connection: "con_1", Number: carrier.FoldNumber("FN-55 102"), Since: on(paris, -6, 0)},
		{Parcel: "par_2", Connection: "con_2", Number: "NORD90041", Since: on(paris, 8, 0)},
	}
	d.happened(8, fact.LegAdded{Parcel: "par_2", Carrier: "con_2", Number: "NORD90041"})
	d.scanned("par_2", fact.InTransit, on(paris, 8, 40))
	d.events[len(d.events)-1].Connection, d.events[len(d.events)-1].Number = "con_2", "NORD90041"
}

// parcel adds a box that was handed over the evening before.
func (d *lived) parcel(id ident.Parcel, number string, s fact.Status, units map[ident.Line]int) {
	d.parcels = append(d.parcels, orders.Parcel{ID: id, Order: "ord_1", Direction: fact.Out, Connection: "con_1", Number: number, Announced: on(paris, -7, 0)})
	d.contents[id] = units
	d.happened(-7, fact.ParcelAnnounced{Parcel: id, Direction: fact.Out, Number: number})
	d.stories[id] = tracking.Story{Status: s}
	if s == fact.Pending {
		return
	}
	d.scanned(id, fact.PickedUp, on(paris, -6, 12))
	if s != fact.PickedUp {
		d.scanned(id, s, on(paris, 7, 48))
	}
}

// scanned adds an event of a parcel's, and what its story knows by it.
func (d *lived) scanned(id ident.Parcel, s fact.Status, at civil.Instant) {
	e := tracking.Event{
		ID: ident.Event(fmt.Sprintf("eve_%d", len(d.events)+1)), Parcel: id, Connection: "con_1", Status: s, At: at,
		Precision: fact.Minute, Trust: fact.TrustSigned, Where: "Paris 10",
	}
	for _, p := range d.parcels {
		if p.ID == id {
			e.Number = carrier.FoldNumber(p.Number)
		}
	}
	d.events = append(d.events, e)
	story := d.stories[id]
	story.LastScan, story.Events = at, append(story.Events, e.ID)
	known := fact.Span{From: at, Until: at.Add(time.Minute)}
	switch s {
	case fact.Delivered:
		story.Clocks.InHand = known
	case fact.ReadyForPickup:
		story.Clocks.Ready = known
	case fact.Lost, fact.Returned:
		story.Clocks.Closed = known
	}
	d.stories[id] = story
}

// saying is why the last scan was what it was, in whose hands, and the carrier's own words.
func saying(why fact.Reason, place fact.Place, words string) set {
	return func(d *lived) {
		e := &d.events[len(d.events)-1]
		e.Reason, e.Place, e.Label = why, place, words
	}
}

// merely is a delivery that somebody claims.
func merely(d *lived) { d.events[len(d.events)-1].Trust = fact.TrustClaimed }

// expecting is an hour at which the courier says to come.
func expecting(hour, minute int) set {
	return func(d *lived) {
		s := d.stories["par_1"]
		s.Expected = on(paris, hour, minute)
		d.stories["par_1"] = s
	}
}

// silent is a carrier not heard of for three days.
func silent(d *lived) {
	ago := 3 * 24 * time.Hour
	d.order.Placed = d.order.Placed.Add(-ago)
	for i := range d.events {
		d.events[i].At = d.events[i].At.Add(-ago)
	}
	for i := range d.facts {
		d.facts[i].At = d.facts[i].At.Add(-ago)
	}
	for id, s := range d.stories {
		s.LastScan = s.LastScan.Add(-ago)
		d.stories[id] = s
	}
	d.happened(-12, fact.ParcelStalled{})
	d.happened(-11, fact.CarrierAsked{})
	d.happened(-2, fact.CarrierAnswered{})
}

func warned(cause string) set {
	return func(d *lived) {
		d.warnings = append(d.warnings, promise.Warning{ID: "war_1", Commitment: "com_1", Cause: cause, Probability: 0.7, At: on(paris, 6, 0)})
		d.happened(6, fact.PromiseAtRisk{Cause: cause})
		d.happened(7, fact.MessageSent{Message: fact.Message{Topic: fact.TopicAtRisk}})
	}
}

// estimated is another date that somebody looked up.
func estimated(d *lived) {
	by := (on(paris, 0, 0).Day(d.Zone) + 3).Start(d.Zone)
	d.happened(8, fact.PromiseReestimated{Promise: fact.Promise{Commitment: "com_1"}, By: by, Confidence: 0.87})
	d.happened(8, fact.CarrierAnswered{Answered: true})
}

// later is the hour at which the page is read, so many hours into that Tuesday.
func later(hour int) set { return func(d *lived) { d.Now = on(paris, hour, 0) } }

func wishedEarly(answered, accepted bool) set {
	return func(d *lived) {
		d.early = lastmile.Early{ID: "ear_1", Order: "ord_1", At: on(paris, 12, 30), From: d.delivery.From, Until: d.delivery.Until, Asked: on(paris, 8, 30)}
		d.happened(8, fact.EarlyAsked{Early: "ear_1", At: d.early.At})
		if !answered {
			return
		}
		d.early.Answered, d.early.Accepted = on(paris, 8, 40), accepted
		d.happened(8, fact.EarlyAnswered{Early: "ear_1", Accepted: accepted})
		if accepted {
			d.delivery.Consented = d.early.At
		}
	}
}

// judged is a verdict on the delivery.
func judged(v promise.Ruling) set {
	return func(d *lived) {
		d.delivery.State, d.delivery.Last = v.State, promise.Verdict{ID: "ver_1", Sequence: 1, At: d.Now, Ruling: v}
		ruling := fact.Ruling{Promise: fact.Promise{Commitment: "com_1", Owed: d.delivery.Owed}}
		switch v.State {
		case fact.Kept:
			d.happened(8, fact.PromiseKept{Ruling: ruling})
		case fact.Broken:
			d.happened(8, fact.PromiseBroken{Ruling: ruling})
		case fact.Void:
			d.happened(8, fact.PromiseVoided{Ruling: ruling})
		}
	}
}

// corrected is a verdict that a later proof changed.
func corrected(was, now fact.State) set {
	return func(d *lived) { d.happened(8, fact.PromiseCorrected{Was: was, Now: now}) }
}

// short is units that somebody says are missing, so that the order is not complete.
func short(by fact.Party, damaged bool) set {
	return func(d *lived) {
		id := ident.Shortage(fmt.Sprintf("sho_%d", len(d.shortages)+1))
		d.shortages = append(d.shortages, orders.Shortage{ID: id, Order: "ord_1", By: by, Damaged: damaged, Lines: []orders.Short{{Line: "lin_1", Units: 1}}})
		d.whole = promise.Commitment{ID: "com_2", Owed: fact.Complete, Order: "ord_1", Until: d.delivery.Until, Zone: paris, State: fact.Broken}
		d.happened(8, fact.UnitsMissing{Shortage: id})
		d.happened(8, fact.PromiseBroken{Ruling: fact.Ruling{Promise: fact.Promise{Owed: fact.Complete}}})
	}
}

// repaired is what the policy answered for a promise.
func repaired(of ident.Commitment, s remedy.State, reason string, grants ...remedy.Grant) set {
	return func(d *lived) {
		d.remedies = append(d.remedies, remedy.Remedy{ID: "rem_1", Commitment: of, State: s, Reason: reason, Grants: grants})
		switch s {
		case remedy.Granted:
			d.happened(8, fact.RemedyGranted{Amount: remedy.Total(grants)})
		case remedy.Refused:
			d.happened(8, fact.RemedyRefused{})
		}
	}
}

func credit(k remedy.Kind, minor int64) remedy.Grant {
	return remedy.Grant{ID: "rml_1", Rule: "late", Kind: k, Amount: money.Of(minor, money.EUR)}
}

func takenBack(d *lived) {
	d.order.State, d.delivery.State = orders.Cancelled, fact.Void
	d.happened(8, fact.OrderCancelled{})
}

// comingBack is a second parcel, on its way to the shop.
func comingBack(d *lived) {
	d.parcels = append(d.parcels, orders.Parcel{ID: "par_9", Order: "ord_1", Direction: fact.Back, Connection: "con_2", Number: "RET-4411"})
	d.stories["par_9"] = tracking.Story{Status: fact.InTransit, LastScan: on(paris, 7, 30)}
	d.happened(7, fact.ParcelAnnounced{Parcel: "par_9", Direction: fact.Back, Number: "RET-4411"})
}

// everyStatus is a parcel in each status there is, each arrived where it can be left.
func everyStatus(d *lived) {
	for i, s := range fact.Statuses {
		d.parcel(ident.Parcel(fmt.Sprintf("par_%d", i)), fmt.Sprintf("6A %04d", i), s, nil)
		if s != fact.Pending { // nobody scanned it yet
			saying("", fact.Places[i%len(fact.Places)], "")(d)
		}
	}
}

// everyReason is a parcel that met all that can go wrong.
func everyReason(d *lived) {
	sent(fact.InTransit)(d)
	for i, why := range fact.Reasons {
		d.scanned("par_1", fact.Exception, on(paris, 7, i))
		saying(why, "", "")(d)
	}
}

// told is a letter about each topic, and one that came back.
func told(d *lived) {
	for _, topic := range fact.Topics {
		d.happened(8, fact.MessageSent{Message: fact.Message{Topic: topic}})
	}
	d.happened(8, fact.MessageBounced{})
	d.happened(8, fact.ParcelDisputed{})
	d.happened(8, fact.ReturnLost{})
	d.happened(8, fact.UnitsMissing{Shortage: "unknown"})
}

// many is a parcel scanned more often than the page shows.
func many(d *lived) {
	sent(fact.InTransit)(d)
	for i := range maxMoments {
		d.scanned("par_1", fact.InTransit, on(paris, 0, i*10))
	}
}

// lengthy has names of the length that some have.
func lengthy(d *lived) {
	long := "Société coopérative des producteurs d'huile et de savon de la vallée de la Durance et du pays d'Aigues"
	d.shop.Name, d.brand.Shown = long, long
	d.brand.Contact = strings.Repeat("service-clients-", 4) + "@" + strings.Repeat("cooperative", 4) + ".example"
	d.order.Reference = strings.Repeat("2026-NOVEMBRE-", 5)
	d.order.Ship.City = "Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson"
	d.carriers["con_1"] = carrier.Connection{ID: "con_1", Name: "Transports internationaux Van der Zwaan-Kowalski et fils"}
	d.lines[0].Name = strings.Repeat("Huile d'olive vierge extra, première pression à froid ", 3)
	d.lines[1].Name = strings.Repeat("Donaudampfschifffahrtsgesellschaft", 4)
	sent(fact.InTransit)(d)
	d.parcels[0].Number = strings.Repeat("0123456789", 6)
	d.lines = slices.Concat(d.lines[:2], slices.Repeat(d.lines[:1], maxContents), d.lines[2:])
}
