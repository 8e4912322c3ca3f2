package story

import (
	"context"
	"fmt"
	"net/url"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// question writes to a person on the order's page: `asks E-1 "Where is it?"`.
func (w *world) question(ctx context.Context, who string, ws *words) error {
	o, err := w.own(who, ws)
	if err != nil {
		return err
	}
	said, err := ws.quoted("what is asked")
	if err != nil {
		return err
	}
	w.asked++
	return w.tap(ctx, o.page+"/ecrire", url.Values{"key": {fmt.Sprint("story-", w.asked)}, "words": {said}})
}

// writeOn adds to the last conversation about an order: `writes E-1 "And the belt?"`.
func (w *world) writeOn(ctx context.Context, who string, ws *words) error {
	o, err := w.own(who, ws)
	if err != nil {
		return err
	}
	c, err := o.talk(ctx)
	if err != nil {
		return err
	}
	said, err := ws.quoted("what is written")
	if err != nil {
		return err
	}
	return w.tap(ctx, o.page+"/ecrire/"+text(c, "id"), url.Values{"words": {said}})
}

// needNoAnswer: `needs no answer about E-1`.
func (w *world) needNoAnswer(ctx context.Context, who string, ws *words) error {
	for _, word := range []string{"no", "answer", "about"} {
		if err := ws.need(word); err != nil {
			return err
		}
	}
	o, err := w.own(who, ws)
	if err != nil {
		return err
	}
	c, err := o.talk(ctx)
	if err != nil {
		return err
	}
	return w.tap(ctx, o.page+"/ecrire/"+text(c, "id")+"/clore", url.Values{})
}

// score answers the two questions: `scores E-1 2 "Nobody rang."`.
func (w *world) score(ctx context.Context, who string, ws *words) error {
	o, err := w.own(who, ws)
	if err != nil {
		return err
	}
	score, err := ws.take("a score")
	if err != nil {
		return err
	}
	form := url.Values{"note": {score}}
	if !ws.done() {
		said, err := ws.quoted("why")
		if err != nil {
			return err
		}
		form.Set("words", said)
	}
	return w.tap(ctx, o.page+"/avis", form)
}

// answers is what the shop's people say in a dispute about a return, or to whoever
// asked about an order: `answers E-1 "Tomorrow."`.
func (w *world) answers(ctx context.Context, who string, ws *words) error {
	if _, is := w.returns[ws.next()]; is {
		return w.answerDispute(ctx, who, ws)
	}
	o, err := w.named(ws)
	if err != nil {
		return err
	}
	c, err := o.talk(ctx)
	if err != nil {
		return err
	}
	said, err := ws.quoted("what is answered")
	if err != nil {
		return err
	}
	email, err := w.person(ctx, o.shop, who)
	if err != nil {
		return err
	}
	_, err = o.shop.client.call(ctx, "POST", "conversations/"+text(c, "id")+"/answer", object{"by": email, "words": said})
	return err
}

// talk is the last conversation about an order.
func (o *bought) talk(ctx context.Context) (object, error) {
	all, err := o.shop.client.call(ctx, "GET", "conversations?order="+string(o.id), nil)
	found := list(all, "items")
	if err == nil && len(found) == 0 {
		err = fmt.Errorf("nobody wrote about %s", o.reference)
	}
	if err != nil {
		return nil, err
	}
	return found[len(found)-1], nil
}

// person is somebody who works for the shop, from the first time they are named.
func (w *world) person(ctx context.Context, s *shop, name string) (string, error) {
	address := email(name)
	if slices.Contains(s.people, name) {
		return address, nil
	}
	s.people = append(s.people, name)
	return address, w.flow.One(ctx, flow.Installation, s.id, func(tx *flow.Tx) error {
		all, err := merchant.StaffOf(tx.Tx, s.id)
		if err != nil {
			return err
		}
		set := merchant.Agent
		if len(all) == 0 { // somebody must own it
			set = merchant.Owner
		}
		_, err = merchant.Hire(tx, s.id, merchant.NewStaff{Email: address, Name: name, Set: set})
		return err
	})
}

// expectTalk: `conversation of E-1 waiting until 2026-03-02T17:00:00 messages 2`.
func (w *world) expectTalk(ctx context.Context, ws *words) error {
	o, err := w.of(ws)
	if err != nil {
		return err
	}
	c, err := o.talk(ctx)
	if err != nil {
		return err
	}
	full, err := o.shop.client.call(ctx, "GET", "conversations/"+text(c, "id"), nil)
	if err != nil {
		return err
	}
	want, err := ws.wanted("waiting", "answered", "closed")
	if err != nil {
		return err
	}
	have := []string{
		text(full, "state"), "by " + text(full, "via"), "until " + w.lastDay(text(full, "answer_by")),
		fmt.Sprint("messages ", len(list(full, "messages"))),
	}
	for _, m := range list(full, "messages") {
		have = append(have, text(m, "words"))
	}
	return compare("conversation", [][]string{have}, want, false)
}

// answersOwed are the answers owed about an order.
func (o *bought) answersOwed(ctx context.Context) ([]object, error) {
	all, err := o.shop.client.call(ctx, "GET", "commitments?limit=100", nil)
	return slices.DeleteFunc(list(all, "items"), func(c object) bool {
		return text(c, "owed") != "answer_by" || ident.Order(text(c, "order")) != o.id
	}), err
}
