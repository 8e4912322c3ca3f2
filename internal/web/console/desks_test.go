package console_test

import (
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/payment"
	"github.com/promesse-dev/promesse/internal/payment/offline"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/egress"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/web/console"
	"github.com/promesse-dev/promesse/internal/webhook"
)

// contested is a return of two bottles of which the owner gave a part, and the
// shopper does not agree.
func (o *office) contested() (returns.Return, returns.Dispute) {
	o.T.Helper()
	b := o.inspected("E-1", 2)
	line := string(o.lineOf(b.Order))
	part := url.Values{"do": {"decide"}, "seen": {"0"}, "outcome": {"partial"}, "amount:" + line: {"9,80"}, "units:" + line: {"1"}, "code:" + line: {"used"}}
	must(o.T.(*testing.T), o.send(merchant.Owner, path(b.ID)+"/decide", part), 303)
	var d returns.Dispute
	o.Do(o.ID, func(tx *flow.Tx) (err error) {
		d, err = returns.Contest(tx, o.ID, b.ID, returns.Statement{By: fact.ByShopper, Words: "Je ne l'ai jamais ouverte."})
		return err
	})
	return b, d
}

func TestADisputeIsAnsweredAndSettledByAnotherPerson(t *testing.T) {
	o := takesBack(t)
	b, d := o.contested()
	at := "/console/disputes/" + string(d.ID)
	says(t, "the queue", must(t, o.get(merchant.Viewer, "/console/disputes"), 200), "E-1", "À vous de répondre", "la règle donne raison au client")
	says(t, "the start", o.get(merchant.Agent, "/console/"), "1 litige ouvert")
	mine := must(t, o.get(merchant.Owner, at), 200)
	says(t, "whoever decided", mine, "Je ne l'ai jamais ouverte.", "une autre personne règle le litige")
	if strings.Contains(mine.Body, at+"/settle") {
		t.Error("whoever decided is offered to settle")
	}
	says(t, "and may not", must(t, o.send(merchant.Owner, at+"/settle", url.Values{"do": {"settle"}, "verdict": {"rejected"}, "words": {"Non."}}), 422), "Vous avez déjà eu part")

	must(t, o.send(merchant.Agent, at+"/answer", nil), 422)
	for range 2 {
		goes(t, o.send(merchant.Agent, at+"/answer", url.Values{"words": {"Avez-vous une photo ?"}}), at+"?done=answered")
	}
	if said := o.get(merchant.Agent, at).All(".quote"); len(said) < 2 || said[1] != "Avez-vous une photo ?" {
		t.Errorf("said %q", said)
	}
	says(t, "their turn", o.get(merchant.Agent, "/console/disputes"), "Au client de répondre")

	form := url.Values{"do": {"look"}, "verdict": {"upheld"}, "outcome": {"full"}}
	second := "lea@shop.example"
	says(t, "without words", must(t, o.as(second, at+"/settle", form), 422), "obligatoire")
	form.Set("words", "La bouteille était intacte.")
	says(t, "what it comes to", must(t, o.as(second, at+"/settle", form), 200), "Cela fait 25,90 €", "Régler ainsi")
	form.Set("do", "settle")
	for range 2 {
		goes(t, o.as(second, at+"/settle", form), at+"?done=settled")
	}
	says(t, "settled", o.get(merchant.Owner, path(b.ID)), "Le client avait raison", "Tout le reste est rendu : 25,90 €")
	if all := o.decisions(b.ID); len(all) != 2 {
		t.Errorf("%d decisions", len(all))
	}
	must(t, o.send(merchant.Agent, at+"/answer", url.Values{"words": {"Trop tard."}}), 422)
	says(t, "nobody disagrees any more", o.get(merchant.Owner, "/console/disputes"), "Aucun litige")
	says(t, "all of them", o.get(merchant.Owner, "/console/disputes?show=all"), "Le client avait raison")
}

func TestADecisionMayStay(t *testing.T) {
	o := takesBack(t)
	b, d := o.contested()
	at := "/console/disputes/" + string(d.ID)
	form := url.Values{"do": {"look"}, "verdict": {"rejected"}, "words": {"Les photos le montrent."}}
	says(t, "what it comes to", must(t, o.as("lea@shop.example", at+"/settle", form), 200), "La décision reste : rien de plus n'est rendu")
	form.Set("do", "settle")
	goes(t, o.as("lea@shop.example", at+"/settle", form), at+"?done=settled")
	if all := o.decisions(b.ID); len(all) != 1 {
		t.Errorf("%d decisions", len(all))
	}
}

// refunded is a return that the shop owes 14.90 for, to be paid by itself.
func (o *office) refunded() payment.Refund {
	o.T.Helper()
	b := o.inspected("E-1", 1)
	must(o.T.(*testing.T), o.send(merchant.Owner, path(b.ID)+"/decide", url.Values{"do": {"decide"}, "seen": {"0"}, "outcome": {"full"}}), 303)
	o.Handle(payment.Desk{Flow: o.Flow, Vault: o.config.Vault, Providers: map[payment.Provider]payment.Refunder{payment.Offline: offline.Provider{}}}.Executor())
	o.pays(b.Order)
	all := o.pays(b.Order) // as it stands after the errand
	if len(all) != 1 || all[0].State != payment.Asked {
		o.T.Fatalf("refunds %+v", all)
	}
	return all[0]
}

func TestARefundIsNotedAsPaidByHand(t *testing.T) {
	o := takesBack(t)
	r := o.refunded()
	at := "/console/refunds/" + string(r.ID) + "/confirm"
	says(t, "what waits", must(t, o.get(merchant.Agent, "/console/refunds"), 200), "E-1", "14,90 €", "À payer par vous", "Noter 14,90 € comme payés")
	if strings.Contains(o.get(merchant.Viewer, "/console/refunds").Body, at) {
		t.Error("who only looks is offered to confirm")
	}
	must(t, o.send(merchant.Viewer, at, url.Values{"reference": {"VIR 12"}}), 403)
	wrong := must(t, o.send(merchant.Agent, at, url.Values{"reference": {""}, "day": {"2026-03-02"}}), 422)
	says(t, "without a reference", wrong, "obligatoire")
	if got := wrong.Attributes("input", "value"); !slices.Contains(got, "2026-03-02") {
		t.Errorf("what was typed is gone: %q", got)
	}
	must(t, o.send(merchant.Agent, at, url.Values{"reference": {"VIR 12"}, "day": {"demain"}}), 422)
	must(t, o.send(merchant.Agent, at, url.Values{"reference": {"VIR 12"}, "day": {"2026-03-09"}}), 422)
	must(t, o.send(merchant.Agent, at, url.Values{"reference": {"VIR 12"}, "day": {"2020-01-01"}}), 422)
	for range 2 {
		goes(t, o.send(merchant.Agent, at, url.Values{"reference": {"VIR 12"}}), "/console/refunds?done=refunded")
	}
	says(t, "paid", o.get(merchant.Agent, path(r.Return)), "VIR 12", "Sur le compte d'ici")
	says(t, "nothing waits", o.get(merchant.Agent, "/console/refunds"), "Aucun remboursement n'attend")
	must(t, o.send(merchant.Agent, "/console/refunds/"+string(r.ID)+"/look", nil), 422)
}

func TestMoneyThatHasNotComeIsAnswered(t *testing.T) {
	o := takesBack(t)
	r := o.refunded()
	must(t, o.send(merchant.Agent, "/console/refunds/"+string(r.ID)+"/confirm", url.Values{"reference": {"VIR 12"}}), 303)
	o.Pass(40 * 24 * time.Hour)
	o.Do(o.ID, func(tx *flow.Tx) error {
		_, err := payment.Missed(tx, o.ID, r.ID)
		return err
	})
	says(t, "the start", o.get(merchant.Agent, "/console/"), "1 client cherche son argent")
	page := must(t, o.get(merchant.Agent, "/console/refunds?show=missed"), 200)
	says(t, "the queue", page, "E-1", "que rien n'est arrivé", "L'argent est arrivé")
	at := "/console/refunds/" + string(r.ID) + "/claim"
	must(t, o.send(merchant.Agent, at, url.Values{"outcome": {"perhaps"}, "show": {"missed"}}), 422)
	for range 2 {
		goes(t, o.send(merchant.Agent, at, url.Values{"outcome": {"found"}, "show": {"missed"}}), "/console/refunds?done=claimed&show=missed")
	}
	says(t, "nobody looks for it", o.get(merchant.Agent, "/console/refunds?show=missed"), "Aucun client ne cherche son argent")
	for _, show := range []string{"unknown", "pending", "sent", "nonsense"} {
		must(t, o.get(merchant.Viewer, "/console/refunds?show="+show), 200)
	}
}

func TestAWithdrawalWaitsForItsAcknowledgement(t *testing.T) {
	o := takesBack(t)
	var w returns.Withdrawal
	o.Do(o.ID, func(tx *flow.Tx) (err error) {
		w, _, err = returns.Withdraw(tx, o.ID, returns.Renouncing{Name: "Camille Durand", Contract: "ma commande de mardi", Email: "camille@example.com"})
		return err
	})
	says(t, "the start", o.get(merchant.Agent, "/console/"), "1 rétractation à confirmer")
	says(t, "the queue", must(t, o.get(merchant.Viewer, "/console/withdrawals"), 200), "Commande à trouver : ma commande de mardi", "Accusé de réception dû avant", "il reste")
	at := "/console/withdrawals/" + string(w.ID)
	says(t, "as it was received", must(t, o.get(merchant.Agent, at), 200), "ma commande de mardi", w.Hash, "Nous ne savons pas de quelle commande il s'agit")
	o.Pass(25 * time.Hour)
	says(t, "late", o.get(merchant.Agent, "/console/withdrawals"), "Accusé en retard", "en retard de")
	must(t, o.send(merchant.Viewer, at+"/acknowledge", nil), 403)
	for range 2 {
		goes(t, o.send(merchant.Agent, at+"/acknowledge", nil), at+"?done=acknowledged")
	}
	says(t, "nothing waits", o.get(merchant.Agent, "/console/withdrawals"), "Aucune rétractation n'attend")
	says(t, "all of them", o.get(merchant.Agent, "/console/withdrawals?show=all"), "Accusé envoyé")
	must(t, o.get(merchant.Agent, "/console/withdrawals/wdr_nothing"), 404)
}

// hears opens an office whose shop's own systems answer with a status.
func hears(t *testing.T, status *int) *office {
	t.Helper()
	var office webhook.Office
	o := open(t, func(c *console.Config) {
		out := egress.New(egress.Options{Wall: c.Flow.Clock().Wall, Transport: answering{status}})
		office = webhook.Office{Flow: c.Flow, Vault: c.Vault, Out: out}
		c.Hooks = office
	})
	o.Handle(office.Sender())
	return o
}

// answering is a system that answers every call the same.
type answering struct{ status *int }

func (a answering) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: *a.status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("")), Request: r}, nil
}

func TestAnAddressIsAddedAndItsSecretShownOnce(t *testing.T) {
	status := 200
	o := hears(t, &status)
	const at = "/console/settings/webhooks"
	form := url.Values{"url": {"https://erp.example/hooks"}, "label": {"ERP"}, "kind:order.placed": {"yes"}, "seen": {"0"}}
	for law, change := range map[string][2]string{"no address": {"url", "nonsense"}, "a private one": {"url", "https://10.0.0.1/x"}, "no event": {"kind:order.placed", ""}} {
		wrong := url.Values{}
		for k, v := range form {
			wrong[k] = v
		}
		wrong.Set(change[0], change[1])
		if a := must(t, o.send(merchant.Developer, at, wrong), 422); !slices.Contains(a.Attributes("input", "value"), "ERP") {
			t.Errorf("%s: what was typed is gone", law)
		}
	}
	secret := must(t, o.send(merchant.Developer, at, form), 200)
	if key := secret.One("code.key"); !strings.HasPrefix(key, "whsec_") {
		t.Fatalf("the secret is %q", key)
	}
	again := must(t, o.send(merchant.Developer, at, form), 422)
	says(t, "sent twice", again, "vient d'être ajoutée")
	list := must(t, o.get(merchant.Developer, at), 200)
	if strings.Contains(list.Body, "whsec_") {
		t.Error("the secret is shown again")
	}
	var id ident.Endpoint
	o.See(func(tx *db.Tx) error {
		all, err := webhook.List(tx, o.ID)
		if len(all) != 1 {
			t.Fatalf("%d addresses", len(all))
		}
		id = all[0].ID
		return err
	})
	one := at + "/" + string(id)
	if key := must(t, o.send(merchant.Developer, one+"/rotate", url.Values{"overlap": {"1h"}}), 200).One("code.key"); !strings.HasPrefix(key, "whsec_") || key == secret.One("code.key") {
		t.Errorf("the new secret is %q", key)
	}
	must(t, o.send(merchant.Developer, one+"/rotate", url.Values{"overlap": {"for ever"}}), 422)
	must(t, o.send(merchant.Developer, one+"/rotate", url.Values{"overlap": {"90000h"}}), 422)
	form.Set("url", "https://erp.example/other")
	form.Set("kind:returns.decided", "yes")
	goes(t, o.send(merchant.Developer, one, form), at+"?done=hook_changed")
	says(t, "changed", o.get(merchant.Developer, at), "https://erp.example/other", "Entend 2 sortes d'événements")

	tested := o.send(merchant.Developer, one+"/test", nil)
	delivery, ok := strings.CutSuffix(tested.Header.Get("Location"), "?done=hook_tested")
	if tested.Status != 303 || !ok {
		t.Fatalf("%d to %q", tested.Status, tested.Header.Get("Location"))
	}
	o.Quiet()
	says(t, "arrived", must(t, o.get(merchant.Viewer, delivery), 200), "Arrivé", "webhook.test", "dernière réponse 200")
	says(t, "the list", must(t, o.get(merchant.Agent, "/console/deliveries"), 200), "webhook.test", "ERP")
	must(t, o.send(merchant.Viewer, delivery+"/replay", nil), 403)
	for range 2 {
		goes(t, o.send(merchant.Developer, delivery+"/replay", nil), delivery+"?done=hook_replayed")
	}
	o.Do(o.ID, func(tx *flow.Tx) error { // as after three days without an answer
		return tx.Do("update webhook_delivery set state = 'dead', next = null where merchant = $1", o.ID)
	})
	dead := "/console/deliveries?state=dead"
	says(t, "what was given up, at the start", must(t, o.get(merchant.Developer, "/console/"), 200), "1 webhook abandonné")
	if !strings.Contains(o.get(merchant.Developer, "/console/").Body, dead) {
		t.Error("nothing leads to where it is sent again")
	}
	says(t, "there it is", must(t, o.get(merchant.Developer, dead), 200), "webhook.test")
	goes(t, o.send(merchant.Developer, one+"/wake", nil), at+"?done=hook_woken")
	goes(t, o.send(merchant.Developer, one+"/replay", nil), at+"?done=hook_replayed")
	goes(t, o.send(merchant.Developer, one+"/remove", nil), at+"?done=hook_removed")
	must(t, o.send(merchant.Developer, one+"/remove", nil), 404)
	says(t, "gone", o.get(merchant.Developer, at), "Aucune adresse n'entend")
	must(t, o.get(merchant.Viewer, "/console/deliveries?state=dead&endpoint="+string(id)), 200)
}

// terms is the form of the conditions as the page has it, by name.
func terms(o *office, set merchant.Set) url.Values {
	o.T.Helper()
	page := o.get(set, "/console/settings/returns")
	form := url.Values{}
	names, values := page.Attributes("input", "name"), page.Attributes("input", "value")
	if len(names) != len(values) {
		o.T.Fatalf("%d names, %d values", len(names), len(values))
	}
	for i, name := range names {
		form.Set(name, values[i])
	}
	form.Set("reasons", "late | arrived_late\nbroken | damaged | photo | Cassé | Broken\n")
	return form
}

func TestConditionsAreSetFieldByField(t *testing.T) {
	o := takesBack(t)
	const at = "/console/settings/returns"
	form := terms(o, merchant.Owner)
	form.Set("process_days", "0")
	form.Set("legal_rate", "beaucoup")
	wrong := must(t, o.send(merchant.Owner, at, form), 422)
	if got := wrong.Attributes("input", "aria-invalid"); len(got) != 1 { // the rate can not be read, so nothing else is looked at yet
		t.Errorf("%d fields are said to be wrong", len(got))
	}
	form.Set("legal_rate", "6,75")
	must(t, o.send(merchant.Owner, at, form), 422)
	form.Set("process_days", "10")
	form.Set("limit:agent", "15,50")
	form.Set("shop_cap", "1 000")
	goes(t, o.send(merchant.Owner, at, form), at+"?done=terms")
	read := func() (c returns.Conditions) {
		o.See(func(tx *db.Tx) (err error) {
			c, err = returns.ConditionsOf(tx, o.ID)
			return err
		})
		return c
	}
	c := read()
	if c.ProcessDays != 10 || *c.LegalRate != 675 || c.Limits[merchant.Agent] != 1550 || c.ShopCap != 100_000 || len(c.Reasons) != 2 || !c.Reasons[1].Photo || c.Warehouse.City != "Lyon" {
		t.Errorf("%+v", c)
	}
	less := terms(o, merchant.Developer)
	less.Set("limit:agent", "9999")
	goes(t, o.send(merchant.Developer, at, less), at+"?done=terms")
	if got := read().Limits[merchant.Agent]; got != 1550 {
		t.Errorf("a developer set the limit of agents to %d", got)
	}
	less.Set("carrier:relay", "con_nobody")
	must(t, o.send(merchant.Developer, at, less), 422)
}

func TestAPolicyIsCheckedBeforeItIsKept(t *testing.T) {
	o := takesBack(t)
	const at = "/console/settings/returns"
	broken := must(t, o.send(merchant.Owner, at+"/policy", url.Values{"source": {"{ days: perhaps }"}, "do": {"keep"}}), 422)
	if got := broken.All("textarea.code"); !slices.Equal(got, []string{"{ days: perhaps }"}) {
		t.Errorf("what was typed is gone: %q", got)
	}
	longer := strings.Replace(returns.Default, `365 : 30,`, `365 : 45,`, 1)
	says(t, "tried", must(t, o.send(merchant.Owner, at+"/policy", url.Values{"source": {longer}, "do": {"try"}}), 200), "Rien n'est encore changé", "les règles livrées")
	goes(t, o.send(merchant.Owner, at+"/policy", url.Values{"source": {longer}, "do": {"keep"}}), at+"?done=return_policy")
	says(t, "kept", o.get(merchant.Owner, at), `365 : 45,`)
	must(t, o.send(merchant.Owner, at+"/notice", nil), 422)
	goes(t, o.send(merchant.Owner, at+"/notice", url.Values{"words": {"Quatorze jours pour vous rétracter."}}), at+"?done=notice")
	says(t, "the notice", o.get(merchant.Owner, at), "Quatorze jours pour vous rétracter.")
}

func TestAStoreIsKeptWithItsHours(t *testing.T) {
	o := takesBack(t)
	const at = "/console/settings/stores"
	form := url.Values{
		"code": {"LYON"}, "name": {"Bellecour"}, "street": {"1 place Bellecour"}, "postcode": {"69002"}, "city": {"Lyon"}, "country": {"fr"},
		"services": {"send, collect"}, "hours": {"Mo-Fr 09:00-19:00; Sa 25:00"},
	}
	bad := must(t, o.send(merchant.Owner, at, form), 422)
	if got := bad.All("textarea"); !slices.Contains(got, "Mo-Fr 09:00-19:00; Sa 25:00") {
		t.Errorf("what was typed is gone: %q", got)
	}
	form.Set("hours", "Mo-Fr 09:00-19:00; PH off")
	form.Set("do", "try")
	says(t, "tried", must(t, o.send(merchant.Owner, at, form), 200), "Ces horaires, jour par jour", "lundi 2 mars 09:00–19:00", "Aucun magasin")
	form.Set("do", "keep")
	for range 2 {
		goes(t, o.send(merchant.Owner, at, form), at+"?done=store")
	}
	says(t, "kept", o.get(merchant.Owner, at), "1 place Bellecour, 69002 Lyon", "LYON · collect, send")
	if got := o.get(merchant.Owner, at+"?code=LYON").Attributes("input", "value"); !slices.Contains(got, "Bellecour") {
		t.Errorf("to be changed: %q", got)
	}
	form.Set("postcode", "ABC")
	must(t, o.send(merchant.Owner, at, form), 422)
	for range 2 {
		goes(t, o.send(merchant.Owner, at+"/close", url.Values{"code": {"LYON"}}), at+"?done=store_closed")
	}
	must(t, o.send(merchant.Owner, at+"/close", url.Values{"code": {"PARIS"}}), 404)
	says(t, "closed", o.get(merchant.Owner, at), "Fermé le")
}
