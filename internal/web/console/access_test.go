package console_test

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/web/ui"
	"github.com/promesse-dev/promesse/internal/web/webtest"
)

var update = flag.Bool("update", false, "rewrite testdata/access.txt")

// sets are those that people of a shop may hold.
var sets = merchant.StaffSets(merchant.Merchant)

// TestWhoMayOpenWhat asks every route for every set of rights, as the registry
// lists them. A change of testdata/access.txt is a change of somebody's rights.
func TestWhoMayOpenWhat(t *testing.T) {
	o := open(t)
	cookies := map[merchant.Set]string{}
	for _, s := range sets {
		cookies[s] = o.SignIn(s)
	}
	var b strings.Builder
	for _, r := range o.door.Routes() {
		fmt.Fprintf(&b, "%-5s%-40s", r.Method, r.Path)
		for _, s := range sets {
			switch a := knock(t, o, r, cookies[s]); {
			case a.Status == http.StatusForbidden:
				b.WriteString("  .        ")
			case r.Access != ui.BySession:
				b.WriteString("  anybody  ")
			default:
				fmt.Fprintf(&b, "  %-9s", s)
			}
		}
		b.WriteByte('\n')
	}
	got := strings.ReplaceAll(b.String(), " \n", "\n")
	for strings.Contains(got, " \n") {
		got = strings.ReplaceAll(got, " \n", "\n")
	}
	if *update {
		if err := os.WriteFile("testdata/access.txt", []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/access.txt")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("rights changed: review, then run with -update (-want +got):\n%s", diff)
	}
}

// knock asks for a route with nothing in its form, for things that do not exist.
func knock(t *testing.T, o *office, r ui.Route, cookie string) webtest.Answer {
	t.Helper()
	path := strings.NewReplacer("{$}", "", "{token}", "guess", "{id}", "ord_0000000000000000000000000g", "{topic}/{channel}/{locale}", "parcel_shipped/email/fr").Replace(r.Path)
	if r.Method == http.MethodGet {
		return webtest.Get(t, o.door, path, "Cookie", cookie)
	}
	return webtest.Post(t, o.door, path, "", "Cookie", cookie)
}

// Without a session, or with one that is over, every route by session leads to
// the door and does nothing.
func TestNobodyGetsInWithoutASession(t *testing.T) {
	o := open(t)
	o.SignIn(merchant.Owner)
	over := o.SignIn(merchant.Agent)
	staff := o.people()
	o.Do(o.ID, func(tx *flow.Tx) error { return merchant.Dismiss(tx, o.ID, staff[merchant.Agent].ID) })
	for _, r := range o.door.Routes() {
		if r.Access != ui.BySession {
			continue
		}
		for law, cookie := range map[string]string{"no session": "", "a guess": "promesse_console=ses_guess", "somebody shown out": over} {
			if a := knock(t, o, r, cookie); a.Status != 303 || a.Header.Get("Location") != "/console/sign-in" {
				t.Errorf("%s %s, %s: %d %q", r.Method, r.Path, law, a.Status, a.Header.Get("Location"))
			}
		}
	}
	if got := o.people(); len(got) != 1 {
		t.Errorf("somebody changed who works there: %v", got)
	}
}

// people are those who work at the shop, by their rights.
func (o *office) people() map[merchant.Set]merchant.Staff {
	o.T.Helper()
	of := map[merchant.Set]merchant.Staff{}
	o.Do(o.ID, func(tx *flow.Tx) error {
		all, err := merchant.StaffOf(tx.Tx, o.ID)
		for _, s := range all {
			of[s.Set] = s
		}
		return err
	})
	return of
}

// What is another shop's is answered like what does not exist.
func TestAnotherShopsThingsDoNotExist(t *testing.T) {
	o := open(t)
	placed := o.Order("E-1", webtest.Sale{})
	other := o.second()
	stranger := o.hire(other, "kim@volt.example", merchant.Owner)
	var token string
	o.Do(other, func(tx *flow.Tx) (err error) {
		token, err = merchant.OpenSession(tx, other, stranger.ID)
		return err
	})
	as := "promesse_console=" + token
	mine := "/console/orders/" + string(placed.Order.ID)
	must(t, o.get(merchant.Owner, mine), 200)
	foreign, absent := webtest.Get(t, o.door, mine, "Cookie", as), webtest.Get(t, o.door, "/console/orders/"+string(o.never()), "Cookie", as)
	if foreign.Status != 404 || foreign.Body != absent.Body {
		t.Errorf("an order of another shop: %d\n%s\nnone at all: %s", foreign.Status, foreign.Body, absent.Body)
	}
	me := o.people()[merchant.Owner]
	for _, path := range []string{
		mine + "/missing", "/console/settings/staff/" + string(me.ID), "/console/settings/staff/" + string(me.ID) + "/leave",
		"/console/settings/keys/key_0123456789abcdefghjkmnpqrs/revoke",
	} {
		if a := webtest.Post(t, o.door, path, "set=viewer&line%3Ax=1", "Cookie", as); a.Status != 404 && a.Status != 422 {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
	for _, q := range []string{"E-1", "camille@example.com"} {
		if got := webtest.Get(t, o.door, "/console/orders?q="+q, "Cookie", as).All(".rows li"); len(got) != 0 {
			t.Errorf("looking for %s: %q", q, got)
		}
	}
	if got := o.people()[merchant.Owner]; got != me {
		t.Errorf("a stranger changed %+v into %+v", me, got)
	}
}

// never is the id of an order that nobody placed.
func (o *office) never() (id ident.Order) {
	o.Do(o.ID, func(tx *flow.Tx) error {
		id = ident.New[ident.Order](tx.Mint)
		return nil
	})
	return id
}

// A form on another site does nothing, whoever is signed in.
func TestFormsOfOtherSitesDoNothing(t *testing.T) {
	o := open(t)
	cookie := o.SignIn(merchant.Owner)
	for _, r := range o.door.Routes() {
		if r.Method != http.MethodPost {
			continue
		}
		path := strings.NewReplacer("{token}", "guess", "{id}", "x").Replace(r.Path)
		if a := webtest.Post(t, o.door, path, "", "Cookie", cookie, "Sec-Fetch-Site", "cross-site"); a.Status != 403 {
			t.Errorf("%s: %d", r.Path, a.Status)
		}
	}
}

// Pages are for one reader: no copy is kept, nothing is loaded from elsewhere.
func TestEveryPageIsPrivate(t *testing.T) {
	o := open(t)
	cookie := o.SignIn(merchant.Owner)
	for _, r := range o.door.Routes() {
		if r.Method != http.MethodGet || r.Access != ui.BySession || strings.Contains(r.Path, "{id}") {
			continue
		}
		a := knock(t, o, r, cookie)
		if a.Status != 200 || a.Header.Get("Cache-Control") != "no-store" || !strings.Contains(a.Header.Get("Content-Security-Policy"), "default-src 'none'") {
			t.Errorf("%s: %d %v", r.Path, a.Status, a.Header)
		}
		if r.Stream != nil {
			continue
		}
		if got := a.Attributes("html", "lang"); !slices.Equal(got, []string{"fr"}) || a.One("h1") == "" || strings.Contains(a.Body, `src="http`) {
			t.Errorf("%s: %q, %q", r.Path, got, a.All("h1"))
		}
		english := webtest.Get(t, o.door, strings.TrimSuffix(r.Path, "{$}"), "Cookie", cookie, "Accept-Language", "en-GB")
		if got := english.Attributes("html", "lang"); !slices.Equal(got, []string{"en"}) || strings.Contains(english.Body, "[console") {
			t.Errorf("%s in English: %q", r.Path, got)
		}
	}
}

// The ways to other pages lead only where the reader may go.
func TestTheNavigationLeadsWhereOneMayGo(t *testing.T) {
	o := open(t)
	for _, s := range sets {
		for _, path := range o.get(s, "/console/").Attributes(".nav a", "href") {
			if a := o.get(s, path); a.Status != 200 || !slices.Contains(a.Attributes(".nav a", "aria-current"), "page") {
				t.Errorf("%s to %s: %d", s, path, a.Status)
			}
		}
	}
	if got := o.get(merchant.Agent, "/console/").Attributes(".nav a", "href"); slices.Contains(got, "/console/settings") {
		t.Errorf("an agent is led to %q", got)
	}
}
