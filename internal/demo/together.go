package demo

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"time"
)

// unite plans that somebody who buys in several shops looks whether what is on its
// way can come together.
func (w *World) unite(p *planner, b sale) {
	d := w.dice(p.shop, "together", b.number)
	if b.person || b.who.email != Everywhere || !d.chance(w.opt.Conduct.Unites) {
		return
	}
	p.plan(toEnter, fmt.Sprint(b.number), b.Placed.Add(d.between(10*time.Minute, 30*time.Hour)), letter{Number: b.number, To: b.who.email})
}

// enter has a link to the space sent.
func (w *World) enter(ctx context.Context, s *shop, e entry) ([]entry, error) {
	var l letter
	if err := e.decode(&l); err != nil {
		return nil, err
	}
	w.seen.entering()
	err := s.selling.fill(ctx, "/espace/entrer", url.Values{"email": {l.To}})
	var no *refusal
	if errors.As(err, &no) && no.Status == http.StatusTooManyRequests {
		return nil, nil // enough links for now
	}
	if err != nil {
		return nil, err
	}
	p, d := planner{shop: s}, w.dice(s, "together/code", l.Number)
	p.plan(toUnite, fmt.Sprint(l.Number), e.due.Add(d.between(2*time.Minute, 8*time.Minute)), l)
	return p.entries, p.err
}

// What a letter and the page say of where to go, and of what there is to choose.
var (
	spaceLink  = regexp.MustCompile(`/espace/entrer/[0-9A-Za-z_-]+`)
	orderField = regexp.MustCompile(`name="o" value="([a-z0-9_]+)"`)
	spotField  = regexp.MustCompile(`name="lieu" value="([a-z0-9_]+)"`)
	dayField   = regexp.MustCompile(`name="jour" value="([0-9-]+)"`)
)

// space is the way to somebody's space that a mailbox got last.
func (b *Inbox) space(to string) (string, bool) {
	for _, l := range b.Secrets() {
		if link := spaceLink.FindString(l.Text); l.To == to && link != "" {
			return link, true
		}
	}
	return "", false
}

// together enters the space, chooses among what is on its way, where and when, and
// asks for it.
func (w *World) together(ctx context.Context, s *shop, e entry) error {
	var l letter
	if err := e.decode(&l); err != nil {
		return err
	}
	link, sent := w.opt.Inbox.space(l.To)
	if !sent {
		return nil
	}
	hand, err := s.selling.earn(ctx, link, url.Values{})
	if err != nil || hand == "" {
		return allow(err, 404, 422) // used already
	}
	const path = "/espace/regrouper"
	a, d := s.selling.by(hand), w.dice(s, "together/how", l.Number)
	form := url.Values{}
	for _, field := range []struct {
		name string
		of   *regexp.Regexp
		most int
	}{{"o", orderField, 2 + d.IntN(3)}, {"lieu", spotField, 1}, {"jour", dayField, 1}} {
		page, err := a.visit(ctx, path+"?"+form.Encode())
		if err != nil {
			return err
		}
		there := choices(field.of, page)
		d.Shuffle(len(there), func(i, j int) { there[i], there[j] = there[j], there[i] })
		if form[field.name] = there[:min(field.most, len(there))]; len(form[field.name]) == 0 {
			return nil // nothing can come together
		}
	}
	form.Set("key", e.id)
	return allow(a.fill(ctx, path, form), 404, 409, 422)
}

// choices are the values of a field on a page, each once.
func choices(field *regexp.Regexp, page string) (all []string) {
	for _, found := range field.FindAllStringSubmatch(page, -1) {
		if !slices.Contains(all, found[1]) {
			all = append(all, found[1])
		}
	}
	return all
}
