package shopper_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/url"
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/desk"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/web/webtest"
)

// complaints are the claims about the order.
func (b bought) complaints() (all []desk.Claim) {
	b.t.Helper()
	b.See(func(tx *db.Tx) error {
		of, err := desk.ClaimsOf(tx, b.ID, []ident.Order{b.id()})
		all = of[b.id()]
		return err
	})
	return all
}

func claims(what fact.ClaimKind, words, key string) url.Values {
	return url.Values{"what": {string(what)}, "words": {words}, "key": {key}}
}

func TestAScanIsContestedByCode(t *testing.T) {
	b := buys(t).arrives()
	read := b.get("/reclamation")
	if main := read.One("main"); !strings.Contains(main, "décide et vous répond au plus tard") || strings.Contains(main, "Envoyer la réclamation") {
		t.Errorf("by the link alone: %s", main)
	}
	locked := b.post("/reclamation", claims(fact.ClaimNotReceived, "Je n'ai rien reçu.", "k"))
	if locked.Status != 403 || len(b.complaints()) > 0 || locked.One("textarea") != "Je n'ai rien reçu." {
		t.Fatalf("without the code: %d %s", locked.Status, locked.One("main"))
	}
	b.hand("reclamation")
	for range 2 {
		if a := b.post("/reclamation", claims(fact.ClaimNotReceived, "Je n'ai rien reçu.", "k")); a.Status != 303 {
			t.Fatalf("%d %s", a.Status, a.One("main"))
		}
	}
	all := b.complaints()
	if len(all) != 1 || all[0].What != fact.ClaimNotReceived || all[0].State != desk.ClaimOpen {
		t.Fatalf("%+v", all)
	}
	one := "/reclamation/" + string(all[0].ID)
	says(t, "the claim", b.get(one).One("main"), "Une personne décide au plus tard", "Je n'ai rien reçu.")
	says(t, "the order", b.get("").One("main"), "Vous contestez ce que dit le suivi", "Signaler un problème")

	b.Do(b.ID, func(tx *flow.Tx) error {
		_, err := desk.Decide(tx, b.ID, all[0].ID, desk.Decision{By: b.somebodyIn(tx, "nadia"), Outcome: fact.Refused, Words: "La photo montre votre porte."})
		return err
	})
	says(t, "refused", b.get(one).One("main"), "Décision de nadia", "La photo montre votre porte.", "médiateur", "Contester la décision")
	if a := b.post(one, words("Ce n'est pas ma porte.", "")); a.Status != 303 || b.complaints()[0].State != desk.ClaimContested {
		t.Errorf("contested: %d %s", a.Status, a.One("main"))
	}
	says(t, "contested", b.get(one).One("main"), "Une seconde personne décide au plus tard", "Ce n'est pas ma porte.")
}

// somebodyIn is somebody hired in the very transaction.
func (b bought) somebodyIn(tx *flow.Tx, name string) ident.Staff {
	b.t.Helper()
	who, err := merchant.Hire(tx, b.ID, merchant.NewStaff{Email: name + "@example.com", Name: name, Set: merchant.Owner})
	if err != nil {
		b.t.Fatal(err)
	}
	return who.ID
}

func TestABadClaimKeepsItsWords(t *testing.T) {
	b := buys(t)
	b.hand("reclamation")
	svg := []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`)
	for _, row := range []struct {
		what   string
		form   url.Values
		files  [][]byte
		status int
	}{
		{"no words", claims("", " ", "k"), nil, 422},
		{"200 kB of words", claims("", strings.Repeat("a", 200_000), "k"), nil, 422},
		{"a kind nobody knows", claims("stolen", "Rien.", "k"), nil, 422},
		{"a drawing with a script", claims("", "Rien.", "k"), [][]byte{svg}, 422},
		{"eleven photos", claims("", "Rien.", "k"), bytes11(picture(t)), 422},
		{"fifty megabytes", claims("", "Rien.", "k"), [][]byte{make([]byte, 50<<20)}, 422},
		{"a parcel of another order", url.Values{"words": {"Rien."}, "key": {"k"}, "parcel": {"par_x"}}, nil, 404},
	} {
		t.Run(row.what, func(t *testing.T) {
			a := b.sends("/reclamation", row.form, row.files)
			if a.Status != row.status || len(b.complaints()) > 0 {
				t.Errorf("%d, %d claims", a.Status, len(b.complaints()))
			}
			door := row.what == "fifty megabytes" // turned away before any page of ours
			if a.Status == 422 && !door && len(row.form.Get("words")) > 1 && a.One("textarea") != row.form.Get("words") {
				t.Error("the words are gone")
			}
		})
	}
	// Nothing is due yet: a claim is taken all the same, without a kind.
	if a := b.sends("/reclamation", claims("", "J'ai un doute. 🚚", "k"), [][]byte{picture(t)}); a.Status != 303 {
		t.Fatalf("%d %s", a.Status, a.One("main"))
	}
	one := "/reclamation/" + string(b.complaints()[0].ID)
	paths := b.get(one).Attributes("img", "src")
	if len(paths) != 1 {
		t.Fatalf("%q", paths)
	}
	other := b.Shop.Order("E-2", webtest.Sale{Slot: true})
	for _, path := range []string{"/p/" + string(other.Link) + one, "/p/" + string(other.Link) + "/reclamation/" + paths[0], b.path + "/reclamation/clm_x"} {
		if a := webtest.Get(t, b.door, path); a.Status != 404 {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
}

func bytes11(one []byte) (all [][]byte) {
	for range 11 {
		all = append(all, one)
	}
	return all
}

// sends posts a form with photos, as the browser that holds the cookies.
func (b bought) sends(page string, form url.Values, photos [][]byte) webtest.Answer {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, values := range form {
		if err := w.WriteField(name, values[0]); err != nil {
			b.t.Fatal(err)
		}
	}
	for i, photo := range photos {
		part, err := w.CreateFormFile("photos", fmt.Sprint(i, ".png"))
		if err == nil {
			_, err = part.Write(photo)
		}
		if err != nil {
			b.t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		b.t.Fatal(err)
	}
	return webtest.Post(b.t, b.door, b.path+page, body.String(), append(b.cookies(), "Content-Type", w.FormDataContentType())...)
}
