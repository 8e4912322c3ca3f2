package sheet_test

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/sheet"
)

// names are the cells of the column name with their lines; of a row that can
// not be read, its line, its fault and the field it names.
func names(t *testing.T, text string) (out []string) {
	t.Helper()
	s, err := sheet.NewReader(strings.NewReader(text), "name")
	if err != nil {
		t.Fatal(err)
	}
	for {
		row, err := s.Next()
		switch {
		case errors.Is(err, io.EOF):
			return out
		case err != nil:
			t.Fatal(err)
		case row.Fault != nil:
			out = append(out, fmt.Sprintf("%v:%s!%s", row.Fault.Args["line"], row.Fault.Code, row.Fault.Field))
		default:
			out = append(out, fmt.Sprintf("%d:%s", row.Line, row.Get("name")))
		}
	}
}

func TestSheetsAsPeopleExportThem(t *testing.T) {
	for _, c := range []struct{ what, text, want string }{
		{"plain", "id,name\n1,Zoé\n", "2:Zoé"},
		{"byte order mark", "\ufeffname,id\nZoé,1\n", "2:Zoé"},
		{"semicolons", "id;name\n1;Zoé\n2;Léa", "2:Zoé 3:Léa"},
		{"tabs", "id\tname\n1\tZoé\n", "2:Zoé"},
		{"Windows-1252", "id;name\n1;Zo\xe9\n2;\x80uro\n", "2:Zoé 3:€uro"},
		{"line ends of Windows", "id,name\r\n1,Zoé\r\n", "2:Zoé"},
		{"an empty line between", "id,name\n1,a\n\n2,b\n", "2:a 4:b"},
		{"quotes, separators and line ends inside", "id,name\n1,\"a, \"\"b\"\"\nc\"\n2,d\n", "2:a, \"b\"\nc 4:d"},
		{"columns in capitals", "ID,Name\n1,a\n", "2:a"},
		{"a row too short", "id,name\n1\n2,b\n", "2: 3:b"},
		{"empty lines and a quote at the end of a cell of three lines", "id,name\n1,\"a\r\n\r\n\"\"b\"\"\"\r\n2,c\n", "2:a\n\n\"b\" 5:c"},
		{"two cells of several lines in one row", "id,name,note\n1,\"a\nb\",\"c\n\nd\"\n2,e,\n", "2:a\nb 6:e"},
		{"a cell of several lines in a row too short, as Excel cuts them", "id,name,note\n1,\"a\nb\"\n2,c\n", "2:a\nb 4:c"},
		{"a cell of several lines in Windows-1252", "id,name\n1,\"Zo\xe9\n\xc9mile\"\n", "2:Zoé\nÉmile"},
		{"a header of several lines", "id,name,\"of\nwhat\"\n1,a,b\n", "3:a"},
		{"a quote inside a cell", "id,name\n1,TV 42\" black\n2,b\n", "2:TV 42\" black 3:b"},
		{"quotes not doubled that close on their line", "id,name\n1,\"the \"big\" one\"\n2,b\n", "2:the \"big\" one 3:b"},
		{"only a header", "name\n", ""},
	} {
		t.Run(c.what, func(t *testing.T) {
			if got := strings.Join(names(t, c.text), " "); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestAStrayQuoteCostsItsOwnLine(t *testing.T) {
	const unclosed = ":csv_quote_unclosed!"
	for _, c := range []struct{ what, text, want string }{
		{"no other quote in the file", "id,name,city\n1,a,x\n2,\"b,x\n3,c,x\n4,d,x\n", "2:a 3" + unclosed + "name 4:c 5:d"},
		{"in the last line", "id,name\n1,a\n2,\"b", "2:a 3" + unclosed + "name"},
		{"in the last cell", "id,name\n1,a\n2,b\n3,\"\n4,d\n", "2:a 3:b 4" + unclosed + "name 5:d"},
		{"in the first cell", "id,name\n\"1,a\n2,b\n", "2" + unclosed + "id 3:b"},
		{"in every line", "id,name\n1,\"a\n2,\"b\n3,\"c\n", "2" + unclosed + "name 3" + unclosed + "name 4" + unclosed + "name"},
		{"all other cells in quotes", "\"id\",\"name\"\n\"1\",\"a\n\"2\",\"b\"\n\"3\",\"c\"\n", "2" + unclosed + "name 3:b 4:c"},
		{"the next line quotes the same column", "id,name,city\n1,\"a,x\n2,\"b\",x\n", "2" + unclosed + "name 3:b"},
		{"empty cells in quotes after it", "id,name,city\n1,\"a,x\n2,\"\",x\n3,b,\"\"\n", "2" + unclosed + "name 3: 4:b"},
		{"a cell of several lines after it", "id,name\n1,\"a\n2,\"b\nc\"\n3,d\n", "2" + unclosed + "name 3:b\nc 5:d"},
		{"a word in quotes that begins a cell", "id,name\n1,\"Chez\" Zoé\n2,b\n", "2" + unclosed + "name 3:b"},
		{"two stray ones whose row would be too long", "id,name,city\n1,a,\"x\n2,b\",x\n3,c,x\n", "2" + unclosed + "city 3:b\" 4:c"},
		{"an empty line after it", "id,name\n1,\"a\n\n2,b\n", "2" + unclosed + "name 4:b"},
		{"beyond the columns of the header", "id,name\n1,a,\"x\n2,b\n", "2" + unclosed + "file 3:b"},
	} {
		t.Run(c.what, func(t *testing.T) {
			if got := strings.Join(names(t, c.text), " "); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestHowFarARowMayRun(t *testing.T) {
	const most = 256 << 10
	long := strings.Repeat("x", most-len("1,\n"))
	lines := func(feeds int) string { return "1,\"" + strings.Repeat("\n", feeds) + "a\"\n2,b\n" }
	for _, c := range []struct {
		what, text string
		rows       int // that can be read
		faults     string
	}{
		{"253 line feeds, the most of a spreadsheet", lines(253), 2, ""},
		{"one more", lines(254), 2, "csv_quote_unclosed 2"}, // a" and b
		{"a line of 256 KiB", "1," + long + "\n2,b\n", 2, ""},
		{"a line of a byte more", "1,x" + long + "\n2,b\n", 1, "csv_line_too_long 2"},
		{"a line of megabytes", "1," + strings.Repeat(long, 9) + "\n2,b\n", 1, "csv_line_too_long 2"},
		{"a line of megabytes that ends the file", "1,a\n2," + strings.Repeat(long, 9), 1, "csv_line_too_long 3"},
		{"a line of megabytes inside a cell", "1,\"a\n" + strings.Repeat(long, 9) + "\n\"\n2,b\n", 1, "csv_quote_unclosed 2 csv_line_too_long 3 csv_quote_unclosed 4"},
		{"lines that only together are too long", "1,\"a\n" + strings.Repeat(long[:most/2]+"\n", 2) + "b\"\n2,c\n", 4, "csv_quote_unclosed 2"},
	} {
		t.Run(c.what, func(t *testing.T) {
			rows, faults := 0, []string{}
			s, err := sheet.NewReader(strings.NewReader("id,name\n" + c.text))
			if err != nil {
				t.Fatal(err)
			}
			for row, err := s.Next(); !errors.Is(err, io.EOF); row, err = s.Next() {
				switch {
				case err != nil:
					t.Fatal(err)
				case row.Fault != nil:
					faults = append(faults, fmt.Sprint(row.Fault.Code, " ", row.Line))
				default:
					rows++
				}
			}
			if got := strings.Join(faults, " "); rows != c.rows || got != c.faults {
				t.Errorf("%d rows and %q, want %d and %q", rows, got, c.rows, c.faults)
			}
		})
	}
}

func TestTheCellsOfALineThatIsNoRowStandAsTheyDo(t *testing.T) {
	s, err := sheet.NewReader(strings.NewReader("id;name\n1;\"a\n2;b\n"))
	if err != nil {
		t.Fatal(err)
	}
	row, err := s.Next()
	if want := []string{"1", "\"a"}; err != nil || row.Fault == nil || !slices.Equal(row.Cells(), want) || row.Get("id") != "1" {
		t.Errorf("got %q, fault %v, error %v", row.Cells(), row.Fault, err)
	}
}

// word is a cell that does not begin like the end of another.
var word = rapid.StringMatching(`([a-zé ][a-z,;"\n é]{0,6})?`)

// table writes rows of three cells as programs do.
func table(t *rapid.T, rows [][]string, comma rune) string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	w.Comma = comma
	if err := w.WriteAll(append([][]string{{"a", "b", "c"}}, rows...)); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func read(t *rapid.T, text string) (rows [][]string, refused []int) {
	s, err := sheet.NewReader(strings.NewReader(text), "a", "b", "c")
	if err != nil {
		t.Fatal(err)
	}
	for row, err := s.Next(); !errors.Is(err, io.EOF); row, err = s.Next() {
		if err != nil {
			t.Fatal(err)
		}
		if row.Fault != nil {
			refused = append(refused, row.Line)
			continue
		}
		rows = append(rows, row.Cells())
	}
	return rows, refused
}

func TestWhatProgramsWriteIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cell := rapid.StringMatching(`[a-z,;"\t\n é]{0,6}`)
		rows := rapid.SliceOfN(rapid.SliceOfN(cell, 3, 3), 1, 8).Draw(t, "rows")
		text := table(t, rows, rapid.SampledFrom([]rune(",;\t")).Draw(t, "separator"))
		got, refused := read(t, text)
		if d := cmp.Diff(rows, got); d != "" || refused != nil {
			t.Fatalf("%q: lines %v refused, (-want +got):\n%s", text, refused, d)
		}
	})
}

func TestAStrayQuoteAmongWhatProgramsWrite(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SliceOfN(rapid.SliceOfN(word, 3, 3), 0, 8).Draw(t, "rows")
		at := rapid.IntRange(0, len(rows)).Draw(t, "at")
		before, after := table(t, rows[:at], ','), table(t, rows[at:], ',')
		_, after, _ = strings.Cut(after, "\n")
		text := before + "stray,\"quote,\n" + after
		got, refused := read(t, text)
		if want := 1 + strings.Count(before, "\n"); !slices.Equal(refused, []int{want}) {
			t.Fatalf("%q: lines %v refused, want %d", text, refused, want)
		}
		if d := cmp.Diff(rows, got, cmpopts.EquateEmpty()); d != "" {
			t.Fatalf("%q (-want +got):\n%s", text, d)
		}
	})
}

// many is a file of so many lines that is never in memory.
type many struct {
	line string
	left int
	rest string
}

func (m *many) Read(p []byte) (int, error) {
	if m.rest == "" {
		if m.left == 0 {
			return 0, io.EOF
		}
		m.left, m.rest = m.left-1, m.line
	}
	n := copy(p, m.rest)
	m.rest = m.rest[n:]
	return n, nil
}

func TestAMillionLinesAfterAStrayQuote(t *testing.T) {
	const lines = 1_000_000
	s, err := sheet.NewReader(io.MultiReader(strings.NewReader("id,name\n0,\"a\n"), &many{line: "1,b\n", left: lines}))
	if err != nil {
		t.Fatal(err)
	}
	rows, refused := 0, 0
	for row, err := s.Next(); !errors.Is(err, io.EOF); row, err = s.Next() {
		switch {
		case err != nil:
			t.Fatal(err)
		case row.Fault != nil:
			refused++
		default:
			rows++
		}
	}
	if rows != lines || refused != 1 {
		t.Errorf("%d rows read and %d refused", rows, refused)
	}
}

func BenchmarkNext(b *testing.B) {
	for _, c := range []struct{ what, line string }{
		{"plain", "A-1,delivered,2026-03-02T10:00:00+01:00,,,2026-03-04T09:12:00+01:00,2026-03-06\n"},
		{"quoted", `"A-1","delivered","2026-03-02T10:00:00+01:00","","","2026-03-04T09:12:00+01:00","2026-03-06"` + "\n"},
		{"several lines", "A-1,\"deli\nvered\",2026-03-02T10:00:00+01:00,,,,2026-03-06\n"},
		{"a stray quote in each", "A-1,\"delivered,2026-03-02T10:00:00+01:00,,,,2026-03-06\n"},
	} {
		b.Run(c.what, func(b *testing.B) {
			b.ReportAllocs()
			s, err := sheet.NewReader(io.MultiReader(strings.NewReader("a,b,c,d,e,f,g\n"), &many{line: c.line, left: math.MaxInt}))
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if _, err := s.Next(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func TestWhatIsNoSheet(t *testing.T) {
	for _, c := range []struct{ what, text, code string }{
		{"empty", "", "csv_missing_column"},
		{"another table", "a,b\n1,2\n", "csv_missing_column"},
		{"not text at all", "PK\x03\x04\x00\x00", "csv_not_text"},
		{"a header that does not close", "id,\"name\n1,a\n", "csv_quote_unclosed"},
		{"a header without an end", strings.Repeat("name,", 1<<20), "csv_line_too_long"},
	} {
		t.Run(c.what, func(t *testing.T) {
			if _, err := sheet.NewReader(strings.NewReader(c.text), "name", "id"); !fault.Is(err, c.code) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func FuzzReader(f *testing.F) {
	for _, s := range []string{"name\na\n", "\ufeffname;x\n\"a\";\xe9\n", "name\n\"unfinished", "\"", ";;;\n;;", "a;b\n1;\"2\n\"3\"\"\n4;\"\r\n5"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := sheet.NewReader(strings.NewReader(text))
		if err != nil {
			if fault.All(err) == nil {
				t.Fatal(err)
			}
			return
		}
		last := 0
		for {
			row, err := s.Next()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil || row.Line <= last {
				t.Fatalf("line %d after %d: %v", row.Line, last, err)
			}
			last = row.Line
		}
	})
}
