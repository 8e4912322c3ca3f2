package shopper_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/web/webtest"
)

// proves types a code on the page of a return, and gives the page after it.
func (b bought) proves(path string) webtest.Answer {
	b.t.Helper()
	b.goes(path+"/preuve", url.Values{"send": {"1"}}, path)
	return b.goes(path+"/preuve", url.Values{"code": {b.code()}}, path+"#acts")
}

// acts are the forms of a return's page.
func acts(a webtest.Answer) string { return strings.Join(a.Attributes("form", "action"), " ") }

func TestTheLinkReadsAReturnAndACodeActs(t *testing.T) {
	b := returning(t, webtest.Sale{})
	path := b.asksBack(b.wish(nil))
	if forms := acts(b.get(path)); !strings.Contains(forms, "annuler") {
		t.Fatalf("whoever typed the code a moment ago is asked again: %s", forms)
	}

	clear(b.jar) // somebody else, with the link alone
	read := b.get(path)
	if forms := acts(read); strings.Contains(forms, "annuler") || strings.Contains(forms, "etiquette") || !strings.Contains(forms, "preuve") {
		t.Errorf("the link alone offers %s", forms)
	}
	for _, deed := range []string{"/etiquette", "/annuler", "/contester", "/argent", "/voie"} {
		a := b.post(path+deed, url.Values{"format": {"qr"}, "words": {"non"}})
		if a.Status != 403 || !strings.Contains(a.One(".errors"), "Ce lien permet de lire") {
			t.Errorf("%s by the link alone: %d %s", deed, a.Status, a.All(".errors"))
		}
	}
	if s := b.sendbacks()[0].State; s != returns.Accepted {
		t.Fatalf("the link alone made it %s", s)
	}

	b.goes(path+"/preuve", url.Values{"send": {"1"}}, path)
	wrong := b.post(path+"/preuve", url.Values{"code": {"12"}})
	if wrong.Status != 422 || len(b.jar) > 0 {
		t.Errorf("a wrong code: %d, cookies %v", wrong.Status, b.jar)
	}
	b.goes(path+"/preuve", url.Values{"code": {b.code()}}, path+"#acts")
	says(t, "taken back", b.goes(path+"/annuler", nil, path).One("main"), "Ce retour est annulé")
}

func TestTheHandIsForOneOrderAndHalfAnHour(t *testing.T) {
	b := returning(t, webtest.Sale{})
	path := b.asksBack(b.wish(nil))
	if len(b.jar) != 1 {
		t.Fatalf("cookies %v", b.jar)
	}
	b.Pass(30*time.Minute - time.Second)
	if a := b.post(path+"/etiquette", url.Values{"format": {"qr"}}); a.Status != 303 {
		t.Errorf("within half an hour: %d", a.Status)
	}
	b.Pass(time.Second)
	if a := b.post(path+"/annuler", nil); a.Status != 403 {
		t.Errorf("after half an hour: %d", a.Status)
	}

	mine := b.proves(path)
	if !strings.Contains(acts(mine), "annuler") {
		t.Fatal("not proved again")
	}
	other := b.Shop.Order("E-2", webtest.Sale{})
	another := webtest.Get(t, b.door, "/p/"+string(other.Link)+path, b.cookies()...)
	if another.Status != 404 {
		t.Errorf("another order's link shows it: %d", another.Status)
	}
	for name, value := range b.jar {
		b.jar[name] = value[:len(value)-2] + "AA"
	}
	if a := b.post(path+"/annuler", nil); a.Status != 403 {
		t.Errorf("a token changed by hand: %d", a.Status)
	}
}
