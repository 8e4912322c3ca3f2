package app

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/api"
	"github.com/promesse-dev/promesse/internal/checkout"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/web/shopper"
	"github.com/promesse-dev/promesse/internal/web/webtest"
)

// lookedAt is the order's story as the API gives it.
func lookedAt(s *webtest.Shop, link ident.Link, loc lang.Locale) (t api.Tracking, err error) {
	s.T.Helper()
	s.See(func(tx *db.Tx) error {
		t, err = tracked(tx, link, loc)
		return nil
	})
	return t, err
}

// The API says of an order what its page says, in the same words, and nothing of
// the shopper. All orders are placed on Monday 2 March 2026 at 09:00.
func TestTheStoryIsThatOfThePage(t *testing.T) {
	arrives := func(day string) func(*webtest.Shop, checkout.Placed) {
		return func(s *webtest.Shop, p checkout.Placed) {
			s.Parcel(p.Order.ID, "T-1")
			s.At("2026-03-02 18:00")
			s.Scan("T-1", fact.PickedUp)
			s.At(day + " 11:00")
			s.Scan("T-1", fact.Delivered)
			s.At(day + " 12:00")
			s.Quiet()
		}
	}
	for _, c := range []struct {
		law      string
		locale   lang.Locale // asked for
		live     func(*webtest.Shop, checkout.Placed)
		state    fact.State
		tone     string
		sentence string
		credited int
	}{
		{"just ordered", "", func(*webtest.Shop, checkout.Placed) {}, fact.Open, "calm", "Arrive mardi 3 mars avant la fin de la journée", 0},
		{"the same, in English", lang.English, func(*webtest.Shop, checkout.Placed) {}, fact.Open, "calm", "Arrives Tuesday 3 March before the day is over", 0},
		{"kept", "", arrives("2026-03-03"), fact.Kept, "good", "Livré mardi 3 mars à 11:00 ", 0},
		{"broken, and made good", "", arrives("2026-03-05"), fact.Broken, "bad", "Livré jeudi 5 mars à 11:00 ", 1},
		{
			"cancelled", "",
			func(s *webtest.Shop, p checkout.Placed) {
				s.Do(s.ID, func(tx *flow.Tx) error { return order.Cancel(tx, s.ID, p.Order.ID, fact.ByShopper) })
				s.Quiet()
			},
			fact.Void, "mute", "Cette commande est annulée ", 0,
		},
	} {
		t.Run(c.law, func(t *testing.T) {
			s := webtest.Open(t)
			p := s.Order("E-1", webtest.Sale{})
			c.live(s, p)
			got, err := lookedAt(s, p.Link, c.locale)
			if err != nil {
				t.Fatal(err)
			}
			if said := got.Promise.Sentence + " " + got.Promise.Window; said != c.sentence || got.Promise.State != c.state || got.Promise.Tone != c.tone || len(got.Promise.Credited) != c.credited {
				t.Errorf("%s, %s: %q, credited %q", got.Promise.State, got.Promise.Tone, said, got.Promise.Credited)
			}
			sameWords(t, s, p, c.locale, got)
			text, err := json.Marshal(got)
			if err != nil {
				t.Fatal(err)
			}
			for _, personal := range []string{"Camille", "Durand", "camille", "@", "Lilas", "69003", "shp_", "ord_"} {
				if strings.Contains(string(text), personal) {
					t.Errorf("it tells %q: %s", personal, text)
				}
			}
			if strings.Contains(string(text), "null") || strings.Contains(string(text), "[tracking") {
				t.Errorf("a hole in it: %s", text)
			}
		})
	}
}

// sameWords looks for each sentence of the story on the order's page.
func sameWords(t *testing.T, s *webtest.Shop, p checkout.Placed, loc lang.Locale, got api.Tracking) {
	t.Helper()
	door, err := shopper.New(shopper.Config{Flow: s.Flow, Base: "https://suivi.example"})
	if err != nil {
		t.Fatal(err)
	}
	page := webtest.Get(t, door, "/p/"+string(p.Link)+"?lang="+string(loc))
	if version := page.Attributes("main", "data-version"); len(version) != 1 || version[0] != got.Version {
		t.Errorf("the page is of %s, the story of %s", version, got.Version)
	}
	words := append([]string{got.Promise.Badge, got.Promise.Sentence, got.Promise.Window, got.Promise.Shown, got.NoParcel, got.Bound, got.Times}, got.Promise.Texts...)
	words = append(append(words, got.Promise.Credited...), got.Next...)
	for _, b := range got.Parcels {
		words = append(append(append(words, b.Status, b.Carried, b.News), b.Before...), b.Proof...)
	}
	for _, h := range got.Happened {
		words = append(words, h.When, h.What)
	}
	main := page.One("main")
	for _, w := range words {
		if plain := strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(w); !strings.Contains(main, plain) {
			t.Errorf("not on the page: %q", w)
		}
	}
}

// A link that has died opens nothing here either.
func TestAStoryEndsWithItsLink(t *testing.T) {
	s := webtest.Open(t)
	p := s.Order("E-1", webtest.Sale{})
	s.Parcel(p.Order.ID, "T-1")
	s.At("2026-03-03 11:00")
	s.Scan("T-1", fact.Delivered)
	s.At("2026-06-01 10:00")
	if _, err := lookedAt(s, p.Link, ""); err != nil {
		t.Errorf("on the ninetieth day: %v", err)
	}
	s.At("2026-06-01 12:02")
	if _, err := lookedAt(s, p.Link, ""); fault.KindOf(err) != fault.NotFound {
		t.Errorf("after it: %v", err)
	}
	for _, token := range []ident.Link{"", "x", ident.Link(strings.Repeat("x", 100)), p.Link + "0"} {
		if _, err := lookedAt(s, token, ""); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%q: %v", token, err)
		}
	}
}
