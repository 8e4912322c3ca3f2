package tracking

import (
	"slices"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Attach is the reaction to order.parcel_announced: it opens the story of each
// parcel, gives it its first leg, and folds the events that came before it.
// It emits tracking.moved and tracking.disputed.
func Attach(tx *flow.Tx, facts []flow.Fact) error {
	bodies, err := flow.Bodies[fact.ParcelAnnounced](facts)
	if err != nil || len(facts) == 0 {
		return err
	}
	m := facts[0].Merchant
	ls, err := linesOf(tx.Tx, m)
	if err != nil {
		return err
	}
	a := attaching{Tx: tx, merchant: m, lines: ls, cause: map[ident.Parcel]flow.Fact{}}
	ids := make([]ident.Parcel, len(bodies))
	for i, b := range bodies {
		ids[i] = b.Parcel
		a.cause[b.Parcel] = facts[i]
	}
	if err := a.open(bodies); err != nil {
		return err
	}
	taken, err := a.legs(bodies)
	if err != nil {
		return err
	}
	if err := ls.refold(tx, m, ids, a.because); err != nil {
		return err
	}
	for _, b := range taken {
		body := fact.ParcelDisputed{Parcel: b.Parcel, Order: b.Order, What: NumberTaken}
		if err := a.because(b.Parcel).Emit(m, string(b.Order), string(b.Parcel)+"/"+NumberTaken, body); err != nil {
			return err
		}
	}
	return nil
}

// attaching is one run of Attach.
type attaching struct {
	*flow.Tx
	merchant ident.Merchant
	lines    lines
	cause    map[ident.Parcel]flow.Fact
}

func (a attaching) because(p ident.Parcel) *flow.Tx { return a.Because(a.cause[p]) }

// open writes the rows of the parcels, as pending.
func (a attaching) open(bodies []fact.ParcelAnnounced) error {
	services, err := carrier.Services(a.Tx.Tx, a.merchant)
	if err != nil {
		return err
	}
	for _, b := range bodies {
		p := parcel{Story: Fold(nil, AtHome), announced: a.cause[b.Parcel].At}
		p.watch(a.lines.silence(b.Carrier))
		err := a.Do(sqlInsertParcel, a.merchant, b.Parcel, b.Order, b.Shopper, b.Direction, b.Carrier, b.Service,
			wantedOf(b, services), p.announced, p.stallAt)
		if err != nil {
			return err
		}
	}
	return nil
}

// wantedOf is where the parcel shall go. What comes back goes to the merchant's door.
func wantedOf(b fact.ParcelAnnounced, services []carrier.Service) Wanted {
	i := slices.IndexFunc(services, func(s carrier.Service) bool { return s.ID == b.Service })
	if i < 0 || b.Direction == fact.Back {
		return AtHome
	}
	return WantedOf(services[i].Mode)
}

// legs gives each parcel its number, and returns those whose number another
// parcel travels under already.
func (a attaching) legs(bodies []fact.ParcelAnnounced) (taken []fact.ParcelAnnounced, err error) {
	numbers := map[ident.Connection][]string{}
	for _, b := range bodies {
		numbers[b.Carrier] = append(numbers[b.Carrier], carrier.FoldNumber(b.Number))
	}
	holders := map[ident.Connection]map[string]ident.Parcel{}
	for c, ns := range numbers {
		if holders[c], err = legsOf(a.Tx.Tx, a.merchant, c, ns); err != nil {
			return nil, err
		}
	}
	for _, b := range bodies {
		number := carrier.FoldNumber(b.Number)
		switch holder, held := holders[b.Carrier][number]; {
		case number == "" || holder == b.Parcel:
			continue
		case held:
			taken = append(taken, b)
			continue
		}
		holders[b.Carrier][number] = b.Parcel
		if err := a.Do(sqlInsertLeg, a.merchant, b.Carrier, number, b.Parcel, a.Now); err != nil {
			return nil, err
		}
	}
	return taken, nil
}

// AddLeg lets a parcel travel under one more number: a carrier handed it to
// another. Events that came for the number before are folded in. The same leg
// twice is one. The faults are not_found at "parcel" and "connection",
// field_required at "number", and number_taken, a conflict, when another parcel
// travels under it.
//
// It emits tracking.leg_added, tracking.moved and tracking.disputed.
func AddLeg(tx *flow.Tx, m ident.Merchant, id ident.Parcel, c ident.Connection, number string) error {
	number = carrier.FoldNumber(number)
	if number == "" {
		return fault.New(fault.Invalid, "field_required", "number")
	}
	p, ok, err := db.One(tx.Tx, sqlParcels, scanParcel, m, db.In([]ident.Parcel{id}))
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "not_found", "parcel")
	}
	if err != nil {
		return err
	}
	ls, err := linesOf(tx.Tx, m)
	if err != nil {
		return err
	}
	if _, err := ls.zone(c); err != nil {
		return err
	}
	legs, err := legsOf(tx.Tx, m, c, []string{number})
	if err != nil {
		return err
	}
	switch holder, held := legs[number]; {
	case held && holder == id:
		return nil
	case held:
		return fault.New(fault.Conflict, "number_taken", "number", "number", number)
	}
	if err := tx.Do(sqlInsertLeg, m, c, number, id, tx.Now); err != nil {
		return err
	}
	added := fact.LegAdded{Parcel: id, Order: p.order, Carrier: c, Number: number}
	if err := tx.Emit(m, string(p.order), string(id)+"/"+string(c)+"/"+number, added); err != nil {
		return err
	}
	return ls.refold(tx, m, []ident.Parcel{id}, func(ident.Parcel) *flow.Tx { return tx })
}
