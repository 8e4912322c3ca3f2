package shop_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

const grocer = "/boutique/epicerie-bellecour"

func (s *street) list(references *[]string) func(*db.Tx) error {
	return func(tx *db.Tx) error {
		all, err := order.List(tx, s.ID, order.Page{Limit: 50})
		for _, o := range all {
			*references = append(*references, o.Reference)
		}
		return err
	}
}

// typed is the details of somebody in Lyon.
var typed = []string{"name", "Camille Durand", "email", "camille@example.com", "street", "3 rue des Lilas", "city", "Lyon"}

// toDates is a basket of oil, and the dates for Lyon.
func (b *browser) toDates() tab {
	b.t.Helper()
	b.get(grocer+"/article/HUI-050").send("Ajouter au panier", "unites", "2")
	return b.get(grocer+"/livraison").send("Voir les dates", "cp", "69003")
}

// toReview goes on to the last look.
func (b *browser) toReview() tab {
	b.t.Helper()
	return b.toDates().send("Choisir cette livraison").send("Vérifier ma commande", typed...)
}

func TestAShopperBuysWithoutScript(t *testing.T) {
	s := open(t)
	b := s.browser()
	if scripts := b.get(grocer+"/").Attributes("script", "src"); len(scripts) > 0 {
		t.Errorf("scripts: %q", scripts)
	}

	shelves := b.get(grocer + "/")
	if got := shelves.One("h1"); got != "Le frais du jour et l'épicerie fine, à l'heure où vous êtes chez vous." {
		t.Errorf("the shop says %q", got)
	}
	if got := shelves.All(".wares li"); len(got) != 20 || got[6] != "Huile d'olive de Nyons AOP, 50 cl 14,90 €" {
		t.Errorf("%d on the shelves: %q", len(got), got)
	}
	if got := b.get(grocer + "/?rayon=boissons").All(".wares li"); len(got) != 4 {
		t.Errorf("drinks: %q", got)
	}

	article := b.get(grocer + "/article/HUI-050")
	if got := article.All(".when .window"); len(got) != 0 {
		t.Errorf("a date for nowhere: %q", got)
	}
	when := article.send("Voir les dates", "cp", "69003")
	if got := when.One(".best .window"); got != "Livré mardi 3 mars 5,90 €" {
		t.Errorf("delivered when: %q", got)
	}
	if got := when.One(".best .before"); got != "Commandez avant 16:00 aujourd'hui pour garder cette date." {
		t.Errorf("order before: %q", got)
	}

	basket := when.send("Ajouter au panier", "unites", "2")
	if got := basket.One(".told"); got != "Ajouté à votre panier : Huile d'olive de Nyons AOP, 50 cl." {
		t.Errorf("added: %q", got)
	}
	if got := basket.One(".sum dl"); got != "Articles 29,80 € Poids Pèse 2 kg emballé" {
		t.Errorf("the basket: %q", got)
	}

	dates := basket.send("Choisir ma livraison")
	options := dates.All(".option")
	if len(options) != 2 || options[0] != "Livré mardi 3 mars 5,90 € Délai annoncé. C'est celui du transporteur : nous n'avons pas encore assez de livraisons pour le mesurer."+
		" Express home · ≈ 285 g de CO₂e Commandez avant 16:00 aujourd'hui pour garder cette date." {
		t.Errorf("dates: %q", options)
	}
	if !strings.Contains(options[1], "à pied") {
		t.Errorf("a point is fetched from: %q", options[1])
	}

	form := dates.send("Choisir cette livraison")
	if got := form.One(".sum .window"); got != "Livré mardi 3 mars" {
		t.Errorf("chosen: %q", got)
	}
	last := form.send("Vérifier ma commande", append(typed, "phone", "+33639980001")...)
	if got := last.One("address"); got != "Camille Durand 3 rue des Lilas 69003 Lyon France" {
		t.Errorf("for: %q", got)
	}
	if got := last.One(".sums"); got != "Articles 29,80 € Livraison 5,90 € Total 35,70 €" {
		t.Errorf("sums: %q", got)
	}

	done := last.send("Commander")
	if got := done.One(".thanks .window"); got != "Livré mardi 3 mars" {
		t.Errorf("promised: %q", got)
	}
	if got := done.Attributes(".thanks a", "href"); len(got) != 1 || !strings.HasPrefix(got[0], base+"/p/") {
		t.Errorf("follow: %q", got)
	}
	if got := done.Header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("the page with the link may be kept: %q", got)
	}
	if refs := s.placed(); len(refs) != 1 || !strings.HasPrefix(refs[0], "EB-W-") {
		t.Errorf("orders: %q", refs)
	}
	if got := b.get(grocer + "/panier").One("main"); !strings.Contains(got, "Votre panier est vide.") {
		t.Errorf("after the order: %s", got)
	}
}

func TestThanksAreForWhoeverHoldsTheLink(t *testing.T) {
	s := open(t)
	done := s.browser().toReview().send("Commander")
	if done.Status != http.StatusOK {
		t.Fatal(done.Status)
	}
	at := strings.LastIndexByte(done.path, '/')
	for _, path := range []string{done.path[:at] + "/0000000000000000000000000", done.path[:at] + "/", grocer + "/merci/1/2", "/boutique/volt-et-cie/merci/x/y"} {
		if got := s.browser().get(path); got.Status != http.StatusNotFound {
			t.Errorf("%s: %d", path, got.Status)
		}
	}
}

func TestABasketIsFilledAndEmptied(t *testing.T) {
	s := open(t)
	b := s.browser()
	b.get(grocer + "/article/HUI-050").send("Ajouter au panier")
	b.get(grocer+"/article/MIE-500").send("Ajouter au panier", "unites", "3")
	two := b.get(grocer + "/panier")
	if got := two.All(".lines li .price"); len(got) != 2 || got[0] != "14,90 €" || got[1] != "35,40 €" {
		t.Errorf("lines: %q", got)
	}
	changed := two.send("Mettre à jour", "unites.HUI-050", "5", "unites.MIE-500", "0")
	if got := changed.One(".lines li .price"); got != "74,50 €" {
		t.Errorf("changed: %q", got)
	}
	if got := changed.send("Retirer").One("main .card"); !strings.Contains(got, "Votre panier est vide.") {
		t.Errorf("taken out: %q", got)
	}
	for _, c := range []struct{ law, cookie, want string }{
		{"what is not sold here is not in it", "HUI-050*1~XXX-1*4", "Panier (1)"},
		{"a negative number is none", "HUI-050*-3", "Panier (0)"},
		{"99 of one are enough", "HUI-050*100000000", "Panier (99)"},
		{"twice the same is one line", "HUI-050*1~HUI-050*2", "Panier (3)"},
		{"nonsense is empty", "%%%;;;", "Panier (0)"},
		{"no end of it", strings.Repeat("HUI-050*1~", 5000), "Panier (99)"},
	} {
		b.jar["panier"] = c.cookie
		if got := b.get(grocer + "/").All("nav.nav a"); got[1] != c.want {
			t.Errorf("%s: %q, want %q", c.law, got[1], c.want)
		}
	}
}

func TestClothesHaveSizes(t *testing.T) {
	s := open(t)
	b := s.browser()
	at := "/boutique/fil-et-saison"
	if got := b.get(at+"/article/PUL-101").send("Ajouter au panier", "taille", "L").One(".lines li .tap"); got != "Pull col rond en laine mérinos, bleu nuit, taille L" {
		t.Errorf("%q", got)
	}
	for law, form := range map[string]string{"a size that is not made": "article=PUL-101&taille=XXXL", "none": "article=PUL-101"} {
		got := webtestPost(b, at+"/panier", form)
		if got.One(".told") != "Choisissez une taille." || !strings.Contains(got.One("nav.nav"), "Panier (1)") {
			t.Errorf("%s: %s", law, got.One("main"))
		}
	}
}

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

func TestLanguages(t *testing.T) {
	s := open(t)
	for _, c := range []struct{ law, path, accept, want string }{
		{"French is the default", grocer + "/", "", "fr"},
		{"the browser's", grocer + "/", "en-GB,en;q=0.9", "en"},
		{"the one asked for", grocer + "/?lang=en", "fr", "en"},
		{"one that does not exist", grocer + "/?lang=xx", "", "fr"},
		{"one that is no language", grocer + "/?lang=%3Cscript%3E", "en", "en"},
		{"one we do not write", grocer + "/", "ja", "fr"},
	} {
		if got := s.browser("Accept-Language", c.accept).get(c.path); got.Status != http.StatusOK || got.Attributes("html", "lang")[0] != c.want {
			t.Errorf("%s: %d %q", c.law, got.Status, got.Attributes("html", "lang"))
		}
	}
	b := s.browser()
	b.get(grocer + "/?lang=en")
	if got := b.get(grocer + "/article/HUI-050").One("h1"); got != "Nyons olive oil, 50 cl" {
		t.Errorf("chosen once: %q", got)
	}
	b.get(grocer + "/article/HUI-050").send("Add to basket")
	dates := b.get(grocer+"/livraison").send("See the dates", "cp", "69003")
	if got := dates.All(".option .window"); got[0] != "Delivered Tuesday 3 March" {
		t.Errorf("the promise: %q", got)
	}
	done := dates.send("Choose this delivery").send("Check my order", typed...).send("Order")
	if got := done.One(".thanks .window"); got != "Delivered Tuesday 3 March" {
		t.Errorf("as shown: %q", got)
	}
}

func TestAddressesThatLeadNowhere(t *testing.T) {
	s := open(t)
	b := s.browser()
	for path, want := range map[string]int{
		"/boutique/nulle-part/":                http.StatusNotFound,
		grocer + "/article/XXX-1":              http.StatusNotFound,
		grocer + "/article/HUI-050.L":          http.StatusNotFound,
		grocer + "/panier/2":                   http.StatusNotFound,
		grocer + "/?rayon=nulle-part":          http.StatusOK,
		grocer + "/article/HUI-050?cp=&pays=&": http.StatusOK,
	} {
		if got := b.get(path).Status; got != want {
			t.Errorf("%s: %d, want %d", path, got, want)
		}
	}
	for _, path := range []string{"/verification", "/commande", "/livraison"} {
		if got := b.get(grocer + path); got.path != grocer+"/panier" {
			t.Errorf("%s leads to %s", path, got.path)
		}
	}
}

// A reference comes from our own form, or the form is shown again with a new one.
func TestAReferenceIsOurs(t *testing.T) {
	s := open(t)
	last := s.browser().toReview()
	again := last.send("Commander", "reference", "EB-000001")
	if again.One("h1") != "Tout est juste ?" || len(s.placed()) != 0 {
		t.Errorf("%s %q", again.One("h1"), s.placed())
	}
}

func TestOnlyThePublicAPIIsAsked(t *testing.T) {
	s := open(t)
	s.browser().toReview().send("Commander")
	for _, made := range s.made {
		if _, path, _ := strings.Cut(made, " "); path != "/api/v1/quotes" && !strings.HasPrefix(path, "/api/v1/orders") {
			t.Errorf("asked: %s", made)
		}
	}
	if s.orders() != 1 {
		t.Errorf("%q", s.made)
	}
}
