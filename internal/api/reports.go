package api

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/insight"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// PromisesReport is how well promises were kept whose deadline lies in a period.
type PromisesReport struct {
	Organisation ident.Merchant `json:"organisation"`
	Since        civil.Day      `json:"since"`
	Until        civil.Day      `json:"until" doc:"The first day that does not count any more."`
	Measures
	ByCarrier   []PartMeasures `json:"by_carrier"`
	ByService   []PartMeasures `json:"by_service"`
	ByZone      []PartMeasures `json:"by_zone" doc:"Country and the first two characters of the postcode."`
	Calibration []Decile       `json:"calibration" doc:"By tenths of the confidence that quotes stated."`
}

// Measures are what became of promises.
type Measures struct {
	Due          int      `json:"due" doc:"Settled: kept and broken."`
	Kept         int      `json:"kept"`
	KeptRate     *float64 `json:"kept_rate,omitempty" doc:"Kept among those due; left out when none was."`
	Broken       int      `json:"broken"`
	Void         int      `json:"void"`
	ToldBefore   int      `json:"told_before" doc:"Broken or amended, and the shopper was told before the deadline."`
	SilentBreaks int      `json:"silent_breaks" doc:"Broken, and the shopper was not told before."`
	Repaired     int      `json:"repaired" doc:"Broken, and a remedy was granted without being asked for."`
	Boldness     *float64 `json:"boldness_days,omitempty" doc:"Mean days from promise to deadline: short is bold."`
}

// PartMeasures are those of a part.
type PartMeasures struct {
	Part string `json:"part" doc:"Id of the carrier or service, or name of the zone; empty when there is none."`
	Measures
}

// Decile compares what quotes stated with what became of them.
type Decile struct {
	From   float64 `json:"from" doc:"Stated confidence from here, for a tenth."`
	Due    int     `json:"due"`
	Stated float64 `json:"stated" doc:"Mean confidence."`
	Kept   float64 `json:"kept" doc:"Share kept."`
}

type reportIn struct {
	Since    string         `query:"since" format:"date" doc:"First day; 30 days before 'until' when left out."`
	Until    string         `query:"until" format:"date" doc:"The first day that does not count any more; tomorrow when left out."`
	Merchant ident.Merchant `query:"merchant" doc:"Another organisation, which granted read_reports."`
}

// reported is whose report it is, and of which days.
type reported struct {
	of           ident.Merchant
	since, until civil.Day
	zone         *time.Location
}

func (s reported) begin() civil.Instant { return s.since.Start(s.zone) }
func (s reported) end() civil.Instant   { return s.until.Start(s.zone) }

// read says what a report is asked of. The faults are not_found at merchant, and
// until_before_since.
func (in *reportIn) read(tx *db.Tx, reader ident.Merchant) (s reported, err error) {
	s.of = cmp.Or(in.Merchant, reader)
	if err := mayRead(tx, reader, s.of); err != nil {
		return s, err
	}
	o, err := merchant.Get(tx, s.of)
	if err != nil {
		return s, err
	}
	if s.zone, err = civil.Zone(o.Zone); err != nil {
		return s, err
	}
	s.since, s.until, err = in.period(tx.Now.Day(s.zone))
	return s, err
}

func promisesReport(_ *API, tx *db.Tx, c call, in *reportIn) (r PromisesReport, err error) {
	asked, err := in.read(tx, c.Merchant)
	if err != nil {
		return r, err
	}
	p, err := insight.PromisesOf(tx, asked.of, asked.begin(), asked.end())
	r = PromisesReport{Organisation: asked.of, Since: asked.since, Until: asked.until, Measures: measures(p.All)}
	r.ByCarrier, r.ByService, r.ByZone = parts(p.ByCarrier), parts(p.ByService), parts(p.ByArea)
	r.Calibration = mapped(p.Calibration, func(d insight.Decile) Decile { return Decile(d) })
	return r, err
}

// mayRead refuses another organisation's reports without its grant, as if it
// did not exist.
func mayRead(tx *db.Tx, reader, of ident.Merchant) error {
	if reader == of {
		return nil
	}
	grantors, err := merchant.Grantors(tx, reader, merchant.ReadReportsOf)
	if err == nil && !slices.Contains(grantors, of) {
		err = fault.New(fault.NotFound, "not_found", "merchant")
	}
	return err
}

// period reads the days of a report. The fault is until_before_since.
func (in *reportIn) period(today civil.Day) (since, until civil.Day, err error) {
	until = today + 1
	if in.Until != "" {
		if until, err = civil.ParseDay(in.Until); err != nil {
			return 0, 0, err
		}
	}
	since = until - 30
	if in.Since != "" {
		if since, err = civil.ParseDay(in.Since); err != nil {
			return 0, 0, err
		}
	}
	if until <= since {
		return 0, 0, fault.New(fault.Invalid, "until_before_since", "until", "since", since.String(), "until", until.String())
	}
	return since, until, nil
}

func measures(m insight.Measures) Measures {
	out := Measures{
		Due: m.Due, Kept: m.Kept, Broken: m.Broken, Void: m.Void,
		ToldBefore: m.ToldBefore, SilentBreaks: m.Silent, Repaired: m.Repaired,
	}
	if rate, ok := m.KeptRate(); ok {
		out.KeptRate = &rate
	}
	if days, ok := m.Boldness(); ok {
		out.Boldness = &days
	}
	return out
}

func parts[K ~string](by map[K]insight.Measures) []PartMeasures {
	return mapped(slices.Sorted(maps.Keys(by)), func(k K) PartMeasures { return PartMeasures{string(k), measures(by[k])} })
}
