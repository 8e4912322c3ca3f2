// Package sheet reads the tables that people export from other programs: CSV
// with comma, semicolon or tab, with or without a byte order mark, in UTF-8 or
// Windows-1252, with columns in any order. It streams: a million lines need no
// more memory than one.
//
// It stores nothing and judges no content: it finds columns by their names and
// says on which line a row stands, so that whoever refuses a row can name it.
package sheet

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"github.com/promesse-dev/promesse/internal/core/fault"
)

// Reader reads the rows of a sheet.
type Reader struct {
	csv    *csv.Reader
	column map[string]int
	header []string
}

// Row is one row, with the line of the file it begins on.
type Row struct {
	Line   int
	cells  []string
	column map[string]int
}

// Get is the cell of a column, trimmed; empty when the row is too short.
func (r Row) Get(column string) string {
	i, ok := r.column[column]
	if !ok || i >= len(r.cells) {
		return ""
	}
	return strings.TrimSpace(r.cells[i])
}

// Cells are all cells as they stand.
func (r Row) Cells() []string { return r.cells }

// sniffed is how much of the file decides its encoding and separator.
const sniffed = 64 << 10

// NewReader reads the header. The faults are csv_not_text and, naming a column
// that is needed and not there, csv_missing_column.
func NewReader(r io.Reader, needed ...string) (*Reader, error) {
	b := bufio.NewReaderSize(r, sniffed)
	head, err := b.Peek(sniffed)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
		return nil, err
	}
	if bytes.IndexByte(head, 0) >= 0 {
		return nil, fault.New(fault.Invalid, "csv_not_text", "file")
	}
	if bytes.HasPrefix(head, []byte("\ufeff")) {
		_, _ = b.Discard(3)
		head = head[3:]
	}
	s := &Reader{csv: csv.NewReader(&text{in: b})}
	s.csv.Comma = separator(head)
	s.csv.FieldsPerRecord, s.csv.LazyQuotes, s.csv.ReuseRecord = -1, true, false
	return s, s.readHeader(needed)
}

// separator is the likeliest of the three in the first line.
func separator(head []byte) rune {
	line, _, _ := bytes.Cut(head, []byte("\n"))
	best, most := ',', 0
	for _, c := range ",;\t" {
		if n := bytes.Count(line, []byte(string(c))); n > most {
			best, most = c, n
		}
	}
	return best
}

func (s *Reader) readHeader(needed []string) error {
	header, err := s.csv.Read()
	if err != nil && !errors.Is(err, io.EOF) {
		return fault.New(fault.Invalid, "csv_not_text", "file").Because(err)
	}
	s.header, s.column = header, map[string]int{}
	for i, name := range header {
		name = strings.ToLower(strings.TrimSpace(name))
		if _, twice := s.column[name]; !twice {
			s.column[name] = i
		}
	}
	var faults fault.List
	for _, name := range needed {
		if _, ok := s.column[name]; !ok {
			faults.Add(fault.Invalid, "csv_missing_column", "file", "column", name)
		}
	}
	return faults.Err()
}

// Header is the first line as it stands.
func (s *Reader) Header() []string { return s.header }

// Next reads a row; io.EOF after the last. Empty lines are passed over. A row
// that is no CSV comes back as one cell, for its reader to refuse.
func (s *Reader) Next() (Row, error) {
	cells, err := s.csv.Read()
	var broken *csv.ParseError
	switch {
	case errors.As(err, &broken):
		return Row{Line: broken.StartLine, column: s.column}, nil
	case err != nil:
		return Row{}, err
	}
	line, _ := s.csv.FieldPos(0)
	return Row{Line: line, cells: cells, column: s.column}, nil
}

// text turns Windows-1252 into UTF-8, line by line: a line that is UTF-8 already
// stays as it is.
type text struct {
	in   *bufio.Reader
	rest []byte
}

func (t *text) Read(p []byte) (int, error) {
	for len(t.rest) == 0 {
		line, err := t.in.ReadSlice('\n')
		if len(line) == 0 && err != nil {
			return 0, err
		}
		t.rest = decoded(line)
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) && !errors.Is(err, io.EOF) {
			return 0, err
		}
	}
	n := copy(p, t.rest)
	t.rest = t.rest[n:]
	return n, nil
}

func decoded(line []byte) []byte {
	if utf8.Valid(line) {
		return line
	}
	out, err := charmap.Windows1252.NewDecoder().Bytes(line)
	if err != nil {
		return bytes.ToValidUTF8(line, []byte("\ufffd"))
	}
	return out
}
