package console

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/payment"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

func refundsRoutes(c Config) []ui.Route {
	post := func(path, summary string, serve func(*http.Request) (ui.Answer, error)) ui.Route {
		return ui.Route{Method: http.MethodPost, Path: "/console/refunds/{id}/" + path, Access: ui.BySession, Needs: giveBack, Summary: summary, Serve: serve}
	}
	return []ui.Route{
		{Method: http.MethodGet, Path: "/console/refunds", Access: ui.BySession, Needs: readOrders, Summary: "Refunds that wait for a person, and those under way", Serve: c.refunds},
		post("confirm", "Note that a refund was carried out", c.confirmRefund),
		post("look", "Have the provider asked again what became of a refund", c.lookAtRefund),
		post("claim", "Answer a shopper who says that the money has not come", c.answerClaim),
	}
}

// refundLists are those a reader may look at; the first is what is to be done.
var refundLists = []struct {
	name, words, empty string
	state              payment.State
}{
	{"", "refund_desk.show_waiting", "refund_desk.none_waiting", ""},
	{"missed", "refund_desk.show_missed", "refund_desk.none_missed", ""},
	{"unknown", "refund_desk.show_unknown", "refund_desk.none_unknown", payment.Unknown},
	{"pending", "refund_desk.show_pending", "refund_desk.none_pending", payment.Pending},
	{"sent", "refund_desk.show_sent", "refund_desk.none_sent", payment.Sent},
}

// refundsWaiting is how many refunds and claims wait for a person.
func refundsWaiting(tx *db.Tx, m ident.Merchant) (int, error) {
	refunds, err := payment.WaitingCount(tx, m)
	if err != nil {
		return 0, err
	}
	claims, err := payment.ClaimCount(tx, m)
	return refunds + claims, err
}

func (c Config) refunds(r *http.Request) (ui.Answer, error) { return c.refundsPage(r, "", nil) }

// refundsPage shows a list of refunds; which one was refused, and why.
func (c Config) refundsPage(r *http.Request, refused ident.Refund, wrong error) (a ui.Answer, err error) {
	p := newDesk(r, lang.T(ui.Reader(r), "refund_desk.title", nil))
	show, after := r.FormValue("show"), ident.Refund(r.URL.Query().Get("after"))
	list := refundLists[0]
	for _, l := range refundLists {
		path := "/console/refunds"
		if l.name != "" {
			path += "?show=" + l.name
		}
		if l.name == show {
			list = l
		}
		p.Choices = append(p.Choices, choice{path, lang.T(p.Locale, l.words, nil), l.name == show})
	}
	p.Empty = lang.T(p.Locale, list.empty, nil)
	err = c.see(r, func(tx *db.Tx, v visit) error {
		if err := p.tabs(tx, v, "/console/refunds"); err != nil {
			return err
		}
		all, claims, err := readRefunds(tx, v.Merchant, list.name, list.state, after)
		if err != nil {
			return err
		}
		if len(all) > pageSize {
			all = all[:pageSize]
			p.More = "/console/refunds?" + url.Values{"show": {list.name}, "after": {string(all[pageSize-1].ID)}}.Encode()
		}
		p.Blocks, err = refundBlocks(tx, v, reading(r, tx.Now), all, claims)
		return err
	})
	if wrong != nil {
		p.Wrong, p.Done, a.Status = misdone(p.Locale, wrong), "", http.StatusUnprocessableEntity
		keepTyped(r, p.Blocks, string(refused), misdone(p.Locale, wrong))
	}
	a.Page = deskView(p)
	return a, err
}

// keepTyped fills the form of a block with what was typed into it, and opens it.
func keepTyped(r *http.Request, all []block, id, said string) {
	for _, b := range all {
		for i, d := range b.Deeds {
			if b.ID != id || len(d.Fields) == 0 {
				continue
			}
			b.Deeds[i].Open = true
			for n, in := range d.Fields {
				d.Fields[n].Value = r.PostFormValue(in.Name)
			}
			d.Fields[0].Fault = said
		}
	}
}

// readRefunds reads a list, one more than a page, with the claims about them.
func readRefunds(tx *db.Tx, m ident.Merchant, list string, s payment.State, after ident.Refund) (all []payment.Refund, claims map[ident.Refund]payment.Claim, err error) {
	claims = map[ident.Refund]payment.Claim{}
	if list == "missed" {
		return readClaims(tx, m, after)
	}
	of, err := payment.Many(tx, m, []ident.Refund{after})
	if err != nil {
		return nil, nil, err
	}
	if s == "" {
		all, err = payment.Waiting(tx, m, of[after], pageSize+1)
	} else {
		all, err = payment.UnderWay(tx, m, s, of[after], pageSize+1)
	}
	return all, claims, err
}

func readClaims(tx *db.Tx, m ident.Merchant, after ident.Refund) (all []payment.Refund, claims map[ident.Refund]payment.Claim, err error) {
	last, _, err := payment.ClaimOf(tx, m, after)
	if err != nil {
		return nil, nil, err
	}
	open, err := payment.OpenClaims(tx, m, last, pageSize+1)
	if err != nil {
		return nil, nil, err
	}
	claims = map[ident.Refund]payment.Claim{}
	ids := make([]ident.Refund, len(open))
	for i, c := range open {
		ids[i], claims[c.Refund] = c.Refund, c
	}
	of, err := payment.Many(tx, m, ids)
	for _, id := range ids {
		all = append(all, of[id])
	}
	return all, claims, err
}

func refundBlocks(tx *db.Tx, v visit, rd ui.Reading, all []payment.Refund, claims map[ident.Refund]payment.Claim) (out []block, err error) {
	orders := make([]ident.Order, len(all))
	for i, r := range all {
		orders[i] = r.Order
	}
	of, err := order.Many(tx, v.Merchant, orders)
	for _, r := range all {
		k := refundBlock(rd, r, claims[r.ID], v)
		k.Path, k.Title = returnPath(r.Return), rd.T("refund_desk.row", map[string]any{"Reference": of[r.Order].Reference, "What": k.Title})
		out = append(out, k)
	}
	return out, err
}

// refundBlock is one refund: how it stands, and what this reader may do about it.
func refundBlock(rd ui.Reading, r payment.Refund, claim payment.Claim, v visit) block {
	k := block{ID: string(r.ID), Title: lang.Amount(rd.Locale, r.Money), Facts: []pair{{rd.T("refund_desk.ordered", nil), rd.When(r.Ordered, fact.Minute)}}}
	if r.Money.Minor == 0 {
		k.Title = rd.T("refund_desk.credit", map[string]any{"Amount": r.Credit})
	} else if r.Credit.Minor > 0 {
		k.Says = append(k.Says, rd.T("refund_desk.and_credit", map[string]any{"Amount": r.Credit}))
	}
	k.Tone, k.Badge = refundState(rd, r)
	if r.Why != "" {
		k.Says = append(k.Says, stuckWords(rd, r.Why))
	}
	if r.Due != 0 && r.State != payment.Done {
		k.Facts = append(k.Facts, pair{rd.T("refund_desk.due", nil), rd.Due(r.Due)})
		if r.Due <= rd.Now {
			k.Tone = ui.Bad
			k.Says = append(k.Says, rd.T("refund_desk.overdue", map[string]any{"Late": rd.Long(rd.Now.Sub(r.Due))}))
		}
	}
	if r.Provider != "" {
		k.Facts = append(k.Facts, pair{rd.T("refund_desk.by", nil), providerWords(rd, r.Provider)})
	}
	if r.Capture != "" {
		k.Facts = append(k.Facts, pair{rd.T("refund_desk.capture", nil), r.Capture})
	}
	if r.Reference != "" {
		k.Facts = append(k.Facts, pair{rd.T("refund_desk.reference", nil), r.Reference})
	}
	if r.State == payment.Done {
		k.Facts = append(k.Facts, pair{rd.T("refund_desk.done", nil), rd.When(r.Done, fact.Minute)})
		if r.ArrivesBy != civil.NoDay && r.Money.Minor > 0 {
			k.Facts = append(k.Facts, pair{rd.T("refund_desk.arrives", nil), rd.Day(r.ArrivesBy)})
		}
	}
	if claim.Refund != "" {
		k.claimed(rd, claim)
	}
	if v.may(merchant.GiveBack) {
		k.Deeds = refundDeeds(rd, r, claim)
	}
	return k
}

// claimed tells of a shopper who says that the money has not come.
func (k *block) claimed(rd ui.Reading, c payment.Claim) {
	if c.Answered != 0 {
		k.Notes = append(k.Notes, rd.T("refund_desk.claim_answered", map[string]any{"When": rd.When(c.Answered, fact.Minute)}))
		return
	}
	k.Tone, k.Badge = ui.Care, rd.T("refund_desk.state_missed", nil)
	k.Says = append(k.Says, rd.T("refund_desk.claim", map[string]any{"When": rd.When(c.Said, fact.Minute), "Due": rd.Due(c.AnswerBy)}))
}

func refundState(rd ui.Reading, r payment.Refund) (ui.Tone, string) {
	tone := map[payment.State]ui.Tone{
		payment.Ordered: ui.Calm, payment.Sent: ui.Calm, payment.Asked: ui.Care, payment.Pending: ui.Calm,
		payment.Unknown: ui.Care, payment.Stuck: ui.Bad, payment.Done: ui.Good,
	}[r.State]
	return tone, worded(rd, map[string]string{
		string(payment.Ordered): "refund_desk.state_ordered",
		string(payment.Sent):    "refund_desk.state_sent",
		string(payment.Asked):   "refund_desk.state_asked",
		string(payment.Pending): "refund_desk.state_pending",
		string(payment.Unknown): "refund_desk.state_unknown",
		string(payment.Stuck):   "refund_desk.state_stuck",
		string(payment.Done):    "refund_desk.state_done",
	}, string(r.State))
}

func stuckWords(rd ui.Reading, why string) string {
	return worded(rd, map[string]string{
		payment.Declined:     "refund_desk.why_declined",
		payment.NotKnown:     "refund_desk.why_not_known",
		payment.OtherAmount:  "refund_desk.why_other_amount",
		payment.FailedLater:  "refund_desk.why_failed_later",
		payment.NoAccount:    "refund_desk.why_no_account",
		payment.NeverCarried: "refund_desk.why_never_carried",
	}, why)
}

func providerWords(rd ui.Reading, p payment.Provider) string {
	return worded(rd, map[string]string{string(payment.Offline): "refund_desk.by_shop", string(payment.Stripe): "refund_desk.by_stripe"}, string(p))
}

// refundDeeds are what a person may do: pay it and say so, have the provider
// asked, answer the shopper. Nothing here sends money a second time.
func refundDeeds(rd ui.Reading, r payment.Refund, claim payment.Claim) (out []deed) {
	path := "/console/refunds/" + string(r.ID)
	if r.State == payment.Stuck && r.Provider != payment.Offline {
		out = append(out, deed{Path: path + "/look", Button: rd.T("refund_desk.look", nil), Style: "second", How: rd.T("refund_desk.look_how", nil)})
	}
	if r.State == payment.Asked || r.State == payment.Stuck {
		how := rd.T("refund_desk.confirm_how", nil)
		if r.State == payment.Stuck {
			how = rd.T("refund_desk.confirm_stuck_how", nil)
		}
		out = append(out, deed{
			Path: path + "/confirm", Button: rd.T("refund_desk.confirm", map[string]any{"Amount": r.Money}), Fold: rd.T("refund_desk.confirm_fold", nil), How: how,
			Fields: []input{
				{ID: "reference-" + string(r.ID), Name: "reference", Label: rd.T("refund_desk.reference", nil), Hint: rd.T("refund_desk.reference_how", nil), Needed: true},
				{ID: "day-" + string(r.ID), Name: "day", Kind: "date", Label: rd.T("refund_desk.day", nil), Hint: rd.T("refund_desk.day_how", nil)},
			},
		})
	}
	if claim.Refund != "" && claim.Answered == 0 {
		out = append(out, deed{
			Path: path + "/claim", Button: rd.T("refund_desk.found", nil), Name: "outcome", Value: string(payment.Found), How: rd.T("refund_desk.claim_how", nil),
			Keep: []pair{{"show", "missed"}}, Other: rd.T("refund_desk.sent_again", nil), OtherName: string(payment.SentAgain),
		})
	}
	return out
}

// onRefund runs an act on a refund, and shows the list again.
func (c Config) onRefund(r *http.Request, name string, do func(*flow.Tx, visit, ident.Refund) error) (ui.Answer, error) {
	id := ident.Refund(r.PathValue("id"))
	err := c.act(r, func(tx *flow.Tx, v visit) error { return do(tx, v, id) })
	if denied(err) {
		return c.refundsPage(r, id, err)
	}
	to := url.Values{"done": {name}}
	if show := r.PostFormValue("show"); show != "" {
		to.Set("show", show)
	}
	return ui.Answer{To: "/console/refunds?" + to.Encode()}, err
}

// confirmRefund notes that the shop has paid. The day is when its books say so:
// noon there, or the instant it was asked for where that is later.
func (c Config) confirmRefund(r *http.Request) (ui.Answer, error) {
	reference, day := strings.TrimSpace(r.PostFormValue("reference")), strings.TrimSpace(r.PostFormValue("day"))
	return c.onRefund(r, "refunded", func(tx *flow.Tx, v visit, id ident.Refund) error {
		when := tx.Now
		if day != "" {
			d, err := civil.ParseDay(day)
			if err != nil {
				return fault.New(fault.Invalid, "day_invalid", "day", "value", day)
			}
			x, err := payment.Get(tx.Tx, v.Merchant, id)
			if err != nil {
				return err
			}
			if when, err = paidOn(v, d, x, tx.Now); err != nil {
				return err
			}
		}
		return payment.Confirm(tx, v.Merchant, id, when, reference)
	})
}

// paidOn is an instant of a day that a refund may have been paid on.
func paidOn(v visit, d civil.Day, r payment.Refund, now civil.Instant) (civil.Instant, error) {
	zone, err := civil.Zone(v.Shop.Zone)
	if err != nil {
		return 0, err
	}
	noon := d.Start(zone) + (d.End(zone)-d.Start(zone))/2
	if d == now.Day(zone) {
		return now, nil
	}
	if d == r.Ordered.Day(zone) {
		return max(noon, r.Ordered), nil
	}
	return noon, nil
}

func (c Config) lookAtRefund(r *http.Request) (ui.Answer, error) {
	return c.onRefund(r, "looked", func(tx *flow.Tx, v visit, id ident.Refund) error {
		x, err := payment.Get(tx.Tx, v.Merchant, id)
		if err != nil || x.State == payment.Unknown {
			return err // being looked up already
		}
		return payment.LookAgain(tx, v.Merchant, id)
	})
}

func (c Config) answerClaim(r *http.Request) (ui.Answer, error) {
	outcome := payment.Outcome(r.PostFormValue("outcome"))
	return c.onRefund(r, "claimed", func(tx *flow.Tx, v visit, id ident.Refund) error {
		return payment.AnswerClaim(tx, v.Merchant, id, outcome)
	})
}
