package api

import (
	"net/http"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// NewGrant is a right to give to a network.
type NewGrant struct {
	Grantee ident.Merchant `json:"grantee" doc:"The network."`
	Scope   merchant.Scope `json:"scope" enum:"pool_history,read_reports,answer_desk" doc:"What it may read of yours."`
}

// Grant is a right given.
type Grant struct {
	ID ident.Grant `json:"id"`
	NewGrant
}

type grantIn struct{ Body NewGrant }

func grant(_ *API, tx *flow.Tx, c call, in *grantIn) (reply[Grant], error) {
	id, err := merchant.Grant(tx, c.Merchant, in.Body.Grantee, in.Body.Scope)
	return created(Grant{id, in.Body}), err
}

type grantPath struct {
	ID ident.Grant `path:"id"`
}

func revokeGrant(_ *API, tx *flow.Tx, c call, in *grantPath) (reply[nothing], error) {
	return done(), merchant.RevokeGrant(tx, c.Merchant, in.ID)
}

// done is an answer without a body.
func done() reply[nothing] { return reply[nothing]{Status: http.StatusNoContent} }
