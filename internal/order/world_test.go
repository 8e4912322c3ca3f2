package order_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
)

func euros(minor int64) money.Amount { return money.Of(minor, money.EUR) }

// basket is 2 bottles of oil at 12.50 and 3 soaps at 4.00, delivered for 5.90.
func basket(reference string) order.New {
	return order.New{
		Reference: reference, Shopper: "shp_camille", Locale: lang.French, Currency: money.EUR,
		Lines: []order.Line{
			{SKU: "OIL", Name: "huile d'olive", Units: 2, Unit: euros(1250), Grams: 1400},
			{SKU: "SOAP", Name: "savon", Units: 3, Unit: euros(400), Grams: 100},
		},
		DeliveryFee: euros(590), Service: "srv_home",
		Ship: order.Address{
			Name: "Camille Dupré", Street: "3 quai du Port", Extra: "2e étage", Postcode: "64600", City: "Anglet",
			Country: "FR", Phone: "06 12 34 56 78",
		},
		Fingerprint: "fingerprint of " + reference,
		LinkHash:    func(o ident.Order) string { return "hash of " + string(o) },
	}
}

func place(w *flowtest.World, m ident.Merchant, in order.New) (o order.Order, fresh bool, err error) {
	err = w.Try(m, func(tx *flow.Tx) (err error) {
		o, fresh, err = order.Place(tx, m, in)
		return err
	})
	return o, fresh, err
}

// placed is an order that exists.
func placed(w *flowtest.World, m ident.Merchant, in order.New) order.Order {
	w.T.Helper()
	o, fresh, err := place(w, m, in)
	if err != nil || !fresh {
		w.T.Fatalf("placing %s: fresh %v, %v", in.Reference, fresh, err)
	}
	return o
}

func get(w *flowtest.World, m ident.Merchant, id ident.Order) (o order.Order) {
	w.T.Helper()
	w.See(func(tx *db.Tx) (err error) {
		o, err = order.Get(tx, m, id)
		return err
	})
	return o
}

func announce(w *flowtest.World, m ident.Merchant, in order.NewParcel) (p order.Parcel, fresh bool, err error) {
	err = w.Try(m, func(tx *flow.Tx) (err error) {
		p, fresh, err = order.Announce(tx, m, in)
		return err
	})
	return p, fresh, err
}

func mustBreak(t *testing.T, name string, err error, want ...string) {
	t.Helper()
	var got []string
	for _, f := range fault.All(err) {
		got = append(got, f.Code+" at "+f.Field)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
	}
}

// told are the bodies of the facts about a subject, in order.
func told(w *flowtest.World, m ident.Merchant, subject string) (bodies []fact.Body) {
	w.T.Helper()
	w.See(func(tx *db.Tx) error {
		facts, err := flow.Timeline(tx, m, subject)
		for _, f := range facts {
			bodies = append(bodies, f.Body)
		}
		return err
	})
	return bodies
}

func mustTell(w *flowtest.World, m ident.Merchant, subject string, want ...fact.Body) {
	w.T.Helper()
	if diff := cmp.Diff(want, told(w, m, subject)); diff != "" {
		w.T.Errorf("facts (-want +got):\n%s", diff)
	}
}
