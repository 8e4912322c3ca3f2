package letters

import (
	"fmt"
	"slices"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	helpdesk "github.com/promesse-dev/promesse/internal/desk"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/relay"
	"github.com/promesse-dev/promesse/internal/remedy"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/shopper"
	"github.com/promesse-dev/promesse/internal/tracking"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// Sample is a letter about nobody, to be looked at.
type Sample struct {
	Topic  fact.Topic
	Kind   string // what the letter is like, of those on the topic: "slot_late"
	Locale lang.Locale
	Letter notify.Letter // subject, HTML and text; the order's page is at PageMark
}

// Name is one of a kind, and makes a file's: "promise_broken-slot_late.fr".
func (s Sample) Name() string { return string(s.Topic) + "-" + s.Kind + "." + string(s.Locale) }

// Gallery is every letter there is, of each kind and in each language, from
// invented data: no room is read. A letter that can not be rendered from memory
// is a fault of the build, hence the panic.
func Gallery() (all []Sample) {
	for _, loc := range lang.Locales() {
		for _, e := range exhibits {
			l, err := e.letter(loc)
			if err != nil {
				panic(fmt.Sprintf("letters: gallery: %s %s: %v", e.topic, e.kind, err))
			}
			all = append(all, Sample{e.topic, e.kind, loc, l})
		}
	}
	return all
}

// exhibit is a letter of the gallery: how its desk differs from the plain one.
// One that is about no order has its page instead.
type exhibit struct {
	topic fact.Topic
	kind  string
	set   []func(*desk)
	note  func(page) page
}

func (e exhibit) letter(loc lang.Locale) (notify.Letter, error) {
	p, err := e.page(loc, nil)
	if err != nil {
		return notify.Letter{}, err
	}
	return p.letter()
}

// page is the exhibit before it is told, as a shop looks; nil: the invented one.
func (e exhibit) page(loc lang.Locale, shop *brand) (page, error) {
	d := invented(e.topic, loc)
	if shop != nil {
		d.brand = *shop
	}
	for _, set := range e.set {
		set(d)
	}
	if e.note != nil {
		return e.note(blank(loc, d.who.Name, d.brand)), nil
	}
	if err := d.settle(); err != nil {
		return page{}, err
	}
	return d.page()
}

var exhibits = []exhibit{
	{topic: fact.TopicConfirmed, kind: "day"},
	{topic: fact.TopicConfirmed, kind: "slot", set: sets(inSlot)},
	{topic: fact.TopicConfirmed, kind: "pickup", set: sets(collected)},
	{topic: fact.TopicConfirmed, kind: "point", set: sets(collected, atPoint)},
	{topic: fact.TopicConfirmed, kind: "overseas", set: sets(overseas)},
	{topic: fact.TopicConfirmed, kind: "by_law", set: sets(byLaw, unanswered)},
	{topic: fact.TopicShipped, kind: "day", set: sets(under(fact.InTransit))},
	{topic: fact.TopicOut, kind: "day", set: sets(under(fact.OutForDelivery))},
	{topic: fact.TopicOut, kind: "slot_hour", set: sets(inSlot, under(fact.OutForDelivery), saying(15, 10))},
	{topic: fact.TopicReady, kind: "pickup", set: sets(collected, under(fact.ReadyForPickup), judged(fact.Kept))},
	{topic: fact.TopicReady, kind: "point", set: sets(collected, atPoint, under(fact.ReadyForPickup), judged(fact.Kept))},
	{topic: fact.TopicDelivered, kind: "kept", set: sets(arrived(time.Minute), judged(fact.Kept))},
	{topic: fact.TopicDelivered, kind: "kept_some_time", set: sets(arrived(24*time.Hour), judged(fact.Kept))},
	{topic: fact.TopicAtRisk, kind: "slow", set: sets(under(fact.InTransit), because(promise.Slow))},
	{topic: fact.TopicAtRisk, kind: "not_left", set: sets(because(promise.NotHandedOver), unanswered)},
	{topic: fact.TopicAtRisk, kind: "strike", set: sets(under(fact.Exception), because(string(fact.ReasonStrike)))},
	{topic: fact.TopicAtRisk, kind: "weather", set: sets(under(fact.Exception), because(string(fact.ReasonWeather)))},
	{topic: fact.TopicAtRisk, kind: "slot", set: sets(inSlot, under(fact.OutForDelivery), because(promise.Slow))},
	{topic: fact.TopicAtRisk, kind: "slot_hour", set: sets(inSlot, under(fact.OutForDelivery), because("delay"), saying(16, 31))},
	{topic: fact.TopicAtRisk, kind: "incident", set: sets(under(fact.InTransit), endangeredBy(fact.Troubles[:1]...))},
	{topic: fact.TopicAtRisk, kind: "incidents", set: sets(under(fact.InTransit), endangeredBy(fact.Troubles...))},
	{topic: fact.TopicBroken, kind: "late", set: sets(late(3*time.Hour), considered(remedy.Waiting, ""))},
	{topic: fact.TopicBroken, kind: "after", set: sets(late(0), considered(remedy.Waiting, ""))},
	{topic: fact.TopicBroken, kind: "missing", set: sets(judged(fact.Broken), considered(remedy.Waiting, ""))},
	{topic: fact.TopicBroken, kind: "slot_late", set: sets(inSlot, late(20*time.Minute), considered(remedy.Refused, "within_tolerance"))},
	{topic: fact.TopicBroken, kind: "slot_early", set: sets(inSlot, early, considered(remedy.Refused, "within_tolerance"))},
	{topic: fact.TopicBroken, kind: "incomplete", set: sets(whole, short(fact.ByMerchant, false), judged(fact.Broken), considered(remedy.Refused, "within_tolerance"))},
	{topic: fact.TopicBroken, kind: "incomplete_said", set: sets(whole, short(fact.ByShopper, true), judged(fact.Broken), considered(remedy.Refused, remedy.CapReached))},
	{topic: fact.TopicBroken, kind: "late_and_incomplete", set: sets(late(20*time.Minute), considered(remedy.Waiting, ""), lacking)},
	{topic: fact.TopicRepaired, kind: "slot_late", set: sets(inSlot, late(31*time.Minute), granted(590))},
	{topic: fact.TopicRepaired, kind: "missing", set: sets(judged(fact.Broken), granted(590))},
	{topic: fact.TopicRepaired, kind: "incomplete", set: sets(whole, short(fact.ByMerchant, false), judged(fact.Broken), granted(590))},
	{topic: fact.TopicRepaired, kind: "late_and_incomplete", set: sets(late(40*time.Minute), granted(590), lacking)},
	{topic: fact.TopicRepaired, kind: "part", set: sets(late(2*24*time.Hour), granted(350))},
	{topic: fact.TopicAmended, kind: "day"},
	{topic: fact.TopicCorrected, kind: "parcel", set: sets(under(fact.InTransit))},
	{topic: fact.TopicCorrected, kind: "kept", set: sets(arrived(time.Minute), judged(fact.Kept), takenBack)},
	{topic: fact.TopicCorrected, kind: "lifted", set: sets(endangeredBy(fact.TroubleStrike), lifted)},
	{topic: fact.TopicNewDate, kind: "day", set: sets(estimate(0.87))},
	{topic: fact.TopicNewDate, kind: "unsure", set: sets(estimate(0.55), judged(fact.Broken), unanswered)},
	{topic: fact.TopicEarly, kind: "slot", set: sets(inSlot, asked)},
	{topic: fact.TopicChange, kind: "asked", set: sets(inSlot, wished(lastmile.ChangeAsked))},
	{topic: fact.TopicChange, kind: "accepted", set: sets(inSlot, wished(lastmile.ChangeAccepted))},
	{topic: fact.TopicChange, kind: "point", set: sets(collected, atPoint, wished(lastmile.ChangeAccepted), toPoint)},
	{topic: fact.TopicChange, kind: "refused", set: sets(inSlot, wished(lastmile.ChangeRefused))},
	{topic: fact.TopicChange, kind: "unanswered", set: sets(inSlot, wished(lastmile.ChangeUnanswered))},
	{topic: fact.TopicChange, kind: "other", set: sets(collected, atPoint, wished(lastmile.ChangeAccepted), toPoint, toOther)},
	{topic: fact.TopicChange, kind: "door", set: sets(wished(lastmile.ChangeAccepted), toDoor)},
	{topic: fact.TopicChange, kind: "door_other", set: sets(wished(lastmile.ChangeAccepted), toDoor, toOther)},
	{topic: fact.TopicChange, kind: "door_at_once", set: sets(wished(lastmile.ChangeAccepted), toDoor, func(d *desk) { d.change.Parcel = "" })},
	{topic: fact.TopicChange, kind: "cancel_asked", set: sets(wished(lastmile.ChangeAsked), callsBack)},
	{topic: fact.TopicChange, kind: "cancel_accepted", set: sets(wished(lastmile.ChangeAccepted), callsBack)},
	{topic: fact.TopicChange, kind: "cancel_refused", set: sets(wished(lastmile.ChangeRefused), callsBack)},
	{topic: fact.TopicChange, kind: "together_asked", set: sets(inSlot, wished(lastmile.ChangeAsked), together)},
	{topic: fact.TopicChange, kind: "together", set: sets(inSlot, wished(lastmile.ChangeAccepted), together)},
	{topic: fact.TopicChange, kind: "unkept", set: sets(inSlot, wished(unkept), together)},
	{topic: fact.TopicDemand, kind: "sent", set: sets(summoned)},
	{topic: fact.TopicDemand, kind: "over", set: sets(summoned, inVain)},
	{topic: fact.TopicDemand, kind: "declined", set: sets(summoned, inVain, declined)},
	{topic: fact.TopicLink, kind: "address", note: func(p page) page { return p.invite("https://promesse.example/lien/aBcDeF-_123456") }},
	{topic: fact.TopicLink, kind: "space", note: func(p page) page {
		return toSpace(ofSpace(p.Locale), "https://promesse.example/espace/entrer/aBcDeF-_123456", 15*time.Minute)
	}},
	{topic: fact.TopicLink, kind: "erased", note: func(p page) page { return gone(ofSpace(p.Locale), "Épicerie du Canal") }},
	{topic: fact.TopicLink, kind: "move", note: func(p page) page {
		return moving(ofSpace(p.Locale), "c•••@example.org", "https://promesse.example/espace/adresse/aBcDeF-_123456", time.Hour)
	}},
	{topic: fact.TopicLink, kind: "moved", note: func(p page) page {
		return told(ofSpace(p.Locale), Moved, "d•••@example.net", "https://promesse.example/espace")
	}},
	{topic: fact.TopicLink, kind: "phone", note: func(p page) page {
		return told(ofSpace(p.Locale), PhoneChanged, "", "https://promesse.example/espace")
	}},
	{topic: fact.TopicLink, kind: "key_made", note: func(p page) page {
		return told(ofSpace(p.Locale), KeyMade, "Téléphone de Camille", "https://promesse.example/espace")
	}},
	{topic: fact.TopicLink, kind: "key_gone", note: func(p page) page {
		return told(ofSpace(p.Locale), KeyGone, "Téléphone de Camille", "https://promesse.example/espace")
	}},
	{topic: fact.TopicCode, kind: "cancel", note: func(p page) page { return p.code("048 213", "cancel ord_1", minutes(p)) }},
	{topic: fact.TopicCode, kind: "other", note: func(p page) page { return p.code("730 951", "", minutes(p)) }},
	{topic: fact.TopicAsked, kind: "page", note: func(p page) page { return p.askedCopy() }},
	{topic: fact.TopicAnswered, kind: "in_time", note: func(p page) page { return p.askedAnswer(0) }},
	{topic: fact.TopicAnswered, kind: "late", note: func(p page) page { return p.askedAnswer(2 * time.Hour) }},
	{topic: fact.TopicClaimed, kind: "page", note: func(p page) page { return p.claimCopy(helpdesk.ActOpened) }},
	{topic: fact.TopicClaimed, kind: "contested", note: func(p page) page { return p.claimCopy(helpdesk.ActContested) }},
	{topic: fact.TopicClaimDecided, kind: "full", note: func(p page) page { return p.claimDecided(fact.InFull) }},
	{topic: fact.TopicClaimDecided, kind: "part", note: func(p page) page { return p.claimDecided(fact.InPart) }},
	{topic: fact.TopicClaimDecided, kind: "refused", note: func(p page) page { return p.claimDecided(fact.Refused) }},
	{topic: fact.TopicClaimDecided, kind: "reviewed", note: func(p page) page { return p.claimReviewed() }},
	{topic: fact.TopicSurvey, kind: "delivery", note: func(p page) page { return p.inquiry(fact.AfterDelivery, "E-1042", false) }},
	{topic: fact.TopicSurvey, kind: "first", note: func(p page) page { return p.inquiry(fact.AfterDelivery, "E-1042", true) }},
	{topic: fact.TopicSurvey, kind: "refund", note: func(p page) page { return p.inquiry(fact.AfterRefund, "E-1042", false) }},
	{topic: fact.TopicRepaired, kind: "answer", set: sets(granted(300), notAnswered)},
	{topic: fact.TopicReturnAccepted, kind: "relay", set: sets(sentBack)},
	{topic: fact.TopicReturnAccepted, kind: "keep", set: sets(sentBack, kept)},
	{topic: fact.TopicReturnDeposited, kind: "counter", set: sets(sentBack)},
	{topic: fact.TopicReturnReceived, kind: "warehouse", set: sets(sentBack)},
	{topic: fact.TopicReturnLost, kind: "relay", set: sets(sentBack, givenUp, decided(fact.InFull, ""))},
	{topic: fact.TopicReturnLost, kind: "overdue", set: sets(sentBack, givenUp, decided(fact.InFull, ""), overdue)},
	{topic: fact.TopicReturnLost, kind: "waiting", set: sets(sentBack, givenUp)},
	{topic: fact.TopicReturnLost, kind: "own_way", set: sets(sentBack, givenUp, theirWay, unanswered)},
	{topic: fact.TopicReturnExpiring, kind: "relay", set: sets(sentBack)},
	{topic: fact.TopicReturnExpired, kind: "relay", set: sets(sentBack)},
	{topic: fact.TopicPickupMissed, kind: "pickup", set: sets(sentBack, unfetched)},
	{topic: fact.TopicReturnDecided, kind: "full", set: sets(sentBack, decided(fact.InFull, ""))},
	{topic: fact.TopicReturnDecided, kind: "resolved", set: sets(sentBack, decided(fact.InFull, ""), resolved)},
	{topic: fact.TopicReturnDecided, kind: "partial", set: sets(sentBack, decided(fact.InPart, "Le bouchon manque."))},
	{topic: fact.TopicReturnDecided, kind: "refused", set: sets(sentBack, decided(fact.Refused, "La bouteille est vide."))},
	{topic: fact.TopicRefundSent, kind: "bank", set: sets(sentBack)},
	{topic: fact.TopicDisputeSettled, kind: "upheld", set: sets(sentBack, settled(returns.Upheld))},
	{topic: fact.TopicDisputeSettled, kind: "rejected", set: sets(sentBack, settled(returns.Rejected))},
	{topic: fact.TopicWithdrawn, kind: "whole", note: func(p page) page { return p.acknowledging(true, true) }},
	{topic: fact.TopicWithdrawn, kind: "never_sent", note: func(p page) page { return p.acknowledging(true, false) }},
	{topic: fact.TopicWithdrawn, kind: "late", note: func(p page) page { return p.acknowledging(false, false) }},
	{topic: fact.TopicCode, kind: "return", note: func(p page) page { return p.code("615 204", "return ord_1", minutes(p)) }},
	{topic: fact.TopicCancelled, kind: "shopper", note: func(p page) page { return p.cancelled("E-1042") }},
}

func sets(all ...func(*desk)) []func(*desk) { return all }

func minutes(p page) string { return lang.Duration(p.Locale, 10*time.Minute) }

// paris is where the invented shop is.
const paris = "Europe/Paris"

// on is an instant of Tuesday 24 November 2026 in a zone.
func on(zone string, hour, minute int) civil.Instant {
	loc, err := civil.Zone(zone)
	if err != nil {
		panic(err) // a name written in this file
	}
	return civil.At(time.Date(2026, time.November, 24, hour, minute, 0, 0, loc))
}

// invented is a desk about an order of two articles, promised for a whole day.
func invented(topic fact.Topic, loc lang.Locale) *desk {
	eur := func(minor int64) money.Amount { return money.Of(minor, money.EUR) }
	d := &desk{
		msg:   notify.Message{Topic: topic, Locale: loc, Order: "ord_1", Commitment: "com_1", Cause: "com_1", Channel: notify.Email},
		shop:  merchant.Organisation{Name: "Épicerie du Canal", Zone: paris},
		brand: brandOf(merchant.Brand{Shown: "Épicerie du Canal", Accent: "#17613a", Contact: "bonjour@epicerie.example"}),
		who:   shopper.Contact{Name: "Camille", Locale: loc},
		order: order.Order{
			ID: "ord_1", Reference: "E-1042", Currency: money.EUR, Placed: on(paris, 8, 55) - civil.Instant(24*time.Hour/time.Microsecond),
			Value: eur(3290), Delivery: eur(590),
			Ship: order.Address{Name: "Camille Durand", Street: "12 rue de la Grange-aux-Belles", Postcode: "75010", City: "Paris", Country: "FR"},
		},
		lines: []order.Line{
			{ID: "lin_1", Kind: order.Goods, SKU: "huile", Name: "Huile d'olive, 75 cl", Units: 2, Unit: eur(1100), Captured: eur(2200)},
			{ID: "lin_2", Kind: order.Goods, SKU: "savon", Name: "Savon de Marseille", Units: 1, Unit: eur(500), Captured: eur(500)},
			{ID: "lin_3", Kind: order.Delivery, Units: 1, Unit: eur(590), Captured: eur(590)},
		},
		carriers: map[ident.Connection]string{"con_1": "Porteur Express"}, stories: map[ident.Parcel]tracking.Story{},
	}
	d.Reading = ui.Reading{Locale: loc, Now: on(paris, 9, 0)}
	d.promises = []promise.Commitment{{
		ID: "com_1", Owed: fact.DeliverBy, Order: "ord_1", Until: on(paris, 24, 0), Zone: paris, Clock: promise.ShopperClock,
		Origin: promise.FromQuote, Locale: loc, Confidence: 0.962, Basis: promise.BasisOwn, State: fact.Open, Made: d.order.Placed,
	}}
	quote(d, "quote.delivered_day")
	return d
}

// quote has the promise shown in a sentence of the checkout's.
func quote(d *desk, key string) {
	c := &d.promises[0]
	zone, err := civil.Zone(c.Zone)
	if err != nil {
		panic(err) // a name written in this file
	}
	d.Zone = zone
	day, _ := d.Deadline(c.Until)
	args := map[string]any{"Day": lang.Day(c.Locale, day), "Clock": d.clock(c.Until), "Slot": lang.Slot(c.Locale, c.From.In(zone), c.Until.In(zone))}
	c.Shown = lang.T(c.Locale, key, args)
}

func inSlot(d *desk) {
	c := &d.promises[0]
	c.Owed, c.Clock, c.From, c.Until = fact.DeliverInSlot, promise.SlotClock, on(paris, 14, 0), on(paris, 16, 0)
	quote(d, "quote.delivered_slot")
	d.carriers = map[ident.Connection]string{"con_1": "Les coursiers du Canal"}
}

func collected(d *desk) {
	c := &d.promises[0]
	c.Collect, c.Until = true, on(paris, 12, 0)
	quote(d, "quote.ready_before")
}

func atPoint(d *desk) {
	d.point = relay.Point{ID: "pnt_1", Name: "Tabac de la Gare", Street: "4 place Napoléon III", Postcode: "75010", City: "Paris", Country: "FR"}
}

func overseas(d *desk) {
	const zone = "Indian/Reunion"
	c := &d.promises[0]
	c.Zone, c.Until, c.Locale = zone, on(zone, 13, 0), lang.French
	d.order.Ship = order.Address{Name: "Jean Marie Hoarau", Street: "3 chemin Bel-Air", Postcode: "97400", City: "Saint-Denis", Country: "FR"}
	quote(d, "quote.delivered_before")
}

func byLaw(d *desk) {
	c := &d.promises[0]
	c.Origin, c.Clock, c.Confidence, c.Basis = promise.FromLaw, promise.LawClock, 0, ""
	c.Until = (on(paris, 0, 0).Day(d.Zone) + 30).Start(d.Zone)
	quote(d, "quote.by_law")
}

// unanswered is a shop that gave shoppers no address to write to, nor a colour.
func unanswered(d *desk) { d.brand = brandOf(merchant.Brand{Shown: d.shop.Name}) }

// under is a parcel with its carrier, in a status.
func under(s fact.Status) func(*desk) {
	return func(d *desk) {
		handed := fact.Span{From: d.order.Placed, Until: d.order.Placed + 1}
		d.parcels = []order.Parcel{{ID: "par_1", Order: "ord_1", Direction: fact.Out, Connection: "con_1", Number: "6A 0412 7788"}}
		d.stories = map[ident.Parcel]tracking.Story{"par_1": {Status: s, Clocks: fact.Clocks{HandedOver: handed}}}
		if d.msg.Topic != fact.TopicAtRisk {
			d.msg.Cause, d.msg.Commitment = "par_1", ""
		}
	}
}

// saying is an hour of that day at which the courier says to come.
func saying(hour, minute int) func(*desk) {
	return func(d *desk) {
		s := d.stories["par_1"]
		s.Expected = on(paris, hour, minute)
		d.stories["par_1"] = s
	}
}

// arrived is a parcel in hand, known to be so within a span.
func arrived(wide time.Duration) func(*desk) {
	return func(d *desk) {
		under(fact.Delivered)(d)
		s := d.stories["par_1"]
		at := on(paris, 11, 42)
		if wide > time.Hour {
			at = on(paris, 0, 0)
		}
		s.Clocks.InHand = fact.Span{From: at, Until: at.Add(wide)}
		d.stories["par_1"] = s
	}
}

// takenBack has the letter speak of a promise that was kept after all.
func takenBack(d *desk) { d.msg.Commitment = "com_1" }

func because(cause string) func(*desk) {
	return func(d *desk) { d.msg.Cause = string(d.msg.Commitment) + ":" + cause }
}

// whole makes it the letter of a promise that every unit comes, and whole.
func whole(d *desk) {
	d.msg.Commitment, d.msg.Cause = "com_2", "com_2"
	c := d.promises[0]
	c.ID, c.Owed = "com_2", fact.Complete
	d.promises = append(d.promises, c)
}

// named is the promise that the letter is about.
func named(d *desk) *promise.Commitment {
	i := slices.IndexFunc(d.promises, func(c promise.Commitment) bool { return c.ID == d.msg.Commitment })
	return &d.promises[max(0, i)]
}

func judged(s fact.State) func(*desk) {
	return func(d *desk) {
		c := named(d)
		c.State, c.Last.State, c.Last.Sequence = s, s, 1
	}
}

func late(by time.Duration) func(*desk) {
	return func(d *desk) {
		judged(fact.Broken)(d)
		v := &named(d).Last
		v.LateKnown, v.LateBy = true, by
	}
}

func early(d *desk) {
	judged(fact.Broken)(d)
	v := &named(d).Last
	v.LateKnown, v.EarlyBy = true, 48*time.Minute
}

// short is units that somebody says are missing.
func short(by fact.Party, damaged bool) func(*desk) {
	return func(d *desk) {
		s := order.Shortage{ID: "sho_1", Order: "ord_1", By: by, Damaged: damaged, Lines: []order.Short{{Line: "lin_1", Units: 2}}}
		if damaged {
			s.Lines[0].Units = 1
		}
		d.shortages = []order.Shortage{s}
	}
}

func considered(s remedy.State, reason string) func(*desk) {
	return func(d *desk) {
		d.remedies = append(d.remedies, remedy.Remedy{ID: "rem_1", Commitment: d.msg.Commitment, State: s, Reason: reason, Opened: d.Now, Decided: d.Now})
	}
}

func granted(minor int64) func(*desk) {
	return func(d *desk) {
		considered(remedy.Granted, "")(d)
		d.remedies[0].Grants = []remedy.Grant{{ID: "rml_1", Rule: "late", Kind: remedy.Delivery, Amount: money.Of(minor, money.EUR)}}
		d.msg.Cause = "rem_1"
	}
}

// lacking adds that units were missing, found at the same stroke.
func lacking(d *desk) {
	c := d.promises[0]
	c.ID, c.Owed = "com_2", fact.Complete
	d.promises = append(d.promises, c)
	d.remedies = append(d.remedies, remedy.Remedy{ID: "rem_2", Commitment: "com_2", State: remedy.Refused, Reason: remedy.CapReached, Opened: d.Now, Decided: d.Now})
	short(fact.ByMerchant, false)(d)
}

func estimate(confidence float64) func(*desk) {
	return func(d *desk) {
		d.msg.Cause = "est_1"
		by := (on(paris, 0, 0).Day(d.Zone) + 3).Start(d.Zone)
		d.said = []fact.Body{fact.PromiseReestimated{Estimate: "est_1", By: by, Confidence: confidence}}
	}
}

// wished is that the shopper asked for another slot, and what became of it.
func wished(now lastmile.ChangeState) func(*desk) {
	return func(d *desk) {
		d.msg.Cause, d.msg.Commitment = "chg_1/"+string(now), ""
		d.change = change{now: now, carrier: "Livreurs Bellecour", Change: lastmile.Change{
			ID: "chg_1", What: fact.Reschedule, State: now, Reason: fact.ChangeFull, AnswerBy: on(paris, 9, 45),
			Wanted: fact.Wanted{From: on(paris, 16, 0), Until: on(paris, 18, 0), Slot: true},
		}}
		if c := &d.promises[0]; now == lastmile.ChangeAccepted && c.Owed == fact.DeliverInSlot {
			c.From, c.Until, c.Shown = on(paris, 16, 0), on(paris, 18, 0), ""
		}
	}
}

func toPoint(d *desk) {
	c := &d.change
	c.point, c.What, c.Wanted = d.point, fact.Redirect, fact.Wanted{Until: c.Wanted.Until, Point: d.point.ID}
}

func toDoor(d *desk) {
	c := &d.change
	c.What, c.Parcel, c.Wanted = fact.Readdress, "par_1", fact.Wanted{}
	c.To = order.Address{Name: "Camille Durand", Street: "12 rue Neuve", Extra: "2e étage", Postcode: "69008", City: "Lyon", Country: "FR"}
}

// callsBack is that the order is taken back on its way.
func callsBack(d *desk) {
	c := &d.change
	c.What, c.Reason, c.Parcel, c.Wanted = fact.CallBack, fact.ChangeImpossible, "par_1", fact.Wanted{}
	if c.now == lastmile.ChangeAccepted {
		c.refund = (on(paris, 0, 0).Day(d.Zone) + 15).Start(d.Zone)
	}
}

func together(d *desk) { d.change.Regroup = "rgp_1" }

func toOther(d *desk) { d.change.other = true }

func asked(d *desk) {
	d.msg.Cause, d.msg.Commitment = "ear_1", ""
	d.said = []fact.Body{fact.EarlyAsked{Early: "ear_1", Order: "ord_1", At: on(paris, 9, 30), From: on(paris, 14, 0), Until: on(paris, 16, 0)}}
}
