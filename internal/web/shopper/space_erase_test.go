package shopper_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	people "github.com/promesse-dev/promesse/internal/shopper"
	"github.com/promesse-dev/promesse/internal/web/webtest"
)

// arrived has an order come, and all that was promised about it be settled.
func (s *spaces) arrived(o ident.Order, number string) {
	s.T.Helper()
	s.Parcel(o, number)
	s.Scan(number, fact.Delivered)
	s.Quiet()
}

// erases posts the form of a shop; empty: of all.
func (s *spaces) erases(cookie string, m ident.Merchant, sure string) webtest.Answer {
	s.T.Helper()
	return webtest.Post(s.T, s.door, "/espace/donnees/effacer", url.Values{"shop": {string(m)}, "sure": {sure}}.Encode(), "Cookie", cookie)
}

func TestAShopForgetsWhoeverAsksIt(t *testing.T) {
	s := openSpaces(t)
	other := s.Another("Librairie des Quais")
	here, there := s.Order("E-1", webtest.Sale{Email: s.mailbox}), other.Order("L-1", webtest.Sale{Email: s.mailbox})
	s.consents(s.Shop, here.Order.Shopper)
	s.consents(other, there.Order.Shopper)
	s.arrived(here.Order.ID, "COL-1")
	cookie, page := s.enter(), "/p/"+string(s.Desk.Link(here.Order.ID))
	if a := webtest.Get(t, s.door, page); a.Status != http.StatusOK {
		t.Fatalf("the order's page: %d", a.Status)
	}

	asked := webtest.Get(t, s.door, "/espace/donnees/effacer", "Cookie", cookie)
	said := strings.Join(asked.All("main"), " ")
	for _, words := range []string{"Ce qui reste, et pourquoi", "La commande L-1 est en route", "Au plus tard"} {
		if !strings.Contains(said, words) {
			t.Errorf("it does not say %q: %s", words, said)
		}
	}
	if a := s.erases(cookie, s.ID, ""); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "Cochez la case") {
		t.Errorf("without the box: %d", a.Status)
	}
	if a := s.erases(cookie, other.ID, "yes"); a.Status != http.StatusOK || !strings.Contains(a.Body, "quelque chose y est en cours") {
		t.Errorf("while a parcel is on its way: %d %s", a.Status, a.Body)
	}
	s.letters = nil
	if a := s.erases(cookie, s.ID, "yes"); a.Status != http.StatusOK || a.One("h1") != "C'est effacé" || len(a.Header.Values("Set-Cookie")) != 0 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	s.Quiet()
	if len(s.letters) != 1 || s.letters[0].To != s.mailbox || s.letters[0].Subject != "Épicerie Bellecour a effacé vos données" {
		t.Errorf("letters: %+v", s.letters)
	}
	if a := webtest.Get(t, s.door, page); a.Status != http.StatusNotFound || strings.Contains(a.Body, "E-1") {
		t.Errorf("the order's page: %d %s", a.Status, a.Body)
	}
	s.See(func(tx *db.Tx) error {
		places, err := people.Places(tx, s.mailbox)
		if len(places) != 1 || places[0].Merchant != other.ID {
			t.Errorf("known by %+v", places)
		}
		return err
	})
	if a := webtest.Get(t, s.door, "/espace", "Cookie", cookie); a.Status != http.StatusOK || !strings.Contains(a.Body, "L-1") || strings.Contains(a.Body, "E-1") {
		t.Errorf("the space: %d %s", a.Status, a.Body)
	}
}

func TestWhoIsErasedEverywhereIsOutOfTheirSpace(t *testing.T) {
	s := openSpaces(t)
	here := s.Order("E-1", webtest.Sale{Email: s.mailbox})
	s.consents(s.Shop, here.Order.Shopper)
	s.arrived(here.Order.ID, "COL-1")
	cookie := s.enter()
	if a := s.erases(cookie, "mer_other", "yes"); a.Status != http.StatusNotFound {
		t.Errorf("at a shop that is not theirs: %d", a.Status)
	}
	a := s.erases(cookie, "", "yes")
	if a.Status != http.StatusOK || !strings.Contains(a.Body, "votre espace est fermé") || !strings.Contains(a.Header.Get("Set-Cookie"), "Max-Age=0") {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	s.Quiet()
	if a := webtest.Get(t, s.door, "/espace", "Cookie", cookie); a.Header.Get("Location") != "/espace/entrer" {
		t.Errorf("still in: %d", a.Status)
	}
	again := s.Order("E-2", webtest.Sale{Email: s.mailbox})
	if again.Order.Shopper == here.Order.Shopper {
		t.Error("who comes back is who was forgotten")
	}
}

// An act of this weight is for who proved a moment ago to read the mailbox.
func TestErasingAsksForAFreshSession(t *testing.T) {
	s := openSpaces(t)
	here := s.Order("E-1", webtest.Sale{Email: s.mailbox})
	s.consents(s.Shop, here.Order.Shopper)
	s.arrived(here.Order.ID, "COL-1")
	cookie := s.enter()
	s.Pass(31 * time.Minute)
	for _, a := range []webtest.Answer{webtest.Get(t, s.door, "/espace/donnees/effacer", "Cookie", cookie), s.erases(cookie, s.ID, "yes")} {
		if a.Header.Get("Location") != "/espace/entrer?encore=1" {
			t.Errorf("%d %s", a.Status, a.Header.Get("Location"))
		}
	}
	s.See(func(tx *db.Tx) error {
		facts, err := flow.Timeline(tx, s.ID, string(here.Order.Shopper))
		if slices.ContainsFunc(facts, func(f flow.Fact) bool { return f.Kind == fact.ShopperErased{}.Kind() }) {
			t.Error("erased")
		}
		return err
	})
}
