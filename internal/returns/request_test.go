package returns_test

import (
	"slices"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/returns"
)

func (s *shop) options(w returns.Wanted, near returns.Near) (f returns.Offered, err error) {
	err = s.Read(ctx, func(tx *db.Tx) (err error) {
		f, err = s.office.Options(tx, s.m, w, near)
		return err
	})
	return f, err
}

func (s *shop) eligible(o ident.Order) (e returns.Eligibility) {
	s.t.Helper()
	s.See(func(tx *db.Tx) (err error) {
		e, err = s.office.Eligible(tx, s.m, o)
		return err
	})
	return e
}

// weighing makes the coat as heavy as one likes.
func weighing(grams int) func(*order.New) {
	return func(in *order.New) { in.Lines[0].Grams = grams }
}

func routesOf(f returns.Offered) (out []fact.Route) {
	for _, o := range f.Options {
		out = append(out, o.Route)
	}
	return out
}

func TestWaysBack(t *testing.T) {
	all := []fact.Route{fact.BackByRelay, fact.BackByPost, fact.BackToStore, fact.BackByPickup, fact.BackOnTheirs}
	for _, row := range []struct {
		law    string
		change func(*order.New)
		hidden map[fact.Route]string
	}{
		{"30.000 kg goes by relay point", weighing(30_000), nil},
		{
			"30.001 kg does not", weighing(30_001),
			map[fact.Route]string{fact.BackByRelay: "too_heavy", fact.BackByPost: "too_heavy"},
		},
		{
			"1.20 m is long for a letter box, not for a relay point", made(order.Traits{Length: 1200, Width: 100, Height: 100}),
			map[fact.Route]string{fact.BackByPost: "too_large"},
		},
		{
			"1.201 m is too long for both", made(order.Traits{Length: 1201, Width: 100, Height: 100}),
			map[fact.Route]string{fact.BackByRelay: "too_large", fact.BackByPost: "too_large"},
		},
		{
			"three sides of 1.50 m together go", made(order.Traits{Length: 500, Width: 500, Height: 500}), nil,
		},
		{
			"a millimetre more does not", made(order.Traits{Length: 501, Width: 500, Height: 500}),
			map[fact.Route]string{fact.BackByRelay: "too_large", fact.BackByPost: "too_large"},
		},
		{
			"bulky goods are fetched, or brought", made(order.Traits{Handling: []string{"bulky"}}),
			map[fact.Route]string{fact.BackByRelay: "bulky", fact.BackByPost: "bulky"},
		},
		{
			"dangerous goods as well, and nobody takes them their own way", dangerous,
			map[fact.Route]string{fact.BackByRelay: "dangerous", fact.BackByPost: "dangerous", fact.BackOnTheirs: "dangerous"},
		},
	} {
		s := open(t)
		b := s.had(row.change)
		f, err := s.options(s.wants(b, map[ident.Line]int{b.coat: 1}, "no_longer_needed"), nil)
		s.must(err)
		if len(f.Hidden) != len(row.hidden) {
			t.Errorf("%s: hidden %+v", row.law, f.Hidden)
		}
		for _, h := range f.Hidden {
			if row.hidden[h.Route] != h.Code || len(h.Instead) < 2 {
				t.Errorf("%s: %+v", row.law, h)
			}
		}
		for _, r := range all {
			if _, hidden := row.hidden[r]; hidden == slices.Contains(routesOf(f), r) {
				t.Errorf("%s: %s is offered: %v", row.law, r, !hidden)
			}
		}
	}
}

func TestWhatIsSaidBeforeChoosing(t *testing.T) {
	s := open(t)
	s.At("2026-12-01 10:00")
	b := s.had()
	s.At("2026-12-24 09:00") // a Thursday
	w := s.wants(b, map[ident.Line]int{b.scarf: 1}, "no_longer_needed")
	before, err := s.options(w, nil)
	s.must(err)
	s.At("2026-12-28 09:00") // a Monday, in the weeks when everybody returns
	after, err := s.options(w, returns.Near{fact.BackByRelay: 420})
	s.must(err)
	usual, peak := before.Options[0], after.Options[0]
	if usual.Route != fact.BackByRelay || usual.Most != 5 || usual.Peak != 0 || peak.Most != 8 || peak.Peak != 3 || peak.Metres != 420 {
		t.Errorf("usual %+v, at the peak %+v", usual, peak)
	}
	// Five working days from Thursday the 24th, over Christmas and New Year's Day: Monday 4 January.
	if want := local("2027-01-05 00:00"); usual.ReceiveBy != want {
		t.Errorf("there by %v, want %v", usual.ReceiveBy, want)
	}
	// Eight from Monday the 28th, over New Year's Day: Friday 8 January; fourteen days more.
	if want := local("2027-01-23 00:00"); peak.RefundBy != want {
		t.Errorf("the money by %v, want %v", peak.RefundBy.In(time.UTC), want)
	}
	if usual.Low <= 0 || usual.High <= usual.Low || usual.Method == "" {
		t.Errorf("footprint %d to %d by %q", usual.Low, usual.High, usual.Method)
	}
	if len(after.Hidden) != 1 || after.Hidden[0].Route != fact.BackToStore || after.Hidden[0].Code != "no_point_near" {
		t.Errorf("no store is near: %+v", after.Hidden)
	}
}

func local(text string) civil.Instant {
	x, err := time.ParseInLocation("2006-01-02 15:04:05"[:len(text)], text, paris)
	if err != nil {
		panic(err)
	}
	return civil.At(x)
}

var paris = func() *time.Location {
	loc, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		panic(err)
	}
	return loc
}()

func TestThePriceOfTheWayBack(t *testing.T) {
	for _, row := range []struct {
		law, reason string
		informed    bool
		price       int64
	}{
		{"a change of mind, fetched at home", "no_longer_needed", true, 990},
		{"a fault costs nothing", "defective", true, 0},
		{"nobody said that the shopper bears it: nothing (L221-23)", "no_longer_needed", false, 0},
	} {
		s := open(t)
		b := s.buys()
		if !row.informed {
			s.At("2026-02-01 09:00") // before the shop told anybody of the right to withdraw
			b = s.buys()
			s.At("2026-03-02 10:00")
		}
		s.Pass(48 * time.Hour)
		s.delivers(b, s.Clock().Now().Add(-time.Hour))
		f, err := s.options(s.wants(b, map[ident.Line]int{b.scarf: 1}, row.reason), nil)
		s.must(err)
		i := slices.Index(routesOf(f), fact.BackByPickup)
		if f.Options[i].Price != euros(row.price) {
			t.Errorf("%s: %v", row.law, f.Options[i].Price)
		}
	}
}

// The window of a line, at its very edges.
func TestTheWindow(t *testing.T) {
	for _, row := range []struct{ law, asked, reason, code string }{
		{"the last second of day 30", "2026-04-03 23:59:59", "no_longer_needed", ""},
		{"a second after", "2026-04-04 00:00:00", "no_longer_needed", "return_window_over"},
		{"a fault, the last second of two years", "2028-03-04 23:59:59", "defective", ""},
		{"a second after two years", "2028-03-05 00:00:00", "defective", "return_window_over"},
	} {
		s := open(t)
		b := s.had() // in hand on 4 March, 08:00
		s.At(row.asked)
		_, _, err := s.asks(s.wants(b, map[ident.Line]int{b.scarf: 1}, row.reason))
		if row.code == "" {
			s.must(err)
			continue
		}
		refused(t, row.law, err, row.code, "items[0].line")
	}
}

// The clocks of the address decide: in Guadeloupe it is still the last day when
// it is over in Paris.
func TestAZoneThatDisagrees(t *testing.T) {
	s := open(t)
	b := s.had(func(in *order.New) { in.Ship.Postcode, in.Ship.City = "97110", "Pointe-à-Pitre" })
	s.At("2026-04-04 05:59:59")
	if e := s.eligible(b.ID); e.Zone != "America/Guadeloupe" || e.Lines[0].Until != local("2026-04-04 06:00") {
		t.Errorf("%s, until %v", e.Zone, e.Lines[0].Until.In(paris))
	}
	w := s.wants(b, map[ident.Line]int{b.scarf: 1}, "no_longer_needed")
	s.must(second(s.asks(w)))
	s.At("2026-04-04 06:00:00")
	w.Key = "late"
	refused(t, "a second after", second(s.asks(w)), "return_window_over", "items[0].line")
}

func second(_ returns.Return, _ bool, err error) error { return err }

func TestWhatCanNotComeBack(t *testing.T) {
	s := open(t)
	b, away, other := s.had(), s.buys(), s.had(func(in *order.New) { in.Shopper = "shp_robin" })
	s.asked(s.wants(b, map[ident.Line]int{b.coat: 1}, "no_longer_needed", func(w *returns.Wanted) { w.Key = "first" }))
	one := func(change func(*returns.Wanted)) returns.Wanted {
		return s.wants(b, map[ident.Line]int{b.scarf: 1}, "no_longer_needed", change)
	}
	for _, row := range []struct {
		law         string
		w           returns.Wanted
		code, field string
	}{
		{"nothing", one(func(w *returns.Wanted) { w.Items = nil }), "field_required", "items"},
		{"no key", one(func(w *returns.Wanted) { w.Key = "" }), "field_required", "key"},
		{"what was never bought", one(func(w *returns.Wanted) { w.Items[0].Line = "lin_none" }), "unknown_line", "items[0].line"},
		{"the delivery", one(func(w *returns.Wanted) { w.Items[0].Line = b.delivery }), "unknown_line", "items[0].line"},
		{"a line of another order", one(func(w *returns.Wanted) { w.Items[0].Line = other.scarf }), "unknown_line", "items[0].line"},
		{"somebody else's order", s.wants(other, map[ident.Line]int{other.scarf: 1}, "no_longer_needed"), "not_found", "order"},
		{"an order that is not there", one(func(w *returns.Wanted) { w.Order = "ord_none" }), "not_found", "order"},
		{"too many", one(func(w *returns.Wanted) { w.Items[0].Units = 4 }), "too_many_to_return", "items[0].units"},
		{"less than none", one(func(w *returns.Wanted) { w.Items[0].Units = -1 }), "negative_quantity", "items[0].units"},
		{"already returned", one(func(w *returns.Wanted) { w.Items[0].Line = b.coat }), "already_returned", "items[0].line"},
		{"not in hand yet", s.wants(away, map[ident.Line]int{away.scarf: 1}, "no_longer_needed"), "not_in_hand", "items[0].line"},
		{"a line twice", one(func(w *returns.Wanted) { w.Items = append(w.Items, w.Items[0]) }), "line_twice", "items[1].line"},
		{"a reason nobody knows", one(func(w *returns.Wanted) { w.Items[0].Reason = "because" }), "unknown_value", "items[0].reason"},
		{"damaged, without a photo", one(func(w *returns.Wanted) { w.Items[0].Reason = "damaged" }), "photo_required", "items[0].photos"},
		{"eleven photos", one(func(w *returns.Wanted) { w.Items[0].Photos = make([]ident.Blob, 11) }), "list_too_long", "items[0].photos"},
		{"a photo of nobody's", one(func(w *returns.Wanted) { w.Items[0].Photos = []ident.Blob{"blb_none"} }), "photo_unknown", "items[0].photos[0]"},
		{"a point of nobody's", one(func(w *returns.Wanted) { w.Point = "pnt_none" }), "not_found", "point"},
		{"a point of another network", one(func(w *returns.Wanted) { w.Point = s.point("another").ID }), "point_off_route", "point"},
		{"a way nobody offers", one(func(w *returns.Wanted) { w.Route = fact.BackNotNeeded }), "route_hidden", "route"},
		{"a settlement nobody offers", one(func(w *returns.Wanted) { w.Settlement = "gold" }), "unknown_value", "settlement"},
	} {
		refused(t, row.law, second(s.asks(row.w)), row.code, row.field)
	}
}

// What the shop does not take back for a change of mind can be withdrawn from
// where the law says so, and a fault comes back always.
func TestExclusions(t *testing.T) {
	for _, row := range []struct {
		law, handling, excluded, reason, code string
		condition                             returns.Condition
	}{
		{"a personalised coat, within fourteen days: withdraw", "personalised", "", "no_longer_needed", "withdraw_instead", ""},
		{"said before the purchase: not even that", "personalised", "L221-28 3°", "no_longer_needed", "return_excluded", ""},
		{"a fault comes back", "personalised", "L221-28 3°", "defective", "", ""},
		{"perishable", "perishable", "L221-28 4°", "no_longer_needed", "return_excluded", ""},
		{"hygiene, opened", "hygiene", "L221-28 5°", "no_longer_needed", "return_excluded", returns.Opened},
		{"hygiene, sealed", "hygiene", "L221-28 5°", "no_longer_needed", "", returns.Unopened},
	} {
		s := open(t)
		b := s.had(made(order.Traits{Handling: []string{row.handling}, Excluded: row.excluded}))
		w := s.wants(b, map[ident.Line]int{b.coat: 1}, row.reason)
		w.Items[0].Condition = row.condition
		err := second(s.asks(w))
		if row.code == "" {
			s.must(err)
			continue
		}
		refused(t, row.law, err, row.code, "items[0].line")
	}
}

func TestAskedTwiceIsAskedOnce(t *testing.T) {
	s := open(t)
	b := s.had()
	w := s.wants(b, map[ident.Line]int{b.scarf: 2}, "no_longer_needed")
	first := s.asked(w)
	again, fresh, err := s.asks(w)
	if err != nil || fresh || again.ID != first.ID {
		t.Errorf("%+v, fresh %v, %v", again, fresh, err)
	}
	w.Items[0].Units = 1
	refused(t, "another wish under the key", second(s.asks(w)), "return_key_conflict", "key")
	if n := s.count(b.ID, "returns.requested"); n != 1 {
		t.Errorf("told %d times", n)
	}
}

// A merchant's own rules: Christmas, a keeper, a category.
func TestAPolicyOfOnesOwn(t *testing.T) {
	s := open(t)
	source := `{"days": 30,
		"until": bought.month_day >= "11-15" && bought.month_day <= "12-24" ? string(bought.year + 1) + "-01-31" : "",
		"excluded": "", "approve": category == "jewels" && value > 10000 ? "valuable" : "",
		"settlements": ["refund"], "peak_days": 0, "keep_below": 3000,
		"routes": [{"route": "post", "unless": country == "FR" ? "" : "abroad", "price": 0, "insured": 0, "days": [2, 3]}]}`
	if err := returns.CheckPolicy(source); err != nil {
		t.Fatal(err)
	}
	s.Do(s.m, func(tx *flow.Tx) error { _, err := merchant.SetPolicy(tx, s.m, returns.Topic, source); return err })
	for _, row := range []struct{ law, bought, until string }{
		{"bought on 14 November: thirty days", "2026-11-14 10:00", "2026-12-17 00:00"},
		{"bought on 15 November: to the end of January", "2026-11-15 00:00", "2027-02-01 00:00"},
		{"bought on Christmas Eve, a second before it ends", "2026-12-24 23:59:59", "2027-02-01 00:00"},
		{"bought at Christmas", "2026-12-25 00:00", "2027-01-26 00:00"},
	} {
		s.At(row.bought)
		b := s.buys()
		s.Pass(48 * time.Hour)
		s.delivers(b, s.Clock().Now().Add(-time.Minute))
		if got := s.eligible(b.ID).Lines[0].Until; got != local(row.until) {
			t.Errorf("%s: until %v", row.law, got.In(paris))
		}
	}
	b := s.had(made(order.Traits{Category: "jewels"}))
	f, err := s.options(s.wants(b, map[ident.Line]int{b.scarf: 1}, "no_longer_needed"), nil)
	if err != nil || !slices.Equal(routesOf(f), []fact.Route{fact.BackNotNeeded, fact.BackByPost}) {
		t.Errorf("a scarf of 25.00 is kept: %v, %v", routesOf(f), err)
	}
	f, err = s.options(s.wants(b, map[ident.Line]int{b.coat: 1}, "no_longer_needed"), nil)
	if err != nil || !slices.Equal(routesOf(f), []fact.Route{fact.BackByPost}) || f.Approve != "valuable" {
		t.Errorf("a coat is not: %v %q, %v", routesOf(f), f.Approve, err)
	}
	for law, bad := range map[string]string{
		"no rule": "{", "a name too many": `{"days": 1, "dayz": 2}`, "a way nobody knows": `{"days": 30, "until": "", "excluded": "", "approve": "",
			"settlements": [], "peak_days": 0, "keep_below": 0, "routes": [{"route": "pigeon", "unless": "", "price": 0, "insured": 0, "days": [1, 2]}]}`,
	} {
		if err := returns.CheckPolicy(bad); !fault.Is(err, "policy_invalid") {
			t.Errorf("%s: %v", law, err)
		}
	}
	if err := returns.CheckPolicy(returns.Default); err != nil {
		t.Errorf("the shipped one: %v", err)
	}
}

func TestAnExchangeWaitsForTheShopsWord(t *testing.T) {
	for _, row := range []struct {
		law        string
		answer     func(s *shop, id ident.Return) error
		settlement fact.Settlement
		stock      returns.Stock
	}{
		{"it is there", func(s *shop, id ident.Return) error {
			return s.Try(s.m, func(tx *flow.Tx) error { _, err := returns.AnswerStock(tx, s.m, id, true); return err })
		}, fact.Exchange, returns.InStock},
		{"it is not", func(s *shop, id ident.Return) error {
			return s.Try(s.m, func(tx *flow.Tx) error { _, err := returns.AnswerStock(tx, s.m, id, false); return err })
		}, fact.Refund, returns.OutOfStock},
		{"the shop says nothing", func(s *shop, _ ident.Return) error {
			s.Pass(3 * 24 * time.Hour)
			s.Quiet()
			return nil
		}, fact.Refund, returns.StockQuiet},
	} {
		s := open(t)
		b := s.had()
		r := s.asked(s.wants(b, map[ident.Line]int{b.scarf: 1}, "wrong_size", func(w *returns.Wanted) { w.Settlement = fact.Exchange }))
		if r.Stock != returns.StockAsked || r.StockBy != local("2026-03-07 00:00") {
			t.Errorf("%s: asked %+v", row.law, r)
		}
		s.must(row.answer(s, r.ID))
		if r = s.get(r.ID); r.Settlement != row.settlement || r.Stock != row.stock || r.State != returns.Accepted {
			t.Errorf("%s: %+v", row.law, r)
		}
	}
}

// What the stock says may come while the parcel travels; until it has, nobody
// decides, for an exchange without goods is a refund.
func TestAnExchangeIsNotDecidedBeforeTheShopsWord(t *testing.T) {
	s := open(t)
	b := s.had()
	r := s.asked(s.wants(b, map[ident.Line]int{b.scarf: 1}, "wrong_size", func(w *returns.Wanted) { w.Settlement = fact.Exchange }))
	s.inspects(r.ID, b)
	_, err := s.decides(s.agents[1], r.ID, returns.Ruling{Outcome: fact.InFull})
	refused(t, "nobody said whether it is there", err, "stock_unanswered", "return")
	s.Pass(3 * 24 * time.Hour)
	s.Quiet()
	d, err := s.decides(s.agents[1], r.ID, returns.Ruling{Outcome: fact.InFull})
	s.must(err)
	if d.Settlement != fact.Refund || d.Amount.Minor == 0 {
		t.Errorf("the shop said nothing: %+v", d)
	}
}
