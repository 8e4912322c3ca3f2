package demo

import "context"

// backwards is what the world does about rounds, incidents, returns, questions, claims and wishes, by kind.
var backwards = map[kind]func(*World, context.Context, *shop, entry) ([]entry, error){
	toWrite:    (*World).question,
	toReply:    (*World).respond,
	toScore:    (*World).score,
	toChange:   alone((*World).change),
	toChoose:   (*World).choose,
	toPick:     alone((*World).pick),
	toClaim:    (*World).claim,
	toRule:     (*World).rule,
	toInsist:   (*World).insist,
	toReview:   alone((*World).review),
	toMuster:   alone((*World).muster),
	toLoad:     alone((*World).takeAboard),
	toEnter:    (*World).enter,
	toUnite:    alone((*World).together),
	toDeclare:  (*World).declare,
	toMend:     alone((*World).mends),
	toDemand:   (*World).summon,
	toResolve:  (*World).resolve,
	toMind:     (*World).mind,
	toSign:     alone((*World).sign),
	toRegret:   (*World).regret,
	toReturn:   (*World).askBack,
	toWithdraw: (*World).withdraw,
	toRoute:    (*World).route,
	toAllow:    (*World).allow,
	toLabel:    (*World).label,
	toTake:     (*World).take,
	toBring:    (*World).bring,
	toBack:     alone((*World).tellBack),
	toInspect:  (*World).inspect,
	toDecide:   (*World).decide,
	toConfirm:  (*World).confirm,
	toRepay:    (*World).repay,
	toContest:  (*World).contest,
	toSettle:   (*World).settle,
}

// alone is what nothing follows from.
func alone(do func(*World, context.Context, *shop, entry) error) func(*World, context.Context, *shop, entry) ([]entry, error) {
	return func(w *World, ctx context.Context, s *shop, e entry) ([]entry, error) { return nil, do(w, ctx, s, e) }
}
