package api

import (
	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

type answerIn struct {
	ID      ident.Inquiry    `path:"id"`
	Carrier ident.Connection `query:"carrier" doc:"The connection that was asked. A carrier's own key names it already."`
	Body    struct {
		Answer string `json:"answer" doc:"In the carrier's own words."`
	}
}

// answerInquiry is a carrier who had said that it would look.
func answerInquiry(_ *API, tx *flow.Tx, c call, in *answerIn) (reply[nothing], error) {
	from, err := reporter(c, in.Carrier)
	if err != nil {
		return reply[nothing]{}, err
	}
	return done(), carrier.Reply(tx, c.Merchant, from, in.ID, in.Body.Answer)
}
