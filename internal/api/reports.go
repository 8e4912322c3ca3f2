package api

import (
	"maps"
	"slices"

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

func promisesReport(_ *API, tx *db.Tx, c call, in *reportIn) (r PromisesReport, err error) {
	if in.Merchant == "" {
		in.Merchant = c.Merchant
	}
	if err := mayRead(tx, c.Merchant, in.Merchant); err != nil {
		return r, err
	}
	o, err := merchant.Get(tx, in.Merchant)
	if err != nil {
		return r, err
	}
	zone, err := civil.Zone(o.Zone)
	if err != nil {
		return r, err
	}
	r = PromisesReport{Organisation: o.ID}
	if r.Since, r.Until, err = in.period(tx.Now.Day(zone)); err != nil {
		return r, err
	}
	p, err := insight.PromisesOf(tx, o.ID, r.Since.Start(zone), r.Until.Start(zone))
	r.Measures = measures(p.All)
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
