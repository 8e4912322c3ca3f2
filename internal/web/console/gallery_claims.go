package console

import (
	"strings"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
	helpdesk "github.com/promesse-dev/promesse/internal/desk"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

const grievance = "Le suivi dit « livré », et je n'ai rien.\n\nLe gardien non plus."

// claimed is an invented claim in a state.
func (g walk) claimed(s helpdesk.ClaimState, what fact.ClaimKind, due civil.Instant) helpdesk.Claim {
	return helpdesk.Claim{
		ID: "clm_1", Number: 1, Order: "ord_1", Shopper: "sho_1", What: what, State: s, Question: "sai_1", Opened: on(-3, 0), AnswerBy: due, Value: money.Of(3290, money.EUR),
	}
}

// complained is all that whoever decides sees.
func (g walk) complained(c helpdesk.Claim, file ...helpdesk.ClaimEntry) *complaint {
	b := &complaint{claim: c, mediator: "Médiation du commerce, mediation.example", deciders: map[ident.Staff]merchant.Staff{"sta_2": {Name: "Louis Petit"}, "sta_3": {Name: "Nadia Roy"}}}
	b.lived, b.shopper = g.lived().troubled(), camille
	b.of = helpdesk.Conversation{Order: "ord_1", Shopper: "sho_1"}
	b.left = map[ident.Line]int{b.lines[0].ID: b.lines[0].Units}
	b.file = append([]helpdesk.ClaimEntry{{ID: "sai_1", Act: helpdesk.ActOpened, Party: fact.ByShopper, Words: grievance, At: on(-3, 0)}}, file...)
	b.others = []helpdesk.Claim{g.claimed(helpdesk.ClaimClosed, fact.ClaimLate, on(7, 0))}
	b.talking.owed = []promise.Commitment{{ID: "com_9", Owed: fact.AnswerBy, About: "sai_1", Until: c.AnswerBy, State: fact.Kept}}
	return b
}

// claims is where they are decided.
func (g walk) claims() []ui.Exhibit {
	v, rd := invented(), g.reading()
	at := g.at(claimsHere, v)
	list := deskPage{Frame: deskFrame(at, g.t("claims.title")), Empty: g.t("claims.none"), Choices: []choice{{claimsHere, g.t("claims.show_waiting"), true}, {claimsHere + "?show=all", g.t("claims.show_all"), false}}}
	full := list
	for i, k := range fact.ClaimKinds {
		c := g.claimed([]helpdesk.ClaimState{helpdesk.ClaimOpen, helpdesk.ClaimContested, helpdesk.ClaimDecided}[i%3], k, on(17-5*(i%4), 0))
		c.Outcome = fact.Outcomes[i%3]
		row := deskRow{Path: claimPath(c.ID), Title: claimTitle(rd, c, "E-1042"), Who: camille.Name, Small: beginning(strings.Repeat(grievance+" ", 4))}
		row.Tone, row.Badge, row.Due = claimState(rd, c)
		full.Rows = append(full.Rows, row)
	}
	out := []ui.Exhibit{shown("claims", deskView(full)), shown("claims-none", deskView(list))}
	entry := func(act helpdesk.ClaimAct, p fact.Party, words string) helpdesk.ClaimEntry {
		return helpdesk.ClaimEntry{ID: ident.Said("sai_" + string(act)), Act: act, Party: p, Actor: "staff:sta_2", Words: words, At: on(-2, 0)}
	}
	ruled := func(act helpdesk.ClaimAct, who ident.Staff, o fact.Outcome, liable fact.Party) helpdesk.ClaimEntry {
		e := entry(act, fact.ByMerchant, "La photo montre une autre porte.")
		e.Actor, e.Outcome, e.Liable = flow.ByStaff(who), o, liable
		return e
	}
	asked := []helpdesk.ClaimEntry{entry(helpdesk.ActAsked, fact.ByCarrier, "Qui a signé ?"), entry(helpdesk.ActGiven, fact.ByCarrier, "Une photo."), entry(helpdesk.ActAdded, fact.ByShopper, "Ce n'est pas ma porte.")}
	contested := g.claimed(helpdesk.ClaimContested, fact.ClaimNotReceived, on(17, 0))
	contested.Outcome, contested.Decider = fact.Refused, flow.ByStaff("sta_3")
	mine := contested
	mine.Decider = flow.ByStaff("sta_1")
	done := contested
	done.State, done.Outcome = helpdesk.ClaimClosed, fact.InFull
	refused := ruled(helpdesk.ActDecided, "sta_3", fact.Refused, fact.ByNobody)
	paid := g.claimed(helpdesk.ClaimDecided, fact.ClaimLost, on(17, 0))
	paid.Outcome = fact.InFull
	gives := ruled(helpdesk.ActDecided, "sta_3", fact.InFull, fact.ByCarrier)
	gives.Goods = []fact.Units{{Line: "lin_1", Units: 1}}
	back := func(waits bool) *complaint {
		b := g.complained(paid, gives)
		gives.Goods[0].Line = b.lines[0].ID
		b.given = []returns.Redress{{Return: returns.Return{ID: "ret_1", RefundBy: on(300, 0)}, Amount: money.Of(2690, money.EUR), Waits: waits}}
		return b
	}
	for _, e := range []struct {
		name  string
		b     *complaint
		typed typedRuling
	}{
		{"claim-open", g.complained(g.claimed(helpdesk.ClaimOpen, fact.ClaimNotReceived, on(17, 0)), asked...), typedRuling{}},
		{"claim-late", g.complained(g.claimed(helpdesk.ClaimOpen, fact.ClaimDamaged, on(7, 0))), typedRuling{}},
		{"claim-paid-back", back(false), typedRuling{}},
		{"claim-paid-back-waits", back(true), typedRuling{}},
		{"claim-contested", g.complained(contested, refused, entry(helpdesk.ActContested, fact.ByShopper, grievance)), typedRuling{}},
		{"claim-not-you", g.complained(mine, ruled(helpdesk.ActDecided, "sta_1", fact.Refused, fact.ByNobody), entry(helpdesk.ActContested, fact.ByShopper, grievance)), typedRuling{}},
		{"claim-closed", g.complained(done, refused, entry(helpdesk.ActContested, fact.ByShopper, grievance), ruled(helpdesk.ActReviewed, "sta_2", fact.InFull, fact.ByCarrier)), typedRuling{}},
		{"claim-moved", g.complained(g.claimed(helpdesk.ClaimOpen, fact.ClaimOther, on(17, 0))), typedRuling{helpdesk.Decision{Outcome: fact.InPart, Liable: fact.ByRelay, Words: "Voilà.", Goods: []fact.Units{{Line: "lin_1", Units: 1}}}, fault.New(fault.Conflict, "claim_moved", "claim")}},
	} {
		out = append(out, shown(e.name, claimView(e.b.page(deskFrame(at, claimTitle(rd, e.b.claim, e.b.order.Reference)), v, e.typed))))
	}
	return out
}
