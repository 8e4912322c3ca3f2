package letters

import (
	"fmt"
	"slices"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/ident"
	helpdesk "github.com/promesse-dev/promesse/internal/desk"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// talk is a conversation with the shop, and the message of it that a letter is about.
type talk struct {
	matter
	of       helpdesk.Conversation
	said     helpdesk.Said
	question helpdesk.Said // that it answers; its ID is empty where nobody waited
	house    string        // of whoever answered: the network they work for; empty: the shop
}

// correspond writes a letter of a conversation: the dated copy of what the shopper
// wrote, or what a person answered.
func correspond(tx *db.Tx, m ident.Merchant, msg notify.Message) (page, error) {
	t, err := readTalk(tx, m, msg)
	if err != nil {
		return page{}, fmt.Errorf("letter %s of %s: %w", msg.Topic, msg.ID, err)
	}
	if msg.Topic == fact.TopicAsked {
		return t.copied(), nil
	}
	return t.answered(), nil
}

// readTalk reads the conversation of a message; its cause names both.
func readTalk(tx *db.Tx, m ident.Merchant, msg notify.Message) (t talk, err error) {
	conversation, said, _ := strings.Cut(msg.Cause, "/")
	if t.of, err = helpdesk.Get(tx, m, ident.Conversation(conversation)); err != nil {
		return t, err
	}
	if t.matter, err = readMatter(tx, m, msg, t.of.Locale, t.of.Order); err != nil {
		return t, err
	}
	return t, t.find(tx, m, ident.Said(said))
}

// find is the message that a letter is about, the one it answers, and by whom.
func (t *talk) find(tx *db.Tx, m ident.Merchant, id ident.Said) error {
	all, err := helpdesk.Thread(tx, m, t.of.ID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(s helpdesk.Said) bool { return s.ID == id })
	if i < 0 {
		return fmt.Errorf("the conversation holds no %s", id)
	}
	t.said = all[i]
	for _, s := range slices.Backward(all[:i]) {
		if s.By == fact.ByShopper {
			t.question = s
			break
		}
	}
	staff, is := strings.CutPrefix(string(t.said.Actor), "staff:")
	if !is {
		return nil
	}
	voices, err := helpdesk.Voices(tx, m, all[i:i+1])
	t.person, t.house = voices[ident.Staff(staff)].Name, voices[ident.Staff(staff)].House
	return err
}

func (t talk) page() page {
	p := blank(t.Locale, t.who, t.brand)
	p.know("order", t.order, "person", t.person, "deadline", t.Due(t.of.AnswerBy))
	if t.order != "" {
		p.URL, p.Open = notify.PageMark+"/ecrire/"+string(t.of.ID), t.T("letter.talk_open", nil)
		p.look(t.T("letter.talk_row_order", nil), t.order)
	}
	p.look(t.T("letter.talk_row_number", nil), string(t.of.ID))
	return p
}

// button leads to the conversation, where there is a page for it.
func (p *page) button(words string) {
	if p.URL != "" {
		p.Button = words
	}
}

func (t talk) args() map[string]any {
	return map[string]any{
		"Shop": t.brand.Name, "Due": t.Due(t.of.AnswerBy), "When": t.When(t.said.At, fact.Minute), "Person": t.person, "House": t.house, "Order": t.order,
	}
}

// copied is the dated copy that the shopper keeps, with the deadline.
func (t talk) copied() page {
	p, args := t.page(), t.args()
	p.Subject, p.Promise = t.T("letter.talk_copy_subject", args), t.T("letter.talk_copy", args)
	p.tell(t.T("letter.talk_copy_text", args))
	p.quote(t.said.Words)
	p.button(t.T("letter.talk_button", nil))
	return p
}

// answered is what a person answered, with the question below it.
func (t talk) answered() page {
	p, args := t.page(), t.args()
	switch {
	case t.house != "":
		p.Subject, p.Promise = t.T("letter.talk_answer_subject", args), t.T("letter.talk_answer_house", args)
	case t.person == "":
		p.Subject, p.Promise = t.T("letter.talk_answer_subject", args), t.T("letter.talk_answer_shop", args)
	default:
		p.Subject, p.Promise = t.T("letter.talk_answer_subject", args), t.T("letter.talk_answer", args)
	}
	p.quote(t.said.Words)
	if t.said.At >= t.of.AnswerBy && t.of.AnswerBy > t.question.At {
		p.tell(t.T("letter.talk_late", args))
	}
	if t.question.ID != "" {
		asked := t.T("letter.talk_question", map[string]any{"When": t.When(t.question.At, fact.Minute)})
		p.After = append(p.After, asked)
		p.After = append(p.After, paragraphs(t.question.Words)...)
	}
	p.button(t.T("letter.talk_reply", nil))
	return p
}

// quote puts somebody's own words into a letter, paragraph by paragraph.
func (p *page) quote(words string) {
	p.say(paragraphs(words)...)
	p.write(paragraphs(words)...)
}

func paragraphs(words string) (out []string) {
	for line := range strings.SplitSeq(words, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}
