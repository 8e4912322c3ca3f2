package api

import (
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/returns"
)

// MediationFile is all that is known of a return, for somebody outside the shop.
type MediationFile struct {
	ReturnDetail
	Withdrawal  *Withdrawal  `json:"withdrawal,omitempty" doc:"The statement it follows from."`
	Outstanding money.Amount `json:"outstanding" doc:"Claimed and not given."`
	Mediator    string       `json:"mediator,omitempty" doc:"Name and site, as the shop has set them."`
	Timeline    []Moment     `json:"timeline" doc:"What happened to the order, the first first."`
}

// mediationFile leaves out what only the shop's people are to know: their doubts.
func mediationFile(_ *API, tx *db.Tx, c call, in *returnPath) (out MediationFile, err error) {
	f := returnFile{tx: tx, m: c.Merchant}
	if err := f.read(in.ID); err != nil {
		return out, err
	}
	all, err := returns.MediationFile(tx, c.Merchant, in.ID)
	if err != nil {
		return out, err
	}
	out = MediationFile{ReturnDetail: f.out, Outstanding: all.Outstanding, Mediator: all.Mediator}
	out.Doubts = []Doubt{}
	if all.Withdrawal != nil {
		w := showWithdrawal(*all.Withdrawal)
		out.Withdrawal = &w
	}
	out.Timeline, err = merged(all.Timeline, nil)
	return out, err
}

// CarrierProtest is what a carrier is to be told of articles that arrived damaged.
type CarrierProtest struct {
	By          civil.Instant `json:"by" doc:"Three days after possession, without holidays. Exclusive, as all that follow."`
	UncheckedBy civil.Instant `json:"unchecked_by" doc:"Ten days, for a consumer whom the carrier did not let look inside."`
	ActionBy    civil.Instant `json:"action_by" doc:"To go to court."`
	SentAt      civil.Instant `json:"sent_at,omitzero"`
	SentBy      flow.Actor    `json:"sent_by,omitempty"`
	Reference   string        `json:"reference,omitempty" doc:"Of the registered letter, or what counts as one."`
}

func showProtest(p returns.Protest) *CarrierProtest {
	return &CarrierProtest{p.By, p.UncheckedBy, p.ActionBy, p.Sent, p.SentBy, p.Reference}
}

// protest reads what the carrier is to be told, into the detail of a return.
func (f *returnFile) protest() error {
	p, ok, err := returns.ProtestOf(f.tx, f.m, f.r.ID)
	if ok {
		f.out.Protest = showProtest(p)
	}
	return err
}

// Protesting is the letter that was sent to a carrier.
type Protesting struct {
	Reference string `json:"reference"`
}

type protestIn struct {
	ID   ident.Return `path:"id"`
	Body Protesting
}

func protestReturn(_ *API, tx *flow.Tx, c call, in *protestIn) (reply[CarrierProtest], error) {
	p, err := returns.Protested(tx, c.Merchant, in.ID, in.Body.Reference)
	return ok(*showProtest(p)), err
}
