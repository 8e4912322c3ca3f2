package console

import (
	"slices"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/crew"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/insight"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/speed"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

func (g walk) settings() []ui.Exhibit {
	return slices.Concat(g.brands(), g.staffs(), g.keys(), g.counters(), g.rounds())
}

func (g walk) brands() []ui.Exhibit {
	b := merchant.Brand{Accent: "#17613a", Shown: "Épicerie du Canal", Contact: "bonjour@epicerie.example", Site: "https://epicerie.example"}
	at := func(path string) brandPage {
		p := brandForm(g.at(path, invented()), b, nil)
		p.Scripts = nil
		return p
	}
	wrong := at("/console/settings")
	wrong.Wrong = lang.Fault(g.loc, fault.New(fault.Invalid, "accent_invalid", "accent", "value", "vert"))
	for i := range wrong.Fields {
		wrong.Fields[i].Fault = wrong.Wrong
	}
	return []ui.Exhibit{
		shown("brand", brandView(at("/console/settings"))), shown("brand-done", brandView(at("/console/settings?done=brand"))), shown("brand-refused", brandView(wrong)),
	}
}

func (g walk) staffs() []ui.Exhibit {
	p := staffPage{settings: settingsFrame(g.at("/console/settings/staff", invented()), "/console/settings/staff")}
	p.Email = input{Name: "email", Kind: "email", Label: g.t("console.email"), Needed: true}
	p.Name = input{Name: "name", Label: g.t("console.name"), Needed: true}
	p.Sets = setChoices(g.loc, merchant.Merchant, merchant.Agent)
	for i, s := range merchant.StaffSets(merchant.Merchant) {
		who := []string{"Claire Vernay", "Bastien Oriol", strings.Repeat("Maximilienne-Alexandrine ", 4), "Inès Girard"}[i%4]
		p.Rows = append(p.Rows, staffRow{
			Path: "/console/settings/staff/sta_" + string(s), Name: who, Email: string(s) + "@epicerie.example", Set: setWords(g.loc, s),
			Since: g.reading().When(on(-24*i, 0), fact.ADay), Me: i == 0, Sets: setChoices(g.loc, merchant.Merchant, s),
		})
	}
	wrong := p
	wrong.Email.Value, wrong.Email.Fault = "bastien", g.t("console.sign_in_later")
	wrong.Wrong = g.t("console.sign_in_later")
	return []ui.Exhibit{shown("staff", staffView(p)), shown("staff-refused", staffView(wrong))}
}

func (g walk) keys() []ui.Exhibit {
	p := keysPage{settings: settingsFrame(g.at("/console/settings/keys", invented()), "/console/settings/keys")}
	p.Label = input{Name: "label", Label: g.t("console.key_label"), Needed: true}
	p.Origins = input{Name: "origins", Kind: "area", Label: g.t("console.key_origins"), Hint: g.t("console.key_origins_hint"), Needed: true}
	none := p
	issued := on(-48, 0)
	for id, revoked := range map[ident.Key]civil.Instant{"key_1": 0, "key_2": on(-2, 0)} {
		browser := keyRow{Label: "boutique " + string(id), Public: "pk_" + strings.Repeat("0123456789", 4), Origins: "https://epicerie.example https://www.epicerie.example"}
		p.Browser = append(p.Browser, browser.standing(g.reading(), id, issued, revoked))
		server := keyRow{Label: "serveur " + string(id), Set: keySetWords(g.loc, merchant.Carrier)}
		p.Server = append(p.Server, server.standing(g.reading(), id, issued, revoked))
	}
	for _, rows := range [][]keyRow{p.Browser, p.Server} {
		slices.SortFunc(rows, func(a, b keyRow) int { return strings.Compare(a.Label, b.Label) })
	}
	none.Origins.Value, none.Origins.Fault, none.Wrong = "epicerie.example", g.t("console.sign_in_later"), g.t("console.sign_in_later")
	return []ui.Exhibit{shown("keys", keysView(p)), shown("keys-none-refused", keysView(none))}
}

// crewHere is the forms and the rows of a page about a crew.
func (g walk) crewHere(d crewDesk, name string, ids ...ident.Member) (forms, all crewPage) {
	read, when := g.reading(), g.reading().When(on(-48, 0), fact.ADay)
	forms = d.page(g.at(d.here, invented()), crewForms{})
	forms.LinkHow, forms.PersonNew = g.t("counters.link_text"), g.t("counters.clerk_new")
	typed(nil, nil, "device-", forms.Device)
	typed(nil, nil, "person-", forms.Person)
	all = forms
	all.Link = "https://suivi.example" + d.door + "AAAAAAAAAAAAAAAAAAAAAA"
	rows := crewRows{Name: name, Devices: []deviceRow{
		{ID: "dev_1", Name: "La tablette", Tone: ui.Good, State: read.T("counters.device_works", map[string]any{"When": when})},
		{ID: "dev_2", Name: "Le vélo " + strings.Repeat("bleu ", 8), Tone: ui.Care, State: g.t("counters.device_invited")},
	}}
	for i, id := range ids {
		k := crew.Member{ID: id, Post: crew.Post{Trade: d.trade}, Name: []string{"Nadia", strings.Repeat("Maximilienne ", 4)}[i%2]}
		rows.People = append(rows.People, memberRow{ID: id, Name: k.Name, Since: when, Out: leaves(read, k), Locked: i == 1})
	}
	all.Crews = []crewRows{rows}
	return forms, all
}

func (g walk) counters() []ui.Exhibit {
	p := countersPage{settings: settingsFrame(g.at(countersHere, invented()), countersHere)}
	var all crewPage
	p.crewPage, all = g.crewHere(Config{}.countersDesk(), "Le magasin du Canal, Paris (CANAL1)", "mbr_1", "mbr_2")
	p.DeviceFor, all.DeviceFor = g.t("counters.runs_stores"), g.t("counters.runs_stores")
	empty := p
	p.crewPage = all
	p.Crews[0].Says = g.reading().T("counters.faces", map[string]any{"Good": 41, "SoSo": 3, "Bad": 1})
	p.Locked = []lockedRow{{Path: countersHere, Number: "6A 0412 7788", Place: "Le magasin du Canal, Paris", Since: g.reading().When(on(-48, 0), fact.ADay)}}
	wrong := empty
	wrong.Wrong = lang.Fault(g.loc, fault.New(fault.Invalid, "pin_invalid", "pin", "digits", 6))
	return []ui.Exhibit{shown("counters", countersView(p)), shown("counters-none", countersView(empty)), shown("counters-refused", countersView(wrong))}
}

func (g walk) rounds() []ui.Exhibit {
	p := roundsPage{settings: settingsFrame(g.at(roundsHere, invented()), roundsHere)}
	p.Wide = true
	var all crewPage
	p.crewPage, all = g.crewHere(Config{}.roundsDesk(), g.t("rounds.crew"), "mbr_1", "mbr_2")
	read := g.reading()
	p.Date, p.Day = "2026-11-24", read.Day(on(0, 0).Day(read.Zone))
	empty := p
	p.crewPage = all
	couriers := []crew.Member{{ID: "mbr_1", Name: "Nadia"}, {ID: "mbr_2", Name: strings.Repeat("Maximilienne ", 4)}}
	p.Rest = choosing(read, couriers, "")
	row := roundRow{Field: "to.ord_1", Order: "/console/orders/ord_1", Reference: "E-1042", Where: "69003 Lyon", To: choosing(read, couriers, "mbr_1"), Tone: ui.Calm, State: read.Status(fact.PickedUp)}
	bare, over := row, row
	bare.Field, bare.Reference, bare.To, bare.Tone, bare.State = "to.ord_2", strings.Repeat("E-", 12), p.Rest, ui.Mute, g.t("rounds.unpacked")
	over.Reference, over.Over, over.Tone, over.State, over.Proof = "E-1040", true, ui.Good, read.Status(fact.Delivered), roundsHere+"/proofs/vis_1"
	slot := lang.Slot(g.loc, on(0, 0).In(read.Zone), on(2, 0).In(read.Zone))
	p.Slots = []roundSlot{{slot, []roundRow{over, row, bare}}}
	wrong := empty
	wrong.Wrong = lang.Fault(g.loc, fault.New(fault.Conflict, "not_our_round", "order"))
	return []ui.Exhibit{shown("rounds", roundsView(p)), shown("rounds-none", roundsView(empty)), shown("rounds-refused", roundsView(wrong))}
}

func (g walk) boards() []ui.Exhibit {
	const days = 28
	at := g.at("/console/board", invented())
	empty, full := boarded{}.page(at, g.reading(), days), kept().page(at, g.reading(), days)
	empty.Speeds, full.Speeds = g.speeds(nil), g.speeds([]insight.Speed{
		{Page: speed.Order, Visits: 1204, P75: 480 * time.Millisecond, Good: 0.98, Narrow: insight.Narrow{Visits: 900, P75: 1210 * time.Millisecond}},
		{Page: speed.Delivery, Visits: 3, P75: 12 * time.Second, Good: 0},
	})
	empty.Public, full.Public = "/b/mer_1", "/b/mer_1"
	return []ui.Exhibit{shown("board", board(full)), shown("board-empty", board(empty))}
}

// returnedBoards are what comes back of a shop's sales, and of one that has sold nothing.
func (g walk) returnedBoards() []ui.Exhibit {
	const days = 28
	at := g.at(returnedPath, invented())
	few := insight.Share{Bought: 12, Back: 1, Reasons: map[returns.Taxon]int{returns.Damaged: 1}}
	most := insight.Share{Bought: 1204, Back: 87, Reasons: map[returns.Taxon]int{returns.WrongSize: 51, returns.NoLonger: 30, returns.Damaged: 6}}
	eur := func(minor int64) money.Amount { return money.Of(minor, money.EUR) }
	full := cameBack{
		carriers: map[ident.Connection]string{"con_1": "Porteur Express"},
		report: insight.Returned{
			All: most, ByProduct: map[string]insight.Product{"COAT-1": {Name: "Manteau long en laine mérinos, doublé", Share: most}, "": {Name: "Écharpe", Share: few}},
			ByCategory: map[string]insight.Share{"": most, "vêtements": few}, BySize: map[string]insight.Share{"38": most, "42": few},
			BySupplier: map[string]insight.Share{"": most}, ByCarrier: map[ident.Connection]insight.Share{"con_1": most, "": {}},
			ByPromise: map[fact.State]insight.Share{fact.Kept: most, fact.Broken: few},
			Stages:    []insight.Stage{{Name: "deposited", N: 80, Median: 31 * time.Hour, P90: 120 * time.Hour}, {Name: "all", N: 60, Median: 9 * 24 * time.Hour, P90: 15 * 24 * time.Hour}},
			Money:     []insight.ReturnMoney{{Returns: 87, Value: eur(561_200), Fees: eur(0), Decided: eur(498_000), Paid: eur(470_000), Credit: eur(12_000), Surcharge: eur(1250)}},
			Found:     []insight.Found{{Said: returns.Unopened, Found: returns.Used, Outcome: returns.SecondHand, Units: 4}, {Found: returns.Opened, Outcome: returns.Restock, Units: 71}},
			Ways:      []insight.WayBack{{Route: fact.BackByRelay, Parcels: 71, Low: 12_400, High: 98_000}, {Route: fact.BackByPickup, Parcels: 2, Low: 900, High: 900}},
		},
	}
	return []ui.Exhibit{
		shown("board-returns", returnedView(full.page(at, g.reading(), days))),
		shown("board-returns-empty", returnedView(cameBack{}.page(at, g.reading(), days))),
	}
}

func (g walk) speeds(all []insight.Speed) table { return speedTable(g.reading(), all) }

// kept is four weeks of a shop that keeps most of its promises.
func kept() boarded {
	most := insight.Measures{Due: 1204, Kept: 1129, Broken: 75, ToldBefore: 60, Silent: 15, Repaired: 71, Promised: 1204 * 50 * 3600e9}
	few := insight.Measures{Due: 3, Kept: 1, Broken: 2, ToldBefore: 1, Silent: 1, Repaired: 2}
	return boarded{
		carriers: map[ident.Connection]string{"con_1": "Porteur Express", "con_2": "Transports internationaux Van der Zwaan-Kowalski et fils"},
		services: map[ident.Service]string{"ser_1": "Colis Express à domicile"},
		report: insight.Promises{
			All: most, Whole: most, ByKind: map[fact.Owed]insight.Measures{fact.DeliverBy: most, fact.DeliverInSlot: few, fact.Complete: most},
			ByWeek:    []insight.Measures{{}, few, most, most},
			ByCarrier: map[ident.Connection]insight.Measures{"con_1": most, "con_2": few, "": {}},
			ByService: map[ident.Service]insight.Measures{"ser_1": most, "": few}, ByArea: map[string]insight.Measures{"FR-75": most, "FR-974": few},
			Calibration: []insight.Decile{{From: 0.8, Due: 40, Stated: 0.86, Kept: 0.9}, {From: 0.9, Due: 1164, Stated: 0.96, Kept: 0.94}},
			Service:     insight.Service{Due: 1204, Met: 1088}, Given: []insight.Given{{Amount: money.Of(41_300, money.EUR), Times: 70}},
		},
	}
}
