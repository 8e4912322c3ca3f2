package shopper

import (
	"net/http"
	"net/url"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ics"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	orders "github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// calendar serves the delivery as an appointment. It does not hold the link:
// calendars are copied to other people's servers.
func (s *site) calendar(w http.ResponseWriter, r *http.Request) {
	var file string
	err := s.read(r, func(tx *db.Tx, link ident.Link) error {
		d, err := readOrder(tx, link, wanted(r))
		if err != nil {
			return err
		}
		e, ok := d.appointment()
		if !ok || d.expired() {
			return fault.New(fault.NotFound, "not_found", "")
		}
		e.UID = string(d.order.ID) + "@" + host(s.base)
		file = e.String()
		return nil
	})
	if err != nil {
		refuse(w, err)
		return
	}
	w.Header().Set("Content-Type", "text/calendar; charset=utf-8; method=PUBLISH")
	w.Header().Set("Content-Disposition", `attachment; filename="delivery.ics"`)
	_, _ = w.Write([]byte(file))
}

func host(base string) string {
	if u, err := url.Parse(base); err == nil && u.Hostname() != "" {
		return u.Hostname()
	}
	return "promesse"
}

// appointment is when the order shall come, while that is still owed; false when
// there is nothing to put into a calendar. An order taken back stays one, so that
// a calendar which has it can strike it out.
func (d *lived) appointment() (ics.Event, bool) {
	c := d.delivery
	cancelled := d.order.State == orders.Cancelled
	if c.ID == "" || c.State != fact.Open && !cancelled {
		return ics.Event{}, false
	}
	h := d.well(c)
	e := ics.Event{
		Stamp: c.Made, Day: civil.NoDay, From: c.From, Until: c.Until, Cancelled: cancelled,
		Summary:     d.T("tracking_page.calendar", map[string]any{"Shop": d.brand.Shown, "Reference": d.order.Reference}),
		Description: h.Sentence + " " + h.Window,
	}
	// Each window that the shopper chose replaces the one before, and so does the end of it all.
	for _, other := range d.commitments {
		if other.Delivers() && other.ID < c.ID {
			e.Sequence++
		}
	}
	if cancelled {
		e.Sequence++
		e.Stamp = max(e.Stamp, d.cancelled())
	}
	day, whole := d.Deadline(c.Until)
	switch {
	case c.Owed == fact.DeliverInSlot:
	case whole:
		e.Day = day
	default:
		e.From = max(c.From, day.Start(d.Zone))
	}
	return e, true
}
