package shopper_test

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
	"github.com/promesse-dev/promesse/internal/shopper"
)

// customer is a shopper who may be sent codes.
type customer struct {
	*flowtest.World
	m  ident.Merchant
	id ident.Shopper
}

func newCustomer(t *testing.T) customer {
	t.Helper()
	w := flowtest.New(t)
	m := w.Merchant()
	return customer{w, m, registered(w, m, camille())}
}

func (c customer) try(purpose string) (code shopper.Code, err error) {
	err = c.Try(c.m, func(tx *flow.Tx) (err error) {
		code, err = shopper.SendCode(tx, c.m, c.id, purpose)
		return err
	})
	return code, err
}

func (c customer) send(purpose string) shopper.Code {
	c.T.Helper()
	code, err := c.try(purpose)
	if err != nil {
		c.T.Fatal(err)
	}
	return code
}

func (c customer) types(purpose, digits string) (outcome shopper.Check, left int) {
	c.T.Helper()
	c.Do(c.m, func(tx *flow.Tx) (err error) {
		outcome, left, err = shopper.CheckCode(tx, c.m, c.id, purpose, digits)
		return err
	})
	return outcome, left
}

func (c customer) mustBe(want shopper.Check, purpose, digits string) {
	c.T.Helper()
	if got, _ := c.types(purpose, digits); got != want {
		c.T.Errorf("%q for %s is %s, want %s", digits, purpose, got, want)
	}
}

// other is a code that is not this one.
func other(digits string) string {
	if digits == "000000" {
		return "000001"
	}
	return "000000"
}

const cancel = "cancel ord_1"

func TestACodeOpensOnceWhatItWasSentFor(t *testing.T) {
	c := newCustomer(t)
	code := c.send(cancel)
	if !regexp.MustCompile(`^\d{6}$`).MatchString(code.Digits) {
		t.Fatalf("%q is not six digits", code.Digits)
	}
	c.mustBe(shopper.Missing, "cancel ord_2", code.Digits)
	c.mustBe(shopper.Right, cancel, " "+code.Digits[:3]+" "+code.Digits[3:]+"\n")
	c.mustBe(shopper.Used, cancel, code.Digits)
	c.mustBe(shopper.Used, cancel, other(code.Digits))
}

func TestACodeLivesTenMinutes(t *testing.T) {
	c := newCustomer(t)
	first, second := c.send("a"), c.send("b")
	c.Pass(10*time.Minute - time.Microsecond)
	c.mustBe(shopper.Right, "a", first.Digits)
	c.Pass(time.Microsecond)
	c.mustBe(shopper.Expired, "b", second.Digits)
	c.mustBe(shopper.Expired, "b", other(second.Digits))
}

func TestFiveTriesSpendACode(t *testing.T) {
	c := newCustomer(t)
	code := c.send(cancel)
	for want := 4; want > 0; want-- {
		if got, left := c.types(cancel, other(code.Digits)); got != shopper.Wrong || left != want {
			t.Errorf("%s with %d tries left, want %d", got, left, want)
		}
	}
	c.mustBe(shopper.Spent, cancel, other(code.Digits))
	c.mustBe(shopper.Spent, cancel, code.Digits)
	c.mustBe(shopper.Right, cancel, c.send(cancel).Digits)
}

func TestTheLastCodeSentIsTheOneThatOpens(t *testing.T) {
	c := newCustomer(t)
	first, second := c.send(cancel), c.send(cancel)
	if first.Digits != second.Digits { // one chance in a million that they are the same
		c.mustBe(shopper.Wrong, cancel, first.Digits)
	}
	c.mustBe(shopper.Right, cancel, second.Digits)
	if first.Name == second.Name {
		t.Errorf("both are called %s", first.Name)
	}
}

func TestThreeCodesAnHourWhateverFor(t *testing.T) {
	c := newCustomer(t)
	for i := range 3 {
		c.send(fmt.Sprint("purpose ", i))
		c.Pass(10 * time.Minute)
	}
	_, err := c.try("another")
	mustBreak(t, "the fourth", err, "codes_exhausted at code")
	if fault.KindOf(err) != fault.TooMany {
		t.Errorf("kind %v", fault.KindOf(err))
	}
	if wait := fault.All(err)[0].Args["wait"]; wait != 31*time.Minute {
		t.Errorf("wait %v", wait)
	}
	c.Pass(30*time.Minute - time.Microsecond)
	_, err = c.try("another")
	mustBreak(t, "a moment early", err, "codes_exhausted at code")
	c.Pass(time.Microsecond)
	c.send("another")
}

func TestSomebodyElsesCodeOpensNothing(t *testing.T) {
	c := newCustomer(t)
	code := c.send(cancel)
	neighbour := camille()
	neighbour.Email = "dominique@example.fr"
	d := customer{c.World, c.m, registered(c.World, c.m, neighbour)}
	d.mustBe(shopper.Missing, cancel, code.Digits)
	mine := d.send(cancel)
	if mine.Digits != code.Digits {
		d.mustBe(shopper.Wrong, cancel, code.Digits)
	}
	_, err := customer{c.World, c.m, "shp_nobody"}.try(cancel)
	mustBreak(t, "nobody", err, "not_found at shopper")
}

func TestOfManyWhoTypeItAtOnceOneIsRight(t *testing.T) {
	c := newCustomer(t)
	code := c.send(cancel)
	var all sync.WaitGroup
	outcomes := make([]shopper.Check, 12)
	for i := range outcomes {
		all.Go(func() { outcomes[i], _ = c.types(cancel, code.Digits) })
	}
	all.Wait()
	right := 0
	for _, o := range outcomes {
		if o == shopper.Right {
			right++
		}
	}
	if right != 1 {
		t.Errorf("%d were right: %v", right, outcomes)
	}
}

// However many try at once, five tries are five.
func TestManyWhoGuessAtOnceHaveFiveTries(t *testing.T) {
	c := newCustomer(t)
	code := c.send(cancel)
	var all sync.WaitGroup
	for range 12 {
		all.Go(func() { c.types(cancel, other(code.Digits)) })
	}
	all.Wait()
	c.mustBe(shopper.Spent, cancel, code.Digits)
}

func TestAPageKnowsWhetherACodeIsAwaited(t *testing.T) {
	c := newCustomer(t)
	awaited := func() (is bool) {
		c.See(func(tx *db.Tx) error {
			until, err := shopper.CodeExpires(tx, c.m, c.id, cancel)
			is = !until.IsZero()
			return err
		})
		return is
	}
	if awaited() {
		t.Error("before it was sent")
	}
	code := c.send(cancel)
	if !awaited() {
		t.Error("not after it was sent")
	}
	c.mustBe(shopper.Right, cancel, code.Digits)
	if awaited() {
		t.Error("after it was used")
	}
	c.send(cancel)
	c.Pass(10 * time.Minute)
	if awaited() {
		t.Error("after it expired")
	}
}

func TestTheCodeIsKeptAsAHashThatNamesItsPurpose(t *testing.T) {
	c := newCustomer(t)
	code := c.send(cancel)
	c.See(func(tx *db.Tx) error {
		kept, _, err := db.One(tx, `select hash || purpose from shopper_code where merchant = $1`, db.Scalar[string], c.m)
		if strings.Contains(kept, code.Digits) || strings.Contains(kept, ident.Hash(code.Digits)) || len(kept) != 64+len(cancel) {
			t.Errorf("kept as %s", kept)
		}
		return err
	})
}

// Codes are drawn evenly: of 6,000 first digits each comes about 600 times.
func TestCodesAreDrawnEvenly(t *testing.T) {
	c := newCustomer(t)
	var first [10]int
	for i := range 1000 {
		code := c.send("x")
		for _, d := range code.Digits {
			first[d-'0']++
		}
		if i%3 == 2 {
			c.Pass(2 * time.Hour)
		}
	}
	for d, n := range first {
		if n < 450 || n > 750 { // 6.4 standard deviations
			t.Errorf("%d came %d times of 6000", d, n)
		}
	}
}

func TestAnAddressIsShownMasked(t *testing.T) {
	for email, want := range map[string]string{
		"camille@example.test":   "c•••@example.test",
		"élodie@café.fr":         "é•••@café.fr",
		"a@b.fr":                 "a•••@b.fr",
		"o'neil_1@example.co.uk": "o•••@example.co.uk",
		"":                       "",
	} {
		if got := (shopper.Contact{Email: email}).Masked(); got != want {
			t.Errorf("%q is shown as %q, want %q", email, got, want)
		}
	}
}
