package shopper

import (
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/phone"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/shopper"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// MessagesGallery is the page on which a shopper chooses how to be told, and the
// one that asks for a code first, from invented data.
func MessagesGallery(loc lang.Locale) (all []ui.Exhibit) {
	for _, e := range messagesExhibits {
		d := posted{
			acting: acting{lived: lives(loc), who: shopper.Contact{Name: "Camille", Email: "camille@example.org"}, trusted: true},
			quiet:  notify.Night,
		}
		e.set(&d)
		s := site{pushKey: "BCVx"}
		p := s.messagesPage(d)
		p.Scripts, p.Saved = nil, e.saved
		if e.wrong != nil {
			p.Wrong = []wrong{{e.wrong.Field, lang.Fault(loc, e.wrong)}}
		}
		all = append(all, ui.Exhibit{Name: e.name, Page: messages(p)})
	}
	d := lives(loc)
	all = append(all,
		ui.Exhibit{Name: "refuse", Page: refuseView(d.refusalPage(fact.TopicSurvey, false))},
		ui.Exhibit{Name: "refused", Page: refuseView(d.refusalPage(fact.TopicSurvey, true))})
	return append(all, hands(loc)...)
}

var messagesExhibits = []struct {
	name  string
	set   func(*posted)
	saved bool
	wrong *fault.Error
}{
	{name: "messages-locked", set: func(d *posted) { d.trusted = false }},
	{name: "messages-saved", set: func(d *posted) { reachable(d); said(d) }, saved: true},
	{name: "messages-written", set: func(d *posted) { reachable(d); written(d) }},
	{name: "messages-landline", set: func(d *posted) { d.number = phone.Number{E164: "+33142345678"} }},
	{name: "messages-stopped", set: func(d *posted) { reachable(d); d.stopped = true }},
	{name: "messages-wrong", set: reachable, wrong: fault.New(fault.Invalid, "clock_invalid", "quiet_until", "value", "25:61")},
}

// reachable has a mobile and a browser.
func reachable(d *posted) {
	d.number = phone.Number{E164: "+33612345678", Text: true}
	d.devices = []notify.Device{{ID: "brw_1"}}
}

func said(d *posted) {
	d.said = []notify.Preference{
		{Topic: fact.TopicAtRisk, Channel: notify.SMS, Allowed: true},
		{Topic: fact.TopicShipped, Channel: notify.Email},
		{Topic: fact.TopicOut, Channel: notify.Push},
	}
}

// written is a log with one of each.
func written(d *posted) {
	at := d.order.Placed
	later := func(h time.Duration) civil.Instant { return at.Add(h * time.Hour) }
	d.log = []notify.Message{
		{Topic: fact.TopicConfirmed, Channel: notify.Email, State: notify.Sent, Reason: notify.First, Accepted: at},
		{Topic: fact.TopicShipped, Channel: notify.Email, State: notify.Skipped, Reason: notify.OptedOut},
		{Topic: fact.TopicAtRisk, Channel: notify.SMS, State: notify.Sent, Reason: notify.First, Accepted: later(9)},
		{Topic: fact.TopicDelivered, Channel: notify.Push, State: notify.Queued, Reason: notify.First, NotBefore: later(22)},
		{Topic: fact.TopicDelivered, Channel: notify.Email, State: notify.Queued, Reason: notify.First},
		{Topic: fact.TopicOut, Channel: notify.SMS, State: notify.Failed, Reason: "sms_outcome_unknown"},
		{Topic: fact.TopicRepaired, Channel: notify.Email, State: notify.Bounced, Reason: notify.First},
	}
}

// hands is the box for the code, in each of its states.
func hands(loc lang.Locale) (all []ui.Exhibit) {
	add := func(name string, set func(*acting), f *fault.Error) {
		a := acting{lived: lives(loc), who: shopper.Contact{Name: "Camille", Email: "camille@example.org"}}
		set(&a)
		p := a.provePage("messages")
		if f != nil {
			p.Box.Wrong = lang.Fault(loc, f)
			p.Wrong = []wrong{{"code", p.Box.Wrong}}
		}
		all = append(all, ui.Exhibit{Name: name, Page: proveHand(p)})
	}
	underWay := func(a *acting) { a.expires, a.wall = civil.Instant(10*time.Minute/time.Microsecond)+1, 1 }
	add("hand", func(*acting) {}, nil)
	add("hand-sent", underWay, nil)
	add("hand-wrong", underWay, fault.New(fault.Invalid, "code_wrong", "code", "left", 4))
	add("hand-unable", func(a *acting) { a.mute = notify.AddressBounced }, nil)
	return all
}
