package backtest

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
)

const header = "order_id,status,purchased_at,approved_at,handed_to_carrier_at,delivered_at,promised_on\n"

// at is a moment written in RFC 3339.
func at(s string) Moment {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	_, offset := t.Zone()
	return Moment{At: civil.At(t), Offset: int32(offset)}
}

// on is a day.
func on(s string) civil.Day {
	d, err := civil.ParseDay(s)
	if err != nil {
		panic(err)
	}
	return d
}

func TestRowsThatAreRead(t *testing.T) {
	bought := at("2026-03-02T10:00:00+01:00")
	for _, c := range []struct {
		law, file string
		want      []Order
	}{
		{
			"all there", header + "1,delivered,2026-03-02T10:00:00+01:00,,2026-03-03T16:00:00+01:00,2026-03-05T09:30:00+01:00,2026-03-06\n",
			[]Order{{bought, at("2026-03-03T16:00:00+01:00"), at("2026-03-05T09:30:00+01:00"), on("2026-03-06")}},
		},
		{"only the purchase", header + "1,,2026-03-02T10:00:00+01:00,,,,\n", []Order{{Purchased: bought, Promised: civil.NoDay}}},
		{"a row cut short", header + "1,,2026-03-02T10:00:00+01:00\n", []Order{{Purchased: bought, Promised: civil.NoDay}}},
		{"no seconds", header + "1,,2026-03-02T10:00+01:00,,,,\n", []Order{{Purchased: bought, Promised: civil.NoDay}}},
		{"as a database writes it", header + "1,,2026-03-02 10:00:00+01:00,,,,2026-03-06\n", []Order{{Purchased: bought, Promised: on("2026-03-06")}}},
		{"without an offset it is UTC", header + "1,,2026-03-02 09:00:00,,,,\n", []Order{{Purchased: at("2026-03-02T09:00:00Z"), Promised: civil.NoDay}}},
		{"promised at an hour → the day it is written on", header + "1,,2026-03-02T10:00:00+01:00,,,,2026-03-06T00:00:00+01:00\n", []Order{{Purchased: bought, Promised: on("2026-03-06")}}},
		{
			"byte order mark, semicolons, CRLF, quotes, spaces, another order of columns, no status",
			"\ufeffpromised_on;\"Purchased_At\";order_id;delivered_at;handed_to_carrier_at\r\n2026-03-06; 2026-03-02T10:00:00+01:00 ;\"A;1\";;\r\n",
			[]Order{{Purchased: bought, Promised: on("2026-03-06")}},
		},
		{"a cell of two lines", header + "1,\"deli\nvered\",2026-03-02T10:00:00+01:00,,,,\n", []Order{{Purchased: bought, Promised: civil.NoDay}}},
		{"no row", header, nil},
		{"no line feed at the end, and empty lines", header + "\n\n1,,2026-03-02T10:00:00+01:00,,,,", []Order{{Purchased: bought, Promised: civil.NoDay}}},
	} {
		got, rejects, err := Read(strings.NewReader(c.file))
		if err != nil || len(rejects) > 0 {
			t.Errorf("%s: %v %v", c.law, err, rejects)
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", c.law, d)
		}
	}
}

func TestTheFinalStatusIsNotRead(t *testing.T) {
	row := ",2026-03-02T10:00:00+01:00,,2026-03-03T16:00:00+01:00,,\n"
	a, _, _ := Read(strings.NewReader(header + "1,canceled" + row))
	b, _, _ := Read(strings.NewReader(header + "1,shipped" + row))
	if d := cmp.Diff(a, b); d != "" || len(a) != 1 {
		t.Error(d)
	}
}

func TestRowsThatAreRejected(t *testing.T) {
	for _, c := range []struct{ law, row, code, field, order string }{
		{"never bought", "x,delivered,,,,2026-03-05T09:30:00+01:00,", "field_required", "purchased_at", "x"},
		{"bought on a blank", "x,delivered, ,,,,", "field_required", "purchased_at", "x"},
		{"bought at no time", "x,,yesterday,,,,", "instant_invalid", "purchased_at", "x"},
		{"a day is no instant", "x,,2026-03-02,,,,", "instant_invalid", "purchased_at", "x"},
		{"month 13", "x,,2026-13-02T10:00:00Z,,,,", "instant_invalid", "purchased_at", "x"},
		{"delivered at no time", "x,,2026-03-02T10:00:00Z,,,soon,", "instant_invalid", "delivered_at", "x"},
		{"handed over at no time", "x,,2026-03-02T10:00:00Z,,0,,", "instant_invalid", "handed_to_carrier_at", "x"},
		{"promised on no day", "x,,2026-03-02T10:00:00Z,,,,31/02/2026", "day_invalid", "promised_on", "x"},
		{"in Windows-1252", "caf\xe9,,,,,,", "field_required", "purchased_at", "café"},
		{"a name that has no end", strings.Repeat("é", 50) + ",,,,,,", "field_required", "purchased_at", strings.Repeat("é", 40) + "…"},
		{"not even a row", "x", "field_required", "purchased_at", "x"},
		{"a quote that does not close", "\"x,,2026-03-02T10:00:00Z,,,,", "csv_quote_unclosed", "order_id", "\"x"},
		{"a word in quotes that is not the whole cell", "x,\"deli\" vered,2026-03-02T10:00:00Z,,,,", "csv_quote_unclosed", "status", "x"},
		{"a line of a megabyte", "x," + strings.Repeat("y", 1<<20), "csv_line_too_long", "file", ""},
	} {
		orders, rejects, err := Read(strings.NewReader(header + "1,,2026-03-02T10:00:00Z,,,,\n" + c.row + "\n2,,2026-03-02T10:00:00Z,,,,\n"))
		if err != nil || len(orders) != 2 || len(rejects) != 1 {
			t.Errorf("%s: %d orders, %d rejects, %v", c.law, len(orders), len(rejects), err)
			continue
		}
		r := rejects[0]
		if r.Line != 3 || r.Order != c.order || r.Fault.Code != c.code || r.Fault.Field != c.field {
			t.Errorf("%s: got %+v", c.law, r)
		}
	}
}

func TestFilesThatCanNotBeRead(t *testing.T) {
	for _, c := range []struct {
		law, file, code string
		columns         []any
	}{
		{"a column is missing", "order_id,status,purchased_at,handed_to_carrier_at,promised_on\n", "csv_missing_column", []any{"delivered_at"}},
		{"two are missing", "order_id;purchased_at;delivered_at\n", "csv_missing_column", []any{"handed_to_carrier_at", "promised_on"}},
		{"a spreadsheet's own format", "PK\x03\x04\x00\x00", "csv_not_text", nil},
	} {
		_, _, err := Read(strings.NewReader(c.file))
		var columns []any
		for _, f := range fault.All(err) {
			if name, ok := f.Args["column"]; ok {
				columns = append(columns, name)
			}
		}
		if d := cmp.Diff(c.columns, columns); !fault.Is(err, c.code) || d != "" {
			t.Errorf("%s: got %v\n%s", c.law, err, d)
		}
	}
	if _, _, err := Read(io.MultiReader(strings.NewReader(header), brokenPipe{})); err == nil || fault.All(err) != nil {
		t.Errorf("a file that breaks off: got %v, want the error of the file", err)
	}
}

type brokenPipe struct{}

func (brokenPipe) Read([]byte) (int, error) { return 0, io.ErrClosedPipe }

func FuzzRead(f *testing.F) {
	f.Add([]byte(header + "1,,2026-03-02T10:00:00+01:00,,,,2026-03-06\n"))
	f.Add([]byte("\ufeff" + strings.ReplaceAll(header, ",", ";") + "1;;2026-03-02 10:00;;;;\r\n"))
	f.Add([]byte(header + "\"1,,2026\n"))
	f.Add([]byte{0xff, 0xfe, 'o', 0})
	f.Fuzz(func(t *testing.T, file []byte) {
		orders, rejects, err := Read(bytes.NewReader(file))
		if lines := bytes.Count(file, []byte("\n")) + 1; len(orders)+len(rejects) > lines {
			t.Errorf("%d orders and %d rejects of %d lines", len(orders), len(rejects), lines)
		}
		for _, o := range orders {
			if !o.Purchased.Happened() {
				t.Error("an order that was never bought")
			}
		}
		if err == nil {
			if _, err := Run(orders, .95); err != nil {
				t.Error(err)
			}
		}
	})
}

func TestAHundredThousandLines(t *testing.T) {
	var b bytes.Buffer
	b.WriteString(header + "\"stray,,2026-03-02T10:00:00Z,,,,\n")
	for i := range 100_000 {
		fmt.Fprintf(&b, "%d,delivered,2026-03-02T%02d:%02d:00+01:00,,,,2026-03-06\n", i, i%24, i%60)
	}
	orders, rejects, err := Read(&b)
	if err != nil || len(orders) != 100_000 || len(rejects) != 1 || rejects[0].Line != 2 {
		t.Errorf("%d orders, %d rejects, %v", len(orders), len(rejects), err)
	}
}
