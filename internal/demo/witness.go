package demo

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/tracking"
)

// witness remembers what the application acknowledged, and looks whether it is
// all there, once. A nil witness remembers nothing.
type witness struct {
	orders   map[ident.Merchant]map[ident.Order]bool
	events   map[ident.Merchant]map[sighting]bool
	troubles map[string]string // answers nobody expected, by entry
	spaces   int               // how often somebody asked for a link to their space
}

// sighting is an event as its sender knows it.
type sighting struct {
	number, status string
	at             civil.Instant
}

func newWitness() *witness {
	return &witness{
		orders: map[ident.Merchant]map[ident.Order]bool{}, events: map[ident.Merchant]map[sighting]bool{},
		troubles: map[string]string{},
	}
}

func remember[T comparable](m map[ident.Merchant]map[T]bool, s *shop, what T) {
	if m[s.Merchant] == nil {
		m[s.Merchant] = map[T]bool{}
	}
	m[s.Merchant][what] = true
}

// ordered is an order acknowledged.
func (w *witness) ordered(s *shop, id ident.Order) {
	if w != nil {
		remember(w.orders, s, id)
	}
}

// told is a carrier's call acknowledged.
func (w *witness) told(s *shop, body json.RawMessage) error {
	if w == nil {
		return nil
	}
	var c webhook
	if err := json.Unmarshal(body, &c); err != nil {
		return err
	}
	for _, e := range c.Events {
		what, err := e.sighting()
		if err != nil {
			return err
		}
		remember(w.events, s, what)
	}
	return nil
}

// visited is what a courier said of a stop, and was believed, at the instant that
// was written down.
func (w *witness) visited(s *shop, e event, at civil.Instant) {
	if w != nil {
		remember(w.events, s, sighting{e.Number, cmp.Or(ourWords[e.Status], e.Status), at})
	}
}

// entering is somebody who asks for a link to their space.
func (w *witness) entering() {
	if w != nil {
		w.spaces++
	}
}

// glimpsed is a network's words about a parcel acknowledged.
func (w *witness) glimpsed(s *shop, what sighted) {
	if w == nil {
		return
	}
	for _, g := range what.Seen {
		remember(w.events, s, sighting{what.Number, g.Status, g.At})
	}
}

// ourWords are couriers' words in the application's.
var ourWords = map[string]string{"left": "picked_up", "on_round": "out_for_delivery", "failed": "failed_attempt"}

func (e event) sighting() (sighting, error) {
	status, theirs := ourWords[e.Status]
	if !theirs {
		status = e.Status
	}
	at, err := civil.ParseInstant(e.At)
	return sighting{e.Number, status, at}, err
}

// troubled takes note of an answer that nobody expected, so that the world can
// go on and show what else is wrong.
func (w *witness) troubled(e entry, err error) error {
	if w == nil || err == nil {
		return err
	}
	w.troubles[string(e.merchant)+" "+e.id] = err.Error()
	return nil
}

// count is how many orders and events of all shops were acknowledged.
func (w *witness) count() (orders, events int) {
	for _, of := range w.orders {
		orders += len(of)
	}
	for _, of := range w.events {
		events += len(of)
	}
	return orders, events
}

// found is what is wrong, by invariant.
type found map[string][]string

func (f found) add(invariant, id string) { f[invariant] = append(f[invariant], id) }

func (f found) violations() []Violation {
	var all []Violation
	for invariant, ids := range f {
		slices.Sort(ids)
		all = append(all, Violation{Invariant: invariant, IDs: slices.Compact(ids)})
	}
	slices.SortFunc(all, func(a, b Violation) int { return cmp.Compare(a.Invariant, b.Invariant) })
	return all
}

// check holds what was acknowledged, and what the post and the gateway got, against the
// database: I4, each order and each event exists exactly once; I8, at most one
// message per (recipient, channel, topic, cause), under one Message-ID for life.
// An answer that should not have been is "refused", which is no invariant but a
// bug of ours all the same.
func (w *witness) check(ctx context.Context, d *db.DB, p *post, g *gateway, shops []*shop) ([]Violation, error) {
	f := found{}
	for what, answer := range w.troubles {
		f.add("refused", what+": "+answer)
	}
	told := map[string]bool{}
	err := d.Read(ctx, func(tx *db.Tx) error {
		for _, s := range shops {
			orders, err := everyOrder(tx, s.Merchant)
			if err != nil {
				return err
			}
			w.checkOrders(f, s, orders)
			if err := w.checkEvents(tx, f, s, orders); err != nil {
				return err
			}
			if err := p.check(tx, f, s, told); err != nil {
				return err
			}
		}
		return nil
	})
	links := 0
	for _, id := range append(slices.Collect(maps.Keys(g.texts)), p.order...) {
		if !told[id] && spaceLink.MatchString(p.letters[id].Text) { // no shop's: each was asked for
			links++
			told[id] = links <= w.spaces
		}
		if !told[id] {
			f.add("I8", id)
		}
	}
	for _, id := range g.changed {
		f.add("I8", id)
	}
	return f.violations(), err
}

func everyOrder(tx *db.Tx, m ident.Merchant) (all []order.Order, err error) {
	const page = 1000
	for last := ident.Order(""); ; last = all[len(all)-1].ID {
		some, err := order.List(tx, m, order.Page{After: last, Limit: page})
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
		if len(some) < page {
			return all, nil
		}
	}
}

func ids(orders []order.Order) []ident.Order {
	out := make([]ident.Order, len(orders))
	for i, o := range orders {
		out[i] = o.ID
	}
	return out
}

func (w *witness) checkOrders(f found, s *shop, orders []order.Order) {
	missing := map[ident.Order]bool{}
	for id := range w.orders[s.Merchant] {
		missing[id] = true
	}
	for _, o := range orders {
		if !missing[o.ID] { // never acknowledged, though its shop asks until it is
			f.add("I4", string(o.ID))
		}
		delete(missing, o.ID)
	}
	for id := range missing {
		f.add("I4", string(id))
	}
}

// checkEvents looks at the events of all parcels.
func (w *witness) checkEvents(tx *db.Tx, f found, s *shop, orders []order.Order) error {
	of, err := order.Parcels(tx, s.Merchant, ids(orders))
	if err != nil {
		return err
	}
	var parcels []ident.Parcel
	known := map[string]bool{}
	for _, ps := range of {
		for _, p := range ps {
			parcels, known[p.Number] = append(parcels, p.ID), true
		}
	}
	slices.Sort(parcels)
	events, err := tracking.Events(tx, s.Merchant, parcels)
	if err != nil {
		return err
	}
	seen := map[sighting]bool{}
	for _, e := range events {
		what := sighting{e.Number, string(e.Status), e.At}
		if seen[what] || !w.events[s.Merchant][what] { // twice, or never sent
			f.add("I4", string(e.ID))
		}
		seen[what] = true
	}
	for what := range w.events[s.Merchant] {
		if known[what.number] && !seen[what] {
			f.add("I4", fmt.Sprintf("%s %s %s", what.number, what.status, what.at))
		}
	}
	return nil
}

// check finds letters of a shop under two names for one thing, or under one name
// for two things, and notes in told the letters somebody decided to send.
func (p *post) check(tx *db.Tx, f found, s *shop, told map[string]bool) error {
	all, err := everyMessage(tx, s.Merchant)
	type cause struct{ to, topic, cause string }
	sent := map[cause]string{}
	for _, msg := range all {
		if msg.Channel != notify.Email {
			told[msg.MessageID] = true
		}
		l, ok := p.letters[msg.MessageID]
		if !ok {
			continue
		}
		told[msg.MessageID] = true
		c := cause{l.To, string(msg.Topic), msg.Cause}
		if before, twice := sent[c]; twice && before != msg.MessageID {
			f.add("I8", msg.MessageID)
		}
		sent[c] = msg.MessageID
	}
	for _, id := range p.changed {
		f.add("I8", id)
	}
	return err
}

// everyMessage is all that a shop decided to tell, or not to, about orders or not.
func everyMessage(tx *db.Tx, m ident.Merchant) (all []notify.Message, err error) {
	const page = 500
	for last := ident.Message(""); ; last = all[len(all)-1].ID {
		some, err := notify.List(tx, m, notify.Page{After: last, Limit: page})
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
		if len(some) < page {
			return all, nil
		}
	}
}
