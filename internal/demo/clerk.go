package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/core/vault"
	"github.com/promesse-dev/promesse/internal/counter"
	"github.com/promesse-dev/promesse/internal/crew"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/relay"
	"github.com/promesse-dev/promesse/internal/tracking"
)

// Counter is a relay point where somebody before a screen may be the clerk. It is
// there in the demo alone: a simulated world has none.
type Counter struct {
	Keeper ident.Merchant // who runs the network's points
	Point  ident.Point
	Clerk  string
	PIN    string   // everybody knows it: it opens a world that is invented
	Coming []string // numbers of parcels that are to be fetched there
}

func (c Counter) post() crew.Post { return crew.Counter(c.Keeper, c.Point) }

// The counter's people.
const (
	keeperName = "Relais de quartier"
	clerkName  = "Nadia Belkacem"
	clerkPIN   = "271828"
)

// OpenCounter gives the relay network an operator, and its first point a clerk, as
// far as they are missing.
func OpenCounter(ctx context.Context, f *flow.Flow, v *vault.Vault) (c Counter, err error) {
	c = Counter{Clerk: clerkName, PIN: clerkPIN}
	for n := range shelved + onTheWay {
		c.Coming = append(c.Coming, toFetch(n))
	}
	if c.Keeper, err = keeper(ctx, f); err != nil {
		return c, fmt.Errorf("demo counter: %w", err)
	}
	err = f.One(ctx, flow.Installation, c.Keeper, func(tx *flow.Tx) error {
		p, err := relay.ByCode(tx.Tx, relais.adapter, relaisPoints()[0].Code)
		if err != nil {
			return err
		}
		c.Point = p.ID
		if err := counter.Entrust(tx, c.Keeper, relais.adapter); err != nil {
			return err
		}
		there, err := crew.At(tx.Tx, c.post())
		if err != nil || len(there) > 0 {
			return err
		}
		_, err = crew.NewRoster(v).Employ(tx, c.post(), clerkName, clerkPIN)
		return err
	})
	return c, err
}

// keeper is the organisation that runs the points; it is founded the first time.
func keeper(ctx context.Context, f *flow.Flow) (id ident.Merchant, err error) {
	err = f.Read(ctx, func(tx *db.Tx) error {
		all, err := merchant.List(tx, "", 100)
		i := slices.IndexFunc(all, func(o merchant.Organisation) bool { return o.Kind == merchant.Network && o.Name == keeperName })
		if i >= 0 {
			id = all[i].ID
		}
		return err
	})
	if err != nil || id != "" {
		return id, err
	}
	err = f.Write(ctx, flow.Installation, nil, func(tx *flow.Tx) error {
		o, err := merchant.Create(tx, merchant.NewOrganisation{
			Kind: merchant.Network, Name: keeperName, Country: "FR", Zone: paris.String(), Locale: lang.French, Currency: money.EUR,
		})
		id = o.ID
		return err
	})
	return id, err
}

// How many parcels wait on the counter's shelf when somebody first comes there,
// and how many are still to be put on it.
const (
	shelved  = 3
	onTheWay = 3
)

// toFetch is the number of the parcels that go to the counter.
func toFetch(n int) string { return fmt.Sprintf("7%07d", n+1) }

// sender is the shop whose customers have their parcels brought to the counter.
const sender = "fil-et-saison"

// Shelve has customers of a shop order to the counter, and puts the first of their
// parcels on its shelf, as its clerk would. What is there already it leaves alone.
// The application must be answering.
func (w *World) Shelve(ctx context.Context, v *vault.Vault, c Counter) error {
	i := slices.IndexFunc(w.inOrder(), func(s *shop) bool { return s.Slug == sender })
	if i < 0 {
		return nil
	}
	s := w.inOrder()[i]
	by, err := s.toPoints(ctx, w.flow)
	if err != nil {
		return err
	}
	s.points = by.ID
	for n := range shelved + onTheWay {
		o, err := w.fetchedOrder(ctx, s, c.Point, n)
		switch {
		case err != nil:
			return err
		case o.ID == "":
		case n < shelved:
			err = arriveAt(ctx, w.flow, crew.NewRoster(v), c, arrival{s.Merchant, o.ID, toFetch(n)})
		default:
			err = w.bringTo(ctx, s, o, n)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// pointFee is what it costs to have a parcel brought to a relay point.
const pointFee = 390

// toPoints is the shop's service to relay points.
func (s *shop) toPoints(ctx context.Context, f *flow.Flow) (by carrier.Service, err error) {
	at := slices.IndexFunc(s.Hauls, func(h Haul) bool { return h.Carrier == relais.slug })
	by = carrier.Service{
		Connection: s.Hauls[at].Connection, Name: relais.name + ", en point relais", Mode: carrier.Relay, Countries: []string{"FR"},
		Limits: carrier.Limits{MaxGrams: 30_000}, Collects: civil.MondayToSaturday, Delivers: civil.MondayToSaturday, Region: "FR",
		Standards: []carrier.Standard{{Country: "FR", Days: 4, Since: civil.NoDay, Until: civil.NoDay}},
	}
	err = f.One(ctx, flow.Installation, s.Merchant, func(tx *flow.Tx) error {
		all, err := carrier.Services(tx.Tx, s.Merchant)
		i := slices.IndexFunc(all, func(k carrier.Service) bool { return k.Connection == by.Connection })
		if err != nil || i >= 0 {
			by = all[max(i, 0)]
			return err
		}
		if by, err = carrier.SetService(tx, s.Merchant, by); err != nil {
			return err
		}
		_, err = order.SetTariff(tx, s.Merchant, order.Tariff{Service: by.ID, Price: money.Of(pointFee, money.EUR), Since: civil.NoDay, Until: civil.NoDay})
		return err
	})
	return by, err
}

// fetchedOrder has somebody who lives near the counter order to it, for the date
// the shop shows, and announces the parcel; the id is empty when that was done
// before.
func (w *World) fetchedOrder(ctx context.Context, s *shop, at ident.Point, n int) (o placed, err error) {
	known := false
	err = w.flow.Read(ctx, func(tx *db.Tx) error {
		holders, err := tracking.ByNumber(tx, toFetch(n))
		known = len(holders) > 0
		return err
	})
	if err != nil || known {
		return o, err
	}
	d := w.dice(s, "counter", n)
	who := w.customer(s, d)
	who.town = sites()[0].town
	in := s.order(visit{Number: n}, who, s.trade.basket(d, who.locale))
	in.Reference, in.Point = fmt.Sprintf("%s-RELAIS-%d", s.trade.Prefix, n+1), at
	if in.Token, err = s.toCounter(ctx, in); err != nil {
		return o, err
	}
	body, err := json.Marshal(in)
	if err != nil {
		return o, err
	}
	if err := s.selling.do(ctx, request{method: "POST", path: "/orders", once: in.Reference, body: body}, &o); err != nil {
		return o, allow(err, 409)
	}
	h := slices.IndexFunc(s.Hauls, func(h Haul) bool { return h.Carrier == relais.slug })
	body, err = json.Marshal(map[string]any{"carrier": s.Hauls[h].Connection, "number": toFetch(n)})
	if err != nil {
		return o, err
	}
	return o, s.depot.do(ctx, request{method: "POST", path: "/orders/" + string(o.ID) + "/parcels", once: in.Reference + "/parcel", body: body}, nil)
}

// bringTo has the network bring an order's parcel to the counter, where it waits
// for whoever sits before the screen to scan it in.
func (w *World) bringTo(ctx context.Context, s *shop, o placed, n int) error {
	d, at := w.dice(s, "counter/way", n), relaisPoints()[0]
	p := planner{shop: s}
	way := p.wayTo(d, s.van(d, journey{placed: o.Placed}), collected{Code: at.Code, Name: at.Name, City: at.City})
	p.glimpses(d, string(o.ID), toFetch(n), way[:len(way)-1])
	return errors.Join(p.err, w.add(ctx, p.entries))
}

// toCounter asks when an order can be at its point, and answers the token of that
// date.
func (s *shop) toCounter(ctx context.Context, in newOrder) (string, error) {
	body, err := json.Marshal(map[string]any{
		"destination": destination{in.ShipTo.Country, in.ShipTo.Postcode}, "lines": in.Lines, "point": in.Point, "locale": in.Shopper.Locale,
	})
	if err != nil {
		return "", err
	}
	var o offer
	if err := s.selling.do(ctx, request{method: "POST", path: "/quotes", body: body}, &o); err != nil {
		return "", err
	}
	i := slices.IndexFunc(o.Options, func(c choice) bool { return c.Service == s.points })
	if i < 0 {
		return "", fmt.Errorf("%s offers nothing to %s", s.Slug, in.Point)
	}
	return o.Options[i].Token, nil
}

// arrival is a parcel that is put on the shelf.
type arrival struct {
	shop   ident.Merchant
	order  ident.Order
	number string
}

// arriveAt is the clerk at the till: a shift, a scan, and what came of it.
func arriveAt(ctx context.Context, f *flow.Flow, roster *crew.Roster, c Counter, a arrival) error {
	return f.Write(ctx, flow.Installation, []ident.Merchant{c.Keeper, a.shop}, func(tx *flow.Tx) error {
		parcels, err := order.Parcels(tx.Tx, a.shop, []ident.Order{a.order})
		if err != nil || len(parcels[a.order]) == 0 {
			return err
		}
		p := parcels[a.order][0]
		if _, there, err := counter.HoldOf(tx.Tx, a.shop, p.ID); err != nil || there {
			return err
		}
		s, err := onShift(tx, roster, c)
		if err != nil {
			return err
		}
		scan, err := counter.Keep(tx, s, counter.Reading{Client: a.number, Code: a.number, Wish: counter.WishArrival})
		if err != nil {
			return err
		}
		h, err := counter.Arrive(tx, s, scan, a.shop, p)
		if err != nil {
			return err
		}
		if err := counter.Settle(tx, s, &scan, counter.Result{Outcome: counter.Held, Owner: a.shop, Parcel: p.ID, Hold: h.ID}); err != nil {
			return err
		}
		return crew.Revoke(tx, c.Keeper, s.Device)
	})
}

// errNobody is what a counter is where everybody was shown out.
var errNobody = errors.New("nobody works at the demo's counter")

// onShift begins a shift at a till that stands there for this one parcel.
func onShift(tx *flow.Tx, roster *crew.Roster, c Counter) (s crew.Shift, err error) {
	clerks, err := crew.At(tx.Tx, c.post())
	if err != nil || len(clerks) == 0 {
		return s, errors.Join(err, errNobody)
	}
	d, link, err := crew.Invite(tx, c.post(), "La caisse")
	if err != nil {
		return s, err
	}
	if _, err := crew.Enrol(tx, c.Keeper, link); err != nil {
		return s, err
	}
	token, _, err := roster.SignIn(tx, d, clerks[0].ID, c.PIN)
	if err != nil {
		return s, err
	}
	return crew.ShiftOf(tx.Tx, d, token)
}
