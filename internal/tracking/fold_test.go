package tracking

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
)

// scenario is a row of law: these events, in any order, tell this story.
type scenario struct {
	law      string
	wanted   Wanted
	events   []string
	status   fact.Status
	clocks   string
	disputed string
}

var scenarios = []scenario{
	{
		"nothing heard: pending", AtHome, nil,
		fact.Pending, "", "",
	},
	{
		"the plain story of a parcel", AtHome,
		[]string{"2 09:00 picked_up", "2 20:00 in_transit", "3 06:00 arrived_local", "3 08:00 out_for_delivery", "3 11:00 delivered@mailbox"},
		fact.Delivered, "handed 2 09:00, presented 3 11:00, in hand 3 11:00", "",
	},
	{
		"the label printed after the first scan takes nothing back", AtHome,
		[]string{"2 09:00 in_transit", "2 10:00 pending"},
		fact.InTransit, "handed 2 09:00", "",
	},
	{
		"a code nobody knows tells nothing, though it was heard", AtHome,
		[]string{"2 09:00 in_transit", "2 10:00 unknown"},
		fact.InTransit, "handed 2 09:00", "",
	},
	{
		"a scan that comes late tells what was, not what is", AtHome,
		[]string{"2 09:00 in_transit", "3 08:00 out_for_delivery", "2 20:00 in_transit"},
		fact.OutForDelivery, "handed 2 09:00", "",
	},
	{
		"absent, then delivered: presented at the first attempt", AtHome,
		[]string{"3 08:00 out_for_delivery", "3 11:00 failed_attempt reason=absent", "4 08:00 out_for_delivery", "4 10:00 delivered"},
		fact.Delivered, "handed 3 08:00, presented 3 11:00, in hand 4 10:00", "",
	},
	{
		"left with a neighbour is in the shopper's hands", AtHome,
		[]string{"3 08:00 out_for_delivery", "3 11:00 delivered@neighbour"},
		fact.Delivered, "handed 3 08:00, presented 3 11:00, in hand 3 11:00", "",
	},
	{
		"chosen relay: delivered there is collectable, not in hand", AtPoint,
		[]string{"2 09:00 in_transit", "3 10:00 delivered@relay"},
		fact.ReadyForPickup, "handed 2 09:00, presented 3 10:00, ready 3 10:00", "",
	},
	{
		"chosen relay: ready, and fetched", AtPoint,
		[]string{"3 10:00 ready_for_pickup", "4 18:00 delivered@relay"},
		fact.Delivered, "handed 3 10:00, presented 3 10:00, ready 3 10:00, in hand 4 18:00", "",
	},
	{
		"chosen relay: delivered twice to the point tells nothing of the shopper", AtPoint,
		[]string{"3 10:00 delivered@relay", "4 18:00 delivered@relay"},
		fact.ReadyForPickup, "handed 3 10:00, presented 3 10:00, ready 3 10:00", "",
	},
	{
		"chosen relay: ready that day, delivered that day: not surely later", AtPoint,
		[]string{"3 - ready_for_pickup", "3 18:00 delivered@relay"},
		fact.ReadyForPickup, "handed 3 18:00, presented 3 18:00, ready 3 18:00", "",
	},
	{
		"waited for at home, left at a relay: presented, and not ready where it was wanted", AtHome,
		[]string{"3 08:00 out_for_delivery", "3 11:00 delivered@post_office"},
		fact.ReadyForPickup, "handed 3 08:00, presented 3 11:00", "",
	},
	{
		"in transit after it was delivered: still delivered, and a person looks", AtHome,
		[]string{"3 11:00 delivered", "3 18:00 in_transit"},
		fact.Delivered, "handed 3 11:00, presented 3 11:00, in hand 3 11:00", "moved_after_delivery",
	},
	{
		"an exception after it was delivered is a claim: nothing to dispute", AtHome,
		[]string{"3 11:00 delivered", "3 18:00 exception reason=damaged"},
		fact.Delivered, "handed 3 11:00, presented 3 11:00, in hand 3 11:00", "",
	},
	{
		"in transit later on a day on which it was delivered at some hour: no contradiction", AtHome,
		[]string{"3 - delivered", "3 18:00 in_transit"},
		fact.Delivered, "handed 3 18:00, presented 3 -, in hand 3 -", "",
	},
	{
		"in transit at the midnight that ends the day of delivery: surely later", AtHome,
		[]string{"3 - delivered", "4 00:00 in_transit"},
		fact.Delivered, "handed 3 -, presented 3 -, in hand 3 -", "moved_after_delivery",
	},
	{
		"delivered at two instants: the earlier, and a person looks", AtHome,
		[]string{"3 11:00 delivered", "3 16:00 delivered"},
		fact.Delivered, "handed 3 11:00, presented 3 11:00, in hand 3 11:00", "delivered_twice",
	},
	{
		"delivered that day, and at eleven: one delivery, known better", AtHome,
		[]string{"3 - delivered", "3 11:00 delivered"},
		fact.Delivered, "handed 3 11:00, presented 3 11:00, in hand 3 11:00", "",
	},
	{
		"delivered by anybody's word in the morning, by the carrier's at night: the carrier's counts", AtHome,
		[]string{"3 11:00 delivered trust=claimed", "3 22:00 delivered"},
		fact.Delivered, "handed 3 11:00, presented 3 11:00, in hand 3 22:00", "delivered_twice",
	},
	{
		"a correction takes the delivery back", AtHome,
		[]string{"3 11:00 delivered", "3 18:00 in_transit supersedes=delivered"},
		fact.InTransit, "handed 3 18:00", "",
	},
	{
		"taken back, and delivered after all", AtHome,
		[]string{"3 11:00 delivered", "3 18:00 in_transit supersedes=delivered", "4 10:00 delivered"},
		fact.Delivered, "handed 3 18:00, presented 4 10:00, in hand 4 10:00", "",
	},
	{
		"delivered at noon, not at eleven: a correction of the hour", AtHome,
		[]string{"3 11:00 delivered", "3 12:00 delivered supersedes=delivered"},
		fact.Delivered, "handed 3 12:00, presented 3 12:00, in hand 3 12:00", "",
	},
	{
		"two corrections of one delivery: the later stands", AtHome,
		[]string{"3 11:00 delivered", "3 12:00 delivered supersedes=delivered", "3 13:00 delivered supersedes=delivered"},
		fact.Delivered, "handed 3 13:00, presented 3 13:00, in hand 3 13:00", "",
	},
	{
		"anybody's correction does not take back the carrier's word", AtHome,
		[]string{"3 11:00 delivered", "3 18:00 in_transit supersedes=delivered trust=claimed"},
		fact.Delivered, "handed 3 11:00, presented 3 11:00, in hand 3 11:00", "distrusted_correction moved_after_delivery",
	},
	{
		"a correction of one number says nothing of another leg", AtHome,
		[]string{"3 11:00 delivered number=B2", "3 18:00 exception supersedes=delivered"},
		fact.Delivered, "handed 3 11:00, presented 3 11:00, in hand 3 11:00", "",
	},
	{
		"on its way back, depot after depot", AtHome,
		[]string{"3 11:00 failed_attempt reason=refused", "3 18:00 returning reason=refused", "4 06:00 in_transit", "5 06:00 arrived_local"},
		fact.Returning, "handed 3 11:00, presented 3 11:00, closed 3 18:00", "",
	},
	{
		"on its way back, and seen on a round again: it may yet arrive", AtHome,
		[]string{"3 18:00 returning", "4 08:00 out_for_delivery"},
		fact.OutForDelivery, "handed 3 18:00", "",
	},
	{
		"turned back twice: closed since the second time", AtHome,
		[]string{"3 18:00 returning", "4 08:00 out_for_delivery", "4 18:00 returning"},
		fact.Returning, "handed 3 18:00, closed 4 18:00", "",
	},
	{
		"back with the sender", AtHome,
		[]string{"3 18:00 returning", "5 10:00 returned"},
		fact.Returned, "handed 3 18:00, closed 3 18:00", "",
	},
	{
		"sent back after it was delivered, under the same number: a person looks", AtHome,
		[]string{"3 11:00 delivered", "5 10:00 returning"},
		fact.Delivered, "handed 3 11:00, presented 3 11:00, in hand 3 11:00", "moved_after_delivery",
	},
	{
		"lost", AtHome,
		[]string{"2 09:00 in_transit", "9 09:00 lost"},
		fact.Lost, "handed 2 09:00, closed 9 09:00", "",
	},
	{
		"lost, and scanned again: still lost until somebody corrects it", AtHome,
		[]string{"2 09:00 in_transit", "9 09:00 lost", "10 09:00 in_transit"},
		fact.Lost, "handed 2 09:00, closed 9 09:00", "moved_after_closure",
	},
	{
		"lost, and found by a correction", AtHome,
		[]string{"2 09:00 in_transit", "9 09:00 lost", "10 09:00 in_transit supersedes=lost"},
		fact.InTransit, "handed 2 09:00", "",
	},
	{
		"lost, and delivered: the stronger wins, and a person looks", AtHome,
		[]string{"9 09:00 lost", "10 09:00 delivered"},
		fact.Delivered, "handed 10 09:00, presented 10 09:00, in hand 10 09:00", "delivered_and_closed",
	},
	{
		"cancelled before the carrier had it", AtHome,
		[]string{"2 09:00 pending", "2 10:00 cancelled"},
		fact.Cancelled, "closed 2 10:00", "",
	},
	{
		"a carrier's clock 26 hours ahead is believed", AtHome,
		[]string{"3 14:00 in_transit received=2"},
		fact.InTransit, "handed 3 14:00", "",
	},
	{
		"a minute more is not", AtHome,
		[]string{"3 14:01 delivered received=2", "2 09:00 in_transit"},
		fact.InTransit, "handed 2 09:00", "implausible_time",
	},
	{
		"nor are 1970 and 2099", AtHome,
		[]string{"1970-01-01 00:00 delivered", "2099-12-31 10:00 lost", "2 09:00 in_transit"},
		fact.InTransit, "handed 2 09:00", "implausible_time",
	},
	{
		"a merchant's word that it left is no scan of the carrier", AtHome,
		[]string{"2 08:00 picked_up source=merchant", "2 20:00 in_transit"},
		fact.InTransit, "handed 2 20:00", "",
	},
	{
		"what is calculated never overwrites", AtHome,
		[]string{"2 09:00 in_transit", "3 09:00 delivered source=calculated", "4 09:00 lost source=claim"},
		fact.InTransit, "handed 2 09:00", "",
	},
	{
		"delivered, says the carrier; not here, says the shopper", AtHome,
		[]string{"3 11:00 delivered", "3 19:00 exception source=shopper"},
		fact.Delivered, "handed 3 11:00, presented 3 11:00, in hand 3 11:00", "denied_by_shopper",
	},
	{
		"known to the day only: of two that may be the last, the one furthest on", AtHome,
		[]string{"3 - out_for_delivery", "3 06:00 arrived_local"},
		fact.OutForDelivery, "handed 3 06:00", "",
	},
	{
		"at one instant: the one furthest on", AtHome,
		[]string{"3 06:00 arrived_local", "3 06:00 in_transit", "3 06:00 picked_up"},
		fact.ArrivedLocal, "handed 3 06:00", "",
	},
	{
		"two legs are one journey", AtHome,
		[]string{"2 09:00 picked_up", "3 09:00 arrived_local number=B2", "4 10:00 delivered number=B2"},
		fact.Delivered, "handed 2 09:00, presented 4 10:00, in hand 4 10:00", "",
	},
}

func TestFoldTellsTheStory(t *testing.T) {
	for _, s := range scenarios {
		got := Fold(scans(t, s.events), s.wanted)
		if got.Status != s.status || sum(got.Clocks) != s.clocks || strings.Join(got.Disputed, " ") != s.disputed {
			t.Errorf("%s:\n got %s; %s; %v\nwant %s; %s; %s", s.law, got.Status, sum(got.Clocks), got.Disputed, s.status, s.clocks, s.disputed)
		}
	}
}

// G-06: every order of the events of every scenario, each order with one of its
// events twice, tells the same story.
func TestFoldIgnoresOrderAndRepetition(t *testing.T) {
	for _, s := range scenarios {
		events := scans(t, s.events)
		want, n := Fold(events, s.wanted), 0
		permutations(len(events), func(order []int) {
			shuffled := make([]Event, 0, len(events)+1)
			for _, i := range order {
				shuffled = append(shuffled, events[i])
			}
			if len(events) > 0 {
				shuffled = append(shuffled, events[n%len(events)])
			}
			n++
			if d := cmp.Diff(want, Fold(shuffled, s.wanted)); d != "" {
				t.Fatalf("%s: in the order %v: %s", s.law, order, d)
			}
		})
	}
}

func TestWhoIsLiable(t *testing.T) {
	for _, row := range []struct {
		law    string
		events []string
		liable fact.Party
	}{
		{"nothing went wrong: nobody", []string{"2 09:00 in_transit party=carrier", "3 11:00 delivered"}, ""},
		{"absent → shopper", []string{"3 11:00 failed_attempt reason=absent"}, fact.ByShopper},
		{"wrong address → shopper", []string{"3 11:00 exception reason=address"}, fact.ByShopper},
		{"refused → shopper", []string{"3 11:00 returning reason=refused"}, fact.ByShopper},
		{"customs → customs", []string{"3 11:00 customs_held reason=customs_doc"}, fact.ByCustoms},
		{"held by customs, no reason given → customs", []string{"3 11:00 customs_held"}, fact.ByCustoms},
		{"weather → force majeure", []string{"3 11:00 in_transit reason=weather"}, fact.ForceMajeure},
		{"strike → force majeure", []string{"3 11:00 exception reason=strike"}, fact.ForceMajeure},
		{"the relay is full → relay", []string{"3 11:00 redirected reason=relay_full"}, fact.ByRelay},
		{"sent to the wrong depot → carrier", []string{"3 11:00 in_transit reason=misrouted"}, fact.ByCarrier},
		{"lost → carrier", []string{"9 11:00 lost"}, fact.ByCarrier},
		{"an exception without a word why: the events do not say", []string{"3 11:00 exception"}, ""},
		{"what the sender says goes first", []string{"3 11:00 exception reason=weather party=carrier"}, fact.ByCarrier},
		{"unless it says it does not know", []string{"3 11:00 exception reason=weather party=unknown"}, fact.ForceMajeure},
		{"the last incident on the way", []string{"2 11:00 exception reason=misrouted", "3 11:00 failed_attempt reason=absent", "4 11:00 delivered"}, fact.ByShopper},
		{"not one after it arrived", []string{"2 11:00 exception reason=misrouted", "3 11:00 delivered", "4 11:00 exception reason=absent"}, fact.ByCarrier},
	} {
		if got := Fold(scans(t, row.events), AtHome).Liable; got != row.liable {
			t.Errorf("%s: got %q", row.law, got)
		}
	}
}

func TestHowFarAStoryIsTrusted(t *testing.T) {
	for _, row := range []struct {
		law    string
		events []string
		trust  fact.Trust
	}{
		{"nothing heard", nil, ""},
		{"no milestone yet: the status's", []string{"2 09:00 pending trust=claimed"}, fact.TrustClaimed},
		{"the least of the milestones'", []string{"2 09:00 picked_up trust=signed", "3 11:00 delivered trust=confirmed"}, fact.TrustSigned},
		{"a milestone that two prove is as good as the better", []string{"2 09:00 picked_up trust=confirmed", "3 11:00 delivered trust=claimed", "3 11:00 delivered@doorstep trust=confirmed"}, fact.TrustConfirmed},
		{"one event said by anybody, then confirmed: one event, confirmed", []string{"3 11:00 delivered trust=claimed", "3 11:00 delivered trust=confirmed"}, fact.TrustConfirmed},
		{"a scan on the way decides no milestone", []string{"2 09:00 picked_up", "2 20:00 in_transit trust=claimed"}, fact.TrustSigned},
	} {
		if got := Fold(scans(t, row.events), AtHome).Trust; got != row.trust {
			t.Errorf("%s: got %q", row.law, got)
		}
	}
}

func TestWhatAStoryRestsOn(t *testing.T) {
	events := scans(t, []string{"2 09:00 picked_up", "2 20:00 in_transit", "3 11:00 delivered@mailbox", "3 11:00 delivered@mailbox", "2 21:00 unknown source=carrier"})
	s := Fold(events, AtHome)
	want := []ident.Event{events[0].ID, events[2].ID}
	if want[0] > want[1] {
		want[0], want[1] = want[1], want[0]
	}
	if d := cmp.Diff(want, s.Events); d != "" {
		t.Error(d)
	}
	if s.Place != fact.Mailbox {
		t.Errorf("it lies in %q", s.Place)
	}
	at, _ := moment(t, "3", "11:00")
	if s.LastScan != at {
		t.Errorf("last scan at %s", s.LastScan)
	}
}

func TestLastScanIsTheCarriers(t *testing.T) {
	s := Fold(scans(t, []string{
		"2 09:00 in_transit", "2 21:00 unknown", "3 11:00 delivered source=calculated", "3 12:00 pending source=merchant", "2099-01-01 10:00 lost",
	}), AtHome)
	if at, _ := moment(t, "2", "21:00"); s.LastScan != at {
		t.Errorf("last scan at %s", s.LastScan)
	}
}

func TestEventsAreOneHoweverOftenSent(t *testing.T) {
	for _, row := range []struct {
		law, a, b string
		same      bool
	}{
		{"the same words", "2 09:00 in_transit", "2 09:00 in_transit", true},
		{"more trusted, and received later", "2 09:00 in_transit", "2 09:00 in_transit trust=confirmed received=30", true},
		{"a number in small letters, with a hyphen", "2 09:00 in_transit number=ab-1", "2 09:00 in_transit number=AB1", true},
		{"another minute", "2 09:00 in_transit", "2 09:01 in_transit", false},
		{"midnight, and the day", "2 00:00 in_transit", "2 - in_transit", false},
		{"another status", "2 09:00 in_transit", "2 09:00 lost", false},
		{"another place", "2 09:00 delivered@mailbox", "2 09:00 delivered@relay", false},
		{"another number", "2 09:00 in_transit", "2 09:00 in_transit number=B2", false},
		{"a correction", "2 09:00 in_transit", "2 09:00 in_transit supersedes=lost", false},
	} {
		a, b := scan(t, row.a), scan(t, row.b)
		if (a.ID == b.ID) != row.same {
			t.Errorf("%s: %s and %s", row.law, a.ID, b.ID)
		}
	}
	if id := scan(t, "2 09:00 lost").ID; !ident.Valid[ident.Event](string(id)) {
		t.Errorf("%s has not the form of an id", id)
	}
}
