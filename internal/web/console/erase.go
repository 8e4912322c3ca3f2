package console

import (
	"cmp"
	"net/http"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/erasure"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/shopper"
	pages "github.com/promesse-dev/promesse/internal/web/shopper"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

func eraseRoutes(c Config) []ui.Route {
	return []ui.Route{
		{Method: http.MethodGet, Path: "/console/orders/{id}/erase", Access: ui.BySession, Needs: placeOrders, Summary: "What erasing whoever ordered means, and what it waits for", Serve: c.askErasure},
		{Method: http.MethodPost, Path: "/console/orders/{id}/erase", Access: ui.BySession, Needs: placeOrders, Summary: "Erase whoever ordered, at their request", Serve: c.eraseShopper},
	}
}

func erasePath(id ident.Order) string { return orderPath(id) + "/erase" }

// forgettable is whoever ordered, as far as they can be erased.
type forgettable struct {
	ui.Reading
	order  order.Order
	who    shopper.Contact
	erased civil.Instant
	orders int
	waits  []string
}

func readForgettable(tx *db.Tx, m ident.Merchant, id ident.Order, rd ui.Reading) (f forgettable, err error) {
	f.Reading = rd
	if f.order, err = order.Get(tx, m, id); err != nil {
		return f, err
	}
	if f.who, err = shopper.Get(tx, m, f.order.Shopper); err != nil {
		return f, err
	}
	if f.erased, err = shopper.ErasedAt(tx, m, f.who.ID); err != nil {
		return f, err
	}
	if f.orders, err = order.CountOf(tx, m, f.who.ID); err != nil {
		return f, err
	}
	holds, err := erasure.UnderWay(tx, m, f.who.ID)
	if err != nil {
		return f, err
	}
	f.waits, err = pages.Holds(tx, m, rd, holds)
	return f, err
}

// page says what erasing means; it has a form where it can be done.
func (f forgettable) page(frame ui.Frame) formPage {
	p := formPage{Frame: frame, Back: pair{f.T("erase_desk.back", nil), orderPath(f.order.ID)}}
	if f.erased != 0 {
		p.Intro = []string{f.T("erase_desk.already", map[string]any{"When": f.When(f.erased, fact.Minute)})}
		return p
	}
	p.Intro = []string{f.T("erase_desk.intro", nil)}
	p.Sums = []block{{Title: cmp.Or(f.who.Name, f.who.Email), Facts: []pair{
		{f.T("console.email", nil), f.who.Email},
		{f.T("erase_desk.orders", nil), lang.Number(f.Locale, int64(f.orders))},
	}}}
	if len(f.waits) > 0 {
		p.Sums = append(p.Sums, block{Title: f.T("erase_desk.waits", nil), Says: f.waits})
		return p
	}
	p.Legend = f.T("erase_desk.legend", nil)
	p.Form = &deed{
		Path: erasePath(f.order.ID), Button: f.T("erase_desk.button", nil), Style: "danger", How: f.T("erase_desk.how", nil),
		Fields: []input{{Name: "sure", Label: f.T("erase_desk.sure", nil), Kind: "check"}},
	}
	return p
}

func (c Config) erasePage(r *http.Request) (p formPage, err error) {
	err = c.see(r, func(tx *db.Tx, v visit) error {
		f, err := readForgettable(tx, v.Merchant, ident.Order(r.PathValue("id")), reading(r, tx.Now))
		p = f.page(frame(r, f.T("erase_desk.title", nil)))
		return err
	})
	return p, err
}

// askErasure is the first of two steps: it changes nothing.
func (c Config) askErasure(r *http.Request) (ui.Answer, error) {
	p, err := c.erasePage(r)
	return ui.Answer{Page: formView(p)}, err
}

// eraseShopper is the second one.
func (c Config) eraseShopper(r *http.Request) (ui.Answer, error) {
	id := ident.Order(r.PathValue("id"))
	if r.PostFormValue("sure") == "" {
		return c.notErased(r, http.StatusUnprocessableEntity, lang.T(ui.Reader(r), "erase_desk.unsure", nil))
	}
	err := c.act(r, func(tx *flow.Tx, v visit) error {
		o, err := order.Get(tx.Tx, v.Merchant, id)
		if err != nil {
			return err
		}
		return c.Erase(tx, v.Merchant, o.Shopper)
	})
	if fault.Is(err, "erasure_waits") {
		return c.notErased(r, http.StatusConflict, "")
	}
	return ui.Answer{To: orderPath(id) + "?done=erased"}, err
}

// notErased shows the first step again.
func (c Config) notErased(r *http.Request, status int, wrong string) (ui.Answer, error) {
	p, err := c.erasePage(r)
	p.Wrong = wrong
	return ui.Answer{Status: status, Page: formView(p)}, err
}

// mayErase reports whether this reader may still erase whoever ordered.
func (d *lived) mayErase(v visit) bool { return v.may(merchant.PlaceOrders) && d.who.Email != "" }
