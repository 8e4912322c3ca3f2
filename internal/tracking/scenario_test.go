package tracking

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
)

// An event is written as people tell it: a day of March 2026, a time in Paris,
// a status with its place, and what else is to be said:
//
//	"2 14:31 delivered@neighbour trust=claimed"
//	"3 - delivered"                               known to the day
//	"3 14h returning reason=refused"              known to the hour
//	"2099-01-01 10:00 in_transit"
//
// All of it was received at once, on 31 March 2026 at noon, unless received says otherwise.
func scan(t testing.TB, text string) Event {
	t.Helper()
	words := strings.Fields(text)
	if len(words) < 3 {
		t.Fatalf("%q is no event", text)
	}
	status, place, _ := strings.Cut(words[2], "@")
	r := carrier.Report{Number: "A1", Status: fact.Status(status), Place: fact.Place(place), Source: fact.FromCarrier}
	r.At, r.Precision = moment(t, words[0], words[1])
	d := Delivery{Payload: Payload{Connection: "con_a", Trust: fact.TrustSigned}, Raw: "raw_test"}
	from := here
	from.received = civil.At(time.Date(2026, 3, 31, 12, 0, 0, 0, flowtest.Paris))
	for _, w := range words[3:] {
		key, value, _ := strings.Cut(w, "=")
		switch key {
		case "reason":
			r.Reason = fact.Reason(value)
		case "party":
			r.Party = fact.Party(value)
		case "source":
			r.Source = fact.Source(value)
		case "supersedes":
			r.Supersedes = fact.Status(value)
		case "number":
			r.Number = value
		case "trust":
			d.Trust = fact.Trust(value)
		case "received":
			from.received, _ = moment(t, value, "12:00")
		default:
			t.Fatalf("%q: nothing is called %s", text, key)
		}
	}
	return d.event(from, r)
}

func moment(t testing.TB, day, clock string) (civil.Instant, fact.Precision) {
	t.Helper()
	precision := fact.Exact
	switch {
	case clock == "-":
		clock, precision = "00:00", fact.ADay
	case strings.HasSuffix(clock, "h"):
		clock, precision = strings.TrimSuffix(clock, "h")+":00", fact.Hour
	}
	if len(day) <= 2 {
		day = fmt.Sprintf("2026-03-%02s", day)
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", day+" "+clock, flowtest.Paris)
	if err != nil {
		t.Fatal(err)
	}
	return civil.At(at), precision
}

func scans(t testing.TB, texts []string) []Event {
	t.Helper()
	events := make([]Event, len(texts))
	for i, text := range texts {
		events[i] = scan(t, text)
	}
	return events
}

// sum writes clocks the way scenarios expect them: "handed 2 09:00, presented 2 -".
func sum(c fact.Clocks) string {
	var parts []string
	for _, m := range []struct {
		name string
		span fact.Span
	}{{"handed", c.HandedOver}, {"presented", c.Presented}, {"ready", c.Ready}, {"in hand", c.InHand}, {"closed", c.Closed}} {
		if m.span.Known() {
			parts = append(parts, m.name+" "+spell(m.span))
		}
	}
	return strings.Join(parts, ", ")
}

func spell(s fact.Span) string {
	from := s.From.In(flowtest.Paris)
	switch s.Until.Sub(s.From) {
	case time.Microsecond:
		return from.Format("2 15:04")
	case time.Hour:
		return from.Format("2 15h")
	default:
		return from.Format("2 -")
	}
}

// permutations calls fn with every order of 0…n-1.
func permutations(n int, fn func(order []int)) {
	order := make([]int, 0, n)
	var extend func()
	extend = func() {
		if len(order) == n {
			fn(order)
			return
		}
		for i := range n {
			if !slices.Contains(order, i) {
				order = append(order, i)
				extend()
				order = order[:len(order)-1]
			}
		}
	}
	extend()
}
