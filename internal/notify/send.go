package notify

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// tries is how often a message is offered to its channel: with the errands'
// back-off, for about four hours, which outlasts greylisting.
const tries = 13

// Office sends messages: what it needs to compose them, name them and hand them over.
type Office struct {
	Flow     *flow.Flow
	Host     string // right of the @ in Message-IDs
	Compose  Compose
	Page     func(ident.Order) string // address of an order's page, to stand where PageMark stands; may be nil
	Post     Post                     // addresses for answers and bounces; nil: the shop's own, and the channel's
	Channels Channels
}

// Post gives the addresses to which answers to an e-mail, and its bounces, go.
type Post func(m ident.Merchant, msg ident.Message) (answers, bounces string)

// Sender is the errand that sends a message. The letter is stored before it is
// handed over, so that every try sends the same words under the same name; when
// the process dies between the provider's yes and ours, the provider gets it
// twice, and readers show one.
func (o Office) Sender() flow.Errander {
	return flow.Errander{Kind: SendErrand, Run: o.send, Tries: tries, Gone: gone}
}

func (o Office) send(ctx context.Context, e flow.Errand) (flow.Settle, error) {
	var what sending
	if err := e.Decode(&what); err != nil {
		return nil, flow.Final{Err: err}
	}
	d, err := o.draft(ctx, e.Merchant, what.Message)
	switch {
	case err != nil:
		return nil, err
	case d.skip != "":
		return func(tx *flow.Tx) error { return skip(tx, e.Merchant, d) }, nil
	case !d.waits.IsZero():
		return func(tx *flow.Tx) error { return tx.Do(sqlPostpone, e.Merchant, d.msg.ID, d.waits) }, nil
	case d.over():
		return nil, nil
	}
	d, err = o.keep(ctx, e.Merchant, d)
	switch {
	case err != nil:
		return nil, err
	case d.skip != "":
		return func(tx *flow.Tx) error { return skip(tx, e.Merchant, d) }, nil
	}
	deliver, ok := o.Channels[d.msg.Channel]
	if !ok {
		return nil, flow.Final{Err: Refused{"no_channel", fmt.Errorf("nobody carries %q", d.msg.Channel)}}
	}
	if err := deliver(ctx, o.fill(d)); err != nil {
		return nil, final(err)
	}
	return func(tx *flow.Tx) error { return accepted(tx, e.Merchant, d) }, nil
}

// draft is a message about to leave, or the reason why it does not.
type draft struct {
	msg    Message
	letter Letter
	skip   string
	waits  civil.Instant // the end of the quiet hours in which it would leave; zero: it may
}

// over reports whether there is nothing to do any more: it was sent, or stopped.
func (d draft) over() bool { return d.msg.State != Queued && d.msg.State != Failed }

// draft reads the message and the world, and composes the letter when that was
// not done yet.
func (o Office) draft(ctx context.Context, m ident.Merchant, id ident.Message) (d draft, err error) {
	err = o.Flow.Read(ctx, func(tx *db.Tx) error {
		if d.msg, err = Get(tx, m, id); err != nil || d.over() {
			return err
		}
		p, err := peopleOf(tx, m, []ident.Shopper{d.msg.Shopper})
		if err != nil {
			return err
		}
		if d.skip = p.person(d.msg.Shopper, d.msg.Topic, d.msg.Channel).unreachable(); d.skip != "" {
			return nil
		}
		if at, err := p.instant(d.msg, tx.Now); err != nil || at > tx.Now {
			d.waits = at
			return err
		}
		if d.letter, err = o.letter(tx, m, d.msg); errors.Is(err, ErrSuperseded) {
			d.skip = Superseded
			if errors.Is(err, ErrTogether) {
				d.skip = Together
			}
			return nil
		}
		if err != nil {
			return err
		}
		return o.address(tx, m, p, &d)
	})
	return d, err
}

// orderless are the topics whose letters are composed though they may be about no order.
var orderless = []fact.Topic{fact.TopicWithdrawn, fact.TopicAsked, fact.TopicAnswered}

// letter is the words stored before, or words written from the world as it is
// now. The world is asked at every try: it may have moved on meanwhile.
func (o Office) letter(tx *db.Tx, m ident.Merchant, msg Message) (Letter, error) {
	stored := Letter{Subject: msg.Subject, HTML: msg.HTML, Text: msg.Text, Template: msg.Template, Failure: msg.Failure}
	if msg.Order == "" && !slices.Contains(orderless, msg.Topic) {
		return stored, nil // a note, in words of its own
	}
	old, err := outdatedNow(tx, m, msg)
	if err != nil {
		return Letter{}, err
	}
	if old {
		return Letter{}, ErrSuperseded
	}
	fresh, err := o.Compose(tx, m, msg)
	if err != nil || msg.Subject == "" {
		return fresh, err
	}
	stored.To, stored.ToName = fresh.To, fresh.ToName
	return stored, nil
}

// address fills in the envelope.
func (o Office) address(tx *db.Tx, m ident.Merchant, p people, d *draft) error {
	brand, err := merchant.BrandOf(tx, m)
	if err != nil {
		return err
	}
	d.letter.MessageID = string(d.msg.ID) + "@" + o.Host
	if d.msg.MessageID != "" {
		d.letter.MessageID = d.msg.MessageID
	}
	d.letter.From, d.letter.ReplyTo = brand.Shown, brand.Contact
	if o.Post != nil && d.msg.Channel == Email {
		d.letter.ReplyTo, d.letter.Return = o.Post(m, d.msg.ID)
	}
	d.letter.Locale, d.letter.At = d.msg.Locale, d.msg.Created
	d.to(p)
	return nil
}

// to fills in where the letter goes. A device's address is the whole of its
// subscription; the letter has them all.
func (d *draft) to(p people) {
	who := p.contacts[d.msg.Shopper]
	switch d.msg.Channel {
	case SMS:
		n, _ := p.number(who.ID)
		d.letter.To = n.E164
	case Push:
		d.letter.Devices, d.letter.URL = p.devices[who.ID], PageMark
	default:
		if d.letter.To == "" {
			d.letter.To, d.letter.ToName = who.Email, who.Name
		}
	}
}

// contact is the hash of where a letter went; empty for browsers.
func (d draft) contact() string {
	switch d.msg.Channel {
	case SMS:
		return hashNumber(d.letter.To)
	case Push:
		return ""
	default:
		return hash(d.letter.To)
	}
}

// keep stores the letter before it leaves. Whoever composed first is right: the
// words sent are those stored.
func (o Office) keep(ctx context.Context, m ident.Merchant, d draft) (draft, error) {
	if d.msg.MessageID != "" {
		return d, nil
	}
	l := d.letter
	err := o.Flow.One(ctx, flow.System, m, func(tx *flow.Tx) error {
		now, err := Get(tx.Tx, m, d.msg.ID)
		if err != nil {
			return err
		}
		if d.skip = ""; now.unsaid() { // since it was read
			d.skip = Superseded
			return nil
		}
		first, err := tx.Changed(sqlCompose, m, d.msg.ID, l.MessageID, l.Subject, l.HTML, l.Text, l.Template, l.Failure)
		if err != nil {
			return err
		}
		if first {
			if err := failed(tx, m, d.msg.ID, d.msg.Topic, l); err != nil {
				return err
			}
		}
		d.msg, err = Get(tx.Tx, m, d.msg.ID)
		return err
	})
	d.letter.MessageID, d.letter.Subject, d.letter.HTML, d.letter.Text = d.msg.MessageID, d.msg.Subject, d.msg.HTML, d.msg.Text
	return d, err
}

// fill is the letter as it leaves.
func (o Office) fill(d draft) Letter {
	l := d.letter
	if o.Page != nil {
		page := o.Page(d.msg.Order)
		l.HTML, l.Text = strings.ReplaceAll(l.HTML, PageMark, page), strings.ReplaceAll(l.Text, PageMark, page)
		l.URL = strings.ReplaceAll(l.URL, PageMark, page)
		if LegalOf(d.msg.Topic) == Marketing {
			l.Refuse = page + Refusal(d.msg.Topic)
		}
	}
	return l
}

// final tells the queue which errors no further try can mend.
func final(err error) error {
	var no Refused
	if errors.As(err, &no) {
		return flow.Final{Err: no}
	}
	return err
}

// skip stops a message in the queue.
func skip(tx *flow.Tx, m ident.Merchant, d draft) error {
	if err := tx.Do(sqlSkip, m, d.msg.ID, tx.Now, d.skip); err != nil {
		return err
	}
	return erase(tx, m, d.msg.ID)
}

// secrets are the topics whose words open something, once.
var secrets = []fact.Topic{fact.TopicLink, fact.TopicCode}

// erase takes words that open something out of the log of messages.
func erase(tx *flow.Tx, m ident.Merchant, id ident.Message) error {
	return tx.Do(sqlErase, m, id, db.In(secrets))
}

func accepted(tx *flow.Tx, m ident.Merchant, d draft) error {
	msg := d.msg
	first, err := tx.Changed(sqlAccept, m, msg.ID, tx.Now, d.contact())
	if err != nil || !first {
		return err
	}
	if err := erase(tx, m, msg.ID); err != nil {
		return err
	}
	return tx.Emit(m, timeline(msg), string(msg.ID), fact.MessageSent{Message: msg.body(), At: tx.Now})
}

// gaveUp is the reason of a failure that no provider gave: it could not be reached, or
// always said later.
const gaveUp = "gave_up"

// gone records that a message was refused, or that its channel could not be reached.
func gone(tx *flow.Tx, e flow.Errand, cause error) error {
	var what sending
	if err := e.Decode(&what); err != nil {
		return err
	}
	msg, ok, err := get(tx.Tx, e.Merchant, what.Message)
	if err != nil || !ok {
		return err
	}
	reason := gaveUp
	var no Refused
	if errors.As(cause, &no) {
		reason = no.Reason
	}
	first, err := tx.Changed(sqlFail, e.Merchant, msg.ID, tx.Now, reason)
	if err != nil || !first {
		return err
	}
	return tx.Emit(e.Merchant, timeline(msg), string(msg.ID), fact.MessageFailed{Message: msg.body(), Reason: reason})
}
