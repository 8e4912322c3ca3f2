package speed_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/insight"
	"github.com/promesse-dev/promesse/internal/platform/db"
	visited "github.com/promesse-dev/promesse/internal/speed"
	"github.com/promesse-dev/promesse/internal/web/speed"
	"github.com/promesse-dev/promesse/internal/web/ui"
	"github.com/promesse-dev/promesse/internal/web/webtest"
)

type office struct {
	*webtest.Shop
	tally *visited.Tally
	door  *ui.Door
}

func open(t *testing.T) office {
	t.Helper()
	s := webtest.Open(t)
	o := office{Shop: s, tally: visited.NewTally()}
	var err error
	if o.door, err = speed.New(speed.Config{Flow: s.Flow, Tally: o.tally}); err != nil {
		t.Fatal(err)
	}
	return o
}

// speeds is what the owner's board will say.
func (o office) speeds() (all []insight.Speed) {
	o.T.Helper()
	if err := o.tally.Save(o.T.Context(), o.Flow); err != nil {
		o.T.Fatal(err)
	}
	o.See(func(tx *db.Tx) (err error) {
		today := tx.Now.Day(time.UTC)
		all, err = insight.SpeedsOf(tx, o.ID, today, today)
		return err
	})
	return all
}

func TestADoorTakesWhatPagesTellAndNothingElse(t *testing.T) {
	o := open(t)
	fine := fmt.Sprintf("shop=%s&page=order&ms=%%s&width=narrow", o.ID)
	for _, c := range []struct {
		law, body string
		status    int
	}{
		{"a visit", fmt.Sprintf(fine, "812"), 204},
		{"the longest", fmt.Sprintf(fine, "60000"), 204},
		{"no time", fmt.Sprintf(fine, "0"), 400},
		{"less than none", fmt.Sprintf(fine, "-5"), 400},
		{"a time that is no number", fmt.Sprintf(fine, "NaN"), 400},
		{"half a millisecond", fmt.Sprintf(fine, "0.5"), 400},
		{"longer than a minute", fmt.Sprintf(fine, "60001"), 400},
		{"longer than any number", fmt.Sprintf(fine, strings.Repeat("9", 40)), 400},
		{"a page that is none", fmt.Sprintf("shop=%s&page=console&ms=5&width=wide", o.ID), 400},
		{"a width that is none", fmt.Sprintf("shop=%s&page=order&ms=5&width=412", o.ID), 400},
		{"a shop that is none", "shop=mer_nobody&page=order&ms=5&width=wide", 400},
		{"no shop", "shop=&page=order&ms=5&width=wide", 400},
		{"a field too many", fmt.Sprintf(fine, "5") + "&token=secret", 400},
		{"a field twice", fmt.Sprintf(fine, "5") + "&ms=6", 400},
		{"a field too few", fmt.Sprintf("shop=%s&page=order&ms=5", o.ID), 400},
		{"nothing", "", 400},
		{"a letter", `{"shop":"x"}`, 400},
		{"more than a kilobyte", fmt.Sprintf(fine, "5") + strings.Repeat("&", 1024), 413},
	} {
		a := webtest.Post(t, o.door, "/vitesse", c.body, "Content-Type", "text/plain;charset=UTF-8")
		if a.Status != c.status || a.Body != "" || a.Header.Get("Set-Cookie") != "" {
			t.Errorf("%s: %d %q", c.law, a.Status, a.Body)
		}
	}
	got := o.speeds()
	if len(got) != 1 || got[0].Page != visited.Order || got[0].Visits != 2 || got[0].Narrow.Visits != 2 {
		t.Errorf("counted %+v", got)
	}
}

// A visitor who tells without end spoils little; others are heard all the same.
func TestWhoTellsTooOftenIsNotCounted(t *testing.T) {
	o := open(t)
	body := fmt.Sprintf("shop=%s&page=order&ms=5&width=wide", o.ID)
	counted := 0
	for range 200 {
		switch a := webtest.Post(t, o.door, "/vitesse", body); a.Status {
		case 204:
			counted++
		case 429:
		default:
			t.Fatalf("%d", a.Status)
		}
	}
	if counted != 60 {
		t.Errorf("%d of 200 at once", counted)
	}
	o.Pass(2 * time.Second)
	for _, want := range []int{204, 204, 429} {
		if got := webtest.Post(t, o.door, "/vitesse", body).Status; got != want {
			t.Errorf("two seconds later: %d, want %d", got, want)
		}
	}
}

func TestAnotherSiteTellsNothing(t *testing.T) {
	o := open(t)
	body := fmt.Sprintf("shop=%s&page=order&ms=5&width=wide", o.ID)
	if a := webtest.Post(t, o.door, "/vitesse", body, "Sec-Fetch-Site", "cross-site"); a.Status != 403 {
		t.Errorf("%d", a.Status)
	}
	if got := o.speeds(); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}

func TestAPageThatTellsNamesItsShopAndLoadsTheModule(t *testing.T) {
	o := open(t)
	var f, nobody ui.Frame
	speed.Measure(&f, "../", o.ID, visited.Proof)
	speed.Measure(&nobody, "../", "", visited.Proof)
	if f.Speed != "proof "+string(o.ID) || len(f.Scripts) != 1 || len(nobody.Scripts) != 0 || nobody.Speed != "" {
		t.Fatalf("%+v %+v", f, nobody)
	}
	a := webtest.Get(t, o.door, strings.TrimPrefix(f.Scripts[0], ".."))
	if a.Status != 200 || !strings.Contains(a.Header.Get("Cache-Control"), "immutable") || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/javascript") {
		t.Errorf("%d %v", a.Status, a.Header)
	}
	if strings.Contains(a.Body, "cookie=") || strings.Contains(a.Body, "location") || strings.Contains(a.Body, "localStorage") {
		t.Error("the module reads or keeps more than a time")
	}
	if old := webtest.Get(t, o.door, "/assets/vitesse.js?v=old"); old.Header.Get("Cache-Control") != "no-cache" {
		t.Errorf("another version is kept: %v", old.Header)
	}
}
