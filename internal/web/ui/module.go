package ui

import (
	"net/http"

	"github.com/promesse-dev/promesse/internal/core/ident"
)

// Module is a script of ours, served as it is written.
type Module struct {
	text    []byte
	version string
}

// NewModule makes one of its text.
func NewModule(text []byte) Module { return Module{text, ident.Hash(string(text))[:12]} }

// Query names the module's text in its address, so that a browser may keep it for
// ever: what follows the path.
func (m Module) Query() string { return "?v=" + m.version }

// Serve sends the module.
func (m Module) Serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "text/javascript; charset=utf-8")
	h.Set("Cache-Control", "no-cache")
	if r.URL.Query().Get("v") == m.version {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	_, _ = w.Write(m.text)
}
