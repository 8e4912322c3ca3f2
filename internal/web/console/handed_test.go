package console_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/web/webtest"
)

// network is a network with somebody at its desk, and their cookie.
func (o *office) network() (id ident.Merchant, cookie string) {
	o.T.Helper()
	err := o.Write(context.Background(), "test", nil, func(tx *flow.Tx) error {
		org, err := merchant.Create(tx, merchant.NewOrganisation{
			Kind: merchant.Network, Name: "Réseau Proche", Country: "FR", Zone: "Europe/Paris", Locale: lang.French, Currency: money.EUR,
		})
		id = org.ID
		return err
	})
	if err != nil {
		o.T.Fatal(err)
	}
	o.hire(id, "boss@reseau.example", merchant.Owner)
	louis := o.hire(id, "louis@reseau.example", merchant.Operator)
	o.Do(id, func(tx *flow.Tx) error {
		token, err := merchant.OpenSession(tx, id, louis.ID)
		cookie = "promesse_console=" + token
		return err
	})
	return id, cookie
}

func TestANetworksDeskAnswersWithoutRetelling(t *testing.T) {
	o := open(t)
	order := o.placed("E-1")
	c, secret := o.asks(order, "Bonjour, où est mon colis bleu ?"), o.asks(order, "Mon mot pour la boutique seule.")
	network, cookie := o.network()
	mine := "/console/desk/" + string(c.ID)
	theirs := "/console/handed/" + string(o.ID) + "/" + string(c.ID)
	if page := must(t, o.get(merchant.Agent, mine), 200).One("main"); strings.Contains(page, "Réseau Proche") {
		t.Errorf("handed to whom nothing was granted: %s", page)
	}
	mustSay(t, must(t, o.send(merchant.Agent, mine+"/hand", url.Values{"network": {string(network)}}), 422).One("main"), "n'a pas donné à ce réseau le droit")
	var grant ident.Grant
	o.Do(o.ID, func(tx *flow.Tx) (err error) {
		grant, err = merchant.Grant(tx, o.ID, network, merchant.AnswerFor)
		return err
	})
	mustSay(t, must(t, o.get(merchant.Agent, mine), 200).One("main"), "Confier au service Réseau Proche")
	seen := func(path string) webtest.Answer { return webtest.Get(t, o.door, path, "Cookie", cookie) }
	sent := func(path string, form url.Values) webtest.Answer {
		return webtest.Post(t, o.door, path, form.Encode(), "Cookie", cookie)
	}
	must(t, seen(theirs), 404)
	goes(t, o.send(merchant.Agent, mine+"/hand", url.Values{"network": {string(network)}}), mine+"?done=handed")
	mustSay(t, must(t, o.get(merchant.Agent, mine), 200).One("main"), "Confiée au service Réseau Proche")

	mustSay(t, must(t, seen("/console/handed"), 200).One("main"), "Commande E-1", "mon colis bleu", "attend une réponse")
	page := must(t, seen(theirs), 200).One("main")
	mustSay(t, page, "mon colis bleu", "Commande E-1", "Réponse promise au plus tard", "service Réseau Proche pour")
	for _, leak := range []string{"Mon mot pour la boutique seule", "/console/orders/", "/console/desk/", string(secret.ID)} {
		if strings.Contains(page, leak) {
			t.Errorf("the network reads %q: %s", leak, page)
		}
	}
	for _, path := range []string{
		"/console/handed/" + string(o.ID) + "/" + string(secret.ID), mine, "/console/orders/" + string(order),
		"/console/handed/" + string(network) + "/" + string(c.ID),
	} {
		if a := seen(path); a.Status != 404 && a.Status != 403 {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
	mustSay(t, must(t, o.get(merchant.Owner, "/console/handed"), 200).One("main"), "Aucune boutique")
	must(t, sent("/console/handed/"+string(o.ID)+"/"+string(secret.ID)+"/answer", url.Values{"words": {"Bonjour."}}), 404)
	must(t, sent("/console/handed/"+string(o.ID)+"/"+string(secret.ID)+"/back", nil), 404)
	goes(t, sent(theirs+"/answer", url.Values{"do": {"send"}, "seen": {"1"}, "words": {"Il arrive demain."}}), theirs+"?done=handed_answered")
	mustSay(t, must(t, o.get(merchant.Agent, mine), 200).One("main"), "Il arrive demain.", "service Réseau Proche", "Tenue")

	o.Do(o.ID, func(tx *flow.Tx) error { return merchant.RevokeGrant(tx, o.ID, grant) })
	must(t, seen(theirs), 404)
	mustSay(t, must(t, seen("/console/handed?show=all"), 200).One("main"), "Aucune boutique")
	mustSay(t, must(t, o.get(merchant.Agent, mine), 200).One("main"), "n'y a plus accès")
	goes(t, o.send(merchant.Agent, mine+"/take-back", nil), mine+"?done=taken_back")
}
