package proof_test

import (
	"strings"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/web/proof"
	"github.com/promesse-dev/promesse/internal/web/webtest"
)

// Of few promises no share is shown; of enough, all that fell due are counted.
func TestAShopShowsHowManyPromisesItKept(t *testing.T) {
	s := webtest.Open(t)
	d, err := proof.New(proof.Config{Flow: s.Flow})
	if err != nil {
		t.Fatal(err)
	}
	page := func() string { return strings.Join(webtest.Get(t, d, "/b/"+string(s.ID)).All("main"), " ") }
	if got := page(); !strings.Contains(got, "trop peu") {
		t.Errorf("nothing fell due: %q", got)
	}
	for i := range 31 {
		reference := string(rune('A'+i%26)) + strings.Repeat("x", i/26)
		o := s.Order(reference, webtest.Sale{})
		s.Parcel(o.Order.ID, "N"+reference)
		if i > 0 {
			s.Scan("N"+reference, fact.Delivered)
		}
	}
	s.Pass(5 * 24 * time.Hour)
	s.Quiet()
	if got := page(); !strings.Contains(got, "30 promesses de livraison tenues sur 31") || !strings.Contains(got, "1 promesse rompue a été réparée") {
		t.Errorf("31 fell due: %q", got)
	}
	if webtest.Get(t, d, "/b/mer_nobody").Status != 404 {
		t.Error("a shop that does not exist has a page")
	}
}
