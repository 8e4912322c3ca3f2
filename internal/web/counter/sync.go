package counter

import (
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/counter"
	"github.com/promesse-dev/promesse/internal/crew"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/web/device"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// sent is a scan that was made without network, as the device kept it. Instants
// are microseconds of its own clock.
type sent struct {
	Client string       `json:"client"`
	Code   string       `json:"code"`
	Wish   counter.Wish `json:"wish"`
	Shift  ident.Shift  `json:"shift"`
	Said   int64        `json:"said"`
}

// maxSent is how many scans are taken at a time: a form of 64 KiB holds more.
const maxSent = 50

// sync takes in what was scanned without network. What was sent before is
// answered as it was.
func (s *site) sync(w http.ResponseWriter, r *http.Request) {
	var all []sent
	clock, err := strconv.ParseInt(r.PostFormValue("sent"), 10, 64)
	if err == nil {
		err = json.Unmarshal([]byte(r.PostFormValue("scans")), &all)
	}
	if err != nil || len(all) > maxSent {
		http.Error(w, http.StatusText(http.StatusUnprocessableEntity), http.StatusUnprocessableEntity)
		return
	}
	answers := make([]device.Answer, len(all))
	for i, one := range all {
		answers[i] = s.late(r, one, civil.Instant(clock))
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"answers": answers})
}

// late takes one of them in.
func (s *site) late(r *http.Request, one sent, now civil.Instant) device.Answer {
	v := visitOf(r)
	var c counter.Scan
	err := s.Flow.Read(r.Context(), func(tx *db.Tx) (err error) {
		v.Shift, err = crew.ShiftWas(tx, v.Device, one.Shift)
		return err
	})
	if err == nil {
		c, err = s.take(r.Context(), v, counter.Reading{
			Client: one.Client, Code: one.Code, Wish: one.Wish, Offline: true, Said: civil.Instant(one.Said), Sent: now,
		})
	}
	if err != nil {
		return device.Untaken(ui.Reader(r), s.Log, one.Client, err)
	}
	t := toldOf(ui.Reading{Locale: ui.Reader(r)}, c.Result)
	return device.Answer{Client: one.Client, Done: c.Outcome.Done(), Tone: t.tone, Words: t.badge + ". " + t.says}
}

// shellPage is the page that a device keeps for when there is no network.
type shellPage struct {
	ui.Frame
	Field field
}

// shell is the same for everybody: nothing of a shift stands in it.
func (s *site) shell(r *http.Request) (ui.Answer, error) {
	loc := ui.Reader(r)
	p := shellPage{Frame: ui.Frame{Locale: loc, Title: lang.T(loc, "counter.shell_title", nil), Private: true, Inside: true, Look: look}}
	p.Scripts = kit.Scripts()
	p.Field = field{Locale: loc, First: true}
	return ui.Answer{Page: shellView(p)}, nil
}
