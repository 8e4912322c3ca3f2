package shopper

import (
	"net/url"
	"slices"
	"strings"

	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/lastmile"
	orders "github.com/promesse-dev/promesse/internal/order"
)

// step is the one thing to do next, or the news that there is nothing to do.
type step struct {
	Texts  []string
	Early  bool   // asks whether the courier may come early: two buttons
	Button string // of the way to another page; empty: none
	Path   string
}

// next is what the shopper does next.
func (d *lived) next() step {
	switch {
	case d.order.State == orders.Cancelled:
		return step{}
	case d.asked():
		return d.askEarly()
	case d.waits():
		return step{Texts: d.toCollect()}
	case d.missable():
		return step{
			Texts:  []string{d.T("tracking_page.check", nil)},
			Button: d.T("tracking_page.check_button", nil), Path: d.below("missing"),
		}
	case d.unarrived():
		return d.demandStep()
	case d.delivery.State != fact.Open:
		return step{}
	case len(d.warnings) > 0 || d.Now >= d.delivery.Until:
		return step{Texts: []string{d.keepWaiting()}}
	default:
		return step{}
	}
}

// keepWaiting says what happens to whoever does nothing: when we write again.
// The verdict falls when the grace of the carrier's reports is over.
func (d *lived) keepWaiting() string {
	return d.T("tracking_page.keep_waiting", map[string]any{"When": d.When(d.delivery.Due(), fact.Minute)})
}

// asked reports whether a courier waits for an answer.
func (d *lived) asked() bool {
	if d.early.ID == "" || d.early.State(d.Now) != lastmile.Asked {
		return false
	}
	d.changesAt(d.early.From)
	return true
}

func (d *lived) askEarly() step {
	args := map[string]any{"Clock": d.clock(max(d.early.At, d.Now)), "From": d.clock(d.early.From), "Until": d.clock(d.early.Until)}
	d.changesAt(d.early.At)
	return step{
		Texts: []string{d.T("tracking_page.early_ask", args), d.T("tracking_page.early_free", args)},
		Early: true,
	}
}

// missable reports whether the shopper may say that something is missing: once
// something is in hand, and as long as not all of it was declared.
func (d *lived) missable() bool {
	left := 0
	for _, l := range d.lines {
		if l.Kind == orders.Goods {
			left += l.Units
		}
	}
	for _, s := range d.shortages {
		left -= s.Units()
	}
	return left > 0 && d.order.State == orders.Placed && slices.ContainsFunc(d.outgoing(), func(p orders.Parcel) bool {
		return d.stories[p.ID].Clocks.InHand.Known()
	})
}

// cancellable reports whether nothing of the order is packed yet: from then on
// taking it back is the shop's affair.
func (d *lived) cancellable() bool { return d.order.State == orders.Placed && len(d.outgoing()) == 0 }

// choice is something that can still be changed.
type choice struct {
	What  string
	Until string // until when
	Path  string
}

// choices are what can still be changed here; none: said says so.
func (d *lived) choices() (all []choice, said string) {
	args := map[string]any{"Shop": d.brand.Shown}
	if d.cancellable() {
		all = append(all, choice{d.T("tracking_page.cancel", nil), d.T("tracking_page.cancel_until", args), d.below("cancel")})
	}
	switch {
	case len(all) > 0 || d.order.State == orders.Cancelled || d.delivery.State != fact.Open:
		return all, ""
	case d.brand.Contact != "":
		return nil, d.T("tracking_page.nothing_here_write", args)
	default:
		return nil, d.T("tracking_page.nothing_here", nil)
	}
}

// mailTo is the address that opens a letter to the shop; empty when the shop
// gave none.
func (d *lived) mailTo(subject string) string {
	at := strings.LastIndexByte(d.brand.Contact, '@')
	if at < 1 {
		return ""
	}
	address := "mailto:" + url.PathEscape(d.brand.Contact[:at]) + d.brand.Contact[at:]
	if subject == "" {
		return address
	}
	return address + "?subject=" + strings.ReplaceAll(url.QueryEscape(subject), "+", "%20") // RFC 6068: a plus is a plus
}
