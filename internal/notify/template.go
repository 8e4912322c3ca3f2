package notify

import (
	"net/url"
	"slices"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/template"
	"github.com/promesse-dev/promesse/internal/core/text"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Form is what a template writes: messages on a topic, by a channel, in a language.
type Form struct {
	Topic   fact.Topic
	Channel Channel
	Locale  lang.Locale
}

// Known reports whether messages of the form are ever written.
func (f Form) Known() bool { return slices.Contains(Forms(), f) }

// Forms lists them, topic by topic.
func Forms() (all []Form) {
	for _, t := range fact.Topics {
		for _, ch := range Told(t) {
			for _, loc := range lang.Locales() {
				all = append(all, Form{t, ch, loc})
			}
		}
	}
	return all
}

// Template is a version of what a merchant writes in place of our words. The newest
// rules; all are kept, because what was sent must stay explicable.
type Template struct {
	Form
	ID       ident.Template
	Standard bool   // our words again
	Subject  string // of an e-mail; the title of a push
	Body     string
	Button   string // what the button of an e-mail says
	Host     string // of this installation when it was kept: links may lead there
	By       flow.Actor
	Since    civil.Instant
	Failed   civil.Instant // when it last could not write a message; zero: never
	Failure  string        // code of the fault
	Failures int           // messages that left in our words instead
}

// Part is the source of a part.
func (t Template) Part(part string) string {
	switch part {
	case PartSubject:
		return t.Subject
	case PartButton:
		return t.Button
	default:
		return t.Body
	}
}

// Hosts are where links in a template may lead.
func (t Template) Hosts(b merchant.Brand) template.Hosts {
	site, err := url.Parse(b.Site)
	if err != nil {
		return template.Hosts{t.Host}
	}
	return template.Hosts{t.Host, strings.TrimPrefix(site.Hostname(), "www.")}
}

// Read parses the parts of a template. The faults are those of template.Parse and
// field_required, each with the part as its field.
func (t Template) Read(own template.Hosts) (map[string]template.Template, error) {
	var faults fault.List
	all := map[string]template.Template{}
	for _, part := range Parts(t.Channel) {
		source := t.Part(part)
		if strings.TrimSpace(source) == "" {
			faults.Add(fault.Invalid, "field_required", part)
			continue
		}
		read, err := template.Parse(part, source, ShapeOf(t.Topic, t.Channel, part, own))
		faults = append(faults, fault.All(err)...)
		all[part] = read
	}
	return all, faults.Err()
}

// Neat is a template as it is kept: the line ends of every machine made one, and what its
// channel has not, left out.
func (t Template) Neat() Template {
	for part, words := range map[string]*string{PartSubject: &t.Subject, PartBody: &t.Body, PartButton: &t.Button} {
		if *words = text.Lines(*words); t.Standard || !slices.Contains(Parts(t.Channel), part) {
			*words = ""
		}
	}
	return t
}

// SetTemplate keeps a version from now on; a standard one gives our words back. What
// rules already is not written again. The faults are not_found for a form that no
// message has, and those of Read.
func SetTemplate(tx *flow.Tx, m ident.Merchant, t Template) (Template, error) {
	t = t.Neat()
	if !t.Known() {
		return t, fault.New(fault.NotFound, "not_found", "template")
	}
	if !t.Standard {
		b, err := merchant.BrandOf(tx.Tx, m)
		if err != nil {
			return t, err
		}
		if _, err := t.Read(t.Hosts(b)); err != nil {
			return t, err
		}
	}
	rules, own, err := TemplateOf(tx.Tx, m, t.Form)
	if err != nil || t.Standard && !own || own && t.same(rules) {
		return rules, err
	}
	t.ID, t.By, t.Since = ident.New[ident.Template](tx.Mint), tx.By(), tx.Now
	if err := insertTemplate(tx, m, t); err != nil {
		return t, err
	}
	return t, tx.Emit(m, string(m), string(t.ID), fact.TemplateSet{Template: t.ID, Topic: t.Topic, Standard: t.Standard})
}

// same reports whether two versions say the same.
func (t Template) same(o Template) bool {
	return t.Standard == o.Standard && t.Subject == o.Subject && t.Body == o.Body && t.Button == o.Button
}

// TemplateOf is the version that rules; false where our own words do.
func TemplateOf(tx *db.Tx, m ident.Merchant, f Form) (Template, bool, error) {
	t, _, err := db.One(tx, sqlTemplate, scanTemplate, m, f.Topic, f.Channel, f.Locale)
	if t.ID == "" || t.Standard {
		return Standard(f), false, err
	}
	return t, true, err
}

// TemplateHistory lists the versions of a form, the newest first.
func TemplateHistory(tx *db.Tx, m ident.Merchant, f Form) ([]Template, error) {
	return db.All(tx, sqlTemplateHistory, scanTemplate, m, f.Topic, f.Channel, f.Locale)
}

// Templates lists the newest version of every form that a merchant ever wrote.
func Templates(tx *db.Tx, m ident.Merchant) ([]Template, error) {
	return db.All(tx, sqlTemplates, scanTemplate, m)
}

// Unwritten is how many messages left in our words, because the merchant's that rule
// now could not write them.
func Unwritten(tx *db.Tx, m ident.Merchant) (n int, err error) {
	all, err := Templates(tx, m)
	for _, t := range all {
		if !t.Standard {
			n += t.Failures
		}
	}
	return n, err
}

// failed writes down that a message left in our words.
func failed(tx *flow.Tx, m ident.Merchant, msg ident.Message, topic fact.Topic, l Letter) error {
	if l.Failure == "" {
		return nil
	}
	if err := tx.Do(sqlTemplateFailed, m, l.Template, tx.Now, l.Failure); err != nil {
		return err
	}
	return tx.Emit(m, string(m), string(msg), fact.TemplateFailed{Template: l.Template, Message: msg, Topic: topic, Reason: l.Failure})
}

const (
	sqlInsertTemplate = `insert into notify_template (merchant, id, topic, channel, locale, standard, subject, body, button, host, actor, since)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`
	sqlTemplate = `select id, topic, channel, locale, standard, subject, body, button, host, actor, since, failed, failure, failures
		from notify_template where merchant = $1 and topic = $2 and channel = $3 and locale = $4 order by id desc limit 1`
	sqlTemplateHistory = `select id, topic, channel, locale, standard, subject, body, button, host, actor, since, failed, failure, failures
		from notify_template where merchant = $1 and topic = $2 and channel = $3 and locale = $4 order by id desc limit 50`
	sqlTemplates = `-- whole merchant: the templates of a shop, a few versions of each
		select id, topic, channel, locale, standard, subject, body, button, host, actor, since, failed, failure, failures
		from notify_template t where merchant = $1 and id = (select max(n.id) from notify_template n
			where n.merchant = t.merchant and n.topic = t.topic and n.channel = t.channel and n.locale = t.locale)
		order by topic, channel, locale`
	sqlTemplateFailed = `update notify_template set failed = $3, failure = $4, failures = failures + 1 where merchant = $1 and id = $2`
)

func insertTemplate(tx *flow.Tx, m ident.Merchant, t Template) error {
	standard := 0
	if t.Standard {
		standard = 1
	}
	return tx.Do(sqlInsertTemplate, m, t.ID, t.Topic, t.Channel, t.Locale, standard, t.Subject, t.Body, t.Button, t.Host, t.By, t.Since)
}

func scanTemplate(r db.Row) (t Template, err error) {
	var standard int
	err = r.Scan(&t.ID, &t.Topic, &t.Channel, &t.Locale, &standard, &t.Subject, &t.Body, &t.Button, &t.Host, &t.By, &t.Since, &t.Failed, &t.Failure, &t.Failures)
	t.Standard = standard == 1
	return t, err
}
