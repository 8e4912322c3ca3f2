package shopper

import (
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// View is the order's page in its words alone, for whoever shows them elsewhere.
// It says what the page says to the holder of the link, and nothing of the
// shopper: no name, no address but the town, no mailbox, no telephone.
type View struct {
	Version   string // that of the page: another one when something happened
	Locale    lang.Locale
	Reference string
	Shop      string // as shoppers know it
	Promise   Promised
	Next      []string // what the shopper can do now; what it takes is on the page
	NoParcel  string   // why there is no parcel yet; empty when there is one
	Parcels   []Box
	Bound     string // "Vers Lyon"; empty when nothing goes there
	Happened  []Happening
	Times     string // in whose zone the times are
}

// Promised is the answer to "will it come when you said?".
type Promised struct {
	State       fact.State    // of the promise of delivery in force
	From, Until civil.Instant // what is owed; From is zero unless it is a slot
	Zone        string        // of the destination
	Tone        ui.Tone
	Badge       string
	Sentence    string
	Window      string // ends the sentence; may be empty
	Texts       []string
	Shown       string   // the words at checkout; may be empty
	Credited    []string // what was given for what was not kept
}

// Box is a parcel, as its carriers tell it.
type Box struct {
	Tone     ui.Tone
	Status   string
	Carried  string
	Before   []string // who had it before
	News     string   // how old what we know is
	Proof    []string
	Contents []string // when the order is in several
}

// Happening is one thing that happened.
type Happening struct {
	At         civil.Instant
	When, What string
	Tone       ui.Tone // may be empty
}

// Read reads the order behind a link, for a reader of a language; empty is the
// order's own. The fault is not_found, for a link that has died too.
func Read(tx *db.Tx, link ident.Link, loc lang.Locale) (View, error) {
	nothing := fault.New(fault.NotFound, "not_found", "")
	if len(link) > maxToken {
		return View{}, nothing
	}
	d, err := readOrder(tx, link, loc)
	if err != nil {
		return View{}, err
	}
	if d.expired() {
		return View{}, nothing
	}
	return d.view(), nil
}

// view is the page without its frame and its forms.
func (d *lived) view() View {
	p := d.page()
	v := View{
		Version: p.Version, Locale: d.Locale, Reference: d.order.Reference, Shop: d.brand.Shown,
		Promise: d.promised(p.Headline), Next: p.Next.Texts, NoParcel: p.NoParcel, Times: p.Times,
	}
	if p.NoParcel != "" || len(p.Parcels) > 0 {
		v.Bound = p.Bound
	}
	for _, b := range p.Parcels {
		v.Parcels = append(v.Parcels, Box{
			Tone: b.Tone, Status: b.Status, Carried: b.Carried, Before: b.Before, News: b.News, Proof: b.Proof, Contents: b.Contents,
		})
	}
	for _, m := range p.Timeline {
		v.Happened = append(v.Happened, Happening{At: m.at, When: m.When, What: m.What, Tone: m.Tone})
	}
	return v
}

func (d *lived) promised(h headline) Promised {
	p := Promised{
		State: d.delivery.State, Until: d.delivery.Until, Zone: d.Zone.String(),
		Tone: h.Tone, Badge: h.Badge, Sentence: h.Sentence, Window: h.Window, Texts: h.Texts, Shown: h.Shown, Credited: h.Repaired,
	}
	if d.delivery.Owed == fact.DeliverInSlot {
		p.From = d.delivery.From
	}
	return p
}
