package relay

import (
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/text"
)

// The bounds of a point.
const (
	maxCode     = 40
	maxName     = 120
	maxStreet   = 200
	maxServices = 20
	maxLimit    = 10_000_000
	// A position so far from its postcode is wrong: two figures changed places,
	// or latitude and longitude did. The widest postcodes of France, in the
	// mountains and the forest of Guyana, stay below.
	maxAstray = 150_000 // metres
)

var (
	networkName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,59}$`)
	serviceName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)
)

// Check brings a point to its one form: postcode as the country writes it,
// services sorted, zone and public holidays of its address where none are said,
// and where its network did not say where it is, about where its postcode is.
//
// The faults are below the path at: field_required, field_too_long,
// invalid_utf8, unknown_value, unknown_country, postcode_invalid, unknown_zone,
// number_out_of_range, and point_astray for a position far from the postcode.
func Check(at string, p Point) (Point, error) {
	var faults fault.List
	path := func(field string) string { return strings.TrimPrefix(at+"."+field, ".") }
	if !networkName.MatchString(p.Network) {
		faults.Add(fault.Invalid, "unknown_value", path("network"), "value", p.Network)
	}
	text.Required(&faults, path("code"), p.Code, maxCode)
	text.Required(&faults, path("name"), p.Name, maxName)
	text.Check(&faults, path("street"), p.Street, maxStreet)
	text.Check(&faults, path("extra"), p.Extra, maxStreet)
	text.Required(&faults, path("city"), p.City, maxName)
	if !slices.Contains(Kinds(), p.Kind) {
		faults.Add(fault.Invalid, "unknown_value", path("kind"), "value", string(p.Kind))
	}
	p.checkServices(&faults, path("services"))
	p.checkNumbers(&faults, path)
	p.checkPlace(&faults, path)
	if err := faults.Err(); err != nil {
		return Point{}, err
	}
	return p, nil
}

func (p *Point) checkServices(faults *fault.List, field string) {
	p.Services = slices.Compact(slices.Sorted(slices.Values(p.Services)))
	if len(p.Services) > maxServices {
		faults.Add(fault.Invalid, "list_too_long", field, "limit", maxServices)
	}
	for _, s := range p.Services {
		if !serviceName.MatchString(s) {
			faults.Add(fault.Invalid, "unknown_value", field, "value", s)
		}
	}
}

func (p *Point) checkNumbers(faults *fault.List, path func(string) string) {
	for _, f := range []struct {
		field string
		value int
	}{
		{"max_grams", p.Limits.MaxGrams},
		{"max_longest", p.Limits.MaxLongest},
		{"max_sum", p.Limits.MaxSum},
		{"capacity", p.Capacity},
	} {
		if f.value < 0 || f.value > maxLimit {
			faults.Add(fault.Invalid, "number_out_of_range", path(f.field), "value", f.value, "min", 0, "max", maxLimit)
		}
	}
	for _, f := range []struct {
		field      string
		value, max float64
	}{{"latitude", p.At.Lat, 90}, {"longitude", p.At.Lon, 180}} {
		if !(math.Abs(f.value) <= f.max) { // false for what is no number, too
			faults.Add(fault.Invalid, "number_out_of_range", path(f.field), "value", f.value, "min", -f.max, "max", f.max)
			p.At = geo.Point{}
		}
	}
}

// checkPlace needs a sound position.
func (p *Point) checkPlace(faults *fault.List, path func(string) string) {
	place, err := geo.NewPlace(p.Country, p.Postcode)
	if err != nil {
		for _, f := range fault.All(err) {
			f.Field = path(f.Field)
			*faults = append(*faults, f)
		}
		return
	}
	p.Country, p.Postcode = place.Country, place.Postcode
	if p.Zone == "" {
		p.Zone = civil.ZoneOf(p.Country, p.Postcode)
	}
	if _, err := civil.Zone(p.Zone); err != nil {
		faults.Add(fault.Invalid, "unknown_zone", path("zone"), "name", p.Zone)
	}
	p.Hours = p.Hours.In(civil.RegionOf(p.Country, p.Postcode))
	p.locate(faults, path)
}

// locate keeps what the network said, if it can be, or falls back on the postcode.
func (p *Point) locate(faults *fault.List, path func(string) string) {
	near, precision, known := geo.Postcode(p.Country, p.Postcode)
	switch {
	case p.At == geo.Point{} && known:
		p.At, p.Located = near, ByCommune
	case p.At == geo.Point{}:
		p.Located = Nowhere
	case p.Located == ByCommune: // read back, or so said by its network
	default:
		p.Located = Exact
	}
	if p.Located == Exact && known && precision != geo.InDepartment && p.At.Metres(near) > maxAstray {
		faults.Add(fault.Invalid, "point_astray", path("latitude"), "postcode", p.Postcode, "km", int(p.At.Metres(near)/1000))
	}
}
