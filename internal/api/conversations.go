package api

import (
	"net/http"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/mailbox"
	"github.com/promesse-dev/promesse/internal/desk"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Conversation is what a shopper wrote to the shop, and what was answered.
type Conversation struct {
	ID       ident.Conversation `json:"id"`
	Order    ident.Order        `json:"order,omitempty" doc:"None: it is about no order."`
	Shopper  ident.Shopper      `json:"shopper,omitempty" doc:"None: somebody we do not know, who wrote in public."`
	Via      fact.Via           `json:"via" enum:"page,mail,api,public,survey"`
	Source   string             `json:"source,omitempty" doc:"Where it was written in public."`
	State    desk.State         `json:"state" enum:"waiting,answered,closed"`
	OpenedAt civil.Instant      `json:"opened_at"`
	AnswerBy civil.Instant      `json:"answer_by" doc:"Exclusive, of the last wait: a person answers by then. It is owed as a commitment about the message that began the wait."`
	Network  ident.Merchant     `json:"network,omitempty" doc:"Whose desk answers in the shop's name; none: the shop's own."`
	HandedAt civil.Instant      `json:"handed_at,omitzero" doc:"Since when."`
}

// Written is one message of a conversation.
type Written struct {
	ID    ident.Said    `json:"id"`
	By    fact.Party    `json:"by" enum:"shopper,merchant,unknown" doc:"unknown: an address that is not the shopper's."`
	Actor flow.Actor    `json:"actor"`
	Via   fact.Via      `json:"via" enum:"page,mail,api,public,survey"`
	Words string        `json:"words"`
	At    civil.Instant `json:"at"`
}

// ConversationDetail is a conversation with all that was said.
type ConversationDetail struct {
	Conversation
	Messages []Written `json:"messages"`
}

func showConversation(c desk.Conversation) Conversation {
	return Conversation{
		ID: c.ID, Order: c.Order, Shopper: c.Shopper, Via: c.Via, Source: c.Source, State: c.State, OpenedAt: c.Opened, AnswerBy: c.AnswerBy,
		Network: c.Network, HandedAt: c.Handed,
	}
}

func detailed(tx *db.Tx, m ident.Merchant, c desk.Conversation) (ConversationDetail, error) {
	said, err := desk.Thread(tx, m, c.ID)
	return ConversationDetail{showConversation(c), mapped(said, func(s desk.Said) Written {
		return Written{s.ID, s.By, s.Actor, s.Via, s.Words, s.At}
	})}, err
}

type conversationsIn struct {
	Paging
	State string      `query:"state" enum:"waiting,all" default:"waiting" doc:"waiting: the next deadline first; all: the newest first."`
	Order ident.Order `query:"order" doc:"Only those about an order, the oldest first; state is not looked at."`
}

func listConversations(_ *API, tx *db.Tx, c call, in *conversationsIn) (List[Conversation], error) {
	if in.Order != "" {
		of, err := desk.OfOrders(tx, c.Merchant, []ident.Order{in.Order})
		return whole(of[in.Order], showConversation), err
	}
	last, err := after[ident.Conversation](in.Paging)
	if err != nil {
		return List[Conversation]{}, err
	}
	all, err := conversationsAfter(tx, c.Merchant, in.State == "all", last, in.Limit+1)
	return listed(all, in.Limit, func(c desk.Conversation) ident.Conversation { return c.ID }, showConversation), err
}

func conversationsAfter(tx *db.Tx, m ident.Merchant, all bool, last ident.Conversation, limit int) ([]desk.Conversation, error) {
	if all {
		return desk.Newest(tx, m, last, limit)
	}
	var from desk.Conversation
	if last != "" {
		var err error
		if from, err = desk.Get(tx, m, last); err != nil {
			return nil, err
		}
	}
	return desk.Queue(tx, m, from, limit)
}

type conversationPath struct {
	ID ident.Conversation `path:"id"`
}

func getConversation(_ *API, tx *db.Tx, c call, in *conversationPath) (ConversationDetail, error) {
	of, err := desk.Get(tx, c.Merchant, in.ID)
	if err != nil {
		return ConversationDetail{}, err
	}
	return detailed(tx, c.Merchant, of)
}

// Asking is what somebody asks a person.
type Asking struct {
	Order   ident.Order   `json:"order,omitempty" doc:"What it is about."`
	Shopper ident.Shopper `json:"shopper,omitempty" doc:"Who asks, where it is about no order."`
	Source  string        `json:"source,omitempty" doc:"The https address of a complaint in public; then neither order nor shopper is needed."`
	Words   string        `json:"words" doc:"Plain text of up to 5000 characters."`
}

type askIn struct {
	Key  string `header:"Idempotency-Key"`
	Body Asking
}

func openConversation(_ *API, tx *flow.Tx, c call, in *askIn) (reply[ConversationDetail], error) {
	q := desk.Question{
		Key: "api/" + ident.Hash(in.Key)[:40], Order: in.Body.Order, Shopper: in.Body.Shopper, Via: fact.ViaAPI, Source: in.Body.Source, Words: in.Body.Words,
	}
	if q.Source != "" {
		q.Via = fact.ViaPublic
	}
	of, err := desk.Ask(tx, c.Merchant, q)
	if err != nil {
		return reply[ConversationDetail]{}, err
	}
	d, err := detailed(tx.Tx, c.Merchant, of)
	return created(d), err
}

type writeIn struct {
	ID   ident.Conversation `path:"id"`
	Body struct {
		Words string `json:"words"`
	}
}

func writeOn(_ *API, tx *flow.Tx, c call, in *writeIn) (reply[ConversationDetail], error) {
	of, err := desk.Write(tx, c.Merchant, in.ID, desk.Further{Via: fact.ViaAPI, Words: in.Body.Words})
	if err != nil {
		return reply[ConversationDetail]{}, err
	}
	d, err := detailed(tx.Tx, c.Merchant, of)
	return created(d), err
}

// Answering is what a person of the shop answers.
type Answering struct {
	By    string `json:"by" doc:"Who answers: the e-mail address, or the id, of somebody who works there."`
	Words string `json:"words"`
	Close bool   `json:"close,omitempty" doc:"Nothing more is awaited."`
}

type answerTalkIn struct {
	ID   ident.Conversation `path:"id"`
	Body Answering
}

func answerConversation(_ *API, tx *flow.Tx, c call, in *answerTalkIn) (reply[ConversationDetail], error) {
	who, err := answerer(tx.Tx, c.Merchant, in.Body.By)
	if err != nil {
		return reply[ConversationDetail]{}, err
	}
	of, err := desk.Answer(tx, c.Merchant, in.ID, desk.Answering{By: who, Words: in.Body.Words, Close: in.Body.Close})
	if err != nil {
		return reply[ConversationDetail]{}, err
	}
	d, err := detailed(tx.Tx, c.Merchant, of)
	return created(d), err
}

// answerer is the person that a program names: a program itself answers nobody.
func answerer(tx *db.Tx, m ident.Merchant, named string) (ident.Staff, error) {
	all, err := merchant.StaffOf(tx, m)
	i := slices.IndexFunc(all, func(s merchant.Staff) bool {
		return string(s.ID) == named || mailbox.Fold(s.Email) == mailbox.Fold(named)
	})
	if err == nil && i < 0 {
		err = fault.New(fault.Invalid, "not_a_person", "by")
	}
	if err != nil {
		return "", err
	}
	return all[i].ID, nil
}

type closeIn struct {
	ID   ident.Conversation `path:"id"`
	Body struct {
		By fact.Party `json:"by" enum:"shopper,merchant" doc:"The shop closes only where nobody waits; the shopper may say that no answer is needed."`
	}
}

func closeConversation(_ *API, tx *flow.Tx, c call, in *closeIn) (reply[Conversation], error) {
	of, err := desk.Close(tx, c.Merchant, in.ID, in.Body.By)
	return ok(showConversation(of)), err
}

// Handing gives a conversation to another desk.
type Handing struct {
	Network ident.Merchant `json:"network" doc:"To whose desk: the shop granted it answer_desk."`
	By      string         `json:"by" doc:"Who hands it over: the e-mail address, or the id, of somebody who works at the shop."`
}

type handIn struct {
	ID   ident.Conversation `path:"id"`
	Body Handing
}

func handConversation(_ *API, tx *flow.Tx, c call, in *handIn) (reply[Conversation], error) {
	who, err := answerer(tx.Tx, c.Merchant, in.Body.By)
	if err != nil {
		return reply[Conversation]{}, err
	}
	of, err := desk.Hand(tx, c.Merchant, in.ID, in.Body.Network, who)
	return ok(showConversation(of)), err
}

type takeBackIn struct {
	ID   ident.Conversation `path:"id"`
	Body struct {
		By string `json:"by" doc:"Who takes it back."`
	}
}

func takeConversationBack(_ *API, tx *flow.Tx, c call, in *takeBackIn) (reply[Conversation], error) {
	who, err := answerer(tx.Tx, c.Merchant, in.Body.By)
	if err != nil {
		return reply[Conversation]{}, err
	}
	of, err := desk.TakeBack(tx, c.Merchant, in.ID, who)
	return ok(showConversation(of)), err
}

// conversationRoutes are those of the desk.
func conversationRoutes() []Route {
	return []Route{
		read(get("/api/v1/conversations", ordersRead, "listConversations", "conversations", "Who waits for an answer, the next deadline first; or all conversations"), listConversations),
		write(post("/api/v1/conversations", ordersWrite, "openConversation", "conversations", "Write to a person in a shopper's name, or about what was written in public").keyed().
			says("It answers by when a person answers, counted in the desk's opening hours. That is owed."), openConversation),
		read(get("/api/v1/conversations/{id}", ordersRead, "getConversation", "conversations", "A conversation with all that was said"), getConversation),
		write(post("/api/v1/conversations/{id}/messages", ordersWrite, "writeOn", "conversations", "A further message of the shopper's"), writeOn),
		write(post("/api/v1/conversations/{id}/answer", ordersWrite, "answerConversation", "conversations", "A person's answer").
			says("Only a person answers: name somebody who works at the shop. The answer is e-mailed to the shopper in that person's name."), answerConversation),
		write(post("/api/v1/conversations/{id}/close", ordersWrite, "closeConversation", "conversations", "Nothing more is awaited").status(http.StatusOK), closeConversation),
		write(post("/api/v1/conversations/{id}/hand", ordersWrite, "handConversation", "conversations", "Hand a conversation to the desk of a network").status(http.StatusOK).
			says("Its people read all of it and answer in the shop's name, by the deadline the shopper was shown. Only a network that you granted answer_desk takes any."), handConversation),
		write(post("/api/v1/conversations/{id}/take-back", ordersWrite, "takeConversationBack", "conversations", "Answer a conversation oneself again").status(http.StatusOK), takeConversationBack),
	}
}
