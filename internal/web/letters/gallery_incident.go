package letters

import (
	"fmt"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/promise"
)

// endangeredBy is a promise that incidents endanger, the last of which the letter is
// about. The first has words of the shop's.
func endangeredBy(all ...fact.Trouble) func(*desk) {
	return func(d *desk) {
		today := on(paris, 0, 0).Day(d.Zone)
		d.troubles.incidents = map[string]promise.Incident{}
		for n, t := range all {
			i := promise.Incident{ID: ident.Incident(fmt.Sprint("inc_", n)), Trouble: t, From: today, Last: today + civil.Day(n%3)}
			if n == 0 {
				i.Words = map[lang.Locale]string{
					lang.French:  "Le dépôt de Gennevilliers est bloqué. Nous faisons partir vos colis de Lyon.",
					lang.English: "The Gennevilliers depot is blocked. We are sending your parcels from Lyon.",
				}
			}
			d.troubles.incidents[string(i.ID)] = i
			d.troubles.warnings = append(d.troubles.warnings, promise.Warning{ID: "war_1", Commitment: "com_1", Cause: string(i.ID), Probability: 1, At: on(paris, 8, 0)})
			because(string(i.ID))(d)
		}
	}
}

// lifted has the letter take the warning back.
func lifted(d *desk) { d.msg.Cause = "war_1" }
