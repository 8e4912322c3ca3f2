package letters

import (
	"strings"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/promise"
)

// endangered is a promise with two incidents, of kinds given, both warned of at 08:00.
// The message is about the one named own.
func endangered(own string, first, second fact.Trouble) *desk {
	d := invented(fact.TopicAtRisk, lang.French)
	endangeredBy(first, second)(d)
	d.msg.ID = ident.Message("msg_" + own)
	because(own)(d)
	return d
}

// sent is a letter about another danger that left at an hour; 0 is one that waits.
func sent(cause string, hour int) notify.Message {
	m := notify.Message{ID: ident.Message("msg_" + cause), Topic: fact.TopicAtRisk, Commitment: "com_1", Cause: "com_1:" + cause, Send: true, State: notify.Queued}
	if hour > 0 {
		m.State, m.Accepted = notify.Sent, on(paris, hour, 0)
	}
	return m
}

func TestNoTwoLettersSayTheSameOfOnePromise(t *testing.T) {
	const strike, snow = fact.TroubleStrike, fact.TroubleWeather
	alike := func(d *desk) {
		i := d.troubles.incidents["inc_1"]
		i.Trouble, i.From, i.Last, i.Words = strike, d.troubles.incidents["inc_0"].From, d.troubles.incidents["inc_0"].Last, d.troubles.incidents["inc_0"].Words
		d.troubles.incidents["inc_1"] = i
	}
	later := func(d *desk) { d.troubles.warnings[1].At = on(paris, 10, 0) }
	for _, row := range []struct {
		law     string
		own     string
		second  fact.Trouble
		letters []notify.Message
		set     func(*desk)
		want    bool
	}{
		{"the first of all", "inc_0", snow, nil, nil, false},
		{"two within the minute: the first waits for the second, which tells of both", "inc_0", snow, []notify.Message{sent("inc_1", 0)}, nil, true},
		{"and the second leaves", "inc_1", snow, []notify.Message{sent("inc_0", 0)}, nil, false},
		{"the second was taken back meanwhile: the first leaves", "inc_0", snow, []notify.Message{sent("inc_1", 0)}, func(d *desk) { d.troubles.warnings[1].Lifted = on(paris, 8, 30) }, false},
		{"another incident, an hour after", "inc_1", snow, []notify.Message{sent("inc_0", 9)}, later, false},
		{"another incident on the same days, in the same words", "inc_1", snow, []notify.Message{sent("inc_0", 9)}, func(d *desk) { later(d); alike(d) }, true},
		{"the letter that left told of both", "inc_1", snow, []notify.Message{sent("inc_0", 9)}, nil, true},
		{"the carrier reports the strike that was told", "strike", snow, []notify.Message{sent("inc_0", 9)}, nil, true},
		{"the carrier reports something else", "damaged", snow, []notify.Message{sent("inc_0", 9)}, nil, false},
		{"told of slowness before, of a strike now", "inc_0", snow, []notify.Message{sent(promise.Slow, 9)}, nil, false},
	} {
		d := endangered(row.own, strike, row.second)
		d.troubles.letters = row.letters
		if row.set != nil {
			row.set(d)
		}
		if got := d.saidElsewhere(); got != row.want {
			t.Errorf("%s: %v", row.law, got)
		}
	}
}

func TestOneLetterTellsOfAllIncidentsThatStand(t *testing.T) {
	d := endangered("inc_1", fact.TroubleStrike, fact.TroubleRoad)
	said := strings.Join(d.incidents(), " ")
	for _, want := range []string{"Une grève", "Gennevilliers", "Des routes coupées"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not in %s", want, said)
		}
	}
	d.troubles.warnings[0].Lifted = on(paris, 8, 30)
	if said = strings.Join(d.incidents(), " "); strings.Contains(said, "grève") {
		t.Errorf("it is over: %s", said)
	}
}

func TestWhatWasNeverToldIsNotTakenBack(t *testing.T) {
	const hour = civil.Instant(time.Hour / time.Microsecond)
	for _, row := range []struct {
		law     string
		letters []notify.Message
		set     func(*desk)
		want    bool // nothing leaves
	}{
		{"told, and over", []notify.Message{sent("inc_0#msg_inc_0", 9)}, nil, false},
		{"taken back before it left", []notify.Message{sent("inc_0", 0)}, nil, true},
		{"told of something else", []notify.Message{sent("inc_1", 9)}, nil, true},
		{"arrived meanwhile", []notify.Message{sent("inc_0", 9)}, func(d *desk) { d.promises[0].State = fact.Kept }, true},
		{"its deadline has passed", []notify.Message{sent("inc_0", 9)}, func(d *desk) { d.Now = d.promises[0].Until + hour }, true},
	} {
		d := invented(fact.TopicCorrected, lang.French)
		endangeredBy(fact.TroubleStrike)(d)
		lifted(d)
		d.troubles.letters = row.letters
		if row.set != nil {
			row.set(d)
		}
		if err := d.settle(); err != nil {
			t.Fatal(err)
		}
		if got := d.superseded(); got != row.want {
			t.Errorf("%s: %v", row.law, got)
		}
	}
}
