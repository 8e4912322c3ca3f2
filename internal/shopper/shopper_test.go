package shopper_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
	"github.com/promesse-dev/promesse/internal/shopper"
)

func camille() shopper.NewShopper {
	return shopper.NewShopper{Email: "Camille@Example.fr", Name: "Camille Dupré", Phone: "06 12 34 56 78", Locale: lang.French}
}

func register(w *flowtest.World, m ident.Merchant, in shopper.NewShopper) (id ident.Shopper, err error) {
	err = w.Try(m, func(tx *flow.Tx) (err error) {
		id, err = shopper.Register(tx, m, in)
		return err
	})
	return id, err
}

func registered(w *flowtest.World, m ident.Merchant, in shopper.NewShopper) ident.Shopper {
	w.T.Helper()
	id, err := register(w, m, in)
	if err != nil {
		w.T.Fatal(err)
	}
	return id
}

func get(w *flowtest.World, m ident.Merchant, id ident.Shopper) (c shopper.Contact) {
	w.T.Helper()
	w.See(func(tx *db.Tx) (err error) {
		c, err = shopper.Get(tx, m, id)
		return err
	})
	return c
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

func mustTell(w *flowtest.World, m ident.Merchant, s ident.Shopper, want ...fact.Kind) {
	w.T.Helper()
	var got []fact.Kind
	w.See(func(tx *db.Tx) error {
		facts, err := flow.Timeline(tx, m, string(s))
		for _, f := range facts {
			got = append(got, f.Kind)
		}
		return err
	})
	if diff := cmp.Diff(want, got); diff != "" {
		w.T.Errorf("facts (-want +got):\n%s", diff)
	}
}

func TestOneAddressIsOneShopperOfAMerchant(t *testing.T) {
	w := flowtest.New(t)
	m, other := w.Merchant(), w.Merchant()
	id := registered(w, m, camille())
	for _, spelling := range []string{"camille@example.fr", " CAMILLE@EXAMPLE.FR\n", "Camille@example.FR"} {
		in := camille()
		in.Email = spelling
		if again := registered(w, m, in); again != id {
			t.Errorf("%q is another shopper", spelling)
		}
	}
	if registered(w, other, camille()) == id {
		t.Error("two merchants share a shopper")
	}
	mustTell(w, m, id, "shopper.registered")
}

func TestWhatIsSaidThisTimeRefreshesWhatWasKnown(t *testing.T) {
	w := flowtest.New(t)
	m := w.Merchant()
	id := registered(w, m, camille())
	want := shopper.Contact{ID: id, Email: "Camille@Example.fr", Name: "Camille Dupré", Phone: "06 12 34 56 78", Locale: lang.French}
	if diff := cmp.Diff(want, get(w, m, id)); diff != "" {
		t.Errorf("first (-want +got):\n%s", diff)
	}
	registered(w, m, shopper.NewShopper{Email: "camille@example.fr", Name: "Camille Martin", Locale: lang.English})
	want.Name, want.Locale = "Camille Martin", lang.English
	if diff := cmp.Diff(want, get(w, m, id)); diff != "" {
		t.Errorf("married, in English, silent about the phone (-want +got):\n%s", diff)
	}
}

func TestWhatIsWrongWithAShopperIsToldTogether(t *testing.T) {
	w := flowtest.New(t)
	m := w.Merchant()
	for name, row := range map[string]struct {
		in   shopper.NewShopper
		want []string
	}{
		"nothing":      {shopper.NewShopper{}, []string{"field_required at email", "unknown_locale at locale"}},
		"no name":      {shopper.NewShopper{Email: "a@b.fr", Locale: lang.French}, nil},
		"bad bytes":    {shopper.NewShopper{Email: "a@b.fr", Name: "caf\xe9", Phone: "0\x00", Locale: "fr"}, []string{"invalid_utf8 at name", "invalid_utf8 at phone"}},
		"too long":     {shopper.NewShopper{Email: "a@b.fr", Name: strings.Repeat("é", 201), Phone: strings.Repeat("0", 41), Locale: "fr"}, []string{"field_too_long at name", "field_too_long at phone"}},
		"no address":   {shopper.NewShopper{Email: "camille", Locale: "fr"}, []string{"email_invalid at email"}},
		"bad address":  {shopper.NewShopper{Email: "caf\xe9@b.fr", Locale: "fr"}, []string{"email_invalid at email"}},
		"a letter bom": {shopper.NewShopper{Email: "a\r\nBcc: all@b.fr", Locale: "fr"}, []string{"email_invalid at email"}},
	} {
		_, err := register(w, m, row.in)
		mustBreak(t, name, err, row.want...)
	}
}

func TestWhatCouldBeAnAddress(t *testing.T) {
	w := flowtest.New(t)
	m := w.Merchant()
	long := strings.Repeat("x", 60)
	for email, want := range map[string]bool{
		"camille@example.fr":                 true,
		"camille.dupre+port@mail.example.fr": true,
		"o'neil_1@example.co.uk":             true,
		"élodie@café.fr":                     true,
		"用户@例子.广告":                           true,
		strings.Repeat("x", 64) + "@b.fr":    true,
		strings.Repeat("x", 65) + "@b.fr":    false,
		"a@" + long + "." + long + "." + long + "." + long + ".example.fr": false,
		"a@" + strings.Repeat("x", 64) + ".fr":                             false,
		"@example.fr":                                                      false,
		"camille@":                                                         false,
		"camille@localhost":                                                false,
		"camille@example.":                                                 false,
		"camille@.fr":                                                      false,
		"camille@-example.fr":                                              false,
		"camille@example-.fr":                                              false,
		"camille@exa mple.fr":                                              false,
		"ca mille@example.fr":                                              false,
		".camille@example.fr":                                              false,
		"camille.@example.fr":                                              false,
		"a@b@example.fr":                                                   false,
		"<camille@example.fr":                                              false,
		`"c"@example.fr`:                                                   false,
		"camille@exam_ple.fr":                                              false,
	} {
		_, err := register(w, m, shopper.NewShopper{Email: email, Locale: lang.French})
		if (err == nil) != want {
			t.Errorf("%q: %v, want accepted %v", email, err, want)
		}
	}
}

func TestFoldingTwiceIsFoldingOnce(t *testing.T) {
	for typed, want := range map[string]string{
		" Camille@EXAMPLE.fr\t":    "camille@example.fr",
		"e\u0301lodie@example.fr":  "élodie@example.fr",
		"ÉLODIE@EXAMPLE.FR":        "élodie@example.fr",
		"\u212aelvin@example.fr":   "kelvin@example.fr",
		"\u00a0camille@example.fr": "camille@example.fr",
	} {
		if got := shopper.Fold(typed); got != want {
			t.Errorf("%q folds to %q, want %q", typed, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		once := shopper.Fold(rapid.String().Draw(t, "typed"))
		if twice := shopper.Fold(once); twice != once {
			t.Fatalf("%q folds to %q", once, twice)
		}
	})
}

func TestShoppersAreTheirMerchantsAlone(t *testing.T) {
	w := flowtest.New(t)
	m, other := w.Merchant(), w.Merchant()
	mine, theirs := registered(w, m, camille()), registered(w, other, camille())
	w.See(func(tx *db.Tx) error {
		many, err := shopper.Many(tx, m, []ident.Shopper{mine, theirs, "shp_nobody"})
		if _, ok := many[mine]; len(many) != 1 || !ok {
			t.Errorf("read %v, want mine alone", many)
		}
		none, _ := shopper.Many(tx, m, nil)
		if len(none) != 0 {
			t.Errorf("asked for none, read %v", none)
		}
		_, missing := shopper.Get(tx, m, theirs)
		mustBreak(t, "another merchant's", missing, "not_found at shopper")
		return err
	})
}
