package demo

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// result looks at a world that has ended.
func (l *life) result(ctx context.Context) (Result, error) {
	r := Result{
		Seed: l.Seed, Messages: len(l.post.letters), Violations: []Violation{},
		Calls: l.wire.answered, Deaths: l.reaper.deaths, Repeats: l.post.repeats,
	}
	r.Orders, r.Events = l.world.seen.count()
	if err := r.readFacts(ctx, l.db); err != nil {
		return r, err
	}
	broken, err := l.Verify(ctx, l.db)
	if err != nil {
		return r, err
	}
	more, err := l.world.seen.check(ctx, l.db, l.post, l.world.texts, l.world.inOrder())
	if err != nil {
		return r, err
	}
	parked, err := leftovers(ctx, l.db)
	r.Violations = append(r.Violations, slices.Concat(broken, more, parked)...)
	return r, err
}

// readFacts counts and hashes the whole log.
func (r *Result) readFacts(ctx context.Context, d *db.DB) error {
	const page = 1000
	h := sha256.New()
	last := ident.Fact("")
	for {
		var facts []flow.Fact
		err := d.Read(ctx, func(tx *db.Tx) (err error) {
			facts, err = flow.After(tx, last, page)
			return err
		})
		if err != nil {
			return err
		}
		for _, f := range facts {
			r.count(f)
			if err := digest(h, f); err != nil {
				return err
			}
			last = f.ID
		}
		if len(facts) < page {
			r.Hash = hex.EncodeToString(h.Sum(nil))
			return nil
		}
	}
}

func (r *Result) count(f flow.Fact) {
	r.Facts++
	switch f.Body.(type) {
	case fact.PromiseBroken:
		r.Broken++
	case fact.RemedyGranted:
		r.Remedies++
	}
}

// digest adds all that a fact says, in a form that can not be read two ways.
func digest(h hash.Hash, f flow.Fact) error {
	return json.NewEncoder(h).Encode([]any{f.ID, f.Kind, f.Merchant, f.Subject, f.Actor, f.Cause, f.At, f.Body})
}

// maxLeftovers bounds what is listed.
const maxLeftovers = 100

// leftovers is work that was given up. A live installation may have some, for a
// person to look at; in a world of our own making every one is a bug of ours. A
// letter refused for good is none: the post said so.
func leftovers(ctx context.Context, d *db.DB) ([]Violation, error) {
	f := found{}
	err := d.Read(ctx, func(tx *db.Tx) error {
		parked, err := flow.ParkedAfter(tx, 0, "", maxLeftovers)
		for _, p := range parked {
			f.add("parked", fmt.Sprintf("%s: %s: %s", p.Route, p.Fact, p.Error))
		}
		if err != nil {
			return err
		}
		errands, err := flow.ParkedErrands(tx, maxLeftovers)
		for _, e := range errands {
			if e.Error != errUnknown.Error() {
				f.add("parked", fmt.Sprintf("%s: %s: %s", e.Kind, e.ID, e.Error))
			}
		}
		return err
	})
	return f.violations(), err
}
