package shopper

import (
	"time"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/counter"
	"github.com/promesse-dev/promesse/internal/fact"
	orders "github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/remedy"
	"github.com/promesse-dev/promesse/internal/shopper"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// Gallery is the order's page in each of its states, and the pages on which a
// shopper acts, from invented data: no room is read. Nothing lives on them, so
// they name no module.
func Gallery(loc lang.Locale) (all []ui.Exhibit) {
	for _, e := range exhibits {
		p := lives(loc, e.sets...).page()
		p.Scripts = nil
		all = append(all, ui.Exhibit{Name: e.name, Page: order(p)})
	}
	return append(append(all, acts(loc)...), links(loc)...)
}

func lives(loc lang.Locale, sets ...set) *lived {
	d := invented(loc)
	for _, s := range sets {
		s(d)
	}
	return d.settled()
}

// exhibit is how an order differs from the plain one.
type exhibit struct {
	name string
	sets []set
}

func sets(all ...set) []set { return all }

var (
	kept  = judged(promise.Ruling{State: fact.Kept, Reason: promise.InTime})
	late  = judged(promise.Ruling{State: fact.Broken, Reason: promise.Late, LateKnown: true, LateBy: 72 * time.Minute})
	after = judged(promise.Ruling{State: fact.Broken, Reason: promise.Late, LateKnown: true})
	never = judged(promise.Ruling{State: fact.Broken, Reason: promise.NotDelivered})
	early = judged(promise.Ruling{State: fact.Broken, Reason: promise.Early, LateKnown: true, EarlyBy: 5 * time.Hour})
)

func void(reason string) set { return judged(promise.Ruling{State: fact.Void, Reason: reason}) }

var exhibits = []exhibit{
	{"placed", nil},
	{"placed-by-law", sets(byLaw)},
	{"announced", sets(sent(fact.Pending))},
	{"under-way", sets(sent(fact.InTransit))},
	{"before-an-hour", sets(byNoon, sent(fact.OutForDelivery), expecting(11, 40))},
	{"slot", sets(inSlot, sent(fact.OutForDelivery), expecting(14, 50))},
	{"to-collect", sets(collected, sent(fact.InTransit))},
	{"overseas", sets(overseas, sent(fact.InTransit))},
	{"date-chosen-since", sets(chosenSince, sent(fact.PickedUp))},
	{"two-parcels", sets(shared)},
	{"early-asked", sets(inSlot, sent(fact.PickedUp), wishedEarly(false, false))},
	{"early-accepted", sets(inSlot, sent(fact.OutForDelivery), wishedEarly(true, true))},
	{"early-refused", sets(inSlot, sent(fact.PickedUp), wishedEarly(true, false))},
	{"slot-today", sets(inSlot, sent(fact.OutForDelivery), expecting(14, 50), doorToday)},
	{"risk-not-left", sets(warned(promise.NotHandedOver))},
	{"risk-slow", sets(sent(fact.InTransit), warned(promise.Slow))},
	{"risk-strike", sets(sent(fact.Exception), saying(fact.ReasonStrike, "", ""), warned(string(fact.ReasonStrike)))},
	{"risk-weather", sets(sent(fact.Exception), saying(fact.ReasonWeather, "", ""), warned(string(fact.ReasonWeather)))},
	{"risk-hour-said", sets(inSlot, sent(fact.OutForDelivery), expecting(16, 31), warned(string(fact.ReasonDelay)))},
	{"risk-incidents", sets(sent(fact.InTransit), endangeredBy(fact.Troubles...))},
	{"risk-lifted", sets(sent(fact.InTransit), safeAgain)},
	{"risk-new-date", sets(sent(fact.InTransit), warned(promise.Slow), estimated)},
	{"risk-silent-carrier", sets(sent(fact.InTransit), silent, warned(promise.Slow))},
	{"due", sets(sent(fact.OutForDelivery), later(25))},
	{"kept", sets(sent(fact.Delivered), saying("", fact.Doorstep, "Remis en main propre"), kept)},
	{"kept-neighbour", sets(sent(fact.Delivered), saying("", fact.Neighbour, ""), kept)},
	{"kept-claimed", sets(sent(fact.Delivered), merely, kept)},
	{"kept-to-collect", sets(collected, sent(fact.ReadyForPickup), kept)},
	{"to-collect-at-a-point", sets(collected, sent(fact.InTransit), atPoint(0))},
	{"to-collect-point-gone", sets(collected, sent(fact.InTransit), atPoint(1))},
	{"to-fetch-by-code", sets(collected, sent(fact.ReadyForPickup), kept, atCounter(counter.Waits))},
	{"to-fetch-locked", sets(collected, sent(fact.ReadyForPickup), kept, atCounter(counter.Locked))},
	{"kept-after-all", sets(sent(fact.Delivered), kept, corrected(fact.Broken, fact.Kept))},
	{"broken-late-waiting", sets(sent(fact.Delivered), late, repaired("com_1", remedy.Waiting, ""))},
	{"broken-late-refused", sets(sent(fact.Delivered), late, repaired("com_1", remedy.Refused, "within_tolerance"))},
	{"broken-late-credited", sets(inSlot, sent(fact.Delivered), late, repaired("com_1", remedy.Granted, "", credit(remedy.Delivery, 590)))},
	{"broken-goods-credited", sets(sent(fact.Delivered), late, repaired("com_1", remedy.Granted, "", credit(remedy.Goods, 350)))},
	{"broken-some-time", sets(sent(fact.Delivered), after, corrected(fact.Kept, fact.Broken))},
	{"broken-not-there", sets(sent(fact.InTransit), never, repaired("com_1", remedy.Waiting, ""))},
	{"broken-to-collect", sets(collected, sent(fact.ReadyForPickup), late)},
	{"broken-lost", sets(sent(fact.Lost), saying(fact.ReasonLost, "", ""), never)},
	{"broken-early", sets(inSlot, sent(fact.Delivered), early, repaired("com_1", remedy.Refused, "within_tolerance"))},
	{"incomplete-under-way", sets(sent(fact.InTransit), short(fact.ByMerchant, false))},
	{"incomplete-shop-damaged", sets(sent(fact.InTransit), short(fact.ByMerchant, true))},
	{"incomplete-said", sets(sent(fact.Delivered), kept, short(fact.ByShopper, false), repaired("com_2", remedy.Refused, "few"))},
	{"incomplete-damaged-credited", sets(sent(fact.Delivered), kept, short(fact.ByShopper, true), repaired("com_2", remedy.Granted, "", credit(remedy.Delivery, 590)))},
	{"late-and-incomplete", sets(
		sent(fact.Delivered), late, short(fact.ByMerchant, false),
		repaired("com_1", remedy.Granted, "", credit(remedy.Delivery, 590)), repaired("com_2", remedy.Refused, remedy.CapReached),
	)},
	{"void-unprovable", sets(sent(fact.Delivered), void(promise.Unprovable), corrected(fact.Kept, fact.Void))},
	{"void-shopper", sets(sent(fact.FailedAttempt), saying(fact.ReasonAbsent, "", ""), void(promise.ShopperAct))},
	{"void-withdrawn", sets(sent(fact.InTransit), void(promise.Withdrawn))},
	{"void-other", sets(sent(fact.InTransit), void(promise.ParcelClosed))},
	{"cancelled", sets(takenBack)},
	{"coming-back", sets(sent(fact.Delivered), kept, comingBack)},
	{"may-come-back", sets(inHands)},
	{"may-come-back-faulty", sets(overdue)},
	{"return-asked", sets(sentBack)},
	{"every-status", sets(everyStatus)},
	{"every-reason", sets(everyReason, warned(promise.Slow))},
	{"every-letter", sets(told)},
	{"written-to", sets(wrote)},
	{"scan-contested", sets(sent(fact.Delivered), kept, disbelieved)},
	{"scan-disbelieved", sets(sent(fact.Delivered), kept, vindicated)},
	{"forty-moments", sets(many)},
	{"long-names", sets(lengthy)},
}

// acts is the pages on which a shopper says what is missing, or takes the order back.
func acts(loc lang.Locale) []ui.Exhibit {
	arrived := lives(loc, sent(fact.Delivered), kept)
	left := map[ident.Line]int{"lin_1": 2, "lin_2": 1}
	lack, typed := arrived.lackPage(left), arrived.lackPage(left)
	typed.mistyped(arrived)
	said := lives(loc, sent(fact.Delivered), kept, short(fact.ByShopper, false), repaired("com_2", remedy.Granted, "", credit(remedy.Delivery, 590)))
	all := []ui.Exhibit{
		{Name: "missing", Page: missingPage(lack)},
		{Name: "missing-nothing-yet", Page: missingPage(lives(loc).lackPage(nil))},
		{Name: "missing-mistyped", Page: missingPage(typed)},
		{Name: "missing-said", Page: missingPage(said.lackPage(map[ident.Line]int{"lin_1": 1}))},
	}
	leave := func(sets ...func(*leaving)) leaving {
		l := leaving{lived: lives(loc), who: shopper.Contact{Name: "Camille", Email: "camille@example.org"}, wall: on(paris, 9, 0)}
		for _, set := range sets {
			set(&l)
		}
		return l
	}
	coded := func(l *leaving) { l.expires = l.wall.Add(10 * time.Minute) }
	wrong := leave(coded).page()
	wrong.Wrong = lang.Fault(loc, fault.New(fault.Invalid, "code_wrong", "code", "left", 3))
	over := leave().page()
	over.Wrong = lang.Fault(loc, fault.New(fault.Invalid, "code_expired", "code"))
	for _, e := range []struct {
		name string
		page cancelPage
	}{
		{"cancel", leave().page()},
		{"cancel-code-sent", leave(coded).page()},
		{"cancel-code-wrong", wrong},
		{"cancel-code-over", over},
		{"cancel-packed", leave(func(l *leaving) { sent(fact.Pending)(l.lived) }).page()},
		{"cancel-done", leave(func(l *leaving) { l.order.State = orders.Cancelled }).page()},
		{"cancel-no-mailbox", leave(func(l *leaving) { l.mute = "no_contact" }).page()},
	} {
		all = append(all, ui.Exhibit{Name: e.name, Page: cancelOrder(e.page)})
	}
	return all
}

// mistyped is a form that came back: a number that is none.
func (p *lackPage) mistyped(d *lived) {
	f := &p.Fields[0]
	f.Value, p.Broken = "12", true
	f.Wrong = d.T("tracking_page.missing_number", map[string]any{"Name": f.Name, "Units": f.Most})
	p.Wrong = []wrong{{f.ID, f.Wrong}}
}

// links is the pages behind links: one that has died, and one that asks for consent.
func links(loc lang.Locale) []ui.Exhibit {
	d := lives(loc)
	ask := asking(loc, d.shop)
	done := ask
	done.Title, done.Ask, done.Consent = lang.T(loc, "link_page.done", nil), "", ""
	return []ui.Exhibit{
		{Name: "link-over", Page: linkOver(d.over())},
		{Name: "consent-asked", Page: consent(ask)},
		{Name: "consent-given", Page: consent(done)},
	}
}
