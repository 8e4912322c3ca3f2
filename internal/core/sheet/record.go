package sheet

import "strings"

// How far a record may run. Source of the feeds: Microsoft, "Excel
// specifications and limits": a cell holds 253 line feeds and 32,767 characters
// at most. 32,767 characters are 128 KiB at most; as much again is for the
// cells beside it.
const (
	maxFeeds = 253
	longest  = 256 << 10 // bytes
)

// state is how a record stands after a line.
type state int

const (
	whole state = iota
	open        // a quoted cell goes on
	torn        // a quote was opened that does not close
)

// record is cells being read, a line at a time.
//
// A cell in quotes ends at a quote before a separator or the end of a line. It
// may run over several lines when it is written as RFC 4180 says, with every
// quote inside doubled: where one is not, the cell of another row begins there,
// and the quote that opened ours was a stray one. On a single line a quote that
// is not doubled stands for itself, as most programs read it.
type record struct {
	separator byte
	cells     []string
	state     state
	part      []byte // of the cell in quotes, when it is not one piece of its line
	single    bool   // the cell in quotes holds a quote that is not doubled
}

// take reads a line, without its line feed, as the next of the record.
func (r *record) take(line string) {
	rest, more := line, true
	if r.state == open {
		r.part = append(r.part, '\n')
		rest, more = r.quoted(rest)
	}
	for more {
		if after, ok := strings.CutPrefix(rest, `"`); ok {
			r.state, r.single, r.part = open, false, r.part[:0]
			rest, more = r.quoted(after)
			continue
		}
		i := strings.IndexByte(rest, r.separator)
		if i < 0 {
			r.cells = append(r.cells, rest)
			return
		}
		r.cells = append(r.cells, rest[:i])
		rest = rest[i+1:]
	}
}

// quoted reads on in a cell in quotes, and gives what follows the separator
// behind it; more is false when the line ends first.
func (r *record) quoted(line string) (rest string, more bool) {
	over := len(r.part) > 0
	for {
		i := strings.IndexByte(line, '"')
		if i < 0 {
			r.part = append(r.part, line...)
			if r.single {
				r.state = torn
			}
			return "", false
		}
		after := line[i+1:]
		switch {
		case after == "":
			r.end(line[:i])
			return "", false
		case after[0] == r.separator:
			r.end(line[:i])
			return after[1:], true
		case after[0] == '"':
			after = after[1:]
		case over:
			r.state = torn
			return "", false
		default:
			r.single = true
		}
		r.part = append(r.part, line[:i+1]...)
		line = after
	}
}

// end closes the cell in quotes with its last piece.
func (r *record) end(last string) {
	if len(r.part) > 0 {
		last = string(append(r.part, last...))
	}
	r.cells, r.state = append(r.cells, last), whole
}
