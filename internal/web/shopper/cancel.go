package shopper

import (
	"context"
	"errors"
	"net/http"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/notify"
	orders "github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/shopper"
	"github.com/promesse-dev/promesse/internal/web/letters"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// cancelPage says what taking an order back means, and asks for the code once
// one was sent.
type cancelPage struct {
	ui.Frame
	Back   string // path of the order's page
	Gone   string // why it can not be taken back here any more; empty: it can
	Texts  []string
	Sent   string // to which mailbox a code was sent, and until when it opens; empty: not sent
	Send   string // the button that has one sent
	Code   string // path of the form that sends one
	Form   string // path of the form that takes it
	Wrong  string // what is wrong with the code that was typed; empty: nothing
	Unable string // why no code can be sent; empty: one can
	Mail   string
	Write  string
}

// leaving is an order that may be taken back, and whose it is.
type leaving struct {
	*lived
	who     shopper.Contact
	expires civil.Instant // of the code sent last, machine time; zero: none opens
	wall    civil.Instant
	mute    string // why the shopper can not be written to; empty: they can
}

// purpose is what the code is sent for.
func (l leaving) purpose() string { return "cancel " + string(l.order.ID) }

func readLeaving(tx *db.Tx, link ident.Link, loc lang.Locale) (l leaving, err error) {
	if l.lived, err = readLiving(tx, link, loc); err != nil {
		return l, err
	}
	l.wall = tx.Wall
	if l.who, err = shopper.Get(tx, l.shop.ID, l.order.Shopper); err != nil {
		return l, err
	}
	if l.mute, err = notify.Mute(tx, l.shop.ID, l.order.Shopper, fact.TopicCode); err != nil {
		return l, err
	}
	l.expires, err = shopper.CodeExpires(tx, l.shop.ID, l.order.Shopper, l.purpose())
	return l, err
}

func (s *site) leaving(r *http.Request) (l leaving, err error) {
	err = s.read(r, func(tx *db.Tx, link ident.Link) (err error) {
		l, err = readLeaving(tx, link, wanted(r))
		return err
	})
	return l, err
}

// askCancel says what taking the order back means. It changes nothing.
func (s *site) askCancel(r *http.Request) (ui.Answer, error) {
	l, err := s.leaving(r)
	if err != nil {
		return ui.Answer{}, err
	}
	return ui.Answer{Page: cancelOrder(l.page())}, nil
}

// page puts it into words.
func (l leaving) page() cancelPage {
	args := map[string]any{"Reference": l.order.Reference, "Shop": l.brand.Shown, "Address": l.who.Masked()}
	p := cancelPage{
		Frame: l.frame(l.T("tracking_page.cancel_title", args)), Back: l.back(),
		Texts: []string{l.T("tracking_page.cancel_text", args), l.T("tracking_page.cancelled_paid", args)},
		Send:  l.T("tracking_page.code_send", nil), Code: l.beside("code"), Form: l.beside("cancel"),
		Mail: l.mailTo(l.T("order_page.order", args)), Write: l.T("tracking_page.write", args),
	}
	switch {
	case l.order.State == orders.Cancelled:
		p.Gone = l.T("order_page.cancelled", nil)
	case !l.cancellable():
		p.Gone = l.T("tracking_page.cancel_packed", args)
	case l.mute != "":
		p.Unable = l.T("tracking_page.code_unable", args)
	case !l.expires.IsZero():
		args["Long"] = l.expires.Sub(l.wall)
		p.Sent, p.Send = l.T("tracking_page.code_sent", args), l.T("tracking_page.code_again", nil)
	default:
		p.Texts = append(p.Texts, l.T("tracking_page.code_why", args))
	}
	return p
}

// refused is the page with what is wrong.
func (l leaving) refused(f *fault.Error) ui.Answer {
	p := l.page()
	p.Wrong = lang.Fault(l.Locale, f)
	status := http.StatusUnprocessableEntity
	if f.Kind == fault.TooMany {
		status = http.StatusTooManyRequests
	}
	return ui.Answer{Status: status, Page: cancelOrder(p)}
}

// sendCode has a one-time code e-mailed to the shopper, and leads to where it is
// typed. The mailbox is the one known from the order: a link names no other.
func (s *site) sendCode(r *http.Request) (ui.Answer, error) {
	l, err := s.leaving(r)
	if err != nil {
		return ui.Answer{}, err
	}
	if !l.cancellable() || l.mute != "" {
		return ui.Answer{To: l.beside("cancel")}, nil
	}
	err = s.flow.One(r.Context(), by, l.shop.ID, func(tx *flow.Tx) error { return l.send(tx) })
	if f := faultOf(err, fault.TooMany); f != nil {
		return l.refused(f), nil
	}
	return ui.Answer{To: l.beside("cancel")}, err
}

func (l leaving) send(tx *flow.Tx) error {
	return mailCode(tx, l.shop.ID, l.order.Shopper, l.purpose())
}

// cancel takes the order back when the code is right. A wrong try is written
// down, so it is no error of the transaction.
func (s *site) cancel(r *http.Request) (ui.Answer, error) {
	l, err := s.leaving(r)
	if err != nil {
		return ui.Answer{}, err
	}
	wrong, err := s.tryCode(r.Context(), l, r.PostFormValue("code"))
	switch {
	case err != nil:
		return ui.Answer{}, err
	case wrong == nil:
		return ui.Answer{To: l.back()}, nil
	}
	if l, err = s.leaving(r); err != nil { // a code that is spent or expired is not asked for again
		return ui.Answer{}, err
	}
	return l.refused(wrong), nil
}

// errPacked undoes the use of a code that came too late.
var errPacked = errors.New("packed meanwhile")

// tryCode spends the code on taking the order back, in one transaction; wrong is
// why it did not.
func (s *site) tryCode(ctx context.Context, l leaving, typed string) (wrong *fault.Error, err error) {
	m := l.shop.ID
	err = s.flow.One(ctx, flow.ByShopper(l.order.Shopper), m, func(tx *flow.Tx) error {
		outcome, left, err := shopper.CheckCode(tx, m, l.order.Shopper, l.purpose(), typed)
		if wrong = refusal(outcome, left); err != nil || wrong != nil {
			return err
		}
		parcels, err := orders.Parcels(tx.Tx, m, []ident.Order{l.order.ID})
		if err != nil {
			return err
		}
		if now := (&lived{order: l.order, parcels: parcels[l.order.ID]}); !now.cancellable() {
			return errPacked
		}
		return l.takeBack(tx)
	})
	if errors.Is(err, errPacked) {
		return fault.New(fault.Conflict, "order_packed", "order", "reference", l.order.Reference), nil
	}
	return wrong, err
}

// takeBack cancels the order, and has its shopper told: a code may have been read
// by somebody else.
func (l leaving) takeBack(tx *flow.Tx) error {
	m, who := l.shop.ID, l.order.Shopper
	if err := orders.Cancel(tx, m, l.order.ID, fact.ByShopper); err != nil {
		return err
	}
	words, err := letters.Cancelled(tx.Tx, m, who, l.order.Reference)
	if err != nil {
		return err
	}
	return notify.Tell(tx, m, notify.Note{Shopper: who, Topic: fact.TopicCancelled, Cause: string(l.order.ID), Words: words})
}

// refusal is why a code opens nothing; nil when it does.
func refusal(outcome shopper.Check, left int) *fault.Error {
	switch outcome {
	case shopper.Right, "":
		return nil
	case shopper.Wrong:
		return fault.New(fault.Invalid, "code_wrong", "code", "left", left)
	case shopper.Expired:
		return fault.New(fault.Invalid, "code_expired", "code")
	case shopper.Used:
		return fault.New(fault.Invalid, "code_used", "code")
	case shopper.Spent:
		return fault.New(fault.Invalid, "code_spent", "code")
	default:
		return fault.New(fault.Invalid, "code_missing", "code")
	}
}

// faultOf is the first fault of an error, when it is of a kind; else nil.
func faultOf(err error, k fault.Kind) *fault.Error {
	if all := fault.All(err); len(all) > 0 && all[0].Kind == k {
		return all[0]
	}
	return nil
}

// refusals are what is to be said of an error; nil where it is not for the shopper.
func refusals(err error) []*fault.Error {
	if all := fault.All(err); len(all) > 0 && all[0].Kind != fault.NotFound {
		return all
	}
	return nil
}
