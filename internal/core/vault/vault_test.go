package vault

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/core/fault"
)

func open(t *testing.T, fill byte) *Vault {
	t.Helper()
	v, err := New(bytes.Repeat([]byte{fill}, Size))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestTokensCanBeReadButNotChanged(t *testing.T) {
	v := open(t, 1)
	good := v.Sign("quote", []byte(`{"until":"tomorrow"}`))
	for name, c := range map[string]struct {
		vault   *Vault
		purpose string
		token   string
		code    string
	}{
		"as signed":                    {v, "quote", good, ""},
		"another payload, same mac":    {v, "quote", "e30." + strings.SplitN(good, ".", 2)[1], "token_altered"},
		"for another purpose":          {v, "login", good, "token_altered"},
		"by another installation":      {open(t, 2), "quote", good, "token_altered"},
		"cut short":                    {v, "quote", good[:len(good)-1], "token_altered"},
		"without its mac":              {v, "quote", strings.SplitN(good, ".", 2)[0], "token_invalid"},
		"not base64":                   {v, "quote", "é.é", "token_invalid"},
		"nothing":                      {v, "quote", "", "token_invalid"},
		"last bits of base64 not zero": {v, "quote", good[:len(good)-1] + string(good[len(good)-1]+1), "token_altered"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := c.vault.Open(c.purpose, c.token)
			if c.code == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			if !fault.Is(err, c.code) && !fault.Is(err, "token_invalid") {
				t.Fatalf("got %v, want %s", err, c.code)
			}
		})
	}
}

func TestLinksAreTheSameEachTimeAndNowhereElse(t *testing.T) {
	v := open(t, 1)
	if again := open(t, 1); v.Link("order", "ord_1") != again.Link("order", "ord_1") {
		t.Error("a link must be computable again")
	}
	seen := map[string]bool{}
	for _, l := range []string{
		string(v.Link("order", "ord_1")), string(v.Link("order", "ord_2")),
		string(v.Link("person", "ord_1")), string(open(t, 2).Link("order", "ord_1")),
	} {
		if seen[l] || len(l) != 22 {
			t.Errorf("link %q: want 22 characters, and each its own", l)
		}
		seen[l] = true
	}
}

func TestSealsOpenOnlyForTheirPurpose(t *testing.T) {
	v := open(t, 1)
	sealed := v.Seal("answer", bytes.Repeat([]byte{9}, 12), []byte("secret link"))
	if bytes.Contains(sealed, []byte("secret")) {
		t.Error("the text shows through")
	}
	if text, err := v.Unseal("answer", sealed); err != nil || string(text) != "secret link" {
		t.Errorf("unseal: %q, %v", text, err)
	}
	sealed[len(sealed)-1] ^= 1
	for name, bad := range map[string][]byte{"changed": sealed, "short": sealed[:5], "empty": nil} {
		if _, err := v.Unseal("answer", bad); err == nil {
			t.Errorf("%s: opened", name)
		}
	}
	if _, err := v.Unseal("other", v.Seal("answer", bytes.Repeat([]byte{9}, 12), []byte("x"))); err == nil {
		t.Error("another purpose opened it")
	}
}

func TestMasterKeyFiles(t *testing.T) {
	for _, c := range []struct {
		text string
		ok   bool
	}{
		{strings.Repeat("0a", 32) + "\n", true},
		{strings.Repeat("0a", 31), false},
		{"not hexadecimal", false},
		{"", false},
	} {
		if _, err := Parse([]byte(c.text)); (err == nil) != c.ok {
			t.Errorf("%q: %v", c.text, err)
		}
	}
}

// Codes that people were given open later, whatever becomes of the program.
func TestDigitsStayTheSame(t *testing.T) {
	v := open(t, 7)
	got := []string{v.Digits("counter-code", "hld_1/1"), v.Digits("counter-code", "hld_1/2"), v.Digits("round-code", "stp_1"), open(t, 8).Digits("round-code", "stp_1")}
	want := []string{"277214", "531440", "752715", "818430"}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}
