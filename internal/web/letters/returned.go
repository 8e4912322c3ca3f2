package letters

import (
	"fmt"
	"slices"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/payment"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/returns"
)

// sendback is the return that a letter is about, with what the letter tells of it.
type sendback struct {
	returns.Return
	items    []returns.Item
	proof    returns.Proof    // its ID is empty before the deposit was proved
	decision returns.Decision // that the letter tells of
	dispute  returns.Dispute  // likewise
	refund   payment.Refund   // likewise
	mediator string
}

// readSendback finds the return by the cause of the message: its own id, that of
// a decision, of a dispute, or of a refund.
func (d *desk) readSendback(tx *db.Tx, m ident.Merchant) error {
	of, err := returns.OfOrders(tx, m, []ident.Order{d.msg.Order})
	if err != nil {
		return err
	}
	all := of[d.msg.Order]
	ids := make([]ident.Return, len(all))
	for i, r := range all {
		ids[i] = r.ID
	}
	b := sendback{}
	about, err := b.find(tx, m, ids, d.msg)
	if err != nil {
		return err
	}
	i := slices.Index(ids, about)
	if i < 0 {
		return fmt.Errorf("the order has no return %s", d.msg.Cause)
	}
	b.Return = all[i]
	items, err := returns.Items(tx, m, ids[i:i+1])
	if err != nil {
		return err
	}
	proofs, err := returns.Proofs(tx, m, ids[i:i+1])
	if err != nil {
		return err
	}
	c, err := returns.ConditionsOf(tx, m)
	b.items, b.proof, b.mediator = items[b.ID], proofs[b.ID], c.Mediator
	d.back = &b
	return err
}

// find is the return that a message is about.
func (b *sendback) find(tx *db.Tx, m ident.Merchant, ids []ident.Return, msg notify.Message) (ident.Return, error) {
	switch msg.Topic {
	case fact.TopicReturnLost:
		of, err := returns.Decisions(tx, m, ids)
		for _, x := range of[ident.Return(msg.Cause)] {
			if x.State == returns.Final {
				b.decision = x
			}
		}
		return ident.Return(msg.Cause), err
	case fact.TopicReturnDecided:
		of, err := returns.Decisions(tx, m, ids)
		for id, all := range of {
			for _, x := range all {
				if string(x.ID) == msg.Cause {
					b.decision = x
					return id, err
				}
			}
		}
		return "", err
	case fact.TopicDisputeSettled:
		of, err := returns.Disputes(tx, m, ids)
		for id, all := range of {
			for _, x := range all {
				if string(x.ID) == msg.Cause {
					b.dispute = x
					return id, err
				}
			}
		}
		return "", err
	case fact.TopicRefundSent:
		refund, err := payment.Get(tx, m, ident.Refund(msg.Cause))
		b.refund = refund
		return refund.Return, err
	default:
		id, _, _ := strings.Cut(msg.Cause, "/") // a pick-up is named behind its return
		return ident.Return(id), nil
	}
}

// backArgs are the values that sentences about a return name.
func (d *desk) backArgs() map[string]any {
	b := d.back
	args := map[string]any{
		"Order": d.order.Reference, "Shop": d.brand.Name, "Due": "", "Day": "", "Amount": b.decision.Amount, "Number": b.proof.Number,
		"Mediator": b.mediator,
	}
	switch d.msg.Topic {
	case fact.TopicReturnAccepted, fact.TopicReturnExpiring, fact.TopicReturnExpired:
		args["Due"] = d.until(b.DepositBy)
	case fact.TopicPickupMissed:
		args["Due"] = d.until(b.DepositBy)
		if b.Pickup != civil.NoDay {
			args["Day"] = d.Day(b.Pickup)
		}
	case fact.TopicReturnDeposited:
		args["Due"] = d.until(b.ReceiveBy)
	case fact.TopicReturnReceived, fact.TopicReturnLost:
		args["Due"] = d.until(b.RefundBy)
	case fact.TopicReturnDecided:
		args["Due"] = d.until(b.decision.RefundBy)
	case fact.TopicRefundSent:
		args["Amount"], args["Day"] = b.refund.Money, d.Day(b.refund.ArrivesBy)
	}
	return args
}

// backSentence is where a return stands: the first line of a letter about it.
func (d *desk) backSentence() string {
	b, args := d.back, d.backArgs()
	switch d.msg.Topic {
	case fact.TopicReturnAccepted:
		if b.Route == fact.BackNotNeeded {
			return d.T("letter.back_keep", args)
		}
		return d.T("letter.back_accepted", args)
	case fact.TopicReturnDeposited:
		return d.T("letter.back_deposited", args)
	case fact.TopicReturnReceived:
		return d.T("letter.back_received", args)
	case fact.TopicReturnLost:
		return d.lost(args)
	case fact.TopicReturnExpiring:
		return d.T("letter.back_expiring", args)
	case fact.TopicReturnExpired:
		return d.T("letter.back_expired", args)
	case fact.TopicPickupMissed:
		return d.T("letter.back_unfetched", args)
	case fact.TopicRefundSent:
		return d.T("letter.back_sent", args)
	case fact.TopicDisputeSettled:
		if b.dispute.State == returns.Upheld {
			return d.T("letter.back_upheld", args)
		}
		return d.T("letter.back_rejected", args)
	default:
		return d.ruled(args)
	}
}

// lost is what follows from a loss: what is given, or until when somebody says it.
func (d *desk) lost(args map[string]any) string {
	switch x := d.back.decision; {
	case x.ID == "" && d.back.RefundBy <= d.Now:
		return d.T("letter.back_lost_overdue", args)
	case x.ID == "" && !d.back.ShopsRisk():
		return d.T("letter.back_lost_answer", args)
	case x.ID == "":
		return d.T("letter.back_lost_waiting", args)
	case x.Settlement == fact.Exchange:
		return d.T("letter.back_lost_exchanged", args)
	case x.RefundBy <= d.Now:
		return d.T("letter.back_lost_now", args)
	}
	return d.T("letter.back_lost", args)
}

// lostNext is why that is so, what there is to do, and whom to ask.
func (d *desk) lostNext(p *page, args map[string]any) []string {
	p.Subject = d.T("letter.back_lost_subject", args)
	why := d.T("letter.back_lost_text", args)
	if !d.back.ShopsRisk() {
		why = d.T("letter.back_lost_own_way", args)
	}
	d.proved(p)
	if d.brand.Contact != "" {
		p.Choices = []choice{{What: d.T("letter.back_lost_ask", args), Mail: d.brand.Contact}}
	}
	return []string{why}
}

// ruled is what was decided.
func (d *desk) ruled(args map[string]any) string {
	x := d.back.decision
	switch {
	case x.Outcome == fact.Refused:
		return d.T("letter.back_refused", args)
	case x.Settlement == fact.Exchange:
		return d.T("letter.back_exchanged", args)
	case x.Outcome == fact.InPart:
		return d.T("letter.back_part", args)
	default:
		return d.T("letter.back_full", args)
	}
}

// returned writes the letter about a return: its subject, what there is to do, and
// what one looks up.
func (d *desk) returned(p *page) {
	b, args := d.back, d.backArgs()
	p.Button, p.URL = d.T("letter.back_button", nil), notify.PageMark+"/retour/"+string(b.ID)
	p.Open = d.T("letter.back_open", nil)
	var told []string
	switch d.msg.Topic {
	case fact.TopicReturnAccepted:
		p.Subject = d.T("letter.back_accepted_subject", args)
		if b.Route != fact.BackNotNeeded {
			told = append(told, d.T("letter.back_accepted_text", args))
		}
	case fact.TopicReturnDeposited:
		p.Subject = d.T("letter.back_deposited_subject", args)
		told = append(told, d.T("letter.back_deposited_text", args))
		d.proved(p)
	case fact.TopicReturnReceived:
		p.Subject = d.T("letter.back_received_subject", args)
		told = append(told, d.T("letter.back_received_text", args))
	case fact.TopicReturnLost:
		told = append(told, d.lostNext(p, args)...)
	case fact.TopicReturnExpiring:
		p.Subject = d.T("letter.back_expiring_subject", args)
		told = append(told, d.T("letter.back_expiring_text", args))
	case fact.TopicReturnExpired:
		p.Subject = d.T("letter.back_expired_subject", args)
		told = append(told, d.T("letter.back_expired_text", args))
	case fact.TopicPickupMissed:
		p.Subject = d.T("letter.back_unfetched_subject", args)
		told = append(told, d.T("letter.back_unfetched_text", args))
	case fact.TopicRefundSent:
		p.Subject = d.T("letter.back_sent_subject", args)
		told = append(told, d.T("letter.back_sent_text", args))
	case fact.TopicDisputeSettled:
		p.Subject = d.T("letter.back_settled_subject", args)
		told = append(told, d.settledNext(args))
	default:
		p.Subject = d.T("letter.back_decided_subject", args)
		if b.Ground == fact.ByResolution {
			p.Subject = d.T("letter.demand_resolved_subject", args)
		}
		told = append(told, d.ruledNext(args)...)
		d.kept(p)
	}
	p.say(told...)
	p.write(told...)
	p.write(p.rows())
	d.sentBack(p)
}

// ruledNext is what follows from a decision, with the notes of whoever took it.
func (d *desk) ruledNext(args map[string]any) (told []string) {
	x := d.back.decision
	for _, why := range x.Reasons {
		if why.Note != "" {
			told = append(told, d.T("letter.quoted", map[string]any{"Words": clip(why.Note)}))
		}
	}
	if x.RefundBy != 0 && x.Outcome != fact.Refused {
		told = append(told, d.T("letter.back_owed", args))
	}
	if x.Outcome != fact.InFull {
		told = append(told, d.T("letter.back_contest", args))
	}
	return told
}

func (d *desk) settledNext(args map[string]any) string {
	if d.back.dispute.State == returns.Upheld {
		return d.T("letter.back_upheld_text", args)
	}
	return d.T("letter.back_rejected_text", args)
}

// kept is what was kept of the refund, each sum by its name.
func (d *desk) kept(p *page) {
	for _, w := range d.back.decision.Withheld {
		row := "letter.row_way_back"
		if w.Charge == fact.ChargeCover {
			row = "letter.row_cover"
		}
		p.look(d.T(row, nil), d.T("letter.kept", map[string]any{"Amount": w.Amount}))
	}
}

// proved is the proof of the deposit, to keep.
func (d *desk) proved(p *page) {
	proof := d.back.proof
	if proof.ID == "" {
		return
	}
	p.look(d.T("letter.row_proof", nil), proof.Number)
	p.look(d.T("letter.row_when", nil), lang.Moment(d.Locale, proof.At.In(d.Zone)))
	p.look(d.T("letter.row_place", nil), proof.Place)
	p.look(d.T("letter.row_fingerprint", nil), proof.Hash)
}

// sentBack lists what comes back.
func (d *desk) sentBack(p *page) {
	for _, l := range d.lines {
		for _, i := range d.back.items {
			if i.Line == l.ID && len(p.Items) < maxLines {
				p.Items = append(p.Items, item{d.article(l, i.Units), lang.Amount(d.Locale, l.Unit)})
			}
		}
	}
}

// until is a deadline in words; nothing where none runs.
func (d *desk) until(at civil.Instant) string {
	if at == 0 {
		return ""
	}
	return d.Due(at)
}
