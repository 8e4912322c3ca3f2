package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"

	"github.com/promesse-dev/promesse/internal/bench/limit"
	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Doors builds the product on a database: its flow with its errands, and its API.
// The adapter "simulated" draws labels; app gives it.
type Doors func(*db.DB, *flow.Clock) (*flow.Flow, http.Handler, error)

// Sizes of the benchmark of returns.
const (
	returnsEach  = 40 // full returns a round
	returnsAsked = 4  // shops' servers that ask at the same time
)

// returnGoal is what a full return may cost beside its parts done by hand.
var returnGoal = Goal{"cpu", "<=", 2}

// Returns measures full returns through the API, over loopback: what may come
// back, the ways, the request, its label, the deposit, the scan at the warehouse,
// the inspection, the decision, what is to pay, and the shop's word that it is
// paid; with everything that follows from them, but that letters, which are
// decided on and queued, are not written: no mail server is there, as in commit
// and fire. The limit writes the same rows in the same transactions, answers as
// many requests of the same sizes by a handler that does nothing, and draws as
// many labels.
func Returns(ctx context.Context, url string, open Doors) (c Case, done func() error, err error) {
	b := &returning{}
	build := func(d *db.DB, clock *flow.Clock) (f *flow.Flow, err error) {
		f, b.handler, err = open(d, clock)
		return f, err
	}
	if b.rig, err = newRig(ctx, url, build, func(ctx context.Context, s shop) error { return b.furnish(ctx, s) }); err != nil {
		return c, nil, err
	}
	if b.labels, err = limit.NewLabels(); err != nil {
		return c, nil, err
	}
	b.product, b.floor = httptest.NewServer(b.handler), httptest.NewServer(limit.Floor())
	return b.compare(ctx), b.close, nil
}

// returning is a shop whose orders come back, round after round.
type returning struct {
	*rig
	handler        http.Handler
	labels         *limit.Labels
	product, floor *httptest.Server
	asks, decides  string // secrets of keys: who asked for a return does not decide it
	round          int
	orders         []string

	mu    sync.Mutex
	calls []exchange
}

// exchange is a request as it travelled: how much, each way.
type exchange struct{ sent, got int }

func (b *returning) close() error {
	b.product.Close()
	b.floor.Close()
	return b.rig.close()
}

// furnish fills a shop with delivered orders, and has it take articles back.
func (b *returning) furnish(ctx context.Context, s shop) error {
	n := returnsEach * (Pairs + 1)
	err := s.sell(ctx, sale{n: n, parcels: true, until: func(int) civil.Instant { return began.Add(1) }})
	if err != nil {
		return err
	}
	err = s.scanAll(ctx, n, carrier.Report{Status: fact.Delivered, Code: "done", Source: fact.FromCarrier, At: began, Precision: fact.Exact})
	if err != nil {
		return err
	}
	err = s.flow.One(ctx, "bench", s.merchant, func(tx *flow.Tx) (err error) {
		if _, b.decides, err = merchant.IssueKey(tx, s.merchant, merchant.NewKey{Set: merchant.Owner, Label: "decides"}); err == nil {
			_, b.asks, err = merchant.IssueKey(tx, s.merchant, merchant.NewKey{Set: merchant.Owner, Label: "asks"})
		}
		return err
	})
	if err != nil {
		return err
	}
	inside := httptest.NewServer(b.handler)
	defer inside.Close()
	c := caller{base: inside.URL, key: b.asks, from: b}
	if err := c.settings(ctx, s); err != nil {
		return err
	}
	if b.orders, err = c.list(ctx, n); err != nil {
		return err
	}
	b.calls = nil
	return deliver(ctx, s.flow)
}

// compare is the case. The product comes first: the limit writes what it wrote.
func (b *returning) compare(ctx context.Context) Case {
	var next Sample
	return Case{
		Name: "return", Case: fmt.Sprintf("%s, from eligibility to money", b.handle.Engine()), Goal: returnGoal,
		Limit: func() (s Sample, err error) {
			mine := b.orders[b.round*returnsEach : (b.round+1)*returnsEach]
			b.round, b.calls = b.round+1, nil
			if next, err = b.rig.product(returnsEach, func() error { return b.live(ctx, mine) }); err != nil {
				return s, err
			}
			return b.byHand(ctx)
		},
		Product: func() (Sample, error) { return next, nil },
	}
}

// byHand is the limit.
func (b *returning) byHand(ctx context.Context) (Sample, error) {
	calls := b.calls
	m := start(b.pg)
	for _, g := range b.groups {
		if err := b.limit.Write(g); err != nil {
			return Sample{}, err
		}
	}
	c := caller{base: b.floor.URL}
	for _, x := range calls {
		if _, err := c.send(ctx, http.MethodPost, fmt.Sprintf("/?n=%d", x.got), make([]byte, x.sent)); err != nil {
			return Sample{}, err
		}
	}
	for i := range returnsEach {
		if _, err := b.labels.Draw(labelLines(i), bars(i), link(i)); err != nil {
			return Sample{}, err
		}
	}
	return m.stop(returnsEach), nil
}

// live brings returns through, stage by stage: errands run between them, as they
// do beside a service's requests.
func (b *returning) live(ctx context.Context, orders []string) error {
	returns := make([]sentBack, len(orders))
	stage := func(do func(c caller, i int) error) error {
		err := sideBySide(returnsAsked, func(worker int) error {
			for i := worker; i < len(orders); i += returnsAsked {
				if err := do(caller{base: b.product.URL, from: b}, i); err != nil {
					return fmt.Errorf("return %d: %w", i, err)
				}
			}
			return nil
		})
		if err == nil {
			err = deliver(ctx, b.flow)
		}
		return err
	}
	err := stage(func(c caller, i int) (err error) {
		returns[i], err = c.as(b.asks).ask(ctx, orders[i])
		return err
	})
	if err != nil {
		return err
	}
	err = stage(func(c caller, i int) error { return c.as(b.decides).work(ctx, returns[i]) })
	if err != nil {
		return err
	}
	return stage(func(c caller, i int) error { return c.as(b.decides).pay(ctx, orders[i]) })
}

// caller is a shop's server.
type caller struct {
	base, key string
	from      *returning // who counts what travels; nil: nobody
}

func (c caller) as(key string) caller {
	c.key = key
	return c
}

// sentBack is a return that was asked for, of one line.
type sentBack struct{ id, line string }

// ask is a return from the question to its label.
func (c caller) ask(ctx context.Context, order string) (out sentBack, err error) {
	root := "/api/v1/orders/" + order + "/returns"
	var e struct {
		Lines []struct{ Line string }
	}
	if err := c.call(ctx, http.MethodGet, root+"/eligibility", nil, &e); err != nil {
		return out, err
	}
	out.line = e.Lines[0].Line
	items := []any{map[string]any{"line": out.line, "units": 1, "reason": "wrong_size", "condition": "opened"}}
	if err := c.call(ctx, http.MethodPost, root+"/options", map[string]any{"items": items}, nil); err != nil {
		return out, err
	}
	var r struct{ ID string }
	if err := c.call(ctx, http.MethodPost, root, map[string]any{"items": items, "route": "relay"}, &r); err != nil {
		return out, err
	}
	out.id = r.ID
	return out, c.call(ctx, http.MethodPost, "/api/v1/returns/"+r.ID+"/label", map[string]any{"format": "pdf_10x15"}, nil)
}

// work is what happens at the counter and in the warehouse.
func (c caller) work(ctx context.Context, r sentBack) error {
	root := "/api/v1/returns/" + r.id
	if err := c.call(ctx, http.MethodPost, root+"/deposit", map[string]any{"source": "counter", "place": "Tabac du Port, Lyon", "clerk": "Nadia"}, nil); err != nil {
		return err
	}
	if err := c.call(ctx, http.MethodPost, root+"/receive", nil, nil); err != nil {
		return err
	}
	found := []any{map[string]any{"line": r.line, "condition": "opened", "outcome": "restock"}}
	if err := c.call(ctx, http.MethodPost, root+"/inspect", map[string]any{"findings": found}, nil); err != nil {
		return err
	}
	return c.call(ctx, http.MethodPost, root+"/decide", map[string]any{"outcome": "full"}, nil)
}

// pay is the shop that was asked to.
func (c caller) pay(ctx context.Context, order string) error {
	var owed struct {
		Items []struct{ ID, State string }
	}
	if err := c.call(ctx, http.MethodGet, "/api/v1/refunds?order="+order, nil, &owed); err != nil {
		return err
	}
	if len(owed.Items) != 1 || owed.Items[0].State != "asked" {
		return fmt.Errorf("order %s is owed %+v", order, owed)
	}
	return c.call(ctx, http.MethodPost, "/api/v1/refunds/"+owed.Items[0].ID+"/confirm", map[string]any{"reference": "V-" + order}, nil)
}

// settings has the shop take articles back over its only carrier.
func (c caller) settings(ctx context.Context, s shop) error {
	account := map[string]any{"account": map[string]any{"name": "bench"}}
	if err := c.call(ctx, http.MethodPut, "/api/v1/connections/"+string(s.connection)+"/account", account, nil); err != nil {
		return err
	}
	var conditions map[string]any
	if err := c.call(ctx, http.MethodGet, "/api/v1/returns/conditions", nil, &conditions); err != nil {
		return err
	}
	delete(conditions, "$schema")
	conditions["carriers"] = []any{map[string]any{"route": "relay", "carrier": s.connection}}
	conditions["warehouse"] = map[string]any{
		"name": "Retours", "street": "1 quai Nord", "postcode": "69007", "city": "Lyon", "country": "FR", "email": "retours@example.test",
	}
	return c.call(ctx, http.MethodPut, "/api/v1/returns/conditions", conditions, nil)
}

// list is the ids of orders.
func (c caller) list(ctx context.Context, n int) (ids []string, err error) {
	for after := ""; len(ids) < n; {
		var page struct {
			Items []struct{ ID string }
			Next  string
		}
		if err := c.call(ctx, http.MethodGet, "/api/v1/orders?limit=100&after="+after, nil, &page); err != nil {
			return nil, err
		}
		for _, o := range page.Items {
			ids = append(ids, o.ID)
		}
		if after = page.Next; after == "" {
			break
		}
	}
	if len(ids) < n {
		return nil, fmt.Errorf("%d orders of %d", len(ids), n)
	}
	return ids, nil
}

// call is one operation of the API.
func (c caller) call(ctx context.Context, method, path string, body, out any) (err error) {
	var raw []byte
	if body != nil {
		if raw, err = json.Marshal(body); err != nil {
			return err
		}
	}
	got, err := c.send(ctx, method, path, raw)
	if err != nil || out == nil {
		return err
	}
	return json.Unmarshal(got, out)
}

func (c caller) send(ctx context.Context, method, path string, body []byte) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, method, c.base+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	if c.key != "" {
		r.Header.Set("Authorization", "Bearer "+c.key)
		r.Header.Set("Idempotency-Key", path)
	}
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	got, err := io.ReadAll(a.Body)
	if err = errors.Join(err, a.Body.Close()); err == nil && a.StatusCode >= http.StatusMultipleChoices {
		err = fmt.Errorf("%s %s: %s: %s", method, path, a.Status, got)
	}
	if c.from != nil {
		c.from.count(exchange{len(body), len(got)})
	}
	return got, err
}

func (b *returning) count(x exchange) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.calls = append(b.calls, x)
}
