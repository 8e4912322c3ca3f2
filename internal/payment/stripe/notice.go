package stripe

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	stripe "github.com/stripe/stripe-go/v85"
	"github.com/stripe/stripe-go/v85/webhook"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/payment"
)

// SignatureHeader is where Stripe signs.
const SignatureHeader = "Stripe-Signature"

// about are the events that speak of a refund.
var about = []stripe.EventType{
	stripe.EventTypeRefundCreated, stripe.EventTypeRefundUpdated, stripe.EventTypeRefundFailed, stripe.EventTypeChargeRefundUpdated,
}

// ReadNotice reads an event that Stripe sends by itself, at a machine time. ok is
// false for one that is not about a refund of ours. The fault is
// notice_unsigned: nothing that an unsigned event says moves money, and one that
// was signed more than five minutes ago, or from now, may be a replay.
func ReadNotice(body []byte, signature, secret string, now civil.Instant) (n payment.Notice, ok bool, err error) {
	if err := signed(body, signature, secret, now); err != nil {
		return n, false, fault.New(fault.Unauthorized, "notice_unsigned", "").Because(err)
	}
	var e stripe.Event
	if err := json.Unmarshal(body, &e); err != nil {
		return n, false, fmt.Errorf("stripe: event: %w", err)
	}
	if !slices.Contains(about, e.Type) || e.Data == nil {
		return n, false, nil
	}
	var r stripe.Refund
	if err := json.Unmarshal(e.Data.Raw, &r); err != nil {
		return n, false, fmt.Errorf("stripe: refund of event %s: %w", e.ID, err)
	}
	key := r.Metadata[keyIn]
	return payment.Notice{ID: e.ID, Key: key, Answer: answer(&r)}, key != "", nil
}

// signed checks who signed and when. The library compares the signature; the
// instant is compared here, because it reads the machine's clock.
func signed(body []byte, signature, secret string, now civil.Instant) error {
	if secret == "" {
		return fmt.Errorf("no secret to compare with")
	}
	if err := webhook.ValidatePayloadIgnoringTolerance(body, signature, secret); err != nil {
		return err
	}
	at, err := stamp(signature)
	if err != nil {
		return err
	}
	if now.Sub(at).Abs() > webhook.DefaultTolerance {
		return webhook.ErrTooOld
	}
	return nil
}

// stamp is when a signature was made. Two instants are one too many: the library
// would sign for the one and we would look at the other.
func stamp(signature string) (at civil.Instant, err error) {
	for pair := range strings.SplitSeq(signature, ",") {
		text, stamped := strings.CutPrefix(pair, "t=")
		if !stamped {
			continue
		}
		seconds, err := strconv.ParseInt(text, 10, 64)
		if err != nil || at != 0 {
			return 0, webhook.ErrInvalidHeader
		}
		at = civil.At(time.Unix(seconds, 0))
	}
	if at == 0 {
		return 0, webhook.ErrInvalidHeader
	}
	return at, nil
}
