package story

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// shop is a merchant of the story, with the carrier that brings its parcels.
type shop struct {
	name    string
	client  client // the shop's own servers
	carrier client // whoever brings the parcels
	line    string // the carrier's connection
	fleet   bool   // couriers of its own, in slots
	numbers int

	back    string // the connection that its labels are made over
	bringer client // whoever brings parcels back
	staff   map[string]*client
	id      ident.Merchant
	people  []string // who work there, by name

	incident string // the last one that it declared
}

// terms is what a shop line says.
type terms struct {
	tariff      int64
	cutoff      string
	slots       []string
	capacity    int64
	cities      int // days to large cities
	elsewhere   int
	sooner      civil.Day // from when on large cities take a day less
	policy      string
	preparation int
	returns     bool  // it takes articles back over a carrier
	untold      bool  // nobody is told of the right to withdraw
	rate        int64 // the legal rate it has set, in basis points; negative: none
}

// open opens a shop: "shop epicerie  tariff 5.90  slots 14:00-16:00  policy default".
func (w *world) open(ctx context.Context, ws *words) error {
	name, err := ws.take("the name of the shop")
	if err != nil {
		return err
	}
	if w.shops[name] != nil {
		return fmt.Errorf("there is a shop called %q", name)
	}
	t, err := ws.terms()
	if err != nil {
		return err
	}
	s := &shop{name: name, fleet: len(t.slots) > 0, staff: map[string]*client{}}
	if err := w.found(ctx, s); err != nil {
		return err
	}
	if err := s.furnish(ctx, w, t); err != nil {
		return err
	}
	w.shops[name], w.last = s, s
	return nil
}

// terms reads what follows a shop's name, in any order.
func (ws *words) terms() (t terms, err error) {
	t = terms{tariff: 590, cutoff: "16:00", cities: 1, elsewhere: 2, sooner: civil.NoDay, capacity: 20, rate: -1}
	for err == nil && !ws.done() {
		switch {
		case ws.is("tariff"):
			t.tariff, err = read(ws, "price", cents)
		case ws.is("cutoff"):
			t.cutoff, err = ws.take("an hour")
		case ws.is("slots"):
			t.slots, err = ws.slots()
		case ws.is("places"):
			t.capacity, err = read(ws, "number of places", whole)
		case ws.is("cities"):
			t.cities, err = read(ws, "number of days such as J+1", days)
		case ws.is("elsewhere"):
			t.elsewhere, err = read(ws, "number of days such as J+2", days)
		case ws.is("sooner"):
			t.sooner, err = read(ws, "date", day)
		case ws.is("preparation"):
			t.preparation, err = read(ws, "number of days such as J+1", days)
		case ws.is("returns"):
			t.returns = true
		case ws.is("untold"):
			t.untold = true
		case ws.is("rate"):
			t.rate, err = read(ws, "rate in percent", cents)
		case ws.is("policy"):
			t.policy, err = ws.take("default, or the name of a file")
		default:
			return t, nil
		}
	}
	return t, err
}

// slots reads one or more spans of hours.
func (ws *words) slots() (out []string, err error) {
	for !ws.done() {
		if _, _, err := span((*ws)[0].text); err != nil {
			break
		}
		s, _ := ws.take("hours")
		out = append(out, s)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("hours such as 14:00-16:00 should come before %q", ws.rest())
	}
	return out, nil
}

// whole reads a whole number.
func whole(text string) (n int64, err error) {
	_, err = fmt.Sscanf(text, "%d", &n)
	return n, err
}

// days reads "J+2", as French carriers write it, or "D+2".
func days(text string) (n int, err error) {
	_, err = fmt.Sscanf(strings.Replace(strings.ToUpper(text), "J", "D", 1), "D+%d", &n)
	return n, err
}

// found makes the merchant and the key of its servers, as "promesse merchant
// create" does.
func (w *world) found(ctx context.Context, s *shop) error {
	return w.flow.Write(ctx, flow.Installation, nil, func(tx *flow.Tx) error {
		o, err := merchant.Create(tx, merchant.NewOrganisation{
			Kind: merchant.Merchant, Name: s.name, Country: "FR", Zone: w.zone.String(), Locale: lang.French, Currency: money.EUR,
		})
		if err != nil {
			return err
		}
		s.id = o.ID
		_, secret, err := merchant.IssueKey(tx, o.ID, merchant.NewKey{Set: merchant.Owner, Label: "story"})
		s.client = client{handler: w.client.handler, secret: secret}
		return err
	})
}

// furnish gives the shop what it sells with, through the API.
func (s *shop) furnish(ctx context.Context, w *world, t terms) error {
	week := object{}
	for _, d := range []string{"monday", "tuesday", "wednesday", "thursday", "friday"} {
		week[d] = t.cutoff
	}
	_, err := s.client.call(ctx, "POST", "stock-points", object{
		"name": s.name, "country": "FR", "postcode": "75011", "zone": w.zone.String(), "cutoffs": week, "preparation_days": t.preparation,
	})
	if err != nil {
		return err
	}
	adapter := "simulated"
	if s.fleet {
		adapter = "ownfleet"
	}
	line, err := s.client.call(ctx, "POST", "connections", object{
		"adapter": adapter, "name": "Coursiers de " + s.name, "zone": w.zone.String(), "stall_after_seconds": 5 * 86400,
	})
	if err != nil {
		return err
	}
	s.line = text(line, "id")
	service, err := s.client.call(ctx, "POST", "services", s.service(t))
	if err != nil {
		return err
	}
	id := text(service, "id")
	if s.fleet {
		if _, err := s.client.call(ctx, "PUT", "services/"+id+"/slots", grid(t)); err != nil {
			return err
		}
	}
	if _, err := s.client.call(ctx, "POST", "tariffs", object{"service": id, "price": euros(t.tariff)}); err != nil {
		return err
	}
	if err := s.rule(ctx, t.policy); err != nil {
		return err
	}
	key, err := s.client.call(ctx, "POST", "keys", object{"set": "carrier", "carrier": s.line, "label": "courier"})
	s.carrier = client{handler: w.client.handler, secret: text(key, "secret")}
	if err != nil || !t.returns {
		return err
	}
	return s.takesBack(ctx, w, t)
}

func (s *shop) service(t terms) object {
	every := []string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}
	o := object{
		"carrier": s.line, "name": "À domicile", "mode": "home", "countries": []string{"FR"}, "region": "FR",
		"collects": every[:5], "delivers": every, "standards": t.standards(),
	}
	if s.fleet {
		every = append(every, "sunday")
		o["mode"], o["collects"], o["delivers"] = "slot", every, every
		delete(o, "region")
	}
	return o
}

// standards are the carrier's days, of which large cities may lose one from a date on.
func (t terms) standards() []object {
	elsewhere := object{"class": "elsewhere", "days": t.elsewhere}
	if t.sooner == civil.NoDay {
		return []object{{"class": "agglomeration", "days": t.cities}, elsewhere}
	}
	return []object{
		{"class": "agglomeration", "days": t.cities, "until": t.sooner.String()},
		{"class": "agglomeration", "days": t.cities - 1, "since": t.sooner.String()},
		elsewhere,
	}
}

// rule sets a policy of the shop's own; default is what the program ships.
func (s *shop) rule(ctx context.Context, name string) error {
	if name == "" || name == "default" {
		return nil
	}
	source, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	_, err = s.client.call(ctx, "PUT", "policies/remedy", object{"source": string(source)})
	return err
}

// number is one that no parcel of the shop had.
func (s *shop) number() string {
	s.numbers++
	return fmt.Sprintf("%s%04d", strings.ToUpper(s.name), s.numbers)
}

func euros(minor int64) object { return object{"minor": minor, "currency": "EUR"} }

// bought is an order of the story.
type bought struct {
	id        ident.Order
	reference string
	by        string
	shop      *shop
	page      string // the shopper's
	parcel    string // number, empty while nothing was sent
}

func email(name string) string { return strings.ToLower(name) + "@example.test" }
