package counter

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/counter"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// scan takes a code in, and leads to what came of it.
func (s *site) scan(r *http.Request) (ui.Answer, error) {
	in := counter.Reading{
		Client: r.PostFormValue("client"), Code: r.PostFormValue("code"), Wish: counter.Wish(r.PostFormValue("wish")),
	}
	c, err := s.take(r.Context(), visitOf(r), in)
	if fault.KindOf(err) == fault.Invalid {
		return s.startPage(r, in, err)
	}
	if err != nil {
		return ui.Answer{}, err
	}
	return ui.Answer{To: scanPath(c.ID)}, nil
}

func scanPath(id ident.Scan) string { return "/comptoir/lecture/" + string(id) }

// take keeps a scan, then understands it. Told again it is the same scan, and
// what came of it stands.
func (s *site) take(ctx context.Context, v visit, in counter.Reading) (c counter.Scan, err error) {
	err = s.Flow.One(ctx, v.Shift.By(), v.Shift.Merchant, func(tx *flow.Tx) (err error) {
		c, err = counter.Keep(tx, v.Shift, in)
		return err
	})
	if err != nil || c.Outcome != counter.Kept {
		return c, err
	}
	var f found
	err = s.Flow.Read(ctx, func(tx *db.Tx) (err error) {
		f, err = s.find(tx, v, c.Code)
		return err
	})
	if err != nil {
		return c, err
	}
	return s.step(ctx, v, step{scan: c.ID, from: counter.Kept, owner: f.owner, do: func(tx *flow.Tx, c counter.Scan) (counter.Result, error) {
		return s.understand(tx, v, c)
	}})
}

// step is one thing done with a scan that stands at an outcome.
type step struct {
	scan  ident.Scan
	from  counter.Outcome
	owner ident.Merchant // whose parcel it is; empty when nobody's
	do    func(*flow.Tx, counter.Scan) (counter.Result, error)
}

// step does one and writes down what came of it, both or neither. A scan that
// stands elsewhere by now, because the button was pressed twice, is given as it
// stands. What a rule refuses becomes the scan's outcome.
func (s *site) step(ctx context.Context, v visit, do step) (c counter.Scan, err error) {
	write := func(work func(*flow.Tx, counter.Scan) (counter.Result, error)) error {
		return s.Flow.Write(ctx, v.Shift.By(), v.lanes(do.owner), func(tx *flow.Tx) (err error) {
			if c, err = counter.ScanOf(tx.Tx, v.Shift, do.scan); err != nil || c.Outcome != do.from {
				return err
			}
			result, err := work(tx, c)
			if err != nil || result.Outcome == c.Outcome {
				return err
			}
			return counter.Settle(tx, v.Shift, &c, result)
		})
	}
	err = write(do.do)
	if kind := fault.KindOf(err); kind != fault.Conflict && kind != fault.Invalid && kind != fault.NotFound {
		return c, err
	}
	code := fault.All(err)[0].Code
	err = write(func(_ *flow.Tx, c counter.Scan) (counter.Result, error) {
		r := c.Result
		r.Outcome, r.Refusal, r.Owner = counter.Refused, code, do.owner
		return r, nil
	})
	return c, err
}

// understand tells what a scan is about, and does at once what needs no question:
// what was scanned without network, and a delivery being put away.
func (s *site) understand(tx *flow.Tx, v visit, c counter.Scan) (counter.Result, error) {
	f, err := s.find(tx.Tx, v, c.Code)
	if err != nil {
		return c.Result, err
	}
	r := counter.Result{Owner: f.owner, Return: f.back.ID, Label: f.label.ID, Parcel: f.out.ID, Hold: f.hold.ID, Passed: f.passed}
	straight := c.Offline || c.Wish == counter.WishArrival
	switch {
	case f.none():
		r.Outcome = counter.Foreign
	case f.many:
		r.Outcome, r.Refusal = counter.Refused, "parcel_ambiguous"
	case f.back.ID != "":
		return s.takeIn(tx, v, c, f, r)
	case f.astray:
		r.Outcome, r.Refusal = counter.Refused, "parcel_elsewhere"
	case f.hold.State == counter.Handed:
		r.Outcome, r.Refusal = counter.Refused, "parcel_collected"
	case f.hold.ID != "" && c.Wish == counter.WishArrival:
		r.Outcome = counter.Held
	case f.hold.ID != "" && c.Offline:
		r.Outcome, r.Refusal = counter.Refused, "code_needed"
	case f.hold.ID != "":
		r.Outcome = counter.AskCode
	case straight:
		return s.putAway(tx, v, c, r)
	default:
		r.Outcome = counter.AskArrival
	}
	return r, nil
}

// again is how long after a deposit the same code is the clerk's own second scan
// and not somebody else's.
const again = 30 * time.Minute

// takeIn is a return that was scanned: asked about, or taken in at once when
// nobody could be asked. A code that served before is refused, and looked at by
// a person when it is shown elsewhere or later.
func (s *site) takeIn(tx *flow.Tx, v visit, c counter.Scan, f found, r counter.Result) (counter.Result, error) {
	proofs, err := returns.Proofs(tx.Tx, f.owner, []ident.Return{f.back.ID})
	if err != nil {
		return r, err
	}
	if p, deposited := proofs[f.back.ID]; deposited {
		r.Outcome, r.Proof = counter.Again, p.Number
		if p.Point == v.point.ID && c.At().Sub(p.At) <= again {
			return r, nil
		}
		return r, returns.ShownAgain(tx, f.owner, f.back.ID)
	}
	if c.Offline {
		return s.accept(tx, v, c, r, f.label.Number)
	}
	r.Outcome = counter.AskDeposit
	return r, nil
}

// accept takes a return in.
func (s *site) accept(tx *flow.Tx, v visit, c counter.Scan, r counter.Result, number string) (counter.Result, error) {
	left := returns.Left{
		Source: returns.AtCounter, Number: number, Point: v.point.ID, Place: v.place(), Clerk: v.Shift.Name,
		Device: v.Shift.Named + " (" + string(v.Shift.Device) + ")", At: min(c.At(), tx.Now),
	}
	if v.point.Owner() != "" {
		left.Source, left.Number = returns.AtStore, ""
	}
	p, err := returns.Deposit(tx, r.Owner, r.Return, left)
	if err != nil {
		return r, err
	}
	r.Outcome, r.Proof = counter.Deposited, p.Number
	return r, nil
}

// putAway puts a parcel on the shelf.
func (s *site) putAway(tx *flow.Tx, v visit, c counter.Scan, r counter.Result) (counter.Result, error) {
	p, err := parcelOf(tx.Tx, r.Owner, r.Parcel)
	if err != nil {
		return r, err
	}
	h, err := counter.Arrive(tx, v.Shift, c, r.Owner, p)
	r.Outcome, r.Hold = counter.Held, h.ID
	return r, err
}

// known reads the scan that a path names.
func (s *site) known(r *http.Request) (v visit, c counter.Scan, err error) {
	v = visitOf(r)
	err = s.Flow.Read(r.Context(), func(tx *db.Tx) (err error) {
		c, err = counter.ScanOf(tx, v.Shift, ident.Scan(r.PathValue("scan")))
		return err
	})
	return v, c, err
}

// deposit takes the return in that was scanned.
func (s *site) deposit(r *http.Request) (ui.Answer, error) {
	v, c, err := s.known(r)
	if err != nil {
		return ui.Answer{}, err
	}
	_, err = s.step(r.Context(), v, step{scan: c.ID, from: counter.AskDeposit, owner: c.Owner, do: func(tx *flow.Tx, c counter.Scan) (counter.Result, error) {
		labels, err := returns.Labels(tx.Tx, c.Owner, []ident.Return{c.Return})
		if err != nil {
			return c.Result, err
		}
		return s.accept(tx, v, c, c.Result, stuck(labels[c.Return], c.Label).Number)
	}})
	return ui.Answer{To: scanPath(c.ID)}, err
}

// arrive puts the parcel on the shelf that was scanned.
func (s *site) arrive(r *http.Request) (ui.Answer, error) {
	v, c, err := s.known(r)
	if err != nil {
		return ui.Answer{}, err
	}
	_, err = s.step(r.Context(), v, step{scan: c.ID, from: counter.AskArrival, owner: c.Owner, do: func(tx *flow.Tx, c counter.Scan) (counter.Result, error) {
		return s.putAway(tx, v, c, c.Result)
	}})
	return ui.Answer{To: scanPath(c.ID)}, err
}

// handOver gives the parcel out that was scanned, if the code is right.
func (s *site) handOver(r *http.Request) (ui.Answer, error) {
	v, c, err := s.known(r)
	if err != nil {
		return ui.Answer{}, err
	}
	shown, wrong := r.PostFormValue("code"), false
	_, err = s.step(r.Context(), v, step{scan: c.ID, from: counter.AskCode, owner: c.Owner, do: func(tx *flow.Tx, c counter.Scan) (counter.Result, error) {
		if c.Passed {
			shown = c.Code
		}
		given, err := s.desk.HandOver(tx, v.Shift, c, c.Owner, shown)
		result := c.Result
		if wrong = err == nil && !given.Done; !wrong {
			result.Outcome = counter.HandedOver
		}
		return result, err
	}})
	to := scanPath(c.ID)
	if wrong {
		to += "?" + url.Values{"code": {"faux"}}.Encode()
	}
	return ui.Answer{To: to}, err
}

// rate keeps what the shopper says.
func (s *site) rate(r *http.Request) (ui.Answer, error) {
	v, id := visitOf(r), ident.Scan(r.PathValue("scan"))
	err := s.Flow.One(r.Context(), v.Shift.By(), v.Shift.Merchant, func(tx *flow.Tx) error {
		return counter.Rate(tx, v.Shift, id, counter.Face(r.PostFormValue("face")))
	})
	return ui.Answer{To: scanPath(id)}, err
}
