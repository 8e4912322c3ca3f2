package demo

import (
	"encoding/json"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
)

// call is one message of the carrier to the application.
type call struct {
	due   civil.Instant
	scans []scan
}

// tell draws how the scans reach the application: in which calls, and when.
// Batched, a day's scans travel together in the evening.
func (c *carriage) tell(d dice, how telling, batched bool) []call {
	calls := c.each(d, 10*time.Minute)
	if batched {
		calls = c.byEvening()
	}
	last := &calls[len(calls)-1]
	switch how {
	case delayed:
		last.due = last.due.Add(d.between(3*time.Hour, 40*time.Hour))
	case doubled:
		for _, again := range calls {
			calls = append(calls, call{again.due.Add(d.between(time.Second, 20*time.Hour)), again.scans})
		}
	case shuffled:
		for i, early := range calls {
			calls[i].due = early.due.Add(d.between(0, last.due.Sub(early.due)+12*time.Hour))
		}
	case untimely:
		c.announceAfter(d, calls)
	case stuttered:
		told := 0
		for i := range calls {
			told += len(calls[i].scans)
			calls[i].scans = c.scans[:told]
		}
	}
	return calls
}

// each makes a call of every scan, within so long.
func (c *carriage) each(d dice, within time.Duration) []call {
	calls := make([]call, len(c.scans))
	for i, s := range c.scans {
		calls[i] = call{s.at.Add(d.between(0, within)), c.scans[i : i+1]}
	}
	return calls
}

// byEvening groups the scans of each local day into a call at eight, when those
// of other parcels travel too.
func (c *carriage) byEvening() []call {
	var calls []call
	first := 0
	for i := range c.scans {
		last := i == len(c.scans)-1
		if !last && c.scans[i+1].at.Day(paris) == c.scans[i].at.Day(paris) {
			continue
		}
		y, m, day := c.scans[i].at.Day(paris).Date()
		eight := civil.At(time.Date(y, m, day, 20, 0, 0, 0, paris))
		calls = append(calls, call{max(eight, c.scans[i].at), c.scans[first : i+1]})
		first = i + 1
	}
	return calls
}

// announceAfter makes the shop announce the parcel between two calls of the
// carrier, or after the last one.
func (c *carriage) announceAfter(d dice, calls []call) {
	at := calls[d.IntN(len(calls))].due
	c.announced = max(c.announced, at.Add(d.between(time.Minute, 3*time.Hour)))
}

// event is a scan in the words of carriers' webhooks, and of couriers' apps.
type event struct {
	Number     string `json:"tracking_number"`
	Status     string `json:"status"`
	Label      string `json:"label,omitempty"`
	Reason     string `json:"reason,omitempty"`
	Place      string `json:"place,omitempty"`
	At         string `json:"occurred_at"`
	Expected   string `json:"expected_at,omitempty"`
	Precision  string `json:"precision,omitempty"`
	Zone       string `json:"zone,omitempty"`
	Where      string `json:"location,omitempty"`
	Supersedes string `json:"supersedes,omitempty"`
}

type webhook struct {
	Events []event `json:"events"`
}

// entry is the deed as one entry: reports of the same instant become one call.
func (d deed) entry() (entry, error) {
	if len(d) == 1 {
		return d[0], nil
	}
	var all webhook
	for _, e := range d {
		var w webhook
		if err := e.decode(&w); err != nil {
			return entry{}, err
		}
		all.Events = append(all.Events, w.Events...)
	}
	body, err := json.Marshal(all)
	e := d[0]
	e.body = body
	return e, err
}

// body is the call as it travels.
func (c call) body(number string) (json.RawMessage, error) {
	w := webhook{Events: make([]event, len(c.scans))}
	for i, s := range c.scans {
		w.Events[i] = event{
			Number: number, Status: s.status, Label: s.label, Reason: s.reason, Place: s.place, Supersedes: s.supersedes,
			At: written(s.at), Precision: s.precision, Zone: paris.String(), Where: s.where,
		}
		if s.eta != 0 {
			w.Events[i].Expected = written(s.eta)
		}
	}
	return json.Marshal(w)
}

// written is an instant as the clocks of Paris show it.
func written(at civil.Instant) string { return at.In(paris).Format(time.RFC3339) }
