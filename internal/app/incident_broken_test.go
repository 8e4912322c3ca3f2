package app

import (
	"context"
	"testing"

	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/story"
)

// calledOff is a strike of which somebody was warned, and that was then called off.
const calledOff = `
world   Monday 2026-11-23 09:00 Europe/Paris
shop    librairie  tariff 4.90
order   L-1 by camille  1 x "Germinal"  to 75011
at 10:00  shop declares strike from 2026-11-24 until 2026-11-25
at 15:00  shop ends strike
at 15:05
expect  message to camille about L-1 says "elle n'est plus menacée"
`

// incidentBreaks are rows of it changed by hand.
var incidentBreaks = []struct{ what, text string }{
	{"an incident that nobody declared", `delete from flow_fact where kind = 'promise.incident_declared'`},
	{"a change that nobody made", `delete from flow_fact where kind = 'promise.incident_changed'`},
	{"not all promises were looked at, and nobody goes on", `update promise_incident set done = false`},
	{"a warning of an incident that there is not", `delete from promise_incident`},
	{"taken back, and nobody said so", `delete from flow_fact where kind = 'promise.risk_lifted'`},
	{"it stands, and was taken back", `update promise_warning set lifted_at = null where lifted_at is not null`},
	{"told twice", `insert into notify_message (merchant, id, shopper, channel, topic, cause, orderid, commitment, locale, decision, reason, state, message_id, contact, subject, html, text, created, changed, accepted_at)
		select merchant, id || n.n, shopper, channel, topic, cause || n.n, orderid, commitment, locale, decision, reason, state, message_id || n.n, contact, subject, html, text, created, changed, accepted_at
		from notify_message, (select 'x' as n union select 'y') n where topic = 'promise_at_risk' and state = 'sent'`},
	{"told of an incident of which nobody warned", `delete from promise_warning`},
}

func TestEveryBrokenRowOfAnIncidentNamesItsInvariant(t *testing.T) {
	err := story.Run(t.Context(), calledOff, func(d *db.DB, clock *flow.Clock, channels notify.Channels) (story.Process, error) {
		p, err := startStory(d, clock, channels)
		p.Check = func(ctx context.Context) error {
			if err := inOrder(ctx, d); err != nil {
				return err
			}
			for _, b := range incidentBreaks {
				t.Run(b.what, func(t *testing.T) { breakRow(t, d, "I8", b.text) })
			}
			return nil
		}
		return p, err
	})
	if err != nil {
		t.Error(err)
	}
}
