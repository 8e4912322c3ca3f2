package label

import (
	"bytes"
	"fmt"

	"github.com/promesse-dev/promesse/internal/core/fault"
)

// ZPL draws a sheet of 10 × 15 cm for a printer of 203 or 300 dots per inch. The
// text is UTF-8 (^CI28), every byte that could command the printer is escaped
// (^FH), and codes are drawn box by box with modules of a whole number of dots.
// The faults are label_resolution_unknown and those of the codes.
func ZPL(s Sheet, dpi int) ([]byte, error) {
	if dpi != 203 && dpi != 300 {
		return nil, fault.New(fault.Invalid, "label_resolution_unknown", "dpi", "dpi", dpi)
	}
	p, err := layout(s, Small)
	if err != nil {
		return nil, err
	}
	z := zpl{scale: float64(dpi) / 25.4}
	fmt.Fprintf(&z.out, "^XA\n^CI28\n^PW%d\n^LL%d\n^LH0,0\n", z.dots(smallW), z.dots(smallH))
	for _, b := range p.blocks {
		z.rect(box{b.X * z.scale, b.Y * z.scale, b.W * z.scale, b.H * z.scale})
	}
	for _, s := range p.symbols {
		for _, r := range s.rects(z.scale, true) {
			z.rect(r)
		}
	}
	for _, w := range p.words {
		z.text(w)
	}
	z.out.WriteString("^PQ1\n^XZ\n")
	return z.out.Bytes(), nil
}

type zpl struct {
	out   bytes.Buffer
	scale float64 // dots in a millimetre
}

func (z *zpl) dots(mm float64) int { return int(mm*z.scale + 0.5) }

// rect fills a rectangle given in dots. A box of ZPL is filled when its border is
// as thick as its shorter side.
func (z *zpl) rect(b box) {
	w, h := max(int(b.W+0.5), 1), max(int(b.H+0.5), 1)
	fmt.Fprintf(&z.out, "^FO%d,%d^GB%d,%d,%d^FS\n", int(b.X+0.5), int(b.Y+0.5), w, h, min(w, h))
}

// printerWider is how much wider a printer's own font may run than ours.
const printerWider = 1.15

func (z *zpl) text(w words) {
	w = fit(box{w.X, w.Y, w.W / printerWider, w.H}, w.size, w.face, w.text.utf8(), w.ink)
	high := z.dots(w.size * pointMM)
	fmt.Fprintf(&z.out, "^FO%d,%d^A0N,%d,%d^FH_^FD", z.dots(w.X), z.dots(w.Y), high, high*9/10)
	for _, b := range []byte(w.text.utf8()) {
		if plain(b) {
			z.out.WriteByte(b)
			continue
		}
		fmt.Fprintf(&z.out, "_%02X", b)
	}
	z.out.WriteString("^FS\n")
}

// plain reports whether a byte means itself to every printer.
func plain(b byte) bool {
	return b == ' ' || b == '.' || b >= '0' && b <= '9' || b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z'
}
