package erasure_test

import (
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/photo"
	"github.com/promesse-dev/promesse/internal/erasure"
	"github.com/promesse-dev/promesse/internal/platform/blob"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

const day = 24 * time.Hour

// house is the planted shop, with mails and photos, nothing under way, and a clock
// that asks what grew old.
type house struct {
	*planted
	mail, nobodys, loose, shown ident.Blob
	log                         strings.Builder
}

func open(t *testing.T) *house {
	t.Helper()
	h := &house{planted: plant(t)}
	for _, s := range (erasure.Keeping{For: 90 * day, Log: slog.New(slog.NewTextHandler(&h.log, nil))}).Sweeps() {
		h.Watch(s)
	}
	h.Do(h.m, func(tx *flow.Tx) (err error) {
		if h.mail, err = blob.PutMail(tx, h.m, h.s, []byte("From: Claire\r\n\r\nbonjour")); err != nil {
			return err
		}
		if h.nobodys, err = blob.PutMail(tx, h.m, "", []byte("From: quelqu'un\r\n\r\nbonjour")); err != nil {
			return err
		}
		photos, err := blob.PutPhotos(tx, h.m, []photo.Photo{{ContentType: blob.PNG, Body: []byte("a door")}, {ContentType: blob.PNG, Body: []byte("a box")}})
		if err != nil {
			return err
		}
		h.loose, h.shown = photos[0], photos[1]
		if err := blob.Refer(tx, h.m, []ident.Blob{h.shown}); err != nil {
			return err
		}
		for _, q := range []string{
			`update tracking_raw set received = cast($2 as bigint), ages = cast($2 as bigint) where merchant = $1`,
			`update desk_conversation set state = 'answered' where merchant = $1 and cast($2 as bigint) > 0`,
		} {
			if err := tx.Do(q, h.m, int64(tx.Now)); err != nil {
				return err
			}
		}
		return nil
	})
	return h
}

func (h *house) run(q string, args ...any) {
	h.T.Helper()
	h.Do(h.m, func(tx *flow.Tx) error { return tx.Do(q, append([]any{h.m}, args...)...) })
}

// whole lists what still has its content: the payloads by their names without the
// shop's, mails and photos by what they are.
func (h *house) whole() (all []string) {
	h.See(func(tx *db.Tx) error {
		raws, err := db.All(tx, `select id from tracking_raw where merchant = $1 and body <> ''`, db.Scalar[string], h.m)
		if err != nil {
			return err
		}
		all = nil
		for _, id := range raws {
			all = append(all, strings.TrimSuffix(id, string(h.m)[4:]))
		}
		for what, id := range map[string]ident.Blob{"mail": h.mail, "nobody's mail": h.nobodys, "loose photo": h.loose, "shown photo": h.shown} {
			_, err := blob.Get(tx, h.m, id)
			switch {
			case err == nil:
				all = append(all, what)
			case !fault.Is(err, "not_found"):
				return err
			}
		}
		return nil
	})
	slices.Sort(all)
	return all
}

func (h *house) holds(what string, want ...string) {
	h.T.Helper()
	if got := h.whole(); !slices.Equal(got, want) {
		h.T.Errorf("%s: %q is whole, want %q", what, got, want)
	}
}

var (
	everything = []string{"loose photo", "mail", "nobody's mail", "raw_a", "raw_half", "raw_null", "raw_twice", "shown photo"}
	// what nobody understood yet, and what a row speaks of
	forGood = []string{"raw_half", "raw_null", "shown photo"}
)

// rows are what stays of whatever came in, emptied or not.
func (h *house) traces() (all []string) {
	h.See(func(tx *db.Tx) (err error) {
		all, err = db.All(tx, `select id || ' ' || hash || ' ' || cast(received as text) || ' ' || state from tracking_raw where merchant = $1
			union select id || ' ' || hash || ' ' || cast(stored as text) || ' ' || content_type || ' ' || cast(size as text) from blob_document where merchant = $1
			union select id || ' ' || status || ' ' || label || ' ' || raw from tracking_event where merchant = $1`, db.Scalar[string], h.m)
		return err
	})
	slices.Sort(all)
	return all
}

// S-21: what came in and was understood is emptied when it is old; that it came, when,
// and what was read in it stays. What nobody understood yet stays whole.
func TestWhatIsOldIsEmptiedAndItsTraceStays(t *testing.T) {
	h := open(t)
	before := h.traces()
	h.Pass(89 * day)
	h.Quiet()
	h.holds("a day early", everything...)
	h.Pass(2 * day)
	h.Quiet()
	h.holds("old", forGood...)
	if after := h.traces(); !slices.Equal(before, after) {
		t.Errorf("of %q there is left %q", before, after)
	}
	if log := h.log.String(); !strings.Contains(log, string(h.m)) || !strings.Contains(log, "emptied=2") {
		t.Errorf("the log says %q", log)
	}
	h.log.Reset()
	h.Pass(5 * day)
	h.Quiet()
	h.holds("days later", forGood...)
	if h.log.Len() > 0 && strings.Contains(h.log.String(), string(h.m)) {
		t.Errorf("emptied twice: %s", &h.log)
	}
	h.Do(h.m, func(tx *flow.Tx) error {
		known, err := blob.Known(tx.Tx, h.m, []ident.Blob{h.loose, h.shown})
		if known[h.loose] || !known[h.shown] {
			t.Errorf("to be shown: %v", known)
		}
		return err
	})
}

// A better parser reads at last what nobody understood: then it is old, and emptied.
func TestWhatIsUnderstoodAtLastIsEmptied(t *testing.T) {
	h := open(t)
	h.Pass(100 * day)
	h.Quiet()
	h.run(`update tracking_raw set state = 'read' where merchant = $1`)
	h.Quiet()
	h.holds("read", "shown photo")
}

func TestWhatIsStillNeededStaysUntilThatIsOver(t *testing.T) {
	for _, row := range []struct {
		law, begins, ends string
		papers            bool // mails about the shopper, too
	}{
		{"a question waits", `update desk_conversation set state = 'waiting' where merchant = $1`, `update desk_conversation set state = 'answered' where merchant = $1`, true},
		{"a claim is open", `update desk_claim set state = 'open' where merchant = $1`, `update desk_claim set state = 'decided', decided = 1 where merchant = $1`, true},
		{"a claim's decision is contested", `update desk_claim set state = 'contested' where merchant = $1`, `update desk_claim set state = 'closed' where merchant = $1`, true},
		{"a return is disputed", `update returns_dispute set state = 'open', settled = null where merchant = $1`, `update returns_dispute set state = 'upheld', settled = 1 where merchant = $1`, true},
	} {
		t.Run(row.law, func(t *testing.T) {
			h := open(t)
			h.run(row.begins)
			h.Pass(100 * day)
			h.Quiet()
			h.holds("meanwhile", "mail", "raw_a", "raw_half", "raw_null", "raw_twice", "shown photo")
			h.Pass(3 * day)
			h.Quiet()
			h.holds("days later", "mail", "raw_a", "raw_half", "raw_null", "raw_twice", "shown photo")
			h.run(row.ends)
			h.Pass(2 * day)
			h.Quiet()
			h.holds("then", forGood...)
		})
	}
}

// While an incident runs, what came since it began is whole.
func TestWhatCameDuringAnIncidentStaysUntilItEnds(t *testing.T) {
	h := open(t)
	h.Do(h.m, func(tx *flow.Tx) error {
		first := tx.Now.Day(time.UTC)
		return h.row(tx, "promise_incident", map[string]any{
			"id": "inc_" + string(h.m)[4:], "key": "k", "trouble": "strike", "services": "[]", "places": "[]", "words": "{}", "release": "counting",
			"first": first, "last": first + 110, "ended": nil, "answered": nil, "code_until": nil, "revision": 1,
		})
	})
	h.Pass(100 * day)
	h.Quiet()
	h.holds("meanwhile", "mail", "nobody's mail", "raw_a", "raw_half", "raw_null", "raw_twice", "shown photo")
	h.Pass(15 * day)
	h.Quiet()
	h.holds("then", forGood...)
}

// More than one transaction empties is emptied page by page.
func TestManyPayloadsAreEmptiedPageByPage(t *testing.T) {
	h := open(t)
	const many = 703
	h.Do(h.m, func(tx *flow.Tx) error {
		for i := range many {
			id := fmt.Sprintf("raw_0%s%06d", string(h.m)[10:], i)
			raw := h.raw(id, "read", "body")
			raw["ages"], raw["received"] = int64(tx.Now), int64(tx.Now)
			if err := h.row(tx, "tracking_raw", raw); err != nil {
				return err
			}
		}
		return nil
	})
	h.Pass(100 * day)
	h.Quiet()
	h.holds("all", forGood...)
}

// The clock knows when there is something to do again: at the end of a day, in full
// days.
func TestWhenSomethingIsOld(t *testing.T) {
	h := open(t)
	k := erasure.Keeping{For: 90 * day, Log: slog.New(slog.DiscardHandler)}
	for _, s := range k.Sweeps() {
		h.See(func(tx *db.Tx) error {
			next, err := s.Next(tx)
			if err != nil || next == 0 {
				t.Fatalf("%s: %v, %v", s.Name, next, err)
			}
			for _, row := range []struct {
				at   civil.Instant
				some bool
			}{{next - 1, false}, {next, true}} {
				if due, err := s.Find(tx, row.at, 1); err != nil || len(due) > 0 != row.some {
					t.Errorf("%s at %s: %v, %v", s.Name, row.at, due, err)
				}
			}
			return nil
		})
	}
}
