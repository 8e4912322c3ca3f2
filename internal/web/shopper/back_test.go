package shopper_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/blob"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/egress"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/web/webtest"
)

// press is a carrier that makes labels.
type press struct{ made int }

func (p *press) Offer(carrier.Account, fact.Route, string) (carrier.Offer, bool) {
	return carrier.Offer{Formats: carrier.LabelFormats, MaxGrams: 30_000, Points: true}, true
}

func (p *press) Label(_ context.Context, _ *egress.Client, _ carrier.Connection, _ carrier.Account, r carrier.LabelRequest) (carrier.Issued, error) {
	p.made++
	return carrier.Issued{
		Number: fmt.Sprintf("BACK%d", p.made), Format: r.Format, Document: []byte("%PDF-1.4 label"), ContentType: blob.PDF, Code: "QR-4711",
	}, nil
}

func (p *press) Void(context.Context, *egress.Client, carrier.Connection, carrier.Account, string) error {
	return nil
}

func (p *press) AccountFields() []carrier.AccountField {
	return []carrier.AccountField{{Name: "login", Required: true}}
}

// returning is an order of two bottles, in hand since Tuesday at 10:00, of a shop
// that takes them back at a relay point, at the post office or in its store.
func returning(t *testing.T, sale webtest.Sale) bought {
	t.Helper()
	s := webtest.Open(t)
	adapters := carrier.Adapters{"simulated": &press{}}
	s.Do(s.ID, func(tx *flow.Tx) error {
		if err := merchant.SetBrand(tx, s.ID, merchant.Brand{Accent: "#aa3311", Shown: "Bellecour", Contact: "bonjour@bellecour.example"}); err != nil {
			return err
		}
		if err := adapters.SetAccount(tx, s.Desk.Vault, s.ID, s.Carrier, carrier.Account{Fields: map[string]string{"login": "x"}}); err != nil {
			return err
		}
		c := returns.DefaultConditions()
		c.Carriers = map[fact.Route]ident.Connection{fact.BackByRelay: s.Carrier, fact.BackByPost: s.Carrier}
		c.Stores = true
		c.Warehouse = carrier.Contact{
			Address: order.Address{Name: "Bellecour, retours", Street: "1 rue du Puits", Postcode: "69002", City: "Lyon", Country: "FR"},
		}
		if err := returns.SetConditions(tx, s.ID, c); err != nil {
			return err
		}
		_, err := returns.SetNotice(tx, s.ID, "Vous disposez de quatorze jours pour vous rétracter.")
		return err
	})
	for _, e := range returns.Errands(&carrier.Issuer{Flow: s.Flow, Vault: s.Desk.Vault, Out: egress.New(egress.Options{Wall: s.Clock().Wall}), Adapters: adapters}) {
		s.Handle(e)
	}
	p := s.Order("E-1", sale)
	b := bought{s, t, door(t, s), p, "/p/" + string(p.Link), map[string]string{}}
	s.Parcel(p.Order.ID, "T-1")
	s.At("2026-03-03 10:00")
	s.Scan("T-1", fact.Delivered)
	s.Quiet()
	return b
}

// field is the name of the line's field.
func (b bought) field(name string) string {
	return name + "[" + string(line(b.Shop, b.id()).ID) + "]"
}

// wish is the form of one bottle that is not wanted any more.
func (b bought) wish(more url.Values) url.Values {
	form := url.Values{"key": {"form-1"}, b.field("units"): {"1"}, b.field("reason"): {"no_longer_needed"}}
	for name, values := range more {
		form[name] = values
	}
	return form
}

// handOn is the fields that a page hands on.
func handOn(a webtest.Answer) url.Values {
	form := url.Values{}
	names, values := a.Attributes("input", "name"), a.Attributes("input", "value")
	types := a.Attributes("input", "type")
	if len(types) < len(names) { // every hidden one says so, and comes first
		names, values = names[:len(types)], values[:min(len(values), len(types))]
	}
	for i, name := range names {
		if types[i] == "hidden" {
			form.Add(name, values[i])
		}
	}
	return form
}

// asksBack goes through all pages, and answers the path of the return.
func (b bought) asksBack(form url.Values) string {
	b.t.Helper()
	form.Set("way", "relay")
	sent := b.post("/retour/code", form)
	if sent.Status != 200 || !strings.Contains(sent.One("main"), "c•••@example.com") && !strings.Contains(sent.One("main"), "digits") {
		b.t.Fatalf("%d %s", sent.Status, sent.One("main"))
	}
	form.Set("code", b.code())
	done := b.post("/retour/demande", form)
	to := done.Header.Get("Location")
	if done.Status != http.StatusSeeOther || !strings.HasPrefix(to, b.path+"/retour/") {
		b.t.Fatalf("%d to %q: %s", done.Status, to, done.All("main"))
	}
	return strings.TrimPrefix(to, b.path)
}

func (b bought) sendbacks() (all []returns.Return) {
	b.t.Helper()
	b.See(func(tx *db.Tx) error {
		of, err := returns.OfOrders(tx, b.ID, []ident.Order{b.id()})
		all = of[b.id()]
		return err
	})
	return all
}

// says fails the test where a text is not on a page.
func says(t *testing.T, law, text string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(text, want) {
			t.Errorf("%s: the page does not say %q:\n%s", law, want, text)
		}
	}
}

func TestAReturnIsAskedForStepByStep(t *testing.T) {
	b := returning(t, webtest.Sale{})
	before := b.get("")
	if !slices.Contains(before.Attributes("a", "href"), string(b.Link)+"/retour") {
		t.Fatalf("no way to send it back: %s", before.Body)
	}
	says(t, "the order's page", before.One("main"), "Retourner ou remplacer", "jusqu'à jeudi 2 avril inclus", "Renoncer au contrat ici")
	ask := b.get("/retour")
	says(t, "the conditions come first", ask.One("main"), "jeudi 2 avril est le dernier jour", "dans les 14 jours après la demande", "abîmé à l'arrivée (une photo est demandée)")
	ways := b.post("/retour/voies", b.wish(nil))
	says(t, "the ways", ways.One("main"), "1 × Huile d'olive : je n'en veux plus", "Payé pour ces articles : 14,90 €",
		"Point relais", "gratuit", "de 3 à 5 jours ouvrés", "mardi 17 mars", "CO₂e", "En magasin", "Enlèvement chez vous", "Le magasin n'a pas de transporteur pour cette voie.", "À la place : Point relais, Bureau de poste")
	mustBeWords(t, ways.One("body"))
	if len(b.sendbacks()) > 0 {
		t.Fatal("looking asked for a return")
	}
	look := b.post("/retour/resume", b.wish(url.Values{"way": {"relay"}}))
	says(t, "the last look", look.One("main"), "Point relais", "nous envoyons un code de six chiffres à c•••@example.com", "Un remboursement")
	mustBeWords(t, look.One("body"))
	path := b.asksBack(handedWish(b, look))
	page := b.get(path)
	says(t, "accepted", page.One("main"), "Votre retour est accepté : à déposer au plus tard mardi 17 mars", "Code à montrer, sans imprimante",
		"Avant de fermer le carton", "Mettez dans le carton : 1 × Huile d'olive.", "Annuler ce retour")
	says(t, "the order's page knows it", b.get("").One("main"), "Votre retour du mardi 3 mars", "Retour accepté")
}

// handedWish is what the last look hands on, and nothing that a person typed.
func handedWish(b bought, look webtest.Answer) url.Values {
	b.t.Helper()
	form := handOn(look)
	if form.Get(b.field("units")) != "1" || form.Get("key") == "" || form.Get("way") != "relay" {
		b.t.Fatalf("handed on: %v", form)
	}
	return form
}

func TestInEnglish(t *testing.T) {
	b := returning(t, webtest.Sale{Locale: lang.English})
	says(t, "the order's page", b.get("").One("main"), "Return or replace", "Withdraw from contract here")
	says(t, "the first page", b.get("/retour").One("main"), "The conditions", "arrived damaged")
	ways := b.post("/retour/voies", b.wish(nil))
	says(t, "the ways", ways.One("main"), "Relay point", "3 to 5 working days", "What is not offered, and why")
	says(t, "the return", b.get(b.asksBack(b.wish(nil))).One("main"), "Your return is accepted", "Before you close the box")
	says(t, "the statement", b.get("/retractation").One("main"), "Confirm withdrawal")
}

func TestALabelIsAskedForShownAndPrinted(t *testing.T) {
	b := returning(t, webtest.Sale{})
	path := b.asksBack(b.wish(nil))
	b.goes(path+"/etiquette", url.Values{"format": {"qr"}}, path)
	b.Quiet()
	ready := b.get(path)
	says(t, "ready", ready.One("main"), "Tout est prêt : déposez-le au plus tard mardi 17 mars", "QR-4711", "numéro BACK1")
	if src := ready.Attributes("img", "src"); len(src) != 1 || !strings.HasPrefix(src[0], "data:image/svg+xml") {
		t.Errorf("pictures %q", src)
	}
	var href []string
	for _, h := range ready.Attributes("a", "href") {
		if strings.Contains(h, "/etiquette/") {
			href = append(href, h)
		}
	}
	if len(href) != 1 {
		t.Fatalf("labels at %q", href)
	}
	file := webtest.Get(t, b.door, b.path+"/"+strings.TrimPrefix(href[0], "../"))
	if file.Status != 200 || file.Header.Get("Content-Type") != "application/pdf" || !strings.Contains(file.Body, "label") {
		t.Errorf("%d %s %q", file.Status, file.Header.Get("Content-Type"), file.Body)
	}
	wrong := b.post(path+"/etiquette", url.Values{"format": {"parchment"}})
	if wrong.Status != 422 {
		t.Errorf("%d", wrong.Status)
	}
	gone := b.goes(path+"/annuler", nil, path)
	says(t, "cancelled", gone.One("main"), "Ce retour est annulé")
	again := b.post(path+"/annuler", nil)
	if again.Status != 303 && again.Status != 422 {
		t.Errorf("cancelled twice: %d", again.Status)
	}
}

func TestTheSameRequestSentTwiceIsOne(t *testing.T) {
	b := returning(t, webtest.Sale{})
	form := b.wish(url.Values{"way": {"relay"}})
	first := b.asksBack(form)
	second := b.post("/retour/demande", form)
	if second.Header.Get("Location") != b.path+first || len(b.sendbacks()) != 1 {
		t.Errorf("to %q, %d returns", second.Header.Get("Location"), len(b.sendbacks()))
	}
}

func TestWithoutTheCodeNothingIsAskedFor(t *testing.T) {
	b := returning(t, webtest.Sale{})
	form := b.wish(url.Values{"way": {"relay"}, "code": {"123456"}})
	none := b.post("/retour/demande", form)
	if none.Status != 422 || !strings.Contains(none.One(".errors"), "Aucun code n'a été envoyé") {
		t.Errorf("%d %s", none.Status, none.All(".errors"))
	}
	b.post("/retour/code", form)
	bad := "000000"
	if b.code() == bad {
		bad = "000001"
	}
	form.Set("code", bad)
	wrong := b.post("/retour/demande", form)
	if wrong.Status != 422 || !strings.Contains(wrong.One(".errors"), "essais restants : 4") || len(b.sendbacks()) > 0 {
		t.Errorf("%d %s, %d returns", wrong.Status, wrong.All(".errors"), len(b.sendbacks()))
	}
}

// What is wrong is said at its field, in words, and keeps what was typed.
func TestWhatIsWrongWithAWishIsSaidInWords(t *testing.T) {
	b := returning(t, webtest.Sale{})
	for _, c := range []struct {
		law    string
		form   url.Values
		status int
		want   string
	}{
		{"nothing chosen", url.Values{b.field("units"): {"0"}}, 422, "Aucun article n'est choisi"},
		{"more than came", url.Values{b.field("units"): {"3"}}, 422, "plus que ce qui peut encore revenir"},
		{"fewer than none", url.Values{b.field("units"): {"-1"}}, 422, "Huile d'olive"},
		{"no number", url.Values{b.field("units"): {"beaucoup"}}, 422, "Huile d'olive"},
		{"a number nobody can count", url.Values{b.field("units"): {strings.Repeat("9", 40)}}, 422, "Huile d'olive"},
		{"no reason", url.Values{b.field("reason"): {""}}, 422, "Huile d'olive"},
		{"a reason of nobody's", url.Values{b.field("reason"): {"<script>"}}, 422, "Huile d'olive"},
		{"damaged, and no photo", url.Values{b.field("reason"): {"damaged"}}, 422, "une photo"},
		{"a photo of somebody else's", url.Values{b.field("reason"): {"damaged"}, b.field("photo"): {"blb_00000000000000000000000000"}}, 422, "une photo"},
	} {
		a := b.post("/retour/voies", b.wish(c.form))
		if a.Status != c.status || !strings.Contains(a.One(".errors"), c.want) {
			t.Errorf("%s: %d %q", c.law, a.Status, a.All(".errors"))
		}
		mustBeWords(t, a.One("body"))
		if len(a.Body) > 60<<10 {
			t.Errorf("%s: %d bytes", c.law, len(a.Body))
		}
	}
	none := b.post("/retour/resume", b.wish(url.Values{"way": {"teleport"}}))
	if none.Status != 422 || !strings.Contains(none.One(".errors"), "Aucune voie de retour n'est choisie") {
		t.Errorf("%d %q", none.Status, none.All(".errors"))
	}
	point := b.post("/retour/resume", b.wish(url.Values{"way": {"relay/pnt_nobody"}}))
	if point.Status != 404 {
		t.Errorf("a point of nobody's: %d", point.Status)
	}
}

// A second after the day is over, the way is another one, and the page says which.
func TestAfterTheTimeOnlyAFaultComesBack(t *testing.T) {
	b := returning(t, webtest.Sale{})
	b.At("2026-04-03 00:00")
	a := b.post("/retour/voies", b.wish(nil))
	if a.Status != 422 || !strings.Contains(a.One(".errors"), "a pris fin le jeudi 2 avril") {
		t.Errorf("%d %s", a.Status, a.All(".errors"))
	}
	ok := b.post("/retour/voies", b.wish(url.Values{b.field("reason"): {"defective"}}))
	says(t, "a fault", ok.One("main"), "Bellecour prend le retour à sa charge")
}

func TestSomebodyElsesReturnIsNotFound(t *testing.T) {
	b := returning(t, webtest.Sale{})
	path := b.asksBack(b.wish(nil))
	other := b.Shop.Order("E-2", webtest.Sale{})
	for _, below := range []string{"", "/etiquette/lab_1", "/photo/blb_1"} {
		if a := webtest.Get(t, b.door, "/p/"+string(other.Link)+path+below); a.Status != 404 {
			t.Errorf("GET %s: %d", below, a.Status)
		}
	}
	for _, deed := range []string{"/etiquette", "/voie", "/annuler", "/contester", "/argent"} {
		if a := webtest.Post(t, b.door, "/p/"+string(other.Link)+path+deed, "words=x&format=qr"); a.Status != 404 {
			t.Errorf("POST %s: %d", deed, a.Status)
		}
	}
	if a := webtest.Get(t, b.door, "/p/nobody/retour"); a.Status != 404 {
		t.Errorf("no such link: %d", a.Status)
	}
	if b.sendbacks()[0].State != returns.Accepted {
		t.Errorf("%s", b.sendbacks()[0].State)
	}
}

func TestALinkThatDiedSendsNothingBack(t *testing.T) {
	b := returning(t, webtest.Sale{})
	b.Pass(91 * 24 * time.Hour)
	for _, path := range []string{"/retour", "/retractation"} {
		if a := webtest.Get(t, b.door, b.path+path); a.Status != 404 || !strings.Contains(a.One("main"), "a vécu 90 jours") {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
}

func TestNothingComesBackBeforeItCame(t *testing.T) {
	b := buys(t)
	says(t, "conditions are said all the same", b.get("/retour").One("main"), "Rien de cette commande n'est encore entre vos mains", "commencera quand vous l'aurez en main")
	if a := b.post("/retour/voies", b.wish(nil)); a.Status != 422 {
		t.Errorf("%d", a.Status)
	}
}

// upload sends a form with one file.
func (b bought) upload(page string, form url.Values, field string, file []byte) webtest.Answer {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, values := range form {
		for _, v := range values {
			if err := w.WriteField(name, v); err != nil {
				b.t.Fatal(err)
			}
		}
	}
	part, err := w.CreateFormFile(field, "../../etc/passwd.png")
	if err != nil {
		b.t.Fatal(err)
	}
	_, err1 := part.Write(file)
	if err2 := w.Close(); err1 != nil || err2 != nil {
		b.t.Fatal(err1, err2)
	}
	return webtest.Post(b.t, b.door, b.path+page, body.String(), "Content-Type", w.FormDataContentType())
}

func picture(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// bomb is a PNG whose header claims 65,000 × 65,000 pixels.
func bomb(t *testing.T) []byte {
	t.Helper()
	file := picture(t)
	header := file[12:29] // "IHDR" and its 13 bytes
	binary.BigEndian.PutUint32(header[4:], 65_000)
	binary.BigEndian.PutUint32(header[8:], 65_000)
	binary.BigEndian.PutUint32(file[29:], crc32.ChecksumIEEE(header))
	return file
}

func TestPhotosAreTakenInOrRefused(t *testing.T) {
	b := returning(t, webtest.Sale{})
	form := b.wish(url.Values{b.field("reason"): {"damaged"}})
	for _, c := range []struct {
		law  string
		file []byte
		want string
	}{
		{"65,000 × 65,000 pixels in a few bytes", bomb(t), "trop de pixels"},
		{"a page that calls itself a picture", []byte("<html><script>alert(1)</script>"), "n'est pas une photo lisible"},
		{"half a picture", picture(t)[:40], "ne se lit pas"},
	} {
		a := b.upload("/retour/voies", form, b.field("photos"), c.file)
		if a.Status != 422 || !strings.Contains(a.One(".errors"), c.want) {
			t.Errorf("%s: %d %q", c.law, a.Status, a.All(".errors"))
		}
	}
	ways := b.upload("/retour/voies", form, b.field("photos"), picture(t))
	if ways.Status != 200 {
		t.Fatalf("%d %s", ways.Status, ways.All(".errors"))
	}
	handed := handOn(ways)
	if len(handed[b.field("photo")]) != 1 {
		t.Fatalf("handed on: %v", handed)
	}
	path := b.asksBack(handed)
	id := b.sendbacks()[0].ID
	var items []returns.Item
	b.See(func(tx *db.Tx) error {
		of, err := returns.Items(tx, b.ID, []ident.Return{id})
		items = of[id]
		return err
	})
	if len(items) != 1 || len(items[0].Photos) != 1 {
		t.Fatalf("items %+v", items)
	}
	photo := webtest.Get(t, b.door, b.path+path+"/photo/"+string(items[0].Photos[0]))
	if photo.Status != 200 || photo.Header.Get("Content-Type") != "image/png" {
		t.Errorf("the photo: %d %s", photo.Status, photo.Header.Get("Content-Type"))
	}
	huge := b.upload("/retour/voies", form, b.field("photos"), make([]byte, 41<<20))
	if huge.Status != 422 || !strings.Contains(huge.One("main"), "dépasse") {
		t.Errorf("41 MiB: %d", huge.Status)
	}
}

func TestWhatBelongsToAnArticleIsPackedToo(t *testing.T) {
	b := returning(t, webtest.Sale{Parts: []string{"le bouchon verseur"}})
	says(t, "the packing", b.get(b.asksBack(b.wish(nil))).One("main"), "Ajoutez ce qui va avec Huile d'olive : le bouchon verseur.")
}
