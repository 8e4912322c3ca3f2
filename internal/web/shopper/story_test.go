package shopper_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/checkout"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/tracking"
	"github.com/promesse-dev/promesse/internal/web/webtest"
)

// grocer is a shop whose own couriers come by appointment, with a person to write to.
func grocer(t *testing.T) *webtest.Shop {
	t.Helper()
	s := webtest.Open(t)
	s.Carrier = s.Slots()
	s.Do(s.ID, func(tx *flow.Tx) error {
		return merchant.SetBrand(tx, s.ID, merchant.Brand{Accent: "#aa3311", Shown: "Bellecour", Contact: "bonjour+sav@bellecour.example"})
	})
	return s
}

// line is the order's line of goods.
func line(s *webtest.Shop, o ident.Order) (l order.Line) {
	s.T.Helper()
	s.Do(s.ID, func(tx *flow.Tx) error {
		lines, err := order.Lines(tx.Tx, s.ID, o)
		for _, x := range lines {
			if x.Kind == order.Goods {
				l = x
			}
		}
		return err
	})
	return l
}

func at(local string) civil.Instant {
	t, err := time.Parse("2006-01-02 15:04 -0700", local+" +0100")
	if err != nil {
		panic(err)
	}
	return civil.At(t)
}

// What the page of an order by appointment says, situation by situation. All are
// placed on Monday 2 March 2026 at 09:00, for 14:00 to 16:00.
func TestThePageOfASlot(t *testing.T) {
	for _, c := range []struct {
		law             string
		live            func(s *webtest.Shop, p checkout.Placed)
		badge, sentence string
		says, not       []string
	}{
		{
			"just ordered",
			nil,
			"En bonne voie", "Arrive lundi 2 mars entre 14:00 et 16:00",
			[]string{"Promis à la commande : « Livré lundi 2 mars entre 14:00 et 16:00 »", "Annuler la commande tant que Bellecour n'a préparé aucun colis", "Écrire à une personne", "Mettre dans mon agenda"},
			[]string{"Il manque quelque chose"},
		},
		{
			"the courier asks to come early",
			func(s *webtest.Shop, p checkout.Placed) {
				s.Parcel(p.Order.ID, "T-1")
				s.At("2026-03-02 12:40")
				s.AskEarly(p.Order.ID, "2026-03-02 13:10")
			},
			"En bonne voie", "Arrive lundi 2 mars entre 14:00 et 16:00",
			[]string{
				"Et maintenant Le coursier peut passer plus tôt, dès 13:10, au lieu du créneau de 14:00 à 16:00.", "si vous refusez ou ne répondez pas avant 14:00",
				"Oui, qu'il vienne plus tôt", "Non, comme promis", "Le coursier propose de passer plus tôt, dès 13:10",
				"La commande est préparée : elle ne se change plus ici. Pour toute demande, écrivez à Bellecour.",
			},
			nil,
		},
		{
			"the slot has begun: there is nothing to answer any more",
			func(s *webtest.Shop, p checkout.Placed) {
				s.Parcel(p.Order.ID, "T-1")
				s.At("2026-03-02 12:40")
				s.AskEarly(p.Order.ID, "2026-03-02 13:10")
				s.At("2026-03-02 14:00")
			},
			"En bonne voie", "Arrive lundi 2 mars entre 14:00 et 16:00",
			nil,
			[]string{"Oui, qu'il vienne plus tôt"},
		},
		{
			"early, without consent: that is a breach too",
			func(s *webtest.Shop, p checkout.Placed) {
				s.Parcel(p.Order.ID, "T-1")
				s.At("2026-03-02 13:20")
				s.Scan("T-1", fact.Delivered)
				s.Quiet()
			},
			"Promesse non tenue", "Livré lundi 2 mars à 13:20",
			[]string{"c'est 40 minutes trop tôt, sans votre accord."},
			nil,
		},
		{
			"31 minutes late: the delivery is free, as a credit",
			func(s *webtest.Shop, p checkout.Placed) {
				s.Parcel(p.Order.ID, "T-1")
				s.At("2026-03-02 16:31")
				s.Scan("T-1", fact.Delivered)
				s.Quiet()
			},
			"Promesse non tenue", "Livré lundi 2 mars à 16:31",
			[]string{"Nous l'avions promis pour lundi 2 mars entre 14:00 et 16:00 : c'est 31 minutes trop tard.", "Livraison offerte : 5,90 € à votre crédit chez Bellecour."},
			[]string{"rembours"},
		},
		{
			"the courier says how late it will be",
			func(s *webtest.Shop, p checkout.Placed) {
				s.Parcel(p.Order.ID, "T-1")
				s.At("2026-03-02 15:40")
				s.Scan("T-1", fact.OutForDelivery, func(r *carrier.Report) { r.Expected = at("2026-03-02 16:31") })
				s.At("2026-03-02 16:05")
				s.Quiet()
			},
			"Échéance passée", "Devait arriver lundi 2 mars entre 14:00 et 16:00",
			[]string{"Le transporteur l'annonce pour lundi 2 mars à 16:31.", "Si vous attendez", "au plus tard lundi 2 mars à 17:00"},
			nil,
		},
		{
			"the shop declares two bottles missing before they leave",
			func(s *webtest.Shop, p checkout.Placed) { s.Lacks(p.Order.ID, 1) },
			"Commande incomplète", "Arrive lundi 2 mars entre 14:00 et 16:00",
			[]string{"Bellecour ne peut pas vous envoyer : 1 × Huile d'olive."},
			nil,
		},
		{
			"kept, and the parcel may be opened",
			func(s *webtest.Shop, p checkout.Placed) {
				s.Parcel(p.Order.ID, "T-1")
				s.At("2026-03-02 15:00")
				s.Scan("T-1", fact.Delivered, func(r *carrier.Report) {
					r.Place, r.Where, r.Label = fact.Reception, "Lyon 3e", "Remis en main propre"
				})
			},
			"Promesse tenue", "Livré lundi 2 mars à 15:00",
			[]string{
				"Preuve de livraison : Nos coursiers, lundi 2 mars à 15:00, à l'accueil (Lyon 3e).", "Dans ses mots : « Remis en main propre »",
				"Ouvrez votre colis.", "Il manque quelque chose, ou c'est abîmé",
			},
			[]string{"Annuler la commande", "Mettre dans mon agenda"},
		},
	} {
		t.Run(c.law, func(t *testing.T) {
			s := grocer(t)
			p := s.Order("E-1", webtest.Sale{Slot: true})
			if c.live != nil {
				c.live(s, p)
			}
			a := page(t, s, p)
			if got := a.One(".promise .badge"); got != c.badge {
				t.Errorf("the badge says %q, want %q", got, c.badge)
			}
			if got := a.One("h1"); got != c.sentence {
				t.Errorf("the page says %q, want %q", got, c.sentence)
			}
			seen := a.One("body")
			for _, want := range c.says {
				if !strings.Contains(seen, want) {
					t.Errorf("the page does not say %q:\n%s", want, seen)
				}
			}
			for _, no := range c.not {
				if strings.Contains(seen, no) {
					t.Errorf("the page says %q:\n%s", no, seen)
				}
			}
			mustBeWords(t, seen)
		})
	}
}

// An order in two parcels, one of which goes on with another carrier, is one
// story: who has what, since when, under which number, and what is in it.
func TestAllParcelsAndLegsAreOneStory(t *testing.T) {
	s := webtest.Open(t)
	p := s.Order("E-1", webtest.Sale{City: "Colmar", Postcode: "68000"})
	oil := line(s, p.Order.ID)
	var parcel order.Parcel
	var bike ident.Connection
	s.Do(s.ID, func(tx *flow.Tx) (err error) {
		one := map[ident.Line]int{oil.ID: 1}
		if parcel, _, err = order.Announce(tx, s.ID, order.NewParcel{Order: p.Order.ID, Connection: s.Carrier, Number: "SIM-1", Units: one}); err != nil {
			return err
		}
		_, _, err = order.Announce(tx, s.ID, order.NewParcel{Order: p.Order.ID, Connection: s.Carrier, Number: "SIM-2", Units: one})
		return err
	})
	s.At("2026-03-02 18:00")
	s.Scan("SIM-1", fact.PickedUp)
	s.At("2026-03-03 07:00")
	s.Do(s.ID, func(tx *flow.Tx) error {
		c, err := carrier.Connect(tx, s.ID, carrier.Connection{Adapter: "simulated", Name: "Vélo Cargo", Zone: "Europe/Paris"})
		if err != nil {
			return err
		}
		bike = c.ID
		return tracking.AddLeg(tx, s.ID, parcel.ID, bike, "V-77")
	})
	was := s.Carrier
	s.Carrier = bike
	s.At("2026-03-03 08:30")
	s.Scan("V-77", fact.OutForDelivery)
	s.Carrier = was
	a := page(t, s, p)
	boxes := a.All(".parcel")
	if len(boxes) != 2 {
		t.Fatalf("%d parcels: %q", len(boxes), boxes)
	}
	for i, want := range [][]string{
		{"En cours de livraison", "Vélo Cargo, depuis mardi 3 mars à 08:30, sous le numéro V77", "Avant : Colis Express, sous le numéro SIM-1", "Dans ce colis 1 × Huile d'olive"},
		{"Annoncé au transporteur", "Colis Express, sous le numéro SIM-2", "Le transporteur ne nous a encore rien dit de ce colis.", "Dans ce colis 1 × Huile d'olive"},
	} {
		for _, words := range want {
			if !strings.Contains(boxes[i], words) {
				t.Errorf("parcel %d does not say %q: %s", i+1, words, boxes[i])
			}
		}
	}
	for _, want := range []string{
		"mardi 3 mars à 08:30 En cours de livraison – SIM-1", "mardi 3 mars à 07:00 Le colis continue avec Vélo Cargo, sous le numéro V77",
		"lundi 2 mars à 09:00 Colis préparé, numéro SIM-2 : 1 × Huile d'olive",
	} {
		if !slices.Contains(a.All(".line li"), want) {
			t.Errorf("the timeline does not say %q: %q", want, a.All(".line li"))
		}
	}
}

// Writing to a person is one tap, on every order's page.
func TestAPersonCanBeWrittenTo(t *testing.T) {
	s := grocer(t)
	p := s.Order("E-1 & Cie", webtest.Sale{Slot: true})
	if a := page(t, s, p); !slices.Contains(a.Attributes("a", "href"), string(p.Link)+"/ecrire") {
		t.Errorf("%q", a.Attributes("a", "href"))
	}
}

// A brand's name and colour are on the page, and the colour is made legible.
func TestThePageIsTheShops(t *testing.T) {
	s := grocer(t)
	a := page(t, s, s.Order("E-1", webtest.Sale{Slot: true}))
	if a.One(".brand") != "Bellecour" || !strings.Contains(a.Body, "--accent:#aa3311") {
		t.Errorf("%q\n%s", a.One(".brand"), a.Body)
	}
}

// Whoever reads another language than the order's asks for it by hand, and keeps it.
func TestThePageInTheOtherLanguage(t *testing.T) {
	s := grocer(t)
	p := s.Order("E-1", webtest.Sale{Slot: true})
	d := door(t, s)
	a := webtest.Get(t, d, "/p/"+string(p.Link)+"?lang=en")
	if a.One("h1") != "Arrives Monday 2 March between 14:00 and 16:00" || !strings.Contains(a.One("body"), "Promised with the order: “Livré lundi 2 mars entre 14:00 et 16:00”") {
		t.Errorf("%s", a.One("body"))
	}
	if paths := a.Attributes("a", "href"); !slices.Contains(paths, string(p.Link)+"/cancel?lang=en") || !slices.Contains(paths, "?lang=fr") {
		t.Errorf("ways: %q", paths)
	}
	mustBeWords(t, a.One("body"))
	for _, unknown := range []string{"de", "", "fr'--", strings.Repeat("x", 300)} {
		if a := webtest.Get(t, d, "/p/"+string(p.Link)+"?lang="+url.QueryEscape(unknown)); a.Status != 200 || !strings.HasPrefix(a.One("h1"), "Arrive lundi") {
			t.Errorf("lang=%q: %d %s", unknown, a.Status, a.One("h1"))
		}
	}
}
