package returns

import (
	"slices"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/rule"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/tracking"
)

// Eligibility is what of an order may come back, line by line.
type Eligibility struct {
	Order   ident.Order
	Zone    string       // by whose clocks the days end
	Notice  ident.Policy // what was told of the right to withdraw; empty: nothing, and the law gives a year more
	Lines   []Right
	Reasons []Reason
}

// Right is what a shopper may do with units of a line. Instants are exclusive;
// zero while the article is not in hand, for then no time runs.
type Right struct {
	Line       ident.Line
	SKU        string
	Name       string
	Bought     int
	Left       int           // in hand, not said to miss, and in no other return
	Possession civil.Instant // when the last unit of the line was in hand
	Until      civil.Instant // by the shop's policy
	Withdraw   civil.Instant // by law, for any reason
	Conformity civil.Instant // by law, for a fault
	Excluded   string        // why the shop does not take it back for a change of mind
	Law        string        // why the law does not either, as told before the purchase
	Deposit    bool          // it is packaging that comes back for its deposit: no reason is asked
}

// Eligible says what of an order may come back now. The fault is not_found.
func (o *Office) Eligible(tx *db.Tx, m ident.Merchant, id ident.Order) (Eligibility, error) {
	s, err := o.situation(tx, m, id)
	if err != nil {
		return Eligibility{}, err
	}
	e := Eligibility{Order: id, Zone: s.where.Zone.String(), Notice: s.notice, Reasons: s.conditions.Reasons}
	for _, l := range s.lines {
		if l.Kind != order.Goods {
			continue
		}
		terms, err := s.terms(l, s.plain(l))
		if err != nil {
			return Eligibility{}, err
		}
		e.Lines = append(e.Lines, s.right(l, terms))
	}
	return e, nil
}

// situation is all that is read to say what may come back.
type situation struct {
	order      order.Order
	lines      []order.Line
	left       map[ident.Line]int
	possession map[ident.Line]civil.Instant
	last       civil.Instant // when the last article of the order was in hand; zero while one is not
	where      Where
	notice     ident.Policy
	conditions Conditions
	policy     *rule.Rule // in force when the order was placed: what was said before it was bought
	later      *rule.Rule // in force now; nil: the same
	now        civil.Instant
}

func (o *Office) situation(tx *db.Tx, m ident.Merchant, id ident.Order) (s situation, err error) {
	s.now = tx.Now
	if s.order, err = order.Get(tx, m, id); err != nil {
		return s, err
	}
	if s.where, err = whereOf(tx, m, s.order); err != nil {
		return s, err
	}
	if s.notice, err = noticeOf(tx, m, s.order); err != nil {
		return s, err
	}
	if s.conditions, err = ConditionsOf(tx, m); err != nil {
		return s, err
	}
	if s.policy, s.later, err = o.policiesOf(tx, m, s.order.Placed); err != nil {
		return s, err
	}
	if s.lines, err = order.Lines(tx, m, id); err != nil {
		return s, err
	}
	if err := s.readPossession(tx, m); err != nil {
		return s, err
	}
	return s, s.readLeft(tx, m)
}

// readPossession reads when each line was in hand. What a parcel holds that
// nobody told counts for every line.
func (s *situation) readPossession(tx *db.Tx, m ident.Merchant) error {
	had, err := possessionOf(tx, m, s.order.ID)
	if err != nil {
		return err
	}
	s.possession, s.last = map[ident.Line]civil.Instant{}, had.whole
	for _, l := range s.lines {
		s.possession[l.ID] = max(had.lines[l.ID], had.untold)
	}
	return nil
}

// possession is when an order came into the shopper's hands.
type possession struct {
	lines  map[ident.Line]civil.Instant
	untold civil.Instant // of parcels whose contents nobody told
	whole  civil.Instant // of the last article; zero while one is on its way
	sent   bool          // at least one parcel was announced
}

// possessionOf reads when the articles of an order were in hand. Evidence that is
// an interval counts by its end: no delay runs before the shopper has the goods.
func possessionOf(tx *db.Tx, m ident.Merchant, id ident.Order) (p possession, err error) {
	all, err := order.Parcels(tx, m, []ident.Order{id})
	if err != nil {
		return p, err
	}
	var ids []ident.Parcel
	for _, parcel := range all[id] {
		if parcel.Direction == fact.Out {
			ids = append(ids, parcel.ID)
		}
	}
	stories, err := tracking.Stories(tx, m, ids)
	if err != nil {
		return p, err
	}
	inside, err := order.Contents(tx, m, ids)
	if err != nil {
		return p, err
	}
	packed, err := order.Packed(tx, m, []ident.Order{id})
	if err != nil {
		return p, err
	}
	return gather(ids, stories, inside, packed[id]), nil
}

func gather(ids []ident.Parcel, stories map[ident.Parcel]tracking.Story, inside map[ident.Parcel]map[ident.Line]int, packed bool) possession {
	p := possession{lines: map[ident.Line]civil.Instant{}, sent: len(ids) > 0}
	whole := packed && len(ids) > 0
	for _, id := range ids {
		at := stories[id].Clocks.InHand
		if !at.Known() {
			whole = false
			continue
		}
		had := max(at.From, at.Until-1)
		p.whole = max(p.whole, had)
		if inside[id] == nil {
			p.untold = max(p.untold, had)
		}
		for line := range inside[id] {
			p.lines[line] = max(p.lines[line], had)
		}
	}
	if !whole {
		p.whole = 0
	}
	return p
}

// readLeft counts the units that may still come back.
func (s *situation) readLeft(tx *db.Tx, m ident.Merchant) error {
	held, err := order.Missable(tx, m, s.order.ID)
	if err != nil {
		return err
	}
	taken, err := inReturns(tx, m, s.order.ID)
	s.left = map[ident.Line]int{}
	for _, l := range s.lines {
		s.left[l.ID] = returnable(l.Units, held[l.ID], taken[l.ID])
	}
	return err
}

// units are those of a line that are in returns which live or have been decided.
type units struct {
	held  int // which the shopper had in hand
	never int // which they were paid for because they never had them whole
}

func (u units) all() int { return u.held + u.never }

// returnable is how many units of a line may still come back, of so many that were
// bought and so many that are in hand whole: what was paid for without coming is
// first what is not in hand.
func returnable(bought, held int, taken units) int {
	beyond := max(0, taken.never-(bought-held))
	return max(0, held-taken.held-beyond)
}

// inReturns counts the units of each line of an order that are in a return that
// lives or has been decided.
func inReturns(tx *db.Tx, m ident.Merchant, id ident.Order) (map[ident.Line]units, error) {
	of, err := OfOrders(tx, m, []ident.Order{id})
	if err != nil {
		return nil, err
	}
	never := map[ident.Return]bool{}
	var ids []ident.Return
	for _, r := range of[id] {
		if !over(r.State) {
			ids = append(ids, r.ID)
			never[r.ID] = r.Ground == fact.ByClaim || r.Ground == fact.ByResolution
		}
	}
	items, err := Items(tx, m, ids)
	taken := map[ident.Line]units{}
	for id, in := range items {
		for _, i := range in {
			u := taken[i.Line]
			if never[id] {
				u.never += i.Units
			} else {
				u.held += i.Units
			}
			taken[i.Line] = u
		}
	}
	return taken, err
}

// right says what may be done with a line.
func (s *situation) right(l order.Line, t Terms) Right {
	r := Right{
		Line: l.ID, SKU: l.SKU, Name: l.Name, Bought: l.Units, Left: s.left[l.ID], Possession: s.possession[l.ID],
		Excluded: t.Excluded, Law: l.Traits.Excluded, Deposit: l.Traits.Deposited(),
	}
	if r.Possession != 0 {
		r.Until = s.until(r.Possession, t)
		r.Conformity = s.where.Conformity(r.Possession)
	}
	if r.Law == "" && s.last != 0 {
		r.Withdraw = s.where.Withdrawal(s.last, s.notice != "")
	}
	return r
}

// terms are what the shop's policy answers about a case. What was said before the
// purchase stands; a policy written since then counts where it takes back what
// that one does not, or not any more.
func (s *situation) terms(l order.Line, c Case) (Terms, error) {
	told, err := ask(s.policy, c)
	if err != nil || s.later == nil || s.takes(l, told) {
		return told, err
	}
	now, err := ask(s.later, c)
	if err == nil && s.takes(l, now) {
		return now, nil
	}
	return told, err
}

// takes reports whether a line comes back by terms today.
func (s *situation) takes(l order.Line, t Terms) bool {
	r := s.right(l, t)
	return t.Excluded == "" && (r.Possession == 0 || s.now < r.Until)
}

// until is the end of the shop's own window, exclusive.
func (s *situation) until(possession civil.Instant, t Terms) civil.Instant {
	until := s.where.After(possession, t.Days)
	if t.Until != civil.NoDay {
		until = max(until, t.Until.End(s.where.Zone))
	}
	return until
}

// withdrawable reports whether a line may be withdrawn from now: also before it
// is in hand.
func (s *situation) withdrawable(l order.Line) bool {
	return l.Traits.Excluded == "" && (s.last == 0 || s.now < s.where.Withdrawal(s.last, s.notice != ""))
}

// plain is the case of one unit of a line that comes back for a change of mind.
func (s *situation) plain(l order.Line) Case {
	return s.caseOf(l, Item{Line: l.ID, Units: 1, Reason: "", Taxon: NoLonger, Condition: Unopened}, load{grams: l.Grams, value: l.Unit.Minor})
}

// load is all that comes back together.
type load struct {
	grams   int
	value   int64
	longest int
	girth   int
}

func (s *situation) loadOf(items []Item) (sum load) {
	for _, i := range items {
		l := s.line(i.Line)
		longest, girth := sides(l.Traits)
		sum.grams += l.Grams * i.Units
		sum.value += l.Unit.Minor * int64(i.Units)
		sum.longest, sum.girth = max(sum.longest, longest), max(sum.girth, girth)
	}
	return sum
}

func (s *situation) line(id ident.Line) order.Line {
	i := slices.IndexFunc(s.lines, func(l order.Line) bool { return l.ID == id })
	if i < 0 {
		return order.Line{}
	}
	return s.lines[i]
}

func (s *situation) caseOf(l order.Line, i Item, all load) Case {
	return Case{
		Category: l.Traits.Category, Handling: l.Traits.Handling, Condition: i.Condition, Reason: i.Taxon,
		Price: l.Unit.Minor, Units: i.Units, Value: all.value, OrderValue: s.order.Value.Minor, Currency: string(s.order.Currency),
		Grams: all.grams, Longest: all.longest, Girth: all.girth, Country: s.order.Ship.Country,
		Bought: s.order.Placed.Day(s.where.Zone), Today: s.now.Day(s.where.Zone),
	}
}
