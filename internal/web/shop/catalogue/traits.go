package catalogue

import (
	"slices"

	"github.com/promesse-dev/promesse/internal/core/lang"
)

// Traits are what an article is like beside its weight, in the API's own words:
// what decides how it may come back. A shop says them with each order.
type Traits struct {
	Category string   `json:"category,omitempty"`
	Handling []string `json:"handling,omitempty"`
	Length   int      `json:"length,omitempty"` // as packed, in millimetres
	Width    int      `json:"width,omitempty"`
	Height   int      `json:"height,omitempty"`
	Parts    []string `json:"parts,omitempty"`    // what belongs to it
	Excluded string   `json:"excluded,omitempty"` // a case of article L221-28, said on the article's page
}

// The cases of article L221-28 of the Code de la consommation that occur here.
const (
	spoils   = "L221-28 4°" // goods that deteriorate or expire rapidly
	unsealed = "L221-28 5°" // sealed for hygiene, and unsealed after delivery
)

// byShelf is what all articles of a shelf have in common.
var byShelf = map[string]Traits{
	"bouquets": {Handling: []string{"perishable", "fragile"}, Excluded: spoils},
	"plantes":  {Handling: []string{"perishable", "fragile"}, Excluded: spoils},
	"frais":    {Handling: []string{"perishable"}, Excluded: spoils},
}

// byArticle is what is said of some articles alone.
var byArticle = map[string]Traits{
	"EMB-501": {Handling: []string{"deposit"}},
	"ECO-120": {Handling: []string{"hygiene"}, Excluded: unsealed},
	"BAT-100": {Handling: []string{"dangerous"}}, // a lithium battery: UN 3480
	"ECR-270": {Handling: []string{"fragile"}, Length: 720, Width: 180, Height: 480},
	"PLA-500": {Handling: []string{"fragile"}, Length: 480, Width: 420, Height: 180},
	"CAN-300": {Handling: []string{"bulky"}, Length: 2100, Width: 950, Height: 800},
	"FAU-100": {Length: 850, Width: 800, Height: 780},
	"TAB-110": {Length: 1150, Width: 650, Height: 120},
	"BIB-180": {Handling: []string{"bulky"}, Length: 1850, Width: 420, Height: 160},
	"TAB-200": {Handling: []string{"bulky"}, Length: 2050, Width: 980, Height: 140},
	"CHA-010": {Length: 560, Width: 520, Height: 480},
	"BAN-020": {Length: 1200, Width: 400, Height: 200},
	"LIT-160": {Handling: []string{"bulky"}, Length: 2050, Width: 500, Height: 250},
	"ARM-120": {Handling: []string{"bulky"}, Length: 2050, Width: 620, Height: 300},
	"CHE-040": {Length: 560, Width: 460, Height: 420},
	"BUR-120": {Length: 1250, Width: 660, Height: 150},
	"MIR-080": {Handling: []string{"fragile"}, Length: 860, Width: 860, Height: 80},
	"TAP-230": {Length: 1700, Width: 250, Height: 250},
}

// parts are what belongs to some articles, and goes back with them.
var parts = map[string][]Words{
	"CAS-210": {{"l'étui", "the case"}, {"le câble USB-C", "the USB-C cable"}},
	"CLA-080": {{"le câble USB-C", "the USB-C cable"}},
	"LIS-070": {{"la housse", "the cover"}},
	"PLA-500": {{"le capot", "the dust cover"}, {"le bras de lecture", "the tone arm"}},
}

// Traits are those of an article in a language, with its shelf as its category.
func (a Article) Traits(loc lang.Locale) Traits {
	t, own := byShelf[a.Category], byArticle[a.SKU]
	t.Category = a.Category
	t.Handling = slices.Concat(t.Handling, own.Handling)
	for _, p := range parts[a.SKU] {
		t.Parts = append(t.Parts, p.In(loc))
	}
	t.Length, t.Width, t.Height = own.Length, own.Width, own.Height
	if own.Excluded != "" {
		t.Excluded = own.Excluded
	}
	return t
}
