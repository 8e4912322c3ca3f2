package ics

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/promesse-dev/promesse/internal/core/civil"
)

func at(text string) civil.Instant {
	i, err := civil.ParseInstant(text)
	if err != nil {
		panic(err)
	}
	return i
}

// read takes a file apart as RFC 5545 says a reader does: lines unfolded, names
// with their parameters, texts unescaped.
func read(t interface{ Fatalf(string, ...any) }, file string) map[string]string {
	if !strings.HasSuffix(file, "\r\n") || strings.Contains(strings.ReplaceAll(file, "\r\n", ""), "\n") {
		t.Fatalf("a line does not end with CRLF: %q", file)
	}
	for line := range strings.SplitSeq(strings.TrimSuffix(file, "\r\n"), "\r\n") {
		if len(line) > 75 || !utf8.ValidString(line) {
			t.Fatalf("a line of %d bytes, or a broken character: %q", len(line), line)
		}
	}
	fields := map[string]string{}
	for line := range strings.SplitSeq(strings.TrimSuffix(strings.ReplaceAll(file, "\r\n ", ""), "\r\n"), "\r\n") {
		name, value, ok := strings.Cut(line, ":")
		if !ok {
			t.Fatalf("a line without a name: %q", line)
		}
		fields[name] += strings.NewReplacer(`\\`, `\`, `\;`, ";", `\,`, ",", `\n`, "\n").Replace(value)
	}
	return fields
}

func TestAnAppointmentAsCalendarsReadIt(t *testing.T) {
	stamp := at("2026-03-02T08:00:00Z")
	for _, c := range []struct {
		law  string
		e    Event
		want map[string]string
	}{
		{
			"a whole day is a day wherever it is read, and ends on the next",
			Event{UID: "ord_1@suivi.example", Stamp: stamp, Day: civil.Date(2026, 3, 31), Summary: "Livraison"},
			map[string]string{"DTSTART;VALUE=DATE": "20260331", "DTEND;VALUE=DATE": "20260401", "SEQUENCE": "0", "STATUS": "CONFIRMED", "DTSTAMP": "20260302T080000Z"},
		},
		{
			"a slot in Paris the day the clocks change is written in UTC",
			Event{UID: "x", Stamp: stamp, Day: civil.NoDay, From: at("2026-03-29T14:00:00+02:00"), Until: at("2026-03-29T16:00:00+02:00"), Summary: "Livraison"},
			map[string]string{"DTSTART": "20260329T120000Z", "DTEND": "20260329T140000Z"},
		},
		{
			"an order taken back",
			Event{UID: "x", Sequence: 3, Stamp: stamp, Day: civil.Date(2026, 3, 3), Summary: "Livraison", Cancelled: true},
			map[string]string{"STATUS": "CANCELLED", "SEQUENCE": "3", "METHOD": "PUBLISH"},
		},
		{
			"a shop's name with all that calendars mean something by",
			Event{UID: "x", Stamp: stamp, Day: civil.Date(2026, 3, 3), Summary: `Chez "Pâtes; riz, \etc"` + "\r\nBEGIN:VALARM", Description: "a\nb\x00\x1bc"},
			map[string]string{"SUMMARY": `Chez "Pâtes; riz, \etc"` + "\nBEGIN:VALARM", "DESCRIPTION": "a\nbc", "BEGIN": "VCALENDARVEVENT"},
		},
	} {
		got := read(t, c.e.String())
		for name, want := range c.want {
			if got[name] != want {
				t.Errorf("%s: %s is %q, want %q", c.law, name, got[name], want)
			}
		}
	}
}

// Whatever a text holds, it comes back, and the file stays one event.
func TestAnyTextIsFoldedWithoutHarm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringN(0, 300, -1).Draw(t, "text")
		clean := strings.Map(func(r rune) rune {
			if r < ' ' && r != '\t' || r == 0x7f {
				return -1
			}
			return r
		}, strings.ToValidUTF8(text, ""))
		e := Event{UID: "x", Stamp: civil.At(time.Unix(0, 0).Add(time.Second)), Day: civil.Date(2026, 3, 3), Summary: clean}
		got := read(t, e.String())
		if got["SUMMARY"] != clean || got["BEGIN"] != "VCALENDARVEVENT" || got["END"] != "VEVENTVCALENDAR" {
			t.Fatalf("%q became %q", clean, got["SUMMARY"])
		}
	})
}
