package counter_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/carbon"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/counter"
	"github.com/promesse-dev/promesse/internal/crew"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/blob"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/egress"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/relay"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/tracking"
	web "github.com/promesse-dev/promesse/internal/web/counter"
	"github.com/promesse-dev/promesse/internal/web/ui"
	"github.com/promesse-dev/promesse/internal/web/webtest"
)

// press is a carrier that makes labels; whoever shows its QR shows the key.
type press struct{ made int }

func (p *press) Offer(carrier.Account, fact.Route, string) (carrier.Offer, bool) {
	return carrier.Offer{Formats: carrier.LabelFormats, MaxGrams: 30_000, Points: true}, true
}

func (p *press) Label(_ context.Context, _ *egress.Client, _ carrier.Connection, _ carrier.Account, r carrier.LabelRequest) (carrier.Issued, error) {
	p.made++
	i := carrier.Issued{Number: fmt.Sprintf("BACK%d", p.made), Format: r.Format, Document: []byte("%PDF-1.4 label"), ContentType: blob.PDF}
	if r.Format == carrier.QR {
		i.Code, i.ContentType, i.Document = "QR "+r.Key, blob.PNG, []byte("\x89PNG\r\n\x1a\n")
	}
	return i, nil
}

func (p *press) Void(context.Context, *egress.Client, carrier.Connection, carrier.Account, string) error {
	return nil
}

func (p *press) AccountFields() []carrier.AccountField {
	return []carrier.AccountField{{Name: "login", Required: true}}
}

// network is the one that carries the shop's parcels: an organisation that runs
// the points of its name.
const network = "simulated"

// world is a shop whose parcels go to relay points, the operator of these, and
// one of them with a device and two clerks.
type world struct {
	*webtest.Shop
	door     *ui.Door
	desk     *counter.Desk
	office   *returns.Office
	operator ident.Merchant
	point    relay.Point
	wanted   int
}

// till is a device with somebody on shift.
type till struct {
	w       *world
	device  ident.Device
	clerk   ident.Member
	cookies string
	scanned int
}

const pin = "271828"

func open(t testing.TB) *world {
	t.Helper()
	s := webtest.Open(t)
	w := &world{Shop: s, desk: counter.NewDesk(s.Desk.Vault), office: returns.NewOffice(carbon.Default())}
	var err error
	if w.door, err = web.New(web.Config{Flow: s.Flow, Vault: s.Desk.Vault, Base: "https://suivi.example"}); err != nil {
		t.Fatal(err)
	}
	w.labels()
	err = s.Write(t.Context(), "test", nil, func(tx *flow.Tx) error {
		o, err := merchant.Create(tx, merchant.NewOrganisation{
			Kind: merchant.Network, Name: "Le Réseau", Country: "FR", Zone: "Europe/Paris", Locale: lang.French, Currency: money.EUR,
		})
		w.operator = o.ID
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Do(w.operator, func(tx *flow.Tx) error { return counter.Entrust(tx, w.operator, network) })
	w.point = w.opens(string(w.operator)+"-1", "Tabac du Port", "Lyon")
	return w
}

// labels lets the shop's carrier make labels for returns.
func (w *world) labels() {
	w.T.Helper()
	adapters := carrier.Adapters{network: &press{}}
	w.Do(w.ID, func(tx *flow.Tx) error {
		if err := adapters.SetAccount(tx, w.Desk.Vault, w.ID, w.Carrier, carrier.Account{Fields: map[string]string{"login": "x"}}); err != nil {
			return err
		}
		c := returns.DefaultConditions()
		c.Carriers = map[fact.Route]ident.Connection{fact.BackByRelay: w.Carrier, fact.BackByPost: w.Carrier}
		c.Stores = true
		c.Warehouse = carrier.Contact{Address: order.Address{Name: "Bellecour, retours", Street: "1 rue du Puits", Postcode: "69002", City: "Lyon", Country: "FR"}}
		return returns.SetConditions(tx, w.ID, c)
	})
	issuer := &carrier.Issuer{Flow: w.Flow, Vault: w.Desk.Vault, Out: egress.New(egress.Options{Wall: w.Clock().Wall}), Adapters: adapters}
	for _, e := range returns.Errands(issuer) {
		w.Handle(e)
	}
}

// opens puts a point of the network on the map.
func (w *world) opens(code, name, city string) (p relay.Point) {
	w.T.Helper()
	w.Do(w.operator, func(tx *flow.Tx) error {
		_, err := relay.Feed(tx, w.operator, network, []relay.Point{{
			Code: code, Kind: relay.Shop, Name: name, Street: "2 quai du Port", Postcode: "69003", City: city, Country: "FR",
			Zone: "Europe/Paris", Services: []string{relay.Send, relay.Collect}, At: geo.Point{Lat: 45.76, Lon: 4.85},
		}}, false)
		if err != nil {
			return err
		}
		p, err = relay.ByCode(tx.Tx, network, code)
		return err
	})
	return p
}

// store is the shop's own.
func (w *world) store() (p relay.Point) {
	w.T.Helper()
	w.Do(w.ID, func(tx *flow.Tx) (err error) {
		p, err = relay.SetStore(tx, w.ID, relay.Point{
			Code: "S1", Name: "Bellecour, le magasin", Street: "1 place Bellecour", Postcode: "69002", City: "Lyon", Country: "FR",
			Zone: "Europe/Paris", Services: []string{relay.Send, relay.Collect}, At: geo.Point{Lat: 45.757, Lon: 4.832},
		})
		return err
	})
	return p
}

// enrols lets a device and a clerk in at a point, through the pages.
func (w *world) enrols(m ident.Merchant, p relay.Point, clerk string) *till {
	w.T.Helper()
	b := &till{w: w}
	var link ident.Link
	w.Do(m, func(tx *flow.Tx) error {
		d, l, err := crew.Invite(tx, crew.Counter(m, p.ID), "La tablette")
		if err != nil {
			return err
		}
		b.device, link = d.ID, l
		c, err := crew.NewRoster(w.Desk.Vault).Employ(tx, crew.Counter(m, p.ID), clerk, pin)
		b.clerk = c.ID
		return err
	})
	a := webtest.Post(w.T, w.door, "/comptoir/appareil/"+string(link), "")
	b.keep(a)
	b.signIn()
	return b
}

// keep holds the cookies of an answer.
func (b *till) keep(a webtest.Answer) {
	for _, c := range a.Header.Values("Set-Cookie") {
		pair, _, _ := strings.Cut(c, ";")
		name, _, _ := strings.Cut(pair, "=")
		kept := slices.DeleteFunc(strings.Split(b.cookies, "; "), func(k string) bool { return k == "" || strings.HasPrefix(k, name+"=") })
		b.cookies = strings.Join(append(kept, pair), "; ")
	}
}

func (b *till) signIn() {
	b.w.T.Helper()
	a := b.post("/comptoir/service", url.Values{"clerk": {string(b.clerk)}, "pin": {pin}})
	if a.Header.Get("Location") != "/comptoir/" {
		b.w.T.Fatalf("%d to %q: %s", a.Status, a.Header.Get("Location"), a.Body)
	}
	b.keep(a)
}

func (b *till) get(path string) webtest.Answer {
	b.w.T.Helper()
	return webtest.Get(b.w.T, b.w.door, path, "Cookie", b.cookies, "Accept-Language", "fr")
}

func (b *till) post(path string, form url.Values) webtest.Answer {
	b.w.T.Helper()
	return webtest.Post(b.w.T, b.w.door, path, form.Encode(), "Cookie", b.cookies, "Accept-Language", "fr")
}

// scan scans a code, and gives the path of what came of it.
func (b *till) scan(code string, more ...string) string {
	b.w.T.Helper()
	b.scanned++
	form := url.Values{"code": {code}, "client": {fmt.Sprintf("%s-%d", b.device, b.scanned)}}
	if len(more) > 0 {
		form.Set("wish", more[0])
	}
	a := b.post("/comptoir/lecture", form)
	if a.Status != http.StatusSeeOther {
		b.w.T.Fatalf("%d: %s", a.Status, a.One("main"))
	}
	return a.Header.Get("Location")
}

// does presses a button of a scan's page, and gives the page after it.
func (b *till) does(path, what string, form url.Values) webtest.Answer {
	b.w.T.Helper()
	a := b.post(path+"/"+what, form)
	if a.Status != http.StatusSeeOther {
		b.w.T.Fatalf("%s: %d: %s", what, a.Status, a.One("main"))
	}
	return b.get(a.Header.Get("Location"))
}

// late is a scan without network, as a device sends it.
type late struct {
	Client string      `json:"client"`
	Code   string      `json:"code"`
	Wish   string      `json:"wish"`
	Shift  ident.Shift `json:"shift"`
	Said   int64       `json:"said"`
}

type lateAnswer struct {
	Client, Tone, Words string
	Done                bool
}

// sends sends scans that were made without network, at an instant of the device's clock.
func (b *till) sends(clock int64, all ...late) (answers []lateAnswer) {
	b.w.T.Helper()
	body, err := json.Marshal(all)
	if err != nil {
		b.w.T.Fatal(err)
	}
	a := b.post("/comptoir/envoi", url.Values{"sent": {fmt.Sprint(clock)}, "scans": {string(body)}})
	var got struct{ Answers []lateAnswer }
	if err := json.Unmarshal([]byte(a.Body), &got); err != nil {
		b.w.T.Fatalf("%d to %q: %s", a.Status, a.Header.Get("Location"), a.Body)
	}
	return got.Answers
}

// shift is the id of who works at a till, as the page says it to scripts.
func (b *till) shift() ident.Shift {
	b.w.T.Helper()
	return ident.Shift(b.get("/comptoir/").Attributes("form.scanner", "data-shift")[0])
}

// shipped is an order on its way to the point under a number.
func (w *world) shipped(number string) ident.Order {
	w.T.Helper()
	o := w.Order("E-"+number, webtest.Sale{Point: true, At: w.point.ID}).Order.ID
	w.Parcel(o, number)
	return o
}

// adrift is one of which nobody said to which point, as of shops that do not say.
func (w *world) adrift(number string) ident.Order {
	w.T.Helper()
	o := w.shipped(number)
	w.Do(w.ID, func(tx *flow.Tx) error {
		return tx.Do(`update order_order set point = '' where merchant = $1 and id = $2`, w.ID, o)
	})
	return o
}

// returning is a return that waits to be deposited, by a route.
func (w *world) returning(reference string, route fact.Route) returns.Return {
	w.T.Helper()
	o := w.Order(reference, webtest.Sale{}).Order
	w.Parcel(o.ID, "OUT-"+reference)
	w.Pass(time.Hour)
	w.Scan("OUT-"+reference, fact.Delivered)
	w.Quiet()
	w.Pass(time.Hour)
	w.wanted++
	var r returns.Return
	err := w.One(w.T.Context(), flow.ByShopper(o.Shopper), w.ID, func(tx *flow.Tx) error {
		lines, err := order.Lines(tx.Tx, w.ID, o.ID)
		if err != nil {
			return err
		}
		r, _, err = w.office.Request(tx, w.ID, returns.Wanted{
			Key: fmt.Sprint("k", w.wanted), Order: o.ID, Shopper: o.Shopper, Route: route,
			Items: []returns.Item{{Line: lines[0].ID, Units: 1, Reason: "no_longer_needed"}},
		})
		if err != nil || route == fact.BackToStore {
			return err
		}
		_, err = returns.AskLabel(tx, w.ID, r.ID, carrier.QR)
		return err
	})
	if err != nil {
		w.T.Fatal(err)
	}
	w.Quiet()
	w.Pass(time.Minute)
	return w.back(r.ID)
}

func (w *world) back(id ident.Return) (r returns.Return) {
	w.T.Helper()
	w.See(func(tx *db.Tx) (err error) {
		r, err = returns.Get(tx, w.ID, id)
		return err
	})
	return r
}

// shows is what stands in the QR of a return.
func shows(r returns.Return) string { return "QR " + string(r.ID) + "/" + string(carrier.QR) }

// hold is where the parcel of an order waits.
func (w *world) hold(o ident.Order) (h counter.Hold) {
	w.T.Helper()
	w.See(func(tx *db.Tx) error {
		of, err := counter.HoldsOf(tx, w.ID, []ident.Order{o})
		if len(of[o]) > 0 {
			h = of[o][0]
		}
		return err
	})
	return h
}

// status is what tracking says of an order's parcel.
func (w *world) status(o ident.Order) (s fact.Status) {
	w.T.Helper()
	w.See(func(tx *db.Tx) error {
		of, err := order.Parcels(tx, w.ID, []ident.Order{o})
		if err != nil {
			return err
		}
		p := of[o][0].ID
		stories, err := tracking.Stories(tx, w.ID, []ident.Parcel{p})
		s = stories[p].Status
		return err
	})
	return s
}

// says fails the test where a text is not on a page, or a word is that must not be.
func says(t *testing.T, law string, a webtest.Answer, wants ...string) {
	t.Helper()
	for _, want := range wants {
		text := a.One("main")
		if hidden, never := strings.CutPrefix(want, "not "); never == strings.Contains(text, hidden) && never || !never && !strings.Contains(text, want) {
			t.Errorf("%s: want %q: %s", law, want, text)
		}
	}
}
