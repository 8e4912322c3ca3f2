package order_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
)

func day(s string) civil.Day {
	if s == "" {
		return civil.NoDay
	}
	d, err := civil.ParseDay(s)
	if err != nil {
		panic(err)
	}
	return d
}

// row is a line of a price list that never ends.
func row(id ident.Tariff, service ident.Service, zone string, grams int, price int64) order.Tariff {
	return order.Tariff{
		ID: id, Service: service, Zone: zone, MaxGrams: grams, MinBasket: euros(0), Price: euros(price), FreeFrom: euros(0),
		Since: civil.NoDay, Until: civil.NoDay,
	}
}

// priceList is the delivery prices of a grocer in 2026. The more a row says, the
// earlier it was made, so that the last rule, the row made last, decides nothing.
func priceList() []order.Tariff {
	home := row("tar_Z", "home", "", 0, 990)
	france := row("tar_D", "home", "FR", 0, 690)
	france.FreeFrom = euros(6000)
	small := row("tar_B", "home", "FR", 2000, 490)
	middle := row("tar_C", "home", "FR", 5000, 590)
	large := row("tar_A", "home", "FR", 0, 390)
	large.MinBasket = euros(4000)
	corsica := row("tar_E", "home", "FR-COR", 0, 1290)
	relay := row("tar_H", "relay", "FR", 0, 350)
	relay.Until = day("2026-07-01")
	summer := row("tar_G", "relay", "FR", 0, 390)
	summer.Since = day("2026-07-01")
	sale := row("tar_F", "relay", "FR", 0, 190)
	sale.Since, sale.Until = day("2026-11-27"), day("2026-12-01")
	pounds := row("tar_I", "abroad", "", 0, 0)
	pounds.Price = money.Of(1500, "GBP")
	return []order.Tariff{home, france, small, middle, large, corsica, relay, summer, sale, pounds}
}

func TestWhatADeliveryCosts(t *testing.T) {
	const never = -1
	for name, q := range map[string]struct {
		service ident.Service
		zone    string
		grams   int
		basket  int64
		on      string
		want    int64
	}{
		"to Belgium, a price for any zone":                  {"home", "BE", 1000, 2000, "2026-03-02", 990},
		"to Corsica, its own":                               {"home", "FR-COR", 1000, 2000, "2026-03-02", 1290},
		"one kilo in France":                                {"home", "FR", 1000, 2000, "2026-03-02", 490},
		"two kilos are still small":                         {"home", "FR", 2000, 2000, "2026-03-02", 490},
		"one gram more is middling":                         {"home", "FR", 2001, 2000, "2026-03-02", 590},
		"six kilos, whatever the weight":                    {"home", "FR", 6000, 2000, "2026-03-02", 690},
		"six kilos for 40.00: the large basket's":           {"home", "FR", 6000, 4000, "2026-03-02", 390},
		"six kilos for 39.99: not yet":                      {"home", "FR", 6000, 3999, "2026-03-02", 690},
		"one kilo for 40.00: weight goes before value":      {"home", "FR", 1000, 4000, "2026-03-02", 490},
		"a relay point on 30 June":                          {"relay", "FR", 1000, 2000, "2026-06-30", 350},
		"a relay point from 1 July":                         {"relay", "FR", 1000, 2000, "2026-07-01", 390},
		"the latest price wins: Black Friday":               {"relay", "FR", 1000, 2000, "2026-11-27", 190},
		"the sale's last day":                               {"relay", "FR", 1000, 2000, "2026-11-30", 190},
		"and it is over":                                    {"relay", "FR", 1000, 2000, "2026-12-01", 390},
		"no relay points in Belgium":                        {"relay", "BE", 1000, 2000, "2026-03-02", never},
		"no lockers at all":                                 {"locker", "FR", 1000, 2000, "2026-03-02", never},
		"a price in pounds is none for a basket in euros":   {"abroad", "FR", 1000, 2000, "2026-03-02", never},
		"nothing in the basket":                             {"home", "FR", 0, 0, "2026-03-02", 490},
		"60.00 at one kilo: the small row is never free":    {"home", "FR", 1000, 6000, "2026-03-02", 490},
		"60.00 at six kilos: the large basket's goes first": {"home", "FR", 6000, 6000, "2026-03-02", 390},
	} {
		got, ok := order.Price(priceList(), order.PriceQuery{
			Service: q.service, Zone: q.zone, Grams: q.grams, Basket: euros(q.basket), On: day(q.on),
		})
		if q.want == never && ok || q.want != never && (!ok || got != euros(q.want)) {
			t.Errorf("%s: %v, %v; want %d", name, got, ok, q.want)
		}
	}
}

func TestOfTwoRowsThatSayTheSameTheOneMadeLastRules(t *testing.T) {
	list := []order.Tariff{row("tar_1", "home", "FR", 0, 590), row("tar_2", "home", "FR", 0, 690)}
	got, ok := order.Price(list, order.PriceQuery{Service: "home", Zone: "FR", Basket: euros(1), On: 0})
	if !ok || got != euros(690) {
		t.Errorf("%v, %v; want 6.90", got, ok)
	}
}

func TestFreeAboveAThreshold(t *testing.T) {
	list := []order.Tariff{row("tar_1", "home", "", 0, 590)}
	list[0].FreeFrom = euros(6000)
	for basket, want := range map[int64]int64{0: 590, 5999: 590, 6000: 0, 6001: 0} {
		got, ok := order.Price(list, order.PriceQuery{Service: "home", Zone: "FR", Basket: euros(basket), On: 0})
		if !ok || got != euros(want) {
			t.Errorf("a basket of %v: %v, %v; want %v", euros(basket), got, ok, euros(want))
		}
	}
}

// The choice is total: whatever the list, a query has a price exactly when a
// row is for it, and the order of the rows does not matter.
func TestTheChoiceDoesNotDependOnTheOrderOfTheList(t *testing.T) {
	days := rapid.SampledFrom([]civil.Day{civil.NoDay, 10, 20, 30})
	zones := rapid.SampledFrom([]string{"", "FR", "BE"})
	weights := rapid.SampledFrom([]int{0, 1, 500, 1000})
	values := rapid.SampledFrom([]int64{0, 1000, 2000})
	tariff := rapid.Custom(func(t *rapid.T) order.Tariff {
		return order.Tariff{
			ID: ident.Tariff(rapid.StringMatching("tar_[a-z]{6}").Draw(t, "id")), Service: "home",
			Zone: zones.Draw(t, "zone"), MaxGrams: weights.Draw(t, "grams"), MinBasket: euros(values.Draw(t, "from")),
			Price: euros(rapid.Int64Range(1, 1000).Draw(t, "price")), FreeFrom: euros(values.Draw(t, "free")),
			Since: days.Draw(t, "since"), Until: days.Draw(t, "until"),
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfNDistinct(tariff, 0, 8, func(t order.Tariff) ident.Tariff { return t.ID }).Draw(t, "list")
		q := order.PriceQuery{
			Service: "home", Zone: rapid.SampledFrom([]string{"FR", "BE", "EU"}).Draw(t, "to"),
			Grams: weights.Draw(t, "weighs"), Basket: euros(values.Draw(t, "worth")),
			On: rapid.SampledFrom([]civil.Day{0, 10, 15, 30, 40}).Draw(t, "on"),
		}
		price, ok := order.Price(list, q)
		shuffled, same := order.Price(rapid.Permutation(list).Draw(t, "shuffled"), q)
		if price != shuffled || ok != same {
			t.Fatalf("%v, %v; shuffled %v, %v", price, ok, shuffled, same)
		}
		alone := slices.ContainsFunc(list, func(t order.Tariff) bool {
			_, fits := order.Price([]order.Tariff{t}, q)
			return fits
		})
		if ok != alone {
			t.Fatalf("priced %v, though a row fits %v", ok, alone)
		}
	})
}

func setTariff(w *flowtest.World, m ident.Merchant, in order.Tariff) (out order.Tariff, err error) {
	err = w.Try(m, func(tx *flow.Tx) (err error) {
		out, err = order.SetTariff(tx, m, in)
		return err
	})
	return out, err
}

func inForce(w *flowtest.World, m ident.Merchant, on string) (list []order.Tariff) {
	w.T.Helper()
	w.See(func(tx *db.Tx) (err error) {
		list, err = order.Tariffs(tx, m, day(on))
		return err
	})
	return list
}

func TestThePriceListOfADay(t *testing.T) {
	w := flowtest.New(t)
	m, other := w.Merchant(), w.Merchant()
	in := row("", "home", "FR", 2000, 590)
	in.Until = day("2026-07-01")
	in.MinBasket, in.FreeFrom = money.Amount{}, euros(6000)
	first, err := setTariff(w, m, in)
	if err != nil {
		t.Fatal(err)
	}
	in.MinBasket, in.ID = euros(0), first.ID
	if diff := cmp.Diff(in, first); diff != "" {
		t.Errorf("answered (-want +got):\n%s", diff)
	}
	next := row("", "home", "FR", 2000, 690)
	next.Since = day("2026-07-01")
	second, err := setTariff(w, m, next)
	if err != nil {
		t.Fatal(err)
	}
	for on, want := range map[string][]order.Tariff{
		"2024-01-01": {first}, "2026-06-30": {first}, "2026-07-01": {second}, "2030-01-01": {second},
	} {
		if diff := cmp.Diff(want, inForce(w, m, on)); diff != "" {
			t.Errorf("on %s (-want +got):\n%s", on, diff)
		}
	}
	if list := inForce(w, other, "2026-07-01"); len(list) > 0 {
		t.Errorf("a stranger reads %v", list)
	}

	second.Price = euros(650)
	if _, err := setTariff(w, m, second); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]order.Tariff{second}, inForce(w, m, "2026-07-01")); diff != "" {
		t.Errorf("changed (-want +got):\n%s", diff)
	}
	_, err = setTariff(w, other, second)
	mustBreak(t, "a stranger's row", err, "not_found at tariff")
	mustTell(w, m, string(m), fact.TariffSet{Tariff: first.ID}, fact.TariffSet{Tariff: second.ID}, fact.TariffSet{Tariff: second.ID})
}

func TestWhatIsWrongWithATariff(t *testing.T) {
	w := flowtest.New(t)
	m := w.Merchant()
	for name, r := range map[string]struct {
		spoil func(*order.Tariff)
		want  []string
	}{
		"no service":             {func(t *order.Tariff) { t.Service = "" }, []string{"field_required at service"}},
		"a zone nobody drew":     {func(t *order.Tariff) { t.Zone = "MOON" }, []string{"unknown_tariff_zone at zone"}},
		"a negative weight":      {func(t *order.Tariff) { t.MaxGrams = -1 }, []string{"negative_weight at max_grams"}},
		"a weight beyond count":  {func(t *order.Tariff) { t.MaxGrams = 1e11 + 1 }, []string{"number_too_large at max_grams"}},
		"a negative price":       {func(t *order.Tariff) { t.Price = euros(-1) }, []string{"negative_amount at price"}},
		"a price in francs":      {func(t *order.Tariff) { t.Price = money.Of(5, "FRF") }, []string{"unknown_currency at price"}},
		"no price":               {func(t *order.Tariff) { t.Price = money.Amount{} }, []string{"unknown_currency at price"}},
		"free from some pounds":  {func(t *order.Tariff) { t.FreeFrom = money.Of(5, "GBP") }, []string{"currency_mismatch at free_from"}},
		"from a negative basket": {func(t *order.Tariff) { t.MinBasket = euros(-5) }, []string{"negative_amount at min_basket"}},
		"over before it began": {
			func(t *order.Tariff) { t.Since, t.Until = day("2026-07-02"), day("2026-07-01") },
			[]string{"until_before_since at until"},
		},
		"over on its first day": {
			func(t *order.Tariff) { t.Since, t.Until = day("2026-07-01"), day("2026-07-01") },
			[]string{"until_before_since at until"},
		},
		"days left at the zero of Go": {func(t *order.Tariff) { t.Since, t.Until = 0, 0 }, []string{"until_before_since at until"}},
	} {
		in := row("", "home", "FR", 2000, 590)
		r.spoil(&in)
		_, err := setTariff(w, m, in)
		mustBreak(t, name, err, r.want...)
	}
	if list := inForce(w, m, "2026-07-01"); len(list) > 0 {
		t.Errorf("a refused row was kept: %v", list)
	}
}
