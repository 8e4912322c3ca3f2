package lookup

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/tracking"
	"github.com/promesse-dev/promesse/internal/web/ui"
	"github.com/promesse-dev/promesse/internal/web/webtest"
)

// street is a page that people look parcels up on, and a shop whose parcels they are.
type street struct {
	*webtest.Shop
	t    *testing.T
	door *ui.Door
	log  *bytes.Buffer
}

func open(t *testing.T) street {
	t.Helper()
	s := street{webtest.Open(t), t, nil, &bytes.Buffer{}}
	var err error
	s.door, err = New(Config{Flow: s.Flow, Base: "https://suivi.example", Log: slog.New(slog.NewTextHandler(s.log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// no is a number that no other test's parcel has: on PostgreSQL they share a database.
func (s street) no(number string) string { return string(s.ID)[len(s.ID)-8:] + number }

// sells has a parcel on its way to Lyon 3e.
func (s street) sells(reference, number string) ident.Order {
	s.t.Helper()
	p := s.Order(reference, webtest.Sale{})
	s.Parcel(p.Order.ID, s.no(number))
	return p.Order.ID
}

// scan reports an event of now.
func (s street) scan(number string, status fact.Status, more ...func(*carrier.Report)) {
	s.t.Helper()
	s.Scan(s.no(number), status, more...)
}

// answer is what a caller at an address is told.
type answer struct {
	webtest.Answer
}

func (a answer) milestone() string {
	if all := a.All(".promise"); len(all) == 1 {
		return all[0]
	}
	return ""
}

func (s street) asks(from, number, postcode string, more ...string) answer {
	s.t.Helper()
	form := url.Values{"number": {s.no(number)}, "postcode": {postcode}}
	for i := 0; i+1 < len(more); i += 2 {
		form.Set(more[i], more[i+1])
	}
	return answer{webtest.Post(s.t, at(s.door, from), "/suivi", form.Encode())}
}

// at is a door as reached from an address.
func at(door http.Handler, from string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.RemoteAddr = from
		door.ServeHTTP(w, r)
	})
}

const home = "192.0.2.7:4711"

func TestANumberAndAPostcodeTellTheMilestoneAndItsDay(t *testing.T) {
	for _, c := range []struct {
		law  string
		live func(s street)
		want string
	}{
		{"announced", func(street) {}, "Annoncé au transporteur lundi 2 mars"},
		{"on its way", func(s street) { s.scan("SIM-1", fact.PickedUp) }, "En chemin lundi 2 mars"},
		{"on its way, and held", func(s street) {
			s.scan("SIM-1", fact.PickedUp)
			s.At("2026-03-04 10:00")
			s.scan("SIM-1", fact.Exception, func(r *carrier.Report) { r.Reason = fact.ReasonStrike })
		}, "En chemin lundi 2 mars"},
		{"out for delivery", func(s street) {
			s.At("2026-03-03 08:00")
			s.scan("SIM-1", fact.OutForDelivery)
		}, "En cours de livraison mardi 3 mars"},
		{"to be collected", func(s street) {
			s.At("2026-03-03 08:00")
			s.scan("SIM-1", fact.ReadyForPickup)
		}, "Prêt à retirer mardi 3 mars"},
		{"delivered, at a neighbour's, which is nobody's affair", func(s street) {
			s.At("2026-03-03 14:12")
			s.scan("SIM-1", fact.Delivered, func(r *carrier.Report) { r.Place, r.Where, r.Label = fact.Neighbour, "Lyon 3e", "Mme Michu" })
		}, "Livré mardi 3 mars"},
		{"lost", func(s street) {
			s.At("2026-03-03 08:00")
			s.scan("SIM-1", fact.Lost)
		}, "N'arrivera pas mardi 3 mars"},
		{"going back", func(s street) {
			s.At("2026-03-03 08:00")
			s.scan("SIM-1", fact.Returning)
		}, "Repart vers l'expéditeur mardi 3 mars"},
	} {
		t.Run(c.law, func(t *testing.T) {
			s := open(t)
			s.sells("E-1", "SIM-1")
			c.live(s)
			a := s.asks(home, "-sim 1 ", "69 003")
			if got := a.milestone(); a.Status != 200 || got != c.want {
				t.Errorf("%d %q, want %q", a.Status, got, c.want)
			}
			seen := a.One("main")
			for _, secret := range []string{"Camille", "Durand", "Lilas", "Lyon", "Épicerie", "Bellecour", "Colis Express", "E-1", "Huile", "voisin", "Michu", "Promis", "3 mars à", "14:12", "5,90"} {
				if strings.Contains(a.Body, secret) {
					t.Errorf("the page tells %q: %s", secret, seen)
				}
			}
		})
	}
}

func TestTheLegsNumberLeadsToTheParcelToo(t *testing.T) {
	s := open(t)
	id := s.sells("E-1", "SIM-1")
	s.Do(s.ID, func(tx *flow.Tx) error {
		parcels, err := order.Parcels(tx.Tx, s.ID, []ident.Order{id})
		if err != nil {
			return err
		}
		return tracking.AddLeg(tx, s.ID, parcels[id][0].ID, s.Carrier, s.no("LEG-2"))
	})
	if got := s.asks(home, "LEG-2", "69003").milestone(); got == "" {
		t.Error("the second number leads nowhere")
	}
}

// Whatever does not match gets one answer, byte for byte, but for what was typed.
func TestWhatDoesNotMatchGetsOneAnswer(t *testing.T) {
	s := open(t)
	s.sells("E-1", "SIM-1")
	s.sells("E-2", "SIM-2")
	other := s.Another("Fleuriste")
	for i := range 5 {
		s.asks(fmt.Sprintf("198.51.%d.9:1", i), "SIM-2", "75001")
	}
	bodies := map[string][]string{}
	for law, ask := range map[string]func() answer{
		"an unknown number":            func() answer { return s.asks(home, "SIM-9", "69003") },
		"another postcode":             func() answer { return s.asks(home, "SIM-1", "69004") },
		"another shop's page":          func() answer { return s.asks(home, "SIM-1", "69003", "shop", string(other.ID)) },
		"a parcel tried five times":    func() answer { return s.asks(home, "SIM-2", "69003") },
		"no postcode of that country":  func() answer { return s.asks(home, "SIM-1", "SW1A 1AA") },
		"a number of a thousand emoji": func() answer { return s.asks(home, strings.Repeat("📦", 1000), "69003") },
		"a number that is a statement": func() answer { return s.asks(home, "' or 1=1 --", "69003") },
		"a wildcard for a postcode":    func() answer { return s.asks(home, "SIM-1", "%") },
	} {
		a := ask()
		if a.Status != 404 || a.milestone() != "" {
			t.Errorf("%s: %d %q", law, a.Status, a.milestone())
		}
		if len(a.Attributes("input", "value")) < 2 {
			t.Fatalf("%s: %s", law, a.Body)
		}
		body := a.Body
		for _, typed := range a.Attributes("input", "value") {
			if typed != "" {
				body = strings.ReplaceAll(body, `value="`+htmlOf(typed)+`"`, `value=""`)
			}
		}
		body = strings.ReplaceAll(body, `<input type="hidden" name="shop" value=""> `, "")
		bodies[body] = append(bodies[body], law)
	}
	if len(bodies) != 1 {
		t.Errorf("%d answers: %q", len(bodies), slices.Collect(func(yield func([]string) bool) {
			for _, laws := range bodies {
				yield(laws)
			}
		}))
	}
}

func htmlOf(text string) string {
	return strings.NewReplacer("&", "&amp;", "'", "&#39;", "<", "&lt;", ">", "&gt;", `"`, "&#34;").Replace(text)
}

func TestWhatIsLeftEmptyIsAskedForAndCostsNoTry(t *testing.T) {
	s := open(t)
	s.sells("E-1", "SIM-1")
	for range 30 {
		a := webtest.Post(t, at(s.door, home), "/suivi", "number=&postcode=+")
		if to := a.Attributes(".errors a", "href"); a.Status != 422 || !slices.Equal(to, []string{"#number", "#postcode"}) {
			t.Fatalf("%d, the errors lead to %q", a.Status, to)
		}
	}
	if got := s.asks(home, "SIM-1", "69003"); got.Status != 200 {
		t.Errorf("%d", got.Status)
	}
}

// Five wrong postcodes for one parcel, from wherever, and it is shut for the day:
// also to who knows the right one, who has a link.
func TestAParcelIsTriedFiveTimesADay(t *testing.T) {
	s := open(t)
	s.sells("E-1", "SIM-1")
	for i := range 4 {
		s.asks(fmt.Sprintf("198.51.%d.9:1", i), "SIM-1", "75001")
	}
	if got := s.asks(home, "SIM-1", "69003"); got.Status != 200 {
		t.Errorf("after four: %d", got.Status)
	}
	s.asks("203.0.113.1:1", "SIM-1", "75001")
	if got := s.asks(home, "SIM-1", "69003"); got.Status != 404 {
		t.Errorf("after five: %d", got.Status)
	}
	s.Pass(24*time.Hour - time.Second)
	if got := s.asks(home, "SIM-1", "69003"); got.Status != 404 {
		t.Errorf("a second before the day is over: %d", got.Status)
	}
	s.Pass(time.Second)
	if got := s.asks(home, "SIM-1", "69003"); got.Status != 200 {
		t.Errorf("a day later: %d", got.Status)
	}
}

func TestANetworkMayFailTwentyTimesAnHour(t *testing.T) {
	for _, c := range []struct{ law, address, neighbour, stranger string }{
		{"IPv4, by /24", "192.0.2.%d:1", "192.0.2.250:1", "192.0.3.1:1"},
		{"IPv6, by /56", "[2001:db8:1:2%02d::1]:1", "[2001:db8:1:2ff::9]:1", "[2001:db8:1:300::1]:1"},
	} {
		t.Run(c.law, func(t *testing.T) {
			s := open(t)
			s.sells("E-1", "SIM-1")
			for i := range 20 {
				if got := s.asks(fmt.Sprintf(c.address, i), fmt.Sprint("X-", i), "69003"); got.Status != 404 {
					t.Fatalf("try %d: %d", i+1, got.Status)
				}
				s.Pass(time.Minute)
			}
			a := s.asks(c.neighbour, "SIM-1", "69003")
			if a.Status != 429 || !strings.Contains(a.One("main"), "attendez 40 minutes") {
				t.Errorf("the neighbour: %d %s", a.Status, a.One("main"))
			}
			if got := s.asks(c.stranger, "SIM-1", "69003"); got.Status != 200 {
				t.Errorf("a stranger: %d", got.Status)
			}
			s.Pass(40 * time.Minute)
			if got := s.asks(c.neighbour, "SIM-1", "69003"); got.Status != 200 {
				t.Errorf("an hour after the first: %d", got.Status)
			}
		})
	}
}

// Who finds what they look for is not counted.
func TestWhoIsRightIsNotHeldUp(t *testing.T) {
	s := open(t)
	s.sells("E-1", "SIM-1")
	for range 100 {
		if got := s.asks(home, "SIM-1", "69003"); got.Status != 200 {
			t.Fatalf("%d", got.Status)
		}
	}
}

func TestAParcelIsNobodysAffairAfterAWhile(t *testing.T) {
	s := open(t)
	s.sells("E-1", "SIM-1")
	s.scan("SIM-1", fact.Delivered)
	s.Pass(90*24*time.Hour - time.Second)
	if got := s.asks(home, "SIM-1", "69003"); got.Status != 200 {
		t.Errorf("before: %d", got.Status)
	}
	s.Pass(time.Second)
	if got := s.asks(home, "SIM-1", "69003"); got.Status != 404 {
		t.Errorf("after: %d", got.Status)
	}
}

func TestTheFormIsThere(t *testing.T) {
	s := open(t)
	a := webtest.Get(t, s.door, "/suivi?shop="+string(s.ID), "Accept-Language", "en")
	if a.Status != 200 || a.One("h1") != "Where is my parcel?" || len(a.All("label")) != 2 || a.One("button") != "See where it is" {
		t.Errorf("%d %s", a.Status, a.One("body"))
	}
	if got := a.Attributes("input", "value"); got[2] != string(s.ID) {
		t.Errorf("the shop is lost: %q", got)
	}
	if a.Header.Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("%v", a.Header)
	}
	out := httptest.NewRecorder()
	s.door.ServeHTTP(out, httptest.NewRequest(http.MethodGet, "/suivi?number=SIM-1&postcode=69003", nil))
	if strings.Contains(out.Body.String(), "SIM-1") {
		t.Error("what stands in an address, and so in logs, is looked up")
	}
}
