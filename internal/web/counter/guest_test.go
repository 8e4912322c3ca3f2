package counter_test

import (
	"net/http"
	"testing"

	"github.com/promesse-dev/promesse/internal/core/ident"
	web "github.com/promesse-dev/promesse/internal/web/counter"
	"github.com/promesse-dev/promesse/internal/web/webtest"
)

func TestTheDemosCounterIsEnteredFromThisMachineAlone(t *testing.T) {
	w := open(t)
	demo, err := web.New(web.Config{
		Flow: w.Flow, Vault: w.Desk.Vault, Base: "http://127.0.0.1:8080",
		Guests: func() (ident.Merchant, ident.Point) { return w.operator, w.point.ID },
	})
	if err != nil {
		t.Fatal(err)
	}
	here := http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		r.RemoteAddr, r.Host = "127.0.0.1:50000", "127.0.0.1:8080"
		demo.ServeHTTP(rw, r)
	})
	b := &till{w: w}
	a := webtest.Post(t, here, "/comptoir/invite", "")
	b.keep(a)
	if a.Header.Get("Location") != "/comptoir/service" || b.get("/comptoir/service").Status != http.StatusOK {
		t.Errorf("from this machine: %d to %q", a.Status, a.Header.Get("Location"))
	}
	if a := webtest.Post(t, demo, "/comptoir/invite", ""); a.Status != http.StatusForbidden {
		t.Errorf("from elsewhere: %d", a.Status)
	}
	if a := webtest.Post(t, here, "/comptoir/invite", "", "X-Forwarded-For", "203.0.113.7"); a.Status != http.StatusForbidden {
		t.Errorf("through a proxy: %d", a.Status)
	}
	if a := webtest.Post(t, w.door, "/comptoir/invite", ""); a.Status != http.StatusNotFound {
		t.Errorf("in service: %d", a.Status)
	}
}
