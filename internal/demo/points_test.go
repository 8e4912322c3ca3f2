package demo

import (
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/relay"
)

// The networks are invented, and plausible: every point passes the check of a
// list that is brought in, and stands in its town.
func TestTheNetworksArePlausible(t *testing.T) {
	seen := map[string]bool{}
	count := map[string]int{}
	for _, n := range networks {
		for _, p := range n.listed(civil.Date(2026, 11, 2)) {
			p.Network = n.adapter
			if seen[n.slug+p.Code] {
				t.Errorf("%s %s twice", n.slug, p.Code)
			}
			seen[n.slug+p.Code] = true
			checked, err := relay.Check("point", p)
			if err != nil {
				t.Fatalf("%+v: %v", p, err)
			}
			town, _, _ := geo.Postcode(p.Country, p.Postcode)
			if far := checked.At.Metres(town); far > 3000 {
				t.Errorf("%s stands %.0f m from %s", p.Name, far, p.City)
			}
			count[n.slug]++
			count[string(p.Kind)]++
			count["position "+string(checked.Located)]++
			if strings.Contains(p.Hours.String(), "2026-11-04..") {
				count["on holiday"]++
			}
		}
	}
	for what, least := range map[string]int{
		relais.slug: 200, poste.slug: 80, string(relay.Locker): 40, string(relay.Shop): 150, string(relay.PostOffice): 80,
		"position exact": 200, "position commune": 20, "on holiday": 5,
	} {
		if count[what] < least {
			t.Errorf("%d of %s, want %d at least", count[what], what, least)
		}
	}
}

// A network's own servers know the points that were brought in from it: a label
// names one by its number.
func TestTheServersKnowThePoints(t *testing.T) {
	if got, want := len(relays()), len(relaisPoints()); got != want {
		t.Errorf("%d relays, want %d", got, want)
	}
	if got, want := len(offices()), len(postePoints()); got != want {
		t.Errorf("%d offices, want %d", got, want)
	}
	for _, p := range relays() {
		if len(p.Number) != 6 {
			t.Errorf("%s: the network's numbers have six figures", p.Number)
		}
	}
}
