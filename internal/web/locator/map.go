package locator

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/promesse-dev/promesse/internal/web/ui"
)

// Map is where a map is drawn from; the zero value is none.
type Map struct {
	Style   string   // address of a style
	Tiles   string   // instead: of pictures, with {z}, {x} and {y}
	Credit  string   // whose map it is, as its terms ask to be said
	Origins []string // that are asked for it, and are told nothing but which part is looked at
}

// NewMap reads where a map is drawn from: the address of a style, or of pictures,
// and further origins that a style leads to. An empty address is no map.
func NewMap(address, credit string, further []string) (m Map, err error) {
	if address == "" {
		return m, nil
	}
	m.Credit = credit
	if m.Style = address; strings.Contains(address, "{z}") {
		m.Style, m.Tiles = "", address
	}
	for _, a := range append([]string{address}, further...) {
		u, err := url.Parse(a)
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || strings.ContainsAny(u.Host, " ;,'*") {
			return Map{}, fmt.Errorf("map %q: write a whole address, such as https://tiles.example/style.json", a)
		}
		if origin := u.Scheme + "://" + u.Host; !slices.Contains(m.Origins, origin) {
			m.Origins = append(m.Origins, origin)
		}
	}
	return m, nil
}

// There reports whether there is a map.
func (m Map) There() bool { return len(m.Origins) > 0 }

// style is what the map's module draws: the address of a style, or a style of
// pictures alone.
func (m Map) style() (string, error) {
	if m.Tiles == "" {
		text, err := json.Marshal(m.Style)
		return string(text), err
	}
	text, err := json.Marshal(map[string]any{
		"version": 8,
		"sources": map[string]any{"tiles": map[string]any{"type": "raster", "tiles": []string{m.Tiles}, "tileSize": 256, "maxzoom": 19}},
		"layers":  []any{map[string]any{"id": "tiles", "type": "raster", "source": "tiles"}},
	})
	return string(text), err
}

// MapLibre as it is published, packed: made by tools/map.
var (
	//go:embed map/maplibre-gl.mjs.gz
	libre []byte
	//go:embed map/maplibre-gl-worker.mjs.gz
	libreWorker []byte
	//go:embed map/LICENSE.txt
	libreLicence []byte
	//go:embed map.js
	mapScript []byte
)

// The worker's address follows from the library's: it is beside it.
const (
	mapPath     = "/assets/carte/carte.js"
	librePath   = "/assets/carte/maplibre-gl.mjs"
	workerPath  = "/assets/carte/maplibre-gl-worker.mjs"
	licencePath = "/assets/carte/LICENSE.txt"
)

var mapModule = ui.NewModule(bytes.ReplaceAll(mapScript, []byte("{libre}"), []byte(librePath)))

func (s *site) mapRoutes() []ui.Route {
	const get = http.MethodGet
	return []ui.Route{
		{Method: get, Path: mapPath, Access: ui.Anybody, Summary: "The module that draws the points on a map", Stream: mapModule.Serve},
		{Method: get, Path: librePath, Access: ui.Anybody, Summary: "MapLibre GL JS, which it stands on", Stream: s.packed(libre)},
		{Method: get, Path: workerPath, Access: ui.Anybody, Summary: "Its worker", Stream: s.packed(libreWorker)},
		{Method: get, Path: licencePath, Access: ui.Anybody, Summary: "Its licence", Stream: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			_, _ = w.Write(libreLicence)
		}},
	}
}

// packed serves a module that is kept packed. What it may connect to goes with it:
// a worker has a policy of its own.
func (s *site) packed(module []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Type", "text/javascript; charset=utf-8")
		h.Set("Cache-Control", "public, max-age=86400")
		h.Set("Vary", "Accept-Encoding")
		h.Set("Content-Security-Policy", "default-src 'none'; "+ui.MapPolicy(s.Map.Origins)+"frame-ancestors 'none'")
		if ui.TakesGzip(r) {
			h.Set("Content-Encoding", "gzip")
			_, _ = w.Write(module)
			return
		}
		plain, err := gzip.NewReader(bytes.NewReader(module))
		if err != nil {
			panic("locator: a module is not packed: " + err.Error()) // tools/map packs it
		}
		_, _ = io.Copy(w, plain)
	}
}
