package api

import (
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Bounce is a letter that came back.
type Bounce struct {
	MessageID string `json:"message_id" maxLength:"250" doc:"The Message-ID of the letter, with or without angle brackets."`
	Kind      string `json:"kind" enum:"hard,soft" doc:"After a hard one nothing is sent to that address any more."`
}

type bounceIn struct{ Body Bounce }

func bounce(_ *API, tx *flow.Tx, c call, in *bounceIn) (reply[nothing], error) {
	return done(), notify.Bounce(tx, c.Merchant, in.Body.MessageID, in.Body.Kind == "hard")
}
