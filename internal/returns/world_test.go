package returns_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/carbon"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/core/vault"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/blob"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/egress"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
	"github.com/promesse-dev/promesse/internal/relay"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/shopper"
	"github.com/promesse-dev/promesse/internal/tracking"
)

var ctx = context.Background()

// printer is a carrier that makes labels: one number more each time it is asked.
type printer struct {
	mu     sync.Mutex
	made   int
	voided []string
	asked  []carrier.LabelRequest
	says   error
}

func (p *printer) Offer(carrier.Account, fact.Route, string) (carrier.Offer, bool) {
	return carrier.Offer{Formats: carrier.LabelFormats, MaxGrams: 30_000, MaxInsured: euros(1000_00), Points: true}, true
}

func (p *printer) Label(_ context.Context, _ *egress.Client, _ carrier.Connection, _ carrier.Account, r carrier.LabelRequest) (carrier.Issued, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.says != nil {
		return carrier.Issued{}, p.says
	}
	p.made++
	p.asked = append(p.asked, r)
	return carrier.Issued{
		Number: fmt.Sprintf("BACK%d", p.made), Format: r.Format, Document: []byte("%PDF-1.4"), ContentType: blob.PDF, Code: r.Key,
	}, nil
}

func (p *printer) Void(_ context.Context, _ *egress.Client, _ carrier.Connection, _ carrier.Account, number string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.voided = append(p.voided, number)
	return nil
}

func (p *printer) AccountFields() []carrier.AccountField {
	return []carrier.AccountField{{Name: "login", Required: true}}
}

// shop is a shop of clothes in Lyon, in a world where it is Monday 2 March 2026,
// 09:00 in Paris.
type shop struct {
	*flowtest.World
	t       testing.TB
	m       ident.Merchant
	office  *returns.Office
	printer *printer
	line    ident.Connection
	camille ident.Shopper
	owner   ident.Staff
	agents  []ident.Staff
	placed  int
}

func open(t testing.TB) *shop {
	t.Helper()
	attach := flow.Reaction{
		On: "order.parcel_announced", Name: "tracking.Attach", Mode: flow.May, Run: tracking.Attach,
		Emits: []fact.Kind{"tracking.moved", "tracking.disputed"},
	}
	routes := append(append(order.Reactions(), attach), returns.Reactions()...)
	s := &shop{World: flowtest.New(t, routes...), t: t, office: returns.NewOffice(carbon.Default()), printer: &printer{}}
	for _, w := range returns.Sweeps() {
		s.Watch(w)
	}
	err := s.Write(ctx, "test", nil, func(tx *flow.Tx) error {
		o, err := merchant.Create(tx, merchant.NewOrganisation{
			Kind: merchant.Merchant, Name: "Au Fil", Country: "FR", Zone: "Europe/Paris", Locale: lang.French, Currency: money.EUR,
		})
		s.m = o.ID
		return err
	})
	s.must(err)
	s.furnish()
	return s
}

func (s *shop) furnish() {
	s.t.Helper()
	keys, err := vault.New(make([]byte, vault.Size))
	s.must(err)
	adapters := carrier.Adapters{"printer": s.printer}
	s.Do(s.m, func(tx *flow.Tx) error {
		c, err := carrier.Connect(tx, s.m, carrier.Connection{Adapter: "printer", Name: "Le Transporteur", Zone: "Europe/Paris"})
		if err != nil {
			return err
		}
		s.line = c.ID
		if err := adapters.SetAccount(tx, keys, s.m, c.ID, carrier.Account{Fields: map[string]string{"login": "x"}}); err != nil {
			return err
		}
		s.camille, err = shopper.Register(tx, s.m, shopper.NewShopper{Email: "camille@example.org", Name: "Camille", Locale: lang.French})
		return err
	})
	s.Do(s.m, func(tx *flow.Tx) error {
		for i, set := range []merchant.Set{merchant.Owner, merchant.Agent, merchant.Agent, merchant.Agent} {
			hired, err := merchant.Hire(tx, s.m, merchant.NewStaff{Email: fmt.Sprintf("staff%d@example.org", i), Name: "S", Set: set})
			if err != nil {
				return err
			}
			if i == 0 {
				s.owner, s.agents = hired.ID, nil
				continue
			}
			s.agents = append(s.agents, hired.ID)
		}
		return returns.SetConditions(tx, s.m, s.conditions())
	})
	s.Do(s.m, func(tx *flow.Tx) error {
		_, err := returns.SetNotice(tx, s.m, "Vous disposez de quatorze jours…")
		return err
	})
	issuer := &carrier.Issuer{Flow: s.Flow, Vault: keys, Out: egress.New(egress.Options{Wall: s.Clock().Wall}), Adapters: adapters}
	for _, e := range returns.Errands(issuer) {
		s.Handle(e)
	}
}

func (s *shop) conditions() returns.Conditions {
	c := returns.DefaultConditions()
	c.Carriers = map[fact.Route]ident.Connection{fact.BackByRelay: s.line, fact.BackByPost: s.line, fact.BackByPickup: s.line}
	c.Stores = true
	c.Warehouse = carrier.Contact{
		Address: order.Address{Name: "Au Fil, retours", Street: "1 rue du Fil", Postcode: "69007", City: "Lyon", Country: "FR"},
		Email:   "retours@aufil.example",
	}
	return c
}

func (s *shop) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// by runs a verb on behalf of somebody.
func (s *shop) by(who ident.Staff, verb func(*flow.Tx) error) error {
	return s.One(ctx, flow.ByStaff(who), s.m, verb)
}

// bought is an order with its lines.
type bought struct {
	order.Order
	coat, scarf, delivery ident.Line
}

// buys places an order: 1 coat at 120.00 of 1,400 g, 3 scarves at 25.00 of 100 g,
// delivered for 5.90.
func (s *shop) buys(change ...func(*order.New)) (b bought) {
	s.t.Helper()
	s.placed++
	in := order.New{
		Reference: fmt.Sprintf("R-%d", s.placed), Shopper: s.camille, Locale: lang.French, Currency: money.EUR,
		Lines: []order.Line{
			{SKU: fmt.Sprintf("COAT-%d", s.placed), Name: "manteau", Units: 1, Unit: euros(12000), Grams: 1400},
			{SKU: fmt.Sprintf("SCARF-%d", s.placed), Name: "écharpe", Units: 3, Unit: euros(2500), Grams: 100},
		},
		DeliveryFee: euros(590),
		Ship:        order.Address{Name: "Camille Dupré", Street: "3 quai du Port", Postcode: "75011", City: "Paris", Country: "FR"},
	}
	for _, c := range change {
		c(&in)
	}
	s.Do(s.m, func(tx *flow.Tx) (err error) {
		b.Order, _, err = order.Place(tx, s.m, in)
		return err
	})
	b.coat, b.scarf, b.delivery = b.Lines[0].ID, b.Lines[1].ID, b.Lines[2].ID
	return b
}

// sends announces a parcel with all of an order, and has it delivered at an instant.
func (s *shop) delivers(b bought, at civil.Instant) {
	s.t.Helper()
	number := "OUT" + b.Reference
	s.Do(s.m, func(tx *flow.Tx) error {
		_, _, err := order.Announce(tx, s.m, order.NewParcel{Order: b.ID, Connection: s.line, Number: number})
		return err
	})
	s.scan(number, fact.Delivered, at)
}

// scan is one event of the carrier.
func (s *shop) scan(number string, status fact.Status, at civil.Instant) {
	s.t.Helper()
	s.scanned(number, status, at, fact.TrustSigned)
}

func (s *shop) scanned(number string, status fact.Status, at civil.Instant, trust fact.Trust) {
	s.t.Helper()
	s.Do(s.m, func(tx *flow.Tx) error {
		body := fmt.Sprintf("%s %s %d %s", number, status, at, trust)
		_, err := tracking.Receive(tx, s.m, []tracking.Delivery{{
			Payload: tracking.Payload{Connection: s.line, ContentType: "text/plain", Body: []byte(body), Trust: trust},
			Reports: []carrier.Report{{Number: number, Code: string(status), Status: status, At: at, Precision: fact.Exact, Source: fact.FromCarrier}},
		}})
		return err
	})
}

// had is an order that is in Camille's hands since an hour ago.
func (s *shop) had(change ...func(*order.New)) bought {
	s.t.Helper()
	b := s.buys(change...)
	s.Pass(48 * time.Hour)
	s.delivers(b, s.Clock().Now().Add(-time.Hour))
	return b
}

func (s *shop) wants(b bought, units map[ident.Line]int, reason string, change ...func(*returns.Wanted)) returns.Wanted {
	w := returns.Wanted{Key: "k" + b.Reference, Order: b.ID, Shopper: s.camille, Route: fact.BackByRelay}
	for _, l := range b.Lines {
		if n := units[l.ID]; n != 0 {
			w.Items = append(w.Items, returns.Item{Line: l.ID, Units: n, Reason: reason})
		}
	}
	for _, c := range change {
		c(&w)
	}
	return w
}

// point is a place of a network where parcels may be left.
func (s *shop) point(network string) (p relay.Point) {
	s.t.Helper()
	s.Do(s.m, func(tx *flow.Tx) error {
		_, err := relay.Feed(tx, s.m, network, []relay.Point{{
			Code: "P1", Kind: relay.Shop, Name: "Tabac du Port", Street: "2 quai du Port", Postcode: "75011", City: "Paris", Country: "FR",
			Zone: "Europe/Paris", Services: []string{relay.Send}, At: geo.Point{Lat: 48.86, Lon: 2.38},
		}}, true)
		if err != nil {
			return err
		}
		p, err = relay.ByCode(tx.Tx, network, "P1")
		return err
	})
	return p
}

func (s *shop) asks(w returns.Wanted) (r returns.Return, fresh bool, err error) {
	err = s.One(ctx, flow.ByShopper(w.Shopper), s.m, func(tx *flow.Tx) (err error) {
		r, fresh, err = s.office.Request(tx, s.m, w)
		return err
	})
	return r, fresh, err
}

// asked is a return that was asked for and accepted.
func (s *shop) asked(w returns.Wanted) returns.Return {
	s.t.Helper()
	r, fresh, err := s.asks(w)
	if err != nil || !fresh {
		s.t.Fatalf("fresh %v: %v", fresh, err)
	}
	return r
}

func (s *shop) get(id ident.Return) (r returns.Return) {
	s.t.Helper()
	s.See(func(tx *db.Tx) (err error) {
		r, err = returns.Get(tx, s.m, id)
		return err
	})
	return r
}

// inState fails the test when a return is in another state.
func (s *shop) inState(law string, id ident.Return, want returns.State) returns.Return {
	s.t.Helper()
	r := s.get(id)
	if r.State != want {
		s.t.Errorf("%s: %s, want %s", law, r.State, want)
	}
	return r
}

// back brings a return through label, deposit and reception, and writes down that
// all is well with it.
func (s *shop) back(r returns.Return, b bought) returns.Return {
	s.t.Helper()
	s.labels(r.ID)
	s.must(s.deposit(r.ID, returns.Left{Source: returns.AtCounter, Place: "Tabac du Port, Paris"}))
	s.Pass(72 * time.Hour)
	s.inspects(r.ID, b)
	return s.get(r.ID)
}

func (s *shop) labels(id ident.Return) {
	s.t.Helper()
	s.Do(s.m, func(tx *flow.Tx) error {
		_, err := returns.AskLabel(tx, s.m, id, carrier.QR)
		return err
	})
	s.Quiet()
}

func (s *shop) deposit(id ident.Return, l returns.Left) error {
	return s.Try(s.m, func(tx *flow.Tx) error {
		_, err := returns.Deposit(tx, s.m, id, l)
		return err
	})
}

// inspects finds every unit as it should be. The first agent is the inspector.
func (s *shop) inspects(id ident.Return, _ bought, change ...func(*returns.Inspection)) {
	s.t.Helper()
	var in returns.Inspection
	s.See(func(tx *db.Tx) error {
		of, err := returns.Items(tx, s.m, []ident.Return{id})
		for _, i := range of[id] {
			for range i.Units {
				in.Findings = append(in.Findings, returns.Finding{Line: i.Line, Condition: returns.Opened, Outcome: returns.Restock})
			}
		}
		return err
	})
	for _, c := range change {
		c(&in)
	}
	s.must(s.by(s.agents[0], func(tx *flow.Tx) error {
		_, err := returns.Inspect(tx, s.m, id, in)
		return err
	}))
}

func (s *shop) decides(who ident.Staff, id ident.Return, in returns.Ruling) (d returns.Decision, err error) {
	err = s.by(who, func(tx *flow.Tx) (err error) {
		d, err = returns.Decide(tx, s.m, id, in)
		return err
	})
	return d, err
}

func euros(minor int64) money.Amount { return money.Of(minor, money.EUR) }

// refused fails the test when an error is not the one fault.
func refused(t testing.TB, law string, err error, code, field string) {
	t.Helper()
	all := fault.All(err)
	if len(all) != 1 || all[0].Code != code || field != "" && all[0].Field != field {
		t.Errorf("%s: %v, want %s at %s", law, err, code, field)
	}
}

// told are the facts about an order of one kind.
func told[B fact.Body](s *shop, o ident.Order) (bodies []B) {
	s.t.Helper()
	s.See(func(tx *db.Tx) error {
		facts, err := flow.Timeline(tx, s.m, string(o))
		for _, f := range facts {
			if b, ok := f.Body.(B); ok {
				bodies = append(bodies, b)
			}
		}
		return err
	})
	return bodies
}

// errDead is an error that no fault explains.
var errDead = errors.New("the line is dead")

// made gives every line of an order the same traits.
func made(t order.Traits) func(*order.New) {
	return func(in *order.New) {
		for i := range in.Lines {
			in.Lines[i].Traits = t
		}
	}
}

var dangerous = made(order.Traits{Handling: []string{"dangerous"}})
