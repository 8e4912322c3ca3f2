package promise

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/core/vault"
)

func keys(t testing.TB, master byte) *vault.Vault {
	t.Helper()
	key := make([]byte, vault.Size)
	key[0] = master
	v, err := vault.New(key)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func shown() Promised {
	return Promised{
		Quote: "quo_1", Merchant: "mer_1", Service: "srv_1", Stock: "stk_1", Collect: true, Point: "pnt_1",
		From: local("2026-03-10 00:00"), Until: local("2026-03-11 00:00"), Zone: "Europe/Paris",
		HandoverBy: local("2026-03-07 00:00"), Grace: 12 * time.Hour, Confidence: 0.9625, Basis: BasisOwn, Price: money.Of(590, money.EUR),
		Country: "FR", Postcode: "69002", Basket: "b1", Shown: "Livré mardi 10 mars « chez vous »", Locale: lang.French,
		Expires: local("2026-03-02 16:00"),
	}
}

func TestATokenCarriesWhatWasShown(t *testing.T) {
	v := keys(t, 1)
	token, err := Sign(v, shown())
	if err != nil {
		t.Fatal(err)
	}
	got, err := Open(v, token)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(shown(), got); d != "" {
		t.Error(d)
	}
}

func TestAnAlteredTokenIsRefused(t *testing.T) {
	v := keys(t, 1)
	token, err := Sign(v, shown())
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		at := rapid.IntRange(0, len(token)-1).Draw(t, "at")
		c := rapid.ByteRange(' ', '~').Draw(t, "byte")
		altered := token[:at] + string(c) + token[at+1:]
		if altered == token {
			return
		}
		if _, err := Open(v, altered); !fault.Is(err, "token_altered") && !fault.Is(err, "token_invalid") {
			t.Fatalf("byte %d made %q: %v", at, c, err)
		}
	})
}

func TestForeignTokensAreRefused(t *testing.T) {
	v := keys(t, 1)
	other, err := Sign(keys(t, 2), shown())
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ law, token, code string }{
		{"of another installation", other, "token_altered"},
		{"of another purpose", v.Sign("order", []byte(`{"v":1}`)), "token_altered"},
		{"of a later version", v.Sign("quote", []byte(`{"v":2}`)), "token_invalid"},
		{"signed, and no JSON", v.Sign("quote", []byte("quote")), "token_invalid"},
		{"empty", "", "token_invalid"},
		{"of half a megabyte", strings.Repeat("A", 1<<19), "token_invalid"},
	}
	for _, tt := range tests {
		if _, err := Open(v, tt.token); !fault.Is(err, tt.code) {
			t.Errorf("%s: %v", tt.law, err)
		}
	}
}

func TestCheckHoldsTheOrderAgainstItsToken(t *testing.T) {
	right := Asked{Merchant: "mer_1", Country: "FR", Postcode: "69002", Basket: "b1", Point: "pnt_1"}
	tests := []struct {
		law   string
		now   string
		asked func(*Asked)
		code  string
		what  any
	}{
		{"as quoted, in time", "2026-03-02 15:59:59", func(*Asked) {}, "", nil},
		{"at the instant it expires", "2026-03-02 16:00", func(*Asked) {}, "token_expired", nil},
		{"another merchant's", "2026-03-02 15:00", func(a *Asked) { a.Merchant = "mer_2" }, "token_mismatch", "merchant"},
		{"to another country", "2026-03-02 15:00", func(a *Asked) { a.Country = "BE" }, "token_mismatch", "country"},
		{"to another postcode", "2026-03-02 15:00", func(a *Asked) { a.Postcode = "69003" }, "token_mismatch", "postcode"},
		{"to another point than was shown", "2026-03-02 15:00", func(a *Asked) { a.Point = "pnt_2" }, "token_mismatch", "point"},
		{"with another basket", "2026-03-02 15:00", func(a *Asked) { a.Basket = "b2" }, "token_mismatch", "basket"},
	}
	for _, tt := range tests {
		a := right
		tt.asked(&a)
		err := Check(shown(), a, local(tt.now))
		if tt.code == "" {
			if err != nil {
				t.Errorf("%s: %v", tt.law, err)
			}
			continue
		}
		if !fault.Is(err, tt.code) || fault.All(err)[0].Args["what"] != tt.what {
			t.Errorf("%s: %v", tt.law, err)
		}
	}
}

func TestHowLongAQuoteLives(t *testing.T) {
	now := local("2026-03-02 10:00")
	tests := []struct{ law, before, want string }{
		{"half an hour, when the cut-off is near", "2026-03-02 10:05", "2026-03-02 10:30"},
		{"until the cut-off, when that is later", "2026-03-02 16:00", "2026-03-02 16:00"},
		{"a day at most", "2026-03-05 16:00", "2026-03-03 10:00"},
	}
	for _, tt := range tests {
		if got := Life(now, local(tt.before)); got != local(tt.want) {
			t.Errorf("%s: %v", tt.law, got)
		}
	}
	if got := Life(now, civil.Instant(0)); got != now.Add(30*time.Minute) {
		t.Errorf("no cut-off at all: %v", got)
	}
}

func TestABasketIsItsContents(t *testing.T) {
	oil, rice := Item{"oil", 2, 900}, Item{"rice", 1, 500}
	if BasketHash([]Item{oil, rice}) != BasketHash([]Item{rice, {"oil", 1, 900}, {"oil", 1, 900}}) {
		t.Error("the order of lines matters")
	}
	for _, other := range [][]Item{
		{oil}, {oil, oil, rice}, {{"oil", 2, 901}, rice}, {{"oi", 2, 900}, rice}, nil, {{"oil 2 900\nrice", 1, 500}},
	} {
		if BasketHash(other) == BasketHash([]Item{oil, rice}) {
			t.Errorf("%v passes for another basket", other)
		}
	}
}
