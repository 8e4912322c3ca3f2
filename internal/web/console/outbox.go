package console

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/shopper"
	"github.com/promesse-dev/promesse/internal/web/letters"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

func outboxRoutes(c Config) []ui.Route {
	return []ui.Route{
		{Method: http.MethodGet, Path: "/console/outbox", Access: ui.BySession, Needs: readOrders, Summary: "Every message, sent or not, and why", Serve: c.outbox},
		{Method: http.MethodGet, Path: "/console/outbox/{id}", Access: ui.BySession, Needs: readOrders, Summary: "A message as it was sent", Serve: c.message},
		{Method: http.MethodGet, Path: "/console/outbox/{id}/html", Access: ui.BySession, Needs: readOrders, Summary: "The HTML of a message, for the frame it is shown in", Stream: c.messageHTML},
	}
}

// messageRow is one message in a list.
type messageRow struct {
	Path, Subject, Topic, To, When, Badge, Reason string
	Tone                                          ui.Tone
}

// outboxPage is the list before it is HTML.
type outboxPage struct {
	ui.Frame
	Choices []choice
	Rows    []messageRow
	More    string
}

// messageStates are those the list may be narrowed to.
var messageStates = []notify.State{"", notify.Sent, notify.Queued, notify.Failed, notify.Bounced, notify.Skipped}

func (c Config) outbox(r *http.Request) (a ui.Answer, err error) {
	state := notify.State(r.URL.Query().Get("state"))
	if !slices.Contains(messageStates, state) {
		state = ""
	}
	p := outboxPage{Frame: frame(r, lang.T(ui.Reader(r), "console.nav_outbox", nil))}
	p.Choices = outboxChoices(p.Locale, state)
	err = c.see(r, func(tx *db.Tx, v visit) error {
		page := notify.Page{State: state, After: ident.Message(r.URL.Query().Get("after")), Limit: pageSize + 1}
		all, err := notify.List(tx, v.Merchant, page)
		if err != nil {
			return err
		}
		if len(all) > pageSize {
			all = all[:pageSize]
			p.More = "/console/outbox?" + url.Values{"after": {string(all[pageSize-1].ID)}, "state": {string(state)}}.Encode()
		}
		p.Rows, err = messageRows(tx, v.Merchant, reading(r, tx.Now), all)
		return err
	})
	return ui.Answer{Page: outboxList(p)}, err
}

func messageRows(tx *db.Tx, m ident.Merchant, read ui.Reading, all []notify.Message) (rows []messageRow, err error) {
	people := make([]ident.Shopper, len(all))
	for i, msg := range all {
		people[i] = msg.Shopper
	}
	who, err := shopper.Many(tx, m, people)
	if err != nil {
		return nil, err
	}
	others, err := beside(tx, m, all)
	for _, msg := range all {
		rows = append(rows, messageRowOf(read, msg, who[msg.Shopper].Name, others[msg.Order]))
	}
	return rows, err
}

// beside reads the other messages about the orders of those that another letter
// told too.
func beside(tx *db.Tx, m ident.Merchant, all []notify.Message) (map[ident.Order][]notify.Message, error) {
	var orders []ident.Order
	for _, msg := range all {
		if msg.Reason == notify.Together && !slices.Contains(orders, msg.Order) {
			orders = append(orders, msg.Order)
		}
	}
	return notify.OfOrders(tx, m, orders)
}

// messageRowOf is a message in a list; others are those about its order.
func messageRowOf(r ui.Reading, m notify.Message, to string, others []notify.Message) messageRow {
	row := messageRow{
		Path: "/console/outbox/" + string(m.ID), Subject: m.Subject, Topic: r.Topic(m.Topic), To: to,
		When: r.When(m.Created, fact.Minute), Reason: reasonWords(r, m, others),
	}
	row.Tone, row.Badge = messageState(r, m.State)
	return row
}

func messageState(r ui.Reading, s notify.State) (ui.Tone, string) {
	switch s {
	case notify.Sent:
		return ui.Good, r.T("console.message_sent", nil)
	case notify.Queued:
		return ui.Calm, r.T("console.message_queued", nil)
	case notify.Failed:
		return ui.Bad, r.T("console.message_failed", nil)
	case notify.Bounced:
		return ui.Bad, r.T("console.message_bounced", nil)
	default:
		return ui.Mute, r.T("console.message_skipped", nil)
	}
}

// reasonWords is why a message was not sent, or failed; empty for one that has
// nothing to explain. others are the messages about its order.
func reasonWords(r ui.Reading, m notify.Message, others []notify.Message) string {
	switch m.Reason {
	case notify.First:
		return ""
	case notify.Together:
		return togetherWords(r, m, others)
	}
	words, known := letters.WhyNot(r, m.Reason)
	if !known {
		return r.T("console.refused_by_server", map[string]any{"Code": m.Reason})
	}
	return words
}

// togetherWords names the letter that told what the message would have: of
// those that tell of trouble or of its repair, the one decided nearest to it.
func togetherWords(r ui.Reading, m notify.Message, others []notify.Message) string {
	var with notify.Message
	for _, o := range others {
		tells := o.Topic == fact.TopicBroken || o.Topic == fact.TopicRepaired
		if !tells || o.ID == m.ID || o.State == notify.Skipped {
			continue
		}
		if with.ID == "" || o.Created.Sub(m.Created).Abs() < with.Created.Sub(m.Created).Abs() {
			with = o
		}
	}
	if with.ID == "" {
		return r.T("why_not.told_together", nil)
	}
	return r.T("why_not.told_with", map[string]any{"Letter": cmp.Or(with.Subject, r.Topic(with.Topic))})
}

func outboxChoices(loc lang.Locale, here notify.State) (out []choice) {
	words := map[notify.State]string{
		"":             "console.all_messages",
		notify.Sent:    "console.only_sent",
		notify.Queued:  "console.only_queued",
		notify.Failed:  "console.only_failed",
		notify.Bounced: "console.only_bounced",
		notify.Skipped: "console.only_skipped",
	}
	for _, s := range messageStates {
		path := "/console/outbox"
		if s != "" {
			path += "?state=" + string(s)
		}
		out = append(out, choice{path, lang.T(loc, words[s], nil), s == here})
	}
	return out
}

// messagePage is one message before it is HTML.
type messagePage struct {
	ui.Frame
	Badge, Reason string
	Tone          ui.Tone
	Headers       []pair
	HTML          string // path of the frame's document; empty when there is no HTML
	Text          string
	Order         string // path; empty for a message about no order
	Nothing       string // why there are no words to show
}

func (c Config) message(r *http.Request) (a ui.Answer, err error) {
	var p messagePage
	err = c.see(r, func(tx *db.Tx, v visit) error {
		m, err := notify.Get(tx, v.Merchant, ident.Message(r.PathValue("id")))
		if err != nil {
			return err
		}
		who, err := shopper.Many(tx, v.Merchant, []ident.Shopper{m.Shopper})
		if err != nil {
			return err
		}
		brand, err := merchant.BrandOf(tx, v.Merchant)
		if err != nil {
			return err
		}
		read := reading(r, tx.Now)
		others, err := beside(tx, v.Merchant, []notify.Message{m})
		if err != nil {
			return err
		}
		p = messagePage{Frame: frame(r, cmp.Or(m.Subject, read.Topic(m.Topic))), Text: c.linked(m, m.Text), Reason: reasonWords(read, m, others[m.Order])}
		p.Frame.Framed = m.HTML != ""
		p.Tone, p.Badge = messageState(read, m.State)
		p.Headers = headersOf(read, m, who[m.Shopper], brand)
		if m.Order != "" {
			o, err := order.Get(tx, v.Merchant, m.Order)
			if err != nil {
				return err
			}
			p.Order = orderPath(o.ID)
		}
		if m.HTML != "" {
			p.HTML = "/console/outbox/" + string(m.ID) + "/html"
		} else {
			p.Nothing = nothingToShow(read, m)
		}
		return nil
	})
	return ui.Answer{Page: messageView(p)}, err
}

// headersOf are the headers of a letter, as the channel writes them.
func headersOf(r ui.Reading, m notify.Message, to shopper.Contact, b merchant.Brand) []pair {
	pairs := []pair{
		{r.T("console.header_from", nil), b.Shown},
		{r.T("console.header_to", nil), strings.TrimSpace(to.Name + " <" + to.Email + ">")},
	}
	if b.Contact != "" {
		pairs = append(pairs, pair{"Reply-To", b.Contact})
	}
	if m.Subject != "" {
		pairs = append(pairs, pair{r.T("console.header_subject", nil), m.Subject})
	}
	pairs = append(pairs, pair{r.T("console.header_date", nil), m.Created.In(r.Zone).Format("Mon, 02 Jan 2006 15:04:05 -0700")})
	if m.MessageID != "" {
		pairs = append(pairs, pair{"Message-ID", "<" + m.MessageID + ">"})
	}
	pairs = append(pairs, pair{"Content-Language", string(m.Locale)}, pair{"Auto-Submitted", "auto-generated"})
	if !m.Accepted.IsZero() {
		pairs = append(pairs, pair{r.T("console.header_accepted", nil), r.When(m.Accepted, fact.Exact)})
	}
	switch {
	case m.Failure != "":
		pairs = append(pairs, pair{r.T("templates.wrote", nil), r.T("templates.wrote_failed", map[string]any{"Code": m.Failure})})
	case m.Template != "":
		pairs = append(pairs, pair{r.T("templates.wrote", nil), r.T("templates.wrote_own", map[string]any{"Version": string(m.Template)})})
	}
	return append(pairs, pair{r.T("console.header_topic", nil), r.Topic(m.Topic)})
}

// nothingToShow is why a message has no words: it was never written, or they
// opened something and were erased.
func nothingToShow(r ui.Reading, m notify.Message) string {
	switch {
	case m.Subject != "" && (m.State == notify.Sent || m.State == notify.Bounced):
		return r.T("console.words_erased", nil)
	case m.State == notify.Queued:
		return r.T("console.words_not_yet", nil)
	default:
		return r.T("console.words_never", nil)
	}
}

// linked fills in where the letter leads. The address of the shopper's page
// opens it to whoever holds it, so staff are led to the order's page here
// instead; the demo, whose shoppers are invented, shows the true one.
func (c Config) linked(m notify.Message, words string) string {
	to := strings.TrimSuffix(c.Base, "/") + orderPath(m.Order)
	if c.Page != nil {
		to = c.Page(m.Order)
	}
	return strings.ReplaceAll(words, notify.PageMark, to)
}

// framed lets a letter's HTML use its own styles and nothing else: no script, no
// image from elsewhere, no form, in a frame of ours alone. A click on its button
// leads the whole window.
const framed = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; " +
	"sandbox allow-top-navigation-by-user-activation"

// messageHTML serves what stands in the frame.
func (c Config) messageHTML(w http.ResponseWriter, r *http.Request) {
	var words string
	err := c.see(r, func(tx *db.Tx, v visit) error {
		m, err := notify.Get(tx, v.Merchant, ident.Message(r.PathValue("id")))
		words = c.linked(m, m.HTML)
		return err
	})
	if err != nil || words == "" {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Security-Policy", framed)
	h.Set("Content-Type", "text/html; charset=utf-8")
	words = strings.Replace(words, "<head>", `<head><base target="_top">`, 1)
	_, _ = w.Write([]byte(words))
}
