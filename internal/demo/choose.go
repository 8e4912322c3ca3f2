package demo

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/notify"
)

// prefer plans that a shopper chooses how to be told, and that one who is told by
// SMS answers STOP; some of those want them again.
func (w *World) prefer(p *planner, b sale) {
	d := w.dice(p.shop, "choose", b.number)
	if b.person {
		return
	}
	n := fmt.Sprint(b.number)
	if d.chance(w.opt.Conduct.Chooses) {
		p.plan(toChoose, n, b.Placed.Add(d.between(20*time.Minute, 4*24*time.Hour)), letter{Number: b.number, To: b.who.email})
	}
	if !b.who.texts || !d.chance(w.opt.Conduct.Stops) {
		return
	}
	at := b.Placed.Add(d.between(time.Hour, 4*24*time.Hour))
	p.say(toText, n, at, textHost, p.text(b.who, "STOP"))
	if d.chance(0.4) {
		p.say(toText, n+"/again", at.Add(d.between(time.Hour, 6*24*time.Hour)), textHost, p.text(b.who, "Start"))
	}
}

// text is what a shopper answers by SMS, as the gateway tells it.
func (p *planner) text(who customer, words string) errand {
	return errand{Path: "/texts", Body: map[string]any{"from": who.phone, "text": words}}
}

// choose has a one-time code sent: whoever only has the link changes nothing.
func (w *World) choose(ctx context.Context, s *shop, e entry) ([]entry, error) {
	var l letter
	if err := e.decode(&l); err != nil {
		return nil, err
	}
	link, ok := w.opt.Inbox.link(l.To, s.reference(l.Number))
	if !ok {
		return nil, nil
	}
	err := s.selling.fill(ctx, "/p/"+link+"/preuve", url.Values{"send": {"1"}})
	var no *refusal
	if errors.As(err, &no) && no.Status == http.StatusTooManyRequests {
		return nil, nil // three codes in an hour are enough
	}
	if err != nil {
		return nil, allow(err, 404, 422)
	}
	p, d := planner{shop: s}, w.dice(s, "choose/code", l.Number)
	p.plan(toPick, fmt.Sprint(l.Number), e.due.Add(d.between(2*time.Minute, 8*time.Minute)), l)
	return p.entries, p.err
}

// code is the one-time code that a mailbox got last.
func (b *Inbox) code(to string) (string, bool) {
	for _, l := range b.Secrets() {
		if code := aCode.FindString(l.Text); l.To == to && code != "" {
			return strings.TrimSpace(code), true
		}
	}
	return "", false
}

var aCode = regexp.MustCompile(`(?m)^[0-9]{6}\r?$`)

// pick types the code, some a wrong one first, and chooses topic by topic and
// channel by channel, and the hours of quiet.
func (w *World) pick(ctx context.Context, s *shop, e entry) error {
	var l letter
	if err := e.decode(&l); err != nil {
		return err
	}
	link, ok := w.opt.Inbox.link(l.To, s.reference(l.Number))
	code, sent := w.opt.Inbox.code(l.To)
	if !ok || !sent {
		return nil
	}
	d, page := w.dice(s, "choose/how", l.Number), "/p/"+link
	if d.chance(0.15) {
		if err := allow(s.selling.fill(ctx, page+"/preuve", url.Values{"code": {"000000"}}), 404, 422); err != nil {
			return err
		}
	}
	hand, err := s.selling.prove(ctx, page+"/preuve", code)
	if err != nil || hand == "" {
		return allow(err, 404, 422)
	}
	return allow(s.selling.by(hand).fill(ctx, page+"/messages", wishes(d)), 404, 422)
}

// wishes are the boxes that somebody ticks, and when they want quiet.
func wishes(d dice) url.Values {
	form := url.Values{
		"quiet_from":  {fmt.Sprintf("%02d:%02d", d.IntN(24), 15*d.IntN(4))},
		"quiet_until": {fmt.Sprintf("%02d:%02d", d.IntN(24), 15*d.IntN(4))},
	}
	for _, topic := range fact.Topics {
		for _, ch := range notify.Ways {
			if d.chance(0.6) {
				form.Set(string(topic)+"."+string(ch), "1")
			}
		}
	}
	return form
}
