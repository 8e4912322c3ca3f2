package api

import (
	"fmt"
	"slices"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Grid is the week of a service by appointment, from a day on.
type Grid struct {
	Since    *civil.Day   `json:"since,omitempty" doc:"First day it holds for; today when left out."`
	Windows  []GridWindow `json:"windows" maxItems:"672" doc:"The whole week; none is no slots any more."`
	Closures []civil.Day  `json:"closures,omitempty" maxItems:"1000" doc:"Days without slots, besides those on which the service brings nothing."`
}

// GridWindow is one window of a week.
type GridWindow struct {
	Weekday     string `json:"weekday" enum:"monday,tuesday,wednesday,thursday,friday,saturday,sunday"`
	From        string `json:"from" doc:"Time of day at the destination, 14:00."`
	Until       string `json:"until" doc:"Exclusive; 24:00 is midnight."`
	Capacity    int    `json:"capacity" doc:"How many orders it holds."`
	CloseBefore int    `json:"close_before_seconds,omitempty" doc:"How long before it begins it takes no order any more."`
}

// Timetable is the grids of a service and the slots that follow from them.
type Timetable struct {
	Grids []Grid `json:"grids" doc:"The one that holds today, and those that will follow it."`
	Slots []Slot `json:"slots" doc:"Of the next days, by the clocks of the organisation; full and closed ones too."`
}

// Slot is a window of a certain day.
type Slot struct {
	Day      civil.Day     `json:"day"`
	From     civil.Instant `json:"from"`
	Until    civil.Instant `json:"until" doc:"Exclusive."`
	Capacity int           `json:"capacity"`
	Left     int           `json:"left" doc:"Places that nobody has."`
	Closes   civil.Instant `json:"closes" doc:"From then on it takes no order any more."`
}

type slotsIn struct {
	ID   ident.Service `path:"id"`
	Body Grid
}

func setSlots(_ *API, tx *flow.Tx, c call, in *slotsIn) (reply[Grid], error) {
	g, err := in.Body.grid(in.ID)
	if err != nil {
		return reply[Grid]{}, err
	}
	g, err = lastmile.SetGrid(tx, c.Merchant, g)
	return ok(showGrid(g)), named(err, in.Body.paths()...)
}

// grid is the week in the words of the room. The fault is time_of_day_invalid.
func (g Grid) grid(s ident.Service) (lastmile.Grid, error) {
	var faults fault.List
	minute := func(field, text string) int {
		m, ok := minuteOf(text)
		if !ok {
			faults.Add(fault.Invalid, "time_of_day_invalid", field, "value", text)
		}
		return m
	}
	out := lastmile.Grid{Service: s, Closures: g.Closures, Since: dayOf(g.Since)}
	for i, w := range g.Windows {
		at := fmt.Sprintf("windows[%d].", i)
		out.Windows = append(out.Windows, lastmile.GridWindow{
			Weekday:    time.Weekday(slices.Index(weekdayNames[:], w.Weekday)),
			FromMinute: minute(at+"from", w.From), UntilMinute: minute(at+"until", w.Until),
			Capacity: w.Capacity, CloseBefore: durationOf(w.CloseBefore),
		})
	}
	return out, faults.Err()
}

// paths put the room's name of a field of each window into ours.
func (g Grid) paths() (names []string) {
	for i := range g.Windows {
		at := fmt.Sprintf("windows[%d].", i)
		names = append(names, at+"close_before", at+"close_before_seconds")
	}
	return names
}

func showGrid(g lastmile.Grid) Grid {
	return Grid{Since: optional(g.Since), Closures: g.Closures, Windows: mapped(g.Windows, func(w lastmile.GridWindow) GridWindow {
		return GridWindow{weekdayNames[w.Weekday], clock(w.FromMinute), clock(w.UntilMinute), w.Capacity, seconds(w.CloseBefore)}
	})}
}

type timetableIn struct {
	ID   ident.Service `path:"id"`
	Days int           `query:"days" minimum:"1" maximum:"31" default:"7" doc:"How many days to look ahead, today included."`
}

func slotsOf(_ *API, tx *db.Tx, c call, in *timetableIn) (out Timetable, err error) {
	if err := haveService(tx, c.Merchant, in.ID); fault.Is(err, "unknown_service") {
		return out, fault.New(fault.NotFound, "not_found", "service")
	} else if err != nil {
		return out, err
	}
	org, err := merchant.Get(tx, c.Merchant)
	if err != nil {
		return out, err
	}
	zone, err := civil.Zone(org.Zone)
	if err != nil {
		return out, err
	}
	grids, err := lastmile.Grids(tx, c.Merchant, in.ID, tx.Now.Day(zone))
	if err != nil {
		return out, err
	}
	slots, err := lastmile.Offer(tx, c.Merchant, lastmile.Asking{
		Services: []ident.Service{in.ID}, Zone: zone, Now: tx.Now, Days: in.Days, Full: true,
	})
	return Timetable{Grids: mapped(grids, showGrid), Slots: mapped(slots, showSlot)}, err
}

func showSlot(s lastmile.Slot) Slot {
	return Slot{s.Day, s.From, s.Until, s.Capacity, s.Left, s.Closes}
}
