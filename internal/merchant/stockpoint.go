package merchant

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/text"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// StockPoint is a place goods leave from.
//
// Zone and PrepDays are the ones that count; what is read back carries them in
// Cutoffs too, ready for Cutoffs.Dispatch.
type StockPoint struct {
	ID       ident.StockPoint
	Name     string
	Country  string
	Postcode string
	Zone     string // IANA name
	Cutoffs  civil.Cutoffs
	PrepDays int // working days from cut-off to handover
	Closures []civil.Day
}

// Calendar is which days the stock point works: those with a cut-off, less the
// public holidays of where it is, less its closures.
func (s StockPoint) Calendar() civil.CalendarSpec {
	spec := civil.CalendarSpec{Region: civil.RegionOf(s.Country, s.Postcode)}
	for weekday, minute := range s.Cutoffs.Minute {
		if minute > 0 {
			spec.Open |= civil.WeekdaysOf(time.Weekday(weekday))
		}
	}
	for _, d := range s.Closures {
		spec.Closed = append(spec.Closed, civil.Days{First: d, Last: d})
	}
	return spec
}

// SetStockPoint opens a stock point, or changes the one whose ID is given, and
// answers it in its one form. The faults are not_found and those of fields:
// field_required, field_too_long, invalid_utf8, unknown_country,
// postcode_invalid, unknown_zone, cutoff_out_of_range, cutoffs_missing,
// preparation_out_of_range.
func SetStockPoint(tx *flow.Tx, m ident.Merchant, s StockPoint) (StockPoint, error) {
	s, err := s.check()
	if err != nil {
		return StockPoint{}, err
	}
	version, err := saveStockPoint(tx, m, &s)
	if err != nil {
		return StockPoint{}, err
	}
	occurrence := fmt.Sprintf("%s/%d", s.ID, version)
	return s, tx.Emit(m, string(m), occurrence, fact.StockPointSet{StockPoint: s.ID})
}

// check brings a stock point to its one form and tells all that is wrong with it.
func (s StockPoint) check() (StockPoint, error) {
	var faults fault.List
	s.Name = strings.TrimSpace(s.Name)
	text.Required(&faults, "name", s.Name, maxName)
	place, err := geo.NewPlace(s.Country, s.Postcode)
	collect(&faults, "", err)
	s.Country, s.Postcode = place.Country, place.Postcode
	zone, err := civil.Zone(s.Zone)
	collect(&faults, "zone", err)
	s.Cutoffs.Zone, s.Cutoffs.Preparation = zone, s.PrepDays
	collect(&faults, "", s.Cutoffs.Check("cutoffs"))
	if s.Cutoffs.Minute == [7]int{} {
		faults.Add(fault.Invalid, "cutoffs_missing", "cutoffs")
	}
	s.Closures = slices.Compact(slices.Sorted(slices.Values(s.Closures)))
	return s, faults.Err()
}
