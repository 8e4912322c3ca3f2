package carrier

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/core/carbon"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/text"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// What no carrier can mean.
const (
	maxName      = 100                 // characters
	maxDays      = 90                  // working days of a standard
	maxWait      = 90 * 24 * time.Hour // grace, or silence before a stall
	minutesADay  = 24 * 60
	maxStandards = 1000 // of a service, all dates together
	maxPostcodes = 2000 // beginnings of postcodes of a service
)

// Connect opens a connection, or changes the one whose ID is given. Without a
// StallAfter it takes DefaultStall. The faults are not_found and those of
// fields: field_required, field_too_long, invalid_utf8, unknown_zone,
// duration_out_of_range.
func Connect(tx *flow.Tx, m ident.Merchant, c Connection) (Connection, error) {
	if c.StallAfter == 0 {
		c.StallAfter = DefaultStall
	}
	c.Name = strings.TrimSpace(c.Name)
	if err := c.check(); err != nil {
		return Connection{}, err
	}
	c, err := saveConnection(tx, m, c)
	if err != nil {
		return Connection{}, err
	}
	// A connection may be set as often as one likes: each time is an occurrence of its own.
	return c, tx.Emit(m, string(m), string(ident.New[ident.Fact](tx.Mint)), fact.ConnectionSet{Connection: c.ID})
}

func (c Connection) check() error {
	var faults fault.List
	text.Required(&faults, "adapter", c.Adapter, maxName)
	text.Required(&faults, "name", c.Name, maxName)
	_, err := civil.Zone(c.Zone)
	collect(&faults, "zone", err)
	if c.Inquiries != "" && !address(c.Inquiries) {
		faults.Add(fault.Invalid, "address_invalid", "inquiries", "value", c.Inquiries)
	}
	if c.Grace < 0 || c.Grace > maxWait {
		faults.Add(fault.Invalid, "duration_out_of_range", "grace", "min", time.Duration(0), "max", maxWait)
	}
	if c.StallAfter < time.Hour || c.StallAfter > maxWait {
		faults.Add(fault.Invalid, "duration_out_of_range", "stall_after", "min", time.Hour, "max", maxWait)
	}
	return faults.Err()
}

// SetService opens a service over a connection, or changes the one whose ID is
// given; its standards are the whole list, past ones included. Without a
// LastMile it takes the usual one of its mode. The faults are
// not_found and those of fields: field_required, field_too_long, invalid_utf8,
// unknown_value, unknown_country, postcode_prefix_invalid, list_too_long,
// number_out_of_range, standard_out_of_order, weekdays_missing, too_many_standards.
func SetService(tx *flow.Tx, m ident.Merchant, s Service) (Service, error) {
	s.Name, s.Postcodes = strings.TrimSpace(s.Name), prefixes(s.Postcodes)
	if s.LastMile == "" {
		s.LastMile = lastMiles[s.Mode]
	}
	if err := s.check(); err != nil {
		return Service{}, err
	}
	slices.Sort(s.Postcodes)
	s.Postcodes = slices.Compact(s.Postcodes)
	if _, err := Get(tx.Tx, m, s.Connection); err != nil {
		return Service{}, err
	}
	s, version, err := saveService(tx, m, s)
	if err != nil {
		return Service{}, err
	}
	return s, tx.Emit(m, string(m), fmt.Sprintf("%s/%d", s.ID, version), fact.ServiceSet{Service: s.ID})
}

// lastMiles is how the last kilometres are done when the service does not say.
var lastMiles = map[Mode]carbon.Mode{
	Home: carbon.Home, Slot: carbon.Home, Relay: carbon.Relay, Locker: carbon.Locker, Store: carbon.Store,
}

// prefixes is beginnings of postcodes as geo.NewPlace writes postcodes.
func prefixes(written []string) (out []string) {
	for _, p := range written {
		out = append(out, strings.Join(strings.Fields(strings.ToUpper(p)), " "))
	}
	return out
}

// check tells all that is wrong with a service.
func (s Service) check() error {
	var faults fault.List
	text.Required(&faults, "name", s.Name, maxName)
	checkWord(&faults, "mode", s.Mode, Modes)
	if len(s.Countries) == 0 {
		faults.Add(fault.Invalid, "field_required", "countries")
	}
	for i, area := range s.Countries {
		checkArea(&faults, fmt.Sprintf("countries[%d]", i), area)
	}
	s.checkPostcodes(&faults)
	checkNumber(&faults, "limits.max_grams", s.Limits.MaxGrams, 1e9)
	checkNumber(&faults, "limits.max_units", s.Limits.MaxUnits, 1e6)
	checkWord(&faults, "last_mile", s.LastMile, []carbon.Mode{"", carbon.Home, carbon.Bike, carbon.Relay, carbon.Locker, carbon.Store})
	checkNumber(&faults, "by_minute", s.ByMinute, minutesADay)
	checkWeek(&faults, "collects", s.Collects)
	checkWeek(&faults, "delivers", s.Delivers)
	if s.Region != "" && len(civil.Holidays(civil.Region(s.Region))) == 0 {
		faults.Add(fault.Invalid, "unknown_value", "region", "value", s.Region)
	}
	s.checkStandards(&faults)
	return faults.Err()
}

// prefix is how the beginning of a postcode of any country is written, as
// geo.NewPlace writes postcodes.
var prefix = regexp.MustCompile(`^[0-9A-Z]{1,10}([ -][0-9A-Z]{1,7}){0,2}$`)

func (s Service) checkPostcodes(faults *fault.List) {
	if len(s.Postcodes) > maxPostcodes {
		faults.Add(fault.Invalid, "list_too_long", "postcodes", "limit", maxPostcodes)
		return
	}
	for i, p := range s.Postcodes {
		if !prefix.MatchString(p) {
			faults.Add(fault.Invalid, "postcode_prefix_invalid", fmt.Sprintf("postcodes[%d]", i), "value", p)
		}
	}
}

func (s Service) checkStandards(faults *fault.List) {
	if len(s.Standards) > maxStandards {
		faults.Add(fault.Invalid, "too_many_standards", "standards", "limit", maxStandards)
		return
	}
	for i, std := range s.Standards {
		at := fmt.Sprintf("standards[%d].", i)
		checkWord(faults, at+"class", std.Class, []Class{Anywhere, InAgglomeration, Elsewhere})
		if std.Country != "" {
			checkArea(faults, at+"country", std.Country)
		}
		checkNumber(faults, at+"days", std.Days, maxDays)
		if !never(std.Since) && !never(std.Until) && std.Until <= std.Since {
			faults.Add(fault.Invalid, "standard_out_of_order", at+"until", "since", std.Since, "until", std.Until)
		}
	}
}

func checkWord[T ~string](faults *fault.List, field string, word T, known []T) {
	if _, ok := lookUp(known, string(word)); !ok {
		faults.Add(fault.Invalid, "unknown_value", field, "value", string(word), "known", Words(known))
	}
}

func checkNumber(faults *fault.List, field string, n, most int) {
	if n < 0 || n > most {
		faults.Add(fault.Invalid, "number_out_of_range", field, "value", n, "min", 0, "max", most)
	}
}

func checkWeek(faults *fault.List, field string, w civil.Weekdays) {
	if w == 0 || w > civil.EveryDay {
		faults.Add(fault.Invalid, "weekdays_missing", field)
	}
}

// checkArea accepts a country's code, and Corsica and overseas under theirs.
func checkArea(faults *fault.List, field, area string) {
	if area == string(geo.Corsica) || area == string(geo.Overseas) {
		return
	}
	if _, known := (geo.Place{Country: area}).Centre(); !known {
		faults.Add(fault.Invalid, "unknown_country", field, "country", area)
	}
}

// collect adds the faults of a core package, at our own path of the field.
func collect(faults *fault.List, field string, err error) {
	for _, f := range fault.All(err) {
		at := *f
		at.Field = field
		*faults = append(*faults, &at)
	}
}

// address reports whether text is one that can be called over HTTP.
func address(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.User == nil && len(text) <= maxAddress
}

// maxAddress bounds an address, in bytes.
const maxAddress = 500
