package console

import (
	"fmt"
	"net/http"
	"slices"
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
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/payment"
	"github.com/promesse-dev/promesse/internal/relay"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/web/ui"
	"github.com/promesse-dev/promesse/internal/webhook"
)

// wine is two bottles that come back.
const wine ident.Line = "lin_1"

// deskAt is a request for one of the desks.
func (g walk) deskAt(path string) *http.Request { return g.at(path, invented()) }

// back is an invented return in a state, with what belongs to it.
func (g walk) back(s returns.State) *sentback {
	b := &sentback{
		lived: &lived{
			Reading: g.reading(), order: bought("E-1042"), who: camille,
			lines: []order.Line{
				{ID: wine, Kind: order.Goods, SKU: "VIN", Name: "Vin des Costières, 75 cl", Units: 2, Unit: money.Of(1350, money.EUR), Captured: money.Of(2700, money.EUR)},
				{ID: "lin_2", Kind: order.Delivery, Captured: money.Of(590, money.EUR)},
			},
			staff: map[ident.Staff]merchant.Staff{"sta_1": {Name: "Claire Vernay"}, "sta_2": {Name: "Bastien Oriol"}},
		},
		back: returns.Return{
			ID: "ret_1", Order: "ord_1", State: s, Ground: fact.ByPolicy, Route: fact.BackByRelay, Settlement: fact.Refund, Units: 2,
			Value: money.Of(2700, money.EUR), Fee: money.Of(390, money.EUR), Zone: "Europe/Paris", AskedBy: "shopper:sho_1", Asked: on(-90, 0),
			Deposited: on(-70, 0), DepositBy: on(240, 0), ReceiveBy: on(48, 0), LookBy: on(72, 0),
		},
		items:      []returns.Item{{Line: wine, Units: 2, Reason: "damaged", Taxon: returns.Damaged, Comment: "Une des deux fuit.", Condition: returns.Broken}},
		conditions: returns.DefaultConditions(), claims: map[ident.Refund]payment.Claim{},
		proof: returns.Proof{ID: "dep_1", Sequence: 42, Number: "D-000042-7KQ2", Source: returns.AtCounter, Place: "Tabac du Port, Paris", Clerk: "Inès", At: on(-70, 0), Hash: strings.Repeat("4f", 32)},
		whole: true, labels: []returns.Label{{Format: carrier.QR, State: returns.LabelUsed, Number: "12345678"}},
	}
	b.late.Sums, b.late.Added, b.late.Booked = b.back.Value, b.back.Value, b.back.Value
	if s != returns.Held && s != returns.Deposited {
		b.back.LookBy, b.back.Received, b.back.ProcessBy, b.back.RefundBy, b.back.ContestBy = 0, on(-20, 0), on(316, 0), on(100, 0), on(700, 0)
		b.law = returns.RefundClock{Due: on(100, 0), Alarm: on(100, 0)}
		b.found = []returns.Finding{
			{ID: "fnd_1", Line: wine, Condition: returns.Opened, Outcome: returns.Restock, Inspector: "staff:sta_2", At: on(-19, 0)},
			{ID: "fnd_2", Line: wine, Condition: returns.Broken, Outcome: returns.Destroy, Ground: "Denrée altérée", Note: "Bouchon percé.", Inspector: "staff:sta_2", At: on(-19, 5)},
			{ID: "fnd_3", Surplus: true, Condition: returns.Wrong, Outcome: returns.Donate, Inspector: "staff:sta_2", At: on(-19, 9)},
		}
	}
	return b
}

// ruledOn is a return that was decided in part, contested, and paid.
func (g walk) ruledOn() *sentback {
	b := g.back(returns.Decided)
	b.rulings = []returns.Decision{{
		ID: "dec_1", Sequence: 1, State: returns.Final, Outcome: fact.InPart, Reasons: []returns.Because{{Line: wine, Code: "damaged", Note: strings.Repeat("La bouteille est vide. ", 12)}},
		Amount: money.Of(1350, money.EUR), Lines: []fact.RefundLine{{Line: wine, Units: 1, Amount: money.Of(1350, money.EUR)}}, By: "staff:sta_1", At: on(-10, 0),
		Second: "staff:sta_2", FinalAt: on(-9, 0),
	}}
	b.seconds = []returns.Word{
		{Verb: returns.LetPass, By: "staff:sta_2", Reason: "Client ancien, l'emballage est encore chez lui.", At: on(-30, 0)},
		{Decision: "dec_1", Verb: returns.Confirmed, By: "staff:sta_2", Reason: "Les photos montrent bien la casse, et le montant suit.", At: on(-9, 0)},
	}
	b.protest = returns.Protest{Return: "ret_1", By: on(-70, 0), UncheckedBy: on(100, 0), ActionBy: on(8000, 0)}
	b.disputes = []returns.Dispute{{
		ID: "dsp_1", State: returns.DisputeOpen, Opened: on(-5, 0), AnswerBy: on(160, 0), By: fact.ByShopper,
		Said: []returns.Said{{By: fact.ByShopper, Words: "Elle était pleine au départ.", At: on(-5, 0)}, {By: fact.ByMerchant, Actor: "staff:sta_1", Words: "Avez-vous une photo ?", At: on(-4, 0)}},
	}}
	b.refunds = []payment.Refund{g.refund(payment.Done)}
	return b
}

// lostOn is a return whose parcel was given up, with the cover its shopper bought.
func (g walk) lostOn() *sentback {
	b := g.back(returns.Deposited)
	b.back.State, b.back.Parcel, b.back.LookBy, b.back.Fee.Minor = returns.Lost, "par_9", 0, 0
	b.back.Insured, b.back.Premium = money.Of(10000, money.EUR), money.Of(150, money.EUR)
	b.parcels = []order.Parcel{{ID: "par_9", Number: "12345678", Direction: fact.Back, Connection: "con_1"}}
	b.carriers = map[ident.Connection]carrier.Connection{"con_1": {ID: "con_1", Name: "Mondial Relay"}}
	return b
}

// waitingOn is a return whose decision waits for a second person.
func (g walk) waitingOn() *sentback {
	b := g.ruledOn()
	b.back.State, b.disputes, b.refunds, b.seconds = returns.Received, nil, nil, nil
	b.rulings[0].State, b.rulings[0].Why, b.rulings[0].Second, b.rulings[0].By = returns.Waiting, "above_limit", "", "staff:sta_3"
	return b
}

func (g walk) backs() (all []ui.Exhibit) {
	v, at := invented(), g.deskAt("/console/returns/ret_1")
	page := func(name string, b *sentback) {
		p := b.page(newDesk(at, b.T("returns_desk.one_title", map[string]any{"Reference": b.order.Reference})).Frame, v)
		all = append(all, shown("return-"+name, returnView(p)))
	}
	held := g.back(returns.Held)
	held.back.Why, held.back.Deposited, held.proof = "doubt", 0, returns.Proof{}
	for i, code := range []string{"weight", "refused_before", "nothing_came_before", "in_a_hurry"} {
		held.back.Doubts = append(held.back.Doubts, returns.Doubt{Code: code, Points: 20 * (i + 1)})
	}
	held.back.Stock, held.back.StockSKU, held.back.StockBy = returns.StockAsked, "VIN-2", on(40, 0)
	page("held", held)
	deposited := g.back(returns.Deposited)
	deposited.whole = false
	page("deposited", deposited)
	page("lost", g.lostOn())
	page("received", g.back(returns.Received))
	page("waiting", g.waitingOn())
	page("decided", g.ruledOn())
	late := g.back(returns.Received)
	late.back.RefundBy, late.back.Ground, late.late.DaysLate = on(-60, 0), fact.ByWithdrawal, 12
	page("overdue", late)
	return append(all, g.decidings()...)
}

func (g walk) decidings() []ui.Exhibit {
	b, lines := g.back(returns.Received), []fact.RefundLine{{Line: wine, Units: 2, Amount: money.Of(2700, money.EUR)}, {Line: "lin_2", Amount: money.Of(590, money.EUR)}}
	at, full := g.deskAt("/console/returns/ret_1/decide"), returns.Foreseen{Lines: lines[:1], Amount: money.Of(2310, money.EUR), Why: "above_limit"}
	form := b.decidePage(at, lines, proposed(full, 0), nil)
	sums := form
	sums.Sums = []block{b.foreseenBlock(full, deed{Path: at.URL.Path, Button: g.t("decide.say")})}
	in := proposed(full, 0)
	in.outcome = fact.InPart
	wrong := b.decidePage(at, lines, in, map[string]string{"amount:" + string(wine): g.t("console.sign_in_later"), "code": g.t("console.sign_in_later")})
	unseen := g.back(returns.Received)
	unseen.found = nil
	seen := b.inspectPage(g.deskAt("/console/reception/ret_1"), inspection{}, nil)
	refused := unseen.inspectPage(g.deskAt("/console/reception/ret_1"), inspection{units: []inspected{{outcome: "destroy"}}}, map[string]string{"ground:0": g.t("console.sign_in_later")})
	refused.Wrong = g.t("warehouse.look_below")
	q := g.ruledOn()
	d := q.disputePage(g.deskAt("/console/disputes/dsp_1"), invented(), q.disputes[0])
	settling := d
	settling.Intro = nil
	settling.settling(q, q.disputes[0], lines, settled{ruled: proposed(full, 0), verdict: "upheld"}, nil)
	settling.Sums = []block{q.foreseenBlock(full, deed{Path: "/console/disputes/dsp_1/settle", Button: g.t("dispute_desk.settle")})}
	return []ui.Exhibit{
		shown("decide", formView(form)), shown("decide-sums", formView(sums)), shown("decide-refused", formView(wrong)),
		shown("inspect", formView(unseen.inspectPage(g.deskAt("/console/reception/ret_1"), inspection{}, nil))),
		shown("inspect-more", formView(seen)), shown("inspect-refused", formView(refused)),
		shown("dispute", disputeView(d)), shown("dispute-settling", disputeView(settling)),
	}
}

// refund is an invented refund in a state.
func (g walk) refund(s payment.State) payment.Refund {
	r := payment.Refund{
		ID: ident.Refund("rfd_" + s), Return: "ret_1", Order: "ord_1", Provider: payment.Stripe, Capture: "pi_123", Money: money.Of(1350, money.EUR),
		Credit: money.Of(0, money.EUR), State: s, Ordered: on(-9, 0), Due: on(100, 0), ArrivesBy: civil.NoDay,
	}
	switch s {
	case payment.Asked:
		r.Provider, r.Capture, r.Due = payment.Offline, "", on(-30, 0)
	case payment.Stuck:
		r.Why = payment.NotKnown
	case payment.Done:
		r.Reference, r.Done, r.ArrivesBy = "re_456", on(-8, 0), on(200, 0).Day(time.UTC)
	}
	return r
}

func (g walk) desks() []ui.Exhibit {
	rd, v := g.reading(), invented()
	list := newDesk(g.deskAt("/console/returns"), g.t("returns_desk.title"))
	for i, d := range desks {
		list.Tabs = append(list.Tabs, choice{d.path, lang.T(g.loc, "returns_desk.tab_waiting", map[string]any{"Tab": g.t(d.words), "Waiting": i * 7}), i == 0})
	}
	w := wantedReturns{}
	list.Choices, list.Search, list.Empty = w.choices(g.loc), w.search(g.loc), g.t("returns_desk.none_waiting")
	empty, full := list, list
	for i, s := range returns.States {
		b := g.back(s).back
		if s == returns.Received && i%2 == 0 {
			b.RefundBy = on(-60, 0)
		}
		full.Rows = append(full.Rows, returnRow(rd, b, fmt.Sprint("E-", 1042-i), camille.Name, nil))
	}
	full.Rows = append(full.Rows, returnRow(rd, g.back(returns.Received).back, strings.Repeat("2026-NOVEMBRE-", 4), strings.Repeat("Maximilienne-Alexandrine ", 3), []returns.Decision{{State: returns.Waiting}}))
	full.More = "/console/returns?after=ret_1"
	queue, refunds := list, list
	queue.Rows, queue.Search, queue.Choices, refunds.Search, refunds.Choices = nil, nil, nil, nil, nil
	k := g.waitingOn().decision(g.waitingOn().rulings[0], v)
	k.Title, k.Path = lang.T(g.loc, "decide.queue_row", map[string]any{"Reference": "E-1042", "What": k.Title}), "/console/returns/ret_1"
	queue.Blocks = []block{k}
	for _, s := range []payment.State{payment.Asked, payment.Stuck, payment.Unknown, payment.Pending, payment.Done} {
		claim := payment.Claim{}
		if s == payment.Done {
			claim = payment.Claim{Refund: "rfd_done", Said: on(-2, 0), AnswerBy: on(40, 0)}
		}
		refunds.Blocks = append(refunds.Blocks, refundBlock(rd, g.refund(s), claim, v))
	}
	return slices.Concat([]ui.Exhibit{
		shown("returns", deskView(full)), shown("returns-none", deskView(empty)), shown("decisions", deskView(queue)), shown("refunds", deskView(refunds)),
	}, g.scans(list.Tabs), g.renounced())
}

func (g walk) scans(tabs []choice) []ui.Exhibit {
	p := scanPage{deskPage: newDesk(g.deskAt("/console/reception"), g.t("warehouse.title"))}
	p.Tabs = tabs
	none := p
	none.Typed, none.Found = "ZZ 99", lang.T(g.loc, "warehouse.nothing", map[string]any{"Number": "ZZ 99"})
	none.Stray = &deed{Path: "/console/reception/stray", Button: g.t("warehouse.keep"), How: g.t("warehouse.keep_how"), Files: true, Fields: []input{
		{Name: "note", Kind: "area", Label: g.t("warehouse.keep_note")}, {Name: "photos", Kind: "files", Label: g.t("warehouse.photos")},
	}}
	kept := p
	kept.Strays = []block{{Title: "ZZ 99", Quote: "Carton bleu, sans étiquette lisible.", Notes: []string{lang.N(g.loc, "warehouse.stray_photos", 2, nil)}}}
	return []ui.Exhibit{shown("reception", scanView(p)), shown("reception-unknown", scanView(none)), shown("reception-strays", scanView(kept))}
}

func (g walk) renounced() []ui.Exhibit {
	rd, v := g.reading(), invented()
	w := returns.Withdrawal{
		ID: "wdr_1", Name: camille.Name, Contract: "ma commande de mardi", Email: camille.Email, Statement: "withdrawal: wdr_1\nsent: 2026-11-24T08:00:00+01:00\n",
		Hash: strings.Repeat("a9", 32), Sent: on(8, 0), RefundBy: on(340, 0), AcknowledgeBy: on(32, 0), SendBackBy: on(340, 0), InTime: true,
		Lines: []returns.Renounced{{Line: wine, Units: 2}, {Line: wine, Units: 1, Excluded: "hygiene_opened"}},
	}
	page := func(w returns.Withdrawal) formPage {
		p := formPage{Frame: newDesk(g.deskAt("/console/withdrawals/wdr_1"), g.t("withdrawal_desk.one_title")).Frame, Back: pair{g.t("withdrawal_desk.to_list"), "/console/withdrawals"}}
		p.Sums, p.Blocks = []block{withdrawalBlock(rd, w, map[ident.Line]string{wine: "Vin des Costières, 75 cl"}, v)}, []block{statementBlock(rd, w)}
		return p
	}
	late, done := w, w
	late.AcknowledgeBy, late.InTime, late.Until = on(4, 0), false, on(-100, 0)
	done.Acknowledged, done.Order, done.Return = on(9, 0), "ord_1", "ret_1"
	return []ui.Exhibit{shown("withdrawal", formView(page(w))), shown("withdrawal-late", formView(page(late))), shown("withdrawal-done", formView(page(done)))}
}

func (g walk) shopSettings() []ui.Exhibit {
	rd, v := g.reading(), invented()
	hooks := hooksPage{settings: settingsFrame(g.deskAt("/console/settings/webhooks"), "/console/settings/webhooks"), All: pair{g.t("hooks.to_deliveries"), "/console/deliveries"}}
	hooks.Open = hookDeed(rd, "/console/settings/webhooks", "new", typedHook{kinds: usual}, nil)
	hooks.Open.Button = g.t("hooks.open")
	none := hooks
	for i, s := range []webhook.State{webhook.On, webhook.Rested, webhook.Gone} {
		e := webhook.Endpoint{ID: ident.Endpoint(fmt.Sprint("whe_", i)), URL: "https://erp.epicerie.example/hooks", Label: "ERP", Kinds: usual, State: s, Made: on(-500, 0)}
		if s != webhook.On {
			e.Failing = on(-90, 0)
		}
		hooks.Rows = append(hooks.Rows, hookBlock(rd, e, typedHook{e.URL, e.Label, e.Kinds}, nil))
	}
	secret := hooks
	secret.Secret = block{Title: g.t("hooks.secret"), Says: []string{g.t("hooks.secret_once")}, Quote: "whsec_" + strings.Repeat("Zm9v", 8), Links: []pair{{g.t("hooks.to_list"), "/console/settings/webhooks"}}}
	d := webhook.Delivery{ID: "dlv_1", Endpoint: "whe_0", Kind: "returns.decided", Subject: "ord_1", Sequence: 7, State: webhook.Dead, Tries: 12, Status: 500, Error: webhook.NotAccepted, Made: on(-90, 0), Settled: on(-2, 0)}
	sent := formPage{Frame: frame(g.deskAt("/console/deliveries/dlv_1"), g.t("hooks.delivery")), Back: pair{g.t("hooks.to_deliveries"), "/console/deliveries"}}
	sent.Sums = []block{deliveryBlock(rd, d, map[ident.Endpoint]string{"whe_0": "ERP"}, []byte(`{"type":"returns.decided"}`), v)}
	terms := termsPage{settings: settingsFrame(g.deskAt(termsHere), termsHere), Since: g.t("terms.policy_shipped")}
	terms.Numbers = numbersDeed(rd, v, returns.DefaultConditions(), []carrier.Connection{{ID: "con_1", Name: "Porteur Express"}})
	terms.Policy = deed{Path: termsHere + "/policy", Button: g.t("terms.policy_keep"), Fields: []input{{Name: "source", Kind: "code", Label: g.t("terms.policy"), Value: returns.Default}}}
	terms.Notice = deed{Path: termsHere + "/notice", Button: g.t("terms.notice_keep"), Fields: []input{{Name: "words", Kind: "area", Label: g.t("terms.notice")}}}
	return append([]ui.Exhibit{
		shown("webhooks", hooksView(hooks)), shown("webhooks-none", hooksView(none)), shown("webhooks-secret", hooksView(secret)), shown("delivery", formView(sent)), shown("terms", termsView(terms)),
	}, g.shopStores(rd)...)
}

func (g walk) shopStores(rd ui.Reading) []ui.Exhibit {
	hours, err := civil.ParseHours("hours", "Mo-Fr 09:00-12:00,14:00-19:00; Sa 09:00-12:30; PH off")
	if err != nil {
		panic(err) // hours written here
	}
	p := storesPage{settings: settingsFrame(g.deskAt(storesHere), storesHere)}
	s := relay.Point{Code: "CANAL", Name: "Épicerie du Canal", Street: "2 quai de Valmy", Postcode: "75010", City: "Paris", Country: "FR", Services: []string{"collect", "send"}, Hours: hours.In("FR"), Zone: "Europe/Paris"}
	p.Form = storeDeed(g.loc, typedStore{point: s, hours: hours.String(), services: "collect send"}, map[string]string{"hours": lang.Fault(g.loc, fault.New(fault.Invalid, "hours_unreadable", "hours", "rule", "25:00"))})
	none := p
	shut := s
	shut.Name, shut.Gone = "Épicerie de la Butte", on(-200, 0)
	p.Rows, p.Week = []block{storeBlock(rd, s), storeBlock(rd, shut)}, block{Title: g.t("stores.week"), Facts: weekOf(rd, s.Hours)}
	return []ui.Exhibit{shown("stores", storesView(p)), shown("stores-none", storesView(none))}
}
