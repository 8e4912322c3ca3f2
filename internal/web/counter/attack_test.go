package counter_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/counter"
	"github.com/promesse-dev/promesse/internal/crew"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/web/ui"
	"github.com/promesse-dev/promesse/internal/web/webtest"
)

// Whatever is not expected or held at the counter gets one answer: a parcel to a
// door, one that came, one on another point's shelf, a return of the post, a
// number that nobody has.
func TestWhatIsNotForThisCounterIsOneAnswer(t *testing.T) {
	w := open(t)
	b := w.enrols(w.operator, w.point, "Nadia")
	shop := w.enrols(w.ID, w.store(), "Chloé")
	home := w.Order("H-1", webtest.Sale{}).Order.ID
	w.Parcel(home, "HOME")
	came := w.shipped("CAME")
	w.Scan("CAME", fact.Delivered)
	posted := w.returning("E-2", fact.BackByPost)
	stored := w.returning("E-3", fact.BackToStore)
	_ = came
	plain := func(a webtest.Answer) string { return a.One("section.promise") }
	want := plain(b.get(b.scan("NOBODY-HAS-THIS")))
	if !strings.Contains(want, "Pas pour ce comptoir") {
		t.Fatal(want)
	}
	for _, code := range []string{"HOME", "CAME", shows(posted), stored.Code, string(home), "PROMESSE-C hld_00000000000000000000000000 x", "%", "' or 1=1"} {
		if got := plain(b.get(b.scan(code))); got != want {
			t.Errorf("%q: %q, want %q", code, got, want)
		}
	}
	w.adrift("OWN") // the shop's own counter keeps what its own orders have fetched
	says(t, "at the store", shop.get(shop.scan("OWN")), "Colis à garder")
}

func TestAClerkWhoBrowsesIsStopped(t *testing.T) {
	w := open(t)
	b := w.enrols(w.operator, w.point, "Nadia")
	form := func(i string) url.Values { return url.Values{"code": {"GUESS" + i}, "client": {"guess" + i}} }
	stopped := 0
	for i := range 30 {
		switch a := b.post("/comptoir/lecture", form(string(rune('A'+i)))); a.Status {
		case http.StatusSeeOther:
		case http.StatusTooManyRequests:
			stopped++
		default:
			t.Fatalf("%d: %s", a.Status, a.Body)
		}
	}
	if stopped != 10 {
		t.Errorf("%d of thirty guesses were stopped", stopped)
	}
	w.Pass(time.Hour + time.Second)
	if a := b.post("/comptoir/lecture", form("later")); a.Status != http.StatusSeeOther {
		t.Errorf("an hour later: %d", a.Status)
	}
}

func TestAScanIsWithinItsShift(t *testing.T) {
	w := open(t)
	r := w.returning("E-1", fact.BackByRelay)
	b := w.enrols(w.operator, w.point, "Nadia")
	shift := b.shift()
	w.Pass(time.Hour)
	const clock = int64(1_770_000_000_000_000)
	at := func(d time.Duration) int64 { return clock + d.Microseconds() }
	for _, c := range []struct {
		law  string
		scan late
		want string
	}{
		{"from before the shift", late{"a", shows(r), "", shift, at(-2 * time.Hour)}, "hors de votre service"},
		{"from last year", late{"b", shows(r), "", shift, at(-9000 * time.Hour)}, "hors de votre service"},
		{"of no shift", late{"c", shows(r), "", "shf_00000000000000000000000000", at(0)}, "n'existe pas"},
		{"by a clock that runs ahead, as it is sent", late{"d", "T-0", "", shift, at(time.Hour)}, "Pas pour ce comptoir"},
		{"of this shift", late{"e", shows(r), "", shift, at(-30 * time.Minute)}, "Dépôt accepté"},
	} {
		got := b.sends(clock, c.scan)
		if len(got) != 1 || !got[0].Done || !strings.Contains(got[0].Words, c.want) {
			t.Errorf("%s: %+v, want %q", c.law, got, c.want)
		}
	}
}

// A shift kept offline over midnight is taken, and a person is told of the date.
func TestADepositOfYesterdayIsFlagged(t *testing.T) {
	w := open(t)
	r := w.returning("E-1", fact.BackByRelay)
	w.At("2026-03-03 20:00")
	b := w.enrols(w.operator, w.point, "Nadia")
	shift := b.shift()
	w.At("2026-03-04 00:30")
	const clock = int64(1_770_000_000_000_000)
	got := b.sends(clock, late{"a", shows(r), "", shift, clock - (2 * time.Hour).Microseconds()})
	if !strings.Contains(got[0].Words, "Dépôt accepté") {
		t.Fatal(got)
	}
	doubts := w.back(r.ID).Doubts
	if len(doubts) != 1 || doubts[0].Code != "back_dated" || returns.Holds(doubts) {
		t.Errorf("%v", doubts)
	}
}

func TestWhoMayUseWhat(t *testing.T) {
	w := open(t)
	b := w.enrols(w.operator, w.point, "Nadia")
	second := w.enrols(w.operator, w.opens(string(w.operator)+"-2", "Épicerie du Coin", "Lyon"), "Karim")
	r := w.returning("E-1", fact.BackByRelay)
	at := b.scan(shows(r))
	device := strings.Split(b.cookies, "; ")[0]
	for _, route := range w.door.Routes() {
		if route.Access != ui.ByShift && route.Access != ui.ByDevice {
			continue
		}
		path := strings.NewReplacer("{scan}", strings.TrimPrefix(at, "/comptoir/lecture/"), "{lesson}", "deposit", "{$}", "").Replace(route.Path)
		ask := func(cookie string) string {
			a := webtest.Get(t, w.door, path, "Cookie", cookie)
			if route.Method == http.MethodPost {
				a = webtest.Post(t, w.door, path, "", "Cookie", cookie)
			}
			return a.Header.Get("Location")
		}
		for law, c := range map[string]struct{ cookie, to string }{
			"nobody":                            {"", "/comptoir/appareil"},
			"a device nobody let in":            {"promesse_device=dvc_guess", "/comptoir/appareil"},
			"a device without a shift":          {device, "/comptoir/service"},
			"a shift of another device":         {device + "; " + strings.Split(second.cookies, "; ")[1], "/comptoir/service"},
			"a shift on a device nobody let in": {strings.Split(b.cookies, "; ")[1], "/comptoir/appareil"},
		} {
			want := c.to
			if route.Access == ui.ByDevice && want == "/comptoir/service" {
				continue
			}
			if got := ask(c.cookie); got != want {
				t.Errorf("%s %s: %s is led to %q, want %q", route.Method, route.Path, law, got, want)
			}
		}
	}
	if a := second.get(at); a.Status != http.StatusNotFound {
		t.Errorf("a scan of another counter: %d", a.Status)
	}
	if a := second.post(at+"/depot", nil); a.Status != http.StatusNotFound || w.back(r.ID).State == returns.Deposited {
		t.Errorf("a deposit on another counter's scan: %d", a.Status)
	}
}

func TestAShiftEnds(t *testing.T) {
	for _, c := range []struct {
		law string
		end func(*world, *till)
		to  string
	}{
		{"by itself", func(w *world, _ *till) { w.Pass(crew.Clerk.ShiftLife()) }, "/comptoir/service"},
		{"by its clerk", func(_ *world, b *till) { b.post("/comptoir/fin", nil) }, "/comptoir/service"},
		{"with the clerk", func(w *world, b *till) {
			w.Do(w.operator, func(tx *flow.Tx) error { return crew.Dismiss(tx, w.operator, b.clerk) })
		}, "/comptoir/service"},
		{"with the next one", func(_ *world, b *till) {
			another := *b
			another.signIn()
		}, "/comptoir/service"},
		{"with the device", func(w *world, b *till) {
			w.Do(w.operator, func(tx *flow.Tx) error { return crew.Revoke(tx, w.operator, b.device) })
		}, "/comptoir/appareil"},
		{"with the operator's trust", func(w *world, _ *till) {
			w.Do(w.ID, func(tx *flow.Tx) error { return counter.Entrust(tx, w.ID, network) })
		}, "/comptoir/appareil"},
	} {
		w := open(t)
		b := w.enrols(w.operator, w.point, "Nadia")
		if got := b.get("/comptoir/").Status; got != http.StatusOK {
			t.Fatalf("%s: before, %d", c.law, got)
		}
		c.end(w, b)
		if got := b.get("/comptoir/").Header.Get("Location"); got != c.to {
			t.Errorf("%s: led to %q", c.law, got)
		}
	}
}

func TestALinkLetsOneDeviceIn(t *testing.T) {
	w := open(t)
	invite := func() (path string) {
		w.Do(w.operator, func(tx *flow.Tx) error {
			_, link, err := crew.Invite(tx, crew.Counter(w.operator, w.point.ID), "Caisse")
			path = "/comptoir/appareil/" + string(link)
			return err
		})
		return path
	}
	once := invite()
	for range 2 {
		if a := webtest.Get(t, w.door, once); a.Status != http.StatusOK || len(a.Header.Values("Set-Cookie")) > 0 {
			t.Fatalf("looking at the link lets somebody in: %d", a.Status)
		}
	}
	if a := webtest.Post(t, w.door, once, ""); a.Status != http.StatusSeeOther {
		t.Fatalf("%d", a.Status)
	}
	old := invite()
	w.Pass(crew.LinkLife)
	for law, path := range map[string]string{"used": once, "old": old, "made up": "/comptoir/appareil/AAAAAAAAAAAAAAAAAAAAAA"} {
		for _, a := range []webtest.Answer{webtest.Get(t, w.door, path), webtest.Post(t, w.door, path, "")} {
			if a.Status != http.StatusNotFound || len(a.Header.Values("Set-Cookie")) > 0 {
				t.Errorf("%s: %d", law, a.Status)
			}
		}
	}
}

func TestAPINIsNotGuessed(t *testing.T) {
	w := open(t)
	b := w.enrols(w.operator, w.point, "Nadia")
	try := func(pin string) webtest.Answer {
		return b.post("/comptoir/service", url.Values{"clerk": {string(b.clerk)}, "pin": {pin}})
	}
	says(t, "a wrong one", try("111111"), "il reste 4 essais")
	for range 4 {
		try("111111")
	}
	says(t, "the sixth, though right", try(pin), "votre responsable peut vous en donner un autre")
	w.Do(w.operator, func(tx *flow.Tx) error { return crew.NewRoster(w.Desk.Vault).SetPIN(tx, w.operator, b.clerk, "314159") })
	if a := try("314159"); a.Status != http.StatusSeeOther {
		t.Errorf("another PIN: %d", a.Status)
	}
	other := w.enrols(w.ID, w.store(), "Chloé")
	says(t, "somebody of another counter", b.post("/comptoir/service", url.Values{"clerk": {string(other.clerk)}, "pin": {pin}}), "Choisissez votre nom")
}

func TestOnlyWhoRunsAPointLetsAnybodyIn(t *testing.T) {
	w := open(t)
	store := w.store()
	for law, c := range map[string]struct {
		by ident.Merchant
		at ident.Point
	}{
		"a shop at a network's point": {w.ID, w.point.ID},
		"a network at a shop's store": {w.operator, store.ID},
		"anybody at no point":         {w.operator, "pnt_00000000000000000000000000"},
	} {
		err := w.Try(c.by, func(tx *flow.Tx) error {
			_, err := counter.Post(tx.Tx, c.by, c.at)
			return err
		})
		if err == nil || !strings.Contains(err.Error(), "point_not_yours") {
			t.Errorf("%s: %v", law, err)
		}
	}
}
