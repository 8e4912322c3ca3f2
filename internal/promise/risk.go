package promise

import (
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/fact"
)

// The causes of a risk, besides the reasons carriers give (fact.Reason) and the
// statuses that end a parcel's way. One warning is given for each.
const (
	NotHandedOver = "not_handed_over" // the carrier does not have it
	Slow          = "slow"            // on the road for longer than most, heard of or not
)

// unlikely is the probability of a miss where no figure says one: a carrier's
// standard that can still be met, a parcel on the courier's round.
const unlikely = 0.05

// Outlook is where a parcel stands on a morning, for Risk. Days are local.
type Outlook struct {
	Today civil.Day
	Last  civil.Day     // the promised day
	Until civil.Instant // the promised instant, exclusive
	// Handed is the day the carrier got it; NoDay while the merchant has it, and
	// then Handover is the first day the carrier may get it (NoDay: none comes).
	Handed   civil.Day
	Handover civil.Day
	Status   fact.Status
	Reason   fact.Reason
	Seen     civil.Day       // of the last scan; NoDay without one
	Expected civil.Instant   // when whoever carries it says it will come; zero: nobody says
	Delivers *civil.Calendar // the carrier's days
	Estimate Estimate
	Target   float64 // at which the merchant promises: which curve promises are read from
	Standard int     // the carrier's own working days, where the estimate stands on them
}

// Risk is the probability that a parcel which has not arrived will not by the
// end of its promised day, and what to call the reason. It reads the survival
// curve: of the parcels that were on the road as long as this one, how many took
// longer than it has left. Where too few are known, the carrier's standard says
// whether it can still arrive at all.
func Risk(o Outlook) (p float64, cause string) {
	switch phase := o.Status.Phase(); {
	case phase == fact.PhaseReturn || phase == fact.PhaseClosed:
		return 1, string(o.Status)
	case phase == fact.PhaseCollection:
		return 0, "" // it is there: the shopper need only come
	case o.Handed == civil.NoDay:
		return o.beforeHandover(), NotHandedOver
	}
	cause = o.cause()
	if !o.Expected.IsZero() && o.Expected >= o.Until {
		return 1, o.late() // the courier says so
	}
	switch next := o.nextTry(); {
	case next == civil.NoDay || next > o.Last:
		return 1, cause
	case o.Status == fact.OutForDelivery && o.Seen == o.Today:
		return unlikely, cause
	}
	left := o.Delivers.Between(o.Handed, o.Last)
	lived := o.Delivers.Between(o.Handed, o.Today-1)
	if o.Estimate.Basis == BasisStandard {
		return o.byStandard(lived, left), cause
	}
	return 1 - o.Estimate.Curve(o.Handed, o.Target).Given(lived).KeptBy(left), cause
}

// beforeHandover is the risk of a parcel the carrier has still to get: its whole
// way lies ahead.
func (o Outlook) beforeHandover() float64 {
	if o.Handover == civil.NoDay || o.Handover > o.Last {
		return 1
	}
	left := o.Delivers.Between(o.Handover, o.Last)
	if o.Estimate.Basis == BasisStandard {
		return o.byStandard(0, left)
	}
	return 1 - o.Estimate.Curve(o.Handover, o.Target).KeptBy(left)
}

// byStandard is certain where the standard can not bring it in time any more. A
// parcel that has outlived the standard is taken to need as long again as it has
// been on the road: without figures, what is late stays late.
func (o Outlook) byStandard(lived, left int) float64 {
	switch {
	case o.Standard > left:
		return 1
	case lived >= o.Standard && lived > 0:
		return min(1, float64(lived)/float64(max(left, 1)))
	}
	return unlikely
}

// nextTry is the first day on which it may still be brought: not the one on which it
// was tried in vain, and today where the courier has left with it, whatever the
// calendar says.
func (o Outlook) nextTry() civil.Day {
	switch {
	case o.Status == fact.FailedAttempt && o.Seen == o.Today:
		return o.Delivers.Add(o.Today, 1)
	case o.Status == fact.OutForDelivery && o.Seen == o.Today:
		return o.Today
	default:
		return o.Delivers.Next(o.Today)
	}
}

// late is the cause of a parcel that its carrier announces for too late.
func (o Outlook) late() string {
	if o.Reason != "" {
		return string(o.Reason)
	}
	return string(fact.ReasonDelay)
}

// cause names what is most to blame.
func (o Outlook) cause() string {
	switch {
	case o.Reason != "":
		return string(o.Reason)
	case o.Status == fact.Exception, o.Status == fact.CustomsHeld, o.Status == fact.FailedAttempt:
		return string(o.Status)
	}
	return Slow
}
