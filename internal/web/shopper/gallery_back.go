package shopper

import (
	"slices"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	orders "github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/payment"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// BackGallery is the pages on which articles are sent back, in each of their
// states, from invented data: no room is read.
func BackGallery(loc lang.Locale) []ui.Exhibit {
	return slices.Concat(asks(loc), waysOf(loc), lastLooks(loc), returnsOf(loc))
}

// asks is where a shopper says what comes back.
func asks(loc lang.Locale) (all []ui.Exhibit) {
	s := desk()
	add := func(name string, p askPage) { all = append(all, ui.Exhibit{Name: name, Page: backAsk(p)}) }
	page := func(sets ...func(*returning)) askPage { return s.askPage(backing(loc, sets...), backWish{key: "KEY"}) }
	add("ask", page())
	add("ask-terms", page(anyReason, mixed))
	add("ask-faults-only", page(func(d *returning) { d.Now = dayAfter(40) }))
	add("ask-not-yet", page(func(d *returning) {
		for i := range d.rights {
			d.rights[i].Possession, d.rights[i].Withdraw = 0, 0
		}
	}))
	add("ask-nothing-left", page(func(d *returning) {
		for i := range d.rights {
			d.rights[i].Left = 0
		}
	}))
	wrongly := func(name string, w backWish, faults ...*fault.Error) {
		d := backing(loc)
		p := s.askPage(d, w)
		mark(d, w, &p, faults)
		add(name, p)
	}
	wrongly("ask-nothing-chosen", backWish{key: "KEY"}, fault.New(fault.Invalid, "field_required", "items"))
	wrongly("ask-wrong", brokenBottle(),
		fault.New(fault.Invalid, "photo_required", "items[0].photos"), fault.New(fault.Invalid, "too_many_to_return", "items[0].units", "units", 4, "left", 2))
	return all
}

// waysOf is the ways back.
func waysOf(loc lang.Locale) (all []ui.Exhibit) {
	s, d, w := desk(), backing(loc), brokenBottle()
	for _, e := range []struct {
		name string
		page waysPage
	}{
		{"ways", s.waysPage(d, w, everyWay(d))},
		{"ways-few", s.waysPage(d, w, fewWays(d))},
		{"ways-none", s.waysPage(d, w, noWays(d))},
	} {
		all = append(all, ui.Exhibit{Name: e.name, Page: backWays(e.page)})
	}
	uncovered := everyWay(d)
	for i := range uncovered.Options {
		uncovered.Options[i].Insured = eur(0)
	}
	all = append(all, ui.Exhibit{Name: "ways-not-insured", Page: backWays(s.waysPage(d, w, uncovered))})
	p := s.waysPage(d, w, everyWay(d))
	p.Wrong = []wrong{{"ways", d.sentence(fault.New(fault.Invalid, "way_required", "ways"))}}
	return append(all, ui.Exhibit{Name: "ways-none-chosen", Page: backWays(p)})
}

// lastLooks is the return before it is asked for.
func lastLooks(loc lang.Locale) (all []ui.Exhibit) {
	s := desk()
	add := func(name string, w backWish, wrong string, sets ...func(*returning)) {
		d := backing(loc, sets...)
		o := everyWay(d)
		p := s.lookPage(d, w, o.Offered, o.Options[0], *o.near[fact.BackByRelay][0].Point)
		p.Wrong = wrong
		all = append(all, ui.Exhibit{Name: name, Page: backLast(p)})
	}
	w := brokenBottle()
	swap := w
	swap.settle, swap.sku = fact.Exchange, "HUILE-50"
	add("look", w, "")
	add("look-code-sent", w, "", codeSent)
	add("look-code-wrong", w, lang.Fault(loc, fault.New(fault.Invalid, "code_wrong", "code", "left", 3)), codeSent)
	add("look-known", swap, "", inTheirs)
	add("look-no-mailbox", w, "", noMailbox)
	w.covers = map[fact.Route]string{fact.BackByRelay: "10000"}
	add("look-insured", w, "")
	return all
}

// backExhibit is how a return differs from the plain one.
type backExhibit struct {
	name string
	sets []func(*sendback)
}

func backSets(all ...func(*sendback)) []func(*sendback) { return all }

// byRoute is a return by another way, with no point chosen.
func byRoute(r fact.Route) func(*sendback) {
	return func(b *sendback) { b.back.Route, b.back.Point, b.point.ID = r, "", "" }
}

// linkOnly is somebody who has but the link.
func linkOnly(b *sendback) { b.trusted = false }

// renounced is a return that follows from a withdrawal, whose way is not chosen.
func renounced(b *sendback) {
	b.back.Withdrawal, b.back.Ground, b.back.Fee = "wdr_1", fact.ByWithdrawal, eur(490)
	b.ways = everyWay(b.returning).Offered
}

// awkward has goods that need care before the box is closed.
func awkward(b *sendback) {
	l := &b.lines[0]
	l.Grams = 14_000
	l.Traits = orders.Traits{Length: 1180, Width: 300, Height: 200, Handling: []string{"fragile"}, Parts: []string{"le bec verseur"}}
}

// onDeposit has packaging that comes back for its deposit: alone, or beside goods
// that may travel in it.
func onDeposit(alone bool) func(*sendback) {
	return func(b *sendback) {
		pouch := b.lines[0]
		pouch.ID, pouch.Name, pouch.Traits = "lin_pouch", "Emballage réutilisable", orders.Traits{Handling: []string{orders.Deposit}}
		b.lines = append(slices.Clone(b.lines), pouch)
		if alone {
			b.items = []returns.Item{{ID: "rit_1", Line: pouch.ID, Units: 1, Reason: string(returns.Packaging), Taxon: returns.Packaging}}
		}
	}
}

func swapping(s returns.Stock) func(*sendback) {
	return func(b *sendback) { b.back.Settlement, b.back.Stock, b.back.StockBy = fact.Exchange, s, dayAfter(5) }
}

// fetchedOn is a return that is fetched so many days after it was asked for; no day
// stands for 0. The days that may be chosen instead are those that follow.
func fetchedOn(days int) func(*sendback) {
	return func(b *sendback) {
		b.back.Pickup = civil.NoDay
		if days > 0 {
			b.back.Pickup = dayAfter(days).Day(b.Zone)
		}
		for n := range 3 {
			b.days = append(b.days, dayAfter(days+n+3).Day(b.Zone))
		}
	}
}

var backExhibits = []backExhibit{
	{"held", backSets(in(returns.Held))},
	{"accepted", backSets()},
	{"accepted-by-link-alone", backSets(linkOnly)},
	{"accepted-code-sent", backSets(linkOnly, func(b *sendback) { codeSent(&b.returning) })},
	{"accepted-no-mailbox", backSets(linkOnly, func(b *sendback) { noMailbox(&b.returning) })},
	{"accepted-label-asked", backSets(labels(returns.Label{ID: "lbl_1", Format: carrier.PDFA4, State: returns.LabelAsked}), awkward)},
	{"accepted-label-refused", backSets(labels(returns.Label{ID: "lbl_1", Format: carrier.QR, State: returns.LabelFailed, Refusal: "address unknown"}))},
	{"accepted-pickup", backSets(byRoute(fact.BackByPickup))},
	{"ready-pickup-missed", backSets(byRoute(fact.BackByPickup), in(returns.Ready), fetchedOn(10), func(b *sendback) { b.back.MissedAt = b.Now })},
	{"ready-pickup-late", backSets(byRoute(fact.BackByPickup), in(returns.Ready), fetchedOn(0))},
	{"accepted-pickup-day", backSets(byRoute(fact.BackByPickup), fetchedOn(12))},
	{"accepted-insured", backSets(func(b *sendback) { b.back.Insured, b.back.Premium = eur(10000), eur(150) })},
	{"accepted-post", backSets(byRoute(fact.BackByPost))},
	{"accepted-own-way", backSets(byRoute(fact.BackOnTheirs))},
	{"accepted-keep", backSets(byRoute(fact.BackNotNeeded))},
	{"accepted-recalled", backSets(byRoute(fact.BackRecalled))},
	{"accepted-store", backSets(byRoute(fact.BackToStore), func(b *sendback) { b.back.Code = "7KQ2-M4PX" })},
	{"accepted-exchange", backSets(swapping(returns.StockAsked))},
	{"accepted-exchange-gone", backSets(swapping(returns.OutOfStock))},
	{"after-withdrawal", backSets(renounced)},
	{"ready-packaging", backSets(in(returns.Ready), labels(codeToShow()), onDeposit(true))},
	{"ready-reused", backSets(in(returns.Ready), labels(codeToShow()), onDeposit(false))},
	{"ready", backSets(in(returns.Ready), labels(codeToShow()))},
	{"ready-to-print", backSets(in(returns.Ready), labels(
		returns.Label{ID: "lbl_2", Format: carrier.PDFA4, State: returns.LabelReady, Number: "RT 4471 2209 3", Document: "blb_9"},
		returns.Label{ID: "lbl_3", Format: carrier.PDF10x15, State: returns.LabelReady, Number: "RT 4471 2210 7", Document: "blb_8", Until: dayAfter(17)},
	))},
	{"deposited", backSets(in(returns.Deposited))},
	{"received", backSets(in(returns.Received))},
	{"decided-in-full", backSets(ruledOn(fact.InFull, 1690), func(b *sendback) {
		b.decisions[0].Lines = []fact.RefundLine{{Line: "lin_1", Units: 1, Amount: eur(1100)}, {Line: "lin_3", Amount: eur(590)}}
	}, refunded(func(r *payment.Refund) { r.Due = dayAfter(17) }))},
	{"decided-in-part", backSets(ruledOn(fact.InPart, 500, everyWhy()...), refunded(func(r *payment.Refund) { r.Money = eur(500) }))},
	{"decided-withheld", backSets(ruledOn(fact.InFull, 460), func(b *sendback) {
		b.decisions[0].Withheld = []fact.Withheld{
			{Charge: fact.ChargeWayBack, Line: "lin_1", Amount: eur(490)}, {Charge: fact.ChargeCover, Line: "lin_1", Amount: eur(150)},
		}
	})},
	{"decided-refused", backSets(ruledOn(fact.Refused, 0, returns.Because{Line: "lin_1", Code: "used"}))},
	{"decided-by-link-alone", backSets(ruledOn(fact.Refused, 0, returns.Because{Line: "lin_1", Code: "used"}), linkOnly)},
	{"decided-exchange", backSets(swapping(returns.InStock), ruledOn(fact.InFull, 0))},
	{"decided-no-date", backSets(ruledOn(fact.InFull, 1100), func(b *sendback) { b.decisions[0].RefundBy = 0 })},
	{"disputed", backSets(ruledOn(fact.Refused, 0, returns.Because{Line: "lin_1", Code: "used"}), contested(returns.DisputeOpen))},
	{"disputed-question", backSets(ruledOn(fact.Refused, 0, returns.Because{Line: "lin_1", Code: "used"}), contested(returns.DisputeAsked))},
	{"dispute-upheld", backSets(ruledOn(fact.Refused, 0), ruledOn(fact.InFull, 1100), contested(returns.Upheld), in(returns.Closed))},
	{"dispute-rejected", backSets(ruledOn(fact.Refused, 0), contested(returns.Rejected), in(returns.Closed))},
	{"paid", backSets(ruledOn(fact.InFull, 1100), in(returns.Closed), refunded(done))},
	{"paid-credit", backSets(ruledOn(fact.InFull, 1100), in(returns.Closed), refunded(func(r *payment.Refund) { done(r); r.Money, r.Credit = eur(0), eur(1100) }))},
	{"paid-not-come", backSets(ruledOn(fact.InFull, 1100), in(returns.Closed), refunded(done), func(b *sendback) { b.Now = dayAfter(13) })},
	{"paid-claimed", backSets(ruledOn(fact.InFull, 1100), in(returns.Closed), refunded(done), func(b *sendback) {
		b.Now, b.claims["rfd_1"] = dayAfter(13), payment.Claim{Refund: "rfd_1", Said: dayAfter(12), AnswerBy: dayAfter(19)}
	})},
	{"back-cancelled", backSets(in(returns.Cancelled))},
	{"back-expired", backSets(in(returns.Expired))},
	{"back-lost", backSets(in(returns.Lost))},
	{"back-resolved-waits", backSets(byRoute(fact.BackNotNeeded), overNothing)},
	{"back-resolved", backSets(ruledOn(fact.InFull, 1100, returns.Because{Code: "not_delivered"}), byRoute(fact.BackNotNeeded), overNothing, in(returns.Decided), func(b *sendback) { b.back.Received = 0 })},
	{"back-claimed-waits", backSets(byRoute(fact.BackNotNeeded), claimedBack)},
	{"back-claimed", backSets(ruledOn(fact.InFull, 1100, returns.Because{Code: "claim"}), byRoute(fact.BackNotNeeded), claimedBack, in(returns.Decided), func(b *sendback) { b.back.Received = 0 })},
	{"back-lost-owed", backSets(ruledOn(fact.InFull, 1100, returns.Because{Code: "lost"}), in(returns.Lost), in(returns.Decided), func(b *sendback) { b.back.Received = 0 })},
	{"back-long-names", backSets(in(returns.Ready), labels(codeToShow()), lengthyBack)},
}

// lengthyBack has names of the length that some have.
func lengthyBack(b *sendback) {
	lengthy(b.lived)
	b.point.Name = "Maison de la presse et de la papeterie de la place du Marché-aux-Fleurs"
	b.labels[0].Code = "RT447122093RT447122093RT447122093RT447122093RT447122093"
}

// returnsOf is a return in each of its states, and what an act may come back with.
func returnsOf(loc lang.Locale) (all []ui.Exhibit) {
	add := func(name string, p backPage) {
		p.pictured()
		all = append(all, ui.Exhibit{Name: name, Page: backShow(p)})
	}
	for _, e := range backExhibits {
		add(e.name, backs(loc, e.sets...).page())
	}
	b := backs(loc, linkOnly)
	p := b.page()
	p.Wrong = []wrong{{"acts", b.T("back.prove_first", nil)}}
	add("acted-by-link-alone", p)
	codeSent(&b.returning)
	p = b.page()
	words := b.sentence(fault.New(fault.Invalid, "code_wrong", "code", "left", 3))
	p.Wrong, p.Prove.Wrong = []wrong{{"code", words}}, words
	add("accepted-code-wrong", p)
	b = backs(loc, in(returns.Deposited))
	p = b.page()
	p.Wrong = []wrong{{"", b.sentence(fault.New(fault.Conflict, "return_state", "", "state", "deposited", "verb", "cancel"))}}
	add("acted-too-late", p)
	return all
}

// picture stands for every photo: the gallery keeps none.
const picture = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'%3E%3Cpath fill='%23b9c4b1' d='M0 0h8v8H0z'/%3E%3Cpath fill='%2355684a' d='M3 1h2v2l1 1v3H2V4l1-1z'/%3E%3C/svg%3E"

func (p *backPage) pictured() {
	show := func(all []reasoned) {
		for i := range all {
			for j := range all[i].Photos {
				all[i].Photos[j] = picture
			}
		}
	}
	for _, r := range p.Rulings {
		show(r.Reasons)
	}
	for _, d := range p.Disputes {
		show(d.Said)
	}
}

// claimedBack is goods that a decision on a claim pays back.
func claimedBack(b *sendback) { b.back.Ground, b.back.RefundBy = fact.ByClaim, dayAfter(14) }

// overNothing is a contract that was resolved because nothing came.
func overNothing(b *sendback) { b.back.Ground = fact.ByResolution }
