package letters

import (
	"slices"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/remedy"
)

// atRisk warns while there is time, says the new hour when somebody gave one, and
// offers what can really be done.
func (d *desk) atRisk(p *page) {
	args := d.args()
	at := d.expected()
	delayed := d.late(at) > 0
	switch {
	case delayed:
		args["Hour"] = d.hour(at)
		p.Subject = d.T("letter.at_risk_subject_hour", args)
	case d.about.Owed == fact.DeliverInSlot:
		p.Subject = d.T("letter.at_risk_subject_slot", args)
	default:
		p.Subject = d.T("letter.at_risk_subject", args)
	}
	what := d.worry()
	if delayed {
		what = d.delay(at)
	}
	p.say(what)
	p.write(d.T("letter.at_risk_plain", map[string]any{"What": what}))
	d.choices(p)
	p.Also, p.AlsoURL = d.T("letter.at_risk_change", nil), notify.PageMark+"/changer"
	p.Markup = d.parcelMarkup()
}

// corrected takes back what an earlier letter said, and says what is so instead.
func (d *desk) corrected(p *page) {
	args := d.args()
	if _, is := d.liftedBy(); is {
		p.Subject = d.T("incident.lifted_subject", args)
		p.say(d.T("incident.lifted_text", nil))
		p.write(d.T("incident.lifted_text", nil))
		return
	}
	if d.msg.Commitment != "" {
		p.Subject = d.T("letter.corrected_kept_subject", args)
		p.say(d.T("letter.corrected_kept_text", args))
		p.write(d.T("letter.corrected_kept_plain", args))
		return
	}
	p.Subject = d.T("letter.corrected_subject", args)
	carried := d.carrying(p)
	parcel, _ := d.parcel()
	carried["Status"] = d.Status(d.stories[parcel.ID].Status)
	p.say(d.T("letter.corrected_text", carried))
	p.write(d.T("letter.corrected_plain", carried))
	d.choices(p)
}

// delay says when it is now expected, and how much too late that is.
func (d *desk) delay(at civil.Instant) string {
	c := d.delivery
	args := map[string]any{"Hour": d.hour(at), "Late": d.late(at), "From": d.clock(c.From), "Until": d.clock(c.Until)}
	if c.Owed == fact.DeliverInSlot {
		return d.T("letter.at_risk_slot_hour", args)
	}
	return d.T("letter.at_risk_hour", args)
}

// worry is why a promise is at risk, as far as a shopper has use for it.
func (d *desk) worry() string {
	cause, c := causeOf(d.msg), d.about
	said := d.incidents()
	switch _, is := fact.IncidentOf(cause); {
	case is && len(said) > 0:
		return strings.Join(said, " ")
	case cause == promise.NotHandedOver:
		return d.T("letter.at_risk_not_left", nil)
	case cause == string(fact.ReasonStrike):
		return d.T("letter.at_risk_strike", nil)
	case cause == string(fact.ReasonWeather):
		return d.T("letter.at_risk_weather", nil)
	case c.Owed == fact.DeliverInSlot:
		return d.T("letter.at_risk_slot", map[string]any{"From": d.clock(c.From), "Until": d.clock(c.Until)})
	default:
		return d.T("letter.at_risk_text", nil)
	}
}

// choices are to wait, and to write to the shop where it gave an address.
func (d *desk) choices(p *page) {
	before := d.msg.Topic == fact.TopicAtRisk
	if d.brand.Contact == "" {
		if before {
			p.say(d.T("letter.at_risk_only", nil))
		}
		p.say(d.T("letter.at_risk_wait_only", nil))
		p.write(d.T("letter.at_risk_wait_only", nil))
		return
	}
	if before {
		p.say(d.T("letter.at_risk_before", nil))
	} else {
		p.say(d.T("letter.choose", nil))
	}
	p.write(d.T("letter.choose", nil))
	p.Choices = []choice{{What: d.T("letter.at_risk_wait", nil)}, {What: d.T("letter.at_risk_write", d.args()), Mail: d.brand.Contact}}
}

// broken says what went wrong, and what follows from it.
func (d *desk) broken(p *page) {
	p.Subject = d.breach()
	what := d.wrongs()
	p.say(append(what, d.T("letter.sorry", nil), d.consequence())...)
	p.write(d.T("letter.broken_plain", map[string]any{"What": strings.Join(what, " "), "Next": d.consequence()}))
	d.missing(p)
}

// breach is the subject of a broken promise: the fact.
func (d *desk) breach() string {
	args, v := d.args(), d.about.Last
	args["Late"] = v.LateBy
	switch {
	case d.about.Owed == fact.Complete && d.short() > 0 && d.saidByShopper():
		return lang.N(d.Locale, "letter.short_subject", d.short(), args)
	case d.about.Owed == fact.Complete && d.short() > 0:
		return lang.N(d.Locale, "letter.short_found", d.short(), args)
	case d.about.Owed == fact.Complete:
		return d.T("letter.broken_subject_incomplete", args)
	case v.EarlyBy > 0:
		return d.T("letter.broken_subject_early", args)
	case !v.LateKnown:
		return d.T("letter.broken_subject_missing", args)
	case v.LateBy < time.Minute:
		return d.T("letter.broken_subject_after", args)
	default:
		return d.T("letter.broken_subject_late", args)
	}
}

// wrongs is what went wrong with each promise that the letter speaks of.
func (d *desk) wrongs() (all []string) {
	for _, c := range d.breaches() {
		all = append(all, d.wrong(c))
	}
	return all
}

// wrong says how late it came, once it came. What is less than a minute at least
// was seen on a later day, at an hour nobody wrote down.
func (d *desk) wrong(c promise.Commitment) string {
	switch v := c.Last; {
	case c.Owed == fact.Complete:
		return d.incomplete()
	case c.Owed == fact.AnswerBy && v.LateKnown && v.LateBy >= time.Minute:
		return d.T("letter.answer_late", map[string]any{"Late": v.LateBy})
	case c.Owed == fact.AnswerBy:
		return d.T("letter.answer_missing", nil)
	case v.EarlyBy > 0:
		return d.T("letter.broken_early", map[string]any{"Early": v.EarlyBy})
	case !v.LateKnown:
		return d.T("letter.broken_missing", nil)
	case v.LateBy < time.Minute:
		return d.T("letter.broken_after", nil)
	default:
		return d.T("letter.broken_late", map[string]any{"Late": v.LateBy})
	}
}

// incomplete says how many units are missing, and who found out: the shop before
// anybody complained, or the shopper.
func (d *desk) incomplete() string {
	switch n := d.short(); {
	case n == 0:
		return d.T("letter.broken_incomplete", nil)
	case d.saidByShopper():
		return lang.N(d.Locale, "letter.short_shopper", n, nil)
	default:
		return lang.N(d.Locale, "letter.short_merchant", n, nil)
	}
}

func (d *desk) saidByShopper() bool {
	return slices.ContainsFunc(d.shortages, func(s order.Shortage) bool { return s.By == fact.ByShopper })
}

// short is how many units are said to be missing.
func (d *desk) short() (n int) {
	for _, s := range d.shortages {
		n += s.Units()
	}
	return n
}

// missing lists the units that are, where the letter speaks of them.
func (d *desk) missing(p *page) {
	for _, c := range d.breaches() {
		if c.Owed != fact.Complete {
			continue
		}
		for _, s := range d.shortages {
			d.shortage(p, s)
		}
	}
}

func (d *desk) shortage(p *page, s order.Shortage) {
	names := map[ident.Line]order.Line{}
	for _, l := range d.lines {
		names[l.ID] = l
	}
	state := d.T("letter.short_missing", nil)
	if s.Damaged {
		state = d.T("letter.short_damaged", nil)
	}
	for _, l := range s.Lines {
		if len(p.Items) == maxLines {
			return
		}
		p.Items = append(p.Items, item{d.article(names[l.Line], l.Units), state})
	}
}

// consequence is what follows from a broken promise for which nothing is granted, yet.
func (d *desk) consequence() string {
	r, _ := d.remedyOf(d.about.ID)
	switch {
	case r.State != remedy.Refused:
		return d.T("letter.broken_next", nil)
	case r.Reason == remedy.CapReached:
		return d.T("letter.broken_given", d.args())
	default:
		return d.T("letter.broken_refused", d.args())
	}
}

func (d *desk) remedyOf(id ident.Commitment) (remedy.Remedy, bool) {
	for _, r := range d.remedies {
		if r.Commitment == id {
			return r, true
		}
	}
	return remedy.Remedy{}, false
}

// repaired says what went wrong and what is credited for it, in one letter.
func (d *desk) repaired(p *page) error {
	r, err := d.granted()
	if err != nil {
		return err
	}
	args := d.args()
	args["Amount"] = remedy.Total(r.Grants)
	p.Subject = d.T("letter.repaired_subject", args)
	given := d.T("letter.repaired_text", args)
	if len(r.Grants) == 1 && r.Grants[0].Kind == remedy.Delivery && r.Grants[0].Amount == d.order.Delivery {
		p.Subject = d.T("letter.repaired_subject_delivery", args)
		given = d.T("letter.repaired_delivery", args)
	}
	what := d.wrongs()
	p.say(append(what, d.T("letter.sorry", nil), given, d.T("letter.repaired_where", nil))...)
	p.write(strings.TrimSpace(d.T("letter.repaired_plain", map[string]any{"What": strings.Join(what, " "), "Given": given})))
	p.look(d.T("letter.row_credit", nil), lang.Amount(d.Locale, remedy.Total(r.Grants)))
	d.missing(p)
	return nil
}
