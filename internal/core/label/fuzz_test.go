package label

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"testing"

	"github.com/promesse-dev/promesse/internal/core/fault"
)

// FuzzPDF: any text in, a PDF out that can be parsed.
func FuzzPDF(f *testing.F) {
	for _, seed := range []string{"Camille (12) \\ rue", "\\", "()", ")Tj ET", "\xff\x00\r\n", "é€漢\u202e", "stream\nendstream endobj", "%PDF"} {
		f.Add(seed, seed, "312345670101", true)
	}
	f.Fuzz(func(t *testing.T, name, brand, codes string, small bool) {
		form := A4
		if small {
			form = Small
		}
		s := Sheet{
			Network: name, Title: brand, Number: codes, From: []string{name, brand}, To: []string{brand, name},
			Bars: codes, QR: codes, Steps: []string{name, brand}, Insert: Insert{Brand: brand, Lines: []string{name}},
			Fields: []Field{{name, brand}},
		}
		pdf, err := PDF([]Sheet{s}, form, made)
		if err != nil {
			if len(fault.All(err)) == 0 {
				t.Fatalf("an error that is no fault: %v", err)
			}
			return
		}
		if err := parses(pdf); err != nil {
			t.Fatalf("%v in\n%.2000q", err, pdf)
		}
	})
}

var (
	trailer = regexp.MustCompile(`startxref\n(\d+)\n%%EOF\n$`)
	entries = regexp.MustCompile(`^xref\n0 (\d+)\n0000000000 65535 f \n`)
	entry   = regexp.MustCompile(`^(\d{10}) 00000 n \n`)
	stream  = regexp.MustCompile(`/Length (\d+)[^>]*>>\nstream\n`)
)

// parses follows a PDF as a reader does (PDF 32000-1, 7.5): from its end to the
// table of objects, to each object, and to the end of each stream.
func parses(pdf []byte) error {
	m := trailer.FindSubmatch(pdf)
	if m == nil {
		return fmt.Errorf("no end")
	}
	at, _ := strconv.Atoi(string(m[1]))
	if at >= len(pdf) {
		return fmt.Errorf("the table of objects is beyond the end")
	}
	table := pdf[at:]
	head := entries.FindSubmatch(table)
	if head == nil {
		return fmt.Errorf("no table of objects")
	}
	n, _ := strconv.Atoi(string(head[1]))
	table = table[len(head[0]):]
	for i := 1; i < n; i++ {
		e := entry.FindSubmatch(table)
		if e == nil {
			return fmt.Errorf("object %d of %d is not in the table", i, n)
		}
		table = table[len(e[0]):]
		offset, _ := strconv.Atoi(string(e[1]))
		if !bytes.HasPrefix(pdf[min(offset, len(pdf)):], fmt.Appendf(nil, "%d 0 obj\n", i)) {
			return fmt.Errorf("object %d is not where the table says", i)
		}
		if err := streamEnds(pdf[offset:]); err != nil {
			return fmt.Errorf("object %d: %w", i, err)
		}
	}
	return nil
}

func streamEnds(object []byte) error {
	m := stream.FindSubmatchIndex(object)
	end := bytes.Index(object, []byte("endobj"))
	if m == nil || end < m[0] {
		return nil
	}
	length, _ := strconv.Atoi(string(object[m[2]:m[3]]))
	if m[1]+length > len(object) || !bytes.HasPrefix(object[m[1]+length:], []byte("\nendstream\n")) {
		return fmt.Errorf("its stream is not %d bytes long", length)
	}
	return nil
}
