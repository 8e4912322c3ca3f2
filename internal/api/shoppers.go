package api

import (
	"net/http"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/shopper"
)

type shopperPath struct {
	ID ident.Shopper `path:"id"`
}

// Invitation is a letter on its way, with a link that only its reader has.
type Invitation struct {
	Shopper ident.Shopper `json:"shopper"`
}

// invite has the one-time link e-mailed: the answer does not hold it, because
// whoever asks is not who must prove to read that mailbox.
func invite(a *API, tx *flow.Tx, c call, in *shopperPath) (reply[Invitation], error) {
	link, err := shopper.Invite(tx, c.Merchant, in.ID)
	if err != nil {
		return reply[Invitation]{}, err
	}
	return reply[Invitation]{http.StatusAccepted, Invitation{in.ID}}, a.invite(tx, c.Merchant, in.ID, a.base+"/lien/"+string(link))
}

// withdrawConsent takes back what a link was confirmed for: the shopper stays a
// customer of this shop, and is nobody's elsewhere. Taking it back again changes
// nothing.
func withdrawConsent(_ *API, tx *flow.Tx, c call, in *shopperPath) (reply[nothing], error) {
	if _, err := shopper.Get(tx.Tx, c.Merchant, in.ID); err != nil {
		return reply[nothing]{}, err
	}
	return done(), shopper.Unlink(tx, c.Merchant, in.ID)
}
