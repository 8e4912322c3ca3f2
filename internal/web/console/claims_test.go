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
)

// claims has the shopper of an order claim.
func (o *office) claims(id ident.Order, what fact.ClaimKind) (c helpdesk.Claim) {
	o.T.Helper()
	o.Do(o.ID, func(tx *flow.Tx) (err error) {
		c, err = helpdesk.Raise(tx, o.ID, helpdesk.Raising{Key: ident.Hash(string(id))[:40], Order: id, What: what, Via: fact.ViaPage, Words: "Rien reçu."})
		return err
	})
	o.Quiet()
	return c
}

func (o *office) claim(id ident.Claim) (c helpdesk.Claim) {
	o.T.Helper()
	o.See(func(tx *db.Tx) (err error) {
		c, err = helpdesk.GetClaim(tx, o.ID, id)
		return err
	})
	return c
}

func TestAClaimIsDecidedFromTheQueue(t *testing.T) {
	o := open(t)
	order := o.placed("E-1")
	c := o.claims(order, "")
	path := "/console/claims/" + string(c.ID)
	mustSay(t, must(t, o.get(merchant.Agent, "/console/claims"), 200).One("main"), "Commande E-1 : à lire", "Décision promise au plus tard", "Rien reçu.")
	page := must(t, o.get(merchant.Agent, path), 200).One("main")
	mustSay(t, page, "Décider", "Demander ses preuves au transporteur", "Merci de nous transmettre la preuve de livraison")
	if viewer := must(t, o.get(merchant.Viewer, path), 200).One("main"); strings.Contains(viewer, "Envoyer la décision") || strings.Contains(viewer, "Noter la demande") {
		t.Error("somebody who may only look is shown forms")
	}
	decide := url.Values{"seen": {"2"}, "outcome": {"refused"}, "words": {"La photo montre votre porte."}}
	must(t, o.send(merchant.Viewer, path+"/decide", decide), 403)
	goes(t, o.send(merchant.Agent, path+"/sort", url.Values{"what": {"not_received"}}), path+"?done=claim_sorted")
	goes(t, o.send(merchant.Agent, path+"/ask", url.Values{"of": {"carrier"}, "words": {"Qui a signé ?"}}), path+"?done=claim_asked")
	goes(t, o.send(merchant.Agent, path+"/evidence", url.Values{"of": {"carrier"}, "words": {"Une photo."}}), path+"?done=claim_evidence")
	moved := must(t, o.send(merchant.Agent, path+"/decide", decide), 422).One("main")
	mustSay(t, moved, "Relisez-la", "La photo montre votre porte.")
	decide.Set("seen", "3")
	goes(t, o.send(merchant.Agent, path+"/decide", decide), path+"?done=claim_decided")
	o.Do(o.ID, func(tx *flow.Tx) error {
		_, err := helpdesk.ContestClaim(tx, o.ID, c.ID, helpdesk.Statement{Via: fact.ViaPage, Words: "Non."})
		return err
	})
	mustSay(t, must(t, o.get(merchant.Agent, path), 200).One("main"), "une autre personne doit décider")
	again := url.Values{"outcome": {"full"}, "liable": {"carrier"}, "words": {"Une autre porte."}}
	mustSay(t, must(t, o.send(merchant.Agent, path+"/decide", again), 422).One("main"), "une seconde personne")
	goes(t, o.send(merchant.Owner, path+"/decide", again), path+"?done=claim_decided")
	if last := o.claim(c.ID); last.State != helpdesk.ClaimClosed || last.Outcome != fact.InFull || last.Liable != fact.ByCarrier {
		t.Errorf("%+v", last)
	}
	mustSay(t, must(t, o.get(merchant.Agent, "/console/orders/"+string(order)), 200).One("main"), "Réclamation décidée par une seconde personne")
	file := must(t, o.get(merchant.Agent, path+"/file"), 200)
	mustSay(t, file.Body, "Rien reçu.", "Qui a signé ?", "Une autre porte.")
	if !strings.Contains(file.Header.Get("Content-Disposition"), "mediation-E-1.html") {
		t.Errorf("%v", file.Header)
	}
}
