package returns_test

import (
	"slices"
	"testing"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/returns"
)

// A way is offered where its carrier makes labels from, and elsewhere it is
// hidden with its reason.
func TestAWayIsOfferedWhereItsCarrierMakesLabels(t *testing.T) {
	s := open(t)
	office := s.office.Reaching(func(_ *db.Tx, _ ident.Merchant, _ ident.Connection, _ fact.Route, country string) (carrier.Offer, bool, error) {
		return carrier.Offer{}, country == "FR", nil
	})
	abroad := func(in *order.New) { in.Ship.Country, in.Ship.Postcode, in.Ship.City = "BE", "1000", "Bruxelles" }
	for _, row := range []struct {
		from   string
		change func(*order.New)
		shown  bool
	}{{"France", func(*order.New) {}, true}, {"Belgium", abroad, false}} {
		b := s.had(row.change)
		s.See(func(tx *db.Tx) error {
			f, err := office.Options(tx, s.m, s.wants(b, map[ident.Line]int{b.scarf: 1}, "wrong_size"), nil)
			if err != nil {
				return err
			}
			shown := slices.ContainsFunc(f.Options, func(o returns.Option) bool { return o.Route == fact.BackByRelay })
			hidden := slices.ContainsFunc(f.Hidden, func(h returns.Hidden) bool { return h.Route == fact.BackByRelay && h.Code == "no_carrier" })
			if shown != row.shown || hidden == row.shown {
				t.Errorf("from %s: options %+v, hidden %+v", row.from, f.Options, f.Hidden)
			}
			return nil
		})
	}
}
