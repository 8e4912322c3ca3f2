package promise

import (
	"cmp"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// What is owed about a return: that its parcel reaches the warehouse when it was
// said to, that the money is sent in time, that a withdrawal is acknowledged; and
// about a question: that a person answers. No scan is read for these: the rooms
// that know say when it was done.

// deed is one thing done about a return or a question that promises hang on.
type deed string

const (
	received     deed = "received"     // the goods are back; of a pick-up, in the courier's hands
	paid         deed = "paid"         // the money was sent, or the credit booked
	acknowledged deed = "acknowledged" // the withdrawal was confirmed to the consumer
	nothingOwed  deed = "nothing_owed" // decided: no money is due; or the shopper needs no answer
	answered     deed = "answered"     // by a person
)

// fulfils is the deed that each such promise waits for.
var fulfils = map[fact.Owed]deed{
	fact.DeliverBy: received, fact.RefundBy: paid, fact.AcknowledgeBy: acknowledged, fact.AnswerBy: answered,
}

// deeds is what was done about one return, each with when it was done first.
type deeds map[deed]civil.Instant

// ruleAbout judges a promise about a return. Who did it late answers for it: the
// carrier for the way back, the merchant for everything else.
func ruleAbout(c Commitment, d deeds, now civil.Instant) Ruling {
	liable := fact.ByMerchant
	if c.Owed == fact.DeliverBy {
		liable = fact.ByCarrier
	}
	at, did := d[fulfils[c.Owed]]
	said, none := d[nothingOwed]
	switch {
	case did && at < c.Until:
		return Ruling{State: fact.Kept, Reason: InTime, Liable: fact.ByNobody, Trust: fact.TrustConfirmed}
	case did:
		return Ruling{State: fact.Broken, Reason: Late, LateBy: at.Sub(c.Until), LateKnown: true, Liable: liable, Trust: fact.TrustConfirmed}
	case none && (c.Owed == fact.RefundBy || (c.Owed == fact.AnswerBy || c.fetches()) && said < c.Until):
		return voided(NothingOwed, fact.ByNobody, fact.TrustConfirmed)
	case now < c.Due():
		return Ruling{State: fact.Open, Next: c.Due()}
	}
	return Ruling{State: fact.Broken, Reason: NotDone, LateBy: now.Sub(c.Until), Liable: liable, Trust: fact.TrustConfirmed}
}

// fetches reports whether a promise is about a pick-up: it is named behind its
// return.
func (c Commitment) fetches() bool {
	return c.Owed == fact.DeliverBy && strings.Contains(c.About, "/")
}

// partition parts the promises about returns from the others.
func partition(all []Commitment) (out, about []Commitment) {
	for _, c := range all {
		if c.About == "" {
			out = append(out, c)
		} else {
			about = append(about, c)
		}
	}
	return out, about
}

// judgeAbout rules on promises about returns by the deeds written down so far.
// causes names the fact that made us look, by what it is about.
func judgeAbout(tx *flow.Tx, m ident.Merchant, cs []Commitment, causes map[string]flow.Fact) error {
	if len(cs) == 0 {
		return nil
	}
	abouts := make([]string, len(cs))
	for i, c := range cs {
		abouts[i] = c.About
	}
	notes, err := db.All(tx.Tx, sqlDeeds, scanDeed, m, db.In(abouts))
	if err != nil {
		return err
	}
	of := map[string]deeds{}
	for _, d := range notes {
		if of[d.about] == nil {
			of[d.about] = deeds{}
		}
		if before, there := of[d.about][d.deed]; !there || d.at < before {
			of[d.about][d.deed] = d.at
		}
	}
	var heard []hearing
	for _, c := range cs {
		if c.over() {
			continue
		}
		heard = append(heard, hearing{commitment: c, ruling: ruleAbout(c, of[c.About], tx.Now), cause: causes[c.About]})
	}
	return settle(tx, m, heard)
}

// note is a deed as written down.
type note struct {
	about string
	deed  deed
	at    civil.Instant
}

// did writes deeds down and judges what hangs on them.
func did(tx *flow.Tx, facts []flow.Fact, notes []note) error {
	if len(notes) == 0 {
		return nil
	}
	m := facts[0].Merchant
	causes := map[string]flow.Fact{}
	var abouts []string
	for i, n := range notes {
		if n.about == "" {
			continue
		}
		if err := tx.Do(sqlInsertDeed, m, n.about, n.deed, facts[i].ID, n.at); err != nil {
			return err
		}
		causes[n.about] = facts[i]
		abouts = append(abouts, n.about)
	}
	if len(abouts) == 0 {
		return nil
	}
	cs, err := db.All(tx.Tx, sqlCommitmentsAbout, scanCommitment, m, db.In(abouts))
	if err != nil {
		return err
	}
	return judgeAbout(tx, m, cs, causes)
}

// debt is a promise about a return to write down.
type debt struct {
	owed    fact.Owed
	about   string
	order   ident.Order
	shopper ident.Shopper
	until   civil.Instant
	clock   Clock
	origin  Origin
	grace   time.Duration
}

// owe writes promises about returns down. The ones that are owed already, to the
// same end or an earlier one and by the same origin, are not owed twice.
func owe(tx *flow.Tx, m ident.Merchant, debts []debt) error {
	if len(debts) == 0 {
		return nil
	}
	shop, err := merchant.Get(tx.Tx, m)
	if err != nil {
		return err
	}
	orders, abouts := make([]ident.Order, len(debts)), make([]string, len(debts))
	for i, d := range debts {
		orders[i], abouts[i] = d.order, d.about
	}
	of, err := order.Many(tx.Tx, m, orders)
	if err != nil {
		return err
	}
	before, err := db.All(tx.Tx, sqlCommitmentsAbout, scanCommitment, m, db.In(abouts))
	if err != nil {
		return err
	}
	for _, d := range debts {
		if d.until.IsZero() || d.owedBy(before) {
			continue
		}
		c := Commitment{
			ID: ident.New[ident.Commitment](tx.Mint), Owed: d.owed, Order: d.order, Shopper: d.shopper, About: d.about,
			Until: d.until, Zone: shop.Zone, Clock: d.clock, Origin: d.origin, Locale: cmp.Or(of[d.order].Locale, shop.Locale), Grace: d.grace,
			State: fact.Open, Made: tx.Now,
		}
		if c, err = undertake(tx, m, c); err != nil {
			return err
		}
		before = append(before, c)
	}
	return nil
}

func (d debt) owedBy(all []Commitment) bool {
	for _, c := range all {
		if c.About == d.about && c.Owed == d.owed && c.Origin == d.origin && c.Until <= d.until {
			return true
		}
	}
	return false
}

// lateReports is how long the news of a parcel that reached the warehouse in time
// may take.
const lateReports = 24 * time.Hour

// pickupReports is how long the news of a parcel that was fetched in time may take.
const pickupReports = 12 * time.Hour

// Deposited is the reaction to returns.deposited: the way back was said to take
// so long. Where it was fetched at the door, that promise is fulfilled.
func Deposited(tx *flow.Tx, facts []flow.Fact) error {
	bodies, err := flow.Bodies[fact.ReturnDeposited](facts)
	if err != nil {
		return err
	}
	debts, notes := make([]debt, len(bodies)), make([]note, len(bodies))
	for i, b := range bodies {
		debts[i] = debt{fact.DeliverBy, string(b.Return), b.Order, b.Shopper, b.ReceiveBy, CarrierClock, FromRule, lateReports}
		notes[i] = note{b.Window, received, b.At}
	}
	if err := owe(tx, facts[0].Merchant, debts); err != nil {
		return err
	}
	return did(tx, facts, notes)
}

// Fetching is the reaction to returns.pickup_set: the parcel is fetched by the end
// of the day that the shopper chose. The promise is about the window, for a return
// may have several.
func Fetching(tx *flow.Tx, facts []flow.Fact) error {
	bodies, err := flow.Bodies[fact.PickupSet](facts)
	if err != nil {
		return err
	}
	debts := make([]debt, len(bodies))
	for i, b := range bodies {
		debts[i] = debt{fact.DeliverBy, b.Window, b.Order, b.Shopper, b.Until, CarrierClock, FromRule, pickupReports}
	}
	return owe(tx, facts[0].Merchant, debts)
}

// CalledOff is the reaction to returns.cancelled: nobody need come any more.
func CalledOff(tx *flow.Tx, facts []flow.Fact) error {
	bodies, err := flow.Bodies[fact.ReturnCancelled](facts)
	if err != nil {
		return err
	}
	notes := make([]note, len(bodies))
	for i, b := range bodies {
		notes[i] = note{b.Window, nothingOwed, facts[i].At}
	}
	return did(tx, facts, notes)
}

// GoodsBack is the reaction to returns.received: the way back has ended, and the
// merchant's own time to pay begins.
func GoodsBack(tx *flow.Tx, facts []flow.Fact) error {
	bodies, err := flow.Bodies[fact.ReturnReceived](facts)
	if err != nil {
		return err
	}
	debts, notes := make([]debt, len(bodies)), make([]note, len(bodies))
	for i, b := range bodies {
		debts[i] = debt{fact.RefundBy, string(b.Return), b.Order, b.Shopper, b.RefundBy, BusinessClock, FromRule, 0}
		notes[i] = note{string(b.Return), received, b.At}
	}
	if err := owe(tx, facts[0].Merchant, debts); err != nil {
		return err
	}
	return did(tx, facts, notes)
}

// GoodsLost is the reaction to returns.lost: the merchant's time to pay begins
// without the goods. Where it was over before, that promise is broken already.
func GoodsLost(tx *flow.Tx, facts []flow.Fact) error {
	bodies, err := flow.Bodies[fact.ReturnLost](facts)
	if err != nil {
		return err
	}
	var debts []debt
	for i, b := range bodies {
		if b.RefundBy > facts[i].At {
			debts = append(debts, debt{fact.RefundBy, string(b.Return), b.Order, b.Shopper, b.RefundBy, BusinessClock, FromRule, 0})
		}
	}
	return owe(tx, facts[0].Merchant, debts)
}

// Decided is the reaction to returns.decided: a refusal and an exchange owe no
// money, and what a second decision grants is owed anew.
func Decided(tx *flow.Tx, facts []flow.Fact) error {
	bodies, err := flow.Bodies[fact.ReturnDecided](facts)
	if err != nil {
		return err
	}
	var debts []debt
	notes := make([]note, len(bodies))
	for i, b := range bodies {
		switch owes := b.Outcome != fact.Refused && b.Settlement != fact.Exchange && !b.Amount.IsZero(); {
		case owes && b.Sequence > 1:
			debts = append(debts, debt{fact.RefundBy, string(b.Decision), b.Order, b.Shopper, b.RefundBy, BusinessClock, FromRule, 0})
		case !owes:
			notes[i] = note{string(b.Return), nothingOwed, facts[i].At}
		}
	}
	if err := owe(tx, facts[0].Merchant, debts); err != nil {
		return err
	}
	return did(tx, facts, notes)
}

// CalledQuits is the reaction to returns.resolved: the law gives a date for the
// money of what never came.
func CalledQuits(tx *flow.Tx, facts []flow.Fact) error {
	return flow.Each(func(tx *flow.Tx, f flow.Fact, b fact.Resolved) error { return oweGoods(tx, f, b.Sendback, b.RefundBy) })(tx, facts)
}

// MadeGood is the reaction to returns.made_good: likewise, for goods that a claim
// gives back.
func MadeGood(tx *flow.Tx, facts []flow.Fact) error {
	return flow.Each(func(tx *flow.Tx, f flow.Fact, b fact.MadeGood) error { return oweGoods(tx, f, b.Sendback, b.RefundBy) })(tx, facts)
}

func oweGoods(tx *flow.Tx, f flow.Fact, b fact.Sendback, by civil.Instant) error {
	return owe(tx, f.Merchant, []debt{{fact.RefundBy, string(b.Return), b.Order, b.Shopper, by, LawClock, FromLaw, 0}})
}

// Withdrew is the reaction to returns.withdrawn: the law gives a date for the
// acknowledgement and one for the money.
func Withdrew(tx *flow.Tx, facts []flow.Fact) error {
	bodies, err := flow.Bodies[fact.Withdrawn](facts)
	if err != nil {
		return err
	}
	var debts []debt
	for _, b := range bodies {
		debts = append(debts, debt{fact.AcknowledgeBy, string(b.Withdrawal), b.Order, b.Shopper, b.AcknowledgeBy, LawClock, FromLaw, 0})
		if !b.InTime {
			continue // nothing is owed for a right that had ended
		}
		about := string(b.Return)
		if about == "" {
			about = string(b.Withdrawal)
		}
		debts = append(debts, debt{fact.RefundBy, about, b.Order, b.Shopper, b.RefundBy, LawClock, FromLaw, 0})
	}
	return owe(tx, facts[0].Merchant, debts)
}

// PaidBack is the reaction to payment.refunded.
func PaidBack(tx *flow.Tx, facts []flow.Fact) error {
	return flow.Each(func(tx *flow.Tx, f flow.Fact, b fact.Refunded) error {
		return paidBack(tx, f, b.Repayment, b.At)
	})(tx, facts)
}

// Credited is the reaction to payment.credit_given.
func Credited(tx *flow.Tx, facts []flow.Fact) error {
	return flow.Each(func(tx *flow.Tx, f flow.Fact, b fact.CreditGiven) error {
		if b.MoneyFollows {
			return nil
		}
		return paidBack(tx, f, b.Repayment, f.At)
	})(tx, facts)
}

// paidBack settles what was owed for the return, and for the decision by itself.
func paidBack(tx *flow.Tx, f flow.Fact, r fact.Repayment, at civil.Instant) error {
	return did(tx, []flow.Fact{f, f}, []note{{string(r.Return), paid, at}, {string(r.Decision), paid, at}})
}

// About reads what is owed about returns, withdrawals, decisions and questions, by
// their ids, the oldest first.
func About(tx *db.Tx, m ident.Merchant, abouts []string) (map[string][]Commitment, error) {
	cs, err := db.All(tx, sqlCommitmentsAbout, scanCommitment, m, db.In(abouts))
	of := map[string][]Commitment{}
	for _, c := range cs {
		of[c.About] = append(of[c.About], c)
	}
	return of, err
}
