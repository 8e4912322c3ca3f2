package merchant_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
)

func issueBrowser(w *flowtest.World, m ident.Merchant, origins ...string) (k merchant.BrowserKey, err error) {
	err = w.Try(m, func(tx *flow.Tx) (err error) {
		k, err = merchant.IssueBrowserKey(tx, m, "boutique", origins)
		return err
	})
	return k, err
}

func onPage(w *flowtest.World, key, origin string) (p merchant.Principal, fail error) {
	w.T.Helper()
	w.See(func(tx *db.Tx) error {
		p, fail = merchant.AuthenticatePage(tx, key, origin)
		return nil
	})
	return p, fail
}

func TestABrowserKeyOpensToItsOriginsUntilItIsRevoked(t *testing.T) {
	w := flowtest.New(t)
	m, other := opened(w, grocer()).ID, opened(w, grocer()).ID
	k, err := issueBrowser(w, m, "https://Port.example/", "https://www.port.example:443", "https://port.example", "http://localhost:3000")
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"http://localhost:3000", "https://port.example", "https://www.port.example"}; !slices.Equal(k.Origins, want) {
		t.Errorf("origins %q, want %q", k.Origins, want)
	}
	if !strings.HasPrefix(k.Public, "pk_") || len(k.Public) != 25 || !merchant.IsPublic(k.Public) {
		t.Errorf("key %q", k.Public)
	}
	want := merchant.Principal{Merchant: m, Key: k.ID, Set: merchant.Browser, Kind: merchant.Merchant}
	for _, origin := range k.Origins {
		if got, err := onPage(w, k.Public, origin); err != nil || got != want {
			t.Errorf("on %s: %+v, %v", origin, got, err)
		}
	}
	for _, origin := range []string{"", "null", "https://evil.example", "http://port.example", "https://port.example:8443", "https://port.example.evil.example", "https://sub.port.example"} {
		_, err := onPage(w, k.Public, origin)
		mustBreak(t, "on "+origin, err, "origin_not_allowed at ")
	}
	_, err = onPage(w, "pk_guessed", "https://port.example")
	mustBreak(t, "a key nobody issued", err, "unauthorized at ")

	mustBreak(t, "revoked by a stranger", w.Try(other, func(tx *flow.Tx) error { return merchant.RevokeBrowserKey(tx, other, k.ID) }), "not_found at key")
	w.Pass(time.Hour)
	for range 2 {
		w.Do(m, func(tx *flow.Tx) error { return merchant.RevokeBrowserKey(tx, m, k.ID) })
	}
	_, err = onPage(w, k.Public, "https://port.example")
	mustBreak(t, "revoked", err, "unauthorized at ")
	mustTell(w, m, "merchant.created", "merchant.key_issued", "merchant.key_revoked")
	k.Revoked = w.Clock().Now()
	w.See(func(tx *db.Tx) error {
		all, err := merchant.BrowserKeys(tx, m)
		if diff := cmp.Diff([]merchant.BrowserKey{k}, all); diff != "" {
			t.Errorf("keys (-want +got):\n%s", diff)
		}
		return err
	})
}

func TestWhatIsAnOrigin(t *testing.T) {
	w := flowtest.New(t)
	m := opened(w, grocer()).ID
	for typed, want := range map[string]string{
		"https://port.example":           "https://port.example",
		" HTTPS://Port.Example ":         "https://port.example",
		"https://port.example:8443":      "https://port.example:8443",
		"http://127.0.0.1:8080":          "http://127.0.0.1:8080",
		"http://localhost:80":            "http://localhost",
		"http://port.example":            "",
		"https://port.example/shop":      "",
		"https://port.example?x":         "",
		"https://a@port.example":         "",
		"https://":                       "",
		"port.example":                   "",
		"*":                              "",
		"https://*":                      "",
		"null":                           "",
		"ftp://port.example":             "",
		"https://port.example evil":      "",
		"https://port.example\nx":        "",
		"javascript:alert(1)//localhost": "",
	} {
		k, err := issueBrowser(w, m, typed)
		switch {
		case want == "":
			mustBreak(t, fmt.Sprintf("%q", typed), err, "origin_invalid at origins")
		case err != nil || !slices.Equal(k.Origins, []string{want}):
			t.Errorf("%q: %q, %v, want %q", typed, k.Origins, err, want)
		}
	}
}

func TestWhatABrowserKeyNeeds(t *testing.T) {
	w := flowtest.New(t)
	m, pool := opened(w, grocer()).ID, opened(w, network()).ID
	_, err := issueBrowser(w, m)
	mustBreak(t, "no origin", err, "origins_missing at origins")
	var many []string
	for i := range 21 {
		many = append(many, fmt.Sprintf("https://s%d.example", i))
	}
	_, err = issueBrowser(w, m, many...)
	mustBreak(t, "more than twenty", err, "too_many_origins at origins")
	_, err = issueBrowser(w, pool, "https://port.example")
	mustBreak(t, "a network sells nothing", err, "permission_set_misplaced at set")
	err = w.Try(m, func(tx *flow.Tx) error {
		_, err := merchant.IssueBrowserKey(tx, m, " ", []string{"https://port.example"})
		return err
	})
	mustBreak(t, "without a label", err, "field_required at label")
}
