package order

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// NewParcel is a parcel to announce.
type NewParcel struct {
	Order      ident.Order
	Connection ident.Connection
	Service    ident.Service  // empty: the order's, on the way out
	Number     string         // trimmed, up to 100 characters
	Direction  fact.Direction // empty: out
	// Units packed, by line of goods. Nil is all units not yet packed in this
	// direction; a box announced so after the last unit was packed is kept as
	// one whose contents nobody told. What the merchant declared missing is not sent.
	Units map[ident.Line]int
}

// Announce writes a parcel and what is packed in it. A number announced before
// for the same order and direction answers that parcel, and fresh is false.
//
// The faults are not_found at order, parcel_number_conflict (the number is
// another order's), order_cancelled (nothing more leaves for it), and those of
// fields: field_required, field_too_long, invalid_utf8, unknown_direction,
// unknown_line, negative_quantity, too_many_units.
func Announce(tx *flow.Tx, m ident.Merchant, in NewParcel) (p Parcel, fresh bool, err error) {
	in, err = in.check()
	if err != nil {
		return Parcel{}, false, err
	}
	o, err := Get(tx.Tx, m, in.Order)
	if err != nil {
		return Parcel{}, false, err
	}
	p, known, err := db.One(tx.Tx, sqlParcelByNumber, scanParcel, m, in.Connection, in.Number)
	if err != nil {
		return Parcel{}, false, err
	}
	if known {
		return p, false, in.repeats(p)
	}
	units, err := in.pack(tx.Tx, m, o)
	if err != nil {
		return Parcel{}, false, err
	}
	p = in.parcel(tx, o)
	if err := writeParcel(tx, m, p, units); err != nil {
		return Parcel{}, false, err
	}
	return p, true, tx.Emit(m, string(p.Order), string(p.ID), fact.ParcelAnnounced{
		Parcel: p.ID, Order: p.Order, Shopper: p.Shopper, Direction: p.Direction,
		Carrier: p.Connection, Service: p.Service, Number: p.Number,
	})
}

// check brings the request to its one form.
func (in NewParcel) check() (NewParcel, error) {
	var c check
	in.Number = strings.TrimSpace(in.Number)
	c.required("connection", string(in.Connection), maxText)
	c.required("number", in.Number, maxReference)
	if in.Direction == "" {
		in.Direction = fact.Out
	}
	if in.Direction != fact.Out && in.Direction != fact.Back {
		c.faults.Add(fault.Invalid, "unknown_direction", "direction", "value", string(in.Direction))
	}
	return in, c.faults.Err()
}

// repeats refuses a number that means another parcel.
func (in NewParcel) repeats(p Parcel) error {
	if p.Order == in.Order && p.Direction == in.Direction {
		return nil
	}
	return fault.New(fault.Conflict, "parcel_number_conflict", "number", "number", in.Number)
}

// parcel is the parcel asked for.
func (in NewParcel) parcel(tx *flow.Tx, o Order) Parcel {
	p := Parcel{
		ID: ident.New[ident.Parcel](tx.Mint), Order: o.ID, Shopper: o.Shopper, Direction: in.Direction,
		Connection: in.Connection, Service: in.Service, Number: in.Number, Announced: tx.Now,
		Postcode: o.Ship.Postcode, Country: o.Ship.Country,
	}
	if p.Service == "" && p.Direction == fact.Out {
		p.Service = o.Service
	}
	return p
}

// share is a number of units of one line of goods.
type share struct {
	line  ident.Line
	units int
}

// pack reads what is left of the order in the parcel's direction, and decides.
func (in NewParcel) pack(tx *db.Tx, m ident.Merchant, o Order) ([]share, error) {
	if o.State == Cancelled && in.Direction == fact.Out {
		return nil, fault.New(fault.Conflict, "order_cancelled", "order", "reference", o.Reference)
	}
	left, err := db.All(tx, sqlLeft, scanShare, m, o.ID, in.Direction)
	if err != nil {
		return nil, err
	}
	return packed(left, in.Units)
}

// packed is what a parcel takes of what is left: all of it, or the units
// wanted when there are as many. It is in the order of the lines.
func packed(left []share, wanted map[ident.Line]int) ([]share, error) {
	if wanted == nil {
		return slices.DeleteFunc(slices.Clone(left), func(s share) bool { return s.units <= 0 }), nil
	}
	var c check
	if len(wanted) == 0 {
		c.faults.Add(fault.Invalid, "field_required", "units")
	}
	has := make(map[ident.Line]int, len(left))
	for _, s := range left {
		has[s.line] = s.units
	}
	var out []share
	for _, line := range slices.Sorted(maps.Keys(wanted)) {
		units, field := wanted[line], fmt.Sprintf("units[%s]", line)
		switch rest, known := has[line]; {
		case !known:
			c.faults.Add(fault.Invalid, "unknown_line", field, "line", string(line))
		case units < 1:
			c.faults.Add(fault.Invalid, "negative_quantity", field)
		case units > rest:
			c.faults.Add(fault.Invalid, "too_many_units", field, "units", units, "left", rest)
		}
		out = append(out, share{line, units})
	}
	return out, c.faults.Err()
}

func writeParcel(tx *flow.Tx, m ident.Merchant, p Parcel, units []share) error {
	err := tx.Do(sqlInsertParcel, m, p.ID, p.Order, p.Shopper, p.Direction, p.Connection, p.Service, p.Number,
		p.Announced, p.Postcode, p.Country)
	if err != nil {
		return err
	}
	for _, u := range units {
		if err := tx.Do(sqlInsertPacked, m, p.ID, u.line, u.units); err != nil {
			return err
		}
	}
	return nil
}
