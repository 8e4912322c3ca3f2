package console

import (
	"net/http"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	helpdesk "github.com/promesse-dev/promesse/internal/desk"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/shopper"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// claimsHere is where people of the shop decide on claims.
const claimsHere = "/console/claims"

func claimsRoutes(c Config) []ui.Route {
	one := claimsHere + "/{id}"
	return []ui.Route{
		{Method: http.MethodGet, Path: claimsHere, Access: ui.BySession, Needs: readOrders, Summary: "Claims that wait for a decision, the next deadline first, or all", Serve: c.claims},
		{Method: http.MethodGet, Path: one, Access: ui.BySession, Needs: readOrders, Summary: "A claim, with the order, its parcels, its promise and the past in view", Serve: c.claim},
		{Method: http.MethodGet, Path: one + "/photo/{photo}", Access: ui.BySession, Needs: readOrders, Summary: "A photo of a claim", Stream: c.claimPhoto},
		{Method: http.MethodGet, Path: one + "/file", Access: ui.BySession, Needs: readOrders, Summary: "All that is known of a claim, for a mediator", Stream: c.claimFile},
		{Method: http.MethodPost, Path: one + "/sort", Access: ui.BySession, Needs: placeOrders, Summary: "Note what a claim is about", Serve: c.sortClaim},
		{Method: http.MethodPost, Path: one + "/ask", Access: ui.BySession, Needs: placeOrders, Summary: "Note that the carrier or the shop was asked for evidence", Serve: c.askEvidence},
		{Method: http.MethodPost, Path: one + "/evidence", Access: ui.BySession, Needs: placeOrders, Files: maxUpload, Summary: "Write down what they know, in words and photos", Serve: c.giveEvidence},
		{Method: http.MethodPost, Path: one + "/decide", Access: ui.BySession, Needs: giveBack, Summary: "Decide on a claim, with reasons; on a contested one as the second person", Serve: c.decideClaim},
	}
}

func claimPath(id ident.Claim) string { return claimsHere + "/" + string(id) }

// talkTabs are the places where those who wrote are answered.
func talkTabs(tx *db.Tx, v visit, loc lang.Locale, here string) ([]choice, error) {
	waiting, err := helpdesk.ClaimsWaiting(tx, v.Merchant)
	if err != nil {
		return nil, err
	}
	claims := lang.T(loc, "claims.tab", nil)
	if waiting > 0 {
		claims = lang.T(loc, "returns_desk.tab_waiting", map[string]any{"Tab": claims, "Waiting": waiting})
	}
	tabs := []choice{{talksHere, lang.T(loc, "talks.tab_queue", nil), here == talksHere}, {claimsHere, claims, here == claimsHere}}
	if v.may(merchant.PlaceOrders) {
		tabs = append(tabs, choice{talksHere + "/public", lang.T(loc, "talks.tab_public", nil), false})
	}
	return tabs, nil
}

// claims is the queue: the next deadline first, and of one deadline the most
// valuable order.
func (c Config) claims(r *http.Request) (a ui.Answer, err error) {
	loc := ui.Reader(r)
	p := deskPage{Frame: deskFrame(r, lang.T(loc, "claims.title", nil)), Done: done(r, loc), Empty: lang.T(loc, "claims.none", nil)}
	all, after := r.URL.Query().Get("show") == "all", ident.Claim(r.URL.Query().Get("after"))
	p.Choices = []choice{
		{claimsHere, lang.T(loc, "claims.show_waiting", nil), !all},
		{claimsHere + "?show=all", lang.T(loc, "claims.show_all", nil), all},
	}
	err = c.see(r, func(tx *db.Tx, v visit) (err error) {
		if p.Tabs, err = talkTabs(tx, v, loc, claimsHere); err != nil {
			return err
		}
		list, err := readComplaints(tx, v.Merchant, all, after)
		if err != nil {
			return err
		}
		if len(list) > pageSize {
			list = list[:pageSize]
			p.More = claimsHere + "?after=" + string(list[pageSize-1].ID)
			if all {
				p.More += "&show=all"
			}
		}
		p.Rows, err = claimRows(tx, v.Merchant, reading(r, tx.Now), list)
		return err
	})
	return ui.Answer{Page: deskView(p)}, err
}

// deskFrame is that of a page at which the desk's people are: one place of the navigation.
func deskFrame(r *http.Request, title string) ui.Frame {
	f := frame(r, title)
	for i := range f.Nav {
		f.Nav[i].Here = f.Nav[i].Here || f.Nav[i].Path == talksHere
	}
	return f
}

func readComplaints(tx *db.Tx, m ident.Merchant, all bool, after ident.Claim) ([]helpdesk.Claim, error) {
	if all {
		return helpdesk.NewestClaims(tx, m, after, pageSize+1)
	}
	var last helpdesk.Claim
	if after != "" {
		var err error
		if last, err = helpdesk.GetClaim(tx, m, after); absent(err) != nil {
			return nil, err
		}
	}
	return helpdesk.ClaimQueue(tx, m, last, pageSize+1)
}

// claimRows puts claims into rows: who, about what, by when.
func claimRows(tx *db.Tx, m ident.Merchant, rd ui.Reading, all []helpdesk.Claim) (rows []deskRow, err error) {
	var people []ident.Shopper
	var ids []ident.Order
	for _, c := range all {
		people, ids = append(people, c.Shopper), append(ids, c.Order)
	}
	who, err := shopper.Many(tx, m, people)
	if err != nil {
		return nil, err
	}
	orders, err := order.Many(tx, m, ids)
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		file, err := helpdesk.ClaimFile(tx, m, c.ID)
		if err != nil {
			return nil, err
		}
		row := deskRow{Path: claimPath(c.ID), Title: claimTitle(rd, c, orders[c.Order].Reference), Who: named(who[c.Shopper]), Small: beginning(file[0].Words)}
		row.Tone, row.Badge, row.Due = claimState(rd, c)
		rows = append(rows, row)
	}
	return rows, nil
}

func claimTitle(rd ui.Reading, c helpdesk.Claim, reference string) string {
	return rd.T("claims.about", map[string]any{"Reference": reference, "What": claimKind(rd, c.What)})
}

// claimKind is what a claim is about.
func claimKind(rd ui.Reading, k fact.ClaimKind) string {
	return rd.T(map[fact.ClaimKind]string{
		fact.ClaimLate:        "claims.kind_late",
		fact.ClaimLost:        "claims.kind_lost",
		fact.ClaimDamaged:     "claims.kind_damaged",
		fact.ClaimMissing:     "claims.kind_missing",
		fact.ClaimNotReceived: "claims.kind_not_received",
		fact.ClaimNobodyCame:  "claims.kind_nobody_came",
		fact.ClaimOther:       "claims.kind_other",
	}[k], nil)
}

// claimState is where a claim stands, and by when somebody is to decide.
func claimState(rd ui.Reading, c helpdesk.Claim) (t ui.Tone, badge, due string) {
	args := map[string]any{"Due": rd.Due(c.AnswerBy), "Long": rd.Long(c.AnswerBy.Sub(rd.Now))}
	switch {
	case c.Waits() && rd.Now >= c.AnswerBy:
		args["Long"] = rd.Long(rd.Now.Sub(c.AnswerBy))
		return ui.Bad, rd.T("claims.state_late", nil), rd.T("claims.due_late", args)
	case c.State == helpdesk.ClaimContested:
		return ui.Care, rd.T("claims.state_contested", nil), rd.T("claims.due", args)
	case c.Waits():
		return ui.Care, rd.T("claims.state_open", nil), rd.T("claims.due", args)
	default:
		return ui.Mute, rd.T("claims.state_done", map[string]any{"Outcome": outcomeWords(rd, c.Outcome)}), ""
	}
}

// outcomeWords is what was decided.
func outcomeWords(rd ui.Reading, o fact.Outcome) string {
	switch o {
	case fact.InFull:
		return rd.T("claims.outcome_full", nil)
	case fact.InPart:
		return rd.T("claims.outcome_partial", nil)
	default:
		return rd.T("claims.outcome_refused", nil)
	}
}
