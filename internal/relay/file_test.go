package relay_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/relay"
)

// lines tells each line as its number and its point's code, or its faults.
func lines(read func(tell func(relay.Line) error) error) ([]string, error) {
	var out []string
	err := read(func(l relay.Line) error {
		word := fmt.Sprint(l.Number, " ", l.Point.Code)
		if l.Fault != nil {
			word = fmt.Sprint(l.Number)
			for _, f := range fault.All(l.Fault) {
				word += " " + f.Code + "@" + f.Field
			}
		}
		out = append(out, word)
		return nil
	})
	return out, err
}

const points = "code;name;postcode;city;latitude;longitude;services;hours;max_grams\n" +
	"1;Tabac du Port;29900;;47,8717;-3,9192;send collect;Mo-Fr 09:00-12:00;30000\n" +
	"2;Tabac;29900;;;;;;\n" +
	"3;Fleurs;29900;;47.87;;;;\n" +
	"4;Presse;29900;;47.87;-3.91;;Mo 24:00-00:00;\n" +
	"5;;1000;;x;-3.91;;Mo;lourd\n" +
	"6;\"Bar\";83300;;;;;;\n" +
	"7;\"Bar;29900;;;;;;\n" +
	"8;Kiosque;29900;Concarneau;-3.91;47.87;;;\n"

func TestReadCSV(t *testing.T) {
	got, err := lines(func(tell func(relay.Line) error) error { return relay.Read(strings.NewReader(points), "n", tell) })
	want := []string{
		"2 1", "3 2",
		"4 point_half_located@latitude",
		"5 hours_out_of_order@hours",
		"6 number_expected@latitude number_expected@max_grams hours_unreadable@hours field_required@name field_required@city postcode_invalid@postcode",
		"7 field_required@city", // a postcode of two towns
		"8 csv_quote_unclosed@name",
		"9 point_astray@latitude",
	}
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Errorf("%s, %v", d, err)
	}
	_, err = lines(func(tell func(relay.Line) error) error {
		return relay.ReadCSV(strings.NewReader("code,nom\n1,Tabac\n"), "n", tell)
	})
	if !fault.Is(err, "csv_missing_column") {
		t.Errorf("a table without its columns: %v", err)
	}
}

func TestAPointOfATable(t *testing.T) {
	var first relay.Line
	enough := errors.New("enough")
	err := relay.ReadCSV(strings.NewReader(points), "n", func(l relay.Line) error {
		first = l
		return enough
	})
	if !errors.Is(err, enough) {
		t.Fatal(err)
	}
	p := first.Point
	if p.Network != "n" || p.City != "Concarneau" || p.Country != "FR" || p.Kind != relay.Shop || p.Located != relay.Exact ||
		p.At.Lat != 47.8717 || !p.Offers(relay.Send) || !p.Offers(relay.Collect) || p.Limits.MaxGrams != 30_000 ||
		p.Hours.String() != "Mo-Fr 09:00-12:00" || p.Zone != "Europe/Paris" {
		t.Errorf("%+v", p)
	}
}

func TestReadGeoJSON(t *testing.T) {
	feature := func(geometry, properties string) string {
		return `{"type":"Feature","geometry":` + geometry + `,"properties":` + properties + `}`
	}
	quay := `{"type":"Point","coordinates":[-3.9192,47.8717]}`
	for _, row := range []struct {
		law, text string
		want      []string
		code      string
	}{
		{"a point", `{"type":"FeatureCollection","features":[` + feature(quay, `{"code":"1","name":"Tabac","postcode":"29900","services":["send"],"max_grams":30000}`) + `]}`, []string{"1 1"}, ""},
		{"members in another order", `{"features":[` + feature(quay, `{"code":7,"name":"Tabac","postcode":"29900"}`) + `],"type":"FeatureCollection"}`, []string{"1 7"}, ""},
		{"without a geometry: about where its postcode is", `{"features":[` + feature("null", `{"code":"1","name":"Tabac","postcode":"29900"}`) + `]}`, []string{"1 1"}, ""},
		{
			"a bad one does not cost the next", `{"features":[` + feature(`{"type":"Polygon","coordinates":[]}`, `{}`) + `,4,` + feature(quay, `{"code":"3","name":"Tabac","postcode":"29900"}`) + `]}`,
			[]string{"1 geojson_feature_invalid@geometry", "2 geojson_feature_invalid@features", "3 3"},
			"",
		},
		{"cut off", `{"features":[` + feature(quay, `{"code":"1","name":"Tabac","postcode":"29900"}`) + `,{"ty`, []string{"1 1"}, "geojson_invalid"},
		{"nothing in it", `{"features":[]}`, nil, ""},
		{"blanks before", "\n  " + `{"features":[]}`, nil, ""},
		{"something else", `[1,2]`, nil, "geojson_invalid"},
		{"no features", `{"type":"FeatureCollection"}`, nil, "geojson_invalid"},
		{"features that are no list", `{"features":{}}`, nil, "geojson_invalid"},
		{"no JSON", `code;name`, nil, "geojson_invalid"},
		{"nothing", ``, nil, "geojson_invalid"},
	} {
		got, err := lines(func(tell func(relay.Line) error) error {
			return relay.ReadGeoJSON(strings.NewReader(row.text), "n", tell)
		})
		if d := cmp.Diff(row.want, got); d != "" || (row.code == "") != (err == nil) || row.code != "" && !fault.Is(err, row.code) {
			t.Errorf("%s: %s, %v", row.law, d, err)
		}
	}
}

// Whatever stands in a file, each line comes back once, as a point or with its
// faults, and a point that comes back passes its own check.
func FuzzReadPoints(f *testing.F) {
	f.Add(points)
	f.Add(`{"features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[-3.9,47.8]},"properties":{"code":"1","name":"Tabac","postcode":"29900"}}]}`)
	f.Add(`{"features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[1e400]},"properties":null}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		check := func(l relay.Line) error {
			if l.Fault != nil {
				if len(fault.All(l.Fault)) == 0 {
					t.Fatalf("line %d: %v is no fault", l.Number, l.Fault)
				}
				return nil
			}
			if again, err := relay.Check("", l.Point); err != nil || !again.Hours.Equal(l.Point.Hours) || again.At != l.Point.At {
				t.Fatalf("line %d: %+v, then %+v, %v", l.Number, l.Point, again, err)
			}
			return nil
		}
		for _, err := range []error{relay.ReadCSV(strings.NewReader(text), "n", check), relay.ReadGeoJSON(strings.NewReader(text), "n", check)} {
			if err != nil && len(fault.All(err)) == 0 {
				t.Fatalf("%v is no fault", err)
			}
		}
	})
}
