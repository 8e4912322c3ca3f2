package lastmile_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

func TestBook(t *testing.T) {
	s := open(t)
	s.grid(lastmile.Grid{Windows: week(window(14, 16, 2), window(16, 18, 1))})
	slots := s.offer(lastmile.Asking{Days: 2})
	early, late := slots[0], slots[1]
	first, second, third := s.order(), s.order(), s.order()
	s.must(s.book(first, early))
	s.must(s.book(second, early))
	refused(t, "two places, and a third order", s.book(third, early), "slot_full", "token")
	if got := shown(s.offer(lastmile.Asking{Days: 1})); !cmp.Equal(got, []string{"03-02 16:00-18:00 1"}) {
		t.Errorf("left: %v", got)
	}
	refused(t, "an order has one place", s.book(first, late), "order_has_slot", "token")
	s.must(s.book(third, late))
	s.See(func(tx *db.Tx) error {
		of, err := lastmile.Bookings(tx, s.m, []ident.Order{first, third, "ord_none"})
		if len(of) != 2 || of[first].From != early.From || of[third].Until != late.Until || of[third].Zone != "Europe/Paris" {
			t.Errorf("booked: %+v", of)
		}
		return err
	})
	want := []fact.Body{fact.SlotBooked{Order: third, Shopper: s.camille, Service: s.couriers, From: late.From, Until: late.Until}}
	got := s.told(third)
	if len(got) == 1 {
		b := got[0].(fact.SlotBooked)
		b.Booking = ""
		got[0] = b
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestBookRefuses(t *testing.T) {
	s := open(t)
	s.grid(lastmile.Grid{Windows: week(window(14, 16, 2))})
	slot := s.offer(lastmile.Asking{Days: 1})[0]
	for _, row := range []struct {
		law, now string
		spoil    func(*lastmile.Booking)
		code     string
	}{
		{"a slot that begins at another minute", "2026-03-02 09:00", func(b *lastmile.Booking) { b.From++ }, "unknown_slot"},
		{"a slot that lasts longer", "2026-03-02 09:00", func(b *lastmile.Booking) { b.Until++ }, "unknown_slot"},
		{"a service without slots", "2026-03-02 09:00", func(b *lastmile.Booking) { b.Service = s.post }, "unknown_slot"},
		{"a service that is not there", "2026-03-02 09:00", func(b *lastmile.Booking) { b.Service = "srv_none" }, "unknown_slot"},
		{"an hour before it begins: it closed just now", "2026-03-02 13:00", func(*lastmile.Booking) {}, "slot_closed"},
		{"while it lasts", "2026-03-02 15:00", func(*lastmile.Booking) {}, "slot_closed"},
		{"days after", "2026-03-05 15:00", func(*lastmile.Booking) {}, "slot_closed"},
	} {
		s.At(row.now)
		b := s.booking(s.order(), slot)
		row.spoil(&b)
		err := s.Try(s.m, func(tx *flow.Tx) error {
			_, err := lastmile.Book(tx, s.m, b)
			return err
		})
		refused(t, row.law, err, row.code, "token")
		if fault.KindOf(err) != fault.Conflict {
			t.Errorf("%s: no conflict", row.law)
		}
	}
	s.At("2026-03-02 09:30")
	s.must(s.book(s.order(), slot))
}

// A grid that changed since the slot was shown says what may be booked now.
func TestTheGridOfTheDayOfBookingCounts(t *testing.T) {
	s := open(t)
	s.grid(lastmile.Grid{Windows: week(window(14, 16, 3))})
	slot := s.offer(lastmile.Asking{Days: 1})[0]
	s.must(s.book(s.order(), slot))
	s.must(s.book(s.order(), slot))
	s.grid(lastmile.Grid{Windows: week(window(14, 16, 1))})
	refused(t, "room for one, and two are in it", s.book(s.order(), slot), "slot_full", "token")
	if left := s.offer(lastmile.Asking{Days: 1, Full: true})[0].Left; left != 0 {
		t.Errorf("%d places left", left)
	}
	s.grid(lastmile.Grid{Windows: week(window(14, 16, 3))})
	s.must(s.book(s.order(), slot))
	s.grid(lastmile.Grid{Windows: week(window(10, 12, 9))})
	refused(t, "no such slot any more", s.book(s.order(), slot), "unknown_slot", "token")
}

// Two hundred tabs, one place.
func TestTheLastPlaceHasOneWinner(t *testing.T) {
	s := open(t)
	s.grid(lastmile.Grid{Windows: week(window(14, 16, 1))})
	slot := s.offer(lastmile.Asking{Days: 1})[0]
	const tabs = 200
	outcomes := make([]error, tabs)
	var wg sync.WaitGroup
	for i := range tabs {
		wg.Go(func() {
			outcomes[i] = s.One(context.Background(), "test", s.m, func(tx *flow.Tx) error {
				o, _, err := order.Place(tx, s.m, s.basket(fmt.Sprintf("tab-%d", i)))
				if err != nil {
					return err
				}
				_, err = lastmile.Book(tx, s.m, s.booking(o.ID, slot))
				return err
			})
		})
	}
	wg.Wait()
	won := 0
	for _, err := range outcomes {
		switch {
		case err == nil:
			won++
		case !fault.Is(err, "slot_full"):
			t.Errorf("lost by %v", err)
		}
	}
	if won != 1 {
		t.Errorf("%d winners", won)
	}
	s.See(func(tx *db.Tx) error {
		orders, err := order.List(tx, s.m, order.Page{Limit: tabs})
		if len(orders) != 1 {
			t.Errorf("%d orders were placed all the same", len(orders))
		}
		return err
	})
}

func TestACancelledOrderGivesItsPlaceBack(t *testing.T) {
	s := open(t)
	s.grid(lastmile.Grid{Windows: week(window(14, 16, 1))})
	slot := s.offer(lastmile.Asking{Days: 1})[0]
	first, second, without := s.order(), s.order(), s.order()
	s.must(s.book(first, slot))
	refused(t, "while it is taken", s.book(second, slot), "slot_full", "token")
	for _, o := range []ident.Order{first, first, without} { // again, and one that has none: nothing happens
		s.Do(s.m, func(tx *flow.Tx) error { return order.Cancel(tx, s.m, o, fact.ByShopper) })
	}
	s.must(s.book(second, slot))
	var kinds []fact.Kind
	for _, b := range append(s.told(first), s.told(without)...) {
		kinds = append(kinds, b.Kind())
	}
	if d := cmp.Diff([]fact.Kind{"lastmile.booked", "lastmile.released"}, kinds); d != "" {
		t.Error(d)
	}
	s.See(func(tx *db.Tx) error {
		of, err := lastmile.Bookings(tx, s.m, []ident.Order{first, second})
		if len(of) != 1 || of[second].ID == "" {
			t.Errorf("booked: %+v", of)
		}
		return err
	})
}

// A shopper who chose another day gives the place back; one who is owed a day
// had none to give.
func TestAnotherDayGivesThePlaceBack(t *testing.T) {
	s := open(t)
	s.grid(lastmile.Grid{Windows: week(window(14, 16, 1))})
	slot := s.offer(lastmile.Asking{Days: 1})[0]
	o := s.order()
	s.must(s.book(o, slot))
	for _, row := range []struct {
		law  string
		owed fact.Owed
		left int
	}{
		{"a day was owed, and another is", fact.DeliverBy, 0},
		{"the slot was owed", fact.DeliverInSlot, 1},
	} {
		s.Do(s.m, func(tx *flow.Tx) error {
			return tx.Emit(s.m, string(o), row.law, fact.PromiseAmended{Promise: fact.Promise{Owed: row.owed, Order: o}})
		})
		if left := s.offer(lastmile.Asking{Days: 1, Full: true})[0].Left; left != row.left {
			t.Errorf("%s: %d places left", row.law, left)
		}
	}
}

// Whatever is booked and given back, in whatever order, no slot ever holds more
// than it may, and what is left is what nobody has.
func TestCapacityIsNeverExceeded(t *testing.T) {
	s := open(t)
	rapid.Check(t, func(r *rapid.T) {
		s.Pass(7 * 24 * time.Hour)
		capacity := rapid.IntRange(1, 3).Draw(r, "capacity")
		s.grid(lastmile.Grid{Windows: week(window(14, 16, capacity))})
		slot := s.offer(lastmile.Asking{Days: 3})[1]
		held := map[ident.Order]bool{}
		for range rapid.IntRange(1, 8).Draw(r, "steps") {
			if rapid.Bool().Draw(r, "cancel") && len(held) > 0 {
				for o := range held {
					s.Do(s.m, func(tx *flow.Tx) error { return lastmile.Release(tx, s.m, o) })
					delete(held, o)
					break
				}
				continue
			}
			o := s.order()
			err := s.book(o, slot)
			if full := len(held) == capacity; full != fault.Is(err, "slot_full") || !full && err != nil {
				r.Fatalf("with %d of %d places taken: %v", len(held), capacity, err)
			}
			if err == nil {
				held[o] = true
			}
		}
		for _, again := range s.offer(lastmile.Asking{Days: 3, Full: true}) {
			if again.From == slot.From && again.Left != capacity-len(held) {
				r.Fatalf("%d of %d places taken, and %d left", len(held), capacity, again.Left)
			}
		}
	})
}

func TestSlotsBelongToTheirMerchant(t *testing.T) {
	mine := open(t)
	mine.grid(lastmile.Grid{Windows: week(window(14, 16, 1))})
	o := mine.order()
	mine.must(mine.book(o, mine.offer(lastmile.Asking{Days: 1})[0]))
	other := mine.Merchant()
	mine.See(func(tx *db.Tx) error {
		slots, err := lastmile.Offer(tx, other, lastmile.Asking{Services: []ident.Service{mine.couriers}, Zone: time.UTC, Now: tx.Now})
		if err != nil || len(slots) != 0 {
			t.Errorf("another merchant is offered %v, %v", slots, err)
		}
		of, err := lastmile.Bookings(tx, other, []ident.Order{o})
		if len(of) != 0 {
			t.Errorf("another merchant sees %v", of)
		}
		return err
	})
}
