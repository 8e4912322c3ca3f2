// Package letters writes what shoppers read in e-mails: a subject that says the
// fact, the promise as the first line, one button, and the same in plain text,
// in French and in English. It reads whatever rooms a letter is about, in the
// one read transaction it is given, and answers that a message is superseded
// when the promise it speaks of is no longer so.
//
// It stores nothing and sends nothing: package notify decides, keeps and sends.
// The address of the order's page opens that page to whoever holds it, so a
// letter holds a mark in its place until it leaves.
//
// It does not sell: no letter here advertises anything, loads a picture, or
// counts who opened it.
package letters

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/shopper"
)

// page is a letter before it is HTML and text.
type page struct {
	Locale     lang.Locale
	Subject    string
	Promise    string // first line; may be empty
	Hello      string
	Paragraphs []string
	Items      []item
	Button     string
	URL        string
	Shop       string
	Why        string // why this person gets it
}

// item is a line of an order, or of what is given back.
type item struct{ What, Amount string }

// desk is what lies before whoever writes about an order.
type desk struct {
	tx      *db.Tx
	m       ident.Merchant
	msg     notify.Message
	shop    merchant.Organisation
	order   order.Order
	promise promise.Commitment // its ID is empty when there is none
	zone    *time.Location     // where the goods go
}

// Compose writes the letter of a message; it is a notify.Compose.
func Compose(tx *db.Tx, m ident.Merchant, msg notify.Message) (notify.Letter, error) {
	d, who, err := open(tx, m, msg)
	if err != nil {
		return notify.Letter{}, fmt.Errorf("letter %s of %s: %w", msg.Topic, msg.ID, err)
	}
	if d.superseded() {
		return notify.Letter{}, notify.ErrSuperseded
	}
	p := page{Promise: d.sentence(), Hello: hello(msg.Locale, who), URL: notify.PageMark}
	p.Button = d.T("letter.button", nil)
	p.Why = d.T("letter.why", map[string]any{"Shop": d.shop.Name})
	if err := d.write(&p); err != nil {
		return notify.Letter{}, fmt.Errorf("letter %s of %s: %w", msg.Topic, msg.ID, err)
	}
	p.Locale, p.Shop = msg.Locale, d.shop.Name
	return p.letter()
}

// Invite writes the letter that carries a one-time address, for notify.Tell.
func Invite(tx *db.Tx, m ident.Merchant, id ident.Shopper, address string) (notify.Letter, error) {
	shop, err := merchant.Get(tx, m)
	if err != nil {
		return notify.Letter{}, err
	}
	who, err := shopper.Get(tx, m, id)
	if err != nil {
		return notify.Letter{}, err
	}
	loc, args := who.Locale, map[string]any{"Shop": shop.Name}
	p := page{
		Locale: loc, Subject: lang.T(loc, "letter.link_subject", args), Hello: hello(loc, who),
		Paragraphs: []string{lang.T(loc, "letter.link_text", args), lang.T(loc, "letter.link_ignore", nil)},
		Button:     lang.T(loc, "letter.link_button", nil), URL: address,
		Shop: shop.Name, Why: lang.T(loc, "letter.why", args),
	}
	return p.letter()
}

func hello(loc lang.Locale, who shopper.Contact) string {
	if who.Name == "" {
		return lang.T(loc, "letter.hello_nobody", nil)
	}
	return lang.T(loc, "letter.hello", map[string]any{"Name": who.Name})
}

// T is a sentence in the letter's language.
func (d desk) T(key string, args map[string]any) string { return lang.T(d.msg.Locale, key, args) }

// open reads what every letter about an order needs.
func open(tx *db.Tx, m ident.Merchant, msg notify.Message) (d desk, who shopper.Contact, err error) {
	d = desk{tx: tx, m: m, msg: msg}
	if d.shop, err = merchant.Get(tx, m); err != nil {
		return d, who, err
	}
	if d.order, err = order.Get(tx, m, msg.Order); err != nil {
		return d, who, err
	}
	if who, err = shopper.Get(tx, m, msg.Shopper); err != nil {
		return d, who, err
	}
	of, err := promise.OfOrders(tx, m, []ident.Order{msg.Order})
	if err != nil {
		return d, who, err
	}
	d.promise = spoken(of[msg.Order], msg)
	place := d.promise.Zone
	if place == "" {
		place = d.shop.Zone
	}
	d.zone, err = civil.Zone(place)
	return d, who, err
}

// spoken is the promise a message speaks of: the one named by its cause, else
// the one in force, which is the youngest that was not given up for another.
func spoken(all []promise.Commitment, msg notify.Message) (c promise.Commitment) {
	named := msg.Commitment
	if msg.Topic == fact.TopicAmended {
		named = ident.Commitment(msg.Cause)
	}
	for _, c := range slices.Backward(all) {
		if c.ID == named || named == "" && c.State != fact.Amended {
			return c
		}
	}
	return c
}

// superseded reports whether what the message says is no longer so.
func (d desk) superseded() bool {
	switch d.msg.Topic {
	case fact.TopicConfirmed:
		return d.order.State == order.Cancelled
	case fact.TopicAtRisk:
		return d.promise.State != fact.Open || d.tx.Now >= d.promise.Until
	case fact.TopicBroken:
		return d.promise.State != fact.Broken
	case fact.TopicAmended:
		return d.promise.State != fact.Open
	default:
		return false
	}
}

// letter makes the two parts of a page.
func (p page) letter() (notify.Letter, error) {
	var html strings.Builder
	if err := sheet(p).Render(background, &html); err != nil {
		return notify.Letter{}, err
	}
	return notify.Letter{Locale: p.Locale, Subject: p.Subject, HTML: html.String(), Text: p.text()}, nil
}
