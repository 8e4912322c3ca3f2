package label

import (
	"image/color"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/code128"
	"github.com/boombuler/barcode/qr"

	"github.com/promesse-dev/promesse/internal/core/fault"
)

// code is a pattern of modules, dark or light. Bars are one row of them, drawn
// as high as their box.
type code struct {
	cols, rows int
	dark       []bool // row by row
	quiet      int    // modules left free at each end; above and below too when square
}

// The quiet zones that readers need: ISO/IEC 15417 for Code 128, ISO/IEC 18004
// for QR.
const (
	quietBars = 10
	quietQR   = 4
)

// thinnest is the width of the narrowest bar that a counter's reader takes for
// certain: 7.5 thousandths of an inch, in millimetres.
const thinnest = 0.19

// maxQR bounds the text in a QR code: beyond, its modules are too small for a
// telephone's screen held at arm's length.
const maxQR = 300

// qrCode encodes a text, able to lose 15 % of itself. field is for the faults:
// field_required, label_code_too_long and label_code_unprintable.
func qrCode(text, field string) (code, error) {
	switch {
	case text == "":
		return code{}, fault.New(fault.Invalid, "field_required", field)
	case len(text) > maxQR:
		return code{}, fault.New(fault.Invalid, "label_code_too_long", field)
	}
	b, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return code{}, fault.New(fault.Invalid, "label_code_unprintable", field).Because(err)
	}
	return codeOf(b, quietQR), nil
}

// barCode encodes a text as Code 128 that fits a width in millimetres.
func barCode(text, field string, width float64) (code, error) {
	b, err := code128.Encode(text)
	if err != nil {
		if len(text) > 80 {
			return code{}, fault.New(fault.Invalid, "label_code_too_long", field).Because(err)
		}
		return code{}, fault.New(fault.Invalid, "label_code_unprintable", field).Because(err)
	}
	c := codeOf(b, quietBars)
	if width/float64(c.cols+2*c.quiet) < thinnest {
		return code{}, fault.New(fault.Invalid, "label_code_too_long", field)
	}
	return c, nil
}

func codeOf(b barcode.Barcode, quiet int) code {
	r := b.Bounds()
	c := code{cols: r.Dx(), rows: r.Dy(), quiet: quiet, dark: make([]bool, 0, r.Dx()*r.Dy())}
	for y := range c.rows {
		for x := range c.cols {
			c.dark = append(c.dark, b.At(x, y) == color.Black)
		}
	}
	return c
}

// run is some dark modules side by side.
type run struct{ x, y, n int }

// runs are all dark modules, row by row.
func (c code) runs() []run {
	var out []run
	for y := range c.rows {
		row := c.dark[y*c.cols : (y+1)*c.cols]
		for x := 0; x < c.cols; x++ {
			from := x
			for x < c.cols && row[x] {
				x++
			}
			if x > from {
				out = append(out, run{from, y, x - from})
			}
		}
	}
	return out
}

// span is how many modules wide the code is with its quiet zones.
func (c code) span() int { return c.cols + 2*c.quiet }

// rects are a symbol's dark parts in a unit: scale of it a millimetre. With
// whole, a module is a whole number of units and the code stands in the middle
// of its box, as printers of dots need it.
func (s symbol) rects(scale float64, whole bool) []box {
	w, h, x, y := s.W*scale, s.H*scale, s.X*scale, s.Y*scale
	module := w / float64(s.code.span())
	if whole {
		module = float64(int(module))
		x, y = float64(int(x)), float64(int(y))
	}
	left := x + (w-module*float64(s.code.cols))/2
	top, high := y, h
	if s.code.rows > 1 {
		top, high = y+(h-module*float64(s.code.rows))/2, module
	}
	if whole {
		left, top = float64(int(left)), float64(int(top))
	}
	runs := s.code.runs()
	out := make([]box, len(runs))
	for i, r := range runs {
		out[i] = box{left + module*float64(r.x), top + high*float64(r.y), module * float64(r.n), high}
	}
	return out
}
