package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
)

// talk is a conversation as the world knows it.
type talk struct {
	ID     ident.Conversation `json:"id"`
	Number int                `json:"number"`
	Turn   int                `json:"turn"`
}

// doubt is an order about which somebody has something to ask.
type doubt struct {
	Order ident.Order `json:"order"`
	letter
}

// questions are what people write, in their words.
var questions = []string{
	"Bonjour, mon colis est en retard : où est-il ? Merci.",
	"Bonsoir,\n\nje serai absente demain. Le livreur peut-il laisser le colis chez la gardienne ?\n\nMerci d'avance",
	"Le digicode a changé, c'est maintenant 48B12. Pouvez-vous le dire au livreur ?",
	"Je n'ai toujours pas reçu ma facture.",
	"Un des articles est abîmé, que dois-je faire ?",
	"Hello, will my parcel come before the weekend?",
	"🙂 c'est un cadeau, pas de prix dans le colis s'il vous plaît",
}

// answers are what the shops' people answer.
var answers = []string{
	"Bonjour,\n\nc'est noté, et transmis au transporteur. Bonne journée !",
	"Bonjour, nous venons de le vérifier : il est en route, et arrive à la date annoncée.",
	"Bonjour,\n\ntoutes nos excuses. Nous regardons, et revenons vers vous aujourd'hui.",
}

// speakUp plans what a shopper says and asks for, besides what comes back.
func (w *World) speakUp(p *planner, b sale, door civil.Instant) {
	w.wonder(p, b, door)
	w.opine(p, b, door)
	w.want(p, b, door)
	w.complain(p, b, door)
	w.demand(p, b, door)
	w.prefer(p, b)
}

// wonder plans that a shopper writes to a person, before or after the door.
func (w *World) wonder(p *planner, b sale, door civil.Instant) {
	d := w.dice(p.shop, "question", b.number)
	if b.person || door == 0 || !d.chance(w.opt.Conduct.Asks) {
		return
	}
	p.plan(toWrite, fmt.Sprint(b.number), door.Add(d.between(-30*time.Hour, 20*time.Hour)), doubt{b.ID, letter{Number: b.number, To: b.who.email}})
}

// opine plans that a shopper says how it went, some days after the door.
func (w *World) opine(p *planner, b sale, door civil.Instant) {
	d := w.dice(p.shop, "opinion", b.number)
	if b.person || door == 0 || !d.chance(w.opt.Conduct.Opinions) {
		return
	}
	p.plan(toScore, fmt.Sprint(b.number), door.Add(d.between(30*time.Hour, 120*time.Hour)), doubt{b.ID, letter{Number: b.number, To: b.who.email}})
}

// question is a shopper before the box: in two tabs, once in a while.
func (w *World) question(ctx context.Context, s *shop, e entry) ([]entry, error) {
	var l doubt
	if err := e.decode(&l); err != nil {
		return nil, err
	}
	link, ok := w.opt.Inbox.link(l.To, s.reference(l.Number))
	if !ok {
		return nil, nil
	}
	d := w.dice(s, "write", l.Number)
	form := url.Values{"words": {one(d, questions)}, "key": {e.id}}
	for range 1 + d.IntN(2) {
		if err := allow(s.selling.fill(ctx, "/p/"+link+"/ecrire", form), 404, 422, 429); err != nil {
			return nil, err
		}
	}
	return w.heard(ctx, s, e, l.Order, l.Number)
}

// heard plans that the shop's people answer what waits about an order.
func (w *World) heard(ctx context.Context, s *shop, e entry, o ident.Order, number int) ([]entry, error) {
	var found struct {
		Items []struct {
			ID    ident.Conversation `json:"id"`
			State string             `json:"state"`
		} `json:"items"`
	}
	if err := s.desk.do(ctx, request{method: "GET", path: "/conversations?order=" + string(o)}, &found); err != nil {
		return nil, err
	}
	p := planner{shop: s}
	for _, t := range found.Items {
		if t.State == "waiting" {
			at := s.atWork(e.due.Add(w.dice(s, "heard/"+string(t.ID), number).between(20*time.Minute, w.opt.Conduct.Replies)))
			p.plan(toReply, string(t.ID), at, talk{ID: t.ID, Number: number})
		}
	}
	return p.entries, p.err
}

// respond is somebody of the shop who answers. What was answered meanwhile, by a
// colleague, is left as it is. Some shoppers write back.
func (w *World) respond(ctx context.Context, s *shop, e entry) ([]entry, error) {
	var t talk
	if err := e.decode(&t); err != nil {
		return nil, err
	}
	var now struct {
		State string `json:"state"`
	}
	path := "/conversations/" + string(t.ID)
	if err := s.desk.do(ctx, request{method: "GET", path: path}, &now); err != nil || now.State != "waiting" {
		return nil, allow(err, 404)
	}
	d := w.dice(s, "reply/"+string(t.ID), t.Turn)
	body, err := json.Marshal(map[string]any{"by": s.trade.address(one(d, s.trade.staff)), "words": one(d, answers), "close": d.chance(0.3)})
	if err != nil {
		return nil, err
	}
	if err := s.desk.do(ctx, request{method: "POST", path: path + "/answer", once: e.id, body: body}, &struct{}{}); err != nil {
		return nil, allow(err, 404, 409)
	}
	if t.Turn > 0 || !d.chance(0.2) {
		return nil, nil
	}
	p := planner{shop: s}
	t.Turn++
	p.plan(toReply, string(t.ID)+"/again", s.atWork(e.due.Add(d.between(2*time.Hour, 30*time.Hour))), t)
	more := []byte(`{"words":"Merci ! Une dernière chose : puis-je l'échanger si la taille ne va pas ?"}`)
	err = s.desk.do(ctx, request{method: "POST", path: path + "/messages", once: e.id + "/more", body: more}, &struct{}{})
	return p.entries, errors.Join(p.err, err)
}

// score is a shopper before the two questions.
func (w *World) score(ctx context.Context, s *shop, e entry) ([]entry, error) {
	var l doubt
	if err := e.decode(&l); err != nil {
		return nil, err
	}
	link, ok := w.opt.Inbox.link(l.To, s.reference(l.Number))
	if !ok {
		return nil, nil
	}
	d := w.dice(s, "score", l.Number)
	n := draw(d, []share[int]{{5, 50}, {4, 25}, {3, 12}, {2, 8}, {1, 5}})
	form := url.Values{"note": {fmt.Sprint(n)}}
	if d.chance(0.5) {
		form.Set("words", one(d, map[bool][]string{
			true:  {"Parfait, merci.", "À l'heure dite.", "Le livreur était très aimable."},
			false: {"Personne n'a sonné.", "Le colis était en retard.", "Carton abîmé, adresse pourtant exacte.", strings.Repeat("Trop compliqué. ", 3)},
		}[n > 3]))
	}
	if err := allow(s.selling.fill(ctx, "/p/"+link+"/avis", form), 404, 409, 422); err != nil {
		return nil, err
	}
	return w.heard(ctx, s, e, l.Order, l.Number)
}
