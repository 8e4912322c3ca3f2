package notify_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
	"github.com/promesse-dev/promesse/internal/shopper"
)

// lot is a shopper with an order, what they want to be told, what is so, and what
// reached them.
type lot struct {
	*phones
	r      *rapid.T
	number string // of the telephone
	name   string // of the parcel
	o      ident.Order
	parcel ident.Parcel

	refused map[option]bool // what they said no to, and nothing since
	wanted  map[option]bool
	stopped bool
	quiet   notify.Quiet

	broken   bool // as it stands
	breaches int
	endanger map[string]bool // by cause
	lifted   int
	denied   int // how often what was said of the parcel turned out false

	got     []letter
	names   map[string]bool // under which letters came
	offered map[letter]bool // what a channel was asked to take, without ids
	wrong   []string
}

// option is a box that a shopper may tick.
type option struct {
	topic fact.Topic
	ch    notify.Channel
}

// letter is what reached a shopper.
type letter struct {
	option
	cause string
	id    ident.Message
}

var errLater = errors.New("451 4.7.1 try again later")

// newLot is somebody new who orders in the shop.
func newLot(p *phones, r *rapid.T, n int) *lot {
	l := &lot{
		phones: p, r: r, number: fmt.Sprintf("+3363998%04d", n), name: fmt.Sprintf("W%d", n), refused: map[option]bool{}, wanted: map[option]bool{},
		quiet: notify.Night, endanger: map[string]bool{}, names: map[string]bool{}, offered: map[letter]bool{},
	}
	p.Do(p.m, func(tx *flow.Tx) (err error) {
		in := shopper.NewShopper{Email: fmt.Sprintf("lot.%d@example.org", n), Name: "Camille", Phone: l.number, Locale: lang.French}
		p.camille, err = shopper.Register(tx, p.m, in)
		return err
	})
	carry := func(ch notify.Channel) func(context.Context, notify.Letter) error {
		return func(_ context.Context, x notify.Letter) error { return l.receive(ch, x) }
	}
	p.Handle(notify.Office{
		Flow: p.Flow, Host: "shop.test", Compose: l.compose,
		Channels: notify.Channels{notify.Email: carry(notify.Email), notify.SMS: carry(notify.SMS), notify.Push: carry(notify.Push)},
	}.Sender())
	day := p.Clock().Now().Day(flowtest.Paris) + 1
	p.Pass(day.Start(flowtest.Paris).Add(9 * time.Hour).Sub(p.Clock().Now()))
	if rapid.Bool().Draw(r, "browser") {
		p.enrol(fmt.Sprintf("https://push.example/%d", n))
	}
	l.o = p.order()
	l.parcel = p.ship(l.o, l.name)
	l.Quiet()
	return l
}

// compose asks the world as whoever writes letters does: what is no longer so is
// not written.
func (l *lot) compose(tx *db.Tx, m ident.Merchant, msg notify.Message) (notify.Letter, error) {
	of := l.promise(l.o).Commitment
	switch {
	case msg.Topic == fact.TopicBroken && !l.broken,
		msg.Topic == fact.TopicCorrected && msg.Commitment == of && l.broken,
		msg.Topic == fact.TopicAtRisk && !l.endanger[strings.TrimPrefix(msg.Cause, string(of)+":")]:
		return notify.Letter{}, notify.ErrSuperseded
	}
	return l.shop.compose(tx, m, msg)
}

// receive is a letter that comes, or one in ten times has to come again, though it
// may have been taken.
func (l *lot) receive(ch notify.Channel, x notify.Letter) error {
	luck := rapid.IntRange(0, 19).Draw(l.r, "luck")
	was := option{fact.Topic(x.Subject), ch}
	id, cause, own := l.named(x.MessageID)
	if !own { // of somebody before, who is hardly ever not quiet
		return nil
	}
	l.offered[letter{was, cause, ""}] = true
	if luck == 0 {
		return errLater
	}
	if was.topic == fact.TopicCorrected && !l.saidBefore(ch, cause) {
		l.wrong = append(l.wrong, fmt.Sprintf("%s: %s is taken back and was never said", ch, cause))
	}
	if !l.names[x.MessageID] {
		l.names[x.MessageID] = true
		l.got = append(l.got, letter{was, cause, id})
	}
	clock := l.Clock().Now().In(flowtest.Paris)
	switch {
	case notify.ByLetter(was.topic) && ch == notify.Email:
	case l.refused[was], ch == notify.SMS && !l.wanted[was] && was.topic != fact.TopicCorrected:
		l.wrong = append(l.wrong, fmt.Sprintf("%v left after a no", was))
	case ch == notify.SMS && l.stopped:
		l.wrong = append(l.wrong, fmt.Sprintf("%v left after STOP", was))
	case ch != notify.Email && during(l.quiet, clock):
		l.wrong = append(l.wrong, fmt.Sprintf("%v at %s, in %+v", was, clock.Format("15:04"), l.quiet))
	}
	if luck == 1 {
		return errLater // it was taken, and nobody knows
	}
	return nil
}

// saidBefore reports whether a channel was ever asked to say what a correction of a
// cause takes back.
func (l *lot) saidBefore(ch notify.Channel, cause string) bool {
	for _, t := range []fact.Topic{fact.TopicOut, fact.TopicReady, fact.TopicDelivered, fact.TopicAtRisk, fact.TopicBroken} {
		if l.offered[letter{option{t, ch}, cause, ""}] {
			return true
		}
	}
	return false
}

func during(q notify.Quiet, at time.Time) bool {
	minute := at.Hour()*60 + at.Minute()
	if q.From <= q.Until {
		return minute >= q.From && minute < q.Until
	}
	return minute >= q.From || minute < q.Until
}

// named is the message of a letter, what it is about, without what a correction
// makes of its cause, and whether it is to this shopper.
func (l *lot) named(name string) (found ident.Message, about string, own bool) {
	id, _, _ := strings.Cut(name, "@")
	var msg notify.Message
	l.See(func(tx *db.Tx) (err error) {
		msg, err = notify.Get(tx, l.m, ident.Message(id))
		return err
	})
	cause, _, _ := strings.Cut(msg.Cause, "#")
	return msg.ID, cause, msg.Shopper == l.camille
}

// pass lets time go by as it does: what is due is done when it is.
func (l *lot) pass(d time.Duration) {
	l.T.Helper()
	for end := l.Clock().Now().Add(d); ; {
		l.Quiet()
		now, next := l.Clock().Now(), end
		for _, due := range []func(context.Context) (civil.Instant, error){l.NextDue, l.NextErrand} {
			at, err := due(context.Background())
			if err != nil {
				l.T.Fatal(err)
			}
			if at > now && at < next {
				next = at
			}
		}
		if now >= end {
			return
		}
		l.Pass(next.Sub(now))
	}
}

// act is something that the shopper does or that happens.
func (l *lot) act() {
	l.Pass(time.Second)
	switch rapid.IntRange(0, 9).Draw(l.r, "what") {
	case 0, 1:
		l.prefer()
	case 2:
		l.answer()
	case 3:
		l.hush()
	case 4:
		l.judge()
	case 5:
		l.danger()
	case 6:
		l.pass(time.Duration(rapid.IntRange(1, 40_000).Draw(l.r, "seconds")) * time.Second)
	default:
		l.see()
	}
	if rapid.IntRange(0, 5).Draw(l.r, "down") == 0 { // what was done is written down, and then nothing runs
		l.Pass(time.Duration(rapid.IntRange(1, 60_000).Draw(l.r, "away")) * time.Second)
	}
	l.Quiet()
}

// prefer ticks a box, or takes the tick away. What is taken back is told to
// whoever was told: that box they leave.
func (l *lot) prefer() {
	x := option{
		rapid.SampledFrom([]fact.Topic{
			fact.TopicShipped, fact.TopicOut, fact.TopicReady, fact.TopicDelivered, fact.TopicAtRisk, fact.TopicBroken,
		}).Draw(l.r, "topic"),
		rapid.SampledFrom(notify.Ways).Draw(l.r, "channel"),
	}
	allowed := rapid.Bool().Draw(l.r, "wanted")
	l.wants(x.ch, allowed, x.topic)
	l.refused[x], l.wanted[x] = !allowed, allowed
}

// answer is STOP by SMS, or START.
func (l *lot) answer() {
	l.stopped = rapid.Bool().Draw(l.r, "stop")
	say := notify.Resume
	if l.stopped {
		say = notify.Stop
	}
	l.Do(l.m, func(tx *flow.Tx) error { return say(tx, l.m, l.number) })
}

func (l *lot) hush() {
	minute := rapid.IntRange(0, 1439)
	l.quiet = notify.Quiet{From: minute.Draw(l.r, "from"), Until: minute.Draw(l.r, "until")}
	l.Do(l.m, func(tx *flow.Tx) error { return notify.Hush(tx, l.m, l.camille, l.quiet) })
}

// judge is a promise found broken, once or told twice, or kept after all.
func (l *lot) judge() {
	ruling := fact.Ruling{Promise: l.promise(l.o), Verdict: "ver_1"}
	switch {
	case !l.broken && l.breaches > 0: // it was found out, once
	case !l.broken:
		l.broken, l.breaches = true, 1
		l.says(l.o, fact.PromiseBroken{Ruling: ruling})
	case rapid.Bool().Draw(l.r, "again"):
		l.says(l.o, fact.PromiseBroken{Ruling: ruling})
	default:
		l.broken = false
		l.says(l.o, fact.PromiseCorrected{Ruling: ruling, Was: fact.Broken, Now: fact.Kept})
	}
}

// danger is a promise in danger, or out of it.
func (l *lot) danger() {
	cause := rapid.SampledFrom([]string{"inc_strike", "inc_snow"}).Draw(l.r, "cause")
	switch {
	case l.breaches > 0:
	case l.endanger[cause] && rapid.Bool().Draw(l.r, "lifted"):
		l.endanger[cause] = false
		l.lifted++
		warning := ident.Warning(fmt.Sprintf("war_%d", l.lifted))
		l.says(l.o, fact.RiskLifted{Promise: l.promise(l.o), Warning: warning, Cause: cause})
	default:
		l.endanger[cause] = true
		l.says(l.o, fact.PromiseAtRisk{Promise: l.promise(l.o), Cause: cause})
	}
}

// see is a scan, or the word that the last one was wrong.
func (l *lot) see() {
	was := l.status(l.parcel)
	said := []fact.Status{"", "", fact.PickedUp, fact.InTransit, fact.OutForDelivery, fact.ReadyForPickup, fact.Delivered, fact.Delivered}
	if st := rapid.SampledFrom(said).Draw(l.r, "status"); st != "" {
		l.scan(l.name, fact.TrustSigned, st)
	} else {
		l.retract(l.name)
	}
	there := []fact.Status{fact.ReadyForPickup, fact.Delivered}
	if now := l.status(l.parcel); slices.Contains(there, was) && now != was && now != fact.Delivered {
		l.denied++
	}
}

// found is what is wrong in the end.
func (l *lot) found() []string {
	for _, ch := range notify.Ways {
		times := map[letter]int{}
		var words []letter // about the parcel, as they came
		last := map[string]fact.Topic{}
		for _, x := range l.got {
			if x.ch != ch {
				continue
			}
			if x.topic == fact.TopicReady || x.topic == fact.TopicDelivered || x.topic == fact.TopicCorrected && x.cause == string(l.parcel) {
				words = append(words, x)
			}
			last[x.cause] = x.topic
			x.id = ""
			times[x]++
		}
		for x, n := range times {
			if n > 1 && n > 1+l.denied+l.lifted {
				l.wrong = append(l.wrong, fmt.Sprintf("%v came %d times", x, n))
			}
		}
		l.lies(ch, words, last)
	}
	return l.wrong
}

// lies notes what was told on a channel, is not so, and was not taken back.
func (l *lot) lies(ch notify.Channel, words []letter, last map[string]fact.Topic) {
	if l.refusedWord(ch) {
		return
	}
	if !slices.IsSortedFunc(words, func(a, b letter) int { return strings.Compare(string(a.id), string(b.id)) }) {
		l.wrong = append(l.wrong, fmt.Sprintf("on %s an older word came last: %v", ch, words))
	}
	if n := len(words); n > 0 {
		told, now := words[n-1].topic, l.status(l.parcel)
		if told == fact.TopicDelivered && now != fact.Delivered || told == fact.TopicReady && now != fact.ReadyForPickup && now != fact.Delivered {
			l.wrong = append(l.wrong, fmt.Sprintf("on %s the last word is %s, and the parcel is %s", ch, told, now))
		}
	}
	for about, told := range last {
		_, cause, _ := strings.Cut(about, ":")
		if told == fact.TopicBroken && !l.broken || told == fact.TopicAtRisk && l.breaches == 0 && !l.endanger[cause] {
			l.wrong = append(l.wrong, fmt.Sprintf("on %s the last word is %s of %s, and it is not so", ch, told, about))
		}
	}
}

// refusedWord reports whether something was not taken back on a channel because
// its owner wanted nothing there.
func (l *lot) refusedWord(ch notify.Channel) bool {
	return slices.ContainsFunc(l.messages(l.o), func(m notify.Message) bool {
		return m.Channel == ch && m.Topic == fact.TopicCorrected && m.Reason == notify.OptedOut
	})
}

// Whatever happens and is preferred, whenever quiet is wanted and however often the
// mail has to come again: nobody is told twice of one thing, nothing leaves after a
// no, and the last word of each thing is true.
func TestWhateverHappens(t *testing.T) {
	p := newPhones(t, mobile)
	p.At("2026-03-02 09:00")
	n := 0
	rapid.Check(t, func(r *rapid.T) {
		n++
		l := newLot(p, r, n)
		for range rapid.IntRange(1, 14).Draw(r, "acts") {
			l.act()
		}
		l.pass(30 * time.Hour)
		if wrong := l.found(); len(wrong) > 0 {
			for _, m := range l.messages(l.o) {
				r.Log(m.Channel, m.Topic, m.Cause, m.State, m.Reason)
			}
			r.Fatalf("%s", strings.Join(wrong, "\n"))
		}
	})
}
