package api

import (
	"context"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/payment"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/shopper"
)

// Payment is by what means an order was paid, as far as giving back needs it.
type Payment struct {
	Provider  payment.Provider `json:"provider" enum:"offline,stripe" doc:"offline: the shop pays back itself, and confirms it."`
	Reference string           `json:"reference,omitempty" doc:"The provider's own name of the capture: pi_… or ch_…"`
	Label     string           `json:"label,omitempty" doc:"For people, masked: Visa •••• 4242."`
}

type paymentIn struct {
	ID   ident.Order `path:"id"`
	Body Payment
}

func setPayment(_ *API, tx *flow.Tx, c call, in *paymentIn) (reply[Payment], error) {
	if err := payment.Captured(tx, c.Merchant, in.ID, payment.Means(in.Body)); err != nil {
		return reply[Payment]{}, err
	}
	means, err := payment.MeansOf(tx.Tx, c.Merchant, in.ID)
	return ok(Payment(means)), err
}

func getPayment(_ *API, tx *db.Tx, c call, in *orderPath) (Payment, error) {
	if _, err := order.Get(tx, c.Merchant, in.ID); err != nil {
		return Payment{}, err
	}
	means, err := payment.MeansOf(tx, c.Merchant, in.ID)
	return Payment(means), err
}

// Refund is what is given back for one decision.
type Refund struct {
	ID         ident.Refund     `json:"id"`
	Decision   ident.Decision   `json:"decision"`
	Return     ident.Return     `json:"return"`
	Order      ident.Order      `json:"order"`
	Shopper    ident.Shopper    `json:"shopper"`
	Settlement fact.Settlement  `json:"settlement" enum:"refund,credit"`
	Provider   payment.Provider `json:"provider,omitempty" enum:"offline,stripe" doc:"Left out when all of it is store credit."`
	Capture    string           `json:"capture,omitempty" doc:"What is given back of, by the provider's own name."`
	Money      money.Amount     `json:"money" doc:"By the means that paid."`
	Credit     money.Amount     `json:"credit" doc:"As store credit: chosen, or because credit had paid."`
	Lines      []PaidLine       `json:"lines"`
	State      payment.State    `json:"state" enum:"ordered,sent,asked,pending,unknown,stuck,done" doc:"asked: the shop is to pay it, and to confirm; stuck: a person must look."`
	Why        string           `json:"why,omitempty" doc:"Of a stuck one."`
	Reference  string           `json:"reference,omitempty" doc:"The provider's, or the shop's."`
	OrderedAt  civil.Instant    `json:"ordered_at"`
	Due        civil.Instant    `json:"due,omitzero" doc:"Exclusive."`
	DoneAt     civil.Instant    `json:"done_at,omitzero" doc:"By the provider's word."`
	ArrivesBy  *civil.Day       `json:"arrives_by,omitempty" doc:"By when banks usually have booked it."`
}

// showRefunds shows refunds with their lines.
func showRefunds(tx *db.Tx, m ident.Merchant, refunds []payment.Refund) ([]Refund, error) {
	lines, err := payment.Lines(tx, m, mapped(refunds, func(r payment.Refund) ident.Refund { return r.ID }))
	return mapped(refunds, func(r payment.Refund) Refund {
		return Refund{
			ID: r.ID, Decision: r.Decision, Return: r.Return, Order: r.Order, Shopper: r.Shopper, Settlement: r.Settlement,
			Provider: r.Provider, Capture: r.Capture, Money: r.Money, Credit: r.Credit,
			Lines: mapped(lines[r.ID], func(l payment.Line) PaidLine { return PaidLine(l) }), State: r.State, Why: r.Why,
			Reference: r.Reference, OrderedAt: r.Ordered, Due: r.Due, DoneAt: r.Done, ArrivesBy: optional(r.ArrivesBy),
		}
	}), err
}

type refundsIn struct {
	Paging
	State payment.State `query:"state" enum:"asked,stuck" doc:"Of those that wait; both when left out."`
	Order ident.Order   `query:"order" doc:"All refunds of an order, in any state, instead."`
}

// listRefunds is what the shop has to do: pay, and look.
func listRefunds(_ *API, tx *db.Tx, c call, in *refundsIn) (out List[Refund], err error) {
	page := func() ([]payment.Refund, error) { return waitingRefunds(tx, c.Merchant, in) }
	if in.Order != "" {
		page = func() ([]payment.Refund, error) { return refundsOf(tx, c.Merchant, in) }
	}
	all, err := page()
	if err != nil {
		return out, err
	}
	if len(all) > in.Limit {
		all = all[:in.Limit]
		out.Next = string(all[in.Limit-1].ID)
	}
	out.Items, err = showRefunds(tx, c.Merchant, all)
	return out, err
}

// refundsOf are those of an order. Nobody has so many that they need pages.
func refundsOf(tx *db.Tx, m ident.Merchant, in *refundsIn) (all []payment.Refund, err error) {
	if _, err := order.Get(tx, m, in.Order); err != nil {
		return nil, err
	}
	of, err := payment.OfOrders(tx, m, []ident.Order{in.Order})
	in.Limit = len(of[in.Order])
	for _, r := range of[in.Order] {
		if in.State == "" || r.State == in.State {
			all = append(all, r)
		}
	}
	return all, err
}

// waitingRefunds are those that wait for a person, one more than the limit.
func waitingRefunds(tx *db.Tx, m ident.Merchant, in *refundsIn) (all []payment.Refund, err error) {
	id, err := after[ident.Refund](in.Paging)
	if err != nil {
		return nil, err
	}
	var last payment.Refund
	if id != "" {
		if last, err = payment.Get(tx, m, id); fault.Is(err, "not_found") {
			return nil, fault.New(fault.Invalid, "parameter_invalid", "after", "value", in.After)
		} else if err != nil {
			return nil, err
		}
	}
	for {
		some, err := payment.Waiting(tx, m, last, in.Limit+1)
		if err != nil {
			return nil, err
		}
		for _, r := range some {
			if in.State == "" || r.State == in.State {
				all = append(all, r)
			}
		}
		if len(some) <= in.Limit || len(all) > in.Limit {
			return all, nil
		}
		last = some[len(some)-1]
	}
}

// Claim is a shopper who says that the money of a refund has not come.
type Claim struct {
	Refund     ident.Refund    `json:"refund"`
	SaidAt     civil.Instant   `json:"said_at"`
	AnswerBy   civil.Instant   `json:"answer_by" doc:"Exclusive."`
	AnsweredAt civil.Instant   `json:"answered_at,omitzero"`
	Answer     payment.Outcome `json:"answer,omitempty" enum:"found,sent_again"`
}

func showClaim(c payment.Claim) Claim {
	return Claim{c.Refund, c.Said, c.AnswerBy, c.Answered, c.Answer}
}

func missRefund(_ *API, tx *flow.Tx, c call, in *refundPath) (reply[Claim], error) {
	claim, err := payment.Missed(tx, c.Merchant, in.ID)
	return ok(showClaim(claim)), err
}

// ClaimAnswer is what became of the money.
type ClaimAnswer struct {
	Outcome payment.Outcome `json:"outcome" enum:"found,sent_again" doc:"found: it is there; sent_again: the bank had sent it back."`
}

type claimAnswerIn struct {
	ID   ident.Refund `path:"id"`
	Body ClaimAnswer
}

func answerClaim(_ *API, tx *flow.Tx, c call, in *claimAnswerIn) (reply[Claim], error) {
	if err := payment.AnswerClaim(tx, c.Merchant, in.ID, in.Body.Outcome); err != nil {
		return reply[Claim]{}, err
	}
	claim, _, err := payment.ClaimOf(tx.Tx, c.Merchant, in.ID)
	return ok(showClaim(claim)), err
}

// listClaims are those that nobody has answered.
func listClaims(_ *API, tx *db.Tx, c call, in *Paging) (out List[Claim], err error) {
	id, err := after[ident.Refund](*in)
	if err != nil {
		return out, err
	}
	var last payment.Claim
	if id != "" {
		known := false
		if last, known, err = payment.ClaimOf(tx, c.Merchant, id); err != nil {
			return out, err
		}
		if !known {
			return out, fault.New(fault.Invalid, "parameter_invalid", "after", "value", in.After)
		}
	}
	all, err := payment.OpenClaims(tx, c.Merchant, last, in.Limit+1)
	if len(all) > in.Limit {
		all = all[:in.Limit]
		out.Next = string(all[in.Limit-1].Refund)
	}
	out.Items = mapped(all, showClaim)
	return out, err
}

func lookAgain(_ *API, tx *flow.Tx, c call, in *refundPath) (reply[Refund], error) {
	if err := payment.LookAgain(tx, c.Merchant, in.ID); err != nil {
		return reply[Refund]{}, err
	}
	r, err := refundNow(nil, tx.Tx, c, in.ID)
	return ok(r), err
}

// Credit is what a shopper may spend at the shop.
type Credit struct {
	Balance money.Amount `json:"balance"`
}

type creditIn struct {
	ID       ident.Shopper  `path:"id"`
	Currency money.Currency `query:"currency" doc:"EUR when left out."`
}

func storeCredit(_ *API, tx *db.Tx, c call, in *creditIn) (Credit, error) {
	if _, err := shopper.Get(tx, c.Merchant, in.ID); err != nil {
		return Credit{}, err
	}
	if in.Currency == "" {
		in.Currency = money.EUR
	}
	left, err := payment.Balance(tx, c.Merchant, in.ID, in.Currency)
	return Credit{left}, err
}

// ProviderAccount is what a payment provider knows the shop by.
type ProviderAccount struct {
	Secret string `json:"secret" doc:"Key that may refund: rk_live_… or sk_live_…. Shown to nobody."`
	Notice string `json:"notice,omitempty" doc:"Secret with which the provider signs what it says by itself: whsec_…. Shown to nobody."`
}

// ProviderKnown tells whether there is such an account.
type ProviderKnown struct {
	Provider payment.Provider `json:"provider" enum:"stripe"`
	Set      bool             `json:"set"`
	Notices  string           `json:"notices" doc:"Address to give to the provider for what it says by itself."`
}

type providerPath struct {
	Provider payment.Provider `path:"provider"`
}

type providerIn struct {
	Provider payment.Provider `path:"provider"`
	Body     ProviderAccount
}

func getProvider(a *API, tx *db.Tx, c call, in *providerPath) (ProviderKnown, error) {
	if _, reads := a.notices[in.Provider]; !reads {
		return ProviderKnown{}, fault.New(fault.NotFound, "not_found", "provider")
	}
	set, err := payment.HasAccount(tx, c.Merchant, in.Provider)
	return ProviderKnown{in.Provider, set, a.base + "/api/v1/notices/" + string(in.Provider) + "/" + string(c.Merchant)}, err
}

func setProvider(a *API, tx *flow.Tx, c call, in *providerIn) (reply[ProviderKnown], error) {
	err := payment.SetAccount(tx, a.vault, c.Merchant, in.Provider, payment.Account{Secret: in.Body.Secret, Notice: in.Body.Notice})
	if err != nil {
		return reply[ProviderKnown]{}, err
	}
	known, err := getProvider(a, tx.Tx, c, &providerPath{in.Provider})
	return ok(known), err
}

type spokenIn struct {
	Provider payment.Provider `path:"provider"`
	Merchant ident.Merchant   `path:"merchant"`
	Signed   string           `header:"Stripe-Signature" doc:"By which the provider proves who says it."`
}

// hearNotice takes what a payment provider says by itself. Whose account it is
// stands in the address; that it is the provider who speaks is proved by the
// signature, and nobody learns which merchants there are.
func hearNotice(ctx context.Context, a *API, c call, in *spokenIn) (out reply[nothing], err error) {
	out = done()
	unsigned := fault.New(fault.Unauthorized, "notice_unsigned", "")
	read, known := a.notices[in.Provider]
	if !known {
		return out, unsigned
	}
	var account payment.Account
	err = a.flow.Read(ctx, func(tx *db.Tx) (err error) {
		account, _, err = payment.AccountOf(tx, a.vault, in.Merchant, in.Provider)
		return err
	})
	if err != nil {
		return out, err
	}
	said, ours, err := read(c.raw, in.Signed, account.Notice, a.flow.Clock().Wall())
	if err != nil || !ours {
		return out, err
	}
	return out, a.flow.One(ctx, flow.Actor("provider:"+string(in.Provider)), in.Merchant, func(tx *flow.Tx) error {
		_, err := payment.Heard(tx, in.Merchant, in.Provider, said)
		return err
	})
}

// Terms are what the shop says of the time that money takes.
type Terms struct {
	BankDays   int `json:"bank_days" minimum:"1" maximum:"60" doc:"Working days that banks usually need to book a refund."`
	AnswerDays int `json:"answer_days" minimum:"1" maximum:"60" doc:"Working days within which somebody answers that it has not come."`
}

type termsIn struct{ Body Terms }

func getTerms(_ *API, tx *db.Tx, c call, _ *none) (Terms, error) {
	t, err := payment.TermsOf(tx, c.Merchant)
	return Terms(t), err
}

func setTerms(_ *API, tx *flow.Tx, c call, in *termsIn) (reply[Terms], error) {
	return ok(in.Body), payment.SetTerms(tx, c.Merchant, payment.Terms(in.Body))
}

type refundPath struct {
	ID ident.Refund `path:"id"`
}

func getRefund(_ *API, tx *db.Tx, c call, in *refundPath) (Refund, error) {
	return refundNow(nil, tx, c, in.ID)
}

func refundNow(_ *API, tx *db.Tx, c call, id ident.Refund) (Refund, error) {
	r, err := payment.Get(tx, c.Merchant, id)
	if err != nil {
		return Refund{}, err
	}
	all, err := showRefunds(tx, c.Merchant, []payment.Refund{r})
	return all[0], err
}

// PaidBack is a refund that was carried out.
type PaidBack struct {
	Reference string        `json:"reference" doc:"What the shop's books or the provider call it."`
	At        civil.Instant `json:"at,omitzero" doc:"When; now when left out."`
}

type paidBackIn struct {
	ID   ident.Refund `path:"id"`
	Body PaidBack
}

func confirmRefund(_ *API, tx *flow.Tx, c call, in *paidBackIn) (reply[Refund], error) {
	at := in.Body.At
	if at == 0 {
		at = tx.Now
	}
	if err := payment.Confirm(tx, c.Merchant, in.ID, at, in.Body.Reference); err != nil {
		return reply[Refund]{}, err
	}
	r, err := refundNow(nil, tx.Tx, c, in.ID)
	return ok(r), err
}
