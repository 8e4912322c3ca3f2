package lookup

import (
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// Gallery is the form in each of its states, and every milestone it tells.
func Gallery(loc lang.Locale) (all []ui.Exhibit) {
	empty := page{Frame: ui.Frame{Locale: loc, Title: lang.T(loc, "lookup.title", nil), Private: true, Look: look}}
	typed := empty
	typed.Number, typed.Postcode = "6A 0412 7788", "75010"
	lacking := empty
	for _, id := range []string{"number", "postcode"} {
		lacking.Wrong = append(lacking.Wrong, wrong{id, lang.Fault(loc, fault.New(fault.Invalid, "field_required", id))})
	}
	none := typed
	none.None = []string{lang.T(loc, "lookup.none", nil), lang.T(loc, "lookup.none_why", nil)}
	all = []ui.Exhibit{{Name: "empty", Page: show(empty)}, {Name: "lacking", Page: show(lacking)}, {Name: "none", Page: show(none)}}
	now := civil.At(time.Date(2026, time.November, 24, 9, 0, 0, 0, time.UTC))
	for _, m := range []milestone{
		{phase: fact.PhaseAnnounced},
		{phase: fact.PhaseCarried},
		{phase: fact.PhaseLastMile},
		{phase: fact.PhaseCollection},
		{phase: fact.PhaseDone},
		{phase: fact.PhaseReturn, lost: true},
		{phase: fact.PhaseClosed, lost: true},
	} {
		m.at, m.now, m.zone = now.Add(-20*time.Hour), now, time.UTC
		told, p := m.words(loc), typed
		p.Found = &told
		all = append(all, ui.Exhibit{Name: string(m.phase), Page: show(p)})
	}
	return all
}
