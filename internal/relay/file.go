package relay

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/sheet"
)

// Columns are those of a file of points; the first three must be there. In
// GeoJSON they are the properties of a feature, and its geometry is the position.
var Columns = []string{
	"code", "name", "postcode", "kind", "street", "extra", "city", "country", "latitude", "longitude",
	"services", "max_grams", "max_longest_cm", "max_sum_cm", "hours", "zone", "capacity",
}

// needed is how many of them must be there.
const needed = 3

// Line is what stands at one place of a file: a point, or why it is none.
type Line struct {
	Number int // of the line, or of the feature, from 1
	Point  Point
	Fault  error    // all that is wrong with it, as a fault.List
	Header []string // of the file; a GeoJSON file's is "feature"
	Cells  []string // as they stood
}

// Read reads a file of points, a table or GeoJSON, telling each of its lines. The
// faults that end it are those of ReadCSV and ReadGeoJSON.
func Read(r io.Reader, network string, tell func(Line) error) error {
	b := bufio.NewReader(r)
	head, err := b.Peek(64)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if bytes.HasPrefix(bytes.TrimLeft(head, " \t\r\n"), []byte("{")) {
		return ReadGeoJSON(b, network, tell)
	}
	return ReadCSV(b, network, tell)
}

// ReadCSV reads a table of points, telling each line. The faults that end it
// are those of the header; see sheet.NewReader.
func ReadCSV(r io.Reader, network string, tell func(Line) error) error {
	s, err := sheet.NewReader(r, Columns[:needed]...)
	if err != nil {
		return err
	}
	for {
		row, err := s.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		l := Line{Number: row.Line, Header: s.Header(), Cells: row.Cells()}
		if row.Fault != nil {
			l.Fault = row.Fault
		} else {
			l.Point, l.Fault = fromCells(network, row.Get)
		}
		if err := tell(l); err != nil {
			return err
		}
	}
}

// feature is one of GeoJSON, as far as a point needs it. Source: RFC 7946.
type feature struct {
	Type     string `json:"type"`
	Geometry *struct {
		Type        string    `json:"type"`
		Coordinates []float64 `json:"coordinates"`
	} `json:"geometry"`
	Properties map[string]any `json:"properties"`
}

// ReadGeoJSON reads a FeatureCollection, telling each feature. The fault that
// ends it is geojson_invalid, with the number of the feature after which the
// file could not be read.
func ReadGeoJSON(r io.Reader, network string, tell func(Line) error) error {
	d := json.NewDecoder(r)
	if err := seekFeatures(d); err != nil {
		return err
	}
	n := 0
	for d.More() {
		n++
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return brokenAfter(n-1, err)
		}
		l := Line{Number: n, Header: []string{"feature"}, Cells: []string{string(raw)}}
		l.Point, l.Fault = fromFeature(network, raw)
		if err := tell(l); err != nil {
			return err
		}
	}
	if _, err := d.Token(); err != nil {
		return brokenAfter(n, err)
	}
	return nil
}

func brokenAfter(n int, err error) error {
	return fault.New(fault.Invalid, "geojson_invalid", "file", "after", n).Because(err)
}

// seekFeatures goes to the first feature of the collection.
func seekFeatures(d *json.Decoder) error {
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return brokenAfter(0, err)
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return brokenAfter(0, err)
		}
		if key == "features" {
			if t, err := d.Token(); err != nil || t != json.Delim('[') {
				return brokenAfter(0, err)
			}
			return nil
		}
		var skipped json.RawMessage
		if err := d.Decode(&skipped); err != nil {
			return brokenAfter(0, err)
		}
	}
	return brokenAfter(0, nil)
}

func fromFeature(network string, raw json.RawMessage) (Point, error) {
	var f feature
	if err := json.Unmarshal(raw, &f); err != nil || f.Type != "Feature" {
		return Point{}, fault.New(fault.Invalid, "geojson_feature_invalid", "features").Because(err)
	}
	get := func(name string) string { return written(f.Properties[name]) }
	if g := f.Geometry; g != nil {
		if g.Type != "Point" || len(g.Coordinates) < 2 {
			return Point{}, fault.New(fault.Invalid, "geojson_feature_invalid", "geometry")
		}
		lon, lat := written(g.Coordinates[0]), written(g.Coordinates[1]) // in this order: RFC 7946, 3.1.1
		inside := get
		get = func(name string) string {
			switch name {
			case "latitude":
				return lat
			case "longitude":
				return lon
			}
			return inside(name)
		}
	}
	return fromCells(network, get)
}

// written is a property as a cell would have it.
func written(v any) string {
	switch v := v.(type) {
	case string:
		return strings.TrimSpace(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case []any:
		words := make([]string, len(v))
		for i, w := range v {
			words[i] = written(w)
		}
		return strings.Join(words, " ")
	case nil:
		return ""
	}
	return fmt.Sprint(v)
}

// fromCells makes a point of what stands in the columns, and checks it.
func fromCells(network string, get func(string) string) (Point, error) {
	var faults fault.List
	number := func(column string) int {
		n, err := strconv.Atoi(strings.ReplaceAll(get(column), " ", ""))
		if err != nil && get(column) != "" {
			faults.Add(fault.Invalid, "number_expected", column, "value", get(column))
		}
		return n
	}
	degrees := func(column string) float64 {
		v, err := strconv.ParseFloat(strings.Replace(get(column), ",", ".", 1), 64)
		if err != nil && get(column) != "" {
			faults.Add(fault.Invalid, "number_expected", column, "value", get(column))
		}
		return v
	}
	p := Point{
		Network: network, Code: get("code"), Name: get("name"), Kind: Kind(get("kind")), Street: get("street"), Extra: get("extra"),
		Postcode: get("postcode"), City: get("city"), Country: get("country"), Zone: get("zone"), Capacity: number("capacity"),
		At:       geo.Point{Lat: degrees("latitude"), Lon: degrees("longitude")},
		Limits:   Limits{MaxGrams: number("max_grams"), MaxLongest: number("max_longest_cm"), MaxSum: number("max_sum_cm")},
		Services: strings.FieldsFunc(strings.ToLower(get("services")), func(r rune) bool { return r == ' ' || r == ',' || r == '|' || r == ';' }),
	}
	if (get("latitude") == "") != (get("longitude") == "") {
		faults.Add(fault.Invalid, "point_half_located", "latitude")
		p.At = geo.Point{} // half of a position is none to judge
	}
	hours, err := civil.ParseHours("hours", get("hours"))
	faults = append(faults, fault.All(err)...)
	p.Hours = hours
	p.assume()
	p, err = Check("", p)
	faults = append(faults, fault.All(err)...)
	return p, faults.Err()
}

// assume fills in what a list may leave out: the country it is about, the sort
// of place most points are, and the town where the postcode has one only.
func (p *Point) assume() {
	if p.Country == "" {
		p.Country = "FR"
	}
	if p.Kind == "" {
		p.Kind = Shop
	}
	if towns := geo.Geocode(p.Country, p.Postcode); p.City == "" && len(towns) == 1 {
		p.City = towns[0].City
	}
}
