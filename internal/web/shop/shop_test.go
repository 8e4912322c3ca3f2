package shop_test

import (
	"net/http"
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
		if _, path, _ := strings.Cut(made, " "); path != "/api/v1/quotes" && path != "/api/v1/returns/terms" && !strings.HasPrefix(path, "/api/v1/orders") {
			t.Errorf("asked: %s", made)
		}
	}
	if s.orders() != 1 {
		t.Errorf("%q", s.made)
	}
}
