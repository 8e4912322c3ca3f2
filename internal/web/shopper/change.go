package shopper

import (
	"crypto/rand"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/checkout"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/lastmile"
	orders "github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/relay"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/shopper"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// changeRoutes are the page on which a delivery is had otherwise. Reading it needs
// the link, asking for anything the hand of prove.go.
func (s *site) changeRoutes() []ui.Route {
	const path = "/p/{token}/changer"
	return []ui.Route{
		{Method: http.MethodGet, Path: path, Access: ui.ByLink, Summary: "What can be changed about a delivery, and until when", Serve: s.changes},
		{Method: http.MethodPost, Path: path, Access: ui.ByLink, Summary: "Ask the carrier for a change, by one-time code", Serve: s.change},
		{Method: http.MethodPost, Path: path + "/ailleurs", Access: ui.ByLink, Summary: "Go to the page where the carrier takes changes itself", Serve: s.changeElsewhere},
	}
}

// changing is an order, what can be changed about it, and what was asked for.
type changing struct {
	acting
	can    lastmile.Possible
	asked  []lastmile.Change
	near   []relay.Found
	where  string // where points were looked for; empty: nobody looked
	around string // as it was typed
	points map[ident.Point]relay.Point
	book   []orders.Address // where the shop delivered to the shopper before
	refund civil.Instant    // of an order that was taken back: until when it is paid back; zero: it was not
}

func (d *lived) owedDelivery(tx *db.Tx) (lastmile.Delivery, error) {
	return checkout.Delivery(tx, d.shop, d.order, d.delivery)
}

// readChange reads what can be changed, and what was asked for.
func (d *lived) readChange(tx *db.Tx, o *lastmile.Office) (err error) {
	owed, err := d.owedDelivery(tx)
	if err != nil {
		return err
	}
	if d.mutable, err = o.Can(tx, d.shop.ID, d.order.ID, owed); err != nil {
		return err
	}
	d.wished, err = lastmile.Changes(tx, d.shop.ID, d.order.ID)
	return err
}

func (s *site) changing(r *http.Request) (c changing, err error) {
	if c.acting, err = s.acting(r); err != nil {
		return c, err
	}
	if c.around = r.FormValue("autour"); len(c.around) > maxAround {
		c.around = ""
	}
	err = s.flow.Read(r.Context(), func(tx *db.Tx) error {
		if err := c.readChange(tx, s.office); err != nil {
			return err
		}
		c.can, c.asked, c.points = c.mutable, c.wished, map[ident.Point]relay.Point{}
		for _, x := range c.asked {
			if x.Wanted.Point == "" {
				continue
			}
			if c.points[x.Wanted.Point], err = relay.Get(tx, x.Wanted.Point); err != nil {
				return err
			}
		}
		if err := c.readBook(tx); err != nil {
			return err
		}
		if err := c.readRefund(tx); err != nil {
			return err
		}
		return s.nearChange(tx, &c)
	})
	if s.desk == nil { // nobody can say what would be promised at another door
		c.can.Offers = slices.DeleteFunc(c.can.Offers, func(o lastmile.ChangeOffer) bool { return o.What == fact.Readdress })
	}
	return c, err
}

// readRefund reads until when what was taken back is paid back.
func (c *changing) readRefund(tx *db.Tx) error {
	taken := func(x lastmile.Change) bool { return x.What == fact.CallBack && x.State == lastmile.ChangeAccepted }
	if !slices.ContainsFunc(c.asked, taken) {
		return nil
	}
	of, err := returns.OfOrders(tx, c.shop.ID, []ident.Order{c.order.ID})
	for _, r := range of[c.order.ID] {
		if r.Ground == fact.ByWithdrawal {
			c.refund = r.RefundBy
		}
	}
	return err
}

// maxAround bounds where points are looked for, in bytes; changePoints is how many
// are shown.
const (
	maxAround    = 100
	changePoints = 6
)

// nearChange looks for points to which the parcel can be redirected.
func (s *site) nearChange(tx *db.Tx, c *changing) error {
	offer, ok := c.offered(fact.Redirect)
	if !ok || s.back.points == nil {
		return nil
	}
	if err := s.back.points.Refresh(tx); err != nil {
		return err
	}
	ship := c.order.Ship
	at, _, found := geo.Postcode(ship.Country, ship.Postcode)
	c.where = ship.City
	if spots := geo.Geocode(ship.Country, c.around); c.around != "" && len(spots) > 0 {
		at, c.where, found = spots[0].Point, spots[0].Label, true
	}
	if !found {
		return nil
	}
	day := offer.Days[0].Start(c.Zone)
	c.near, _ = s.back.points.Find(relay.Query{
		Near: at, Networks: offer.Networks, Owner: c.shop.ID, Service: relay.Collect, Grams: c.can.Grams(),
		Now: c.Now, Since: day, Until: day.Add(7 * 24 * time.Hour), Limit: changePoints,
	})
	return nil
}

func (c changing) offered(what fact.ChangeKind) (lastmile.ChangeOffer, bool) {
	for _, o := range c.can.Offers {
		if o.What == what {
			return o, true
		}
	}
	return lastmile.ChangeOffer{}, false
}

// changes shows the page.
func (s *site) changes(r *http.Request) (ui.Answer, error) {
	c, err := s.changing(r)
	if err != nil {
		return ui.Answer{}, err
	}
	p := c.changePage()
	if r.URL.Query().Has("ailleurs") {
		p.Elsewhere = c.can.Page
	}
	return ui.Answer{Page: changeView(p)}, nil
}

// change asks for what was chosen.
func (s *site) change(r *http.Request) (ui.Answer, error) {
	c, err := s.changing(r)
	switch {
	case err != nil:
		return ui.Answer{}, err
	case !c.trusted:
		return ui.Answer{To: c.toProve("changer")}, nil
	}
	wish, err := c.wish(r)
	if err == nil && wish.What == fact.Readdress {
		return s.changeDoor(r, c, wish)
	}
	if err == nil {
		err = s.askChange(r, c, wish)
	}
	if all := refusals(err); all != nil {
		return s.changeRefused(r, all)
	}
	return ui.Answer{To: c.beside("changer")}, err
}

func (s *site) askChange(r *http.Request, c changing, w lastmile.Wish) error {
	return s.flow.One(r.Context(), flow.ByShopper(c.order.Shopper), c.shop.ID, func(tx *flow.Tx) (err error) {
		if w.Other, err = c.other(tx, r); err != nil {
			return err
		}
		owed, err := c.owedDelivery(tx.Tx)
		if err != nil {
			return err
		}
		_, _, err = s.office.Ask(tx, c.shop.ID, w, owed)
		return err
	})
}

// other is whom the change names besides: who is told of it too.
func (c changing) other(tx *flow.Tx, r *http.Request) (ident.Shopper, error) {
	email := strings.TrimSpace(r.PostFormValue("email"))
	if email == "" || shopper.Fold(email) == shopper.Fold(c.who.Email) {
		return "", nil
	}
	return shopper.Register(tx, c.shop.ID, shopper.NewShopper{Email: email, Locale: c.order.Locale})
}

// pointIn is a point's id, where a text can be one.
func pointIn(text string) ident.Point {
	if ident.Valid[ident.Point](text) {
		return ident.Point(text)
	}
	return ident.Point(shortly(text))
}

// wish is what was chosen on the form. The faults are those of a form that is not
// ours.
func (c changing) wish(r *http.Request) (lastmile.Wish, error) {
	w := lastmile.Wish{
		Order: c.order.ID, Key: shortly(r.PostFormValue("key")), What: fact.ChangeKind(shortly(r.PostFormValue("what"))),
		Point: pointIn(r.PostFormValue("point")), Words: r.PostFormValue("words"), Day: civil.NoDay,
	}
	if w.Key == "" {
		w.Key = rand.Text()
	}
	if from, until, ok := strings.Cut(r.PostFormValue("slot"), "-"); ok {
		a, bad := strconv.ParseInt(from, 10, 64)
		b, worse := strconv.ParseInt(until, 10, 64)
		if bad != nil || worse != nil {
			return w, fault.New(fault.Conflict, "unknown_slot", "slot")
		}
		w.Slot = civil.Window{From: civil.Instant(a), Until: civil.Instant(b)}
	}
	if typed := r.PostFormValue("day"); typed != "" {
		day, err := time.Parse(time.DateOnly, shortly(typed))
		if err != nil {
			return w, fault.New(fault.Invalid, "change_day", "day")
		}
		w.Day = civil.Date(day.Date())
	}
	return w, nil
}

func (s *site) changeRefused(r *http.Request, all fault.List) (ui.Answer, error) {
	c, err := s.changing(r)
	if err != nil {
		return ui.Answer{}, err
	}
	p := c.changePage()
	if fact.ChangeKind(r.PostFormValue("what")) == fact.Readdress {
		p.retype(c.typedDoor(r), typed(r, "email", maxShort))
	}
	for _, f := range all {
		said := *f
		said.Field = strings.TrimPrefix(f.Field, "address.") // read on the page, not in a document
		p.Wrong = append(p.Wrong, wrong{doorField(f), lang.Fault(c.Locale, &said)})
	}
	return ui.Answer{Status: http.StatusUnprocessableEntity, Page: changeView(p)}, nil
}

// changeElsewhere notes that the reader goes to the carrier's page, and shows the
// way there.
func (s *site) changeElsewhere(r *http.Request) (ui.Answer, error) {
	c, err := s.changing(r)
	switch {
	case err != nil:
		return ui.Answer{}, err
	case c.can.Page == "":
		return ui.Answer{To: "../" + c.beside("changer")}, nil
	}
	err = s.flow.One(r.Context(), by, c.shop.ID, func(tx *flow.Tx) error { return s.office.Elsewhere(tx, c.shop.ID, c.can) })
	to := "../" + c.beside("changer")
	if strings.Contains(to, "?") {
		return ui.Answer{To: to + "&ailleurs=1"}, err
	}
	return ui.Answer{To: to + "?ailleurs=1"}, err
}
