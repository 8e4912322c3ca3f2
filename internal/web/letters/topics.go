package letters

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/promise"
)

// write fills in what a topic has to say.
func (d *desk) write(p *page) error {
	switch d.msg.Topic {
	case fact.TopicConfirmed:
		d.confirmed(p)
	case fact.TopicShipped:
		d.shipped(p)
	case fact.TopicOut:
		d.out(p)
	case fact.TopicReady:
		d.ready(p)
	case fact.TopicDelivered:
		d.delivered(p)
	case fact.TopicAtRisk:
		d.atRisk(p)
	case fact.TopicBroken:
		d.broken(p)
	case fact.TopicRepaired:
		return d.repaired(p)
	case fact.TopicAmended:
		p.Subject = d.T("letter.amended_subject", d.args())
		p.say(d.T("letter.amended_text", nil))
		p.write(d.T("letter.amended_plain", nil))
	case fact.TopicChange:
		d.changed(p)
	case fact.TopicDemand:
		d.demanded(p)
	case fact.TopicCorrected:
		d.corrected(p)
	case fact.TopicNewDate:
		return d.newDate(p)
	case fact.TopicEarly:
		return d.early(p)
	case fact.TopicReturnAccepted, fact.TopicReturnDeposited, fact.TopicReturnReceived, fact.TopicReturnLost, fact.TopicReturnDecided,
		fact.TopicReturnExpiring, fact.TopicReturnExpired, fact.TopicPickupMissed, fact.TopicRefundSent, fact.TopicDisputeSettled:
		d.returned(p)
	default:
		return fmt.Errorf("no letter is written about %q", d.msg.Topic)
	}
	return nil
}

// say adds to the HTML, write to the text part.
func (p *page) say(paragraphs ...string)   { p.Paragraphs = append(p.Paragraphs, paragraphs...) }
func (p *page) write(paragraphs ...string) { p.Plain = append(p.Plain, paragraphs...) }

// look adds what one looks up, unless it is not known.
func (p *page) look(what, value string) {
	if value != "" {
		p.Rows = append(p.Rows, item{what, value})
	}
}

// args are the values that most sentences name.
func (d *desk) args() map[string]any {
	return map[string]any{"Order": d.order.Reference, "Shop": d.brand.Name}
}

// confirmed carries the promise as it was shown, what was bought and paid, and
// where it goes.
func (d *desk) confirmed(p *page) {
	p.Subject = d.T("letter.confirmed_subject", d.args())
	p.say(d.T("letter.confirmed_text", d.args()))
	p.write(d.T("letter.confirmed_plain", d.args()))
	if c := d.about; c.ID != "" {
		if c.Shown != "" && d.shown() == "" {
			p.look(d.T("letter.row_shown", nil), d.T("letter.quoted", map[string]any{"Words": c.Shown}))
		}
		p.look(d.T("letter.row_due", nil), d.due(c))
		p.look(d.T("letter.row_chance", nil), d.chance(c))
	}
	if d.delivery.Collect {
		p.look(d.T("letter.row_point", nil), d.pickup())
	} else {
		p.look(d.T("letter.row_address", nil), d.address())
	}
	p.write(p.rows())
	p.Items = d.prices()
	p.Markup = d.orderMarkup()
}

// maxLines and maxName bound what a letter lists, in lines and characters: it is
// to stay small, and the order's page has the rest.
const (
	maxLines = 20
	maxName  = 70
)

// prices are the lines of the order as paid. Articles beyond the bound are one line.
func (d *desk) prices() (all []item) {
	rest, beyond := int64(0), 0
	for i, l := range d.goods() {
		if i >= maxLines {
			rest, beyond = rest+l.Captured.Minor, beyond+1
			continue
		}
		all = append(all, item{d.article(l, l.Units), lang.Amount(d.Locale, l.Captured)})
	}
	if beyond > 0 {
		all = append(all, item{lang.N(d.Locale, "letter.more", beyond, nil), lang.Amount(d.Locale, money.Of(rest, d.order.Currency))})
	}
	return append(all,
		item{d.T("letter.delivery", nil), lang.Amount(d.Locale, d.order.Delivery)},
		item{d.T("letter.total", nil), lang.Amount(d.Locale, d.order.Value)})
}

// goods are the lines that are not delivery.
func (d *desk) goods() []order.Line {
	return slices.DeleteFunc(slices.Clone(d.lines), func(l order.Line) bool { return l.Kind != order.Goods })
}

// clip is a text cut to what a letter has room for.
func clip(s string) string {
	if r := []rune(s); len(r) > maxName {
		return string(r[:maxName]) + "…"
	}
	return s
}

// chance is what was said at checkout of being on time; nothing where that was
// the carrier's standard and no count of ours.
func (d *desk) chance(c promise.Commitment) string {
	if c.Confidence == 0 || c.Basis == promise.BasisStandard {
		return ""
	}
	return d.percent(c.Confidence)
}

// percent is a probability as people say it, whole and never certain.
func (d *desk) percent(p float64) string {
	return lang.Percent(d.Locale, min(0.99, math.Floor(p*100+0.5)/100))
}

func (d *desk) article(l order.Line, units int) string {
	return d.T("letter.article", map[string]any{"Units": units, "Name": clip(l.Name)})
}

// carrying names the parcel of a letter: its number, and who carries it.
func (d *desk) carrying(p *page) map[string]any {
	parcel, _ := d.parcel()
	p.look(d.T("letter.row_carrier", nil), d.carriers[parcel.Connection])
	p.look(d.T("letter.row_number", nil), parcel.Number)
	p.Markup = d.parcelMarkup()
	return map[string]any{"Number": parcel.Number, "Carrier": d.carriers[parcel.Connection]}
}

func (d *desk) shipped(p *page) {
	p.Subject = d.T("letter.shipped_subject", d.args())
	args := d.carrying(p)
	p.say(d.T("letter.shipped_text", args))
	p.write(d.T("letter.shipped_plain", args))
}

func (d *desk) out(p *page) {
	p.Subject = d.T("letter.out_subject", d.args())
	args := d.carrying(p)
	p.say(d.T("letter.out_text", args))
	p.write(d.T("letter.out_plain", args))
	if at := d.expected(); at != 0 {
		said := d.T("letter.out_hour", map[string]any{"Hour": d.hour(at)})
		p.say(said)
		p.write(said)
	}
}

func (d *desk) ready(p *page) {
	p.Subject = d.T("letter.ready_subject", d.args())
	args := d.carrying(p)
	p.say(d.T("letter.ready_text", args))
	p.write(d.T("letter.ready_plain", args))
	if at := d.pickup(); at != "" && d.point.Gone.IsZero() {
		p.look(d.T("letter.row_point", nil), at)
		p.write(at)
	}
}

// delivered says when, as exactly as the carrier did.
func (d *desk) delivered(p *page) {
	p.Subject = d.T("letter.delivered_subject", d.args())
	args := d.carrying(p)
	parcel, _ := d.parcel()
	at := d.stories[parcel.ID].Clocks.InHand
	args["Day"], args["Moment"] = d.Day(at.From.Day(d.Zone)), lang.Moment(d.Locale, at.From.In(d.Zone))
	said := d.T("letter.delivered_at", args)
	switch {
	case !at.Known():
		said = d.T("letter.delivered_text", args)
	case at.Until.Sub(at.From) > time.Hour:
		said = d.T("letter.delivered_on", args)
	}
	p.say(said, d.T("letter.delivered_next", nil))
	p.write(said)
	p.Open = d.T("letter.delivered_plain", nil)
	p.Also, p.AlsoURL = d.T("letter.delivered_back", nil), notify.PageMark+"/retour"
}

// early asks for the shopper's consent, and says what silence means.
func (d *desk) early(p *page) error {
	asked, ok := d.asked()
	if !ok {
		return fmt.Errorf("nobody asked %s about the order", d.msg.Cause)
	}
	args := d.args()
	args["Hour"] = d.hour(asked.At)
	args["Slot"] = d.T("letter.early_slot", map[string]any{"From": d.clock(asked.From), "Until": d.clock(asked.Until)})
	p.Subject = d.T("letter.early_subject", args)
	p.say(d.T("letter.early_text", args))
	p.write(d.T("letter.early_plain", args))
	p.Button, p.Open = d.T("letter.early_button", nil), d.T("letter.early_open", nil)
	return nil
}

// asked is the courier's wish that the message tells of.
func (d *desk) asked() (fact.EarlyAsked, bool) {
	for _, b := range d.said {
		if e, ok := b.(fact.EarlyAsked); ok && string(e.Early) == d.msg.Cause {
			return e, true
		}
	}
	return fact.EarlyAsked{}, false
}

// newDate says when it will really come, how sure that is, and that the promise
// stays what it was.
func (d *desk) newDate(p *page) error {
	e, ok := d.estimated()
	if !ok {
		return fmt.Errorf("the order has no estimate %s", d.msg.Cause)
	}
	args := d.args()
	args["Due"], args["Chance"] = d.Due(e.By), d.chances(e.Confidence)
	p.Subject = d.T("letter.new_date_subject", args)
	p.say(d.T("letter.new_date_text", args), d.T("letter.new_date_promise", nil))
	p.write(d.T("letter.new_date_plain", args))
	d.choices(p)
	return nil
}

// estimated is the estimate that the message tells of.
func (d *desk) estimated() (fact.PromiseReestimated, bool) {
	for _, b := range d.said {
		if e, ok := b.(fact.PromiseReestimated); ok && string(e.Estimate) == d.msg.Cause {
			return e, true
		}
	}
	return fact.PromiseReestimated{}, false
}

// chances are a probability in words, with its figure.
func (d *desk) chances(p float64) string {
	args := map[string]any{"Percent": d.percent(p)}
	switch {
	case p >= 0.95:
		return d.T("letter.chance_sure", args)
	case p >= 0.8:
		return d.T("letter.chance_high", args)
	case p >= 0.6:
		return d.T("letter.chance_fair", args)
	default:
		return d.T("letter.chance_low", args)
	}
}
