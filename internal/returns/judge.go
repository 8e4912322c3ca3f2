package returns

import (
	"fmt"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/photo"
	"github.com/promesse-dev/promesse/internal/core/text"
	"github.com/promesse-dev/promesse/internal/order"
)

// maxItems bounds a request.
const maxItems = 100

// judge brings what is wanted to its one form, with the terms of each line, or
// tells all that is wrong with it.
func (s *situation) judge(w Wanted) (items []Item, terms []Terms, err error) {
	if w.Shopper != "" && w.Shopper != s.order.Shopper {
		return nil, nil, fault.New(fault.NotFound, "not_found", "order")
	}
	var faults fault.List
	if len(w.Items) == 0 {
		faults.Add(fault.Invalid, "field_required", "items")
	}
	if len(w.Items) > maxItems {
		return nil, nil, fault.New(fault.Invalid, "list_too_long", "items", "limit", maxItems)
	}
	seen := map[ident.Line]bool{}
	for n, i := range w.Items {
		at := fmt.Sprintf("items[%d].", n)
		if seen[i.Line] {
			faults.Add(fault.Invalid, "line_twice", at+"line")
			continue
		}
		seen[i.Line] = true
		items = append(items, s.item(&faults, at, i))
	}
	if err := faults.Err(); err != nil {
		return nil, nil, err
	}
	all := s.loadOf(items)
	for n, i := range items {
		t, err := s.terms(s.line(i.Line), s.caseOf(s.line(i.Line), i, all))
		if err != nil {
			return nil, nil, err
		}
		s.admit(&faults, fmt.Sprintf("items[%d].", n), i, t)
		terms = append(terms, t)
	}
	return items, terms, faults.Err()
}

// item checks what does not depend on the policy.
func (s *situation) item(faults *fault.List, at string, i Item) Item {
	l := s.line(i.Line)
	switch left := s.left[i.Line]; {
	case l.Kind != order.Goods:
		faults.Add(fault.Invalid, "unknown_line", at+"line", "line", string(i.Line))
	case i.Units < 1:
		faults.Add(fault.Invalid, "negative_quantity", at+"units")
	case s.possession[i.Line] == 0:
		faults.Add(fault.Conflict, "not_in_hand", at+"line", "name", l.Name)
	case left == 0:
		faults.Add(fault.Conflict, "already_returned", at+"line", "name", l.Name)
	case i.Units > left:
		faults.Add(fault.Invalid, "too_many_to_return", at+"units", "units", i.Units, "left", left)
	}
	text.Check(faults, at+"comment", i.Comment, maxNote)
	if !slices.Contains(Looks, i.Condition) {
		faults.Add(fault.Invalid, "unknown_value", at+"condition", "value", string(i.Condition))
	}
	if l.Traits.Deposited() {
		i.Reason, i.Taxon, i.Photos = string(Packaging), Packaging, nil
		return i
	}
	reason, ok := s.conditions.reason(i.Reason)
	if !ok {
		faults.Add(fault.Invalid, "unknown_value", at+"reason", "value", i.Reason)
	}
	if reason.Photo && len(i.Photos) == 0 {
		faults.Add(fault.Invalid, "photo_required", at+"photos")
	}
	if len(i.Photos) > photo.MaxFiles {
		faults.Add(fault.Invalid, "list_too_long", at+"photos", "limit", photo.MaxFiles)
	}
	i.Taxon = reason.Taxon
	return i
}

// admit checks a line against the policy and the law. What the policy does not
// take back can be withdrawn from while the law says so: that is another door.
func (s *situation) admit(faults *fault.List, at string, i Item, t Terms) {
	l := s.line(i.Line)
	r := s.right(l, t)
	if i.Taxon.Defect() {
		if s.now >= r.Conformity {
			faults.Add(fault.Conflict, "return_window_over", at+"line", "name", l.Name, "until", s.lastDay(r.Conformity))
		}
		return
	}
	switch inTime := s.now < r.Until; {
	case inTime && t.Excluded == "":
	case s.withdrawable(l):
		faults.Add(fault.Conflict, "withdraw_instead", at+"line", "name", l.Name, "until", s.lastDay(r.Withdraw))
	case t.Excluded != "":
		faults.Add(fault.Conflict, "return_excluded", at+"line", "name", l.Name, "why", t.Excluded)
	default:
		faults.Add(fault.Conflict, "return_window_over", at+"line", "name", l.Name, "until", s.lastDay(r.Until))
	}
}

// lastDay is the last day before an instant, for sentences; nothing while no time runs.
func (s *situation) lastDay(until civil.Instant) any {
	if until == 0 {
		return "–"
	}
	return (until - 1).Day(s.where.Zone)
}
