package console

import (
	"strings"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// templates are the words of messages: ours, the shop's, refused, and those that failed.
func (g walk) templates() []ui.Exhibit {
	own := notify.Template{
		Form: notify.Form{Topic: fact.TopicShipped, Channel: notify.Email, Locale: g.loc}, ID: "tpl_2", By: flow.ByStaff("sta_1"), Since: on(-3, 0),
		Subject: "{{order}}", Body: "{{promise}}\n\n{{hello}}\n\n" + strings.Repeat("merci ", 40) + "\n\n{{button}}", Button: "{{label}}", Host: "suivi.example",
	}
	older, back, failed := own, own, own
	older.ID, older.By, older.Since = "tpl_0", "key:key_1", on(-90, 0)
	back.ID, back.Standard, back.Since = "tpl_1", true, on(-30, 0)
	failed.Failures, failed.Failure, failed.Failed = 1204, "template_joined", on(-1, 0)
	at := func(l lettered) ui.Exhibit {
		name := "template"
		switch {
		case l.wrong != nil:
			name = "template-refused"
		case l.rules.Failures > 0:
			name = "template-failed"
		case l.own:
			name = "template-own"
		}
		l.form, l.brand = own.Form, merchant.Brand{Shown: "Épicerie du Canal", Accent: "#17613a", Contact: "bonjour@epicerie.example", Site: "https://epicerie.example"}
		l.people = map[ident.Staff]merchant.Staff{"sta_1": {Name: "Claire Vernay"}}
		l.standard = notify.Standard(l.form)
		l.standard.Host = "suivi.example"
		p := l.page(settingsFrame(g.at(templatesHere, invented()), templatesHere), g.reading())
		p.Frame = "about:blank"
		return shown(name, templateView(p))
	}
	typed := own
	typed.Subject, typed.Body = "{{password}}", "{{range 9}}"
	_, wrong := typed.Read(nil)
	all := templatesOf(settingsFrame(g.at(templatesHere, invented()), templatesHere), g.reading(), []notify.Template{failed, {Form: notify.Form{Topic: fact.TopicOut, Channel: notify.SMS, Locale: lang.French}, ID: "tpl_3"}})
	return []ui.Exhibit{
		shown("templates", templatesView(all)),
		at(lettered{rules: notify.Standard(own.Form)}),
		at(lettered{rules: own, own: true, history: []notify.Template{own, back, older}}),
		at(lettered{rules: failed, own: true, history: []notify.Template{failed}}),
		at(lettered{rules: own, own: true, typed: &typed, wrong: wrong}),
	}
}
