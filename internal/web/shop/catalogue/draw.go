package catalogue

import (
	"fmt"
	"strconv"
	"strings"
)

// Pictures are 120 by 120, drawn as a photograph would be taken: a plain sheet of
// coloured paper, a soft floor, one thing in the middle. Nothing in them has a
// name, so that a page may hold the same picture twice.

// picture is an SVG element of some shapes on a sheet of paper.
func picture(paper string, shapes ...string) string {
	return `<svg viewBox="0 0 120 120" aria-hidden="true" focusable="false"><path fill="` + paper + `" d="M0 0h120v120H0z"/>` +
		`<path fill="#0000000d" d="M0 92h120v28H0z"/>` + strings.Join(shapes, "") + `</svg>`
}

// number writes a coordinate as short as it can be.
func number(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

func rect(x, y, w, h, round float64, fill string) string {
	r := ""
	if round > 0 {
		r = ` rx="` + number(round) + `"`
	}
	return fmt.Sprintf(`<rect x="%s" y="%s" width="%s" height="%s"%s fill="%s"/>`, number(x), number(y), number(w), number(h), r, fill)
}

func disc(x, y, r float64, fill string) string {
	return fmt.Sprintf(`<circle cx="%s" cy="%s" r="%s" fill="%s"/>`, number(x), number(y), number(r), fill)
}

func oval(x, y, rx, ry float64, fill string) string {
	return fmt.Sprintf(`<ellipse cx="%s" cy="%s" rx="%s" ry="%s" fill="%s"/>`, number(x), number(y), number(rx), number(ry), fill)
}

// shape is an area, line a stroke, of an SVG path.
func shape(d, fill string) string { return `<path fill="` + fill + `" d="` + d + `"/>` }

func line(d, stroke string, width float64) string {
	return `<path fill="none" stroke-linecap="round" stroke-linejoin="round" stroke="` + stroke + `" stroke-width="` + number(width) + `" d="` + d + `"/>`
}

// moved is shapes elsewhere: "translate(10 0) rotate(8 60 60)".
func moved(how string, shapes ...string) string {
	return `<g transform="` + how + `">` + strings.Join(shapes, "") + `</g>`
}

// ground is the shadow under a thing of a width.
func ground(x, y, width float64) string { return oval(x, y, width/2, 4, "#00000024") }

// Shades laid over a colour.
const (
	light = "#ffffff55"
	dark  = "#0000002e"
	thin  = "#00000014"
)
