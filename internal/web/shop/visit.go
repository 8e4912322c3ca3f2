package shop

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/text"
	"github.com/promesse-dev/promesse/internal/web/shop/catalogue"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// page answers a visit.
type page func(*visit) (ui.Answer, error)

// visit is a request in a shop: who asks, in which language, with what in the
// basket and what typed.
type visit struct {
	*http.Request
	door
	shop    catalogue.Shop
	locale  lang.Locale
	zone    *time.Location // of the shop
	now     civil.Instant
	basket  basket
	typed   url.Values // the query, or the form
	to      where
	cookies []*http.Cookie
}

// in serves a page in the shop that the path names.
func (d door) in(serve page) func(*http.Request) (ui.Answer, error) {
	return func(r *http.Request) (ui.Answer, error) {
		v, err := d.visit(r)
		if err != nil {
			return ui.Answer{}, err
		}
		a, err := serve(v)
		a.Cookies = append(v.cookies, a.Cookies...)
		return a, err
	}
}

func (d door) visit(r *http.Request) (*visit, error) {
	i := slices.IndexFunc(d.Shops, func(s catalogue.Shop) bool { return s.Slug == r.PathValue("shop") })
	if i < 0 {
		return nil, fault.New(fault.NotFound, "not_found", "")
	}
	v := &visit{Request: r, door: d, shop: d.Shops[i], now: d.Now()}
	var err error
	if v.zone, err = civil.Zone(civil.ZoneOf(v.shop.Country, v.shop.Postcode)); err != nil {
		return nil, err
	}
	v.basket = readBasket(v.shop, v.kept(basketCookie))
	if err := v.read(); err != nil {
		return nil, err
	}
	v.speak()
	v.to = v.where()
	return v, nil
}

// read takes what was typed. Of a form longer than we read, what came is kept.
func (v *visit) read() error {
	v.typed = v.URL.Query()
	if v.Method != http.MethodPost {
		return nil
	}
	body, err := io.ReadAll(v.Body)
	form := string(body)
	var long *http.MaxBytesError
	switch {
	case errors.As(err, &long):
		form = whole(form)
	case err != nil: // the reader went away
		return fault.New(fault.Unavailable, "unavailable", "").Because(err)
	}
	// What can not be read is a field left empty, and told like one.
	v.typed, _ = url.ParseQuery(form)
	return nil
}

// whole drops the part of a character that a form cut short ends with.
func whole(form string) string {
	if i := strings.LastIndexByte(form, '%'); i > len(form)-3 && i >= 0 {
		return form[:i]
	}
	return form
}

// The cookies: none of them says who somebody is.
const (
	basketCookie = "panier"
	placeCookie  = "adresse" // FR-69003
	wordsCookie  = "langue"
)

// speak chooses the language: that asked for, that chosen before, or the browser's.
// One that we do not write is none.
func (v *visit) speak() {
	asked := lang.Locale(v.typed.Get("lang"))
	if slices.Contains(lang.Locales(), asked) {
		v.locale = asked
		v.keep(wordsCookie, string(asked), "/boutique/")
		return
	}
	v.locale = ui.Reader(v.Request)
	if before := lang.Locale(v.kept(wordsCookie)); slices.Contains(lang.Locales(), before) {
		v.locale = before
	}
}

// kept is the value of a cookie.
func (v *visit) kept(name string) string {
	if c, err := v.Cookie(name); err == nil {
		return c.Value
	}
	return ""
}

// keep sets one until the browser closes.
func (v *visit) keep(name, value, path string) {
	v.cookies = append(v.cookies, &http.Cookie{
		Name: name, Value: value, Path: path, HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Secure: strings.HasPrefix(v.Base, "https:"),
	})
}

// keepBasket sets the basket's cookie.
func (v *visit) keepBasket() { v.keep(basketCookie, v.basket.String(), v.path("")) }

// path is an address in the shop.
func (v *visit) path(rest string) string { return "/boutique/" + v.shop.Slug + rest }

// with is a path with a query of pairs of name and value.
func (v *visit) with(rest string, pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	if len(q) == 0 {
		return v.path(rest)
	}
	return v.path(rest) + "?" + q.Encode()
}

// api is the way to the API with the shop's key.
func (v *visit) api() api { return api{base: v.Base, key: v.Key(v.shop.Slug), call: v.Call} }

// reading is what words about instants hang on, in a zone.
func (v *visit) reading(zone *time.Location) ui.Reading {
	return ui.Reading{Locale: v.locale, Zone: zone, Now: v.now}
}

// say is a sentence in the reader's language.
func (v *visit) say(key string, args map[string]any) string { return lang.T(v.locale, key, args) }

// field is a single line that was typed, its spaces trimmed. Half a character at
// the end of a form cut short is dropped.
func (v *visit) field(name string) string {
	return strings.TrimSpace(strings.ToValidUTF8(v.typed.Get(name), ""))
}

// units is a number that was typed; what is none counts as nothing.
func units(typed string) int {
	n, err := strconv.Atoi(strings.TrimSpace(typed))
	if err != nil {
		return 0
	}
	return n
}

// where is where the goods go, and what is wrong with that: unknown_country,
// postcode_invalid or field_required, with what was typed beside.
type where struct {
	destination
	asked bool // a place was typed, now or before
	wrong error
}

// fine reports whether dates can be asked for.
func (w where) fine() bool { return w.asked && w.wrong == nil }

// where reads the place as typed, or as typed before.
func (v *visit) where() (w where) {
	w.Country, w.Postcode = v.field("pays"), v.field("cp")
	if _, w.asked = v.typed["cp"]; !w.asked {
		w.Country, w.Postcode, w.asked = strings.Cut(v.kept(placeCookie), "-")
	}
	if w.Country == "" {
		w.Country = v.shop.Country
	}
	if !w.asked {
		return w
	}
	var faults fault.List
	if text.Required(&faults, "postcode", w.Postcode, maxPostcode); len(faults) > 0 {
		w.wrong = faults.Err()
		return w
	}
	place, err := geo.NewPlace(w.Country, w.Postcode)
	if err != nil {
		w.wrong = err
		return w
	}
	w.destination = destination{Country: place.Country, Postcode: place.Postcode}
	v.keep(placeCookie, w.Country+"-"+w.Postcode, v.path(""))
	return w
}

// maxPostcode is more than any postcode has, in characters.
const maxPostcode = 20
