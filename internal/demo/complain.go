package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/desk"
	"github.com/promesse-dev/promesse/internal/fact"
)

// grievance is what went wrong with an order, as its shopper tells it.
type grievance struct {
	Order  ident.Order    `json:"order"`
	Number int            `json:"number"`
	What   fact.ClaimKind `json:"what"`
	Photo  bool           `json:"photo,omitempty"`
	Claim  ident.Claim    `json:"claim,omitempty"`
	First  int            `json:"first,omitempty"` // who of the shop decided first
}

// What goes wrong with what was handed over, and with what never was. That a
// parcel was handed over at all is contested too.
var (
	wrongs = []share[fact.ClaimKind]{
		{fact.ClaimDamaged, 30},
		{fact.ClaimMissing, 22},
		{fact.ClaimNotReceived, 22},
		{fact.ClaimLate, 14},
		{fact.ClaimNobodyCame, 8},
		{fact.ClaimOther, 4},
	}
	losses = []share[fact.ClaimKind]{{fact.ClaimLost, 55}, {fact.ClaimLate, 30}, {fact.ClaimNobodyCame, 15}}
)

// grievances are what shoppers write then.
var grievances = map[fact.ClaimKind][]string{
	fact.ClaimDamaged:     {"Le carton était enfoncé et un article est cassé.", "The box was crushed, and what is in it is broken."},
	fact.ClaimMissing:     {"Il manque un article, le colis semblait pourtant intact."},
	fact.ClaimNotReceived: {"Le suivi dit « livré », mais je n'ai rien reçu.", "Marked as delivered. It was not: I was at home all day."},
	fact.ClaimLate:        {"J'en avais besoin pour samedi, et il n'est pas arrivé à temps."},
	fact.ClaimNobodyCame:  {"On me dit absente : personne n'a sonné, j'étais là."},
	fact.ClaimLost:        {"Plus aucune nouvelle du colis depuis des jours. Je le crois perdu."},
	fact.ClaimOther:       {"Le livreur a été très désagréable avec mon voisin."},
}

// complain plans that a shopper claims that something went wrong.
func (w *World) complain(p *planner, b sale, door civil.Instant) {
	d := w.dice(p.shop, "claim", b.number)
	_, owed := b.due()
	if b.person || owed.Until == 0 || !d.chance(w.opt.Conduct.Claims) {
		return
	}
	g, at := grievance{Order: b.ID, Number: b.number, What: draw(d, wrongs)}, door.Add(d.between(time.Hour, 4*24*time.Hour))
	if door == 0 {
		g.What, at = draw(d, losses), owed.Until.Add(d.between(20*time.Hour, 9*24*time.Hour))
	}
	g.Photo = g.What == fact.ClaimDamaged && d.chance(0.7)
	p.plan(toClaim, fmt.Sprint(b.number), at, g)
}

// filed is a claim as the API answers it.
type filed struct {
	ID    ident.Claim     `json:"id"`
	State desk.ClaimState `json:"state"`
}

// claim is a shopper who says that something went wrong: now and then in two tabs.
func (w *World) claim(ctx context.Context, s *shop, e entry) ([]entry, error) {
	var g grievance
	if err := e.decode(&g); err != nil {
		return nil, err
	}
	d := w.dice(s, "claim/words", g.Number)
	in := map[string]any{"what": g.What, "words": one(d, grievances[g.What])}
	if g.Photo {
		id, err := s.photo(ctx, s.selling, d)
		if err != nil {
			return nil, err
		}
		in["photos"] = []ident.Blob{id}
	}
	body, err := json.Marshal(in)
	if err != nil {
		return nil, err
	}
	var of filed
	for n := range 1 + d.IntN(2) {
		tab := fmt.Sprintf("%s/%d", e.id, n)
		if err := s.selling.do(ctx, request{method: "POST", path: "/orders/" + string(g.Order) + "/claims", once: tab, body: body}, &of); err != nil {
			return nil, allow(err, 409, 422)
		}
	}
	g.Claim = of.ID
	p := planner{shop: s}
	p.plan(toRule, string(of.ID), s.atWork(e.due.Add(d.between(30*time.Minute, w.opt.Conduct.Replies))), g)
	return p.entries, p.err
}

// A claim's outcomes, and who answers for what went wrong.
var (
	outcomes = []share[fact.Outcome]{{fact.InFull, 45}, {fact.InPart, 20}, {fact.Refused, 35}}
	liables  = []share[fact.Party]{{fact.ByCarrier, 60}, {fact.ByMerchant, 30}, {fact.ByUnknown, 10}}
)

// reasoned is what a shop says to a claim, by outcome.
var reasoned = map[fact.Outcome]string{
	fact.InFull:  "Vous avez raison, et nous vous présentons nos excuses : votre réclamation est acceptée.",
	fact.InPart:  "Nous retenons une partie de votre réclamation : le transporteur conteste le reste.",
	fact.Refused: "Le transporteur nous a remis sa preuve : nous ne pouvons pas donner suite.",
}

// rule is somebody of the shop who decides on a claim, once the carrier was asked,
// or without. Some shoppers do not accept it.
func (w *World) rule(ctx context.Context, s *shop, e entry) ([]entry, error) {
	var g grievance
	if err := e.decode(&g); err != nil {
		return nil, err
	}
	var now filed
	path := "/claims/" + string(g.Claim)
	if err := s.desk.do(ctx, request{method: "GET", path: path}, &now); err != nil || now.State != desk.ClaimOpen {
		return nil, allow(err, 404)
	}
	d := w.dice(s, "claim/rule", g.Number)
	if d.chance(0.6) {
		if err := s.inquire(ctx, d, path, e.id); err != nil {
			return nil, err
		}
	}
	g.First = d.IntN(len(s.trade.staff))
	outcome, err := s.ruleOn(ctx, d, verdict{path + "/decide", e.id, s.trade.staff[g.First]})
	p := planner{shop: s}
	if err == nil && outcome != fact.InFull && d.chance(w.opt.Conduct.Contests) {
		p.plan(toInsist, string(g.Claim), e.due.Add(d.between(2*time.Hour, 6*24*time.Hour)), g)
	}
	return p.entries, errors.Join(p.err, allow(err, 409, 422))
}

// inquire notes what was asked of the carrier, and mostly what it said.
func (s *shop) inquire(ctx context.Context, d dice, path, once string) error {
	said := []string{
		`{"by":"carrier","asked":true,"words":"Merci de nous remettre votre preuve de livraison."}`,
		`{"by":"carrier","words":"Remis en main propre, selon notre livreur."}`,
	}
	for n, body := range said[:1+d.IntN(2)] {
		r := request{method: "POST", path: path + "/evidence", once: fmt.Sprintf("%s/asked/%d", once, n), body: []byte(body)}
		if err := s.desk.do(ctx, r, nil); err != nil {
			return allow(err, 409, 422)
		}
	}
	return nil
}

// verdict is where a decision on a claim goes, and whose it is.
type verdict struct {
	path, once string
	by         worker
}

// ruleOn sends a decision on a claim, and answers what it was.
func (s *shop) ruleOn(ctx context.Context, d dice, v verdict) (fact.Outcome, error) {
	outcome := draw(d, outcomes)
	in := map[string]any{"by": s.trade.address(v.by), "outcome": outcome, "words": reasoned[outcome]}
	if outcome != fact.Refused {
		in["liable"] = draw(d, liables)
	}
	body, err := json.Marshal(in)
	if err != nil {
		return outcome, err
	}
	return outcome, s.desk.do(ctx, request{method: "POST", path: v.path, once: v.once, body: body}, nil)
}

// insist is a shopper who does not accept what was decided.
func (w *World) insist(ctx context.Context, s *shop, e entry) ([]entry, error) {
	var g grievance
	if err := e.decode(&g); err != nil {
		return nil, err
	}
	d := w.dice(s, "claim/insist", g.Number)
	body := []byte(`{"words":"Je ne suis pas d'accord : personne n'a vu cette preuve. Je demande un second avis."}`)
	err := s.selling.do(ctx, request{method: "POST", path: "/claims/" + string(g.Claim) + "/contest", once: e.id, body: body}, nil)
	if err != nil {
		return nil, allow(err, 409, 422)
	}
	p := planner{shop: s}
	p.plan(toReview, string(g.Claim), s.atWork(e.due.Add(d.between(time.Hour, w.opt.Conduct.Replies))), g)
	return p.entries, p.err
}

// review is a second person's word: whoever decided first tries it now and then,
// and may not.
func (w *World) review(ctx context.Context, s *shop, e entry) error {
	var g grievance
	if err := e.decode(&g); err != nil {
		return err
	}
	d := w.dice(s, "claim/review", g.Number)
	path := "/claims/" + string(g.Claim) + "/review"
	if d.chance(0.2) {
		if _, err := s.ruleOn(ctx, d, verdict{path, e.id + "/first", s.trade.staff[g.First]}); err != nil {
			if err = allow(err, 403, 409, 422); err != nil {
				return err
			}
		}
	}
	_, err := s.ruleOn(ctx, d, verdict{path, e.id, s.trade.staff[(g.First+1)%len(s.trade.staff)]})
	return allow(err, 409, 422)
}
