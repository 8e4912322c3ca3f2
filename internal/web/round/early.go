package round

import (
	"encoding/json"
	"net/http"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// askEarly asks the shopper whether the courier may come at an hour before the
// slot, once.
func (s *site) askEarly(r *http.Request) (ui.Answer, error) {
	c, clock := driveOf(r), r.PostFormValue("at")
	var st lastmile.Stop
	err := s.Flow.One(r.Context(), c.Shift.By(), c.Shift.Merchant, func(tx *flow.Tx) (err error) {
		if st, err = c.stopOf(tx.Tx, r.PathValue("stop")); err != nil {
			return err
		}
		at, err := hourOn(st, c.zone, clock)
		if err != nil {
			return fault.New(fault.Invalid, "field_required", "at")
		}
		_, _, err = lastmile.AskEarly(tx, c.Shift.Merchant, st.Order, at)
		return err
	})
	if kind := fault.KindOf(err); kind == fault.Invalid || kind == fault.Conflict {
		d := deed{clock: clock}
		d.Stop = st.ID
		return s.stopPage(r, d, err)
	}
	return ui.Answer{To: stopPath(st.ID)}, err
}

// answered tells scripts what the shopper answered so far.
func (s *site) answered(w http.ResponseWriter, r *http.Request) {
	c := driveOf(r)
	var told earlyCard
	err := s.Flow.Read(r.Context(), func(tx *db.Tx) error {
		st, err := c.stopOf(tx, r.PathValue("stop"))
		if err != nil {
			return err
		}
		at, err := doorOf(tx, c.Shift.Merchant, st)
		told = at.earlyCard(c.reading(r, tx.Now))
		return err
	})
	if err != nil {
		http.Error(w, http.StatusText(http.StatusNotFound), http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"state": told.State, "words": told.Words, "tone": told.Tone})
}

// earlyCard is where the wish to come early stands, in words.
type earlyCard struct {
	State lastmile.EarlyState // empty: nobody asked
	Tone  ui.Tone
	Words string
}

func (d door) earlyCard(read ui.Reading) earlyCard {
	if !d.asked {
		return earlyCard{}
	}
	e := earlyCard{State: d.early.State(read.Now), Tone: ui.Care}
	args := map[string]any{"At": lang.Clock(read.Locale, d.early.At.In(read.Zone)), "From": lang.Clock(read.Locale, d.early.From.In(read.Zone))}
	switch e.State {
	case lastmile.Accepted:
		e.Tone = ui.Good
		args["At"] = lang.Clock(read.Locale, max(d.early.At, d.early.Answered).In(read.Zone))
		e.Words = read.T("round.early_yes", args)
	case lastmile.Refused:
		e.Tone, e.Words = ui.Bad, read.T("round.early_no", args)
	case lastmile.Unanswered:
		e.Tone, e.Words = ui.Mute, read.T("round.early_silent", args)
	default:
		e.Words = read.T("round.early_asked", args)
	}
	return e
}
