package locator

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/relay"
	"github.com/promesse-dev/promesse/internal/web/ui"
	"github.com/promesse-dev/promesse/internal/web/webtest"
)

// town is Lyon on Monday 2 March 2026 at 09:00, with points of a network.
type town struct {
	*webtest.Shop
	t    *testing.T
	find func(context.Context, string) ([]geo.Spot, error)
}

func open(t *testing.T) *town {
	t.Helper()
	return &town{Shop: webtest.Open(t), t: t}
}

func (w *town) door() *ui.Door {
	w.t.Helper()
	d, err := New(Config{Flow: w.Flow, Index: &relay.Index{}, Find: w.find, Base: "https://suivi.example"})
	if err != nil {
		w.t.Fatal(err)
	}
	return d
}

// bellecour is the middle of Lyon as the town's own point has it.
var bellecour = geo.Point{Lat: 45.7485, Lon: 4.8467}

// point is one so many metres to the north. Its network is the test's own.
func (w *town) point(code string, metres float64, hours string, change func(*relay.Point)) relay.Point {
	w.t.Helper()
	h, err := civil.ParseHours("hours", hours)
	if err != nil {
		w.t.Fatal(err)
	}
	p := relay.Point{
		Code: code, Kind: relay.Shop, Name: "Tabac " + code, Street: "3 rue Neuve", Postcode: "69002", City: "Lyon", Country: "FR",
		At: geo.Point{Lat: bellecour.Lat + metres/111_195, Lon: bellecour.Lon}, Services: []string{relay.Collect, relay.Send},
		Limits: relay.Limits{MaxGrams: 30_000}, Hours: h,
	}
	if change != nil {
		change(&p)
	}
	return p
}

func (w *town) feed(points ...relay.Point) {
	w.t.Helper()
	w.Do(w.ID, func(tx *flow.Tx) error {
		_, err := relay.Feed(tx, w.ID, "mondial_relay", points, true)
		return err
	})
}

func (w *town) get(path string) webtest.Answer {
	w.t.Helper()
	return webtest.Get(w.t, w.door(), path)
}

const week = "Mo-Fr 09:00-12:00,14:00-19:00; Sa 09:00-12:30; PH off"

func TestTheListComesFirst(t *testing.T) {
	w := open(t)
	w.feed(w.point("B", 1200, "24/7", func(p *relay.Point) { p.Kind = relay.Locker }), w.point("A", 350, week, nil), w.point("C", 2000, "", nil))
	a := w.get("/relais?q=69002")
	if got := a.All(".point h3"); !slices.Equal(got, []string{"Tabac A", "Tabac B", "Tabac C"}) {
		t.Fatalf("points: %q\n%s", got, a.Body)
	}
	for _, row := range []struct{ law, selector, want string }{
		{"how many", "h2", "3 points, le plus proche d'abord : Lyon (69002)"},
		{"how far", ".far", "350 m"},
		{"open until", ".badge", "Ouvert jusqu'à 12:00"},
		{"hours today", ".point", "Aujourd'hui : 09:00-12:00, 14:00-19:00"},
		{"hours of a day to come", ".facts", "samedi 7 mars"},
		{"services", ".point", "retirer un colis, déposer un colis"},
		{"limits", ".point", "30 kg au plus"},
		{"freshness", ".point", "Confirmé par le réseau le lundi 2 mars"},
		{"whose", ".point", "Commerce relais Mondial Relay"},
	} {
		if got := folded(a.All(row.selector)); !strings.Contains(got, folded([]string{row.want})) {
			t.Errorf("%s: %q is not in %q", row.law, row.want, got)
		}
	}
	states := folded(a.All(".badge"))
	if !strings.Contains(states, "Ouvert jour et nuit") || !strings.Contains(states, "Horaires inconnus") {
		t.Errorf("states: %q", states)
	}
}

// folded joins texts, with plain spaces, hyphens and apostrophes.
func folded(texts []string) string {
	return strings.NewReplacer("\u00a0", " ", "\u202f", " ", "–", "-", "’", "'").Replace(strings.Join(texts, " | "))
}

func TestASearchIsAnswered(t *testing.T) {
	w := open(t)
	w.feed(
		w.point("A", 350, week, nil),
		w.point("B", 700, week, func(p *relay.Point) { p.Limits.MaxGrams, p.Services = 5000, []string{relay.Collect} }),
		w.point("N", 900, "Mo-Su 18:00-22:00; PH open", nil),
	)
	for _, row := range []struct {
		law, path string
		points    []string
		says      string
	}{
		{"a form, and nothing asked", "/relais", nil, "Adresse, code postal ou ville"},
		{"a town", "/relais?q=lyon", []string{"Tabac A", "Tabac B", "Tabac N"}, "Les distances sont comptées depuis le centre de Lyon"},
		{"a place nobody knows", "/relais?q=Poudlard", nil, "Nous ne trouvons pas « Poudlard »"},
		{"where the browser is", "/relais?at=45.75,4.847", []string{"Tabac A", "Tabac B", "Tabac N"}, ": vous"},
		{"a position that is none", "/relais?at=x,y", nil, "Votre position ne se lit pas"},
		{"far from everything", "/relais?q=29900", nil, "Aucun point ne convient"},
		{"open now", "/relais?q=69002&open=now", []string{"Tabac A", "Tabac B"}, "fermé en ce moment"},
		{"open when I can come", "/relais?q=69002&open=then&day=2026-03-03&time=20:00", []string{"Tabac N"}, "fermé quand vous pouvez venir"},
		{"today, where no day is said", "/relais?q=69002&open=then&time=20:00", []string{"Tabac N"}, "2 points proches ne conviennent pas"},
		{"30 kg", "/relais?q=69002&kg=30", []string{"Tabac A", "Tabac N"}, "ne prend que 5 kg"},
		{"30,001 kg", "/relais?q=69002&kg=30,001", nil, "ne prend que 30 kg"},
		{"to hand in", "/relais?q=69002&service=send", []string{"Tabac A", "Tabac N"}, "ne rend pas ce service"},
		{"a time without an hour", "/relais?q=69002&open=then", nil, "« heure »"},
		{"a day that is none", "/relais?q=69002&open=then&day=2026-02-30&time=10:00", nil, "2026-02-30"},
		{"a day in another century", "/relais?q=69002&open=then&day=2126-01-01&time=10:00", nil, "hors du calendrier"},
		{"a weight that is none", "/relais?q=69002&kg=lourd", nil, "« lourd » n'est pas un poids"},
		{"a weight beyond all", "/relais?q=69002&kg=1e9", nil, "n'est pas un poids"},
		{"a postcode with two towns names the other", "/relais?q=83300", nil, "Châteaudouble (83300)"},
		{"script in the search is text", "/relais?q=%3Cscript%3E", nil, "Nous ne trouvons pas « <script> »"},
		{"bytes that are no text", "/relais?q=%ff%00", nil, "encodez-les comme dans une URL"},
	} {
		a := w.get(row.path)
		if got := a.All(".point h3"); !slices.Equal(got, row.points) {
			t.Errorf("%s: points %q", row.law, got)
		}
		if got := folded(a.All("main")); !strings.Contains(got, folded([]string{row.says})) {
			t.Errorf("%s: %q is not said: %s", row.law, row.says, got)
		}
	}
}

func TestWhatMustBeKnownOfAPoint(t *testing.T) {
	w := open(t)
	w.feed(w.point("A", 350, week, nil), w.point("B", 0, week, func(p *relay.Point) { p.At = geo.Point{} }))
	w.Pass(48 * time.Hour)
	w.feed(w.point("A", 950, week, func(p *relay.Point) { p.Street = "8 rue Vieille" }), w.point("B", 0, week, func(p *relay.Point) { p.At = geo.Point{} }))
	said := folded(w.get("/relais?q=69002").All(".note"))
	for _, want := range []string{"A changé d'adresse (vu le mercredi 4 mars) ; avant : 3 rue Neuve, 69002 Lyon.", "Position approximative"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not in %q", want, said)
		}
	}
	w.Pass(20 * 24 * time.Hour)
	if said := folded(w.get("/relais?q=69002").All(".point")); !strings.Contains(said, "Le réseau ne l'a plus confirmé depuis le mercredi 4 mars") {
		t.Errorf("twenty days without news: %q", said)
	}
}

func TestFavouritesNeedAnOrdersLink(t *testing.T) {
	w := open(t)
	w.feed(w.point("A", 350, week, nil), w.point("B", 700, week, nil))
	w.Do(w.ID, func(tx *flow.Tx) error {
		_, err := relay.SetStore(tx, w.ID, w.point("S", 900, week, nil))
		return err
	})
	if a := w.get("/relais?q=69002"); len(a.All("form[method=post]")) != 0 || strings.Contains(a.Body, "Tabac S") {
		t.Error("without an order there are favourites, or a shop's own stores")
	}
	sale := w.Order("E-1", webtest.Sale{})
	path := "/relais/" + string(sale.Link)
	a := w.get(path)
	if got := a.All(".point h3"); !slices.Equal(got, []string{"Tabac A", "Tabac B", "Tabac S"}) {
		t.Fatalf("around the delivery, with the shop's own store: %q", got)
	}
	var second ident.Point
	w.See(func(tx *db.Tx) error {
		p, err := relay.ByCode(tx, "mondial_relay", "B")
		second = p.ID
		return err
	})
	form := url.Values{"point": {string(second)}, "keep": {"1"}, "q": {"69002"}}
	if got := webtest.Post(t, w.door(), path, form.Encode()); got.Status != 303 || !strings.HasPrefix(got.Header.Get("Location"), path+"?q=69002#pnt_") {
		t.Errorf("kept: %d to %s", got.Status, got.Header.Get("Location"))
	}
	if got := w.get(path).All(".point h3"); got[0] != "Tabac B" {
		t.Errorf("favourites come first: %q", got)
	}
	form.Set("keep", "0")
	webtest.Post(t, w.door(), path, form.Encode())
	if got := w.get(path).All(".point h3"); got[0] != "Tabac A" {
		t.Errorf("dropped: %q", got)
	}
	for law, path := range map[string]string{"a link that is none": "/relais/xyz", "a book": "/relais/" + strings.Repeat("x", 100)} {
		if got := w.get(path); got.Status != 404 {
			t.Errorf("%s: %d", law, got.Status)
		}
		if got := webtest.Post(t, w.door(), path, form.Encode()); got.Status != 404 {
			t.Errorf("%s, kept by: %d", law, got.Status)
		}
	}
	form.Set("point", "pnt_x")
	if got := webtest.Post(t, w.door(), path, form.Encode()); got.Status != 404 {
		t.Errorf("a point that is none: %d", got.Status)
	}
}

func TestTheGeocoderIsAskedSoOften(t *testing.T) {
	w := open(t)
	asked := 0
	w.find = func(_ context.Context, text string) ([]geo.Spot, error) {
		asked++
		return geo.Geocode("FR", text), errors.New("resting")
	}
	w.feed(w.point("A", 350, week, nil))
	d := w.door()
	for range burst + 5 {
		if got := webtest.Get(t, d, "/relais?q=8+rue+Neuve,+69002+Lyon").All(".point h3"); len(got) != 1 {
			t.Fatalf("points: %q", got)
		}
	}
	if asked != burst {
		t.Errorf("asked %d times, want %d", asked, burst)
	}
}
