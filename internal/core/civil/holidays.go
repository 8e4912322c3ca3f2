package civil

import (
	_ "embed"
	"strings"
	"sync"
)

// Region is where a set of public holidays holds: an ISO 3166 country, or a
// country and its part: "FR", "FR-57" (Moselle), "FR-GP", "BE", "DE", "DE-BY".
type Region string

// Country is the region's country.
func (r Region) Country() Region {
	country, _, _ := strings.Cut(string(r), "-")
	return Region(country)
}

// Holidays are the public holidays of a region from KnownFrom to KnownUntil, in
// order. A part we do not know has its country's; a country we do not know has
// none. Read only: the slice is shared.
//
// Listed: France with each of 57, 67, 68 (Code du travail L3134-13) and its
// overseas parts BL GF GP MF MQ NC PF PM RE WF YT, Belgium, Germany and its
// sixteen Länder. Holidays of single communes are not: Bavaria's 15 August
// belongs to its Catholic communes, and a shop there adds it to its closures.
func Holidays(r Region) []Day {
	if days, ok := holidays()[r]; ok {
		return days
	}
	return holidays()[r.Country()]
}

//go:embed holidays.csv
var holidaysCSV string

// holidays reads the file once. It is ours and generated, so a line that can
// not be read is a fault of the build, and tests read every line.
var holidays = sync.OnceValue(func() map[Region][]Day {
	byRegion := map[Region][]Day{}
	for line := range strings.Lines(holidaysCSV) {
		if strings.HasPrefix(line, "#") || strings.HasPrefix(line, "region,") {
			continue
		}
		fields := strings.Split(strings.TrimSpace(line), ",")
		region, year := Region(fields[0]), fields[1]
		for monthDay := range strings.FieldsSeq(fields[2]) {
			d, err := ParseDay(year + "-" + monthDay)
			if err != nil {
				panic("holidays.csv: " + err.Error())
			}
			byRegion[region] = append(byRegion[region], d)
		}
	}
	return byRegion
})
