package console_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/merchant"
)

func TestAnIncidentIsLookedAtBeforeItIsDeclared(t *testing.T) {
	o := open(t)
	o.Handle(o.config.Curves.Reviewer())
	o.placed("E-1")
	mustSay(t, must(t, o.get(merchant.Viewer, "/console/incidents"), 200).One("main"), "Aucun incident déclaré")
	must(t, o.get(merchant.Viewer, "/console/incidents/new"), 403)
	page := must(t, o.get(merchant.Agent, "/console/incidents/new"), 200).One("main")
	mustSay(t, page, "Voir qui est concerné", "Lieux de livraison")
	if strings.Contains(page, "Déclarer et prévenir") {
		t.Error("declared before anybody looked whom it concerns")
	}
	form := func(do, last, places string) url.Values {
		return url.Values{
			"do": {do}, "key": {"K"}, "trouble": {"strike"}, "from": {"2026-03-02"}, "last": {last}, "places": {places}, "words_fr": {"Le dépôt <b>est</b> bloqué."},
		}
	}
	mustSay(t, must(t, o.send(merchant.Agent, "/console/incidents", form("look", "2026-03-01", "")), 422).One("main"), "Le dernier jour vient avant le premier")
	mustSay(t, must(t, o.send(merchant.Agent, "/console/incidents", form("look", "2026-03-20", "le Sud")), 422).One("main"), "le Sud", "code postal")
	mustSay(t, must(t, o.send(merchant.Agent, "/console/incidents", form("look", "2026-03-20", "05")), 200).One("main"), "Aucune promesse en cours ne serait menacée")
	mustSay(t, must(t, o.send(merchant.Agent, "/console/incidents", form("look", "2026-03-20", "")), 200).One("main"), "Une promesse serait menacée : un acheteur", "E-1", "Déclarer et prévenir")
	mustSay(t, must(t, o.get(merchant.Agent, "/console/incidents"), 200).One("main"), "Aucun incident déclaré")

	a := o.send(merchant.Agent, "/console/incidents", form("declare", "2026-03-20", ""))
	to, _, _ := strings.Cut(a.Header.Get("Location"), "?")
	if a.Status != 303 || !strings.HasPrefix(to, "/console/incidents/inc_") {
		t.Fatalf("%d %q %s", a.Status, to, a.One("main"))
	}
	mustSay(t, must(t, o.get(merchant.Agent, to), 200).One("main"), "Nous regardons encore")
	o.Quiet()
	answer := must(t, o.get(merchant.Viewer, to), 200)
	mustSay(t, answer.One("main"), "Promesses menacées", "Le dépôt <b>est</b> bloqué.", "Partout")
	if strings.Contains(answer.Body, "<b>est</b>") {
		t.Error("what somebody typed is HTML")
	}
	if strings.Contains(answer.One("main"), "L'incident est terminé") {
		t.Error("somebody who may only look is shown a form to end it")
	}
	mustSay(t, must(t, o.get(merchant.Agent, "/console/queue"), 200).One("main"), "un incident déclaré")
	goes(t, o.send(merchant.Agent, to+"/correct", url.Values{"last": {"2026-03-21"}, "words_fr": {"Toujours bloqué."}}), to+"?done=incident_changed")
	mustSay(t, must(t, o.send(merchant.Agent, to+"/correct", url.Values{"last": {"2026-02-01"}}), 422).One("main"), "Le dernier jour vient avant le premier")
	goes(t, o.send(merchant.Agent, to+"/close", nil), to+"?done=incident_changed")
	o.Quiet()
	mustSay(t, must(t, o.get(merchant.Agent, to), 200).One("main"), "Terminé", "dont le danger est levé")
	mustSay(t, must(t, o.get(merchant.Agent, "/console/incidents"), 200).One("main"), "Grève")
}
