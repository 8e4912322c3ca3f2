package letters

import (
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// WhyNot is why a message was not sent, or failed, in words; false for a reason
// that only a server knows.
func WhyNot(r ui.Reading, reason string) (string, bool) {
	key, ok := map[string]string{
		notify.DuplicateCause: "why_not.duplicate_cause",
		notify.NoContact:      "why_not.no_contact",
		notify.Undeliverable:  "why_not.undeliverable_address",
		notify.NoText:         "why_not.landline",
		notify.AddressBounced: "why_not.address_bounced",
		notify.OptedOut:       "why_not.opted_out",
		notify.Superseded:     "why_not.superseded",
		notify.Together:       "why_not.told_together",
		notify.Unproven:       "why_not.unproven",
		notify.Stale:          "why_not.stale",
		notify.Implausible:    "why_not.implausible",
		"no_channel":          "why_not.no_channel",
		"gave_up":             "why_not.gave_up",
		"push_gone":           "why_not.push_gone",
		"sms_outcome_unknown": "why_not.sms_outcome_unknown",
	}[reason]
	if !ok {
		return "", false
	}
	return r.T(key, nil), true
}

// Channel is a channel's name.
func Channel(r ui.Reading, ch notify.Channel) string {
	return r.T(map[notify.Channel]string{notify.Email: "channel.email", notify.SMS: "channel.sms", notify.Push: "channel.push"}[ch], nil)
}
