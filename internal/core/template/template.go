// Package template reads and fills in the words that a merchant writes in place
// of ours. The language is Mustache cut down to what can do no harm: a name
// between two braces, and a part that is there, or is not, when a condition
// holds. Loops, partials, lambdas, unescaped values, changed delimiters and
// comments are refused while the words are being kept, with the place and the cure.
//
// A template reads no field but those that it was parsed with. What it gives is
// pieces, and not a text: whoever writes HTML, plain text or a subject of them
// escapes each for that place. Values are made one harmless run of words first: no
// line feed of theirs begins a header. Links lead to the hosts named, or the words
// are refused (see Links).
//
// It stores nothing and knows no topic: the fields are for package notify to list,
// their values for web/letters to give.
package template

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/promesse-dev/promesse/internal/core/fault"
)

// Kind is what a field is.
type Kind string

// The kinds.
const (
	Words Kind = "words" // a value, on one line
	Truth Kind = "truth" // a condition: {{#name}} … {{/name}}, or {{^name}} … {{/name}} where it does not hold
	Block Kind = "block" // a whole part of a letter, that stands on a line of its own, once
)

// Field is a name that may stand in a template.
type Field struct {
	Name   string
	Kind   Kind
	Needed bool // it must stand there, outside any condition
}

// Shape is what a template may be.
type Shape struct {
	Fields []Field
	Lines  bool // it may have several
	Most   int  // characters of its source
	Hosts  Hosts
}

// The bounds of every template. The first is of what comes out, in bytes.
const (
	MaxOutput = 256 << 10
	maxTags   = 200
	maxDepth  = 4
	maxValue  = 2000 // characters
)

// Template is words that were read, and found to be in order.
type Template struct{ body []node }

// node is a run of literal words, a field, or a part under a condition.
type node struct {
	words string
	field Field // of the zero name: literal words
	not   bool
	body  []node
}

// Piece is a part of what a template gives: literal words of the merchant's, or a
// field's value. A block has no words: it stands for itself.
type Piece struct {
	Text  string
	Field Field // of the zero name: literal words
}

// Values are what fields stand for. They are asked for listed names alone.
type Values struct {
	Words func(name string) string
	Truth func(name string) bool
}

// Fill gives the pieces of a template. The fault is template_too_large, when they
// are more than MaxOutput bytes.
func (t Template) Fill(v Values) ([]Piece, error) {
	f := filler{values: v}
	f.fill(t.body)
	if f.size > MaxOutput {
		return nil, fault.New(fault.TooLarge, "template_too_large", "", "limit", MaxOutput>>10)
	}
	return f.pieces, nil
}

type filler struct {
	values Values
	pieces []Piece
	size   int // bytes
}

func (f *filler) fill(body []node) {
	for _, n := range body {
		if f.size > MaxOutput {
			return
		}
		switch n.field.Kind {
		case Truth:
			if f.values.Truth(n.field.Name) != n.not {
				f.fill(n.body)
			}
		case Words:
			f.add(Piece{Text: clean(f.values.Words(n.field.Name)), Field: n.field})
		default:
			f.add(Piece{Text: n.words, Field: n.field})
		}
	}
}

func (f *filler) add(p Piece) {
	f.pieces, f.size = append(f.pieces, p), f.size+len(p.Text)
}

// Text is pieces one after the other, as they are.
func Text(pieces []Piece) string {
	var b strings.Builder
	for _, p := range pieces {
		b.WriteString(p.Text)
	}
	return b.String()
}

// clean makes a value one run of words: nothing in it ends a line or a header, turns
// the direction of what follows, or is unseen.
func clean(value string) string {
	value = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), r == '\u2028', r == '\u2029', r == utf8.RuneError:
			return ' '
		case hidden(r):
			return -1
		}
		return r
	}, value)
	if runes := []rune(value); len(runes) > maxValue {
		value = string(runes[:maxValue]) + "…"
	}
	return strings.TrimSpace(value)
}

// hidden reports whether a sign is unseen and changes what others mean: all format
// characters but the one that joins emojis.
func hidden(r rune) bool { return unicode.Is(unicode.Cf, r) && r != '\u200d' }
