package sheet_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/sheet"
)

func names(t *testing.T, text string) (out []string) {
	t.Helper()
	s, err := sheet.NewReader(strings.NewReader(text), "name")
	if err != nil {
		t.Fatal(err)
	}
	for {
		row, err := s.Next()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, fmt.Sprintf("%d:%s", row.Line, row.Get("name")))
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
		{"only a header", "name\n", ""},
	} {
		t.Run(c.what, func(t *testing.T) {
			if got := strings.Join(names(t, c.text), " "); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestWhatIsNoSheet(t *testing.T) {
	for _, c := range []struct{ what, text, code string }{
		{"empty", "", "csv_missing_column"},
		{"another table", "a,b\n1,2\n", "csv_missing_column"},
		{"not text at all", "PK\x03\x04\x00\x00", "csv_not_text"},
	} {
		t.Run(c.what, func(t *testing.T) {
			if _, err := sheet.NewReader(strings.NewReader(c.text), "name", "id"); !fault.Is(err, c.code) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func FuzzReader(f *testing.F) {
	for _, s := range []string{"name\na\n", "\ufeffname;x\n\"a\";\xe9\n", "name\n\"unfinished", "\"", ";;;\n;;"} {
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
			if err != nil || row.Line < last {
				t.Fatalf("line %d after %d: %v", row.Line, last, err)
			}
			last = row.Line
		}
	})
}
