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

// Only the promise to acknowledge a withdrawal is a letter; it carries the promise,
// which its sending keeps.
func TestTheAcknowledgementOfAWithdrawalCarriesItsPromise(t *testing.T) {
	s := newShop(t)
	o := s.order()
	s.Quiet()
	delivery, owed := s.promise(o), s.promise(o)
	owed.Owed, owed.About, owed.Commitment = fact.AcknowledgeBy, "wdr_1", "com_ack"
	s.says(o, fact.PromiseMade{Promise: delivery}, fact.PromiseMade{Promise: owed})
	s.Quiet()
	s.expect(o, "order_confirmed sent", "withdrawal_received sent")
	for _, msg := range s.messages(o) {
		if msg.Topic == fact.TopicWithdrawn && msg.Commitment != "com_ack" {
			t.Errorf("sent for %q", msg.Commitment)
		}
	}
}

func TestEachStepOfAReturnIsToldOnce(t *testing.T) {
	s := newShop(t)
	o := s.order()
	s.Quiet()
	back := fact.Sendback{Return: "ret_1", Order: o, Shopper: s.camille}
	repayment := fact.Repayment{Refund: "rfd_1", Return: "ret_1", Order: o, Shopper: s.camille}
	s.says(o,
		fact.ReturnAccepted{Sendback: back}, fact.ReturnDeposited{Sendback: back}, fact.ReturnReceived{Sendback: back},
		fact.ReturnDecided{Sendback: back, Decision: "dcn_1"}, fact.Refunded{Repayment: repayment},
		fact.ReturnDecided{Sendback: back, Decision: "dcn_2"}, fact.DisputeSettled{Sendback: back, Dispute: "dsp_1"},
		fact.ReturnLost{Sendback: back}, fact.ReturnExpiring{Sendback: back}, fact.ReturnExpired{Sendback: back}, fact.Refunded{Repayment: fact.Repayment{Refund: "rfd_2", Order: o, Shopper: s.camille}})
	s.Quiet()
	s.expect(o, "order_confirmed sent", "return_accepted sent", "return_deposited sent", "return_received sent", "return_decided sent",
		"return_decided sent", "refund_sent sent", "dispute_settled sent", "return_lost sent", "return_expiring sent", "return_expired sent")
}
