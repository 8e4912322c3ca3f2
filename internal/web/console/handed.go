package console

import (
	"net/http"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	helpdesk "github.com/promesse-dev/promesse/internal/desk"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/blob"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/shopper"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

const (
	// handedHere is where people of a network answer what shops handed to their desk.
	handedHere   = "/console/handed"
	answerHanded = string(merchant.AnswerHanded)
)

func handedRoutes(c Config) []ui.Route {
	const get, post, one = http.MethodGet, http.MethodPost, handedHere + "/{shop}/{id}"
	return []ui.Route{
		{Method: get, Path: handedHere, Access: ui.BySession, Needs: answerHanded, Summary: "Of a network: what shops handed to its desk, the next deadline first", Serve: c.handed},
		{Method: get, Path: one, Access: ui.BySession, Needs: answerHanded, Summary: "A conversation that a shop handed over, with what it is about", Serve: c.handedTalk},
		{Method: get, Path: one + "/photo/{photo}", Access: ui.BySession, Needs: answerHanded, Summary: "A photo of it", Stream: c.handedPhoto},
		{Method: post, Path: one + "/answer", Access: ui.BySession, Needs: answerHanded, Files: maxWritten, Summary: "Answer in the shop's name", Serve: c.answerHanded},
		{Method: post, Path: one + "/back", Access: ui.BySession, Needs: answerHanded, Summary: "Give a conversation back to the shop", Serve: c.giveBack},
	}
}

func handedPath(shop ident.Merchant, id ident.Conversation) string {
	return handedHere + "/" + string(shop) + "/" + string(id)
}

// handedOf is the conversation that a route names.
func handedOf(r *http.Request) (ident.Merchant, ident.Conversation) {
	return ident.Merchant(r.PathValue("shop")), ident.Conversation(r.PathValue("id"))
}

// readDesks reads which networks may answer in the shop's name, and which one does.
func (t *talking) readDesks(tx *db.Tx, m ident.Merchant) error {
	ids, err := merchant.Grantees(tx, m, merchant.AnswerFor)
	if err != nil {
		return err
	}
	for _, id := range ids {
		network, err := merchant.Get(tx, id)
		if err != nil {
			return err
		}
		t.desks = append(t.desks, network)
	}
	if t.of.Network != "" {
		t.desk, err = merchant.Get(tx, t.of.Network)
	}
	return err
}

// handing is who answers, and to whose desk it may be handed.
func (t *talking) handing(b *block) {
	if t.desk.ID != "" {
		args := map[string]any{"House": t.desk.Name, "When": t.When(t.of.Handed, fact.Minute)}
		said := t.T("handed.with", args)
		if !slices.ContainsFunc(t.desks, func(o merchant.Organisation) bool { return o.ID == t.desk.ID }) {
			said = t.T("handed.no_longer", args)
		}
		b.Says = append(b.Says, said)
		b.Deeds = append(b.Deeds, deed{Path: t.root + "/take-back", Button: t.T("handed.take_back", nil), Style: "second"})
		return
	}
	if t.of.State == helpdesk.Closed {
		return
	}
	for _, o := range t.desks {
		args := map[string]any{"House": o.Name}
		b.Deeds = append(b.Deeds, deed{
			Path: t.root + "/hand", Button: t.T("handed.hand", args), Style: "second", How: t.T("handed.hand_how", args), Keep: []pair{{"network", string(o.ID)}},
		})
	}
}

// handTalk hands a conversation over.
func (c Config) handTalk(r *http.Request) (ui.Answer, error) {
	id := ident.Conversation(r.PathValue("id"))
	err := c.act(r, func(tx *flow.Tx, v visit) error {
		_, err := helpdesk.Hand(tx, v.Merchant, id, ident.Merchant(r.PostFormValue("network")), v.Staff.ID)
		return err
	})
	if denied(err) {
		return c.talkPage(r, typedAnswer{wrong: err})
	}
	return ui.Answer{To: talkPath(id) + "?done=handed"}, err
}

func (c Config) takeTalkBack(r *http.Request) (ui.Answer, error) {
	id := ident.Conversation(r.PathValue("id"))
	err := c.act(r, func(tx *flow.Tx, v visit) error {
		_, err := helpdesk.TakeBack(tx, v.Merchant, id, v.Staff.ID)
		return err
	})
	return ui.Answer{To: talkPath(id) + "?done=taken_back"}, err
}

// handed is the queue of a network's desk. A shop's is empty: nothing can be granted
// to it.
func (c Config) handed(r *http.Request) (a ui.Answer, err error) {
	loc := ui.Reader(r)
	p := deskPage{Frame: frame(r, lang.T(loc, "handed.title", nil)), Done: done(r, loc), Empty: lang.T(loc, "handed.none", nil)}
	all := r.URL.Query().Get("show") == "all"
	p.Choices = []choice{
		{handedHere, lang.T(loc, "talks.show_waiting", nil), !all},
		{handedHere + "?show=all", lang.T(loc, "talks.show_all", nil), all},
	}
	err = c.see(r, func(tx *db.Tx, v visit) error {
		list, err := helpdesk.HandedQueue(tx, v.Merchant, all, pageSize)
		if err != nil {
			return err
		}
		p.Rows, err = handedRows(tx, reading(r, tx.Now), list)
		return err
	})
	return ui.Answer{Page: deskView(p)}, err
}

// handedRows puts conversations of several shops into rows.
func handedRows(tx *db.Tx, rd ui.Reading, list []helpdesk.Handed) (rows []deskRow, err error) {
	for _, h := range list {
		shop, err := merchant.Get(tx, h.Of)
		if err != nil {
			return nil, err
		}
		orders, err := order.Many(tx, h.Of, []ident.Order{h.Order})
		if err != nil {
			return nil, err
		}
		said, err := helpdesk.Thread(tx, h.Of, h.ID)
		if err != nil {
			return nil, err
		}
		row := deskRow{
			Path: handedPath(h.Of, h.ID), Title: talkTitle(rd, h.Conversation, orders[h.Order].Reference), Who: shop.Name,
			Small: beginning(said[len(said)-1].Words),
		}
		row.Tone, row.Badge, row.Due = talkState(rd, h.Conversation)
		rows = append(rows, row)
	}
	return rows, nil
}

// readHanded reads a conversation for the network it was handed to: all that was
// said, and what it is about. What else the shopper wrote, and how the shop answers,
// stays the shop's.
func readHanded(tx *db.Tx, network, shop ident.Merchant, id ident.Conversation, rd ui.Reading) (t *talking, err error) {
	t = &talking{lived: &lived{Reading: rd}}
	of, err := helpdesk.HandedOver(tx, network, shop, id)
	if err != nil {
		return t, err
	}
	if of.Order != "" {
		if t.lived, err = readOrder(tx, shop, of.Order, rd); err != nil {
			return t, err
		}
	}
	t.of, t.root = of, handedPath(shop, id)
	if of.Shopper != "" {
		if t.shopper, err = shopper.Get(tx, shop, of.Shopper); err != nil {
			return t, err
		}
	}
	return t, t.readThread(tx, shop)
}

func (c Config) handedTalk(r *http.Request) (ui.Answer, error) {
	return c.handedPage(r, typedAnswer{})
}

func (c Config) handedPage(r *http.Request, typed typedAnswer) (a ui.Answer, err error) {
	var p talkPage
	shop, id := handedOf(r)
	err = c.see(r, func(tx *db.Tx, v visit) error {
		t, err := readHanded(tx, v.Merchant, shop, id, reading(r, tx.Now))
		if err != nil {
			return err
		}
		of, err := merchant.Get(tx, shop)
		p = t.handedPage(r, of, typed)
		p.Done = done(r, p.Locale)
		return err
	})
	if typed.wrong != nil {
		a.Status, p.Done = http.StatusUnprocessableEntity, ""
	}
	a.Page = talkView(p)
	return a, err
}

// handedPage is the page of a conversation as a network's people see it: what the
// shop's would, with ways to nowhere else.
func (t *talking) handedPage(r *http.Request, shop merchant.Organisation, typed typedAnswer) talkPage {
	args := map[string]any{"Shop": shop.Name, "House": staffOf(r).Shop.Name, "About": talkTitle(t.Reading, t.of, t.order.Reference)}
	p := talkPage{formPage: formPage{Frame: frame(r, t.T("handed.for_shop", args)), Back: pair{t.T("handed.to_list", nil), handedHere}}, Said: t.sayings()}
	p.State = block{Title: t.T("talks.heading", nil), Says: []string{}, Facts: []pair{{t.T("talks.via", nil), t.viaWords(t.of.Via)}, {t.T("talks.number", nil), string(t.of.ID)}}}
	var due string
	if p.State.Tone, p.State.Badge, due = talkState(t.Reading, t.of); due != "" {
		p.State.Says = append(p.State.Says, due)
	}
	p.State.Says = append(p.State.Says, t.T("handed.how", args))
	p.State.Deeds = []deed{{Path: t.root + "/back", Button: t.T("handed.give_back", nil), Style: "second", How: t.T("handed.give_back_how", nil)}}
	p.Answer = t.answerForm(typed)
	for _, b := range t.inView() {
		b.Path, b.Links = "", nil
		p.Blocks = append(p.Blocks, b)
	}
	return p
}

// answerHanded answers in the shop's name.
func (c Config) answerHanded(r *http.Request) (ui.Answer, error) {
	shop, id := handedOf(r)
	words := r.PostFormValue("words")
	seen, _ := wholeNumber(r.PostFormValue("seen"))
	err := c.actFor(r, shop, func(tx *flow.Tx, v visit) error {
		_, err := helpdesk.Answer(tx, shop, id, helpdesk.Answering{
			By: v.Staff.ID, House: v.Merchant, Seen: seen, Words: words, Close: r.PostFormValue("close") == "yes",
		})
		return err
	})
	if !denied(err) {
		return ui.Answer{To: handedPath(shop, id) + "?done=handed_answered"}, err
	}
	return c.handedPage(r, typedAnswer{words, err})
}

// giveBack has the shop answer itself again.
func (c Config) giveBack(r *http.Request) (ui.Answer, error) {
	shop, id := handedOf(r)
	err := c.actFor(r, shop, func(tx *flow.Tx, v visit) error {
		if _, err := helpdesk.HandedOver(tx.Tx, v.Merchant, shop, id); err != nil {
			return err
		}
		_, err := helpdesk.TakeBack(tx, shop, id, v.Staff.ID)
		return err
	})
	return ui.Answer{To: handedHere + "?done=taken_back"}, err
}

// actFor runs a verb of a network's person on what a shop handed over: the verb
// itself refuses what was not.
func (c Config) actFor(r *http.Request, shop ident.Merchant, verb func(*flow.Tx, visit) error) error {
	v := staffOf(r)
	return c.Flow.One(r.Context(), flow.ByStaff(v.Staff.ID), shop, func(tx *flow.Tx) error { return verb(tx, v) })
}

// handedPhoto sends a photo that a conversation shows, and no other.
func (c Config) handedPhoto(w http.ResponseWriter, r *http.Request) {
	shop, id := handedOf(r)
	var doc blob.Blob
	err := c.see(r, func(tx *db.Tx, v visit) error {
		if _, err := helpdesk.HandedOver(tx, v.Merchant, shop, id); err != nil {
			return err
		}
		said, err := helpdesk.Thread(tx, shop, id)
		if err != nil {
			return err
		}
		doc, err = photoOf(tx, shop, said, ident.Blob(r.PathValue("photo")))
		return err
	})
	sendPhoto(w, doc, err)
}

// photoOf is a photo that messages show. The fault is not_found.
func photoOf(tx *db.Tx, m ident.Merchant, said []helpdesk.Said, id ident.Blob) (blob.Blob, error) {
	if !slices.ContainsFunc(said, func(x helpdesk.Said) bool { return slices.Contains(x.Photos, id) }) {
		return blob.Blob{}, fault.New(fault.NotFound, "not_found", "document")
	}
	return blob.Get(tx, m, id)
}
