package home_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/web/home"
	"github.com/promesse-dev/promesse/internal/web/ui"
	"github.com/promesse-dev/promesse/internal/web/webtest"
)

func door(t *testing.T, s *webtest.Shop, demo bool) *ui.Door {
	t.Helper()
	d, err := home.New(home.Config{Flow: s.Flow, Link: s.Desk.Link, Base: "http://127.0.0.1:8080", Demo: demo})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// One world for all of it: on PostgreSQL the tests of a package share a
// database, and this page lists every shop there is.
func TestTheFirstPage(t *testing.T) {
	s := webtest.Open(t)
	t.Run("of an empty world", func(t *testing.T) { emptyWorldSaysSo(t, s) })
	t.Run("of the demo", func(t *testing.T) { demoListsTheOrdersBeingLived(t, s) })
	t.Run("of a service", func(t *testing.T) { serviceTellsNothing(t, s) })
}

func demoListsTheOrdersBeingLived(t *testing.T, s *webtest.Shop) {
	kept, broken, open := s.Order("E-1", webtest.Sale{}), s.Order("E-2", webtest.Sale{}), s.Order("E-3", webtest.Sale{City: "Saint-Denis", Postcode: "97400"})
	cancelled := s.Order("E-4", webtest.Sale{})
	s.Do(s.ID, func(tx *flow.Tx) error { return order.Cancel(tx, s.ID, cancelled.Order.ID, fact.ByShopper) })
	s.Parcel(kept.Order.ID, "SIM-1")
	s.Parcel(broken.Order.ID, "SIM-2")
	s.Scan("SIM-2", fact.PickedUp)
	s.At("2026-03-03 14:00")
	s.Scan("SIM-1", fact.Delivered)
	s.At("2026-03-04 02:00")
	s.Quiet()

	a := webtest.Get(t, door(t, s, true), "/")
	if a.Status != 200 || a.One("title") == "" || len(a.All("main")) != 1 || a.Attributes("html", "lang")[0] != "fr" {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	cards := map[string]string{}
	for _, card := range a.All(".orders li") {
		for _, reference := range []string{"E-1", "E-2", "E-3", "E-4"} {
			if strings.Contains(card, reference+",") {
				cards[reference] = card
			}
		}
	}
	for reference, want := range map[string]string{
		"E-1": "Épicerie Bellecour E-1, pour Camille Promis pour mardi 3 mars Promesse tenue",
		"E-2": "Épicerie Bellecour E-2, pour Camille Promis pour mardi 3 mars Promesse non tenue Réparé : 5,90 € de crédit",
		"E-3": "Épicerie Bellecour E-3, pour Camille Promis pour lundi 9 mars Risque de retard",
		"E-4": "Épicerie Bellecour E-4, pour Camille Promis pour mardi 3 mars Commande annulée",
	} {
		if cards[reference] != want {
			t.Errorf("%s is listed as %q, want %q", reference, cards[reference], want)
		}
	}
	if got := strings.Join(a.All(".counts div"), "; "); got != "en cours 1; tenues 1; non tenues 1; annoncées avant 0; réparées 1" {
		t.Errorf("counted: %s", got)
	}
	if got := a.All("strong"); !strings.Contains(got[0], "mercredi 4 mars à 02:00") {
		t.Errorf("the clock says %q", got)
	}
	for _, o := range []order.Order{kept.Order, broken.Order, open.Order} {
		if want := `href="/p/` + string(s.Desk.Link(o.ID)) + `"`; !strings.Contains(a.Body, want) {
			t.Errorf("no %s", want)
		}
	}
	if strings.Contains(a.Body, "Durand") || strings.Contains(a.Body, "example.com") {
		t.Error("the list tells more than a first name")
	}
	broke := webtest.Get(t, door(t, s, true), "/?state=broken")
	if got := broke.All(".orders li"); len(got) != 1 || !strings.Contains(got[0], "E-2") {
		t.Errorf("the broken ones: %q", got)
	}
	if got := broke.Attributes(".choices a", "aria-current"); !slices.Equal(got, []string{"true"}) || broke.Attributes(".choices a", "href")[3] != "/?state=broken" {
		t.Errorf("the choice made: %q", got)
	}
	if got := webtest.Get(t, door(t, s, true), "/?state=lost").All(".orders li"); len(got) != 4 {
		t.Errorf("a state that does not exist: %q", got)
	}
}

func emptyWorldSaysSo(t *testing.T, s *webtest.Shop) {
	a := webtest.Get(t, door(t, s, true), "/", "Accept-Language", "en")
	if got := a.One("p.card"); got != "No order here yet: the world has only just woken up." {
		t.Errorf("%q", got)
	}
}

// In service nobody's orders are listed.
func serviceTellsNothing(t *testing.T, s *webtest.Shop) {
	a := webtest.Get(t, door(t, s, false), "/")
	if a.Status != 200 || strings.Contains(a.Body, "/p/") || strings.Contains(a.Body, "E-1") || strings.Contains(a.Body, "Bellecour") {
		t.Errorf("%d %s", a.Status, a.One("body"))
	}
	if got := webtest.Get(t, door(t, s, false), "/orders").Status; got != 404 {
		t.Errorf("elsewhere: %d", got)
	}
}
