package console_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/web/webtest"
)

// found is the references that a list of orders shows.
func found(a webtest.Answer) (references []string) { return a.All(".rows a") }

// lives is four orders: kept, broken and repaired, open in a relay point, cancelled.
func (o *office) lives() (kept, broken ident.Order) {
	a, b := o.Order("E-1", webtest.Sale{}), o.Order("E-2", webtest.Sale{})
	o.Order("#E-3", webtest.Sale{Point: true})
	cancelled := o.Order("E-4", webtest.Sale{})
	o.Do(o.ID, func(tx *flow.Tx) error { return order.Cancel(tx, o.ID, cancelled.Order.ID, fact.ByMerchant) })
	o.Parcel(a.Order.ID, "SIM-1")
	o.Parcel(b.Order.ID, "SIM-2")
	o.Scan("SIM-2", fact.PickedUp)
	o.At("2026-03-03 14:00")
	o.Scan("SIM-1", fact.Delivered)
	o.At("2026-03-04 02:00")
	o.Quiet()
	return a.Order.ID, b.Order.ID
}

func TestOrdersAreListedAndFound(t *testing.T) {
	o := open(t)
	o.lives()
	for path, want := range map[string][]string{
		"/console/orders":                                           {"E-4", "#E-3", "E-2", "E-1"},
		"/console/orders?state=kept":                                {"E-1"},
		"/console/orders?state=broken":                              {"#E-3", "E-2"},
		"/console/orders?state=nonsense":                            {"E-4", "#E-3", "E-2", "E-1"},
		"/console/orders?q=E-2":                                     {"E-2"},
		"/console/orders?q=+E-2+":                                   {"E-2"},
		"/console/orders?q=%23E-3":                                  {"#E-3"},
		"/console/orders?q=%23E-1":                                  {"E-1"},
		"/console/orders?q=CAMILLE%40example.com":                   {"E-4", "#E-3", "E-2", "E-1"},
		"/console/orders?q=nobody%40example.com":                    nil,
		"/console/orders?q=sim-2":                                   {"E-2"},
		"/console/orders?q=E-9":                                     nil,
		"/console/orders?q=" + strings.Repeat("%F0%9F%8D%8A", 5000): nil,
	} {
		if got := found(must(t, o.get(merchant.Viewer, path), 200)); !slices.Equal(got, want) {
			t.Errorf("%.60s: %q, want %q", path, got, want)
		}
	}
	rows := o.get(merchant.Viewer, "/console/orders").All(".rows li")
	for i, want := range []string{
		"E-4 Camille Durand Promis pour mardi 3 mars Commande annulée lundi 2 mars à 09:00, 35,70 €",
		"#E-3 Camille Durand Promis pour mardi 3 mars", // whatever became of it
		"E-2 Camille Durand Promis pour mardi 3 mars Non tenue",
		"E-1 Camille Durand Promis pour mardi 3 mars Tenue",
	} {
		if !strings.HasPrefix(rows[i], want) {
			t.Errorf("row %d: %q, want %q", i, rows[i], want)
		}
	}
	if got := o.get(merchant.Viewer, "/console/orders?q=E-9").All(".rows li"); len(got) != 0 {
		t.Errorf("%q", got)
	}
}

func TestALongListIsTurnedPageByPage(t *testing.T) {
	o := open(t)
	var placed []string
	for i := range 27 {
		reference := "P-" + string(rune('A'+i))
		o.Order(reference, webtest.Sale{})
		placed = append(placed, reference)
	}
	slices.Reverse(placed)
	for _, start := range []string{"/console/orders", "/console/orders?state=open"} {
		var seen []string
		for path := start; path != ""; {
			a := must(t, o.get(merchant.Viewer, path), 200)
			seen = append(seen, found(a)...)
			next := a.Attributes("p a.tap", "href")
			if path = ""; len(next) == 1 {
				path = next[0]
			}
		}
		if !slices.Equal(seen, placed) {
			t.Errorf("%s: %q", start, seen)
		}
	}
}

// The order's page says what was promised, what became of it and why, who did
// what, and from which fact it followed.
func TestAnOrderWithAllThatHappenedToIt(t *testing.T) {
	o := open(t)
	kept, broken := o.lives()
	a := must(t, o.get(merchant.Agent, "/console/orders/"+string(broken)), 200)
	if got := a.One("h1"); got != "Commande E-2" {
		t.Errorf("titled %q", got)
	}
	text := a.One("main")
	for _, want := range []string{
		"Client Camille Durand", "camille@example.com", "3 rue des Lilas, 69003 Lyon (FR)",
		"Livraison : mardi 3 mars", "Montré au client : « Livré mardi 3 mars »",
		"Rien à l'échéance", "En répond : le transporteur", "Le client n'était pas prévenu",
		"Accordée 5,90 € portés au crédit du client", "Règle late_or_incomplete",
		"Colis SIM-2 Pris en charge par le transporteur Colis Express, numéro SIM-2",
		"Huile d'olive HUI 2 29,80 €", "Total payé 35,70 €",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("it does not say %q:\n%s", want, text)
		}
	}
	o.mustTell(a, "Réparation accordée : 5,90 € (règle late_or_incomplete)", "parce que : Promesse non tenue")
	o.mustTell(a, "Promesse non tenue (livraison)", "L'échéance")
	o.mustTell(a, "Pris en charge par le transporteur", "Colis Express, signé par sa clé")
	for _, href := range a.Attributes(".line a", "href") {
		if id, here := strings.CutPrefix(href, "#"); !here || !slices.Contains(a.Attributes(".line li", "id"), id) {
			t.Errorf("a cause leads to %q, which is not on the page", href)
		}
	}
	fine := must(t, o.get(merchant.Agent, "/console/orders/"+string(kept)), 200).One("main")
	if !strings.Contains(fine, "Arrivée à temps") || strings.Contains(fine, "Accordée") {
		t.Errorf("the kept one says %s", fine)
	}
	if strings.Contains(a.Body, "/p/") {
		t.Error("the page tells the shopper's secret address")
	}
}

// mustTell finds a moment of the timeline that says all of this.
func (o *office) mustTell(a webtest.Answer, parts ...string) {
	o.T.Helper()
	for _, moment := range a.All(".line li") {
		if !slices.ContainsFunc(parts, func(p string) bool { return !strings.Contains(moment, p) }) {
			return
		}
	}
	o.T.Errorf("nothing in the timeline says %q:\n%s", parts, strings.Join(a.All(".line li"), "\n"))
}

// Every kind of fact that stands in an order's timeline has words of its own.
func TestFactsOfOrdersAreInWords(t *testing.T) {
	o := open(t)
	_, broken := o.lives()
	for _, moment := range o.get(merchant.Agent, "/console/orders/"+string(broken)).All(".line li") {
		for _, k := range fact.Kinds() {
			if strings.Contains(moment, string(k)) {
				t.Errorf("%s has no words: %q", k, moment)
			}
		}
	}
}

func TestWhoDidItIsNamed(t *testing.T) {
	o := open(t)
	placed := o.Order("E-1", webtest.Sale{})
	o.Do(o.ID, func(tx *flow.Tx) error { return nil })
	page := "/console/orders/" + string(placed.Order.ID)
	a := must(t, o.get(merchant.Agent, page), 200)
	line := a.Attributes("details input", "name")
	if len(line) != 2 || !strings.HasPrefix(line[1], "line:lin_") {
		t.Fatalf("the form asks for %q", line)
	}
	goes(t, o.send(merchant.Agent, page+"/missing", url.Values{line[1]: {"1"}}), page+"?done=missing")
	done := must(t, o.get(merchant.Agent, page+"?done=missing"), 200)
	if got := done.One("p.told"); got != "C'est déclaré." {
		t.Errorf("said %q", got)
	}
	o.mustTell(done, "Unités déclarées manquantes par la boutique : 1", "Sam agent")
	if got := done.One("main"); !strings.Contains(got, "nous avons déclaré manquant : 1 × Huile d'olive") {
		t.Errorf("%s", got)
	}
	o.See(func(tx *db.Tx) error {
		facts, err := flow.Timeline(tx, o.ID, string(placed.Order.ID))
		last := facts[len(facts)-1]
		for _, f := range facts {
			if f.Kind == "order.units_missing" {
				last = f
			}
		}
		if last.Actor != flow.ByStaff(o.peopleIn(tx)[merchant.Agent].ID) {
			t.Errorf("declared by %s", last.Actor)
		}
		return err
	})
}

func (o *office) peopleIn(tx *db.Tx) map[merchant.Set]merchant.Staff {
	o.T.Helper()
	all, err := merchant.StaffOf(tx, o.ID)
	if err != nil {
		o.T.Fatal(err)
	}
	of := map[merchant.Set]merchant.Staff{}
	for _, s := range all {
		of[s.Set] = s
	}
	return of
}

func TestADeclarationThatCanNotBe(t *testing.T) {
	o := open(t)
	placed := o.Order("E-1", webtest.Sale{})
	page := "/console/orders/" + string(placed.Order.ID)
	line := o.get(merchant.Agent, page).Attributes("details input", "name")[1]
	for law, form := range map[string]url.Values{
		"nothing at all":         {},
		"none":                   {line: {"0"}},
		"more than there are":    {line: {"3"}},
		"less than none":         {line: {"-1"}},
		"no number":              {line: {"two"}},
		"a line of nobody":       {"line:lin_0": {"1"}},
		"a line of a wrong kind": {"line:": {"1"}},
	} {
		a := must(t, o.send(merchant.Agent, page+"/missing", form), 422)
		if got := a.One("p.wrong"); got == "" || strings.ContainsAny(got, "[]") {
			t.Errorf("%s: said %q", law, got)
		}
	}
	must(t, o.send(merchant.Viewer, page+"/missing", url.Values{line: {"1"}}), 403)
	if got := o.get(merchant.Viewer, page).All("details"); len(got) != 0 {
		t.Errorf("a viewer is shown %q", got)
	}
	// Two tabs that saw the same order say it once.
	for range 2 {
		goes(t, o.send(merchant.Agent, page+"/missing", url.Values{line: {"1"}, "after": {""}}), page+"?done=missing")
	}
	if got := o.get(merchant.Agent, page).One("main"); strings.Count(got, "nous avons déclaré manquant") != 1 {
		t.Errorf("declared twice: %s", got)
	}
}
