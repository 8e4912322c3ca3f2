package letters

import (
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	helpdesk "github.com/promesse-dev/promesse/internal/desk"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// complaining is a claim about the invented order, at an entry of its file.
func (p page) complaining(act helpdesk.ClaimAct, outcome fact.Outcome) claim {
	zone, err := civil.Zone(paris)
	if err != nil {
		panic(err) // a name written in this file
	}
	c := claim{
		matter:   matter{Reading: ui.Reading{Locale: p.Locale, Zone: zone, Now: on(paris, 11, 0)}, brand: p.Brand, who: "Camille", person: "Nadia", order: "E-1042"},
		of:       helpdesk.Claim{ID: "clm_1", Number: 1, Order: "ord_1", What: fact.ClaimNotReceived, AnswerBy: on(paris, 17, 0)},
		said:     helpdesk.ClaimEntry{ID: "sai_1", Act: act, Outcome: outcome, Words: lang.T(p.Locale, "letter.gallery_claim", nil), At: on(paris, 9, 0)},
		mediator: "Médiateur de la consommation, mediateur.example",
	}
	if outcome != "" {
		c.said.At, c.said.Words = on(paris, 11, 0), lang.T(p.Locale, "letter.gallery_claim_reasons", nil)
	}
	if outcome == fact.InFull {
		c.given = money.Of(590, money.EUR)
		c.goods = c.T("demand.line", map[string]any{"Units": 2, "Name": "Germinal"})
		c.back = returns.Redress{Return: returns.Return{RefundBy: on(paris, 11, 0).Add(14 * 24 * time.Hour)}, Amount: money.Of(4400, money.EUR)}
	}
	if outcome == fact.InPart {
		c.goods = c.T("demand.line", map[string]any{"Units": 1, "Name": "Germinal"})
		c.back = returns.Redress{Return: returns.Return{RefundBy: on(paris, 11, 0).Add(14 * 24 * time.Hour)}, Amount: money.Of(42000, money.EUR), Waits: true}
	}
	return c
}

func (p page) claimCopy(act helpdesk.ClaimAct) page { return p.complaining(act, "").copied() }

func (p page) claimDecided(outcome fact.Outcome) page {
	return p.complaining(helpdesk.ActDecided, outcome).decided()
}

// claimReviewed is the second person's word, after the deadline, of a shop that
// named no mediator.
func (p page) claimReviewed() page {
	c := p.complaining(helpdesk.ActReviewed, fact.Refused)
	c.said.At, c.mediator = c.of.AnswerBy.Add(2*time.Hour), ""
	return c.decided()
}
