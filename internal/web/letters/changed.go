package letters

import (
	"slices"
	"strings"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/relay"
	"github.com/promesse-dev/promesse/internal/returns"
)

// change is a change to the delivery that a letter is about, and what of it.
type change struct {
	lastmile.Change
	now     lastmile.ChangeState // that the letter tells of
	carrier string
	point   relay.Point
	refund  civil.Instant // of what was taken back: until when it is paid back; zero: nothing was
	other   bool          // it is for whom the change names, who may not see the order
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
		if d.change.point, err = relay.Get(tx, d.change.Wanted.Point); err != nil {
			return err
		}
	}
	return d.readRecalled(tx, m)
}

// readRecalled reads until when what was taken back is paid back.
func (d *desk) readRecalled(tx *db.Tx, m ident.Merchant) error {
	c := d.change.Change
	if c.What != fact.CallBack || c.State != lastmile.ChangeAccepted {
		return nil
	}
	of, err := returns.OfOrders(tx, m, []ident.Order{c.Order})
	for _, r := range of[c.Order] {
		if r.Ground == fact.ByWithdrawal {
			d.change.refund = r.RefundBy
		}
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
	switch {
	case c.point.ID != "":
		how = clip(c.point.Name)
	case c.What == fact.Readdress:
		how = clip(doorLine(c.To))
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
		p.Subject, said = d.changeMade(args)
		if c.What == fact.CallBack {
			p.Promise = d.T("change.void_title", nil)
		}
	case lastmile.ChangeRefused:
		p.Subject, said = d.T("letter.change_refused_subject", args), append([]string{d.T("letter.change_refused", args), d.whyRefused()}, d.stays()...)
	case lastmile.ChangeUnanswered:
		p.Subject, said = d.T("letter.change_unanswered_subject", args), append([]string{d.T("letter.change_unanswered", args)}, d.stays()...)
	default:
		p.Subject, said = d.T("letter.change_asked_subject", args), []string{d.T("letter.change_asked", args), d.T("letter.change_not_you", args)}
		if c.Regroup != "" {
			said = slices.Insert(said, 1, d.T("letter.regroup_asked", nil))
		}
	}
	p.say(said...)
	p.write(said...)
}

// changeMade is what holds now.
func (d *desk) changeMade(args map[string]any) (subject string, said []string) {
	c := d.change
	switch {
	case c.What == fact.CallBack:
		said = []string{d.T("letter.change_cancelled", args)}
		if c.refund != 0 {
			args["Refund"] = d.Due(c.refund)
			said = append(said, d.T("letter.change_cancelled_refund", args))
		}
		return d.T("letter.change_cancelled_subject", args), said
	case c.AtOnce():
		return d.T("letter.change_at_once_subject", args), []string{d.T("letter.change_at_once", args), d.T("letter.change_not_you", args)}
	case c.Regroup != "":
		return d.T("letter.change_accepted_subject", args), []string{d.T("letter.change_accepted", args), d.T("letter.regroup_accepted", nil)}
	}
	return d.T("letter.change_accepted_subject", args), []string{d.T("letter.change_accepted", args)}
}

// stays is that nothing has changed, and what else may be done.
func (d *desk) stays() []string {
	said := []string{d.T("change.as_before", nil)}
	if d.change.What == fact.CallBack {
		said = append(said, d.T("change.cancel_after", nil))
	}
	return said
}

// doorLine is an address on one line.
func doorLine(a order.Address) string {
	parts := []string{a.Name, a.Street, a.Extra, strings.TrimSpace(a.Postcode + " " + a.City)}
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), ", ")
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
