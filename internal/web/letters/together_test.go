package letters

import (
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/remedy"
)

func TestWhatIsNoLongerSoIsNotWritten(t *testing.T) {
	const until = civil.Instant(1_000_000)
	estimates := func(ids ...ident.Estimate) (said []fact.Body) {
		for _, id := range ids {
			said = append(said, fact.PromiseReestimated{Estimate: id, By: until + 5})
		}
		return said
	}
	ask := fact.EarlyAsked{Early: "it", At: until - 10, From: until - 5}
	for _, c := range []struct {
		law   string
		topic fact.Topic
		state fact.State
		order order.State
		said  []fact.Body
		now   civil.Instant
		want  bool
	}{
		{"a warning, while there is time", fact.TopicAtRisk, fact.Open, order.Placed, nil, until - 1, false},
		{"a warning at the deadline", fact.TopicAtRisk, fact.Open, order.Placed, nil, until, true},
		{"a warning about a promise kept", fact.TopicAtRisk, fact.Kept, order.Placed, nil, until - 1, true},
		{"a breach", fact.TopicBroken, fact.Broken, order.Placed, nil, until + 1, false},
		{"a breach that was none", fact.TopicBroken, fact.Kept, order.Placed, nil, until + 1, true},
		{"another date", fact.TopicAmended, fact.Open, order.Placed, nil, until - 1, false},
		{"another date, given up again", fact.TopicAmended, fact.Amended, order.Placed, nil, until - 1, true},
		{"an order", fact.TopicConfirmed, fact.Open, order.Placed, nil, until - 1, false},
		{"an order cancelled", fact.TopicConfirmed, fact.Void, order.Cancelled, nil, until - 1, true},
		{"what was granted stays so", fact.TopicRepaired, fact.Kept, order.Placed, nil, until + 1, false},
		{"an estimate", fact.TopicNewDate, fact.Open, order.Placed, estimates("it"), until - 1, false},
		{"an estimate for a promise broken meanwhile is still news", fact.TopicNewDate, fact.Broken, order.Placed, estimates("it"), until + 1, false},
		{"an estimate of what has come", fact.TopicNewDate, fact.Kept, order.Placed, estimates("it"), until - 1, true},
		{"an estimate that somebody corrected", fact.TopicNewDate, fact.Open, order.Placed, estimates("it", "later"), until - 1, true},
		{"an estimate that came after a first one", fact.TopicNewDate, fact.Open, order.Placed, estimates("first", "it"), until - 1, false},
		{"an estimate of a day that is over", fact.TopicNewDate, fact.Open, order.Placed, estimates("it"), until + 5, true},
		{"an early courier", fact.TopicEarly, fact.Open, order.Placed, []fact.Body{ask}, until - 6, false},
		{"an early courier, once the slot has begun", fact.TopicEarly, fact.Open, order.Placed, []fact.Body{ask}, until - 5, true},
		{"an early courier, answered", fact.TopicEarly, fact.Open, order.Placed, []fact.Body{ask, fact.EarlyAnswered{Early: "it"}}, until - 10, true},
		{"an early courier after one who was answered", fact.TopicEarly, fact.Open, order.Placed, []fact.Body{fact.EarlyAnswered{Early: "first"}, ask}, until - 10, false},
		{"an early courier who has been", fact.TopicEarly, fact.Kept, order.Placed, []fact.Body{ask}, until - 10, true},
	} {
		d := &desk{about: promise.Commitment{Until: until, State: c.state}, order: order.Order{State: c.order}, said: c.said}
		d.msg.Topic, d.msg.Cause, d.Now, d.delivery = c.topic, "it", c.now, d.about
		if got := d.superseded(); got != c.want {
			t.Errorf("%s: got %v", c.law, got)
		}
	}
}

// broke is an instant at which promises were broken, after their deadline.
const broke = civil.Instant(2_000_000_000)

// breached is an order with a slot and a promise of completeness, each with what
// answers for it.
func breached(topic fact.Topic, about ident.Commitment, remedies ...remedy.Remedy) *desk {
	d := invented(topic, lang.French)
	inSlot(d)
	d.promises[0].Until = broke - 1
	whole(d)
	for i := range d.promises {
		d.promises[i].State, d.promises[i].Last = fact.Broken, promise.Verdict{Sequence: 1, At: broke}
		d.promises[i].Last.LateKnown = true
	}
	d.msg.Commitment, d.msg.Cause, d.remedies, d.Now = about, string(about), remedies, broke
	return d
}

func answer(id string, of ident.Commitment, s remedy.State, opened, decided civil.Instant) remedy.Remedy {
	return remedy.Remedy{ID: ident.Remedy(id), Commitment: of, State: s, Opened: opened, Decided: decided}
}

func TestOneLetterSaysAll(t *testing.T) {
	const slot, units = ident.Commitment("com_1"), ident.Commitment("com_2")
	later := broke.Add(30 * time.Minute)
	granted := func(of ident.Commitment, at civil.Instant) remedy.Remedy {
		return answer("rem_"+string(of), of, remedy.Granted, broke, at)
	}
	refused := func(of ident.Commitment) remedy.Remedy {
		return answer("rem_"+string(of), of, remedy.Refused, broke, broke)
	}
	waiting := func(of ident.Commitment, at civil.Instant) remedy.Remedy {
		return answer("rem_"+string(of), of, remedy.Waiting, at, at)
	}
	for _, c := range []struct {
		law   string
		topic fact.Topic
		about ident.Commitment
		has   []remedy.Remedy
		set   func(*desk)
		want  bool // another letter says it
	}{
		{"a breach, and nothing granted", fact.TopicBroken, slot, []remedy.Remedy{refused(slot)}, nil, false},
		{"a breach that waits", fact.TopicBroken, slot, []remedy.Remedy{waiting(slot, broke)}, nil, false},
		{"a breach, repaired at once", fact.TopicBroken, slot, []remedy.Remedy{granted(slot, broke)}, nil, true},
		{"a breach whose letter was held up until it was repaired", fact.TopicBroken, slot, []remedy.Remedy{granted(slot, later)}, nil, true},
		{
			"a breach, repaired at once, of one who wants no letters on repairs", fact.TopicBroken, slot,
			[]remedy.Remedy{granted(slot, broke)},
			func(d *desk) { d.refused = map[fact.Topic]bool{fact.TopicRepaired: true} }, false,
		},
		{"late and incomplete at one stroke: the first promise's letter speaks", fact.TopicBroken, slot, []remedy.Remedy{refused(slot), refused(units)}, nil, false},
		{"and the second's does not leave", fact.TopicBroken, units, []remedy.Remedy{refused(slot), refused(units)}, nil, true},
		{"late and incomplete, one of them repaired: that letter speaks", fact.TopicBroken, units, []remedy.Remedy{granted(slot, broke), refused(units)}, nil, true},
		{"likewise the other way round", fact.TopicBroken, slot, []remedy.Remedy{refused(slot), granted(units, broke)}, nil, true},
		{"found incomplete an hour after it came late: two letters", fact.TopicBroken, units, []remedy.Remedy{refused(slot), waiting(units, later)}, nil, false},
		{"found incomplete after the delay was repaired: two letters", fact.TopicBroken, units, []remedy.Remedy{granted(slot, broke), waiting(units, later)}, nil, false},
		{
			"found incomplete and brought early, before the deadline: each is told, and counts", fact.TopicBroken, units,
			[]remedy.Remedy{refused(slot), refused(units)},
			func(d *desk) { d.promises[0].Until, d.promises[1].Until = later, later }, false,
		},
		{"units found missing before dispatch, and repaired at once", fact.TopicBroken, units, []remedy.Remedy{granted(units, broke)}, func(d *desk) {
			d.promises[0].State = fact.Open
			d.promises[0].Until, d.promises[1].Until = later, later
		}, true},
		{"the other promise was kept after all", fact.TopicBroken, units, []remedy.Remedy{refused(slot), refused(units)}, func(d *desk) { d.promises[0].State = fact.Kept }, false},

		{"it came late, and that broke the promise", fact.TopicDelivered, slot, []remedy.Remedy{refused(slot)}, nil, true},
		{"the same, of one who wants no letters on breaches", fact.TopicDelivered, slot, []remedy.Remedy{refused(slot)}, func(d *desk) {
			d.refused = map[fact.Topic]bool{fact.TopicBroken: true}
		}, false},
		{"it came after a breach that was told", fact.TopicDelivered, slot, []remedy.Remedy{refused(slot)}, func(d *desk) { d.promises[0].Last.Sequence = 2 }, false},
		{"it came after a breach that was told, and only then was repaired", fact.TopicDelivered, slot, []remedy.Remedy{granted(slot, later)}, func(d *desk) {
			d.promises[0].Last.Sequence, d.promises[0].Last.At = 2, later
		}, true},
		{"it came after a breach that was told and repaired", fact.TopicDelivered, slot, []remedy.Remedy{granted(slot, broke)}, func(d *desk) {
			d.promises[0].Last.Sequence, d.promises[0].Last.At = 2, later
		}, false},
		{"one parcel came, another is missing", fact.TopicDelivered, slot, []remedy.Remedy{refused(slot)}, func(d *desk) { d.promises[0].Last.LateKnown = false }, false},
		{"it came in time", fact.TopicDelivered, slot, nil, func(d *desk) { d.promises[0].State = fact.Kept }, false},
		{"a grant is always told", fact.TopicRepaired, slot, []remedy.Remedy{granted(slot, broke)}, nil, false},
	} {
		d := breached(c.topic, c.about, c.has...)
		if c.topic == fact.TopicDelivered {
			d.msg.Commitment = ""
		}
		if c.set != nil {
			c.set(d)
		}
		if err := d.settle(); err != nil {
			t.Fatal(err)
		}
		if got := d.saidElsewhere(); got != c.want {
			t.Errorf("%s: got %v", c.law, got)
		}
	}
}

// Whatever falls silent because another letter says it, that other one says it.
func TestTheOneLetterSpeaksOfBoth(t *testing.T) {
	for _, c := range []struct {
		law   string
		topic fact.Topic
		about ident.Commitment
		state remedy.State
		want  int
	}{
		{"broken at one stroke", fact.TopicBroken, "com_1", remedy.Refused, 2},
		{"and one of them repaired", fact.TopicRepaired, "com_1", remedy.Granted, 2},
		{"be it the second", fact.TopicRepaired, "com_2", remedy.Granted, 2},
	} {
		d := breached(c.topic, c.about, answer("rem_1", "com_1", remedy.Refused, broke, broke), answer("rem_2", "com_2", remedy.Refused, broke, broke))
		for i := range d.remedies {
			if d.remedies[i].Commitment == c.about {
				d.remedies[i].State, d.msg.Cause = c.state, string(d.remedies[i].ID)
			}
		}
		if err := d.settle(); err != nil {
			t.Fatal(err)
		}
		got := d.breaches()
		if len(got) != c.want || got[0].ID != c.about {
			t.Errorf("%s: speaks of %d promises, first of %s", c.law, len(got), got[0].ID)
		}
	}
}
