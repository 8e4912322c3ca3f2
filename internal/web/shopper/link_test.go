package shopper_test

import (
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/shopper"
	"github.com/promesse-dev/promesse/internal/web/webtest"
)

func invited(t *testing.T, s *webtest.Shop) (ident.Shopper, ident.Link) {
	t.Helper()
	who := s.Order("E-1", webtest.Sale{}).Order.Shopper
	var link ident.Link
	s.Do(s.ID, func(tx *flow.Tx) (err error) {
		link, err = shopper.Invite(tx, s.ID, who)
		return err
	})
	return who, link
}

func person(s *webtest.Shop, who ident.Shopper) (p ident.Person) {
	s.See(func(tx *db.Tx) error {
		c, err := shopper.Get(tx, s.ID, who)
		p = c.Person
		return err
	})
	return p
}

func TestAnAddressIsConfirmedByPost(t *testing.T) {
	s := webtest.Open(t)
	who, link := invited(t, s)
	d, path := door(t, s), "/lien/"+string(link)

	ask := webtest.Get(t, d, path)
	if ask.Status != 200 || ask.One("strong") == "" || ask.One("button") != "Confirmer et accepter" {
		t.Fatalf("%d %s", ask.Status, ask.One("body"))
	}
	if ask.Header.Get("Cache-Control") != "no-store" || ask.Header.Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("%v", ask.Header)
	}
	if person(s, who) != "" {
		t.Fatal("opening the page was taken for a yes")
	}
	done := webtest.Post(t, d, path, "locale=fr")
	if done.Status != 200 || done.One("h1") != "C'est confirmé" || len(done.All("form")) != 0 {
		t.Errorf("%d %s", done.Status, done.One("body"))
	}
	if person(s, who) == "" {
		t.Error("nobody was confirmed")
	}
	again := webtest.Post(t, d, path, "locale=fr")
	if again.Status != 409 || again.One("h1") != "Ce n'est plus possible" {
		t.Errorf("a second time: %d %s", again.Status, again.One("body"))
	}
}

func TestAnInvitationEnds(t *testing.T) {
	s := webtest.Open(t)
	who, link := invited(t, s)
	s.Pass(24 * time.Hour)
	a := webtest.Post(t, door(t, s), "/lien/"+string(link), "locale=en", "Accept-Language", "en")
	if a.Status != 409 || person(s, who) != "" {
		t.Errorf("%d %s", a.Status, a.One("body"))
	}
	if a := webtest.Get(t, door(t, s), "/lien/0000000000000000000000"); a.Status != 404 {
		t.Errorf("an unknown one: %d", a.Status)
	}
}

// A form on another site can not confirm for whoever is looking at it.
func TestOtherSitesCanNotConfirm(t *testing.T) {
	s := webtest.Open(t)
	who, link := invited(t, s)
	a := webtest.Post(t, door(t, s), "/lien/"+string(link), "", "Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example")
	if a.Status != 403 || person(s, who) != "" {
		t.Errorf("%d", a.Status)
	}
}
