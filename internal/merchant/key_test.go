package merchant_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
)

// matrix is who may do what. A change here is a change of somebody's rights.
const matrix = `
                owner  agent  devel  viewe  opera  carri  brows
orders:write      x      x      x      .      .      .      .
orders:read       x      x      x      x      .      .      .
quotes:write      x      .      x      .      .      .      x
parcels:write     x      x      x      .      .      .      .
events:write      x      .      x      .      .      x      .
promises:read     x      x      x      x      .      .      .
promises:write    x      x      .      .      .      .      .
reports:read      x      .      .      x      x      .      .
settings:write    x      .      x      .      .      .      .
keys:write        x      .      .      .      .      .      .
bounces:write     x      .      x      .      .      .      .
settings:read     x      x      x      x      .      .      .
staff:write       x      .      .      .      .      .      .
work:read         x      x      x      x      .      .      .
work:write        x      .      x      .      .      .      .
points:read       x      x      x      x      x      x      x
money:write       x      x      x      .      .      .      .
handed:write      x      .      .      .      x      .      .
`

func TestWhoMayDoWhat(t *testing.T) {
	var b strings.Builder
	b.WriteString("\n              ")
	for _, s := range merchant.Sets() {
		fmt.Fprintf(&b, "  %.5s", s)
	}
	b.WriteByte('\n')
	for _, p := range merchant.Permissions() {
		fmt.Fprintf(&b, "%-14s", p)
		for _, s := range merchant.Sets() {
			mark := "."
			if s.Allows(p) {
				mark = "x"
			}
			fmt.Fprintf(&b, "%5s  ", mark)
		}
		b.WriteByte('\n')
	}
	got := strings.ReplaceAll(b.String(), "  \n", "\n")
	if diff := cmp.Diff(matrix, got); diff != "" {
		t.Errorf("rights changed (-want +got):\n%s", diff)
	}
	t.Log(got)
}

func TestNobodyHasARightThatDoesNotExist(t *testing.T) {
	for _, s := range append(merchant.Sets(), "root", "") {
		if s.Allows("everything:write") {
			t.Errorf("%s may do what is no permission", s)
		}
	}
	for _, p := range merchant.Permissions() {
		if merchant.Set("root").Allows(p) {
			t.Errorf("an unknown set may %s", p)
		}
	}
}

func TestViewersChangeNothing(t *testing.T) {
	for _, p := range merchant.Permissions() {
		if merchant.Viewer.Allows(p) && !strings.HasSuffix(string(p), ":read") {
			t.Errorf("a viewer may %s", p)
		}
	}
}

// connection of a carrier, as the room above would name it.
const connection ident.Connection = "con_0123456789abcdefghjkmnpqrs"

func issue(w *flowtest.World, m ident.Merchant, k merchant.NewKey) (id ident.Key, secret string, err error) {
	err = w.Try(m, func(tx *flow.Tx) (err error) {
		id, secret, err = merchant.IssueKey(tx, m, k)
		return err
	})
	return id, secret, err
}

func authenticate(w *flowtest.World, secret string) (p merchant.Principal, fail error) {
	w.T.Helper()
	w.See(func(tx *db.Tx) error {
		p, fail = merchant.Authenticate(tx, secret)
		return nil
	})
	return p, fail
}

func TestAKeyOpensItsMerchantUntilItIsRevoked(t *testing.T) {
	w := flowtest.New(t)
	m, other := opened(w, grocer()).ID, opened(w, grocer()).ID
	id, secret, err := issue(w, m, merchant.NewKey{Set: merchant.Carrier, Connection: connection, Label: "Colis du Sud"})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(secret, "sk_") || len(secret) < 40 {
		t.Errorf("the secret %q is not one scanners know", secret)
	}
	want := merchant.Principal{Merchant: m, Key: id, Set: merchant.Carrier, Connection: connection, Kind: merchant.Merchant}
	if got, err := authenticate(w, secret); err != nil || got != want {
		t.Errorf("opened %+v, %v; want %+v", got, err, want)
	}

	err = w.Try(other, func(tx *flow.Tx) error { return merchant.RevokeKey(tx, other, id) })
	mustBreak(t, "revoked by a stranger", err, "not_found at key")
	if _, err := authenticate(w, secret); err != nil {
		t.Errorf("a stranger closed the key: %v", err)
	}

	w.Pass(time.Hour)
	for range 2 {
		w.Do(m, func(tx *flow.Tx) error { return merchant.RevokeKey(tx, m, id) })
	}
	_, err = authenticate(w, secret)
	mustBreak(t, "revoked", err, "unauthorized at ")
	mustTell(w, m, "merchant.created", "merchant.key_issued", "merchant.key_revoked")
	w.See(func(tx *db.Tx) error {
		keys, err := merchant.Keys(tx, m)
		now := w.Clock().Now()
		want := []merchant.Key{{
			ID: id, Set: merchant.Carrier, Connection: connection, Label: "Colis du Sud",
			Issued: now.Add(-time.Hour), Revoked: now,
		}}
		if diff := cmp.Diff(want, keys); diff != "" {
			t.Errorf("keys (-want +got):\n%s", diff)
		}
		return err
	})
}

func TestASecretNobodyIssuedOpensNothing(t *testing.T) {
	w := flowtest.New(t)
	m := opened(w, grocer()).ID
	id, secret, err := issue(w, m, merchant.NewKey{Set: merchant.Owner, Label: "me"})
	if err != nil {
		t.Fatal(err)
	}
	for _, guess := range []string{"", "sk_", string(id), ident.Hash(secret), secret + "x", strings.ToUpper(secret), "sk_\x00", strings.Repeat("x", 1<<20)} {
		_, err := authenticate(w, guess)
		mustBreak(t, guess[:min(len(guess), 50)], err, "unauthorized at ")
		if fault.KindOf(err) != fault.Unauthorized {
			t.Errorf("kind %v, want Unauthorized", fault.KindOf(err))
		}
	}
}

func TestTheSecretIsNotKept(t *testing.T) {
	w := flowtest.New(t)
	m := opened(w, grocer()).ID
	_, secret, err := issue(w, m, merchant.NewKey{Set: merchant.Owner, Label: "me"})
	if err != nil {
		t.Fatal(err)
	}
	w.See(func(tx *db.Tx) error {
		hashes, err := db.All(tx, `select hash from merchant_key where merchant = $1`, db.Scalar[string], m)
		if !slices.Equal(hashes, []string{ident.Hash(secret)}) {
			t.Errorf("kept %q, want the SHA-256 of the secret", hashes)
		}
		if err != nil {
			return err
		}
		facts, err := flow.Timeline(tx, m, string(m))
		if strings.Contains(fmt.Sprint(facts), secret) {
			t.Error("a fact tells the secret")
		}
		return err
	})
}

func TestWhichKeysAnOrganisationMayIssue(t *testing.T) {
	w := flowtest.New(t)
	shop, operator := opened(w, grocer()).ID, opened(w, network()).ID
	type row struct {
		whose ident.Merchant
		key   merchant.NewKey
		want  []string
	}
	each(t, map[string]row{
		"a shop's owner":         {shop, merchant.NewKey{Set: merchant.Owner, Label: "l"}, nil},
		"a shop's agent":         {shop, merchant.NewKey{Set: merchant.Agent, Label: "l"}, nil},
		"a shop's developer":     {shop, merchant.NewKey{Set: merchant.Developer, Label: "l"}, nil},
		"a shop's viewer":        {shop, merchant.NewKey{Set: merchant.Viewer, Label: "l"}, nil},
		"a shop's carrier":       {shop, merchant.NewKey{Set: merchant.Carrier, Label: "l", Connection: connection}, nil},
		"a shop has no operator": {shop, merchant.NewKey{Set: merchant.Operator, Label: "l"}, []string{"permission_set_misplaced at set"}},
		"a browser's is another": {shop, merchant.NewKey{Set: merchant.Browser, Label: "l"}, []string{"permission_set_misplaced at set"}},

		"a network's owner":         {operator, merchant.NewKey{Set: merchant.Owner, Label: "l"}, nil},
		"a network's viewer":        {operator, merchant.NewKey{Set: merchant.Viewer, Label: "l"}, nil},
		"a network's operator":      {operator, merchant.NewKey{Set: merchant.Operator, Label: "l"}, nil},
		"a network has no agent":    {operator, merchant.NewKey{Set: merchant.Agent, Label: "l"}, []string{"permission_set_misplaced at set"}},
		"a network codes no shop":   {operator, merchant.NewKey{Set: merchant.Developer, Label: "l"}, []string{"permission_set_misplaced at set"}},
		"a network ships no parcel": {operator, merchant.NewKey{Set: merchant.Carrier, Label: "l", Connection: connection}, []string{"permission_set_misplaced at set"}},

		"a carrier's key without connection": {shop, merchant.NewKey{Set: merchant.Carrier, Label: "l"}, []string{"connection_required at connection"}},
		"a carrier's key, badly bound":       {shop, merchant.NewKey{Set: merchant.Carrier, Label: "l", Connection: "colis"}, []string{"connection_required at connection"}},
		"an agent bound to a connection":     {shop, merchant.NewKey{Set: merchant.Agent, Label: "l", Connection: connection}, []string{"connection_unexpected at connection"}},
		"a set nobody knows, unlabelled":     {shop, merchant.NewKey{Set: "root"}, []string{"unknown_permission_set at set", "field_required at label"}},
		"an organisation nobody opened":      {w.Merchant(), merchant.NewKey{Set: merchant.Owner, Label: "l"}, []string{"not_found at merchant"}},
	}, func(t *testing.T, r row) {
		_, secret, err := issue(w, r.whose, r.key)
		mustBreak(t, "issue", err, r.want...)
		if (secret == "") != (r.want != nil) {
			t.Errorf("the secret is %q", secret)
		}
	})
}
