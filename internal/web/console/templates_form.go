package console

import (
	"cmp"
	"html"
	"net/http"
	"strconv"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/gsm"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/template"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/web/letters"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// inputs is the form: what was typed, or the words that rule.
func (l lettered) inputs(p *templatePageOf, rd ui.Reading) {
	shown := l.rules
	if l.typed != nil {
		shown = *l.typed
	}
	wrong := wrongIn(rd.Locale, l.wrong)
	p.Wrong = wrong[""]
	for _, part := range notify.Parts(l.form.Channel) {
		in := input{
			Name: part, Label: partName(rd, l.form.Channel, part), Value: shown.Part(part), Fault: wrong[part], Needed: true,
			Hint: rd.T("templates.limit", map[string]any{"Limit": notify.Most(l.form.Channel, part)}),
		}
		if part == notify.PartBody {
			in.Kind = "area"
			switch l.form.Channel {
			case notify.Email:
				in.Kind, in.Hint = "letter", rd.T("templates.body_mail", nil)+" "+in.Hint
			case notify.SMS:
				in.Hint = rd.T("templates.body_sms", nil)
			}
		}
		p.Inputs = append(p.Inputs, in)
	}
	p.Example = input{Name: "example", Kind: "select", Label: rd.T("templates.example", nil)}
	for i := range letters.Examples(l.form.Topic) {
		p.Example.Options = append(p.Example.Options, option{strconv.Itoa(i), rd.T("templates.example_number", map[string]any{"Number": i + 1}), i == l.example})
	}
}

// wrongIn is all that is wrong with each part.
func wrongIn(loc lang.Locale, err error) map[string]string {
	words := map[string]string{}
	for _, f := range fault.All(err) {
		words[f.Field] = strings.TrimSpace(words[f.Field] + "\n" + lang.Fault(loc, f))
	}
	return words
}

func partName(rd ui.Reading, ch notify.Channel, part string) string {
	switch {
	case part == notify.PartBody:
		return rd.T("templates.body", nil)
	case part == notify.PartButton:
		return rd.T("templates.button", nil)
	case ch == notify.Push:
		return rd.T("templates.title_push", nil)
	default:
		return rd.T("templates.subject", nil)
	}
}

// fieldWords is what each field says.
var fieldWords = map[string]string{
	"shop": "templates.of_shop", "name": "templates.of_name", "hello": "templates.of_hello", "contact": "templates.of_contact",
	"subject": "templates.of_subject", "label": "templates.of_label", "order": "templates.of_order", "promise": "templates.of_promise",
	"link": "templates.of_link", "message": "templates.of_message", "details": "templates.of_details", "button": "templates.of_button",
	"due": "templates.of_due", "carrier": "templates.of_carrier", "number": "templates.of_number", "point": "templates.of_point",
	"new_due": "templates.of_new_due", "chance": "templates.of_chance", "early_hour": "templates.of_early_hour",
	"amount": "templates.of_amount", "deadline": "templates.of_deadline", "person": "templates.of_person",
	"collected": "templates.collected", "in_slot": "templates.in_slot",
}

// FieldWords is what a field says, in words.
func FieldWords(loc lang.Locale, name string) string {
	if of, has := strings.CutPrefix(name, "has_"); has {
		return lang.T(loc, "templates.has", map[string]any{"What": FieldWords(loc, of)})
	}
	return lang.T(loc, fieldWords[name], nil)
}

// fields are what the template may name in any of its parts, with examples.
func (l lettered) fields(rd ui.Reading) (rows []fieldRow) {
	seen := map[string]bool{}
	for _, part := range notify.Parts(l.form.Channel) {
		for _, f := range notify.Fields(l.form.Topic, l.form.Channel, part) {
			if seen[f.Name] {
				continue
			}
			seen[f.Name] = true
			row := fieldRow{Written: f.Written(), What: FieldWords(rd.Locale, f.Name)}
			switch f.Kind {
			case template.Block:
				row.Note = rd.T("templates.block", nil)
			case template.Words:
				row.Like = strings.ReplaceAll(letters.Value(l.brand, l.form, l.example, f.Name), notify.PageMark, "https://…")
			}
			if f.Needed {
				row.Note = strings.TrimPrefix(row.Note+" · "+rd.T("templates.needed", nil), " · ")
			}
			rows = append(rows, row)
		}
	}
	return rows
}

// versions are what was written before, the newest first.
func (l lettered) versions(rd ui.Reading) (all []block) {
	for _, t := range l.history {
		by := actorWords(rd, t.By)
		if id, is := staffBehind(t.By); is {
			by = cmp.Or(l.people[id].Name, by)
		} else if strings.HasPrefix(string(t.By), "key:") {
			by = rd.T("templates.by_program", nil)
		}
		args := map[string]any{"When": rd.When(t.Since, fact.Minute), "Who": by}
		if t.Standard {
			all = append(all, block{ID: string(t.ID), Title: rd.T("templates.version_ours", args)})
			continue
		}
		parts := []string{}
		for _, part := range notify.Parts(t.Channel) {
			parts = append(parts, t.Part(part))
		}
		all = append(all, block{ID: string(t.ID), Title: rd.T("templates.version", args), Quote: strings.Join(parts, "\n\n")})
	}
	return all
}

// setTemplate keeps what the form says, or gives our words back.
func (c Config) setTemplate(r *http.Request) (ui.Answer, error) {
	f, err := formOf(r)
	if err != nil {
		return ui.Answer{}, err
	}
	t, done := c.typed(r, f), "template"
	if t.Standard = r.PostFormValue("do") == "standard"; t.Standard {
		done = "template_restored"
	}
	err = c.act(r, func(tx *flow.Tx, v visit) error {
		_, err := letters.Keep(tx, v.Merchant, t)
		return err
	})
	if refused(err) || fault.KindOf(err) == fault.TooLarge {
		return c.templatePage(r, &t, err)
	}
	return ui.Answer{To: pathOf(f) + "?done=" + done}, err
}

// typed is what a form says.
func (c Config) typed(r *http.Request, f notify.Form) notify.Template {
	return notify.Template{
		Form: f, Host: c.host(), Subject: r.PostFormValue(notify.PartSubject), Body: r.PostFormValue(notify.PartBody), Button: r.PostFormValue(notify.PartButton),
	}
}

// templateLetter serves what stands in the frame: an invented message in the words of
// the form, or in those in force.
func (c Config) templateLetter(w http.ResponseWriter, r *http.Request) {
	f, err := formOf(r)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	t, brand := c.typed(r, f), merchant.Brand{}
	err = c.see(r, func(tx *db.Tx, v visit) error {
		if r.Method == http.MethodGet {
			rules, own, err := notify.TemplateOf(tx, v.Merchant, f)
			if t = rules; err != nil || !own {
				t.Standard = true
			}
		}
		var err error
		brand, err = merchant.BrandOf(tx, v.Merchant)
		return err
	})
	if err != nil {
		http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
		return
	}
	example, _ := strconv.Atoi(r.FormValue("example"))
	l, err := letters.Preview(brand, t, example)
	h := w.Header()
	h.Set("Content-Security-Policy", framed)
	h.Set("Content-Type", "text/html; charset=utf-8")
	if len(fault.All(err)) > 0 {
		w.WriteHeader(http.StatusUnprocessableEntity)
	}
	_, _ = w.Write([]byte(seen(reading(r, 0), f, l, err)))
}

// plainSheet is the look of a preview that is no letter.
const plainSheet = `<!DOCTYPE html><html lang="%LANG"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>%TITLE</title>` +
	`<style>body{margin:16px;font:16px/1.5 system-ui,sans-serif;color:#1b1f24;background:#fff;overflow-wrap:anywhere}.s{border:1px solid #dddad2;border-radius:12px;padding:12px;white-space:pre-wrap}.n{color:#565d66;font-size:14px}.w{color:#9b1c1c}</style></head><body>`

func opening(loc lang.Locale, title string) string {
	return strings.NewReplacer("%LANG", string(loc), "%TITLE", html.EscapeString(title)).Replace(plainSheet)
}

// seen is the document of a preview: the letter under its subject and over its text
// part; an SMS with what it costs; a push; or what is wrong.
func seen(rd ui.Reading, f notify.Form, l notify.Letter, err error) string {
	title := rd.T("templates.preview_title", nil)
	var b strings.Builder
	if err != nil {
		b.WriteString(opening(rd.Locale, title))
		for _, w := range fault.All(err) {
			b.WriteString(`<p class="w" role="alert">` + html.EscapeString(partName(rd, f.Channel, w.Field)+" – "+lang.Fault(rd.Locale, w)) + `</p>`)
		}
		return b.String() + "</body></html>"
	}
	text := strings.ReplaceAll(l.Text, notify.PageMark, "https://…")
	switch f.Channel {
	case notify.Email:
		return underSubject(rd, l, text)
	case notify.SMS:
		b.WriteString(opening(f.Locale, title) + `<p class="s">` + html.EscapeString(text) + `</p><p class="n">` + html.EscapeString(pieces(rd, l.Text)) + `</p>`)
	default:
		b.WriteString(opening(f.Locale, title) + `<p class="s"><strong>` + html.EscapeString(l.Subject) + "</strong>\n" + html.EscapeString(text) + `</p>`)
	}
	return b.String() + "</body></html>"
}

// underSubject is a letter under its subject.
func underSubject(rd ui.Reading, l notify.Letter, text string) string {
	const bar = `<p style="margin:0;padding:12px 20px;font-size:14px;color:#565d66">`
	head := bar + html.EscapeString(rd.T("templates.subject", nil)) + ` : <strong style="color:#1b1f24">` + html.EscapeString(l.Subject) + `</strong></p>`
	foot := bar + `</p><pre style="margin:0;padding:0 20px 20px;white-space:pre-wrap;overflow-wrap:anywhere;font-size:14px;color:#1b1f24">` + html.EscapeString(text) + `</pre>`
	body := strings.ReplaceAll(l.HTML, notify.PageMark, "#")
	at := strings.Index(body, "<body")
	at += strings.IndexByte(body[at:], '>') + 1
	return body[:at] + head + strings.Replace(body[at:], "</body>", foot+"</body>", 1)
}

// pieces is what an SMS costs.
func pieces(rd ui.Reading, text string) string {
	alphabet := "GSM-7"
	if !gsm.Fits(text) {
		alphabet = "UCS-2"
	}
	return lang.N(rd.Locale, "templates.sms_pieces", letters.Pieces(text), map[string]any{"Signs": letters.Signs(text), "Alphabet": alphabet})
}
