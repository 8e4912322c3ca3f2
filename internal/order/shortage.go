package order

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Missing is units of an order that somebody says will not come, or did not
// arrive whole.
type Missing struct {
	Order   ident.Order
	By      fact.Party         // the merchant or the shopper
	Units   map[ident.Line]int // by line of goods, besides those declared before
	Damaged bool               // they are there, and broken
	// After is the last shortage of the order that the sayer knew of; may be empty.
	// The same again after it is more of it, not a repetition.
	After ident.Shortage
}

// Shortage is such a declaration as it was written down. Rows never change.
type Shortage struct {
	ID      ident.Shortage
	Order   ident.Order
	By      fact.Party
	Damaged bool
	At      civil.Instant
	Lines   []Short // in the order of the order's lines
}

// Short is a number of missing units of one line.
type Short struct {
	Line  ident.Line
	Units int
}

// Units is how many units are missing.
func (s Shortage) Units() (n int) {
	for _, l := range s.Lines {
		n += l.Units
	}
	return n
}

// DeclareMissing writes down that units of an order are missing or damaged. The
// merchant says so of units that are in no parcel yet, and none of them can be
// packed any more; the shopper of units that were delivered. A declaration that
// repeats the last one of its sayer answers that one: the same tap twice is one.
//
// The faults are not_found and order_cancelled at order, nothing_delivered at
// order (no parcel is in the shopper's hands yet), shortage_sayer_unknown at by,
// field_required at units, and of lines unknown_line, negative_quantity,
// missing_units_packed and missing_units_undelivered.
func DeclareMissing(tx *flow.Tx, m ident.Merchant, in Missing) (ident.Shortage, error) {
	o, err := in.check(tx.Tx, m)
	if err != nil {
		return "", err
	}
	of, err := Shortages(tx.Tx, m, []ident.Order{in.Order})
	if err != nil {
		return "", err
	}
	if before, ok := in.repeats(of[in.Order]); ok {
		return before, nil
	}
	if err := in.fits(tx.Tx, m); err != nil {
		return "", err
	}
	return in.write(tx, m, o)
}

// check refuses what nobody can say, and reads the order.
func (in Missing) check(tx *db.Tx, m ident.Merchant) (Order, error) {
	var c check
	if in.By != fact.ByMerchant && in.By != fact.ByShopper {
		c.faults.Add(fault.Invalid, "shortage_sayer_unknown", "by", "value", string(in.By))
	}
	if len(in.Units) == 0 {
		c.faults.Add(fault.Invalid, "field_required", "units")
	}
	if err := c.faults.Err(); err != nil {
		return Order{}, err
	}
	o, err := Get(tx, m, in.Order)
	if err == nil && o.State == Cancelled {
		err = fault.New(fault.Conflict, "order_cancelled", "order", "reference", o.Reference)
	}
	return o, err
}

// repeats reports whether the last declaration of the same party says the same,
// and the sayer did not know of it.
func (in Missing) repeats(before []Shortage) (ident.Shortage, bool) {
	for _, s := range slices.Backward(before) {
		if s.By != in.By {
			continue
		}
		said := map[ident.Line]int{}
		for _, l := range s.Lines {
			said[l.Line] = l.Units
		}
		return s.ID, s.ID != in.After && s.Damaged == in.Damaged && maps.Equal(said, in.Units)
	}
	return "", false
}

// standing is where the units of a line of goods are.
type standing struct {
	line       ident.Line
	ordered    int
	packed     int // in outgoing parcels
	inHand     int // of which in the shopper's hands
	byMerchant int // declared missing
	byShopper  int
}

// unsent is how many units no parcel may hold any more than it does.
func (s standing) unsent() int { return s.ordered - s.packed - s.byMerchant }

// missable is how many units the shopper may still miss. A box whose contents
// nobody told may hold any of them.
func (s standing) missable(untold bool) int {
	if untold {
		return s.ordered - s.byMerchant - s.byShopper
	}
	return min(s.inHand, s.ordered-s.byMerchant) - s.byShopper
}

// fits refuses more units than can be missing.
func (in Missing) fits(tx *db.Tx, m ident.Merchant) error {
	lines, err := db.All(tx, sqlStandings, scanStanding, m, in.Order)
	if err != nil {
		return err
	}
	a, _, err := db.One(tx, sqlArrivals, scanArrivals, m, in.Order)
	if err != nil {
		return err
	}
	if in.By == fact.ByShopper && a.parcels == 0 {
		return fault.New(fault.Conflict, "nothing_delivered", "order")
	}
	var c check
	for _, id := range slices.Sorted(maps.Keys(in.Units)) {
		i := slices.IndexFunc(lines, func(s standing) bool { return s.line == id })
		if i < 0 {
			c.faults.Add(fault.Invalid, "unknown_line", unitsOf(id), "line", string(id))
			continue
		}
		c.short(in, lines[i], a.untold > 0)
	}
	return c.faults.Err()
}

// short finds a number of units that can not be missing of a line.
func (c *check) short(in Missing, s standing, untold bool) {
	units, field := in.Units[s.line], unitsOf(s.line)
	switch {
	case units < 1:
		c.faults.Add(fault.Invalid, "negative_quantity", field)
	case in.By == fact.ByMerchant && units > s.unsent():
		c.faults.Add(fault.Invalid, "missing_units_packed", field, "units", units, "left", max(0, s.unsent()))
	case in.By == fact.ByShopper && units > s.missable(untold):
		c.faults.Add(fault.Invalid, "missing_units_undelivered", field, "units", units, "left", max(0, s.missable(untold)))
	}
}

// unitsOf is the path of a line's units in a request.
func unitsOf(line ident.Line) string { return fmt.Sprintf("units[%s]", line) }

// write keeps the declaration and says so.
func (in Missing) write(tx *flow.Tx, m ident.Merchant, o Order) (ident.Shortage, error) {
	id := ident.New[ident.Shortage](tx.Mint)
	if err := tx.Do(sqlInsertShortage, m, id, o.ID, o.Shopper, in.By, in.Damaged, tx.Now); err != nil {
		return "", err
	}
	units := 0
	for _, line := range slices.Sorted(maps.Keys(in.Units)) {
		if err := tx.Do(sqlInsertShort, m, id, line, in.Units[line]); err != nil {
			return "", err
		}
		units += in.Units[line]
	}
	return id, tx.Emit(m, string(o.ID), string(id), fact.UnitsMissing{
		Shortage: id, Order: o.ID, Shopper: o.Shopper, By: in.By,
		Units: units, Lines: len(in.Units), Damaged: in.Damaged,
	})
}

// Shortages reads what was declared missing of orders, the oldest first. An
// order that lacks nothing is not in the answer.
func Shortages(tx *db.Tx, m ident.Merchant, orders []ident.Order) (map[ident.Order][]Shortage, error) {
	rows, err := db.All(tx, sqlShortages, scanShortage, m, db.In(orders))
	if err != nil {
		return nil, err
	}
	// Sorted here: an "order by" would have SQLite walk all shortages of the merchant.
	slices.SortFunc(rows, func(a, b Shortage) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Lines[0].Line, b.Lines[0].Line))
	})
	of := map[ident.Order][]Shortage{}
	for _, r := range rows {
		all := of[r.Order]
		if n := len(all); n > 0 && all[n-1].ID == r.ID {
			all[n-1].Lines = append(all[n-1].Lines, r.Lines...)
			continue
		}
		of[r.Order] = append(all, r)
	}
	return of, nil
}
