package carrier

import (
	"slices"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/geo"
)

// Days is how many of the carrier's working days the service takes to a place
// for a parcel handed over on a day; false when no standard holds. Of those that
// hold, the narrowest says: a class before both classes, then the narrower area,
// then the one that began last.
func (s Service) Days(to geo.Place, on civil.Day) (days int, ok bool) {
	var best Standard
	for _, std := range s.Standards {
		if !std.holds(on) || !std.fits(to) {
			continue
		}
		if !ok || std.narrower(best) {
			best, ok = std, true
		}
	}
	return best.Days, ok
}

// Refuses is why the service does not take a parcel to a place, as a stable
// code: country_not_served, postcode_not_served, too_heavy, too_many, no_standard
// (no standard ever covers the place); empty when it takes it. A service by
// appointment needs no standard: its slots say when.
func (s Service) Refuses(to geo.Place, grams, units int) (code string) {
	switch {
	case !slices.ContainsFunc(s.Countries, func(area string) bool { return covers(area, to) }):
		return "country_not_served"
	case !s.serves(to.Postcode):
		return "postcode_not_served"
	case s.Limits.MaxGrams > 0 && grams > s.Limits.MaxGrams:
		return "too_heavy"
	case s.Limits.MaxUnits > 0 && units > s.Limits.MaxUnits:
		return "too_many"
	case s.Mode != Slot && !slices.ContainsFunc(s.Standards, func(std Standard) bool { return std.fits(to) }):
		return "no_standard"
	}
	return ""
}

// serves reports whether a postcode, as geo.NewPlace writes it, is among those of
// the service.
func (s Service) serves(postcode string) bool {
	return len(s.Postcodes) == 0 ||
		slices.ContainsFunc(s.Postcodes, func(prefix string) bool { return strings.HasPrefix(postcode, prefix) })
}

// holds reports whether the standard is in force for what is handed over on a day.
func (s Standard) holds(on civil.Day) bool {
	if !never(s.Since) && on < s.Since {
		return false
	}
	return never(s.Until) || on < s.Until
}

func never(d civil.Day) bool { return d == civil.NoDay || d == 0 }

// fits reports whether the place is of the standard's class and area.
func (s Standard) fits(to geo.Place) bool {
	return (s.Class == Anywhere || s.Class == ClassOf(to)) && (s.Country == "" || covers(s.Country, to))
}

// narrower reports whether s says more than t about a place both fit.
func (s Standard) narrower(t Standard) bool {
	if (s.Class == Anywhere) != (t.Class == Anywhere) {
		return t.Class == Anywhere
	}
	if a, b := narrowness(s.Country), narrowness(t.Country); a != b {
		return a > b
	}
	return !never(s.Since) && (never(t.Since) || s.Since > t.Since)
}

func narrowness(area string) int {
	switch {
	case area == "":
		return 0
	case strings.Contains(area, "-"):
		return 2
	default:
		return 1
	}
}

// covers reports whether an area holds a place. "FR" leaves overseas out: the
// carriers that bring a parcel to Lille in a day do not bring it to La Réunion.
func covers(area string, to geo.Place) bool {
	switch {
	case strings.Contains(area, "-"):
		return area == string(to.Zone())
	case area == "FR":
		return to.Zone() == geo.France || to.Zone() == geo.Corsica
	default:
		return area == to.Country
	}
}
