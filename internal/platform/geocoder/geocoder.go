// Package geocoder finds where an address is, by asking the geocoder of the
// Géoplateforme (Base Adresse Nationale), and by what is known here when that
// one is not asked, does not answer in time or knows nothing better.
//
// What people type is where they live, so it leaves the installation only when
// its operator named a geocoder, and only when a town's name or a postcode is not
// all there is in it. Answers are kept in memory, so many, for a day; nothing is
// stored and no text is logged.
//
// The service is asked through egress, with a time limit of its own: a page waits
// for it no longer than a reader would. Nothing that must be right hangs on it.
package geocoder

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/platform/egress"
)

// Geoplateforme is the public service. Source: the address and the form of its
// answers are those of "API Géocodage", https://geoservices.ign.fr, as known in
// 2025 and not checked against the running service: both can be set.
const Geoplateforme = "https://data.geopf.fr/geocodage/search"

// The bounds.
const (
	wait    = 1500 * time.Millisecond
	keep    = 24 * time.Hour // an answer
	kept    = 2000           // answers
	most    = 5              // places in one
	longest = 200            // bytes of a text; the service takes 200 characters
	// Below it the service guesses. Source: its documentation, "score" from 0 to 1.
	leastScore = 0.5
)

// Finder finds addresses. It is safe for concurrent use.
type Finder struct {
	out  *egress.Client
	url  string
	wall func() civil.Instant
	wait time.Duration

	mu      sync.Mutex
	answers map[string]answer
}

type answer struct {
	spots []geo.Spot
	at    civil.Instant
}

// New makes a finder over a geocoder's address; where that is empty, nobody is
// asked. wall is machine time.
func New(out *egress.Client, url string, wall func() civil.Instant) *Finder {
	return &Finder{out: out, url: url, wall: wall, wait: wait, answers: map[string]answer{}}
}

// Find is where a French address is, the likeliest first. It never fails: what
// can not be asked is answered from the postcode or the town in the text. The
// error says why the service was of no help, for the log; nil also when it was
// not asked.
func (f *Finder) Find(ctx context.Context, text string) ([]geo.Spot, error) {
	text = strings.Join(strings.Fields(text), " ")
	offline := geo.Geocode("FR", text)
	if f.url == "" || len(text) > longest || !moreThanATown(text, offline) {
		return offline, nil
	}
	key := geo.Fold(text)
	if spots, ok := f.known(key); ok {
		return or(spots, offline), nil
	}
	spots, err := f.ask(ctx, text)
	if err != nil {
		return offline, err
	}
	f.keep(key, spots)
	return or(spots, offline), nil
}

func or(spots, otherwise []geo.Spot) []geo.Spot {
	if len(spots) > 0 {
		return spots
	}
	return otherwise
}

// moreThanATown reports whether a text says more than the town found in it.
func moreThanATown(text string, found []geo.Spot) bool {
	words := " " + geo.Fold(text) + " "
	if strings.TrimSpace(words) == "" {
		return false
	}
	if len(found) == 0 {
		return strings.ContainsAny(text, " 0123456789") // one word that is no town is no address either
	}
	words = strings.Replace(words, " "+found[0].Postcode+" ", " ", 1)
	words = strings.Replace(words, " "+geo.Fold(found[0].City)+" ", " ", 1)
	return strings.ContainsAny(words, "abcdefghijklmnopqrstuvwxyz") && strings.Contains(strings.TrimSpace(words), " ")
}

func (f *Finder) known(key string) ([]geo.Spot, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	a, ok := f.answers[key]
	return a.spots, ok && f.wall().Sub(a.at) < keep
}

// keep remembers an answer. When there are too many, all are forgotten: they
// come back by themselves.
func (f *Finder) keep(key string, spots []geo.Spot) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.answers) >= kept {
		clear(f.answers)
	}
	f.answers[key] = answer{spots, f.wall()}
}

func (f *Finder) ask(ctx context.Context, text string) ([]geo.Spot, error) {
	ctx, cancel := context.WithTimeout(ctx, f.wait)
	defer cancel()
	query := url.Values{"q": {text}, "limit": {fmt.Sprint(most)}, "index": {"address"}}
	a, err := f.out.Do(ctx, egress.Call{
		To: "geocoder", Method: http.MethodGet, URL: f.url + "?" + query.Encode(), Header: map[string]string{"Accept": "application/json"},
	})
	switch {
	case err != nil:
		var u *url.Error
		if errors.As(err, &u) {
			err = u.Err // its text holds the address that was asked for
		}
		return nil, fmt.Errorf("geocoder: %w", err)
	case a.Status != http.StatusOK:
		return nil, fmt.Errorf("geocoder: status %d", a.Status)
	}
	return parse(a.Body)
}

// collection is an answer of the service, as far as it is read. Source: GeoJSON
// (RFC 7946) with the properties of the addok geocoder.
type collection struct {
	Features []struct {
		Geometry struct {
			Coordinates []float64 `json:"coordinates"`
		} `json:"geometry"`
		Properties struct {
			Label    string  `json:"label"`
			Score    float64 `json:"score"`
			Type     string  `json:"type"`
			Postcode string  `json:"postcode"`
			Citycode string  `json:"citycode"`
			City     string  `json:"city"`
		} `json:"properties"`
	} `json:"features"`
}

// precisions are those of the service's types.
var precisions = map[string]geo.Precision{
	"housenumber": geo.AtAddress, "street": geo.InStreet, "locality": geo.InStreet, "municipality": geo.InCommune,
}

// parse reads an answer, and leaves out what is no place or a guess.
func parse(body []byte) ([]geo.Spot, error) {
	var c collection
	if err := json.Unmarshal(body, &c); err != nil {
		return nil, fmt.Errorf("geocoder: %w", err)
	}
	var spots []geo.Spot
	for _, f := range c.Features {
		p, at := f.Properties, f.Geometry.Coordinates
		precision, known := precisions[p.Type]
		if !known || p.Label == "" || p.Score < leastScore || len(at) < 2 || len(spots) == most {
			continue
		}
		point := geo.Point{Lat: at[1], Lon: at[0]}
		if point.Lat < -90 || point.Lat > 90 || point.Lon < -180 || point.Lon > 180 {
			continue
		}
		spots = append(spots, geo.Spot{Point: point, Label: p.Label, City: p.City, Code: p.Citycode, Postcode: p.Postcode, Precision: precision})
	}
	return spots, nil
}
