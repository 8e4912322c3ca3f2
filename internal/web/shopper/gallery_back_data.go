package shopper

import (
	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/core/vault"
	"github.com/promesse-dev/promesse/internal/fact"
	orders "github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/payment"
	"github.com/promesse-dev/promesse/internal/relay"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/shopper"
)

// desk makes pages about returns and reads nothing.
func desk() *site {
	keys, err := vault.New(make([]byte, vault.Size))
	if err != nil {
		panic(err) // a key of the gallery
	}
	return &site{back: backOffice{keys: keys}}
}

// dayAfter is so many whole days after that Tuesday's, as deadlines are: its first instant.
func dayAfter(days int) civil.Instant { return on(paris, 24*(days+1), 0) }

// inHands has everything of the order in hand since that Tuesday, to be sent back
// within a month; it is read on the Friday after it.
func inHands(d *lived) {
	sent(fact.Delivered)(d)
	kept(d)
	d.Now = on(paris, 3*24+10, 0)
	for _, l := range d.lines {
		if l.Kind == orders.Goods {
			d.rights = append(d.rights, returns.Right{
				Line: l.ID, Name: l.Name, Bought: l.Units, Left: l.Units, Possession: on(paris, 7, 48),
				Until: dayAfter(30), Withdraw: dayAfter(14), Conformity: dayAfter(730),
			})
		}
	}
}

// overdue is that order when only a fault counts any more.
func overdue(d *lived) {
	inHands(d)
	d.Now = dayAfter(40)
}

// sentBack is that order with a return under way.
func sentBack(d *lived) {
	inHands(d)
	d.rights = d.rights[:1]
	d.sendbacks = []returns.Return{plainBack()}
}

// backing is an order of which something may come back, and how it differs.
func backing(loc lang.Locale, sets ...func(*returning)) returning {
	c := returns.DefaultConditions()
	c.Mediator = "Médiation du commerce, mediation.example"
	d := returning{
		lived: lives(loc, inHands), conditions: c, locator: "relais",
		who: shopper.Contact{Name: "Camille", Email: "camille@example.org"},
	}
	d.wall, d.can.Reasons = d.Now, c.Reasons
	for _, set := range sets {
		set(&d)
	}
	return d
}

// anyReason has the shop's list name each reason there is.
func anyReason(d *returning) {
	d.can.Reasons = nil
	for _, t := range []returns.Taxon{
		returns.Damaged, returns.Defective, returns.NotAsOrdered, returns.NotDescribed, returns.PartsMissing, returns.ArrivedLate,
		returns.NoLonger, returns.WrongSize, returns.ByMistake, returns.BetterPrice, returns.NotLiked, returns.Unsaid,
	} {
		d.can.Reasons = append(d.can.Reasons, returns.Reason{Code: string(t), Taxon: t, Photo: t == returns.Damaged})
	}
}

// mixed has a line for each of what the terms may say.
func mixed(d *returning) {
	whole := d.rights[0]
	for _, why := range []string{"perishable", "personalised", "hygiene_opened", "digital"} {
		r := whole
		r.Line, r.Name, r.Excluded = ident.Line("lin_"+why), "Coffret n° "+string(rune('1'+len(d.rights))), why
		d.rights = append(d.rights, r)
	}
	d.rights[1].Until = on(paris, 0, 0)
	later := whole
	later.Line, later.Name, later.Possession = "lin_later", "Coffret du mois", 0
	pouch := whole
	pouch.Line, pouch.Name, pouch.Deposit = "lin_pouch", "Emballage réutilisable", true
	d.rights = append(d.rights, later, pouch)
}

func codeSent(d *returning)  { d.expires = d.wall.Add(600e9) }
func inTheirs(d *returning)  { d.trusted = true }
func noMailbox(d *returning) { d.mute = "no_contact" }

// broken is the wish to send one bottle back that arrived damaged, with a photo.
func brokenBottle() backWish {
	return backWish{
		key: "KEY", settle: fact.Refund, way: "relay/pnt_1",
		items: []wished{{line: "lin_1", units: 1, typed: "1", reason: "damaged", condition: returns.Broken, comment: "Le goulot est fêlé.", photos: []ident.Blob{"blb_1"}}},
	}
}

// eur is an amount in euros.
func eur(minor int64) money.Amount { return money.Of(minor, money.EUR) }

// wayBy is a way back, as the room tells of it.
func wayBy(r fact.Route) returns.Option {
	o := returns.Option{
		Route: r, Insured: eur(5000), Low: 210, High: 210, Method: "base_carbone_2025", Least: 2, Most: 4, Peak: 1,
		DepositBy: dayAfter(17), ReceiveBy: dayAfter(9), RefundBy: dayAfter(23),
	}
	switch r {
	case fact.BackByRelay:
		o.High = 1240
		o.Covers = []returns.Cover{{UpTo: 10000, Price: 150}, {UpTo: 50000, Price: 400}}
	case fact.BackByPickup:
		o.Price, o.Pickups = eur(490), []civil.Day{civil.Date(2026, 11, 23), civil.Date(2026, 11, 24)}
	case fact.BackNotNeeded:
		return returns.Option{Route: r, RefundBy: dayAfter(10)}
	case fact.BackToStore:
		o.Insured, o.Least, o.Most, o.Peak, o.Low, o.High = eur(0), 0, 0, 0, 0, 0
	}
	return o
}

// placed is a point near the shopper, and when it is open.
func placed(id, name, street, hours string, located relay.Located, metres float64, now civil.Instant) relay.Found {
	h, err := civil.ParseHours("hours", hours)
	if err != nil {
		panic(err) // hours written in the gallery
	}
	f := relay.Found{Metres: metres, Point: &relay.Point{
		ID: ident.Point(id), Name: name, Street: street, Postcode: "75010", City: "Paris", Country: "FR", Zone: paris, Located: located, Hours: h,
	}}
	zone, err := civil.Zone(paris)
	if err != nil {
		panic(err) // a name written in the gallery
	}
	f.OpenNow = h.Said() && h.OpenAt(now, zone)
	if h.Said() {
		f.Opens, _ = h.Next(now, zone)
	}
	return f
}

// around are points in each state that a point may be in.
func around(now civil.Instant) map[fact.Route][]relay.Found {
	const week = "Mo-Sa 09:00-12:30,14:00-19:00"
	return map[fact.Route][]relay.Found{
		fact.BackByRelay: nearestFirst([]relay.Found{
			placed("pnt_4", "Pressing de la Gare", "", "", relay.ByCommune, 0, now),
			placed("pnt_1", "Tabac du Canal", "12 quai de Valmy", week, relay.Exact, 240, now),
			placed("pnt_2", "Librairie des Deux Rives", "3 rue de Lancry", "Mo-Fr 14:00-19:00", relay.Exact, 1350, now),
			placed("pnt_3", "Fleurs d'Anaïs", "41 rue du Faubourg-Saint-Martin", "", relay.Exact, 1900, now),
		}),
		fact.BackByPost: nearestFirst([]relay.Found{
			placed("pnt_5", "Paris Magenta", "", "", relay.ByCommune, 2600, now),
			closed(placed("pnt_6", "Paris Strasbourg", "2 rue Hittorf", week, relay.Exact, 800, now)),
		}),
	}
}

// closed is a point that is not open, and nobody knows until when.
func closed(f relay.Found) relay.Found {
	f.OpenNow, f.Opens = false, civil.Interval{}
	return f
}

// everyWay are all ways back there are, and all settlements.
func everyWay(d returning) offered {
	o := offered{near: around(d.Now), where: "Paris"}
	o.Ground, o.Legal, o.Value, o.Approve = fact.ByPolicy, true, eur(1100), "value"
	o.Settlements = []fact.Settlement{fact.Refund, fact.Credit, fact.Exchange}
	for _, r := range fact.BackRoutes {
		o.Options = append(o.Options, wayBy(r))
	}
	return o
}

// fewWays are two ways of an article at fault, and why the others are not.
func fewWays(returning) offered {
	o := offered{}
	o.Ground, o.Value, o.Settlements = fact.ByConformity, eur(1100), []fact.Settlement{fact.Refund}
	o.Options = []returns.Option{wayBy(fact.BackByPost), wayBy(fact.BackOnTheirs)}
	o.Hidden = everyHidden([]fact.Route{fact.BackByPost, fact.BackOnTheirs})
	return o
}

// noWays is a wish that nothing carries.
func noWays(returning) offered {
	o := offered{}
	o.Ground, o.Value, o.Hidden = fact.ByPolicy, eur(1100), everyHidden(nil)
	return o
}

// everyHidden is every reason for which a way is not offered.
func everyHidden(instead []fact.Route) (all []returns.Hidden) {
	routes := []fact.Route{fact.BackByRelay, fact.BackToStore, fact.BackByPickup}
	for i, code := range []string{
		"dangerous", "bulky", "too_heavy", "too_large", "no_carrier", "no_store", "no_point_near", "not_offered", "no_returns_in_august",
	} {
		all = append(all, returns.Hidden{Route: routes[i%len(routes)], Code: code, Instead: instead})
	}
	return all
}

// plainBack is a return of one bottle by relay, accepted that Friday.
func plainBack() returns.Return {
	return returns.Return{
		ID: "ret_1", Order: "ord_1", Ground: fact.ByConformity, Route: fact.BackByRelay, Settlement: fact.Refund, State: returns.Accepted,
		Units: 1, Value: eur(1100), Zone: paris, Asked: on(paris, 3*24+9, 30), DepositBy: dayAfter(17), Point: "pnt_1",
	}
}

// backs is a return that whoever looks may act on, and how it differs.
func backs(loc lang.Locale, sets ...func(*sendback)) sendback {
	b := sendback{
		returning: backing(loc, inTheirs), back: plainBack(), claims: map[ident.Refund]payment.Claim{},
		items: []returns.Item{{ID: "rti_1", Line: "lin_1", Units: 1, Reason: "damaged", Taxon: returns.Damaged}},
		point: relay.Point{ID: "pnt_1", Name: "Tabac du Canal", Street: "12 quai de Valmy", Postcode: "75010", City: "Paris"},
	}
	for _, set := range sets {
		set(&b)
	}
	return b
}

// in is a state of a return, with the instants that it has by then.
func in(s returns.State) func(*sendback) {
	return func(b *sendback) {
		r := &b.back
		r.State, r.LookBy, r.ReceiveBy, r.RefundBy, r.ContestBy = s, dayAfter(6), dayAfter(9), dayAfter(17), dayAfter(40)
		switch s {
		case returns.Received, returns.Decided, returns.Closed:
			r.Received = on(paris, 6*24+10, 15)
			fallthrough
		case returns.Deposited, returns.Lost:
			r.Deposited = on(paris, 3*24+18, 5)
			b.proof = returns.Proof{
				ID: "dep_1", Number: "D-000042-7KQ2", At: r.Deposited, Place: "Tabac du Canal, 12 quai de Valmy, 75010 Paris",
				Hash: "9f1c5e7a3b2d4c6e8f0a1b2c3d4e5f60718293a4b5c6d7e8f9010a1b2c3d4e5f",
			}
			b.Now = on(paris, 7*24+10, 0)
		}
	}
}

// labels are in a state each.
func labels(all ...returns.Label) func(*sendback) {
	return func(b *sendback) { b.labels = all }
}

// codeToShow is a label that a counter prints.
func codeToShow() returns.Label {
	return returns.Label{ID: "lbl_1", Format: carrier.QR, State: returns.LabelReady, Number: "RT 4471 2209 3", Code: "RT447122093", Until: dayAfter(17)}
}

// ruledOn is a final decision about the return.
func ruledOn(o fact.Outcome, minor int64, why ...returns.Because) func(*sendback) {
	return func(b *sendback) {
		in(returns.Decided)(b)
		d := returns.Decision{
			ID: "dec_1", State: returns.Final, Outcome: o, Settlement: b.back.Settlement, Reasons: why, Amount: eur(minor),
			At: on(paris, 6*24+16, 20), RefundBy: dayAfter(17),
		}
		if minor > 0 {
			d.Lines = []fact.RefundLine{{Line: "lin_1", Units: 1, Amount: eur(minor)}}
		} else {
			d.RefundBy = 0
		}
		b.decisions = append(b.decisions, d)
	}
}

// everyWhy is each reason that the shop's people may give.
func everyWhy() (all []returns.Because) {
	for _, code := range []string{"damaged", "used", "wrong_article", "missing", "incomplete", "late"} {
		all = append(all, returns.Because{Line: "lin_1", Code: code})
	}
	all[0].Note, all[0].Photos = "Le bouchon manque et l'étiquette est arrachée.", []ident.Blob{"blb_1", "blb_2"}
	return append(all, returns.Because{Code: "smells_of_smoke"})
}

// contested is a dispute in a state, with what both sides said.
func contested(s returns.DisputeState) func(*sendback) {
	return func(b *sendback) {
		b.Now = on(paris, 8*24+10, 0)
		b.disputes = []returns.Dispute{{ID: "dis_1", State: s, AnswerBy: dayAfter(14), Said: []returns.Said{
			{By: fact.ByShopper, Words: "La bouteille était fêlée à l'arrivée, voyez la photo.", Photos: []ident.Blob{"blb_3"}, At: on(paris, 7*24+9, 12)},
			{By: fact.ByMerchant, Words: "Pouvez-vous envoyer une photo du carton ?", At: on(paris, 7*24+15, 40)},
		}}}
	}
}

// refunded is money on its way; as says how far it is.
func refunded(as func(*payment.Refund)) func(*sendback) {
	return func(b *sendback) {
		r := payment.Refund{ID: "rfd_1", Return: b.back.ID, Money: eur(1100), State: payment.Ordered}
		as(&r)
		b.refunds = append(b.refunds, r)
	}
}

func done(r *payment.Refund) {
	zone, err := civil.Zone(paris)
	if err != nil {
		panic(err) // a name written in the gallery
	}
	r.State, r.Done, r.ArrivesBy = payment.Done, on(paris, 6*24+17, 0), dayAfter(11).Day(zone)
}
