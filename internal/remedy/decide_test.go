package remedy

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
)

// until is the deadline of every case below.
var until = civil.At(time.Date(2026, 11, 24, 15, 0, 0, 0, time.UTC))

func eur(minor int64) money.Amount { return money.Of(minor, money.EUR) }

// broken is a promise broken by its carrier: 30 € of goods, 5.90 € of delivery.
func broken(mend ...func(*Cause)) Cause {
	c := Cause{
		Owed: fact.DeliverBy, Until: until, LateKnown: true, Liable: fact.ByCarrier, Trust: fact.TrustSigned,
		Value: eur(3590), Delivery: eur(590),
	}
	for _, m := range mend {
		m(&c)
	}
	return c
}

func late(d time.Duration) func(*Cause) { return func(c *Cause) { c.Late = d } }
func missing(units int) func(*Cause) {
	return func(c *Cause) { c.MissingUnits, c.MissingLines = units, 1 }
}
func unknown(c *Cause)                   { c.LateKnown = false }
func claimed(c *Cause)                   { c.Trust = fact.TrustClaimed }
func free(c *Cause)                      { c.Value, c.Delivery = eur(3000), eur(0) }
func by(p fact.Party) func(*Cause)       { return func(c *Cause) { c.Liable = p } }
func early(d time.Duration) func(*Cause) { return func(c *Cause) { c.Early = d } }

func compiled(t testing.TB, source string) *Policy {
	t.Helper()
	p, err := Compile(source)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestDefaultPolicy(t *testing.T) {
	given := Decision{State: Granted, Lines: []Line{{"late_or_incomplete", Delivery, eur(590)}}}
	refused := func(why string) Decision { return Decision{State: Refused, Reason: why} }
	waits := Decision{State: Waiting, Next: until.Add(30*time.Minute + time.Second)}
	const m30 = 30 * time.Minute
	for _, c := range []struct {
		law   string
		cause Cause
		past  History
		after time.Duration // after the deadline, we decide
		want  Decision
	}{
		{"delivered 30:00 late: nothing, and why", broken(late(m30)), History{}, time.Hour, refused("within_tolerance")},
		{"delivered 30:00.9 late: seconds are what counts", broken(late(m30 + 900*time.Millisecond)), History{}, time.Hour, refused("within_tolerance")},
		{"delivered 30:01 late: the delivery is free", broken(late(m30 + time.Second)), History{}, time.Hour, given},
		{"still missing at the deadline: wait for 30:01", broken(unknown), History{}, 0, waits},
		{"still missing at 30:00: wait on", broken(unknown), History{}, m30, waits},
		{"still missing at 30:01: free without waiting for the parcel", broken(unknown), History{}, m30 + time.Second, given},
		{"evidence says at least 31 minutes: free, whatever our clock says", broken(late(31*time.Minute), unknown), History{}, 0, given},
		{"1 unit missing, on time", broken(missing(1)), History{}, 0, refused("within_tolerance")},
		{"2 units missing, on time", broken(missing(2)), History{}, 0, given},
		{"2 units missing and an hour late: one grant", broken(missing(2), late(time.Hour)), History{}, time.Hour, given},
		{"early: not what this policy repairs", broken(early(time.Hour)), History{}, 0, refused("within_tolerance")},
		{"the shopper made it late", broken(late(time.Hour), by(fact.ByShopper)), History{}, time.Hour, refused("shopper_liable")},
		{"a storm made it late: still not the shopper's loss", broken(late(time.Hour), by(fact.ForceMajeure)), History{}, time.Hour, given},
		{"the delivery was free already", broken(late(time.Hour), free), History{}, time.Hour, refused(NothingToGive)},
		{"the delivery was given back for another promise of the order", broken(late(time.Hour)), History{Order: 590, Delivery: 590}, time.Hour, refused(CapReached)},
		{
			"half of the delivery was given back", broken(late(time.Hour)),
			History{Order: 295, Delivery: 295},
			time.Hour,
			Decision{State: Granted, Lines: []Line{{"late_or_incomplete", Delivery, eur(295)}}},
		},
		{"somebody claims 2 hours: our clock says 10 minutes", broken(late(2*time.Hour), claimed), History{}, 10 * time.Minute, waits},
		{"somebody claims 2 minutes: nothing proven came by 30:01", broken(late(2*time.Minute), claimed), History{}, m30 + time.Second, given},
		{"judged before the deadline, lost: wait", broken(unknown), History{}, -time.Hour, waits},
	} {
		got, err := Decide(compiled(t, Default), c.cause, c.past, until.Add(c.after))
		if err != nil {
			t.Errorf("%s: %v", c.law, err)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.law, diff)
		}
	}
}

// tiers is a policy of two thresholds, two rules and every cap.
const tiers = `{
	"thresholds": [duration("24h"), duration("1h")],
	"caps": {"order": 2000, "month": 3000, "shopper": 5000},
	"grants": [
		{"rule": "late", "kind": "delivery", "when": late > duration("1h"), "amount": delivery_fee},
		{"rule": "very_late", "kind": "goods", "when": late > duration("24h") && history.count < 3, "amount": order_value / 2},
	],
	"otherwise": "on_the_day",
}`

func TestCapsAndThresholds(t *testing.T) {
	delivery := func(minor int64) Line { return Line{"late", Delivery, eur(minor)} }
	goods := func(minor int64) Line { return Line{"very_late", Goods, eur(minor)} }
	granted := func(l ...Line) Decision { return Decision{State: Granted, Lines: l} }
	const hour, day = time.Hour, 24 * time.Hour
	for _, c := range []struct {
		law  string
		late time.Duration
		past History
		want Decision
	}{
		{"an hour: not yet", hour, History{}, Decision{State: Refused, Reason: "on_the_day"}},
		{"two hours: the delivery", 2 * hour, History{}, granted(delivery(590))},
		{"two days: both rules, cut at 20 € an order", 2 * day, History{}, granted(delivery(590), goods(1410))},
		{"15 € for the order before, none of it delivery", 2 * day, History{Order: 1500, Month: 1500, Shopper: 1500}, granted(delivery(500))},
		{"27 € this month", 2 * day, History{Month: 2700, Shopper: 2700}, granted(delivery(300))},
		{"all of 30 € this month", 2 * day, History{Month: 3000, Shopper: 3000}, Decision{State: Refused, Reason: CapReached}},
		{"49.99 € ever", 2 * day, History{Shopper: 4999}, granted(delivery(1))},
		{"the third time this month: only the delivery", 2 * day, History{Count: 3}, granted(delivery(590))},
		{"the goods were all given back", 2 * day, History{Order: 590 + 3000, Delivery: 590}, Decision{State: Refused, Reason: CapReached}},
	} {
		got, err := Decide(compiled(t, tiers), broken(late(c.late)), c.past, until.Add(c.late))
		if err != nil {
			t.Errorf("%s: %v", c.law, err)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.law, diff)
		}
	}
	got, err := Decide(compiled(t, tiers), broken(unknown), History{Shopper: 5000}, until.Add(2*hour))
	want := Decision{State: Waiting, Next: until.Add(day + time.Second)}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("past the first threshold without a grant, it waits for the second: %v %s", err, diff)
	}
}

func TestNobodyGetsBackMoreThanWasPaid(t *testing.T) {
	p := compiled(t, `{
		"thresholds": [],
		"grants": [
			{"rule": "a", "kind": "delivery", "when": true, "amount": 700},
			{"rule": "b", "kind": "goods", "when": true, "amount": order_value * 2},
			{"rule": "c", "kind": "delivery", "when": missing_units > 0, "amount": 100},
		],
		"otherwise": "never",
	}`)
	rapid.Check(t, func(t *rapid.T) {
		paid := rapid.Int64Range(0, 2000)
		fee, goods := paid.Draw(t, "delivery"), paid.Draw(t, "goods")
		before := History{Delivery: rapid.Int64Range(0, fee).Draw(t, "delivery before")}
		before.Order = before.Delivery + rapid.Int64Range(0, goods).Draw(t, "goods before")
		c := broken(late(time.Hour), missing(rapid.IntRange(0, 1).Draw(t, "missing")))
		c.Value, c.Delivery = eur(fee+goods), eur(fee)
		got, err := Decide(p, c, before, until)
		if err != nil {
			t.Fatal(err)
		}
		sum := map[Kind]int64{Delivery: before.Delivery, Goods: before.Order - before.Delivery}
		for _, l := range got.Lines {
			sum[l.Kind] += l.Amount.Minor
		}
		if sum[Delivery] > fee || sum[Goods] > goods {
			t.Fatalf("%v of %d and %d paid: %+v", sum, fee, goods, got)
		}
		if sum[Delivery]+sum[Goods] < fee+goods && got.State != Granted {
			t.Fatalf("something was left of %d and %d: %+v", fee, goods, got)
		}
	})
}

// Waiting loses nothing: whoever waits is answered what is answered to whoever knows.
func TestWaitingEndsWhereKnowingWouldHave(t *testing.T) {
	p := compiled(t, tiers)
	rapid.Check(t, func(t *rapid.T) {
		after := time.Duration(rapid.Int64Range(0, int64(49*time.Hour)).Draw(t, "after"))
		now := until.Add(after)
		got, err := Decide(p, broken(unknown), History{}, now)
		if err != nil {
			t.Fatal(err)
		}
		known, err := Decide(p, broken(late(now.Sub(until))), History{}, now)
		if err != nil {
			t.Fatal(err)
		}
		if got.State == Waiting {
			if got.Next <= now || known.State != Refused {
				t.Fatalf("after %v: waiting until %v, known %+v", after, got.Next.Sub(until), known)
			}
			return
		}
		if diff := cmp.Diff(known, got); diff != "" {
			t.Fatalf("after %v: %s", after, diff)
		}
	})
}

func TestCheckPolicy(t *testing.T) {
	with := func(grant string) string {
		return `{"thresholds": [duration("30m")], "grants": [` + grant + `], "otherwise": "no"}`
	}
	for _, c := range []struct {
		law, source string
		line        int
		cause       string // part of it
	}{
		{"the shipped one", Default, 0, ""},
		{"tiers and caps", tiers, 0, ""},
		{"no grants at all", with(""), 0, ""},
		{"not an expression", "{\n  \"grants\": [}\n}", 2, "Syntax error"},
		{"a name that does not exist, on its line", "{\n\"thresholds\": [],\n\"grants\": [],\n\"otherwise\": lateness}", 4, "undeclared reference to 'lateness'"},
		{"a history that is not kept", with(`{"rule": "a", "kind": "goods", "when": history.year > 1, "amount": 1}`), 1, "undeclared reference"},
		{"a comparison that makes no sense", with(`{"rule": "a", "kind": "goods", "when": late > 30, "amount": 1}`), 1, "no matching overload"},
		{"not a map", `1 + 1`, 1, "policy: a map is needed"},
		{"a misspelt cap is not no cap", `{"thresholds": [], "caps": {"oder": 1}, "grants": [], "otherwise": "no"}`, 1, "policy.caps: unknown name oder"},
		{"a negative cap", `{"thresholds": [], "caps": {"order": -1}, "grants": [], "otherwise": "no"}`, 1, "policy.caps.order"},
		{"no thresholds", `{"grants": [], "otherwise": "no"}`, 1, "policy.thresholds: a list is needed"},
		{"a threshold that is no duration", `{"thresholds": [30], "grants": [], "otherwise": "no"}`, 1, "policy.thresholds[0]: a duration"},
		{"no reason", `{"thresholds": [], "grants": []}`, 1, "policy.otherwise"},
		{"an empty reason", `{"thresholds": [], "grants": [], "otherwise": ""}`, 1, "policy.otherwise"},
		{"a kind of money there is none of", with(`{"rule": "a", "kind": "gift", "when": true, "amount": 1}`), 1, `policy.grants[0].kind: "gift"`},
		{"an amount in euros", with(`{"rule": "a", "kind": "goods", "when": true, "amount": 5.90}`), 1, "policy.grants[0].amount: a whole number"},
		{"a negative amount", with(`{"rule": "a", "kind": "goods", "when": true, "amount": -1}`), 1, "is negative"},
		{"a rule without a name", with(`{"rule": "", "kind": "goods", "when": true, "amount": 1}`), 1, "policy.grants[0].rule"},
		{"a rule without a condition", with(`{"rule": "a", "kind": "goods", "amount": 1}`), 1, "policy.grants[0].when"},
		{"two rules of one name", with(`{"rule": "a", "kind": "goods", "when": true, "amount": 1}, {"rule": "a", "kind": "goods", "when": true, "amount": 1}`), 1, `two rules are called "a"`},
		{"a division by what may be nothing", with(`{"rule": "a", "kind": "goods", "when": true, "amount": 100 / missing_units}`), 1, "division by zero"},
		{"a loop without end", with(`{"rule": "a", "kind": "goods", "when": true, "amount": ` + loop + `}`), 1, "cost"},
		{"a file of 17 KB", Default + "//" + string(make([]byte, 17<<10)), 1, "exceeds"},
	} {
		err := CheckPolicy(c.source)
		if c.cause == "" {
			if err != nil {
				t.Errorf("%s: %v", c.law, err)
			}
			continue
		}
		faults := fault.All(err)
		if len(faults) != 1 || faults[0].Code != "policy_invalid" {
			t.Errorf("%s: got %v", c.law, err)
			continue
		}
		args := faults[0].Args
		if args["line"] != c.line || !strings.Contains(args["cause"].(string), c.cause) {
			t.Errorf("%s: got line %v, cause %v", c.law, args["line"], args["cause"])
		}
	}
}

// loop makes lists of lists: far more steps than any policy needs.
const loop = `[1,2,3,4,5,6,7,8,9].map(a, [1,2,3,4,5,6,7,8,9].map(b, [1,2,3,4,5,6,7,8,9].map(c, [1,2,3,4,5,6,7,8,9].map(d, a)))).size()`

func FuzzCompileNeverPanics(f *testing.F) {
	f.Add(Default)
	f.Add(tiers)
	f.Add(`{"thresholds": [], "grants": [{}], "otherwise": null}`)
	f.Add(`[]`)
	f.Fuzz(func(t *testing.T, source string) {
		err := CheckPolicy(source)
		if err != nil && !fault.Is(err, "policy_invalid") {
			t.Fatalf("%q: %v", source, err)
		}
	})
}

func BenchmarkDecide(b *testing.B) {
	p, c := compiled(b, Default), broken(late(31*time.Minute))
	for b.Loop() {
		if _, err := Decide(p, c, History{}, until); err != nil {
			b.Fatal(err)
		}
	}
}
