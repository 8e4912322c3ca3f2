package shop

import (
	"net/http"
	"net/url"

	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// frame is what every page of a shop shows around its main part.
type frame struct {
	ui.Frame
	World  string // which demo this is, and what time it is there
	Notice string // what just happened, or went wrong
	Tone   ui.Tone
	Steps  []step // of buying; nil outside of it
}

// step is one of the steps of buying.
type step struct {
	Words string
	Here  bool
	Done  bool
}

// frame makes the frame of a page. reached is the step of buying, 0 outside.
func (v *visit) frame(title string, reached int) frame {
	f := frame{
		Frame: ui.Frame{
			Locale: v.locale, Title: v.say("shop.title", map[string]any{"Page": title, "Shop": v.shop.Name}),
			Brand: v.shop.Name, Look: look, Accent: v.shop.Accent, Wide: true, Nav: v.nav(),
		},
		World: v.say("shop.world", map[string]any{"When": v.reading(v.zone).When(v.now, fact.Minute)}),
	}
	words := []string{
		v.say("shop.step_basket", nil), v.say("shop.step_delivery", nil), v.say("shop.step_details", nil), v.say("shop.step_review", nil),
	}
	for i, w := range words {
		if reached > 0 {
			f.Steps = append(f.Steps, step{Words: w, Here: i+1 == reached, Done: i+1 < reached})
		}
	}
	return f
}

// measured has a page tell how fast it showed, by its kind.
func (v *visit) measured(page string, f frame) frame {
	if v.Measure != nil {
		v.Measure(&f.Frame, v.shop.Slug, page)
	}
	return f
}

// nav is the ways to the shelves, the basket and the other language.
func (v *visit) nav() []ui.Link {
	here := v.URL.Path
	basket := lang.N(v.locale, "shop.basket_of", v.basket.count(), nil)
	links := []ui.Link{
		{Path: v.path("/"), Words: v.say("shop.shelves", nil), Here: here == v.path("/")},
		{Path: v.path("/panier"), Words: basket, Here: here == v.path("/panier")},
	}
	if v.Method == http.MethodPost || here == v.path("/coordonnees") { // the form has a button for it, which keeps what was typed
		return links
	}
	q := url.Values{}
	for name, values := range v.URL.Query() {
		q[name] = values
	}
	q.Set("lang", string(other(v.locale)))
	return append(links, ui.Link{Path: here + "?" + q.Encode(), Words: otherWords(v.locale)})
}

// other is the other language.
func other(loc lang.Locale) lang.Locale {
	if loc == lang.French {
		return lang.English
	}
	return lang.French
}

// otherWords is its name, as its readers write it.
func otherWords(loc lang.Locale) string {
	return lang.T(other(loc), "shop.language", nil)
}

// tell puts a sentence above the page's content.
func (f *frame) tell(tone ui.Tone, sentence string) { f.Tone, f.Notice = tone, sentence }
