package desk

import (
	"slices"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/text"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Decision is a person's word on a claim, with its reasons.
type Decision struct {
	By      ident.Staff // the person, by name: neither a program nor a rule decides
	Seen    int         // how many entries of the file the person had read; 0: not said
	Outcome fact.Outcome
	Liable  fact.Party // who answers for it; not asked of a refusal
	Words   string     // the reasons, as the shopper reads them
	// Goods are units whose price is given back, because they were lost, are missing
	// or came damaged; none: what is owed is not for goods.
	Goods []fact.Units
}

func (d *Decision) check() error {
	var faults fault.List
	d.Words = text.Lines(d.Words)
	checkWords(&faults, d.Words, nil)
	if !slices.Contains(fact.Outcomes, d.Outcome) {
		faults.Add(fault.Invalid, "unknown_value", "outcome", "value", string(d.Outcome), "known", fact.Outcomes)
	}
	if len(d.Goods) > 0 && d.Outcome == fact.Refused {
		faults.Add(fault.Invalid, "claim_refused_goods", "goods")
	}
	switch {
	case d.Outcome == fact.Refused:
		d.Liable = fact.ByNobody
	case d.Liable == "":
		faults.Add(fault.Invalid, "field_required", "liable")
	case !slices.Contains(fact.Parties, d.Liable):
		faults.Add(fault.Invalid, "unknown_value", "liable", "value", string(d.Liable), "known", fact.Parties)
	}
	return faults.Err()
}

// Decide says the first person's word on a claim. The same word of the same person
// twice is said once. The faults are not_found, claim_decided, claim_moved when
// something was added meanwhile, claim_own for whoever raised it, not_a_person,
// unknown_value, field_required, claim_refused_goods, those of the words, and of the
// goods those that returns.ClaimDecided has.
func Decide(tx *flow.Tx, m ident.Merchant, id ident.Claim, d Decision) (Claim, error) {
	c, err := d.of(tx, m, id)
	if err != nil || c.repeats(d, ClaimDecided) {
		return c, err
	}
	if c.State != ClaimOpen {
		return c, fault.New(fault.Conflict, "claim_decided", "claim")
	}
	who := flow.ByStaff(d.By)
	if who == c.Opener {
		return c, fault.New(fault.Forbidden, "claim_own", "by")
	}
	c.State, c.Decider = ClaimDecided, who
	said, err := c.rule(tx, m, d, ActDecided)
	if err != nil {
		return c, err
	}
	return c, c.emit(tx, m, string(said.Question), said)
}

// Review says the second person's word on a claim that the shopper contested: the
// last one of the shop. The faults are those of Decide, claim_not_contested and
// claim_second_person for whoever decided first.
func Review(tx *flow.Tx, m ident.Merchant, id ident.Claim, d Decision) (Claim, error) {
	c, err := d.of(tx, m, id)
	if err != nil || c.repeats(d, ClaimClosed) && flow.ByStaff(d.By) != c.Decider {
		return c, err
	}
	if c.State != ClaimContested {
		return c, fault.New(fault.Conflict, "claim_not_contested", "claim")
	}
	switch flow.ByStaff(d.By) {
	case c.Decider:
		return c, fault.New(fault.Forbidden, "claim_second_person", "by")
	case c.Opener:
		return c, fault.New(fault.Forbidden, "claim_own", "by")
	}
	c.State = ClaimClosed
	said, err := c.rule(tx, m, d, ActReviewed)
	if err != nil {
		return c, err
	}
	return c, c.emit(tx, m, string(said.Question), fact.ContestDecided{ClaimDecided: said})
}

// of is the claim that is decided, by somebody who works there and has read all of it.
func (d *Decision) of(tx *flow.Tx, m ident.Merchant, id ident.Claim) (Claim, error) {
	if err := d.check(); err != nil {
		return Claim{}, err
	}
	c, err := GetClaim(tx.Tx, m, id)
	if err != nil {
		return c, err
	}
	if d.Seen > 0 && int64(d.Seen) < c.said && c.Waits() {
		return c, fault.New(fault.Conflict, "claim_moved", "claim")
	}
	return c, person(tx.Tx, m, d.By)
}

// repeats reports whether that is what was decided already.
func (c Claim) repeats(d Decision, s ClaimState) bool {
	return c.State == s && c.Outcome == d.Outcome && c.Liable == d.Liable
}

// rule writes a decision down, and answers what is said of it.
func (c *Claim) rule(tx *flow.Tx, m ident.Merchant, d Decision, act ClaimAct) (fact.ClaimDecided, error) {
	c.Outcome, c.Liable, c.Decided = d.Outcome, d.Liable, tx.Now
	e := ClaimEntry{
		ID: ident.New[ident.Said](tx.Mint), Act: act, Party: fact.ByMerchant, Actor: flow.ByStaff(d.By), Via: fact.ViaPage, Words: d.Words,
		Outcome: d.Outcome, Liable: d.Liable, Goods: d.Goods,
	}
	return fact.ClaimDecided{
		Complaint: c.told(), Question: c.Question, By: d.By, At: tx.Now, InTime: tx.Now < c.AnswerBy, Outcome: d.Outcome, Liable: d.Liable, Goods: d.Goods,
	}, c.enter(tx, m, e)
}

// ContestClaim says that the shopper does not accept the decision, and why: a
// second person is to decide, by a deadline of its own. Contesting again meanwhile
// adds to what was said. The faults are not_found, claim_undecided, claim_accepted,
// claim_closed, and those of Tell.
func ContestClaim(tx *flow.Tx, m ident.Merchant, id ident.Claim, s Statement) (Claim, error) {
	s.By, s.Words = fact.ByShopper, text.Lines(s.Words)
	c, err := GetClaim(tx.Tx, m, id)
	if err != nil {
		return c, err
	}
	switch {
	case c.State == ClaimContested:
		return Tell(tx, m, id, s)
	case c.State == ClaimOpen:
		return c, fault.New(fault.Conflict, "claim_undecided", "claim")
	case c.State == ClaimClosed:
		return c, fault.New(fault.Conflict, "claim_closed", "claim")
	case !c.Contestable():
		return c, fault.New(fault.Conflict, "claim_accepted", "claim")
	}
	if err := s.check(tx.Tx, m); err != nil {
		return c, err
	}
	if c.AnswerBy, err = Due(tx.Tx, m); err != nil {
		return c, err
	}
	c.State, c.Question = ClaimContested, ident.New[ident.Said](tx.Mint)
	e := ClaimEntry{ID: c.Question, Act: ActContested, Party: fact.ByShopper, Actor: tx.By(), Via: s.Via, Words: s.Words, Photos: s.Photos}
	if err := c.enter(tx, m, e); err != nil {
		return c, err
	}
	return c, c.emit(tx, m, string(c.Question), fact.ClaimContested{Complaint: c.told(), Question: c.Question, AnswerBy: c.AnswerBy})
}
