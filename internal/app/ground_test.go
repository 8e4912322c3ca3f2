package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"testing"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/vault"
	"github.com/promesse-dev/promesse/internal/demo"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/db/dbtest"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// ground is the program with every door open, on a listener of its own, with a
// shop in which something has been sold. Its clock stands still.
type ground struct {
	t     *testing.T
	app   *App
	addr  string
	shop  demo.Shop
	key   string           // of the shop's owner
	staff []merchant.Staff // of the shop
	fresh merchant.Staff   // who may be shown out
	sold  sold
	guest ident.Link // a sign-in link of the shop's owner
	said  *journal
}

// sold is an order, as far as addresses are made of it.
type sold struct {
	ID          ident.Order   `json:"id"`
	Shopper     ident.Shopper `json:"shopper"`
	Page        string        `json:"page"`
	Commitments []struct {
		ID ident.Commitment `json:"id"`
	} `json:"commitments"`
	Lines []struct {
		ID ident.Line `json:"id"`
	} `json:"lines"`
	parcel  ident.Parcel
	service ident.Service
	carrier ident.Connection
	token   string
}

// journal keeps what the program says.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// still is a world whose clock nobody moves.
type still struct{}

func (still) Pause(context.Context) error                                { return nil }
func (still) Resume(context.Context) error                               { return nil }
func (still) NextEvent(context.Context) error                            { return nil }
func (still) NextMorning(context.Context) error                          { return nil }
func (still) News(context.Context, lang.Locale) (news []string, _ error) { return news, nil }

func openGround(t *testing.T) *ground {
	t.Helper()
	g := &ground{t: t, said: &journal{}}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	g.addr = l.Addr().String()
	now := civil.At(demoStart)
	clock := flow.NewClock(now, 0, func() civil.Instant { return now })
	keys, err := vault.Parse([]byte(ident.Hash("test")))
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(g.said, &slog.HandlerOptions{Level: slog.LevelDebug}))
	g.app, err = New(Parts{
		DB: dbtest.New(t, db.Options{Now: clock.Now, Wall: clock.Wall}), Clock: clock, Vault: keys, Base: "http://" + g.addr,
		Demo: true, Log: log, Proxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
		Channels: notify.Channels{notify.Email: func(context.Context, notify.Letter) error { return nil }},
	})
	if err != nil {
		t.Fatal(err)
	}
	shops, err := demo.Setup(t.Context(), g.app.Flow, 0.9)
	if err != nil {
		t.Fatal(err)
	}
	g.app.enter(shops, still{})
	for _, s := range shops {
		if s.Slug == "epicerie-bellecour" {
			g.shop = s
		}
	}
	s := server(g.app.Handler, log)
	done := make(chan error, 1)
	go func() { done <- s.Serve(l) }()
	t.Cleanup(func() {
		_ = s.Close()
		if err := <-done; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})
	g.staffed()
	g.sells()
	return g
}

// staffed gives the owner a key and a link, and finds who works at the shop.
func (g *ground) staffed() {
	g.t.Helper()
	err := g.app.Flow.One(g.t.Context(), "test", g.shop.Merchant, func(tx *flow.Tx) (err error) {
		if _, g.key, err = merchant.IssueKey(tx, g.shop.Merchant, merchant.NewKey{Set: merchant.Owner, Label: "test"}); err != nil {
			return err
		}
		if g.staff, err = merchant.StaffOf(tx.Tx, g.shop.Merchant); err != nil {
			return err
		}
		g.fresh, err = merchant.Hire(tx, g.shop.Merchant, merchant.NewStaff{Email: g.reference() + "@example.com", Name: "Sam", Set: merchant.Viewer})
		return err
	})
	if err == nil {
		err = g.app.Flow.Write(g.t.Context(), "test", nil, func(tx *flow.Tx) (err error) {
			g.guest, _, err = merchant.AskSignIn(tx, g.one(merchant.Owner).Email)
			return err
		})
	}
	if err != nil {
		g.t.Fatal(err)
	}
}

// one is somebody of the shop with a set of rights.
func (g *ground) one(set merchant.Set) merchant.Staff {
	g.t.Helper()
	for _, s := range g.staff {
		if s.Set == set {
			return s
		}
	}
	g.t.Fatalf("no %s works there", set)
	return merchant.Staff{}
}

// cookie is a new session of somebody.
func (g *ground) cookie(set merchant.Set) string {
	g.t.Helper()
	var token string
	err := g.app.Flow.One(g.t.Context(), "test", g.shop.Merchant, func(tx *flow.Tx) (err error) {
		token, err = merchant.OpenSession(tx, g.shop.Merchant, g.one(set).ID)
		return err
	})
	if err != nil {
		g.t.Fatal(err)
	}
	return "promesse_console=" + token
}

const (
	basket     = `[{"sku":"HUI","name":"Huile d'olive","units":2,"unit_price":{"minor":1490,"currency":"EUR"},"grams":980}]`
	quoteBody  = `{"destination":{"country":"FR","postcode":"69003"},"lines":` + basket + `,"locale":"fr"}`
	orderShape = `{"reference":%q,"token":%q,"shopper":{"email":"camille@example.com","name":"Camille Durand","phone":"+33639980001","locale":"fr"},
		"lines":` + basket + `,"ship_to":{"name":"Camille Durand","street":"3 rue des Lilas","postcode":"69003","city":"Lyon","country":"FR"}}`
)

// reference is the order's: on PostgreSQL the tests of the package share a database.
func (g *ground) reference() string { return "S-" + ident.Hash(g.t.Name())[:8] }

// sells places an order and announces its parcel.
func (g *ground) sells() {
	g.t.Helper()
	var q struct {
		Options []struct{ Token, Service, Carrier string }
	}
	g.ask("POST", "/api/v1/quotes", quoteBody, &q)
	if len(q.Options) == 0 {
		g.t.Fatal("nothing on offer")
	}
	g.ask("POST", "/api/v1/orders", fmt.Sprintf(orderShape, g.reference(), q.Options[0].Token), &g.sold)
	g.ask("GET", "/api/v1/orders/"+string(g.sold.ID), "", &g.sold)
	for _, h := range g.shop.Hauls {
		if string(h.Service) == q.Options[0].Service {
			g.sold.service, g.sold.carrier = h.Service, h.Connection
		}
	}
	g.ask("POST", "/api/v1/quotes", quoteBody, &q)
	g.sold.token = q.Options[0].Token
	var p struct{ ID ident.Parcel }
	g.ask("POST", "/api/v1/orders/"+string(g.sold.ID)+"/parcels", fmt.Sprintf(`{"carrier":%q,"number":%q}`, g.sold.carrier, g.reference()), &p)
	g.sold.parcel = p.ID
}

// ask calls the API as the shop's owner.
func (g *ground) ask(method, path, body string, out any) {
	g.t.Helper()
	r, err := http.NewRequestWithContext(g.t.Context(), method, "http://"+g.addr+path, strings.NewReader(body))
	if err != nil {
		g.t.Fatal(err)
	}
	r.Header = http.Header{"Authorization": {"Bearer " + g.key}, "Content-Type": {"application/json"}, "Idempotency-Key": {ident.Hash(body)}}
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		g.t.Fatal(err)
	}
	defer func() { _ = a.Body.Close() }()
	text, err := io.ReadAll(a.Body)
	if err != nil || a.StatusCode >= 300 {
		g.t.Fatalf("%s %s: %d %s %v", method, path, a.StatusCode, text, err)
	}
	if err := json.Unmarshal(text, out); err != nil {
		g.t.Fatal(err)
	}
}

// page is the path of the order's page, which ends in its link.
func (g *ground) page() string { return strings.TrimPrefix(g.sold.Page, "http://"+g.addr) }

// path is a route's with everything in it that exists.
func (g *ground) path(pattern string) string {
	ids := map[string]string{
		"/api/v1/orders/": string(g.sold.ID), "/api/v1/commitments/": string(g.sold.Commitments[0].ID), "/api/v1/parcels/": string(g.sold.parcel),
		"/api/v1/services/": string(g.sold.service), "/api/v1/shoppers/": string(g.sold.Shopper),
		"/console/orders/": string(g.sold.ID), "/console/queue/": string(g.sold.Commitments[0].ID), "/console/settings/staff/": string(g.fresh.ID),
	}
	id := "nothing"
	for prefix, known := range ids {
		if strings.HasPrefix(pattern, prefix) {
			id = known
		}
	}
	shop, token := string(g.shop.Merchant), strings.TrimPrefix(g.page(), "/p/")
	if strings.HasPrefix(pattern, "/boutique/") {
		shop = g.shop.Slug
	}
	if strings.HasPrefix(pattern, "/console/sign-in/") {
		token = string(g.guest)
	}
	return strings.NewReplacer(
		"{$}", "", "{id}", id, "{shop}", shop, "{token}", token, "{order}", string(g.sold.ID), "{link}", token, "{sku}", "HUI-050",
	).Replace(pattern)
}
