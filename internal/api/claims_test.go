package api

import (
	"fmt"
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// olivier is a second person of the shop, from the first time he is asked for.
func (s *shop) olivier() string {
	s.w.T.Helper()
	const address = "olivier@example.com"
	s.nadia()
	s.w.Do(s.id, func(tx *flow.Tx) error {
		all, err := merchant.StaffOf(tx.Tx, s.id)
		if err != nil || len(all) > 1 {
			return err
		}
		_, err = merchant.Hire(tx, s.id, merchant.NewStaff{Email: address, Name: "Olivier", Set: merchant.Agent})
		return err
	})
	return address
}

// claims raises a claim about an order of the shop.
func (s *shop) claims(reference string) (c DeliveryClaimDetail) {
	s.w.T.Helper()
	s.olivier()
	o := s.order(reference)
	s.as(merchant.Agent).saying(keyHeader, "claim-"+reference).
		must(201, "POST", "/api/v1/orders/"+string(o.ID)+"/claims", `{"what":"not_received","words":"Je n'ai rien reçu."}`, &c)
	return c
}

func onClaim(path, body string, before ...request) ask {
	return func(s *shop, n int) request {
		at := "/api/v1/claims/" + string(s.claims(fmt.Sprint("P-", n)).ID)
		for _, b := range before {
			s.as(merchant.Owner).must(201, "POST", at+b.path, b.body, nil)
		}
		return request{at + path, body}
	}
}

const (
	refuses  = `{"by":"nadia@example.com","outcome":"refused","words":"La photo montre votre porte."}`
	upholds  = `{"by":"olivier@example.com","outcome":"full","liable":"carrier","words":"Ce n'est pas sa porte."}`
	disputed = `{"words":"Ce n'est pas ma porte."}`
)

var claimAsks = map[string]ask{
	"raiseClaim": func(s *shop, n int) request {
		return request{"/api/v1/orders/" + string(s.order(fmt.Sprint("P-", n)).ID) + "/claims", `{"words":"Rien reçu."}`}
	},
	"listComplaints":   plain("/api/v1/claims", ""),
	"getComplaint":     onClaim("", ""),
	"sortComplaint":    onClaim("/sort", `{"what":"late"}`),
	"addEvidence":      onClaim("/evidence", `{"by":"carrier","asked":true,"words":"Qui a signé ?"}`),
	"decideComplaint":  onClaim("/decide", refuses),
	"contestComplaint": onClaim("/contest", disputed, request{"/decide", refuses}),
	"reviewComplaint":  onClaim("/review", upholds, request{"/decide", refuses}, request{"/contest", disputed}),
	"claimMediation":   onClaim("/mediation", ""),
}

func TestAClaimThroughTheAPI(t *testing.T) { seeClaims(t, open(t)) }

// seeClaims raises, asks, decides, contests and decides again.
func seeClaims(t *testing.T, w *world) {
	t.Helper()
	s := w.shop()
	c := s.claims("E-1")
	agent, owner := s.as(merchant.Agent), s.as(merchant.Owner)
	var again DeliveryClaimDetail
	agent.saying(keyHeader, "claim-E-1").must(201, "POST", "/api/v1/orders/"+string(c.Order)+"/claims", `{"what":"not_received","words":"Je n'ai rien reçu."}`, &again)
	if again.ID != c.ID || c.State != "open" || c.AnswerBy <= c.OpenedAt || len(c.File) != 1 {
		t.Errorf("raised twice under a key: %+v, %+v", c, again)
	}
	at := "/api/v1/claims/" + string(c.ID)
	agent.must(200, "POST", at+"/sort", `{"what":"not_received"}`, nil)
	agent.must(200, "GET", at, "", &again)
	if again.ID != c.ID || len(again.File) != 1 {
		t.Errorf("read: %+v", again)
	}
	agent.must(201, "POST", at+"/evidence", `{"by":"carrier","asked":true,"words":"Qui a signé ?"}`, nil)
	agent.must(201, "POST", at+"/evidence", `{"by":"carrier","words":"Une photo."}`, nil)
	var queue List[DeliveryClaim]
	agent.must(200, "GET", "/api/v1/claims", "", &queue)
	if len(queue.Items) != 1 || queue.Items[0].ID != c.ID {
		t.Errorf("the queue: %+v", queue)
	}
	owner.must(201, "POST", at+"/decide", refuses, &again)
	if again.State != "decided" || again.Outcome != "refused" || again.Liable != "nobody" {
		t.Errorf("decided: %+v", again)
	}
	agent.must(201, "POST", at+"/contest", disputed, nil)
	owner.must(403, "POST", at+"/review", strings.Replace(upholds, "olivier", "nadia", 1), nil)
	owner.must(201, "POST", at+"/review", upholds, &again)
	if again.State != "closed" || again.Outcome != "full" || len(again.File) != 6 {
		t.Errorf("reviewed: %+v", again)
	}
	agent.must(200, "GET", "/api/v1/claims?order="+string(c.Order), "", &queue)
	agent.must(200, "GET", "/api/v1/claims?state=all&limit=1", "", &queue)
	var file ClaimMediation
	agent.must(200, "GET", at+"/mediation", "", &file)
	if len(file.Timeline) == 0 || len(file.File) != 6 {
		t.Errorf("the file: %+v", file)
	}
	s.givesGoods(t)
	s.badClaims(t, c)
}

// givesGoods decides on a claim that goods are paid back: once, and none where it is refused.
func (s *shop) givesGoods(t *testing.T) {
	t.Helper()
	c := s.claims("E-9")
	line := lineOf(s, Order{ID: c.Order})
	at, owner := "/api/v1/claims/"+string(c.ID), s.as(merchant.Owner)
	goods := func(of string, units int) string {
		return strings.TrimSuffix(of, "}") + fmt.Sprintf(`,"goods":[{"line":%q,"units":%d}]}`, line, units)
	}
	owner.must(422, "POST", at+"/decide", goods(refuses, 1), nil)
	owner.must(409, "POST", at+"/decide", goods(upholds, 99), nil)
	owner.must(201, "POST", at+"/decide", goods(upholds, 1), nil)
	owner.must(200, "GET", at, "", &c)
	if len(c.Returns) != 1 || len(c.File) != 2 || len(c.File[1].Goods) != 1 || c.Number != 1 {
		t.Fatalf("%+v", c)
	}
	var r ReturnDetail
	owner.must(200, "GET", "/api/v1/returns/"+string(c.Returns[0]), "", &r)
	if r.Ground != "claim" || r.State != "decided" || r.Units != 1 {
		t.Errorf("%+v", r)
	}
}

func (s *shop) badClaims(t *testing.T, c DeliveryClaimDetail) {
	t.Helper()
	agent, to := s.as(merchant.Agent), "/api/v1/orders/"+string(c.Order)+"/claims"
	theirs := s.w.shop().claims("E-1")
	for n, row := range []struct {
		what, path, body string
		status           int
	}{
		{"another shop's order", "/api/v1/orders/" + string(theirs.Order) + "/claims", `{"words":"Rien."}`, 404},
		{"200 kB of words", to, `{"words":"` + strings.Repeat("a", 200_000) + `"}`, 422},
		{"eleven photos", to, `{"words":"Rien.","photos":["1","2","3","4","5","6","7","8","9","10","11"]}`, 422},
		{"a photo of nobody", to, `{"words":"Rien.","photos":["blb_x"]}`, 404},
		{"no words", to, `{"words":""}`, 422},
		{"a kind nobody knows", to, `{"what":"stolen","words":"Rien."}`, 422},
	} {
		t.Run(row.what, func(*testing.T) {
			agent.saying(keyHeader, fmt.Sprint("bad-", n)).must(row.status, "POST", row.path, row.body, nil)
		})
	}
	agent.must(404, "GET", "/api/v1/claims/"+string(theirs.ID), "", nil)
}

// settled is how many deliveries of a shop's count, of those due in the year.
func (s *shop) settled() int {
	s.w.T.Helper()
	var report PromisesReport
	s.as(merchant.Owner).must(200, "GET", "/api/v1/reports/promises?since=2026-01-01&until=2026-12-31", "", &report)
	return report.Due
}

func TestAContestedScanCountsInNoMeasure(t *testing.T) {
	s := open(t).shop()
	o := s.had("E-1")
	s.olivier()
	if n := s.settled(); n != 1 {
		t.Fatalf("delivered, %d count", n)
	}
	var c DeliveryClaimDetail
	s.as(merchant.Agent).saying(keyHeader, "k").must(201, "POST", "/api/v1/orders/"+string(o.ID)+"/claims", `{"what":"not_received","words":"Rien reçu."}`, &c)
	var read OrderDetail
	s.as(merchant.Agent).must(200, "GET", "/api/v1/orders/"+string(o.ID), "", &read)
	if n := s.settled(); n != 0 || read.Commitments[0].ContestedAt == 0 {
		t.Errorf("contested, %d count; since %v", n, read.Commitments[0].ContestedAt)
	}
	s.as(merchant.Owner).must(201, "POST", "/api/v1/claims/"+string(c.ID)+"/decide", refuses, nil)
	if n := s.settled(); n != 1 {
		t.Errorf("refused, %d count", n)
	}
}
