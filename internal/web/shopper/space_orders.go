package shopper

import (
	"cmp"
	"net/http"
	"regexp"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/merchant"
	orders "github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/shopper"
	"github.com/promesse-dev/promesse/internal/tracking"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// spacePage is the orders of all shops at which a shopper consented.
type spacePage struct {
	ui.Frame
	Address string
	Noted   string // what was just done; empty: nothing
	Orders  []spaceOrder
	Older   string // path of the page of older ones; empty: these are all
	Newest  bool   // the list begins with the newest
	Shops   []string
}

// spaceOrder is an order in short.
type spaceOrder struct {
	Shop, Order      string
	Placed           string
	Tone             ui.Tone
	Badge            string
	Sentence, Window string
	Parcels          []string
	Backs            []pair // of returns: what, and where to
	Path             string // of its page; empty: that is over
}

// spaceOrders are on one page.
const spaceOrders = 10

// space shows the orders, the newest first.
func (s *site) space(r *http.Request) (ui.Answer, error) {
	p := spacePage{Frame: inSpaceFrame(r, "space.title"), Address: inSpace(r).Email}
	after := ident.Order(r.URL.Query().Get("avant"))
	if !ident.Valid[ident.Order](string(after)) {
		after = ""
	}
	p.Newest = after == ""
	if r.URL.Query().Get("note") == "demande" {
		p.Noted = lang.T(p.Locale, "space.shops_asked", nil)
	}
	err := s.flow.Read(r.Context(), func(tx *db.Tx) error {
		places, err := linked(tx, inSpace(r))
		if err != nil {
			return err
		}
		found, err := newestOf(tx, places, after)
		if err != nil {
			return err
		}
		if len(found) > spaceOrders {
			found = found[:spaceOrders]
			p.Older = spacePath + "?avant=" + string(found[spaceOrders-1].Order)
		}
		for _, of := range found {
			o, err := s.inShort(tx, of, p.Locale)
			if err != nil {
				return err
			}
			p.Orders = append(p.Orders, o)
		}
		p.Shops, err = shopNames(tx, places)
		return err
	})
	return ui.Answer{Page: space(p)}, err
}

// newestOf are the newest orders of a shopper over shops, and one more than a page
// shows. Ids made later sort later, whoever made them.
func newestOf(tx *db.Tx, places []shopper.Place, after ident.Order) (all []tracking.Whole, err error) {
	for _, p := range places {
		of, err := orders.OfShopper(tx, p.Merchant, p.ID, orders.Page{After: after, Limit: spaceOrders + 1})
		if err != nil {
			return nil, err
		}
		for _, o := range of {
			all = append(all, tracking.Whole{Merchant: p.Merchant, Order: o.ID})
		}
	}
	slices.SortFunc(all, func(a, b tracking.Whole) int { return cmp.Compare(b.Order, a.Order) })
	return all[:min(len(all), spaceOrders+1)], nil
}

func shopNames(tx *db.Tx, places []shopper.Place) (names []string, err error) {
	for _, p := range places {
		b, err := merchant.BrandOf(tx, p.Merchant)
		if err != nil {
			return nil, err
		}
		names = append(names, b.Shown)
	}
	slices.Sort(names)
	return names, nil
}

// inShort reads an order for the list.
func (s *site) inShort(tx *db.Tx, of tracking.Whole, loc lang.Locale) (spaceOrder, error) {
	d, err := readWhole(tx, of, s.opens(of.Order), loc)
	if err != nil {
		return spaceOrder{}, err
	}
	back, err := returns.OfOrders(tx, of.Merchant, []ident.Order{of.Order})
	d.sendbacks = back[of.Order]
	return d.brief(), err
}

// brief is the order in short.
func (d *lived) brief() spaceOrder {
	h := d.headline()
	o := spaceOrder{
		Shop: d.brand.Shown, Order: d.T("space.order", map[string]any{"Reference": d.order.Reference}),
		Placed: d.T("space.placed", map[string]any{"Day": d.Day(d.order.Placed.Day(d.Zone))}),
		Tone:   h.Tone, Badge: h.Badge, Sentence: h.Sentence, Window: h.Window,
	}
	for _, b := range d.boxes() {
		o.Parcels = append(o.Parcels, d.T("space.parcel", map[string]any{"Status": b.Status, "Carried": b.Carried}))
	}
	if d.link != "" && !d.expired() {
		o.Path = spacePath + "/commande/" + string(d.order.ID)
	}
	for _, r := range d.sendbacks {
		back := pair{What: d.T("space.back", map[string]any{"Day": d.Day(r.Asked.Day(d.Zone)), "State": d.backBadge(r)})}
		if o.Path != "" {
			back.Value = o.Path + "?vers=retour/" + string(r.ID)
		}
		o.Backs = append(o.Backs, back)
	}
	return o
}

// fromSpace is a page of an order that its space leads to.
var fromSpace = regexp.MustCompile(`^(messages|ecrire|changer|retour(/ret_[0-9a-z]{26})?)$`)

// openOrder leads from the space to an order's page; whoever signed in a moment ago
// read the mail that a code would be sent to, so they may act there without one.
func (s *site) openOrder(r *http.Request) (ui.Answer, error) {
	id, v := ident.Order(r.PathValue("order")), inSpace(r)
	var a ui.Answer
	err := s.flow.Read(r.Context(), func(tx *db.Tx) error {
		mine, err := isMine(tx, v, id)
		if err != nil {
			return err
		}
		link := s.opens(id)
		if !mine || link == "" {
			return fault.New(fault.NotFound, "not_found", "")
		}
		a.To = "/p/" + string(link)
		if on := r.URL.Query().Get("vers"); fromSpace.MatchString(on) {
			a.To += "/" + on
		}
		if tx.Wall < v.Until() {
			a.Cookies = []*http.Cookie{s.handUntil(link, id, tx.Wall, v.Until())}
		}
		return nil
	})
	return a, err
}

// isMine reports whether an order is of one of the shops at which whoever is in
// their space consented, and theirs.
func isMine(tx *db.Tx, v visiting, id ident.Order) (bool, error) {
	places, err := linked(tx, v)
	if err != nil {
		return false, err
	}
	for _, p := range places {
		of, err := orders.Many(tx, p.Merchant, []ident.Order{id})
		if err != nil {
			return false, err
		}
		if o, is := of[id]; is {
			return o.Shopper == p.ID, nil
		}
	}
	return false, nil
}
