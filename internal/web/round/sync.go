package round

import (
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/crew"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/web/device"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// sync takes in what was done without network, one at a time: each may hold a
// photo. What was sent before is answered as it was. Instants are microseconds of
// the device's own clock.
func (s *site) sync(w http.ResponseWriter, r *http.Request) {
	c, d := driveOf(r), deedOf(r)
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
func (s *site) late(r *http.Request, c drive, d deed, shift ident.Shift) device.Answer {
	var v lastmile.Visit
	err := s.Flow.Read(r.Context(), func(tx *db.Tx) (err error) {
		c.Shift, err = crew.ShiftWas(tx, c.Device, shift)
		return err
	})
	if err == nil {
		v, err = s.take(r.Context(), c, &d)
	}
	if err != nil {
		return device.Untaken(ui.Reader(r), s.Log, d.Client, err)
	}
	t := outcome(c.reading(r, v.Received), v)
	return device.Answer{Client: d.Client, Done: v.Outcome != lastmile.VisitKept, Tone: t.tone, Words: t.words}
}

// shellPage is the page for what is not at hand without network.
type shellPage struct{ ui.Frame }

// shell is the same for everybody: nothing of a round stands in it.
func (s *site) shell(r *http.Request) (ui.Answer, error) {
	loc := ui.Reader(r)
	p := shellPage{ui.Frame{Locale: loc, Title: lang.T(loc, "round.shell_title", nil), Private: true, Inside: true, Look: look}}
	return ui.Answer{Page: shellView(p)}, nil
}
