package console

import (
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/survey"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// ofTalk puts what was written to the shop, and answered, into words.
func ofTalk(r ui.Reading, body fact.Body) (ui.Tone, string) {
	switch b := body.(type) {
	case fact.DeskAsked:
		return ui.Care, r.T("talk_happened.asked", map[string]any{"Due": r.Due(b.AnswerBy)})
	case fact.DeskWritten:
		if b.Began {
			return ui.Care, r.T("talk_happened.asked", map[string]any{"Due": r.Due(b.AnswerBy)})
		}
		return "", r.T("talk_happened.written", nil)
	case fact.DeskAnswered:
		if b.Question != "" && !b.InTime {
			return ui.Bad, r.T("talk_happened.answered_late", nil)
		}
		return ui.Good, r.T("talk_happened.answered", nil)
	case fact.ClaimRaised:
		return ui.Care, r.T("talk_happened.claimed", map[string]any{"What": claimKind(r, b.What), "Due": r.Due(b.AnswerBy)})
	case fact.ClaimSorted:
		return "", r.T("talk_happened.claim_sorted", map[string]any{"What": claimKind(r, b.What)})
	case fact.EvidenceAsked:
		return "", r.T("talk_happened.evidence_asked", map[string]any{"Of": party(r, b.Of)})
	case fact.EvidenceGiven:
		return "", r.T("talk_happened.evidence_given", map[string]any{"Of": party(r, b.By)})
	case fact.ClaimContested:
		return ui.Care, r.T("talk_happened.claim_contested", map[string]any{"Due": r.Due(b.AnswerBy)})
	case fact.ClaimDecided:
		return ui.Good, r.T("talk_happened.claim_decided", map[string]any{"Outcome": outcomeWords(r, b.Outcome), "Who": party(r, b.Liable)})
	case fact.ContestDecided:
		return ui.Good, r.T("talk_happened.claim_reviewed", map[string]any{"Outcome": outcomeWords(r, b.Outcome), "Who": party(r, b.Liable)})
	case fact.SurveyAsked:
		return "", r.T("talk_happened.survey_asked", nil)
	case fact.SurveyAnswered:
		_, high := survey.Scores(b.About)
		args := map[string]any{"Score": b.Score, "Most": high}
		if b.HasWords {
			return "", r.T("talk_happened.survey_words", args)
		}
		return "", r.T("talk_happened.survey_answered", args)
	case fact.DeskHanded:
		if b.Back {
			return "", r.T("talk_happened.handed_back", nil)
		}
		return "", r.T("talk_happened.handed", nil)
	case fact.DeskClosed:
		return ui.Mute, r.T("talk_happened.closed", map[string]any{"Who": party(r, b.By)})
	}
	return "", ""
}
