package counter_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/counter"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/web/webtest"
)

func TestAReturnIsTakenInFromItsQR(t *testing.T) {
	w := open(t)
	b := w.enrols(w.operator, w.point, "Nadia")
	r := w.returning("E-1", fact.BackByRelay)
	at := b.scan(shows(r))
	page := b.get(at)
	says(t, "the return is known under a short name", page, "Retour à déposer", "Camille D.", "not Durand", "not Lilas", "not example.com", "BACK1")
	says(t, "there is no label on paper yet", page, "faire faire l'étiquette")
	says(t, "it is asked for", b.does(at, "etiquette", nil), "prépare l'étiquette")
	w.Quiet()
	says(t, "and printed", b.get(at), "imprimer l'étiquette", "BACK2")
	if pdf := b.get(at + "/etiquette"); pdf.Status != http.StatusOK || !strings.HasPrefix(pdf.Body, "%PDF") {
		t.Errorf("the label: %d %q", pdf.Status, pdf.Body)
	}
	done := b.does(at, "depot", nil)
	says(t, "deposited", done, "Dépôt accepté", "D-000001-", "Tabac du Port, Lyon", "Nadia", "comment c'était")
	says(t, "pressed twice, it is one", b.does(at, "depot", nil), "Dépôt accepté", "D-000001-")
	says(t, "on paper", b.get(at+"/preuve"), "Preuve de dépôt", "Retour pour Épicerie Bellecour", "D-000001-", "Nadia", "not Camille")
	says(t, "the shopper's tap", b.does(at, "avis", url.Values{"face": {"good"}}), "Merci de votre avis")
	b.does(at, "avis", url.Values{"face": {"bad"}})
	var proof returns.Proof
	var faces map[counter.Face]int
	w.See(func(tx *db.Tx) error {
		of, err := returns.Proofs(tx, w.ID, []ident.Return{r.ID})
		if err != nil {
			return err
		}
		proof = of[r.ID]
		faces, err = counter.FacesAt(tx, w.operator, w.point.ID)
		return err
	})
	if proof.Source != returns.AtCounter || proof.Clerk != "Nadia" || proof.Point != w.point.ID || !strings.Contains(proof.Device, string(b.device)) {
		t.Errorf("the proof: %+v", proof)
	}
	if len(faces) != 1 || faces[counter.GoodFace] != 1 {
		t.Errorf("the first word counts: %v", faces)
	}
}

// The same QR shown again gives no second proof; elsewhere or later, a person looks.
func TestAQRServesOnce(t *testing.T) {
	w := open(t)
	b := w.enrols(w.operator, w.point, "Nadia")
	other := w.enrols(w.operator, w.opens(string(w.operator)+"-2", "Épicerie du Coin", "Lyon"), "Karim")
	r := w.returning("E-1", fact.BackByRelay)
	b.does(b.scan(shows(r)), "depot", nil)
	says(t, "the clerk's own second scan", b.get(b.scan(shows(r))), "Déjà déposé", "n'acceptez pas un autre colis")
	if d := w.back(r.ID).Doubts; len(d) != 0 {
		t.Fatalf("an honest second scan is suspected: %v", d)
	}
	says(t, "a photo of it, at another point", other.get(other.scan(shows(r))), "Déjà déposé", "not Dépôt accepté")
	doubts := w.back(r.ID).Doubts
	if !slices.ContainsFunc(doubts, func(d returns.Doubt) bool { return d.Code == "label_used_again" }) {
		t.Errorf("nobody looks at a photographed QR: %v", doubts)
	}
}

func TestAStoreTakesItsOwnReturnsIn(t *testing.T) {
	w := open(t)
	b := w.enrols(w.ID, w.store(), "Chloé")
	relayed, stored := w.returning("E-1", fact.BackByRelay), w.returning("E-2", fact.BackToStore)
	says(t, "a return to a relay point", b.get(b.scan(shows(relayed))), "Pas pour ce comptoir")
	at := b.scan(stored.Code)
	says(t, "needs no label", b.get(at), "Retour à déposer", "not faire faire l'étiquette")
	says(t, "a return to the store", b.does(at, "depot", nil), "Dépôt accepté", "Bellecour, le magasin, Lyon")
	if got := w.back(stored.ID).State; got != returns.Deposited {
		t.Errorf("it is %s", got)
	}
}

func TestAParcelIsKeptAndHandedOver(t *testing.T) {
	w := open(t)
	b := w.enrols(w.operator, w.point, "Nadia")
	o := w.shipped("T-1")
	at := b.scan("t-1")
	says(t, "expected", b.get(at), "Colis à garder", "Camille D.", "not Durand")
	says(t, "shelved", b.does(at, "arrivee", nil), "Colis rangé")
	if got := w.status(o); got != fact.ReadyForPickup {
		t.Errorf("tracking says %s", got)
	}
	says(t, "listed", b.get("/comptoir/colis"), "Camille D.", "T-1", "not Durand")
	h := w.hold(o)
	code := w.desk.Code(h)
	if len(code) != 6 {
		t.Fatalf("the code is %q", code)
	}
	w.Pass(time.Hour)
	at = b.scan("T-1")
	says(t, "asked for its code", b.get(at), "Colis à remettre", "code à 6 chiffres")
	says(t, "a wrong one", b.does(at, "remise", url.Values{"code": {other(code)}}), "il reste 4 essais")
	says(t, "the right one, with a space", b.does(at, "remise", url.Values{"code": {code[:3] + " " + code[3:]}}), "Colis remis", "comment c'était")
	if got := w.status(o); got != fact.Delivered {
		t.Errorf("tracking says %s", got)
	}
	says(t, "once", b.get(b.scan("T-1")), "Refusé", "déjà été remis")
	says(t, "nothing waits any more", b.get("/comptoir/colis"), "Aucun colis")
}

// other is a code that is another.
func other(code string) string {
	if code[0] == '9' {
		return "0" + code[1:]
	}
	return string(code[0]+1) + code[1:]
}

func TestTheShoppersSignedCodeNeedsNoTyping(t *testing.T) {
	w := open(t)
	b := w.enrols(w.operator, w.point, "Nadia")
	elsewhere := w.enrols(w.operator, w.opens(string(w.operator)+"-2", "Épicerie du Coin", "Lyon"), "Karim")
	o := w.shipped("T-1")
	b.scan("T-1", "arrival")
	pass := w.desk.Pass(w.hold(o))
	says(t, "at another point", elsewhere.get(elsewhere.scan(pass)), "Pas pour ce comptoir")
	says(t, "forged", b.get(b.scan(pass[:len(pass)-1]+string(pass[len(pass)-1]^1))), "Pas pour ce comptoir")
	at := b.scan(pass)
	says(t, "valid", b.get(at), "Code valable", "Camille D.")
	says(t, "given", b.does(at, "remise", nil), "Colis remis")
	says(t, "a photo of it", b.get(b.scan(pass)), "Refusé", "déjà été remis")
}

func TestFiveWrongCodesLockAParcelUntilSomebodyOpensIt(t *testing.T) {
	w := open(t)
	b := w.enrols(w.operator, w.point, "Nadia")
	o := w.shipped("T-1")
	b.scan("T-1", "arrival")
	h := w.hold(o)
	code := w.desk.Code(h)
	at := b.scan("T-1")
	for range counter.Tries {
		b.does(at, "remise", url.Values{"code": {other(code)}})
	}
	says(t, "locked", b.get(at), "retrait bloqué", "not Remettre le colis")
	says(t, "for the right code too", b.does(at, "remise", url.Values{"code": {code}}), "not Colis remis")
	w.Do(w.ID, func(tx *flow.Tx) error { return counter.Reopen(tx, w.operator, h) })
	at = b.scan("T-1")
	says(t, "the old code", b.does(at, "remise", url.Values{"code": {code}}), "Code faux")
	says(t, "the new one", b.does(at, "remise", url.Values{"code": {w.desk.Code(w.hold(o))}}), "Colis remis")
}

// Sixty-four at once have the right code, and sixty-four a wrong one: one parcel
// leaves, or none.
func TestOneCodeIsOneParcel(t *testing.T) {
	w := open(t)
	b := w.enrols(w.operator, w.point, "Nadia")
	right, wrong := w.shipped("T-1"), w.shipped("T-2")
	b.scan("T-1", "arrival")
	b.scan("T-2", "arrival")
	parallel := func(number, code string) (handed int) {
		const tries = 64
		paths := make([]string, tries)
		for i := range paths {
			paths[i] = b.scan(number)
		}
		var all sync.WaitGroup
		done := make([]bool, tries)
		for i, at := range paths {
			all.Go(func() {
				b.post(at+"/remise", url.Values{"code": {code}})
				done[i] = strings.Contains(b.get(at).Body, "Colis remis")
			})
		}
		all.Wait()
		for _, is := range done {
			if is {
				handed++
			}
		}
		return handed
	}
	if n := parallel("T-1", w.desk.Code(w.hold(right))); n != 1 {
		t.Errorf("one code handed %d parcels over", n)
	}
	if n := parallel("T-2", other(w.desk.Code(w.hold(wrong)))); n != 0 {
		t.Errorf("a wrong code handed %d parcels over", n)
	}
	if h := w.hold(wrong); h.State != counter.Locked || h.Tries != counter.Tries {
		t.Errorf("after sixty-four wrong codes it is %s, with %d tries", h.State, h.Tries)
	}
}

func TestADeliveryIsPutAwayParcelByParcel(t *testing.T) {
	w := open(t)
	b := w.enrols(w.operator, w.point, "Nadia")
	o := w.adrift("T-1")
	page := b.get(b.scan("T-1", "arrival"))
	says(t, "without a question", page, "Colis rangé")
	if !strings.Contains(page.Body, "checked") {
		t.Error("the next scan is no delivery any more")
	}
	first := w.hold(o)
	says(t, "scanned twice", b.get(b.scan("T-1", "arrival")), "Colis rangé")
	if again := w.hold(o); again != first {
		t.Errorf("%+v, then %+v", first, again)
	}
	second := w.enrols(w.operator, w.opens(string(w.operator)+"-2", "Épicerie du Coin", "Lyon"), "Karim")
	second.scan("T-1", "arrival")
	moved := w.hold(o)
	if moved.Point == first.Point || w.desk.Code(moved) == w.desk.Code(first) {
		t.Errorf("taken to another point, it waits there under another code: %+v", moved)
	}
	says(t, "and is nobody's affair at the first", b.get(b.scan("T-1")), "Colis à garder")
}

// The shopper chose a point: no other counter keeps the parcel, each of the network
// says where it goes, and nobody learns there whose it is.
func TestAParcelGoesToThePointThatWasChosen(t *testing.T) {
	w := open(t)
	b := w.enrols(w.operator, w.point, "Nadia")
	second := w.enrols(w.operator, w.opens(string(w.operator)+"-2", "Épicerie du Coin", "Lyon"), "Karim")
	shop := w.enrols(w.ID, w.store(), "Chloé")
	number := "TO" + string(w.ID) // on PostgreSQL the tests of a package share a database
	o := w.shipped(number)
	for law, at := range map[string]string{"asked": second.scan(number), "of a delivery being put away": second.scan(number, "arrival")} {
		says(t, law, second.get(at), "Refusé", "pas pour ici", "Va à", "Tabac du Port, 2 quai du Port, 69003 Lyon", "not Camille")
	}
	says(t, "at the shop's own store", shop.get(shop.scan(number, "arrival")), "Refusé", "Tabac du Port")
	w.See(func(tx *db.Tx) error {
		of, err := counter.HoldsOf(tx, w.ID, []ident.Order{o})
		if len(of[o]) != 0 {
			t.Errorf("it waits somewhere: %+v", of[o])
		}
		return err
	})
	says(t, "at its own", b.get(b.scan(number, "arrival")), "Colis rangé")
}

// A point that closed for good sends nobody away: its network brings the parcel to
// another.
func TestAParcelOfAPointThatIsGoneIsKeptElsewhere(t *testing.T) {
	w := open(t)
	closing := w.point
	w.point = w.opens(string(w.operator)+"-2", "Épicerie du Coin", "Lyon")
	second := w.enrols(w.operator, w.point, "Karim")
	w.point = closing
	number := "GONE" + string(w.ID)
	w.shipped(number)
	w.Do(w.operator, func(tx *flow.Tx) error {
		return tx.Do(`update relay_point set gone = $2 where id = $1`, closing.ID, tx.Now)
	})
	says(t, "at another of the network", second.get(second.scan(number, "arrival")), "Colis rangé")
}

func TestScansWithoutNetworkHaveOneEffectEach(t *testing.T) {
	w := open(t)
	b := w.enrols(w.operator, w.point, "Nadia")
	r := w.returning("E-1", fact.BackByRelay)
	one, two := "OFF1"+string(w.ID), "OFF2"+string(w.ID) // on PostgreSQL the tests of a package share a database
	o, waits := w.shipped(one), w.shipped(two)
	b.scan(two, "arrival")
	shift := b.shift()
	const clock = int64(1_000_000_000_000_000) // the device's clock is decades slow
	ago := func(d time.Duration) int64 { return clock - d.Microseconds() }
	w.Pass(2 * time.Hour)
	all := []late{
		{"a", shows(r), "", shift, ago(90 * time.Minute)},
		{"b", one, "", shift, ago(80 * time.Minute)},
		{"c", two, "", shift, ago(70 * time.Minute)},
		{"d", "NOTHING", "", shift, ago(60 * time.Minute)},
	}
	first := b.sends(clock, all...)
	b.post("/comptoir/fin", nil) // the shift ends; what was scanned in it counts
	if again := b.sends(clock+1, all...); !slices.Equal(first, again) {
		t.Errorf("sent twice: %v, then %v", first, again)
	}
	for i, want := range []string{"Dépôt accepté", "Colis rangé", "avec le réseau seulement", "Pas pour ce comptoir"} {
		if !first[i].Done || !strings.Contains(first[i].Words, want) {
			t.Errorf("%d: %+v, want %q", i, first[i], want)
		}
	}
	w.See(func(tx *db.Tx) error {
		of, err := returns.Proofs(tx, w.ID, []ident.Return{r.ID})
		if got := tx.Now.Sub(of[r.ID].At); got != 90*time.Minute {
			t.Errorf("deposited %s ago", got)
		}
		return err
	})
	if w.hold(o).State != counter.Waits || w.hold(waits).State != counter.Waits {
		t.Error("a parcel is not where it was put")
	}
}

func TestTheLessonsAreDoneOneByOne(t *testing.T) {
	w := open(t)
	b := w.enrols(w.operator, w.point, "Nadia")
	if n := len(b.get("/comptoir/apprendre").All("li")); n != 5 {
		t.Fatalf("%d lessons", n)
	}
	for _, c := range []struct{ lesson, wrong, right string }{
		{"deposit", "code=1", "code=exercice-1001"},
		{"no-label", "way=counter.learn_label_2", "way=counter.learn_label_1"},
		{"wrong-parcel", "way=counter.learn_foreign_3", "way=counter.learn_foreign_1"},
		{"hand-over", "code=482914", "code=482913"},
		{"offline", "way=", "way=counter.learn_offline_1"},
	} {
		answer := func(form string) webtest.Answer {
			return webtest.Post(t, w.door, "/comptoir/apprendre/"+c.lesson, form, "Cookie", b.cookies)
		}
		if a := answer(c.wrong); len(a.All("section.bad")) != 1 {
			t.Errorf("%s: %q is right", c.lesson, c.wrong)
		}
		if a := answer(c.right); len(a.All("section.good")) != 1 {
			t.Errorf("%s: %q is wrong", c.lesson, c.right)
		}
	}
	if n := len(b.get("/comptoir/apprendre").All("span.good")); n != 5 {
		t.Errorf("%d lessons are done", n)
	}
}
