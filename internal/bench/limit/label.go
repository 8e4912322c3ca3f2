package limit

import (
	"bytes"
	"compress/zlib"
	"encoding/json"
	"fmt"
	"image/color"

	"codeberg.org/go-pdf/fpdf"
	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/code128"
	"github.com/boombuler/barcode/qr"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
)

// Labels draws a label of 100 × 150 mm the shortest way there is: fixed lines of
// text at fixed places, a Code 128 and a QR code as rectangles, with fonts that
// were parsed, cut and compressed once.
type Labels struct{ fonts [2]preparedFont }

type preparedFont struct{ json, z []byte }

// NewLabels prepares the fonts.
func NewLabels() (*Labels, error) {
	l := &Labels{}
	for i, ttf := range [][]byte{goregular.TTF, gobold.TTF} {
		letters := make([]rune, 0, 224)
		for r := rune(' '); r < 256; r++ {
			letters = append(letters, r)
		}
		cut := fpdf.UTF8CutFont(ttf, string(letters))
		var z bytes.Buffer
		w := zlib.NewWriter(&z)
		if _, err := w.Write(cut); err != nil {
			return nil, err
		}
		if err := w.Close(); err != nil {
			return nil, err
		}
		name := fmt.Sprintf("Font%d", i)
		said, err := json.Marshal(map[string]any{
			"Tp": "TrueType", "Name": name, "File": name + ".z", "OriginalSize": len(cut), "Cw": [256]int{}, "Desc": map[string]any{"Flags": 32},
		})
		if err != nil {
			return nil, err
		}
		l.fonts[i] = preparedFont{said, z.Bytes()}
	}
	return l, nil
}

// Line is a line of text on the page, with its place in millimetres.
type Line struct {
	X, Y, Size float64
	Bold       bool
	Text       string // Windows-1252
}

// Draw makes the PDF of one label.
func (l *Labels) Draw(lines []Line, bars, link string) ([]byte, error) {
	p := fpdf.NewCustom(&fpdf.InitType{UnitStr: "mm", Size: fpdf.SizeType{Wd: 100, Ht: 150}})
	names := [...]string{"plain", "bold"}
	for i, f := range l.fonts {
		p.AddFontFromBytes(names[i], "", f.json, f.z)
	}
	p.AddPage()
	for _, s := range lines {
		if s.Bold {
			p.SetFont(names[1], "", s.Size)
		} else {
			p.SetFont(names[0], "", s.Size)
		}
		p.Text(s.X, s.Y, s.Text)
	}
	p.Rect(4, 51, 92, 32, "D")
	one, err := code128.Encode(bars)
	if err != nil {
		return nil, err
	}
	two, err := qr.Encode(link, qr.M, qr.Auto)
	if err != nil {
		return nil, err
	}
	rectangles(p, one, 12, 97, 76, 24)
	rectangles(p, two, 66, 18, 28, 28)
	var out bytes.Buffer
	err = p.Output(&out)
	return out.Bytes(), err
}

func rectangles(p *fpdf.Fpdf, c barcode.Barcode, x, y, w, h float64) {
	b := c.Bounds()
	across, down := w/float64(b.Dx()), h/float64(b.Dy())
	for r := range b.Dy() {
		for i := 0; i < b.Dx(); i++ {
			from := i
			for i < b.Dx() && c.At(i, r) == color.Black {
				i++
			}
			if i > from {
				p.Rect(x+float64(from)*across, y+float64(r)*down, float64(i-from)*across, down, "F")
			}
		}
	}
}
