package console

import (
	"net/http"
	"net/url"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

func withdrawalsRoutes(c Config) []ui.Route {
	return []ui.Route{
		{Method: http.MethodGet, Path: "/console/withdrawals", Access: ui.BySession, Needs: readOrders, Summary: "Legal withdrawals: those to acknowledge, with their clock, and all", Serve: c.withdrawals},
		{Method: http.MethodGet, Path: "/console/withdrawals/{id}", Access: ui.BySession, Needs: readOrders, Summary: "A withdrawal as it was received, with its clocks", Serve: c.withdrawal},
		{Method: http.MethodPost, Path: "/console/withdrawals/{id}/acknowledge", Access: ui.BySession, Needs: placeOrders, Summary: "Note that a withdrawal was acknowledged by other means", Serve: c.acknowledge},
	}
}

func withdrawalPath(id ident.Withdrawal) string { return "/console/withdrawals/" + string(id) }

// withdrawals lists those whose acknowledgement nobody has sent, the most urgent
// first, or all of them, the newest first.
func (c Config) withdrawals(r *http.Request) (a ui.Answer, err error) {
	p := newDesk(r, lang.T(ui.Reader(r), "withdrawal_desk.title", nil))
	all, after := r.URL.Query().Get("show") == "all", ident.Withdrawal(r.URL.Query().Get("after"))
	p.Choices = []choice{
		{"/console/withdrawals", lang.T(p.Locale, "withdrawal_desk.show_waiting", nil), !all},
		{"/console/withdrawals?show=all", lang.T(p.Locale, "withdrawal_desk.show_all", nil), all},
	}
	p.Empty = lang.T(p.Locale, "withdrawal_desk.none_waiting", nil)
	if all {
		p.Empty = lang.T(p.Locale, "withdrawal_desk.none", nil)
	}
	err = c.see(r, func(tx *db.Tx, v visit) error {
		if err := p.tabs(tx, v, "/console/withdrawals"); err != nil {
			return err
		}
		list, err := readWithdrawals(tx, v.Merchant, all, after)
		if err != nil {
			return err
		}
		if len(list) > pageSize {
			list = list[:pageSize]
			q := url.Values{"after": {string(list[pageSize-1].ID)}}
			if all {
				q.Set("show", "all")
			}
			p.More = "/console/withdrawals?" + q.Encode()
		}
		p.Rows, err = withdrawalRows(tx, v.Merchant, reading(r, tx.Now), list)
		return err
	})
	return ui.Answer{Page: deskView(p)}, err
}

func readWithdrawals(tx *db.Tx, m ident.Merchant, all bool, after ident.Withdrawal) ([]returns.Withdrawal, error) {
	if all {
		return returns.NewestWithdrawals(tx, m, after, pageSize+1)
	}
	var last returns.Withdrawal
	if after != "" {
		var err error
		if last, err = returns.GetWithdrawal(tx, m, after); absent(err) != nil {
			return nil, err
		}
	}
	return returns.Unacknowledged(tx, m, last, pageSize+1)
}

func withdrawalRows(tx *db.Tx, m ident.Merchant, rd ui.Reading, all []returns.Withdrawal) (rows []deskRow, err error) {
	var ids []ident.Order
	for _, w := range all {
		if w.Order != "" {
			ids = append(ids, w.Order)
		}
	}
	of, err := order.Many(tx, m, ids)
	for _, w := range all {
		row := deskRow{
			Path: withdrawalPath(w.ID), Title: of[w.Order].Reference, Who: w.Name,
			Small: rd.T("withdrawal_desk.sent", map[string]any{"When": rd.When(w.Sent, fact.Minute)}),
		}
		if w.Order == "" {
			row.Title = rd.T("withdrawal_desk.no_order", map[string]any{"Contract": w.Contract})
		}
		row.Tone, row.Badge, row.Due = withdrawalState(rd, w)
		rows = append(rows, row)
	}
	return rows, err
}

// withdrawalState is where a withdrawal stands: its acknowledgement is what is owed.
func withdrawalState(rd ui.Reading, w returns.Withdrawal) (t ui.Tone, badge, due string) {
	switch {
	case w.Acknowledged != 0:
		return ui.Good, rd.T("withdrawal_desk.state_acknowledged", nil), rd.T("withdrawal_desk.refund_by", map[string]any{"Due": rd.Due(w.RefundBy)})
	case w.AcknowledgeBy <= rd.Now:
		return ui.Bad, rd.T("withdrawal_desk.state_late", nil), rd.T("withdrawal_desk.acknowledge_late", map[string]any{"Late": rd.Long(rd.Now.Sub(w.AcknowledgeBy))})
	}
	return ui.Care, rd.T("withdrawal_desk.state_waiting", nil), rd.T("withdrawal_desk.acknowledge_by", map[string]any{"Due": rd.When(w.AcknowledgeBy, fact.Minute), "Left": rd.Long(w.AcknowledgeBy.Sub(rd.Now))})
}

func (c Config) withdrawal(r *http.Request) (a ui.Answer, err error) {
	p := formPage{Frame: newDesk(r, lang.T(ui.Reader(r), "withdrawal_desk.one_title", nil)).Frame, Done: done(r, ui.Reader(r))}
	p.Back = pair{lang.T(p.Locale, "withdrawal_desk.to_list", nil), "/console/withdrawals"}
	err = c.see(r, func(tx *db.Tx, v visit) error {
		w, err := returns.GetWithdrawal(tx, v.Merchant, ident.Withdrawal(r.PathValue("id")))
		if err != nil {
			return err
		}
		names := map[ident.Line]string{}
		if w.Order != "" {
			lines, err := order.Lines(tx, v.Merchant, w.Order)
			if err != nil {
				return err
			}
			for _, l := range lines {
				names[l.ID] = l.Name
			}
		}
		rd := reading(r, tx.Now)
		p.Sums, p.Blocks = []block{withdrawalBlock(rd, w, names, v)}, []block{statementBlock(rd, w)}
		return nil
	})
	return ui.Answer{Page: formView(p)}, err
}

// withdrawalBlock is who withdrew from what, by when something is owed for it, and
// what this reader may do.
func withdrawalBlock(rd ui.Reading, w returns.Withdrawal, names map[ident.Line]string, v visit) block {
	k := block{Title: w.Name, Facts: []pair{
		{rd.T("withdrawal_desk.contract", nil), w.Contract},
		{rd.T("console.email", nil), w.Email},
		{rd.T("withdrawal_desk.sent_at", nil), rd.When(w.Sent, fact.Exact)},
		{rd.T("withdrawal_desk.clock_acknowledge", nil), rd.When(w.AcknowledgeBy, fact.Minute)},
		{rd.T("withdrawal_desk.clock_refund", nil), rd.Due(w.RefundBy)},
	}}
	var due string
	k.Tone, k.Badge, due = withdrawalState(rd, w)
	k.Says = append(k.Says, due)
	if w.SendBackBy != 0 {
		k.Facts = append(k.Facts, pair{rd.T("withdrawal_desk.clock_send", nil), rd.Due(w.SendBackBy)})
	}
	if w.Acknowledged != 0 {
		k.Facts = append(k.Facts, pair{rd.T("withdrawal_desk.acknowledged_at", nil), rd.When(w.Acknowledged, fact.Exact)})
	}
	if !w.InTime {
		k.Says = append(k.Says, rd.T("withdrawal_desk.too_late", map[string]any{"Due": rd.Due(max(w.Until, 1))}))
	}
	for _, l := range w.Lines {
		words := rd.T("returns_desk.item", map[string]any{"Units": l.Units, "Name": names[l.Line]})
		if l.Excluded != "" {
			words = rd.T("withdrawal_desk.excluded", map[string]any{"Item": words, "Why": worded(rd, nil, l.Excluded)})
		}
		k.Says = append(k.Says, words)
	}
	if w.Order != "" {
		k.Links = append(k.Links, pair{rd.T("withdrawal_desk.to_order", nil), orderPath(w.Order)})
	} else {
		k.Notes = append(k.Notes, rd.T("withdrawal_desk.find_order", nil))
	}
	if w.Return != "" {
		k.Links = append(k.Links, pair{rd.T("withdrawal_desk.to_return", nil), returnPath(w.Return)})
	}
	if w.Acknowledged == 0 && v.may(merchant.PlaceOrders) {
		k.Deeds = []deed{{
			Path: withdrawalPath(w.ID) + "/acknowledge", Button: rd.T("withdrawal_desk.acknowledge", nil), How: rd.T("withdrawal_desk.acknowledge_how", map[string]any{"Email": w.Email}),
		}}
	}
	return k
}

// statementBlock is the statement as it was received, and its hash.
func statementBlock(rd ui.Reading, w returns.Withdrawal) block {
	return block{Title: rd.T("withdrawal_desk.statement", nil), Quote: w.Statement, Notes: []string{rd.T("withdrawal_desk.fingerprint", map[string]any{"Hash": w.Hash})}}
}

// acknowledge notes that somebody acknowledged by other means than our letter.
func (c Config) acknowledge(r *http.Request) (ui.Answer, error) {
	id := ident.Withdrawal(r.PathValue("id"))
	err := c.act(r, func(tx *flow.Tx, v visit) error {
		if _, err := returns.GetWithdrawal(tx.Tx, v.Merchant, id); err != nil {
			return err
		}
		_, err := returns.Acknowledge(tx, v.Merchant, id)
		return err
	})
	return ui.Answer{To: withdrawalPath(id) + "?done=acknowledged"}, err
}
