// Package sheet reads the tables that people export from other programs: CSV
// with comma, semicolon or tab, with or without a byte order mark, in UTF-8 or
// Windows-1252, with columns in any order. It streams: a million lines need no
// more memory than one record at its longest.
//
// Exports are not always whole. A line that can not be read, because a quote
// opens in it and does not close or because it never ends, costs itself alone:
// it comes back with its fault, and reading goes on with the line below it.
//
// It stores nothing and judges no content: it finds columns by their names and
// says on which line a row stands, so that whoever refuses a row can name it.
package sheet

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/fault"
)

// Reader reads the rows of a sheet.
type Reader struct {
	lines     lines
	separator byte
	column    map[string]int
	header    []string
}

// Row is one row, with the line of the file it begins on.
type Row struct {
	Line int
	// Fault is why the row can not be read, nil when it can: csv_quote_unclosed
	// or csv_line_too_long. Its cells are then what stands between separators.
	Fault  *fault.Error
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

// sniffed is how much of the file decides whether it is text, and its separator.
const sniffed = 64 << 10

// NewReader reads the header. The faults are csv_not_text, those of a row that
// can not be read and, naming a column that is needed and not there,
// csv_missing_column.
func NewReader(r io.Reader, needed ...string) (*Reader, error) {
	b := bufio.NewReaderSize(r, longest)
	head, err := b.Peek(sniffed)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if bytes.IndexByte(head, 0) >= 0 {
		return nil, fault.New(fault.Invalid, "csv_not_text", "file")
	}
	if bytes.HasPrefix(head, []byte("\ufeff")) {
		_, _ = b.Discard(3)
		head = head[3:]
	}
	s := &Reader{lines: lines{in: b}, separator: separator(head)}
	return s, s.readHeader(needed)
}

// separator is the likeliest of the three in the first line.
func separator(head []byte) byte {
	line, _, _ := bytes.Cut(head, []byte("\n"))
	best, most := byte(','), 0
	for _, c := range []byte(",;\t") {
		if n := bytes.Count(line, []byte{c}); n > most {
			best, most = c, n
		}
	}
	return best
}

func (s *Reader) readHeader(needed []string) error {
	row, err := s.Next()
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		return err
	case row.Fault != nil:
		return row.Fault
	}
	s.header, s.column = row.cells, map[string]int{}
	for i, name := range s.header {
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
// that can not be read comes back with its Fault and takes one line.
func (s *Reader) Next() (Row, error) {
	first, err := s.lines.next()
	for err == nil && first.text == "" && !first.endless {
		first, err = s.lines.next()
	}
	if err != nil {
		return Row{}, err
	}
	row := Row{Line: first.number, column: s.column}
	if first.endless {
		row.Fault = fault.New(fault.Invalid, "csv_line_too_long", "file", "line", first.number, "limit", longest)
		return row, nil
	}
	r := record{separator: s.separator, cells: make([]string, 0, len(s.header))}
	r.take(first.text)
	begun := len(r.cells)
	more, err := s.gather(&r, len(first.text))
	if err != nil {
		return Row{}, err
	}
	if row.cells = r.cells; r.state != whole {
		row.cells = strings.Split(first.text, string(s.separator))
		row.Fault = fault.New(fault.Invalid, "csv_quote_unclosed", s.named(begun), "line", first.number)
		return row, nil
	}
	s.lines.skip(more)
	return row, nil
}

// gather reads on in a record of so many bytes while a cell of it is open, and
// says how many lines that took. They stay unread: they belong to other records
// when this one is not whole.
func (s *Reader) gather(r *record, size int) (more int, err error) {
	for ; r.state == open && more < maxFeeds; more++ {
		next, err := s.lines.peek(more)
		if errors.Is(err, io.EOF) {
			return 0, nil
		}
		if err != nil {
			return 0, err
		}
		if size += len(next.text); next.endless || size > longest {
			return 0, nil
		}
		r.take(next.text)
	}
	if more > 0 && s.header != nil && len(r.cells) > len(s.header) {
		r.state = torn // the beginning of one row and the end of another
	}
	return more, nil
}

// named is the name of a column, for people: the file itself when it has none.
func (s *Reader) named(column int) string {
	if column < len(s.header) && strings.TrimSpace(s.header[column]) != "" {
		return strings.TrimSpace(s.header[column])
	}
	return "file"
}
