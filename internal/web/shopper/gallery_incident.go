package shopper

import (
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/promise"
)

// endangeredBy is a promise that incidents endanger; of the first, the shop says more.
func endangeredBy(all ...fact.Trouble) set {
	return func(d *lived) {
		today := on(paris, 0, 0).Day(d.Zone)
		d.incidents = map[string]promise.Incident{}
		for n, t := range all {
			i := promise.Incident{Trouble: t, From: today, Last: today + civil.Day(n)}
			if n == 0 {
				i.Words = map[lang.Locale]string{lang.French: "Nos colis partent de Lyon cette semaine.", lang.English: "Our parcels leave from Lyon this week."}
			}
			warned("inc_" + string(t))(d)
			d.incidents["inc_"+string(t)] = i
		}
	}
}

// safeAgain is a promise that an incident endangered and does no more.
func safeAgain(d *lived) {
	d.happened(6, fact.PromiseAtRisk{Cause: "inc_1"})
	d.happened(8, fact.RiskLifted{Cause: "inc_1"})
}
