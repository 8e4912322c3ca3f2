package shopper

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"math"
	"net/http"
	"slices"
	"strconv"
	"sync"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// The space and the pages of orders can be installed, and read without network by
// whoever is signed in to their space: offline.js says what is kept, and until when.

//go:embed offline.js
var offlineText []byte

// offline is the worker of the space; that of orders' pages shows notifications too.
var offline = ui.NewModule(offlineText)

//go:embed space.js
var spaceText []byte

// spaceModule has the worker installed.
var spaceModule = ui.NewModule(spaceText)

func (s *site) spaceAppRoutes() []ui.Route {
	get := http.MethodGet
	return []ui.Route{
		{Method: get, Path: "/espace/hors-ligne", Access: ui.Anybody, Summary: "What is shown without network where nothing was kept", Serve: shell},
		{Method: get, Path: "/espace/hors-ligne.js", Access: ui.Anybody, Summary: "The worker that keeps a signed-in shopper's pages at hand", Stream: worker},
		{Method: get, Path: "/assets/espace.js", Access: ui.Anybody, Summary: "The module that installs that worker", Stream: spaceModule.Serve},
		{Method: get, Path: "/espace/application.webmanifest", Access: ui.Anybody, Summary: "How a browser installs the space", Stream: manifest},
		{Method: get, Path: "/p/{token}/application.webmanifest", Access: ui.ByLink, Summary: "How a browser installs an order's page", Stream: manifest},
		{Method: get, Path: "/assets/icone/{size}", Access: ui.Anybody, Summary: "The mark of an installed page", Stream: drawn},
	}
}

// reach is what a worker may do: ask this installation.
const reach = "default-src 'none'; script-src 'self'; connect-src 'self'; frame-ancestors 'none'"

// worker serves the worker of the space, which may also look after the path above its own.
func worker(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Service-Worker-Allowed", spacePath)
	w.Header().Set("Content-Security-Policy", reach)
	offline.Serve(w, r)
}

// workerOfOrders serves the one of orders' pages.
func workerOfOrders(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Security-Policy", reach)
	pushed.Serve(w, r)
}

// shellPage says that a page is not at hand.
type shellPage struct{ ui.Frame }

func shell(r *http.Request) (ui.Answer, error) {
	return ui.Answer{Page: shellView(shellPage{spaceFrame(r, "offline.title")})}, nil
}

// installable makes a page part of what can be installed, and kept at hand.
func installable(f ui.Frame, manifest, assets string) ui.Frame {
	f.Manifest = manifest
	f.Scripts = append(f.Scripts, assets+"espace.js"+spaceModule.Query())
	return f
}

// inSpaceFrame is spaceFrame of a page that is kept at hand.
func inSpaceFrame(r *http.Request, title string) ui.Frame {
	return installable(spaceFrame(r, title), "/espace/application.webmanifest", "/assets/")
}

type (
	webManifest struct {
		Name       string         `json:"name"`
		ShortName  string         `json:"short_name"`
		Lang       lang.Locale    `json:"lang"`
		Start      string         `json:"start_url"`
		Scope      string         `json:"scope"`
		Display    string         `json:"display"`
		Background string         `json:"background_color"`
		Theme      string         `json:"theme_color"`
		Icons      []manifestIcon `json:"icons"`
	}
	manifestIcon struct {
		Source  string `json:"src"`
		Sizes   string `json:"sizes"`
		Type    string `json:"type"`
		Purpose string `json:"purpose"`
	}
)

// manifest says where an installed page begins: at the space, or at one order.
func manifest(w http.ResponseWriter, r *http.Request) {
	loc, start := ui.Reader(r), spacePath
	if link := r.PathValue("token"); link != "" {
		start = "/p/" + string(ident.Link(link))
	}
	m := webManifest{
		Name: lang.T(loc, "offline.app", nil), ShortName: "promesse", Lang: loc, Start: start, Scope: "/", Display: "minimal-ui",
		Background: "#fbfaf7", Theme: "#fbfaf7",
	}
	for _, size := range iconSizes {
		sizes := strconv.Itoa(size) + "x" + strconv.Itoa(size)
		m.Icons = append(m.Icons, manifestIcon{"/assets/icone/" + strconv.Itoa(size), sizes, "image/png", "any maskable"})
	}
	w.Header().Set("Content-Type", "application/manifest+json")
	_ = json.NewEncoder(w).Encode(m) // to somebody who may have gone
}

// iconSizes are those that browsers ask for, in pixels.
var iconSizes = []int{192, 512}

var icons = sync.OnceValue(func() map[int][]byte {
	all := map[int][]byte{}
	for _, size := range iconSizes {
		var b bytes.Buffer
		if err := png.Encode(&b, emblem(size)); err != nil {
			panic(err) // a picture in memory
		}
		all[size] = b.Bytes()
	}
	return all
})

// emblem is the ring and its knot, as in the browser's tab, on paper.
func emblem(size int) image.Image {
	paper, ring, knot := color.RGBA{0xfb, 0xfa, 0xf7, 0xff}, color.RGBA{0x1d, 0x4e, 0x89, 0xff}, color.RGBA{0xc2, 0x57, 0x1a, 0xff}
	img := image.NewPaletted(image.Rect(0, 0, size, size), color.Palette{paper, ring, knot})
	for i := range size * size {
		x, y := (float64(i%size)+.5)/float64(size), (float64(i/size)+.5)/float64(size)
		switch { // four fifths of the whole, because browsers cut the corners off
		case math.Hypot(x-.5, y-.25) < .125:
			img.Pix[i] = 2
		case math.Abs(math.Hypot(x-.5, y-.55)-.25) < .0625:
			img.Pix[i] = 1
		}
	}
	return img
}

// drawn serves the mark.
func drawn(w http.ResponseWriter, r *http.Request) {
	size, err := strconv.Atoi(r.PathValue("size"))
	if err != nil || !slices.Contains(iconSizes, size) {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "image/png")
	w.Header().Set("Cache-Control", "public, max-age=86400")
	_, _ = w.Write(icons()[size])
}
