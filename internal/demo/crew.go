package demo

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/vault"
	"github.com/promesse-dev/promesse/internal/crew"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// rider is a courier of a shop's own, with the telephone on which they go round.
type rider struct {
	id     ident.Member
	link   ident.Link // that lets the telephone in; empty once it was used
	device string     // its cookie
	hand   string     // both cookies: of the telephone and of a shift
	shifts map[civil.Day]ident.Shift
}

// The couriers of the world's own, one a shop.
const (
	crewName  = "Leïla Benali"
	crewPIN   = "271828"
	crewPhone = "Téléphone de Leïla"
)

// Crews are the couriers who go round, by shop.
type Crews map[ident.Merchant]*rider

// OpenRounds lets a courier and a telephone in at every shop that has couriers of
// its own. Secrets are kept nowhere, so every start has another telephone.
func OpenRounds(ctx context.Context, f *flow.Flow, v *vault.Vault, shops Shops) (Crews, error) {
	all := Crews{}
	for _, s := range shops {
		if tradeOf(s.Slug).fleet == nil {
			continue
		}
		c := &rider{shifts: map[civil.Day]ident.Shift{}}
		err := f.One(ctx, flow.Installation, s.Merchant, func(tx *flow.Tx) (err error) {
			if c.id, err = courier(tx, v, s.Merchant, crewName, crewPIN); err != nil {
				return err
			}
			c.link, err = telephone(tx, s.Merchant)
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("demo rounds of %s: %w", s.Slug, err)
		}
		all[s.Merchant] = c
	}
	return all, nil
}

// courier is somebody who brings orders for a shop, let in if they are not.
func courier(tx *flow.Tx, v *vault.Vault, m ident.Merchant, name, pin string) (ident.Member, error) {
	all, err := crew.At(tx.Tx, crew.Rounds(m))
	if err != nil {
		return "", err
	}
	if i := slices.IndexFunc(all, func(c crew.Member) bool { return c.Name == name }); i >= 0 {
		return all[i].ID, nil
	}
	c, err := crew.NewRoster(v).Employ(tx, crew.Rounds(m), name, pin)
	return c.ID, err
}

// telephone lets one in, in the place of that of the start before.
func telephone(tx *flow.Tx, m ident.Merchant) (ident.Link, error) {
	all, err := crew.Devices(tx.Tx, m, crew.Courier)
	if err != nil {
		return "", err
	}
	for _, d := range all {
		if d.Name == crewPhone && d.Revoked == 0 {
			if err := crew.Revoke(tx, m, d.ID); err != nil {
				return "", err
			}
		}
	}
	_, link, err := crew.Invite(tx, crew.Rounds(m), crewPhone)
	return link, err
}

// GoRound lets couriers go round: what they do at a stop of theirs is said on the
// pages of the round.
func (w *World) GoRound(c Crews) { w.crews = c }

// shiftPage is where a round says in whose shift it is.
var shiftPage = regexp.MustCompile(`data-shift="([a-z0-9_]+)"`)

// begin begins a shift of today: the telephone is let in if it is not, and the
// courier signs in.
func (c *rider) begin(ctx context.Context, a api, today civil.Day) error {
	if c.device == "" {
		device, err := a.earn(ctx, "/tournee/appareil/"+string(c.link), url.Values{})
		if err != nil {
			return err
		}
		c.device = device
	}
	shift, err := a.by(c.device).earn(ctx, "/tournee/service", url.Values{"courier": {string(c.id)}, "pin": {crewPIN}})
	if err != nil {
		return err
	}
	hand := c.device + "; " + shift
	round, err := a.by(hand).visit(ctx, "/tournee/")
	if err != nil {
		return err
	}
	found := shiftPage.FindStringSubmatch(round)
	if shift == "" || found == nil {
		return errNoShift
	}
	c.hand, c.shifts[today] = hand, ident.Shift(found[1])
	for day := range c.shifts {
		if day < today-week {
			delete(c.shifts, day)
		}
	}
	return nil
}

// week is for how many days a telephone keeps what it has not sent.
const week = 7

var errNoShift = errors.New("the round did not begin")

// shift is that of a day; one that is not there is begun, where the day is today.
func (c *rider) shift(ctx context.Context, a api, day, today civil.Day) (ident.Shift, bool, error) {
	if _, began := c.shifts[day]; !began && day == today {
		if err := c.begin(ctx, a, today); err != nil {
			return "", false, err
		}
	}
	id, ok := c.shifts[day]
	return id, ok, nil
}

// muster begins the shift of a day: what is done in it without a network is known
// to have been done then.
func (w *World) muster(ctx context.Context, s *shop, e entry) error {
	c := w.crews[s.Merchant]
	if c == nil {
		return nil
	}
	return c.begin(ctx, s.selling, w.flow.Clock().Now().Day(paris))
}

// load is an order that goes on a round.
type load struct {
	Order ident.Order `json:"order"`
	Day   civil.Day   `json:"day"`
}

// aboard plans that an order goes on the round of a day.
func (w *World) aboard(p *planner, what string, at civil.Instant, l load) {
	if w.crews[p.Merchant] != nil {
		p.plan(toLoad, what, at, l)
	}
}

// takeAboard puts an order on the round. One whose slot was given back goes on none.
func (w *World) takeAboard(ctx context.Context, s *shop, e entry) error {
	c := w.crews[s.Merchant]
	var l load
	if err := e.decode(&l); err != nil || c == nil {
		return err
	}
	err := w.flow.One(ctx, actor, s.Merchant, func(tx *flow.Tx) error {
		return lastmile.Assign(tx, s.Merchant, l.Order, l.Day, c.id)
	})
	switch kind := fault.KindOf(err); {
	case err == nil, kind == fault.Conflict:
		return nil
	case kind == fault.Internal:
		return fmt.Errorf("%w: %w", errUnanswered, err) // it died, and is asked again
	}
	return err
}
