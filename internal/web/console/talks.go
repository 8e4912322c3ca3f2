package console

import (
	"net/http"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	helpdesk "github.com/promesse-dev/promesse/internal/desk"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/shopper"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// talksHere is where people of the shop answer those who wrote.
const talksHere = "/console/desk"

// maxWritten is how many bytes a form with an answer may have.
const maxWritten = 1 << 20

func talksRoutes(c Config) []ui.Route {
	return []ui.Route{
		{Method: http.MethodGet, Path: talksHere, Access: ui.BySession, Needs: readOrders, Summary: "Who waits for an answer, the next deadline first, or all conversations", Serve: c.talks},
		{Method: http.MethodGet, Path: talksHere + "/public", Access: ui.BySession, Needs: placeOrders, Summary: "A form for what somebody wrote in public", Serve: c.publicForm},
		{Method: http.MethodPost, Path: talksHere + "/public", Access: ui.BySession, Needs: placeOrders, Files: maxWritten, Summary: "Open a conversation for what was written in public", Serve: c.openPublic},
		{Method: http.MethodGet, Path: talksHere + "/{id}", Access: ui.BySession, Needs: readOrders, Summary: "A conversation, with the order, its promise and the past in view", Serve: c.talk},
		{Method: http.MethodGet, Path: talksHere + "/{id}/photo/{photo}", Access: ui.BySession, Needs: readOrders, Summary: "A photo that a conversation shows", Stream: c.talkPhoto},
		{Method: http.MethodPost, Path: talksHere + "/{id}/answer", Access: ui.BySession, Needs: placeOrders, Files: maxWritten, Summary: "Answer whoever wrote, or begin from a saved answer", Serve: c.answerTalk},
		{Method: http.MethodPost, Path: talksHere + "/{id}/close", Access: ui.BySession, Needs: placeOrders, Summary: "Close a conversation in which nobody waits", Serve: c.closeTalk},
		{Method: http.MethodPost, Path: talksHere + "/{id}/read", Access: ui.BySession, Needs: placeOrders, Summary: "What came from an unknown address was read", Serve: c.readTalk},
		{Method: http.MethodPost, Path: talksHere + "/{id}/hand", Access: ui.BySession, Needs: placeOrders, Summary: "Hand a conversation to the desk of a network", Serve: c.handTalk},
		{Method: http.MethodPost, Path: talksHere + "/{id}/take-back", Access: ui.BySession, Needs: placeOrders, Summary: "Answer a conversation oneself again", Serve: c.takeTalkBack},
	}
}

func talkPath(id ident.Conversation) string { return talksHere + "/" + string(id) }

// talks is the queue: the next deadline first, and of one deadline the most
// valuable order.
func (c Config) talks(r *http.Request) (a ui.Answer, err error) {
	loc := ui.Reader(r)
	p := deskPage{Frame: frame(r, lang.T(loc, "talks.title", nil)), Done: done(r, loc), Empty: lang.T(loc, "talks.none", nil)}
	all, after := r.URL.Query().Get("show") == "all", ident.Conversation(r.URL.Query().Get("after"))
	p.Choices = []choice{
		{talksHere, lang.T(loc, "talks.show_waiting", nil), !all},
		{talksHere + "?show=all", lang.T(loc, "talks.show_all", nil), all},
	}
	err = c.see(r, func(tx *db.Tx, v visit) error {
		var err error
		if p.Tabs, err = talkTabs(tx, v, loc, talksHere); err != nil {
			return err
		}
		list, err := readQueue(tx, v.Merchant, all, after)
		if err != nil {
			return err
		}
		if len(list) > pageSize {
			list = list[:pageSize]
			p.More = talksHere + "?after=" + string(list[pageSize-1].ID)
			if all {
				p.More += "&show=all"
			}
		}
		rd := reading(r, tx.Now)
		if p.Rows, err = talkRows(tx, v.Merchant, rd, list); err != nil || all || after != "" {
			return err
		}
		return p.strangers(tx, v, rd)
	})
	return ui.Answer{Page: deskView(p)}, err
}

func readQueue(tx *db.Tx, m ident.Merchant, all bool, after ident.Conversation) ([]helpdesk.Conversation, error) {
	if all {
		return helpdesk.Newest(tx, m, after, pageSize+1)
	}
	var last helpdesk.Conversation
	if after != "" {
		var err error
		if last, err = helpdesk.Get(tx, m, after); absent(err) != nil {
			return nil, err
		}
	}
	return helpdesk.Queue(tx, m, last, pageSize+1)
}

// strangers lists what came from addresses nobody knows, and was not read yet.
func (p *deskPage) strangers(tx *db.Tx, v visit, rd ui.Reading) error {
	all, err := helpdesk.Strange(tx, v.Merchant, pageSize)
	if err != nil || len(all) == 0 {
		return err
	}
	b := block{ID: "strange", Title: rd.T("talks.strange", nil), Says: []string{rd.T("talks.strange_how", nil)}}
	for _, c := range all {
		b.Links = append(b.Links, pair{rd.T("talks.strange_one", map[string]any{"When": rd.When(c.Strange, fact.Minute)}), talkPath(c.ID)})
	}
	p.Blocks = append(p.Blocks, b)
	return nil
}

// talkRows puts conversations into rows: who, about which order, by when.
func talkRows(tx *db.Tx, m ident.Merchant, rd ui.Reading, all []helpdesk.Conversation) (rows []deskRow, err error) {
	var people []ident.Shopper
	var ids []ident.Order
	for _, c := range all {
		people, ids = append(people, c.Shopper), append(ids, c.Order)
	}
	who, err := shopper.Many(tx, m, people)
	if err != nil {
		return nil, err
	}
	orders, err := order.Many(tx, m, ids)
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		said, err := helpdesk.Thread(tx, m, c.ID)
		if err != nil {
			return nil, err
		}
		row := deskRow{Path: talkPath(c.ID), Title: talkTitle(rd, c, orders[c.Order].Reference), Who: named(who[c.Shopper]), Small: beginning(said[len(said)-1].Words)}
		row.Tone, row.Badge, row.Due = talkState(rd, c)
		rows = append(rows, row)
	}
	return rows, nil
}

// named is how the shop calls a shopper.
func named(c shopper.Contact) string {
	if c.Name == "" {
		return c.Email
	}
	return c.Name
}

// talkTitle is what a conversation is about.
func talkTitle(rd ui.Reading, c helpdesk.Conversation, reference string) string {
	switch {
	case c.Via == fact.ViaPublic && reference == "":
		return rd.T("talks.public_one", nil)
	case reference == "":
		return rd.T("talks.no_order", nil)
	}
	return rd.T("talks.about", map[string]any{"Reference": reference})
}

// shortest is how much of a message a row shows.
const shortest = 120

func beginning(words string) string {
	words = strings.Join(strings.Fields(words), " ")
	if r := []rune(words); len(r) > shortest {
		return string(r[:shortest]) + "…"
	}
	return words
}

// talkState is where a conversation stands, and by when somebody is to answer.
func talkState(rd ui.Reading, c helpdesk.Conversation) (t ui.Tone, badge, due string) {
	args := map[string]any{"Due": rd.Due(c.AnswerBy), "Long": rd.Long(c.AnswerBy.Sub(rd.Now))}
	switch {
	case c.State == helpdesk.Closed:
		return ui.Mute, rd.T("talks.state_closed", nil), ""
	case !c.Waits():
		return ui.Good, rd.T("talks.state_answered", nil), ""
	case rd.Now >= c.AnswerBy:
		args["Long"] = rd.Long(rd.Now.Sub(c.AnswerBy))
		return ui.Bad, rd.T("talks.state_late", nil), rd.T("talks.due_late", args)
	default:
		return ui.Care, rd.T("talks.state_waiting", nil), rd.T("talks.due", args)
	}
}

// publicForm is for what somebody wrote where everybody reads.
func (c Config) publicForm(r *http.Request) (ui.Answer, error) {
	return ui.Answer{Page: talkFormView(publicPage(r, publicly{}, nil))}, nil
}

// publicly is what somebody typed about a complaint in public.
type publicly struct{ link, words, reference, key string }

func publicPage(r *http.Request, in publicly, wrong map[string]string) formPage {
	loc := ui.Reader(r)
	t := func(key string) string { return lang.T(loc, key, nil) }
	if in.key == "" {
		in.key = newKey()
	}
	p := formPage{
		Frame: frame(r, t("talks.public_title")), Back: pair{t("talks.to_list"), talksHere}, Intro: []string{t("talks.public_how")}, Legend: t("talks.public_legend"),
		Wrong: wrong[""],
	}
	p.Form = &deed{
		Path: talksHere + "/public", Button: t("talks.public_open"), Files: true, Keep: []pair{{"key", in.key}},
		Fields: []input{
			{Name: "source", Kind: "url", Label: t("talks.public_link"), Value: in.link, Fault: wrong["source"], Needed: true},
			{Name: "words", Kind: "area", Label: t("talks.public_words"), Hint: t("talks.public_words_hint"), Value: in.words, Fault: wrong["words"], Needed: true},
			{Name: "order", Label: t("talks.public_order"), Hint: t("talks.public_order_hint"), Value: in.reference, Fault: wrong["order"]},
		},
	}
	return p
}

// openPublic opens a conversation for it, with a deadline like any other.
func (c Config) openPublic(r *http.Request) (ui.Answer, error) {
	in := publicly{
		link: strings.TrimSpace(r.PostFormValue("source")), words: r.PostFormValue("words"),
		reference: strings.TrimSpace(r.PostFormValue("order")), key: r.PostFormValue("key"),
	}
	var opened helpdesk.Conversation
	err := c.act(r, func(tx *flow.Tx, v visit) error {
		q := helpdesk.Question{Key: "console/" + in.key, Via: fact.ViaPublic, Source: in.link, Words: in.words}
		if in.reference != "" {
			o, ok, err := order.ByReference(tx.Tx, v.Merchant, in.reference)
			if err != nil {
				return err
			}
			if !ok {
				return fault.New(fault.NotFound, "not_found", "order")
			}
			q.Order = o.ID
		}
		var err error
		opened, err = helpdesk.Ask(tx, v.Merchant, q)
		return err
	})
	if !denied(err) && !notThere(err) {
		return ui.Answer{To: talkPath(opened.ID)}, err
	}
	words := faults(ui.Reader(r), err, "source", "words", "order")
	if notThere(err) {
		words = map[string]string{"order": lang.T(ui.Reader(r), "talks.no_such_order", map[string]any{"Reference": beginning(in.reference)})}
	}
	return ui.Answer{Status: http.StatusUnprocessableEntity, Page: talkFormView(publicPage(r, in, words))}, nil
}
