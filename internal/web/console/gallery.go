package console

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/remedy"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// Gallery is the pages of the console in each of their states, from invented
// data: no room is read.
func Gallery(loc lang.Locale) (all []ui.Exhibit) {
	g := walk{loc}
	return slices.Concat(
		g.signs(), g.starts(), g.queues(), g.lists(), g.orders(), g.boards(), g.returnedBoards(), g.outboxes(), g.parkings(), g.rules(), g.settings(), g.accounts(), g.backs(), g.desks(), g.templates(), g.shopSettings(), g.talks(), g.incidents(), g.claims(),
	)
}

// walk is a round through the console in a language.
type walk struct{ loc lang.Locale }

// invented is who walks: the owner of a grocer's.
func invented() visit {
	v := visit{
		Session: merchant.Session{Seat: merchant.Seat{
			Merchant: "mer_1", Shop: "Épicerie du Canal",
			Staff: merchant.Staff{ID: "sta_1", Name: "Claire Vernay", Email: "claire@epicerie.example", Set: merchant.Owner, Since: on(-24*20, 0)},
		}},
		Shop:   merchant.Organisation{ID: "mer_1", Kind: merchant.Merchant, Name: "Épicerie du Canal", Zone: "Europe/Paris", Currency: money.EUR},
		Accent: "#17613a",
	}
	for _, r := range routes(Config{}) {
		if r.Method == http.MethodGet && r.Access == ui.BySession {
			v.places = append(v.places, r)
		}
	}
	return v
}

// at is a request for a page of the console, by a reader.
func (g walk) at(path string, v visit) *http.Request {
	r := &http.Request{Method: http.MethodGet, Header: http.Header{"Accept-Language": {string(g.loc)}}}
	r.URL = &url.URL{}
	r.URL.Path, r.URL.RawQuery, _ = strings.Cut(path, "?")
	return r.WithContext(context.WithValue(context.Background(), visitKey{}, v))
}

func (g walk) frame(path, title string) ui.Frame { return frame(g.at(path, invented()), g.t(title)) }

func (g walk) t(key string) string { return lang.T(g.loc, key, nil) }

func (g walk) reading() ui.Reading { return reading(g.at("/console/", invented()), on(9, 0)) }

func shown(name string, page templ.Component) ui.Exhibit {
	return ui.Exhibit{Name: name, Page: page}
}

func (g walk) signs() []ui.Exhibit {
	ask := askFrame(g.at("/console/sign-in", visit{}))
	wrong, sent, lost := ask, ask, ask
	wrong.Email, wrong.Fault = "claire", g.t("console.sign_in_later")
	sent.Email, sent.Sent, sent.Title = "claire@epicerie.example", true, g.t("console.sign_in_sent")
	lost.Title = g.t("console.link_over")
	seats := seated{Frame: ask.Frame, Path: "/console/sign-in/galerie", Email: sent.Email, Seats: []merchant.Seat{
		{Merchant: "mer_1", Shop: "Épicerie du Canal"}, {Merchant: "mer_2", Shop: "Librairie du Port"},
	}}
	return []ui.Exhibit{
		shown("sign-in", askPage(ask)), shown("sign-in-refused", askPage(wrong)), shown("sign-in-sent", askPage(sent)),
		shown("sign-in-seats", seatPage(seats)), shown("sign-in-link-over", lostPage(lost)),
	}
}

func (g walk) starts() []ui.Exhibit {
	quiet := startPage{Frame: g.frame("/console/", "console.nav_start"), Hello: lang.T(g.loc, "console.hello", map[string]any{"Name": "Claire Vernay"})}
	busy := quiet
	for n, t := range []task{
		{"/console/queue", "console_task.danger", "console_task.danger_text"},
		{"/console/parked", "console_task.parked", "console_task.parked_text"},
		{"/console/parked#raw", "console_task.unread", "console_task.unread_text"},
		{"/console/deliveries?state=dead", "console_task.undelivered", "console_task.undelivered_text"},
		{"/console/outbox?state=failed", "console_task.failed", "console_task.failed_text"},
		{templatesHere, "console_task.unwritten", "console_task.unwritten_text"},
	} {
		busy.need(1+n*1200, t)
	}
	empty := quiet
	for n, key := range []string{"console.count_open", "console.count_kept", "console.count_broken"} {
		busy.Counts = append(busy.Counts, pair{g.t(key), lang.Number(g.loc, int64(n*98_765))})
		empty.Counts = append(empty.Counts, pair{g.t(key), lang.Number(g.loc, 0)})
	}
	busy.Rows = g.orderRows()
	return []ui.Exhibit{shown("start", startView(busy)), shown("start-quiet", startView(empty)), shown("start-developer", startView(quiet))}
}

func (g walk) lists() []ui.Exhibit {
	p := ordersPage{Frame: g.frame("/console/orders", "console.nav_orders"), Choices: asked{}.choices(g.loc)}
	full, none, found := p, p, p
	full.Rows, full.More = g.orderRows(), "/console/orders?after=ord_1"
	found.Query = "E-9999"
	found.Found = lang.N(g.loc, "console.found", 0, map[string]any{"Query": found.Query})
	one := found
	one.Query, one.Rows = "E-1042", full.Rows[:1]
	one.Found = lang.N(g.loc, "console.found", 1, map[string]any{"Query": one.Query})
	return []ui.Exhibit{
		shown("orders", ordersList(full)), shown("orders-none", ordersList(none)), shown("orders-found", ordersList(one)), shown("orders-not-found", ordersList(found)),
	}
}

func (g walk) outboxes() []ui.Exhibit {
	p := outboxPage{Frame: g.frame("/console/outbox", "console.nav_outbox"), Choices: outboxChoices(g.loc, "")}
	none := p
	read := g.reading()
	letters := []notify.Message{{ID: "msg_0", Topic: fact.TopicRepaired, Subject: "Commande E-1042 : 5,90 € de crédit", State: notify.Sent, Created: read.Now}}
	for i, topic := range fact.Topics {
		m := notify.Message{ID: ident.Message(fmt.Sprint("msg_", i)), Topic: topic, Subject: read.Topic(topic), State: notify.Sent, Reason: notify.First, Created: read.Now}
		p.Rows = append(p.Rows, messageRowOf(read, m, "Camille Durand", letters))
	}
	for _, m := range troubledLetters {
		m.ID, m.Created = "msg_x", read.Now
		p.Rows = append(p.Rows, messageRowOf(read, m, "Camille Durand", letters))
	}
	p.More = "/console/outbox?after=msg_1"
	return append([]ui.Exhibit{shown("outbox", outboxList(p)), shown("outbox-none", outboxList(none))}, g.messages()...)
}

// troubledLetters is a message for each reason not to be sent.
var troubledLetters = []notify.Message{
	{Topic: fact.TopicShipped, State: notify.Queued, Reason: notify.First},
	{Topic: fact.TopicShipped, State: notify.Failed, Reason: "smtp_550"},
	{Topic: fact.TopicShipped, State: notify.Failed, Reason: "gave_up"},
	{Topic: fact.TopicShipped, State: notify.Failed, Reason: "no_channel"},
	{Topic: fact.TopicShipped, State: notify.Bounced, Reason: notify.First, Subject: "Commande E-1042 : en route"},
	{Topic: fact.TopicShipped, State: notify.Skipped, Reason: notify.DuplicateCause},
	{Topic: fact.TopicShipped, State: notify.Skipped, Reason: notify.NoContact},
	{Topic: fact.TopicShipped, State: notify.Skipped, Reason: notify.Undeliverable},
	{Topic: fact.TopicShipped, State: notify.Skipped, Reason: notify.AddressBounced},
	{Topic: fact.TopicShipped, State: notify.Skipped, Reason: notify.OptedOut},
	{Topic: fact.TopicShipped, State: notify.Skipped, Reason: notify.Superseded},
	{Topic: fact.TopicBroken, State: notify.Skipped, Reason: notify.Together},
	{Topic: fact.TopicShipped, State: notify.Skipped, Reason: notify.Unproven},
	{Topic: fact.TopicShipped, State: notify.Skipped, Reason: notify.Stale},
	{Topic: fact.TopicShipped, State: notify.Skipped, Reason: notify.Implausible},
}

// messages is a letter that was sent, one that could not be, and those that have no words to show.
func (g walk) messages() (all []ui.Exhibit) {
	read := g.reading()
	for name, m := range map[string]notify.Message{
		"message":         {State: notify.Sent, Subject: "Commande E-1042 : en route", Text: "Votre commande est en route.", Accepted: read.Now, Reason: notify.First},
		"message-erased":  {State: notify.Sent, Subject: "Votre code", Accepted: read.Now, Reason: notify.First},
		"message-queued":  {State: notify.Queued, Reason: notify.First},
		"message-skipped": {State: notify.Skipped, Reason: notify.OptedOut},
	} {
		m.ID, m.Topic, m.Order, m.Locale, m.Created, m.MessageID = "msg_1", fact.TopicShipped, "ord_1", g.loc, on(8, 0), "msg_1@promesse.example"
		p := messagePage{Frame: g.frame("/console/outbox/msg_1", "console.nav_outbox"), Text: m.Text, Order: "/console/orders/ord_1", Reason: reasonWords(read, m, nil)}
		if m.Subject != "" {
			p.Title = m.Subject
		}
		p.Tone, p.Badge = messageState(read, m.State)
		p.Headers = headersOf(read, m, camille, merchant.Brand{Shown: "Épicerie du Canal", Contact: "bonjour@epicerie.example"})
		if m.Text == "" {
			p.Nothing = nothingToShow(read, m)
		}
		all = append(all, shown(name, messageView(p)))
	}
	slices.SortFunc(all, func(a, b ui.Exhibit) int { return strings.Compare(a.Name, b.Name) })
	return all
}

func (g walk) parkings() []ui.Exhibit {
	p := parkedPage{Frame: g.frame("/console/parked", "console.nav_parked"), May: true}
	none := p
	for route, button := range map[string]string{"notify.Consider": g.t("console.replay"), "carrier.ask": g.t("console.ready")} {
		group := p.group("like", route, "dial tcp 192.0.2.7:587: i/o timeout", 3)
		group.Path, group.Button = "/console/parked/reaction", button
		group.Rows = []parkedRow{{About: g.t("happened.placed"), Since: g.reading().When(on(7, 12), fact.Minute), Order: "/console/orders/ord_1"}}
		p.Work = append(p.Work, group)
	}
	slices.SortFunc(p.Work, func(a, b parkedGroup) int { return strings.Compare(a.Route, b.Route) })
	p.full(maxParked)
	p.Done = g.t("console.done_failed_again")
	p.Raw = []rawRow{
		{From: "Porteur Express", Received: g.reading().When(on(8, 1), fact.Exact), Error: "unexpected end of JSON input", Body: `{"events": [`, Tone: ui.Bad, Badge: g.t("console.raw_unread")},
		{From: "Porteur Express", Received: g.reading().When(on(8, 2), fact.Exact), Body: strings.Repeat(`{"code": "ZZ9"} `, 20), Tone: ui.Care, Badge: g.t("console.raw_partly")},
	}
	p.More = "/console/parked?after=raw_1"
	looking := p
	looking.May = false
	return []ui.Exhibit{shown("parked", parkedView(p)), shown("parked-looking-only", parkedView(looking)), shown("parked-none", parkedView(none))}
}

func (g walk) rules() []ui.Exhibit {
	read := g.reading()
	shipped := policyPage{
		Frame: g.frame("/console/policy", "console.nav_policy"), Source: remedy.Default,
		Since: g.t("console.policy_shipped"), Meaning: g.t("console.policy_default"),
	}
	shipped.Sample, shipped.Cases = ask(read, remedy.Default, money.EUR)
	own := shipped
	own.Since, own.Meaning = read.T("console.policy_since", map[string]any{"When": read.When(on(8, 0), fact.Minute)}), g.t("console.policy_own")
	own.History = []versionRow{{Since: read.When(on(8, 0), fact.Minute), By: "Claire Vernay", Source: remedy.Default}}
	return []ui.Exhibit{shown("policy", policyView(shipped)), shown("policy-own", policyView(own))}
}

func (g walk) accounts() []ui.Exhibit {
	v := invented()
	p := account{
		Frame: g.frame("/console/account", "console.nav_account"), Name: v.Staff.Name, Email: v.Staff.Email, Set: setWords(g.loc, v.Staff.Set), Shop: v.Shop.Name,
		Since: g.reading().When(v.Staff.Since, fact.ADay),
	}
	several := p
	several.Others = []merchant.Seat{{Merchant: "mer_2", Shop: "Librairie du Port"}, {Merchant: "mer_3", Shop: "Fleurs du Canal"}}
	return []ui.Exhibit{shown("account", accountPage(p)), shown("account-several", accountPage(several))}
}
