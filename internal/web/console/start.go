package console

import (
	"net/http"

	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/tracking"
	"github.com/promesse-dev/promesse/internal/web/ui"
	"github.com/promesse-dev/promesse/internal/webhook"
)

func startRoutes(c Config) []ui.Route {
	return []ui.Route{
		{Method: http.MethodGet, Path: "/console/{$}", Access: ui.BySession, Summary: "What needs attention", Serve: c.start},
	}
}

// startPage is what needs attention, before it is HTML.
type startPage struct {
	ui.Frame
	Hello  string
	Needs  []task // empty: nothing does
	Counts []pair
	Rows   []orderRow
}

// task is something that waits for a person, and where it is done.
type task struct{ Path, Words, Text string }

// newest is how many orders the page shows, maxDanger up to how many promises in
// danger it counts.
const (
	newest    = 5
	maxDanger = 100
)

func (c Config) start(r *http.Request) (a ui.Answer, err error) {
	loc := ui.Reader(r)
	p := startPage{Frame: frame(r, lang.T(loc, "console.nav_start", nil))}
	err = c.see(r, func(tx *db.Tx, v visit) error {
		p.Hello = lang.T(loc, "console.hello", map[string]any{"Name": v.Staff.Name})
		for _, part := range []func(*http.Request, *db.Tx, visit) error{p.readTasks, p.readTalkTasks, p.readReturnTasks, p.readOrders} {
			if err := part(r, tx, v); err != nil {
				return err
			}
		}
		return nil
	})
	return ui.Answer{Page: startView(p)}, err
}

// readTasks counts what waits, as far as the reader may do something about it.
func (p *startPage) readTasks(r *http.Request, tx *db.Tx, v visit) error {
	if v.may(merchant.AmendPromises) {
		danger, err := promise.InDanger(tx, v.Merchant, maxDanger)
		if err != nil {
			return err
		}
		p.need(len(danger), task{"/console/queue", "console_task.danger", "console_task.danger_text"})
		waiting, err := promise.WaitingIncidents(tx, v.Merchant)
		if err != nil {
			return err
		}
		p.need(len(waiting), task{incidentsHere, "console_task.release_crowd", "console_task.release_text"})
	}
	if v.may(merchant.ReadWork) {
		parked, err := flow.ParkedCount(tx, v.Merchant)
		if err != nil {
			return err
		}
		p.need(parked, task{"/console/parked", "console_task.parked", "console_task.parked_text"})
		unread, err := tracking.UnreadCount(tx, v.Merchant)
		if err != nil {
			return err
		}
		p.need(unread, task{"/console/parked#raw", "console_task.unread", "console_task.unread_text"})
		dead, err := webhook.DeadCount(tx, v.Merchant)
		if err != nil {
			return err
		}
		p.need(dead, task{deliveriesPath(webhook.Page{State: webhook.Dead}), "console_task.undelivered", "console_task.undelivered_text"})
	}
	if v.may(merchant.ManageSettings) {
		unwritten, err := notify.Unwritten(tx, v.Merchant)
		if err != nil {
			return err
		}
		p.need(unwritten, task{templatesHere, "console_task.unwritten", "console_task.unwritten_text"})
	}
	if !v.may(merchant.ReadOrders) {
		return nil
	}
	failed, err := notify.Count(tx, v.Merchant, notify.Failed)
	if err != nil {
		return err
	}
	p.need(failed, task{"/console/outbox?state=failed", "console_task.failed", "console_task.failed_text"})
	return nil
}

// need adds a task, unless there is nothing to do.
func (p *startPage) need(count int, t task) {
	if count == 0 {
		return
	}
	t.Words, t.Text = lang.N(p.Locale, t.Words, count, nil), lang.T(p.Locale, t.Text, nil)
	p.Needs = append(p.Needs, t)
}

// readOrders counts promises and shows the newest orders.
func (p *startPage) readOrders(r *http.Request, tx *db.Tx, v visit) error {
	if !v.may(merchant.ReadOrders) {
		return nil
	}
	for _, s := range []struct {
		state fact.State
		key   string
	}{{fact.Open, "console.count_open"}, {fact.Kept, "console.count_kept"}, {fact.Broken, "console.count_broken"}} {
		n, err := promise.Count(tx, v.Merchant, s.state)
		if err != nil {
			return err
		}
		p.Counts = append(p.Counts, pair{lang.T(p.Locale, s.key, nil), lang.Number(p.Locale, int64(n))})
	}
	orders, err := order.List(tx, v.Merchant, order.Page{Limit: newest})
	if err != nil {
		return err
	}
	p.Rows, err = rowsOf(tx, v.Merchant, reading(r, tx.Now), orders)
	return err
}
