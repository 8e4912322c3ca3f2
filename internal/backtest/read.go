package backtest

import (
	"cmp"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/sheet"
)

// Reject is a row that can not be used, and why.
type Reject struct {
	Line  int
	Order string // order_id, its first line and 40 characters at most
	Fault *fault.Error
}

// The columns that are read. A file also has status, which says how the order
// ended and would be looking ahead, and approved_at, which no promise hangs on:
// neither need be there.
const (
	orderID     = "order_id"
	purchasedAt = "purchased_at"
	handedAt    = "handed_to_carrier_at"
	deliveredAt = "delivered_at"
	promisedOn  = "promised_on"
)

// Read reads orders from CSV, in the file's order. Any time but that of purchase
// may be empty. A row without one, or with a time that can not be read, is
// rejected with field_required, instant_invalid or day_invalid, and a line that
// is no row with the fault of package sheet; the faults of a file that can not
// be read at all are those of sheet.NewReader.
func Read(in io.Reader) (orders []Order, rejects []Reject, err error) {
	rows, err := sheet.NewReader(in, orderID, purchasedAt, handedAt, deliveredAt, promisedOn)
	if err != nil {
		return nil, nil, err
	}
	for {
		row, err := rows.Next()
		if errors.Is(err, io.EOF) {
			return orders, rejects, nil
		}
		if err != nil {
			return nil, nil, err
		}
		o, refused := orderOf(row)
		if refused != nil {
			rejects = append(rejects, Reject{Line: row.Line, Order: clip(row.Get(orderID)), Fault: refused})
			continue
		}
		orders = append(orders, o)
	}
}

// clip copies the beginning of a cell, which may hold anything, and several lines.
func clip(cell string) string {
	line, _, _ := strings.Cut(cell, "\n")
	if r := []rune(line); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return strings.Clone(line)
}

func orderOf(row sheet.Row) (o Order, refused *fault.Error) {
	if row.Fault != nil {
		return Order{}, row.Fault
	}
	if row.Get(purchasedAt) == "" {
		return Order{}, fault.New(fault.Invalid, "field_required", purchasedAt)
	}
	var faults [4]*fault.Error
	o.Purchased, faults[0] = momentOf(purchasedAt, row.Get(purchasedAt))
	o.Handed, faults[1] = momentOf(handedAt, row.Get(handedAt))
	o.Delivered, faults[2] = momentOf(deliveredAt, row.Get(deliveredAt))
	o.Promised, faults[3] = dayOf(promisedOn, row.Get(promisedOn))
	return o, cmp.Or(faults[:]...)
}

// forms are the ways in which instants are written: RFC 3339, and what databases
// and spreadsheets make of it. Without an offset it is UTC.
var forms = []string{
	time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04Z07:00", "2006-01-02 15:04:05 Z0700",
	"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04",
}

func momentOf(column, s string) (Moment, *fault.Error) {
	if s == "" {
		return Moment{}, nil
	}
	for _, form := range forms {
		t, err := time.Parse(form, s)
		if err != nil {
			continue
		}
		_, offset := t.Zone()
		return Moment{At: civil.At(t), Offset: int32(offset)}, nil
	}
	return Moment{}, fault.New(fault.Invalid, "instant_invalid", column, "value", s)
}

// dayOf reads a day; of an instant, the day it is written on.
func dayOf(column, s string) (civil.Day, *fault.Error) {
	if s == "" {
		return civil.NoDay, nil
	}
	if d, err := civil.ParseDay(s); err == nil {
		return d, nil
	}
	if m, refused := momentOf(column, s); refused == nil {
		return m.Day(), nil
	}
	return civil.NoDay, fault.New(fault.Invalid, "day_invalid", column, "value", s)
}
