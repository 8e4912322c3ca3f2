package order_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
)

func box(o order.Order, number string) order.NewParcel {
	return order.NewParcel{Order: o.ID, Connection: "con_colis", Number: number}
}

func boxOf(o order.Order, number string, oil, soap int) order.NewParcel {
	p := box(o, number)
	p.Units = map[ident.Line]int{}
	for line, units := range map[ident.Line]int{o.Lines[0].ID: oil, o.Lines[1].ID: soap} {
		if units != 0 {
			p.Units[line] = units
		}
	}
	return p
}

func back(p order.NewParcel) order.NewParcel {
	p.Direction = fact.Back
	return p
}

func allPacked(w *flowtest.World, m ident.Merchant, o ident.Order) bool {
	w.T.Helper()
	var packed map[ident.Order]bool
	w.See(func(tx *db.Tx) (err error) {
		packed, err = order.Packed(tx, m, []ident.Order{o})
		return err
	})
	all, known := packed[o]
	if !known {
		w.T.Errorf("nothing is known of %s", o)
	}
	return all
}

func TestAParcelIsReadAsItWasAnnounced(t *testing.T) {
	w := flowtest.New(t)
	m, other := w.Merchant(), w.Merchant()
	o := placed(w, m, basket("E-1"))
	at := w.At("2026-03-02 17:00")
	p, fresh, err := announce(w, m, box(o, " 8R0001 \n"))
	if err != nil || !fresh {
		t.Fatalf("fresh %v, %v", fresh, err)
	}
	want := order.Parcel{
		ID: p.ID, Order: o.ID, Shopper: o.Shopper, Direction: fact.Out, Connection: "con_colis", Service: "srv_home",
		Number: "8R0001", Announced: at, Postcode: "64600", Country: "FR",
	}
	if diff := cmp.Diff(want, p); diff != "" {
		t.Errorf("answered (-want +got):\n%s", diff)
	}
	w.See(func(tx *db.Tx) error {
		byOrder, err := order.Parcels(tx, m, []ident.Order{o.ID, "ord_other"})
		if diff := cmp.Diff(map[ident.Order][]order.Parcel{o.ID: {want}}, byOrder); diff != "" || err != nil {
			t.Errorf("by order: %v (-want +got):\n%s", err, diff)
		}
		byID, err := order.ParcelsByID(tx, m, []ident.Parcel{p.ID})
		if diff := cmp.Diff(map[ident.Parcel]order.Parcel{p.ID: want}, byID); diff != "" || err != nil {
			t.Errorf("by id: %v (-want +got):\n%s", err, diff)
		}
		strangers, err := order.ParcelsByID(tx, other, []ident.Parcel{p.ID})
		if len(strangers) > 0 {
			t.Errorf("a stranger reads %v", strangers)
		}
		return err
	})
	mustTell(w, m, string(o.ID),
		fact.OrderPlaced{Order: o.ID, Shopper: o.Shopper, Value: o.Value, Delivery: o.Delivery},
		fact.ParcelAnnounced{
			Parcel: p.ID, Order: o.ID, Shopper: o.Shopper, Direction: fact.Out,
			Carrier: "con_colis", Service: "srv_home", Number: "8R0001",
		})
}

func TestANumberIsOneParcel(t *testing.T) {
	w := flowtest.New(t)
	m, other := w.Merchant(), w.Merchant()
	o, second := placed(w, m, basket("E-1")), placed(w, m, basket("E-2"))
	first, _, err := announce(w, m, boxOf(o, "8R0001", 2, 3))
	if err != nil {
		t.Fatal(err)
	}
	again, fresh, err := announce(w, m, boxOf(o, "8R0001", 2, 3))
	if err != nil || fresh || again != first {
		t.Errorf("again: %+v, fresh %v, %v; want %+v", again, fresh, err, first)
	}
	_, _, err = announce(w, m, box(second, "8R0001"))
	mustBreak(t, "another order's", err, "parcel_number_conflict at number")
	if fault.KindOf(err) != fault.Conflict {
		t.Errorf("kind %v, want Conflict", fault.KindOf(err))
	}
	_, _, err = announce(w, m, back(box(o, "8R0001")))
	mustBreak(t, "the other way", err, "parcel_number_conflict at number")

	elsewhere := box(second, "8R0001")
	elsewhere.Connection = "con_other"
	if _, fresh, err := announce(w, m, elsewhere); err != nil || !fresh {
		t.Errorf("another carrier may use the number: fresh %v, %v", fresh, err)
	}
	if _, fresh, err := announce(w, other, box(placed(w, other, basket("E-1")), "8R0001")); err != nil || !fresh {
		t.Errorf("another merchant may meet the number: fresh %v, %v", fresh, err)
	}
}

// The order of each row has 2 bottles and 3 soaps.
func TestNeverMoreIsPackedThanWasOrdered(t *testing.T) {
	type step struct {
		oil, soap int
		rest      bool // pack what is left instead
		back      bool
		want      string
	}
	for name, row := range map[string]struct {
		steps []step
		all   bool
	}{
		"one box":                          {[]step{{rest: true}}, true},
		"two boxes, told unit by unit":     {[]step{{oil: 1, soap: 3}, {oil: 1}}, true},
		"a bottle, then the rest":          {[]step{{oil: 1}, {rest: true}}, true},
		"nothing yet":                      {nil, false},
		"the soap is missing":              {[]step{{oil: 2}}, false},
		"a third bottle":                   {[]step{{oil: 2}, {oil: 1, want: "too_many_units"}}, false},
		"three bottles at once":            {[]step{{oil: 3, want: "too_many_units"}}, false},
		"minus one bottle":                 {[]step{{oil: -1, want: "negative_quantity"}}, false},
		"a box after the last unit":        {[]step{{rest: true}, {rest: true}}, true},
		"what comes back was not sent":     {[]step{{rest: true, back: true}}, false},
		"sent, and one bottle sent back":   {[]step{{rest: true}, {oil: 1, back: true}}, true},
		"three bottles back of two bought": {[]step{{rest: true}, {oil: 3, back: true, want: "too_many_units"}}, true},
	} {
		t.Run(name, func(t *testing.T) {
			w := flowtest.New(t)
			m := w.Merchant()
			o := placed(w, m, basket("E-1"))
			for i, s := range row.steps {
				number := strings.Repeat("8", i+1)
				in := boxOf(o, number, s.oil, s.soap)
				if s.rest {
					in = box(o, number)
				}
				if s.back {
					in = back(in)
				}
				_, _, err := announce(w, m, in)
				var want []string
				if s.want != "" {
					want = []string{s.want + " at units[" + string(o.Lines[0].ID) + "]"}
				}
				mustBreak(t, number, err, want...)
			}
			if got := allPacked(w, m, o.ID); got != row.all {
				t.Errorf("all packed is %v", got)
			}
		})
	}
}

func TestWhatIsWrongWithAParcel(t *testing.T) {
	w := flowtest.New(t)
	m, other := w.Merchant(), w.Merchant()
	o, foreign := placed(w, m, basket("E-1")), placed(w, other, basket("E-1"))
	taken := placed(w, m, basket("E-2"))
	w.Do(m, func(tx *flow.Tx) error { return order.Cancel(tx, m, taken.ID, fact.ByMerchant) })
	unknown, none := boxOf(o, "1", 1, 0), boxOf(o, "1", 0, 0)
	unknown.Units["lin_unknown"] = 1
	delivery := box(o, "1")
	delivery.Units = map[ident.Line]int{o.Lines[2].ID: 1}
	for name, row := range map[string]struct {
		in   order.NewParcel
		want []string
	}{
		"nothing said":             {order.NewParcel{}, []string{"field_required at connection", "field_required at number"}},
		"a number of 101":          {box(o, strings.Repeat("8", 101)), []string{"field_too_long at number"}},
		"a number in Latin-1":      {box(o, "8\xe9"), []string{"invalid_utf8 at number"}},
		"sideways":                 {order.NewParcel{Order: o.ID, Connection: "c", Number: "1", Direction: "left"}, []string{"unknown_direction at direction"}},
		"an order nobody placed":   {order.NewParcel{Order: "ord_1", Connection: "c", Number: "1"}, []string{"not_found at order"}},
		"another merchant's order": {box(foreign, "1"), []string{"not_found at order"}},
		"an order taken back":      {box(taken, "1"), []string{"order_cancelled at order"}},
		"an empty list of units":   {none, []string{"field_required at units"}},
		"a line of nowhere":        {unknown, []string{"unknown_line at units[lin_unknown]"}},
		"delivery is not packed":   {delivery, []string{"unknown_line at units[" + string(o.Lines[2].ID) + "]"}},
	} {
		_, _, err := announce(w, m, row.in)
		mustBreak(t, name, err, row.want...)
	}
	if _, fresh, err := announce(w, m, back(box(taken, "1"))); err != nil || !fresh {
		t.Errorf("what had left before it was taken back may come back: fresh %v, %v", fresh, err)
	}
}

func TestManyOrdersAreAskedAtOnce(t *testing.T) {
	w := flowtest.New(t)
	m := w.Merchant()
	full, half, foreign := placed(w, m, basket("E-1")), placed(w, m, basket("E-2")), placed(w, w.Merchant(), basket("E-3"))
	for _, p := range []order.NewParcel{box(full, "1"), boxOf(half, "2", 1, 1), back(box(half, "3"))} {
		if _, _, err := announce(w, m, p); err != nil {
			t.Fatal(err)
		}
	}
	w.See(func(tx *db.Tx) error {
		got, err := order.Packed(tx, m, []ident.Order{full.ID, half.ID, foreign.ID})
		if diff := cmp.Diff(map[ident.Order]bool{full.ID: true, half.ID: false}, got); diff != "" {
			t.Errorf("packed (-want +got):\n%s", diff)
		}
		return err
	})
}
