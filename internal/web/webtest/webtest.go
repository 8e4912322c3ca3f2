// Package webtest is for tests of pages: a shop that sells and ships in a real
// database, with the consequences a program would hang on it, and selectors over
// the HTML that a door sends.
package webtest

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/checkout"
	"github.com/promesse-dev/promesse/internal/core/carbon"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/core/vault"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/remedy"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/shopper"
	"github.com/promesse-dev/promesse/internal/survey"
	"github.com/promesse-dev/promesse/internal/tracking"
)

// Shop is a merchant that sells and ships: cut-off 16:00 on working days, one
// working day to agglomerations, two elsewhere, 5.90 euros.
type Shop struct {
	*flowtest.World
	ID      ident.Merchant
	Desk    *checkout.Desk
	Carrier ident.Connection
	Relay   ident.Service // to a point
}

// Open opens a world with one shop in it, on Monday 2 March 2026 at 09:00.
func Open(t testing.TB) *Shop {
	t.Helper()
	curves, policies := promise.NewCurves(), remedy.NewPolicies()
	remedies := []fact.Kind{"remedy.granted", "remedy.refused", "remedy.awaited"}
	w := flowtest.New(t, append(
		slices.Concat(order.Reactions(), lastmile.Reactions(), promise.Reactions(curves), promise.DeskReactions(), survey.Reactions(), returns.Reactions()),
		flow.Reaction{
			On: "order.parcel_announced", Name: "tracking.Attach", Mode: flow.May, Run: tracking.Attach,
			Emits: []fact.Kind{"tracking.moved", "tracking.disputed"},
		},
		flow.Reaction{On: "promise.broken", Name: "remedy.Consider", Mode: flow.May, Run: policies.Consider, Emits: remedies},
		flow.Reaction{On: "promise.corrected", Name: "remedy.Review", Mode: flow.May, Run: policies.Review, Emits: remedies},
	)...)
	for _, s := range append(slices.Concat(promise.Sweeps(curves), returns.Sweeps()), policies.Waits(), tracking.Stalls()) {
		w.Watch(s)
	}
	v, err := vault.New(bytes.Repeat([]byte{7}, vault.Size))
	if err != nil {
		t.Fatal(err)
	}
	s := &Shop{World: w, Desk: &checkout.Desk{Vault: v, Curves: curves, Factors: carbon.Default()}}
	s.found("Épicerie Bellecour")
	return s
}

// found opens the merchant and all that it needs to sell.
func (s *Shop) found(name string) {
	s.T.Helper()
	err := s.Write(context.Background(), "test", nil, func(tx *flow.Tx) error {
		o, err := merchant.Create(tx, merchant.NewOrganisation{
			Kind: merchant.Merchant, Name: name, Country: "FR", Zone: "Europe/Paris", Locale: lang.French, Currency: money.EUR,
		})
		s.ID = o.ID
		return err
	})
	if err != nil {
		s.T.Fatal(err)
	}
	s.Do(s.ID, s.furnish)
}

func (s *Shop) furnish(tx *flow.Tx) error {
	point := merchant.StockPoint{Name: "Atelier", Country: "FR", Postcode: "69002", Zone: "Europe/Paris"}
	for d := time.Monday; d <= time.Friday; d++ {
		point.Cutoffs.Minute[d] = 16 * 60
	}
	if _, err := merchant.SetStockPoint(tx, s.ID, point); err != nil {
		return err
	}
	c, err := carrier.Connect(tx, s.ID, carrier.Connection{Adapter: "simulated", Name: "Colis Express", Zone: "Europe/Paris", Grace: time.Hour})
	if err != nil {
		return err
	}
	s.Carrier = c.ID
	for _, mode := range []carrier.Mode{carrier.Home, carrier.Relay} {
		service, err := carrier.SetService(tx, s.ID, carrier.Service{
			Connection: c.ID, Name: "Express " + string(mode), Mode: mode, Countries: []string{"FR", "FR-OM"},
			Collects: civil.MondayToFriday, Delivers: civil.MondayToSaturday, Region: "FR",
			Standards: []carrier.Standard{{Class: carrier.InAgglomeration, Days: 1}, {Class: carrier.Elsewhere, Days: 2}, {Class: carrier.Elsewhere, Country: "FR-OM", Days: 6}},
		})
		if err != nil {
			return err
		}
		_, err = order.SetTariff(tx, s.ID, order.Tariff{Service: service.ID, Price: money.Of(590, money.EUR), Since: civil.NoDay, Until: civil.NoDay})
		if err != nil {
			return err
		}
		s.Relay = service.ID // the last one
	}
	return nil
}

// Sale is what an order asks for; the zero value is a bottle of oil, to a door
// in Lyon, in French.
type Sale struct {
	Locale         lang.Locale
	City, Postcode string
	Point          bool        // to a relay point
	At             ident.Point // which; empty where the network has none
	Slot           bool        // by appointment, on the first day there is one: see Slots
	Bare           bool        // without a quote: the law's thirty days
	Article        string
	Parts          []string // what belongs to the article
	Email          string   // of whoever buys; empty: camille@example.com
}

// Order places one and answers it with its link.
func (s *Shop) Order(reference string, sale Sale) (p checkout.Placed) {
	s.T.Helper()
	if sale.Locale == "" {
		sale.Locale = lang.French
	}
	if sale.City == "" {
		sale.City, sale.Postcode = "Lyon", "69003"
	}
	if sale.Article == "" {
		sale.Article = "Huile d'olive"
	}
	if sale.Email == "" {
		sale.Email = "camille@example.com"
	}
	items := []checkout.Item{{SKU: "HUI", Name: sale.Article, Units: 2, Unit: money.Of(1490, money.EUR), Grams: 980, Traits: order.Traits{Parts: sale.Parts}}}
	in := checkout.PlaceRequest{
		Reference: reference, Items: items, Point: sale.At, Fingerprint: reference,
		Shopper: shopper.NewShopper{Email: sale.Email, Name: "Camille Durand", Locale: sale.Locale},
		Ship:    order.Address{Name: "Camille Durand", Street: "3 rue des Lilas", Postcode: sale.Postcode, City: sale.City, Country: "FR"},
	}
	s.Do(s.ID, func(tx *flow.Tx) (err error) {
		if !sale.Bare {
			in.Token, err = s.token(tx.Tx, sale, items)
		}
		if err == nil {
			p, err = s.Desk.Place(tx, s.ID, in)
		}
		return err
	})
	return p
}

func (s *Shop) token(tx *db.Tx, sale Sale, items []checkout.Item) (string, error) {
	q, err := s.Desk.Quote(tx, s.ID, checkout.QuoteRequest{Country: "FR", Postcode: sale.Postcode, Items: items, Locale: sale.Locale})
	for _, o := range q.Options {
		if (o.Service == s.Relay) == sale.Point && (o.Mode == carrier.Slot) == sale.Slot {
			return o.Token, err
		}
	}
	return "", fmt.Errorf("nothing on offer to %s: %v %w", sale.City, q.Hidden, err)
}

// Parcel announces one.
func (s *Shop) Parcel(o ident.Order, number string) {
	s.T.Helper()
	s.Do(s.ID, func(tx *flow.Tx) error {
		_, _, err := order.Announce(tx, s.ID, order.NewParcel{Order: o, Connection: s.Carrier, Number: number})
		return err
	})
}

// Scan reports an event of now, as the carrier.
func (s *Shop) Scan(number string, status fact.Status, more ...func(*carrier.Report)) {
	s.T.Helper()
	s.Do(s.ID, func(tx *flow.Tx) error {
		r := carrier.Report{Number: number, Status: status, Source: fact.FromCarrier, At: tx.Now, Precision: fact.Exact}
		for _, change := range more {
			change(&r)
		}
		p := tracking.Payload{Connection: s.Carrier, Body: fmt.Append(nil, number, status, tx.Now), Trust: fact.TrustSigned}
		_, err := tracking.Receive(tx, s.ID, []tracking.Delivery{{Payload: p, Reports: []carrier.Report{r}}})
		return err
	})
}

// Answer is a page as a browser gets it.
type Answer struct {
	t      testing.TB
	Status int
	Header http.Header
	Body   string
	root   *html.Node
}

// Get asks a door for a page.
func Get(t testing.TB, door http.Handler, path string, headers ...string) Answer {
	t.Helper()
	return send(t, door, httptest.NewRequest(http.MethodGet, path, nil), headers)
}

// Post sends a form without anything in it but what is given.
func Post(t testing.TB, door http.Handler, path, form string, headers ...string) Answer {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return send(t, door, r, headers)
}

func send(t testing.TB, door http.Handler, r *http.Request, headers []string) Answer {
	t.Helper()
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	out := httptest.NewRecorder()
	door.ServeHTTP(out, r)
	a := Answer{t: t, Status: out.Code, Header: out.Header(), Body: out.Body.String()}
	var err error
	if a.root, err = html.Parse(strings.NewReader(a.Body)); err != nil {
		t.Fatal(err)
	}
	return a
}

// All is the texts of the elements that a selector finds: a tag, .class or
// tag.class, and several of them for descendants.
func (a Answer) All(selector string) (texts []string) {
	for _, n := range a.find(selector) {
		texts = append(texts, text(n))
	}
	return texts
}

// One is the text of the only element that a selector finds.
func (a Answer) One(selector string) string {
	a.t.Helper()
	all := a.All(selector)
	if len(all) != 1 {
		a.t.Fatalf("%d elements are %s: %q\n%s", len(all), selector, all, a.Body)
	}
	return all[0]
}

// Attributes is the values of an attribute of the elements that a selector finds.
func (a Answer) Attributes(selector, name string) (values []string) {
	for _, n := range a.find(selector) {
		for _, attr := range n.Attr {
			if attr.Key == name {
				values = append(values, attr.Val)
			}
		}
	}
	return values
}

// Fields are the inputs of a page as a browser would send them: those with a name
// that are not disabled, and of boxes those that are ticked.
func (a Answer) Fields() url.Values {
	all := url.Values{}
	for _, n := range a.find("input") {
		has := map[string]string{}
		for _, attr := range n.Attr {
			has[attr.Key] = attr.Val
		}
		_, shut := has["disabled"]
		_, ticked := has["checked"]
		if box := has["type"] == "checkbox" || has["type"] == "radio"; has["name"] != "" && !shut && (ticked || !box) {
			all.Add(has["name"], has["value"])
		}
	}
	return all
}

func (a Answer) find(selector string) []*html.Node {
	found := []*html.Node{a.root}
	for step := range strings.FieldsSeq(selector) {
		var next []*html.Node
		for _, n := range found {
			for d := range n.Descendants() {
				if d.Type == html.ElementNode && matches(d, step) {
					next = append(next, d)
				}
			}
		}
		found = next
	}
	return found
}

func matches(n *html.Node, step string) bool {
	tag, class, _ := strings.Cut(step, ".")
	if tag != "" && n.Data != tag {
		return false
	}
	if class == "" {
		return true
	}
	for _, attr := range n.Attr {
		if attr.Key == "class" {
			for c := range strings.FieldsSeq(attr.Val) {
				if c == class {
					return true
				}
			}
		}
	}
	return false
}

// text is what a reader sees of an element, its spaces folded; the signs that
// only colour-blind eyes need are left out.
func text(n *html.Node) string {
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
		for _, attr := range n.Attr {
			if attr.Key == "aria-hidden" {
				return
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
		if n.Type == html.ElementNode {
			b.WriteString(" ")
		}
	}
	walk(n)
	folded := strings.Join(strings.FieldsFunc(b.String(), func(r rune) bool { return r == ' ' || r == '\n' || r == '\t' }), " ")
	return strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(folded)
}
