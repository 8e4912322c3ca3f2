package letters

import (
	"slices"
	"strings"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/relay"
)

// change is a change to the delivery that a letter is about, and what of it.
type change struct {
	lastmile.Change
	now     lastmile.ChangeState // that the letter tells of
	carrier string
	point   relay.Point
	other   bool // it is for whom the change names, who may not see the order
}

// unkept is that a carrier did not confirm what it had agreed to.
const unkept lastmile.ChangeState = "unkept"

// readChange reads the change of a letter about one; its cause names both.
func (d *desk) readChange(tx *db.Tx, m ident.Merchant) (err error) {
	id, now, _ := strings.Cut(d.msg.Cause, "/")
	d.change.now = lastmile.ChangeState(now)
	if d.change.Change, err = lastmile.ChangeOf(tx, m, ident.Change(id)); err != nil {
		return err
	}
	d.change.other = d.msg.Shopper == d.change.Other
	c, err := carrier.Get(tx, m, d.change.Connection)
	if err != nil {
		return err
	}
	d.change.carrier = c.Name
	if d.change.Wanted.Point != "" {
		d.change.point, err = relay.Get(tx, d.change.Wanted.Point)
	}
	return err
}

// readAccepted reads whether the new date of a letter is that of a change whose
// own letter tells of it.
func (d *desk) readAccepted(tx *db.Tx, m ident.Merchant) error {
	all, err := lastmile.Changes(tx, m, d.msg.Order)
	for _, c := range all {
		if c.State == lastmile.ChangeAccepted {
			d.change.Change = c
		}
	}
	return err
}

// changeSays reports whether the letter of a change says the new date.
func (d *desk) changeSays() bool {
	c := d.change.Change
	return c.State == lastmile.ChangeAccepted && c.Wanted.Until == d.about.Until && c.Changed == d.about.Made
}

// changed says what became of what the shopper asked for.
func (d *desk) changed(p *page) {
	c, args := d.change, d.args()
	how := c.Words
	if c.point.ID != "" {
		how = clip(c.point.Name)
	}
	args["What"], args["Carrier"], args["Until"] = d.ChangeWanted(c.What, c.Wanted, how), c.carrier, d.When(c.AnswerBy, fact.Minute)
	if c.point.ID != "" {
		p.look(d.T("letter.row_point", nil), clip(c.point.Name)+", "+clip(c.point.Address()))
	}
	if c.other {
		d.changedForOther(p, args)
		return
	}
	var said []string
	switch c.now {
	case unkept:
		p.Subject, said = d.T("letter.change_unkept_subject", args), []string{d.T("letter.change_unkept", args)}
	case lastmile.ChangeAccepted:
		p.Subject, said = d.T("letter.change_accepted_subject", args), []string{d.T("letter.change_accepted", args)}
		if c.Regroup != "" {
			said = append(said, d.T("letter.regroup_accepted", nil))
		}
	case lastmile.ChangeRefused:
		p.Subject, said = d.T("letter.change_refused_subject", args), []string{d.T("letter.change_refused", args), d.whyRefused(), d.T("change.as_before", nil)}
	case lastmile.ChangeUnanswered:
		p.Subject, said = d.T("letter.change_unanswered_subject", args), []string{d.T("letter.change_unanswered", args), d.T("change.as_before", nil)}
	default:
		p.Subject, said = d.T("letter.change_asked_subject", args), []string{d.T("letter.change_asked", args), d.T("letter.change_not_you", args)}
		if c.Regroup != "" {
			said = slices.Insert(said, 1, d.T("letter.regroup_asked", nil))
		}
	}
	p.say(said...)
	p.write(said...)
}

func (d *desk) whyRefused() string {
	if d.change.Said != "" {
		return d.T("change.refused_said", map[string]any{"Carrier": d.change.carrier, "Words": d.change.Said})
	}
	return d.ChangeReason(d.change.Reason, d.change.carrier)
}

// changedForOther tells whom the change names: no goods, no price, and no way to
// the order's page.
func (d *desk) changedForOther(p *page, args map[string]any) {
	p.Promise, p.Button, p.URL, p.Open, p.Hello = "", "", "", "", hello(d.Locale, "")
	args["Name"] = initials(d.order.Ship.Name)
	said := d.T("letter.change_other_asked", args)
	switch d.change.now {
	case lastmile.ChangeAccepted:
		said = d.T("letter.change_other_accepted", args)
	case lastmile.ChangeRefused, lastmile.ChangeUnanswered:
		said = d.T("letter.change_other_off", args)
	}
	p.Subject = d.T("letter.change_other_subject", args)
	p.Why = d.T("letter.change_other_why", args)
	p.say(said)
	p.write(said)
}

// stale reports whether a change is no longer where the letter says it is.
func (c change) stale() bool { return c.now != c.State && c.now != "" && c.now != unkept }
