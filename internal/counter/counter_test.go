package counter_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/vault"
	"github.com/promesse-dev/promesse/internal/counter"
	"github.com/promesse-dev/promesse/internal/crew"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
)

func TestAClerkSeesAShortName(t *testing.T) {
	for name, want := range map[string]string{
		"Marie Durand":                     "Marie D.",
		"Jean-Pierre de la Tour":           "Jean-Pierre T.",
		"marie  durand ":                   "marie D.",
		"Durand":                           "D.",
		"Émile Œuvrard":                    "Émile Œ.",
		"":                                 "–",
		"  ":                               "–",
		strings.Repeat("é", 40) + " Zwaan": strings.Repeat("é", 24) + " Z.",
	} {
		if got := counter.Mask(name); got != want {
			t.Errorf("%q is %q, want %q", name, got, want)
		}
	}
}

// Of the last word of a name of several, no more than its first letter is shown.
func TestAShortNameHidesTheLastWord(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		first := rapid.StringMatching(`[a-zA-Zé-]{1,30}`).Draw(t, "first")
		last := rapid.StringMatching(`[a-z]{3,30}`).Draw(t, "last")
		got := counter.Mask(first + " " + last)
		if utf8.RuneCountInString(got) > 24+3 || !strings.HasSuffix(got, " "+strings.ToUpper(last[:1])+".") {
			t.Fatalf("%q", got)
		}
	})
}

func TestAPINIsSixDigitsThatAreNotTriedFirst(t *testing.T) {
	w := flowtest.New(t)
	v, err := vault.New(make([]byte, vault.Size))
	if err != nil {
		t.Fatal(err)
	}
	m := w.Merchant()
	for pin, good := range map[string]bool{
		"271828": true, "112233": true, "123457": true, "27182": false, "2718281": false, "27182a": false, "": false,
		"111111": false, "123456": false, "654321": false, "２７１８２８": false,
	} {
		err := w.Try(m, func(tx *flow.Tx) error {
			return crew.NewRoster(v).SetPIN(tx, m, "clk_00000000000000000000000000", pin)
		})
		if refused := fault.Is(err, "pin_invalid"); refused == good || good && !fault.Is(err, "not_found") {
			t.Errorf("%q: %v", pin, err)
		}
	}
}

func TestOnlyWhatAsksIsNotDone(t *testing.T) {
	for _, o := range []counter.Outcome{counter.Kept, counter.AskDeposit, counter.AskArrival, counter.AskCode} {
		if o.Done() {
			t.Errorf("%s is done", o)
		}
	}
	for _, o := range []counter.Outcome{counter.Foreign, counter.Refused, counter.Deposited, counter.Again, counter.Held, counter.HandedOver} {
		if !o.Done() {
			t.Errorf("%s is not done", o)
		}
	}
}
