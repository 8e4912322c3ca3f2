package shopper

import (
	"net/http"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// What is sent for the shop's own sake is refused with one press, by whoever holds the
// letter: no code, no session. Mailboxes press it as well (RFC 8058), by a POST to the
// same address; opening it alone changes nothing, for programs that scan letters do.

func (s *site) refuseRoutes() []ui.Route {
	const path = "/p/{token}/desabonnement"
	return []ui.Route{
		{Method: http.MethodGet, Path: path, Access: ui.ByLink, Summary: "What refusing a kind of letter means", Serve: s.askRefusal},
		{Method: http.MethodPost, Path: path, Access: ui.ByLink, Summary: "Refuse a kind of letter, with one press", Serve: s.refuseTopic},
	}
}

// refusalPage is where a kind of letter is refused.
type refusalPage struct {
	ui.Frame
	Back, Text string
	Done       bool
}

// refusable reads the order and the topic that is asked to be refused. The fault is
// not_found: of what is no marketing, nobody is told by this page how to refuse it.
func (s *site) refusable(r *http.Request) (d *lived, t fact.Topic, err error) {
	t = fact.Topic(r.URL.Query().Get("sujet"))
	if notify.LegalOf(t) != notify.Marketing {
		return nil, t, fault.New(fault.NotFound, "not_found", "")
	}
	err = s.read(r, func(tx *db.Tx, link ident.Link) (err error) {
		d, err = readLiving(tx, link, wanted(r))
		return err
	})
	return d, t, err
}

func (d *lived) refusalPage(t fact.Topic, done bool) refusalPage {
	args := map[string]any{"Shop": d.brand.Shown, "Topic": d.Topic(t)}
	p := refusalPage{Frame: d.frame(d.T("messages_page.refuse_title", args)), Back: d.back(), Done: done}
	p.Text = d.T("messages_page.refuse_text", args)
	if done {
		p.Text = d.T("messages_page.refused", args)
	}
	return p
}

// askRefusal shows what would be refused.
func (s *site) askRefusal(r *http.Request) (ui.Answer, error) {
	d, t, err := s.refusable(r)
	if err != nil {
		return ui.Answer{}, err
	}
	return ui.Answer{Page: refuseView(d.refusalPage(t, false))}, nil
}

// refuseTopic takes the topic off every channel.
func (s *site) refuseTopic(r *http.Request) (ui.Answer, error) {
	d, t, err := s.refusable(r)
	if err != nil {
		return ui.Answer{}, err
	}
	err = s.flow.One(r.Context(), flow.ByShopper(d.order.Shopper), d.shop.ID, func(tx *flow.Tx) error {
		for _, ch := range notify.Ways {
			if err := notify.Prefer(tx, d.shop.ID, notify.Preference{Shopper: d.order.Shopper, Topic: t, Channel: ch}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return ui.Answer{}, err
	}
	return ui.Answer{Page: refuseView(d.refusalPage(t, true))}, nil
}
