package api

import (
	"net/http"
	"net/url"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/template"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Writer is whoever writes letters: it keeps a merchant's words once invented letters
// could be written with them, and shows one.
type Writer struct {
	Keep    func(tx *flow.Tx, m ident.Merchant, t notify.Template) (notify.Template, error)
	Preview func(b merchant.Brand, t notify.Template, example int) (notify.Letter, error)
}

// Template is in whose words messages on a topic leave by a channel, in a language.
type Template struct {
	Topic    fact.Topic      `json:"topic"`
	Channel  notify.Channel  `json:"channel"`
	Locale   lang.Locale     `json:"locale"`
	Own      bool            `json:"own" doc:"False: promesse's words, written here as a template."`
	ID       ident.Template  `json:"id,omitempty" doc:"Of the version that rules; messages name it."`
	Subject  string          `json:"subject,omitempty" doc:"The title of a push; an SMS has none."`
	Body     string          `json:"body"`
	Button   string          `json:"button,omitempty" doc:"What the button of an e-mail says."`
	Since    civil.Instant   `json:"since,omitzero"`
	Failures int             `json:"failures" doc:"Messages that left in promesse's words, because these could not write them."`
	Failure  string          `json:"failure,omitempty" doc:"Why, the last time: the code of a fault."`
	Fields   []TemplateField `json:"fields,omitempty" doc:"What it may name; left out of lists."`
}

// TemplateField is a name that a template may hold.
type TemplateField struct {
	Name   string        `json:"name"`
	Kind   template.Kind `json:"kind" enum:"words,truth,block" doc:"A value; a condition, written {{#name}}…{{/name}}; a part of the letter, alone on its line."`
	Needed bool          `json:"needed"`
}

// TemplateWords is what a merchant writes.
type TemplateWords struct {
	Standard bool   `json:"standard,omitempty" doc:"True: promesse's words again; the rest is left out."`
	Subject  string `json:"subject,omitempty"`
	Body     string `json:"body,omitempty"`
	Button   string `json:"button,omitempty"`
}

// TemplateTrial is words to be looked at.
type TemplateTrial struct {
	TemplateWords
	Example int `json:"example,omitempty" doc:"Which of the invented messages, from 0."`
}

// TemplatePreview is an invented message in those words. Nobody's data is in it.
type TemplatePreview struct {
	Subject string `json:"subject,omitempty"`
	HTML    string `json:"html,omitempty"`
	Text    string `json:"text"`
}

func showTemplate(t notify.Template, own bool) Template {
	out := Template{Topic: t.Topic, Channel: t.Channel, Locale: t.Locale, Own: own, Subject: t.Subject, Body: t.Body, Button: t.Button}
	if own {
		out.ID, out.Since, out.Failures, out.Failure = t.ID, t.Since, t.Failures, t.Failure
	}
	return out
}

// withFields adds what a template may name.
func withFields(t Template) Template {
	seen := map[string]bool{}
	for _, part := range notify.Parts(t.Channel) {
		for _, f := range notify.Fields(t.Topic, t.Channel, part) {
			if !seen[f.Name] {
				seen[f.Name], t.Fields = true, append(t.Fields, TemplateField{f.Name, f.Kind, f.Needed})
			}
		}
	}
	return t
}

func listTemplates(_ *API, tx *db.Tx, c call, _ *none) (out List[Template], err error) {
	written, err := notify.Templates(tx, c.Merchant)
	own := map[notify.Form]notify.Template{}
	for _, t := range written {
		if !t.Standard {
			own[t.Form] = t
		}
	}
	for _, f := range notify.Forms() {
		t, is := own[f]
		if !is {
			t = notify.Standard(f)
		}
		out.Items = append(out.Items, showTemplate(t, is))
	}
	return out, err
}

type templateAt struct {
	Topic   fact.Topic     `path:"topic"`
	Channel notify.Channel `path:"channel"`
	Locale  lang.Locale    `path:"locale"`
}

// formOf is the message that a path names. The fault is not_found.
func formOf(f notify.Form) (notify.Form, error) {
	if !f.Known() {
		return f, fault.New(fault.NotFound, "not_found", "template")
	}
	return f, nil
}

func getTemplate(_ *API, tx *db.Tx, c call, in *templateAt) (Template, error) {
	f, err := formOf(notify.Form{Topic: in.Topic, Channel: in.Channel, Locale: in.Locale})
	if err != nil {
		return Template{}, err
	}
	t, own, err := notify.TemplateOf(tx, c.Merchant, f)
	return withFields(showTemplate(t, own)), err
}

type templateIn struct {
	Topic   fact.Topic     `path:"topic"`
	Channel notify.Channel `path:"channel"`
	Locale  lang.Locale    `path:"locale"`
	Body    TemplateWords
}

func setTemplate(a *API, tx *flow.Tx, c call, in *templateIn) (reply[Template], error) {
	f, err := formOf(notify.Form{Topic: in.Topic, Channel: in.Channel, Locale: in.Locale})
	if err != nil {
		return reply[Template]{}, err
	}
	if _, err := a.writer.Keep(tx, c.Merchant, a.written(f, in.Body)); err != nil {
		return reply[Template]{}, err
	}
	rules, own, err := notify.TemplateOf(tx.Tx, c.Merchant, f)
	return ok(withFields(showTemplate(rules, own))), err
}

// written is words as a version of a form.
func (a *API) written(f notify.Form, w TemplateWords) notify.Template {
	host := ""
	if u, err := url.Parse(a.base); err == nil {
		host = u.Hostname()
	}
	return notify.Template{Form: f, Standard: w.Standard, Subject: w.Subject, Body: w.Body, Button: w.Button, Host: host}
}

type templateTry struct {
	Topic   fact.Topic     `path:"topic"`
	Channel notify.Channel `path:"channel"`
	Locale  lang.Locale    `path:"locale"`
	Body    TemplateTrial
}

// previewTemplate writes nothing down.
func previewTemplate(a *API, tx *db.Tx, c call, in *templateTry) (TemplatePreview, error) {
	f, err := formOf(notify.Form{Topic: in.Topic, Channel: in.Channel, Locale: in.Locale})
	if err != nil {
		return TemplatePreview{}, err
	}
	b, err := merchant.BrandOf(tx, c.Merchant)
	if err != nil {
		return TemplatePreview{}, err
	}
	l, err := a.writer.Preview(b, a.written(f, in.Body.TemplateWords), in.Body.Example)
	return TemplatePreview{l.Subject, l.HTML, l.Text}, err
}

func templateRoutes() []Route {
	const one = "/api/v1/templates/{topic}/{channel}/{locale}"
	return []Route{
		read(get("/api/v1/templates", settingsWrite, "listTemplates", "messages", "In whose words each message leaves"), listTemplates),
		read(get(one, settingsWrite, "getTemplate", "messages", "The words of a message, and what they may name"), getTemplate),
		write(put(one, settingsWrite, "setTemplate", "messages", "Write a message in the shop's own words, or in promesse's again").
			says("Logic-less: names between two braces, and conditions. What is refused is said with its line and column."), setTemplate),
		read(post(one+"/preview", settingsWrite, "previewTemplate", "messages", "See an invented message in those words, which are not kept").status(http.StatusOK), previewTemplate),
	}
}
