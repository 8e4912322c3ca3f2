package app

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/sheet"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/promise"
)

// importCmd brings history in.
type importCmd struct {
	Deliveries importDeliveriesCmd `cmd:"" help:"Past deliveries, to learn transit times from. Columns: reference, handed_to_carrier_at, first_presented_at, delivered_at, country, postcode."`
	Points     importPointsCmd     `cmd:"" help:"Relay points or stores. Columns: code, name, postcode; and kind, street, extra, city, country, latitude, longitude, services, max_grams, max_longest_cm, max_sum_cm, hours, zone, capacity."`
}

type importDeliveriesCmd struct {
	store
	File     string `arg:"" help:"CSV file." type:"existingfile"`
	Merchant string `help:"Whose deliveries." required:"" placeholder:"ID"`
	Carrier  string `help:"The connection they went through." required:"" placeholder:"ID"`
	Service  string `help:"The service they went by." required:"" placeholder:"ID"`
}

// importBatch is how many deliveries one transaction learns.
const importBatch = 400

// Run imports what it can and writes the rest, with line and reason, to
// FILE.rejects.csv. A second run adds nothing.
func (c *importDeliveriesCmd) Run(ctx context.Context, out Streams) error {
	return withFlow(ctx, c.DB, func(f *flow.Flow) error {
		zone, err := c.zone(ctx, f)
		if err != nil {
			return err
		}
		in, err := os.Open(c.File)
		if err != nil {
			return err
		}
		r := &deliveries{cmd: c, flow: f, zone: zone, rejects: c.File + ".rejects.csv"}
		err = r.run(ctx, in, out)
		err = errors.Join(err, in.Close(), r.close())
		if err == nil {
			fmt.Fprintf(out.Out, "%d rows read, %d deliveries added, %d known already, %d rejected\n", r.read, r.added, r.read-r.added-r.rejected, r.rejected)
		}
		if r.rejected > 0 {
			fmt.Fprintf(out.Out, "rejected rows: %s\n", r.rejects)
		}
		return err
	})
}

// zone is where the carrier's clocks hang, once merchant, carrier and service
// are known to belong together.
func (c *importDeliveriesCmd) zone(ctx context.Context, f *flow.Flow) (zone *time.Location, err error) {
	err = f.Read(ctx, func(tx *db.Tx) error {
		m := ident.Merchant(c.Merchant)
		con, err := carrier.Get(tx, m, ident.Connection(c.Carrier))
		if err != nil {
			return err
		}
		services, err := carrier.Services(tx, m)
		if err != nil {
			return err
		}
		for _, s := range services {
			if s.ID == ident.Service(c.Service) && s.Connection == con.ID {
				zone, err = civil.Zone(con.Zone)
				return err
			}
		}
		return fault.New(fault.NotFound, "unknown_service", "service", "service", c.Service)
	})
	return zone, err
}

// deliveries is an import under way.
type deliveries struct {
	cmd     *importDeliveriesCmd
	flow    *flow.Flow
	zone    *time.Location
	rejects string
	file    *os.File
	refused *csv.Writer
	batch   []promise.Delivery

	read, added, rejected int
}

func (d *deliveries) run(ctx context.Context, in *os.File, out Streams) error {
	bar := progress(in, out)
	s, err := sheet.NewReader(io.TeeReader(bufio.NewReader(in), bar), "reference", "handed_to_carrier_at", "delivered_at", "country", "postcode")
	if err != nil {
		return err
	}
	for ctx.Err() == nil {
		row, err := s.Next()
		if errors.Is(err, io.EOF) {
			return errors.Join(d.learn(ctx), bar.Finish())
		}
		if err != nil {
			return err
		}
		if err := d.take(ctx, s.Header(), row); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// progress is a bar over the file's bytes, seen only at a terminal.
func progress(in *os.File, out Streams) *progressbar.ProgressBar {
	size := int64(-1)
	if st, err := in.Stat(); err == nil {
		size = st.Size()
	}
	visible := false
	if e, ok := out.Err.(*os.File); ok {
		if st, err := e.Stat(); err == nil {
			visible = st.Mode()&os.ModeCharDevice != 0
		}
	}
	return progressbar.NewOptions64(size, progressbar.OptionSetWriter(out.Err), progressbar.OptionSetVisibility(visible),
		progressbar.OptionShowBytes(true), progressbar.OptionThrottle(100*time.Millisecond))
}

func (d *deliveries) take(ctx context.Context, header []string, row sheet.Row) error {
	d.read++
	delivery, err := d.parse(row)
	if err != nil {
		return d.reject(header, row, err)
	}
	d.batch = append(d.batch, delivery)
	if len(d.batch) < importBatch {
		return nil
	}
	return d.learn(ctx)
}

func (d *deliveries) parse(row sheet.Row) (promise.Delivery, error) {
	out := promise.Delivery{Reference: row.Get("reference"), Service: ident.Service(d.cmd.Service), Arrived: civil.NoDay}
	if row.Fault != nil {
		return out, row.Fault
	}
	if out.Reference == "" {
		return out, fault.New(fault.Invalid, "field_required", "reference")
	}
	var err error
	if out.To, err = geo.NewPlace(row.Get("country"), row.Get("postcode")); err != nil {
		return out, err
	}
	if out.Handed, err = d.day(row, "handed_to_carrier_at"); err != nil {
		return out, err
	}
	if out.Handed == civil.NoDay {
		return out, fault.New(fault.Invalid, "field_required", "handed_to_carrier_at")
	}
	for _, column := range []string{"first_presented_at", "delivered_at"} {
		if out.Arrived != civil.NoDay {
			break
		}
		if out.Arrived, err = d.day(row, column); err != nil {
			return out, err
		}
	}
	if out.Arrived != civil.NoDay && out.Arrived < out.Handed {
		return out, fault.New(fault.Invalid, "until_before_since", "delivered_at", "since", out.Handed.String())
	}
	return out, nil
}

// layouts are the forms of an instant that exports use; those without an offset
// are local to the carrier.
var layouts = []string{time.RFC3339Nano, "2006-01-02 15:04:05", "2006-01-02T15:04:05", "2006-01-02 15:04", "2006-01-02T15:04", "2006-01-02"}

// day is the local day of a cell, NoDay when it is empty.
func (d *deliveries) day(row sheet.Row, column string) (civil.Day, error) {
	text := row.Get(column)
	if text == "" {
		return civil.NoDay, nil
	}
	for _, l := range layouts {
		if t, err := time.ParseInLocation(l, text, d.zone); err == nil {
			at := civil.At(t)
			return at.Day(d.zone), civil.CheckInstant(column, at, d.flow.Clock().Now())
		}
	}
	return civil.NoDay, fault.New(fault.Invalid, "instant_invalid", column, "value", text)
}

func (d *deliveries) learn(ctx context.Context) error {
	if len(d.batch) == 0 {
		return nil
	}
	var added int
	m := ident.Merchant(d.cmd.Merchant)
	err := d.flow.One(ctx, flow.Installation, m, func(tx *flow.Tx) (err error) {
		added, err = promise.Imported(tx, m, d.batch)
		return err
	})
	d.added += added
	d.batch = d.batch[:0]
	return err
}

// reject writes a row back as it stood, behind its line and the reason.
func (d *deliveries) reject(header []string, row sheet.Row, cause error) error {
	d.rejected++
	if d.refused == nil {
		f, err := os.Create(d.rejects)
		if err != nil {
			return err
		}
		d.file, d.refused = f, csv.NewWriter(f)
		if err := d.refused.Write(append([]string{"line", "reason"}, header...)); err != nil {
			return err
		}
	}
	reason := cause.Error()
	if faults := fault.All(cause); len(faults) > 0 {
		reason = lang.Fault(terminalLocale(), faults[0])
	}
	return d.refused.Write(append([]string{strconv.Itoa(row.Line), reason}, row.Cells()...))
}

func (d *deliveries) close() error {
	if d.refused == nil {
		return nil
	}
	d.refused.Flush()
	return errors.Join(d.refused.Error(), d.file.Close())
}
