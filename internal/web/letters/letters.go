// Package letters writes what shoppers read in e-mails: a subject that says the
// fact, the promise as the first line, one button, and a text part written for
// those who read no HTML, in French and in English. It reads whatever rooms a
// letter is about, in the one read transaction it is given, and answers that a
// message is superseded when it is no longer so, or when another letter about the
// same order says it already: broken and repaired in one minute is one letter.
//
// Machines read the same facts as schema.org JSON-LD. How a letter looks is the
// merchant's brand, with the colours brought to contrast by us.
//
// Merchants may write their own words around what must stay, by a template of package
// notify's; one that can not be filled in leaves in ours, and says why.
//
// It stores nothing and sends nothing: package notify decides, keeps and sends.
// The address of the order's page opens that page to whoever holds it, so a
// letter holds a mark in its place until it leaves.
//
// It does not sell: no letter here advertises anything, loads a picture, or
// counts who opened it. A grant is credit, and is never called a refund.
package letters

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/template"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// page is a letter before it is HTML and text. What is empty is left out.
type page struct {
	Locale     lang.Locale
	Subject    string
	Promise    string // first line
	Hello      string
	Paragraphs []string
	Plain      []string // the same for the text part, in words of its own
	Rows       []item   // what one looks up: a name and a value
	Items      []item   // lines of an order, with their price or what is wrong
	Choices    []choice // what the reader can do now
	Code       string   // to be typed
	Scores     []score  // one of which is chosen, by one tap
	After      []string // what is said of it
	Button     string
	URL        string
	Open       string // leads to the address, in the text part
	Also       string // another way from here; empty: none
	AlsoURL    string
	Brand      brand
	Why        string // why this person gets it
	Markup     any    // schema.org, for machines

	Name   string            // whom Hello greets; may be empty
	Words  map[string]string // by field: what the words of a merchant may name
	Truths map[string]bool
	Own    []stretch      // the merchant's words around ours; nil: there are none
	Hosts  template.Hosts // where links in them may lead
}

// item is a name and what stands beside it.
type item struct{ What, Value string }

// score is an answer that may be chosen, and where that leads.
type score struct{ Value, What, URL string }

// choice is a thing to do; Mail is the address to write to, if that is it.
type choice struct{ What, Mail string }

// brand is who writes, and how that looks.
type brand struct {
	Name        string
	Contact     string // address at which a person answers; may be empty
	Light, Dark string // the accent on either ground
}

func brandOf(b merchant.Brand) brand {
	light, dark := ui.Accents(b.Accent)
	return brand{Name: b.Shown, Contact: b.Contact, Light: light, Dark: dark}
}

// mailto is the address as a link.
func mailto(address string) string { return "mailto:" + url.PathEscape(address) }

// Compose writes the letter of a message; it is a notify.Compose.
func Compose(tx *db.Tx, m ident.Merchant, msg notify.Message) (notify.Letter, error) {
	if msg.Topic == fact.TopicWithdrawn {
		return acknowledge(tx, m, msg)
	}
	p, err := compose(tx, m, msg)
	if err != nil {
		return notify.Letter{}, err
	}
	return p.dress(tx, m, notify.Form{Topic: msg.Topic, Channel: msg.Channel})
}

// compose is the letter of a message before it is told on its channel.
func compose(tx *db.Tx, m ident.Merchant, msg notify.Message) (page, error) {
	if msg.Topic == fact.TopicAsked || msg.Topic == fact.TopicAnswered {
		return correspond(tx, m, msg)
	}
	if msg.Topic == fact.TopicClaimed || msg.Topic == fact.TopicClaimDecided {
		return complain(tx, m, msg)
	}
	if msg.Topic == fact.TopicSurvey {
		return inquire(tx, m, msg)
	}
	d, err := read(tx, m, msg)
	if err != nil {
		return page{}, fmt.Errorf("letter %s of %s: %w", msg.Topic, msg.ID, err)
	}
	switch {
	case d.superseded():
		return page{}, notify.ErrSuperseded
	case d.saidElsewhere():
		return page{}, notify.ErrTogether
	}
	p, err := d.page()
	if err != nil {
		return page{}, fmt.Errorf("letter %s of %s: %w", msg.Topic, msg.ID, err)
	}
	return p, nil
}

// page writes what was read.
func (d *desk) page() (page, error) {
	p := page{
		Locale: d.Locale, Promise: d.sentence(), Hello: hello(d.Locale, d.who.Name),
		Button: d.T("letter.button", nil), URL: notify.PageMark, Open: d.T("letter.open", nil),
		Brand: d.brand, Why: d.T("letter.why", map[string]any{"Shop": d.brand.Name}), Name: clip(d.who.Name),
	}
	d.known(&p)
	return p, d.write(&p)
}

func hello(loc lang.Locale, name string) string {
	if name == "" {
		return lang.T(loc, "letter.hello_nobody", nil)
	}
	return lang.T(loc, "letter.hello", map[string]any{"Name": clip(name)})
}

// background bounds nothing: a sheet is rendered from memory into memory.
var background = context.Background()

// letter makes the two parts of a page.
func (p page) letter() (notify.Letter, error) {
	var html strings.Builder
	if err := sheet(p).Render(background, &html); err != nil {
		return notify.Letter{}, err
	}
	return notify.Letter{Locale: p.Locale, Subject: p.Subject, HTML: html.String(), Text: p.text()}, nil
}
