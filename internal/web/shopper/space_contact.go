package shopper

import (
	"net/http"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/shopper"
	"github.com/promesse-dev/promesse/internal/web/letters"
	"github.com/promesse-dev/promesse/internal/web/pass"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// tell has a notice e-mailed.
func (s *site) tell(tx *flow.Tx, a pass.Asked) error {
	a.Link, a.Asked, a.Until = ident.NewLink(tx.Mint), tx.Now, tx.Wall.Add(noticeLife)
	return s.spacePost().Enqueue(tx, a)
}

// askMove has a link e-mailed to another address: it counts once that came back.
func (s *site) askMove(r *http.Request) (ui.Answer, error) {
	if a, ok := s.fresh(r); !ok {
		return a, nil
	}
	loc, from, to := ui.Reader(r), inSpace(r).Email, r.PostFormValue("email")
	many := false
	err := s.flow.Write(r.Context(), by, nil, func(tx *flow.Tx) error {
		link, more, err := shopper.AskMove(tx, from, to)
		if many = err == nil && !more; err != nil || many {
			return err
		}
		return s.spacePost().Enqueue(tx, pass.Asked{
			What: letters.MoveAsked, Other: masked(from), Email: to, Link: link, Locale: loc, Asked: tx.Now, Until: tx.Wall.Add(shopper.MoveLife),
		})
	})
	if f := faultOf(err, fault.Invalid); f != nil {
		return s.dataWrong(r, http.StatusUnprocessableEntity, wrong{"email", lang.Fault(loc, f)})
	}
	if many {
		return s.dataWrong(r, http.StatusTooManyRequests, wrong{"email", lang.T(loc, "space.move_later", nil)})
	}
	return ui.Answer{To: spaceHome + "?note=adresse"}, err
}

// movePage is what the link to a new address opens.
type movePage struct {
	ui.Frame
	Text   string
	Done   bool
	Stayed []string // shops that keep the old address
}

func (s *site) moveBehind(r *http.Request) (a ui.Answer, err error) {
	link, err := token(r)
	if err != nil {
		return a, err
	}
	p := movePage{Frame: spaceFrame(r, "space.move")}
	err = s.flow.Read(r.Context(), func(tx *db.Tx) error {
		mv, err := shopper.MoveBehind(tx, link)
		p.Text = lang.T(p.Locale, "space.move_ask", map[string]any{"From": masked(mv.From), "To": masked(mv.To)})
		return err
	})
	if fault.KindOf(err) == fault.NotFound {
		return spaceOver(r), nil
	}
	return ui.Answer{Page: spaceMove(p)}, err
}

// move makes the new address count, and tells both mailboxes.
func (s *site) move(r *http.Request) (a ui.Answer, err error) {
	link, err := token(r)
	if err != nil {
		return a, err
	}
	p := movePage{Frame: spaceFrame(r, "space.moved"), Done: true}
	var lanes []ident.Merchant
	err = s.flow.Read(r.Context(), func(tx *db.Tx) error {
		mv, err := shopper.MoveBehind(tx, link)
		if err != nil {
			return err
		}
		places, err := shopper.Places(tx, mv.From)
		for _, place := range places {
			lanes = append(lanes, place.Merchant)
		}
		return err
	})
	if err == nil {
		err = s.flow.Write(r.Context(), by, lanes, func(tx *flow.Tx) error { return s.moveAll(tx, link, &p) })
	}
	if fault.KindOf(err) == fault.NotFound {
		return spaceOver(r), nil
	}
	return ui.Answer{Page: spaceMove(p)}, err
}

func (s *site) moveAll(tx *flow.Tx, link ident.Link, p *movePage) error {
	mv, _, stayed, err := shopper.Move(tx, link)
	if err != nil {
		return err
	}
	p.Text = lang.T(p.Locale, "space.moved_text", map[string]any{"To": masked(mv.To)})
	if p.Stayed, err = shopNames(tx.Tx, stayed); err != nil {
		return err
	}
	for _, one := range []pass.Asked{{Email: mv.From, Other: masked(mv.To)}, {Email: mv.To, Other: masked(mv.To)}} {
		one.What, one.Locale = letters.Moved, p.Locale
		if err := s.tell(tx, one); err != nil {
			return err
		}
	}
	return nil
}
