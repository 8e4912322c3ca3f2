package order_test

import (
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

// short is bottles and soaps of an order that a party says are missing.
func short(o order.Order, by fact.Party, oil, soap int) order.Missing {
	return order.Missing{Order: o.ID, By: by, Units: boxOf(o, "", oil, soap).Units}
}

func declare(w *flowtest.World, m ident.Merchant, in order.Missing) (id ident.Shortage, err error) {
	err = w.Try(m, func(tx *flow.Tx) (err error) {
		id, err = order.DeclareMissing(tx, m, in)
		return err
	})
	return id, err
}

func shortages(w *flowtest.World, m ident.Merchant, o ident.Order) (all []order.Shortage) {
	w.T.Helper()
	w.See(func(tx *db.Tx) error {
		of, err := order.Shortages(tx, m, []ident.Order{o, "ord_other"})
		all = of[o]
		return err
	})
	return all
}

// deliver puts a parcel into the shopper's hands, or takes that back.
func deliver(w *flowtest.World, m ident.Merchant, p order.Parcel, there bool) {
	w.T.Helper()
	moved := fact.ParcelMoved{Parcel: p.ID, Order: p.Order, Direction: p.Direction, Was: fact.OutForDelivery, Now: fact.Delivered}
	if !there {
		moved.Was, moved.Now = fact.Delivered, fact.InTransit
	}
	w.Do(m, func(tx *flow.Tx) error {
		if there {
			moved.Clocks.InHand = fact.Span{From: tx.Now, Until: tx.Now + 1}
		}
		return tx.Emit(m, string(p.Order), string(ident.New[ident.Event](tx.Mint)), moved)
	})
}

// The order of each row has 2 bottles and 3 soaps.
func TestWhoMaySayThatWhatIsMissing(t *testing.T) {
	type step struct {
		pack, untold  []int // bottles and soaps in a box; untold: a box whose contents nobody told
		back          bool
		arrive, taken bool // the last box
		merchant      []int
		shopper       []int
		want          string // code
	}
	for name, steps := range map[string][]step{
		"a bottle, before anything is packed":                         {{merchant: []int{1, 0}}},
		"all of it":                                                   {{merchant: []int{2, 3}}},
		"three bottles of two":                                        {{merchant: []int{3, 0}, want: "missing_units_packed"}},
		"minus one bottle":                                            {{merchant: []int{-1, 0}, want: "negative_quantity"}},
		"a bottle that is packed":                                     {{pack: []int{2, 0}}, {merchant: []int{1, 0}, want: "missing_units_packed"}},
		"the bottle that is left":                                     {{pack: []int{1, 0}}, {merchant: []int{1, 0}}},
		"a bottle, then both":                                         {{merchant: []int{1, 0}}, {merchant: []int{2, 0}, want: "missing_units_packed"}},
		"a bottle declared missing is not packed":                     {{merchant: []int{1, 0}}, {pack: []int{2, 3}, want: "too_many_units"}},
		"the rest of what is not missing is":                          {{merchant: []int{1, 0}}, {pack: []int{1, 3}}},
		"what comes back may be what never left":                      {{merchant: []int{1, 0}}, {pack: []int{2, 0}, back: true}},
		"the shopper, before anything is sent":                        {{shopper: []int{1, 0}, want: "nothing_delivered"}},
		"the shopper, while it is on its way":                         {{pack: []int{2, 3}}, {shopper: []int{1, 0}, want: "nothing_delivered"}},
		"the shopper, once it is there":                               {{pack: []int{2, 3}}, {arrive: true}, {shopper: []int{2, 1}}},
		"the shopper, when that turned out wrong":                     {{pack: []int{2, 3}}, {arrive: true}, {taken: true}, {shopper: []int{1, 0}, want: "nothing_delivered"}},
		"the shopper, of the box that has not come":                   {{pack: []int{2, 0}}, {arrive: true}, {pack: []int{0, 3}}, {shopper: []int{0, 1}, want: "missing_units_undelivered"}},
		"the shopper, of more than came":                              {{pack: []int{1, 3}}, {arrive: true}, {shopper: []int{2, 0}, want: "missing_units_undelivered"}},
		"the shopper, twice of the same bottles":                      {{pack: []int{2, 3}}, {arrive: true}, {shopper: []int{2, 0}}, {shopper: []int{1, 0}, want: "missing_units_undelivered"}},
		"the shopper, of what the shop said already":                  {{merchant: []int{1, 0}}, {pack: []int{1, 3}}, {arrive: true}, {shopper: []int{2, 0}, want: "missing_units_undelivered"}},
		"the shopper, of what the shop did send":                      {{merchant: []int{1, 0}}, {pack: []int{1, 3}}, {arrive: true}, {shopper: []int{1, 0}}},
		"a parcel on its way back is nobody's delivery":               {{pack: []int{2, 3}, back: true}, {arrive: true}, {shopper: []int{1, 0}, want: "nothing_delivered"}},
		"a box in place of a lost one may have held any of them":      {{pack: []int{2, 3}}, {untold: []int{}}, {arrive: true}, {shopper: []int{2, 3}}},
		"but no more than were ordered":                               {{pack: []int{2, 3}}, {untold: []int{}}, {arrive: true}, {shopper: []int{3, 0}, want: "missing_units_undelivered"}},
		"the shop, of units in a box, once the shopper has something": {{pack: []int{2, 0}}, {arrive: true}, {merchant: []int{0, 3}}},
	} {
		t.Run(name, func(t *testing.T) {
			w := flowtest.New(t, order.Reactions()...)
			m := w.Merchant()
			o := placed(w, m, basket("E-1"))
			var last order.Parcel
			for i, s := range steps {
				err := error(nil)
				switch number := string(rune('A' + i)); {
				case s.untold != nil:
					last, _, err = announce(w, m, box(o, number))
				case s.pack != nil:
					in := boxOf(o, number, s.pack[0], s.pack[1])
					if s.back {
						in = back(in)
					}
					last, _, err = announce(w, m, in)
				case s.merchant != nil:
					_, err = declare(w, m, short(o, fact.ByMerchant, s.merchant[0], s.merchant[1]))
				case s.shopper != nil:
					_, err = declare(w, m, short(o, fact.ByShopper, s.shopper[0], s.shopper[1]))
				default:
					deliver(w, m, last, s.arrive)
				}
				switch {
				case s.want == "" && err != nil:
					t.Fatalf("step %d: %v", i, err)
				case s.want != "" && !fault.Is(err, s.want):
					t.Fatalf("step %d: %v, want %s", i, err, s.want)
				}
			}
		})
	}
}

func TestAShortageIsReadAsItWasSaid(t *testing.T) {
	w := flowtest.New(t, order.Reactions()...)
	m, other := w.Merchant(), w.Merchant()
	o := placed(w, m, basket("E-1"))
	at := w.At("2026-03-02 17:00")
	in := short(o, fact.ByMerchant, 1, 2)
	in.Damaged = true
	id, err := declare(w, m, in)
	if err != nil {
		t.Fatal(err)
	}
	want := []order.Shortage{{
		ID: id, Order: o.ID, By: fact.ByMerchant, Damaged: true, At: at,
		Lines: []order.Short{{o.Lines[0].ID, 1}, {o.Lines[1].ID, 2}},
	}}
	got := shortages(w, m, o.ID)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if got[0].Units() != 3 {
		t.Errorf("%d units", got[0].Units())
	}
	if foreign := shortages(w, other, o.ID); foreign != nil {
		t.Errorf("a stranger reads %v", foreign)
	}
	mustTell(w, m, string(o.ID),
		fact.OrderPlaced{Order: o.ID, Shopper: o.Shopper, Value: o.Value, Delivery: o.Delivery},
		fact.UnitsMissing{Shortage: id, Order: o.ID, Shopper: o.Shopper, By: fact.ByMerchant, Units: 3, Lines: 2, Damaged: true})
}

func TestTheSameTapTwiceIsOneShortage(t *testing.T) {
	w := flowtest.New(t, order.Reactions()...)
	m := w.Merchant()
	o := placed(w, m, basket("E-1"))
	p, _, err := announce(w, m, box(o, "8R0001"))
	if err != nil {
		t.Fatal(err)
	}
	deliver(w, m, p, true)
	say := func(change func(*order.Missing)) ident.Shortage {
		t.Helper()
		in := short(o, fact.ByShopper, 0, 1)
		if change != nil {
			change(&in)
		}
		id, err := declare(w, m, in)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	first := say(nil)
	if again := say(nil); again != first {
		t.Errorf("the same tap: %s, then %s", first, again)
	}
	broken := say(func(in *order.Missing) { in.Damaged = true })
	if broken == first {
		t.Error("a broken soap is no missing soap")
	}
	more := say(func(in *order.Missing) { in.Damaged, in.After = true, broken })
	if more == broken {
		t.Error("whoever knows of the first broken soap speaks of a second one")
	}
	if again := say(func(in *order.Missing) { in.Damaged, in.After = true, broken }); again != more {
		t.Errorf("and the same tap there: %s, then %s", more, again)
	}
	if all := shortages(w, m, o.ID); len(all) != 3 {
		t.Errorf("%d shortages", len(all))
	}
}

func TestWhatIsWrongWithAShortage(t *testing.T) {
	w := flowtest.New(t, order.Reactions()...)
	m, other := w.Merchant(), w.Merchant()
	o, foreign, taken := placed(w, m, basket("E-1")), placed(w, other, basket("E-1")), placed(w, m, basket("E-2"))
	w.Do(m, func(tx *flow.Tx) error { return order.Cancel(tx, m, taken.ID, fact.ByMerchant) })
	delivery := short(o, fact.ByMerchant, 1, 0)
	delivery.Units[o.Lines[2].ID] = 1
	for name, row := range map[string]struct {
		in   order.Missing
		want []string
	}{
		"nothing said":               {order.Missing{}, []string{"shortage_sayer_unknown at by", "field_required at units"}},
		"the carrier has no say":     {short(o, fact.ByCarrier, 1, 0), []string{"shortage_sayer_unknown at by"}},
		"an order nobody placed":     {short(order.Order{ID: "ord_1", Lines: o.Lines}, fact.ByMerchant, 1, 0), []string{"not_found at order"}},
		"another merchant's order":   {short(foreign, fact.ByMerchant, 1, 0), []string{"not_found at order"}},
		"an order taken back":        {short(taken, fact.ByMerchant, 1, 0), []string{"order_cancelled at order"}},
		"delivery can not be broken": {delivery, []string{"unknown_line at units[" + string(o.Lines[2].ID) + "]"}},
		"two lines at once": {short(o, fact.ByMerchant, 3, 4), []string{
			"missing_units_packed at units[" + string(o.Lines[0].ID) + "]", "missing_units_packed at units[" + string(o.Lines[1].ID) + "]",
		}},
	} {
		_, err := declare(w, m, row.in)
		mustBreak(t, name, err, row.want...)
	}
	if all := shortages(w, m, o.ID); all != nil {
		t.Errorf("written all the same: %v", all)
	}
}

// What will not be sent is settled; an order of which nothing is sent is not.
func TestPackedWithUnitsMissing(t *testing.T) {
	for name, row := range map[string]struct {
		oil, soap   int // packed
		lacks, lack int // declared missing: bottles, soaps
		want        bool
	}{
		"a bottle missing, nothing packed":    {0, 0, 1, 0, false},
		"a bottle missing, the rest packed":   {1, 3, 1, 0, true},
		"a bottle missing, a soap not packed": {1, 2, 1, 0, false},
		"all missing":                         {0, 0, 2, 3, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := flowtest.New(t)
			m := w.Merchant()
			o := placed(w, m, basket("E-1"))
			if row.oil+row.soap > 0 {
				if _, _, err := announce(w, m, boxOf(o, "1", row.oil, row.soap)); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := declare(w, m, short(o, fact.ByMerchant, row.lacks, row.lack)); err != nil {
				t.Fatal(err)
			}
			if got := allPacked(w, m, o.ID); got != row.want {
				t.Errorf("packed is %v", got)
			}
		})
	}
}

func TestABoxOfTheRestHoldsNothingThatIsMissing(t *testing.T) {
	w := flowtest.New(t, order.Reactions()...)
	m := w.Merchant()
	o := placed(w, m, basket("E-1"))
	if _, err := declare(w, m, short(o, fact.ByMerchant, 1, 0)); err != nil {
		t.Fatal(err)
	}
	p, _, err := announce(w, m, box(o, "8R0001"))
	if err != nil {
		t.Fatal(err)
	}
	deliver(w, m, p, true)
	_, err = declare(w, m, short(o, fact.ByShopper, 2, 3))
	mustBreak(t, "two bottles of the one that was sent", err, "missing_units_undelivered at units["+string(o.Lines[0].ID)+"]")
	if _, err := declare(w, m, short(o, fact.ByShopper, 1, 3)); err != nil {
		t.Error(err)
	}
}
