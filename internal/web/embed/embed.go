// Package embed is three blocks for the shop's own pages, as elements of HTML:
// <promesse-tracking> tells an order's story and keeps it current,
// <promesse-delivery> shows the dates that can be promised and posts the chosen
// one with the form around it, <promesse-points> does so with relay points.
//
// The first two are one module, /embed/v1.js, written by hand; the third is
// /embed/points.v1.js, which stands on it. Each is served with the
// sentences that it needs in front of it, taken from core/lang when the program
// starts, the first with the sheet too; a page that names them loads nothing else.
// They speak with the public API alone, set no cookie, keep nothing in the browser,
// and ask no other host. The addresses carry the version of what pages rely on:
// the elements, their attributes, their events and their variables.
//
// The package stores nothing, reads no room and knows no order.
package embed

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"

	"github.com/promesse-dev/promesse/internal/web/ui"
)

// Where the modules are.
const (
	Path       = "/embed/v1.js"
	PointsPath = "/embed/points.v1.js"
)

var (
	//go:embed v1.js
	source string
	//go:embed points.js
	points string
	//go:embed embed.css
	sheet string
)

// Config is what the door stands on.
type Config struct {
	Base string       // address of the installation
	Log  *slog.Logger // nil discards
}

// New opens the door.
func New(c Config) (*ui.Door, error) {
	blocks, err := newModule(source, constant{"words", words()}, constant{"sheet", squeeze(sheet)})
	if err != nil {
		return nil, err
	}
	relays, err := newModule(points, constant{"said", pointWords()})
	if err != nil {
		return nil, err
	}
	return ui.NewDoor(ui.House{Base: c.Base, Log: c.Log}, ui.Route{
		Method: http.MethodGet, Path: Path, Access: ui.Anybody,
		Summary: "The tracking block and the delivery options, for the shop's own pages", Stream: blocks.serve,
	}, ui.Route{
		Method: http.MethodGet, Path: PointsPath, Access: ui.Anybody,
		Summary: "The relay points, for the shop's own pages", Stream: relays.serve,
	})
}

// module is the script as it is served, plain and packed.
type module struct {
	plain, packed []byte
	tag           string // its ETag, of either form
}

// constant is what the program puts in front of a module.
type constant struct {
	name  string
	value any
}

func newModule(source string, all ...constant) (m module, err error) {
	for _, c := range all {
		value, err := json.Marshal(c.value)
		if err != nil {
			return m, err
		}
		m.plain = append(m.plain, "const "+c.name+" = "+string(value)+";\n"...)
	}
	m.plain = append(m.plain, squeeze(source)...)
	var packed bytes.Buffer
	z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return m, err
	}
	if _, err := z.Write(m.plain); err != nil {
		return m, err
	}
	err = z.Close()
	m.packed = packed.Bytes()
	sum := sha256.Sum256(m.plain)
	m.tag = `W/"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
	return m, err
}

// squeeze takes out what only the authors read: lines that are comments, and the
// space before the others. Both files are ours: nothing in them hangs on it.
func squeeze(text string) string {
	var b strings.Builder
	comment := false
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		comment = comment || strings.HasPrefix(line, "/*")
		if line != "" && !comment && !strings.HasPrefix(line, "//") {
			b.WriteString(line + "\n")
		}
		comment = comment && !strings.HasSuffix(line, "*/")
	}
	return b.String()
}

// serve sends the module to pages of any origin. A copy is good for an hour, and
// asked about after it: what is served under the same address may be mended.
func (m module) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Cache-Control", "public, max-age=3600")
	h.Set("ETag", m.tag)
	h.Set("Vary", "Accept-Encoding")
	if r.Header.Get("If-None-Match") == m.tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", "text/javascript; charset=utf-8")
	if ui.TakesGzip(r) {
		h.Set("Content-Encoding", "gzip")
		_, _ = w.Write(m.packed)
		return
	}
	_, _ = w.Write(m.plain)
}
