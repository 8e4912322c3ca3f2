package proof

import (
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/insight"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// Gallery is the page of a shop of which nothing can be said yet, and of shops
// that kept all, most, and few of their promises.
func Gallery(loc lang.Locale) (all []ui.Exhibit) {
	for _, e := range []struct {
		name string
		m    insight.Measures
	}{
		{"too-few", insight.Measures{Due: enough - 1, Kept: enough - 1}},
		{"all-kept", insight.Measures{Due: 1204, Kept: 1204}},
		{"most-kept", insight.Measures{Due: 1204, Kept: 1129, Repaired: 75}},
		{"few-kept", insight.Measures{Due: 1204, Kept: 12, Repaired: 1}},
	} {
		p := words(loc, "Épicerie du Canal", e.m)
		p.Accent = "#17613a"
		all = append(all, ui.Exhibit{Name: e.name, Page: show(p)})
	}
	return all
}
