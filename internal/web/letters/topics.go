package letters

import (
	"fmt"
	"time"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/remedy"
	"github.com/promesse-dev/promesse/internal/tracking"
)

// write fills in what a topic has to say.
func (d desk) write(p *page) error {
	about := map[string]any{"Order": d.order.Reference}
	switch d.msg.Topic {
	case fact.TopicConfirmed:
		p.Subject = d.T("letter.confirmed_subject", about)
		p.say(d.T("letter.confirmed_text", about))
		return d.list(p)
	case fact.TopicShipped:
		p.Subject = d.T("letter.shipped_subject", about)
		return d.parcel(p)
	case fact.TopicOut:
		p.Subject = d.T("letter.out_subject", about)
		p.say(d.T("letter.out_text", nil))
	case fact.TopicReady:
		p.Subject = d.T("letter.ready_subject", about)
		p.say(d.T("letter.ready_text", nil))
	case fact.TopicDelivered:
		p.Subject = d.T("letter.delivered_subject", about)
		return d.delivered(p)
	case fact.TopicAtRisk:
		p.Subject = d.T("letter.at_risk_subject", about)
		p.say(d.T("letter.at_risk_text", nil), d.T("letter.at_risk_next", map[string]any{"Shop": d.shop.Name}))
	case fact.TopicBroken:
		p.Subject = d.T("letter.broken_subject", about)
		p.say(d.lateness(), d.T("letter.broken_next", nil))
	case fact.TopicAmended:
		p.Subject = d.T("letter.amended_subject", about)
		p.say(d.T("letter.amended_text", nil))
	case fact.TopicRepaired:
		return d.repaired(p)
	default:
		return fmt.Errorf("no letter is written about %q", d.msg.Topic)
	}
	return nil
}

func (p *page) say(paragraphs ...string) { p.Paragraphs = append(p.Paragraphs, paragraphs...) }

// list shows what was bought and paid.
func (d desk) list(p *page) error {
	lines, err := order.Lines(d.tx, d.m, d.order.ID)
	for _, l := range lines {
		what := d.T("letter.delivery", nil)
		if l.Kind == order.Goods {
			what = d.T("letter.article", map[string]any{"Units": l.Units, "Name": l.Name})
		}
		p.Items = append(p.Items, item{what, lang.Amount(d.msg.Locale, l.Captured)})
	}
	p.Items = append(p.Items, item{d.T("letter.total", nil), lang.Amount(d.msg.Locale, d.order.Value)})
	return err
}

// parcel says by which number the carrier knows what is on its way.
func (d desk) parcel(p *page) error {
	id := ident.Parcel(d.msg.Cause)
	parcels, err := order.ParcelsByID(d.tx, d.m, []ident.Parcel{id})
	p.say(d.T("letter.shipped_text", map[string]any{"Number": parcels[id].Number}))
	return err
}

// delivered says when, as exactly as the carrier did.
func (d desk) delivered(p *page) error {
	id := ident.Parcel(d.msg.Cause)
	stories, err := tracking.Stories(d.tx, d.m, []ident.Parcel{id})
	at := stories[id].Clocks.InHand
	switch {
	case !at.Known():
		p.say(d.T("letter.delivered_text", nil))
	case at.Until.Sub(at.From) > time.Hour:
		p.say(d.T("letter.delivered_on", map[string]any{"Day": lang.Day(d.msg.Locale, at.From.Day(d.zone))}))
	default:
		p.say(d.T("letter.delivered_at", map[string]any{"Moment": lang.Moment(d.msg.Locale, at.From.In(d.zone))}))
	}
	return err
}

// lateness says how late it came, once it came. What is less than a minute at
// least was seen on a later day, at an hour nobody wrote down.
func (d desk) lateness() string {
	switch v := d.promise.Last; {
	case !v.LateKnown:
		return d.T("letter.broken_missing", nil)
	case v.LateBy < time.Minute:
		return d.T("letter.broken_after", nil)
	default:
		return d.T("letter.broken_late", map[string]any{"Late": v.LateBy})
	}
}

// repaired says what is given back, line by line when there are several.
func (d desk) repaired(p *page) error {
	of, err := remedy.OfOrders(d.tx, d.m, []ident.Order{d.order.ID})
	if err != nil {
		return err
	}
	for _, r := range of[d.order.ID] {
		if string(r.ID) != d.msg.Cause {
			continue
		}
		args := map[string]any{"Order": d.order.Reference, "Amount": remedy.Total(r.Grants), "Shop": d.shop.Name}
		p.Subject = d.T("letter.repaired_subject", args)
		if len(r.Grants) == 1 && r.Grants[0].Kind == remedy.Delivery && r.Grants[0].Amount == d.order.Delivery {
			p.say(d.T("letter.repaired_delivery", args))
			return nil
		}
		p.say(d.T("letter.repaired_text", args))
		return nil
	}
	return fmt.Errorf("the order has no remedy %s", d.msg.Cause)
}
