package catalogue

import (
	"testing"

	"github.com/promesse-dev/promesse/internal/core/lang"
)

// What is said of articles is said of articles that are sold, and a code with a
// size is known by its article.
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
	if got := TraitsOf("BOU-101", lang.French); got.Category != "bouquets" || got.Excluded == "" || len(got.Handling) != 2 {
		t.Errorf("a bunch of flowers: %+v", got)
	}
	if got := TraitsOf("PUL-101.M", lang.French); got.Category != "hauts" {
		t.Errorf("a size of a pullover: %+v", got)
	}
	if fr, en := TraitsOf("CAS-210", lang.French), TraitsOf("CAS-210", lang.English); fr.Parts[0] != "l'étui" || en.Parts[0] != "the case" {
		t.Errorf("%v %v", fr.Parts, en.Parts)
	}
}
