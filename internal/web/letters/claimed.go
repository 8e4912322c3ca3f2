package letters

import (
	"fmt"
	"slices"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
	helpdesk "github.com/promesse-dev/promesse/internal/desk"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/remedy"
	"github.com/promesse-dev/promesse/internal/returns"
)

// claim is a shopper's claim, and what of it a letter is about.
type claim struct {
	matter
	of       helpdesk.Claim
	said     helpdesk.ClaimEntry // the claim, or why it is contested; or what was decided
	given    money.Amount        // as credit, because of that decision
	goods    string              // whose price that decision gives back; empty: none
	back     returns.Redress     // of them
	mediator string
}

// complain writes a letter of a claim: the dated copy, or what was decided.
func complain(tx *db.Tx, m ident.Merchant, msg notify.Message) (page, error) {
	c, err := readClaim(tx, m, msg)
	if err != nil {
		return page{}, fmt.Errorf("letter %s of %s: %w", msg.Topic, msg.ID, err)
	}
	if msg.Topic == fact.TopicClaimed {
		return c.copied(), nil
	}
	return c.decided(), nil
}

// readClaim reads the claim of a message; its cause names it and the message that
// began the wait.
func readClaim(tx *db.Tx, m ident.Merchant, msg notify.Message) (c claim, err error) {
	id, question, _ := strings.Cut(msg.Cause, "/")
	if c.of, err = helpdesk.GetClaim(tx, m, ident.Claim(id)); err != nil {
		return c, err
	}
	if c.matter, err = readMatter(tx, m, msg, c.of.Locale, c.of.Order); err != nil {
		return c, err
	}
	if err := c.find(tx, m, ident.Said(question), msg.Topic); err != nil {
		return c, err
	}
	if err := c.redress(tx, m, ident.Said(question)); err != nil {
		return c, err
	}
	return c, c.follows(tx, m)
}

// find is the entry that a letter is about, and who wrote it.
func (c *claim) find(tx *db.Tx, m ident.Merchant, question ident.Said, topic fact.Topic) error {
	file, err := helpdesk.ClaimFile(tx, m, c.of.ID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(file, func(e helpdesk.ClaimEntry) bool { return e.ID == question })
	if i < 0 {
		return fmt.Errorf("the claim holds no %s", question)
	}
	c.said = file[i]
	if topic == fact.TopicClaimed {
		return nil
	}
	j := slices.IndexFunc(file[i:], func(e helpdesk.ClaimEntry) bool { return e.Outcome != "" })
	if j < 0 {
		return fmt.Errorf("nobody decided on %s", question)
	}
	c.said = file[i+j]
	staff, _ := strings.CutPrefix(string(c.said.Actor), "staff:")
	people, err := merchant.Colleagues(tx, m, []ident.Staff{ident.Staff(staff)})
	c.person = people[ident.Staff(staff)].Name
	return err
}

// redress reads the goods whose price the decision gives back.
func (c *claim) redress(tx *db.Tx, m ident.Merchant, question ident.Said) error {
	if len(c.said.Goods) == 0 {
		return nil
	}
	lines, err := order.Lines(tx, m, c.of.Order)
	if err != nil {
		return err
	}
	c.goods = c.Goods(c.said.Goods, order.Names(lines))
	all, err := returns.RedressFor(tx, m, []ident.Said{question})
	if err == nil && len(all) == 0 {
		err = fmt.Errorf("no return gives back the goods of %s", question)
	}
	if err == nil {
		c.back = all[0]
	}
	return err
}

// follows reads what the decision gave by itself, and whom the shopper may turn to.
func (c *claim) follows(tx *db.Tx, m ident.Merchant) error {
	conditions, err := returns.ConditionsOf(tx, m)
	if err != nil {
		return err
	}
	c.mediator = conditions.Mediator
	of, err := remedy.OfOrders(tx, m, []ident.Order{c.of.Order})
	for _, r := range of[c.of.Order] {
		if r.State == remedy.Granted && r.Decided == c.said.At && c.said.Outcome != "" {
			given := remedy.Total(r.Grants)
			c.given = money.Of(c.given.Minor+given.Minor, given.Currency)
		}
	}
	return err
}

func (c claim) args() map[string]any {
	return map[string]any{
		"Shop": c.brand.Name, "Due": c.Due(c.of.AnswerBy), "When": c.When(c.said.At, fact.Minute), "Person": c.person, "Order": c.order,
		"Amount": c.given, "Mediator": c.mediator,
	}
}

func (c claim) page() page {
	p := blank(c.Locale, c.who, c.brand)
	p.know("order", c.order, "deadline", c.Due(c.of.AnswerBy))
	p.URL, p.Open = notify.PageMark+"/reclamation/"+string(c.of.ID), c.T("letter.claim_open", nil)
	p.look(c.T("letter.talk_row_order", nil), c.order)
	p.look(c.T("letter.claim_row_number", nil), c.of.Name(c.order))
	return p
}

// tell says a sentence in both parts of a letter.
func (p *page) tell(words string) {
	p.say(words)
	p.write(words)
}

// copied is the dated copy that the shopper keeps, with the deadline.
func (c claim) copied() page {
	p, args := c.page(), c.args()
	if c.said.Act == helpdesk.ActContested {
		p.Subject, p.Promise = c.T("letter.claim_again_subject", args), c.T("letter.claim_again", args)
	} else {
		p.Subject, p.Promise = c.T("letter.claim_copy_subject", args), c.T("letter.claim_copy", args)
	}
	p.tell(c.T("letter.claim_copy_text", args))
	p.quote(c.said.Words)
	p.Button = c.T("letter.claim_button", nil)
	return p
}

// decided is a person's word, with the reasons and what follows.
func (c claim) decided() page {
	p, args := c.page(), c.args()
	switch c.said.Outcome {
	case fact.InFull:
		p.Subject, p.Promise = c.T("letter.claim_full_subject", args), c.T("letter.claim_full", args)
	case fact.InPart:
		p.Subject, p.Promise = c.T("letter.claim_part_subject", args), c.T("letter.claim_part", args)
	default:
		p.Subject, p.Promise = c.T("letter.claim_refused_subject", args), c.T("letter.claim_refused", args)
	}
	p.quote(c.said.Words)
	if c.said.At >= c.of.AnswerBy {
		p.tell(c.T("letter.claim_late", args))
	}
	if c.said.Outcome != fact.Refused && c.of.What.Contests() {
		p.tell(c.T("letter.claim_scan", args))
	}
	if c.goods != "" {
		p.tell(c.refunded())
	}
	if c.given.Minor > 0 {
		p.tell(c.T("letter.claim_given", args))
	}
	for _, s := range c.recourse() {
		p.tell(s)
	}
	p.Button = c.T("letter.claim_button", nil)
	return p
}

// refunded is what is paid back for goods, and by when.
func (c claim) refunded() string {
	args := map[string]any{"Goods": c.goods, "Amount": c.back.Amount, "Due": c.Due(c.back.Return.RefundBy), "Shop": c.brand.Name}
	if c.back.Waits {
		return c.T("letter.claim_goods_waits", args)
	}
	return c.T("letter.claim_goods", args)
}

// recourse is what whoever does not agree may do. The mediator is named when a
// claim failed: Code de la consommation, article R616-1.
func (c claim) recourse() (all []string) {
	if c.said.Outcome == fact.InFull {
		return nil
	}
	if c.said.Act == helpdesk.ActDecided {
		all = append(all, c.T("letter.claim_contest", c.args()))
	}
	if c.mediator == "" {
		return append(all, c.T("letter.claim_mediator_unnamed", c.args()))
	}
	return append(all, c.T("letter.claim_mediator", c.args()))
}
