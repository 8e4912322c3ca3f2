package notify_test

import (
	"testing"

	"github.com/promesse-dev/promesse/internal/fact"
)

func TestAnotherDateIsToldOnceForAllThatMoves(t *testing.T) {
	s := newShop(t)
	o := s.order()
	s.Quiet()
	delivery, whole := s.promise(o), s.promise(o)
	delivery.Owed, whole.Owed, whole.Commitment = fact.DeliverBy, fact.Complete, "com_whole"
	s.says(o,
		fact.PromiseAmended{Promise: delivery, Successor: "com_next"},
		fact.PromiseAmended{Promise: whole, Successor: "com_next_whole"})
	s.Quiet()
	s.expect(o, "order_confirmed sent", "promise_amended sent")
}

func TestAUnitFoundMissingIsTold(t *testing.T) {
	s := newShop(t)
	o := s.order()
	s.Quiet()
	whole := s.promise(o)
	whole.Owed = fact.Complete
	s.says(o, fact.PromiseBroken{Ruling: fact.Ruling{Promise: whole, MissingUnits: 1, MissingLines: 1}})
	s.Quiet()
	s.expect(o, "order_confirmed sent", "promise_broken sent")
}
