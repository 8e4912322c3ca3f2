package shopper_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	orders "github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/web/webtest"
)

// sharesOf is an order on its way, and the page that shares it.
func sharesOf(t *testing.T) (s *spaces, page, parcel string) {
	t.Helper()
	s = openSpaces(t)
	o := s.Order("E-1", webtest.Sale{Email: s.mailbox}).Order.ID
	s.Parcel(o, "COL-1")
	s.Scan("COL-1", fact.InTransit)
	s.See(func(tx *db.Tx) error {
		of, err := orders.Parcels(tx, s.ID, []ident.Order{o})
		parcel = string(of[o][0].ID)
		return err
	})
	return s, "/p/" + string(s.Desk.Link(o)) + "/partager", parcel
}

func (s *spaces) shares(page, parcel string) (path string) {
	s.T.Helper()
	a := webtest.Post(s.T, s.door, page, url.Values{"colis": {parcel}}.Encode())
	fresh := a.Attributes("input.long", "value")
	if a.Status != http.StatusOK || len(fresh) != 1 {
		s.T.Fatalf("%d %s", a.Status, a.Body)
	}
	return strings.TrimPrefix(fresh[0], "https://suivi.example")
}

// S-05: who holds a shared link sees a milestone and its day, and nothing by which
// anybody could be found, or anything done.
func TestASharedLinkShowsAMilestoneAndItsDay(t *testing.T) {
	s, page, parcel := sharesOf(t)
	path := s.shares(page, parcel)
	a := webtest.Get(t, s.door, path)
	if a.Status != http.StatusOK || a.One("h1") != "Où en est le colis" || a.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	for _, secret := range []string{"E-1", "COL-1", "Épicerie", "Bellecour", "Lyon", "69", "Huile", s.mailbox, "/p/", parcel, "<form", "<script", "mailto:"} {
		if strings.Contains(a.Body[strings.Index(a.Body, "<body"):], secret) {
			t.Errorf("it says %q: %s", secret, a.Body)
		}
	}
	if said := a.One(".promise"); !strings.Contains(said, "2 mars") {
		t.Errorf("it says %q", said)
	}
	if again := webtest.Get(t, s.door, page); strings.Contains(again.Body, path) {
		t.Error("the link is shown twice: it was kept")
	}
}

func TestASharedLinkGoesOut(t *testing.T) {
	for _, row := range []struct {
		what string
		live func(s *spaces, page string)
		want int
	}{
		{"on its way", func(*spaces, string) {}, http.StatusOK},
		{"six days after the arrival", func(s *spaces, _ string) { s.Scan("COL-1", fact.Delivered); s.Pass(6 * 24 * time.Hour) }, http.StatusOK},
		{"a week after the arrival", func(s *spaces, _ string) { s.Scan("COL-1", fact.Delivered); s.Pass(8 * 24 * time.Hour) }, http.StatusNotFound},
		{"a parcel that never came", func(s *spaces, _ string) { s.Pass(91 * 24 * time.Hour) }, http.StatusNotFound},
		{"taken back", func(s *spaces, page string) {
			id := webtest.Get(s.T, s.door, page).Attributes("form button.second", "value")[0]
			for range 2 {
				webtest.Post(s.T, s.door, page, url.Values{"reprendre": {id}}.Encode())
			}
		}, http.StatusNotFound},
	} {
		t.Run(row.what, func(t *testing.T) {
			s, page, parcel := sharesOf(t)
			path := s.shares(page, parcel)
			row.live(s, page)
			if a := webtest.Get(t, s.door, path); a.Status != row.want || strings.Contains(a.Body, "COL-1") {
				t.Errorf("%d %s", a.Status, a.Body)
			}
		})
	}
	s, _, _ := sharesOf(t)
	if a := webtest.Get(t, s.door, "/partage/AAAAAAAAAAAAAAAAAAAAAA"); a.Status != http.StatusNotFound || a.One("h1") != "Ce lien de partage est éteint" {
		t.Errorf("a guessed link: %d %s", a.Status, a.Body)
	}
}

func TestTenLinksAreOpenAtMost(t *testing.T) {
	s, page, parcel := sharesOf(t)
	for range orders.MaxShares {
		s.shares(page, parcel)
	}
	if a := webtest.Post(t, s.door, page, "colis="+parcel); a.Status != http.StatusConflict || !strings.Contains(a.Body, "reprenez-en un") {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if a := webtest.Post(t, s.door, page, "colis=par_other"); a.Status != http.StatusNotFound {
		t.Errorf("a parcel of somebody else: %d", a.Status)
	}
}
