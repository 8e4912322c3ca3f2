package tracking

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
)

// sample is what is sent about one parcel with two legs, payload by payload,
// and after which payload the parcel and its second leg become known.
type sample struct {
	payloads        []sent
	announced, legs int
	wanted          Wanted
}

type sent struct {
	trust   fact.Trust
	reports []carrier.Report
}

func samples() *rapid.Generator[sample] {
	return rapid.Custom(func(t *rapid.T) (s sample) {
		pool := rapid.SliceOfN(rapid.OneOf(reports("A1"), reports("A1"), reports("B2")), 1, 20).Draw(t, "pool")
		s.payloads = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) sent {
			return sent{
				trust:   rapid.SampledFrom([]fact.Trust{fact.TrustClaimed, fact.TrustSigned, fact.TrustConfirmed}).Draw(t, "trust"),
				reports: rapid.SliceOfN(rapid.SampledFrom(pool), 0, 8).Draw(t, "reports"),
			}
		}), 1, 6).Draw(t, "payloads")
		s.announced = rapid.IntRange(0, len(s.payloads)).Draw(t, "announced")
		s.legs = rapid.IntRange(s.announced, len(s.payloads)).Draw(t, "legs")
		s.wanted = wantedAnywhere().Draw(t, "wanted")
		return s
	})
}

// G-06 through the database: whatever came in which payloads, late, twice, mixed
// with other trust, before or after the parcel was known, the story stored is the
// fold of the whole set; every event is there once; and the facts tell one
// unbroken tale from pending to that story.
func TestStoredStoriesAreTheFoldOfTheSet(t *testing.T) {
	w := world(t)
	w.At("2026-03-09 13:00") // noon in UTC, as the drawn events expect
	for seed := range 200 {
		run(t, open(t, w), seed, samples().Example(seed))
	}
}

func run(t *testing.T, s *shop, seed int, x sample) {
	t.Helper()
	service := map[Wanted]ident.Service{AtHome: s.home, AtPoint: s.spot}[x.wanted]
	var id ident.Parcel
	var all []Event
	for i := 0; i <= len(x.payloads); i++ {
		if i == x.announced {
			id = s.announce("A1", service)
		}
		if i == x.legs {
			if err := s.addLeg(id, s.line, "B2"); err != nil {
				t.Fatalf("sample %d: %v", seed, err)
			}
		}
		if i == len(x.payloads) {
			break
		}
		p := x.payloads[i]
		s.report(p.trust, fmt.Sprint(i), p.reports...)
		d := Delivery{Payload: Payload{Connection: s.line, Trust: p.trust}, Reports: p.reports}
		all = append(all, d.events(origin{merchant: s.m, zone: flowtest.Paris, received: s.Clock().Now()})...)
	}
	want, got := Fold(all, x.wanted), s.story(id)
	if d := cmp.Diff(want, got); d != "" {
		t.Fatalf("sample %d: the stored story is not the fold: %s", seed, d)
	}
	checkEvents(t, seed, all, s.events(id))
	checkTale(t, seed, want, facts[fact.ParcelMoved](s, id))
	if n := len(facts[fact.ParcelDisputed](s, id)); n < len(want.Disputed) {
		t.Fatalf("sample %d: %d contradictions told of %v", seed, n, want.Disputed)
	}
}

func checkEvents(t *testing.T, seed int, sent, stored []Event) {
	t.Helper()
	ids := func(events []Event) (ids []ident.Event) {
		for _, e := range events {
			ids = append(ids, e.ID)
		}
		slices.Sort(ids)
		return ids
	}
	if d := cmp.Diff(ids(distinct(sent)), ids(stored)); d != "" {
		t.Fatalf("sample %d: events sent and stored differ: %s", seed, d)
	}
	if !slices.IsSortedFunc(stored, func(a, b Event) int { return int(max(-1, min(1, a.At-b.At))) }) {
		t.Fatalf("sample %d: the timeline is not in order", seed)
	}
}

func checkTale(t *testing.T, seed int, story Story, moved []fact.ParcelMoved) {
	t.Helper()
	was, version := fact.Pending, int64(0)
	for _, f := range moved {
		if f.Was != was || f.Version <= version {
			t.Fatalf("sample %d: from %s at version %d comes %+v", seed, was, version, f)
		}
		was, version = f.Now, f.Version
	}
	if was != story.Status {
		t.Fatalf("sample %d: told as %s, stored as %s", seed, was, story.Status)
	}
	if n := len(moved); n > 0 && moved[n-1].Clocks != story.Clocks {
		t.Fatalf("sample %d: other milestones told than stored", seed)
	}
}

func TestAStoryBrokenByHandIsNamed(t *testing.T) {
	s := open(t, world(t))
	good, bad := s.announce("A1", s.home), s.announce("B2", s.home)
	at := s.At("2026-03-03 11:00")
	s.report(fact.TrustSigned, "1", say("A1", fact.Delivered, at), say("B2", fact.InTransit, at))
	s.Do(s.m, func(tx *flow.Tx) error {
		return tx.Do("update tracking_parcel set status = 'lost' where merchant = $1 and id = $2", s.m, bad)
	})
	s.See(func(tx *db.Tx) error {
		wrong, err := Misfolded(tx, s.m, []ident.Parcel{good, bad})
		if d := cmp.Diff([]ident.Parcel{bad}, wrong); d != "" {
			t.Error(d)
		}
		return err
	})
}

// The span of an event is stored as it was understood when it came, whatever
// the connection's zone becomes.
func TestSpansDoNotFollowTheConnectionsZone(t *testing.T) {
	s := open(t, world(t))
	id := s.announce("A1", s.home)
	r := say("A1", fact.Delivered, civil.Date(2026, 3, 3).Start(flowtest.Paris))
	r.Precision = fact.ADay
	s.report(fact.TrustSigned, "1", r)
	before := s.story(id).Clocks.InHand
	s.rezone("Pacific/Auckland")
	s.report(fact.TrustSigned, "2", say("A1", fact.PickedUp, before.From-1))
	if after := s.story(id).Clocks.InHand; after != before {
		t.Errorf("in hand %v, then %v", before, after)
	}
}
