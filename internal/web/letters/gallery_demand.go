package letters

import (
	"time"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/returns"
)

// summoned is a formal notice to deliver that has just been sent.
func summoned(d *desk) {
	d.msg.Cause, d.msg.Commitment = "dem_1/sent", ""
	n := returns.Demand{ID: "dem_1", Order: "ord_1", Due: after(-3), Sent: on(paris, 9, 0), Until: after(10)}
	n.Statement = "formal notice: dem_1\nsent: " + n.Sent.In(d.Zone).Format(time.RFC3339) + "\norder: ord_1\nunits: 2 of lin_1, Huile d'olive\n"
	n.Hash = ident.Hash(n.Statement)
	d.demand = demand{Demand: n, waited: true}
}

// inVain is one whose further period is over.
func inVain(d *desk) {
	d.msg.Cause, d.demand.over = "dem_1/over", true
}

// declined is one that the shop will not follow.
func declined(d *desk) { d.demand.Declined = d.Now }

// resolved is the refund of a contract that was resolved.
func resolved(d *desk) { d.back.Ground, d.back.Route = fact.ByResolution, fact.BackNotNeeded }
