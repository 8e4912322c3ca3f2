package api

import (
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// StockPoint is a place goods leave from.
type StockPoint struct {
	ID              ident.StockPoint `json:"id,omitempty" doc:"Empty to open one."`
	Name            string           `json:"name"`
	Country         string           `json:"country" doc:"ISO 3166-1, two letters."`
	Postcode        string           `json:"postcode"`
	Zone            string           `json:"zone" doc:"Time zone, a name of the IANA database."`
	Cutoffs         Cutoffs          `json:"cutoffs" doc:"Until when an order is taken in hand the same day."`
	PreparationDays int              `json:"preparation_days,omitempty" doc:"Working days from cut-off to handing over."`
	Closures        []civil.Day      `json:"closures,omitempty" maxItems:"1000" doc:"Days not worked, besides public holidays."`
}

// Cutoffs are times of day, "16:00"; a day without one takes no order in hand.
type Cutoffs struct {
	Monday    string `json:"monday,omitempty"`
	Tuesday   string `json:"tuesday,omitempty"`
	Wednesday string `json:"wednesday,omitempty"`
	Thursday  string `json:"thursday,omitempty"`
	Friday    string `json:"friday,omitempty"`
	Saturday  string `json:"saturday,omitempty"`
	Sunday    string `json:"sunday,omitempty"`
}

// byWeekday are the fields by time.Weekday.
func (c *Cutoffs) byWeekday() [7]*string {
	return [7]*string{&c.Sunday, &c.Monday, &c.Tuesday, &c.Wednesday, &c.Thursday, &c.Friday, &c.Saturday}
}

// minutes reads the cut-offs. The fault is time_of_day_invalid.
func (c *Cutoffs) minutes() (out civil.Cutoffs, err error) {
	var faults fault.List
	for weekday, text := range c.byWeekday() {
		if *text == "" {
			continue
		}
		minute, ok := minuteOf(*text)
		if !ok {
			faults.Add(fault.Invalid, "time_of_day_invalid", "cutoffs."+weekdayNames[weekday], "value", *text)
		}
		out.Minute[weekday] = minute
	}
	return out, faults.Err()
}

type stockPointIn struct{ Body StockPoint }

func setStockPoint(_ *API, tx *flow.Tx, c call, in *stockPointIn) (reply[StockPoint], error) {
	b := in.Body
	cutoffs, err := b.Cutoffs.minutes()
	if err != nil {
		return reply[StockPoint]{}, err
	}
	s, err := merchant.SetStockPoint(tx, c.Merchant, merchant.StockPoint{
		ID: b.ID, Name: b.Name, Country: b.Country, Postcode: b.Postcode, Zone: b.Zone,
		Cutoffs: cutoffs, PrepDays: b.PreparationDays, Closures: b.Closures,
	})
	return freshly(b.ID == "", showStockPoint(s)), named(err, "stock_point", "id")
}

func listStockPoints(_ *API, tx *db.Tx, c call, _ *none) (List[StockPoint], error) {
	points, err := merchant.StockPoints(tx, c.Merchant)
	return whole(points, showStockPoint), err
}

func showStockPoint(s merchant.StockPoint) StockPoint {
	out := StockPoint{
		ID: s.ID, Name: s.Name, Country: s.Country, Postcode: s.Postcode, Zone: s.Zone,
		PreparationDays: s.PrepDays, Closures: s.Closures,
	}
	for weekday, text := range out.Cutoffs.byWeekday() {
		if minute := s.Cutoffs.Minute[time.Weekday(weekday)]; minute > 0 {
			*text = clock(minute)
		}
	}
	return out
}
