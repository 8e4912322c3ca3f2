package console

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/web/letters"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

const (
	templatesHere = "/console/templates"
	templatePath  = templatesHere + "/{topic}/{channel}/{locale}"
)

func templatesRoutes(c Config) []ui.Route {
	return []ui.Route{
		{Method: http.MethodGet, Path: templatesHere, Access: ui.BySession, Needs: setSettings, Summary: "In whose words each message leaves", Serve: c.templates},
		{Method: http.MethodGet, Path: templatePath, Access: ui.BySession, Needs: setSettings, Summary: "The words of a message, what they may name, and their versions", Serve: c.template},
		{Method: http.MethodPost, Path: templatePath, Access: ui.BySession, Needs: setSettings, Summary: "Keep the shop's own words, or give ours back", Serve: c.setTemplate},
		{Method: http.MethodGet, Path: templatePath + "/letter", Access: ui.BySession, Needs: setSettings, Summary: "A message in the words in force, with invented data, for the frame it is shown in", Stream: c.templateLetter},
		{Method: http.MethodPost, Path: templatePath + "/letter", Access: ui.BySession, Needs: setSettings, Summary: "The same in the words of the form, which are not kept", Stream: c.templateLetter},
	}
}

// templatesPage is every message there is, before it is HTML.
type templatesPage struct {
	settings
	Topics []wordedTopic
}

// wordedTopic is a topic, with the words of each of its messages.
type wordedTopic struct {
	Name  string
	Forms []wordedForm
}

// wordedForm is a message on a channel in a language, and in whose words it leaves.
type wordedForm struct {
	Path, Name, Badge string
	Tone              ui.Tone
}

func (c Config) templates(r *http.Request) (a ui.Answer, err error) {
	var all []notify.Template
	rd := reading(r, 0)
	err = c.see(r, func(tx *db.Tx, v visit) error {
		all, err = notify.Templates(tx, v.Merchant)
		return err
	})
	return ui.Answer{Page: templatesView(templatesOf(settingsFrame(r, templatesHere), rd, all))}, err
}

func templatesOf(s settings, rd ui.Reading, all []notify.Template) templatesPage {
	p := templatesPage{settings: s}
	p.Wide = true
	for _, t := range fact.Topics {
		topic := wordedTopic{Name: rd.Topic(t)}
		for _, ch := range notify.Told(t) {
			for _, loc := range lang.Locales() {
				topic.Forms = append(topic.Forms, wordedOf(rd, notify.Form{Topic: t, Channel: ch, Locale: loc}, all))
			}
		}
		p.Topics = append(p.Topics, topic)
	}
	return p
}

func wordedOf(rd ui.Reading, f notify.Form, all []notify.Template) wordedForm {
	w := wordedForm{Path: pathOf(f), Name: letters.Channel(rd, f.Channel) + " · " + tongue(f.Locale), Badge: rd.T("templates.ours", nil), Tone: ui.Mute}
	i := slices.IndexFunc(all, func(t notify.Template) bool { return t.Form == f && !t.Standard })
	switch {
	case i >= 0 && all[i].Failures > 0:
		w.Badge, w.Tone = rd.T("templates.failing", nil), ui.Bad
	case i >= 0:
		w.Badge, w.Tone = rd.T("templates.own", nil), ui.Good
	}
	return w
}

// tongue is a language in its own name.
func tongue(loc lang.Locale) string {
	if loc == lang.English {
		return "English"
	}
	return "français"
}

func pathOf(f notify.Form) string {
	return templatesHere + "/" + string(f.Topic) + "/" + string(f.Channel) + "/" + string(f.Locale)
}

// formOf is the message that a request is about. The fault is not_found.
func formOf(r *http.Request) (notify.Form, error) {
	f := notify.Form{Topic: fact.Topic(r.PathValue("topic")), Channel: notify.Channel(r.PathValue("channel")), Locale: lang.Locale(r.PathValue("locale"))}
	if !f.Known() {
		return f, fault.New(fault.NotFound, "not_found", "template")
	}
	return f, nil
}

// templatePageOf is the words of one message before they are HTML.
type templatePageOf struct {
	settings
	Name, Badge string
	Tone        ui.Tone
	Failed      string // that messages left in our words; empty: none did
	Wrong       string
	Path        string
	Inputs      []input
	Example     input
	Frame       string // path of what stands in the preview
	Links       string
	Fields      []fieldRow
	How         string
	Versions    []block
	Restore     bool // there is something to restore from
}

// fieldRow is what a template may name.
type fieldRow struct{ Written, What, Like, Note string }

// lettered is what a page about a template is made of.
type lettered struct {
	form     notify.Form
	rules    notify.Template
	own      bool
	brand    merchant.Brand
	history  []notify.Template
	people   map[ident.Staff]merchant.Staff
	typed    *notify.Template // what was refused; nil: nothing was typed
	wrong    error
	example  int
	standard notify.Template
}

func (c Config) template(r *http.Request) (ui.Answer, error) { return c.templatePage(r, nil, nil) }

func (c Config) templatePage(r *http.Request, typed *notify.Template, wrong error) (a ui.Answer, err error) {
	l := lettered{typed: typed, wrong: wrong}
	if l.form, err = formOf(r); err != nil {
		return a, err
	}
	l.example, _ = strconv.Atoi(r.URL.Query().Get("example"))
	s := settingsFrame(r, templatesHere)
	if wrong != nil {
		s.Done, a.Status = "", http.StatusUnprocessableEntity
	}
	rd := reading(r, 0)
	err = c.see(r, func(tx *db.Tx, v visit) error {
		rd = reading(r, tx.Now)
		return l.read(tx, v.Merchant, c.host())
	})
	a.Page = templateView(l.page(s, rd))
	return a, err
}

// host is that of this installation: links may lead there.
func (c Config) host() string {
	u, err := url.Parse(c.Base)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

func (l *lettered) read(tx *db.Tx, m ident.Merchant, host string) (err error) {
	if l.rules, l.own, err = notify.TemplateOf(tx, m, l.form); err != nil {
		return err
	}
	if l.brand, err = merchant.BrandOf(tx, m); err != nil {
		return err
	}
	if l.history, err = notify.TemplateHistory(tx, m, l.form); err != nil {
		return err
	}
	var ids []ident.Staff
	for _, t := range l.history {
		if id, is := staffBehind(t.By); is {
			ids = append(ids, id)
		}
	}
	l.people, err = merchant.Colleagues(tx, m, ids)
	l.standard = notify.Standard(l.form)
	l.standard.Host = host
	return err
}

func (l lettered) page(s settings, rd ui.Reading) templatePageOf {
	p := templatePageOf{
		settings: s, Name: rd.Topic(l.form.Topic), Path: pathOf(l.form), Restore: l.own,
		Frame: pathOf(l.form) + "/letter?example=" + strconv.Itoa(l.example),
		How:   rd.T("templates.fields_how", map[string]any{"Tag": "{{#has_name}}…{{/has_name}}", "Not": "{{^has_name}}…{{/has_name}}"}),
		Links: rd.T("templates.links", map[string]any{"Hosts": l.standard.Hosts(l.brand).String()}),
	}
	p.Framed, p.Wide = true, true
	p.Name += " · " + letters.Channel(rd, l.form.Channel) + " · " + tongue(l.form.Locale)
	p.Badge, p.Tone = rd.T("templates.ours", nil), ui.Mute
	if l.own {
		p.Badge, p.Tone = rd.T("templates.own", nil), ui.Good
	}
	if l.own && l.rules.Failures > 0 {
		p.Failed = lang.N(rd.Locale, "templates.failed", l.rules.Failures, map[string]any{
			"When": rd.When(l.rules.Failed, fact.Minute), "Why": rd.T("templates.why_again", map[string]any{"Code": l.rules.Failure}),
		})
	}
	l.inputs(&p, rd)
	p.Fields = l.fields(rd)
	p.Versions = l.versions(rd)
	return p
}
