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
	case fact.ClaimRaised:
		return moment{What: d.T("happened.claimed", map[string]any{"What": d.claimKind(b.What), "Due": d.Due(b.AnswerBy)})}, true
	case fact.EvidenceAsked:
		if b.Of == fact.ByCarrier {
			return moment{What: d.T("happened.evidence_carrier", nil)}, true
		}
		return moment{What: d.T("happened.evidence_shop", nil)}, true
	case fact.ClaimContested:
		return moment{What: d.T("happened.claim_contested", map[string]any{"Due": d.Due(b.AnswerBy)})}, true
	case fact.ClaimDecided:
		return d.claimRuled(b), true
	case fact.ContestDecided:
		return d.claimRuled(b.ClaimDecided), true
	case fact.SurveyAnswered:
		return moment{What: d.T("happened.survey_answered", nil)}, true
	case fact.DeskClosed:
		return moment{What: d.T("happened.desk_closed", nil)}, true
	}
	return moment{}, false
}

// claimRuled is what became of a claim.
func (d *lived) claimRuled(b fact.ClaimDecided) moment {
	switch b.Outcome {
	case fact.InFull:
		return moment{What: d.T("happened.claim_full", nil), Tone: ui.Good}
	case fact.InPart:
		return moment{What: d.T("happened.claim_part", nil), Tone: ui.Care}
	}
	return moment{What: d.T("happened.claim_refused", nil), Tone: ui.Care}
}
