package carrier

import (
	_ "embed"
	"strings"
	"sync"

	"github.com/promesse-dev/promesse/internal/core/geo"
)

// Agglomeration is the métropole that a place lies in, and whether it lies in
// one. French places only: a carrier's standard outside France has one class,
// since no list of large cities' postcodes with a source we may use is here.
func Agglomeration(to geo.Place) (name string, ok bool) {
	if to.Country != "FR" {
		return "", false
	}
	name, ok = agglomerations()[to.Postcode]
	return name, ok
}

// ClassOf is the class of a place.
func ClassOf(to geo.Place) Class {
	if _, ok := Agglomeration(to); ok {
		return InAgglomeration
	}
	return Elsewhere
}

// LaneZone is the area under whose name the times of deliveries to a place are
// kept: its agglomeration, else its department ("FR-23"), else its country.
func LaneZone(to geo.Place) string {
	if name, ok := Agglomeration(to); ok {
		return name
	}
	if department := to.Department(); department != "" {
		return "FR-" + department
	}
	return to.Country
}

//go:embed agglomerations.csv
var agglomerationsCSV string

// agglomerations reads the file once: postcode to name. It is ours and
// generated, and tests read every line of it.
var agglomerations = sync.OnceValue(func() map[string]string {
	names := map[string]string{}
	for line := range strings.Lines(agglomerationsCSV) {
		postcode, name, _ := strings.Cut(strings.TrimSpace(line), ",")
		if strings.HasPrefix(line, "#") || postcode == "postcode" {
			continue
		}
		names[postcode] = name
	}
	return names
})
