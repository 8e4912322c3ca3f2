package civil

import "strings"

// territory is a part of France with holidays and a zone of its own.
type territory struct {
	postcodes string // prefix
	region    Region // "FR-" and its ISO code, which some shops' addresses give as a country
	zone      string
}

// overseas lists the longer prefixes first: Saint-Barthélemy and Saint-Martin
// keep the postcodes they had within Guadeloupe.
var overseas = [...]territory{
	{"97133", "FR-BL", "America/St_Barthelemy"},
	{"97150", "FR-MF", "America/Marigot"},
	{"971", "FR-GP", "America/Guadeloupe"},
	{"972", "FR-MQ", "America/Martinique"},
	{"973", "FR-GF", "America/Cayenne"},
	{"974", "FR-RE", "Indian/Reunion"},
	{"975", "FR-PM", "America/Miquelon"},
	{"976", "FR-YT", "Indian/Mayotte"},
	{"986", "FR-WF", "Pacific/Wallis"},
	{"987", "FR-PF", "Pacific/Tahiti"},
	{"988", "FR-NC", "Pacific/Noumea"},
}

// RegionOf is the region whose public holidays hold at an address, from its ISO
// country and its postcode. In France the department decides: 57, 67 and 68
// keep the holidays of Alsace-Moselle, and each overseas territory its own,
// whether the address says FR or the territory's ISO code. Elsewhere it is the
// country: German postcodes cross the borders of the Länder, so a Land is
// known only where a shop says it.
func RegionOf(country, postcode string) Region {
	country, postcode = strings.ToUpper(country), strings.TrimSpace(postcode)
	if t, ok := territoryOf(country, postcode); ok {
		return t.region
	}
	if country != "FR" || len(postcode) != 5 {
		return Region(country)
	}
	switch postcode[:2] {
	case "57":
		return "FR-57"
	case "67":
		return "FR-67"
	case "68":
		return "FR-68"
	}
	return "FR"
}

// ZoneOf is the name of the zone at an address, from its ISO country and its
// postcode: a default that a merchant may overrule. It is "" for a country with
// several zones or none we know, and Zone("") is a fault.
func ZoneOf(country, postcode string) string {
	country, postcode = strings.ToUpper(country), strings.TrimSpace(postcode)
	if t, ok := territoryOf(country, postcode); ok {
		return t.zone
	}
	if country == "ES" && (strings.HasPrefix(postcode, "35") || strings.HasPrefix(postcode, "38")) {
		return "Atlantic/Canary"
	}
	return zoneOfCountry[country]
}

func territoryOf(country, postcode string) (territory, bool) {
	if country == "FR" && !strings.HasPrefix(postcode, "9") {
		return territory{}, false
	}
	for _, t := range overseas {
		if country == string(t.region[3:]) || country == "FR" && strings.HasPrefix(postcode, t.postcodes) {
			return t, true
		}
	}
	return territory{}, false
}

// zoneOfCountry lists the European countries with one zone, Spain's mainland
// among them. Portugal is not: its islands lie in two others.
var zoneOfCountry = map[string]string{
	"AT": "Europe/Vienna", "BE": "Europe/Brussels", "BG": "Europe/Sofia", "CH": "Europe/Zurich",
	"CZ": "Europe/Prague", "DE": "Europe/Berlin", "DK": "Europe/Copenhagen", "EE": "Europe/Tallinn",
	"ES": "Europe/Madrid", "FI": "Europe/Helsinki", "FR": "Europe/Paris", "GB": "Europe/London",
	"GR": "Europe/Athens", "HR": "Europe/Zagreb", "HU": "Europe/Budapest", "IE": "Europe/Dublin",
	"IT": "Europe/Rome", "LT": "Europe/Vilnius", "LU": "Europe/Luxembourg", "LV": "Europe/Riga",
	"MC": "Europe/Monaco", "NL": "Europe/Amsterdam", "NO": "Europe/Oslo", "PL": "Europe/Warsaw",
	"RO": "Europe/Bucharest", "SE": "Europe/Stockholm", "SI": "Europe/Ljubljana", "SK": "Europe/Bratislava",
}
