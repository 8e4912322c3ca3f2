package shopper_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/desk"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/web/webtest"
)

func words(w, key string) url.Values { return url.Values{"words": {w}, "key": {key}} }

// talks are the conversations about the order.
func (b bought) talks() (all []desk.Conversation) {
	b.t.Helper()
	b.See(func(tx *db.Tx) error {
		of, err := desk.OfOrders(tx, b.ID, []ident.Order{b.id()})
		all = of[b.id()]
		return err
	})
	return all
}

// writes sends a question, and gives the path of the conversation below the order's page.
func (b bought) writes(w string) string {
	b.t.Helper()
	if a := b.post("/ecrire", words(w, w)); a.Status != 303 {
		b.t.Fatalf("%d %s", a.Status, a.One("main"))
	}
	all := b.talks()
	return "/ecrire/" + string(all[len(all)-1].ID)
}

// answered has somebody of the shop answer the last conversation.
func (b bought) answered(w string) {
	b.t.Helper()
	all := b.talks()
	b.Do(b.ID, func(tx *flow.Tx) error {
		people, err := merchant.StaffOf(tx.Tx, b.ID)
		if err != nil {
			return err
		}
		if len(people) == 0 {
			bo, err := merchant.Hire(tx, b.ID, merchant.NewStaff{Email: "nadia@bellecour.example", Name: "Nadia", Set: merchant.Owner})
			if err != nil {
				return err
			}
			people = append(people, bo)
		}
		_, err = desk.Answer(tx, b.ID, all[len(all)-1].ID, desk.Answering{By: people[0].ID, Words: w})
		return err
	})
	b.Quiet()
}

func TestAQuestionAndItsAnswer(t *testing.T) {
	b := buys(t)
	ask := b.get("/ecrire").One("main")
	if !strings.Contains(ask, "Si vous envoyez maintenant, une personne de Bellecour vous répond au plus tard lundi 2 mars avant 17:00") {
		t.Errorf("the deadline is said before anything is sent: %s", ask)
	}
	if len(b.talks()) > 0 {
		t.Error("opening the page wrote something")
	}
	talk := b.writes("Bonjour,\r\nau troisième, s'il vous plaît.")
	page := b.get(talk)
	for _, want := range []string{"En attente de notre réponse", "au plus tard lundi 2 mars avant 17:00", "Vous · lundi 2 mars à 09:00", "au troisième, s'il vous plaît."} {
		if !strings.Contains(page.One("main"), want) {
			t.Errorf("%q is not on %s", want, page.One("main"))
		}
	}
	b.answered("C'est noté.\n\nÀ tout à l'heure !")
	main := b.get(talk).One("main")
	for _, want := range []string{"Une personne vous a répondu", "Nadia, Bellecour", "C'est noté. À tout à l'heure !"} {
		if !strings.Contains(main, want) {
			t.Errorf("%q is not on %s", want, main)
		}
	}
	if a := b.post(talk, words("Merci, et le code est 12B.", "")); a.Status != 303 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if c := b.talks()[0]; !c.Waits() {
		t.Errorf("a reply begins a new wait: %+v", c)
	}
	if order := b.get("").One("main"); !strings.Contains(order, "Réponse promise au plus tard lundi 2 mars avant 17:00") || !strings.Contains(order, "Une personne vous a répondu") {
		t.Errorf("the order's page: %s", order)
	}
	if a := b.post(talk+"/clore", nil); a.Status != 303 || b.talks()[0].State != desk.Closed {
		t.Errorf("%d, %+v", a.Status, b.talks()[0])
	}
}

func TestAnAnswerThatIsLateSaysSo(t *testing.T) {
	b := buys(t)
	talk := b.writes("Où est mon colis ?")
	b.At("2026-03-02 17:00")
	b.Quiet()
	if main := b.get(talk).One("main"); !strings.Contains(main, "nous sommes en retard") {
		t.Errorf("%s", main)
	}
	if order := b.get("").One("main"); !strings.Contains(order, "Nous n'avons pas répondu dans le délai promis") {
		t.Errorf("%s", order)
	}
}

func TestTwoTabsAskOnce(t *testing.T) {
	b := buys(t)
	for _, key := range []string{"one", "one", "two"} {
		if a := b.post("/ecrire", words("Où est mon colis ?", key)); a.Status != 303 {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
	}
	if all := b.talks(); len(all) != 1 {
		t.Errorf("%d conversations", len(all))
	}
}

func TestWhatCanNotBeSentIsNotLost(t *testing.T) {
	b := buys(t)
	for _, c := range []struct{ what, words, says string }{
		{"nothing", "  \r\n", "« message »"},
		{"too much", strings.Repeat("🚚", desk.MaxWords+1), "est trop long"},
	} {
		a := b.post("/ecrire", words(c.words, "k"))
		if a.Status != 422 || !strings.Contains(a.One(".errors"), c.says) {
			t.Errorf("%s: %d %s", c.what, a.Status, a.One(".errors"))
		}
		if c.words != "" && a.One("textarea") != strings.TrimSpace(c.words) {
			t.Errorf("%s: the words are gone", c.what)
		}
	}
	if a := b.post("/ecrire", words(strings.Repeat("a", 2<<20), "k")); a.Status != 400 && a.Status != 413 && a.Status != 422 {
		t.Errorf("two megabytes: %d", a.Status)
	}
	markup := b.get(b.writes("<script>alert(1)</script><b>gras</b>"))
	if strings.Contains(markup.Body, "<script>alert") || !strings.Contains(markup.One("main"), "<b>gras</b>") {
		t.Error("words are shown as they were typed, and never as markup")
	}
}

func TestAConversationIsItsOrdersAlone(t *testing.T) {
	b := buys(t)
	talk := b.writes("Où est mon colis ?")
	other := b.Shop.Order("E-2", webtest.Sale{Slot: true})
	for _, path := range []string{"/p/" + string(other.Link) + talk, "/p/0000000000000000000000" + talk, b.path + "/ecrire/cnv_00000000000000000000000000"} {
		if a := webtest.Get(t, b.door, path); a.Status != 404 {
			t.Errorf("%s: %d", path, a.Status)
		}
		if a := webtest.Post(t, b.door, path, words("Je lis tout.", "").Encode()); a.Status != 404 {
			t.Errorf("%s: %d", path, a.Status)
		}
		if a := webtest.Post(t, b.door, path+"/clore", ""); a.Status != 404 {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
	if c := b.talks(); len(c) != 1 || !c[0].Waits() {
		t.Errorf("%+v", c)
	}
	if !slices.Contains(b.get("/ecrire").Attributes("a", "href"), strings.TrimPrefix(talk, "/")) {
		t.Error("the box does not lead to what was written before")
	}
}

func TestAQuestionMayShowSomething(t *testing.T) {
	b := buys(t)
	svg := []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`)
	if a := b.upload("/ecrire", words("Il est abîmé.", "k"), "photos", svg); a.Status != 422 || len(b.talks()) > 0 || a.One("textarea") != "Il est abîmé." {
		t.Errorf("a drawing with a script: %d %s", a.Status, a.One("main"))
	}
	if a := b.upload("/ecrire", words("Il est abîmé.", "k"), "photos", picture(t)); a.Status != 303 {
		t.Fatalf("%d %s", a.Status, a.One("main"))
	}
	talk := "/ecrire/" + string(b.talks()[0].ID)
	paths := b.get(talk).Attributes("img", "src")
	if len(paths) != 1 {
		t.Fatalf("%q", paths)
	}
	photo := webtest.Get(t, b.door, b.path+"/ecrire/"+paths[0])
	if photo.Status != 200 || !strings.HasPrefix(photo.Header.Get("Content-Type"), "image/") {
		t.Errorf("%d %s", photo.Status, photo.Header.Get("Content-Type"))
	}
	other := b.Shop.Order("E-2", webtest.Sale{Slot: true})
	for _, path := range []string{"/p/" + string(other.Link) + "/ecrire/" + paths[0], b.path + talk + "/photo/blb_0000000000000000000000000"} {
		if a := webtest.Get(t, b.door, path); a.Status != 404 {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
}
