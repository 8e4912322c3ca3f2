package carrier

import (
	"maps"
	"slices"
	"testing"

	"github.com/promesse-dev/promesse/internal/core/geo"
)

func TestAgglomeration(t *testing.T) {
	for _, row := range []struct {
		law, country, postcode string
		name, lane             string
	}{
		{"Lyon 3e", "FR", "69003", "Métropole de Lyon", "Métropole de Lyon"},
		{"Villeurbanne, another commune of it", "FR", "69100", "Métropole de Lyon", "Métropole de Lyon"},
		{"Paris 16e has two postcodes: 75116", "FR", "75116", "Métropole du Grand Paris", "Métropole du Grand Paris"},
		{"Marseille 1er", "FR", "13001", "Métropole d'Aix-Marseille-Provence", "Métropole d'Aix-Marseille-Provence"},
		{"Blagnac shares 31700 with three villages, and has most of its people", "FR", "31700", "Toulouse Métropole", "Toulouse Métropole"},
		{"Saint-Symphorien-d'Ozon: one commune in ten of 69360 is in the métropole", "FR", "69360", "", "FR-69"},
		{"Felletin, Creuse", "FR", "23500", "", "FR-23"},
		{"Perpignan is a communauté urbaine, no métropole", "FR", "66000", "", "FR-66"},
		{"Ajaccio", "FR", "20000", "", "FR-2A"},
		{"Saint-Denis de La Réunion", "FR", "97400", "", "FR-974"},
		{"Monaco", "MC", "98000", "", "MC"},
		{"Brussels: no list for Belgium", "BE", "1000", "", "BE"},
		{"10115 is Berlin in Germany", "DE", "10115", "", "DE"},
	} {
		to, err := geo.NewPlace(row.country, row.postcode)
		if err != nil {
			t.Fatal(err)
		}
		if name, ok := Agglomeration(to); name != row.name || ok != (row.name != "") {
			t.Errorf("%s: agglomeration %q, %v", row.law, name, ok)
		}
		if lane := LaneZone(to); lane != row.lane {
			t.Errorf("%s: lane %q, want %q", row.law, lane, row.lane)
		}
	}
}

// There are 22 métropoles: 19 by Code général des collectivités territoriales
// L5217-1, those of Lyon, Paris and Marseille by laws of their own.
func TestAgglomerationsFile(t *testing.T) {
	names := map[string]bool{}
	for postcode, name := range agglomerations() {
		p, err := geo.NewPlace("FR", postcode)
		if err != nil || p.Postcode != postcode || p.Zone() != geo.France {
			t.Errorf("%q is no postcode of the mainland: %v", postcode, err)
		}
		names[name] = true
	}
	if len(names) != 22 || names[""] {
		t.Errorf("%d métropoles: %q", len(names), slices.Sorted(maps.Keys(names)))
	}
	if n := len(agglomerations()); n < 600 || n > 800 {
		t.Errorf("%d postcodes", n)
	}
}
