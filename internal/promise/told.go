package promise

import (
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Told is the reaction to notify.sent: a message about the trouble of a
// commitment, accepted before its deadline, tells its shopper in time. Later
// ones tell of a breach and count for nothing here. The letter that acknowledges
// a withdrawal is itself what was owed.
func Told(tx *flow.Tx, facts []flow.Fact) error {
	sent, err := flow.Bodies[fact.MessageSent](facts)
	if err != nil {
		return err
	}
	deadlines, err := deadlines(tx, facts[0].Merchant, sent)
	if err != nil {
		return err
	}
	for i, s := range sent {
		c, ours := deadlines[s.Commitment]
		if ours && c.Owed == fact.AcknowledgeBy {
			if err := did(tx, facts[i:i+1], []note{{c.About, acknowledged, s.At}}); err != nil {
				return err
			}
			continue
		}
		if !ours || s.At >= c.Until {
			continue
		}
		if err := tell(tx.Because(facts[i]), facts[i].Merchant, c.Order, s); err != nil {
			return err
		}
	}
	return nil
}

// deadlines reads the commitments that messages are about.
func deadlines(tx *flow.Tx, m ident.Merchant, sent []fact.MessageSent) (map[ident.Commitment]Commitment, error) {
	var ids []ident.Commitment
	for _, s := range sent {
		if s.Commitment != "" {
			ids = append(ids, s.Commitment)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	cs, err := db.All(tx.Tx, sqlCommitments, scanCommitment, m, db.In(ids))
	if err != nil {
		return nil, err
	}
	return byID(cs), nil
}

func byID(cs []Commitment) map[ident.Commitment]Commitment {
	of := make(map[ident.Commitment]Commitment, len(cs))
	for _, c := range cs {
		of[c.ID] = c
	}
	return of
}

func tell(tx *flow.Tx, m ident.Merchant, o ident.Order, s fact.MessageSent) error {
	fresh, err := tx.Changed(sqlInsertTelling, m, s.Message.Message, s.Commitment, s.At)
	if err != nil || !fresh {
		return err
	}
	if err := tx.Do(sqlRetell, m, s.Commitment); err != nil {
		return err
	}
	return tx.Emit(m, string(o), string(s.Message.Message), fact.PromiseTold{
		Commitment: s.Commitment, Message: s.Message.Message, At: s.At,
	})
}

// Untold is the reaction to notify.bounced: what never arrived has told nobody.
func Untold(tx *flow.Tx, facts []flow.Fact) error { return flow.Each(untell)(tx, facts) }

func untell(tx *flow.Tx, f flow.Fact, b fact.MessageBounced) error {
	c, stood, err := db.One(tx.Tx, sqlUndoTelling, db.Scalar[ident.Commitment], f.Merchant, b.Message.Message, b.At)
	if err != nil || !stood {
		return err
	}
	if err := tx.Do(sqlRetell, f.Merchant, c); err != nil {
		return err
	}
	return tx.Emit(f.Merchant, f.Subject, string(b.Message.Message)+"/undone", fact.PromiseTold{
		Commitment: c, Message: b.Message.Message, At: b.At, Undone: true,
	})
}
