package letters

import (
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/remedy"
)

// known are the values of an order's letter, for the words of merchants: package
// notify lists them, topic by topic.
func (d *desk) known(p *page) {
	p.know("order", d.order.Reference)
	if d.back != nil {
		d.backKnown(p)
		return
	}
	if c := d.delivery; c.ID != "" {
		p.know("due", d.due(c))
		p.Truths["collected"], p.Truths["in_slot"] = c.Collect, c.Owed == fact.DeliverInSlot
	}
	if parcel, ok := d.parcel(); ok {
		p.know("carrier", d.carriers[parcel.Connection], "number", parcel.Number)
	}
	p.know("point", d.pickup())
	switch d.msg.Topic {
	case fact.TopicNewDate:
		if e, ok := d.estimated(); ok {
			p.know("new_due", d.Due(e.By), "chance", d.chances(e.Confidence))
		}
	case fact.TopicEarly:
		if e, ok := d.asked(); ok {
			p.know("early_hour", d.hour(e.At))
		}
	case fact.TopicRepaired:
		if r, err := d.granted(); err == nil {
			p.know("amount", lang.Amount(d.Locale, remedy.Total(r.Grants)))
		}
	}
}

// backKnown are the values of the letter about a return.
func (d *desk) backKnown(p *page) {
	args := d.backArgs()
	for _, arg := range []string{"Due", "Day"} { // of a refund: when it arrives
		if due, ok := args[arg].(string); ok && due != "" && p.Words["deadline"] == "" {
			p.know("deadline", due)
		}
	}
	if a, ok := args["Amount"].(money.Amount); ok && a.Minor > 0 {
		p.know("amount", lang.Amount(d.Locale, a))
	}
}
