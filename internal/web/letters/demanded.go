package letters

import (
	"strings"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/returns"
)

// demand is the formal notice that a letter is about, and what of it.
type demand struct {
	returns.Demand
	over   bool // the letter says that the contract may be resolved
	waited bool // something never came
}

// readDemand reads the notice of a letter about one; its cause names both.
func (d *desk) readDemand(tx *db.Tx, m ident.Merchant) (err error) {
	id, now, _ := strings.Cut(d.msg.Cause, "/")
	d.demand.over = now == "over"
	if d.demand.Demand, err = returns.GetDemand(tx, m, ident.Demand(id)); err != nil {
		return err
	}
	w, err := returns.WaitedFor(tx, m, d.msg.Order)
	d.demand.waited = len(w.Lines) > 0
	return err
}

// stale reports whether there is nothing to resolve any more.
func (x demand) stale() bool { return x.over && (x.Resolved != 0 || !x.waited) }

// demanded is the copy of a formal notice, whole, or that its delay is over.
func (d *desk) demanded(p *page) {
	x, args := d.demand, d.args()
	args["Due"] = d.until(x.Until)
	p.Button, p.URL = d.T("letter.demand_button", nil), notify.PageMark+"/demeure"
	p.Open = d.T("letter.demand_open", nil)
	if x.over {
		d.demandOver(p, args)
		return
	}
	p.Subject = d.T("letter.demand_subject", args)
	told := []string{d.T("letter.demand_text", args), d.T("letter.demand_statement", nil)}
	p.look(d.T("letter.row_received", nil), d.When(x.Sent, fact.Minute))
	p.look(d.T("letter.row_fingerprint", nil), x.Hash)
	statement := strings.Split(strings.TrimSpace(x.Statement), "\n")
	p.say(told...)
	p.say(statement...)
	p.write(told...)
	p.write(strings.Join(statement, "\n"), p.rows())
}

func (d *desk) demandOver(p *page, args map[string]any) {
	why := d.T("letter.demand_over", args)
	if d.demand.Declined != 0 {
		why = d.T("letter.demand_declined", args)
	}
	p.Subject = d.T("letter.demand_over_subject", args)
	p.say(why, d.T("letter.demand_choice", args))
	p.write(why, d.T("letter.demand_choice", args))
}
