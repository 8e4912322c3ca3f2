package api

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/carrier/ownfleet"
	"github.com/promesse-dev/promesse/internal/carrier/simulated"
	"github.com/promesse-dev/promesse/internal/checkout"
	"github.com/promesse-dev/promesse/internal/core/carbon"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/core/vault"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/payment"
	"github.com/promesse-dev/promesse/internal/payment/offline"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/egress"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/relay"
	"github.com/promesse-dev/promesse/internal/remedy"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/tracking"
	"github.com/promesse-dev/promesse/internal/web/letters"
	"github.com/promesse-dev/promesse/internal/webhook"
)

// world is an API over a real database, with the consequences that a program
// would hang on it.
type world struct {
	*flowtest.World
	api     *API
	twin    *API // the same on another node
	mu      sync.Mutex
	letters []string        // addresses that were to be e-mailed
	visited map[string]bool // operations that answered well
	callers atomic.Int64
}

func open(t testing.TB) *world { return openWaiting(t, 0) }

// openWaiting is open with copies that wait so long for the first one's answer.
func openWaiting(t testing.TB, wait time.Duration) *world {
	t.Helper()
	curves, policies := promise.NewCurves(), remedy.NewPolicies()
	w := &world{World: flowtest.New(t, consequences(curves, policies)...), visited: map[string]bool{}}
	out := egress.New(egress.Options{Wall: w.Clock().Wall, Transport: seller{}})
	adapters := carrier.Adapters{"printer": printer{}}
	v, err := vault.New(bytes.Repeat([]byte{7}, vault.Size))
	if err != nil {
		t.Fatal(err)
	}
	config := Config{
		Flow: w.Flow, Vault: v, Carriers: carrier.Registry{
			simulated.Adapter: simulated.Parse, "printer": simulated.Parse, ownfleet.Adapter: ownfleet.Parse,
			"hasty": func([]byte, *time.Location) ([]carrier.Report, error) { panic("disk on fire") },
		},
		Desk: &checkout.Desk{Vault: v, Curves: curves, Factors: carbon.Default()},
		Base: "https://suivi.example", Version: "test", Wait: wait,
		Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
		Invite: func(_ *flow.Tx, _ ident.Merchant, _ ident.Shopper, address string) error {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.letters = append(w.letters, address)
			return nil
		},
		Writer: Writer{Keep: letters.Keep, Preview: letters.Preview},
		Track:  reference, Returns: returns.NewOffice(carbon.Default()), Adapters: adapters, Points: &relay.Index{},
		Changes: &lastmile.Office{Flow: w.Flow, Out: out, Adapters: carrier.Adapters{"simulated": mover{}, "ownfleet": mover{}}},
		Hooks:   webhook.Office{Flow: w.Flow, Vault: v, Out: out}, Notices: map[payment.Provider]payment.ReadNotice{payment.Stripe: said}, Texts: heard,
	}
	if w.api, err = New(config); err != nil {
		t.Fatal(err)
	}
	if w.twin, err = New(config); err != nil {
		t.Fatal(err)
	}
	sweeps := slices.Concat(promise.Sweeps(curves), returns.Sweeps(), []flow.Sweep{policies.Waits(), tracking.Stalls(), payment.Looks(), webhook.Retries()})
	for _, s := range sweeps {
		w.Watch(s)
	}
	w.Handle(curves.Reviewer())
	providers := map[payment.Provider]payment.Refunder{payment.Offline: offline.Provider{}}
	errands := []flow.Errander{payment.Desk{Flow: w.Flow, Vault: v, Providers: providers}.Executor(), config.Hooks.Sender()}
	for _, e := range append(errands, returns.Errands(&carrier.Issuer{Flow: w.Flow, Vault: v, Out: out, Adapters: adapters})...) {
		w.Handle(e)
	}
	for _, s := range w.api.Sweeps() {
		w.Watch(s)
	}
	return w
}

// reference is an order in fewer words than its page has.
func reference(tx *db.Tx, link ident.Link, loc lang.Locale) (t Tracking, err error) {
	m, id, ok, err := order.ByLink(tx, ident.Hash(string(link)))
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "not_found", "")
	}
	if err != nil {
		return t, err
	}
	o, err := order.Get(tx, m, id)
	return Tracking{
		Reference: o.Reference, Locale: cmp.Or(loc, o.Locale), Next: []string{}, Parcels: []TrackedParcel{}, Happened: []TrackedMoment{},
		Promise: TrackedPromise{State: fact.Open, Until: o.Placed, Tone: "calm", Texts: []string{}, Credited: []string{}},
	}, err
}

// tokenOf is the secret in the address of an order's page.
func tokenOf(o Order) string { return o.Page[strings.LastIndexByte(o.Page, '/')+1:] }

func consequences(curves *promise.Curves, policies *remedy.Policies) []flow.Reaction {
	remedies := []fact.Kind{"remedy.granted", "remedy.refused", "remedy.awaited"}
	var told []flow.Reaction
	for _, on := range webhook.Kinds {
		told = append(told, flow.Reaction{On: on, Name: "webhook.Write", Mode: flow.May, Run: webhook.Write})
	}
	return append(
		slices.Concat(order.Reactions(), promise.Reactions(curves), promise.DeskReactions(), lastmile.Reactions(), returns.Reactions(), told),
		flow.Reaction{
			On: "returns.decided", Name: "payment.Pay", Mode: flow.Must, Run: payment.Pay,
			Emits: []fact.Kind{"payment.refund_ordered", "payment.credit_given"},
		},
		flow.Reaction{
			On: "order.parcel_announced", Name: "tracking.Attach", Mode: flow.May, Run: tracking.Attach,
			Emits: []fact.Kind{"tracking.moved", "tracking.disputed"},
		},
		flow.Reaction{On: "promise.broken", Name: "remedy.Consider", Mode: flow.May, Run: policies.Consider, Emits: remedies},
		flow.Reaction{On: "promise.corrected", Name: "remedy.Review", Mode: flow.May, Run: policies.Review, Emits: remedies},
		flow.Reaction{On: "order.placed", Name: "notify.Consider", Mode: flow.Later, Run: notify.Consider},
	)
}

// organisation opens one, and gives a key of each set that its kind may have.
func (w *world) organisation(kind merchant.Kind) (ident.Merchant, map[merchant.Set]string) {
	w.T.Helper()
	in := merchant.NewOrganisation{Kind: kind, Name: "Épicerie du Port", Country: "FR", Zone: "Europe/Paris", Locale: lang.French, Currency: money.EUR}
	var m ident.Merchant
	err := w.Write(context.Background(), "test", nil, func(tx *flow.Tx) error {
		o, err := merchant.Create(tx, in)
		m = o.ID
		return err
	})
	if err != nil {
		w.T.Fatal(err)
	}
	keys := map[merchant.Set]string{}
	sets := []merchant.Set{merchant.Owner, merchant.Agent, merchant.Developer, merchant.Viewer}
	if kind == merchant.Network {
		sets = []merchant.Set{merchant.Owner, merchant.Viewer, merchant.Operator}
	}
	for _, s := range sets {
		keys[s] = w.key(m, merchant.NewKey{Set: s, Label: string(s)})
	}
	return m, keys
}

func (w *world) key(m ident.Merchant, in merchant.NewKey) (secret string) {
	w.T.Helper()
	w.Do(m, func(tx *flow.Tx) (err error) {
		_, secret, err = merchant.IssueKey(tx, m, in)
		return err
	})
	return secret
}

// shop is a merchant that can sell: a stock point, a carrier, a service, a price.
type shop struct {
	w       *world
	id      ident.Merchant
	keys    map[merchant.Set]string
	stock   StockPoint
	carrier Connection
	service Service
	visits  Service // by appointment, once somebody asked for it

	printer Connection // that makes labels, once something may come back
	clerk   string     // secret of an agent's key that no set of the matrix has
}

func (w *world) shop() *shop {
	w.T.Helper()
	s := &shop{w: w}
	s.id, s.keys = w.organisation(merchant.Merchant)
	owner := s.as(merchant.Owner)
	owner.must(201, "POST", "/api/v1/stock-points", stockPoint, &s.stock)
	owner.must(201, "POST", "/api/v1/connections", `{"adapter":"simulated","name":"Colis Express","zone":"Europe/Paris","grace_seconds":3600}`, &s.carrier)
	owner.must(201, "POST", "/api/v1/services", s.serviceBody(), &s.service)
	owner.must(201, "POST", "/api/v1/tariffs", fmt.Sprintf(`{"service":%q,"price":{"minor":590,"currency":"EUR"}}`, s.service.ID), nil)
	s.keys[merchant.Browser] = s.browserKey().Public
	s.keys[merchant.Carrier] = w.key(s.id, merchant.NewKey{Set: merchant.Carrier, Connection: s.carrier.ID, Label: "carrier"})
	return s
}

const stockPoint = `{"name":"Atelier","country":"FR","postcode":"69002","zone":"Europe/Paris",
	"cutoffs":{"monday":"16:00","tuesday":"16:00","wednesday":"16:00","thursday":"16:00","friday":"16:00"}}`

func (s *shop) serviceBody() string {
	return fmt.Sprintf(`{"carrier":%q,"name":"À domicile","mode":"home","countries":["FR"],
		"collects":["monday","tuesday","wednesday","thursday","friday"],
		"delivers":["monday","tuesday","wednesday","thursday","friday","saturday"],
		"region":"FR","standards":[{"days":1,"class":"agglomeration"},{"days":2,"class":"elsewhere"}]}`, s.carrier.ID)
}

// storefront is where the shop's own pages are.
func (s *shop) storefront() string {
	return "https://" + strings.TrimPrefix(string(s.id), "mer_") + ".example"
}

// browserKey is a new key for them.
func (s *shop) browserKey() (k merchant.BrowserKey) {
	s.w.T.Helper()
	s.w.Do(s.id, func(tx *flow.Tx) (err error) {
		k, err = merchant.IssueBrowserKey(tx, s.id, "boutique", []string{s.storefront()})
		return err
	})
	return k
}

// caller is somebody with a key.
type caller struct {
	w      *world
	secret string
	header http.Header
	twin   bool // asks the other node
}

func (s *shop) as(set merchant.Set) caller {
	if set == merchant.Browser {
		return s.w.with(s.keys[set]).saying("Origin", s.storefront())
	}
	return s.w.with(s.keys[set])
}

func (w *world) with(secret string) caller {
	return caller{w: w, secret: secret, header: http.Header{}}
}

// saying adds a header.
func (c caller) saying(name, value string) caller {
	c.header = c.header.Clone()
	c.header.Set(name, value)
	return c
}

// call makes a request. The caller has an address of its own each time, so that
// wrong keys do not run into the limit.
func (c caller) call(method, path, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	n := c.w.callers.Add(1)
	r.RemoteAddr = fmt.Sprintf("10.%d.%d.%d:4711", n>>16&255, n>>8&255, n&255)
	r.Header = c.header.Clone()
	if r.Header.Get("Content-Type") == "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if c.secret != "" {
		r.Header.Set("Authorization", "Bearer "+c.secret)
	}
	out, door := httptest.NewRecorder(), c.w.api
	if c.twin {
		door = c.w.twin
	}
	door.ServeHTTP(out, r)
	if out.Code < 300 {
		c.w.visit(r)
	}
	return out
}

// visit notes which operation answered well.
func (w *world) visit(r *http.Request) {
	_, pattern := w.api.mux.Handler(r)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.visited[pattern] = true
}

// must calls, insists on a status and reads the answer.
func (c caller) must(status int, method, path, body string, out any) {
	c.w.T.Helper()
	answer := c.call(method, path, body)
	if answer.Code != status {
		c.w.T.Fatalf("%s %s: %d, want %d: %s", method, path, answer.Code, status, answer.Body)
	}
	if out == nil {
		return
	}
	d := json.NewDecoder(answer.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(out); err != nil {
		c.w.T.Fatalf("%s %s: %v", method, path, err)
	}
}

// refused calls and gives the problem.
func (c caller) refused(status int, method, path, body string) (p Problem) {
	c.w.T.Helper()
	answer := c.call(method, path, body)
	if answer.Code != status {
		c.w.T.Fatalf("%s %s: %d, want %d: %s", method, path, answer.Code, status, answer.Body)
	}
	if kind := answer.Header().Get("Content-Type"); kind != "application/problem+json" {
		c.w.T.Errorf("%s %s: refused as %s", method, path, kind)
	}
	if err := json.Unmarshal(answer.Body.Bytes(), &p); err != nil {
		c.w.T.Fatal(err)
	}
	return p
}

// lines is a basket of one article.
const lines = `[{"sku":"HUI","name":"Huile d'olive","units":2,"unit_price":{"minor":1490,"currency":"EUR"},"grams":980}]`

func quoteBody(country, postcode string) string {
	return fmt.Sprintf(`{"destination":{"country":%q,"postcode":%q},"lines":%s}`, country, postcode, lines)
}

// orderBody is an order to Lyon; more is further fields, ending in a comma.
func orderBody(reference, more string) string {
	return fmt.Sprintf(`{"reference":%q,%s"shopper":{"email":"camille@example.com","name":"Camille Durand","phone":"+33639980001","locale":"fr"},
		"lines":%s,"ship_to":{"name":"Camille Durand","street":"3 rue des Lilas","postcode":"69003","city":"Lyon","country":"FR"}}`, reference, more, lines)
}

// order places one with a promised date.
func (s *shop) order(reference string) (o Order) {
	s.w.T.Helper()
	dev := s.as(merchant.Developer)
	var q Quote
	dev.must(200, "POST", "/api/v1/quotes", quoteBody("FR", "69003"), &q)
	if len(q.Options) == 0 {
		s.w.T.Fatalf("nothing on offer: %+v", q.Hidden)
	}
	dev.saying(keyHeader, "order-"+reference).
		must(201, "POST", "/api/v1/orders", orderBody(reference, fmt.Sprintf(`"token":%q,`, q.Options[0].Token)), &o)
	return o
}

// parcel announces one for an order.
func (s *shop) parcel(o Order, number string) (p Parcel) {
	s.w.T.Helper()
	body := fmt.Sprintf(`{"carrier":%q,"number":%q}`, s.carrier.ID, number)
	s.as(merchant.Developer).must(201, "POST", "/api/v1/orders/"+string(o.ID)+"/parcels", body, &p)
	return p
}

// scan reports one event, as the carrier.
func (s *shop) scan(number, status, at string) (r Received) {
	s.w.T.Helper()
	body := fmt.Sprintf(`{"events":[{"tracking_number":%q,"status":%q,"occurred_at":%q}]}`, number, status, at)
	s.as(merchant.Carrier).must(202, "POST", "/api/v1/events", body, &r)
	return r
}
