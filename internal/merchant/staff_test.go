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

func hire(w *flowtest.World, m ident.Merchant, in merchant.NewStaff) (s merchant.Staff, err error) {
	err = w.Try(m, func(tx *flow.Tx) (err error) {
		s, err = merchant.Hire(tx, m, in)
		return err
	})
	return s, err
}

// hired is somebody who works there.
func hired(w *flowtest.World, m ident.Merchant, email string, set merchant.Set) merchant.Staff {
	w.T.Helper()
	s, err := hire(w, m, merchant.NewStaff{Email: email, Name: "Sam", Set: set})
	if err != nil {
		w.T.Fatal(err)
	}
	return s
}

func staffOf(w *flowtest.World, m ident.Merchant) (all []merchant.Staff) {
	w.T.Helper()
	w.See(func(tx *db.Tx) (err error) {
		all, err = merchant.StaffOf(tx, m)
		return err
	})
	return all
}

func TestWhoMayBeLetIn(t *testing.T) {
	w := flowtest.New(t)
	shop, other, pool := opened(w, grocer()).ID, opened(w, grocer()).ID, opened(w, network()).ID
	hired(w, shop, "sam@shop.example", merchant.Owner)
	type row struct {
		whose ident.Merchant
		in    merchant.NewStaff
		want  []string
	}
	each(t, map[string]row{
		"an agent":                          {shop, merchant.NewStaff{Email: "agent@shop.example", Name: "A", Set: merchant.Agent}, nil},
		"the same address, at another shop": {other, merchant.NewStaff{Email: "sam@shop.example", Name: "S", Set: merchant.Viewer}, nil},
		"an operator, at a network":         {pool, merchant.NewStaff{Email: "o@pool.example", Name: "O", Set: merchant.Operator}, nil},
		"the same address, otherwise typed": {shop, merchant.NewStaff{Email: " SAM@shop.example", Name: "S", Set: merchant.Viewer}, []string{"staff_exists at email"}},
		"an operator, at a shop":            {shop, merchant.NewStaff{Email: "o@shop.example", Name: "O", Set: merchant.Operator}, []string{"permission_set_misplaced at set"}},
		"a carrier is a machine":            {shop, merchant.NewStaff{Email: "c@shop.example", Name: "C", Set: merchant.Carrier}, []string{"permission_set_misplaced at set"}},
		"a browser is a machine":            {shop, merchant.NewStaff{Email: "b@shop.example", Name: "B", Set: merchant.Browser}, []string{"permission_set_misplaced at set"}},
		"an agent, at a network":            {pool, merchant.NewStaff{Email: "a@pool.example", Name: "A", Set: merchant.Agent}, []string{"permission_set_misplaced at set"}},
		"no address, no name, no such set":  {shop, merchant.NewStaff{Set: "root"}, []string{"field_required at email", "field_required at name", "unknown_permission_set at set"}},
		"what is no address":                {shop, merchant.NewStaff{Email: "sam", Name: "S", Set: merchant.Agent}, []string{"email_invalid at email"}},
		"at an organisation nobody opened":  {w.Merchant(), merchant.NewStaff{Email: "a@shop.example", Name: "A", Set: merchant.Owner}, []string{"not_found at merchant"}},
	}, func(t *testing.T, r row) {
		_, err := hire(w, r.whose, r.in)
		mustBreak(t, "hire", err, r.want...)
	})
}

func TestRightsChangeAndEnd(t *testing.T) {
	w := flowtest.New(t)
	m, other := opened(w, grocer()).ID, opened(w, grocer()).ID
	owner, agent := hired(w, m, "owner@shop.example", merchant.Owner), hired(w, m, "agent@shop.example", merchant.Agent)
	for range 2 { // the second changes nothing, and tells nothing
		w.Do(m, func(tx *flow.Tx) error { return merchant.Change(tx, m, agent.ID, merchant.Viewer) })
	}
	agent.Set = merchant.Viewer
	if diff := cmp.Diff([]merchant.Staff{owner, agent}, staffOf(w, m)); diff != "" {
		t.Errorf("who works there (-want +got):\n%s", diff)
	}
	mustTell(w, m, "merchant.created", "merchant.staff_set", "merchant.staff_set", "merchant.staff_set")

	for name, row := range map[string]struct {
		verb func(*flow.Tx) error
		want string
	}{
		"the last owner becomes an agent":  {func(tx *flow.Tx) error { return merchant.Change(tx, m, owner.ID, merchant.Agent) }, "last_owner at set"},
		"the last owner leaves":            {func(tx *flow.Tx) error { return merchant.Dismiss(tx, m, owner.ID) }, "last_owner at set"},
		"somebody of another shop changes": {func(tx *flow.Tx) error { return merchant.Change(tx, other, agent.ID, merchant.Agent) }, "not_found at staff"},
		"somebody of another shop leaves":  {func(tx *flow.Tx) error { return merchant.Dismiss(tx, other, agent.ID) }, "not_found at staff"},
		"rights that do not exist":         {func(tx *flow.Tx) error { return merchant.Change(tx, m, agent.ID, "root") }, "unknown_permission_set at set"},
		"rights of another kind":           {func(tx *flow.Tx) error { return merchant.Change(tx, m, agent.ID, merchant.Carrier) }, "permission_set_misplaced at set"},
	} {
		mustBreak(t, name, w.Try(m, row.verb), row.want)
	}

	w.Do(m, func(tx *flow.Tx) error { return merchant.Change(tx, m, agent.ID, merchant.Owner) })
	w.Do(m, func(tx *flow.Tx) error { return merchant.Dismiss(tx, m, owner.ID) })
	if got := staffOf(w, m); len(got) != 1 || got[0].ID != agent.ID {
		t.Errorf("after the first owner left: %+v", got)
	}
	mustBreak(t, "leaving twice", w.Try(m, func(tx *flow.Tx) error { return merchant.Dismiss(tx, m, owner.ID) }), "not_found at staff")
	w.See(func(tx *db.Tx) error {
		of, err := merchant.Colleagues(tx, m, []ident.Staff{owner.ID, agent.ID, "stf_nobody"})
		if len(of) != 2 || of[owner.ID].Until != w.Clock().Now() || of[owner.ID].Name != "Sam" {
			t.Errorf("remembered: %+v", of)
		}
		none, _ := merchant.Colleagues(tx, other, []ident.Staff{owner.ID})
		if len(none) != 0 {
			t.Errorf("another shop knows %+v", none)
		}
		return err
	})
	if again := hired(w, m, "owner@shop.example", merchant.Agent); again.ID == owner.ID {
		t.Error("somebody who comes back is not who left")
	}
}
