package shopper

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/core/photo"
	"github.com/promesse-dev/promesse/internal/fact"
	orders "github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/blob"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// backWish is what a shopper says over several pages. Nothing of it is stored before
// the last one but the photos: each page hands it on in hidden fields.
type backWish struct {
	key    string // of the form: sent twice it is one request
	items  []wished
	way    string // "relay", or "relay/pnt_…"
	settle fact.Settlement
	sku    string                // wanted in exchange
	around string                // where points are looked for; empty: where the order went
	pickup string                // day to be fetched on, as it was chosen
	covers map[fact.Route]string // bought for a way, in minor units; empty: what is included
	fresh  map[ident.Line][]photo.Photo
}

// wished is what is said of one line.
type wished struct {
	line      ident.Line
	units     int
	typed     string // as typed
	reason    string
	condition returns.Condition
	comment   string
	photos    []ident.Blob
}

// The bounds of what is read of a form, in characters.
const (
	maxComment = 1000
	maxShort   = 100
)

// ofLine is the name of a line's field.
func ofLine(name string, l ident.Line) string { return fmt.Sprintf("%s[%s]", name, l) }

// field is what was typed, as far as it is read.
func typed(r *http.Request, name string, most int) string {
	text := strings.TrimSpace(r.PostFormValue(name))
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most])
	}
	return text
}

// photoPurpose binds a photo that a form hands on to the order it was brought in for.
const photoPurpose = "photo of a return"

func (s *site) handOn(o ident.Order, id ident.Blob) string {
	return s.back.keys.Sign(photoPurpose, []byte(string(o)+" "+string(id)))
}

// handedOn are the photos of a line that were brought in on an earlier page.
func (s *site) handedOn(r *http.Request, o ident.Order, name string) (ids []ident.Blob) {
	for _, token := range r.PostForm[name] {
		payload, err := s.back.keys.Open(photoPurpose, token)
		whose, id, _ := strings.Cut(string(payload), " ")
		if err == nil && whose == string(o) && len(ids) < photo.MaxFiles {
			ids = append(ids, ident.Blob(id))
		}
	}
	return ids
}

// wish reads a form. The faults are those of photos, parameter_invalid at a number
// that is none, and form_key_missing.
func (s *site) wish(r *http.Request, d returning) (w backWish, faults fault.List, err error) {
	w = backWish{
		key: typed(r, "key", maxShort), way: typed(r, "way", maxShort), settle: fact.Settlement(typed(r, "settle", maxShort)),
		sku: typed(r, "sku", maxShort), around: typed(r, "around", maxShort), covers: typedCovers(r), pickup: typed(r, "pickup", maxShort), fresh: map[ident.Line][]photo.Photo{},
	}
	if w.key == "" {
		w.key = rand.Text()
	}
	for _, l := range d.lines {
		if l.Kind != orders.Goods {
			continue
		}
		i := wished{
			line: l.ID, typed: typed(r, ofLine("units", l.ID), maxShort), reason: typed(r, ofLine("reason", l.ID), maxShort),
			condition: returns.Condition(typed(r, ofLine("condition", l.ID), maxShort)), comment: typed(r, ofLine("comment", l.ID), maxComment),
			photos: s.handedOn(r, d.order.ID, ofLine("photo", l.ID)),
		}
		if i.typed != "" {
			if i.units, err = strconv.Atoi(i.typed); err != nil {
				faults.Add(fault.Invalid, "parameter_invalid", ofLine("units", l.ID), "value", shortly(i.typed))
			}
		}
		w.items = append(w.items, i)
	}
	if len(faults) > 0 {
		return w, faults, nil
	}
	faults, err = s.develop(r, d, &w)
	return w, faults, err
}

// develop makes photos of the files that came with a form.
func (s *site) develop(r *http.Request, d returning, w *backWish) (faults fault.List, err error) {
	for _, i := range w.items {
		field := ofLine("photos", i.line)
		files := ui.Uploads(r, field)
		if i.units == 0 || len(files) == 0 {
			continue
		}
		photos, err := s.back.develop(r.Context(), d.link, field, files)
		if all := fault.All(err); len(all) > 0 {
			faults = append(faults, all...)
			continue
		}
		if err != nil {
			return nil, err
		}
		w.fresh[i.line] = photos
	}
	return faults, nil
}

// stored is the wish once the photos that came with the form are kept. A
// transaction may run again, so it changes nothing of the wish it is given.
func (w backWish) stored(tx *flow.Tx, m ident.Merchant) (backWish, error) {
	w.items = slices.Clone(w.items)
	for n := range w.items {
		i := &w.items[n]
		ids, err := blob.PutPhotos(tx, m, w.fresh[i.line])
		if err != nil {
			return w, err
		}
		i.photos = slices.Concat(i.photos, ids)
	}
	return w, nil
}

// route is the way that was chosen, and the point.
func (w backWish) route() (fact.Route, ident.Point) {
	route, point, _ := strings.Cut(w.way, "/")
	return fact.Route(route), ident.Point(point)
}

// coverField is the name of the choice of cover on a way.
func coverField(r fact.Route) string { return "cover[" + string(r) + "]" }

func typedCovers(r *http.Request) map[fact.Route]string {
	covers := map[fact.Route]string{}
	for _, route := range fact.BackRoutes {
		covers[route] = typed(r, coverField(route), maxShort)
	}
	return covers
}

// cover is the one bought for the way that was chosen; zero when none was. What is
// no amount is one that nobody offers.
func (w backWish) cover(in money.Currency) money.Amount {
	route, _ := w.route()
	if w.covers[route] == "" {
		return money.Amount{}
	}
	minor, err := strconv.ParseInt(w.covers[route], 10, 64)
	if err != nil || minor == 0 {
		minor = -1
	}
	return money.Of(minor, in)
}

// fetched is the day chosen to be fetched on; NoDay when none was.
func (w backWish) fetched() civil.Day {
	day, err := civil.ParseDay(w.pickup)
	if err != nil {
		return civil.NoDay
	}
	return day
}

// formKey is what a request is known by: no key of a form meets one of a program's.
func (w backWish) formKey(o ident.Order) string {
	return "page/" + ident.Hash(string(o) + "/" + w.key)[:40]
}

// wanted is the wish as the room takes it.
func (w backWish) wanted(d returning) returns.Wanted {
	out := returns.Wanted{
		Key: w.formKey(d.order.ID), Order: d.order.ID, Shopper: d.order.Shopper, Settlement: w.settle, Cover: w.cover(d.order.Currency), Pickup: w.fetched(),
	}
	out.Route, out.Point = w.route()
	if w.settle == fact.Exchange {
		out.StockSKU = w.sku
	}
	for _, i := range w.items {
		if i.units != 0 {
			out.Items = append(out.Items, returns.Item{
				Line: i.line, Units: i.units, Reason: i.reason, Condition: i.condition, Comment: i.comment, Photos: i.photos,
			})
		}
	}
	return out
}

// hidden is a field that a page hands on.
type hidden struct{ Name, Value string }

// hidden are the fields that hand the wish on.
func (s *site) hidden(o ident.Order, w backWish) (all []hidden) {
	add := func(name, value string) {
		if value != "" {
			all = append(all, hidden{name, value})
		}
	}
	add("key", w.key)
	for _, i := range w.items {
		if i.units == 0 {
			continue
		}
		add(ofLine("units", i.line), strconv.Itoa(i.units))
		add(ofLine("reason", i.line), i.reason)
		add(ofLine("condition", i.line), string(i.condition))
		add(ofLine("comment", i.line), i.comment)
		for _, id := range i.photos {
			add(ofLine("photo", i.line), s.handOn(o, id))
		}
	}
	return all
}

// at is the field of a form that a fault of the room is about: its paths count
// the items that are wanted.
func (w backWish) at(field string) string {
	rest, ok := strings.CutPrefix(field, "items[")
	if !ok {
		return field
	}
	number, what, _ := strings.Cut(rest, "].")
	n, err := strconv.Atoi(number)
	wanted := slices.DeleteFunc(slices.Clone(w.items), func(i wished) bool { return i.units == 0 })
	if err != nil || n < 0 || n >= len(wanted) {
		return field
	}
	if what == "line" {
		what = "units"
	}
	return ofLine(what, wanted[n].line)
}
