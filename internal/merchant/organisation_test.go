package merchant_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
)

func TestAnOrganisationIsReadAsItWasCreated(t *testing.T) {
	w := flowtest.New(t)
	in := grocer()
	in.Name, in.Country, in.Currency = "  Épicerie du Port ", "fr", "eur"
	made := opened(w, in)
	want := merchant.Organisation{
		ID: made.ID, Kind: merchant.Merchant, Name: "Épicerie du Port", Country: "FR", Zone: "Europe/Paris",
		Locale: lang.French, Currency: money.EUR, Target: 0.95, RiskAt: 0.5, Created: w.Clock().Now(),
	}
	if diff := cmp.Diff(want, made); diff != "" {
		t.Errorf("made (-want +got):\n%s", diff)
	}
	w.See(func(tx *db.Tx) error {
		got, err := merchant.Get(tx, made.ID)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("read (-want +got):\n%s", diff)
		}
		return err
	})
	mustTell(w, made.ID, "merchant.created")
}

func TestWhatIsWrongWithAnOrganisationIsToldTogether(t *testing.T) {
	w := flowtest.New(t)
	_, err := create(w, merchant.NewOrganisation{
		Kind: "club", Name: " ", Country: "XX", Zone: "Paris", Locale: "la", Currency: "FRF", Target: 1, RiskAt: -0.1,
	})
	mustBreak(t, "everything", err,
		"unknown_value at kind", "field_required at name", "unknown_country at country", "unknown_zone at zone",
		"unknown_locale at locale", "unknown_currency at currency", "share_out_of_range at target",
		"share_out_of_range at risk_at")
	for name, want := range map[string]string{
		strings.Repeat("é", 201): "field_too_long at name",
		"caf\xe9":                "invalid_utf8 at name",
		"two\nlines":             "invalid_utf8 at name",
		"a\x00b":                 "invalid_utf8 at name",
	} {
		in := grocer()
		in.Name = name
		_, err := create(w, in)
		mustBreak(t, name, err, want)
	}
	in := grocer()
	in.Name = strings.Repeat("é", 200)
	opened(w, in)
}

func TestHowBoldAnOrganisationIs(t *testing.T) {
	w := flowtest.New(t)
	m := opened(w, grocer()).ID
	configure := func(whose ident.Merchant, target, riskAt float64) error {
		return w.Try(whose, func(tx *flow.Tx) error { return merchant.Configure(tx, whose, target, riskAt) })
	}
	if err := configure(m, 0.98, 0.3); err != nil {
		t.Fatal(err)
	}
	mustBreak(t, "certainty can not be promised", configure(m, 1, 0.3), "share_out_of_range at target")
	mustBreak(t, "never worrying", configure(m, 0.9, 0), "share_out_of_range at risk_at")
	mustBreak(t, "nobody", configure(w.Merchant(), 0.9, 0.5), "not_found at merchant")
	w.See(func(tx *db.Tx) error {
		o, err := merchant.Get(tx, m)
		if o.Target != 0.98 || o.RiskAt != 0.3 {
			t.Errorf("target %v, at risk from %v; want 0.98 and 0.3", o.Target, o.RiskAt)
		}
		return err
	})
}

func TestOrganisationsAreListedPageByPage(t *testing.T) {
	w := flowtest.New(t)
	w.At("2027-01-04 09:00") // no other test comes after
	first := opened(w, grocer())
	second, third := opened(w, network()), opened(w, grocer())
	w.See(func(tx *db.Tx) error {
		page, err := merchant.List(tx, first.ID, 1)
		if err != nil {
			return err
		}
		if diff := cmp.Diff([]merchant.Organisation{second}, page); diff != "" {
			t.Errorf("the page after the first (-want +got):\n%s", diff)
		}
		page, err = merchant.List(tx, second.ID, 100)
		if diff := cmp.Diff([]merchant.Organisation{third}, page); diff != "" {
			t.Errorf("the last page (-want +got):\n%s", diff)
		}
		return err
	})
}

func TestAnOrganisationThatDoesNotExist(t *testing.T) {
	w := flowtest.New(t)
	nobody := w.Merchant()
	w.See(func(tx *db.Tx) error {
		_, err := merchant.Get(tx, nobody)
		mustBreak(t, "get", err, "not_found at merchant")
		if fault.KindOf(err) != fault.NotFound {
			t.Errorf("kind %v, want NotFound", fault.KindOf(err))
		}
		return nil
	})
}
