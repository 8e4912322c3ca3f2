package shopper

import (
	"encoding/base64"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/label"
	"github.com/promesse-dev/promesse/internal/counter"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/relay"
)

// ticket is what opens a counter for a parcel that waits there.
type ticket struct {
	Says   string // where it waits
	Code   string // in two threes, as people say it; empty while it is locked
	QR     string // data URI of the picture; empty when there is none
	Locked string
}

// waiting is a parcel at a counter, and the code and the pass that open it.
type waiting struct {
	counter.Hold
	at         relay.Point
	code, pass string
}

// readFetch reads what waits for the shopper at counters. Nobody is given a code
// without a desk to make it.
func (d *lived) readFetch(tx *db.Tx, desk *counter.Desk) error {
	if desk == nil || !d.waits() {
		return nil
	}
	of, err := counter.HoldsOf(tx, d.shop.ID, []ident.Order{d.order.ID})
	if err != nil {
		return err
	}
	for _, h := range of[d.order.ID] {
		if h.State == counter.Handed || d.stories[h.Parcel].Status != fact.ReadyForPickup {
			continue
		}
		at, err := relay.Get(tx, h.Point)
		if err != nil && !fault.Is(err, "not_found") {
			return err
		}
		d.waiting = append(d.waiting, waiting{h, at, desk.Code(h), desk.Pass(h)})
	}
	return nil
}

// tickets are the codes of what waits, for the page.
func (d *lived) tickets() (out []ticket) {
	for _, w := range d.waiting {
		t := ticket{Says: d.T("fetch.waits", map[string]any{"Number": w.Number, "Place": w.at.Name + ", " + w.at.Address()})}
		if w.State == counter.Locked {
			t.Locked = d.T("fetch.locked", nil)
			out = append(out, t)
			continue
		}
		t.Code = w.code[:3] + "\u00a0" + w.code[3:]
		if svg, err := label.QRSVG(w.pass); err == nil {
			t.QR = "data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString(svg)
		}
		out = append(out, t)
	}
	return out
}

// atCounter is the parcel of an exhibit, waiting at a counter.
func atCounter(state counter.HoldState) set {
	return func(d *lived) {
		at := relay.Point{Name: "Tabac du Port", Street: "3 quai Carnot", Postcode: "29900", City: "Concarneau"}
		d.waiting = []waiting{{counter.Hold{Number: "6A 0412 7788", State: state}, at, "482913", "PROMESSE-C hld_00000000000000000000000000 AAAAAAAAAAAAAAAAAAAAAA"}}
	}
}
