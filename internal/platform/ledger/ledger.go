// Package ledger is double-entry bookkeeping: every movement of value is a
// journal whose postings sum to zero in each currency, so that nothing is owed
// to anybody without somebody owing it.
//
// It stores journals, which name the fact they follow from and the world's
// time, and their postings. Both are only ever added; a mistake is mended by a
// journal the other way round. It emits and hears no fact: the verb that posts
// emits its own.
//
// It deliberately does not know what accounts exist, nor what a journal is
// about: rooms name both. It pays nothing out and knows no exchange rate.
package ledger

import (
	"fmt"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Posting moves an amount onto an account when positive, off it when negative.
// Accounts are named "whose:what", for example "shopper:shp_…" or "promises:broken".
type Posting struct {
	Account string
	Amount  money.Amount
}

// Post writes a journal. key names what it books, once for ever per merchant.
//
// Postings that do not balance, and a key used before, are errors and no
// faults: they are mistakes of the calling room that no person can mend. On
// PostgreSQL the second use of a key shows at the end of the transaction.
func Post(tx *flow.Tx, m ident.Merchant, key string, postings []Posting) (ident.Journal, error) {
	if err := check(postings); err != nil {
		return "", fmt.Errorf("ledger: journal %q: %w", key, err)
	}
	id := ident.New[ident.Journal](tx.Mint)
	if err := tx.Do(sqlInsertJournal, m, id, key, tx.Cause(), tx.Now); err != nil {
		return "", fmt.Errorf("ledger: journal %q: %w", key, err)
	}
	for place, p := range postings {
		err := tx.Do(sqlInsertPosting, m, id, place, p.Account, p.Amount.Currency, p.Amount.Minor)
		if err != nil {
			return "", fmt.Errorf("ledger: journal %q: %w", key, err)
		}
	}
	return id, nil
}

// check finds what no journal may be: one-sided, nameless, or unbalanced.
func check(postings []Posting) error {
	if len(postings) < 2 {
		return fmt.Errorf("%d postings, at least two are needed", len(postings))
	}
	sums := map[money.Currency]money.Amount{}
	for i, p := range postings {
		if p.Account == "" || p.Amount.Currency == "" {
			return fmt.Errorf("posting %d lacks its account or its currency", i)
		}
		before, seen := sums[p.Amount.Currency]
		if !seen {
			before = money.Of(0, p.Amount.Currency)
		}
		sum, err := before.Add(p.Amount)
		if err != nil {
			return fmt.Errorf("posting %d: %v", i, err)
		}
		sums[p.Amount.Currency] = sum
	}
	for _, sum := range sums {
		if !sum.IsZero() {
			return fmt.Errorf("postings leave %v over", sum)
		}
	}
	return nil
}

// Balance is what has been posted onto an account in a currency, less what was
// posted off it; nothing for an account never used.
func Balance(tx *db.Tx, m ident.Merchant, account string, c money.Currency) (money.Amount, error) {
	minor, _, err := db.One(tx, sqlBalance, db.Scalar[int64], m, account, c)
	return money.Of(minor, c), err
}
