package simulated

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

func TestParse(t *testing.T) {
	raw := `{"sent_by": {"robot": 7}, "events": [{
		"tracking_number": " sim 0001 ", "status": "Delivered", "label": "Remis au voisin",
		"reason": "missort", "place": "neighbour", "party": "carrier", "source": "courier",
		"occurred_at": "2026-03-02T14:31:05.25+01:00", "location": "Lyon", "expected_at": "2026-03-02T16:31+01:00", "supersedes": "lost", "colour": "red"
	}, {
		"tracking_number": "SIM0002", "code": "X99", "occurred_at": "2026-03-02"
	}]}`
	got, err := Parse([]byte(raw), paris(t))
	if err != nil {
		t.Fatal(err)
	}
	at, day := instant(t, "2026-03-02T13:31:05.25Z"), instant(t, "2026-03-01T23:00:00Z")
	want := []carrier.Report{{
		Number: "SIM0001", Status: fact.Delivered, Label: "Remis au voisin",
		Reason: fact.ReasonMisrouted, Place: fact.Neighbour, Party: fact.ByCarrier, Source: fact.FromCourier,
		At: at, Precision: fact.Exact, Span: fact.Span{From: at, Until: at + 1}, Where: "Lyon", Supersedes: fact.Lost,
		Expected: instant(t, "2026-03-02T15:31:00Z"),
	}, {
		Number: "SIM0002", Code: "X99", Status: fact.Unknown, Source: fact.FromCarrier,
		At: day, Precision: fact.ADay, Span: fact.Span{From: day, Until: day.Add(24 * time.Hour)},
	}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestStatusOrCode(t *testing.T) {
	for _, row := range []struct{ law, fields, status string }{
		{"a status", `"status":"in_transit"`, "in_transit"},
		{"a code in our own words is one", `"code":"IN_TRANSIT"`, "in_transit"},
		{"the status wins over the code", `"status":"lost","code":"in_transit"`, "lost"},
		{"a code nobody knows is kept, as unknown", `"code":"Z1"`, "unknown"},
		{"unknown may be said", `"status":"unknown"`, "unknown"},
		{"nulls say nothing", `"status":null,"code":"Z1","reason":null`, "unknown"},
	} {
		got, err := Parse([]byte(`{"events":[{"tracking_number":"1","occurred_at":"2026-03-02T10:00:00Z",`+row.fields+`}]}`), time.UTC)
		if err != nil || len(got) != 1 || string(got[0].Status) != row.status {
			t.Errorf("%s: %v, %v", row.law, got, err)
		}
	}
}

func TestInstants(t *testing.T) {
	for _, row := range []struct {
		law, fields string
		precision   fact.Precision
		from, until string
	}{
		{"an offset says where", `"occurred_at":"2026-07-01T10:00:00+09:00"`, fact.Exact, "2026-07-01T01:00:00Z", ""},
		{"Z", `"occurred_at":"2026-07-01T10:00:00Z"`, fact.Exact, "2026-07-01T10:00:00Z", ""},
		{"no offset: the connection's zone, in summer", `"occurred_at":"2026-07-01T10:00:00"`, fact.Exact, "2026-07-01T08:00:00Z", ""},
		{"no offset: the connection's zone, in winter", `"occurred_at":"2026-01-01T10:00:00"`, fact.Exact, "2026-01-01T09:00:00Z", ""},
		{"no offset, but a zone", `"occurred_at":"2026-07-01T10:00:00","zone":"Asia/Tokyo"`, fact.Exact, "2026-07-01T01:00:00Z", ""},
		{"no seconds: to the minute", `"occurred_at":"2026-07-01T10:00"`, fact.Minute, "2026-07-01T08:00:00Z", "2026-07-01T08:01:00Z"},
		{"no seconds, with an offset", `"occurred_at":"2026-07-01T10:00Z"`, fact.Minute, "2026-07-01T10:00:00Z", "2026-07-01T10:01:00Z"},
		{"a space for the T, small letters", `"occurred_at":"2026-07-01 10:00:00z"`, fact.Exact, "2026-07-01T10:00:00Z", ""},
		{"a day is that whole day", `"occurred_at":"2026-03-02"`, fact.ADay, "2026-03-01T23:00:00Z", "2026-03-02T23:00:00Z"},
		{"the day the clocks go forward has 23 hours", `"occurred_at":"2026-03-29"`, fact.ADay, "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"},
		{"known to the hour, said so", `"occurred_at":"2026-07-01T10:42:17","precision":"hour"`, fact.Hour, "2026-07-01T08:00:00Z", "2026-07-01T09:00:00Z"},
		{"a day said to be exact is still a day", `"occurred_at":"2026-03-02","precision":"exact"`, fact.ADay, "2026-03-01T23:00:00Z", "2026-03-02T23:00:00Z"},
		{"known to the day: the day of the offset, not of the zone", `"occurred_at":"2026-03-02T00:30:00+02:00","precision":"day"`, fact.ADay, "2026-03-01T22:00:00Z", "2026-03-02T22:00:00Z"},
		{"known to the day, in a zone said", `"occurred_at":"2026-03-02T00:30:00+02:00","precision":"day","zone":"Europe/Paris"`, fact.ADay, "2026-02-28T23:00:00Z", "2026-03-01T23:00:00Z"},
		{"02:30 when the clocks go back may be either: the first, to the end of the second", `"occurred_at":"2026-10-25T02:30"`, fact.Minute, "2026-10-25T00:30:00Z", "2026-10-25T01:31:00Z"},
		{"01:30 when New York's do", `"occurred_at":"2026-11-01T01:30","zone":"America/New_York"`, fact.Minute, "2026-11-01T05:30:00Z", "2026-11-01T06:31:00Z"},
		{"with an offset it is one", `"occurred_at":"2026-10-25T02:30+01:00"`, fact.Minute, "2026-10-25T01:30:00Z", "2026-10-25T01:31:00Z"},
		{"the year 1970 is no error here", `"occurred_at":"1970-01-02T00:00:00Z"`, fact.Exact, "1970-01-02T00:00:00Z", ""},
		{"nor is 2099", `"occurred_at":"2099-12-31"`, fact.ADay, "2099-12-30T23:00:00Z", "2099-12-31T23:00:00Z"},
	} {
		got, err := Parse([]byte(`{"events":[{"tracking_number":"1","status":"in_transit",`+row.fields+`}]}`), paris(t))
		if err != nil || len(got) != 1 {
			t.Errorf("%s: %v, %v", row.law, got, err)
			continue
		}
		until := instant(t, row.from) + 1
		if row.until != "" {
			until = instant(t, row.until)
		}
		r := got[0]
		if r.Precision != row.precision || r.Span.From != instant(t, row.from) || r.Span.Until != until {
			t.Errorf("%s: %s from %s until %s", row.law, r.Precision, r.Span.From, r.Span.Until)
		}
		if r.At < r.Span.From || r.At >= r.Span.Until {
			t.Errorf("%s: %s is outside its own span", row.law, r.At)
		}
	}
}

const good = `{"tracking_number":"GOOD","status":"in_transit","occurred_at":"2026-03-02T10:00:00Z"}`

func event(fields string) string {
	return `{"tracking_number":"BAD","status":"in_transit","occurred_at":"2026-03-02T10:00:00Z",` + fields + `}`
}

// A bad event among good ones: the good ones are read, the bad one is named.
func TestOneBadEvent(t *testing.T) {
	for _, row := range []struct{ law, event, code, field string }{
		{"no number", `{"status":"lost","occurred_at":"2026-03-02"}`, "field_required", "events[1].tracking_number"},
		{"a number of hyphens", event(`"tracking_number":" -- "`), "field_required", "events[1].tracking_number"},
		{"a number as a number", event(`"tracking_number":17`), "text_expected", "events[1].tracking_number"},
		{"a number without end", event(`"tracking_number":"` + strings.Repeat("1", 65) + `"`), "field_too_long", "events[1].tracking_number"},
		{"neither status nor code", `{"tracking_number":"BAD","occurred_at":"2026-03-02"}`, "field_required", "events[1].status"},
		{"a status that is none", event(`"status":"shipped"`), "unknown_status", "events[1].status"},
		{"a status as a list", event(`"status":["lost"]`), "text_expected", "events[1].status"},
		{"a reason that is none", event(`"reason":"moon"`), "unknown_value", "events[1].reason"},
		{"a place that is none", event(`"place":"moon"`), "unknown_value", "events[1].place"},
		{"a party that is none", event(`"party":"moon"`), "unknown_value", "events[1].party"},
		{"a source that is none", event(`"source":"moon"`), "unknown_value", "events[1].source"},
		{"a precision that is none", event(`"precision":"week"`), "unknown_value", "events[1].precision"},
		{"a correction of what is no status", event(`"supersedes":"shipped"`), "unknown_status", "events[1].supersedes"},
		{"no instant", `{"tracking_number":"BAD","status":"lost"}`, "field_required", "events[1].occurred_at"},
		{"30 February", event(`"occurred_at":"2026-02-30"`), "instant_invalid", "events[1].occurred_at"},
		{"a French date", event(`"occurred_at":"02/03/2026 10:00"`), "instant_invalid", "events[1].occurred_at"},
		{"25 o'clock", event(`"occurred_at":"2026-03-02T25:00:00Z"`), "instant_invalid", "events[1].occurred_at"},
		{"the year 0", event(`"occurred_at":"0000-01-01T00:00:00Z"`), "instant_invalid", "events[1].occurred_at"},
		{"an instant as a number", event(`"occurred_at":1772442000`), "text_expected", "events[1].occurred_at"},
		{"a zone that is none", event(`"zone":"Paris"`), "unknown_zone", "events[1].zone"},
		{"a zone out of the file system", event(`"zone":"../../etc/passwd"`), "unknown_zone", "events[1].zone"},
		{"expected at no instant", event(`"expected_at":"soon"`), "instant_invalid", "events[1].expected_at"},
		{"expected before it was said", event(`"expected_at":"2026-03-02T09:59:59Z"`), "expected_before_event", "events[1].expected_at"},
		{"an event that is a text", `"delivered"`, "object_expected", "events[1]"},
		{"an event that is nothing", `null`, "object_expected", "events[1]"},
		{"an event that is a list", `[]`, "object_expected", "events[1]"},
	} {
		got, err := Parse([]byte(`{"events":[`+good+`,`+row.event+`,`+good+`]}`), time.UTC)
		faults := fault.All(err)
		if len(faults) != 1 || faults[0].Code != row.code || faults[0].Field != row.field {
			t.Errorf("%s: got %v, want %s at %s", row.law, err, row.code, row.field)
		}
		if len(got) != 2 || got[0].Number != "GOOD" || got[1].Number != "GOOD" {
			t.Errorf("%s: the good events became %v", row.law, got)
		}
	}
}

func TestAllThatIsWrongWithAnEventIsTold(t *testing.T) {
	_, err := Parse([]byte(`{"events":[{"status":"shipped","place":"moon","occurred_at":"soon"}]}`), time.UTC)
	var told []string
	for _, f := range fault.All(err) {
		told = append(told, f.Field+" "+f.Code)
	}
	want := []string{
		"events[0].place unknown_value", "events[0].tracking_number field_required",
		"events[0].status unknown_status", "events[0].occurred_at instant_invalid",
	}
	if d := cmp.Diff(want, told); d != "" {
		t.Error(d)
	}
}

// A long or strange sentence is no reason to lose an event.
func TestTextForPeopleIsKeptAsFarAsItCanBe(t *testing.T) {
	got, err := Parse([]byte(`{"events":[`+event(`"label":"`+strings.Repeat("é", 900)+`","location":"Ly\u0000on \ud800"`)+`]}`), time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	if label := []rune(got[0].Label); len(label) != 500 || label[499] != '…' {
		t.Errorf("the label has %d characters", len(label))
	}
	if got[0].Where != "Lyon \ufffd" {
		t.Errorf("the location became %q", got[0].Where)
	}
}

func TestBadPayloads(t *testing.T) {
	many := strings.TrimSuffix(strings.Repeat(good+",", MaxEvents+1), ",")
	for _, row := range []struct{ law, raw, code, field string }{
		{"nothing", ``, "invalid_json", ""},
		{"half a payload", `{"events":[`, "invalid_json", ""},
		{"two payloads", `{"events":[` + good + `]} {}`, "invalid_json", ""},
		{"no number there is", `{"events":[NaN]}`, "invalid_json", ""},
		{"XML", `<events/>`, "invalid_json", ""},
		{"a list", `[` + good + `]`, "object_expected", "body"},
		{"null", `null`, "field_required", "events"},
		{"no events", `{}`, "field_required", "events"},
		{"no event", `{"events":[]}`, "field_required", "events"},
		{"events that are none", `{"events":{"0":1}}`, "list_expected", "events"},
		{"Latin-1", "{\"events\":[{\"label\":\"Livr\xe9\"}]}", "invalid_utf8", "body"},
		{"deeper than anybody means", `{"events":` + strings.Repeat("[", 17) + strings.Repeat("]", 17) + `}`, "json_too_deep", ""},
		{"deep enough to fell a parser", strings.Repeat("[", 200_000), "json_too_deep", ""},
		{"more events than one transaction should carry", `{"events":[` + many + `]}`, "too_many_events", "events"},
		{"more than a MiB", strings.Repeat(" ", MaxBytes+1), "body_too_large", ""},
	} {
		got, err := Parse([]byte(row.raw), time.UTC)
		faults := fault.All(err)
		if len(got) != 0 || len(faults) != 1 || faults[0].Code != row.code || faults[0].Field != row.field {
			t.Errorf("%s: got %d reports, %v, want %s at %q", row.law, len(got), err, row.code, row.field)
		}
	}
}

func TestGoodPayloadsOfUnusualForm(t *testing.T) {
	most := strings.TrimSuffix(strings.Repeat(good+",", MaxEvents), ",")
	for _, row := range []struct {
		law, raw string
		events   int
	}{
		{"a mark of byte order", "\ufeff" + `{"events":[` + good + `]}`, 1},
		{"brackets and quotes inside a text", `{"events":[` + event(`"label":"[[[[[[[[[[[[[[[[[[ \" \\\\"`) + `]}`, 1},
		{"a key twice: the last counts", `{"events":[` + event(`"status":"shipped","status":"lost"`) + `]}`, 1},
		{"keys in another case are other keys", `{"EVENTS":1,"events":[` + event(`"Status":"shipped"`) + `]}`, 1},
		{"as many events as may be", `{"events":[` + most + `]}`, MaxEvents},
	} {
		if got, err := Parse([]byte(row.raw), time.UTC); err != nil || len(got) != row.events {
			t.Errorf("%s: %d reports, %v", row.law, len(got), err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		`{"events":[` + good + `]}`,
		`{"events":[` + event(`"place":"relay","precision":"hour","zone":"Europe/Paris","supersedes":"lost"`) + `,` + good + `]}`,
		`{"events":[{"tracking_number":"1","code":"Z\u0000\ud8001","occurred_at":"2026-10-25T02:30"}]}`,
		`{"events":[{"tracking_number":"1","status":"lost","occurred_at":"1970-01-01"}]}`,
		`{"events":[{"tracking_number":"1","status":"lost","occurred_at":"9999-12-31T23:59:59-14:00"}]}`,
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

// flaw is what no report may have.
func flaw(r carrier.Report) string {
	_, status := carrier.StatusOf(string(r.Status))
	_, source := carrier.SourceOf(string(r.Source))
	_, precision := carrier.PrecisionOf(string(r.Precision))
	switch all := fmt.Sprint(r.Number, r.Code, r.Label, r.Where); {
	case r.Number == "" || r.Number != carrier.FoldNumber(r.Number):
		return "a number that is not folded"
	case !status || !source || !precision:
		return "a word that is not ours"
	case strings.ToValidUTF8(all, "") != all || strings.Contains(all, "\x00"):
		return "a text no database keeps"
	case !r.At.IsZero() && (r.At < r.Span.From || r.At >= r.Span.Until):
		return "an instant outside its span"
	}
	return ""
}
