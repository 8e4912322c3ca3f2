package label

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/oned"
	"github.com/makiuchi-d/gozxing/qrcode"
)

// The readers here are zxing's, which shares no code with the encoders.

func bitmap(t testing.TB, img image.Image) *gozxing.BinaryBitmap {
	t.Helper()
	b, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func readQR(t testing.TB, img image.Image) string {
	t.Helper()
	r, err := qrcode.NewQRCodeReader().Decode(bitmap(t, img), map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
	if err != nil {
		t.Errorf("no QR code can be read: %v", err)
		return ""
	}
	return r.GetText()
}

func readBars(t testing.TB, img image.Image) string {
	t.Helper()
	r, err := oned.NewCode128Reader().Decode(bitmap(t, img), map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
	if err != nil {
		t.Errorf("no bars can be read: %v", err)
		return ""
	}
	return r.GetText()
}

// rasterise draws the first page of a PDF as poppler sees it.
func rasterise(t testing.TB, pdf []byte, dpi int) image.Image {
	t.Helper()
	dir := t.TempDir()
	at := filepath.Join(dir, "label.pdf")
	if err := os.WriteFile(at, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdftoppm", "-r", strconv.Itoa(dpi), "-png", "-singlefile", at, filepath.Join(dir, "label")).CombinedOutput()
	if err != nil || len(out) > 0 {
		t.Fatalf("pdftoppm (Debian: poppler-utils, make deps): %v\n%s", err, out)
	}
	raw, err := os.ReadFile(filepath.Join(dir, "label.png"))
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

var zplBox = regexp.MustCompile(`\^FO(\d+),(\d+)\^GB(\d+),(\d+),(\d+)\^FS`)

// print draws the boxes of a label's ZPL, dot by dot.
func printed(t testing.TB, zpl []byte, dpi int) image.Image {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, smallW*dpi*10/254, smallH*dpi*10/254))
	draw.Draw(img, img.Bounds(), image.White, image.Point{}, draw.Src)
	for _, m := range zplBox.FindAllStringSubmatch(string(zpl), -1) {
		n := numbers(t, m[1:])
		draw.Draw(img, image.Rect(n[0], n[1], n[0]+n[2], n[1]+n[3]), image.Black, image.Point{}, draw.Src)
	}
	return img
}

var svgRun = regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-(\d+)z`)

// shown draws the runs of an SVG, ten pixels a unit.
func shown(t testing.TB, svg []byte) image.Image {
	t.Helper()
	_, rest, _ := strings.Cut(string(svg), `viewBox="0 0 `)
	side, err := strconv.Atoi(rest[:strings.IndexByte(rest, ' ')])
	if err != nil {
		t.Fatal(err)
	}
	img := image.NewGray(image.Rect(0, 0, side*10, side*10))
	draw.Draw(img, img.Bounds(), image.White, image.Point{}, draw.Src)
	for _, m := range svgRun.FindAllStringSubmatch(string(svg), -1) {
		n := numbers(t, m[1:])
		if n[2] != n[3] {
			t.Errorf("a run that does not come back: %v", m)
		}
		draw.Draw(img, image.Rect(n[0]*10, n[1]*10, (n[0]+n[2])*10, n[1]*10+10), image.NewUniform(color.Black), image.Point{}, draw.Src)
	}
	return img
}

func numbers(t testing.TB, texts []string) []int {
	t.Helper()
	out := make([]int, len(texts))
	for i, s := range texts {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatal(err)
		}
		out[i] = n
	}
	return out
}
