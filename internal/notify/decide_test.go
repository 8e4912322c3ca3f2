package notify

import (
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/fact"
)

func TestDecide(t *testing.T) {
	now := civil.At(time.Date(2026, 11, 24, 15, 0, 0, 0, time.UTC))
	ago := func(d time.Duration) civil.Instant { return now.Add(-d) }
	const camille = "camille@example.org"
	for _, c := range []struct {
		law  string
		c    Case
		want Decision
	}{
		{"news for somebody we can reach", Case{Contact: camille}, Decision{true, First}},
		{"told of this before", Case{Contact: camille, Told: true}, Decision{false, DuplicateCause}},
		{"somebody merely claims it", Case{Contact: camille, Claimed: true}, Decision{false, Unproven}},
		{"scanned 48 hours ago", Case{Contact: camille, Happened: ago(48 * time.Hour)}, Decision{true, First}},
		{"scanned a second more than 48 hours ago", Case{Contact: camille, Happened: ago(48*time.Hour + time.Second)}, Decision{false, Stale}},
		{"scanned in a quarter of an hour: clocks differ", Case{Contact: camille, Happened: ago(-15 * time.Minute)}, Decision{true, First}},
		{"scanned tomorrow", Case{Contact: camille, Happened: ago(-24 * time.Hour)}, Decision{false, Implausible}},
		{"newer news came at once", Case{Contact: camille, Superseded: true}, Decision{false, Superseded}},
		{"no address", Case{}, Decision{false, NoContact}},
		{"said no", Case{Contact: camille, OptedOut: true}, Decision{false, OptedOut}},
		{"said no, and the address bounced too", Case{Contact: camille, OptedOut: true, Closed: AddressBounced}, Decision{false, OptedOut}},
		{"the address bounced", Case{Contact: camille, Closed: AddressBounced}, Decision{false, AddressBounced}},
		{"not an address", Case{Contact: "camille", Malformed: true}, Decision{false, Undeliverable}},
		{"two addresses in one", Case{Contact: "a@example.org, b@example.org", Malformed: true}, Decision{false, Undeliverable}},
		{"told before, and said no since: the first reason counts", Case{Contact: camille, Told: true, OptedOut: true}, Decision{false, DuplicateCause}},
		{"a number that takes calls only", Case{Contact: "01 42 34 56 78", Voice: true}, Decision{false, NoText}},
	} {
		c.c.Now = now
		if got := Decide(c.c); got != c.want {
			t.Errorf("%s: got %v, want %v", c.law, got, c.want)
		}
	}
}

func TestWhatAMoveIsAbout(t *testing.T) {
	for _, c := range []struct {
		law      string
		was, now fact.Status
		want     fact.Topic
	}{
		{"handed to the carrier", fact.Pending, fact.PickedUp, fact.TopicShipped},
		{"first heard of on the road", "", fact.InTransit, fact.TopicShipped},
		{"still on the road", fact.PickedUp, fact.InTransit, ""},
		{"something is wrong with it", fact.Pending, fact.Exception, ""},
		{"with the courier", fact.ArrivedLocal, fact.OutForDelivery, fact.TopicOut},
		{"with the courier, the first thing we hear", fact.Pending, fact.OutForDelivery, fact.TopicOut},
		{"with the courier again", fact.FailedAttempt, fact.OutForDelivery, fact.TopicOut},
		{"nobody was there", fact.OutForDelivery, fact.FailedAttempt, ""},
		{"at the relay", fact.Redirected, fact.ReadyForPickup, fact.TopicReady},
		{"collected", fact.ReadyForPickup, fact.Delivered, fact.TopicDelivered},
		{"delivered without a word before", fact.Pending, fact.Delivered, fact.TopicDelivered},
		{"at the relay, then on the road: a contradiction", fact.ReadyForPickup, fact.InTransit, fact.TopicCorrected},
		{"delivered, then with the courier: a contradiction", fact.Delivered, fact.OutForDelivery, fact.TopicCorrected},
		{"lost, then found: a person must look", fact.Lost, fact.InTransit, ""},
		{"on its way back", fact.FailedAttempt, fact.Returning, ""},
		{"lost", fact.InTransit, fact.Lost, ""},
	} {
		n, ok := moved(fact.ParcelMoved{Was: c.was, Now: c.now, Direction: fact.Out})
		if n.topic != c.want || ok != (c.want != "") {
			t.Errorf("%s: got %q, %v", c.law, n.topic, ok)
		}
	}
	if _, ok := moved(fact.ParcelMoved{Was: fact.Pending, Now: fact.PickedUp, Direction: fact.Back}); ok {
		t.Error("a return is no delivery to tell of")
	}
	if n, ok := moved(fact.ParcelMoved{Was: fact.Delivered, Now: fact.Delivered, Direction: fact.Out}); !ok || !n.standing {
		t.Error("what is delivered still may be told, if it never was")
	}
}
