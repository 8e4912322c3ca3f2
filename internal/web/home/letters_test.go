package home_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/web/home"
	"github.com/promesse-dev/promesse/internal/web/webtest"
)

// The letters that open something are for whoever sits at the machine of a demo,
// and for nobody else.
func whatOpensSomethingIsShownOnThisMachineAlone(t *testing.T, s *webtest.Shop) {
	open := func(demo bool) http.Handler {
		d, err := home.New(home.Config{
			Flow: s.Flow, Link: s.Desk.Link, Base: "http://127.0.0.1:8080", Demo: demo, World: func() home.Controls { return &clock{} },
			Secrets: func() []home.Secret {
				return []home.Secret{{To: "manon@mail.test", Subject: "Votre code", Text: "Tapez ce code :\n\n123456\n"}}
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	const path = "/monde/courrier"
	a := webtest.Get(t, here(open(true)), path)
	if a.Status != http.StatusOK || !strings.Contains(a.One(".letter"), "manon@mail.test") || !strings.Contains(a.One(".letter pre"), "123456") {
		t.Errorf("%d %s", a.Status, a.One("main"))
	}
	for law, got := range map[string]webtest.Answer{
		"from elsewhere":  webtest.Get(t, open(true), path),
		"through a proxy": webtest.Get(t, here(open(true)), path, "X-Forwarded-For", "203.0.113.7"),
		"in service":      webtest.Get(t, here(open(false)), path),
	} {
		if got.Status != http.StatusForbidden && got.Status != http.StatusNotFound || strings.Contains(got.Body, "123456") {
			t.Errorf("%s: %d %s", law, got.Status, got.One("main"))
		}
	}
}
