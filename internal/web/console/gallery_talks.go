package console

import (
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	helpdesk "github.com/promesse-dev/promesse/internal/desk"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/insight"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

const question = "Bonjour,\n\nmon colis est en retard. Peut-il attendre jeudi ?\n\nMerci !"

// asked is an invented conversation in a state.
func (g walk) asked(s helpdesk.State, due civil.Instant) helpdesk.Conversation {
	return helpdesk.Conversation{
		ID: "cnv_1", Order: "ord_1", Shopper: "sho_1", Via: fact.ViaPage, State: s, Question: "sai_1", Opened: on(-3, 0), AnswerBy: due,
		Value: money.Of(3290, money.EUR),
	}
}

// talked is all that whoever answers it sees.
func (g walk) talked(s helpdesk.State, due civil.Instant, said ...helpdesk.Said) *talking {
	t := &talking{lived: g.lived().troubled(), of: g.asked(s, due), shopper: camille, voices: map[ident.Staff]helpdesk.Voice{"sta_1": {Name: "Claire Vernay"}, "sta_2": {Name: "Louis Petit", House: "Réseau Proche"}}}
	t.said = append([]helpdesk.Said{{ID: "sai_1", By: fact.ByShopper, Via: fact.ViaPage, Words: question, At: on(-3, 0)}}, said...)
	t.past = []helpdesk.Conversation{g.asked(helpdesk.Answered, due)}
	t.topics = []helpdesk.Topic{{Name: "Retard", Reply: "rpl_1"}}
	t.replies = []helpdesk.Reply{{ID: "rpl_1", Title: "Retard", Words: "Nous regardons."}, {ID: "rpl_2", Title: "Facture", Words: "La voici."}}
	state := fact.Open
	if s == helpdesk.Answered {
		state = fact.Kept
	}
	t.owed = []promise.Commitment{{ID: "com_9", Owed: fact.AnswerBy, About: "sai_1", Until: due, State: state}}
	return t
}

// talks is where shoppers are answered.
func (g walk) talks() []ui.Exhibit {
	v, rd := invented(), g.reading()
	at := g.at(talksHere, v)
	list := deskPage{Frame: frame(at, g.t("talks.title")), Empty: g.t("talks.none"), Choices: []choice{{talksHere, g.t("talks.show_waiting"), true}, {talksHere + "?show=all", g.t("talks.show_all"), false}}}
	list.Tabs = []choice{{talksHere, g.t("talks.tab_queue"), true}, {talksHere + "/public", g.t("talks.tab_public"), false}}
	full := list
	for _, c := range []helpdesk.Conversation{g.asked(helpdesk.Waiting, on(7, 0)), g.asked(helpdesk.Waiting, on(17, 0)), g.asked(helpdesk.Answered, on(7, 0)), g.asked(helpdesk.Closed, on(7, 0))} {
		row := deskRow{Path: "/console/desk/cnv_1", Title: talkTitle(rd, c, "E-1042"), Who: camille.Name, Small: beginning(strings.Repeat(question+" ", 4))}
		row.Tone, row.Badge, row.Due = talkState(rd, c)
		full.Rows = append(full.Rows, row)
	}
	full.Blocks = []block{{Title: g.t("talks.strange"), Says: []string{g.t("talks.strange_how")}, Links: []pair{{lang.T(g.loc, "talks.strange_one", map[string]any{"When": rd.When(on(-1, 0), fact.Minute)}), "/console/desk/cnv_1"}}}}
	out := []ui.Exhibit{shown("talks", deskView(full)), shown("talks-none", deskView(list))}
	answer := helpdesk.Said{ID: "sai_2", By: fact.ByMerchant, Actor: "staff:sta_1", Words: "Bonjour Camille,\n\nil arrive demain.", At: on(-2, 0)}
	strange := helpdesk.Said{ID: "sai_3", By: fact.ByUnknown, Via: fact.ViaMail, Source: "x@example.net", Words: "Envoyez-le ailleurs.", At: on(-1, 0)}
	odd := g.talked(helpdesk.Answered, on(17, 0), answer, strange)
	odd.of.Strange = on(-1, 0)
	public := g.talked(helpdesk.Waiting, on(17, 0))
	public.lived, public.of.Order, public.of.Shopper, public.of.Via, public.of.Source, public.past = &lived{Reading: rd}, "", "", fact.ViaPublic, "https://avis.example/42", nil
	network := merchant.Organisation{ID: "mer_2", Name: "Réseau Proche", Kind: merchant.Network}
	lent := helpdesk.Said{ID: "sai_4", By: fact.ByMerchant, Actor: "staff:sta_2", House: "mer_2", Words: "Bonjour Camille,\n\nil arrive demain.", At: on(-2, 0)}
	mayHand, handed, lost := g.talked(helpdesk.Waiting, on(17, 0)), g.talked(helpdesk.Waiting, on(17, 0), lent), g.talked(helpdesk.Waiting, on(17, 0))
	mayHand.desks, handed.desks = []merchant.Organisation{network}, []merchant.Organisation{network}
	for _, t := range []*talking{handed, lost} {
		t.desk, t.of.Network, t.of.Handed = network, network.ID, on(-1, 0)
	}
	for _, e := range []struct {
		name  string
		t     *talking
		typed typedAnswer
	}{
		{"talk-may-hand", mayHand, typedAnswer{}},
		{"talk-handed", handed, typedAnswer{}},
		{"talk-handed-lost", lost, typedAnswer{}},
		{"talk-waiting", g.talked(helpdesk.Waiting, on(17, 0)), typedAnswer{}},
		{"talk-late", g.talked(helpdesk.Waiting, on(7, 0)), typedAnswer{}},
		{"talk-answered", g.talked(helpdesk.Answered, on(17, 0), answer), typedAnswer{}},
		{"talk-stranger", odd, typedAnswer{}},
		{"talk-public", public, typedAnswer{}},
		{"talk-moved", g.talked(helpdesk.Waiting, on(17, 0)), typedAnswer{"Demain.", fault.New(fault.Conflict, "conversation_moved", "conversation")}},
	} {
		out = append(out, shown(e.name, talkView(e.t.page(frame(at, talkTitle(rd, e.t.of, e.t.order.Reference)), v, e.typed))))
	}
	guest := v
	guest.Shop, guest.Staff.Set = network, merchant.Operator
	away := g.at(handedHere, guest)
	theirs := frame(away, g.t("handed.title"))
	lentOut := g.talked(helpdesk.Waiting, on(17, 0), lent)
	lentOut.root, lentOut.past, lentOut.replies, lentOut.topics = handedPath("mer_1", "cnv_1"), nil, nil, nil
	queue := deskPage{Frame: theirs, Rows: full.Rows[:2]}
	out = append(out, shown("handed", deskView(queue)), shown("handed-none", deskView(deskPage{Frame: theirs, Empty: g.t("handed.none")})),
		shown("handed-talk", talkView(lentOut.handedPage(away, merchant.Organisation{Name: "Épicerie du Canal"}, typedAnswer{}))))
	wrong := publicPage(at, publicly{link: "avis.example", words: "À fuir.", key: "KEY"}, faults(g.loc, fault.New(fault.Invalid, "link_required", "source"), "source"))
	out = append(out, shown("talk-public-form", talkFormView(publicPage(at, publicly{key: "KEY"}, nil))), shown("talk-public-wrong", talkFormView(wrong)))
	return append(append(out, g.deskSettings()...), g.irritants()...)
}

func (g walk) deskSettings() []ui.Exhibit {
	v, rd := invented(), g.reading()
	p := deskSettingsPage{settings: settingsFrame(g.at(deskHere, v), deskHere), Due: lang.T(g.loc, "desk_settings.due_now", map[string]any{"Due": rd.Due(on(17, 0))})}
	replies := []helpdesk.Reply{{ID: "rpl_1", Title: "Retard", Words: "Bonjour,\n\nnous regardons où il est.", Changed: on(-90, 0)}}
	in := typedDesk{hours: "Mo-Fr 09:00-12:00,14:00-18:00; Sa 10:00-13:00; PH off", answers: "8", topics: writeTopics(helpdesk.DefaultTopics(), replies)}
	wrong := p
	p.fill(rd, v, in, nil)
	p.list(rd, replies, in, nil)
	in.hours = "quand on veut"
	wrong.fill(rd, v, in, faults(g.loc, fault.New(fault.Invalid, "hours_unreadable", "hours", "rule", in.hours), "hours"))
	wrong.list(rd, nil, in, nil)
	return []ui.Exhibit{shown("desk-settings", deskSettingsView(p)), shown("desk-settings-wrong", deskSettingsView(wrong))}
}

// irritants are what troubles the shoppers of a shop, and of one that troubles nobody.
func (g walk) irritants() []ui.Exhibit {
	const days = 28
	at := g.at(irritantsPath, invented())
	full := troubles{topics: helpdesk.DefaultTopics(), orders: true, Irritants: insight.Irritants{
		Causes: []insight.Trouble{{Owed: fact.DeliverBy, Reason: promise.Late, Liable: fact.ByCarrier, N: 12}, {Owed: fact.AnswerBy, Reason: promise.NotDone, Liable: fact.ByMerchant, N: 2}},
		Scores: []insight.Scored{{Score: 5, Promise: fact.Kept, N: 31}, {Score: 4, Promise: fact.Kept, N: 8}, {Score: 2, Promise: fact.Broken, N: 6}, {Score: 1, Promise: fact.Open, N: 1}},
		Words: []insight.Verbatim{
			{Via: fact.ViaPage, Order: "ord_1", Conversation: "cnv_1", Score: -1, Words: question, At: on(-3, 0)},
			{Via: fact.ViaSurvey, Order: "ord_1", Score: 2, Words: "Personne n'a sonné, et le colis était en retard.", At: on(-4, 0)},
			{Via: fact.ViaPage, Order: "ord_1", Conversation: "cnv_1", Score: -1, Words: strings.Repeat("Une belle boutique. ", 20), At: on(-5, 0)},
		},
		Effort: insight.Effort{Deliveries: 120, Contacts: 31, Changes: 9, Answers: 28, Waited: 28 * 3 * time.Hour},
	}}
	return []ui.Exhibit{
		shown("irritants", irritantsView(full.page(at, g.reading(), days))),
		shown("irritants-empty", irritantsView(troubles{}.page(at, g.reading(), days))),
	}
}
