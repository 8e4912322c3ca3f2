package shopper_test

import (
	"context"
	"testing"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
	"github.com/promesse-dev/promesse/internal/shopper"
)

// freely writes for no merchant.
func freely(w *flowtest.World, verb func(*flow.Tx) error) {
	w.T.Helper()
	if err := w.Write(context.Background(), "test", nil, verb); err != nil {
		w.T.Fatal(err)
	}
}

func linkTo(w *flowtest.World, email string) (link ident.Link) {
	w.T.Helper()
	freely(w, func(tx *flow.Tx) (err error) {
		link, _, err = shopper.AskSpace(tx, email)
		return err
	})
	return link
}

func TestSecretsOfSpacesAreNotKept(t *testing.T) {
	w := flowtest.New(t)
	link := linkTo(w, "camille@secretsofspaces.example")
	var token string
	freely(w, func(tx *flow.Tx) (err error) {
		token, err = shopper.EnterSpace(tx, link)
		return err
	})
	w.See(func(tx *db.Tx) error {
		kept, err := db.All(tx, `select count(*) from shopper_session where hash = $1`, db.Scalar[int], token)
		links, _ := db.All(tx, `select count(*) from shopper_signin where hash = $1`, db.Scalar[int], string(link))
		if kept[0]+links[0] != 0 {
			t.Error("a secret lies in the database")
		}
		return err
	})
}

func TestALinkToASpaceIsForgotten(t *testing.T) {
	w := flowtest.New(t)
	linkTo(w, "camille@forgotten.example")
	w.Pass(3 * shopper.SignInLife)
	linkTo(w, "paul@forgotten.example")
	w.See(func(tx *db.Tx) error {
		left, err := db.All(tx, `select count(*) from shopper_signin where folded = $1`, db.Scalar[int], "camille@forgotten.example")
		if left[0] != 0 {
			t.Error("an address that somebody typed is kept")
		}
		return err
	})
}

// Leaving everywhere ends what is open, and what a letter under way would open.
func TestLeavingEverywhereEndsTheLinksUnderWay(t *testing.T) {
	w := flowtest.New(t)
	link := linkTo(w, "camille@leavingeverywhere.example")
	freely(w, func(tx *flow.Tx) error { return shopper.LeaveEverywhere(tx, " Camille@leavingeverywhere.example") })
	w.See(func(tx *db.Tx) error {
		if _, err := shopper.SpaceBehind(tx, link); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%v", err)
		}
		return nil
	})
}
