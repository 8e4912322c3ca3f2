package round

import (
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// answer is what came of what was sent late. A device forgets what is done.
type answer struct {
	Client string  `json:"client"`
	Done   bool    `json:"done"`
	Tone   ui.Tone `json:"tone"`
	Words  string  `json:"words"`
}

// sync takes in what was done without network, one at a time: each may hold a
// photo. What was sent before is answered as it was. Instants are microseconds of
// the device's own clock.
func (s *site) sync(w http.ResponseWriter, r *http.Request) {
	c, d := crewOf(r), deedOf(r)
	said, err := strconv.ParseInt(r.PostFormValue("said"), 10, 64)
	if err != nil {
		http.Error(w, http.StatusText(http.StatusUnprocessableEntity), http.StatusUnprocessableEntity)
		return
	}
	sent, err := strconv.ParseInt(r.PostFormValue("sent"), 10, 64)
	if err != nil {
		http.Error(w, http.StatusText(http.StatusUnprocessableEntity), http.StatusUnprocessableEntity)
		return
	}
	d.Stop, d.Offline, d.Said, d.Sent = ident.Stop(r.PostFormValue("stop")), true, civil.Instant(said), civil.Instant(sent)
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(s.late(r, c, d, ident.Shift(r.PostFormValue("shift"))))
}

// late takes it in.
func (s *site) late(r *http.Request, c crew, d deed, shift ident.Shift) answer {
	var v lastmile.Visit
	err := s.Flow.Read(r.Context(), func(tx *db.Tx) (err error) {
		c.shift, err = lastmile.ShiftWas(tx, c.device, shift)
		return err
	})
	if err == nil {
		v, err = s.take(r.Context(), c, &d)
	}
	a, loc := answer{Client: d.Client}, ui.Reader(r)
	switch kind := fault.KindOf(err); {
	case err == nil:
		t := outcome(c.reading(r, v.Received), v)
		a.Done, a.Tone, a.Words = v.Outcome != lastmile.VisitKept, t.tone, t.words
	case kind == fault.Internal || kind == fault.Unavailable:
		s.Log.Warn("what a courier did without network could not be taken", "err", err)
		a.Tone, a.Words = ui.Care, lang.T(loc, "round.sync_later", nil)
	default:
		a.Done, a.Tone, a.Words = true, ui.Bad, lang.Fault(loc, fault.All(err)[0])
	}
	return a
}
