package home_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
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
// clock is a world that only notes what is asked of it.
type clock struct{ asked []string }

func (c *clock) News(_ context.Context, loc lang.Locale) ([]string, error) {
	return []string{"nouvelles en " + string(loc)}, nil
}
func (c *clock) Pause(context.Context) error       { return c.note("pause") }
func (c *clock) Resume(context.Context) error      { return c.note("resume") }
func (c *clock) NextEvent(context.Context) error   { return c.note("next event") }
func (c *clock) NextMorning(context.Context) error { return c.note("next morning") }

func (c *clock) note(what string) error {
	c.asked = append(c.asked, what)
	return nil
}

// here is a door as somebody at this machine reaches it.
func here(door http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.RemoteAddr, r.Host = "127.0.0.1:50000", "127.0.0.1:8080"
		door.ServeHTTP(w, r)
	})
}

func lived(t *testing.T, s *webtest.Shop, c *clock, rooms ...string) *ui.Door {
	t.Helper()
	d, err := home.New(home.Config{
		Flow: s.Flow, Link: s.Desk.Link, Base: "http://127.0.0.1:8080", Demo: true,
		World: func() home.Controls { return c }, Rooms: func() []string { return rooms },
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func clockIsSetFromThisMachineAlone(t *testing.T, s *webtest.Shop) {
	c := &clock{}
	d := lived(t, s, c)
	speed := s.Flow.Clock().Speed()
	defer s.Flow.Clock().SetSpeed(speed)
	s.Flow.Clock().SetSpeed(0)
	if got := webtest.Get(t, here(d), "/").Attributes(".acts form", "action"); !slices.Equal(got, []string{"/monde/reprise", "/monde/suite", "/monde/matin"}) {
		t.Errorf("of a world that stands still: %q", got)
	}
	s.Flow.Clock().SetSpeed(3600)
	if got := webtest.Get(t, here(d), "/").Attributes(".acts form", "action"); got[0] != "/monde/pause" {
		t.Errorf("of one that runs: %q", got)
	}
	elsewhere := webtest.Get(t, d, "/")
	if got := elsewhere.Attributes("form", "action"); len(got) != 0 {
		t.Errorf("somebody from elsewhere is shown %q", got)
	}
	if got := elsewhere.One("p.news"); got != "nouvelles en fr" {
		t.Errorf("the news are %q", got)
	}
	for _, path := range []string{"pause", "reprise", "suite", "matin"} {
		if got := webtest.Post(t, d, "/monde/"+path, ""); got.Status != http.StatusForbidden {
			t.Errorf("%s from elsewhere: %d", path, got.Status)
		}
		if got := webtest.Post(t, here(d), "/monde/"+path, "", "X-Forwarded-For", "203.0.113.7"); got.Status != http.StatusForbidden {
			t.Errorf("%s through a proxy: %d", path, got.Status)
		}
		if got := webtest.Post(t, here(d), "/monde/"+path, "", "Origin", "https://evil.example"); got.Status != http.StatusForbidden {
			t.Errorf("%s from another site: %d", path, got.Status)
		}
		if got := webtest.Post(t, here(d), "/monde/"+path, ""); got.Status != http.StatusSeeOther || got.Header.Get("Location") != "/" {
			t.Errorf("%s: %d", path, got.Status)
		}
	}
	if want := []string{"pause", "resume", "next event", "next morning"}; !slices.Equal(c.asked, want) {
		t.Errorf("%q", c.asked)
	}
	if got := webtest.Post(t, here(door(t, s, false)), "/monde/pause", ""); got.Status != http.StatusNotFound {
		t.Errorf("in service: %d", got.Status)
	}
}

func aDoorForEachPerson(t *testing.T, s *webtest.Shop) {
	rooms := []string{"/boutique/{shop}/{$}", "/b/{shop}", "/console/queue", "/console/outbox"}
	d := lived(t, s, &clock{}, rooms...)
	if got := webtest.Get(t, here(d), "/").All(".doors li"); len(got) != 1 || !strings.HasPrefix(got[0], "Vous programmez") {
		t.Errorf("nobody works there: %q", got)
	}
	s.SignIn(merchant.Agent)
	s.SignIn(merchant.Owner)
	page := webtest.Get(t, here(d), "/")
	if got := page.All(".doors h2"); !slices.Equal(got, []string{"Vous répondez aux clients", "Vous lisez le courrier", "Vous programmez"}) {
		t.Errorf("the board is not open: %q", got)
	}
	if got := page.Attributes(".doors input", "value"); !slices.Equal(got, []string{"/console/queue", "agent", "/console/outbox", "owner"}) {
		t.Errorf("they lead to %q", got)
	}
	if got := page.Attributes(".doors option", "value"); len(got) != 2 || got[0] != string(s.ID) {
		t.Errorf("of the shops %q", got)
	}
	if got := page.All(".panes li"); len(got) != 1 || !strings.HasPrefix(got[0], "Épicerie Bellecour Le frais du jour") {
		t.Errorf("shops: %q", got)
	}
	if got := page.Attributes(".panes a", "href"); !slices.Equal(got, []string{"/boutique/epicerie-bellecour/", "/b/" + string(s.ID)}) {
		t.Errorf("they lead to %q", got)
	}
	elsewhere := webtest.Get(t, d, "/")
	if len(elsewhere.All("form")) != 0 || len(elsewhere.All(".panes li")) != 1 {
		t.Errorf("from elsewhere: %s", elsewhere.One("main"))
	}
	if got := webtest.Get(t, here(lived(t, s, &clock{})), "/"); len(got.All(".panes li"))+len(got.All(".doors form")) != 0 {
		t.Error("a door that leads nowhere")
	}
}

func slotIsListedWithItsHours(t *testing.T, s *webtest.Shop) {
	s.Slots()
	s.Order("E-5", webtest.Sale{Slot: true})
	if got := webtest.Get(t, door(t, s, true), "/").All(".orders li")[0]; !strings.Contains(got, "E-5") || !strings.Contains(got, "entre 14:00 et 16:00") {
		t.Errorf("%q", got)
	}
}

// The page is about all merchants of a database, so one shop lives through all of it.
func TestTheFirstPage(t *testing.T) {
	s := webtest.Open(t)
	t.Run("of an empty world", func(t *testing.T) { emptyWorldSaysSo(t, s) })
	t.Run("has a clock", func(t *testing.T) { clockIsSetFromThisMachineAlone(t, s) })
	t.Run("has a mailbox", func(t *testing.T) { whatOpensSomethingIsShownOnThisMachineAlone(t, s) })
	t.Run("has doors", func(t *testing.T) { aDoorForEachPerson(t, s) })
	t.Run("of the demo", func(t *testing.T) { demoListsTheOrdersBeingLived(t, s) })
	t.Run("of the demo with slots", func(t *testing.T) { slotIsListedWithItsHours(t, s) })
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
