package letters

import (
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/promise"
)

func TestThePromiseAsASentence(t *testing.T) {
	for _, c := range []struct {
		law, zone, until string // local
		collect          bool
		state            fact.State
		french, english  string
	}{
		{
			"a day ends at the next midnight", "Europe/Paris", "2026-12-02 00:00", false, fact.Open,
			"Livraison au plus tard mardi 1er décembre.", "Delivery by Tuesday 1 December.",
		},
		{
			"an hour", "Europe/Paris", "2026-12-01 13:00", false, fact.Open,
			"Livraison mardi 1er décembre avant 13:00.", "Delivery Tuesday 1 December before 13:00.",
		},
		{
			"an hour where the shop's clock is another", "Indian/Reunion", "2026-12-01 13:00", false, fact.Open,
			"Livraison mardi 1er décembre avant 13:00 (heure de La Réunion).", "Delivery Tuesday 1 December before 13:00 (Réunion time).",
		},
		{
			"a day is the same wherever the clock hangs", "Indian/Reunion", "2026-12-02 00:00", false, fact.Open,
			"Livraison au plus tard mardi 1er décembre.", "Delivery by Tuesday 1 December.",
		},
		{
			"at a point, kept", "Europe/Paris", "2026-12-02 00:00", true, fact.Kept,
			"Prêt à retirer au plus tard mardi 1er décembre\u00a0: promesse tenue.", "Ready to collect by Tuesday 1 December: promise kept.",
		},
		{
			"at a point by an hour, broken", "Europe/Paris", "2026-12-01 12:30", true, fact.Broken,
			"Prêt à retirer mardi 1er décembre avant 12:30\u00a0: nous n'avons pas tenu parole.",
			"Ready to collect Tuesday 1 December before 12:30: we did not keep our word.",
		},
		{
			"void", "Europe/Paris", "2026-12-02 00:00", false, fact.Void,
			"Livraison au plus tard mardi 1er décembre\u00a0: cette promesse ne vaut plus.",
			"Delivery by Tuesday 1 December: this promise no longer holds.",
		},
	} {
		zone, err := civil.Zone(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		until, err := time.ParseInLocation("2006-01-02 15:04", c.until, zone)
		if err != nil {
			t.Fatal(err)
		}
		d := desk{
			shop: merchant.Organisation{Zone: "Europe/Paris"}, zone: zone,
			promise: promise.Commitment{ID: "com_1", Until: civil.At(until), Zone: c.zone, Collect: c.collect, State: c.state},
		}
		for loc, want := range map[lang.Locale]string{lang.French: c.french, lang.English: c.english} {
			d.msg = notify.Message{Locale: loc}
			if got := d.sentence(); got != want {
				t.Errorf("%s: got %q, want %q", c.law, got, want)
			}
		}
	}
	if got := (desk{}).sentence(); got != "" {
		t.Errorf("no promise: got %q", got)
	}
}

func TestWhatIsNoLongerSoIsNotWritten(t *testing.T) {
	const until = civil.Instant(1_000_000)
	for _, c := range []struct {
		law   string
		topic fact.Topic
		state fact.State
		order order.State
		now   civil.Instant
		want  bool
	}{
		{"a warning, while there is time", fact.TopicAtRisk, fact.Open, order.Placed, until - 1, false},
		{"a warning at the deadline", fact.TopicAtRisk, fact.Open, order.Placed, until, true},
		{"a warning about a promise kept", fact.TopicAtRisk, fact.Kept, order.Placed, until - 1, true},
		{"a breach", fact.TopicBroken, fact.Broken, order.Placed, until + 1, false},
		{"a breach that was none", fact.TopicBroken, fact.Kept, order.Placed, until + 1, true},
		{"another date", fact.TopicAmended, fact.Open, order.Placed, until - 1, false},
		{"another date, given up again", fact.TopicAmended, fact.Amended, order.Placed, until - 1, true},
		{"an order", fact.TopicConfirmed, fact.Open, order.Placed, until - 1, false},
		{"an order cancelled", fact.TopicConfirmed, fact.Void, order.Cancelled, until - 1, true},
		{"what was granted stays so", fact.TopicRepaired, fact.Kept, order.Placed, until + 1, false},
	} {
		d := desk{
			tx: &db.Tx{Now: c.now}, msg: notify.Message{Topic: c.topic},
			promise: promise.Commitment{Until: until, State: c.state}, order: order.Order{State: c.order},
		}
		if got := d.superseded(); got != c.want {
			t.Errorf("%s: got %v", c.law, got)
		}
	}
}
