package shop_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// policy is the parts of a page's Content-Security-Policy, by their names.
func policy(p tab) map[string]string {
	parts := map[string]string{}
	for part := range strings.SplitSeq(p.Header.Get("Content-Security-Policy"), "; ") {
		name, value, _ := strings.Cut(part, " ")
		parts[name] = value
	}
	return parts
}

// With a key, an article's page has the platform's block around what it shows
// without script; the block asks for the same article, to the same place.
func TestAnArticleShowsTheDeliveryBlock(t *testing.T) {
	s := open(t)
	s.pages = map[string]string{"epicerie-bellecour": "pk_ours"}
	b := s.browser()
	p := b.get(grocer + "/article/HUI-050")
	for name, want := range map[string]string{"key": "pk_ours", "country": "FR BE LU DE CH", "postcode": "", "lang": "fr", "readonly": ""} {
		if got := p.Attributes("promesse-delivery", name); !slices.Equal(got, []string{want}) {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	var lines []struct {
		SKU   string
		Units int
	}
	if err := json.Unmarshal([]byte(p.Attributes("promesse-delivery", "basket")[0]), &lines); err != nil || len(lines) != 1 || lines[0].SKU != "HUI-050" || lines[0].Units != 1 {
		t.Errorf("basket: %+v, %v", lines, err)
	}
	if got := p.Attributes("script", "src"); !slices.Equal(got, []string{"/embed/v1.js"}) {
		t.Errorf("scripts: %q", got)
	}
	if csp := policy(p); csp["script-src"] != "'self'" || csp["connect-src"] != "'self'" || csp["default-src"] != "'none'" {
		t.Errorf("policy: %q", csp)
	}
	// Inside of it is the page of those without script.
	there := p.send("Voir les dates", "cp", "69003", "pays", "FR")
	if got := there.One("promesse-delivery .best .window"); got != "Livré mardi 3 mars 5,90 €" {
		t.Errorf("without script: %q", got)
	}
	if got := there.Attributes("promesse-delivery", "postcode"); !slices.Equal(got, []string{"69003"}) {
		t.Errorf("the place that was typed: %q", got)
	}
	// The place chosen before comes first.
	abroad := b.get(grocer + "/article/HUI-050?cp=1000&pays=BE")
	if got := abroad.Attributes("promesse-delivery", "country"); !slices.Equal(got, []string{"BE FR LU DE CH"}) {
		t.Errorf("in Belgium: %q", got)
	}
	// A shop whose pages have no key goes without.
	if got := b.get("/boutique/volt-et-cie/").Attributes(".wares a", "href"); len(b.get(got[0]).Attributes("promesse-delivery", "key")) > 0 {
		t.Error("a block without a key")
	}
}

// The thanks show the order's story alive, beside the way to its page.
func TestThanksShowTheTrackingBlock(t *testing.T) {
	s := open(t)
	done := s.browser().toReview().send("Commander")
	page := done.Attributes(".thanks a", "href")
	if got := done.Attributes("promesse-tracking", "token"); len(got) != 1 || page[0] != base+"/p/"+got[0] {
		t.Errorf("the block tells of %q, the button leads to %q", got, page)
	}
	if got := done.Attributes("script", "src"); !slices.Equal(got, []string{"/embed/v1.js"}) {
		t.Errorf("scripts: %q", got)
	}
	if csp := policy(done); csp["script-src"] != "'self'" || csp["connect-src"] != "'self'" || csp["default-src"] != "'none'" {
		t.Errorf("policy: %q", csp)
	}
}
