package desk

import (
	"cmp"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/blob"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

const (
	sqlInsertClaim = `insert into desk_claim (merchant, id, key, order_id, parcel, shopper, what, locale, state, opened, opener, question,
		answer_by, value, currency, number, outcome, liable, decider, said)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, '', '', '', 0)`
	// The count of entries is part of the key: whoever comes second changes nothing.
	sqlSaveClaim = `update desk_claim set what = $4, parcel = $5, state = $6, question = $7, answer_by = $8, outcome = $9, liable = $10,
		decider = $11, decided = $12, said = $13 where merchant = $1 and id = $2 and said = $3`
	sqlEnter = `insert into desk_claim_said (merchant, claim, sequence, id, act, party, actor, via, words, photos, outcome, liable, goods, at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`

	sqlClaim = `select id, number, key, order_id, parcel, shopper, what, locale, state, opened, opener, question, answer_by, value, currency, outcome, liable,
		decider, decided, said from desk_claim where merchant = $1 and id = $2`
	sqlClaimByKey = `select id, number, key, order_id, parcel, shopper, what, locale, state, opened, opener, question, answer_by, value, currency, outcome, liable,
		decider, decided, said from desk_claim where merchant = $1 and key = $2`
	sqlClaimsOf = `select id, number, key, order_id, parcel, shopper, what, locale, state, opened, opener, question, answer_by, value, currency, outcome, liable,
		decider, decided, said from desk_claim where merchant = $1 and order_id in ($2) order by order_id, id`
	sqlClaimsOfShopper = `select id, number, key, order_id, parcel, shopper, what, locale, state, opened, opener, question, answer_by, value, currency, outcome, liable,
		decider, decided, said from desk_claim where merchant = $1 and shopper = $2 order by id desc limit $3`
	sqlClaimQueue = `select id, number, key, order_id, parcel, shopper, what, locale, state, opened, opener, question, answer_by, value, currency, outcome, liable,
		decider, decided, said from desk_claim where merchant = $1 and state in ('open', 'contested')
			and answer_by >= $2 and (answer_by > $2 or value < $3 or value = $3 and id > $4)
		order by answer_by, value desc, id limit $5`
	sqlNewestClaims = `select id, number, key, order_id, parcel, shopper, what, locale, state, opened, opener, question, answer_by, value, currency, outcome, liable,
		decider, decided, said from desk_claim where merchant = $1 and id < $2 order by id desc limit $3`
	sqlClaimsWaiting = `-- whole merchant: those that wait, by an index of them alone
		select count(*) from desk_claim where merchant = $1 and state in ('open', 'contested')`

	sqlClaimFile = `select id, act, party, actor, via, words, photos, outcome, liable, goods, at from desk_claim_said
		where merchant = $1 and claim = $2 order by sequence`
)

func scanClaim(r db.Row) (c Claim, err error) {
	err = r.Scan(&c.ID, &c.Number, &c.Key, &c.Order, &c.Parcel, &c.Shopper, &c.What, &c.Locale, &c.State, &c.Opened, &c.Opener, &c.Question, &c.AnswerBy,
		&c.Value.Minor, &c.Value.Currency, &c.Outcome, &c.Liable, &c.Decider, &c.Decided, &c.said)
	return c, err
}

func scanEntry(r db.Row) (e ClaimEntry, err error) {
	err = r.Scan(&e.ID, &e.Act, &e.Party, &e.Actor, &e.Via, &e.Words, listed(&e.Photos), &e.Outcome, &e.Liable, listed(&e.Goods), &e.At)
	return e, err
}

func (c Claim) write(tx *flow.Tx, m ident.Merchant) error {
	return tx.Do(sqlInsertClaim, m, c.ID, c.Key, c.Order, c.Parcel, c.Shopper, c.What, c.Locale, c.State, c.Opened, c.Opener, c.Question,
		c.AnswerBy, c.Value.Minor, c.Value.Currency, c.Number)
}

// enter adds an entry to the file, and saves what it changes.
func (c *Claim) enter(tx *flow.Tx, m ident.Merchant, e ClaimEntry) error {
	was := c.said
	c.said++
	if err := blob.Refer(tx, m, e.Photos); err != nil {
		return err
	}
	err := tx.Do(sqlEnter, m, c.ID, c.said, e.ID, e.Act, e.Party, e.Actor, e.Via, e.Words, listed(&e.Photos), e.Outcome, e.Liable, listed(&e.Goods), tx.Now)
	if err != nil {
		return err
	}
	return c.save(tx, m, was)
}

func (c Claim) save(tx *flow.Tx, m ident.Merchant, was int64) error {
	saved, err := tx.Changed(sqlSaveClaim, m, c.ID, was, c.What, c.Parcel, c.State, c.Question, c.AnswerBy, c.Outcome, c.Liable, c.Decider, c.Decided, c.said)
	if err == nil && !saved {
		err = fault.New(fault.Conflict, "claim_moved", "claim")
	}
	return err
}

func claimByKey(tx *db.Tx, m ident.Merchant, key string) (Claim, bool, error) {
	return db.One(tx, sqlClaimByKey, scanClaim, m, key)
}

// GetClaim reads a claim. The fault is not_found.
func GetClaim(tx *db.Tx, m ident.Merchant, id ident.Claim) (Claim, error) {
	c, ok, err := db.One(tx, sqlClaim, scanClaim, m, id)
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "not_found", "claim")
	}
	return c, err
}

// ClaimFile reads all entries of a claim, the first first.
func ClaimFile(tx *db.Tx, m ident.Merchant, id ident.Claim) ([]ClaimEntry, error) {
	return db.All(tx, sqlClaimFile, scanEntry, m, id)
}

// ClaimsOf reads the claims about orders, the oldest first.
func ClaimsOf(tx *db.Tx, m ident.Merchant, ids []ident.Order) (map[ident.Order][]Claim, error) {
	all, err := db.All(tx, sqlClaimsOf, scanClaim, m, db.In(ids))
	of := map[ident.Order][]Claim{}
	for _, c := range all {
		of[c.Order] = append(of[c.Order], c)
	}
	return of, err
}

// ClaimsOfShopper reads the last claims of a shopper, the newest first.
func ClaimsOfShopper(tx *db.Tx, m ident.Merchant, id ident.Shopper, limit int) ([]Claim, error) {
	return db.All(tx, sqlClaimsOfShopper, scanClaim, m, id, limit)
}

// newestClaim sorts after every claim.
const newestClaim ident.Claim = "clm_zzzzzzzzzzzzzzzzzzzzzzzzzz"

// ClaimQueue pages through the claims that wait for a decision: the next deadline
// first, and of one deadline the most valuable order. after is the last one of the
// page before; zero at first.
func ClaimQueue(tx *db.Tx, m ident.Merchant, after Claim, limit int) ([]Claim, error) {
	return db.All(tx, sqlClaimQueue, scanClaim, m, int64(after.AnswerBy), after.Value.Minor, after.ID, limit)
}

// NewestClaims pages through all claims, the newest first. before is the last one
// of the page before; empty at first.
func NewestClaims(tx *db.Tx, m ident.Merchant, before ident.Claim, limit int) ([]Claim, error) {
	return db.All(tx, sqlNewestClaims, scanClaim, m, cmp.Or(before, newestClaim), limit)
}

// ClaimsWaiting is how many claims wait for a decision.
func ClaimsWaiting(tx *db.Tx, m ident.Merchant) (int, error) {
	n, _, err := db.One(tx, sqlClaimsWaiting, db.Scalar[int], m)
	return n, err
}
