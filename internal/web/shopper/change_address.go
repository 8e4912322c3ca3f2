package shopper

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/promesse-dev/promesse/internal/checkout"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/lastmile"
	orders "github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// Another door is asked for in two steps: the address is typed, what would be promised
// there is shown, and only that is sent.

// doorForm is the form of another address.
type doorForm struct {
	Typed orders.Address
	Other string // e-mail of whom the change names, as typed
	Known []pick // addresses of earlier orders, to choose from
	Email string // label of the other's box
}

// doorCheck is the address as it was read, with what would be promised there.
type doorCheck struct {
	doorForm
	Lines  []string // the address
	Texts  []string // what would change, and what not
	Agreed string   // what is agreed to by sending it: until when, in our clock's own words
}

// typedDoor reads the form. A known address is one of the shopper's own, by its mark.
func (c changing) typedDoor(r *http.Request) orders.Address {
	for _, a := range c.book {
		if doorMark(a) == r.PostFormValue("known") {
			return a
		}
	}
	field := func(name string) string { return strings.TrimSpace(typed(r, name, maxShort)) }
	return orders.Address{
		Name: field("address.name"), Street: field("address.street"), Extra: field("address.extra"), Postcode: field("address.postcode"),
		City: field("address.city"), Country: c.order.Ship.Country, Phone: field("address.phone"),
	}
}

// doorMark tells known addresses apart in a form, without writing them twice.
func doorMark(a orders.Address) string { return ident.Hash(inLine(a) + a.Phone)[:12] }

// bookLength is how many known addresses are offered.
const bookLength = 5

// readBook reads the addresses to which the shopper had this shop deliver, for whoever
// has shown that they are the shopper.
func (c *changing) readBook(tx *db.Tx) error {
	if !c.trusted || c.order.Shopper == "" {
		return nil
	}
	of, err := orders.OfShopper(tx, c.shop.ID, c.order.Shopper, orders.Page{Limit: exportedAtOnce})
	for _, o := range of {
		a := o.Ship
		if a.Street == "" || a == c.order.Ship || a.Country != c.order.Ship.Country || slices.Contains(c.book, a) || len(c.book) == bookLength {
			continue
		}
		c.book = append(c.book, a)
	}
	return err
}

// changeDoor shows what would be promised at another door, or asks for it when that
// was agreed to.
func (s *site) changeDoor(r *http.Request, c changing, w lastmile.Wish) (ui.Answer, error) {
	if s.desk == nil {
		return ui.Answer{}, fault.New(fault.NotFound, "not_found", "")
	}
	if slices.ContainsFunc(c.asked, func(x lastmile.Change) bool { return x.Key == w.Key }) {
		return ui.Answer{To: c.beside("changer")}, nil // the form was sent before
	}
	if _, err := c.can.Offered(fact.Readdress); err != nil {
		return s.changeRefused(r, fault.All(err))
	}
	reach, err := s.reach(r, c)
	if told := refusals(err); told != nil {
		return s.changeRefused(r, told)
	}
	if err != nil {
		return ui.Answer{}, err
	}
	agreed, unread := strconv.ParseInt(r.PostFormValue("agreed"), 10, 64)
	if unread != nil {
		return c.showDoor(r, reach)
	}
	w.Reach, w.Slot = reach, civil.Window{Until: civil.Instant(agreed)}
	err = s.askChange(r, c, w)
	switch told := refusals(err); {
	case err == nil:
		return ui.Answer{To: c.beside("changer")}, nil
	case fault.Is(err, "change_moves_day"):
		return c.showDoor(r, reach, told...)
	case told != nil:
		return s.changeRefused(r, told)
	}
	return ui.Answer{}, err
}

// reach is what would be promised at the address of the form.
func (s *site) reach(r *http.Request, c changing) (reach lastmile.Reach, err error) {
	to := c.typedDoor(r)
	err = s.flow.Read(r.Context(), func(tx *db.Tx) (err error) {
		reach, err = s.desk.Reach(tx, c.shop.ID, checkout.Moving{Order: c.order, Owed: c.delivery, Service: c.can.Service.ID, To: to})
		return err
	})
	return reach, err
}

// showDoor shows what would be promised at another door, to be agreed to.
func (c changing) showDoor(r *http.Request, reach lastmile.Reach, told ...*fault.Error) (ui.Answer, error) {
	p := c.changePage()
	for _, f := range told {
		p.Wrong = append(p.Wrong, wrong{"", lang.Fault(c.Locale, f)})
	}
	p.Check = c.checkDoor(typed(r, "email", maxShort), reach)
	return ui.Answer{Page: changeView(p)}, nil
}

// checkDoor is what would be promised at an address, in words.
func (c changing) checkDoor(other string, reach lastmile.Reach) *doorCheck {
	offer, _ := c.offered(fact.Readdress)
	args := map[string]any{
		"Shop": c.brand.Shown, "Carrier": c.can.Connection.Name, "Due": c.due(c.delivery), "Long": offer.Within, "More": reach.Dearer, "Address": c.who.Masked(),
	}
	to := reach.To
	out := &doorCheck{
		doorForm: doorForm{Typed: to, Other: other}, Agreed: strconv.FormatInt(int64(reach.Window.Until), 10),
		Lines: slices.DeleteFunc([]string{to.Name, to.Street, to.Extra, to.Postcode + " " + to.City}, func(l string) bool { return l == "" }),
	}
	say := func(key string) { out.Texts = append(out.Texts, c.T(key, args)) }
	if reach.Window.Until == 0 {
		say("change.door_same_day")
	} else {
		there := c.Reading
		if zone, err := civil.Zone(reach.Zone); err == nil {
			there.Zone = zone
		}
		args["New"] = there.Due(reach.Window.Until)
		say("change.door_other_day")
	}
	if reach.Dearer.Minor > 0 {
		say("change.door_dearer")
	} else {
		say("change.door_free")
	}
	if offer.AtOnce {
		say("change.door_at_once")
	} else {
		say("change.answer_within")
	}
	say("change.door_told")
	return out
}

// doorIn is an address as whoever reads the page may see it: the whole to its shopper,
// to whoever has but the link the town.
func (c changing) doorIn(a orders.Address) string {
	if c.trusted {
		return inLine(a)
	}
	return strings.TrimSpace(a.Postcode + " " + a.City)
}

// doorField is the box of an address that a fault is about; empty: none of them.
func doorField(f *fault.Error) string {
	if strings.HasPrefix(f.Field, "address.") {
		return f.Field
	}
	return ""
}
