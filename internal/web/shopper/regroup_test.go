package shopper_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/checkout"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/relay"
	people "github.com/promesse-dev/promesse/internal/shopper"
	"github.com/promesse-dev/promesse/internal/web/shopper"
	"github.com/promesse-dev/promesse/internal/web/webtest"
)

// obliging is a carrier that agrees first, and does it when it is told.
type obliging struct{ asked }

func (obliging) Changes(carrier.Service) []carrier.Allowance {
	return []carrier.Allowance{
		{What: fact.Reschedule, Before: 4 * time.Hour, Within: 2 * time.Hour, Holds: true},
		{What: fact.Redirect, Before: 4 * time.Hour, Within: 2 * time.Hour, Holds: true},
	}
}

// pair is one person with a parcel of each of two shops on the road, both promised
// for Tuesday 3 March; it is Monday, 09:00.
type pair struct {
	*spaces
	other   *webtest.Shop
	sold    [2]checkout.Placed
	session string
}

func regroupable(t *testing.T) *pair {
	t.Helper()
	p := &pair{spaces: openSpaces(t)}
	p.other = p.Another("Papeterie Ainay")
	for i, s := range []*webtest.Shop{p.Shop, p.other} {
		p.sold[i] = s.Order("R-1", webtest.Sale{Email: p.mailbox})
		s.Parcel(p.sold[i].Order.ID, "P"+string(s.ID))
		p.consents(s, p.sold[i].Order.Shopper)
	}
	p.session = p.enter()
	p.feed()
	office := &lastmile.Office{Flow: p.Flow, Adapters: carrier.Adapters{"simulated": obliging{}}}
	p.Handle(office.Asker())
	p.Handle(office.Settler())
	p.Watch(lastmile.Silences())
	d, err := shopper.New(shopper.Config{Flow: p.Flow, Base: "https://suivi.example", Link: p.Desk.Link, Changes: office, Points: &relay.Index{}})
	if err != nil {
		t.Fatal(err)
	}
	p.door = d
	return p
}

// feed gives the carrier's network a point in Lyon.
func (p *pair) feed() {
	p.Do(p.ID, func(tx *flow.Tx) error {
		hours, err := civil.ParseHours("hours", "Mo-Su 08:00-20:00")
		if err != nil {
			return err
		}
		_, err = relay.Feed(tx, p.ID, "simulated", []relay.Point{{
			Network: "simulated", Code: "T-1", Kind: relay.Shop, Name: "Tabac de la Gare", Street: "3 rue de la Gare", Postcode: "69003", City: "Lyon", Country: "FR",
			At: geo.Point{Lat: 45.76, Lon: 4.86}, Located: relay.Exact, Services: []string{relay.Collect}, Hours: hours, Zone: "Europe/Paris",
		}}, true)
		return err
	})
}

func (p *pair) shows(query url.Values) webtest.Answer {
	p.T.Helper()
	return webtest.Get(p.T, p.door, "/espace/regrouper?"+query.Encode(), "Cookie", p.session)
}

func (p *pair) sends(form url.Values) webtest.Answer {
	p.T.Helper()
	return webtest.Post(p.T, p.door, "/espace/regrouper", form.Encode(), "Cookie", p.session)
}

// both chooses both parcels.
func (p *pair) both(more ...string) url.Values {
	v := url.Values{"o": {string(p.sold[0].Order.ID), string(p.sold[1].Order.ID)}}
	for i := 0; i+1 < len(more); i += 2 {
		v.Set(more[i], more[i+1])
	}
	return v
}

// says has the carrier of one of them answer.
func (p *pair) replies(i int, outcome carrier.ChangeOutcome) {
	p.T.Helper()
	s := []*webtest.Shop{p.Shop, p.other}[i]
	p.Do(s.ID, func(tx *flow.Tx) error {
		all, err := lastmile.Changes(tx.Tx, s.ID, p.sold[i].Order.ID)
		if err != nil {
			return err
		}
		_, err = lastmile.Answer(tx, s.ID, s.Carrier, all[len(all)-1].ID, carrier.ChangeAnswer{Outcome: outcome})
		return err
	})
	p.Quiet()
}

// owed is the day at the end of which each is owed.
func (p *pair) owed() (days [2]string) {
	p.T.Helper()
	for i, s := range []*webtest.Shop{p.Shop, p.other} {
		p.See(func(tx *db.Tx) error {
			of, err := promise.OfOrders(tx, s.ID, []ident.Order{p.sold[i].Order.ID})
			c := promise.DeliveryOf(of[p.sold[i].Order.ID])
			days[i] = (c.Until - 1).Day(flowtest.Paris).String()
			return err
		})
	}
	return days
}

func TestTwoParcelsOfTwoShopsAreHadTogetherAtOnePoint(t *testing.T) {
	p := regroupable(t)
	first := p.shows(url.Values{})
	says(t, "which", first.One("main"), "Épicerie Bellecour, commande R-1")
	says(t, "which", first.One("main"), "Papeterie Ainay, commande R-1", "Promise mardi 3 mars", "3 rue des Lilas")
	where := p.shows(p.both())
	says(t, "where", where.One("main"), "À l'adresse de livraison", "Tabac de la Gare", "2 livraisons sur 2")
	spots := where.Attributes("input", "value")
	point := ""
	for _, v := range spots {
		if strings.HasPrefix(v, "pnt_") {
			point = v
		}
	}
	when := p.shows(p.both("lieu", point, "jour", "2026-03-05"))
	says(t, "when", when.One("main"), "jeudi 5 mars (2 livraisons sur 2)", "Serait à retirer jeudi 5 mars à Tabac de la Gare, si Colis Express accepte", "2 jours plus tard que promis", "Séparément", "promesse-2026.1")
	form := p.both("lieu", point, "jour", "2026-03-05", "key", "k")
	for range 2 { // a form sent twice is one
		if a := p.sends(form); a.Status != http.StatusSeeOther || !strings.HasPrefix(a.Header.Get("Location"), "/espace/regrouper/rgp_") {
			t.Fatalf("%d %s", a.Status, a.One("main"))
		}
	}
	path := p.sends(form).Header.Get("Location")
	see := func() string { t.Helper(); return webtest.Get(t, p.door, path, "Cookie", p.session).One("main") }
	says(t, "asked", see(), "Demandé", "n'a pas encore répondu", "tout reste comme promis")
	p.replies(0, carrier.ChangeAccepted)
	says(t, "one agreed", see(), "est d'accord, et attend les autres")
	if d := p.owed(); d != [2]string{"2026-03-03", "2026-03-03"} {
		t.Fatalf("moved before all agreed: %v", d)
	}
	p.replies(1, carrier.ChangeAccepted)
	says(t, "both agreed", see(), "Regroupé", "ces dates sont maintenant promises")
	if d := p.owed(); d != [2]string{"2026-03-05", "2026-03-05"} {
		t.Errorf("owed on %v", d)
	}
	says(t, "the list", p.shows(url.Values{}).One("main"), "Regroupé", "Ensemble jeudi 5 mars")
	for i, s := range []*webtest.Shop{p.Shop, p.other} {
		other := p.sold[1-i]
		page := webtest.Get(t, p.door, "/p/"+string(p.sold[i].Link))
		says(t, "the order's page", page.One("main"), "Regroupé avec une autre livraison")
		for _, secret := range []string{string(other.Order.ID), string(other.Order.Shopper), []string{"Papeterie", "Bellecour"}[i]} {
			if strings.Contains(page.Body, secret) {
				t.Errorf("the page of %s names %s", s.ID, secret)
			}
		}
	}
}

func TestOneCarrierThatRefusesLeavesBothAsTheyWere(t *testing.T) {
	p := regroupable(t)
	a := p.sends(p.both("lieu", "adresse", "jour", "2026-03-05", "key", "k"))
	path := a.Header.Get("Location")
	if path == "" {
		t.Fatalf("%d %s", a.Status, a.One("main"))
	}
	p.replies(0, carrier.ChangeAccepted)
	p.replies(1, carrier.ChangeRefused)
	says(t, "fallen", webtest.Get(t, p.door, path, "Cookie", p.session).One("main"), "Pas regroupé", "chaque livraison vient comme promis", "Une autre des livraisons")
	if d := p.owed(); d != [2]string{"2026-03-03", "2026-03-03"} {
		t.Errorf("owed on %v", d)
	}
	says(t, "again", p.shows(p.both("lieu", "adresse")).One("main"), "Demander ce regroupement")
}

// The promise of one is kept while its carrier's yes waits for the other's: none is moved.
func TestAPromiseThatIsSettledMeanwhileLetsAllFall(t *testing.T) {
	p := regroupable(t)
	a := p.sends(p.both("lieu", "adresse", "jour", "2026-03-05", "key", "k"))
	p.replies(0, carrier.ChangeAccepted)
	p.Scan("P"+string(p.ID), fact.Delivered)
	p.replies(1, carrier.ChangeAccepted)
	says(t, "fallen", webtest.Get(t, p.door, a.Header.Get("Location"), "Cookie", p.session).One("main"), "Pas regroupé")
	if d := p.owed(); d != [2]string{"2026-03-03", "2026-03-03"} {
		t.Errorf("owed on %v", d)
	}
}

func TestWhoMayRegroup(t *testing.T) {
	p := regroupable(t)
	if a := webtest.Get(t, p.door, "/espace/regrouper"); a.Header.Get("Location") != "/espace/entrer" {
		t.Errorf("a stranger: %d", a.Status)
	}
	made := p.sends(p.both("lieu", "adresse", "jour", "2026-03-05", "key", "k")).Header.Get("Location")
	p.Pass(people.SpaceFresh)
	says(t, "half an hour later", p.shows(p.both()).One("main"), "Un changement attend déjà")
	if a := p.sends(p.both("lieu", "adresse", "jour", "2026-03-06", "key", "l")); a.Header.Get("Location") != "/espace/entrer?encore=1" {
		t.Errorf("half an hour later: %d %s", a.Status, a.Header.Get("Location"))
	}
	p.Do(p.other.ID, func(tx *flow.Tx) error { return people.Unlink(tx, p.other.ID, p.sold[1].Order.Shopper) })
	if page := webtest.Get(t, p.door, made, "Cookie", p.session); strings.Contains(page.Body, "Papeterie") || !strings.Contains(page.Body, "Bellecour") {
		t.Errorf("a consent that was taken back: %s", page.One("main"))
	}
	if a := webtest.Get(t, p.door, "/espace/regrouper/rgp_00000000000000000000000000", "Cookie", p.session); a.Status != 404 {
		t.Errorf("nobody's: %d", a.Status)
	}
}

func TestWhatNoFormOfOursRegroups(t *testing.T) {
	p := regroupable(t)
	for _, row := range []struct {
		law  string
		form url.Values
	}{
		{"one alone", url.Values{"o": {string(p.sold[0].Order.ID)}, "lieu": {"adresse"}, "jour": {"2026-03-05"}}},
		{"nowhere", p.both("jour", "2026-03-05")},
		{"a point that is none", p.both("lieu", "pnt_00000000000000000000000000", "jour", "2026-03-05")},
		{"another's order", url.Values{"o": {string(p.sold[0].Order.ID), "ord_00000000000000000000000000"}, "lieu": {"adresse"}}},
		{"nothing at all", url.Values{}},
	} {
		if a := p.sends(row.form); a.Status != 422 || len(a.All(".errors")) != 1 {
			t.Errorf("%s: %d %s", row.law, a.Status, a.One("main"))
		}
	}
}
