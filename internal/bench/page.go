package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/tracking"
)

// The orders whose pages are read: each has two parcels with ten events each. A
// round reads so many that nobody has read before, or one so many times.
const (
	parcelsEach = 2
	eventsEach  = 10
	coldReads   = 200
	hotReads    = 4000
)

// maxPageKB is what a page may be on the wire, with its scripts.
const maxPageKB = 20

// Weight is what the browser of a new visitor loads, in bytes as they travel.
type Weight struct {
	Page    int     `json:"page_bytes"`
	Scripts int     `json:"script_bytes"`
	KB      float64 `json:"kb"`
}

// Pages measures the order's page on SQLite: made anew, beside a handler that
// reads the same tables by hand, renders the same pieces, packs and sends them;
// made before, beside a handler that sends those bytes; and what it weighs.
// Product and limit are processes of their own, so that what is measured is theirs.
func Pages(ctx context.Context, what Service) (lines []Line, err error) {
	s, err := newInstallation(what)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.remove()) }()
	if _, err := s.print(ctx, (Pairs+1)*coldReads+1, eventsEach); err != nil {
		return nil, fmt.Errorf("fill: %w", err)
	}
	_, err = s.serve(ctx, func(base string, pid int) error {
		if err := rest(pid); err != nil {
			return err
		}
		product := server{base, pid}
		page, err := text(ctx, base+pageOf(0))
		if err != nil {
			return err
		}
		heavy, err := weigh(base, page)
		if err != nil {
			return err
		}
		lines = []Line{{Name: "page", Case: "on the wire", Pairs: 1, Product: heavy, Goal: Goal{"kb", "<=", maxPageKB}, OK: heavy.KB <= maxPageKB}}
		return s.beside(ctx, page, func(limit server) error {
			more, err := pageCases(product, limit)
			lines = append(more, lines...)
			return err
		})
	})
	return lines, err
}

func pageCases(product, limit server) (lines []Line, err error) {
	cold := func(round int) []string { return pagesFrom(1+round*coldReads, coldReads) }
	limits, products := 0, 0
	for _, c := range []Case{{
		Name: "page", Case: "cold", Goal: Goal{"cpu", "<=", 2},
		Limit:   func() (Sample, error) { limits++; return limit.reads(cold(limits - 1)) },
		Product: func() (Sample, error) { products++; return product.reads(cold(products - 1)) },
	}, {
		Name: "page", Case: "hot", Goal: Goal{"cpu", "<=", 1.5},
		Limit:   func() (Sample, error) { return limit.reads(slices.Repeat([]string{"/floor"}, hotReads)) },
		Product: func() (Sample, error) { return product.reads(slices.Repeat([]string{pageOf(0)}, hotReads)) },
	}} {
		l, err := c.Run()
		if err != nil {
			return nil, fmt.Errorf("%s, %s: %w", c.Name, c.Case, err)
		}
		lines = append(lines, l)
	}
	return lines, nil
}

// beside runs the limit in a process of its own; for pages, on the product's
// database and with one of its pages.
func (s installation) beside(ctx context.Context, page []byte, meanwhile func(server) error) (err error) {
	addr, err := freeAddress()
	if err != nil {
		return err
	}
	args := []string{"bench-limit", "--addr", addr, "--db", s.url()}
	if page != nil {
		file := filepath.Join(s.dir, "page.html")
		if err := os.WriteFile(file, page, 0o600); err != nil {
			return err
		}
		args = append(args, "--page", file)
	}
	c := s.run(ctx, args...)
	c.Stderr = os.Stderr
	if err := c.Start(); err != nil {
		return err
	}
	defer func() {
		stop := c.Process.Signal(os.Interrupt)
		err = errors.Join(err, stop, c.Wait())
	}()
	base := "http://" + addr
	if err := firstPage(ctx, base+"/", time.Now().Add(30*time.Second)); err != nil {
		return err
	}
	return meanwhile(server{base, c.Process.Pid})
}

var script = regexp.MustCompile(`<script[^>]* src="\.\.(/[^"]+)"`)

// weigh adds up what a browser that was never here loads for a page.
func weigh(base string, page []byte) (w Weight, err error) {
	if w.Page, err = size(base, pageOf(0)); err != nil {
		return w, err
	}
	for _, m := range script.FindAllSubmatch(page, -1) {
		n, err := size(base, string(m[1]))
		if err != nil {
			return w, err
		}
		w.Scripts += n
	}
	w.KB = float64(w.Page+w.Scripts) / 1024
	return w, nil
}

// linkOf is the link of an order, in place of one that the master key gives.
func linkOf(i int) string { return fmt.Sprintf("bench-%016d", i) }

func pageOf(i int) string { return "/p/" + linkOf(i) }

func pagesFrom(first, n int) (paths []string) {
	for i := first; i < first+n; i++ {
		paths = append(paths, pageOf(i))
	}
	return paths
}

// print fills the installation with orders on the road, and has their letters
// leave. It answers keys.
func (s installation) print(ctx context.Context, n, events int) (k keys, err error) {
	wall := flow.RealClock().Wall
	now := wall()
	clock := flow.NewClock(now.Add(-72*time.Hour), 0, wall)
	d, f, err := s.open(ctx, clock)
	if err != nil {
		return k, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	shop, err := openShop(ctx, f)
	if err != nil {
		return k, err
	}
	if err := shop.send(ctx, n, now.Add(72*time.Hour)); err != nil {
		return k, err
	}
	for e := range events {
		at := now.Add(-time.Duration(events-e) * 6 * time.Hour)
		clock.Jump(at)
		if err := shop.scanAll(ctx, n*parcelsEach, scanOf(e, at)); err != nil {
			return k, err
		}
	}
	clock.Jump(now)
	if err := exhaust(ctx, f.Sweep); err != nil {
		return k, err
	}
	if err := deliver(ctx, f); err != nil {
		return k, err
	}
	return k, f.One(ctx, "bench", shop.merchant, func(tx *flow.Tx) (err error) {
		if _, k.owner, err = merchant.IssueKey(tx, shop.merchant, merchant.NewKey{Set: merchant.Owner, Label: "owner"}); err != nil {
			return err
		}
		_, k.carrier, err = merchant.IssueKey(tx, shop.merchant, merchant.NewKey{Set: merchant.Carrier, Connection: shop.connection, Label: "carrier"})
		return err
	})
}

// keys are those of a shop's owner and of its carrier.
type keys struct{ owner, carrier string }

// send places orders of two parcels each, due at an instant.
func (s shop) send(ctx context.Context, n int, until civil.Instant) error {
	for at := 0; at < n; at += saleBatch {
		err := s.flow.One(ctx, "bench", s.merchant, func(tx *flow.Tx) error {
			for i := at; i < min(at+saleBatch, n); i++ {
				if err := s.placeTwo(tx, i, until); err != nil {
					return fmt.Errorf("order %d: %w", i, err)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// placeTwo places an order of two parcels, due at an instant.
func (s shop) placeTwo(tx *flow.Tx, i int, until civil.Instant) error {
	who := s.shoppers[i%len(s.shoppers)]
	o, _, err := order.Place(tx, s.merchant, order.New{
		Reference: fmt.Sprintf("B-%d", i), Shopper: who, Locale: lang.French, Currency: money.EUR, Service: s.service,
		Lines: []order.Line{
			{SKU: "HUI", Name: "Huile d'olive de Nyons, bouteille de 75 cl", Units: 2, Unit: money.Of(1490, money.EUR), Grams: 980},
			{SKU: "SAV", Name: "Savon de Marseille, six pains", Units: 1, Unit: money.Of(1200, money.EUR), Grams: 1800},
			{SKU: "MIE", Name: "Miel de lavande, 500 g", Units: 3, Unit: money.Of(950, money.EUR), Grams: 500},
		},
		DeliveryFee: money.Of(590, money.EUR), Fingerprint: "bench",
		Ship:     order.Address{Name: "Camille Bench", Street: "3 rue des Lilas", Postcode: "69002", City: "Lyon", Country: "FR"},
		LinkHash: func(ident.Order) string { return ident.Hash(linkOf(i)) },
	})
	if err != nil {
		return err
	}
	c, err := promise.Commit(tx, s.merchant, promise.Promised{
		Quote: ident.New[ident.Quote](tx.Mint), Merchant: s.merchant, Service: s.service, Zone: "Europe/Paris",
		Until: until, Confidence: 0.95, Basis: promise.BasisOwn, Locale: lang.French, Shown: "Livré dans trois jours",
	}, o.ID, who)
	if err != nil {
		return err
	}
	if _, err := promise.CommitComplete(tx, s.merchant, c); err != nil {
		return err
	}
	lines, err := order.Lines(tx.Tx, s.merchant, o.ID)
	if err != nil {
		return err
	}
	for k, units := range []map[ident.Line]int{{lines[0].ID: 2, lines[1].ID: 1}, nil} {
		_, _, err := order.Announce(tx, s.merchant, order.NewParcel{
			Order: o.ID, Connection: s.connection, Service: s.service, Number: numberOf(i*parcelsEach + k), Units: units,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// stops are the places on the road, and what happens there.
var stops = []struct {
	status fact.Status
	where  string
}{
	{fact.PickedUp, "Nyons, agence"},
	{fact.InTransit, "Valence, plateforme de tri"},
	{fact.InTransit, "Saint-Priest, quai 12"},
	{fact.InTransit, "Saint-Priest, quai 40"},
	{fact.InTransit, "Vénissieux"},
	{fact.ArrivedLocal, "Lyon 2e, agence de distribution"},
	{fact.OutForDelivery, "Lyon 2e, en tournée"},
	{fact.FailedAttempt, "Lyon 2e, chez le destinataire"},
	{fact.ArrivedLocal, "Lyon 2e, retour à l'agence"},
	{fact.OutForDelivery, "Lyon 2e, en tournée"},
}

func scanOf(e int, at civil.Instant) carrier.Report {
	stop := stops[e]
	return carrier.Report{
		Status: stop.status, Code: fmt.Sprintf("E%02d", e), Label: "Votre colis : " + stop.where, Where: stop.where,
		Source: fact.FromCarrier, At: at, Precision: fact.Exact,
	}
}

// scanAll reports the same of all parcels.
func (s shop) scanAll(ctx context.Context, parcels int, what carrier.Report) error {
	for first := 0; first < parcels; first += saleBatch {
		d := tracking.Delivery{Payload: tracking.Payload{
			Connection: s.connection, ContentType: "application/json", Trust: fact.TrustSigned, Body: fmt.Append(nil, what.Code, " ", first),
		}}
		for i := first; i < min(first+saleBatch, parcels); i++ {
			what.Number = numberOf(i)
			d.Reports = append(d.Reports, what)
		}
		err := s.flow.One(ctx, "bench", s.merchant, func(tx *flow.Tx) error {
			_, err := tracking.Receive(tx, s.merchant, []tracking.Delivery{d})
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
