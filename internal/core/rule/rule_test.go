package rule_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/rule"
)

var language = rule.NewLanguage(map[string]rule.Kind{"grams": rule.Number, "traits": rule.Texts, "tier": rule.Text, "defect": rule.Truth})

func values() map[string]any {
	return map[string]any{"grams": int64(30001), "traits": []string{"bulky"}, "tier": "gold", "defect": false}
}

func TestARuleIsAskedOverItsNames(t *testing.T) {
	r, err := language.Compile(`{"days": tier == "gold" ? 60 : 30, "why": grams > 30000 ? "too_heavy" : "", "no": defect,
		"words": traits, "routes": [{"route": "relay"}, {"route": "post"}]}`)
	if err != nil {
		t.Fatal(err)
	}
	a, err := r.Ask(values(), "days", "why", "no", "words", "routes")
	if err != nil {
		t.Fatal(err)
	}
	var routes []string
	for _, m := range a.Maps("routes", "route") {
		routes = append(routes, m.Text("route"))
	}
	if a.Number("days", 0, 365) != 60 || a.Text("why") != "too_heavy" || a.Truth("no") ||
		!slices.Equal(a.Texts("words"), []string{"bulky"}) || !slices.Equal(routes, []string{"relay", "post"}) || a.Err() != nil {
		t.Errorf("read %v, %v", routes, a.Err())
	}
}

func TestWhatIsNoRule(t *testing.T) {
	for law, source := range map[string]string{
		"no expression at all":      `{`,
		"a name nobody declared":    `{"days": price}`,
		"a text where a number is":  `{"days": grams + "x"}`,
		"a text of twenty kibibyte": `"` + strings.Repeat("a", 20<<10) + `"`,
	} {
		if _, err := language.Compile(source); !fault.Is(err, "policy_invalid") {
			t.Errorf("%s: %v", law, err)
		}
	}
}

func TestWhatIsNoAnswer(t *testing.T) {
	for law, row := range map[string]struct{ source, says string }{
		"a number":                  {`1`, "a map is needed"},
		"a misspelt name":           {`{"dayz": 1}`, "unknown name"},
		"a field that is missing":   {`{}`, "whole number"},
		"a number beyond its bound": {`{"days": 4000}`, "from 0 to 3650"},
		"a number of steps too many": {
			`{"days": [1,2,3,4,5,6,7,8,9].map(a, [1,2,3,4,5,6,7,8,9].map(b, [1,2,3,4,5,6,7,8,9].map(c, [1,2,3,4,5,6,7,8,9].map(d, d)))).size()}`,
			"cost limit",
		},
	} {
		r, err := language.Compile(row.source)
		if err != nil {
			t.Errorf("%s: %v", law, err)
			continue
		}
		a, err := r.Ask(values(), "days")
		if err == nil {
			a.Number("days", 0, 3650)
			err = a.Err()
		}
		if err == nil || !strings.Contains(err.Error(), row.says) {
			t.Errorf("%s: %v", law, err)
		}
	}
}

func TestAShelfCompilesATextOnce(t *testing.T) {
	s := rule.NewShelf(language)
	a, err := s.Rule(`{"days": 30}`)
	b, again := s.Rule(`{"days": 30}`)
	if err != nil || again != nil || a != b {
		t.Errorf("%p and %p: %v, %v", a, b, err, again)
	}
	if _, err := s.Rule(`{`); !fault.Is(err, "policy_invalid") {
		t.Errorf("no rule: %v", err)
	}
}
