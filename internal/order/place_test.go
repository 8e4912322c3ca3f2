package order_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

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

func TestAnOrderIsReadAsItWasPlaced(t *testing.T) {
	w := flowtest.New(t)
	m := w.Merchant()
	in := basket("E-1")
	in.Ship.Postcode, in.Ship.Country = " f-64600", "fr"
	in.Bill = order.Address{Name: "Dupré SARL", Street: "1 rue Neuve", Postcode: "1000", City: "Bruxelles", Country: "be"}
	o := placed(w, m, in)

	want := order.Order{
		ID: o.ID, Reference: "E-1", Shopper: "shp_camille", Locale: lang.French, Currency: money.EUR,
		Placed: w.Clock().Now(), State: order.Placed, Service: "srv_home",
		Value: euros(2*1250 + 3*400 + 590), Delivery: euros(590), Ship: basket("").Ship,
	}
	lines := []order.Line{
		{Kind: order.Goods, SKU: "OIL", Name: "huile d'olive", Units: 2, Unit: euros(1250), Captured: euros(2500), Grams: 1400},
		{Kind: order.Goods, SKU: "SOAP", Name: "savon", Units: 3, Unit: euros(400), Captured: euros(1200), Grams: 100},
		{Kind: order.Delivery, Units: 1, Unit: euros(590), Captured: euros(590)},
	}
	if diff := cmp.Diff(want, get(w, m, o.ID)); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
	w.See(func(tx *db.Tx) error {
		got, err := order.Lines(tx, m, o.ID)
		if diff := cmp.Diff(lines, got, cmpopts.IgnoreFields(order.Line{}, "ID")); diff != "" {
			t.Errorf("lines (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(o.Lines, got); diff != "" {
			t.Errorf("lines answered and read (-answered +read):\n%s", diff)
		}
		if err != nil {
			return err
		}
		bill, ok, err := order.Billing(tx, m, o.ID)
		in.Bill.Country = "BE"
		if diff := cmp.Diff(in.Bill, bill); diff != "" || !ok {
			t.Errorf("bill %v (-want +got):\n%s", ok, diff)
		}
		return err
	})
	mustTell(w, m, string(o.ID), fact.OrderPlaced{
		Order: o.ID, Shopper: "shp_camille", Value: euros(4290), Delivery: euros(590),
	})
}

func TestAFreeDeliveryIsALineToo(t *testing.T) {
	w := flowtest.New(t)
	m := w.Merchant()
	in := basket("E-1")
	in.DeliveryFee = money.Amount{}
	o := placed(w, m, in)
	last := o.Lines[len(o.Lines)-1]
	if last.Kind != order.Delivery || last.Captured != euros(0) || o.Value != euros(3700) {
		t.Errorf("the last line is %+v, the value %v", last, o.Value)
	}
	w.See(func(tx *db.Tx) error {
		bill, ok, err := order.Billing(tx, m, o.ID)
		if ok {
			t.Errorf("a bill nobody asked for goes to %v", bill)
		}
		return err
	})
}

func TestWhatIsWrongWithAnOrder(t *testing.T) {
	w := flowtest.New(t)
	m := w.Merchant()
	for name, row := range map[string]struct {
		spoil func(*order.New)
		want  []string
	}{
		"no units at all":       {func(o *order.New) { o.Lines[0].Units = 0 }, []string{"negative_quantity at lines[0].units"}},
		"minus two bottles":     {func(o *order.New) { o.Lines[0].Units = -2 }, []string{"negative_quantity at lines[0].units"}},
		"the least integer":     {func(o *order.New) { o.Lines[1].Units = math.MinInt }, []string{"negative_quantity at lines[1].units", "amount_overflow at lines[1].unit"}},
		"a bottle too many":     {func(o *order.New) { o.Lines[0].Units = 1_000_001 }, []string{"number_too_large at lines[0].units"}},
		"a negative weight":     {func(o *order.New) { o.Lines[1].Grams = -1 }, []string{"negative_weight at lines[1].grams"}},
		"a ship's weight":       {func(o *order.New) { o.Lines[1].Grams = 100_000_001 }, []string{"number_too_large at lines[1].grams"}},
		"a negative price":      {func(o *order.New) { o.Lines[0].Unit = euros(-1) }, []string{"negative_amount at lines[0].unit"}},
		"a price in pounds":     {func(o *order.New) { o.Lines[0].Unit = money.Of(1250, "GBP") }, []string{"currency_mismatch at lines[0].unit"}},
		"a fee in pounds":       {func(o *order.New) { o.DeliveryFee = money.Of(590, "GBP") }, []string{"currency_mismatch at delivery_fee"}},
		"a negative fee":        {func(o *order.New) { o.DeliveryFee = euros(-590) }, []string{"negative_amount at delivery_fee"}},
		"a price beyond count":  {func(o *order.New) { o.Lines[0].Unit = euros(math.MaxInt64) }, []string{"amount_overflow at lines[0].unit"}},
		"a total beyond count":  {func(o *order.New) { o.Lines[0].Unit, o.Lines[1].Unit = euros(math.MaxInt64/2), euros(1) }, []string{"amount_overflow at lines"}},
		"nothing bought":        {func(o *order.New) { o.Lines = nil }, []string{"field_required at lines"}},
		"a thousand and one":    {func(o *order.New) { o.Lines = slices.Repeat(o.Lines[:1], 1001) }, []string{"too_many_lines at lines"}},
		"delivery as goods":     {func(o *order.New) { o.Lines[1].Kind = order.Delivery }, []string{"line_kind_misplaced at lines[1].kind"}},
		"goods without a name":  {func(o *order.New) { o.Lines[0].Name = " " }, []string{"field_required at lines[0].name"}},
		"a name of 201 letters": {func(o *order.New) { o.Lines[0].Name = strings.Repeat("é", 201) }, []string{"field_too_long at lines[0].name"}},
		"a name in Latin-1":     {func(o *order.New) { o.Lines[0].Name = "caf\xe9" }, []string{"invalid_utf8 at lines[0].name"}},
		"a zero byte":           {func(o *order.New) { o.Lines[0].SKU = "a\x00b" }, []string{"invalid_utf8 at lines[0].sku"}},
		"no reference":          {func(o *order.New) { o.Reference = "" }, []string{"field_required at reference"}},
		"a reference of 101":    {func(o *order.New) { o.Reference = strings.Repeat("1", 101) }, []string{"field_too_long at reference"}},
		"no shopper":            {func(o *order.New) { o.Shopper = "" }, []string{"field_required at shopper"}},
		"no language we write":  {func(o *order.New) { o.Locale = "la" }, []string{"unknown_locale at locale"}},
		"francs":                {func(o *order.New) { o.Currency = "FRF" }, []string{"unknown_currency at currency"}},
		"a short postcode":      {func(o *order.New) { o.Ship.Postcode = "7500" }, []string{"postcode_invalid at ship.postcode"}},
		"a land nobody knows":   {func(o *order.New) { o.Ship.Country = "XX" }, []string{"unknown_country at ship.country"}},
		"a long phone number":   {func(o *order.New) { o.Ship.Phone = strings.Repeat("0", 41) }, []string{"field_too_long at ship.phone"}},
		"half a bill": {
			func(o *order.New) { o.Bill.Name = "Dupré SARL" },
			[]string{"field_required at bill.street", "field_required at bill.city", "unknown_country at bill.country"},
		},
		"all that is wrong, told together": {
			func(o *order.New) {
				*o = order.New{Currency: "EUR", Lines: []order.Line{{Units: -1}, {Name: "savon", Units: 1, Unit: euros(-1), Grams: -1}}}
			},
			[]string{
				"field_required at reference", "field_required at shopper", "unknown_locale at locale",
				"field_required at lines[0].name", "negative_quantity at lines[0].units",
				"negative_weight at lines[1].grams", "negative_amount at lines[1].unit",
				"field_required at ship.name", "field_required at ship.street", "field_required at ship.city",
				"unknown_country at ship.country",
			},
		},
	} {
		in := basket("E-1")
		row.spoil(&in)
		_, _, err := place(w, m, in)
		mustBreak(t, name, err, row.want...)
	}
	w.See(func(tx *db.Tx) error {
		orders, err := order.List(tx, m, order.Page{Limit: 10})
		if len(orders) > 0 {
			t.Errorf("a refused order was kept: %v", orders)
		}
		return err
	})
}

func TestWhatFitsExactlyIsTaken(t *testing.T) {
	w := flowtest.New(t)
	in := basket(strings.Repeat("é", 100))
	in.Lines = slices.Repeat(in.Lines[:1], 1000)
	in.Lines[0].Units, in.Lines[0].Grams, in.Lines[0].Name = 1_000_000, 100_000_000, strings.Repeat("é", 200)
	in.Ship.Phone, in.Ship.Extra = "", ""
	if o := placed(w, w.Merchant(), in); len(o.Lines) != 1001 {
		t.Errorf("%d lines", len(o.Lines))
	}
}

func TestPlacingTwiceIsPlacingOnce(t *testing.T) {
	w := flowtest.New(t)
	m, other := w.Merchant(), w.Merchant()
	first := placed(w, m, basket("E-1"))
	w.At("2026-03-03 10:00")
	again, fresh, err := place(w, m, basket("E-1"))
	if diff := cmp.Diff(first, again); err != nil || fresh || diff != "" {
		t.Errorf("again: fresh %v, %v (-first +again):\n%s", fresh, err, diff)
	}
	changed := basket("E-1")
	changed.Fingerprint, changed.Lines[0].Units = "another", 3
	_, _, err = place(w, m, changed)
	mustBreak(t, "other contents", err, "order_reference_conflict at reference")
	if fault.KindOf(err) != fault.Conflict {
		t.Errorf("kind %v, want Conflict", fault.KindOf(err))
	}
	if o := placed(w, other, changed); o.ID == first.ID {
		t.Error("two merchants share an order")
	}
	if n := len(told(w, m, string(first.ID))); n != 1 {
		t.Errorf("told %d times", n)
	}
	w.See(func(tx *db.Tx) error {
		repeated, ok, err := order.Repeated(tx, m, "E-1", basket("E-1").Fingerprint)
		if diff := cmp.Diff(first, repeated); err != nil || !ok || diff != "" {
			t.Errorf("asked before placing: %v, %v (-first +repeated):\n%s", ok, err, diff)
		}
		_, _, err = order.Repeated(tx, m, "E-1", "another")
		mustBreak(t, "asked with other contents", err, "order_reference_conflict at reference")
		free, ok, err := order.Repeated(tx, m, "E-2", "another")
		if ok {
			t.Errorf("a free reference is %s", free.ID)
		}
		return err
	})
}

func TestOfManyWhoPlaceAtOnceOneDoes(t *testing.T) {
	w := flowtest.New(t)
	m := w.Merchant()
	const copies = 64
	var all sync.WaitGroup
	orders, fresh, errs := make([]order.Order, copies), make([]bool, copies), make([]error, copies)
	for i := range copies {
		all.Go(func() { orders[i], fresh[i], errs[i] = place(w, m, basket("E-1")) })
	}
	all.Wait()
	firsts := 0
	for i := range copies {
		if errs[i] != nil || orders[i].ID != orders[0].ID {
			t.Errorf("copy %d: order %s, %v", i, orders[i].ID, errs[i])
		}
		if fresh[i] {
			firsts++
		}
	}
	w.See(func(tx *db.Tx) error {
		list, err := order.List(tx, m, order.Page{Limit: 10})
		if firsts != 1 || len(list) != 1 {
			t.Errorf("%d were first, %d orders", firsts, len(list))
		}
		return err
	})
}

func TestALinkOpensItsOrder(t *testing.T) {
	w := flowtest.New(t)
	m := w.Merchant()
	o := placed(w, m, basket("E-1"))
	closed := basket("E-2")
	closed.LinkHash = nil
	placed(w, m, closed)
	w.See(func(tx *db.Tx) error {
		whose, id, ok, err := order.ByLink(tx, "hash of "+string(o.ID))
		if whose != m || id != o.ID || !ok {
			t.Errorf("opened %s of %s, %v", id, whose, ok)
		}
		if err != nil {
			return err
		}
		for _, hash := range []string{"", "hash", string(o.ID)} {
			if _, id, ok, _ := order.ByLink(tx, hash); ok {
				t.Errorf("%q opens %s", hash, id)
			}
		}
		return nil
	})
}

func TestAnOrderIsTakenBackOnce(t *testing.T) {
	w := flowtest.New(t)
	m, other := w.Merchant(), w.Merchant()
	o := placed(w, m, basket("E-1"))
	cancel := func(whose ident.Merchant, by fact.Party) error {
		return w.Try(whose, func(tx *flow.Tx) error { return order.Cancel(tx, whose, o.ID, by) })
	}
	mustBreak(t, "a stranger", cancel(other, fact.ByMerchant), "not_found at order")
	mustBreak(t, "the carrier", cancel(m, fact.ByCarrier), "canceller_unknown at by")
	for range 2 {
		if err := cancel(m, fact.ByShopper); err != nil {
			t.Fatal(err)
		}
	}
	if got := get(w, m, o.ID); got.State != order.Cancelled {
		t.Errorf("the order is %s", got.State)
	}
	mustTell(w, m, string(o.ID),
		fact.OrderPlaced{Order: o.ID, Shopper: o.Shopper, Value: o.Value, Delivery: o.Delivery},
		fact.OrderCancelled{Order: o.ID, Shopper: o.Shopper, By: fact.ByShopper})
	if again, fresh, err := place(w, m, basket("E-1")); err != nil || fresh || again.State != order.Cancelled {
		t.Errorf("placing it again: %s, fresh %v, %v", again.State, fresh, err)
	}
}

func TestOrdersAreListedNewestFirst(t *testing.T) {
	w := flowtest.New(t)
	m, other := w.Merchant(), w.Merchant()
	var want []string
	var ids []ident.Order
	for i := range 5 {
		o := placed(w, m, basket(fmt.Sprintf("E-%d", i)))
		want = append([]string{o.Reference}, want...)
		ids = append(ids, o.ID)
	}
	foreign := placed(w, other, basket("E-0"))
	w.See(func(tx *db.Tx) error {
		var got []string
		page := order.Page{Limit: 2}
		for {
			orders, err := order.List(tx, m, page)
			if err != nil || len(orders) == 0 {
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("listed (-want +got):\n%s", diff)
				}
				break
			}
			for _, o := range orders {
				got = append(got, o.Reference)
			}
			page.After = orders[len(orders)-1].ID
		}
		many, err := order.Many(tx, m, append(ids, foreign.ID))
		if len(many) != 5 || many[ids[3]].Reference != "E-3" {
			t.Errorf("many: %v", many)
		}
		return err
	})
}

func TestStrangersFindNothing(t *testing.T) {
	w := flowtest.New(t)
	m, other := w.Merchant(), w.Merchant()
	o := placed(w, m, basket("E-1"))
	w.See(func(tx *db.Tx) error {
		_, err := order.Get(tx, other, o.ID)
		mustBreak(t, "get", err, "not_found at order")
		if _, ok, _ := order.ByReference(tx, other, "E-1"); ok {
			t.Error("a stranger finds it by reference")
		}
		if got, ok, _ := order.ByReference(tx, m, "E-1"); !ok || got.ID != o.ID {
			t.Errorf("its merchant finds %s, %v", got.ID, ok)
		}
		lines, err := order.Lines(tx, other, o.ID)
		if len(lines) > 0 {
			t.Errorf("a stranger reads %v", lines)
		}
		return err
	})
}

// What was captured is what was bought: price times units, line by line.
func TestCapturedIsPriceTimesUnits(t *testing.T) {
	w := flowtest.New(t)
	m, n := w.Merchant(), 0
	goods := rapid.Custom(func(t *rapid.T) order.Line {
		return order.Line{
			Name:     "x",
			Units:    rapid.IntRange(1, 1000).Draw(t, "units"),
			Unit:     euros(rapid.Int64Range(0, 1e9).Draw(t, "unit")),
			Captured: euros(rapid.Int64().Draw(t, "what the caller says was captured")),
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		n++
		in := basket(fmt.Sprint(n))
		in.Lines = rapid.SliceOfN(goods, 1, 20).Draw(t, "lines")
		in.DeliveryFee = euros(rapid.Int64Range(0, 1e6).Draw(t, "fee"))
		o, _, err := place(w, m, in)
		if err != nil {
			t.Fatal(err)
		}
		sum := in.DeliveryFee.Minor
		for i, l := range in.Lines {
			want := l.Unit.Minor * int64(l.Units)
			if got := o.Lines[i].Captured.Minor; got != want {
				t.Errorf("line %d captured %d, want %d", i, got, want)
			}
			sum += want
		}
		if o.Value != euros(sum) || o.Delivery != in.DeliveryFee {
			t.Errorf("value %v, delivery %v; want %d and %v", o.Value, o.Delivery, sum, in.DeliveryFee)
		}
	})
}
