package promise

import (
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Reactions are the routes of the room. Judging comes before assessing, so that
// nobody is warned of what the same scan settles.
func Reactions(curves *Curves) []flow.Reaction {
	verdicts := []fact.Kind{
		fact.PromiseKept{}.Kind(), fact.PromiseBroken{}.Kind(), fact.PromiseVoided{}.Kind(), fact.PromiseCorrected{}.Kind(),
	}
	risk := []fact.Kind{fact.PromiseAtRisk{}.Kind()}
	told := []fact.Kind{fact.PromiseTold{}.Kind()}
	moved := fact.ParcelMoved{}.Kind()
	return []flow.Reaction{
		{On: moved, Name: "promise.Judge", Mode: flow.May, Run: Judge, Emits: verdicts},
		{On: moved, Name: "promise.Learn", Mode: flow.May, Run: Learn},
		{On: moved, Name: "promise.Assess", Mode: flow.May, Run: curves.AssessMoves, Emits: risk},
		{On: fact.ParcelStalled{}.Kind(), Name: "promise.Assess", Mode: flow.May, Run: curves.AssessStalls, Emits: risk},
		{On: fact.PromiseMade{}.Kind(), Name: "promise.AssessNew", Mode: flow.May, Run: curves.AssessNew, Emits: risk},
		{On: fact.UnitsMissing{}.Kind(), Name: "promise.Shortened", Mode: flow.Must, Run: Shortened, Emits: verdicts},
		{On: fact.EarlyAnswered{}.Kind(), Name: "promise.Consented", Mode: flow.Must, Run: Consented, Emits: verdicts},
		{On: fact.ChangeAccepted{}.Kind(), Name: "promise.Changed", Mode: flow.Must, Run: Changed, Emits: []fact.Kind{fact.PromiseAmended{}.Kind(), fact.PromiseMade{}.Kind(), fact.PromiseVoided{}.Kind()}},
		{On: fact.OrderCancelled{}.Kind(), Name: "promise.Cancelled", Mode: flow.Must, Run: Cancelled, Emits: []fact.Kind{fact.PromiseVoided{}.Kind()}},
		{On: fact.MessageSent{}.Kind(), Name: "promise.Told", Mode: flow.May, Run: Told, Emits: append(told, verdicts...)},
		{On: fact.MessageBounced{}.Kind(), Name: "promise.Untold", Mode: flow.May, Run: Untold, Emits: told},
	}
}

// ReturnReactions are the routes of what is owed about returns.
func ReturnReactions() []flow.Reaction {
	verdicts := []fact.Kind{
		fact.PromiseMade{}.Kind(), fact.PromiseKept{}.Kind(), fact.PromiseBroken{}.Kind(), fact.PromiseVoided{}.Kind(), fact.PromiseCorrected{}.Kind(),
	}
	made := verdicts[:1]
	return []flow.Reaction{
		{On: fact.ReturnDeposited{}.Kind(), Name: "promise.Deposited", Mode: flow.May, Run: Deposited, Emits: verdicts},
		{On: fact.PickupSet{}.Kind(), Name: "promise.Fetching", Mode: flow.May, Run: Fetching, Emits: made},
		{On: fact.ReturnCancelled{}.Kind(), Name: "promise.CalledOff", Mode: flow.May, Run: CalledOff, Emits: verdicts},
		{On: fact.ReturnReceived{}.Kind(), Name: "promise.GoodsBack", Mode: flow.May, Run: GoodsBack, Emits: verdicts},
		{On: fact.ReturnLost{}.Kind(), Name: "promise.GoodsLost", Mode: flow.May, Run: GoodsLost, Emits: made},
		{On: fact.ReturnDecided{}.Kind(), Name: "promise.Decided", Mode: flow.Must, Run: Decided, Emits: verdicts},
		{On: fact.MadeGood{}.Kind(), Name: "promise.MadeGood", Mode: flow.Must, Run: MadeGood, Emits: made},
		{On: fact.Resolved{}.Kind(), Name: "promise.CalledQuits", Mode: flow.Must, Run: CalledQuits, Emits: made},
		{On: fact.Withdrawn{}.Kind(), Name: "promise.Withdrew", Mode: flow.Must, Run: Withdrew, Emits: made},
		{On: fact.Refunded{}.Kind(), Name: "promise.PaidBack", Mode: flow.May, Run: PaidBack, Emits: verdicts},
		{On: fact.CreditGiven{}.Kind(), Name: "promise.Credited", Mode: flow.May, Run: Credited, Emits: verdicts},
	}
}

// Sweeps are what the room asks the clock for.
func Sweeps(curves *Curves) []flow.Sweep {
	return []flow.Sweep{Deadlines(), curves.Assessments()}
}
