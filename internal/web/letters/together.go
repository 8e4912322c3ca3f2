package letters

import (
	"slices"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/remedy"
	"github.com/promesse-dev/promesse/internal/returns"
)

// superseded reports whether what the message says is no longer so.
func (d *desk) superseded() bool {
	switch d.msg.Topic {
	case fact.TopicConfirmed:
		return d.order.State == order.Cancelled
	case fact.TopicReturnAccepted, fact.TopicReturnExpiring:
		if d.back.Route == fact.BackRecalled { // the letter of the change says it: there is nothing to send
			return true
		}
		return d.back.State != returns.Accepted && d.back.State != returns.Ready
	case fact.TopicPickupMissed:
		return !d.back.Unfetched()
	case fact.TopicReturnLost:
		return !d.back.GivenUp()
	case fact.TopicReturnExpired:
		return d.back.State != returns.Expired
	case fact.TopicAtRisk:
		return d.about.State != fact.Open || d.Now >= d.about.Until || d.troubles.warning(causeOf(d.msg)).Lifted != 0
	case fact.TopicCorrected:
		return d.nothingToTakeBack()
	case fact.TopicBroken:
		return d.about.State != fact.Broken
	case fact.TopicAmended:
		return d.about.State != fact.Open
	case fact.TopicDemand:
		return d.demand.stale()
	case fact.TopicChange:
		return d.change.stale()
	case fact.TopicNewDate:
		return d.about.State != fact.Open && d.about.State != fact.Broken || !d.lastEstimate()
	case fact.TopicEarly:
		return d.delivery.State != fact.Open || !d.mayAnswer()
	default:
		return false
	}
}

// lastEstimate reports whether the estimate that the message tells of still lies
// ahead, and nobody looked up another since.
func (d *desk) lastEstimate() bool {
	e, ok := d.estimated()
	if !ok || d.Now >= e.By {
		return !ok // what is not there is no news of the past, but an error for whoever writes
	}
	for _, b := range d.said {
		if later, is := b.(fact.PromiseReestimated); is {
			e = later
		}
	}
	return string(e.Estimate) == d.msg.Cause
}

// mayAnswer reports whether the courier still waits for an answer.
func (d *desk) mayAnswer() bool {
	asked, ok := d.asked()
	if !ok || d.Now >= asked.From {
		return !ok
	}
	for _, b := range d.said {
		switch b := b.(type) {
		case fact.EarlyAsked:
			asked = b
		case fact.EarlyAnswered:
			if b.Early == asked.Early {
				return false
			}
		}
	}
	return string(asked.Early) == d.msg.Cause
}

// saidElsewhere reports whether the letter of another message about the order
// says all that this one would. It asks the world and not the other messages:
// what happened in one commit is considered message by message, in any order.
//
// A letter counts as having told of the one promise its message names. So a breach
// that is told before its deadline keeps a letter of its own, unless it is its own
// remedy's that leaves.
func (d *desk) saidElsewhere() bool {
	switch d.msg.Topic {
	case fact.TopicAtRisk:
		return d.toldAlready()
	case fact.TopicBroken:
		return d.repairSays(d.about) || d.Now >= d.about.Until && d.neighbourSays(d.about)
	case fact.TopicAmended:
		return d.changeSays()
	case fact.TopicDelivered:
		return d.breachSays()
	case fact.TopicReturnAccepted:
		return d.back.Withdrawal != "" // its acknowledgement says it all
	case fact.TopicReturnDecided:
		return d.back.decision.ForLoss() && !d.refused[fact.TopicReturnLost] ||
			d.back.decision.ByItsClaim() && !d.refused[fact.TopicClaimDecided]
	default:
		return false
	}
}

// repairSays reports whether the promise's own remedy was granted: its letter
// says what went wrong, and what is credited.
func (d *desk) repairSays(c promise.Commitment) bool {
	r, ok := d.remedyOf(c.ID)
	return ok && r.State == remedy.Granted && !d.refused[fact.TopicRepaired]
}

// neighbourSays reports whether the letter about another promise of the order
// speaks of this one too: the remedy's first, else that of the first of those
// broken at one stroke.
func (d *desk) neighbourSays(c promise.Commitment) bool {
	for _, other := range d.promises {
		r, ok := d.remedyOf(other.ID)
		switch {
		case other.ID == c.ID || !ok:
		case r.State == remedy.Granted && !d.refused[fact.TopicRepaired] && d.with(r, c):
			return true
		case other.State == fact.Broken && other.ID < c.ID && d.Now >= other.Until && r.Opened == d.opened(c):
			return true
		}
	}
	return false
}

// breachSays reports whether the arrival itself broke a promise, or had its
// breach repaired: that letter says that it came, and how late.
func (d *desk) breachSays() bool {
	c := d.delivery
	if c.State != fact.Broken || !c.Last.LateKnown && c.Last.EarlyBy == 0 {
		return false
	}
	r, _ := d.remedyOf(c.ID)
	granted := r.State == remedy.Granted && r.Decided == c.Last.At && !d.refused[fact.TopicRepaired]
	return granted || c.Last.Sequence == 1 && !d.refused[fact.TopicBroken]
}

// opened is when a promise was broken: when its remedy was opened. Zero while it
// has none.
func (d *desk) opened(c promise.Commitment) civil.Instant {
	r, _ := d.remedyOf(c.ID)
	return r.Opened
}

// with reports whether the letter of a granted remedy speaks of a promise: it was
// broken when the remedy was opened, or when it was granted.
func (d *desk) with(r remedy.Remedy, c promise.Commitment) bool {
	at := d.opened(c)
	return c.State == fact.Broken && at != 0 && (at == r.Opened || at == r.Decided)
}

// breaches are the broken promises that the letter speaks of, its own first.
func (d *desk) breaches() []promise.Commitment {
	own, _ := d.remedyOf(d.about.ID)
	all := []promise.Commitment{d.about}
	for _, c := range d.promises {
		together := d.with(own, c)
		if d.msg.Topic == fact.TopicBroken {
			together = c.State == fact.Broken && d.opened(c) != 0 && d.opened(c) == own.Opened
		}
		if c.ID != d.about.ID && together {
			all = append(all, c)
		}
	}
	return slices.DeleteFunc(all, func(c promise.Commitment) bool { return c.State != fact.Broken })
}
