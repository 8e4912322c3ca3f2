package counter

import (
	"slices"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/counter"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/tracking"
)

// found is what a code means at a counter. All of it is empty for what is no
// parcel of this one, whether it exists elsewhere or not at all.
type found struct {
	owner  ident.Merchant
	back   returns.Return // to be taken in
	label  returns.Label  // that was shown; empty for a store's code
	out    order.Parcel   // to be fetched here
	hold   counter.Hold   // empty while it is on its way
	passed bool           // the code is the one of who fetches it
	astray bool           // its shopper chose another point of the network
	many   bool           // it means several parcels alike: nobody can tell which
}

// none reports whether nothing was found.
func (f found) none() bool { return f.owner == "" && !f.many }

// rank says how much a parcel is this counter's: it waits here or its shopper
// chose to leave it here, it may come here, it belongs elsewhere, it was here and
// is done.
func (f found) rank(at ident.Point) int {
	switch {
	case f.back.Deposited != 0 || f.hold.State == counter.Handed:
		return 0
	case f.hold.ID != "" || f.back.ID != "" && f.back.Point == at:
		return 3
	case f.astray:
		return 1
	}
	return 2
}

// pick is the one of several that is most this counter's. Two shops of a network
// may give one number: of two alike none is picked, because the first would be a guess.
func pick(all []found, at ident.Point) (best found) {
	for _, f := range all {
		switch {
		case f.none():
		case best.none() || f.rank(at) > best.rank(at):
			best = f
		case f.rank(at) == best.rank(at):
			best.many = true
		}
	}
	if best.many {
		return found{many: true}
	}
	return best
}

// find tells what a code means at the point of a visit.
func (s *site) find(tx *db.Tx, v visit, code string) (found, error) {
	h, ok, err := s.desk.OfPass(tx, v.point.ID, code)
	if err != nil {
		return found{}, err
	}
	if ok {
		f := found{owner: h.Merchant, hold: h, passed: true}
		f.out, err = parcelOf(tx, h.Merchant, h.Parcel)
		return f, err
	}
	for _, look := range []func(*db.Tx, visit, string) (found, error){byNumber, byLabel, byCode} {
		if f, err := look(tx, v, code); err != nil || !f.none() {
			return f, err
		}
	}
	return found{}, nil
}

func parcelOf(tx *db.Tx, m ident.Merchant, id ident.Parcel) (order.Parcel, error) {
	of, err := order.ParcelsByID(tx, m, []ident.Parcel{id})
	return of[id], err
}

// byNumber looks among the numbers that parcels travel under.
func byNumber(tx *db.Tx, v visit, code string) (found, error) {
	holders, err := tracking.ByNumber(tx, code)
	if err != nil {
		return found{}, err
	}
	all := make([]found, 0, len(holders))
	for _, h := range holders {
		p, err := parcelOf(tx, h.Merchant, h.Parcel)
		if err != nil {
			return found{}, err
		}
		f := found{}
		switch p.Direction {
		case fact.Back:
			f, err = returning(tx, v, h.Merchant, p, code)
		case fact.Out:
			f, err = leaving(tx, v, h.Merchant, p)
		}
		if err != nil {
			return found{}, err
		}
		all = append(all, f)
	}
	return pick(all, v.point.ID), nil
}

// returning is a parcel on its way back, if this counter takes it in.
func returning(tx *db.Tx, v visit, m ident.Merchant, p order.Parcel, number string) (found, error) {
	r, ok, err := returns.ByParcel(tx, m, p.ID)
	if err != nil || !ok {
		return found{}, err
	}
	labels, err := returns.Labels(tx, m, []ident.Return{r.ID})
	if err != nil {
		return found{}, err
	}
	f := found{owner: m, back: r}
	for _, l := range labels[r.ID] {
		if carrier.FoldNumber(l.Number) == carrier.FoldNumber(number) {
			f.label = l
		}
	}
	return f.taken(tx, v)
}

// byLabel looks among the codes that shoppers show instead of a printed label.
func byLabel(tx *db.Tx, v visit, code string) (found, error) {
	several, err := returns.ByShown(tx, code)
	if err != nil {
		return found{}, err
	}
	all := make([]found, 0, len(several))
	for _, shown := range several {
		r, err := returns.Get(tx, shown.Merchant, shown.Return)
		if err != nil {
			return found{}, err
		}
		labels, err := returns.Labels(tx, shown.Merchant, []ident.Return{r.ID})
		if err != nil {
			return found{}, err
		}
		f := found{owner: shown.Merchant, back: r}
		at := slices.IndexFunc(labels[r.ID], func(l returns.Label) bool { return l.ID == shown.Label })
		if at >= 0 {
			f.label = labels[r.ID][at]
		}
		if f, err = f.taken(tx, v); err != nil {
			return found{}, err
		}
		all = append(all, f)
	}
	return pick(all, v.point.ID), nil
}

// byCode looks among the codes of returns to the store that this counter is.
func byCode(tx *db.Tx, v visit, code string) (found, error) {
	owner := v.point.Owner()
	if owner == "" {
		return found{}, nil
	}
	r, ok, err := returns.ByCode(tx, owner, code)
	if err != nil || !ok || r.Code == "" {
		return found{}, err
	}
	return found{owner: owner, back: r}.taken(tx, v)
}

// taken is what was found, if this counter takes it in: a store its own returns,
// a relay point those that its network carries.
func (f found) taken(tx *db.Tx, v visit) (found, error) {
	if owner := v.point.Owner(); owner != "" {
		if owner != f.owner || f.back.Route != fact.BackToStore {
			return found{}, nil
		}
		return f, nil
	}
	if f.back.Route != fact.BackByRelay {
		return found{}, nil
	}
	return f.carried(tx, v, f.back.Connection)
}

// carried is what was found, if the point's network carries it.
func (f found) carried(tx *db.Tx, v visit, over ident.Connection) (found, error) {
	c, err := carrier.Get(tx, f.owner, over)
	if fault.Is(err, "not_found") {
		return found{}, nil
	}
	if err != nil || c.Adapter != v.point.Network {
		return found{}, err
	}
	return f, nil
}

// leaving is a parcel on its way to its shopper, if it waits here, did, or may yet.
func leaving(tx *db.Tx, v visit, m ident.Merchant, p order.Parcel) (found, error) {
	h, ok, err := counter.HoldOf(tx, m, p.ID)
	if err != nil {
		return found{}, err
	}
	f := found{owner: m, out: p}
	if ok && h.Point == v.point.ID {
		f.hold = h
		return f, nil
	}
	stories, err := tracking.Stories(tx, m, []ident.Parcel{p.ID})
	if err != nil || gone(stories[p.ID]) || ok && h.State == counter.Handed {
		return found{}, err
	}
	collected, err := fetched(tx, m, p.Service, p.Order)
	switch {
	case err != nil || !collected:
		return found{}, err
	case v.point.Owner() == "":
		if f, err = f.carried(tx, v, p.Connection); err != nil || f.none() {
			return f, err
		}
	case v.point.Owner() != m:
		return found{}, nil
	}
	elsewhere, err := counter.Elsewhere(tx, m, p, v.point.ID)
	f.astray = elsewhere.ID != ""
	return f, err
}

// gone reports whether a parcel is not on its way to its shopper any more.
func gone(s tracking.Story) bool {
	switch s.Status.Phase() {
	case fact.PhaseDone, fact.PhaseReturn, fact.PhaseClosed:
		return true
	}
	return false
}

// fetched reports whether a parcel's service has it fetched at a point.
func fetched(tx *db.Tx, m ident.Merchant, service ident.Service, id ident.Order) (bool, error) {
	if service == "" {
		o, err := order.Get(tx, m, id)
		if err != nil {
			return false, err
		}
		service = o.Service
	}
	services, err := carrier.Services(tx, m)
	at := slices.IndexFunc(services, func(s carrier.Service) bool { return s.ID == service })
	return at >= 0 && services[at].Mode.Collected(), err
}
