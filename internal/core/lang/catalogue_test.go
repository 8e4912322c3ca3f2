package lang

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nicksnyder/go-i18n/v2/i18n"

	"github.com/promesse-dev/promesse/internal/core/civil"
)

// sentences is a locale's messages by key.
func sentences(loc Locale) map[string]*i18n.Message {
	byKey := map[string]*i18n.Message{}
	for _, m := range shelf().messages[loc] {
		byKey[m.ID] = m
	}
	return byKey
}

func keys(loc Locale) []string { return slices.Sorted(maps.Keys(sentences(loc))) }

// A key that two files write is read in one door's words at another.
func TestNoKeyIsWrittenTwice(t *testing.T) {
	for _, loc := range Locales() {
		seen := map[string]bool{}
		for _, m := range shelf().messages[loc] {
			if seen[m.ID] {
				t.Errorf("%s: %s stands in two files", loc, m.ID)
			}
			seen[m.ID] = true
		}
	}
}

var placeholder = regexp.MustCompile(`{{\.(\w+)}}`)

// names is the values that a sentence needs, sorted, each once.
func names(m *i18n.Message) []string {
	found := map[string]bool{}
	for _, form := range []string{m.One, m.Many, m.Other} {
		for _, match := range placeholder.FindAllStringSubmatch(form, -1) {
			found[match[1]] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}

func TestBothCataloguesHoldTheSameKeys(t *testing.T) {
	if d := cmp.Diff(keys(French), keys(English)); d != "" {
		t.Errorf("fr.toml (-) and en.toml (+) differ:\n%s", d)
	}
}

func TestBothSentencesOfAKeyNameTheSameValues(t *testing.T) {
	english := sentences(English)
	for key, fr := range sentences(French) {
		en, ok := english[key]
		if !ok {
			continue // told by the test above
		}
		if d := cmp.Diff(names(fr), names(en)); d != "" {
			t.Errorf("%s: French (-) and English (+) name other values:\n%s", key, d)
		}
	}
}

// Every plural sentence holds the forms of its language (CLDR 48, cardinals).
func TestPluralsHoldEveryForm(t *testing.T) {
	for key, fr := range sentences(French) {
		if plural := fr.One != "" || fr.Many != ""; plural && (fr.One == "" || fr.Many == "" || fr.Other == "") {
			t.Errorf("fr.toml: %s needs one, many and other", key)
		}
	}
	for key, en := range sentences(English) {
		fr := sentences(French)[key]
		if en.Many != "" || en.Other == "" || fr != nil && (fr.One == "") != (en.One == "") {
			t.Errorf("en.toml: %s needs one and other where the French is plural, else other alone", key)
		}
	}
}

func TestASentenceHoldsOnlyPlainPlaceholders(t *testing.T) {
	for _, loc := range Locales() {
		for key, m := range sentences(loc) {
			rest := placeholder.ReplaceAllString(m.One+m.Many+m.Other, "")
			if strings.Contains(rest, "{") || strings.Contains(rest, "}") {
				t.Errorf("%s.toml: %s holds more than {{.name}}: %q", loc, key, rest)
			}
		}
	}
}

func TestAFaultSaysWhatToDo(t *testing.T) {
	for _, loc := range Locales() {
		for key, m := range sentences(loc) {
			if !strings.HasPrefix(key, "fault.") {
				continue
			}
			rest := strings.ReplaceAll(m.Other, "\u00a0", " ")
			problem, cure, two := strings.Cut(rest, ":")
			if !two {
				problem, cure, two = strings.Cut(rest, ". ")
			}
			if !two || len(problem) < 10 || len(cure) < 10 || !strings.HasSuffix(rest, ".") {
				t.Errorf("%s.toml: %s does not say what is wrong, then what to do, then stop: %q", loc, key, m.Other)
			}
		}
	}
}

// Every zone that an address of ours can be in has a name.
func TestZonesOfOurAddressesAreNamed(t *testing.T) {
	for _, place := range [][2]string{
		{"FR", "75001"},
		{"BE", "1000"},
		{"DE", "10115"},
		{"FR", "97110"},
		{"FR", "97133"},
		{"FR", "97150"},
		{"FR", "97200"},
		{"FR", "97300"},
		{"FR", "97400"},
		{"FR", "97500"},
		{"FR", "97600"},
		{"FR", "98600"},
		{"FR", "98700"},
		{"FR", "98800"},
	} {
		zone := civil.ZoneOf(place[0], place[1])
		if _, ok := sentences(French)["zone."+zone]; !ok {
			t.Errorf("%v: zone %q has no name", place, zone)
		}
	}
	for key := range sentences(French) {
		if zone, ok := strings.CutPrefix(key, "zone."); ok {
			if _, err := time.LoadLocation(zone); err != nil {
				t.Errorf("%s names no zone: %v", key, err)
			}
		}
	}
}

// Sources: Code de l'environnement L229-68; Directive (EU) 2024/825. We show
// grams and a method, and never one of these.
func TestNoSentenceMakesABannedClaim(t *testing.T) {
	banned := regexp.MustCompile(`(?i)neutr|climate.?positive|éco-?responsable|eco-?friendly|zéro carbone|zero.?carbon|compens\w* carbone|carbon offset`)
	for _, loc := range Locales() {
		for key, m := range sentences(loc) {
			if claim := banned.FindString(m.One + m.Many + m.Other); claim != "" {
				t.Errorf("%s.toml: %s claims %q", loc, key, claim)
			}
		}
	}
}
