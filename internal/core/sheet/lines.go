package sheet

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// line is a line of the file, in UTF-8, without what ends it.
type line struct {
	number  int // from 1
	text    string
	endless bool // longer than a record may be: its text was passed over
}

// lines reads the lines of a file, and those to come without taking them.
type lines struct {
	in    *bufio.Reader // of the size of the longest line
	ahead []line
	read  int
}

// next takes a line; io.EOF after the last.
func (l *lines) next() (line, error) {
	if len(l.ahead) == 0 {
		return l.fetch()
	}
	first := l.ahead[0]
	l.skip(1)
	return first, nil
}

// peek looks at the line that comes after i others.
func (l *lines) peek(i int) (line, error) {
	for len(l.ahead) <= i {
		further, err := l.fetch()
		if err != nil {
			return line{}, err
		}
		l.ahead = append(l.ahead, further)
	}
	return l.ahead[i], nil
}

// skip takes n lines that were looked at.
func (l *lines) skip(n int) {
	clear(l.ahead[:n])
	l.ahead = l.ahead[n:]
}

func (l *lines) fetch() (line, error) {
	raw, err := l.in.ReadSlice('\n')
	switch {
	case errors.Is(err, bufio.ErrBufferFull):
		l.read++
		return line{number: l.read, endless: true}, l.pass()
	case err != nil && (len(raw) == 0 || !errors.Is(err, io.EOF)):
		return line{}, err
	}
	l.read++
	raw = bytes.TrimSuffix(bytes.TrimSuffix(raw, []byte("\n")), []byte("\r"))
	return line{number: l.read, text: decoded(raw)}, nil
}

// pass leaves the rest of a line unread.
func (l *lines) pass() error {
	for {
		_, err := l.in.ReadSlice('\n')
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF):
			return nil
		default:
			return err
		}
	}
}

// decoded is a line in UTF-8: as it stands when it is, else out of Windows-1252.
func decoded(raw []byte) string {
	if utf8.Valid(raw) {
		return string(raw)
	}
	out, err := charmap.Windows1252.NewDecoder().Bytes(raw)
	if err != nil {
		out = bytes.ToValidUTF8(raw, []byte("\ufffd"))
	}
	return string(out)
}
