package photo_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/photo"
)

// scene is a picture whose four corners differ, so that a turn can be seen.
func scene(w, h int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.NRGBA{20, 20, 20, 255}
			switch {
			case x < w/2 && y < h/2:
				c = color.NRGBA{220, 0, 0, 255}
			case x >= w/2 && y < h/2:
				c = color.NRGBA{0, 220, 0, 255}
			case x < w/2:
				c = color.NRGBA{0, 0, 220, 255}
			}
			m.SetNRGBA(x, y, c)
		}
	}
	return m
}

func asJPEG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asPNG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// exif is an Exif segment with an orientation and where it was taken.
func exif(order binary.ByteOrder, orientation uint16, gps string) []byte {
	var tiff bytes.Buffer
	mark := "MM"
	if order == binary.LittleEndian {
		mark = "II"
	}
	tiff.WriteString(mark)
	put := func(v any) { _ = binary.Write(&tiff, order, v) }
	put(uint16(42))
	put(uint32(8))
	put(uint16(2))
	for _, e := range []struct {
		tag, kind    uint16
		count, value uint32
	}{{0x0112, 3, 1, 0}, {0x8825, 4, 1, 38}} { // orientation, GPS directory
		put(e.tag)
		put(e.kind)
		put(e.count)
		if e.tag == 0x0112 {
			put(orientation)
			put(uint16(0))
			continue
		}
		put(e.value)
	}
	put(uint32(0))
	tiff.WriteString(gps)
	return segment(0xe1, append([]byte("Exif\x00\x00"), tiff.Bytes()...))
}

func segment(marker byte, body []byte) []byte {
	head := []byte{0xff, marker, 0, 0}
	binary.BigEndian.PutUint16(head[2:], uint16(len(body)+2))
	return append(head, body...)
}

// with puts segments behind the start of a JPEG.
func with(file []byte, segments ...[]byte) []byte {
	return append(append(append([]byte{}, file[:2]...), bytes.Join(segments, nil)...), file[2:]...)
}

// chunk is one of a PNG.
func chunk(name string, body []byte) []byte {
	out := make([]byte, 4, 12+len(body))
	binary.BigEndian.PutUint32(out, uint32(len(body)))
	out = append(append(out, name...), body...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[4:]))
}

// behind puts chunks behind the header of a PNG.
func behind(file []byte, chunks ...[]byte) []byte {
	const header = 8 + 25
	return append(append(append([]byte{}, file[:header]...), bytes.Join(chunks, nil)...), file[header:]...)
}

// leftovers reads a picture by its own means and names what is more than pixels.
func leftovers(body []byte) (found []string) {
	if bytes.HasPrefix(body, []byte("\x89PNG")) {
		at := 8
		for at+12 <= len(body) {
			size, name := int(binary.BigEndian.Uint32(body[at:])), string(body[at+4:at+8])
			switch name {
			case "IHDR", "PLTE", "tRNS", "IDAT", "IEND":
			default:
				found = append(found, name)
			}
			at += 12 + size
		}
		if at != len(body) {
			found = append(found, "bytes behind the end")
		}
		return found
	}
	for at := 2; at+4 <= len(body); {
		marker := body[at+1]
		if marker == 0xda {
			if !bytes.HasSuffix(body, []byte{0xff, 0xd9}) || bytes.Count(body[at:], []byte{0xff, 0xd9}) != 1 {
				found = append(found, "bytes behind the end")
			}
			return found
		}
		if marker != 0xdb && marker != 0xc4 && marker != 0xc0 {
			found = append(found, fmt.Sprintf("segment %02x", marker))
		}
		at += 2 + int(binary.BigEndian.Uint16(body[at+2:]))
	}
	return append(found, "no scan")
}

const (
	lossyWebP    = "UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA"
	losslessWebP = "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA=="
)

func decoded(t testing.TB, s string) []byte {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestAPictureIsTakenIn(t *testing.T) {
	for _, row := range []struct {
		law  string
		file []byte
		want string
		w, h int
	}{
		{"a JPEG", asJPEG(t, scene(64, 48)), photo.JPEG, 64, 48},
		{"a grey JPEG", asJPEG(t, image.NewGray(image.Rect(0, 0, 9, 7))), photo.JPEG, 9, 7},
		{"a PNG", asPNG(t, scene(31, 17)), photo.PNG, 31, 17},
		{"a PNG of 16 bits", asPNG(t, image.NewNRGBA64(image.Rect(0, 0, 5, 5))), photo.PNG, 5, 5},
		{"a lossy WebP", decoded(t, lossyWebP), photo.JPEG, 1, 1},
		{"a lossless WebP", decoded(t, losslessWebP), photo.JPEG, 1, 1},
	} {
		p, err := photo.Clean(row.file)
		if err != nil {
			t.Errorf("%s: %v", row.law, err)
			continue
		}
		back, _, err := image.Decode(bytes.NewReader(p.Body))
		if err != nil || back.Bounds().Dx() != row.w || back.Bounds().Dy() != row.h || p.Width != row.w || p.Height != row.h || p.ContentType != row.want {
			t.Errorf("%s became %s of %d × %d: %v", row.law, p.ContentType, p.Width, p.Height, err)
		}
	}
}

// What the file said of the shopper's home goes, in every place it may stand.
func TestNothingIsLeftOfWhereItWasTaken(t *testing.T) {
	const home = "48.8566N 2.3522E"
	tried := 0
	for i := range 20 {
		order := binary.ByteOrder(binary.BigEndian)
		if i%2 == 1 {
			order = binary.LittleEndian
		}
		plain, still := asJPEG(t, scene(16+i, 12)), asPNG(t, scene(16+i, 12))
		for law, file := range map[string][]byte{
			"Exif":             with(plain, exif(order, uint16(1+i%8), home)),
			"XMP":              with(plain, segment(0xe1, []byte("http://ns.adobe.com/xap/1.0/\x00<exif:GPSLatitude>"+home))),
			"IPTC":             with(plain, segment(0xed, []byte("Photoshop 3.0\x00"+home))),
			"a comment":        with(plain, segment(0xfe, []byte(home))),
			"a second Exif":    with(plain, exif(order, 1, ""), exif(order, 6, home)),
			"behind the end":   append(bytes.Clone(plain), home...),
			"a PNG's text":     behind(still, chunk("tEXt", []byte("Location\x00"+home))),
			"a PNG's Exif":     behind(still, chunk("eXIf", []byte("MM\x00*\x00\x00\x00\x08"+home))),
			"behind a PNG":     append(bytes.Clone(still), home...),
			"an unknown chunk": behind(still, chunk("gpSx", []byte(home))),
		} {
			tried++
			p, err := photo.Clean(file)
			if err != nil {
				t.Errorf("%s: %v", law, err)
				continue
			}
			if bytes.Contains(p.Body, []byte("48.85")) || bytes.Contains(p.Body, []byte("Exif")) {
				t.Errorf("%s is still there", law)
			}
			if more := leftovers(p.Body); more != nil {
				t.Errorf("%s: %v", law, more)
			}
		}
	}
	if tried < 50 {
		t.Errorf("only %d files tried", tried)
	}
}

// The camera held in each of eight ways shows the red corner at the top left.
func TestAPhotoIsTurnedUpright(t *testing.T) {
	for _, grey := range []bool{false, true} {
		for turn := 1; turn <= 8; turn++ {
			var held image.Image = hold(scene(48, 32), turn)
			if grey {
				g := image.NewGray(held.Bounds())
				for y := range g.Rect.Dy() {
					for x := range g.Rect.Dx() {
						g.Set(x, y, held.At(x, y))
					}
				}
				held = g
			}
			p, err := photo.Clean(with(asJPEG(t, held), exif(binary.LittleEndian, uint16(turn), "")))
			if err != nil {
				t.Fatal(err)
			}
			m, _, err := image.Decode(bytes.NewReader(p.Body))
			if err != nil {
				t.Fatal(err)
			}
			want := scene(48, 32)
			for _, at := range []image.Point{{6, 6}, {40, 6}, {6, 26}, {40, 26}} {
				r, g, b, _ := m.At(at.X, at.Y).RGBA()
				wr, wg, wb, _ := want.At(at.X, at.Y).RGBA()
				if grey {
					y, _, _, _ := color.GrayModel.Convert(want.At(at.X, at.Y)).RGBA()
					wr, wg, wb = y, y, y
				}
				if far(r, wr) || far(g, wg) || far(b, wb) || p.Width != 48 {
					t.Errorf("orientation %d, grey %v: %v is %v", turn, grey, at, m.At(at.X, at.Y))
				}
			}
		}
	}
}

func far(a, b uint32) bool { return max(a, b)-min(a, b) > 0x2000 }

// hold is the picture as a sensor sees it that is held so: the inverse of what
// Exif asks of whoever shows it.
func hold(m *image.NRGBA, turn int) *image.NRGBA {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	ow, oh := w, h
	if turn >= 5 {
		ow, oh = h, w
	}
	out := image.NewNRGBA(image.Rect(0, 0, ow, oh))
	for y := range h {
		for x := range w {
			at := map[int]image.Point{
				1: {x, y}, 2: {w - 1 - x, y}, 3: {w - 1 - x, h - 1 - y}, 4: {x, h - 1 - y},
				5: {y, x}, 6: {y, w - 1 - x}, 7: {h - 1 - y, w - 1 - x}, 8: {h - 1 - y, x},
			}[turn]
			out.SetNRGBA(at.X, at.Y, m.NRGBAAt(x, y))
		}
	}
	return out
}

// claims is a PNG header that claims a size, and nothing behind it.
func claims(w, h uint32, depth, kind byte) []byte {
	body := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)
	body = append(body, depth, kind, 0, 0, 0)
	return append([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", body)...)
}

func TestHostileFiles(t *testing.T) {
	plain, still := asJPEG(t, scene(64, 64)), asPNG(t, scene(64, 64))
	animated := decoded(t, lossyWebP)
	vp8x := append([]byte("VP8X\x0a\x00\x00\x00\x02\x00\x00\x00"), make([]byte, 6)...)
	animated = append(append(animated[:12:12], vp8x...), animated[12:]...)
	huge := bytes.Clone(plain)
	for at := 2; at < len(huge); {
		if huge[at+1] == 0xc0 { // height and width in the frame header
			binary.BigEndian.PutUint16(huge[at+5:], 65000)
			binary.BigEndian.PutUint16(huge[at+7:], 65000)
			break
		}
		at += 2 + int(binary.BigEndian.Uint16(huge[at+2:]))
	}
	for _, row := range []struct {
		law, code string
		file      []byte
	}{
		{"nothing", "photo_type", nil},
		{"65,000 × 65,000, a PNG", "photo_too_many_pixels", claims(65000, 65000, 8, 2)},
		{"65,000 × 65,000, a JPEG", "photo_too_many_pixels", huge},
		{"one pixel more than forty million", "photo_too_many_pixels", claims(40_000_001, 1, 8, 0)},
		{"30 Mpixel of 16 bits take too much memory", "photo_too_many_pixels", claims(6000, 5000, 16, 6)},
		{"no pixels", "photo_unreadable", claims(0, 10, 8, 2)},
		{"more pixels than an integer holds", "photo_unreadable", claims(0xffffffff, 0xffffffff, 8, 2)},
		{"more than 10 MiB", "photo_too_large", append(bytes.Clone(plain), make([]byte, photo.MaxBytes)...)},
		{"a GIF", "photo_type", []byte("GIF89a\x01\x00\x01\x00\x00\x00\x00;")},
		{"an SVG", "photo_type", []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`)},
		{"a PDF", "photo_type", []byte("%PDF-1.7\n")},
		{"a ZIP", "photo_type", []byte("PK\x03\x04")},
		{"HEIC", "photo_type", []byte("\x00\x00\x00\x18ftypheic")},
		{"HTML", "photo_type", []byte("<html>")},
		{"a PNG that moves", "photo_animated", behind(still, chunk("acTL", make([]byte, 8)))},
		{"a WebP that moves", "photo_animated", animated},
		{"a PNG without pixels", "photo_unreadable", still[:33]},
		{"a PNG whose sum is wrong", "photo_unreadable", append(bytes.Clone(still[:len(still)-30]), still[len(still)-28:]...)},
	} {
		if _, err := photo.Clean(row.file); !fault.Is(err, row.code) {
			t.Errorf("%s: %v, want %s", row.law, err, row.code)
		}
	}
}

// Files that are two things at once come out as the picture alone.
func TestPolyglots(t *testing.T) {
	plain, still := asJPEG(t, scene(20, 20)), asPNG(t, scene(20, 20))
	for law, file := range map[string][]byte{
		"a JPEG and a ZIP":      append(bytes.Clone(plain), "PK\x03\x04evil"...),
		"a JPEG and a PDF":      with(plain, segment(0xfe, []byte("%PDF-1.7 evil"))),
		"a JPEG and a script":   with(plain, segment(0xfe, []byte("*/=1;evil()/*"))),
		"a PNG and HTML":        behind(still, chunk("iTXt", []byte("x\x00<script>evil</script>"))),
		"a PNG and a program":   append(bytes.Clone(still), "MZevil"...),
		"a profile in a loop":   with(plain, segment(0xe2, []byte("ICC_PROFILE\x00\x01\xffevil"))),
		"a directory in itself": with(plain, segment(0xe1, []byte("Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x69\x87\x04\x00\x01\x00\x00\x00\x08\x00\x00\x00evil"))),
	} {
		p, err := photo.Clean(file)
		if err != nil {
			t.Errorf("%s: %v", law, err)
			continue
		}
		if bytes.Contains(p.Body, []byte("evil")) || leftovers(p.Body) != nil {
			t.Errorf("%s: %v", law, leftovers(p.Body))
		}
	}
}

// Files cut or bent anywhere are a photo or a fault: never a panic, never another error.
func TestCutAndBentFiles(t *testing.T) {
	tried := 0
	for _, file := range [][]byte{
		with(asJPEG(t, scene(40, 40)), exif(binary.LittleEndian, 6, "x")), asPNG(t, scene(40, 40)),
		decoded(t, lossyWebP), decoded(t, losslessWebP),
	} {
		for i := 1; i <= 60; i++ {
			cut := file[:len(file)*i/61]
			bent := bytes.Clone(file)
			bent[len(bent)*(i-1)/60] ^= byte(1 << (i % 8))
			for _, f := range [][]byte{cut, bent} {
				tried++
				p, err := photo.Clean(f)
				if err != nil && len(fault.All(err)) == 0 {
					t.Errorf("an error that is no fault: %v", err)
				}
				if err == nil && leftovers(p.Body) != nil {
					t.Errorf("left over: %v", leftovers(p.Body))
				}
			}
		}
	}
	if tried < 300 {
		t.Errorf("only %d files tried", tried)
	}
}

func FuzzClean(f *testing.F) {
	f.Add(asJPEG(f, scene(8, 8)))
	f.Add(with(asJPEG(f, scene(8, 8)), exif(binary.BigEndian, 8, "")))
	f.Add(asPNG(f, scene(8, 8)))
	f.Add(decoded(f, lossyWebP))
	f.Add(claims(65000, 65000, 8, 2))
	f.Fuzz(func(t *testing.T, file []byte) {
		p, err := photo.Clean(file)
		if err != nil && len(fault.All(err)) == 0 {
			t.Errorf("an error that is no fault: %v", err)
		}
		if err == nil && (len(p.Body) > photo.MaxBytes || leftovers(p.Body) != nil) {
			t.Errorf("%d bytes, left over: %v", len(p.Body), leftovers(p.Body))
		}
	})
}

func BenchmarkClean(b *testing.B) {
	file := asJPEG(b, scene(4000, 3000))
	for b.Loop() {
		if _, err := photo.Clean(file); err != nil {
			b.Fatal(err)
		}
	}
}
