package locator

import (
	"maps"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/relay"
)

// ask is a search as it was typed.
type ask struct {
	text    string // address, postcode or town
	at      string // "47.872,-3.919": where the browser is
	open    string // "", openNow or openThen
	day     string // 2026-11-24
	clock   string // 18:00
	kilos   string // 2,5
	service string // "", relay.Collect, relay.Send
}

// When a point must be open.
const (
	openNow  = "now"
	openThen = "then"
)

// maxText is how much of a field is read, in characters.
const maxText = 150

func asked(r *http.Request) ask { return askedOf(r.URL.Query()) }

func askedOf(form url.Values) ask {
	field := func(name string) string { return clip(form.Get(name)) }
	return ask{
		text: field("q"), at: field("at"), open: field("open"), day: field("day"), clock: field("time"),
		kilos: field("kg"), service: field("service"),
	}
}

// clip is what was typed, as far as it is text.
func clip(text string) string {
	text = strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(text, ""), "\x00", ""))
	if utf8.RuneCountInString(text) > maxText {
		text = string([]rune(text)[:maxText])
	}
	return text
}

// query is the search as an address holds it.
func (a ask) query() url.Values {
	q := url.Values{}
	for name, value := range map[string]string{
		"q": a.text, "at": a.at, "open": a.open, "day": a.day, "time": a.clock, "kg": a.kilos, "service": a.service,
	} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return q
}

// fields are the search as a form hides it, in order.
func (a ask) fields() []hidden {
	q := a.query()
	var out []hidden
	for _, name := range slices.Sorted(maps.Keys(q)) {
		out = append(out, hidden{name, q.Get(name)})
	}
	return out
}

// hidden is a field that nobody types.
type hidden struct{ name, value string }

// apply puts what was asked into a query, but where: that needs a look outside.
// Clocks are read in the zone of where it is looked.
func (a ask) apply(q *relay.Query, zone *time.Location) error {
	var faults fault.List
	switch a.service {
	case relay.Collect, relay.Send:
		q.Service = a.service
	}
	if a.kilos != "" {
		kg, err := strconv.ParseFloat(strings.Replace(a.kilos, ",", ".", 1), 64)
		if err != nil || !(kg >= 0 && kg <= maxKilos) {
			faults.Add(fault.Invalid, "kilos_invalid", "kg", "value", a.kilos, "max", maxKilos)
		} else {
			q.Grams = int(math.Ceil(kg * 1000)) // 30.0001 kg are more than 30
		}
	}
	switch a.open {
	case openNow:
		q.Open = true
	case openThen:
		a.then(q, zone, &faults)
	}
	return faults.Err()
}

// maxKilos is beyond what any point takes.
const maxKilos = 1000

func (a ask) then(q *relay.Query, zone *time.Location, faults *fault.List) {
	day := a.day
	if day == "" {
		day = q.Now.Day(zone).String()
	}
	if a.clock == "" {
		faults.Add(fault.Invalid, "field_required", "time")
		return
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", day+" "+a.clock, zone)
	if err != nil {
		faults.Add(fault.Invalid, "instant_invalid", "time", "value", day+" "+a.clock)
		return
	}
	if err := civil.CheckInstant("day", civil.At(at), q.Now); err != nil {
		*faults = append(*faults, fault.All(err)...)
		return
	}
	q.OpenAt = civil.At(at)
}

// position reads where the browser is.
func (a ask) position() (geo.Point, bool) {
	lat, lon, ok := strings.Cut(a.at, ",")
	if !ok {
		return geo.Point{}, false
	}
	y, errY := strconv.ParseFloat(strings.TrimSpace(lat), 64)
	x, errX := strconv.ParseFloat(strings.TrimSpace(lon), 64)
	if errY != nil || errX != nil || !(math.Abs(y) <= 90 && math.Abs(x) <= 180) {
		return geo.Point{}, false
	}
	return geo.Point{Lat: y, Lon: x}, true
}
