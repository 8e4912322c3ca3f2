package label

// box is a rectangle in millimetres from the upper left of a page.
type box struct{ X, Y, W, H float64 }

func (b box) moved(dx, dy float64) box { return box{b.X + dx, b.Y + dy, b.W, b.H} }

// meets reports whether two boxes share some area.
func (b box) meets(c box) bool {
	return b.X < c.X+c.W && c.X < b.X+b.W && b.Y < c.Y+c.H && c.Y < b.Y+b.H
}

// holds reports whether c lies within b, to a thousandth of a millimetre.
func (b box) holds(c box) bool {
	const slack = 1e-3
	return c.X >= b.X-slack && c.Y >= b.Y-slack && c.X+c.W <= b.X+b.W+slack && c.Y+c.H <= b.Y+b.H+slack
}

// words is one line of text; it has been cut to fit its box.
type words struct {
	box
	size float64 // points
	face face
	text encoded
	ink  Ink
}

// symbol is a code to scan. Its box includes the quiet zones.
type symbol struct {
	box
	code code
}

// block is a filled rectangle.
type block struct {
	box
	ink Ink
}

// page is a laid out label.
type page struct {
	words   []words
	symbols []symbol
	blocks  []block
	insert  box // where the sender's part is; zero when there is none
}

// The label proper, whatever the paper: 100 × 150 mm.
const (
	smallW, smallH = 100, 150
	margin         = 4.0
	inner          = smallW - 2*margin
	qrSide         = 34.0
	insertTop      = 131.0
	hairline       = 0.3
)

// layout lays out a sheet for a form.
func layout(s Sheet, f Form) (page, error) {
	var p page
	dx, dy := 0.0, 0.0
	if f == A4 {
		dx, dy = 8, 8
	}
	if err := p.codes(s, dx, dy); err != nil {
		return page{}, err
	}
	p.head(s, dx, dy)
	p.addresses(s, dx, dy)
	p.fields(s.Fields, dx, dy)
	if f == A4 {
		p.steps(s.Steps)
		p.frame(box{dx, dy, smallW, smallH})
		p.inserted(s.Insert, box{8, 250, 194, 16})
		return p, nil
	}
	p.inserted(s.Insert, box{margin, insertTop, inner, 15})
	return p, nil
}

// codes places the two codes: the QR beside the sender, the bars below the fields.
func (p *page) codes(s Sheet, dx, dy float64) error {
	if s.QR != "" {
		c, err := qrCode(s.QR, "qr")
		if err != nil {
			return err
		}
		p.symbols = append(p.symbols, symbol{box{smallW - margin - qrSide, 15, qrSide, qrSide}.moved(dx, dy), c})
	}
	if s.Bars == "" {
		return nil
	}
	c, err := barCode(s.Bars, "bars", inner)
	if err != nil {
		return err
	}
	p.symbols = append(p.symbols, symbol{box{margin, 97, inner, 24}.moved(dx, dy), c})
	return nil
}

func (p *page) head(s Sheet, dx, dy float64) {
	p.line(box{margin, margin, 56, 8}.moved(dx, dy), 15, bold, s.Network)
	p.line(box{margin + 58, margin, inner - 58, 8}.moved(dx, dy), 11, bold, s.Title)
	p.blocks = append(p.blocks, block{box{margin, 13, inner, hairline}.moved(dx, dy), Ink{}})
	p.line(box{margin, 122, inner, 6}.moved(dx, dy), 12, bold, s.Number)
}

func (p *page) addresses(s Sheet, dx, dy float64) {
	wide := inner
	if s.QR != "" {
		wide -= qrSide + 2
	}
	for i, l := range first(s.From, 6) {
		p.line(box{margin, 16 + 4.6*float64(i), wide, 4.4}.moved(dx, dy), 8.5, regular, l)
	}
	to := box{margin, 51, inner, 32}.moved(dx, dy)
	p.frame(to)
	for i, l := range first(s.To, 5) {
		p.line(box{margin + 2, 52 + 6*float64(i), inner - 4, 5.8}.moved(dx, dy), 13, bold, l)
	}
}

// fields are drawn in two rows of three.
func (p *page) fields(fs []Field, dx, dy float64) {
	third := inner / 3
	for i, f := range first(fs, 6) {
		at := box{margin + third*float64(i%3), 84.5 + 6*float64(i/3), third - 1, 5}
		text := f.Value
		if f.Name != "" {
			text = f.Name + " : " + f.Value
		}
		p.line(at.moved(dx, dy), 8, regular, text)
	}
}

// steps fill the rest of an A4 page: right of the label, then below it.
func (p *page) steps(steps []string) {
	column, y := box{116, 12, 86, 0}, 12.0
	for _, step := range steps {
		for _, l := range wrap(step, 11, regular, column.W) {
			if column.X > 100 && y > 150 {
				column, y = box{8, 170, 194, 0}, 170
			}
			if y > 240 {
				return
			}
			p.line(box{column.X, y, column.W, 5.4}, 11, regular, l)
			y += 5.6
		}
		y += 2.4
	}
}

// inserted draws the sender's part, all of it within its box.
func (p *page) inserted(in Insert, at box) {
	if in.Brand == "" && len(in.Lines) == 0 {
		return
	}
	p.insert = at
	p.blocks = append(p.blocks, block{box{at.X, at.Y, at.W, 0.8}, in.Ink})
	p.words = append(p.words, fit(box{at.X, at.Y + 1.4, at.W, 5.2}, 11, bold, in.Brand, in.Ink))
	for i, l := range first(in.Lines, 2) {
		p.line(box{at.X, at.Y + 6.8 + 4*float64(i), at.W, 4}, 7.5, regular, l)
	}
}

func (p *page) line(at box, size float64, f face, text string) {
	if text != "" {
		p.words = append(p.words, fit(at, size, f, text, Ink{}))
	}
}

func (p *page) frame(b box) {
	p.blocks = append(p.blocks,
		block{box{b.X, b.Y, b.W, hairline}, Ink{}}, block{box{b.X, b.Y + b.H - hairline, b.W, hairline}, Ink{}},
		block{box{b.X, b.Y, hairline, b.H}, Ink{}}, block{box{b.X + b.W - hairline, b.Y, hairline, b.H}, Ink{}})
}

func first[T any](list []T, n int) []T { return list[:min(n, len(list))] }
