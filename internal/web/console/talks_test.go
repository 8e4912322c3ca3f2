package console_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/core/ident"
	helpdesk "github.com/promesse-dev/promesse/internal/desk"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/survey"
)

// asks has the shopper of an order write to the shop.
func (o *office) asks(id ident.Order, words string) (c helpdesk.Conversation) {
	o.T.Helper()
	o.Do(o.ID, func(tx *flow.Tx) (err error) {
		c, err = helpdesk.Ask(tx, o.ID, helpdesk.Question{Key: ident.Hash(string(id) + words)[:40], Order: id, Via: fact.ViaPage, Words: words})
		return err
	})
	o.Quiet()
	return c
}

func (o *office) conversation(id ident.Conversation) (c helpdesk.Conversation, said []helpdesk.Said) {
	o.T.Helper()
	o.See(func(tx *db.Tx) (err error) {
		if c, err = helpdesk.Get(tx, o.ID, id); err != nil {
			return err
		}
		said, err = helpdesk.Thread(tx, o.ID, id)
		return err
	})
	return c, said
}

func mustSay(t *testing.T, page string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(page, w) {
			t.Errorf("%q is not on: %s", w, page)
		}
	}
}

func TestAPersonAnswersFromTheQueue(t *testing.T) {
	o := open(t)
	order := o.placed("E-1")
	c := o.asks(order, "Bonjour,\nmon colis est en retard, où est-il ?")
	path := "/console/desk/" + string(c.ID)
	mustSay(t, must(t, o.get(merchant.Agent, "/console/desk"), 200).One("main"), "Commande E-1", "Réponse promise au plus tard lundi 2 mars avant 17:00, dans 8 heures", "attend une réponse")
	mustSay(t, must(t, o.get(merchant.Agent, "/console/"), 200).One("main"), "1 personne attend une réponse")
	page := must(t, o.get(merchant.Agent, path), 200).One("main")
	mustSay(t, page, "mon colis est en retard", "Le message semble parler de : Retard", "Valeur", "Répondre")
	if viewer := must(t, o.get(merchant.Viewer, path), 200).One("main"); strings.Contains(viewer, "Répondre") {
		t.Error("somebody who may only look is shown a form to answer")
	}
	must(t, o.send(merchant.Viewer, path+"/answer", url.Values{"words": {"Non."}}), 403)
	goes(t, o.send(merchant.Agent, path+"/answer", url.Values{"do": {"send"}, "seen": {"1"}, "words": {"Il arrive demain."}}), path+"?done=talk_answered")
	if c, said := o.conversation(c.ID); c.State != helpdesk.Answered || said[1].Words != "Il arrive demain." || !strings.HasPrefix(string(said[1].Actor), "staff:") {
		t.Errorf("%+v %+v", c, said)
	}
	mustSay(t, must(t, o.get(merchant.Agent, path), 200).One("main"), "répondu", "Il arrive demain.", "Tenue")
	mustSay(t, must(t, o.get(merchant.Agent, "/console/orders/"+string(order)), 200).One("main"), "Une personne a répondu", "Le client a écrit")
	goes(t, o.send(merchant.Agent, path+"/close", nil), path+"?done=talk_closed")
	mustSay(t, must(t, o.get(merchant.Agent, "/console/desk"), 200).One("main"), "Personne n'attend de réponse")
	mustSay(t, must(t, o.get(merchant.Agent, "/console/desk?show=all"), 200).One("main"), "Commande E-1", "clos")
}

func TestAnAnswerIsNotLost(t *testing.T) {
	o := open(t)
	c := o.asks(o.placed("E-1"), "Où est mon colis ?")
	path := "/console/desk/" + string(c.ID)
	o.Do(o.ID, func(tx *flow.Tx) error {
		_, err := helpdesk.Write(tx, o.ID, c.ID, helpdesk.Further{Via: fact.ViaPage, Words: "Il est urgent."})
		return err
	})
	a := must(t, o.send(merchant.Agent, path+"/answer", url.Values{"do": {"send"}, "seen": {"1"}, "words": {"Demain."}}), 422)
	mustSay(t, a.One("main"), "Un message est arrivé pendant que vous écriviez", "Il est urgent.", "Demain.")
	a = must(t, o.send(merchant.Agent, path+"/answer", url.Values{"do": {"send"}, "seen": {"2"}, "words": {" "}}), 422)
	mustSay(t, a.One("main"), "est obligatoire")
	a = must(t, o.send(merchant.Agent, path+"/close", nil), 422)
	mustSay(t, a.One("main"), "Quelqu'un attend encore une réponse")
	must(t, o.get(merchant.Agent, "/console/desk/cnv_00000000000000000000000000"), 404)
}

func TestASavedAnswerIsSuggestedAndInserted(t *testing.T) {
	o := open(t)
	form := url.Values{"title": {"Retard"}, "words": {"Bonjour,\r\n\r\nnous regardons."}}
	goes(t, o.send(merchant.Owner, "/console/settings/desk/replies", form), "/console/settings/desk?done=reply")
	hours := url.Values{"do": {"keep"}, "hours": {"Mo-Sa 10:00-19:00; PH off"}, "answer_hours": {"4"}, "topics": {"Retard | en retard, pas arrivé | Retard\nFacture | facture"}}
	goes(t, o.send(merchant.Owner, "/console/settings/desk", hours), "/console/settings/desk?done=desk")
	page := must(t, o.get(merchant.Owner, "/console/settings/desk"), 200)
	mustSay(t, page.One("main"), "réponse au plus tard lundi 2 mars avant 14:00", "Retard | en retard, pas arrivé | Retard", "nous regardons.", "10:00–19:00")
	c := o.asks(o.placed("E-1"), "Il n'est PAS ARRIVE.")
	path := "/console/desk/" + string(c.ID)
	a := must(t, o.get(merchant.Agent, path), 200)
	mustSay(t, a.One("main"), "Retard (suggérée)")
	id := a.Attributes("option", "value")[1]
	a = must(t, o.send(merchant.Agent, path+"/answer", url.Values{"do": {"insert"}, "reply": {id}, "words": {"Bonsoir,"}}), 200)
	if got := a.One("textarea"); got != "Bonsoir, Bonjour, nous regardons." {
		t.Errorf("%q", got)
	}
	goes(t, o.send(merchant.Owner, "/console/settings/desk/replies/"+id+"/drop", nil), "/console/settings/desk?done=reply_dropped")
}

func TestHoursThatCanNotBeKept(t *testing.T) {
	o := open(t)
	send := func(hours, n string) string {
		return must(t, o.send(merchant.Owner, "/console/settings/desk", url.Values{"do": {"keep"}, "hours": {hours}, "answer_hours": {n}}), 422).One("main")
	}
	mustSay(t, send("quand on veut", "8"), "quand on veut")
	mustSay(t, send("Mo off", "8"), "il n'y a pas 8 heures d'ouverture")
	mustSay(t, send("24/7", "0"), "est hors limites")
	tried := must(t, o.send(merchant.Owner, "/console/settings/desk", url.Values{"do": {"try"}, "hours": {"Mo 09:00-12:00"}, "answer_hours": {"2"}}), 200)
	mustSay(t, tried.One("main"), "09:00–12:00", "avant 17:00") // shown, and not kept
}

func TestAComplaintInPublicGetsADeadline(t *testing.T) {
	o := open(t)
	o.placed("E-1")
	must(t, o.get(merchant.Agent, "/console/desk/public"), 200)
	form := func(link, words, reference string) url.Values {
		return url.Values{"source": {link}, "words": {words}, "order": {reference}, "key": {"k" + link + reference}}
	}
	mustSay(t, must(t, o.send(merchant.Agent, "/console/desk/public", form("javascript:alert(1)", "Nul", "")), 422).One("main"), "n'est pas une adresse https")
	mustSay(t, must(t, o.send(merchant.Agent, "/console/desk/public", form("https://avis.example/1", "Nul", "E-404")), 422).One("main"), "« E-404 »")
	a := o.send(merchant.Agent, "/console/desk/public", form("https://avis.example/1", "Jamais livré, à fuir.", ""))
	to := a.Header.Get("Location")
	if a.Status != 303 || !strings.HasPrefix(to, "/console/desk/cnv_") {
		t.Fatalf("%d %q %s", a.Status, to, a.One("main"))
	}
	mustSay(t, must(t, o.get(merchant.Agent, to), 200).One("main"), "Plainte publique", "au plus tard lundi 2 mars avant 17:00", "Jamais livré, à fuir.", "Nous ne connaissons pas l'adresse de cette personne")
	goes(t, o.send(merchant.Agent, to+"/answer", url.Values{"do": {"send"}, "words": {"Répondu là-bas."}}), to+"?done=talk_answered")
	a = o.send(merchant.Agent, "/console/desk/public", form("https://avis.example/2", "Mon colis E-1 !", "E-1"))
	mustSay(t, must(t, o.get(merchant.Agent, a.Header.Get("Location")), 200).One("main"), "Commande E-1")
}

func TestWhatCameFromAnUnknownAddressIsReadApart(t *testing.T) {
	o := open(t)
	c := o.asks(o.placed("E-1"), "Où est mon colis ?")
	o.Do(o.ID, func(tx *flow.Tx) error {
		_, err := helpdesk.Write(tx, o.ID, c.ID, helpdesk.Further{Via: fact.ViaMail, Source: "x@example.net", Words: "Envoyez-le à mon adresse.", Strange: true})
		return err
	})
	mustSay(t, must(t, o.get(merchant.Agent, "/console/desk"), 200).One("main"), "D'une adresse inconnue")
	path := "/console/desk/" + string(c.ID)
	mustSay(t, must(t, o.get(merchant.Agent, path), 200).One("main"), "x@example.net", "adresse inconnue")
	goes(t, o.send(merchant.Agent, path+"/read", nil), path)
	if page := o.get(merchant.Agent, "/console/desk").One("main"); strings.Contains(page, "D'une adresse inconnue") {
		t.Error(page)
	}
}

func TestTheIrritantsAreShownInTheShoppersWords(t *testing.T) {
	o := open(t)
	mustSay(t, must(t, o.get(merchant.Owner, "/console/board/irritants"), 200).One("main"), "Rien sur cette période")
	id := o.placed("E-1")
	o.Parcel(id, "T-1")
	o.At("2026-03-02 15:00")
	o.Scan("T-1", fact.Delivered)
	o.Quiet()
	c := o.asks(id, "Le livreur n'avait pas le digicode, mon adresse est pourtant complète.")
	o.asks(id, "Bonjour.")
	o.Do(o.ID, func(tx *flow.Tx) error {
		_, _, err := survey.Say(tx, o.ID, survey.Saying{Order: id, About: fact.AfterDelivery, Score: 2, Words: "Adresse introuvable, paraît-il."})
		return err
	})
	o.At("2026-03-04 09:00")
	page := must(t, o.get(merchant.Owner, "/console/board/irritants?days=7"), 200)
	mustSay(t, page.One("main"), "Facilité, sur 5", "2,0", "1 avis", "Adresse 2 messages", "note 2 : « Adresse introuvable, paraît-il. »", "Sans sujet connu 1 message")
	mustSay(t, strings.Join(page.Attributes("a", "href"), " "), "/console/desk/"+string(c.ID), "/console/orders/"+string(id))
	must(t, o.get(merchant.Agent, "/console/board/irritants"), 403)
}
