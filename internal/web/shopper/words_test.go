package shopper

import (
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// Every word of the vocabulary has one for people, in both languages, and no two
// have the same.
func TestTheVocabularyIsInWords(t *testing.T) {
	for _, loc := range lang.Locales() {
		d := &lived{Reading: ui.Reading{Locale: loc}}
		mustDiffer(t, loc, fact.Statuses, d.status)
		mustDiffer(t, loc, fact.Reasons, d.reason)
		mustDiffer(t, loc, fact.Places, d.place)
		mustDiffer(t, loc, fact.Topics, d.topic)
	}
}

func mustDiffer[T ~string](t *testing.T, loc lang.Locale, all []T, say func(T) string) {
	t.Helper()
	seen := map[string]T{}
	for _, v := range all {
		words := say(v)
		if words == "" || strings.Contains(words, "[") || strings.Contains(words, "_") {
			t.Errorf("%s: %s is %q", loc, v, words)
		}
		if other, twice := seen[words]; twice {
			t.Errorf("%s: %s and %s are both %q", loc, v, other, words)
		}
		seen[words] = v
	}
}
