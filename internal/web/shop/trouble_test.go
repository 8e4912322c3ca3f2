package shop_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

func TestWhatIsMistypedIsSaidAtItsFieldAndKept(t *testing.T) {
	s := open(t)
	b := s.browser()
	form := b.toDates().send("Choisir cette livraison")
	crowd := strings.Repeat("😀", 5000)
	back := form.send("Vérifier ma commande", "name", crowd, "email", "camille", "street", "", "city", "Lyon", "phone", "06 39 98 00 01")
	if back.Status != http.StatusUnprocessableEntity || !strings.HasPrefix(back.One("title"), "Erreur :") {
		t.Errorf("%d %s", back.Status, back.One("title"))
	}
	want := []string{
		"Le champ « nom » est trop long : 200 caractères au plus.",
		"L'adresse électronique du champ « adresse e-mail » n'en est pas une : écrivez-la ainsi, camille@exemple.fr.",
		"Le champ « rue » est obligatoire : remplissez-le.",
	}
	if got := back.All(".told li"); strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("told: %q", got)
	}
	if got := back.All("span.error"); strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("at the fields: %q", got)
	}
	if got := back.Attributes(".fields input", "value"); got[0] != crowd || got[1] != "camille" || got[4] != "Lyon" || got[5] != "06 39 98 00 01" {
		t.Errorf("kept: %q", got[1:])
	}
	last := back.send("Vérifier ma commande", typed...)
	if last.Status != http.StatusOK || !strings.Contains(last.One("main"), "06 39 98 00 01") {
		t.Errorf("mended: %d", last.Status)
	}
}

func TestAFormLongerThanWeReadKeepsWhatCame(t *testing.T) {
	s := open(t)
	b := s.browser()
	option := b.toDates().Attributes(".option input", "value")[0]
	family := strings.Repeat("👨‍👩‍👧‍👦", 5000) // 375 kB as a form
	back := webtestPost(b, grocer+"/verification", "pays=FR&cp=69003&option="+option+"&email=camille%40example.com&city=Lyon&name="+url.QueryEscape(family))
	if back.Status != http.StatusUnprocessableEntity || !strings.Contains(back.One(".told"), "200 caractères au plus") {
		t.Fatalf("%d %s", back.Status, back.One("main"))
	}
	if got := back.Attributes(".fields input", "value"); !strings.HasPrefix(family, got[0][:1000]) || got[1] != "camille@example.com" || got[4] != "Lyon" {
		t.Errorf("kept: %.60q", got)
	}
}

func TestAPlaceThatIsNoneIsSaid(t *testing.T) {
	s := open(t)
	b := s.browser()
	b.toDates()
	for _, c := range []struct{ law, query, field, want string }{
		{"a postcode of four figures", "pays=FR&cp=6900", "#cp", "Le code postal « 6900 » n'existe pas sous cette forme (FR)"},
		{"no postcode", "pays=FR&cp=", "#cp", "Le champ « code postal » est obligatoire"},
		{"a country that is none", "pays=ZZ&cp=1000", "#cp", "Le pays « ZZ » est inconnu"},
	} {
		a := b.get(grocer + "/livraison?" + c.query)
		if a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.One(".error"), c.want) {
			t.Errorf("%s: %d %q", c.law, a.Status, a.All(".error"))
		}
		if len(a.All(".option")) > 0 {
			t.Errorf("%s: there are dates", c.law)
		}
	}
	far := b.get(grocer + "/livraison?pays=BE&cp=1000")
	if got := far.All(".refused li"); len(got) != 1 || got[0] != "Express home · Express relay Ce service ne dessert pas cette adresse." {
		t.Errorf("hidden: %q", got)
	}
	if got := far.One(".told"); got != "Aucune livraison n'est possible à cette adresse pour ce panier." {
		t.Errorf("nothing: %q", got)
	}
}

func TestTheSameFormTwiceIsOneOrder(t *testing.T) {
	s := open(t)
	b := s.browser()
	last := b.toReview()
	first := last.send("Commander")
	again := last.send("Commander") // the way back, and the same button
	if first.path != again.path || len(s.placed()) != 1 {
		t.Errorf("%s, then %s: %q", first.path, again.path, s.placed())
	}
	b.jar["panier"] = "HUI-050*2" // the second click was sent before the first answer came
	if twice := last.send("Commander"); twice.path != first.path || len(s.placed()) != 1 {
		t.Errorf("%s: %q", twice.path, s.placed())
	}
}

func TestTwoTabsOfOneBasket(t *testing.T) {
	s := open(t)
	b := s.browser()
	last := b.toReview()
	b.get(grocer + "/article/MIE-500").send("Ajouter au panier") // in another tab
	changed := last.send("Commander")
	if changed.Status != http.StatusConflict || !strings.HasPrefix(changed.One(".told"), "Votre panier a changé") || s.orders() != 0 {
		t.Fatalf("%d %s, %d orders", changed.Status, changed.All(".told"), s.orders())
	}
	fresh := changed.send("Choisir cette livraison")
	if got := fresh.One("address"); got != "Camille Durand 3 rue des Lilas 69003 Lyon France" {
		t.Errorf("nothing typed is lost: %q", got)
	}
	done := fresh.send("Commander")
	if got := done.All(".lines li"); len(got) != 2 {
		t.Errorf("ordered: %q", got)
	}
	other := b.get(grocer + "/article/HUI-050")
	other.send("Ajouter au panier")
	if empty := last.send("Commander"); empty.Status != http.StatusConflict || len(s.placed()) != 1 {
		t.Errorf("the tab before: %d, %q", empty.Status, s.placed())
	}
}

func TestABasketOrderedInAnotherTabIsNotOrderedAgain(t *testing.T) {
	s := open(t)
	b := s.browser()
	one, two := b.toReview(), b.toReview()
	two.send("Commander")
	late := one.send("Commander")
	if late.Status != http.StatusConflict || !strings.Contains(late.One(".told"), "dans un autre onglet") || len(s.placed()) != 1 {
		t.Errorf("%d %s: %q", late.Status, late.All(".told"), s.placed())
	}
}

func TestAnOfferThatExpiredComesBackFresh(t *testing.T) {
	s := open(t)
	last := s.browser().toReview()
	s.At("2026-03-02 16:30") // the cut-off is past, and the half hour of the token too
	late := last.send("Commander")
	if late.Status != http.StatusConflict || !strings.Contains(late.One(".told"), "a expiré pendant que vous lisiez") {
		t.Fatalf("%d %s", late.Status, late.One("main"))
	}
	if got := late.All(".option .window"); got[0] != "Livré mercredi 4 mars" {
		t.Errorf("fresh dates: %q", got)
	}
	done := late.send("Choisir cette livraison").send("Commander")
	if got := done.One(".thanks .window"); got != "Livré mercredi 4 mars" {
		t.Errorf("promised: %q", got)
	}
}

// appointments gives the grocer couriers with one place each day from 14:00 to 16:00.
func (s *street) appointments() {
	s.T.Helper()
	s.Slots()
	s.Do(s.ID, func(tx *flow.Tx) error {
		services, err := carrier.Services(tx.Tx, s.ID)
		if err != nil {
			return err
		}
		for _, service := range services {
			if service.Mode != carrier.Slot {
				continue
			}
			grid := lastmile.Grid{Service: service.ID}
			for d := time.Sunday; d <= time.Saturday; d++ {
				grid.Windows = append(grid.Windows, lastmile.GridWindow{Weekday: d, FromMinute: 14 * 60, UntilMinute: 16 * 60, Capacity: 1, CloseBefore: 2 * time.Hour})
			}
			_, err = lastmile.SetGrid(tx, s.ID, grid)
			return err
		}
		return nil
	})
}

func TestSlotsAreGroupedByDay(t *testing.T) {
	s := open(t)
	s.appointments()
	dates := s.browser().toDates()
	days := dates.All(".day")
	if len(days) != 7 || days[0] != "lundi 2 mars 1 créneau 14:00 – 16:00 5,90 € à commander avant 12:00" || days[1] != "mardi 3 mars 1 créneau 14:00 – 16:00 5,90 €" {
		t.Errorf("%d: %q", len(days), days)
	}
	if got := dates.Attributes(".day", "open"); len(got) != 2 {
		t.Errorf("%d days lie open", len(got))
	}
	if got := dates.All(".option .window"); len(got) != 2 {
		t.Errorf("and dates: %q", got)
	}
	form := dates.send("Choisir cette livraison", "option", dates.Attributes(".day input", "value")[3])
	if got := form.One(".sum .window"); got != "Livré jeudi 5 mars entre 14:00 et 16:00" {
		t.Errorf("chosen: %q", got)
	}
	again := form.send("Changer de livraison")
	if got := again.Attributes(".day", "open"); len(got) != 3 {
		t.Errorf("the day chosen lies open too: %d do", len(got))
	}
}

func TestTwoShoppersAndOneSlot(t *testing.T) {
	s := open(t)
	s.appointments()
	last := func(name string) tab {
		b := s.browser()
		dates := b.toDates()
		form := dates.send("Choisir cette livraison", "option", dates.Attributes(".day input", "value")[0])
		return form.send("Vérifier ma commande", "name", name, "email", "c@example.com", "street", "3 rue des Lilas", "city", "Lyon")
	}
	one, two := last("Camille Durand"), last("Théo Roux")
	if got := one.send("Commander").One(".thanks .window"); got != "Livré lundi 2 mars entre 14:00 et 16:00" {
		t.Errorf("the first: %q", got)
	}
	late := two.send("Commander")
	if late.Status != http.StatusConflict || !strings.HasPrefix(late.One(".told"), "Quelqu'un vient de prendre la dernière place") {
		t.Fatalf("the second: %d %s", late.Status, late.One("main"))
	}
	if got := late.All(".day .window"); got[0] != "mardi 3 mars" {
		t.Errorf("the slots that are left: %q", got)
	}
	next := late.send("Choisir cette livraison", "option", late.Attributes(".day input", "value")[0])
	if got := next.One("address"); !strings.HasPrefix(got, "Théo Roux") {
		t.Errorf("nothing typed is lost: %q", got)
	}
	if got := next.send("Commander").One(".thanks .window"); got != "Livré mardi 3 mars entre 14:00 et 16:00" {
		t.Errorf("the second then: %q", got)
	}
}

func TestNoDateIsChosenForAnybody(t *testing.T) {
	s := open(t)
	b := s.browser()
	if got := b.toDates().Attributes(".option input", "checked"); len(got) != 0 {
		t.Errorf("%q", got)
	}
	none := b.get(grocer + "/coordonnees?pays=FR&cp=69003")
	if none.Status != http.StatusUnprocessableEntity || none.One(".told") != "Choisissez une date ou un créneau." {
		t.Errorf("%d %s", none.Status, none.One("main"))
	}
}

func TestADateThatIsGoneIsNotReplacedBehindOnesBack(t *testing.T) {
	s := open(t)
	dates := s.browser().toDates()
	s.At("2026-03-02 16:01")
	gone := dates.send("Choisir cette livraison")
	if gone.Status != http.StatusConflict || !strings.HasPrefix(gone.One(".told"), "Cette date n'est plus possible") {
		t.Errorf("%d %s", gone.Status, gone.All(".told"))
	}
}

func TestWhatTheAPIRefusesComesBackAsAPage(t *testing.T) {
	s := open(t)
	real := s.call
	for _, c := range []struct {
		law     string
		status  int
		problem string
		want    string
	}{
		{"two tabs, one slot", 409, `{"code":"slot_full","detail":"plein"}`, "Quelqu'un vient de prendre la dernière place de ce créneau."},
		{"a slot that closed", 409, `{"code":"slot_closed","detail":"fermé"}`, "Cette date n'est plus possible."},
		{"a basket changed after the quote", 409, `{"code":"token_mismatch","detail":"x"}`, "Votre panier a changé"},
		{"a token used", 409, `{"code":"token_used","detail":"x"}`, "L'offre de livraison a expiré"},
		{"the same key with another body", 422, `{"code":"idempotency_key_reused","detail":"x"}`, "Cette commande a déjà été envoyée"},
		{"what nobody thought of", 409, `{"code":"something_new","detail":"Le marchand est en congé."}`, "Le marchand est en congé."},
		{"a field and something else", 422, `{"code":"a","detail":"Deux choses.","errors":[{"field":"shopper.email"},{"field":"lines[0].units"}]}`, "Deux choses."},
	} {
		last := s.browser().toReview()
		s.call = s.refusing(c.status, c.problem)
		no := last.send("Commander")
		s.call = real
		if no.Status != http.StatusConflict || !strings.HasPrefix(no.One(".told"), c.want) || len(no.All(".option")) == 0 {
			t.Errorf("%s: %d %s", c.law, no.Status, no.One("main"))
			continue
		}
		if got := no.send("Choisir cette livraison").One("address"); !strings.Contains(got, "Camille Durand") {
			t.Errorf("%s: lost what was typed: %q", c.law, got)
		}
	}
}

func TestAFieldThatOnlyTheAPIRefusesIsSaidAtTheField(t *testing.T) {
	s := open(t)
	last := s.browser().toReview()
	s.call = s.refusing(422, `{"code":"email_invalid","detail":"x","errors":[{"code":"email_invalid","field":"shopper.email","detail":"Cette boîte n'existe pas."}]}`)
	no := last.send("Commander")
	if no.Status != http.StatusUnprocessableEntity || no.One("span.error") != "Cette boîte n'existe pas." {
		t.Errorf("%d %s", no.Status, no.One("main"))
	}
}

func TestAServiceThatIsDownLosesNothing(t *testing.T) {
	s := open(t)
	b := s.browser()
	dates := b.toDates()
	form := dates.send("Choisir cette livraison")
	last := form.send("Vérifier ma commande", typed...)
	up := s.call

	s.call = down
	if got := b.get(grocer + "/article/HUI-050"); got.Status != http.StatusOK || !strings.Contains(got.One(".error"), "réessayez dans un instant") {
		t.Errorf("an article: %d %q", got.Status, got.All(".error"))
	}
	for name, page := range map[string]tab{
		"the dates":     dates.send("Choisir cette livraison"),
		"the last look": form.send("Vérifier ma commande", typed...),
	} {
		if page.Status != http.StatusServiceUnavailable || !strings.Contains(page.One(".told"), "Rien n'est perdu") {
			t.Errorf("%s: %d %s", name, page.Status, page.One("main"))
		}
	}
	waiting := form.send("Vérifier ma commande", typed...)
	unsure := last.send("Commander")
	if unsure.Status != http.StatusServiceUnavailable || unsure.One("h1") != "Nous n'avons pas eu de réponse" {
		t.Fatalf("%d %s", unsure.Status, unsure.One("main"))
	}

	s.call = up
	again := waiting.send("Voir les dates").send("Choisir cette livraison")
	if got := again.One("address"); !strings.Contains(got, "3 rue des Lilas") {
		t.Errorf("kept over the break: %q", got)
	}
	if done := unsure.send("Réessayer"); len(done.All(".thanks")) != 1 || len(s.placed()) != 1 {
		t.Errorf("tried again: %s %q", done.One("main"), s.placed())
	}
}

// An order that was placed while its answer was lost is not placed twice.
func TestAnAnswerThatIsLost(t *testing.T) {
	s := open(t)
	last := s.browser().toReview()
	up := s.call
	s.call = func(r *http.Request) (*http.Response, error) {
		_, _ = up(r)
		return down(r)
	}
	unsure := last.send("Commander")
	s.call = up
	done := unsure.send("Réessayer")
	if len(done.All(".thanks")) != 1 || len(s.placed()) != 1 {
		t.Errorf("%s %q", done.One("main"), s.placed())
	}
}

func TestTheWayBackKeepsWhatWasTyped(t *testing.T) {
	s := open(t)
	last := s.browser().toReview()
	form := last.send("Modifier mes coordonnées")
	if got := form.Attributes(".fields input", "value"); got[0] != "Camille Durand" || got[2] != "3 rue des Lilas" {
		t.Errorf("the form: %q", got)
	}
	dates := last.send("Changer de livraison")
	if got := dates.send("Choisir cette livraison").One("address"); !strings.Contains(got, "Camille Durand") {
		t.Errorf("the dates: %q", got)
	}
	if got := last.send("English").One("h1"); got != "Is everything right?" {
		t.Errorf("the other language: %q", got)
	}
	if got := form.send("English").Attributes(".fields input", "value"); got[0] != "Camille Durand" {
		t.Errorf("the other language: %q", got)
	}
}
