package console

import (
	"bytes"
	"cmp"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/web/ui"
	"github.com/promesse-dev/promesse/internal/webhook"
)

func deliveriesRoutes(c Config) []ui.Route {
	return []ui.Route{
		{Method: http.MethodGet, Path: "/console/deliveries", Access: ui.BySession, Needs: readWork, Summary: "What was sent to the shop's own systems, and what did not arrive", Serve: c.deliveries},
		{Method: http.MethodGet, Path: "/console/deliveries/{id}", Access: ui.BySession, Needs: readWork, Summary: "A delivery with what it says", Serve: c.delivery},
		{Method: http.MethodPost, Path: "/console/deliveries/{id}/replay", Access: ui.BySession, Needs: replayWork, Summary: "Send a delivery again", Serve: c.replayDelivery},
	}
}

func deliveryPath(id ident.Delivery) string { return "/console/deliveries/" + string(id) }

// deliveryStates are those a list may be narrowed to.
var deliveryStates = []webhook.DeliveryState{"", webhook.Dead, webhook.Waiting, webhook.Delivered}

func (c Config) deliveries(r *http.Request) (a ui.Answer, err error) {
	q := r.URL.Query()
	page := webhook.Page{Endpoint: ident.Endpoint(q.Get("endpoint")), State: webhook.DeliveryState(q.Get("state")), Before: ident.Delivery(q.Get("after")), Limit: pageSize + 1}
	if !slices.Contains(deliveryStates, page.State) {
		page.State = ""
	}
	p := deskPage{Frame: frame(r, lang.T(ui.Reader(r), "hooks.deliveries", nil)), Done: done(r, ui.Reader(r))}
	p.Empty = lang.T(p.Locale, "hooks.no_delivery", nil)
	for _, s := range deliveryStates {
		narrowed := page
		narrowed.State, narrowed.Before = s, ""
		p.Choices = append(p.Choices, choice{deliveriesPath(narrowed), deliveryStateWords(ui.Reading{Locale: p.Locale}, s), s == page.State})
	}
	err = c.see(r, func(tx *db.Tx, v visit) error {
		if v.may(merchant.ManageSettings) {
			p.Tabs = []choice{{"/console/settings/webhooks", lang.T(p.Locale, "hooks.to_list", nil), false}}
		}
		all, err := webhook.Deliveries(tx, v.Merchant, page)
		if err != nil {
			return err
		}
		if len(all) > pageSize {
			all = all[:pageSize]
			page.Before = all[pageSize-1].ID
			p.More = deliveriesPath(page)
		}
		to, err := endpointNames(tx, v.Merchant)
		rd := reading(r, tx.Now)
		for _, d := range all {
			p.Rows = append(p.Rows, deliveryRow(rd, d, to))
		}
		return err
	})
	return ui.Answer{Page: deskView(p)}, err
}

func deliveriesPath(p webhook.Page) string {
	q := url.Values{}
	for name, value := range map[string]string{"endpoint": string(p.Endpoint), "state": string(p.State), "after": string(p.Before)} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if len(q) == 0 {
		return "/console/deliveries"
	}
	return "/console/deliveries?" + q.Encode()
}

func endpointNames(tx *db.Tx, m ident.Merchant) (map[ident.Endpoint]string, error) {
	all, err := webhook.List(tx, m)
	to := map[ident.Endpoint]string{}
	for _, e := range all {
		to[e.ID] = cmp.Or(e.Label, e.URL)
	}
	return to, err
}

func deliveryRow(rd ui.Reading, d webhook.Delivery, to map[ident.Endpoint]string) deskRow {
	row := deskRow{
		Path: deliveryPath(d.ID), Title: string(d.Kind), Who: cmp.Or(to[d.Endpoint], rd.T("hooks.removed", nil)), Due: deliveryNews(rd, d),
		Badge: deliveryStateWords(rd, d.State), Tone: deliveryTone(d), Small: rd.When(d.Made, fact.Minute),
	}
	return row
}

func deliveryTone(d webhook.Delivery) ui.Tone {
	switch {
	case d.State == webhook.Dead:
		return ui.Bad
	case d.State == webhook.Delivered:
		return ui.Good
	case d.Tries > 0:
		return ui.Care
	}
	return ui.Calm
}

func deliveryStateWords(rd ui.Reading, s webhook.DeliveryState) string {
	return worded(rd, map[string]string{
		"": "console.all", string(webhook.Waiting): "hooks.delivery_waiting", string(webhook.Delivered): "hooks.delivery_delivered", string(webhook.Dead): "hooks.delivery_dead",
	}, string(s))
}

// deliveryNews is what became of the last try.
func deliveryNews(rd ui.Reading, d webhook.Delivery) string {
	if d.Tries == 0 {
		return rd.T("hooks.not_tried", nil)
	}
	words := lang.N(rd.Locale, "hooks.tries", d.Tries, nil)
	if d.Status != 0 {
		words += rd.T("hooks.answered", map[string]any{"Status": number(d.Status)})
	}
	if d.Error != "" {
		words += " · " + deliveryError(rd, d.Error)
	}
	return words
}

func deliveryError(rd ui.Reading, code string) string {
	return worded(rd, map[string]string{
		webhook.NoAnswer: "hooks.error_no_answer", webhook.NotAccepted: "hooks.error_refused", webhook.LeftAlone: "hooks.error_resting",
		webhook.WasRested: "hooks.error_rested", webhook.WasGone: "hooks.error_gone", webhook.WasRemoved: "hooks.error_removed", webhook.FactNotFound: "hooks.error_lost",
	}, code)
}

// deliveryPage is one delivery before it is HTML.
func (c Config) delivery(r *http.Request) (ui.Answer, error) { return c.deliveryPage(r, nil) }

func (c Config) deliveryPage(r *http.Request, wrong error) (a ui.Answer, err error) {
	p := formPage{Frame: frame(r, lang.T(ui.Reader(r), "hooks.delivery", nil)), Done: done(r, ui.Reader(r))}
	p.Back = pair{lang.T(p.Locale, "hooks.to_deliveries", nil), "/console/deliveries"}
	if wrong != nil {
		p.Wrong, p.Done, a.Status = misdone(p.Locale, wrong), "", http.StatusUnprocessableEntity
	}
	err = c.see(r, func(tx *db.Tx, v visit) error {
		d, err := webhook.DeliveryOf(tx, v.Merchant, ident.Delivery(r.PathValue("id")))
		if err != nil {
			return err
		}
		body, err := webhook.Body(tx, v.Merchant, d)
		if err != nil {
			return err
		}
		to, err := endpointNames(tx, v.Merchant)
		p.Sums = []block{deliveryBlock(reading(r, tx.Now), d, to, body, v)}
		return err
	})
	a.Page = formView(p)
	return a, err
}

func deliveryBlock(rd ui.Reading, d webhook.Delivery, to map[ident.Endpoint]string, body []byte, v visit) block {
	k := block{
		Title: string(d.Kind), Tone: deliveryTone(d), Badge: deliveryStateWords(rd, d.State), Says: []string{deliveryNews(rd, d)}, Facts: []pair{
			{rd.T("hooks.fact_to", nil), cmp.Or(to[d.Endpoint], rd.T("hooks.removed", nil))},
			{rd.T("hooks.fact_made", nil), rd.When(d.Made, fact.Exact)},
			{rd.T("hooks.fact_id", nil), string(d.ID)},
			{rd.T("hooks.fact_object", nil), d.Subject},
		},
	}
	if d.Sequence > 0 {
		k.Facts = append(k.Facts, pair{rd.T("hooks.fact_sequence", nil), number(d.Sequence)})
	}
	if d.Settled != 0 {
		k.Facts = append(k.Facts, pair{rd.T("hooks.fact_settled", nil), rd.When(d.Settled, fact.Exact)})
	}
	var pretty bytes.Buffer
	if json.Indent(&pretty, body, "", "\t") == nil {
		k.Quote = pretty.String()
	}
	if d.State != webhook.Waiting && to[d.Endpoint] != "" && v.may(merchant.ReplayWork) {
		k.Deeds = []deed{{Path: deliveryPath(d.ID) + "/replay", Button: rd.T("hooks.replay_one", nil), How: rd.T("hooks.replay_how", nil)}}
	}
	return k
}

func (c Config) replayDelivery(r *http.Request) (ui.Answer, error) {
	id := ident.Delivery(r.PathValue("id"))
	err := c.act(r, func(tx *flow.Tx, v visit) error { return webhook.Replay(tx, v.Merchant, id) })
	if denied(err) {
		return c.deliveryPage(r, err)
	}
	return ui.Answer{To: deliveryPath(id) + "?done=hook_replayed"}, err
}
