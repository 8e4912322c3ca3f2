package app

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/relay"
)

type importPointsCmd struct {
	store
	File     string `arg:"" help:"CSV or GeoJSON file." type:"existingfile"`
	Network  string `help:"Whose points: mondial_relay, colissimo…, or the ID of the organisation whose stores they are." required:"" placeholder:"NAME"`
	Merchant string `help:"The organisation that brings the list in." required:"" placeholder:"ID"`
	Whole    bool   `help:"The file is the network's whole list: points it does not name are gone."`
}

// pointsPage is how many points one transaction takes.
const pointsPage = 500

// Run takes in what it can and writes the rest, with line and reason, to
// FILE.rejects.csv. A second run changes nothing. A list with a line that could
// not be read is never whole: nothing is said to be gone for a slip of the pen.
func (c *importPointsCmd) Run(ctx context.Context, out Streams) error {
	return withFlow(ctx, c.DB, func(f *flow.Flow) (err error) {
		in, err := os.Open(c.File)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, in.Close()) }()
		p := &pointsImport{cmd: c, flow: f, rejects: c.File + ".rejects.csv"}
		err = errors.Join(p.run(ctx, in, out), p.close())
		if err != nil {
			return err
		}
		p.report(out.Out)
		return nil
	})
}

// pointsImport is one under way.
type pointsImport struct {
	cmd     *importPointsCmd
	flow    *flow.Flow
	rejects string
	file    *os.File
	refused *csv.Writer
	page    []relay.Point
	codes   map[string]bool
	first   int64 // version that the first page led to
	total   relay.Fed

	read, rejected int
}

func (p *pointsImport) run(ctx context.Context, in *os.File, out Streams) error {
	bar := progress(in, out)
	p.codes = map[string]bool{}
	err := relay.Read(io.TeeReader(in, bar), p.cmd.Network, func(l relay.Line) error { return p.take(ctx, l) })
	if err != nil {
		return err
	}
	if err := p.feed(ctx); err != nil {
		return err
	}
	if p.cmd.Whole && p.rejected == 0 && p.first > 0 {
		err = p.write(ctx, func(tx *flow.Tx, m ident.Merchant) (err error) {
			p.total.Gone, err = relay.Absent(tx, m, p.cmd.Network, p.first)
			return err
		})
	}
	return errors.Join(err, bar.Finish())
}

func (p *pointsImport) take(ctx context.Context, l relay.Line) error {
	p.read++
	if l.Fault == nil && p.codes[l.Point.Code] {
		l.Fault = fault.New(fault.Invalid, "point_twice", "code", "code", l.Point.Code)
	}
	if l.Fault != nil {
		return p.reject(l)
	}
	p.codes[l.Point.Code] = true
	p.page = append(p.page, l.Point)
	if len(p.page) < pointsPage {
		return nil
	}
	return p.feed(ctx)
}

// feed writes the page that was read.
func (p *pointsImport) feed(ctx context.Context) error {
	if len(p.page) == 0 {
		return nil
	}
	var fed relay.Fed
	err := p.write(ctx, func(tx *flow.Tx, m ident.Merchant) (err error) {
		fed, err = relay.Feed(tx, m, p.cmd.Network, p.page, false)
		return err
	})
	p.page = p.page[:0]
	if p.first == 0 {
		p.first = fed.Version
	}
	p.total.Fresh += fed.Fresh
	p.total.Changed += fed.Changed
	p.total.Same += fed.Same
	p.total.Moved = append(p.total.Moved, fed.Moved...)
	return err
}

func (p *pointsImport) write(ctx context.Context, verb func(*flow.Tx, ident.Merchant) error) error {
	m := ident.Merchant(p.cmd.Merchant)
	return p.flow.One(ctx, flow.Installation, m, func(tx *flow.Tx) error {
		if _, err := merchant.Get(tx.Tx, m); err != nil {
			return err
		}
		return verb(tx, m)
	})
}

// reject writes a line back as it stood, behind its number and all that is
// wrong with it.
func (p *pointsImport) reject(l relay.Line) error {
	p.rejected++
	if p.refused == nil {
		f, err := os.Create(p.rejects)
		if err != nil {
			return err
		}
		p.file, p.refused = f, csv.NewWriter(f)
		if err := p.refused.Write(append([]string{"line", "reason"}, l.Header...)); err != nil {
			return err
		}
	}
	var reasons []string
	for _, f := range fault.All(l.Fault) {
		reasons = append(reasons, lang.Fault(terminalLocale(), f))
	}
	return p.refused.Write(append([]string{strconv.Itoa(l.Number), strings.Join(reasons, " ")}, l.Cells...))
}

func (p *pointsImport) close() error {
	if p.refused == nil {
		return nil
	}
	p.refused.Flush()
	return errors.Join(p.refused.Error(), p.file.Close())
}

func (p *pointsImport) report(w io.Writer) {
	t := p.total
	fmt.Fprintf(w, "%d points read: %d new, %d changed (%d moved), %d as before, %d gone, %d rejected\n",
		p.read, t.Fresh, t.Changed, len(t.Moved), t.Same, t.Gone, p.rejected)
	if p.rejected > 0 {
		fmt.Fprintf(w, "rejected lines: %s\n", p.rejects)
		if p.cmd.Whole {
			fmt.Fprintln(w, "because of them the list was not taken for whole: no point was said to be gone")
		}
	}
}
