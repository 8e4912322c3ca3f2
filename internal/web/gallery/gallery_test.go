package gallery

import (
	"bytes"
	"context"
	"go/ast"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"golang.org/x/net/html"

	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/web/letters"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// homes are the packages of the rooms, from here.
var homes = map[string]string{
	"suivi": "../shopper", "espace": "../shopper", "messages": "../shopper", "changements": "../shopper", "demeure": "../shopper", "regroupements": "../shopper", "echange": "../shopper", "retour": "../shopper", "retractation": "../shopper", "relais": "../locator", "numero": "../lookup", "console": "../console", "comptoir": "../counter", "tournee": "../round", "preuve": "../proof", "erreur": "../ui",
}

// entries are what shows a package's rooms besides its Gallery.
var entries = map[string][]string{"../shopper": {"AskGallery", "SpaceGallery", "RegroupGallery", "MessagesGallery", "ChangeGallery", "DemandGallery", "BackGallery", "WithdrawalGallery"}}

// Whoever adds a component to ui shows it: it stands in a template of the
// gallery, or its package's Gallery leads to it.
func TestEveryComponentOfUIIsShown(t *testing.T) {
	here := declared(t, ".")
	used := map[string]bool{}
	for _, f := range here {
		for _, name := range f.uses {
			used[name] = true
		}
	}
	found := 0
	for name, f := range declared(t, "../ui") {
		if f.component && ast.IsExported(name) {
			found++
			if !used["ui."+name] {
				t.Errorf("the gallery does not show ui.%s", name)
			}
		}
	}
	if found < 3 {
		t.Errorf("only %d components found: the walk is broken", found)
	}
}

// Whoever adds a template to a package that shows pages shows it in one of its
// states: the package's Gallery leads to it.
func TestEveryTemplateIsReachedFromItsGallery(t *testing.T) {
	for _, room := range rooms {
		all := declared(t, homes[room.Name])
		seen := map[string]bool{}
		var walk func(string)
		walk = func(name string) {
			if f, ok := all[name]; ok && !seen[name] {
				seen[name] = true
				for _, next := range f.uses {
					walk(next)
				}
			}
		}
		for _, entry := range append([]string{"Gallery"}, entries[homes[room.Name]]...) {
			walk(entry)
		}
		for name, f := range all {
			if f.component && !seen[name] && !(room.Name == "erreur" && ast.IsExported(name)) && !posted[name] {
				t.Errorf("%s: no state of the gallery shows %s", room.Name, name)
			}
		}
	}
}

// posted are templates that are no page: the letters to staff.
var posted = map[string]bool{"mailPage": true, "mailNote": true}

func TestEveryToneIsShown(t *testing.T) {
	all := constants(t, "../ui", "Tone")
	var shown []string
	for _, s := range toned(lang.English) {
		shown = append(shown, string(s.Tone))
	}
	slices.Sort(all)
	slices.Sort(shown)
	if len(all) < 5 || !slices.Equal(all, shown) {
		t.Errorf("ui has the tones %q, the gallery shows %q", all, shown)
	}
}

// Each sentence that the sources of these pages name stands in one of their
// states, in both languages: so every state has its place.
func TestEverySentenceOfThesePagesIsShown(t *testing.T) {
	for _, loc := range lang.Locales() {
		sentences := catalogue(t, loc)
		for _, home := range []string{"../shopper", "../locator", "../lookup", "../proof"} {
			words := spokenIn(t, home, loc)
			for _, key := range keysIn(t, home, sentences) {
				if elsewhere[key] {
					continue
				}
				if !slices.ContainsFunc(sentences[key], func(like *regexp.Regexp) bool { return like.MatchString(words) }) {
					t.Errorf("%s: no state in %s says %s", loc, home, key)
				}
			}
		}
	}
}

// elsewhere are sentences that the packages say on no page, or in the language
// that the page is not in.
var elsewhere = map[string]bool{
	"tracking_page.calendar":      true, // in the file for calendars
	"tracking_page.this_language": true,
	"locator.map_keys":            true, // said by the map itself, where one is drawn
	"withdraw.number_of":          true, // in the text to keep
	"offline.app":                 true, // what the app is called where it is installed
}

func TestWhatPartiesSayIsShown(t *testing.T) {
	for _, loc := range lang.Locales() {
		words, r := spokenIn(t, "../shopper", loc), ui.Reading{Locale: loc}
		for _, s := range fact.Statuses {
			want(t, words, r.Status(s))
		}
		for _, s := range fact.Reasons {
			want(t, words, r.Reason(s))
		}
		for _, s := range fact.Places {
			want(t, words, r.Place(s))
		}
		for _, s := range fact.Topics {
			want(t, words, r.Topic(s))
		}
	}
}

func want(t *testing.T, words, sentence string) {
	t.Helper()
	if !strings.Contains(words, plain(sentence)) {
		t.Errorf("no state says %q", sentence)
	}
}

func TestEveryStateOpens(t *testing.T) {
	door, err := New(Config{Base: "http://127.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	for _, loc := range lang.Locales() {
		root := open(t, door, at+"?lang="+string(loc), http.StatusOK)
		ids, frames := map[string]bool{}, 0
		for n := range root.Descendants() {
			for _, a := range n.Attr {
				if a.Key == "id" && ids[a.Val] {
					t.Errorf("%s stands twice in the gallery", a.Val)
				}
				if a.Key == "id" {
					ids[a.Val] = true
				}
				if a.Key == "src" && n.Data == "iframe" {
					frames++
					open(t, door, a.Val, http.StatusOK)
				}
			}
		}
		for n := range root.Descendants() {
			for _, a := range n.Attr {
				if name, anchor := strings.CutPrefix(a.Val, "#"); a.Key == "href" && anchor && !ids[name] {
					t.Errorf("%s leads nowhere", a.Val)
				}
			}
		}
		if most := len(letters.Gallery()) / len(lang.Locales()); frames < most+60 {
			t.Errorf("%s: only %d frames", loc, frames)
		}
	}
	for _, path := range []string{at + "/etat/suivi/no-such", at + "/etat/nowhere/kept", at + "/lettre/no-such"} {
		open(t, door, path, http.StatusNotFound)
	}
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		out := httptest.NewRecorder()
		door.ServeHTTP(out, httptest.NewRequest(method, at+"/etat/suivi/galerie/missing", nil))
		if out.Code != http.StatusSeeOther || out.Header().Get("Location") != at {
			t.Errorf("a %s of what is shown answers %d to %q", method, out.Code, out.Header().Get("Location"))
		}
	}
}

// A frame may stand in a page of ours and in no other, and nothing in it runs.
func TestFramesAreOursAlone(t *testing.T) {
	door, err := New(Config{Base: "http://127.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ path, allows string }{
		{at, "frame-ancestors 'none'"},
		{at + "/etat/suivi/kept", "frame-ancestors 'self'"},
		{at + "/lettre/order_confirmed-day?lang=en", "frame-ancestors 'self'; sandbox allow-same-origin"},
		{at + "/etat/suivi/no-such", "frame-ancestors 'none'"},
	} {
		out := httptest.NewRecorder()
		door.ServeHTTP(out, httptest.NewRequest(http.MethodGet, c.path, nil))
		if got := out.Header().Get("Content-Security-Policy"); !strings.HasSuffix(got, c.allows) || strings.Contains(got, "script-src") != (c.path == at) {
			t.Errorf("%s: %q", c.path, got)
		}
	}
}

func open(t *testing.T, door http.Handler, path string, status int) *html.Node {
	t.Helper()
	out := httptest.NewRecorder()
	door.ServeHTTP(out, httptest.NewRequest(http.MethodGet, path, nil))
	if out.Code != status {
		t.Fatalf("%s answers %d", path, out.Code)
	}
	if bad := missing.FindString(out.Body.String()); bad != "" {
		t.Errorf("%s says %s", path, bad)
	}
	root, err := html.Parse(out.Body)
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// missing is what a page must not say: a key without its sentence, a value that
// is not there.
var missing = regexp.MustCompile(`\[[a-z_]+\.[a-z_.]+\]|\{\{\.|<no value>|%!`)

// spokenIn is all that the states of a package's rooms say, to the eye and to the ear.
func spokenIn(t *testing.T, home string, loc lang.Locale) string {
	t.Helper()
	var words strings.Builder
	for _, room := range rooms {
		if homes[room.Name] != home {
			continue
		}
		for _, e := range room.show(loc) {
			words.WriteString(spokenOn(t, e.Page))
		}
	}
	return plain(words.String())
}

// told are the attributes that somebody reads: "data-failed" is what a module says.
var told = []string{"alt", "aria-label", "placeholder", "data-failed"}

func spokenOn(t *testing.T, page templ.Component) string {
	t.Helper()
	var b bytes.Buffer
	if err := page.Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	root, err := html.Parse(&b)
	if err != nil {
		t.Fatal(err)
	}
	var words strings.Builder
	for n := range root.Descendants() {
		if n.Type == html.TextNode {
			words.WriteString(n.Data + "\n")
		}
		for _, a := range n.Attr {
			if slices.Contains(told, a.Key) {
				words.WriteString(a.Val + "\n")
			}
		}
	}
	return words.String()
}

// plain has ordinary spaces.
func plain(s string) string { return strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(s) }
