package label

import (
	"bytes"
	"image/png"
	"os/exec"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
)

var made = civil.At(time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC))

func sheet() Sheet {
	return Sheet{
		Network: "RÉSEAU DES RELAIS", Title: "RETOUR", Number: "3123 4567", Bars: "312345670101",
		QR:     "https://retours.example/r/00000000001?k=7f3a9c2e",
		From:   []string{"Camille Étienne", "12 rue des Lilas", "69003 Lyon"},
		To:     []string{"Épicerie du Canal", "ZI Nord (quai 4)", "45770 Saran"},
		Fields: []Field{{"Poids", "1,20 kg"}, {"Réf.", "R-1"}, {"Contenu", "Maison"}},
		Steps:  []string{"1. Collez l'étiquette à plat.", "2. Déposez le colis avant le 14 décembre."},
		Insert: Insert{Brand: "Épicerie du Canal", Lines: []string{"Merci !", "À bientôt."}, Ink: Ink{120, 20, 60}},
	}
}

func draws(t testing.TB, s Sheet, f Form) []byte {
	t.Helper()
	pdf, err := PDF([]Sheet{s}, f, made)
	if err != nil {
		t.Fatal(err)
	}
	return pdf
}

func TestCodesAreReadBackFromThePaper(t *testing.T) {
	for _, row := range []struct{ what, bars, qr string }{
		{"a relay's number and a link", "312345670101", "https://retours.example/r/00000000001?k=7f3a9c2e"},
		{"a parcel of the post", "8R12345678901", "8R12345678901"},
		{"UPU S10", "RR123456785FR", "RR123456785FR"},
		{"small letters and signs", "ret-42/a", "Déposez le colis n° 42 à Évry"},
		{"as much as fits", "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345", strings.Repeat("0123456789abcdef", 18)},
	} {
		s := sheet()
		s.Bars, s.QR = row.bars, row.qr
		for _, f := range []Form{A4, Small} {
			img := rasterise(t, draws(t, s, f), 300)
			if got := readBars(t, img); got != row.bars {
				t.Errorf("%s on %s: the bars say %q", row.what, f, got)
			}
			if got := readQR(t, img); got != row.qr {
				t.Errorf("%s on %s: the QR says %q", row.what, f, got)
			}
		}
		for _, dpi := range []int{203, 300} {
			zpl, err := ZPL(s, dpi)
			if err != nil {
				t.Fatal(err)
			}
			img := printed(t, zpl, dpi)
			if got := readBars(t, img); got != row.bars {
				t.Errorf("%s at %d dpi: the bars say %q", row.what, dpi, got)
			}
			if got := readQR(t, img); got != row.qr {
				t.Errorf("%s at %d dpi: the QR says %q", row.what, dpi, got)
			}
		}
	}
}

func TestCodesAreReadBackFromAScreen(t *testing.T) {
	for _, text := range []string{"1", "312345670101", "https://retours.example/r/1?k=é&l=<2>\"'"} {
		svg, err := QRSVG(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := readQR(t, shown(t, svg)); got != text {
			t.Errorf("the SVG says %q, want %q", got, text)
		}
		raw, err := QRPNG(text, 6)
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		if got := readQR(t, img); got != text {
			t.Errorf("the PNG says %q, want %q", got, text)
		}
	}
}

// The text of a page, as poppler takes it out of the PDF.
func said(t testing.TB, pdf []byte) string {
	t.Helper()
	c := exec.Command("pdftotext", "-layout", "-", "-")
	c.Stdin = bytes.NewReader(pdf)
	out, err := c.Output()
	if err != nil {
		t.Fatalf("pdftotext (Debian: poppler-utils, make deps): %v", err)
	}
	return string(out)
}

func TestAddressesAreReadByPeopleAndMachines(t *testing.T) {
	s := sheet()
	s.From = []string{`Zoé (3e étage) \ Œuvre`, "Łódź, ul. Żółta 1", "Ελλάδα 漢字", "a\x00b\tc\u202ed", "\xff"}
	text := said(t, draws(t, s, Small))
	for _, want := range []string{"Épicerie du Canal", "45770 Saran", "3123 4567", "Poids : 1,20 kg", `Zoé (3e étage) \ Œuvre`, "Lódz, ul. Zólta 1", "a b cd"} {
		if !strings.Contains(text, want) {
			t.Errorf("the label does not say %q:\n%s", want, text)
		}
	}
	if !strings.Contains(said(t, draws(t, sheet(), A4)), "2. Déposez le colis avant le 14 décembre.") {
		t.Error("the page does not say what to do with the label")
	}
}

func TestALongLineIsCutAtTheEndOfItsBox(t *testing.T) {
	s := sheet()
	s.To[0] = strings.Repeat("Établissements Dupont et Fils ", 9)
	for _, f := range []Form{A4, Small} {
		p, err := layout(s, f)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range p.words {
			if w.text.width(w.size, w.face) > w.W {
				t.Errorf("%s: %q is wider than its box", f, w.text.utf8())
			}
		}
		if !strings.Contains(said(t, draws(t, s, f)), "Dupont et Fils Établis") || !strings.Contains(said(t, draws(t, s, f)), "…") {
			t.Errorf("%s: the line was not cut where it should be", f)
		}
	}
}

// anySheet is whatever a merchant may come to write.
func anySheet() *rapid.Generator[Sheet] {
	texts := rapid.SliceOfN(rapid.String(), 0, 9)
	return rapid.Custom(func(t *rapid.T) Sheet {
		s := Sheet{
			Network: rapid.String().Draw(t, "network"), Title: rapid.String().Draw(t, "title"), Number: rapid.String().Draw(t, "number"),
			From: texts.Draw(t, "from"), To: texts.Draw(t, "to"), Steps: texts.Draw(t, "steps"),
			Bars:   rapid.StringMatching(`[ -~]{0,24}`).Draw(t, "bars"),
			QR:     rapid.StringMatching(`[ -~é€]{0,90}`).Draw(t, "qr"),
			Insert: Insert{Brand: rapid.String().Draw(t, "brand"), Lines: texts.Draw(t, "lines")},
		}
		for range rapid.IntRange(0, 9).Draw(t, "fields") {
			s.Fields = append(s.Fields, Field{rapid.String().Draw(t, "name"), rapid.String().Draw(t, "value")})
		}
		return s
	})
}

func TestNothingIsEverDrawnOverACode(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anySheet().Draw(t, "sheet")
		f := rapid.SampledFrom([]Form{A4, Small}).Draw(t, "form")
		p, err := layout(s, f)
		if err != nil {
			t.Fatal(err)
		}
		w, h, _ := f.size()
		paper := box{0, 0, w, h}
		for _, c := range p.symbols {
			if p.insert.meets(c.box) {
				t.Fatalf("the insert %v covers the code %v", p.insert, c.box)
			}
			if !paper.holds(c.box) {
				t.Fatalf("a code leaves the page: %v", c.box)
			}
			for _, b := range p.blocks {
				if b.meets(c.box) {
					t.Fatalf("%v is drawn over the code %v", b.box, c.box)
				}
			}
			for _, r := range c.rects(1, false) {
				if !c.holds(r) {
					t.Fatalf("the code %v leaves its box: %v", c.box, r)
				}
			}
		}
		for _, text := range p.words {
			if !paper.holds(text.box) || text.text.width(text.size, text.face) > text.W {
				t.Fatalf("%q leaves its box %v", text.text, text.box)
			}
			for _, c := range p.symbols {
				if text.meets(c.box) {
					t.Fatalf("%q is drawn over a code", text.text)
				}
			}
		}
	})
}

// What the sender writes about itself lies in its own region, and nothing else does.
func TestTheInsertIsARegionOfItsOwn(t *testing.T) {
	for _, f := range []Form{A4, Small} {
		with, err := layout(sheet(), f)
		if err != nil {
			t.Fatal(err)
		}
		bare := sheet()
		bare.Insert = Insert{}
		without, err := layout(bare, f)
		if err != nil {
			t.Fatal(err)
		}
		inside := 0
		for _, w := range with.words {
			if w.meets(with.insert) {
				inside++
				if !with.insert.holds(w.box) {
					t.Errorf("%s: %q is half in the insert", f, w.text.utf8())
				}
			}
		}
		if inside != 3 || len(with.words)-len(without.words) != 3 {
			t.Errorf("%s: %d lines in the insert, %d without it", f, inside, len(without.words))
		}
	}
}

func TestWhatNoLabelCanCarry(t *testing.T) {
	for _, row := range []struct {
		law, code, field string
		form             Form
		change           func(*Sheet)
	}{
		{"bars of Greek", "label_code_unprintable", "bars", Small, func(s *Sheet) { s.Bars = "Ω" }},
		{"bars wider than the label", "label_code_too_long", "bars", Small, func(s *Sheet) { s.Bars = strings.Repeat("Ab", 25) }},
		{"bars without end", "label_code_too_long", "bars", Small, func(s *Sheet) { s.Bars = strings.Repeat("1", 500) }},
		{"a QR code too small for a screen", "label_code_too_long", "qr", A4, func(s *Sheet) { s.QR = strings.Repeat("x", maxQR+1) }},
		{"a paper there is not", "label_form_unknown", "form", "letter", func(*Sheet) {}},
	} {
		s := sheet()
		row.change(&s)
		_, err := PDF([]Sheet{s}, row.form, made)
		if !fault.Is(err, row.code) || fault.All(err)[0].Field != row.field {
			t.Errorf("%s: %v, want %s at %s", row.law, err, row.code, row.field)
		}
	}
	if _, err := PDF(nil, Small, made); !fault.Is(err, "field_required") {
		t.Errorf("no sheet: %v", err)
	}
	if _, err := PDF(make([]Sheet, maxSheets+1), Small, made); !fault.Is(err, "list_too_long") {
		t.Errorf("too many sheets: %v", err)
	}
	if _, err := ZPL(sheet(), 200); !fault.Is(err, "label_resolution_unknown") {
		t.Errorf("a printer there is not: %v", err)
	}
	for _, text := range []string{"", strings.Repeat("x", maxQR+1)} {
		if _, err := QRSVG(text); len(fault.All(err)) != 1 {
			t.Errorf("%d characters in an SVG: %v", len(text), err)
		}
		if _, err := QRPNG(text, 4); len(fault.All(err)) != 1 {
			t.Errorf("%d characters in a PNG: %v", len(text), err)
		}
	}
}

func TestTheSameSheetIsTheSameBytes(t *testing.T) {
	one := draws(t, sheet(), A4)
	if !bytes.Equal(one, draws(t, sheet(), A4)) {
		t.Error("drawn twice, it is two documents")
	}
	if n := len(draws(t, sheet(), Small)); n > 80_000 {
		t.Errorf("a label has %d bytes", n)
	}
}

func TestNoTextCommandsAPrinter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anySheet().Draw(t, "sheet")
		s.From = append(s.From, "^XZ~JR_5E^FD", "\x10\x1b^")
		zpl, err := ZPL(s, 203)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(zpl)) {
			data, is := strings.CutPrefix(line, "^FO")
			if !is {
				continue
			}
			_, data, field := strings.Cut(data, "^FD")
			if field && strings.ContainsAny(strings.TrimSuffix(data, "^FS\n"), "^~\x10\x1b\r\n") {
				t.Fatalf("a field commands the printer: %q", line)
			}
		}
		if bytes.Count(zpl, []byte("^XZ")) != 1 || bytes.ContainsRune(zpl, '~') {
			t.Fatal("the text ends the label")
		}
	})
}
