package geocoder

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/platform/egress"
)

// service stands in for the geocoder: it speaks its wire format, typed from its
// documentation, and counts what it is asked.
type service struct {
	status int
	body   string
	err    error
	hangs  bool
	asked  []string
}

func (s *service) RoundTrip(r *http.Request) (*http.Response, error) {
	s.asked = append(s.asked, r.URL.Query().Get("q"))
	if s.hangs {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	if s.err != nil {
		return nil, s.err
	}
	return &http.Response{StatusCode: s.status, Body: io.NopCloser(strings.NewReader(s.body)), Header: http.Header{}}, nil
}

// one is an answer with one feature.
func one(label, kind string, score, lon, lat float64) string {
	return fmt.Sprintf(`{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[%v,%v]},
		"properties":{"label":%q,"score":%v,"housenumber":"8","id":"75102_6998_00008","name":"8 Boulevard du Port","postcode":"80000",
		"citycode":"80021","x":648952.58,"y":6977867.14,"city":"Amiens","context":"80, Somme, Hauts-de-France","type":%q,"importance":0.67,"street":"Boulevard du Port"}}],"query":"q"}`,
		lon, lat, label, score, kind)
}

func finder(s *service, now *civil.Instant) *Finder {
	wall := func() civil.Instant { return *now }
	return New(egress.New(egress.Options{Wall: wall, Transport: s}), "https://geocoder.example/search", wall)
}

func TestFind(t *testing.T) {
	amiens := one("8 Boulevard du Port 80000 Amiens", "housenumber", 0.96, 2.290084, 49.897442)
	for _, row := range []struct {
		law, text     string
		s             service
		label         string
		precision     geo.Precision
		asked, failed bool
	}{
		{law: "an address", text: "8 bd du Port, Amiens", s: service{status: 200, body: amiens}, label: "8 Boulevard du Port 80000 Amiens", precision: geo.AtAddress, asked: true},
		{law: "a street", text: "boulevard du Port 80000 Amiens", s: service{status: 200, body: one("Boulevard du Port", "street", 0.8, 2.29, 49.89)}, label: "Boulevard du Port", precision: geo.InStreet, asked: true},
		{law: "a postcode is nobody's business", text: "80000", s: service{status: 200, body: amiens}, label: "Amiens (80000)", precision: geo.Nearby},
		{law: "nor is a town", text: "Concarneau", s: service{status: 200, body: amiens}, label: "Concarneau (29900)", precision: geo.InCommune},
		{law: "nor both", text: "29900 Concarneau", s: service{status: 200, body: amiens}, label: "Concarneau (29900)", precision: geo.InCommune},
		{law: "a guess is left out: the town counts", text: "3 quai du Port, Concarneau", s: service{status: 200, body: one("Quai", "street", 0.3, 2, 48)}, label: "Concarneau (29900)", precision: geo.InCommune, asked: true},
		{law: "nothing found", text: "3 quai du Port, Concarneau", s: service{status: 200, body: `{"type":"FeatureCollection","features":[]}`}, label: "Concarneau (29900)", precision: geo.InCommune, asked: true},
		{law: "a position that can not be", text: "3 quai du Port, Concarneau", s: service{status: 200, body: one("Quai", "street", 0.9, 48, 200)}, label: "Concarneau (29900)", precision: geo.InCommune, asked: true},
		{law: "a type we do not know", text: "3 quai du Port, Concarneau", s: service{status: 200, body: one("Quai", "poi", 0.9, 2, 48)}, label: "Concarneau (29900)", precision: geo.InCommune, asked: true},
		{law: "out of order", text: "3 quai du Port, Concarneau", s: service{status: 503}, label: "Concarneau (29900)", precision: geo.InCommune, asked: true, failed: true},
		{law: "too many questions", text: "3 quai du Port, Concarneau", s: service{status: 429}, label: "Concarneau (29900)", precision: geo.InCommune, asked: true, failed: true},
		{law: "no JSON", text: "3 quai du Port, Concarneau", s: service{status: 200, body: "<html>"}, label: "Concarneau (29900)", precision: geo.InCommune, asked: true, failed: true},
		{law: "no network", text: "3 quai du Port, Concarneau", s: service{err: errors.New("no route")}, label: "Concarneau (29900)", precision: geo.InCommune, asked: true, failed: true},
	} {
		now := civil.At(time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC))
		spots, err := finder(&row.s, &now).Find(t.Context(), row.text)
		if len(spots) == 0 || spots[0].Label != row.label || spots[0].Precision != row.precision {
			t.Errorf("%s: got %+v", row.law, spots)
		}
		if (err != nil) != row.failed || (len(row.s.asked) > 0) != row.asked {
			t.Errorf("%s: asked %q, %v", row.law, row.s.asked, err)
		}
		if err != nil && strings.Contains(err.Error(), "Concarneau") {
			t.Errorf("%s: the log would hold where somebody lives: %v", row.law, err)
		}
	}
}

func TestTheServiceIsNotWaitedFor(t *testing.T) {
	s, now := &service{hangs: true}, civil.Instant(1)
	f := finder(s, &now)
	f.wait = time.Millisecond
	spots, err := f.Find(t.Context(), "3 quai du Port, 29900 Concarneau")
	if err == nil || len(spots) != 1 || spots[0].City != "Concarneau" {
		t.Errorf("%v, %v", spots, err)
	}
}

func TestAnswersAreKeptForADay(t *testing.T) {
	s, now := &service{status: 200, body: one("8 Boulevard du Port", "housenumber", 0.9, 2.29, 49.89)}, civil.Instant(1)
	f := finder(s, &now)
	for _, row := range []struct {
		law, text string
		later     time.Duration
		asked     int
	}{
		{"at first", "8 bd du Port Amiens", 0, 1},
		{"again", "8 bd du Port Amiens", 0, 1},
		{"written otherwise", "8 BD du port,  Amiéns", 0, 1},
		{"another address", "9 bd du Port Amiens", 0, 2},
		{"the next day", "8 bd du Port Amiens", 25 * time.Hour, 3},
	} {
		now = now.Add(row.later)
		if _, err := f.Find(t.Context(), row.text); err != nil || len(s.asked) != row.asked {
			t.Errorf("%s: asked %d times, %v", row.law, len(s.asked), err)
		}
	}
	for i := range kept + 10 {
		f.keep(fmt.Sprint(i), nil)
	}
	if len(f.answers) > kept {
		t.Errorf("%d answers are kept", len(f.answers))
	}
}

func TestNobodyIsAskedWhereNobodyWasNamed(t *testing.T) {
	s, now := &service{status: 200}, civil.Instant(1)
	f := finder(s, &now)
	f.url = ""
	if spots, err := f.Find(t.Context(), "3 quai du Port, Concarneau"); err != nil || len(spots) != 1 || len(s.asked) != 0 {
		t.Errorf("%v, %v, asked %q", spots, err, s.asked)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(one("8 Boulevard du Port", "housenumber", 0.9, 2.29, 49.89))
	f.Add(`{"features":[{"geometry":{"coordinates":[1e300,"x"]}}]}`)
	f.Add("")
	f.Fuzz(func(t *testing.T, body string) {
		spots, _ := parse([]byte(body))
		for _, s := range spots {
			if s.Label == "" || s.Precision == "" || s.Lat < -90 || s.Lat > 90 {
				t.Fatalf("%q is %+v", body, s)
			}
		}
	})
}
