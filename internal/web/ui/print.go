package ui

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/a-h/templ"
)

// Printed is a page rendered once, to be sent often: packed as it travels, with
// the policy that belongs to it. It may be sent by several requests at a time.
type Printed struct {
	packed []byte // gzip
	policy string
	tag    string      // its ETag
	head   http.Header // of every answer
	zipped http.Header // beside them, when it is sent as it is packed
}

// Print renders a page.
func Print(ctx context.Context, page templ.Component) (*Printed, error) {
	var b bytes.Buffer
	ctx, parts := watched(ctx)
	if err := page.Render(ctx, &b); err != nil {
		return nil, err
	}
	packed, err := pack(b.Bytes())
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(b.Bytes())
	p := &Printed{packed: packed, policy: parts.policy(), tag: `W/"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`}
	p.head = http.Header{
		"Content-Security-Policy": {p.policy}, "Etag": {p.tag}, "Vary": varies, "Content-Type": isHTML,
	}
	p.zipped = http.Header{"Content-Encoding": isGzip, "Content-Length": {strconv.Itoa(len(packed))}}
	return p, nil
}

// Values of headers that all pages share.
var (
	varies = []string{"Accept-Encoding, Accept-Language"}
	isHTML = []string{"text/html; charset=utf-8"}
	isGzip = []string{"gzip"}
)

// Size is how many bytes of memory the page holds.
func (p *Printed) Size() int { return len(p.packed) + len(p.policy) + len(p.tag) }

// packers are used again: each holds most of a megabyte.
var packers = sync.Pool{New: func() any { return gzip.NewWriter(nil) }}

func pack(page []byte) ([]byte, error) {
	var out bytes.Buffer
	z, ok := packers.Get().(*gzip.Writer)
	if !ok {
		return nil, fmt.Errorf("ui: the pool holds a %T", z)
	}
	defer packers.Put(z)
	z.Reset(&out)
	if _, err := z.Write(page); err != nil {
		return nil, err
	}
	err := z.Close()
	return slices.Clip(out.Bytes()), err
}

// send answers with the page, or with the news that the reader's copy is good.
func (p *Printed) send(w http.ResponseWriter, r *http.Request) error {
	h := w.Header()
	maps.Copy(h, p.head)
	if r.Header.Get("If-None-Match") == p.tag {
		delete(h, "Content-Type")
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	if TakesGzip(r) {
		maps.Copy(h, p.zipped)
		_, err := w.Write(p.packed)
		return err
	}
	z, err := gzip.NewReader(bytes.NewReader(p.packed))
	if err != nil {
		return err
	}
	_, err = io.Copy(w, z)
	return err
}

// TakesGzip reports whether the reader asked for gzip, and did not refuse it.
func TakesGzip(r *http.Request) bool {
	for _, accept := range r.Header.Values("Accept-Encoding") {
		for coding := range strings.SplitSeq(accept, ",") {
			name, weight, _ := strings.Cut(coding, ";")
			if strings.EqualFold(strings.TrimSpace(name), "gzip") {
				q, weighed := strings.CutPrefix(strings.ReplaceAll(weight, " ", ""), "q=")
				return !weighed || strings.Trim(q, "0.") != ""
			}
		}
	}
	return false
}
