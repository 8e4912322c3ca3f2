package locator

import (
	"fmt"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/relay"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// card is a point as it is told.
type card struct {
	ID, Name, Kind, Address, Distance string
	Tone                              ui.Tone
	State                             string // open or not, until when, from when
	Today                             string // its hours
	Week                              []dayHours
	Notes                             []string // what must be known: it moved, it is only about there
	Services                          []string
	Limits                            []string
	Seen                              string // when its network last said it is there
	Favourite                         bool
	At                                string // latitude and longitude, where the network said them
}

// dayHours is a day and its hours in words.
type dayHours struct{ Day, Hours string }

// stale is after how long a point's network has said too little.
const stale = 10 * 24 * time.Hour

// recent is how long a move is news.
const recent = 90 * 24 * time.Hour

func cardOf(loc lang.Locale, q relay.Query, f relay.Found, favourite bool) card {
	zone, err := civil.Zone(f.Zone)
	if err != nil {
		zone = paris // zones are checked when points are taken in
	}
	r := ui.Reading{Locale: loc, Zone: zone, Now: q.Now}
	c := card{
		ID: string(f.ID), Name: f.Name, Kind: kind(loc, *f.Point), Address: f.Address(), Distance: far(loc, *f.Point, f.Metres),
		Favourite: favourite, Services: services(loc, f.Services), Limits: limits(loc, f.Limits),
	}
	if f.Located == relay.Exact {
		c.At = fmt.Sprintf("%.5f,%.5f", f.Point.At.Lat, f.Point.At.Lon)
	}
	c.Tone, c.State = state(r, f)
	c.hours(r, f.Hours)
	c.notes(r, *f.Point)
	return c
}

// kind is what sort of place it is, and whose.
func kind(loc lang.Locale, p relay.Point) string {
	switch p.Kind {
	case relay.Locker:
		return lang.T(loc, "locator.locker", map[string]any{"Network": spoken(p.Network)})
	case relay.PostOffice:
		return lang.T(loc, "locator.post_office", nil)
	case relay.Store:
		return lang.T(loc, "locator.store", nil)
	case relay.Depot:
		return lang.T(loc, "locator.depot", map[string]any{"Network": spoken(p.Network)})
	default:
		return lang.T(loc, "locator.shop", map[string]any{"Network": spoken(p.Network)})
	}
}

// state is whether it is open, and what comes next.
func state(r ui.Reading, f relay.Found) (ui.Tone, string) {
	switch {
	case !f.Hours.Said():
		return ui.Mute, r.T("locator.state_unsaid", nil)
	case !f.OpenNow && f.Hours.Doubt(r.Now.Day(r.Zone)):
		return ui.Care, r.T("locator.state_holiday", nil)
	}
	return r.Opening(f.Opens)
}

// hours tells today's and those of the days after, by date: so holidays and
// closures are in them.
func (c *card) hours(r ui.Reading, h civil.Hours) {
	if !h.Said() {
		return
	}
	today := r.Now.Day(r.Zone)
	c.Today = ui.Hours(r.Locale, h, today)
	for d := today; d < today+7; d++ {
		c.Week = append(c.Week, dayHours{lang.Day(r.Locale, d), ui.Hours(r.Locale, h, d)})
	}
}

// notes are what must be known before going there.
func (c *card) notes(r ui.Reading, p relay.Point) {
	if !p.Moved.IsZero() && r.Now.Sub(p.Moved) < recent {
		c.Notes = append(c.Notes, r.T("locator.moved", map[string]any{"Day": r.Day(p.Moved.Day(r.Zone)), "Was": p.Was}))
	}
	if p.Located == relay.ByCommune {
		c.Notes = append(c.Notes, r.T("locator.about_there", nil))
	}
	seen := map[string]any{"Day": r.Day(p.Seen.Day(r.Zone))}
	c.Seen = r.T("locator.seen", seen)
	if r.Now.Sub(p.Seen) > stale {
		c.Seen = r.T("locator.stale", seen)
	}
}

func services(loc lang.Locale, codes []string) (words []string) {
	for _, s := range codes {
		switch s {
		case relay.Collect:
			words = append(words, lang.T(loc, "locator.collect", nil))
		case relay.Send:
			words = append(words, lang.T(loc, "locator.send", nil))
		case relay.Print:
			words = append(words, lang.T(loc, "locator.print", nil))
		case relay.Charge:
			words = append(words, lang.T(loc, "locator.charge_phone", nil))
		default:
			words = append(words, strings.ReplaceAll(s, "_", " "))
		}
	}
	return words
}

func limits(loc lang.Locale, l relay.Limits) (words []string) {
	if l.MaxGrams > 0 {
		words = append(words, lang.T(loc, "locator.max_kilos", map[string]any{"Limit": kilos(loc, l.MaxGrams)}))
	}
	if l.MaxLongest > 0 {
		words = append(words, lang.T(loc, "locator.max_longest", map[string]any{"Limit": l.MaxLongest}))
	}
	if l.MaxSum > 0 {
		words = append(words, lang.T(loc, "locator.max_sum", map[string]any{"Limit": l.MaxSum}))
	}
	return words
}
