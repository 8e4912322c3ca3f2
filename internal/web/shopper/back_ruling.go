package shopper

import (
	"slices"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	orders "github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/payment"
	"github.com/promesse-dev/promesse/internal/returns"
)

// judged is what was decided, and what was said against it.
func (b sendback) judged(p *backPage) {
	names := map[ident.Line]orders.Line{}
	for _, l := range b.lines {
		names[l.ID] = l
	}
	for _, d := range b.decisions {
		if d.State != returns.Final {
			continue
		}
		p.Rulings = append(p.Rulings, b.ruling(d, names))
	}
	for _, d := range b.disputes {
		p.Disputes = append(p.Disputes, b.disputed(d))
	}
	open := slices.ContainsFunc(b.disputes, returns.Dispute.Open)
	if b.back.State == returns.Decided && (open || b.Now < b.back.ContestBy) {
		p.Contest = b.here("/contester")
		p.Until = b.T("back.contest_until", map[string]any{"Due": b.Due(b.back.ContestBy)})
		if open {
			p.Until = b.T("back.contest_more", nil)
		}
	}
}

func (b sendback) ruling(d returns.Decision, names map[ident.Line]orders.Line) ruling {
	args := map[string]any{"Amount": d.Amount, "Shop": b.brand.Shown}
	out := ruling{When: b.When(max(d.FinalAt, d.At), fact.Minute)}
	switch d.Outcome {
	case fact.InFull:
		out.What = b.T("back.decided_full", args)
	case fact.InPart:
		out.What = b.T("back.decided_part", args)
	default:
		out.What = b.T("back.decided_refused", args)
	}
	for _, l := range returns.Gross(d.Lines, d.Withheld) {
		row := map[string]any{"Units": l.Units, "Name": names[l.Line].Name, "Amount": l.Amount}
		if names[l.Line].Kind == orders.Goods {
			out.Lines = append(out.Lines, b.T("back.decided_line", row))
		} else {
			out.Lines = append(out.Lines, b.T("back.decided_delivery", row))
		}
	}
	for _, w := range d.Withheld {
		out.Lines = append(out.Lines, b.T(withheldKeys[w.Charge], map[string]any{"Amount": w.Amount}))
	}
	for _, why := range d.Reasons {
		words := b.ruled(why.Code)
		if name := names[why.Line].Name; name != "" {
			words = name + " : " + words
		}
		if why.Note != "" {
			words += " " + why.Note
		}
		out.Reasons = append(out.Reasons, reasoned{words, b.photos(why.Photos)})
	}
	return out
}

// withheldKeys are the sentences about what is kept of a refund.
var withheldKeys = map[fact.Charge]string{fact.ChargeWayBack: "back.kept_way", fact.ChargeCover: "back.kept_cover"}

func (b sendback) photos(ids []ident.Blob) (paths []string) {
	for _, id := range ids {
		paths = append(paths, b.here("/photo/"+string(id)))
	}
	return paths
}

func (b sendback) disputed(d returns.Dispute) disputed {
	out := disputed{}
	switch d.State {
	case returns.DisputeOpen:
		out.State = b.T("back.dispute_open", map[string]any{"Shop": b.brand.Shown, "Due": b.Due(d.AnswerBy)})
	case returns.DisputeAsked:
		out.State = b.T("back.dispute_asked", map[string]any{"Shop": b.brand.Shown, "Due": b.Due(d.AnswerBy)})
	case returns.Upheld:
		out.State = b.T("back.dispute_upheld", nil)
	default:
		out.State = b.T("back.dispute_rejected", map[string]any{"Shop": b.brand.Shown, "Mediator": b.conditions.Mediator})
	}
	for _, said := range d.Said {
		who := b.T("back.said_you", map[string]any{"When": b.When(said.At, fact.Minute), "Words": said.Words})
		if said.By != fact.ByShopper {
			who = b.T("back.said_shop", map[string]any{"Shop": b.brand.Shown, "When": b.When(said.At, fact.Minute), "Words": said.Words})
		}
		out.Said = append(out.Said, reasoned{who, b.photos(said.Photos)})
	}
	return out
}

// paid is the money: ordered, sent, and until when banks have booked it.
func (b sendback) paid(p *backPage) {
	for _, r := range b.refunds {
		if r.Credit.Minor > 0 {
			p.Money = append(p.Money, moneyRow{Words: b.T("back.money_credit", map[string]any{"Amount": r.Credit, "Shop": b.brand.Shown})})
		}
		if r.Money.Minor == 0 {
			continue
		}
		row := moneyRow{Refund: string(r.ID)}
		claim, claimed := b.claims[r.ID]
		switch {
		case claimed && claim.Answered == 0:
			row.Words = b.T("back.money_claimed", map[string]any{"Amount": r.Money, "Due": b.Due(claim.AnswerBy), "Shop": b.brand.Shown})
		case r.State == payment.Done:
			row.Words = b.T("back.money_sent", map[string]any{
				"Amount": r.Money, "When": b.When(r.Done, fact.ADay), "Day": b.Day(r.ArrivesBy),
			})
			row.May = !claimed && b.Now >= r.ArrivesBy.End(b.Zone)
		case r.Due != 0:
			row.Words = b.T("back.money_due", map[string]any{"Amount": r.Money, "Due": b.Due(r.Due)})
		default:
			row.Words = b.T("back.money_ordered", map[string]any{"Amount": r.Money})
		}
		p.Money = append(p.Money, row)
	}
}
