package shopper

import (
	"slices"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	helpdesk "github.com/promesse-dev/promesse/internal/desk"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/survey"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// AskGallery is the pages on which a shopper writes to a person, and says how it
// went, and that something went wrong, in each of their states, from invented data: no room is read.
func AskGallery(loc lang.Locale) []ui.Exhibit {
	return slices.Concat(talksIn(loc), opinionsIn(loc), claimsIn(loc))
}

// talked is a conversation in a state about the invented order.
func talked(loc lang.Locale, s helpdesk.State, said ...helpdesk.Said) enquiry {
	d := enquiry{lived: lives(loc), due: on(paris, 17, 0), said: said, who: map[ident.Staff]helpdesk.Voice{"stf_1": {Name: "Nadia"}, "stf_2": {Name: "Louis", House: "Réseau Proche"}}}
	d.talk = helpdesk.Conversation{ID: "cnv_60jyn17wmw0000gvhy112yft8w", Order: "ord_1", State: s, Opened: d.Now, AnswerBy: on(paris, 17, 0)}
	return d
}

func talksIn(loc lang.Locale) (all []ui.Exhibit) {
	words := lang.T(loc, "letter.gallery_question", nil)
	asked := helpdesk.Said{ID: "sai_1", By: fact.ByShopper, Words: words, At: on(paris, 9, 0)}
	shows := asked
	shows.Photos = []ident.Blob{"blb_1"}
	answer := helpdesk.Said{ID: "sai_2", By: fact.ByMerchant, Actor: "staff:stf_1", Words: lang.T(loc, "letter.gallery_answer", nil), At: on(paris, 9, 0)}
	strange := helpdesk.Said{ID: "sai_3", By: fact.ByUnknown, Source: "x@example.net", Words: words, At: on(paris, 9, 0)}
	box := talked(loc, helpdesk.Waiting)
	before, wrongly := talked(loc, helpdesk.Waiting), box.writePage(strings.Repeat(words+" ", 60), "KEY")
	before.talks = []helpdesk.Conversation{before.talk, {ID: "cnv_2", State: helpdesk.Answered, Opened: before.Now.Add(-72 * time.Hour)}}
	wrongly.Wrong = []wrong{{"words", lang.Fault(loc, fault.New(fault.Invalid, "field_too_long", "message", "limit", helpdesk.MaxWords))}}
	all = []ui.Exhibit{
		{Name: "write", Page: writeView(box.writePage("", "KEY"))},
		{Name: "write-again", Page: writeView(before.writePage("", "KEY"))},
		{Name: "write-too-long", Page: writeView(wrongly)},
	}
	lent := helpdesk.Said{ID: "sai_2", By: fact.ByMerchant, Actor: "staff:stf_2", House: "mer_2", Words: lang.T(loc, "letter.gallery_answer", nil), At: on(paris, 9, 0)}
	handed := talked(loc, helpdesk.Waiting, asked, lent, asked)
	handed.desk = "Réseau Proche"
	late := talked(loc, helpdesk.Waiting, asked)
	late.Now = on(paris, 18, 0)
	for _, e := range []struct {
		name string
		d    enquiry
	}{
		{"talk-waiting", talked(loc, helpdesk.Waiting, asked)},
		{"talk-late", late},
		{"talk-handed", handed},
		{"talk-answered", talked(loc, helpdesk.Answered, asked, answer)},
		{"talk-closed", talked(loc, helpdesk.Closed, shows, answer)},
		{"talk-stranger", talked(loc, helpdesk.Answered, asked, answer, strange)},
	} {
		all = append(all, ui.Exhibit{Name: e.name, Page: talkView(e.d.talkPage(""))})
	}
	return all
}

// wrote is an order about which all was written that can be, with a late answer.
func wrote(d *lived) {
	d.talks = []helpdesk.Conversation{
		{ID: "cnv_1", State: helpdesk.Waiting, Opened: d.Now, AnswerBy: on(paris, 17, 0)},
		{ID: "cnv_2", State: helpdesk.Waiting, Opened: d.Now, AnswerBy: on(paris, 7, 0)},
		{ID: "cnv_3", State: helpdesk.Answered, Opened: d.Now},
		{ID: "cnv_4", State: helpdesk.Closed, Opened: d.Now},
	}
	for _, body := range []fact.Body{
		fact.DeskAsked{Via: fact.ViaPage, AnswerBy: on(paris, 17, 0)},
		fact.DeskWritten{},
		fact.DeskAnswered{Question: "sai_1"},
		fact.DeskAnswered{InTime: true},
		fact.DeskClosed{},
		fact.PromiseBroken{Ruling: fact.Ruling{Promise: fact.Promise{Owed: fact.AnswerBy}}},
		fact.SurveyAnswered{},
	} {
		d.happened(8, body)
	}
}

func opinionsIn(loc lang.Locale) (all []ui.Exhibit) {
	about := func(k fact.SurveyKind, asked bool, before survey.Answer, talk helpdesk.Conversation) opinion {
		return opinion{lived: lives(loc, sent(fact.Delivered), kept), about: k, asked: asked, before: before, talk: talk}
	}
	low := survey.Answer{Version: 1, About: fact.AfterDelivery, Score: 2, Words: lang.T(loc, "letter.gallery_question", nil)}
	opened := helpdesk.Conversation{ID: "cnv_1", AnswerBy: on(paris, 17, 0)}
	var nothing helpdesk.Conversation
	for _, e := range []struct {
		name   string
		tapped int
		d      opinion
	}{
		{"opinion", -1, about(fact.AfterDelivery, true, survey.Answer{}, nothing)},
		{"opinion-tapped", 4, about(fact.AfterDelivery, true, survey.Answer{}, nothing)},
		{"opinion-given", -1, about(fact.AfterDelivery, true, survey.Answer{Version: 1, Score: 5}, nothing)},
		{"opinion-low", -1, about(fact.AfterDelivery, true, low, opened)},
		{"opinion-not-yet", -1, about(fact.AfterDelivery, false, survey.Answer{}, nothing)},
		{"opinion-refund", -1, about(fact.AfterRefund, true, survey.Answer{}, nothing)},
	} {
		p := e.d.page(e.tapped, "")
		p.Scripts = nil
		all = append(all, ui.Exhibit{Name: e.name, Page: opinionView(p)})
	}
	unscored := about(fact.AfterDelivery, true, survey.Answer{}, nothing).page(-1, "")
	unscored.Scripts, unscored.Wrong = nil, []wrong{{"note", lang.T(loc, "survey_page.choose", nil)}}
	return append(all, ui.Exhibit{Name: "opinion-no-score", Page: opinionView(unscored)})
}
