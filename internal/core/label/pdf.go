package label

import (
	"bytes"
	"fmt"
	"strconv"

	"codeberg.org/go-pdf/fpdf"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
)

// PDF draws sheets, one a page. The same sheets made at the same instant give the
// same bytes. The faults are field_required and list_too_long at sheets,
// label_form_unknown at form, and label_code_too_long and label_code_unprintable
// at bars or qr.
func PDF(sheets []Sheet, form Form, made civil.Instant) ([]byte, error) {
	w, h, err := form.size()
	switch {
	case err != nil:
		return nil, err
	case len(sheets) == 0:
		return nil, fault.New(fault.Invalid, "field_required", "sheets")
	case len(sheets) > maxSheets:
		return nil, fault.New(fault.Invalid, "list_too_long", "sheets", "limit", maxSheets)
	}
	d := newDocument(w, h, made)
	for _, s := range sheets {
		p, err := layout(s, form)
		if err != nil {
			return nil, err
		}
		d.add(p)
	}
	var out bytes.Buffer
	out.Grow(len(faces()[regular].z) + len(faces()[bold].z) + 4096*len(sheets))
	if err := d.pdf.Output(&out); err != nil {
		return nil, fmt.Errorf("label: %w", err)
	}
	return out.Bytes(), nil
}

// document is a PDF being drawn. PDF counts in points from the lower left.
type document struct {
	pdf    *fpdf.Fpdf
	height float64 // points
	font   face
	size   float64
	ink    Ink
	buf    []byte // what is drawn beside the text
}

func newDocument(w, h float64, made civil.Instant) *document {
	p := fpdf.NewCustom(&fpdf.InitType{UnitStr: "mm", Size: fpdf.SizeType{Wd: w, Ht: h}})
	p.SetCatalogSort(true)
	p.SetCreationDate(made.Time())
	p.SetModificationDate(made.Time())
	p.SetProducer("promesse", false)
	p.SetAutoPageBreak(false, 0)
	for i, name := range [...]string{"label", "labelbold"} {
		p.AddFontFromBytes(name, "", faces()[i].json, faces()[i].z)
	}
	return &document{pdf: p, height: h / pointMM}
}

// add draws a page.
func (d *document) add(p page) {
	d.pdf.AddPage()
	d.size = 0 // a page begins without a font
	d.buf = d.buf[:0]
	for _, b := range p.blocks {
		d.colour(b.ink)
		d.rect(b.box, 1/pointMM)
		d.buf = append(d.buf, "f\n"...)
	}
	d.colour(Ink{})
	for _, s := range p.symbols {
		for _, r := range s.rects(1/pointMM, false) {
			d.rect(r, 1)
		}
		d.buf = append(d.buf, "f\n"...) // all of a code as one shape: no seams
	}
	for _, w := range p.words {
		d.text(w)
	}
	d.pdf.RawWriteStr(string(d.buf))
}

// fonts are the names under which a page knows the faces: fpdf's own, asked for
// once a document.
func (d *document) text(w words) {
	if d.font != w.face || d.size != w.size {
		d.flush()
		d.font, d.size = w.face, w.size
		d.pdf.SetFont([...]string{"label", "labelbold"}[w.face], "", w.size)
	}
	d.colour(w.ink)
	baseline := w.Y + w.H*0.78
	d.buf = append(d.buf, "BT "...)
	d.point(w.X/pointMM, d.height-baseline/pointMM)
	d.buf = append(d.buf, "Td ("...)
	for i := range len(w.text) {
		if c := w.text[i]; c == '(' || c == ')' || c == '\\' {
			d.buf = append(d.buf, '\\')
		}
		d.buf = append(d.buf, w.text[i])
	}
	d.buf = append(d.buf, ") Tj ET\n"...)
}

func (d *document) flush() {
	d.pdf.RawWriteStr(string(d.buf))
	d.buf = d.buf[:0]
}

func (d *document) colour(c Ink) {
	if c == d.ink && len(d.buf) > 0 {
		return
	}
	d.ink = c
	for _, v := range [...]uint8{c.R, c.G, c.B} {
		d.number(float64(v) / 255)
	}
	d.buf = append(d.buf, "rg\n"...)
}

// rect adds a rectangle to the shape being drawn; scale turns its unit into points.
func (d *document) rect(b box, scale float64) {
	d.point(b.X*scale, d.height-(b.Y+b.H)*scale)
	d.point(b.W*scale, b.H*scale)
	d.buf = append(d.buf, "re\n"...)
}

func (d *document) point(x, y float64) {
	d.number(x)
	d.number(y)
}

func (d *document) number(v float64) {
	d.buf = strconv.AppendFloat(d.buf, v, 'f', 3, 64)
	d.buf = append(d.buf, ' ')
}
