// Package label draws the labels of parcels: PDF pages of A4 and of 10 × 15 cm,
// ZPL for label printers, and QR codes as SVG and PNG for a telephone's screen.
//
// A label is laid out once, in millimetres, and every form is drawn from that
// layout: codes as rectangles with their quiet zones, text cut where its box
// ends, and the sender's branded insert in a region of its own, below all codes.
// There is no field for the names of goods, an e-mail or a telephone number: what
// is stuck on a box is read by everybody it passes.
//
// Fonts are the Go fonts (Bigelow & Holmes, BSD licence), parsed once in the life
// of the process. Text is written in Windows-1252: letters beyond it lose their
// accents, and what has no letter there becomes a question mark. The package
// stores nothing, does no I/O, and knows no carrier's rules.
package label

import (
	"github.com/promesse-dev/promesse/internal/core/fault"
)

// Form is the paper a label is drawn for.
type Form string

// The forms. On A4 the label is cut out of the upper left, and the rest of the
// page says what to do with it.
const (
	A4    Form = "a4"
	Small Form = "10x15"
)

// Sheet is one label. Only From, To and a code are usual; what is empty is left out.
type Sheet struct {
	Network string   // whose label it is, above all
	Title   string   // "RETOUR"
	From    []string // lines of the sender's address
	To      []string // lines of the recipient's
	Number  string   // of the parcel, as people read it
	Bars    string   // content of the Code 128; code128.FNC1 (U+00F1) is allowed
	QR      string   // content of the QR code
	Fields  []Field  // weight, reference, contents: at most six are drawn
	Steps   []string // what to do with it; on A4 alone
	Insert  Insert
}

// Field is a small thing said on a label.
type Field struct{ Name, Value string }

// Insert is the sender's own part of a label.
type Insert struct {
	Brand string
	Lines []string // at most two are drawn
	Ink   Ink      // of the brand and the line above it
}

// Ink is a colour, red, green and blue. The zero Ink is black.
type Ink struct{ R, G, B uint8 }

// maxSheets bounds one document.
const maxSheets = 500

// size is a page's, in millimetres.
func (f Form) size() (w, h float64, err error) {
	switch f {
	case A4:
		return 210, 297, nil
	case Small:
		return smallW, smallH, nil
	}
	return 0, 0, fault.New(fault.Invalid, "label_form_unknown", "form", "form", string(f))
}
