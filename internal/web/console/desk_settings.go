package console

import (
	"net/http"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	helpdesk "github.com/promesse-dev/promesse/internal/desk"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

const deskHere = "/console/settings/desk"

func deskSettingsRoutes(c Config) []ui.Route {
	return []ui.Route{
		{Method: http.MethodGet, Path: deskHere, Access: ui.BySession, Needs: setSettings, Summary: "When the desk is open, in how many hours it answers, its topics and saved answers", Serve: c.deskSettings},
		{Method: http.MethodPost, Path: deskHere, Access: ui.BySession, Needs: setSettings, Summary: "Keep the desk's hours and topics, or see what they mean", Serve: c.setDesk},
		{Method: http.MethodPost, Path: deskHere + "/replies", Access: ui.BySession, Needs: setSettings, Files: maxWritten, Summary: "Keep a saved answer", Serve: c.setReply},
		{Method: http.MethodPost, Path: deskHere + "/replies/{id}/drop", Access: ui.BySession, Needs: setSettings, Summary: "Forget a saved answer", Serve: c.dropReply},
	}
}

// deskSettingsPage is how the desk works before it is HTML.
type deskSettingsPage struct {
	settings
	Wrong   string
	Due     string // what somebody who writes now is told
	Week    block
	Form    deed
	Reply   deed
	Replies []block
}

// typedDesk is what somebody typed, in the form that was refused or tried.
type typedDesk struct {
	form                   string // settings or reply; empty: nothing was typed
	hours, answers, topics string
	reply                  helpdesk.Reply
	wrong                  error
}

func (c Config) deskSettings(r *http.Request) (ui.Answer, error) {
	return c.deskSettingsPage(r, typedDesk{reply: helpdesk.Reply{ID: ident.Reply(r.URL.Query().Get("reply"))}})
}

func (c Config) deskSettingsPage(r *http.Request, in typedDesk) (a ui.Answer, err error) {
	p := deskSettingsPage{settings: settingsFrame(r, deskHere)}
	words := deskFaults(p.settings, in.wrong)
	if in.wrong != nil {
		p.Done, p.Wrong, a.Status = "", words[""], http.StatusUnprocessableEntity
	}
	err = c.see(r, func(tx *db.Tx, v visit) error {
		s, err := helpdesk.SettingsOf(tx, v.Merchant)
		if err != nil {
			return err
		}
		replies, err := helpdesk.Replies(tx, v.Merchant)
		if err != nil {
			return err
		}
		due, err := helpdesk.Due(tx, v.Merchant)
		if err != nil {
			return err
		}
		if in.form != "settings" {
			in.hours, in.answers, in.topics = s.Hours.String(), number(s.AnswerHours), writeTopics(s.Topics, replies)
		}
		rd := reading(r, tx.Now)
		p.fill(rd, v, in, words)
		p.Due = rd.T("desk_settings.due_now", map[string]any{"Due": rd.Due(due)})
		p.list(rd, replies, in, words)
		return nil
	})
	a.Page = deskSettingsView(p)
	return a, err
}

// deskFaults puts what is wrong beside its field: topics are one.
func deskFaults(s settings, wrong error) map[string]string {
	for _, f := range fault.All(wrong) {
		if strings.HasPrefix(f.Field, "topics") {
			f.Field = "topics"
		}
	}
	return faults(s.Locale, wrong, "hours", "answer_hours", "topics", "title", "words")
}

// fill is the form of hours, pace and topics, with the week they make.
func (p *deskSettingsPage) fill(rd ui.Reading, v visit, in typedDesk, wrong map[string]string) {
	p.Form = deed{
		Path: deskHere, Button: rd.T("desk_settings.keep", nil), Name: "do", Value: "keep", Other: rd.T("desk_settings.try", nil), OtherName: "try",
		Fields: []input{
			{Name: "hours", Kind: "area", Label: rd.T("desk_settings.hours", nil), Hint: rd.T("desk_settings.hours_how", nil), Value: in.hours, Fault: wrong["hours"], Needed: true},
			{Name: "answer_hours", Kind: "number", Label: rd.T("desk_settings.answer_hours", nil), Hint: rd.T("desk_settings.answer_hours_how", nil), Value: in.answers, Fault: wrong["answer_hours"], Needed: true},
			{Name: "topics", Kind: "code", Label: rd.T("desk_settings.topics", nil), Hint: rd.T("desk_settings.topics_how", nil), Value: in.topics, Fault: wrong["topics"]},
		},
	}
	hours, err := civil.ParseHours("hours", in.hours)
	if err != nil || !hours.Said() {
		return
	}
	p.Week = block{Title: rd.T("stores.week", nil), Facts: weekOf(rd, hours.In(civil.RegionOf(v.Shop.Country, "")))}
}

// list is the saved answers, and the form for one: new, or that which is changed.
func (p *deskSettingsPage) list(rd ui.Reading, all []helpdesk.Reply, in typedDesk, wrong map[string]string) {
	shown := in.reply
	for _, x := range all {
		if x.ID == in.reply.ID && in.form != "reply" {
			shown = x
		}
		p.Replies = append(p.Replies, block{
			ID: string(x.ID), Title: x.Title, Quote: x.Words, Notes: []string{rd.T("desk_settings.reply_since", map[string]any{"When": rd.When(x.Changed, fact.ADay)})},
			Links: []pair{{rd.T("desk_settings.reply_change", nil), deskHere + "?reply=" + string(x.ID) + "#reply"}},
			Deeds: []deed{{Path: deskHere + "/replies/" + string(x.ID) + "/drop", Button: rd.T("desk_settings.reply_drop", nil), Style: "danger", Fold: rd.T("desk_settings.reply_drop", nil)}},
		})
	}
	p.Reply = deed{
		Path: deskHere + "/replies", Button: rd.T("desk_settings.reply_keep", nil), Files: true, Keep: []pair{{"id", string(shown.ID)}},
		Fields: []input{
			{Name: "title", Label: rd.T("desk_settings.reply_title", nil), Value: shown.Title, Fault: wrong["title"], Needed: true},
			{ID: "answer", Name: "words", Kind: "area", Label: rd.T("desk_settings.reply_words", nil), Value: shown.Words, Fault: wrong["words"], Needed: true},
		},
	}
}

// setDesk keeps hours, pace and topics, or shows what they mean.
func (c Config) setDesk(r *http.Request) (ui.Answer, error) {
	in := typedDesk{form: "settings", hours: strings.TrimSpace(r.PostFormValue("hours")), answers: r.PostFormValue("answer_hours"), topics: r.PostFormValue("topics")}
	hours, err := civil.ParseHours("hours", in.hours)
	if err == nil && r.PostFormValue("do") == "try" {
		return c.deskSettingsPage(r, in)
	}
	if err == nil {
		err = c.act(r, func(tx *flow.Tx, v visit) error {
			replies, err := helpdesk.Replies(tx.Tx, v.Merchant)
			if err != nil {
				return err
			}
			n, _ := wholeNumber(in.answers)
			return helpdesk.SetSettings(tx, v.Merchant, helpdesk.Settings{Hours: hours, AnswerHours: n, Topics: readTopics(in.topics, replies)})
		})
	}
	if denied(err) {
		in.wrong = err
		return c.deskSettingsPage(r, in)
	}
	return ui.Answer{To: deskHere + "?done=desk"}, err
}

// setReply keeps a saved answer.
func (c Config) setReply(r *http.Request) (ui.Answer, error) {
	in := typedDesk{form: "reply", reply: helpdesk.Reply{
		ID: ident.Reply(r.PostFormValue("id")), Title: r.PostFormValue("title"), Words: r.PostFormValue("words"),
	}}
	err := c.act(r, func(tx *flow.Tx, v visit) error {
		_, err := helpdesk.SaveReply(tx, v.Merchant, in.reply)
		return err
	})
	if denied(err) {
		in.wrong = err
		return c.deskSettingsPage(r, in)
	}
	return ui.Answer{To: deskHere + "?done=reply"}, err
}

func (c Config) dropReply(r *http.Request) (ui.Answer, error) {
	err := c.act(r, func(tx *flow.Tx, v visit) error {
		return helpdesk.DropReply(tx, v.Merchant, ident.Reply(r.PathValue("id")))
	})
	return ui.Answer{To: deskHere + "?done=reply_dropped"}, err
}

// writeTopics is the list of topics as people type it: a line each, its name, its
// words and the title of the saved answer it suggests apart by bars.
func writeTopics(all []helpdesk.Topic, replies []helpdesk.Reply) string {
	var b strings.Builder
	for _, t := range all {
		parts := []string{t.Name, strings.Join(t.Words, ", ")}
		for _, r := range replies {
			if r.ID == t.Reply {
				parts = append(parts, r.Title)
			}
		}
		b.WriteString(strings.Join(parts, " | ") + "\n")
	}
	return b.String()
}

func readTopics(typed string, replies []helpdesk.Reply) (all []helpdesk.Topic) {
	for line := range strings.Lines(typed) {
		parts := append(strings.Split(strings.TrimSpace(line), "|"), "", "")
		t := helpdesk.Topic{Name: strings.TrimSpace(parts[0])}
		for w := range strings.SplitSeq(parts[1], ",") {
			if w = strings.TrimSpace(w); w != "" {
				t.Words = append(t.Words, w)
			}
		}
		for _, r := range replies {
			if r.Title == strings.TrimSpace(parts[2]) {
				t.Reply = r.ID
			}
		}
		if t.Name != "" || len(t.Words) > 0 {
			all = append(all, t)
		}
	}
	return all
}
