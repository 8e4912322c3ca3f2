package demo

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/notify"
)

// post is the mail server of the simulation. Like real ones it is sometimes
// busy, knows some addresses not, and finds out about others afterwards.
type post struct {
	letters map[string]notify.Letter // by Message-ID
	order   []string                 // Message-IDs as they came
	repeats int
	changed []string // Message-IDs that came again with other words or to another address
	bounces []bounce
	inbox   Inbox
	d       dice
	reaper  *reaper
}

// bounce is a letter that comes back.
type bounce struct {
	at        civil.Instant
	from      string // who wrote it
	messageID string
}

func newPost(d dice, r *reaper) *post {
	return &post{letters: map[string]notify.Letter{}, d: d, reaper: r}
}

var (
	errBusy    = errors.New("451 4.7.1 try again later")
	errUnknown = notify.Refused{Reason: "mailbox_unavailable", Err: errors.New("550 5.1.1 no such user")}
)

// deliver takes a letter, or not.
func (p *post) deliver(_ context.Context, l notify.Letter) error {
	before, again := p.letters[l.MessageID]
	switch {
	case again:
		p.repeats++
		if !reflect.DeepEqual(before, l) {
			p.changed = append(p.changed, l.MessageID)
		}
	case p.d.chance(0.02):
		return errBusy
	case p.d.chance(0.003):
		return errUnknown
	default:
		p.letters[l.MessageID] = l
		p.inbox.Receive(l.To, l.Text)
		p.inbox.Open(Secret{To: l.To, Subject: l.Subject, Text: l.Text})
		p.order = append(p.order, l.MessageID)
		if p.d.chance(0.01) {
			p.bounces = append(p.bounces, bounce{p.reaper.now.Add(p.d.between(time.Minute, 6*time.Hour)), l.From, l.MessageID})
		}
	}
	p.reaper.mailed = true
	return nil
}

// nextBounce is when a letter comes back next, zero when none is on its way.
func (p *post) nextBounce() (at civil.Instant) {
	for _, b := range p.bounces {
		if at == 0 || b.at < at {
			at = b.at
		}
	}
	return at
}

// back is the letters that have come back by now.
func (p *post) back(now civil.Instant) (back []bounce) {
	for _, b := range p.bounces {
		if b.at <= now {
			back = append(back, b)
		}
	}
	return back
}

// forget drops the letters that had come back by then.
func (p *post) forget(then civil.Instant) {
	p.bounces = slices.DeleteFunc(p.bounces, func(b bounce) bool { return b.at <= then })
}
