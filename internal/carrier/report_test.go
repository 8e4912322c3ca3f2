package carrier_test

import (
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/fact"
)

func TestFoldNumber(t *testing.T) {
	for _, row := range []struct{ law, written, folded string }{
		{"capitals", "6a12345", "6A12345"},
		{"spaces of all kinds", " 6A 123\u00a045\t", "6A12345"},
		{"hyphens and dots", "6A-123.45", "6A12345"},
		{"a mark of byte order, pasted along", "\ufeff6A12345", "6A12345"},
		{"nothing", " - ", ""},
	} {
		if got := carrier.FoldNumber(row.written); got != row.folded {
			t.Errorf("%s: %q became %q", row.law, row.written, got)
		}
	}
}

func TestRegistryParses(t *testing.T) {
	echo := func(raw []byte, _ *time.Location) ([]carrier.Report, error) {
		return []carrier.Report{{Number: string(raw)}}, nil
	}
	r := carrier.Registry{"echo": echo}
	if got, err := r.Parse("echo", []byte("1"), time.UTC); err != nil || len(got) != 1 || got[0].Number != "1" {
		t.Errorf("got %v, %v", got, err)
	}
	if _, err := r.Parse("fax", nil, time.UTC); !fault.Is(err, "unknown_adapter") {
		t.Errorf("an adapter nobody has: %v", err)
	}
}

func TestWords(t *testing.T) {
	if r, ok := carrier.ReasonOf("missort"); !ok || r != fact.ReasonMisrouted {
		t.Errorf("missort is %q, %v", r, ok)
	}
	every(t, fact.Statuses, carrier.StatusOf)
	every(t, fact.Reasons, carrier.ReasonOf)
	every(t, fact.Places, carrier.PlaceOf)
	every(t, fact.Parties, carrier.PartyOf)
	every(t, fact.Sources, carrier.SourceOf)
	if len(fact.Statuses) != 18 {
		t.Errorf("%d statuses", len(fact.Statuses))
	}
	if _, ok := carrier.StatusOf("shipped"); ok {
		t.Error("shipped is no status of ours")
	}
	if _, ok := carrier.PrecisionOf("week"); ok {
		t.Error("week is no precision of ours")
	}
}

func every[T ~string](t *testing.T, words []T, find func(string) (T, bool)) {
	t.Helper()
	for _, w := range words {
		if got, ok := find(string(w)); !ok || got != w {
			t.Errorf("%q is %q, %v", w, got, ok)
		}
	}
	if got, ok := find("moon"); ok {
		t.Errorf("moon is %q", got)
	}
}

func TestCollected(t *testing.T) {
	for _, m := range carrier.Modes {
		if got, want := m.Collected(), m == carrier.Relay || m == carrier.Locker || m == carrier.Store; got != want {
			t.Errorf("%s: %v", m, got)
		}
	}
}

func TestSpanOf(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	at := october5.Start(paris).Add(14*time.Hour + 20*time.Minute + 30*time.Second)
	for p, want := range map[fact.Precision]time.Duration{
		fact.Exact: time.Microsecond, fact.Minute: time.Minute, fact.Hour: time.Hour, fact.ADay: 24 * time.Hour,
	} {
		s := carrier.SpanOf(at, p, paris)
		if s.Until.Sub(s.From) != want || at < s.From || at >= s.Until {
			t.Errorf("%s: from %s until %s", p, s.From, s.Until)
		}
	}
}
