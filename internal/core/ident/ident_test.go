package ident_test

import (
	"crypto/rand"
	"slices"
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
)

func TestIdsSortAsTheyWereMade(t *testing.T) {
	var made []string
	for _, now := range []civil.Instant{1_700_000_000_000_000, 1_700_000_000_000_001, 1_900_000_000_000_000} {
		m := ident.NewMint(now, 0, rand.Reader)
		for range 5000 {
			made = append(made, string(ident.New[ident.Order](m)))
		}
		if m.Sequence() != 5000 {
			t.Errorf("sequence %d", m.Sequence())
		}
	}
	if !slices.IsSorted(made) || len(slices.Compact(made)) != 15000 {
		t.Error("ids are out of order, or made twice")
	}
}

func TestAnIdIsOfItsNoun(t *testing.T) {
	id := string(ident.New[ident.Order](ident.NewMint(1, 0, rand.Reader)))
	if !ident.Valid[ident.Order](id) || ident.Valid[ident.Parcel](id) {
		t.Errorf("%s", id)
	}
	for _, bad := range []string{"", "ord_", "ord_short", id + "0", strings.ToUpper(id), "ord_" + strings.Repeat("u", 26)} {
		if ident.Valid[ident.Order](bad) {
			t.Errorf("%q is called an order's id", bad)
		}
	}
}

func TestSecretsAreLongAndNeverTheSame(t *testing.T) {
	m := ident.NewMint(1, 0, rand.Reader)
	links, secrets := map[ident.Link]bool{}, map[string]bool{}
	for range 1000 {
		links[ident.NewLink(m)], secrets[ident.NewSecret(m, "sk")] = true, true
	}
	if len(links) != 1000 || len(secrets) != 1000 {
		t.Error("a secret was made twice")
	}
	for l := range links {
		if len(l) != 22 || len(ident.Hash(string(l))) != 64 {
			t.Fatalf("link %q", l)
		}
	}
	for s := range secrets {
		if !strings.HasPrefix(s, "sk_") || len(s) != 3+43 {
			t.Fatalf("secret %q", s)
		}
	}
}
