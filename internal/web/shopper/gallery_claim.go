package shopper

import (
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	helpdesk "github.com/promesse-dev/promesse/internal/desk"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/tracking"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// complaining is an invented order about which somebody claims.
func complaining(loc lang.Locale, trusted bool, sets ...set) claiming {
	c := claiming{acting: acting{lived: lives(loc, sets...), trusted: trusted}, due: on(paris, 17, 0)}
	c.who = map[ident.Staff]merchant.Staff{"stf_1": {Name: "Nadia"}, "stf_2": {Name: "Olivier"}}
	c.mediator = "Médiation du commerce, mediation.example"
	return c
}

// stands is a claim in a state, with its file.
func (c claiming) stands(s helpdesk.ClaimState, o fact.Outcome, file ...helpdesk.ClaimEntry) claiming {
	c.of = helpdesk.Claim{
		ID: "clm_60jyn17wmw0000gvhy112yft8w", Number: 1, Order: "ord_1", What: fact.ClaimNotReceived, State: s, Outcome: o, Opened: c.Now, AnswerBy: on(paris, 17, 0),
	}
	c.file = append([]helpdesk.ClaimEntry{{
		ID: "sai_1", Act: helpdesk.ActOpened, Party: fact.ByShopper, Words: c.T("letter.gallery_claim", nil), Photos: []ident.Blob{"blb_1"}, At: on(paris, 9, 0),
	}}, file...)
	return c
}

func claimsIn(loc lang.Locale) (all []ui.Exhibit) {
	words := lang.T(loc, "letter.gallery_claim", nil)
	open := complaining(loc, true)
	came := complaining(loc, true, sent(fact.Delivered), kept)
	came.events = append(came.events, tracking.Event{Parcel: "par_1", Status: fact.FailedAttempt, At: on(paris, 8, 0)})
	two := complaining(loc, true, shared)
	before := complaining(loc, false, sent(fact.Delivered), kept)
	before.claims = claimsInEachState(before.lived)
	locked := before.formPage(claimDraft{words: words, key: "KEY"})
	locked.Wrong = []wrong{{"unlock", before.T("claim_page.code_first", nil)}}
	mute := complaining(loc, false)
	mute.mute = "no_contact"
	long := open.formPage(claimDraft{words: strings.Repeat(words+" ", 40), key: "KEY"})
	long.Wrong = []wrong{{"words", lang.Fault(loc, fault.New(fault.Invalid, "field_too_long", "message", "limit", helpdesk.MaxWords))}}
	for _, e := range []struct {
		name string
		page claimFormPage
	}{
		{"claim", open.formPage(claimDraft{key: "KEY"})},
		{"claim-delivered", came.formPage(claimDraft{what: fact.ClaimNotReceived, key: "KEY"})},
		{"claim-two-parcels", two.formPage(claimDraft{key: "KEY"})},
		{"claim-locked", before.formPage(claimDraft{key: "KEY"})},
		{"claim-locked-typed", locked},
		{"claim-no-address", mute.formPage(claimDraft{key: "KEY"})},
		{"claim-too-long", long},
	} {
		all = append(all, ui.Exhibit{Name: e.name, Page: claimForm(e.page)})
	}
	return append(all, claimStates(loc)...)
}

func claimStates(loc lang.Locale) (all []ui.Exhibit) {
	c := complaining(loc, true)
	reasons := c.T("letter.gallery_claim_reasons", nil)
	asked := func(p fact.Party) helpdesk.ClaimEntry {
		return helpdesk.ClaimEntry{Act: helpdesk.ActAsked, Party: p, At: on(paris, 9, 30)}
	}
	given := func(p fact.Party) helpdesk.ClaimEntry {
		return helpdesk.ClaimEntry{Act: helpdesk.ActGiven, Party: p, At: on(paris, 10, 0)}
	}
	ruled := func(act helpdesk.ClaimAct, who ident.Staff, o fact.Outcome) helpdesk.ClaimEntry {
		return helpdesk.ClaimEntry{Act: act, Party: fact.ByMerchant, Actor: flow.ByStaff(who), Words: reasons, Outcome: o, At: on(paris, 11, 0)}
	}
	refused := ruled(helpdesk.ActDecided, "stf_1", fact.Refused)
	again := helpdesk.ClaimEntry{Act: helpdesk.ActContested, Party: fact.ByShopper, Words: c.T("letter.gallery_claim", nil), At: on(paris, 12, 0)}
	late, unnamed, link := c.stands(helpdesk.ClaimOpen, ""), c.stands(helpdesk.ClaimClosed, fact.Refused, refused, again, ruled(helpdesk.ActReviewed, "stf_2", fact.Refused)), complaining(loc, false)
	late.lived = lives(loc)
	late.Now = on(paris, 18, 0)
	unnamed.mediator = ""
	for _, e := range []struct {
		name string
		c    claiming
	}{
		{"claim-open", c.stands(helpdesk.ClaimOpen, "", asked(fact.ByCarrier), asked(fact.ByMerchant), given(fact.ByCarrier), given(fact.ByMerchant))},
		{"claim-late", late},
		{"claim-accepted", c.stands(helpdesk.ClaimDecided, fact.InFull, ruled(helpdesk.ActDecided, "stf_1", fact.InFull))},
		{"claim-paid-back", c.paysBack(false)},
		{"claim-paid-back-waits", c.paysBack(true)},
		{"claim-in-part", c.stands(helpdesk.ClaimDecided, fact.InPart, ruled(helpdesk.ActDecided, "stf_1", fact.InPart))},
		{"claim-refused", c.stands(helpdesk.ClaimDecided, fact.Refused, refused)},
		{"claim-refused-locked", link.stands(helpdesk.ClaimDecided, fact.Refused, refused)},
		{"claim-contested", c.stands(helpdesk.ClaimContested, fact.Refused, refused, again)},
		{"claim-reviewed", unnamed},
	} {
		all = append(all, ui.Exhibit{Name: e.name, Page: claimView(e.c.claimPage(""))})
	}
	return all
}

// paysBack is an accepted claim whose goods are paid back, or wait for a second person.
func (c claiming) paysBack(waits bool) claiming {
	e := helpdesk.ClaimEntry{
		Act: helpdesk.ActDecided, Party: fact.ByMerchant, Actor: flow.ByStaff("stf_1"), Words: c.T("letter.gallery_claim_reasons", nil), Outcome: fact.InFull,
		At: on(paris, 11, 0), Goods: []fact.Units{{Line: c.lines[0].ID, Units: 1}},
	}
	c = c.stands(helpdesk.ClaimDecided, fact.InFull, e)
	c.given = []returns.Redress{{Return: returns.Return{ID: "ret_1", RefundBy: c.Now.Add(14 * 24 * time.Hour)}, Amount: eur(2690), Waits: waits}}
	return c
}

func claimsInEachState(d *lived) (all []helpdesk.Claim) {
	for i, k := range fact.ClaimKinds {
		all = append(all, helpdesk.Claim{ID: ident.Claim("clm_" + string(k)), What: k, State: helpdesk.ClaimOpen, Opened: d.Now, AnswerBy: on(paris, 17, 0)})
		switch i {
		case 1:
			all[i].State, all[i].Outcome = helpdesk.ClaimDecided, fact.InFull
		case 2:
			all[i].State, all[i].Outcome = helpdesk.ClaimDecided, fact.InPart
		case 3:
			all[i].State, all[i].Outcome = helpdesk.ClaimClosed, fact.Refused
		case 4:
			all[i].State = helpdesk.ClaimContested
		case 5:
			all[i].AnswerBy = d.Now.Add(-time.Hour)
		}
	}
	return all
}

// disbelieved is an order whose scan is contested, and about which all happened
// that can.
func disbelieved(d *lived) {
	d.delivery.Contested = d.Now
	d.claims = claimsInEachState(d)[:1]
	for _, body := range []fact.Body{
		fact.ClaimRaised{Complaint: fact.Complaint{What: fact.ClaimNotReceived}, AnswerBy: on(paris, 17, 0)},
		fact.EvidenceAsked{Of: fact.ByCarrier},
		fact.EvidenceAsked{Of: fact.ByMerchant},
		fact.ClaimDecided{Outcome: fact.InFull},
		fact.ClaimDecided{Outcome: fact.InPart},
		fact.ClaimDecided{Outcome: fact.Refused},
		fact.ClaimContested{AnswerBy: on(paris, 17, 0)},
		fact.MadeGood{RefundBy: on(paris, 17, 0)},
	} {
		d.happened(8, body)
	}
}

// vindicated is one whose scan is believed no more, before the deadline.
func vindicated(d *lived) { d.delivery.Contested = d.Now }
