// Package geo answers where a parcel goes, as far as a country and a postcode
// tell: is the postcode well formed, which French department is it, which zone
// of a tariff, and roughly how far from another place.
//
// It stores nothing and asks nobody. Distances between places are between the
// points where the people of two areas live (centroids.go, from GeoNames): good
// enough to estimate emissions, useless to route a courier or to rank relay
// points, which bring their own coordinates and use Point.Metres. For France it
// knows the communes (communes.csv.gz), finds them by postcode and by name, and
// says how well it knows where they are.
//
// It knows no streets, and outside France not which postcodes exist, only which
// could.
package geo

import (
	"regexp"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/fault"
)

// Place is a country (ISO 3166-1 alpha-2) and a postcode, both in the one form
// that NewPlace gives them, so that equal places compare equal.
type Place struct {
	Country  string `json:"country"`
	Postcode string `json:"postcode"`
}

// form is how a country writes its postcodes.
type form struct {
	sign    string // letters that people put in front, after the old road sign: F-75001
	pattern *regexp.Regexp
	example string
}

var forms = map[string]form{
	"FR": {"F", regexp.MustCompile(`^\d{5}$`), "75001"},
	"MC": {"MC", regexp.MustCompile(`^980\d{2}$`), "98000"},
	"BE": {"B", regexp.MustCompile(`^[1-9]\d{3}$`), "1000"},
	"LU": {"L", regexp.MustCompile(`^[1-9]\d{3}$`), "1111"},
	"CH": {"CH", regexp.MustCompile(`^[1-9]\d{3}$`), "1200"},
	"DE": {"D", regexp.MustCompile(`^(0[1-9]|[1-9]\d)\d{3}$`), "10115"},
}

// generic serves every other country: letters and figures in groups, or none at
// all where the post has no codes.
var generic = form{"", regexp.MustCompile(`^([0-9A-Z]{1,10}([ -][0-9A-Z]{1,7}){0,2})?$`), "SW1A 1AA"}

// overseas is the department of the lands that ISO 3166-1 gives a code of their
// own and that La Poste addresses as France.
var overseas = map[string]string{
	"GP": "971", "MQ": "972", "GF": "973", "RE": "974", "PM": "975", "YT": "976",
	"BL": "977", "MF": "978", "WF": "986", "PF": "987", "NC": "988",
}

// NewPlace brings a country and a postcode to their one form. La Réunion is
// France whether the form said RE or FR, and Monaco is Monaco even where it said
// FR. The faults are unknown_country and postcode_invalid, at fields country and
// postcode.
func NewPlace(country, postcode string) (Place, error) {
	p := Place{Country: strings.ToUpper(strings.TrimSpace(country))}
	land, beyond := overseas[p.Country]
	if beyond {
		p.Country = "FR"
	}
	if _, ok := countries[p.Country]; !ok {
		return Place{}, fault.New(fault.Invalid, "unknown_country", "country", "country", country)
	}
	p.Postcode = normal(p.Country, postcode)
	if p.Country == "FR" && forms["MC"].pattern.MatchString(p.Postcode) {
		p.Country = "MC"
	}
	if !p.plausible() || beyond && p.Department() != land {
		return Place{}, fault.New(fault.Invalid, "postcode_invalid", "postcode",
			"postcode", postcode, "country", p.Country, "example", formOf(p.Country).example)
	}
	return p, nil
}

// Country reports whether a code is that of a country we know, in capitals.
func Country(code string) bool {
	_, ok := countries[code]
	return ok
}

func formOf(country string) form {
	if f, ok := forms[country]; ok {
		return f
	}
	return generic
}

// normal is the postcode in capitals, with single spaces between groups. Where
// codes are figures only, spaces and the sign of the country go.
func normal(country, postcode string) string {
	code := strings.Join(strings.Fields(strings.ToUpper(postcode)), " ")
	f, ok := forms[country]
	if !ok {
		return code
	}
	code = strings.ReplaceAll(code, " ", "")
	for _, sign := range []string{country + "-", f.sign + "-"} {
		code = strings.TrimPrefix(code, sign)
	}
	return code
}

func (p Place) plausible() bool {
	if !formOf(p.Country).pattern.MatchString(p.Postcode) {
		return false
	}
	_, known := departments[p.Department()]
	return known || p.Country != "FR"
}

// Department is the INSEE code of the French department that the postcode
// belongs to, "75", "2A", "974"; empty outside France. A few communes near a
// border are served from the department next door and carry its postcode: for
// delivery, the postcode is right.
func (p Place) Department() string {
	if p.Country != "FR" || len(p.Postcode) != 5 {
		return ""
	}
	switch code := p.Postcode; {
	case code == "97133": // Saint-Barthélemy kept its postcode when it left Guadeloupe in 2007
		return "977"
	case code == "97150": // so did Saint-Martin
		return "978"
	case code[:2] == "97" || code[:2] == "98":
		return code[:3]
	case code[:3] == "200" || code[:3] == "201": // Corse-du-Sud
		return "2A"
	case code[:2] == "20": // Haute-Corse
		return "2B"
	default:
		return code[:2]
	}
}

// Zone is a coarse area that tariffs price.
type Zone string

// The zones. A place is in exactly one.
const (
	France   Zone = "FR"     // the mainland, with Monaco
	Corsica  Zone = "FR-COR" // both departments
	Overseas Zone = "FR-OM"  // departments and collectivities beyond the sea
	Belgium  Zone = "BE"
	Germany  Zone = "DE"
	Union    Zone = "EU"    // every other member state
	World    Zone = "WORLD" // the rest
)

// union is the member states without a zone of their own. Source: Treaty on
// European Union, article 52, as since 1 February 2020.
const union = " AT BG CY CZ DK EE ES FI GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK "

// Zone is the tariff zone of the place.
func (p Place) Zone() Zone {
	switch {
	case p.Country == "MC":
		return France
	case p.Country == "FR":
		return frenchZone(p.Department())
	case p.Country == "BE":
		return Belgium
	case p.Country == "DE":
		return Germany
	case p.Country != "" && strings.Contains(union, " "+p.Country+" "):
		return Union
	default:
		return World
	}
}

func frenchZone(department string) Zone {
	switch {
	case len(department) == 3:
		return Overseas
	case department == "2A" || department == "2B":
		return Corsica
	default:
		return France
	}
}

// Centre is where the people around the place live: of its department in
// France, of its country elsewhere. It reports false for an unknown country.
func (p Place) Centre() (Point, bool) {
	if c, ok := departments[p.Department()]; ok {
		return c, true
	}
	c, ok := countries[p.Country]
	return c, ok
}

// sameArea is the distance taken between two places of one area, whose centres
// are one point. A French department of 5,700 km² as a disc has a radius of
// 43 km, and two random points of a disc are 0.905 radius apart.
const sameArea = 40_000

// Metres estimates the great-circle distance to another place, never less than
// 40 km. It reports false when either country is unknown.
func (p Place) Metres(q Place) (float64, bool) {
	a, okA := p.Centre()
	b, okB := q.Centre()
	if !okA || !okB {
		return 0, false
	}
	return max(a.Metres(b), sameArea), true
}
