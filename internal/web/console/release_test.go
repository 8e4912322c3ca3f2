package console_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/web/console"
	"github.com/promesse-dev/promesse/internal/web/webtest"
)

// crowded is a shop that needs a second person for two people, and the page of a
// strike that somebody declares of which two would be told.
func crowded(t *testing.T, by merchant.Set, others ...merchant.Set) (o *office, at string) {
	o = open(t, func(c *console.Config) { c.Curves.Crowd = 1 })
	o.Handle(o.config.Curves.Reviewer())
	o.Order("E-1", webtest.Sale{})
	o.Order("E-2", webtest.Sale{Email: "paul@example.com"})
	for _, set := range others {
		o.SignIn(set)
	}
	a := o.send(by, "/console/incidents", url.Values{"do": {"declare"}, "key": {"K"}, "trouble": {"strike"}, "from": {"2026-03-02"}, "last": {"2026-03-20"}})
	at, _, _ = strings.Cut(a.Header.Get("Location"), "?")
	o.Quiet()
	return o, at
}

func TestASecondPersonLetsAnIncidentGo(t *testing.T) {
	o, at := crowded(t, merchant.Agent, merchant.Owner)
	mine := must(t, o.get(merchant.Agent, at), 200).One("main")
	mustSay(t, mine, "Attend une seconde personne", "personne ne l'est encore")
	if strings.Contains(mine, "Libérer l'envoi") {
		t.Error("who asked is shown how to let it go")
	}
	mustSay(t, must(t, o.send(merchant.Agent, at+"/release", url.Values{"do": {"yes"}}), 422).One("main"), "Vous avez demandé cet envoi")
	must(t, o.send(merchant.Viewer, at+"/release", url.Values{"do": {"yes"}}), 403)
	mustSay(t, must(t, o.get(merchant.Owner, "/console/"), 200).One("main"), "attend une seconde personne")
	mustSay(t, must(t, o.get(merchant.Owner, at), 200).One("main"), "Libérer l'envoi", "Refuser l'envoi")
	goes(t, o.send(merchant.Owner, at+"/release", url.Values{"do": {"yes"}}), at+"?done=incident_released")
	o.Quiet()
	mustSay(t, must(t, o.get(merchant.Agent, at), 200).One("main"), "demandé par", "libéré par", "Promesses menacées")
	mustSay(t, must(t, o.send(merchant.Owner, at+"/release", url.Values{"do": {"no"}}), 422).One("main"), "n'attend plus personne")
}

func TestAnIncidentThatIsRefusedIsToldToNobody(t *testing.T) {
	o, at := crowded(t, merchant.Agent, merchant.Owner)
	goes(t, o.send(merchant.Owner, at+"/release", url.Values{"do": {"no"}}), at+"?done=incident_refused")
	mustSay(t, must(t, o.get(merchant.Agent, at), 200).One("main"), "Envoi refusé")
}

// Who works alone signs in anew and types a code from the shop's own mailbox.
func TestWhoWorksAloneTypesACode(t *testing.T) {
	o, at := crowded(t, merchant.Owner)
	o.Do(o.ID, func(tx *flow.Tx) error {
		return merchant.SetBrand(tx, o.ID, merchant.Brand{Shown: "Épicerie", Contact: "boutique@shop.example"})
	})
	mustSay(t, must(t, o.get(merchant.Owner, at), 200).One("main"), "Personne d'autre ne travaille ici", "b•••@shop.example")
	goes(t, o.send(merchant.Owner, at+"/code", url.Values{"do": {"send"}}), at+"?done=incident_code")
	o.Quiet()
	l := o.letters[len(o.letters)-1]
	digits := regexp.MustCompile(`[0-9]{6}`).FindString(l.Text)
	if l.To != "boutique@shop.example" || digits == "" || !strings.Contains(l.HTML, digits) {
		t.Fatalf("to %s: %s", l.To, l.Text)
	}
	mustSay(t, must(t, o.send(merchant.Owner, at+"/code", url.Values{"do": {"type"}, "code": {"12345"}}), 422).One("main"), "Ce n'est pas le code")
	goes(t, o.send(merchant.Owner, at+"/code", url.Values{"do": {"type"}, "code": {digits}}), at+"?done=incident_released")
	o.Quiet()
	mustSay(t, must(t, o.get(merchant.Owner, at), 200).One("main"), "libéré par")
}
