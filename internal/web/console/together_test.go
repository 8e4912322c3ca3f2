package console

import (
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// What another letter told too names that letter.
func TestToldTogether(t *testing.T) {
	letter := func(id ident.Message, topic fact.Topic, subject string, hour time.Duration) notify.Message {
		return notify.Message{ID: id, Topic: topic, Subject: subject, State: notify.Sent, Created: civil.Instant(hour * time.Hour / time.Microsecond)}
	}
	m := letter("msg_0", fact.TopicBroken, "", 10)
	m.State, m.Reason = notify.Skipped, notify.Together
	skipped := letter("msg_1", fact.TopicBroken, "Pas partie", 10)
	skipped.State = notify.Skipped
	for _, c := range []struct {
		law    string
		others []notify.Message
		want   string
	}{
		{"the repair told it", []notify.Message{m, letter("msg_2", fact.TopicRepaired, "5,90 € de crédit", 10)}, "Dit dans la même lettre que «\u00a05,90 € de crédit\u00a0»."},
		{"the nearest of two", []notify.Message{letter("msg_2", fact.TopicRepaired, "Loin", 90), letter("msg_3", fact.TopicRepaired, "Près", 11)}, "Dit dans la même lettre que «\u00a0Près\u00a0»."},
		{"one whose words were not written yet", []notify.Message{letter("msg_2", fact.TopicRepaired, "", 10)}, "Dit dans la même lettre que «\u00a0réparation\u00a0»."},
		{"neither itself, nor one that did not leave, nor one about something else", []notify.Message{m, skipped, letter("msg_2", fact.TopicShipped, "En route", 10)}, "Dit dans une autre lettre sur cette commande."},
	} {
		if got := reasonWords(ui.Reading{Locale: lang.French, Zone: time.UTC}, m, c.others); got != c.want {
			t.Errorf("%s: %q, want %q", c.law, got, c.want)
		}
	}
}
