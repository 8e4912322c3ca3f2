package app

import (
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/erasure"
	"github.com/promesse-dev/promesse/internal/insight"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// customer is somebody of a lived world.
type customer struct {
	merchant     ident.Merchant
	id           ident.Shopper
	email, phone string
}

// After some days of shops' lives, whoever can be erased is: what they were reached
// by stands in no table any more, and everything that must hold still does.
func TestALivedWorldForgetsPeopleAndStaysWhole(t *testing.T) {
	a := livedWorld(t, 4)
	var all []customer
	err := a.Flow.Read(t.Context(), func(tx *db.Tx) (err error) {
		all, err = db.All(tx, "-- across merchants: all of the test\nselect merchant, id, email, phone from shopper_contact", func(r db.Row) (c customer, err error) {
			err = r.Scan(&c.merchant, &c.id, &c.email, &c.phone)
			return c, err
		})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	contacts := map[string]bool{}
	for _, c := range all {
		err := a.Flow.One(t.Context(), flow.ByShopper(c.id), c.merchant, func(tx *flow.Tx) error {
			_, err := erasure.Erase(tx, c.merchant, c.id)
			return err
		})
		switch {
		case fault.Is(err, "erasure_waits"):
		case err != nil:
			t.Fatal(err)
		default:
			contacts[c.email] = true
		}
	}
	for _, c := range all { // who is still known to another shop, or waits, is known
		if !gone(t, a, c.id) {
			delete(contacts, c.email)
		}
	}
	if len(contacts) < 5 || len(contacts) == len(all) {
		t.Fatalf("%d of %d were erased", len(contacts), len(all))
	}
	forgotten(t, a, contacts)
	found, err := insight.Verify(t.Context(), a.Flow.DB())
	if err != nil || len(found) > 0 {
		t.Errorf("%+v, %v", found, err)
	}
}

func gone(t *testing.T, a *App, id ident.Shopper) (is bool) {
	t.Helper()
	err := a.Flow.Read(t.Context(), func(tx *db.Tx) error {
		n, _, err := db.One(tx, "-- across merchants: all of the test\nselect count(*) from shopper_contact where id = $1 and erased is not null", db.Scalar[int], id)
		is = n == 1
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return is
}

// forgotten looks for addresses in every text; the demo's own plans apart, which
// know its invented people.
func forgotten(t *testing.T, a *App, contacts map[string]bool) {
	t.Helper()
	err := a.Flow.Read(t.Context(), func(tx *db.Tx) error {
		texts, err := allTexts(tx, a.Flow.DB().Engine())
		for _, k := range texts {
			if strings.HasPrefix(k.where, "demo_") || !strings.Contains(k.text, "@") {
				continue
			}
			for c := range contacts {
				if strings.Contains(strings.ToLower(k.text), strings.ToLower(c)) {
					t.Errorf("%s still says %s", k.where, c)
				}
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
