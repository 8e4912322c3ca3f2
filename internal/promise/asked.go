package promise

import (
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// answerOwed is that a person answers a question by the instant that its writer
// was shown.
func answerOwed(t fact.Talk, question ident.Said, by civil.Instant) debt {
	return debt{fact.AnswerBy, string(question), t.Order, t.Shopper, by, BusinessClock, FromDesk, 0}
}

// QuestionAsked is the reaction to desk.asked.
func QuestionAsked(tx *flow.Tx, facts []flow.Fact) error {
	bodies, err := flow.Bodies[fact.DeskAsked](facts)
	if err != nil {
		return err
	}
	debts := make([]debt, len(bodies))
	for i, b := range bodies {
		debts[i] = answerOwed(b.Talk, b.Question, b.AnswerBy)
	}
	return owe(tx, facts[0].Merchant, debts)
}

// QuestionAgain is the reaction to desk.written: what is written after an answer is
// owed one more; what is added to a question moves nothing.
func QuestionAgain(tx *flow.Tx, facts []flow.Fact) error {
	bodies, err := flow.Bodies[fact.DeskWritten](facts)
	if err != nil {
		return err
	}
	var debts []debt
	for _, b := range bodies {
		if b.Began {
			debts = append(debts, answerOwed(b.Talk, b.Said, b.AnswerBy))
		}
	}
	return owe(tx, facts[0].Merchant, debts)
}

// QuestionAnswered is the reaction to desk.answered.
func QuestionAnswered(tx *flow.Tx, facts []flow.Fact) error {
	bodies, err := flow.Bodies[fact.DeskAnswered](facts)
	if err != nil {
		return err
	}
	notes := make([]note, len(bodies))
	for i, b := range bodies {
		notes[i] = note{string(b.Question), answered, b.At}
	}
	return did(tx, facts, notes)
}

// QuestionClosed is the reaction to desk.closed: a shopper who needs no answer is owed none.
func QuestionClosed(tx *flow.Tx, facts []flow.Fact) error {
	bodies, err := flow.Bodies[fact.DeskClosed](facts)
	if err != nil {
		return err
	}
	notes := make([]note, len(bodies))
	for i, b := range bodies {
		notes[i] = note{string(b.Question), nothingOwed, facts[i].At}
	}
	return did(tx, facts, notes)
}

// DeskReactions are the routes of what is owed to whoever writes to a person, or
// claims.
func DeskReactions() []flow.Reaction {
	verdicts := []fact.Kind{
		fact.PromiseKept{}.Kind(), fact.PromiseBroken{}.Kind(), fact.PromiseVoided{}.Kind(), fact.PromiseCorrected{}.Kind(),
	}
	made := []fact.Kind{fact.PromiseMade{}.Kind()}
	return append([]flow.Reaction{
		{On: fact.DeskAsked{}.Kind(), Name: "promise.QuestionAsked", Mode: flow.Must, Run: QuestionAsked, Emits: made},
		{On: fact.DeskWritten{}.Kind(), Name: "promise.QuestionAgain", Mode: flow.Must, Run: QuestionAgain, Emits: made},
		{On: fact.DeskAnswered{}.Kind(), Name: "promise.QuestionAnswered", Mode: flow.Must, Run: QuestionAnswered, Emits: verdicts},
		{On: fact.DeskClosed{}.Kind(), Name: "promise.QuestionClosed", Mode: flow.Must, Run: QuestionClosed, Emits: verdicts},
	}, claimReactions()...)
}
