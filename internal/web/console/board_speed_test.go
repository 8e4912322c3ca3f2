package console_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/speed"
)

// The board shows how fast pages were even before a promise fell due, and says so
// when nobody measured.
func TestTheBoardShowsHowFastPagesWere(t *testing.T) {
	o := open(t)
	if got := must(t, o.get(merchant.Owner, "/console/board"), 200).One("main"); !strings.Contains(got, "Aucune visite n'a encore été mesurée") {
		t.Errorf("nobody visited: %q", got)
	}
	tally := speed.NewTally()
	for _, v := range []speed.Visit{
		{Page: speed.Order, Width: speed.Narrow, Took: 870 * time.Millisecond},
		{Page: speed.Order, Width: speed.Wide, Took: 3 * time.Second},
		{Page: speed.Shelves, Width: speed.Wide, Took: 90 * time.Millisecond},
	} {
		v.Merchant = o.ID
		tally.Count(v, o.Clock().Now())
	}
	if err := tally.Save(t.Context(), o.Flow); err != nil {
		t.Fatal(err)
	}
	for locale, want := range map[string][]string{
		"fr": {
			"Page Visites comptées 3 visites sur 4 en (p75) p75 sur téléphone Sous 2,5 s",
			"Rayons 1 0,09 s – 100 %", "Suivi de commande 2 2,88 s 0,88 s 50 %",
		},
		"en": {
			"Page Visits counted 3 visits of 4 within (p75) p75 on phones Under 2.5 s",
			"Shelves 1 0.09 s – 100%", "Order tracking 2 2.88 s 0.88 s 50%",
		},
	} {
		rows := must(t, o.get(merchant.Viewer, "/console/board", "Accept-Language", locale), 200).All("tr")
		for i := range rows {
			rows[i] = strings.TrimSpace(rows[i])
		}
		if d := cmp.Diff(want, rows); d != "" {
			t.Errorf("%s: %s", locale, d)
		}
	}
}
