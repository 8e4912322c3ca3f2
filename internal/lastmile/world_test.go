package lastmile_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
	"github.com/promesse-dev/promesse/internal/shopper"
)

// shop is a grocer in Lyon with couriers of its own, in a world where it is
// Monday 2 March 2026, 09:00 in Paris.
type shop struct {
	*flowtest.World
	t        testing.TB
	m        ident.Merchant
	couriers ident.Service // by appointment
	post     ident.Service // to the door, whenever
	camille  ident.Shopper
	placed   int
}

func open(t testing.TB) *shop {
	t.Helper()
	return found(t, flowtest.New(t, lastmile.Reactions()...))
}

// found opens another one in the same world.
func found(t testing.TB, w *flowtest.World) *shop {
	t.Helper()
	s := &shop{World: w, t: t}
	err := s.Write(context.Background(), "test", nil, func(tx *flow.Tx) error {
		o, err := merchant.Create(tx, merchant.NewOrganisation{
			Kind: merchant.Merchant, Name: "Épicerie du Port", Country: "FR", Zone: "Europe/Paris", Locale: lang.French, Currency: money.EUR,
		})
		s.m = o.ID
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Do(s.m, func(tx *flow.Tx) error {
		c, err := carrier.Connect(tx, s.m, carrier.Connection{Adapter: "ownfleet", Name: "Nos coursiers", Zone: "Europe/Paris"})
		if err != nil {
			return err
		}
		for mode, id := range map[carrier.Mode]*ident.Service{carrier.Slot: &s.couriers, carrier.Home: &s.post} {
			service, err := carrier.SetService(tx, s.m, carrier.Service{
				Connection: c.ID, Name: string(mode), Mode: mode, Countries: []string{"FR", "FR-OM"}, Region: "FR",
				Collects: civil.EveryDay, Delivers: civil.EveryDay,
			})
			if err != nil {
				return err
			}
			*id = service.ID
		}
		s.camille, err = shopper.Register(tx, s.m, shopper.NewShopper{Email: "camille@example.org", Name: "Camille", Locale: lang.French})
		return err
	})
	return s
}

// week is the same windows on every day of the week.
func week(windows ...lastmile.GridWindow) (all []lastmile.GridWindow) {
	for d := time.Sunday; d <= time.Saturday; d++ {
		for _, w := range windows {
			w.Weekday = d
			all = append(all, w)
		}
	}
	return all
}

// window is one of so many places, between two hours, closed an hour before.
func window(from, until, capacity int) lastmile.GridWindow {
	return lastmile.GridWindow{FromMinute: from * 60, UntilMinute: until * 60, Capacity: capacity, CloseBefore: time.Hour}
}

func (s *shop) grid(g lastmile.Grid) {
	s.t.Helper()
	g.Service = s.couriers
	s.Do(s.m, func(tx *flow.Tx) error {
		_, err := lastmile.SetGrid(tx, s.m, g)
		return err
	})
}

func (s *shop) offer(a lastmile.Asking) (slots []lastmile.Slot) {
	s.t.Helper()
	if a.Services == nil {
		a.Services = []ident.Service{s.couriers}
	}
	if a.Zone == nil {
		a.Zone = flowtest.Paris
	}
	s.See(func(tx *db.Tx) (err error) {
		a.Now = tx.Now
		slots, err = lastmile.Offer(tx, s.m, a)
		return err
	})
	return slots
}

// order places one.
func (s *shop) order() (id ident.Order) {
	s.t.Helper()
	s.placed++
	s.Do(s.m, func(tx *flow.Tx) error {
		o, _, err := order.Place(tx, s.m, s.basket(fmt.Sprintf("E-%d", s.placed)))
		id = o.ID
		return err
	})
	return id
}

func (s *shop) basket(reference string) order.New {
	return order.New{
		Reference: reference, Fingerprint: "f", Shopper: s.camille, Locale: lang.French, Currency: money.EUR,
		Lines:   []order.Line{{SKU: "oil", Name: "Huile d'olive", Units: 1, Unit: money.Of(1200, money.EUR), Grams: 900}},
		Service: s.couriers,
		Ship:    order.Address{Name: "Camille", Street: "1 rue du Port", Postcode: "69002", City: "Lyon", Country: "FR"},
	}
}

func (s *shop) booking(o ident.Order, slot lastmile.Slot) lastmile.Booking {
	return lastmile.Booking{
		Service: slot.Service, From: slot.From, Until: slot.Until, Zone: "Europe/Paris", Order: o, Shopper: s.camille,
	}
}

func (s *shop) book(o ident.Order, slot lastmile.Slot) error {
	return s.Try(s.m, func(tx *flow.Tx) error {
		_, err := lastmile.Book(tx, s.m, s.booking(o, slot))
		return err
	})
}

func (s *shop) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func refused(t *testing.T, law string, err error, code, field string) {
	t.Helper()
	faults := fault.All(err)
	if len(faults) != 1 || faults[0].Code != code || faults[0].Field != field {
		t.Errorf("%s: got %v, want %s at %s", law, err, code, field)
	}
}

// local is an instant as the clocks of Lyon show it.
func local(text string) civil.Instant {
	t, err := time.ParseInLocation("2006-01-02 15:04", text, flowtest.Paris)
	if err != nil {
		panic(err)
	}
	return civil.At(t)
}

// shown writes slots as a shopper reads them.
func shown(slots []lastmile.Slot) (out []string) {
	for _, s := range slots {
		out = append(out, fmt.Sprintf("%s-%s %d", s.From.In(flowtest.Paris).Format("01-02 15:04"), s.Until.In(flowtest.Paris).Format("15:04"), s.Left))
	}
	return out
}

// told is the room's facts about an order, in order.
func (s *shop) told(o ident.Order) (bodies []fact.Body) {
	s.t.Helper()
	s.See(func(tx *db.Tx) error {
		all, err := flow.Timeline(tx, s.m, string(o))
		for _, f := range all {
			if len(f.Kind) > 9 && f.Kind[:9] == "lastmile." {
				bodies = append(bodies, f.Body)
			}
		}
		return err
	})
	return bodies
}
