package shopper

import (
	"slices"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	helpdesk "github.com/promesse-dev/promesse/internal/desk"
	"github.com/promesse-dev/promesse/internal/fact"
	orders "github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/tracking"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// claimFormPage is where something wrong is reported.
type claimFormPage struct {
	ui.Frame
	Back    string
	Form    string
	Key     string
	Due     string // by when a person decides
	Hint    string
	Kinds   []pick
	Parcels []pick // empty: there is one, or none
	Words   string
	Wrong   []wrong
	Claims  []choice
	Prove   string // path to the code; empty: the reader has the hand
	Unable  bool   // no code can be sent
	Ask     string // path of the box to write to a person
	Missing string // path of the page for units that are missing or damaged; empty: nothing came
	Times   string
}

func (c claiming) formPage(draft claimDraft) claimFormPage {
	args := map[string]any{"Shop": c.brand.Shown, "Due": c.Due(c.due), "Reference": c.order.Reference}
	p := claimFormPage{
		Frame: c.frame(c.T("claim_page.title", args)), Back: c.back(), Form: c.beside("reclamation"), Key: draft.key,
		Due: c.T("claim_page.due", args), Hint: c.T("claim_page.how", args), Words: draft.words, Unable: c.mute != "", Ask: c.beside("ecrire"),
		Kinds: c.kindPicks(draft.what), Parcels: c.parcelPicks(draft.parcel), Times: c.T("order_page.times", map[string]any{"Zone": lang.Zone(c.Locale, c.Zone.String())}),
	}
	p.Look = backLook
	if !c.trusted {
		p.Prove = c.toProve("reclamation")
	}
	if c.came() {
		p.Missing = c.beside("missing")
	}
	for _, x := range slices.Backward(c.claims) {
		p.Claims = append(p.Claims, choice{c.claimName(x), c.claimState(x), "reclamation/" + string(x.ID) + query(c.chosen)})
	}
	return p
}

// came reports whether some parcel was scanned as delivered.
func (d *lived) came() bool {
	return slices.ContainsFunc(d.outgoing(), func(p orders.Parcel) bool { return d.stories[p.ID].Clocks.InHand.Known() })
}

// tried reports whether some parcel was scanned as presented in vain.
func (d *lived) tried() bool {
	return slices.ContainsFunc(d.events, func(e tracking.Event) bool { return e.Status == fact.FailedAttempt })
}

// kindPicks are what a claim may be about, as far as it can be so: nobody has to
// choose, the words are enough.
func (c claiming) kindPicks(chosen fact.ClaimKind) (all []pick) {
	came := c.came()
	if chosen == "" {
		chosen = fact.ClaimOther
	}
	for _, k := range fact.ClaimKinds {
		switch {
		case k == fact.ClaimNotReceived && !came, k == fact.ClaimNobodyCame && !c.tried(), k == fact.ClaimLost && came,
			(k == fact.ClaimDamaged || k == fact.ClaimMissing) && !came:
			continue
		}
		all = append(all, pick{string(k), c.claimKind(k), k == chosen})
	}
	return all
}

// claimKind is what a claim is about, in the shopper's words.
func (d *lived) claimKind(k fact.ClaimKind) string {
	return d.T(map[fact.ClaimKind]string{
		fact.ClaimLate:        "claim_page.kind_late",
		fact.ClaimLost:        "claim_page.kind_lost",
		fact.ClaimDamaged:     "claim_page.kind_damaged",
		fact.ClaimMissing:     "claim_page.kind_missing",
		fact.ClaimNotReceived: "claim_page.kind_not_received",
		fact.ClaimNobodyCame:  "claim_page.kind_nobody_came",
		fact.ClaimOther:       "claim_page.kind_other",
	}[k], nil)
}

// parcelPicks are the parcels that a claim may be about, where there are several.
func (c claiming) parcelPicks(chosen ident.Parcel) (all []pick) {
	out := c.outgoing()
	if len(out) < 2 {
		return nil
	}
	all = []pick{{"", c.T("claim_page.all_parcels", nil), chosen == ""}}
	for _, p := range out {
		all = append(all, pick{string(p.ID), p.Number, p.ID == chosen})
	}
	return all
}

func (d *lived) claimName(c helpdesk.Claim) string {
	if c.What == fact.ClaimOther {
		return d.T("claim_page.plain", map[string]any{"Day": d.Day(c.Opened.Day(d.Zone))})
	}
	return d.T("claim_page.claim", map[string]any{"Day": d.Day(c.Opened.Day(d.Zone)), "What": d.claimKind(c.What)})
}

// claimState is where a claim stands, in one sentence.
func (d *lived) claimState(c helpdesk.Claim) string {
	args := map[string]any{"Due": d.Due(c.AnswerBy)}
	if !c.Waits() {
		return d.claimOutcome(c)
	}
	switch late := d.Now >= c.AnswerBy; {
	case late:
		return d.T("claim_page.state_late", args)
	case c.State == helpdesk.ClaimContested:
		d.changesAt(c.AnswerBy)
		return d.T("claim_page.state_contested", args)
	default:
		d.changesAt(c.AnswerBy)
		return d.T("claim_page.state_open", args)
	}
}

func (d *lived) claimOutcome(c helpdesk.Claim) string {
	switch c.Outcome {
	case fact.InFull:
		return d.T("claim_page.state_full", nil)
	case fact.InPart:
		return d.T("claim_page.state_part", nil)
	}
	return d.T("claim_page.state_refused", nil)
}

// claimChoices are the way to report a problem, and to what was reported.
func (d *lived) claimChoices() (all []choice) {
	for _, c := range slices.Backward(d.claims) {
		all = append(all, choice{d.claimName(c), d.claimState(c), d.below("reclamation/" + string(c.ID))})
	}
	return append(all, choice{d.T("claim_page.choice", nil), d.T("claim_page.choice_until", nil), d.below("reclamation")})
}

// doubt says that the scan which settled the promise is contested, and by when
// somebody decides: until then it is neither kept nor broken.
func (d *lived) doubt(h *headline) {
	if d.delivery.Contested.IsZero() {
		return
	}
	text := d.T("claim_page.doubted_upheld", nil)
	for _, c := range d.claims {
		if c.What.Contests() && c.Waits() {
			text = d.T("claim_page.doubted", map[string]any{"Due": d.Due(c.AnswerBy)})
		}
	}
	h.Tone, h.Badge, h.Texts = ui.Care, d.T("claim_page.badge_contested", nil), append([]string{text}, h.Texts...)
}

// claimShown is a claim before it is HTML.
type claimShown struct {
	ui.Frame
	Back, Form, Other    string
	Tone                 ui.Tone
	Badge, State, Number string
	Said                 []utterance
	Asked                []string // whom the shop asked, and when
	Given                []choice // what is paid back for goods, and the way to it
	Recourse             []string // what whoever does not agree may do
	Label                string   // of the box for words
	How, Button, Due     string
	Words                string
	Wrong                []wrong
	Prove                string
	Unable, Closed       bool
	Ask, Times           string
}

func (c claiming) claimPage(words string) claimShown {
	p := claimShown{
		Frame: c.frame(c.claimName(c.of)), Back: "../" + c.back(), Form: string(c.of.ID) + query(c.chosen), Other: "../reclamation" + query(c.chosen),
		State: c.claimState(c.of), Number: c.T("claim_page.number", map[string]any{"Number": c.of.Name(c.order.Reference)}), Words: words, Unable: c.mute != "",
		Ask: "../ecrire" + query(c.chosen), Times: c.T("order_page.times", map[string]any{"Zone": lang.Zone(c.Locale, c.Zone.String())}),
	}
	p.Look = backLook
	if !c.trusted {
		p.Prove = "../" + c.toProve("reclamation")
	}
	p.Tone, p.Badge = c.claimBadge()
	for _, g := range c.given {
		p.Given = append(p.Given, choice{c.T("claim_page.given", nil), c.redress(g), "../retour/" + string(g.Return.ID) + query(c.chosen)})
	}
	for _, e := range c.file {
		c.show(&p, e)
	}
	c.further(&p)
	return p
}

func (c claiming) claimBadge() (ui.Tone, string) {
	switch {
	case c.of.Waits() && c.Now >= c.of.AnswerBy:
		return ui.Bad, c.T("claim_page.badge_late", nil)
	case c.of.Waits():
		return ui.Calm, c.T("claim_page.badge_waiting", nil)
	case c.of.Outcome == fact.Refused:
		return ui.Care, c.T("claim_page.badge_refused", nil)
	}
	return ui.Good, c.T("claim_page.badge_accepted", nil)
}

// redress is what is paid back for goods, and by when.
func (c claiming) redress(g returns.Redress) string {
	args := map[string]any{"Amount": g.Amount, "Due": c.Due(g.Return.RefundBy), "Shop": c.brand.Shown}
	if g.Waits {
		return c.T("claim_page.given_waits", args)
	}
	return c.T("claim_page.given_due", args)
}

// show adds an entry of the file: words that the shopper may read, or that
// somebody was asked.
func (c claiming) show(p *claimShown, e helpdesk.ClaimEntry) {
	when := c.When(e.At, fact.Minute)
	switch {
	case e.Act == helpdesk.ActAsked && e.Party == fact.ByCarrier:
		p.Asked = append(p.Asked, c.T("claim_page.asked_carrier", map[string]any{"When": when}))
	case e.Act == helpdesk.ActAsked:
		p.Asked = append(p.Asked, c.T("claim_page.asked_shop", map[string]any{"When": when}))
	case e.Act == helpdesk.ActGiven && e.Party == fact.ByCarrier:
		p.Asked = append(p.Asked, c.T("claim_page.given_carrier", map[string]any{"When": when}))
	case e.Act == helpdesk.ActGiven:
		p.Asked = append(p.Asked, c.T("claim_page.given_shop", map[string]any{"When": when}))
	default:
		p.Said = append(p.Said, c.entry(e, when))
	}
}

func (c claiming) entry(e helpdesk.ClaimEntry, when string) utterance {
	out := utterance{When: when, Ours: e.Party == fact.ByMerchant, Lines: strings.Split(e.Words, "\n"), Who: c.T("ask_page.by_you", nil)}
	for _, id := range e.Photos {
		out.Photos = append(out.Photos, string(c.of.ID)+"/photo/"+string(id))
	}
	if !out.Ours {
		return out
	}
	staff, _ := strings.CutPrefix(string(e.Actor), "staff:")
	if len(e.Goods) > 0 {
		out.Lines = append(out.Lines, c.T("claim_page.goods", map[string]any{"Goods": c.Goods(e.Goods, orders.Names(c.lines))}))
	}
	args := map[string]any{"Person": c.who[ident.Staff(staff)].Name, "Shop": c.brand.Shown}
	out.Who = c.T("claim_page.by_first", args)
	if e.Act == helpdesk.ActReviewed {
		out.Who = c.T("claim_page.by_second", args)
	}
	return out
}

// further is what the shopper may still do: add, contest, or turn to a mediator,
// who is named when a claim failed (Code de la consommation, article R616-1).
func (c claiming) further(p *claimShown) {
	switch {
	case c.of.Waits():
		p.Label, p.How, p.Button = c.T("claim_page.words_add", nil), c.T("ask_page.how_add", nil), c.T("ask_page.add", nil)
	case c.of.Contestable():
		p.Label, p.How, p.Button = c.T("claim_page.words_contest", nil), c.T("claim_page.contest_how", nil), c.T("claim_page.contest", nil)
		p.Due = c.T("claim_page.contest_due", map[string]any{"Shop": c.brand.Shown, "Due": c.Due(c.due)})
	default:
		p.Closed = true
	}
	if c.of.Waits() || c.of.Outcome == fact.InFull {
		return
	}
	if c.mediator == "" {
		p.Recourse = append(p.Recourse, c.T("claim_page.mediator_unnamed", map[string]any{"Shop": c.brand.Shown}))
		return
	}
	p.Recourse = append(p.Recourse, c.T("claim_page.mediator", map[string]any{"Mediator": c.mediator}))
}
