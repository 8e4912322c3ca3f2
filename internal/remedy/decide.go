package remedy

import (
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
)

// Cause is a broken promise as a policy sees it.
type Cause struct {
	Owed         fact.Owed
	Until        civil.Instant
	Late         time.Duration // at least so much
	LateKnown    bool          // it arrived: Late grows no more
	Early        time.Duration
	Liable       fact.Party
	Trust        fact.Trust   // of the evidence for Late and Early
	Value        money.Amount // of the order: goods and delivery, captured
	Delivery     money.Amount // of which delivery
	MissingUnits int
	MissingLines int
	Tier         string // of the shopper; empty as long as there are none
}

// History is what was given before, in minor units of the order's currency.
type History struct {
	Count    int   // grants to the shopper in this calendar month
	Month    int64 // their sum
	Shopper  int64 // to the shopper, ever
	Order    int64 // for this order
	Delivery int64 // of which of kind delivery
}

// Decision is what follows from a cause.
type Decision struct {
	State  State
	Reason string        // when refused
	Next   civil.Instant // when waiting
	Lines  []Line        // when granted
}

// Line is one grant, after caps.
type Line struct {
	Rule   string
	Kind   Kind
	Amount money.Amount
}

// Decide asks a policy what a broken promise is worth at an instant. It is pure.
// What is not yet known to be late enough waits for the policy's next threshold;
// past the last one it is refused. The first answer that gives something is the
// answer: a remedy never grows. A policy that never names answer_by was written about
// deliveries, and gives nothing for a late answer. An error is the policy's own fault.
func Decide(p *Policy, c Cause, h History, now civil.Instant) (Decision, error) {
	if c.Owed == fact.AnswerBy && !p.answers {
		return Decision{State: Refused, Reason: AnswersUnpaid}, nil
	}
	late, final := c.lateness(now)
	t, err := p.ask(c, h, late, final)
	if err != nil {
		return Decision{}, err
	}
	lines, why := t.lines(c, h)
	if len(lines) > 0 {
		return Decision{State: Granted, Lines: lines}, nil
	}
	if next, ok := t.next(late); ok && !final {
		return Decision{State: Waiting, Next: c.Until.Add(next + time.Second)}, nil
	}
	return Decision{State: Refused, Reason: why}, nil
}

// lateness is how late the promise is in whole seconds, as far as it is proven
// at an instant, and whether that is the last word. Evidence that is only
// claimed proves nothing; that nothing proven has arrived is our own observation.
func (c Cause) lateness(now civil.Instant) (late time.Duration, final bool) {
	missing := max(0, now.Sub(c.Until))
	switch {
	case c.Trust == fact.TrustClaimed:
		late = missing
	case c.LateKnown, c.Early > 0:
		late, final = c.Late, true
	default:
		late = max(c.Late, missing)
	}
	return late.Truncate(time.Second), final
}

// next is the first threshold that is not crossed yet.
func (t terms) next(late time.Duration) (time.Duration, bool) {
	for _, d := range t.thresholds {
		if late <= d {
			return d, true
		}
	}
	return 0, false
}

// lines cuts the offers down to the caps and to what was captured: nobody gets
// back more than was paid. Without any line it says why.
func (t terms) lines(c Cause, h History) (lines []Line, why string) {
	left := t.left(c, h)
	why = t.otherwise
	for _, o := range t.offers {
		switch minor := left.take(o); {
		case minor > 0:
			lines = append(lines, Line{o.rule, o.kind, money.Of(minor, c.Value.Currency)})
		case o.minor == 0 || left.pot(o.kind).paid == 0:
			why = NothingToGive
		default:
			why = CapReached
		}
	}
	return lines, why
}

// purse is what may still be given, in minor units.
type purse struct {
	caps            int64 // all lines together
	delivery, goods pot
}

// pot is one kind of money: what was captured, and what of it is not given back yet.
type pot struct{ paid, left int64 }

func (t terms) left(c Cause, h History) purse {
	goods := c.Value.Minor - c.Delivery.Minor
	return purse{
		caps:     min(t.caps.order-h.Order, t.caps.month-h.Month, t.caps.shopper-h.Shopper),
		delivery: pot{c.Delivery.Minor, c.Delivery.Minor - h.Delivery},
		goods:    pot{goods, goods - (h.Order - h.Delivery)},
	}
}

func (p *purse) pot(k Kind) *pot {
	if k == Delivery {
		return &p.delivery
	}
	return &p.goods
}

func (p *purse) take(o offer) int64 {
	from := p.pot(o.kind)
	minor := max(0, min(o.minor, from.left, p.caps))
	from.left -= minor
	p.caps -= minor
	return minor
}
