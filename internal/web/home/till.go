package home

import (
	"slices"
	"strings"

	"github.com/a-h/templ"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/counter"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/relay"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/tracking"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// guestTill is where a browser becomes the counter's device.
const guestTill = "/comptoir/invite"

// tries is how many numbers of each kind are shown to try.
const tries = 3

// till is the demo's counter, and what somebody can do there now.
type till struct {
	Till
	place  relay.Point
	back   []string       // numbers of returns to take in
	coming []string       // of parcels to put on the shelf
	waits  []counter.Hold // to be handed over
}

func readTill(tx *db.Tx, at Till, shops []staffed) (t till, err error) {
	if at.Point == "" {
		return t, nil
	}
	t.Till = at
	if t.place, err = relay.Get(tx, at.Point); err != nil {
		return t, err
	}
	if t.waits, err = counter.Shelf(tx, at.Point, "", tries); err != nil {
		return t, err
	}
	for _, number := range at.Coming {
		free, err := unheld(tx, number)
		if err != nil {
			return t, err
		}
		if free && len(t.coming) < tries {
			t.coming = append(t.coming, number)
		}
	}
	for _, s := range shops {
		if len(t.back) >= tries {
			break
		}
		if err := t.expect(tx, s.ID); err != nil {
			return t, err
		}
	}
	return t, nil
}

// unheld reports whether a parcel is known, and no counter has had it.
func unheld(tx *db.Tx, number string) (bool, error) {
	holders, err := tracking.ByNumber(tx, number)
	if err != nil || len(holders) == 0 {
		return false, err
	}
	_, held, err := counter.HoldOf(tx, holders[0].Merchant, holders[0].Parcel)
	return !held, err
}

// expect adds the numbers of a shop's returns that a relay point takes in. The
// newest first: their shoppers will not have left for a counter yet.
func (t *till) expect(tx *db.Tx, m ident.Merchant) error {
	some, err := returns.In(tx, m, returns.Ready, "", maxReturns)
	if err != nil {
		return err
	}
	some = slices.DeleteFunc(some, func(r returns.Return) bool { return r.Route != fact.BackByRelay })
	ids := make([]ident.Return, len(some))
	for i, r := range some {
		ids[i] = r.ID
	}
	labels, err := returns.Labels(tx, m, ids)
	for _, id := range slices.Backward(ids) {
		for _, l := range labels[id] {
			if l.State == returns.LabelReady && l.Number != "" && len(t.back) < tries {
				t.back = append(t.back, l.Number)
				break
			}
		}
	}
	return err
}

// tillCard is the counter before it is HTML.
type tillCard struct {
	Text         string
	Back, Coming string // numbers; empty: none
	Waits        []waiting
}

// waiting is a parcel on the shelf, and the page with its code.
type waiting struct {
	Number string
	URL    templ.SafeURL
}

func (w living) tillCard(r ui.Reading, link func(ident.Order) ident.Link) *tillCard {
	if w.till.Point == "" || !slices.Contains(w.rooms, guestTill) {
		return nil
	}
	c := &tillCard{
		Text: r.T("window.clerk_text", map[string]any{
			"Place": w.till.place.Name + ", " + w.till.place.City, "Name": w.till.Clerk, "PIN": w.till.PIN,
		}),
		Back: strings.Join(w.till.back, ", "), Coming: strings.Join(w.till.coming, ", "),
	}
	for _, h := range w.till.waits {
		c.Waits = append(c.Waits, waiting{h.Number, templ.SafeURL("/p/" + string(link(h.Order)))})
	}
	return c
}
