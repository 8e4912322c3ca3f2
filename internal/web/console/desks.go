package console

import (
	"net/http"

	"github.com/promesse-dev/promesse/internal/core/lang"
	helpdesk "github.com/promesse-dev/promesse/internal/desk"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/payment"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

const (
	giveBack    = string(merchant.GiveBack)
	placeOrders = string(merchant.PlaceOrders)
)

// desk is one of the places where returns are worked on: its page, its words, who
// may open it, and how much waits there.
type desk struct {
	path, words string
	needs       merchant.Permission
	waits       func(*db.Tx, visit) (int, error)
}

// desks are they, in the order of a return's way.
var desks = []desk{
	{"/console/returns", "returns_desk.tab_returns", merchant.ReadOrders, func(tx *db.Tx, v visit) (int, error) { return returns.WorkCount(tx, v.Merchant) }},
	{"/console/reception", "returns_desk.tab_reception", merchant.ShipParcels, nil},
	{"/console/decisions", "returns_desk.tab_decisions", merchant.GiveBack, func(tx *db.Tx, v visit) (int, error) { return returns.WaitingCount(tx, v.Merchant) }},
	{"/console/disputes", "returns_desk.tab_disputes", merchant.ReadOrders, func(tx *db.Tx, v visit) (int, error) { return returns.DisputeCount(tx, v.Merchant) }},
	{"/console/refunds", "returns_desk.tab_refunds", merchant.ReadOrders, func(tx *db.Tx, v visit) (int, error) { return refundsWaiting(tx, v.Merchant) }},
	{"/console/withdrawals", "returns_desk.tab_withdrawals", merchant.ReadOrders, func(tx *db.Tx, v visit) (int, error) { return returns.UnacknowledgedCount(tx, v.Merchant) }},
}

// deskPage is a list that people work from, before it is HTML.
type deskPage struct {
	ui.Frame
	Tabs        []choice
	Choices     []choice
	Search      *searching
	Done, Wrong string
	Found       string
	Empty       string
	Rows        []deskRow
	Blocks      []block
	More        string // path of the next page; empty on the last
}

// searching is the form that looks for things.
type searching struct {
	Path, Query, Label, How string
	States                  []option // to narrow by; none: there is no such choice
}

// deskRow is one thing in a list, as a row.
type deskRow struct {
	Path, Title, Who, Due, Badge, Small string
	Tone                                ui.Tone
}

func newDesk(r *http.Request, title string) deskPage {
	p := deskPage{Frame: frame(r, title), Done: done(r, ui.Reader(r))}
	for i := range p.Nav { // all desks are one place of the navigation
		p.Nav[i].Here = p.Nav[i].Here || p.Nav[i].Path == "/console/returns"
	}
	return p
}

// tabs leads to the other desks, each with how much waits there.
func (p *deskPage) tabs(tx *db.Tx, v visit, here string) error {
	for _, d := range desks {
		if !v.may(d.needs) {
			continue
		}
		words := lang.T(p.Locale, d.words, nil)
		if d.waits != nil {
			n, err := d.waits(tx, v)
			if err != nil {
				return err
			}
			if n > 0 {
				words = lang.T(p.Locale, "returns_desk.tab_waiting", map[string]any{"Tab": words, "Waiting": n})
			}
		}
		p.Tabs = append(p.Tabs, choice{d.path, words, d.path == here})
	}
	return nil
}

// readTalkTasks counts who waits for an answer, for the start page.
func (p *startPage) readTalkTasks(_ *http.Request, tx *db.Tx, v visit) error {
	if !v.may(merchant.PlaceOrders) {
		return nil
	}
	n, err := helpdesk.WaitingCount(tx, v.Merchant)
	p.need(n, task{talksHere, "console_task.talks", "console_task.talks_text"})
	if err != nil {
		return err
	}
	claims, err := helpdesk.ClaimsWaiting(tx, v.Merchant)
	p.need(claims, task{claimsHere, "console_task.claims", "console_task.claims_text"})
	return err
}

// readReturnTasks counts what waits for a person, for the start page.
func (p *startPage) readReturnTasks(_ *http.Request, tx *db.Tx, v visit) error {
	for _, t := range []struct {
		needs merchant.Permission
		task  task
		count func(*db.Tx) (int, error)
	}{
		{merchant.ReadOrders, task{"/console/withdrawals", "console_task.withdrawals", "console_task.withdrawals_text"}, func(tx *db.Tx) (int, error) { return returns.UnacknowledgedCount(tx, v.Merchant) }},
		{merchant.ReadOrders, task{"/console/returns?show=overdue", "console_task.overdue", "console_task.overdue_text"}, func(tx *db.Tx) (int, error) { return returns.OverdueCount(tx, v.Merchant) }},
		{merchant.GiveBack, task{"/console/returns", "console_task.returns", "console_task.returns_text"}, func(tx *db.Tx) (int, error) { return returns.WorkCount(tx, v.Merchant) }},
		{merchant.GiveBack, task{"/console/decisions", "console_task.decisions", "console_task.decisions_text"}, func(tx *db.Tx) (int, error) { return returns.WaitingCount(tx, v.Merchant) }},
		{merchant.ShipParcels, task{"/console/returns?show=damaged", "console_task.damaged", "console_task.damaged_text"}, func(tx *db.Tx) (int, error) { return returns.OpenProtestCount(tx, v.Merchant) }},
		{merchant.PlaceOrders, task{"/console/disputes", "console_task.disputes", "console_task.disputes_text"}, func(tx *db.Tx) (int, error) { return returns.DisputeCount(tx, v.Merchant) }},
		{merchant.GiveBack, task{"/console/refunds", "console_task.refunds", "console_task.refunds_text"}, func(tx *db.Tx) (int, error) { return payment.WaitingCount(tx, v.Merchant) }},
		{merchant.PlaceOrders, task{"/console/refunds?show=missed", "console_task.missed", "console_task.missed_text"}, func(tx *db.Tx) (int, error) { return payment.ClaimCount(tx, v.Merchant) }},
	} {
		if !v.may(t.needs) {
			continue
		}
		n, err := t.count(tx)
		if err != nil {
			return err
		}
		p.need(n, t.task)
	}
	return nil
}
