package letters

import (
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/lang"
	helpdesk "github.com/promesse-dev/promesse/internal/desk"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/remedy"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// talking is a conversation about the invented order, at its message from somebody.
func (p page) talking(by fact.Party, words string) talk {
	zone, err := civil.Zone(paris)
	if err != nil {
		panic(err) // a name written in this file
	}
	t := talk{
		matter:   matter{Reading: ui.Reading{Locale: p.Locale, Zone: zone, Now: on(paris, 11, 0)}, brand: p.Brand, who: "Camille", person: "Nadia", order: "E-1042"},
		of:       helpdesk.Conversation{ID: "cnv_1", Order: "ord_1", AnswerBy: on(paris, 17, 0)},
		said:     helpdesk.Said{ID: "sai_1", By: by, Words: words, At: on(paris, 9, 0)},
		question: helpdesk.Said{ID: "sai_0", By: fact.ByShopper, Words: lang.T(p.Locale, "letter.gallery_question", nil), At: on(paris, 9, 0)},
	}
	if by == fact.ByMerchant {
		t.said.At = on(paris, 11, 0)
	}
	return t
}

func (p page) askedCopy() page {
	return p.talking(fact.ByShopper, lang.T(p.Locale, "letter.gallery_question", nil)).copied()
}

func (p page) askedAnswer(late time.Duration) page {
	t := p.talking(fact.ByMerchant, lang.T(p.Locale, "letter.gallery_answer", nil))
	if late > 0 {
		t.said.At = t.of.AnswerBy.Add(late)
	}
	return t.answered()
}

// notAnswered is a question that nobody answered in time.
func notAnswered(d *desk) {
	c := d.promises[0]
	c.ID, c.Owed, c.About, c.Shown, c.Until, c.Clock = "com_2", fact.AnswerBy, "sai_1", "", on(paris, 17, 0), promise.BusinessClock
	c.State, c.Last = fact.Broken, promise.Verdict{Ruling: promise.Ruling{State: fact.Broken, Reason: promise.NotDone, Liable: fact.ByMerchant}}
	d.promises = append(d.promises, c)
	d.remedies[0].Commitment, d.remedies[0].Owed, d.remedies[0].Grants[0].Kind = c.ID, c.Owed, remedy.Goods
}
