package ui

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Look is a style sheet as it stands in a page: that of all pages, and what the
// pages of a door add to it.
type Look struct{ css string }

// NewLook adds the sheet of a door to that of all pages.
func NewLook(css string) *Look { return &Look{squeeze(sheet) + squeeze(css)} }

// plain is the look of pages that add nothing.
var plain = NewLook("")

// used is what a page was written with: what its policy must allow.
type used struct {
	styles  []string // hashes
	scripts bool
	frames  bool
	within  bool     // it may stand in a frame of ours
	maps    []string // origins
}

type usedKey struct{}

// watched gives a context in which the frame notes what it writes into a page.
func watched(ctx context.Context) (context.Context, *used) {
	u := &used{}
	return context.WithValue(ctx, usedKey{}, u), u
}

// policy lets a page use its own style, the modules it names, and nothing else.
func (u used) policy() string {
	p := "default-src 'none'; "
	if len(u.styles) > 0 {
		p += "style-src '" + strings.Join(u.styles, "' '") + "'; "
	}
	if u.scripts {
		p += "script-src 'self'; " + MapPolicy(u.maps) + "manifest-src 'self'; "
	}
	images := ""
	if len(u.maps) > 0 {
		p += "worker-src 'self'; "
		images = " blob: " + strings.Join(u.maps, " ")
	}
	if u.frames {
		p += "frame-src 'self'; "
	}
	around := "'none'"
	if u.within {
		around = "'self'"
	}
	return p + "img-src 'self' data:" + images + "; form-action 'self'; base-uri 'none'; frame-ancestors " + around
}

// MapPolicy is what a page, or a worker of its, may connect to: the installation,
// and the origins that a map is drawn from.
func MapPolicy(origins []string) string {
	return "connect-src " + strings.Join(append([]string{"'self'"}, origins...), " ") + "; "
}

// style is the element of a sheet, whose hash goes into the page's policy.
func style(ctx context.Context, css string) string {
	sum := sha256.Sum256([]byte(css))
	hash := "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
	if u, ok := ctx.Value(usedKey{}).(*used); ok && !slices.Contains(u.styles, hash) {
		u.styles = append(u.styles, hash)
	}
	return "<style>" + css + "</style>"
}

// styles are the elements of a page's sheets.
func (f Frame) styles(ctx context.Context) string {
	look := f.Look
	if look == nil {
		look = plain
	}
	if u, ok := ctx.Value(usedKey{}).(*used); ok {
		u.scripts, u.frames, u.maps = len(f.Scripts) > 0, f.Framed, f.Maps
	}
	out := style(ctx, look.css)
	if css := accent(f.Accent); css != "" {
		out += style(ctx, css)
	}
	return out
}

// The grounds that an accent stands on: --card of the light sheet and of the dark one.
var (
	lightCard = colour{0xff, 0xff, 0xff}
	darkCard  = colour{0x1d, 0x21, 0x27}
)

// legible is the least contrast of text on its ground. Source: WCAG 2.2, 1.4.3.
const legible = 4.5

// accent is the sheet of a brand's colour: made darker for the light ground, and
// lighter for the dark one, until it can be read. It is empty for no colour.
func accent(hex string) string {
	c, ok := parseColour(hex)
	if !ok {
		return ""
	}
	light, dark := c.grounded()
	return fmt.Sprintf(":root{--accent:%s}@media (prefers-color-scheme:dark){:root{--accent:%s}}", light, dark)
}

// ours is the accent of the sheet, for whoever has no brand.
const ours = "#1d4e89"

// Accents is a brand's colour, #rrggbb, as it can be read on light and on dark
// ground; ours where it is none. For what the sheet does not reach: letters.
func Accents(hex string) (light, dark string) {
	c, ok := parseColour(hex)
	if !ok {
		c, _ = parseColour(ours)
	}
	onLight, onDark := c.grounded()
	return onLight.String(), onDark.String()
}

// Accent reports whether a text is a colour that a brand may have: #rrggbb.
func Accent(hex string) bool {
	_, ok := parseColour(hex)
	return ok
}

// colour is red, green and blue, 0 to 255 each.
type colour [3]float64

func parseColour(hex string) (c colour, ok bool) {
	if len(hex) != 7 || hex[0] != '#' {
		return c, false
	}
	n, err := strconv.ParseUint(hex[1:], 16, 32)
	return colour{float64(n >> 16), float64(n >> 8 & 255), float64(n & 255)}, err == nil
}

// String is the colour as a sheet writes it.
func (c colour) String() string {
	return fmt.Sprintf("#%02x%02x%02x", int(math.Round(c[0])), int(math.Round(c[1])), int(math.Round(c[2])))
}

// until mixes the colour with another, in twentieths, until it can be read on a ground.
func (c colour) until(ground, with colour) colour {
	mixed := c
	for step := 1; contrast(mixed, ground) < legible && step <= 20; step++ {
		for i := range mixed {
			mixed[i] = math.Round(c[i] + (with[i]-c[i])*float64(step)/20)
		}
	}
	return mixed
}

// grounded is the colour brought to where it can be read on either ground.
func (c colour) grounded() (light, dark colour) {
	return c.until(lightCard, colour{}), c.until(darkCard, colour{255, 255, 255})
}

// contrast of two colours. Source: WCAG 2.2, contrast ratio.
func contrast(a, b colour) float64 {
	light, dark := a.luminance(), b.luminance()
	if light < dark {
		light, dark = dark, light
	}
	return (light + 0.05) / (dark + 0.05)
}

func (c colour) luminance() float64 {
	var l [3]float64
	for i, v := range c {
		if v /= 255; v <= 0.04045 {
			l[i] = v / 12.92
		} else {
			l[i] = math.Pow((v+0.055)/1.055, 2.4)
		}
	}
	return 0.2126*l[0] + 0.7152*l[1] + 0.0722*l[2]
}
