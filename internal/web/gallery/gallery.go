// Package gallery shows every piece of the pages in every state, for whoever
// changes one: what is the same on all pages, each page in each of its states,
// and every letter, at the width of a telephone, in French and in English, light
// or dark as the reader's machine is.
//
// The states are made of invented data by the packages whose pages they are, with
// the templates that the pages use: a package that shows pages has a Gallery.
// Each stands in a frame of its own, which nobody can act in; its name opens it
// alone.
//
// It stores nothing and reads no room. The demo alone has it: nobody who buys or
// sells has a use for it.
package gallery

import (
	_ "embed"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/web/console"
	"github.com/promesse-dev/promesse/internal/web/counter"
	"github.com/promesse-dev/promesse/internal/web/letters"
	"github.com/promesse-dev/promesse/internal/web/locator"
	"github.com/promesse-dev/promesse/internal/web/lookup"
	"github.com/promesse-dev/promesse/internal/web/proof"
	"github.com/promesse-dev/promesse/internal/web/round"
	"github.com/promesse-dev/promesse/internal/web/shopper"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// Config is what the gallery stands on.
type Config struct {
	Base string       // address of the installation
	Log  *slog.Logger // nil discards
}

// at is where the gallery is.
const at = "/galerie"

// New opens the door.
func New(c Config) (*ui.Door, error) {
	return ui.NewDoor(
		ui.House{Base: c.Base, Log: c.Log},
		ui.Route{Method: http.MethodGet, Path: at, Access: ui.Anybody, Summary: "Demo: every piece of the pages in every state", Serve: index},
		ui.Route{Method: http.MethodGet, Path: at + "/etat/{room}/{name}", Access: ui.Anybody, Summary: "Demo: a page in a state, of invented data", Serve: state},
		ui.Route{Method: http.MethodGet, Path: at + "/lettre/{name}", Access: ui.Anybody, Summary: "Demo: a letter to nobody", Stream: letter},
		ui.Route{Method: http.MethodGet, Path: at + "/frames.js", Access: ui.Anybody, Summary: "Demo: the module that makes frames as high as what is in them", Stream: module},
		// What is shown acts on nothing: its links and buttons, where a page stands alone, lead back.
		ui.Route{Method: http.MethodGet, Path: at + "/{rest...}", Access: ui.Anybody, Summary: "Demo: back to the gallery", Serve: back},
		ui.Route{Method: http.MethodPost, Path: at + "/{rest...}", Access: ui.Anybody, Summary: "Demo: back to the gallery", Serve: back},
	)
}

// room is the pages of one package.
type room struct {
	Name string // in addresses
	key  string // of its title
	show func(lang.Locale) []ui.Exhibit
}

var rooms = []room{
	{"suivi", "gallery.tracking", shopper.Gallery},
	{"messages", "gallery.messages", shopper.MessagesGallery},
	{"changements", "gallery.changes", shopper.ChangeGallery},
	{"demeure", "gallery.demands", shopper.DemandGallery},
	{"espace", "gallery.space", shopper.SpaceGallery},
	{"regroupements", "gallery.regroups", shopper.RegroupGallery},
	{"echange", "gallery.ask", shopper.AskGallery},
	{"retour", "gallery.back", shopper.BackGallery},
	{"retractation", "gallery.withdrawal", shopper.WithdrawalGallery},
	{"relais", "gallery.locator", locator.Gallery},
	{"numero", "gallery.lookup", lookup.Gallery},
	{"console", "gallery.console", console.Gallery},
	{"comptoir", "gallery.counter", counter.Gallery},
	{"tournee", "gallery.round", round.Gallery},
	{"preuve", "gallery.proof", proof.Gallery},
	{"erreur", "gallery.errors", ui.Gallery},
}

// page is the gallery before it is HTML.
type page struct {
	ui.Frame
	Other   ui.Link // the same in the other language
	Speaks  lang.Locale
	Rooms   []wall
	Letters []sample
}

// wall is a room with its frames.
type wall struct {
	Name, Title string
	Frames      []frame
}

// frame is a page in a state.
type frame struct{ ID, Name, Path string }

// sample is a letter: its HTML in a frame, and its text.
type sample struct {
	frame
	Topic, Subject, Text string
}

// spoken is the language asked for, by hand or by the browser.
func spoken(r *http.Request) lang.Locale {
	if said := lang.Locale(r.URL.Query().Get("lang")); slices.Contains(lang.Locales(), said) {
		return said
	}
	return ui.Reader(r)
}

func index(r *http.Request) (ui.Answer, error) {
	loc := spoken(r)
	t := func(key string) string { return lang.T(loc, key, nil) }
	p := page{
		Frame: ui.Frame{Locale: loc, Title: t("gallery.title"), Wide: true, Look: look, Framed: true, Scripts: []string{at + "/frames.js"}},
	}
	p.Speaks = lang.French
	if loc == lang.French {
		p.Speaks = lang.English
	}
	p.Other = ui.Link{Path: "?lang=" + string(p.Speaks), Words: lang.T(p.Speaks, "tracking_page.this_language", nil)}
	p.Nav = append(p.Nav, ui.Link{Path: "#pieces", Words: t("gallery.parts")})
	for _, room := range rooms {
		w := room.wall(loc)
		p.Rooms, p.Nav = append(p.Rooms, w), append(p.Nav, ui.Link{Path: "#" + w.Name, Words: w.Title})
	}
	p.Nav = append(p.Nav, ui.Link{Path: "#lettres", Words: t("gallery.letters")})
	p.Letters = samples(loc)
	return ui.Answer{Page: show(p)}, nil
}

func (room room) wall(loc lang.Locale) wall {
	w := wall{Name: room.Name, Title: lang.T(loc, room.key, nil)}
	for _, e := range room.show(loc) {
		w.Frames = append(w.Frames, frame{
			ID: room.Name + "-" + e.Name, Name: e.Name, Path: at + "/etat/" + room.Name + "/" + e.Name + "?lang=" + string(loc),
		})
	}
	return w
}

// written is every letter; they take a while, and are always the same.
var written = sync.OnceValue(letters.Gallery)

func samples(loc lang.Locale) (all []sample) {
	read := ui.Reading{Locale: loc}
	for _, s := range written() {
		if s.Locale != loc {
			continue
		}
		name := strings.TrimSuffix(s.Name(), "."+string(loc))
		all = append(all, sample{
			frame: frame{ID: "lettre-" + name, Name: name, Path: at + "/lettre/" + name + "?lang=" + string(loc)},
			Topic: read.Topic(s.Topic), Subject: s.Letter.Subject, Text: led(s.Letter.Text),
		})
	}
	return all
}

// led fills in where letters lead: to the gallery.
func led(words string) string { return strings.ReplaceAll(words, notify.PageMark, at) }

// state shows one page alone.
func state(r *http.Request) (ui.Answer, error) {
	for _, room := range rooms {
		if room.Name != r.PathValue("room") {
			continue
		}
		for _, e := range room.show(spoken(r)) {
			if e.Name == r.PathValue("name") {
				return ui.Answer{Page: e.Page, Within: true}, nil
			}
		}
	}
	return ui.Answer{}, fault.New(fault.NotFound, "not_found", "")
}

// enclosed lets a letter use its own styles and nothing else, in a frame of ours.
const enclosed = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox allow-same-origin"

// letter serves the HTML of a letter.
func letter(w http.ResponseWriter, r *http.Request) {
	loc := spoken(r)
	for _, s := range written() {
		if s.Name() == r.PathValue("name")+"."+string(loc) {
			w.Header().Set("Content-Security-Policy", enclosed)
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = w.Write([]byte(led(s.Letter.HTML)))
			return
		}
	}
	http.NotFound(w, r)
}

func back(*http.Request) (ui.Answer, error) { return ui.Answer{To: at}, nil }

//go:embed gallery.css
var sheet string

// look is that of all pages, and what a wall of frames needs.
var look = ui.NewLook(sheet)

//go:embed frames.js
var script []byte

func module(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
	_, _ = w.Write(script)
}
