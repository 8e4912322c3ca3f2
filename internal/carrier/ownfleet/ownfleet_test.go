package ownfleet

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/fact"
)

func paris(t testing.TB) *time.Location {
	t.Helper()
	loc, err := civil.Zone("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func instant(t testing.TB, s string) civil.Instant {
	t.Helper()
	i, err := civil.ParseInstant(s)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func payload(events ...string) []byte {
	return []byte(`{"events":[` + strings.Join(events, ",") + `]}`)
}

// A round as a courier tells it.
func TestRound(t *testing.T) {
	got, err := Parse(payload(
		`{"tracking_number":"e-1","status":"left","occurred_at":"2026-11-24T13:40","location":"Lyon 3e"}`,
		`{"tracking_number":"E-1","status":"On_Round","occurred_at":"2026-11-24T14:05:00+01:00"}`,
		`{"tracking_number":"E-1","status":"out_for_delivery","occurred_at":"2026-11-24T15:40","expected_at":"16:31","reason":"delay","label":"Running late, 16:31"}`,
		`{"tracking_number":"E-1","status":"failed","occurred_at":"2026-11-24T16:20","reason":"absent"}`,
		`{"tracking_number":"E-1","status":"delivered","occurred_at":"2026-11-24T16:31:20","place":"neighbour","signed_by":"Dominique Martin","driver":7}`,
	), paris(t))
	if err != nil {
		t.Fatal(err)
	}
	minute := func(s string) (civil.Instant, fact.Span) {
		at := instant(t, s)
		return at, fact.Span{From: at, Until: at.Add(time.Minute)}
	}
	at := make([]civil.Instant, 5)
	span := make([]fact.Span, 5)
	at[0], span[0] = minute("2026-11-24T12:40:00Z")
	at[1] = instant(t, "2026-11-24T13:05:00Z")
	span[1] = fact.Span{From: at[1], Until: at[1] + 1}
	at[2], span[2] = minute("2026-11-24T14:40:00Z")
	at[3], span[3] = minute("2026-11-24T15:20:00Z")
	at[4] = instant(t, "2026-11-24T15:31:20Z")
	span[4] = fact.Span{From: at[4], Until: at[4] + 1}
	want := []carrier.Report{
		{Number: "E1", Code: "left", Status: fact.PickedUp, Where: "Lyon 3e"},
		{Number: "E1", Code: "on_round", Status: fact.OutForDelivery},
		{
			Number: "E1", Code: "out_for_delivery", Status: fact.OutForDelivery, Reason: fact.ReasonDelay,
			Label: "Running late, 16:31", Expected: instant(t, "2026-11-24T15:31:00Z"),
		},
		{Number: "E1", Code: "failed", Status: fact.FailedAttempt, Reason: fact.ReasonAbsent},
		{Number: "E1", Code: "delivered", Status: fact.Delivered, Place: fact.Neighbour},
	}
	for i := range want {
		want[i].Source, want[i].At, want[i].Span, want[i].Precision = fact.FromCourier, at[i], span[i], fact.Minute
	}
	want[1].Precision, want[4].Precision = fact.Exact, fact.Exact
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// Who signed is a person: no part of a report holds the name.
func TestNobodysNameIsInAReport(t *testing.T) {
	got, err := Parse(payload(`{"tracking_number":"E-1","status":"delivered","occurred_at":"2026-11-24T16:31","signed_by":"Dominique Martin"}`), paris(t))
	if err != nil || len(got) != 1 || strings.Contains(fmt.Sprintf("%+v", got), "Martin") {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestExpectedHour(t *testing.T) {
	for _, row := range []struct{ law, at, eta, more, want string }{
		{"a time of day is the next one", "2026-11-24T15:40", "16:31", "", "2026-11-24T15:31:00Z"},
		{"that very minute", "2026-11-24T15:40", "15:40", "", "2026-11-24T14:40:00Z"},
		{"said before midnight, for after it", "2026-11-24T23:50", "00:10", "", "2026-11-24T23:10:00Z"},
		{"an instant with its offset", "2026-11-24T15:40", "2026-11-24T16:31:00+01:00", "", "2026-11-24T15:31:00Z"},
		{"a local instant, tomorrow", "2026-11-24T15:40", "2026-11-25T09:00", "", "2026-11-25T08:00:00Z"},
		{"in the zone of the event", "2026-11-24T15:40", "16:31", `,"zone":"Indian/Reunion"`, "2026-11-24T12:31:00Z"},
		{"02:30 in the night that has none is the next night's", "2026-03-29T01:30", "02:30", "", "2026-03-30T00:30:00Z"},
		{"02:30 in the night that has two is the first", "2026-10-25T01:30", "02:30", "", "2026-10-25T00:30:00Z"},
	} {
		got, err := Parse(payload(`{"tracking_number":"1","status":"on_round","occurred_at":"`+row.at+`","expected_at":"`+row.eta+`"`+row.more+`}`), paris(t))
		if err != nil || len(got) != 1 || got[0].Expected != instant(t, row.want) {
			t.Errorf("%s: %+v, %v", row.law, got, err)
		}
	}
}

const good = `{"tracking_number":"GOOD","status":"on_round","occurred_at":"2026-11-24T14:05:00+01:00"}`

func entry(fields string) string {
	return `{"tracking_number":"BAD","status":"on_round","occurred_at":"2026-11-24T14:05:00+01:00",` + fields + `}`
}

// A bad event among good ones: the good ones are read, the bad one is named.
func TestOneBadEvent(t *testing.T) {
	for _, row := range []struct{ law, event, code, field string }{
		{"no number", `{"status":"left","occurred_at":"2026-11-24"}`, "field_required", "events[1].tracking_number"},
		{"a number as a number", entry(`"tracking_number":17`), "text_expected", "events[1].tracking_number"},
		{"no status", `{"tracking_number":"BAD","occurred_at":"2026-11-24"}`, "field_required", "events[1].status"},
		{"a status that is none", entry(`"status":"teleported"`), "unknown_value", "events[1].status"},
		{"no instant", `{"tracking_number":"BAD","status":"left"}`, "field_required", "events[1].occurred_at"},
		{"30 February", entry(`"occurred_at":"2026-02-30"`), "instant_invalid", "events[1].occurred_at"},
		{"a zone that is none", entry(`"zone":"Lyon"`), "unknown_zone", "events[1].zone"},
		{"a precision that is none", entry(`"precision":"week"`), "unknown_value", "events[1].precision"},
		{"an hour that is none", entry(`"expected_at":"soon"`), "instant_invalid", "events[1].expected_at"},
		{"25 o'clock", entry(`"expected_at":"25:00"`), "instant_invalid", "events[1].expected_at"},
		{"an hour as a number", entry(`"expected_at":1631`), "text_expected", "events[1].expected_at"},
		{"expected before it was said", entry(`"expected_at":"2026-11-24T14:04:59+01:00"`), "expected_before_event", "events[1].expected_at"},
		{"an hour in a zone that is none: told once", entry(`"expected_at":"16:31","zone":"Lyon"`), "unknown_zone", "events[1].zone"},
		{"failed, and nobody knows why", entry(`"status":"failed"`), "field_required", "events[1].reason"},
		{"the same in our word", entry(`"status":"failed_attempt"`), "field_required", "events[1].reason"},
		{"a reason that is none", entry(`"status":"failed","reason":"moon"`), "unknown_value", "events[1].reason"},
		{"left in a place that is none", entry(`"status":"delivered","place":"moon"`), "unknown_value", "events[1].place"},
		{"signed by a number", entry(`"status":"delivered","signed_by":12`), "text_expected", "events[1].signed_by"},
		{"an event that is a text", `"delivered"`, "object_expected", "events[1]"},
	} {
		got, err := Parse(payload(good, row.event, good), paris(t))
		faults := fault.All(err)
		if len(faults) != 1 || faults[0].Code != row.code || faults[0].Field != row.field {
			t.Errorf("%s: got %v, want %s at %s", row.law, err, row.code, row.field)
		}
		if len(got) != 2 || got[0].Number != "GOOD" || got[1].Number != "GOOD" {
			t.Errorf("%s: the good events became %v", row.law, got)
		}
	}
}

func TestBadPayloads(t *testing.T) {
	for _, row := range []struct{ law, raw, code, field string }{
		{"nothing", ``, "invalid_json", ""},
		{"a list", `[` + good + `]`, "object_expected", "body"},
		{"no event", `{"events":[]}`, "field_required", "events"},
		{"deep enough to fell a parser", strings.Repeat("[", 200_000), "json_too_deep", ""},
		{"more events than one transaction should carry", string(payload(strings.TrimSuffix(strings.Repeat(good+",", carrier.MaxEvents+1), ","))), "too_many_events", "events"},
	} {
		got, err := Parse([]byte(row.raw), paris(t))
		faults := fault.All(err)
		if len(got) != 0 || len(faults) != 1 || faults[0].Code != row.code || faults[0].Field != row.field {
			t.Errorf("%s: got %d reports, %v, want %s at %q", row.law, len(got), err, row.code, row.field)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		string(payload(good)),
		string(payload(entry(`"expected_at":"16:31","label":"late"`), good)),
		string(payload(entry(`"expected_at":"2026-10-25T02:30","zone":"Europe/Paris"`))),
		string(payload(entry(`"status":"failed","reason":"absent","precision":"hour"`))),
		string(payload(entry(`"status":"delivered","place":"relay","signed_by":"\ud800"`))),
		`{"events":[{"tracking_number":"1","status":"left","occurred_at":"9999-12-31T23:59:59-14:00","expected_at":"00:00"}]}`,
		`{"events":[{"tracking_number":"1","status":"left","occurred_at":"0001-01-01","expected_at":"23:59"}]}`,
		`{"events":[1e400,null,[[[]]],{}]}`, `[`, `null`, "\xff", "",
	} {
		f.Add([]byte(seed))
	}
	zone := paris(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		reports, err := Parse(raw, zone)
		if len(reports) == 0 && err == nil {
			t.Fatal("neither reports nor an error")
		}
		if err != nil && len(fault.All(err)) == 0 {
			t.Fatalf("an error that is no fault: %v", err)
		}
		for _, r := range reports {
			if why := flaw(r); why != "" {
				t.Fatalf("%s: %+v", why, r)
			}
		}
		if again, _ := Parse(raw, zone); !cmp.Equal(reports, again) {
			t.Fatal("read twice, it says two things")
		}
	})
}

// flaw is what no report of a courier may have.
func flaw(r carrier.Report) string {
	_, status := carrier.StatusOf(string(r.Status))
	_, precision := carrier.PrecisionOf(string(r.Precision))
	all := fmt.Sprint(r.Number, r.Code, r.Label, r.Where)
	switch {
	case r.Number == "" || r.Number != carrier.FoldNumber(r.Number):
		return "a number that is not folded"
	case !status || !precision || r.Source != fact.FromCourier:
		return "a word that is not ours"
	case strings.ToValidUTF8(all, "") != all || strings.Contains(all, "\x00"):
		return "a text no database keeps"
	case !r.At.IsZero() && (r.At < r.Span.From || r.At >= r.Span.Until):
		return "an instant outside its span"
	case !r.Expected.IsZero() && r.Expected < r.At:
		return "expected before it was said"
	}
	return ""
}
