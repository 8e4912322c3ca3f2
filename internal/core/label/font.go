package label

import (
	"bytes"
	"compress/zlib"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"unicode"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// face is one of the two ways letters look.
type face int

const (
	regular face = iota
	bold
)

// faces are both fonts, ready to be put into a document. Parsing and compressing
// them takes a hundred times longer than drawing a label.
var faces = sync.OnceValue(func() *[2]typeface {
	return &[2]typeface{newTypeface("GoRegular", goregular.TTF), newTypeface("GoBold", gobold.TTF)}
})

// typeface is a font as fpdf takes it.
type typeface struct {
	json, z []byte
	widths  [256]int // thousandths of the size, by Windows-1252 byte
}

// newTypeface reads a font that the program carries: it can not fail on any
// input, so that a failure is a broken program.
func newTypeface(name string, ttf []byte) typeface {
	f, err := newTypefaceOf(name, ttf)
	if err != nil {
		panic("label: " + name + ": " + err.Error())
	}
	return f
}

func newTypefaceOf(name string, ttf []byte) (t typeface, err error) {
	parsed, err := sfnt.Parse(ttf)
	if err != nil {
		return t, err
	}
	var letters strings.Builder
	for b := 32; b < 256; b++ {
		r := charmap.Windows1252.DecodeByte(byte(b))
		if t.widths[b], err = advance(parsed, r); err != nil {
			return t, fmt.Errorf("%q: %w", r, err)
		}
		if unicode.IsPrint(r) {
			letters.WriteRune(r)
		}
	}
	cut := fpdf.UTF8CutFont(ttf, letters.String())
	var z bytes.Buffer
	w := zlib.NewWriter(&z)
	_, err = w.Write(cut)
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return t, err
	}
	t.z = z.Bytes()
	t.json, err = described(name, parsed, len(cut), t.widths)
	return t, err
}

// described is fpdf's own description of a TrueType font.
func described(name string, f *sfnt.Font, size int, widths [256]int) ([]byte, error) {
	var buf sfnt.Buffer
	m, err := f.Metrics(&buf, fixed.I(1000), font.HintingNone)
	if err != nil {
		return nil, err
	}
	b, err := f.Bounds(&buf, fixed.I(1000), font.HintingNone)
	if err != nil {
		return nil, err
	}
	const nonsymbolic = 32 // PDF 32000-1, table 123
	return json.Marshal(map[string]any{
		"Tp": "TrueType", "Name": name, "Enc": "cp1252", "File": name + ".z", "OriginalSize": size, "Cw": widths,
		"Up": -100, "Ut": 50,
		"Desc": map[string]any{
			"Ascent": m.Ascent.Round(), "Descent": -m.Descent.Round(), "CapHeight": m.CapHeight.Round(), "Flags": nonsymbolic,
			"FontBBox": map[string]int{"Xmin": b.Min.X.Floor(), "Ymin": -b.Max.Y.Ceil(), "Xmax": b.Max.X.Ceil(), "Ymax": -b.Min.Y.Floor()},
			"StemV":    80, "MissingWidth": widths['?'],
		},
	})
}

func advance(f *sfnt.Font, r rune) (int, error) {
	var buf sfnt.Buffer
	i, err := f.GlyphIndex(&buf, r)
	if err != nil {
		return 0, err
	}
	a, err := f.GlyphAdvance(&buf, i, fixed.I(1000), font.HintingNone)
	return a.Round(), err
}

// encoded is text in Windows-1252, printable characters alone.
type encoded string

// plainLetters are letters without a decomposition that have an obvious
// neighbour.
var plainLetters = strings.NewReplacer("Ł", "L", "ł", "l", "Đ", "D", "đ", "d", "ı", "i", "Ħ", "H", "ħ", "h", "Ŧ", "T", "ŧ", "t", "ẞ", "SS")

// encode writes any text in the letters that the fonts have.
func encode(s string) encoded {
	var out strings.Builder
	for _, r := range norm.NFC.String(plainLetters.Replace(strings.ToValidUTF8(s, "?"))) {
		out.Write(letter(r))
	}
	return encoded(out.String())
}

func letter(r rune) []byte {
	if unicode.IsSpace(r) || unicode.IsControl(r) {
		return []byte{' '}
	}
	if b, ok := charmap.Windows1252.EncodeRune(r); ok && unicode.IsPrint(r) {
		return []byte{b}
	}
	var out []byte
	for _, part := range norm.NFKD.String(string(r)) {
		b, ok := charmap.Windows1252.EncodeRune(part)
		switch {
		case unicode.Is(unicode.Mn, part) || unicode.Is(unicode.Cf, part):
		case ok && unicode.IsPrint(part):
			out = append(out, b)
		default:
			out = append(out, '?')
		}
	}
	return out
}

// utf8 is the text again, for printers that read it so.
func (e encoded) utf8() string {
	var out strings.Builder
	for i := range len(e) {
		out.WriteRune(charmap.Windows1252.DecodeByte(e[i]))
	}
	return out.String()
}

// pointMM is a typographic point in millimetres.
const pointMM = 25.4 / 72

// width of a text in millimetres at a size in points.
func (e encoded) width(size float64, f face) float64 {
	sum, widths := 0, &faces()[f].widths
	for i := range len(e) {
		sum += widths[e[i]]
	}
	return float64(sum) / 1000 * size * pointMM
}

// ellipsis in Windows-1252.
const ellipsis = "\x85"

// fit cuts a text to the width of its box.
func fit(at box, size float64, f face, text string, ink Ink) words {
	e := encode(text)
	if e.width(size, f) > at.W {
		room := at.W - encoded(ellipsis).width(size, f)
		n := 0
		for n < len(e) && e[:n+1].width(size, f) <= room {
			n++
		}
		e = encoded(strings.TrimRight(string(e[:n]), " ")) + ellipsis
	}
	return words{box: at, size: size, face: f, text: e, ink: ink}
}

// wrap parts a text into lines of a width in millimetres. A word longer than a
// line is left to be cut.
func wrap(text string, size float64, f face, width float64) (lines []string) {
	line := ""
	for word := range strings.FieldsSeq(text) {
		longer := strings.TrimSpace(line + " " + word)
		if line != "" && encode(longer).width(size, f) > width {
			lines, longer = append(lines, line), word
		}
		line = longer
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}
