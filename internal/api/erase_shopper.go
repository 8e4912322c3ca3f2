package api

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/erasure"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/shopper"
)

// Erase takes a shopper's personal data out of a shop, and tells the shopper.
type Erase func(tx *flow.Tx, m ident.Merchant, s ident.Shopper) error

// unheard erases, and tells nobody.
func unheard(tx *flow.Tx, m ident.Merchant, s ident.Shopper) error {
	_, err := erasure.Erase(tx, m, s)
	return err
}

// eraseShopper takes all that is personal about a shopper out of the shop, at the
// shopper's request. While something is under way it is refused.
func eraseShopper(a *API, tx *flow.Tx, c call, in *shopperPath) (reply[nothing], error) {
	if _, err := shopper.Get(tx.Tx, c.Merchant, in.ID); err != nil {
		return reply[nothing]{}, err
	}
	return done(), a.erase(tx, c.Merchant, in.ID)
}

// Answers that were kept for idempotency hold what was erased, sealed, for a day.

// EraseErrand looks for the kept answers about a shopper.
const EraseErrand = "api.EraseAnswers"

// erasing is its body.
type erasing struct {
	Shopper ident.Shopper `json:"shopper"`
}

// EraseAnswers is the reaction to shopper.erased that has the kept answers looked
// through: they can only be read with the master key, and there may be many.
func EraseAnswers(tx *flow.Tx, facts []flow.Fact) error {
	return flow.Each(func(tx *flow.Tx, f flow.Fact, b fact.ShopperErased) error {
		return tx.Enqueue(f.Merchant, EraseErrand, string(f.ID), erasing{b.Shopper})
	})(tx, facts)
}

// Eraser carries that out.
func (a *API) Eraser() flow.Errander {
	return flow.Errander{Kind: EraseErrand, Tries: 20, Run: func(ctx context.Context, e flow.Errand) (flow.Settle, error) {
		var body erasing
		if err := e.Decode(&body); err != nil {
			return nil, flow.Final{Err: err}
		}
		keys, err := a.answersAbout(ctx, e.Merchant, body.Shopper)
		return func(tx *flow.Tx) error { return tx.Do(sqlBlank, e.Merchant, db.In(keys)) }, err
	}}
}

const (
	sqlSealed = `select key, sealed from api_idempotency where merchant = $1 and key > $2 and sealed <> '' order by key limit $3`
	sqlBlank  = `update api_idempotency set sealed = '' where merchant = $1 and key in ($2)`
)

// sealedAtOnce is how many kept answers are opened together.
const sealedAtOnce = 500

type sealedAnswer struct{ key, sealed string }

// answersAbout opens the kept answers of a merchant, page by page, and gives the keys
// of those that name a shopper or an order of theirs.
func (a *API) answersAbout(ctx context.Context, m ident.Merchant, s ident.Shopper) (keys []string, err error) {
	names, err := a.namesOf(ctx, m, s)
	for after := ""; err == nil; {
		var some []sealedAnswer
		err = a.flow.Read(ctx, func(tx *db.Tx) (err error) {
			some, err = db.All(tx, sqlSealed, scanSealed, m, after, sealedAtOnce)
			return err
		})
		if err != nil || len(some) == 0 {
			return keys, err
		}
		for _, one := range some {
			text, err := a.opened(one.sealed)
			if err != nil {
				return nil, err
			}
			if namesAny(text, names) {
				keys = append(keys, one.key)
			}
		}
		after = some[len(some)-1].key
	}
	return keys, err
}

func scanSealed(r db.Row) (s sealedAnswer, err error) {
	err = r.Scan(&s.key, &s.sealed)
	return s, err
}

// namesOf are the ids by which an answer is about a shopper.
func (a *API) namesOf(ctx context.Context, m ident.Merchant, s ident.Shopper) (names []string, err error) {
	names = []string{string(s)}
	for page := (order.Page{Limit: sealedAtOnce}); ; {
		var some []order.Order
		err = a.flow.Read(ctx, func(tx *db.Tx) (err error) {
			some, err = order.OfShopper(tx, m, s, page)
			return err
		})
		if err != nil || len(some) == 0 {
			return names, err
		}
		for _, o := range some {
			names = append(names, string(o.ID))
		}
		page.After = some[len(some)-1].ID
	}
}

// opened is a kept answer as it was given.
func (a *API) opened(sealed string) (string, error) {
	raw, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil {
		return "", fmt.Errorf("kept answer: %w", err)
	}
	text, err := a.vault.Unseal(sealOf, raw)
	return string(text), err
}

func namesAny(text string, names []string) bool {
	for _, n := range names {
		if strings.Contains(text, n) {
			return true
		}
	}
	return false
}
