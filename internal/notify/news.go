package notify

import (
	"fmt"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// news is what a shopper might be told because of a fact.
type news struct {
	fact       flow.Fact
	topic      fact.Topic
	cause      string
	order      ident.Order
	shopper    ident.Shopper
	commitment ident.Commitment
	happened   civil.Instant // by the carrier's word; zero: just now
	claimed    bool
	superseded bool
	standing   bool          // nothing new, unless this was never told: it may have been unproven before
	other      ident.Shopper // who is told too; empty: nobody
	settles    bool          // more of the kind may come within the minute
	urgent     bool          // does not wait for the morning

	corrects []fact.Topic // what was told of the cause and is no longer so; empty: it is no correction
	of       string       // the cause that was told
}

// newsOf is the news in a slice of facts of one kind. Of several statuses of one
// parcel only the last is worth telling.
func newsOf(facts []flow.Fact) ([]news, error) {
	var all []news
	latest := map[string]int{}
	for _, f := range facts {
		n, ok, err := read(f.Body)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		n.fact = f
		if i, again := latest[n.cause]; again && !n.claimed {
			all[i].superseded = true
		}
		latest[n.cause] = len(all)
		all = append(all, n)
		if n.other != "" {
			n.shopper = n.other
			all = append(all, n)
		}
	}
	return all, nil
}

func read(b fact.Body) (n news, ok bool, err error) {
	switch b := b.(type) {
	case fact.OrderPlaced:
		return news{topic: fact.TopicConfirmed, cause: string(b.Order), order: b.Order, shopper: b.Shopper}, true, nil
	case fact.ParcelMoved:
		n, ok = moved(b)
		return n, ok, nil
	case fact.PromiseAtRisk:
		return endangered(b), true, nil
	case fact.RiskLifted:
		return lifted(b), true, nil
	case fact.PromiseBroken:
		if b.About != "" {
			return n, false, nil // about a return or a question: their own letters tell where they stand
		}
		return trouble(fact.TopicBroken, b.Promise, string(b.Commitment)), true, nil
	case fact.PromiseAmended:
		if b.Owed == fact.Complete {
			return n, false, nil // it moves along with the delivery, whose news this is
		}
		return news{topic: fact.TopicAmended, cause: string(b.Successor), order: b.Order, shopper: b.Shopper}, true, nil
	case fact.ChangeAsked:
		n = changed(b.Change, "asked")
		n.settles = true // a carrier often answers at once
		return n, true, nil
	case fact.ChangeAccepted:
		return changed(b.Change, "accepted"), true, nil
	case fact.ChangeRefused:
		return changed(b.Change, "refused"), true, nil
	case fact.ChangeUnanswered:
		return changed(b.Change, "unanswered"), true, nil
	case fact.ChangeUnkept:
		return changed(b.Change, "unkept"), true, nil
	case fact.RemedyGranted:
		return repaired(b), true, nil
	case fact.PromiseReestimated:
		return trouble(fact.TopicNewDate, b.Promise, string(b.Estimate)), true, nil
	case fact.DeskAsked:
		return copied(b.Talk, b.Question), b.Shopper != "", nil
	case fact.DeskWritten:
		return copied(b.Talk, b.Said), b.Shopper != "" && (b.Began || b.Via == fact.ViaPage), nil
	case fact.DeskAnswered:
		return news{topic: fact.TopicAnswered, cause: talkCause(b.Talk, b.Said), order: b.Order, shopper: b.Shopper}, b.Shopper != "", nil
	case fact.ClaimRaised:
		return claimed(fact.TopicClaimed, b.Complaint, b.Question), true, nil
	case fact.ClaimContested:
		return claimed(fact.TopicClaimed, b.Complaint, b.Question), true, nil
	case fact.ClaimDecided:
		return claimed(fact.TopicClaimDecided, b.Complaint, b.Question), true, nil
	case fact.ContestDecided:
		return claimed(fact.TopicClaimDecided, b.Complaint, b.Question), true, nil
	case fact.SurveyAsked:
		return news{topic: fact.TopicSurvey, cause: string(b.Order) + "/" + string(b.About), order: b.Order, shopper: b.Shopper}, true, nil
	case fact.ReturnAccepted:
		return returned(fact.TopicReturnAccepted, b.Sendback, string(b.Return)), true, nil
	case fact.ReturnDeposited:
		return returned(fact.TopicReturnDeposited, b.Sendback, string(b.Return)), true, nil
	case fact.ReturnReceived:
		return returned(fact.TopicReturnReceived, b.Sendback, string(b.Return)), true, nil
	case fact.ReturnLost:
		return returned(fact.TopicReturnLost, b.Sendback, string(b.Return)), true, nil
	case fact.ReturnDecided:
		return returned(fact.TopicReturnDecided, b.Sendback, string(b.Decision)), true, nil
	case fact.Demanded:
		return demanded(b.Order, b.Shopper, b.Demand, "sent"), true, nil
	case fact.Resolvable:
		return demanded(b.Order, b.Shopper, b.Demand, "over"), true, nil
	case fact.ReturnExpiring:
		return returned(fact.TopicReturnExpiring, b.Sendback, string(b.Return)), true, nil
	case fact.ReturnExpired:
		return returned(fact.TopicReturnExpired, b.Sendback, string(b.Return)), true, nil
	case fact.PickupMissed:
		return returned(fact.TopicPickupMissed, b.Sendback, b.Window), true, nil
	case fact.DisputeSettled:
		return returned(fact.TopicDisputeSettled, b.Sendback, string(b.Dispute)), true, nil
	case fact.Refunded:
		return news{topic: fact.TopicRefundSent, cause: string(b.Refund), order: b.Order, shopper: b.Shopper}, b.Return != "", nil
	case fact.PromiseMade:
		return acknowledged(b.Promise), b.Owed == fact.AcknowledgeBy, nil
	case fact.EarlyAsked:
		return news{topic: fact.TopicEarly, cause: string(b.Early), order: b.Order, shopper: b.Shopper, urgent: true}, true, nil
	case fact.PromiseCorrected:
		return cleared(b), b.Was == fact.Broken && b.Now == fact.Kept && b.About == "", nil
	default:
		return n, false, fmt.Errorf("notify: there is no news in a %T", b)
	}
}

// changed is news of a change to a delivery: each thing that became of it once.
func changed(c fact.Change, now string) news {
	return news{topic: fact.TopicChange, cause: string(c.Change) + "/" + now, order: c.Order, shopper: c.Shopper, other: c.Other, urgent: true}
}

// demanded is news of a formal notice: each thing that became of it once.
func demanded(o ident.Order, who ident.Shopper, d ident.Demand, now string) news {
	return news{topic: fact.TopicDemand, cause: string(d) + "/" + now, order: o, shopper: who}
}

// copied is the dated copy of what a shopper wrote.
func copied(t fact.Talk, said ident.Said) news {
	return news{topic: fact.TopicAsked, cause: talkCause(t, said), order: t.Order, shopper: t.Shopper}
}

// claimed is news of a claim; its cause names the message that began the wait.
func claimed(t fact.Topic, c fact.Complaint, question ident.Said) news {
	return news{topic: t, cause: string(c.Claim) + "/" + string(question), order: c.Order, shopper: c.Shopper}
}

// talkCause names a message and its conversation.
func talkCause(t fact.Talk, said ident.Said) string {
	return string(t.Conversation) + "/" + string(said)
}

// returned is news about a return. It is told however late it reaches us: what a
// carrier scanned days ago is when the shopper's own deadlines were met.
func returned(t fact.Topic, b fact.Sendback, cause string) news {
	return news{topic: t, cause: cause, order: b.Order, shopper: b.Shopper}
}

// acknowledged is the letter that is itself what a promise owes: that a withdrawal
// is acknowledged. It carries the commitment, which its sending keeps.
func acknowledged(p fact.Promise) news {
	return news{topic: fact.TopicWithdrawn, cause: p.About, order: p.Order, shopper: p.Shopper, commitment: p.Commitment}
}

// trouble carries its commitment, so that being told before can be measured.
func trouble(t fact.Topic, p fact.Promise, cause string) news {
	return news{
		topic: t, cause: cause, order: p.Order, shopper: p.Shopper, commitment: p.Commitment,
		urgent: p.Owed == fact.DeliverInSlot && t != fact.TopicBroken, // the hour of a slot moves
	}
}

// endangered is a promise in danger. Incidents come in clusters: their news waits a
// minute for the next one, and for the end of one that was declared by mistake.
func endangered(b fact.PromiseAtRisk) news {
	n := trouble(fact.TopicAtRisk, b.Promise, dangerCause(b.Promise, b.Cause))
	_, n.settles = fact.IncidentOf(b.Cause)
	return n
}

// dangerCause names a danger of one promise.
func dangerCause(p fact.Promise, cause string) string { return string(p.Commitment) + ":" + cause }

// lifted takes back what was told of an incident that endangers the promise no more.
func lifted(b fact.RiskLifted) news {
	n := trouble(fact.TopicCorrected, b.Promise, dangerCause(b.Promise, b.Cause)+"#"+string(b.Warning))
	n.corrects, n.of, n.settles = []fact.Topic{fact.TopicAtRisk}, dangerCause(b.Promise, b.Cause), true
	return n
}

// repaired carries its commitment too: its letter may be the one that tells of
// the breach, and before the deadline when units were found missing early.
func repaired(b fact.RemedyGranted) news {
	return news{
		topic: fact.TopicRepaired, cause: string(b.Remedy), order: b.Order, shopper: b.Shopper, commitment: b.Commitment,
	}
}

// cleared takes back what was told of a promise that was kept after all.
func cleared(b fact.PromiseCorrected) news {
	n := trouble(fact.TopicCorrected, b.Promise, string(b.Commitment)+"#"+string(b.Verdict))
	n.corrects, n.of = []fact.Topic{fact.TopicBroken}, string(b.Commitment)
	return n
}

// moved is the news in a parcel's new status, if any, on its way out. What
// contradicts an earlier word is told as a correction of it, to who had it.
func moved(b fact.ParcelMoved) (news, bool) {
	n := news{
		topic: topicOf(b.Was, b.Now), cause: string(b.Parcel), order: b.Order, shopper: b.Shopper,
		happened: b.LastScan, claimed: b.Trust == fact.TrustClaimed, settles: true,
	}
	switch said := contradicted(b.Was, b.Now); {
	case b.Was == b.Now:
		n.topic, n.standing = standing(b.Now), true
	case said != nil:
		n.topic, n.corrects, n.of = fact.TopicCorrected, said, n.cause
		n.cause = fmt.Sprintf("%s#%d", b.Parcel, b.Version)
	}
	return n, n.topic != "" && b.Direction == fact.Out
}

// contradicted is what a new status takes back: in hand, and then not; at the
// point, and then on the road.
func contradicted(was, now fact.Status) []fact.Topic {
	switch {
	case was == fact.Delivered && (underway(now) || now == fact.ReadyForPickup), was == fact.ReadyForPickup && underway(now):
		return []fact.Topic{fact.TopicDelivered, fact.TopicReady, fact.TopicOut}
	default:
		return nil
	}
}

// underway reports whether a parcel of this status is with its carrier, neither
// in hand nor where it can be collected.
func underway(s fact.Status) bool {
	return s.Phase() == fact.PhaseCarried || s.Phase() == fact.PhaseLastMile
}

// topicOf is what a change of status is about; empty when it is no news, or can not be.
func topicOf(was, now fact.Status) fact.Topic {
	topic := standing(now)
	switch was.Phase() {
	case fact.PhaseDone, fact.PhaseReturn, fact.PhaseClosed:
		return ""
	case fact.PhaseCollection:
		if topic != fact.TopicDelivered {
			return ""
		}
	}
	if topic == fact.TopicShipped && !beforeCarrier(was) {
		return ""
	}
	return topic
}

// standing is what a status is about, whatever was before.
func standing(s fact.Status) fact.Topic {
	switch s {
	case fact.PickedUp, fact.InTransit, fact.ArrivedLocal, fact.Customs:
		return fact.TopicShipped
	case fact.OutForDelivery:
		return fact.TopicOut
	case fact.ReadyForPickup:
		return fact.TopicReady
	case fact.Delivered:
		return fact.TopicDelivered
	default:
		return ""
	}
}

// beforeCarrier reports whether a parcel of this status was not with its carrier
// yet, as far as anybody knew.
func beforeCarrier(s fact.Status) bool {
	return s == "" || s == fact.Pending || s == fact.Unknown
}

// outdated reports whether a status topic says what is no longer so.
func outdated(t fact.Topic, now fact.Status) bool {
	if t == fact.TopicShipped {
		return now.Phase() != fact.PhaseCarried
	}
	return t != standing(now)
}
