package promise

import (
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// A shopper may say that a scan is not true: that what was scanned as delivered
// is not there, or that nobody came. While a person looks into it, what was judged
// by that scan is contested, and counts in no measure; nor is the parcel's way in the
// history that quotes are made from. If the shopper is right,
// the scan is believed no more, the promise is judged again without it, and who
// answers is that person's word.

// contestState is where the contest of a scan stands.
type contestState string

const (
	contestOpen      contestState = "open"
	contestUpheld    contestState = "upheld"
	contestDismissed contestState = "dismissed"
)

// contest is what a shopper says of the evidence of an order.
type contest struct {
	claim  ident.Claim
	order  ident.Order
	parcel ident.Parcel // empty: all that was sent
	what   fact.ClaimKind
	state  contestState
	liable fact.Party    // whose fault it is, once upheld
	since  civil.Instant // scans from before are contested
	at     civil.Instant // of the last word on it
}

const (
	sqlContest = `insert into promise_contest (merchant, claim, order_id, parcel, what, state, liable, since, at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		on conflict (merchant, claim) do update set parcel = excluded.parcel, what = excluded.what, state = excluded.state,
		liable = excluded.liable, at = excluded.at`
	sqlContestOf  = `select claim, order_id, parcel, what, state, liable, since, at from promise_contest where merchant = $1 and claim = $2`
	sqlContestsOf = `select claim, order_id, parcel, what, state, liable, since, at from promise_contest
		where merchant = $1 and order_id in ($2) and state <> 'dismissed' order by order_id, claim`
	sqlMark = `update promise_commitment set contested = $3 where merchant = $1 and id = $2`
)

func scanContest(r db.Row) (x contest, err error) {
	err = r.Scan(&x.claim, &x.order, &x.parcel, &x.what, &x.state, &x.liable, &x.since, &x.at)
	return x, err
}

func (x contest) save(tx *flow.Tx, m ident.Merchant) error {
	return tx.Do(sqlContest, m, x.claim, x.order, x.parcel, x.what, x.state, x.liable, x.since, tx.Now)
}

func contestsOf(tx *db.Tx, m ident.Merchant, orders []ident.Order) (map[ident.Order][]contest, error) {
	all, err := db.All(tx, sqlContestsOf, scanContest, m, db.In(orders))
	of := map[ident.Order][]contest{}
	for _, x := range all {
		of[x.order] = append(of[x.order], x)
	}
	return of, err
}

// believed is what is known of a parcel once the contests that were upheld are
// heard. What was not received is lost from then on: what is announced later stands
// for it.
func (s Sighting) believed(p ident.Parcel, all []contest) Sighting {
	for _, x := range all {
		if x.state != contestUpheld || x.parcel != "" && x.parcel != p {
			continue
		}
		switch before := func(i civil.Interval) bool { return known(i) && i.From < x.since }; {
		case x.what == fact.ClaimNobodyCame && before(s.Presented) && !before(s.Done):
			s.Presented = civil.Interval{}
		case x.what == fact.ClaimNotReceived && before(s.Done), x.what == fact.ClaimLost && (before(s.Done) || !known(s.Done)):
			s.Done = civil.Interval{}
			s.Closed = civil.Interval{From: x.since, Until: x.since + 1}
		default:
			continue
		}
		s.Denied, s.Liable, s.Trust = x.what, x.liable, fact.TrustConfirmed
	}
	return s
}

// believedClocks is the same of what transit times are learned from; doubted while
// somebody is to decide.
func believedClocks(c fact.Clocks, p ident.Parcel, all []contest) (believed fact.Clocks, doubted bool) {
	for _, x := range all {
		before := func(s fact.Span) bool { return s.Known() && s.From < x.since }
		switch {
		case x.parcel != "" && x.parcel != p:
		case x.state == contestOpen:
			doubted = true
		case x.what == fact.ClaimNobodyCame && before(c.Presented) && !before(c.InHand):
			c.Presented = fact.Span{}
		case x.what != fact.ClaimNobodyCame && (before(c.InHand) || x.what == fact.ClaimLost && !c.InHand.Known()):
			c.Presented, c.Ready, c.InHand, c.Closed = fact.Span{}, fact.Span{}, fact.Span{}, fact.Span{From: x.since, Until: x.since + 1}
		}
	}
	return c, doubted
}

// contested is since when what a ruling rests on is contested; 0: it is not. What
// was upheld before the deadline leaves the last verdict to count for nothing until
// the next one.
func (f files) contested(c Commitment, r Ruling) civil.Instant {
	for _, x := range f.contests[c.Order] {
		switch {
		case x.state == contestOpen && r.restsOn(x.what):
			return x.since
		case x.state == contestUpheld && r.State == fact.Open && c.State != fact.Open:
			return x.since
		}
	}
	return 0
}

// arrived reports whether the last verdict has seen all goods arrive, and nobody
// decided since that they did not.
func (f files) arrived(c Commitment) bool {
	for _, x := range f.contests[c.Order] {
		if x.state == contestUpheld && x.what != fact.ClaimNobodyCame && c.Last.At <= x.at {
			return false
		}
	}
	return c.delivered()
}

// restsOn reports whether a ruling believes the scan that a claim denies.
func (r Ruling) restsOn(what fact.ClaimKind) bool {
	if what == fact.ClaimNobodyCame {
		return r.State == fact.Void && r.Reason == ShopperAct
	}
	return r.State == fact.Kept || r.State == fact.Broken && r.LateKnown && r.MissingUnits == 0 || r.State == fact.Void && r.Reason == Unprovable
}

// mark notes on commitments whether their evidence is contested.
func mark(tx *flow.Tx, m ident.Merchant, heard []hearing) error {
	for _, h := range heard {
		if h.contested == h.commitment.Contested {
			continue
		}
		var since any
		if h.contested != 0 {
			since = h.contested
		}
		if err := tx.Do(sqlMark, m, h.commitment.ID, since); err != nil {
			return err
		}
	}
	return nil
}

// claimed is what the routes of a claim have in common: the contest as it is now,
// and the promises of its order judged anew.
func claimed(tx *flow.Tx, f flow.Fact, c fact.Complaint, state contestState, liable fact.Party) error {
	before, there, err := db.One(tx.Tx, sqlContestOf, scanContest, f.Merchant, c.Claim)
	if err != nil || !there && !c.What.Contests() {
		return err
	}
	next := contest{claim: c.Claim, order: c.Order, parcel: c.Parcel, what: c.What, state: state, liable: liable, since: f.At}
	if there {
		next.since = before.since
	}
	if !c.What.Contests() { // it was taken for a contest, and is none
		next.what, next.state, next.liable = before.what, contestDismissed, fact.ByNobody
	}
	if err := next.save(tx, f.Merchant); err != nil {
		return err
	}
	cs, err := db.All(tx.Tx, sqlCommitmentsOf, scanCommitment, f.Merchant, db.In([]ident.Order{c.Order}))
	if err != nil {
		return err
	}
	if err := judge(tx, f.Merchant, cs, map[ident.Order]flow.Fact{c.Order: f}); err != nil {
		return err
	}
	return relearn(tx, f.Merchant, c.Order)
}

// ClaimRaised is the reaction to desk.claimed: a person's decision is owed, and
// what the claim contests is contested from now on.
func ClaimRaised(tx *flow.Tx, facts []flow.Fact) error {
	return flow.Each(func(tx *flow.Tx, f flow.Fact, b fact.ClaimRaised) error {
		if err := owe(tx, f.Merchant, []debt{decisionOwed(b.Complaint, b.Question, b.AnswerBy)}); err != nil {
			return err
		}
		return claimed(tx, f, b.Complaint, contestOpen, fact.ByNobody)
	})(tx, facts)
}

func decisionOwed(c fact.Complaint, question ident.Said, by civil.Instant) debt {
	return debt{fact.AnswerBy, string(question), c.Order, c.Shopper, by, BusinessClock, FromDesk, 0}
}

// ClaimSorted is the reaction to desk.claim_sorted.
func ClaimSorted(tx *flow.Tx, facts []flow.Fact) error {
	return flow.Each(func(tx *flow.Tx, f flow.Fact, b fact.ClaimSorted) error {
		return claimed(tx, f, b.Complaint, contestOpen, fact.ByNobody)
	})(tx, facts)
}

// ClaimDecided is the reaction to desk.claim_decided: it was owed, and a scan that
// is not true is believed no more.
func ClaimDecided(tx *flow.Tx, facts []flow.Fact) error {
	return flow.Each(ruled)(tx, facts)
}

// ContestDecided is the reaction to desk.contest_decided: likewise.
func ContestDecided(tx *flow.Tx, facts []flow.Fact) error {
	return flow.Each(func(tx *flow.Tx, f flow.Fact, b fact.ContestDecided) error { return ruled(tx, f, b.ClaimDecided) })(tx, facts)
}

func ruled(tx *flow.Tx, f flow.Fact, b fact.ClaimDecided) error {
	if err := did(tx, []flow.Fact{f}, []note{{string(b.Question), answered, b.At}}); err != nil {
		return err
	}
	state := contestUpheld
	if b.Outcome == fact.Refused {
		state = contestDismissed
	}
	return claimed(tx, f, b.Complaint, state, b.Liable)
}

// ClaimContested is the reaction to desk.contested: a second decision is owed. A
// scan that the first one believed is contested again.
func ClaimContested(tx *flow.Tx, facts []flow.Fact) error {
	return flow.Each(func(tx *flow.Tx, f flow.Fact, b fact.ClaimContested) error {
		if err := owe(tx, f.Merchant, []debt{decisionOwed(b.Complaint, b.Question, b.AnswerBy)}); err != nil {
			return err
		}
		x, there, err := db.One(tx.Tx, sqlContestOf, scanContest, f.Merchant, b.Claim)
		if err != nil || !there || x.state != contestDismissed {
			return err
		}
		return claimed(tx, f, b.Complaint, contestOpen, fact.ByNobody)
	})(tx, facts)
}

// claimReactions are the routes of claims.
func claimReactions() []flow.Reaction {
	verdicts := []fact.Kind{
		fact.PromiseKept{}.Kind(), fact.PromiseBroken{}.Kind(), fact.PromiseVoided{}.Kind(), fact.PromiseCorrected{}.Kind(),
	}
	owed := append([]fact.Kind{fact.PromiseMade{}.Kind()}, verdicts...)
	return []flow.Reaction{
		{On: fact.ClaimRaised{}.Kind(), Name: "promise.ClaimRaised", Mode: flow.Must, Run: ClaimRaised, Emits: owed},
		{On: fact.ClaimSorted{}.Kind(), Name: "promise.ClaimSorted", Mode: flow.Must, Run: ClaimSorted, Emits: verdicts},
		{On: fact.ClaimDecided{}.Kind(), Name: "promise.ClaimDecided", Mode: flow.Must, Run: ClaimDecided, Emits: verdicts},
		{On: fact.ClaimContested{}.Kind(), Name: "promise.ClaimContested", Mode: flow.Must, Run: ClaimContested, Emits: owed},
		{On: fact.ContestDecided{}.Kind(), Name: "promise.ContestDecided", Mode: flow.Must, Run: ContestDecided, Emits: verdicts},
	}
}
