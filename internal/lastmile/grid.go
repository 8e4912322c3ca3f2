package lastmile

import (
	"fmt"
	"slices"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// What no grid can mean.
const (
	maxWindows  = 7 * 96              // of a week: one begins every quarter of an hour
	maxClosures = 1000                // days
	maxCapacity = 10_000              // orders in one slot
	maxClose    = 14 * 24 * time.Hour // before a slot
	minutesADay = 24 * 60
)

// SetGrid gives a service another week from g.Since on; from today of the
// merchant when it is NoDay or the zero Day. The grids before it stay as they
// are: of two that hold for a day the one that begins later says, and of two
// that begin together the one set last. What is booked stays booked.
//
// The faults are not_found at "service", service_without_slots and those of
// fields: slot_out_of_order, slot_twice, unknown_value, number_out_of_range,
// duration_out_of_range, date_out_of_range, list_too_long.
func SetGrid(tx *flow.Tx, m ident.Merchant, g Grid) (Grid, error) {
	if err := byAppointment(tx.Tx, m, g.Service); err != nil {
		return Grid{}, err
	}
	if g.Since == civil.NoDay || g.Since == 0 {
		today, err := today(tx.Tx, m)
		if err != nil {
			return Grid{}, err
		}
		g.Since = today
	}
	if err := g.check(tx.Now); err != nil {
		return Grid{}, err
	}
	g.Closures = slices.Compact(slices.Sorted(slices.Values(g.Closures)))
	sequence, err := addGrid(tx, m, g)
	if err != nil {
		return Grid{}, err
	}
	return g, tx.Emit(m, string(m), fmt.Sprintf("%s/%d", g.Service, sequence), fact.GridSet{Service: g.Service})
}

// byAppointment refuses a service that is not there, or brings parcels otherwise.
func byAppointment(tx *db.Tx, m ident.Merchant, id ident.Service) error {
	services, err := carrier.Services(tx, m)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(services, func(s carrier.Service) bool { return s.ID == id })
	switch {
	case i < 0:
		return fault.New(fault.NotFound, "not_found", "service")
	case services[i].Mode != carrier.Slot:
		return fault.New(fault.Conflict, "service_without_slots", "service", "mode", string(services[i].Mode))
	}
	return nil
}

func today(tx *db.Tx, m ident.Merchant) (civil.Day, error) {
	org, err := merchant.Get(tx, m)
	if err != nil {
		return 0, err
	}
	zone, err := civil.Zone(org.Zone)
	return tx.Now.Day(zone), err
}

// check tells all that is wrong with a grid.
func (g Grid) check(now civil.Instant) error {
	var faults fault.List
	faults = append(faults, fault.All(civil.CheckInstant("since", g.Since.Start(time.UTC), now))...)
	if len(g.Closures) > maxClosures {
		faults.Add(fault.Invalid, "list_too_long", "closures", "limit", maxClosures)
	}
	if len(g.Windows) > maxWindows {
		faults.Add(fault.Invalid, "list_too_long", "windows", "limit", maxWindows)
		return faults.Err()
	}
	seen := map[[3]int]bool{}
	for i, w := range g.Windows {
		at := fmt.Sprintf("windows[%d]", i)
		w.check(&faults, at)
		key := [3]int{int(w.Weekday), w.FromMinute, w.UntilMinute}
		if seen[key] {
			faults.Add(fault.Invalid, "slot_twice", at)
		}
		seen[key] = true
	}
	return faults.Err()
}

func (w GridWindow) check(faults *fault.List, at string) {
	if w.Weekday < time.Sunday || w.Weekday > time.Saturday {
		faults.Add(fault.Invalid, "unknown_value", at+".weekday", "value", w.Weekday.String())
	}
	if w.FromMinute < 0 || w.FromMinute >= w.UntilMinute || w.UntilMinute > minutesADay {
		faults.Add(fault.Invalid, "slot_out_of_order", at, "from", clock(w.FromMinute), "until", clock(w.UntilMinute))
	}
	if w.Capacity < 1 || w.Capacity > maxCapacity {
		faults.Add(fault.Invalid, "number_out_of_range", at+".capacity", "value", w.Capacity, "min", 1, "max", maxCapacity)
	}
	if w.CloseBefore < 0 || w.CloseBefore > maxClose {
		faults.Add(fault.Invalid, "duration_out_of_range", at+".close_before", "min", time.Duration(0), "max", maxClose)
	}
}

// clock writes a minute of the day as 14:30.
func clock(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }

// timetable is all that says which slots a service has.
type timetable struct {
	service carrier.Service
	grids   []Grid // in the order they were set
}

// on is the grid that holds for a day; false before the first one.
func (t timetable) on(d civil.Day) (g Grid, ok bool) {
	for _, later := range t.grids {
		if later.Since <= d && (!ok || later.Since >= g.Since) {
			g, ok = later, true
		}
	}
	return g, ok
}

// slots are those of a local day, by the clocks of a zone, all of them free. A
// day on which the service brings nothing, and one the shop closed, has none;
// nor is there a slot that begins or ends in an hour the clocks skip.
func (t timetable) slots(d civil.Day, zone *time.Location) (slots []Slot) {
	g, ok := t.on(d)
	if !ok || slices.Contains(g.Closures, d) || !t.delivers(d) {
		return nil
	}
	for _, w := range g.Windows {
		if w.Weekday != d.Weekday() {
			continue
		}
		window, err := civil.Slot(d, w.FromMinute, w.UntilMinute, zone)
		if err != nil {
			continue // the hour does not exist that day
		}
		slots = append(slots, Slot{
			Service: g.Service, Day: d, From: window.From, Until: window.Until,
			Capacity: w.Capacity, Left: w.Capacity, Closes: window.From.Add(-w.CloseBefore),
		})
	}
	return slots
}

// delivers reports whether the service brings parcels on a day.
func (t timetable) delivers(d civil.Day) bool {
	_, holiday := slices.BinarySearch(civil.Holidays(civil.Region(t.service.Region)), d)
	return t.service.Delivers.Has(d.Weekday()) && !holiday
}

// timetables reads those of the services named that the merchant has, up to the
// grids that hold on a day.
func timetables(tx *db.Tx, m ident.Merchant, ids []ident.Service, last civil.Day) ([]timetable, error) {
	services, err := carrier.Services(tx, m)
	if err != nil {
		return nil, err
	}
	grids, err := db.All(tx, sqlGrids, scanGrid, m, db.In(ids), last)
	if err != nil {
		return nil, err
	}
	var tables []timetable
	for _, s := range services {
		if s.Mode != carrier.Slot || !slices.Contains(ids, s.ID) {
			continue
		}
		t := timetable{service: s}
		for _, g := range grids {
			if g.Service == s.ID {
				t.grids = append(t.grids, g)
			}
		}
		tables = append(tables, t)
	}
	return tables, nil
}
