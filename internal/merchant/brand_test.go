package merchant_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
)

func brandOf(w *flowtest.World, m ident.Merchant) (b merchant.Brand, fail error) {
	w.T.Helper()
	w.See(func(tx *db.Tx) error {
		b, fail = merchant.BrandOf(tx, m)
		return nil
	})
	return b, fail
}

func TestABrandIsKeptInItsOneForm(t *testing.T) {
	w := flowtest.New(t)
	o := opened(w, grocer())
	if b, err := brandOf(w, o.ID); err != nil || b != (merchant.Brand{Shown: o.Name}) {
		t.Errorf("before anybody said: %+v, %v", b, err)
	}
	typed := merchant.Brand{Accent: " #C2571A ", Shown: " Le Port ", Contact: " bonjour@port.example ", Site: "https://port.example/fr"}
	for range 2 { // the second changes nothing, and tells nothing
		w.Do(o.ID, func(tx *flow.Tx) error { return merchant.SetBrand(tx, o.ID, typed) })
	}
	want := merchant.Brand{Accent: "#c2571a", Shown: "Le Port", Contact: "bonjour@port.example", Site: "https://port.example/fr"}
	if got, err := brandOf(w, o.ID); err != nil || got != want {
		t.Errorf("%v (-want +got):\n%s", err, cmp.Diff(want, got))
	}
	w.Do(o.ID, func(tx *flow.Tx) error { return merchant.SetBrand(tx, o.ID, merchant.Brand{}) })
	if got, _ := brandOf(w, o.ID); got != (merchant.Brand{Shown: o.Name}) {
		t.Errorf("taken back: %+v", got)
	}
	mustTell(w, o.ID, "merchant.created", "merchant.brand_set", "merchant.brand_set")
}

func TestWhatIsNoBrand(t *testing.T) {
	w := flowtest.New(t)
	m := opened(w, grocer()).ID
	for name, row := range map[string]struct {
		brand merchant.Brand
		want  []string
	}{
		"a colour by name":             {merchant.Brand{Accent: "red"}, []string{"accent_invalid at accent"}},
		"a short colour":               {merchant.Brand{Accent: "#c20"}, []string{"accent_invalid at accent"}},
		"a colour with a way out":      {merchant.Brand{Accent: "#fff;}x"}, []string{"accent_invalid at accent"}},
		"a name of 5,000 emoji":        {merchant.Brand{Shown: strings.Repeat("🍊", 5000)}, []string{"field_too_long at shown"}},
		"what is no address":           {merchant.Brand{Contact: "nobody"}, []string{"email_invalid at contact"}},
		"a site without encryption":    {merchant.Brand{Site: "http://port.example"}, []string{"site_invalid at site"}},
		"a site that runs code":        {merchant.Brand{Site: "javascript:alert(1)"}, []string{"site_invalid at site"}},
		"a site that hides its host":   {merchant.Brand{Site: "https://bank.example@evil.example"}, []string{"site_invalid at site"}},
		"a site nobody could type":     {merchant.Brand{Site: "https://" + strings.Repeat("a", 600)}, []string{"field_too_long at site"}},
		"all of it wrong, all is told": {merchant.Brand{Accent: "x", Contact: "x", Site: "x"}, []string{"accent_invalid at accent", "email_invalid at contact", "site_invalid at site"}},
	} {
		mustBreak(t, name, w.Try(m, func(tx *flow.Tx) error { return merchant.SetBrand(tx, m, row.brand) }), row.want...)
	}
	_, err := brandOf(w, w.Merchant())
	mustBreak(t, "of nobody", err, "not_found at merchant")
}
