package demo

import (
	"io"
	"math"
	"net/http"
	"strings"
	"testing"
)

// The study: 93 of 100 want a confirmation, 83 look twice or more, 21 three times
// or more.
func TestShoppersLookAsTheStudySays(t *testing.T) {
	w, s := &World{opt: Options{Seed: 4}}, theShop(grocer)
	const many = 20_000
	var opens, twice, thrice float64
	for n := range many {
		i := draw(w.dice(s, "interest", n), interests)
		opens += share01(i.opens)
		twice += share01(i.looks >= 2)
		thrice += share01(i.looks >= 3)
	}
	for _, c := range []struct {
		what      string
		got, want float64
	}{{"open the confirmation", opens, 0.93}, {"look twice or more", twice, 0.83}, {"look three times or more", thrice, 0.21}} {
		if got := c.got / many; math.Abs(got-c.want) > 0.01 {
			t.Errorf("%.3f %s, want %.2f", got, c.what, c.want)
		}
	}
}

func share01(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

func TestTheWayToThePageStandsInTheLetter(t *testing.T) {
	var b Inbox
	b.Receive("camille@example.com", "Commande EB-000012 confirmée\nhttps://suivi.example/p/AbCdEfGhIjKlMnOpQrStU_ merci")
	b.Receive("camille@example.com", "Commande EB-000012 expédiée\nhttps://suivi.example/p/another-link-of-it-000")
	b.Receive("camille@example.com", "Des nouvelles sans commande")
	for _, c := range []struct{ to, order, want string }{
		{"camille@example.com", "EB-000012", "AbCdEfGhIjKlMnOpQrStU_"},
		{"camille@example.com", "EB-000013", ""},
		{"somebody@example.com", "EB-000012", ""},
	} {
		if got, ok := b.link(c.to, c.order); got != c.want || ok != (c.want != "") {
			t.Errorf("%s finds %q for %s", c.to, got, c.order)
		}
	}
}

func TestAnInboxForgetsTheOldest(t *testing.T) {
	var b Inbox
	page := "/p/AbCdEfGhIjKlMnOpQrStUv"
	b.Receive("first@example.com", "EB-000001 "+page)
	for n := range keeps {
		b.Receive("other@example.com", (&shop{trade: tradeOf(grocer)}).reference(n+2)+" "+page)
	}
	if _, ok := b.link("first@example.com", "EB-000001"); ok || len(b.links) != keeps {
		t.Errorf("%d letters are kept, the first of them: %v", len(b.links), ok)
	}
}

// Carriers answer at their desks, each after its own kind; the honest one knows.
func TestCarriersAnswerQuestions(t *testing.T) {
	w, _ := watched(t, memory())
	s := w.inOrder()[0]
	p := planner{shop: s}
	c := call{due: forEver, scans: []scan{{at: at(t, "2026-03-05 14:00"), status: "delivered"}}}
	p.scan("7/0", c, express.slug, s.number(express, 7))
	if err := w.write(t.Context(), nil, p.entries); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name, host, number string
		status             int
		want               string
	}{
		{"a parcel that will come", "colis-express.example", s.number(express, 7), 200, "prévue jeudi 5 mars."},
		{"one that is lost", "colis-express.example", s.number(express, 8), 200, "perdu la trace"},
		{"a number nobody gave", "colis-express.example", "ZZ1", 200, "ne connaissons pas ce numéro"},
		{"the one who promises more than it keeps", "flash-24.example", "FLXX", 200, "demain"},
		{"the one who never knows", "roulage-du-centre.example", "RCXX", 200, "sans autre précision"},
		{"a host that is none of this world", "example.com", "CX1", 404, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			r, err := http.NewRequest(http.MethodPost, "https://"+row.host+"/questions", strings.NewReader(`{"tracking_number":"`+row.number+`"}`))
			if err != nil {
				t.Fatal(err)
			}
			res, err := w.Outside().RoundTrip(r)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(res.Body)
			if err != nil || res.StatusCode != row.status || !strings.Contains(string(body), row.want) {
				t.Errorf("%d %s, %v", res.StatusCode, body, err)
			}
		})
	}
}
