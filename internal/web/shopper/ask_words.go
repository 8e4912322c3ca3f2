package shopper

import (
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// wrote puts into words what was written to the shop, and answered.
func (d *lived) wrote(body fact.Body) (moment, bool) {
	switch b := body.(type) {
	case fact.DeskAsked:
		return moment{What: d.T("happened.desk_asked", map[string]any{"Due": d.Due(b.AnswerBy)})}, b.Via != fact.ViaPublic
	case fact.DeskWritten:
		if b.Began {
			return moment{What: d.T("happened.desk_asked", map[string]any{"Due": d.Due(b.AnswerBy)})}, true
		}
		return moment{What: d.T("happened.desk_written", nil)}, true
	case fact.DeskAnswered:
		if b.Question != "" && !b.InTime {
			return moment{What: d.T("happened.desk_answered_late", nil), Tone: ui.Care}, true
		}
		return moment{What: d.T("happened.desk_answered", nil), Tone: ui.Good}, true
	case fact.SurveyAnswered:
		return moment{What: d.T("happened.survey_answered", nil)}, true
	case fact.DeskClosed:
		return moment{What: d.T("happened.desk_closed", nil)}, true
	}
	return moment{}, false
}
