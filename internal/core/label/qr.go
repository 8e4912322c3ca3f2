package label

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
)

// QRSVG draws a text as a QR code, one unit a module, quiet zone included. The
// faults, at the field qr, are field_required, label_code_too_long and
// label_code_unprintable.
func QRSVG(text string) ([]byte, error) {
	c, err := qrCode(text, "qr")
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	n := c.span()
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges">`, n, n)
	fmt.Fprintf(&out, `<path fill="#fff" d="M0 0h%dv%dH0z"/><path d="`, n, n)
	for _, r := range c.runs() {
		fmt.Fprintf(&out, "M%d %dh%dv1h-%dz", r.x+c.quiet, r.y+c.quiet, r.n, r.n)
	}
	out.WriteString(`"/></svg>`)
	return out.Bytes(), nil
}

// QRPNG draws a text as a QR code in black and white, so many pixels a module
// (1 to 40), quiet zone included. Its faults are those of QRSVG.
func QRPNG(text string, pixels int) ([]byte, error) {
	c, err := qrCode(text, "qr")
	if err != nil {
		return nil, err
	}
	pixels = min(max(pixels, 1), 40)
	side := c.span() * pixels
	img := image.NewPaletted(image.Rect(0, 0, side, side), color.Palette{color.White, color.Black})
	for _, r := range c.runs() {
		for y := range pixels {
			row := img.Pix[((r.y+c.quiet)*pixels+y)*img.Stride:]
			for x := range r.n * pixels {
				row[(r.x+c.quiet)*pixels+x] = 1
			}
		}
	}
	var out bytes.Buffer
	err = png.Encode(&out, img)
	return out.Bytes(), err
}
