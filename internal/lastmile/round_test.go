package lastmile_test

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/vault"
	"github.com/promesse-dev/promesse/internal/crew"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
)

const pin = "271828"

// garage is a shop with couriers, devices and orders for a day.
type garage struct {
	*shop
	roster *crew.Roster
}

func garageOf(t *testing.T) *garage {
	t.Helper()
	v, err := vault.New(bytes.Repeat([]byte{7}, vault.Size))
	if err != nil {
		t.Fatal(err)
	}
	g := &garage{shop: open(t), roster: crew.NewRoster(v)}
	g.grid(lastmile.Grid{Windows: week(window(14, 16, 50), window(18, 20, 50))})
	return g
}

func (g *garage) courier(name string) (c crew.Member) {
	g.t.Helper()
	g.Do(g.m, func(tx *flow.Tx) (err error) {
		c, err = g.roster.Employ(tx, crew.Rounds(g.m), name, pin)
		return err
	})
	return c
}

// drives lets a device in and signs a courier in on it.
func (g *garage) drives(c crew.Member) (d crew.Device, s crew.Shift) {
	g.t.Helper()
	g.Do(g.m, func(tx *flow.Tx) error {
		_, link, err := crew.Invite(tx, crew.Rounds(g.m), "Le vélo")
		if err != nil {
			return err
		}
		token, err := crew.Enrol(tx, g.m, link)
		if err != nil {
			return err
		}
		if d, err = crew.DeviceOf(tx.Tx, crew.Courier, token); err != nil {
			return err
		}
		key, _, err := g.roster.SignIn(tx, d, c.ID, pin)
		if err != nil {
			return err
		}
		s, err = crew.ShiftOf(tx.Tx, d, key)
		return err
	})
	return d, s
}

// place is an order with a place in the n-th slot there is.
func (g *garage) place(n int) ident.Order {
	g.t.Helper()
	o := g.order()
	g.must(g.book(o, g.offer(lastmile.Asking{Days: 3})[n]))
	return o
}

func (g *garage) assign(o ident.Order, day civil.Day, to ident.Member) error {
	return g.Try(g.m, func(tx *flow.Tx) error { return lastmile.Assign(tx, g.m, o, day, to) })
}

func (g *garage) round(c ident.Member, day civil.Day) (orders []ident.Order) {
	g.t.Helper()
	g.See(func(tx *db.Tx) error {
		stops, err := lastmile.RoundOf(tx, g.m, c, day)
		for _, s := range stops {
			orders = append(orders, s.Order)
		}
		return err
	})
	return orders
}

func (g *garage) today() civil.Day { return local("2026-03-02 09:00").Day(flowtest.Paris) }

func TestARoundIsInTheOrderOfItsSlots(t *testing.T) {
	g := garageOf(t)
	samir, louise := g.courier("Samir"), g.courier("Louise")
	evening, noon, other := g.place(1), g.place(0), g.place(0)
	for o, to := range map[ident.Order]ident.Member{evening: samir.ID, noon: samir.ID, other: louise.ID} {
		g.must(g.assign(o, g.today(), to))
	}
	if d := cmp.Diff([]ident.Order{noon, evening}, g.round(samir.ID, g.today())); d != "" {
		t.Error(d)
	}
	g.must(g.assign(noon, g.today(), louise.ID)) // another drives there
	g.must(g.assign(noon, g.today(), louise.ID)) // and again: nothing happens
	g.must(g.assign(evening, g.today(), ""))
	if got := g.round(samir.ID, g.today()); len(got) != 0 {
		t.Errorf("it is still on the round: %v", got)
	}
	var to []ident.Member
	for _, b := range g.told(noon) {
		if set, is := b.(fact.StopSet); is {
			to = append(to, set.Courier)
		}
	}
	if d := cmp.Diff([]ident.Member{samir.ID, louise.ID}, to); d != "" {
		t.Error(d)
	}
}

func TestAssignRefuses(t *testing.T) {
	g := garageOf(t)
	samir, left := g.courier("Samir"), g.courier("Louise")
	g.Do(g.m, func(tx *flow.Tx) error { return crew.Dismiss(tx, g.m, left.ID) })
	placed, bare := g.place(0), g.order()
	for _, row := range []struct {
		law         string
		order       ident.Order
		to          ident.Member
		code, field string
	}{
		{"a courier of nobody", placed, "cou_none", "not_found", "courier"},
		{"one who left", placed, left.ID, "not_found", "courier"},
		{"an order of nobody", "ord_none", samir.ID, "not_found", "order"},
		{"an order without a slot", bare, samir.ID, "slot_not_booked", "order"},
	} {
		refused(t, row.law, g.assign(row.order, g.today(), row.to), row.code, row.field)
	}
}

// What is to bring on a day is its own slots, and what the week before left.
func TestPlacesOfADay(t *testing.T) {
	g := garageOf(t)
	first, tomorrow := g.place(0), g.place(2)
	for _, row := range []struct {
		law  string
		day  civil.Day
		want []ident.Order
	}{
		{"the day before", g.today() - 1, nil},
		{"the day", g.today(), []ident.Order{first}},
		{"the next one", g.today() + 1, []ident.Order{first, tomorrow}},
		{"a week later", g.today() + 8, []ident.Order{tomorrow}},
	} {
		g.See(func(tx *db.Tx) error {
			all, err := lastmile.Places(tx, g.m, civil.Window{From: row.day.Start(flowtest.Paris), Until: row.day.End(flowtest.Paris)})
			var got []ident.Order
			for _, b := range all {
				got = append(got, b.Order)
			}
			if d := cmp.Diff(row.want, got); d != "" {
				t.Errorf("%s: %s", row.law, d)
			}
			return err
		})
	}
}

func (g *garage) keep(s crew.Shift, in lastmile.Saying) (v lastmile.Visit, fresh bool, err error) {
	err = g.Try(g.m, func(tx *flow.Tx) (err error) {
		v, fresh, err = lastmile.Keep(tx, s, in)
		return err
	})
	return v, fresh, err
}

func (g *garage) stop(o ident.Order) (st lastmile.Stop) {
	g.t.Helper()
	g.See(func(tx *db.Tx) (err error) {
		st, _, err = lastmile.StopFor(tx, g.m, o, g.today())
		return err
	})
	return st
}

func TestWhatACourierSaysIsKeptOnce(t *testing.T) {
	g := garageOf(t)
	samir, louise := g.courier("Samir"), g.courier("Louise")
	_, s := g.drives(samir)
	_, others := g.drives(louise)
	o := g.place(0)
	g.must(g.assign(o, g.today(), samir.ID))
	said := lastmile.Saying{Client: "c1", Stop: g.stop(o).ID, Act: lastmile.Delivered, Proof: lastmile.Named, SignedBy: " C. Durand "}
	first, fresh, err := g.keep(s, said)
	g.must(err)
	again, freshAgain, err := g.keep(s, said)
	g.must(err)
	if !fresh || freshAgain || first.ID != again.ID || again.SignedBy != "C. Durand" || again.Order != o {
		t.Errorf("kept %+v, and again %+v", first, again)
	}
	for range 2 {
		g.Do(g.m, func(tx *flow.Tx) error { return lastmile.Settle(tx, g.m, &first, lastmile.VisitDone, "") })
	}
	told := g.told(o)
	want := fact.StopVisited{Visit: first.ID, Stop: said.Stop, Order: o, Courier: samir.ID, Device: s.Device, Act: "delivered", Proof: "name", At: first.At()}
	if d := cmp.Diff(fact.Body(want), told[len(told)-1]); d != "" {
		t.Error(d)
	}
	n := 0
	for _, b := range told {
		if _, is := b.(fact.StopVisited); is {
			n++
		}
	}
	if n != 1 {
		t.Errorf("said %d times", n)
	}
	for i, row := range []struct {
		law         string
		shift       crew.Shift
		change      func(*lastmile.Saying)
		code, field string
	}{
		{"another's stop", others, func(*lastmile.Saying) {}, "not_found", "stop"},
		{"without a proof", s, func(in *lastmile.Saying) { in.Proof = lastmile.NoProof }, "proof_required", "proof"},
		{"failed, and nobody knows why", s, func(in *lastmile.Saying) { in.Act = lastmile.Failed }, "field_required", "reason"},
		{"late, and nobody knows until when", s, func(in *lastmile.Saying) { in.Act = lastmile.Late }, "field_required", "expected"},
		{"an act that is none", s, func(in *lastmile.Saying) { in.Act = "thrown" }, "unknown_value", "act"},
		{"into hands that are none", s, func(in *lastmile.Saying) { in.Place = "roof" }, "unknown_value", "place"},
		{"nameless", s, func(in *lastmile.Saying) { in.Client = " " }, "field_required", "client"},
	} {
		in := said
		in.Client = fmt.Sprint("r", i)
		row.change(&in)
		_, _, err := g.keep(row.shift, in)
		refused(t, row.law, err, row.code, row.field)
	}
	late := said
	late.Client, late.Offline = "o", true
	if v, _, err := g.keep(others, late); err != nil || v.Outcome != lastmile.VisitKept {
		t.Errorf("done without network at a stop that is another's by now: %+v, %v", v, err)
	}
	late.Client, late.Said, late.Sent = "early", 1, civil.Instant(1).Add(48*time.Hour)
	if v, _, err := g.keep(s, late); err != nil || v.Refusal != "visit_outside_shift" {
		t.Errorf("done before the shift began: %+v, %v", v, err)
	}
}
