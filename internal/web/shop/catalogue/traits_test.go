package catalogue

import (
	"testing"

	"github.com/promesse-dev/promesse/internal/core/lang"
)

// What is said of articles is said of articles that are sold.
func TestTraitsAreOfArticlesThatAreSold(t *testing.T) {
	sold, shelves := map[string]bool{}, map[string]bool{}
	for _, s := range All() {
		for _, a := range s.Articles {
			sold[a.SKU], shelves[a.Category] = true, true
		}
	}
	for sku := range byArticle {
		if !sold[sku] {
			t.Errorf("nobody sells %s", sku)
		}
	}
	for sku := range parts {
		if !sold[sku] {
			t.Errorf("nobody sells %s", sku)
		}
	}
	for shelf := range byShelf {
		if !shelves[shelf] {
			t.Errorf("no shelf %s", shelf)
		}
	}
	traits := func(sku string, loc lang.Locale) Traits {
		for _, s := range All() {
			if a, ok := s.Article(sku); ok {
				return a.Traits(loc)
			}
		}
		t.Fatalf("nobody sells %s", sku)
		return Traits{}
	}
	if got := traits("BOU-101", lang.French); got.Category != "bouquets" || got.Excluded == "" || len(got.Handling) != 2 {
		t.Errorf("a bunch of flowers: %+v", got)
	}
	if fr, en := traits("CAS-210", lang.French), traits("CAS-210", lang.English); fr.Parts[0] != "l'étui" || en.Parts[0] != "the case" {
		t.Errorf("%v %v", fr.Parts, en.Parts)
	}
}
