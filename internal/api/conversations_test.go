package api

import (
	"fmt"
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// nadia works for the shop, from the first time she is asked for.
func (s *shop) nadia() string {
	s.w.T.Helper()
	const address = "nadia@example.com"
	s.w.Do(s.id, func(tx *flow.Tx) error {
		all, err := merchant.StaffOf(tx.Tx, s.id)
		if err != nil || len(all) > 0 {
			return err
		}
		_, err = merchant.Hire(tx, s.id, merchant.NewStaff{Email: address, Name: "Nadia", Set: merchant.Owner})
		return err
	})
	return address
}

// asks opens a conversation about an order of the shop.
func (s *shop) asks(reference string) (c ConversationDetail) {
	s.w.T.Helper()
	o := s.order(reference)
	s.as(merchant.Agent).saying(keyHeader, "ask-"+reference).
		must(201, "POST", "/api/v1/conversations", fmt.Sprintf(`{"order":%q,"words":"Où est mon colis ?"}`, o.ID), &c)
	return c
}

// handing is the body that hands a conversation to a network which may take it.
func (s *shop) handing() string {
	s.w.T.Helper()
	network, _ := s.w.organisation(merchant.Network)
	s.w.Do(s.id, func(tx *flow.Tx) error {
		_, err := merchant.Grant(tx, s.id, network, merchant.AnswerFor)
		return err
	})
	return fmt.Sprintf(`{"network":%q,"by":%q}`, network, s.nadia())
}

// onTalk is a request about a conversation; body may hold who answers.
func onTalk(path, body string) ask {
	return func(s *shop, n int) request {
		s.nadia()
		return request{"/api/v1/conversations/" + string(s.asks(fmt.Sprint("P-", n)).ID) + path, body}
	}
}

var talkAsks = map[string]ask{
	"listConversations": plain("/api/v1/conversations", ""),
	"openConversation": func(s *shop, n int) request {
		return request{"/api/v1/conversations", fmt.Sprintf(`{"order":%q,"words":"Où est mon colis, le n° %d ?"}`, s.order(fmt.Sprint("P-", n)).ID, n)}
	},
	"getConversation":    onTalk("", ""),
	"writeOn":            onTalk("/messages", `{"words":"Il est bleu."}`),
	"answerConversation": onTalk("/answer", `{"by":"nadia@example.com","words":"Demain."}`),
	"closeConversation":  onTalk("/close", `{"by":"shopper"}`),
	"handConversation": func(s *shop, n int) request {
		r := onTalk("/hand", "")(s, n)
		r.body = s.handing()
		return r
	},
	"takeConversationBack": func(s *shop, n int) request {
		r := onTalk("/hand", "")(s, n)
		s.as(merchant.Agent).must(200, "POST", r.path, s.handing(), nil)
		return request{strings.TrimSuffix(r.path, "hand") + "take-back", `{"by":"nadia@example.com"}`}
	},
}

func TestAConversationThroughTheAPI(t *testing.T) { seeConversations(t, open(t)) }

// seeConversations asks, answers, closes and opens again.
func seeConversations(t *testing.T, w *world) {
	t.Helper()
	s := w.shop()
	agent, c := s.as(merchant.Agent), s.asks("E-1")
	if c.State != "waiting" || c.Via != "api" || len(c.Messages) != 1 || c.Messages[0].By != "shopper" {
		t.Fatalf("%+v", c)
	}
	var again ConversationDetail
	agent.saying(keyHeader, "ask-E-1").must(201, "POST", "/api/v1/conversations", fmt.Sprintf(`{"order":%q,"words":"Où est mon colis ?"}`, c.Order), &again)
	if again.ID != c.ID {
		t.Error("asked twice under a key, there are two conversations")
	}
	path := "/api/v1/conversations/" + string(c.ID)
	var queue List[Conversation]
	agent.must(200, "GET", "/api/v1/conversations", "", &queue)
	if len(queue.Items) != 1 || queue.Items[0].ID != c.ID {
		t.Errorf("%+v", queue)
	}
	agent.must(422, "POST", path+"/answer", `{"by":"bot@example.com","words":"Bip."}`, nil)
	agent.must(409, "POST", path+"/close", `{"by":"merchant"}`, nil)
	by := s.nadia()
	agent.must(201, "POST", path+"/answer", fmt.Sprintf(`{"by":%q,"words":"Demain matin.","close":true}`, by), &c)
	if c.State != "closed" || len(c.Messages) != 2 || c.Messages[1].By != "merchant" {
		t.Errorf("%+v", c)
	}
	agent.must(201, "POST", path+"/messages", `{"words":"Il n'est pas venu."}`, &c)
	if c.State != "waiting" {
		t.Errorf("%+v", c)
	}
	agent.must(200, "GET", "/api/v1/conversations?order="+string(c.Order), "", &queue)
	agent.must(200, "GET", path, "", &c)
	var all List[Conversation]
	agent.must(200, "GET", "/api/v1/conversations?state=all&limit=1", "", &all)
	if len(queue.Items) != 1 || len(all.Items) != 1 || len(c.Messages) != 3 {
		t.Errorf("%+v %+v", queue, all)
	}
	agent.must(200, "POST", path+"/close", `{"by":"shopper"}`, &c)
	if c.State != "closed" {
		t.Errorf("%+v", c)
	}
	c = s.asks("E-2")
	path = "/api/v1/conversations/" + string(c.ID)
	agent.must(403, "POST", path+"/hand", fmt.Sprintf(`{"network":%q,"by":%q}`, w.shop().id, by), nil)
	agent.must(200, "POST", path+"/hand", s.handing(), &c)
	if c.Network == "" || c.HandedAt == 0 || c.State != "waiting" {
		t.Errorf("handed over: %+v", c)
	}
	agent.must(200, "POST", path+"/take-back", fmt.Sprintf(`{"by":%q}`, by), nil)
	var mine ConversationDetail
	agent.must(200, "GET", path, "", &mine)
	if mine.Network != "" || mine.HandedAt != 0 {
		t.Errorf("taken back: %+v", mine)
	}
	theirs := w.shop().order("E-1")
	agent.saying(keyHeader, "theirs").must(404, "POST", "/api/v1/conversations", fmt.Sprintf(`{"order":%q,"words":"Où est-il ?"}`, theirs.ID), nil)
	var open ConversationDetail
	agent.saying(keyHeader, "public").must(201, "POST", "/api/v1/conversations", `{"source":"https://avis.example/42","words":"Jamais livré !"}`, &open)
	if open.Via != "public" || open.Shopper != "" || open.AnswerBy == 0 {
		t.Errorf("%+v", open)
	}
}
