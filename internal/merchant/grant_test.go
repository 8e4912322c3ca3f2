package merchant_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
)

func grant(w *flowtest.World, grantor, grantee ident.Merchant, scope merchant.Scope) (id ident.Grant, err error) {
	err = w.Try(grantor, func(tx *flow.Tx) (err error) {
		id, err = merchant.Grant(tx, grantor, grantee, scope)
		return err
	})
	return id, err
}

func grantors(w *flowtest.World, grantee ident.Merchant, scope merchant.Scope) (ms []ident.Merchant) {
	w.T.Helper()
	w.See(func(tx *db.Tx) (err error) {
		ms, err = merchant.Grantors(tx, grantee, scope)
		return err
	})
	return ms
}

// TestEveryWayToReadOfAnotherIsNamed is the list of cross-merchant reads. A
// change here is a change of who can read whom.
func TestEveryWayToReadOfAnotherIsNamed(t *testing.T) {
	want := []merchant.Scope{"pool_history", "read_reports", "answer_desk"}
	if diff := cmp.Diff(want, merchant.Scopes()); diff != "" {
		t.Errorf("scopes changed (-want +got):\n%s", diff)
	}
}

func TestARightIsHeldFromGrantToRevocation(t *testing.T) {
	w := flowtest.New(t)
	pool := opened(w, network()).ID
	first, second := opened(w, grocer()).ID, opened(w, grocer()).ID
	id, err := grant(w, first, pool, merchant.PoolHistory)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := grant(w, second, pool, merchant.PoolHistory); err != nil {
		t.Fatal(err)
	}
	if again, err := grant(w, first, pool, merchant.PoolHistory); err != nil || again != id {
		t.Errorf("granting again: %s, %v; want %s", again, err, id)
	}
	if diff := cmp.Diff([]ident.Merchant{first, second}, grantors(w, pool, merchant.PoolHistory)); diff != "" {
		t.Errorf("grantors (-want +got):\n%s", diff)
	}
	w.See(func(tx *db.Tx) error {
		got, err := merchant.Grantees(tx, first, merchant.PoolHistory)
		if diff := cmp.Diff([]ident.Merchant{pool}, got); diff != "" {
			t.Errorf("grantees (-want +got):\n%s", diff)
		}
		none, _ := merchant.Grantees(tx, first, merchant.ReadReportsOf)
		if len(none) > 0 {
			t.Errorf("grantees of another scope: %v", none)
		}
		return err
	})
	if got := grantors(w, pool, merchant.ReadReportsOf); len(got) > 0 {
		t.Errorf("one scope gave another to %v", got)
	}

	err = w.Try(second, func(tx *flow.Tx) error { return merchant.RevokeGrant(tx, second, id) })
	mustBreak(t, "revoked by a stranger", err, "not_found at grant")
	for range 2 {
		w.Do(first, func(tx *flow.Tx) error { return merchant.RevokeGrant(tx, first, id) })
	}
	if diff := cmp.Diff([]ident.Merchant{second}, grantors(w, pool, merchant.PoolHistory)); diff != "" {
		t.Errorf("after the revocation (-want +got):\n%s", diff)
	}
	renewed, err := grant(w, first, pool, merchant.PoolHistory)
	if err != nil || renewed == id {
		t.Errorf("granting anew: %s, %v", renewed, err)
	}
	mustTell(w, first, "merchant.created", "merchant.granted", "merchant.grant_revoked", "merchant.granted")
}

func TestWhoMayBeGrantedWhat(t *testing.T) {
	w := flowtest.New(t)
	shop, pool := opened(w, grocer()).ID, opened(w, network()).ID
	for name, row := range map[string]struct {
		grantee ident.Merchant
		scope   merchant.Scope
		want    []string
	}{
		"a network reads reports":      {pool, merchant.ReadReportsOf, nil},
		"a scope nobody named":         {pool, "read_everything", []string{"unknown_value at scope"}},
		"a competitor":                 {opened(w, grocer()).ID, merchant.PoolHistory, []string{"not_found at grantee"}},
		"oneself":                      {shop, merchant.PoolHistory, []string{"not_found at grantee"}},
		"an organisation nobody knows": {w.Merchant(), merchant.PoolHistory, []string{"not_found at grantee"}},
	} {
		_, err := grant(w, shop, row.grantee, row.scope)
		mustBreak(t, name, err, row.want...)
	}
}
