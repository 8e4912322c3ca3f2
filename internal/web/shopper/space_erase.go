package shopper

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/erasure"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	orders "github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/shopper"
	"github.com/promesse-dev/promesse/internal/web/letters"
	"github.com/promesse-dev/promesse/internal/web/pass"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

func (s *site) spaceEraseRoutes() []ui.Route {
	return []ui.Route{
		{Method: http.MethodGet, Path: "/espace/donnees/effacer", Access: ui.ByShopper, Summary: "What a shop erases of one, what it keeps and why, and what it waits for", Serve: s.askErasure},
		{Method: http.MethodPost, Path: "/espace/donnees/effacer", Access: ui.ByShopper, Summary: "Have one's data erased at a shop, or at all", Serve: s.erase},
	}
}

// erasePage is what would be erased, or what was.
type erasePage struct {
	ui.Frame
	Shops []erasable
	Wrong []wrong
	Done  []string // what came of it, shop by shop; empty: nothing was asked yet
	Over  bool     // no shop is left
}

// erasable is a shop that can forget whoever is in their space.
type erasable struct {
	ID    ident.Merchant
	Shop  string
	Count string   // how many orders
	Waits []string // for what; empty: it can be done now
	id    ident.Shopper
}

// askErasure says what erasing means, shop by shop.
func (s *site) askErasure(r *http.Request) (ui.Answer, error) {
	if a, ok := s.fresh(r); !ok {
		return a, nil
	}
	p, err := s.erasePage(r)
	return ui.Answer{Page: spaceErase(p)}, err
}

func (s *site) erasePage(r *http.Request) (p erasePage, err error) {
	p.Frame = spaceFrame(r, "erase.title")
	p.Look = backLook
	err = s.flow.Read(r.Context(), func(tx *db.Tx) error {
		places, err := linked(tx, inSpace(r))
		p.Shops = nil
		for _, place := range places {
			if err != nil {
				return err
			}
			var e erasable
			e, err = erasableAt(tx, place, p.Locale)
			p.Shops = append(p.Shops, e)
		}
		return err
	})
	slices.SortFunc(p.Shops, func(a, b erasable) int { return strings.Compare(a.Shop, b.Shop) })
	return p, err
}

func erasableAt(tx *db.Tx, p shopper.Place, loc lang.Locale) (e erasable, err error) {
	shop, brand, err := merchant.Face(tx, p.Merchant)
	if err != nil {
		return e, err
	}
	n, err := orders.CountOf(tx, p.Merchant, p.ID)
	if err != nil {
		return e, err
	}
	e = erasable{ID: p.Merchant, Shop: brand.Shown, Count: lang.N(loc, "erase.orders", n, nil), id: p.ID}
	zone, err := civil.Zone(shop.Zone)
	if err != nil {
		return e, err
	}
	holds, err := erasure.UnderWay(tx, p.Merchant, p.ID)
	if err != nil {
		return e, err
	}
	e.Waits, err = Holds(tx, p.Merchant, ui.Reading{Locale: loc, Now: tx.Now, Zone: zone}, holds)
	return e, err
}

// Holds puts what an erasure waits for into words, for a reader in a zone.
func Holds(tx *db.Tx, m ident.Merchant, rd ui.Reading, holds []erasure.Hold) (words []string, err error) {
	var ids []ident.Order
	for _, h := range holds {
		if h.Order != "" {
			ids = append(ids, h.Order)
		}
	}
	of, err := orders.Many(tx, m, ids)
	for _, h := range holds {
		words = append(words, holdWords(rd, h, of[h.Order].Reference))
	}
	return words, err
}

// holdWords says what one thing is, and until when at most.
func holdWords(rd ui.Reading, h erasure.Hold, reference string) string {
	args := map[string]any{"Order": reference}
	says := map[erasure.Why][2]string{
		erasure.Delivery: {rd.T("erase.hold_delivery", nil), rd.T("erase.hold_delivery_of", args)},
		erasure.Answer:   {rd.T("erase.hold_answer", nil), rd.T("erase.hold_answer_of", args)},
		erasure.Return:   {rd.T("erase.hold_return", nil), rd.T("erase.hold_return_of", args)},
		erasure.Refund:   {rd.T("erase.hold_refund", nil), rd.T("erase.hold_refund_of", args)},
	}[h.Why]
	said := says[0]
	if reference != "" {
		said = says[1]
	}
	if h.Until <= rd.Now {
		return rd.T("erase.hold_open", map[string]any{"Hold": said})
	}
	return rd.T("erase.hold_until", map[string]any{"Hold": said, "When": rd.When(h.Until, fact.Minute)})
}

// erase has the shop that is named forget whoever asks, or all shops that can.
func (s *site) erase(r *http.Request) (ui.Answer, error) {
	if a, ok := s.fresh(r); !ok {
		return a, nil
	}
	p, err := s.erasePage(r)
	if err != nil {
		return ui.Answer{}, err
	}
	one := ident.Merchant(r.PostFormValue("shop"))
	if one != "" {
		p.Shops = slices.DeleteFunc(p.Shops, func(e erasable) bool { return e.ID != one })
	}
	if len(p.Shops) == 0 {
		return ui.Answer{}, fault.New(fault.NotFound, "not_found", "")
	}
	if r.PostFormValue("sure") == "" {
		return s.unsure(r)
	}
	for _, e := range p.Shops {
		said, err := s.eraseAt(r, e)
		if err != nil {
			return ui.Answer{}, err
		}
		p.Done = append(p.Done, said)
	}
	return s.erased(r, p)
}

// unsure shows the page again to whoever did not tick the box.
func (s *site) unsure(r *http.Request) (ui.Answer, error) {
	p, err := s.erasePage(r)
	p.Wrong = []wrong{{"sure-" + r.PostFormValue("shop"), lang.T(p.Locale, "erase.unsure", nil)}}
	return ui.Answer{Status: http.StatusUnprocessableEntity, Page: spaceErase(p)}, err
}

// eraseAt has one shop forget them, and says what came of it.
func (s *site) eraseAt(r *http.Request, e erasable) (said string, err error) {
	loc, args := ui.Reader(r), map[string]any{"Shop": e.Shop}
	err = s.flow.One(r.Context(), flow.ByShopper(e.id), e.ID, func(tx *flow.Tx) error { return forget(tx, s.spacePost(), e.ID, e.id) })
	if fault.Is(err, "erasure_waits") {
		return lang.T(loc, "erase.done_waits", args), nil
	}
	return lang.T(loc, "erase.done_at", args), err
}

// erased says what was done. Who has no space any more is out of it.
func (s *site) erased(r *http.Request, p erasePage) (ui.Answer, error) {
	p.Title = lang.T(p.Locale, "erase.done", nil)
	a := ui.Answer{}
	err := s.flow.Read(r.Context(), func(tx *db.Tx) error {
		_, err := shopper.VisitOf(tx, inSpace(r).token)
		if p.Over = fault.KindOf(err) == fault.Unauthorized; p.Over {
			a.Cookies = []*http.Cookie{s.spaceCookie("", -time.Second)}
			return nil
		}
		return err
	})
	a.Page = spaceErased(p)
	return a, err
}

// forget erases a shopper and has the last letter written. The address is in the
// sealed queue until that has left, three days at most, and nowhere else.
func forget(tx *flow.Tx, post pass.Post, m ident.Merchant, id ident.Shopper) error {
	brand, err := merchant.BrandOf(tx.Tx, m)
	if err != nil {
		return err
	}
	was, err := erasure.Erase(tx, m, id)
	if err != nil || was.Email == "" { // erased before: the letter was written then
		return err
	}
	return post.Enqueue(tx, pass.Asked{
		What: letters.Erased, Other: brand.Shown, Email: was.Email, Link: ident.NewLink(tx.Mint), Locale: was.Locale,
		Asked: tx.Now, Until: tx.Wall.Add(noticeLife),
	})
}

// Forget is forget for the other doors: who asks there was proved to be the shopper
// by somebody of the shop. The faults are those of erasure.Erase.
func Forget(c Config) func(*flow.Tx, ident.Merchant, ident.Shopper) error {
	post := pass.Post{Kind: spaceErrand, Seal: spaceSeal, Vault: c.Vault, Flow: c.Flow}
	return func(tx *flow.Tx, m ident.Merchant, id ident.Shopper) error { return forget(tx, post, m, id) }
}
