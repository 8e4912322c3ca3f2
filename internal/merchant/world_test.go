package merchant_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
)

// grocer is a shop that says only what it must.
func grocer() merchant.NewOrganisation {
	return merchant.NewOrganisation{
		Kind: merchant.Merchant, Name: "Épicerie du Port", Country: "FR", Zone: "Europe/Paris",
		Locale: lang.French, Currency: money.EUR,
	}
}

func network() merchant.NewOrganisation {
	o := grocer()
	o.Kind, o.Name = merchant.Network, "Centre commercial virtuel"
	return o
}

func create(w *flowtest.World, in merchant.NewOrganisation) (o merchant.Organisation, err error) {
	err = w.Write(context.Background(), "test", nil, func(tx *flow.Tx) (err error) {
		o, err = merchant.Create(tx, in)
		return err
	})
	return o, err
}

// opened is an organisation that exists.
func opened(w *flowtest.World, in merchant.NewOrganisation) merchant.Organisation {
	w.T.Helper()
	o, err := create(w, in)
	if err != nil {
		w.T.Fatal(err)
	}
	return o
}

// broken lists the faults of an error as "code at field".
func broken(err error) (out []string) {
	for _, f := range fault.All(err) {
		out = append(out, f.Code+" at "+f.Field)
	}
	return out
}

func mustBreak(t *testing.T, name string, err error, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, broken(err)); diff != "" {
		t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
	}
}

// told lists the kinds of the facts about an organisation, in order.
func told(w *flowtest.World, m ident.Merchant) (kinds []fact.Kind) {
	w.T.Helper()
	w.See(func(tx *db.Tx) error {
		facts, err := flow.Timeline(tx, m, string(m))
		for _, f := range facts {
			kinds = append(kinds, f.Kind)
		}
		return err
	})
	return kinds
}

func mustTell(w *flowtest.World, m ident.Merchant, want ...fact.Kind) {
	w.T.Helper()
	if diff := cmp.Diff(want, told(w, m)); diff != "" {
		w.T.Errorf("facts (-want +got):\n%s", diff)
	}
}

// each runs a row of a table under its own name.
func each[R any](t *testing.T, rows map[string]R, run func(*testing.T, R)) {
	for name, row := range rows {
		t.Run(name, func(t *testing.T) { run(t, row) })
	}
}
