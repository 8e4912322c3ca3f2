package app

import (
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/relay"
)

// coverageCmd reports whom a network of points reaches, and when.
type coverageCmd struct {
	store
	Network string  `help:"Whose points: mondial_relay, colissimo…" required:"" placeholder:"NAME"`
	Reach   float64 `help:"How far a point is near, in kilometres as the crow flies." default:"5"`
	Week    string  `help:"A day of the week to look at, as 2026-11-24; this one when not said." placeholder:"DAY"`
	Most    int     `help:"Proposals of each kind." default:"10"`
}

// coveragePage is how many points are read at a time.
const coveragePage = 1000

// Run prints the report. It reads only.
func (c *coverageCmd) Run(ctx context.Context, out Streams) error {
	if c.Reach <= 0 || c.Reach > 100 {
		return fault.New(fault.Invalid, "number_out_of_range", "reach", "value", c.Reach, "min", 0, "max", 100)
	}
	return withFlow(ctx, c.DB, func(f *flow.Flow) error {
		week, err := c.monday(f.Clock().Now())
		if err != nil {
			return err
		}
		points, err := pointsOf(ctx, f, c.Network)
		if err != nil {
			return err
		}
		report := relay.Cover(points, geo.Communes(), relay.Covering{Week: week, Reach: c.Reach * 1000, Most: c.Most})
		return c.print(out.Out, report, week)
	})
}

// monday is that of the week asked for.
func (c *coverageCmd) monday(now civil.Instant) (civil.Day, error) {
	day := now.Day(time.UTC)
	if c.Week != "" {
		var err error
		if day, err = civil.ParseDay(c.Week); err != nil {
			return civil.NoDay, fault.New(fault.Invalid, "day_invalid", "week", "value", c.Week)
		}
	}
	return day - civil.Day((day.Weekday()+6)%7), nil
}

// pointsOf reads a whole network, page by page. The fault is not_found for one
// that has no point.
func pointsOf(ctx context.Context, f *flow.Flow, network string) (all []relay.Point, err error) {
	for last := ""; ; last = all[len(all)-1].Code {
		var page []relay.Point
		err := f.Read(ctx, func(tx *db.Tx) (err error) {
			page, err = relay.List(tx, network, last, coveragePage)
			return err
		})
		if err != nil {
			return nil, err
		}
		all = append(all, page...)
		if len(page) < coveragePage {
			break
		}
	}
	if len(all) == 0 {
		return nil, fault.New(fault.NotFound, "not_found", "network")
	}
	return all, nil
}

// columnDays are as they head the table's columns.
var columnDays = [7]string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}

func (c *coverageCmd) print(w io.Writer, r relay.Coverage, week civil.Day) error {
	all := r.People + r.Unlocated
	fmt.Fprintf(w, "%s, week of %s: %d points, %d without an exact position, %d without opening hours\n", c.Network, week, r.Points, r.Nowhere, r.Unsaid)
	fmt.Fprintf(w, "%d people live in communes whose middle is known; %d (%s of all) do not, and are in no figure below\n",
		r.People, r.Unlocated, shareOf(r.Unlocated, all))
	fmt.Fprintf(w, "within %g km of a point: %d people, %s of those counted\n\n", c.Reach, r.Near, shareOf(r.Near, r.People))
	fmt.Fprintln(w, "within reach of a point that is open, share of those counted")
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "half past\t"+strings.Join(columnDays[:], "\t")+"\t")
	for hour := range 24 {
		row := fmt.Sprintf("%02d:30\t", hour)
		for d := range columnDays {
			row += shareOf(r.Open[d][hour], r.People) + "\t"
		}
		fmt.Fprintln(t, row)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(w, "\nwhere to open a point next, and how many people would have one near who have none")
	for _, o := range r.Openings {
		fmt.Fprintf(w, "  %s (%s): %d\n", o.Commune.Name, strings.Join(o.Commune.Postcodes, " "), o.People)
	}
	fmt.Fprintln(w, "\nwhich hours to extend, and how many people have nothing open near then")
	for _, e := range r.Extended {
		fmt.Fprintf(w, "  %s %s, %s: %s %02d:30: %d\n", e.Point.Code, e.Point.Name, e.Point.City, columnDays[e.Day], e.Hour, e.People)
	}
	return nil
}

func shareOf(n, of int) string {
	if of == 0 {
		return "–"
	}
	return fmt.Sprintf("%.1f%%", 100*float64(n)/float64(of))
}
