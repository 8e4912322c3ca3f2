package shopper_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/checkout"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/web/ui"
	"github.com/promesse-dev/promesse/internal/web/webtest"
)

// bought is an order of two bottles, and the door to its page.
type bought struct {
	*webtest.Shop
	t    *testing.T
	door *ui.Door
	checkout.Placed
	path string
	jar  map[string]string // cookies, as a browser keeps them
}

func buys(t *testing.T) bought {
	t.Helper()
	s := grocer(t)
	p := s.Order("E-1", webtest.Sale{Slot: true})
	return bought{s, t, door(t, s), p, "/p/" + string(p.Link), map[string]string{}}
}

// arrives has the order delivered in its slot.
func (b bought) arrives() bought {
	b.t.Helper()
	b.Parcel(b.Placed.Order.ID, "T-1")
	b.At("2026-03-02 15:00")
	b.Scan("T-1", fact.Delivered)
	b.Quiet()
	return b
}

func (b bought) id() ident.Order { return b.Placed.Order.ID }

func (b bought) get(page string) webtest.Answer {
	b.t.Helper()
	a := webtest.Get(b.t, b.door, b.path+page, b.cookies()...)
	if a.Status != 200 {
		b.t.Fatalf("%s: %d %s", page, a.Status, a.Body)
	}
	mustBeWords(b.t, a.One("body"))
	return a
}

func (b bought) post(page string, form url.Values) webtest.Answer {
	b.t.Helper()
	a := webtest.Post(b.t, b.door, b.path+page, form.Encode(), b.cookies()...)
	for _, c := range (&http.Response{Header: a.Header}).Cookies() {
		b.jar[c.Name] = c.Value
	}
	return a
}

// cookies is the header that brings the cookies along.
func (b bought) cookies() []string {
	var all []string
	for name, value := range b.jar {
		all = append(all, name+"="+value)
	}
	if len(all) == 0 {
		return nil
	}
	return []string{"Cookie", strings.Join(all, "; ")}
}

// goes posts a form, and follows where it leads.
func (b bought) goes(page string, form url.Values, to string) webtest.Answer {
	b.t.Helper()
	a := b.post(page, form)
	if a.Status != http.StatusSeeOther || a.Header.Get("Location") != b.path+to {
		b.t.Fatalf("%s: %d to %q, want %q: %s", page, a.Status, a.Header.Get("Location"), b.path+to, a.Body)
	}
	at, _, _ := strings.Cut(to, "#")
	return b.get(at)
}

func (b bought) shortages() (all []order.Shortage) {
	b.t.Helper()
	b.See(func(tx *db.Tx) error {
		of, err := order.Shortages(tx, b.ID, []ident.Order{b.id()})
		all = of[b.id()]
		return err
	})
	return all
}

// units is the name of the number of the only line.
func (b bought) units() string { return "units[" + string(line(b.Shop, b.id()).ID) + "]" }

func missing(field, n, what, after string) url.Values {
	return url.Values{field: {n}, "what": {what}, "after": {after}}
}

func TestMissingUnitsAreSaidInOneTap(t *testing.T) {
	b := buys(t).arrives()
	before := b.get("")
	if !slices.Contains(before.Attributes("a", "href"), string(b.Link)+"/missing") {
		t.Fatalf("no way to say it: %s", before.Body)
	}
	form := b.get("/missing")
	if got := form.All("label"); !slices.Equal(got, []string{"Huile d'olive (2 au plus)", "Cela manque", "C'est abîmé"}) {
		t.Errorf("labels: %q", got)
	}
	if got := form.Attributes("input", "max"); !slices.Equal(got, []string{"2"}) {
		t.Errorf("at most %q", got)
	}
	for _, c := range []struct {
		law, n, what string
		says         []string
	}{
		{"one bottle: below the policy's threshold, and the page says so at once", "1", "missing", []string{
			"Vous nous avez signalé qu'il manque : 1 × Huile d'olive.", "Selon les règles de Bellecour, ce manque n'ouvre pas droit à un crédit.",
		}},
		{"the second one, broken: the delivery is free", "1", "damaged", []string{
			"Vous nous avez signalé un dommage : 1 × Huile d'olive.", "Livraison offerte : 5,90 € à votre crédit chez Bellecour.",
		}},
	} {
		after := b.get("/missing").Attributes("input", "value")[0]
		said := b.goes("/missing", missing(b.units(), c.n, c.what, after), "/missing").One("body")
		for _, want := range c.says {
			if !strings.Contains(said, want) {
				t.Errorf("%s: the page does not say %q:\n%s", c.law, want, said)
			}
		}
	}
	if n := len(b.shortages()); n != 2 {
		t.Errorf("%d declarations", n)
	}
	if body := b.get("/missing").One("main"); strings.Contains(body, "Le signaler") {
		t.Errorf("there is nothing left to miss, and a form: %s", body)
	}
	end := b.get("")
	if end.One(".promise .badge") != "Commande incomplète" || !strings.Contains(end.One("body"), "5,90 € à votre crédit") || strings.Contains(end.One("body"), "rembours") {
		t.Errorf("the order's page: %s", end.One("body"))
	}
}

// The same tap twice, as a nervous thumb or a browser sends it, is one.
func TestTheSameTapTwiceIsOne(t *testing.T) {
	b := buys(t).arrives()
	form := missing(b.units(), "1", "missing", "")
	b.goes("/missing", form, "/missing")
	b.goes("/missing", form, "/missing")
	if n := len(b.shortages()); n != 1 {
		t.Errorf("%d declarations", n)
	}
}

func TestWhatIsWrongWithTheFormIsSaidAtItsField(t *testing.T) {
	b := buys(t).arrives()
	for _, c := range []struct{ law, n, want string }{
		{"nothing at all", "0", "Aucun article n'est indiqué"},
		{"left empty", "", "Aucun article n'est indiqué"},
		{"more than came", "3", "Huile d'olive : donnez un nombre de 0 à 2"},
		{"fewer than none", "-1", "Huile d'olive : donnez un nombre de 0 à 2"},
		{"no number", "beaucoup", "Huile d'olive : donnez un nombre de 0 à 2"},
		{"a number nobody can count", strings.Repeat("9", 40), "Huile d'olive : donnez un nombre de 0 à 2"},
		{"a book", strings.Repeat("🫒", 5000), "Huile d'olive : donnez un nombre de 0 à 2"},
	} {
		a := b.post("/missing", missing(b.units(), c.n, "damaged", ""))
		if a.Status != 422 || !strings.Contains(a.One(".errors"), c.want) || !strings.Contains(a.One(".wrong"), c.want) {
			t.Errorf("%s: %d %q", c.law, a.Status, a.All(".errors"))
		}
		if to := a.Attributes(".errors a", "href"); !slices.Equal(to, []string{"#" + b.units()}) {
			t.Errorf("%s: the error leads to %q", c.law, to)
		}
		if len(a.Body) > 40<<10 {
			t.Errorf("%s: %d bytes", c.law, len(a.Body))
		}
		mustBeWords(t, a.One("body"))
	}
	if n := len(b.shortages()); n > 0 {
		t.Errorf("%d declarations", n)
	}
}

func TestNothingIsMissingBeforeItCame(t *testing.T) {
	b := buys(t)
	if body := b.get("/missing").One("main"); !strings.Contains(body, "Rien de cette commande n'est encore livré") || strings.Contains(body, "Le signaler") {
		t.Errorf("%s", body)
	}
	if strings.Contains(b.get("").One("body"), "Il manque quelque chose") {
		t.Error("the order's page offers to say it")
	}
	a := b.post("/missing", missing(b.units(), "1", "missing", ""))
	if a.Status != 409 || !strings.Contains(a.One("main"), "attendez le colis") {
		t.Errorf("%d %s", a.Status, a.One("main"))
	}
}

// answer is where the courier's question stands.
func (b bought) answer() (e lastmile.Early) {
	b.t.Helper()
	b.See(func(tx *db.Tx) (err error) {
		e, _, err = lastmile.EarlyOf(tx, b.ID, b.id())
		return err
	})
	return e
}

func TestTheCourierIsAnsweredInOneTap(t *testing.T) {
	for _, c := range []struct {
		law, answer string
		accepted    bool
		says        string
	}{
		{"yes", "yes", true, "Le coursier peut passer dès 13:10 : vous l'avez accepté."},
		{"no", "no", false, "Vous avez refusé que le coursier passe plus tôt"},
	} {
		t.Run(c.law, func(t *testing.T) {
			b := buys(t)
			b.Parcel(b.id(), "T-1")
			b.At("2026-03-02 12:40")
			b.AskEarly(b.id(), "2026-03-02 13:10")
			if got := b.get("").All(".next button"); len(got) != 2 {
				t.Fatalf("buttons: %q", got)
			}
			a := b.goes("/early", url.Values{"answer": {c.answer}}, "")
			if e := b.answer(); e.Answered.IsZero() || e.Accepted != c.accepted {
				t.Errorf("%+v", e)
			}
			if !strings.Contains(a.One("body"), c.says) || len(a.All(".next button")) > 0 {
				t.Errorf("%s", a.One("body"))
			}
			b.goes("/early", url.Values{"answer": {c.answer}}, "") // once more changes nothing
		})
	}
}

func TestAnAnswerToTheCourierThatComesWrong(t *testing.T) {
	b := buys(t)
	if a := b.post("/early", url.Values{"answer": {"yes"}}); a.Status != 404 {
		t.Errorf("nobody asked: %d", a.Status)
	}
	b.Parcel(b.id(), "T-1")
	b.At("2026-03-02 12:40")
	b.AskEarly(b.id(), "2026-03-02 13:10")
	for _, form := range []url.Values{{}, {"answer": {"perhaps"}}, {"answer": {strings.Repeat("y", 5000)}}} {
		if a := b.post("/early", form); a.Status != 422 || !b.answer().Answered.IsZero() {
			t.Errorf("%v: %d", form, a.Status)
		}
	}
	b.goes("/early", url.Values{"answer": {"no"}}, "")
	if a := b.post("/early", url.Values{"answer": {"yes"}}); a.Status != 409 || !strings.Contains(a.One("main"), "Une autre réponse a déjà été donnée") {
		t.Errorf("the other answer: %d %s", a.Status, a.One("main"))
	}
	late := buys(t)
	late.Parcel(late.id(), "T-1")
	late.At("2026-03-02 12:40")
	late.AskEarly(late.id(), "2026-03-02 13:10")
	late.At("2026-03-02 14:00")
	if a := late.post("/early", url.Values{"answer": {"yes"}}); a.Status != 409 || !strings.Contains(a.One("main"), "Le créneau a commencé") {
		t.Errorf("too late: %d %s", a.Status, a.One("main"))
	}
}

// letters are those waiting to be sent on a topic, the last one first.
func (b bought) letters(topic fact.Topic) (texts []string) {
	b.t.Helper()
	b.See(func(tx *db.Tx) (err error) {
		texts, err = db.All(tx, `select text from notify_message where merchant = $1 and topic = $2 order by id desc`, db.Scalar[string], b.ID, topic)
		return err
	})
	return texts
}

// code is the one in the last letter.
func (b bought) code() string {
	b.t.Helper()
	all := b.letters(fact.TopicCode)
	if len(all) == 0 {
		b.t.Fatal("no code was sent")
	}
	return regexp.MustCompile(`\b\d{6}\b`).FindString(all[0])
}

func (b bought) state() (s order.State) {
	b.t.Helper()
	b.See(func(tx *db.Tx) error {
		o, err := order.Get(tx, b.ID, b.id())
		s = o.State
		return err
	})
	return s
}

func typed(code string) url.Values { return url.Values{"code": {code}} }

func TestAnOrderIsTakenBackByCode(t *testing.T) {
	b := buys(t)
	if !slices.Contains(b.get("").Attributes("a", "href"), string(b.Link)+"/cancel") {
		t.Fatal("no way to cancel")
	}
	ask := b.get("/cancel").One("main")
	if !strings.Contains(ask, "nous envoyons un code de six chiffres à c•••@example.com") || strings.Contains(ask, "camille") {
		t.Errorf("%s", ask)
	}
	if b.state() != order.Placed || len(b.letters(fact.TopicCode)) > 0 {
		t.Error("opening the page changed something")
	}
	sent := b.goes("/code", nil, "/cancel")
	if !strings.Contains(sent.One("main"), "Nous avons envoyé un code de six chiffres à c•••@example.com. Il est valable encore 10 minutes.") {
		t.Errorf("%s", sent.One("main"))
	}
	if got := sent.Attributes("input", "autocomplete"); !slices.Equal(got, []string{"one-time-code"}) {
		t.Errorf("the telephone can not fill it in: %q", got)
	}
	done := b.goes("/cancel", typed(b.code()[:3]+" "+b.code()[3:]), "")
	if b.state() != order.Cancelled || done.One("h1") != "Cette commande est annulée" || !strings.Contains(done.One("body"), "Ce que vous avez payé vous est dû par Bellecour") {
		t.Errorf("%s: %s", b.state(), done.One("body"))
	}
	if told := b.letters(fact.TopicCancelled); len(told) != 1 || !strings.Contains(told[0], "Votre commande E-1 est annulée, à votre demande") {
		t.Errorf("the contact is told %q", told)
	}
	if got := b.get("/cancel").One("main"); !strings.Contains(got, "Cette commande est annulée") || strings.Contains(got, "Recevoir le code") {
		t.Errorf("once more: %s", got)
	}
	b.See(func(tx *db.Tx) error {
		facts, err := flow.Timeline(tx, b.ID, string(b.id()))
		for _, f := range facts {
			if _, ok := f.Body.(fact.OrderCancelled); ok && f.Actor != flow.ByShopper(b.Placed.Order.Shopper) {
				t.Errorf("cancelled by %s", f.Actor)
			}
		}
		return err
	})
}

func TestACodeThatOpensNothingSaysWhy(t *testing.T) {
	b := buys(t)
	wrong := func(law, code, want string) {
		t.Helper()
		a := b.post("/cancel", typed(code))
		if a.Status != 422 || !strings.Contains(a.One(".errors"), want) || b.state() != order.Placed {
			t.Errorf("%s: %d %s %q", law, a.Status, b.state(), a.All(".errors"))
		}
		mustBeWords(t, a.One("body"))
	}
	wrong("before any was sent", "123456", "Aucun code n'a été envoyé pour cela")
	b.goes("/code", nil, "/cancel")
	bad := "000000"
	if b.code() == bad {
		bad = "000001"
	}
	wrong("another one", bad, "essais restants : 4")
	wrong("nothing: that is no try", "", "essais restants : 4")
	wrong("a book", strings.Repeat("🔑", 5000), "essais restants : 4")
	wrong("five digits", "12345", "essais restants : 4")
	wrong("the second", bad, "essais restants : 3")
	wrong("the third", bad, "essais restants : 2")
	wrong("the fourth", bad, "essais restants : 1")
	wrong("the fifth", bad, "Ce code a été essayé cinq fois")
	wrong("the right one, too late", b.code(), "Ce code a été essayé cinq fois")
	b.goes("/code", nil, "/cancel")
	b.Pass(10 * time.Minute)
	wrong("ten minutes later", b.code(), "Ce code n'est plus valable")
	b.goes("/code", nil, "/cancel")
	if a := b.post("/code", nil); a.Status != 429 || !strings.Contains(a.One(".errors"), "Trois codes ont été envoyés en une heure") {
		t.Errorf("the fourth code: %d %s", a.Status, a.One("main"))
	}
	if n := len(b.letters(fact.TopicCode)); n != 3 {
		t.Errorf("%d letters", n)
	}
	b.goes("/cancel", typed(b.code()), "")
}

// Once something is packed, the code opens nothing any more, and is not spent.
func TestAnOrderThatIsPackedIsNotTakenBackHere(t *testing.T) {
	b := buys(t)
	b.goes("/code", nil, "/cancel")
	code := b.code()
	b.Parcel(b.id(), "T-1")
	if a := b.post("/cancel", typed(code)); a.Status != 422 || !strings.Contains(a.One("main"), "vient d'être préparé") || b.state() != order.Placed {
		t.Errorf("%d %s", a.Status, a.One("main"))
	}
	page := b.get("/cancel")
	if !strings.Contains(page.One("main"), "Bellecour a préparé un colis") || len(page.All("button")) > 0 || len(page.All("input")) > 0 {
		t.Errorf("a dead button: %s", page.Body)
	}
	if got := page.Attributes(".card a", "href"); len(got) != 1 || !strings.HasPrefix(got[0], "mailto:") {
		t.Errorf("nobody to write to: %q", got)
	}
	if a := b.post("/code", nil); a.Status != 303 || len(b.letters(fact.TopicCode)) != 1 {
		t.Errorf("a code for nothing: %d", a.Status)
	}
	if strings.Contains(b.get("").One("body"), "Annuler la commande") {
		t.Error("the order's page offers it")
	}
}

// A mailbox that refuses letters proves nothing: no code is promised to it.
func TestNoCodeIsPromisedToAMailboxThatRefuses(t *testing.T) {
	b := buys(t)
	b.Do(b.ID, func(tx *flow.Tx) error {
		return tx.Do(`insert into notify_suppressed (merchant, contact, message, at) values ($1, $2, 'msg_1', 1)`, b.ID, ident.Hash("camille@example.com"))
	})
	page := b.get("/cancel")
	if !strings.Contains(page.One("main"), "Nous ne pouvons pas écrire à l'adresse de cette commande") || len(page.All("button")) > 0 {
		t.Errorf("%s", page.One("main"))
	}
	if a := b.post("/code", nil); a.Status != 303 || len(b.letters(fact.TopicCode)) != 0 {
		t.Errorf("%d, %d letters", a.Status, len(b.letters(fact.TopicCode)))
	}
}

// The link of one order acts on no other, and a code neither.
func TestALinkActsOnItsOwnOrder(t *testing.T) {
	b := buys(t)
	other := b.Shop.Order("E-2", webtest.Sale{Slot: true})
	b.goes("/code", nil, "/cancel")
	code := b.code()
	a := webtest.Post(t, b.door, "/p/"+string(other.Link)+"/cancel", typed(code).Encode())
	if a.Status != 422 || !strings.Contains(a.One(".errors"), "Aucun code n'a été envoyé pour cela") {
		t.Errorf("%d %s", a.Status, a.One("main"))
	}
	b.goes("/cancel", typed(code), "")
	for _, path := range []string{"/early", "/missing", "/cancel", "/code"} {
		if a := webtest.Post(t, b.door, "/p/0000000000000000000000"+path, "answer=yes"); a.Status != 404 {
			t.Errorf("%s behind no link: %d", path, a.Status)
		}
		if a := webtest.Post(t, b.door, b.path+path, "answer=yes", "Sec-Fetch-Site", "cross-site"); a.Status != 403 {
			t.Errorf("%s from another site: %d", path, a.Status)
		}
	}
}
