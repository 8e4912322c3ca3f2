package api

import (
	"context"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/phone"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// ReadText reads what a gateway tells that a shopper answered, and refuses what is
// not proved to come from it. address is the one it was posted to.
type ReadText func(proof TextProof, address string, body []byte) (number, text string, err error)

// TextProof is what a gateway shows of itself.
type TextProof struct {
	Authorization string `header:"Authorization" doc:"The plain gateway's token, after Bearer."`
	Twilio        string `header:"X-Twilio-Signature" doc:"By which Twilio proves who says it."`
}

// hearText takes what a shopper answered by SMS. The sender they saw is the
// installation's, so their STOP is for all its shops that wrote to the number.
func hearText(ctx context.Context, a *API, c call, in *TextProof) (out reply[nothing], err error) {
	out = done()
	unsigned := fault.New(fault.Unauthorized, "text_unproven", "")
	if a.texts == nil {
		return out, unsigned
	}
	from, text, err := a.texts(*in, a.base+"/api/v1/texts", c.raw)
	if err != nil {
		return out, unsigned
	}
	number, ok := phone.Read(from, "")
	asks := notify.Asks(text)
	if !ok || asks == nil {
		return out, nil
	}
	var shops []ident.Merchant
	err = a.flow.Read(ctx, func(tx *db.Tx) error {
		shops, err = notify.Texted(tx, number.E164)
		return err
	})
	if err != nil || len(shops) == 0 {
		return out, err
	}
	return out, a.flow.Write(ctx, flow.Actor("number"), shops, func(tx *flow.Tx) error {
		for _, m := range shops {
			if err := asks(tx, m, number.E164); err != nil {
				return err
			}
		}
		return nil
	})
}
