package console_test

import (
	"bytes"
	"image"
	"image/png"
	"mime/multipart"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/carbon"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/payment"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/web/webtest"
)

// takesBack opens an office whose shop takes articles back to its store, looking
// at those of the category "look" first. An agent decides up to ten euros alone.
func takesBack(t *testing.T) *office {
	t.Helper()
	o := open(t)
	o.Do(o.ID, func(tx *flow.Tx) error {
		c := returns.DefaultConditions()
		c.Stores, c.Mediator = true, "Médiateur du commerce, https://mediateur.example"
		c.Limits[merchant.Agent] = 1000
		c.Warehouse = carrier.Contact{
			Address: order.Address{Name: "Bellecour, retours", Street: "1 rue du Puits", Postcode: "69002", City: "Lyon", Country: "FR"},
		}
		return returns.SetConditions(tx, o.ID, c)
	})
	return o
}

// delivered is an order of two bottles at 14.90 that is in hand.
func (o *office) delivered(reference string) ident.Order {
	o.T.Helper()
	id := o.Order(reference, webtest.Sale{}).Order.ID
	o.Parcel(id, "N"+reference)
	o.Scan("N"+reference, fact.Delivered)
	o.Quiet()
	return id
}

func (o *office) lineOf(id ident.Order) (line ident.Line) {
	o.See(func(tx *db.Tx) error {
		lines, err := order.Lines(tx, o.ID, id)
		line = lines[0].ID
		return err
	})
	return line
}

// wants is a return of so many bottles to the store, asked for by the shopper.
func (o *office) wants(reference string, units int) returns.Return {
	o.T.Helper()
	id := o.delivered(reference)
	var b returns.Return
	desk := returns.NewOffice(carbon.Default())
	o.Do(o.ID, func(tx *flow.Tx) (err error) {
		b, _, err = desk.Request(tx, o.ID, returns.Wanted{
			Key: "k" + reference, Order: id, Route: fact.BackToStore,
			Items: []returns.Item{{Line: o.firstLine(tx.Tx, id), Units: units, Reason: "no_longer_needed", Comment: "Finalement non."}},
		})
		return err
	})
	o.Quiet()
	return o.now(b.ID)
}

func (o *office) firstLine(tx *db.Tx, id ident.Order) ident.Line {
	o.T.Helper()
	lines, err := order.Lines(tx, o.ID, id)
	if err != nil {
		o.T.Fatal(err)
	}
	return lines[0].ID
}

func (o *office) now(id ident.Return) (b returns.Return) {
	o.T.Helper()
	o.See(func(tx *db.Tx) (err error) {
		b, err = returns.Get(tx, o.ID, id)
		return err
	})
	return b
}

func (o *office) decisions(id ident.Return) (all []returns.Decision) {
	o.T.Helper()
	o.See(func(tx *db.Tx) error {
		of, err := returns.Decisions(tx, o.ID, []ident.Return{id})
		all = of[id]
		return err
	})
	return all
}

func (o *office) findings(id ident.Return) (all []returns.Finding) {
	o.T.Helper()
	o.See(func(tx *db.Tx) error {
		of, err := returns.Findings(tx, o.ID, []ident.Return{id})
		all = of[id]
		return err
	})
	return all
}

// inspected is a return whose units an agent found as they should be.
func (o *office) inspected(reference string, units int) returns.Return {
	o.T.Helper()
	b := o.wants(reference, units)
	form := url.Values{"seen": {"0"}}
	for n := range units {
		o.unit(form, n, string(o.lineOf(b.Order)), "opened", "restock")
	}
	goes(o.T.(*testing.T), o.send(merchant.Agent, "/console/reception/"+string(b.ID), form), "/console/reception/"+string(b.ID)+"?done=inspected")
	return o.now(b.ID)
}

func (o *office) unit(form url.Values, n int, line, condition, outcome string) {
	at := ":" + string(rune('0'+n))
	form.Set("line"+at, line)
	form.Set("condition"+at, condition)
	form.Set("outcome"+at, outcome)
}

// as sends a form as somebody of their own.
func (o *office) as(email string, path string, form url.Values) webtest.Answer {
	o.T.Helper()
	return webtest.Post(o.T, o.door, path, form.Encode(), "Cookie", o.session(email))
}

func (o *office) session(email string) string {
	o.T.Helper()
	var token string
	o.Do(o.ID, func(tx *flow.Tx) error {
		all, err := merchant.StaffOf(tx.Tx, o.ID)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(s merchant.Staff) bool { return s.Email == email })
		if i < 0 {
			s, err := merchant.Hire(tx, o.ID, merchant.NewStaff{Email: email, Name: email, Set: merchant.Owner})
			if err != nil {
				return err
			}
			all, i = append(all, s), len(all)
		}
		token, err = merchant.OpenSession(tx, o.ID, all[i].ID)
		return err
	})
	return "promesse_console=" + token
}

// says fails the test where a text is not on a page.
func says(t *testing.T, law string, page webtest.Answer, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if text := page.One("main"); !strings.Contains(text, want) {
			t.Errorf("%s: the page does not say %q:\n%s", law, want, text)
		}
	}
}

func path(id ident.Return) string { return "/console/returns/" + string(id) }

// pays orders what decisions owe, as the program's routes would.
func (o *office) pays(id ident.Order) (all []payment.Refund) {
	o.T.Helper()
	o.Do(o.ID, func(tx *flow.Tx) error {
		facts, err := flow.Timeline(tx.Tx, o.ID, string(id))
		if err != nil {
			return err
		}
		decided := slices.DeleteFunc(facts, func(f flow.Fact) bool { return f.Kind != fact.ReturnDecided{}.Kind() })
		if err := payment.Pay(tx, decided); err != nil {
			return err
		}
		of, err := payment.OfOrders(tx.Tx, o.ID, []ident.Order{id})
		all = of[id]
		return err
	})
	o.Quiet()
	return all
}

func TestAReturnGoesFromTheScannerToTheDecision(t *testing.T) {
	o := takesBack(t)
	b := o.wants("E-1", 1)
	says(t, "all returns", must(t, o.get(merchant.Viewer, "/console/returns?show=all"), 200), "E-1", "Camille Durand", "Magasin", "14,90 €")
	says(t, "nothing to do yet", must(t, o.get(merchant.Agent, "/console/returns"), 200), "Aucun retour n'attend quelqu'un")
	for _, q := range []string{"E-1", b.Code, string(b.ID), "camille@example.com"} {
		if rows := o.get(merchant.Agent, "/console/returns?q="+url.QueryEscape(q)).All(".rows li"); len(rows) != 1 {
			t.Errorf("looking for %s: %q", q, rows)
		}
	}
	goes(t, o.send(merchant.Agent, "/console/reception", url.Values{"number": {b.Code}}), "/console/reception/"+string(b.ID)+"?done=received")
	goes(t, o.send(merchant.Agent, "/console/reception", url.Values{"number": {b.Code}}), "/console/reception/"+string(b.ID)+"?done=received") // scanned twice
	inspect := must(t, o.get(merchant.Agent, "/console/reception/"+string(b.ID)), 200)
	says(t, "what was announced", inspect, "1 × Huile d'olive", "n'en veut plus", "Finalement non.")
	if strings.Contains(inspect.One("main"), "€") {
		t.Errorf("whoever inspects reads a price: %s", inspect.One("main"))
	}
	says(t, "received, not inspected", o.get(merchant.Owner, path(b.ID)+"/decide"), "Personne n'a encore noté")
	form := url.Values{"seen": {"0"}}
	o.unit(form, 0, string(o.lineOf(b.Order)), "opened", "restock")
	for range 2 { // a double click
		goes(t, o.send(merchant.Agent, "/console/reception/"+string(b.ID), form), "/console/reception/"+string(b.ID)+"?done=inspected")
	}
	if found := o.findings(b.ID); len(found) != 1 {
		t.Fatalf("found %d", len(found))
	}
	says(t, "to be decided", o.get(merchant.Owner, "/console/returns"), "E-1", "Remboursement dû au plus tard")

	look := o.send(merchant.Owner, path(b.ID)+"/decide", url.Values{"do": {"look"}, "outcome": {"full"}, "seen": {"0"}})
	says(t, "the sums before it is said", must(t, look, 200), "Cela fait 14,90 €", "Décider ainsi")
	if len(o.decisions(b.ID)) != 0 {
		t.Fatal("looking decided")
	}
	for range 2 {
		goes(t, o.send(merchant.Owner, path(b.ID)+"/decide", url.Values{"do": {"decide"}, "outcome": {"full"}, "seen": {"0"}}), path(b.ID)+"?done=decided")
	}
	if all := o.decisions(b.ID); len(all) != 1 || all[0].State != returns.Final {
		t.Fatalf("decided %+v", all)
	}
	if refunds := o.pays(b.Order); len(refunds) != 1 {
		t.Fatalf("%d refunds", len(refunds))
	}
	says(t, "the whole story", must(t, o.get(merchant.Agent, path(b.ID)+"?done=decided"), 200),
		"Tout est rendu : 14,90 €", "Sam owner", "Sam agent", "Remettre en stock", "La décision est prise", "Retour demandé", "Décidé : tout est rendu")
	says(t, "the order's page", o.get(merchant.Agent, "/console/orders/"+string(b.Order)), "Retour reçu", "Décidé : tout est rendu, 14,90 €")
}

func TestADecisionSaysWhatIsWrongAndKeepsWhatWasTyped(t *testing.T) {
	o := takesBack(t)
	b := o.inspected("E-1", 2)
	line := string(o.lineOf(b.Order))
	for law, c := range map[string]struct {
		form url.Values
		want string
	}{
		"a part without a reason":  {url.Values{"outcome": {"partial"}, "amount:" + line: {"5,00"}, "units:" + line: {"1"}}, "donnez au moins une raison"},
		"a refusal without one":    {url.Values{"outcome": {"refused"}}, "donnez au moins une raison"},
		"more than was paid":       {url.Values{"outcome": {"partial"}, "code": {"used"}, "amount:" + line: {"30,00"}}, "c'est plus"},
		"no amount":                {url.Values{"outcome": {"partial"}, "code": {"used"}, "amount:" + line: {"beaucoup"}}, "beaucoup"},
		"no number":                {url.Values{"outcome": {"partial"}, "code": {"used"}, "units:" + line: {"deux"}}, "deux"},
		"nothing of that name":     {url.Values{"outcome": {"generous"}}, "generous"},
		"the same when it is said": {url.Values{"do": {"decide"}, "outcome": {"refused"}, "note": {""}}, "donnez au moins une raison"},
	} {
		c.form.Set("seen", "0")
		page := must(t, o.send(merchant.Owner, path(b.ID)+"/decide", c.form), 422)
		typed := strings.Join(append(page.Attributes("input", "value"), page.One("main")), " ")
		if !strings.Contains(typed, c.want) && !strings.Contains(typed, "C'est plus") {
			t.Errorf("%s: no %q in %q", law, c.want, typed)
		}
	}
	if all := o.decisions(b.ID); len(all) != 0 {
		t.Errorf("decided %+v", all)
	}
	part := url.Values{"do": {"decide"}, "seen": {"0"}, "outcome": {"partial"}, "amount:" + line: {"9,90"}, "units:" + line: {"2"}, "code:" + line: {"used"}, "note": {"La bouteille est entamée."}}
	goes(t, o.send(merchant.Owner, path(b.ID)+"/decide", part), path(b.ID)+"?done=decided")
	says(t, "with its reasons", o.get(merchant.Owner, path(b.ID)), "Une partie est rendue : 9,90 €", "Huile d'olive : Utilisé plus que pour l'essayer", "La bouteille est entamée.")
	again := must(t, o.send(merchant.Owner, path(b.ID)+"/decide", url.Values{"do": {"decide"}, "seen": {"0"}, "outcome": {"refused"}, "code": {"used"}, "note": {"Non."}}), 422)
	says(t, "another decision from an old page", again, "a avancé entre-temps")
}

// Four eyes: whoever asked, inspected or decided is no second person.
func TestASecondPersonIsAnother(t *testing.T) {
	o := takesBack(t)
	b := o.inspected("E-1", 1) // by the agent, who decides up to ten euros alone
	form := url.Values{"do": {"decide"}, "outcome": {"full"}, "seen": {"0"}}
	says(t, "said before", o.send(merchant.Agent, path(b.ID)+"/decide", url.Values{"do": {"look"}, "outcome": {"full"}, "seen": {"0"}}), "Une seconde personne devra confirmer", "dépasse ce qu'une personne décide seule")
	for range 2 {
		a := o.send(merchant.Agent, path(b.ID)+"/decide", form)
		if !strings.HasPrefix(a.Header.Get("Location"), path(b.ID)+"?done=decided") {
			t.Fatalf("%d to %q: %s", a.Status, a.Header.Get("Location"), a.Body)
		}
	}
	all := o.decisions(b.ID)
	if len(all) != 1 || all[0].State != returns.Waiting {
		t.Fatalf("decided %+v", all)
	}
	why := url.Values{"reason": {"Les photos concordent."}}
	confirm := "/console/decisions/" + string(all[0].ID) + "/confirm"
	mine := must(t, o.get(merchant.Agent, "/console/decisions"), 200)
	says(t, "the queue", mine, "E-1", "Tout est rendu : 14,90 €", "une autre personne confirme")
	if strings.Contains(mine.Body, confirm) {
		t.Error("whoever decided is offered to confirm")
	}
	says(t, "the same person twice", must(t, o.send(merchant.Agent, confirm, why), 422), "Vous avez déjà eu part à ce retour")
	must(t, o.send(merchant.Viewer, confirm, nil), 403)
	says(t, "above a limit of nothing", must(t, o.send(merchant.Developer, confirm, why), 422), "Le montant dépasse ce que vous pouvez décider seul")
	if page := o.get(merchant.Owner, "/console/decisions"); !strings.Contains(page.Body, confirm) {
		t.Errorf("a second person is not offered it: %s", page.One("main"))
	}
	says(t, "without a word", must(t, o.send(merchant.Owner, confirm, nil), 422), "Le champ « motif » est obligatoire")
	for range 2 {
		goes(t, o.send(merchant.Owner, confirm, why), "/console/decisions?done=confirmed")
	}
	if o.now(b.ID).State != returns.Decided {
		t.Errorf("it is %s", o.now(b.ID).State)
	}
	must(t, o.send(merchant.Owner, "/console/decisions/"+string(all[0].ID)+"/drop", why), 422)
	says(t, "why, on the return's page", o.get(merchant.Viewer, path(b.ID)), "Motif de la seconde personne : Les photos concordent.")
	if file := must(t, o.get(merchant.Agent, path(b.ID)+"/file"), 200).Body; !strings.Contains(file, "Les photos concordent.") {
		t.Errorf("the file for a mediator does not say why: %s", file)
	}
	says(t, "nobody waits", o.get(merchant.Owner, "/console/decisions"), "Aucune décision n'attend")
}

func TestASecondPersonMaySayNo(t *testing.T) {
	o := takesBack(t)
	b := o.inspected("E-1", 1)
	must(t, o.send(merchant.Agent, path(b.ID)+"/decide", url.Values{"do": {"decide"}, "outcome": {"full"}, "seen": {"0"}}), 303)
	drop := "/console/decisions/" + string(o.decisions(b.ID)[0].ID) + "/drop"
	for range 2 {
		goes(t, o.send(merchant.Owner, drop, url.Values{"reason": {"Le tarif a changé."}}), "/console/decisions?done=dropped")
	}
	says(t, "it may be decided anew", o.get(merchant.Agent, path(b.ID)), "Écartée par Sam owner", "Le tarif a changé.", "Décider")
}

// Three where two were announced: all three are kept, and the third said to be
// more than was announced.
func TestMoreInTheBoxThanWasAnnounced(t *testing.T) {
	o := takesBack(t)
	b := o.wants("E-1", 1)
	line := string(o.lineOf(b.Order))
	form := url.Values{"seen": {"0"}, "grams": {"2100"}}
	o.unit(form, 0, line, "unopened", "restock")
	o.unit(form, 1, line, "damaged", "recycle")
	o.unit(form, 2, "", "wrong_article", "donate")
	form.Set("note:2", "Un paquet de riz.")
	goes(t, o.send(merchant.Agent, "/console/reception/"+string(b.ID), form), "/console/reception/"+string(b.ID)+"?done=inspected")
	page := must(t, o.get(merchant.Owner, path(b.ID)), 200)
	says(t, "what was found", page, "Un article qui n'est pas de cette commande", "Un paquet de riz.", "Non annoncé", "Un autre article que celui vendu a été trouvé", "pas un verdict")
	if all := o.findings(b.ID); len(all) != 3 || all[0].Surplus || !all[1].Surplus || !all[2].Surplus {
		t.Errorf("%+v", all)
	}
}

func TestWhatIsWrongWithAFindingStandsBesideIt(t *testing.T) {
	o := takesBack(t)
	b := o.wants("E-1", 1)
	to := "/console/reception/" + string(b.ID)
	form := url.Values{"seen": {"0"}, "note:0": {"à jeter"}}
	o.unit(form, 0, string(o.lineOf(b.Order)), "damaged", "destroy")
	page := must(t, o.send(merchant.Agent, to, form), 422)
	says(t, "to destroy asks for its ground in law", page, "n'est détruit qu'avec un motif légal", "à jeter")
	if got := page.Attributes("input", "aria-invalid"); len(got) != 1 {
		t.Errorf("%d fields are said to be wrong", len(got))
	}
	says(t, "nothing at all", must(t, o.send(merchant.Agent, to, url.Values{"seen": {"0"}}), 422), "Aucun article n'a de suite")
	must(t, o.send(merchant.Agent, to, url.Values{"seen": {"0"}, "grams": {"lourd"}, "outcome:0": {"restock"}}), 422)
	form.Set("ground:0", "Denrée périmée, règlement (CE) 178/2002")
	goes(t, o.send(merchant.Agent, to, form), to+"?done=inspected")
	other := url.Values{"seen": {"0"}}
	o.unit(other, 0, string(o.lineOf(b.Order)), "opened", "restock")
	says(t, "from a page that is old", must(t, o.send(merchant.Agent, to, other), 422), "Quelqu'un a noté autre chose")
}

func TestWhatNobodyAnnouncedIsKept(t *testing.T) {
	o := takesBack(t)
	b := o.wants("E-1", 1)
	says(t, "nothing of that number", must(t, o.send(merchant.Agent, "/console/reception", url.Values{"number": {"ZZ 99"}}), 200), "Rien n'est annoncé sous « ZZ 99 »", "Garder de côté")
	must(t, o.send(merchant.Agent, "/console/reception", nil), 422)
	for range 2 {
		goes(t, o.send(merchant.Agent, "/console/reception/stray", url.Values{"number": {"ZZ 99"}, "note": {"Carton bleu"}}), "/console/reception?done=stray")
	}
	if kept := o.get(merchant.Agent, "/console/reception").All(".part h3"); !slices.Equal(kept, []string{"ZZ 99"}) {
		t.Fatalf("kept %q", kept)
	}
	says(t, "whose it is not", must(t, o.send(merchant.Agent, "/console/reception/home", url.Values{"number": {"ZZ 99"}, "return": {"E-77"}}), 422), "0 retours répondent")
	for range 2 {
		goes(t, o.send(merchant.Agent, "/console/reception/home", url.Values{"number": {"ZZ 99"}, "return": {"E-1"}}), "/console/reception/"+string(b.ID)+"?done=received")
	}
	if o.now(b.ID).State != returns.Received || len(o.get(merchant.Agent, "/console/reception").All(".part h3")) != 0 {
		t.Errorf("%s, and still kept", o.now(b.ID).State)
	}
}

// held has the shop look at every return first.
func (o *office) looksFirst() {
	o.T.Helper()
	o.Do(o.ID, func(tx *flow.Tx) error {
		source := strings.Replace(returns.Default, `"dangerous" in handling ? "dangerous" : ""`, `"each_one"`, 1)
		_, err := merchant.SetPolicy(tx, o.ID, returns.Topic, source)
		return err
	})
}

func TestAHeldReturnWaitsForAPerson(t *testing.T) {
	o := takesBack(t)
	o.looksFirst()
	b, c := o.wants("E-1", 1), o.wants("E-2", 1)
	if b.State != returns.Held {
		t.Fatalf("it is %s", b.State)
	}
	start := must(t, o.get(merchant.Agent, "/console/"), 200)
	says(t, "the start", start, "2 retours à traiter")
	says(t, "the list", o.get(merchant.Agent, "/console/returns"), "À examiner avant la fin de", "sinon accepté d'office")
	says(t, "why", o.get(merchant.Viewer, path(b.ID)), "each one")
	if strings.Contains(o.get(merchant.Viewer, path(b.ID)).Body, "/approve") {
		t.Error("who only looks is offered to accept")
	}
	says(t, "scanned before it is accepted", must(t, o.send(merchant.Agent, "/console/reception", url.Values{"number": {string(b.ID)}}), 422), "n'est pas encore accepté")
	must(t, o.send(merchant.Viewer, path(b.ID)+"/approve", nil), 403)
	for range 2 {
		goes(t, o.send(merchant.Agent, path(b.ID)+"/approve", url.Values{"reason": {"Client de longue date."}}), path(b.ID)+"?done=approved")
	}
	says(t, "who let it pass, and why", o.get(merchant.Viewer, path(b.ID)), "Accepté par", "Client de longue date.")
	says(t, "no without words", must(t, o.send(merchant.Agent, path(c.ID)+"/decline", url.Values{"code": {"late"}}), 422), "Le champ « note » est obligatoire")
	for range 2 {
		goes(t, o.send(merchant.Agent, path(c.ID)+"/decline", url.Values{"code": {"late"}, "note": {"Trente jours sont passés."}}), path(c.ID)+"?done=declined")
	}
	says(t, "the refusal, with its words", o.get(merchant.Agent, path(c.ID)), "Rien n'est rendu", "Trente jours sont passés.")
	if n := len(o.decisions(c.ID)); n != 1 {
		t.Errorf("%d decisions", n)
	}
	must(t, o.send(merchant.Agent, path(c.ID)+"/approve", url.Values{"reason": {"Bon."}}), 422)
	for range 2 {
		goes(t, o.send(merchant.Agent, path(b.ID)+"/cancel", nil), path(b.ID)+"?done=return_cancelled")
	}
}

func TestADepositedParcelMayBeGivenUp(t *testing.T) {
	o := takesBack(t)
	b := o.wants("E-1", 1)
	must(t, o.send(merchant.Agent, path(b.ID)+"/lost", nil), 422)
	o.Do(o.ID, func(tx *flow.Tx) error {
		_, err := returns.Deposit(tx, o.ID, b.ID, returns.Left{Source: returns.AtStore, Place: "Magasin de Lyon", Clerk: "Inès"})
		return err
	})
	page := must(t, o.get(merchant.Agent, path(b.ID)), 200)
	says(t, "the proof", page, "Preuve de dépôt", "Intacte", "Magasin de Lyon", "Inès", "Maillon 1")
	var number string
	o.See(func(tx *db.Tx) error {
		of, err := returns.Proofs(tx, o.ID, []ident.Return{b.ID})
		number = of[b.ID].Number
		return err
	})
	if rows := o.get(merchant.Agent, "/console/returns?q="+strings.ToLower(number)).All(".rows li"); len(rows) != 1 {
		t.Errorf("looking for the proof: %q", rows)
	}
	for range 2 {
		goes(t, o.send(merchant.Agent, path(b.ID)+"/lost", nil), path(b.ID)+"?done=lost")
	}
	says(t, "lost, by whom, and by when it is owed", o.get(merchant.Owner, path(b.ID)), "Colis de retour donné pour perdu : remboursement dû au plus tard", "Perdu en chemin, après son dépôt", "dépasse ce qu'une personne décide seule")
	waiting := o.decisions(b.ID)
	if len(waiting) != 1 || waiting[0].State != returns.Waiting {
		t.Fatalf("decided %+v", waiting)
	}
	goes(t, o.send(merchant.Owner, "/console/decisions/"+string(waiting[0].ID)+"/confirm", url.Values{"reason": {"La preuve est intacte."}}), "/console/decisions?done=confirmed")
	if o.now(b.ID).State != returns.Decided {
		t.Errorf("it is %s", o.now(b.ID).State)
	}
}

// photographed sends a form with a photo.
func (o *office) photographed(set merchant.Set, path string, form url.Values, field string) webtest.Answer {
	o.T.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for name := range form {
		_ = w.WriteField(name, form.Get(name))
	}
	f, _ := w.CreateFormFile(field, "photo.png")
	_ = png.Encode(f, image.NewRGBA(image.Rect(0, 0, 8, 8)))
	_ = w.Close()
	return webtest.Post(o.T, o.door, path, b.String(), "Cookie", o.SignIn(set), "Content-Type", w.FormDataContentType())
}

func TestPhotosAreShownToWhoeverReadsTheReturnAlone(t *testing.T) {
	o := takesBack(t)
	b, other := o.wants("E-1", 1), o.wants("E-2", 1)
	form := url.Values{"seen": {"0"}}
	o.unit(form, 0, string(o.lineOf(b.Order)), "damaged", "recycle")
	must(t, o.photographed(merchant.Agent, "/console/reception/"+string(b.ID), form, "photos:0"), 303)
	found := o.findings(b.ID)
	if len(found) != 1 || len(found[0].Photos) != 1 {
		t.Fatalf("%+v", found)
	}
	photo := "/photo/" + string(found[0].Photos[0])
	if a := must(t, o.get(merchant.Viewer, path(b.ID)+photo), 200); a.Header.Get("Content-Type") != "image/jpeg" && a.Header.Get("Content-Type") != "image/png" {
		t.Errorf("a photo is %v", a.Header)
	}
	must(t, o.get(merchant.Viewer, path(other.ID)+photo), 404)
	must(t, o.photographed(merchant.Agent, "/console/reception/"+string(other.ID), url.Values{"seen": {"1"}}, "photos:0"), 422)
	o.Do(o.ID, func(tx *flow.Tx) error {
		_, err := returns.Decide(tx, o.ID, b.ID, returns.Ruling{Outcome: fact.Refused, Reasons: []returns.Because{{Code: "damaged", Note: "Cassée."}}})
		return err
	})
	file := must(t, o.get(merchant.Agent, path(b.ID)+"/file"), 200)
	if !strings.Contains(file.Body, "data:image/") || !strings.Contains(file.Header.Get("Content-Disposition"), `filename="mediation-E-1.html"`) {
		t.Errorf("the file of a mediator: %v\n%s", file.Header, file.Body)
	}
	for _, want := range []string{"Médiateur du commerce", "Cassée.", "Demandé et non rendu", "14,90"} {
		if !strings.Contains(file.Body, want) {
			t.Errorf("the file does not say %q", want)
		}
	}
}

func TestAnotherShopsReturnsDoNotExist(t *testing.T) {
	o := takesBack(t)
	b := o.inspected("E-1", 1)
	other := o.second()
	stranger := o.hire(other, "kim@volt.example", merchant.Owner)
	var token string
	o.Do(other, func(tx *flow.Tx) (err error) {
		token, err = merchant.OpenSession(tx, other, stranger.ID)
		return err
	})
	as := "promesse_console=" + token
	for _, p := range []string{path(b.ID), path(b.ID) + "/decide", path(b.ID) + "/file", "/console/reception/" + string(b.ID)} {
		if a := webtest.Get(t, o.door, p, "Cookie", as); a.Status != 404 {
			t.Errorf("GET %s: %d", p, a.Status)
		}
	}
	for _, p := range []string{path(b.ID) + "/approve", path(b.ID) + "/cancel", path(b.ID) + "/lost", path(b.ID) + "/decide", "/console/reception/" + string(b.ID)} {
		if a := webtest.Post(t, o.door, p, "outcome=full&do=decide&seen=0&outcome%3A0=restock", "Cookie", as); a.Status != 404 {
			t.Errorf("POST %s: %d", p, a.Status)
		}
	}
	a := webtest.Post(t, o.door, "/console/reception", "number="+string(b.ID), "Cookie", as)
	if a.Status != 200 || !strings.Contains(a.One("main"), "Rien n'est annoncé") {
		t.Errorf("scanned elsewhere: %d", a.Status)
	}
}

// Articles that arrived damaged: the carrier is to be told, by when, and by what
// letter it was.
func TestDamageIsReportedToItsCarrier(t *testing.T) {
	o := takesBack(t)
	o.Do(o.ID, func(tx *flow.Tx) error {
		c, err := returns.ConditionsOf(tx.Tx, o.ID)
		if err != nil {
			return err
		}
		c.Reasons = []returns.Reason{{Code: "no_longer_needed", Taxon: returns.Damaged}} // the reason that o.wants gives
		return returns.SetConditions(tx, o.ID, c)
	})
	b := o.wants("E-1", 1)
	start := must(t, o.get(merchant.Agent, "/console/"), 200)
	says(t, "the start", start, "1 avarie à signaler au transporteur")
	if rows := must(t, o.get(merchant.Agent, "/console/returns?show=damaged"), 200).All(".rows li"); len(rows) != 1 {
		t.Errorf("listed %q", rows)
	}
	says(t, "the return", must(t, o.get(merchant.Viewer, path(b.ID)), 200), "lettre recommandée", "L133-3", "L224-65", "À écrire")
	must(t, o.send(merchant.Viewer, path(b.ID)+"/protest", url.Values{"reference": {"RK 12"}}), 403)
	must(t, o.send(merchant.Agent, path(b.ID)+"/protest", nil), 422)
	for range 2 {
		goes(t, o.send(merchant.Agent, path(b.ID)+"/protest", url.Values{"reference": {"RK 12"}}), path(b.ID)+"?done=protested")
	}
	says(t, "written", o.get(merchant.Viewer, path(b.ID)), "Écrit", "Sam agent", "lettre RK 12")
	says(t, "nothing waits", o.get(merchant.Agent, "/console/returns?show=damaged"), "Aucune avarie n'est à signaler")
}
