package shopper_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/web/webtest"
)

// withdrawals are the statements about the order; all of them when it is empty.
func (b bought) withdrawals() (all []returns.Withdrawal) {
	b.t.Helper()
	b.See(func(tx *db.Tx) error {
		of, err := returns.Withdrawals(tx, b.ID, []ident.Order{b.id(), ""})
		all = slices.Concat(of[b.id()], of[""])
		return err
	})
	return all
}

func TestWithdrawingTakesTwoStepsAndNothingElse(t *testing.T) {
	b := returning(t, webtest.Sale{})
	form := b.get("/retractation")
	says(t, "the statement", form.One("main"), "vous vous rétractez du contrat", "Aucun motif, aucun compte, aucun code", "Confirmer la rétractation")
	if got := form.Attributes("input", "name"); !slices.Equal(got, []string{"key", "contract", b.field("units"), "name", "email"}) {
		t.Errorf("asked for %q", got)
	}
	if strings.Contains(form.Body, "camille@") || strings.Contains(form.Body, "Camille Durand") {
		t.Error("the link tells who bought")
	}
	sent := url.Values{"key": {"k"}, b.field("units"): {"1"}, "contract": {"Commande E-1"}, "name": {""}, "email": {""}}
	first := b.post("/retractation", sent)
	to := first.Header.Get("Location")
	if first.Status != http.StatusSeeOther || !strings.HasPrefix(to, b.path+"/retractation/wdr_") {
		t.Fatalf("%d to %q %s", first.Status, to, first.All("main"))
	}
	if again := b.post("/retractation", sent); again.Header.Get("Location") != to || len(b.withdrawals()) != 1 {
		t.Errorf("sent twice: to %q, %d statements", again.Header.Get("Location"), len(b.withdrawals()))
	}
	w := b.withdrawals()[0]
	if w.Name != "Camille Durand" || w.Email != "camille@example.com" || w.Units != 1 || !w.InTime {
		t.Errorf("%+v", w)
	}
	done := b.get(strings.TrimPrefix(to, b.path))
	says(t, "the acknowledgement", done.One("main"), "Accusé de réception de votre rétractation", "mardi 3 mars à 10:00", w.Hash, "1 × Huile d'olive",
		"Renvoyez les articles au plus tard mardi 17 mars", "c•••@example.com")
	file := webtest.Get(t, b.door, to+"/texte")
	if file.Status != 200 || !strings.Contains(file.Body, w.Hash) || !strings.Contains(file.Body, string(w.ID)) || strings.Contains(file.Body, "camille@") {
		t.Errorf("the text: %d %s", file.Status, file.Body)
	}
	b.Quiet()
	if all := b.sendbacks(); len(all) != 1 {
		t.Fatalf("%d returns", len(all))
	}
	path := "/retour/" + string(b.sendbacks()[0].ID)
	says(t, "its return", b.get(path).One("main"), "Vous vous êtes rétracté du contrat", "Prouver que c'est bien vous")
	says(t, "its ways", b.proves(path).One("main"), "Choisir cette voie")
	chosen := b.goes(path+"/voie", url.Values{"way": {"relay"}}, path)
	says(t, "its way", chosen.One("main"), "Code à montrer, sans imprimante")
}

func TestAStatementThatCanNotBeTakenSaysWhy(t *testing.T) {
	b := returning(t, webtest.Sale{})
	for _, c := range []struct{ law, units, email, want string }{
		{"no units", "0", "", "Aucun article n'est indiqué"},
		{"too many", "3", "", "dans ces limites"},
		{"fewer than none", "-1", "", "dans ces limites"},
		{"no number", "tout", "", "dans ces limites"},
		{"no address", "1", "nobody", "adresse"},
	} {
		a := b.post("/retractation", url.Values{"key": {c.law}, b.field("units"): {c.units}, "email": {c.email}})
		if a.Status != 422 || !strings.Contains(a.One(".errors"), c.want) {
			t.Errorf("%s: %d %q", c.law, a.Status, a.All(".errors"))
		}
		mustBeWords(t, a.One("body"))
	}
	if n := len(b.withdrawals()); n > 0 {
		t.Errorf("%d statements", n)
	}
}

// The time is over at midnight of the fourteenth day; what comes later is taken and says so.
func TestTheWayToWithdrawIsShownForTheWholeTime(t *testing.T) {
	b := returning(t, webtest.Sale{Locale: lang.English})
	b.At("2026-03-17 23:59")
	says(t, "the last minute", b.get("").One("main"), "Withdraw from contract here")
	b.At("2026-03-18 00:00")
	if strings.Contains(b.get("").One("main"), "Withdraw from contract here") {
		t.Error("offered after its time")
	}
	late := b.post("/retractation", url.Values{"key": {"k"}, b.field("units"): {"2"}})
	if late.Status != http.StatusSeeOther {
		t.Fatalf("%d", late.Status)
	}
	says(t, "late", b.get(strings.TrimPrefix(late.Header.Get("Location"), b.path)).One("main"), "The time to withdraw was over (Tuesday 17 March)")
}

// Without the link there is a reference and an address, and one answer for all.
func TestWithdrawingWithoutTheLink(t *testing.T) {
	b := returning(t, webtest.Sale{})
	ask := webtest.Get(t, b.door, "/retractation")
	says(t, "the first step", ask.One("main"), "Renoncer au contrat ici", "E-mail ou téléphone")
	bodies := map[string]string{}
	for _, contact := range []string{"camille@example.com", "somebody@example.net"} {
		known := url.Values{"reference": {"E-1"}, "bought_with": {contact}, "shop": {string(b.ID)}}
		form := webtest.Post(t, b.door, "/retractation", known.Encode())
		says(t, contact, form.One("main"), "Confirmer la rétractation")
		known.Set("name", "Camille Durand")
		known.Set("contract", "E-1")
		known.Set("email", "elsewhere@example.org")
		known.Set("key", contact)
		done := webtest.Post(t, b.door, "/retractation/confirmer", known.Encode())
		to := done.Header.Get("Location")
		if done.Status != http.StatusSeeOther || !strings.HasPrefix(to, "/retractation/") {
			t.Fatalf("%s: %d to %q %s", contact, done.Status, to, done.All("main"))
		}
		page := webtest.Get(t, b.door, to)
		body := page.One("main")
		for _, w := range b.withdrawals() {
			body = strings.ReplaceAll(body, w.Hash, "#")
		}
		bodies[body] = contact
		if text := webtest.Get(t, b.door, to+"/texte"); text.Status != 200 || strings.Contains(text.Body, "ord_") {
			t.Errorf("%d %s", text.Status, text.Body)
		}
	}
	if len(bodies) != 1 {
		t.Errorf("the answers differ: %v", bodies)
	}
	all := b.withdrawals()
	if len(all) != 2 || all[0].Order != b.id() || all[1].Order != "" {
		t.Errorf("%+v", all)
	}
	for _, path := range []string{"/retractation/nonsense", "/retractation/eA.eA/texte"} {
		if a := webtest.Get(t, b.door, path); a.Status != 404 {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
	empty := webtest.Post(t, b.door, "/retractation", "reference=&bought_with=")
	wrong := strings.Join(empty.All(".wrong"), " ") // and the shop, where there are several
	if empty.Status != 422 || !strings.Contains(wrong, "référence") || !strings.Contains(wrong, "e-mail ou téléphone de la commande") {
		t.Errorf("%d %q", empty.Status, wrong)
	}
	for range 30 {
		if a := webtest.Post(t, b.door, "/retractation/confirmer", "reference=x"); a.Status == http.StatusTooManyRequests {
			return
		}
	}
	t.Error("nobody is ever stopped")
}

func TestAnAcknowledgementIsItsOrdersAlone(t *testing.T) {
	b := returning(t, webtest.Sale{})
	to := b.post("/retractation", url.Values{"key": {"k"}, b.field("units"): {"1"}}).Header.Get("Location")
	b.Pass(time.Minute)
	other := b.Shop.Order("E-2", webtest.Sale{})
	if a := webtest.Get(t, b.door, "/p/"+string(other.Link)+strings.TrimPrefix(to, b.path)); a.Status != 404 {
		t.Errorf("%d", a.Status)
	}
}
