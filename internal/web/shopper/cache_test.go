package shopper

import (
	"fmt"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/checkout"
	"github.com/promesse-dev/promesse/internal/core/carbon"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/tracking"
	"github.com/promesse-dev/promesse/internal/web/ui"
	"github.com/promesse-dev/promesse/internal/web/webtest"
)

// reading is a shelf, and an order that is looked at.
type reading struct {
	*webtest.Shop
	t     *testing.T
	shelf *shelf
	checkout.Placed
}

func reads(t *testing.T) reading {
	t.Helper()
	s := webtest.Open(t)
	p := s.Order("E-1", webtest.Sale{City: "Saint-Denis", Postcode: "97400"})
	s.Parcel(p.Order.ID, "SIM-1")
	s.Pass(time.Hour)
	s.Scan("SIM-1", fact.PickedUp)
	return reading{s, t, newShelf(s.Flow, returns.NewOffice(carbon.Default())), p}
}

func (r reading) get(loc lang.Locale) *ui.Printed {
	r.t.Helper()
	a, err := r.shelf.get(r.t.Context(), r.Link, loc)
	if err != nil || a.Printed == nil {
		r.t.Fatalf("%+v %v", a, err)
	}
	return a.Printed
}

// What makes a new print, and what does not.
func TestAPageIsPrintedOnceAVersion(t *testing.T) {
	for _, c := range []struct {
		law  string
		live func(reading)
		anew bool
	}{
		{"nothing happens", func(reading) {}, false},
		{"ten seconds pass", func(r reading) { r.Pass(10 * time.Second) }, false},
		{"something happens to another order", func(r reading) { r.Shop.Order("E-2", webtest.Sale{}) }, false},
		{"the parcel moves", func(r reading) { r.Scan("SIM-1", fact.OutForDelivery) }, true},
		{"a scan of the same status, which is no fact", func(r reading) {
			r.Pass(time.Second)
			r.Scan("SIM-1", fact.PickedUp)
		}, true},
		{"an old scan that comes late, and leaves the story as it was", func(r reading) {
			r.Scan("SIM-1", fact.InTransit, func(e *carrier.Report) { e.At = e.At.Add(-10 * time.Minute) })
		}, true},
		{"the same scan once more", func(r reading) { r.Scan("SIM-1", fact.PickedUp) }, false},
		{"the shop takes another colour", func(r reading) {
			r.Do(r.ID, func(tx *flow.Tx) error { return merchant.SetBrand(tx, r.ID, merchant.Brand{Accent: "#aa3311"}) })
		}, true},
		{"a minute passes: the news are older", func(r reading) { r.Pass(time.Minute) }, true},
	} {
		t.Run(c.law, func(t *testing.T) {
			r := reads(t)
			before := r.get("")
			c.live(r)
			if anew := r.get("") != before; anew != c.anew {
				t.Errorf("printed anew: %v, want %v", anew, c.anew)
			}
		})
	}
}

func TestEachLanguageHasItsPrint(t *testing.T) {
	r := reads(t)
	own, french, english := r.get(""), r.get(lang.French), r.get(lang.English)
	if own == english || french == english {
		t.Error("two languages, one print")
	}
	if r.get("") != own || r.get(lang.English) != english {
		t.Error("printed anew for another reader")
	}
}

// What another node writes is seen after a second at most, and in between nobody asks.
func TestWhatAnotherNodeWroteIsSeenAfterASecond(t *testing.T) {
	r := reads(t)
	before := r.get("")
	r.Scan("SIM-1", fact.OutForDelivery)
	for _, p := range r.shelf.prints { // as if this process had committed nothing
		p.commits = r.Commits()
	}
	r.Pass(time.Second - time.Microsecond)
	if r.get("") != before {
		t.Error("asked within the second")
	}
	r.Pass(time.Microsecond)
	if r.get("") == before {
		t.Error("not seen after it")
	}
}

// The stamp read for a stream is the one the page was printed with.
func TestPagesAndStreamsAgreeOnTheVersion(t *testing.T) {
	r := reads(t)
	r.Scan("SIM-1", fact.InTransit, func(e *carrier.Report) { e.At = e.At.Add(-10 * time.Minute) })
	bare := r.Shop.Order("E-2", webtest.Sale{Bare: true})
	for _, link := range []ident.Link{r.Link, bare.Link} {
		r.See(func(tx *db.Tx) error {
			d, err := readOrder(tx, link, "")
			if err != nil {
				return err
			}
			all, err := stamps(tx, []tracking.Whole{d.whose(), {Merchant: r.ID, Order: "ord_nobody"}})
			if all[d.whose()] != d.stamp || d.stamp.order == "" || d.stamp.shop == "" {
				t.Errorf("the page has %+v, the stream %+v", d.stamp, all[d.whose()])
			}
			return err
		})
	}
}

func TestTheShelfDoesNotGrowForEver(t *testing.T) {
	r := reads(t)
	page := r.get("")
	for i := range 3 * maxPrints {
		r.shelf.keep(address{fmt.Sprint(i), ""}, &print{page: page})
	}
	if n := len(r.shelf.prints); n != maxPrints {
		t.Errorf("%d prints", n)
	}
	if page.Size() > 8<<10 {
		t.Errorf("a print of %d bytes", page.Size())
	}
}

func TestWhatOpensNothingIsNotKept(t *testing.T) {
	r := reads(t)
	for i := range 10 {
		if _, err := r.shelf.get(t.Context(), ident.Link(fmt.Sprint("guess", i)), ""); err == nil {
			t.Fatal("a guess opens something")
		}
	}
	if n := len(r.shelf.prints); n != 0 {
		t.Errorf("%d prints", n)
	}
}
