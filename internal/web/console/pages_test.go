package console_test

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/remedy"
	"github.com/promesse-dev/promesse/internal/tracking"
	"github.com/promesse-dev/promesse/internal/web/console"
	"github.com/promesse-dev/promesse/internal/web/webtest"
)

// writes has the confirmation of an order decided on, sent through a mail server
// that answers so.
func (o *office) writes(answer error) {
	o.T.Helper()
	o.Handle(notify.Office{
		Flow: o.Flow, Host: "suivi.example",
		Compose: func(*db.Tx, ident.Merchant, notify.Message) (notify.Letter, error) {
			return notify.Letter{
				Subject: "Commande confirmée", Text: "Merci.\n" + notify.PageMark,
				HTML: `<!doctype html><html><head><title>x</title></head><body style="color:red"><script>alert(1)</script><a href="` + notify.PageMark + `">Voir</a></body></html>`,
			}, nil
		},
		Channels: notify.Channels{notify.Email: func(context.Context, notify.Letter) error { return answer }},
	}.Sender())
}

// told decides on the news of an order's placing.
func (o *office) told(id ident.Order) {
	o.T.Helper()
	o.Do(o.ID, func(tx *flow.Tx) error {
		facts, err := flow.Timeline(tx.Tx, o.ID, string(id))
		if err != nil {
			return err
		}
		return notify.Consider(tx, facts[:1])
	})
	o.Quiet()
}

// message is the newest message about an order.
func (o *office) message(id ident.Order) (m notify.Message) {
	o.T.Helper()
	o.See(func(tx *db.Tx) error {
		of, err := notify.OfOrders(tx, o.ID, []ident.Order{id})
		if all := of[id]; len(all) > 0 {
			m = all[len(all)-1]
		}
		return err
	})
	return m
}

func (o *office) placed(reference string) ident.Order {
	o.T.Helper()
	id := o.Order(reference, webtest.Sale{}).Order.ID
	o.writes(nil)
	return id
}

func TestAMessageAsItWasSent(t *testing.T) {
	o := open(t)
	id := o.placed("E-1")
	o.placedFact(id)
	o.told(id)
	m := o.message(id)
	row := must(t, o.get(merchant.Viewer, "/console/outbox"), 200).All(".rows li")
	if len(row) != 1 || row[0] != "Commande confirmée Camille Durand Envoyé lundi 2 mars à 09:00" {
		t.Errorf("listed %q", row)
	}
	a := must(t, o.get(merchant.Viewer, "/console/outbox/"+string(m.ID)), 200)
	text := a.One("main")
	for _, want := range []string{
		"De Épicerie Bellecour", "À Camille Durand <camille@example.com>", "Message-ID <" + string(m.ID) + "@suivi.example>",
		"Date Mon, 02 Mar 2026 09:00:00 +0100", "Merci. " + base + "/console/orders/" + string(id), "Envoyé",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("it does not say %q:\n%s", want, text)
		}
	}
	frame := a.Attributes("iframe", "src")
	if len(frame) != 1 || !slices.Equal(a.Attributes("iframe", "sandbox"), []string{"allow-top-navigation-by-user-activation"}) {
		t.Fatalf("framed %q", frame)
	}
	if policy := a.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "frame-src 'self'") {
		t.Errorf("the page may not show it: %s", policy)
	}
	inside := must(t, o.get(merchant.Viewer, frame[0]), 200)
	policy := inside.Header.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "sandbox allow-top-navigation-by-user-activation", "frame-ancestors 'self'"} {
		if !strings.Contains(policy, want) {
			t.Errorf("the letter is shown under %q, without %s", policy, want)
		}
	}
	if strings.Contains(policy, "script") || strings.Contains(inside.Body, "/p/") || !strings.Contains(inside.Body, base+"/console/orders/"+string(id)) {
		t.Errorf("%s\n%s", policy, inside.Body)
	}
	must(t, o.get(merchant.Viewer, "/console/outbox/msg_none"), 404)
	if got := o.get(merchant.Viewer, "/console/outbox/msg_none/html").Status; got != 404 {
		t.Errorf("no such letter: %d", got)
	}
}

// placedFact insists that the first fact of an order is its placing.
func (o *office) placedFact(id ident.Order) {
	o.T.Helper()
	o.See(func(tx *db.Tx) error {
		facts, err := flow.Timeline(tx, o.ID, string(id))
		if len(facts) == 0 || facts[0].Kind != "order.placed" {
			o.T.Fatalf("it begins with %+v", facts)
		}
		return err
	})
}

// In the demo the shoppers are invented, and their pages are shown.
func TestTheDemoShowsTheShoppersPage(t *testing.T) {
	page := func(ident.Order) string { return base + "/p/secret" }
	o := open(t, func(c *console.Config) { c.Page = page })
	id := o.placed("E-1")
	o.told(id)
	if got := o.get(merchant.Viewer, "/console/outbox/"+string(o.message(id).ID)).One("pre.words"); got != "Merci. "+base+"/p/secret" {
		t.Errorf("%q", got)
	}
	if a := o.get(merchant.Viewer, "/console/orders/"+string(id)); !slices.Contains(a.Attributes("main a", "href"), base+"/p/secret") {
		t.Error("the order's page does not lead there")
	}
}

func TestMessagesThatDidNotLeaveSayWhy(t *testing.T) {
	o := open(t)
	failed, skipped := o.placed("E-1"), o.placed("E-2")
	o.writes(notify.Refused{Reason: "smtp_550", Err: errors.New("no such mailbox")})
	o.told(failed)
	o.optOut(skipped)
	for state, want := range map[string]string{
		"failed":  "Commande confirmée Camille Durand Échec lundi 2 mars à 09:00 · Le serveur de messagerie l'a refusé (smtp_550).",
		"skipped": "promesse non tenue Camille Durand Non envoyé lundi 2 mars à 09:00 · La personne ne veut plus de ces messages.",
		"sent":    "",
		"":        "2",
	} {
		rows := must(t, o.get(merchant.Agent, "/console/outbox?state="+state), 200).All(".rows li")
		switch {
		case want == "2" && len(rows) != 2, want == "" && len(rows) != 0, len(want) > 1 && !slices.Equal(rows, []string{want}):
			t.Errorf("%s: %q, want %q", state, rows, want)
		}
	}
	a := must(t, o.get(merchant.Agent, "/console/outbox/"+string(o.message(skipped).ID)), 200)
	if text := a.One("main"); !strings.Contains(text, "Ce message n'a jamais été écrit.") || len(a.All("iframe")) != 0 {
		t.Errorf("%s", text)
	}
	start := must(t, o.get(merchant.Owner, "/console/"), 200)
	if got := start.All(".tasks li"); len(got) != 2 || !strings.HasPrefix(got[0], "1 travail en panne") || !strings.HasPrefix(got[1], "1 message non parti") {
		t.Errorf("waiting: %q", got)
	}
}

// optOut has the shopper of an order refuse confirmations.
// optOut has the shopper of an order want no word of broken promises, and one break.
func (o *office) optOut(id ident.Order) {
	o.T.Helper()
	o.Do(o.ID, func(tx *flow.Tx) error {
		facts, err := flow.Timeline(tx.Tx, o.ID, string(id))
		if err != nil {
			return err
		}
		who := facts[0].Body.(fact.OrderPlaced).Shopper
		no := notify.Preference{Shopper: who, Topic: fact.TopicBroken, Channel: notify.Email}
		if err := notify.Prefer(tx, o.ID, no); err != nil {
			return err
		}
		broken := fact.PromiseBroken{Ruling: fact.Ruling{Promise: fact.Promise{Commitment: "com_x", Owed: fact.DeliverBy, Order: id, Shopper: who}}}
		return notify.Consider(tx, []flow.Fact{{Merchant: o.ID, Body: broken}})
	})
}

func TestParkedWorkIsTriedAgain(t *testing.T) {
	o := open(t)
	id := o.placed("E-1")
	o.writes(notify.Refused{Reason: "smtp_550", Err: errors.New("no such mailbox")})
	o.told(id)
	a := must(t, o.get(merchant.Developer, "/console/parked"), 200)
	if got := a.One(".part h3") + "; " + a.One("pre.wrong"); got != "Message à envoyer; smtp_550: no such mailbox" {
		t.Errorf("parked: %q", got)
	}
	if got := o.get(merchant.Viewer, "/console/parked").All(".part button"); len(got) != 0 {
		t.Errorf("a viewer is shown %q", got)
	}
	form := url.Values{"like": a.Attributes(".part input", "value")}
	goes(t, o.send(merchant.Developer, "/console/parked/errand", form), "/console/parked?done=readied")
	o.writes(nil)
	o.Quiet()
	if m := o.message(id); m.State != notify.Sent {
		t.Errorf("the message is %s", m.State)
	}
	goes(t, o.send(merchant.Developer, "/console/parked/errand", form), "/console/parked?done=gone")
	if got := o.get(merchant.Owner, "/console/parked?done=readied").One("p.told"); got != "C'est remis au travail." {
		t.Errorf("said %q", got)
	}
	if got := o.get(merchant.Owner, "/console/parked?done=nonsense").All("p.told"); len(got) != 0 {
		t.Errorf("said %q", got)
	}
}

// A policy that fails parks the repair; once mended, it is run again by a click,
// and the timeline says who clicked.
func TestAReactionThatFailedIsRunAgain(t *testing.T) {
	o := open(t)
	o.Do(o.ID, func(tx *flow.Tx) error {
		_, err := merchant.SetPolicy(tx, o.ID, remedy.Topic, `{"otherwise": 1}`)
		return err
	})
	id := o.Order("E-1", webtest.Sale{}).Order.ID
	o.Order("E-2", webtest.Sale{})
	o.At("2026-03-04 02:00")
	o.Quiet()
	a := must(t, o.get(merchant.Owner, "/console/parked"), 200)
	if got := a.All(".part"); len(got) != 1 || !strings.HasPrefix(got[0], "Réparation à décider 2 fois · remedy.Consider on promise.broken") {
		t.Fatalf("parked: %q", got)
	}
	if got := a.Attributes(".part li a", "href"); len(got) != 2 || !slices.Contains(got, "/console/orders/"+string(id)) {
		t.Errorf("it leads to %q", got)
	}
	form := url.Values{"like": a.Attributes(".part input", "value")}
	goes(t, o.send(merchant.Owner, "/console/parked/reaction", form), "/console/parked?done=failed_again")
	o.Do(o.ID, func(tx *flow.Tx) error {
		_, err := merchant.SetPolicy(tx, o.ID, remedy.Topic, remedy.Default)
		return err
	})
	goes(t, o.send(merchant.Owner, "/console/parked/reaction", form), "/console/parked?done=replayed")
	goes(t, o.send(merchant.Owner, "/console/parked/reaction", form), "/console/parked?done=gone")
	page := o.get(merchant.Owner, "/console/orders/"+string(id))
	o.mustTell(page, "Réparation accordée")
	if got := o.get(merchant.Owner, "/console/parked").One("main"); !strings.Contains(got, "Rien n'est en panne.") {
		t.Errorf("%s", got)
	}
}

func TestWhatCarriersSentAndNobodyUnderstood(t *testing.T) {
	o := open(t)
	o.Do(o.ID, func(tx *flow.Tx) error {
		kept, err := tracking.Keep(tx, o.ID, []tracking.Payload{{Connection: o.Carrier, Body: []byte(`{"status":"<b>teleported</b>"}`), ContentType: "application/json"}})
		if err != nil {
			return err
		}
		return tracking.Misread(tx, o.ID, kept[0].Raw, "no such status")
	})
	a := must(t, o.get(merchant.Agent, "/console/parked"), 200)
	text := a.One("main")
	for _, want := range []string{"Colis Express", "Non lu", "no such status", `{"status":"<b>teleported</b>"}`} {
		if !strings.Contains(text, want) {
			t.Errorf("it does not say %q: %s", want, text)
		}
	}
}

func TestThePolicyInForceAndWhatItMeans(t *testing.T) {
	o := open(t)
	a := must(t, o.get(merchant.Agent, "/console/policy"), 200)
	cases := map[string]string{}
	for _, row := range a.All("tbody tr") {
		for _, want := range []string{"10 minutes de retard", "30 minutes de retard, juste", "31 minutes de retard", "une unité manquante", "deux unités manquantes", "un jour de retard, du fait du client"} {
			if answer, is := strings.CutPrefix(row, want+" "); is {
				cases[want] = answer
			}
		}
	}
	for c, want := range map[string]string{
		"10 minutes de retard":                 "Rien : dans la tolérance.",
		"30 minutes de retard, juste":          "Rien : dans la tolérance.",
		"31 minutes de retard":                 "5,90 € de crédit",
		"une unité manquante":                  "Rien : dans la tolérance.",
		"deux unités manquantes":               "5,90 € de crédit",
		"un jour de retard, du fait du client": "Rien : le client en est la cause.",
	} {
		if cases[c] != want {
			t.Errorf("%s: %q, want %q", c, cases[c], want)
		}
	}
	if text := a.One("main"); !strings.Contains(text, "plus de 30 minutes") || !strings.Contains(text, "la boutique n'en a pas écrit d'autre") || strings.Contains(text, "Versions") {
		t.Errorf("%s", text)
	}

	generous := `{"thresholds": [duration("5m")], "grants": [{"rule": "any", "kind": "delivery", "when": late > duration("5m"), "amount": 300}], "otherwise": "not_late"}`
	for _, source := range []string{remedy.Default + "\n", generous} {
		o.Pass(time.Hour)
		o.Do(o.ID, func(tx *flow.Tx) error {
			_, err := merchant.SetPolicy(tx, o.ID, remedy.Topic, source)
			return err
		})
	}
	a = must(t, o.get(merchant.Agent, "/console/policy"), 200)
	text := a.One("main")
	for _, want := range []string{
		"Règle écrite par la boutique", "En vigueur depuis lundi 2 mars à 11:00", "10 minutes de retard 3,00 € de crédit",
		"une unité manquante La politique de la boutique répond : not_late.", "Versions", "lundi 2 mars à 10:00 · test",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("it does not say %q: %s", want, text)
		}
	}
	if got := len(a.All("details")); got != 2 {
		t.Errorf("%d versions", got)
	}
}

func TestTheLookIsTriedAndKept(t *testing.T) {
	o := open(t)
	tried := must(t, o.send(merchant.Owner, "/console/settings", url.Values{"do": {"try"}, "accent": {"#ffe600"}, "shown": {"Bellecour"}}), 200)
	if got := tried.Attributes("img.preview", "src"); !slices.Equal(got, []string{"/console/settings/preview.svg?accent=ffe600"}) {
		t.Errorf("previewed by %q", got)
	}
	if got := tried.Attributes("input", "value"); got[0] != "#ffe600" || got[1] != "Bellecour" {
		t.Errorf("typed %q", got)
	}
	if b := o.brand(); b.Accent != "" {
		t.Errorf("trying kept %+v", b)
	}
	svg := must(t, o.get(merchant.Owner, "/console/settings/preview.svg?accent=ffe600"), 200)
	if svg.Header.Get("Content-Type") != "image/svg+xml" || !strings.Contains(svg.Body, `fill="#ffe600"`) || strings.Count(svg.Body, "#ffe600") != 3 {
		t.Errorf("the picture: %s", svg.Body) // legible on dark ground as it is, darker on light ground
	}
	form := url.Values{"do": {"keep"}, "accent": {"#FFE600"}, "shown": {"Bellecour"}, "contact": {"bonjour@bellecour.example"}, "site": {"https://bellecour.example"}}
	goes(t, o.send(merchant.Owner, "/console/settings", form), "/console/settings?done=brand")
	if got, want := o.brand(), (merchant.Brand{Accent: "#ffe600", Shown: "Bellecour", Contact: "bonjour@bellecour.example", Site: "https://bellecour.example"}); got != want {
		t.Errorf("kept %+v, want %+v", got, want)
	}
	form = url.Values{"do": {"keep"}, "accent": {"red"}, "contact": {"nobody"}, "site": {"javascript:alert(1)"}}
	wrong := must(t, o.send(merchant.Owner, "/console/settings", form), 422)
	if got := wrong.All(".wrong"); len(got) != 3 {
		t.Errorf("told %q", got)
	}
	must(t, o.send(merchant.Agent, "/console/settings", form), 403)
}

func (o *office) brand() (b merchant.Brand) {
	o.T.Helper()
	o.See(func(tx *db.Tx) (err error) {
		b, err = merchant.BrandOf(tx, o.ID)
		return err
	})
	return b
}

func TestWhoWorksHere(t *testing.T) {
	o := open(t)
	o.SignIn(merchant.Owner)
	form := url.Values{"email": {"kim@shop.example"}, "name": {"Kim"}, "set": {"agent"}}
	goes(t, o.send(merchant.Owner, "/console/settings/staff", form), "/console/settings/staff?done=hired")
	twice := must(t, o.send(merchant.Owner, "/console/settings/staff", form), 422)
	if got := twice.One("p.wrong"); !strings.Contains(got, "travaille déjà ici") {
		t.Errorf("told %q", got)
	}
	if got := twice.Attributes("input", "value"); !slices.Contains(got, "kim@shop.example") {
		t.Errorf("what was typed is gone: %q", got)
	}
	kim := o.people()[merchant.Agent]
	path := "/console/settings/staff/" + string(kim.ID)
	goes(t, o.send(merchant.Owner, path, url.Values{"set": {"viewer"}}), "/console/settings/staff?done=changed")
	if got := o.people()[merchant.Viewer]; got.ID != kim.ID {
		t.Errorf("now %+v", got)
	}
	goes(t, o.send(merchant.Owner, path+"/leave", nil), "/console/settings/staff?done=dismissed")
	me := "/console/settings/staff/" + string(o.people()[merchant.Owner].ID)
	for _, last := range []webtest.Answer{o.send(merchant.Owner, me, url.Values{"set": {"agent"}}), o.send(merchant.Owner, me+"/leave", nil)} {
		if got := must(t, last, 422).One("p.wrong"); !strings.Contains(got, "au moins un propriétaire") {
			t.Errorf("told %q", got)
		}
	}
	must(t, o.send(merchant.Owner, "/console/settings/staff/stf_nobody/leave", nil), 404)
	must(t, o.send(merchant.Developer, me, url.Values{"set": {"agent"}}), 403)
}

func TestKeys(t *testing.T) {
	o := open(t)
	form := url.Values{"label": {"Boutique"}, "origins": {"https://shop.example\nhttps://www.shop.example"}}
	goes(t, o.send(merchant.Owner, "/console/settings/keys", form), "/console/settings/keys?done=key")
	wrong := must(t, o.send(merchant.Owner, "/console/settings/keys", url.Values{"label": {"x"}, "origins": {"http://shop.example"}}), 422)
	if got := wrong.One("p.wrong"); !strings.Contains(got, "n'est pas une origine") {
		t.Errorf("told %q", got)
	}
	a := must(t, o.get(merchant.Owner, "/console/settings/keys"), 200)
	if got := a.One("code.key"); !strings.HasPrefix(got, "pk_") {
		t.Errorf("shown %q", got)
	}
	if got := a.One(".part"); !strings.Contains(got, "https://shop.example https://www.shop.example") || !strings.Contains(got, "Valable") {
		t.Errorf("%q", got)
	}
	revoke := a.Attributes(".part form", "action")[0]
	goes(t, o.send(merchant.Owner, revoke, nil), "/console/settings/keys?done=revoked")
	if got := o.get(merchant.Owner, "/console/settings/keys").One(".part"); !strings.Contains(got, "Révoquée lundi 2 mars") {
		t.Errorf("%q", got)
	}
	must(t, o.send(merchant.Owner, "/console/settings/keys/key_nobody/revoke", nil), 404)
}

func TestTheStartSaysWhatWaits(t *testing.T) {
	o := open(t)
	a := must(t, o.get(merchant.Agent, "/console/"), 200)
	if got := a.One("main"); !strings.Contains(got, "Rien n'attend") || !strings.Contains(got, "Aucune commande ici.") {
		t.Errorf("an empty shop: %s", got)
	}
	o.lives()
	a = must(t, o.get(merchant.Agent, "/console/"), 200)
	if got := strings.Join(a.All(".counts div"), "; "); got != "en cours 0; tenues 1; non tenues 2" {
		t.Errorf("counted %s", got)
	}
	if got := found(a); !slices.Equal(got, []string{"E-4", "#E-3", "E-2", "E-1"}) {
		t.Errorf("newest %q", got)
	}
}

// The words of what happened are those of the reader, not of the shopper.
func TestPagesSpeakTheReadersLanguage(t *testing.T) {
	o := open(t)
	_, broken := o.lives()
	a := must(t, o.get(merchant.Viewer, "/console/orders/"+string(broken), "Accept-Language", "en-GB"), 200)
	for _, want := range []string{"Order E-2", "Nothing by the deadline", "Answerable: the carrier", "€5.90 credited to the shopper", "because: Promise broken"} {
		if text := a.One("main"); !strings.Contains(text, want) {
			t.Errorf("it does not say %q: %s", want, text)
		}
	}
	if got := a.Attributes("html", "lang"); got[0] != string(lang.English) {
		t.Errorf("in %q", got)
	}
}
