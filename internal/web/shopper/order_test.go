package shopper_test

import (
	"bytes"
	"log/slog"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/checkout"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/egress"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/web/shopper"
	"github.com/promesse-dev/promesse/internal/web/ui"
	"github.com/promesse-dev/promesse/internal/web/webtest"
)

func door(t testing.TB, s *webtest.Shop) *ui.Door {
	t.Helper()
	d, err := shopper.New(shopper.Config{
		Flow: s.Flow, Base: "https://suivi.example", PushKey: "BCVx", Pushable: func(address string) error { return egress.Check(address, nil) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func page(t *testing.T, s *webtest.Shop, p checkout.Placed) webtest.Answer {
	t.Helper()
	a := webtest.Get(t, door(t, s), "/p/"+string(p.Link))
	if a.Status != 200 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	return a
}

// What the page says, situation by situation. All orders are placed on Monday
// 2 March 2026 at 09:00.
func TestThePageSaysWhereThePromiseStands(t *testing.T) {
	for _, c := range []struct {
		law             string
		sale            webtest.Sale
		live            func(s *webtest.Shop, p checkout.Placed)
		badge, sentence string
		says            []string
	}{
		{
			"just ordered",
			webtest.Sale{},
			nil,
			"En bonne voie", "Arrive mardi 3 mars avant la fin de la journée",
			[]string{"Vous n'avez rien à faire.", "Épicerie Bellecour prépare votre commande.", "heure de Paris", "2 × Huile d'olive", "Vers Lyon"},
		},
		{
			"just ordered, in English",
			webtest.Sale{Locale: lang.English},
			nil,
			"On its way", "Arrives Tuesday 3 March before the day is over",
			[]string{"There is nothing you need to do.", "Paris time", "What happened"},
		},
		{
			"to La Réunion, where the day ends earlier",
			webtest.Sale{City: "Saint-Denis", Postcode: "97400"},
			nil,
			"En bonne voie", "Arrive lundi 9 mars avant la fin de la journée",
			[]string{"heure de La Réunion", "lundi 2 mars à 12:00"},
		},
		{
			"without a date: the law's thirty days",
			webtest.Sale{Bare: true},
			nil,
			"En bonne voie", "Arrive au plus tard mercredi 1er avril", nil,
		},
		{
			"to a relay point",
			webtest.Sale{Point: true},
			nil,
			"En bonne voie", "Prêt à retirer mardi 3 mars avant la fin de la journée", nil,
		},
		{
			"on its way",
			webtest.Sale{},
			func(s *webtest.Shop, p checkout.Placed) {
				s.Parcel(p.Order.ID, "SIM-1")
				s.At("2026-03-02 18:02")
				s.Scan("SIM-1", fact.PickedUp, func(r *carrier.Report) { r.Where = "Lyon 7e" })
				s.At("2026-03-03 08:10")
			},
			"En bonne voie", "Arrive mardi 3 mars avant la fin de la journée",
			[]string{"Colis Express, depuis lundi 2 mars à 18:02, sous le numéro SIM-1", "Pris en charge par le transporteur (Lyon 7e)", "il y a 14 heures et 8 minutes, lundi 2 mars à 18:02"},
		},
		{
			"kept",
			webtest.Sale{},
			func(s *webtest.Shop, p checkout.Placed) {
				s.Parcel(p.Order.ID, "SIM-1")
				s.At("2026-03-03 14:12")
				s.Scan("SIM-1", fact.Delivered, func(r *carrier.Report) { r.Place = fact.Mailbox })
			},
			"Promesse tenue", "Livré mardi 3 mars à 14:12",
			[]string{"Nous l'avions promis pour mardi 3 mars.", "Livré, dans la boîte aux lettres"},
		},
		{
			"ready at the relay point in time",
			webtest.Sale{Point: true},
			func(s *webtest.Shop, p checkout.Placed) {
				s.Parcel(p.Order.ID, "SIM-1")
				s.At("2026-03-03 14:00")
				s.Scan("SIM-1", fact.ReadyForPickup)
			},
			"Promesse tenue", "Prêt à retirer depuis mardi 3 mars à 14:00",
			[]string{"Votre colis vous attend au point de retrait."},
		},
		{
			"may be late: the carrier has nothing on the morning after",
			webtest.Sale{City: "Colmar", Postcode: "68000"},
			func(s *webtest.Shop, p checkout.Placed) {
				s.At("2026-03-04 11:00")
				s.Quiet()
			},
			"Risque de retard", "Promis pour mercredi 4 mars",
			[]string{"Le transporteur n'a pas encore votre colis", "Un retard devient probable"},
		},
		{
			"in the grace after the deadline",
			webtest.Sale{},
			func(s *webtest.Shop, p checkout.Placed) {
				s.At("2026-03-04 00:30")
			},
			"Échéance passée", "Devait arriver mardi 3 mars",
			[]string{"Nous attendons le dernier mot du transporteur."},
		},
		{
			"broken, nobody knows where it is, repaired",
			webtest.Sale{},
			func(s *webtest.Shop, p checkout.Placed) {
				s.Parcel(p.Order.ID, "SIM-1")
				s.Scan("SIM-1", fact.PickedUp)
				s.At("2026-03-04 02:00")
				s.Quiet()
			},
			"Promesse non tenue", "Pas encore arrivé",
			[]string{
				"Nous l'avions promis pour mardi 3 mars, et nous n'avons pas la preuve que vous l'avez.",
				"Livraison offerte : 5,90 € à votre crédit chez Épicerie Bellecour.", "5,90 € portés à votre crédit",
			},
		},
		{
			"broken: a day late",
			webtest.Sale{},
			func(s *webtest.Shop, p checkout.Placed) {
				s.Parcel(p.Order.ID, "SIM-1")
				s.At("2026-03-04 09:15")
				s.Scan("SIM-1", fact.Delivered)
				s.Quiet()
			},
			"Promesse non tenue", "Livré mercredi 4 mars à 09:15",
			[]string{"c'est 9 heures et 15 minutes trop tard.", "Livraison offerte : 5,90 € à votre crédit chez Épicerie Bellecour."},
		},
		{
			"lost",
			webtest.Sale{},
			func(s *webtest.Shop, p checkout.Placed) {
				s.Parcel(p.Order.ID, "SIM-1")
				s.Scan("SIM-1", fact.PickedUp)
				s.At("2026-03-03 09:00")
				s.Scan("SIM-1", fact.Lost)
				s.At("2026-03-04 02:00")
				s.Quiet()
			},
			"Promesse non tenue", "Votre colis n'arrivera pas",
			[]string{"Perdu par le transporteur"},
		},
		{
			"cancelled",
			webtest.Sale{},
			func(s *webtest.Shop, p checkout.Placed) {
				s.Do(s.ID, func(tx *flow.Tx) error { return order.Cancel(tx, s.ID, p.Order.ID, fact.ByShopper) })
			},
			"Commande annulée", "Cette commande est annulée",
			[]string{"Promesse levée"},
		},
		{
			"another day, at the shopper's wish",
			webtest.Sale{},
			func(s *webtest.Shop, p checkout.Placed) {
				s.Do(s.ID, func(tx *flow.Tx) error {
					day := civil.Date(2026, 3, 10)
					_, err := promise.Amend(tx, s.ID, p.Commitments[0].ID, promise.Amendment{
						From: day.Start(flowtest.Paris), Until: day.End(flowtest.Paris), By: fact.ByShopper, Shown: "Livré mardi 10 mars", Locale: lang.French,
					})
					return err
				})
			},
			"En bonne voie", "Arrive mardi 10 mars avant la fin de la journée",
			[]string{"C'est la date que vous avez choisie, à la place de mardi 3 mars.", "Vous avez choisi une autre date"},
		},
		{
			"a silent carrier",
			webtest.Sale{City: "Saint-Denis", Postcode: "97400"},
			func(s *webtest.Shop, p checkout.Placed) {
				s.Parcel(p.Order.ID, "SIM-1")
				s.Scan("SIM-1", fact.PickedUp)
				s.At("2026-03-05 09:00")
				s.Quiet()
			},
			"En bonne voie", "Arrive lundi 9 mars avant la fin de la journée",
			[]string{"Le transporteur ne dit plus rien depuis 3 jours.", "Le transporteur ne dit plus rien"},
		},
	} {
		t.Run(c.law, func(t *testing.T) {
			s := webtest.Open(t)
			p := s.Order("E-1", c.sale)
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
			mustBeWords(t, seen)
		})
	}
}

var (
	iso  = regexp.MustCompile(`\d{4}-\d\d-\d\d|\d\dT\d\d|[+-]\d\d:\d\d`)
	code = regexp.MustCompile(`[a-z]+_[a-z_]+|\[[a-z_.]+\]|(ord|com|par|fct|evt)_[0-9a-z]{10}`)
)

// mustBeWords finds what only programs read: dates of ISO 8601, codes, ids, keys
// without a sentence.
func mustBeWords(t *testing.T, seen string) {
	t.Helper()
	for _, pattern := range []*regexp.Regexp{iso, code} {
		if found := pattern.FindString(seen); found != "" {
			t.Errorf("the page says %q:\n%s", found, seen)
		}
	}
}

func TestTheTimelineIsInOrder(t *testing.T) {
	s := webtest.Open(t)
	p := s.Order("E-1", webtest.Sale{})
	s.Parcel(p.Order.ID, "SIM-1")
	s.At("2026-03-02 18:00")
	s.Scan("SIM-1", fact.PickedUp)
	s.At("2026-03-03 10:00")
	// Told late, dated to the day, the hour, and to years that can not be.
	s.Scan("SIM-1", fact.InTransit, func(r *carrier.Report) {
		r.At, r.Precision = civil.At(time.Date(2026, 3, 3, 3, 0, 0, 0, time.UTC)), fact.Hour
	})
	s.Scan("SIM-1", fact.FailedAttempt, func(r *carrier.Report) { r.Reason = fact.ReasonAbsent })
	s.Scan("SIM-1", fact.Exception, func(r *carrier.Report) { r.At = civil.At(time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC)) })
	s.Scan("SIM-1", fact.Customs, func(r *carrier.Report) { r.At = civil.At(time.Date(1971, 1, 1, 0, 0, 0, 0, time.UTC)) })
	got := page(t, s, p).All(".line li")
	want := []string{
		"mardi 3 mars à 10:00 Un retard devient probable",
		"mardi 3 mars à 10:00 Présenté, mais pas remis : personne n'était là",
		"mardi 3 mars vers 04:00 En chemin",
		"lundi 2 mars à 18:00 Pris en charge par le transporteur",
		"lundi 2 mars à 09:00 Colis préparé, numéro SIM-1",
		"lundi 2 mars à 09:00 Promis pour mardi 3 mars",
		"lundi 2 mars à 09:00 Commande passée",
	}
	got = slices.DeleteFunc(got, func(m string) bool { return strings.Contains(m, "se contredit") })
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
}

func TestALinkIsASecret(t *testing.T) {
	s := webtest.Open(t)
	p := s.Order("E-1", webtest.Sale{})
	a := page(t, s, p)
	for name, want := range map[string]string{
		"Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow, noarchive",
		"X-Content-Type-Options": "nosniff", "Strict-Transport-Security": "max-age=31536000",
	} {
		if got := a.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	for _, attribute := range []string{"href", "src", "action"} {
		for _, element := range []string{"a", "script", "link", "form"} {
			for _, path := range a.Attributes(element, attribute) {
				if strings.Contains(path, string(p.Link)) && !strings.HasPrefix(path, string(p.Link)+"/") {
					t.Errorf("the link leads away: %s", path)
				}
			}
		}
	}
	if strings.Count(a.Body, string(p.Link)) != strings.Count(a.Body, `="`+string(p.Link)+"/") {
		t.Error("the page shows its own address")
	}
	if strings.Contains(a.Body, "rue des Lilas") || strings.Contains(a.Body, "camille@") {
		t.Error("the page tells where the shopper lives or is written to")
	}
}

func TestALinkThatOpensNothing(t *testing.T) {
	s := webtest.Open(t)
	p := s.Order("E-1", webtest.Sale{})
	var log bytes.Buffer
	d, err := shopper.New(shopper.Config{Flow: s.Flow, Log: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	bodies := map[string]bool{}
	for _, token := range []string{
		"0000000000000000000000", strings.Repeat("z", 22), string(p.Link)[:21] + "_", string(p.Link) + "x",
		"..%2f..%2fetc", "%00", "%ff", strings.Repeat("a", 5000), "x' or 1=1",
	} {
		a := webtest.Get(t, d, "/p/"+strings.ReplaceAll(token, " ", "%20"))
		bodies[a.Body] = true
		if a.Status != 404 || a.One("h1") != "Cette page n'existe pas" {
			t.Errorf("%q: %d %s", token, a.Status, a.One("body"))
		}
		if a.Header.Get("Cache-Control") != "no-store" || a.Header.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%q: %v", token, a.Header)
		}
	}
	if len(bodies) != 1 {
		t.Errorf("%d different pages for links that open nothing", len(bodies))
	}
	if log.Len() > 0 {
		t.Errorf("logged: %s", &log)
	}
	if a := webtest.Get(t, d, "/p/x", "Accept-Language", "en"); a.One("h1") != "There is no such page" {
		t.Errorf("in English: %s", a.One("h1"))
	}
}

// The page is one answer of a few KB on the wire, with two modules of ours and
// nothing from elsewhere.
func TestThePageIsLight(t *testing.T) {
	s := webtest.Open(t)
	p := s.Order("E-1", webtest.Sale{Article: strings.Repeat("Très longue huile ", 10)})
	for i := range 30 {
		number := "SIM-" + string(rune('A'+i))
		if i < 6 {
			s.Parcel(p.Order.ID, number)
		}
		s.Pass(time.Hour)
		s.Scan("SIM-A", fact.InTransit, func(r *carrier.Report) { r.Where = "Plateforme de tri numéro " + number })
	}
	a := page(t, s, p)
	packed := webtest.Get(t, door(t, s), "/p/"+string(p.Link), "Accept-Encoding", "gzip")
	if packed.Header.Get("Content-Encoding") != "gzip" || len(packed.Body) > 8<<10 {
		t.Errorf("%d bytes on the wire", len(packed.Body))
	}
	for _, what := range []string{"img", "iframe"} {
		if n := len(a.All(what)); n > 0 {
			t.Errorf("%d × %s", n, what)
		}
	}
	scripts := a.Attributes("script", "src")
	if len(scripts) != 3 || !strings.HasPrefix(scripts[0], "../assets/live.js?v=") || !strings.HasPrefix(scripts[1], "../assets/espace.js?v=") || !strings.HasPrefix(scripts[2], "../assets/vitesse.js?v=") {
		t.Errorf("scripts: %q", scripts)
	}
	if strings.Join(a.All("script"), "") != "" {
		t.Error("a script in the page, which the policy forbids")
	}
	if strings.Contains(a.Body, "style=") {
		t.Error("a style attribute, which the policy forbids")
	}
	for _, href := range append(a.Attributes("link", "href"), a.Attributes("a", "href")...) {
		if strings.Contains(href, "//") && !strings.HasPrefix(href, "data:") {
			t.Errorf("leads elsewhere: %s", href)
		}
	}
}

// A carrier's words are shown as words, whatever they hold.
func TestCarriersCanNotWriteHTML(t *testing.T) {
	s := webtest.Open(t)
	p := s.Order("E-1", webtest.Sale{Article: `<img src=x onerror=alert(1)>`})
	s.Parcel(p.Order.ID, "SIM-1")
	s.Scan("SIM-1", fact.InTransit, func(r *carrier.Report) { r.Where = `</li><script>alert(1)</script>` })
	a := page(t, s, p)
	if strings.Join(a.All("script"), "") != "" || len(a.All("img")) > 0 {
		t.Errorf("somebody else wrote this page: %s", a.Body)
	}
	if !strings.Contains(a.One("body"), "<script>alert(1)</script>") {
		t.Error("the carrier's words are not shown")
	}
}
