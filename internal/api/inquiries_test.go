package api

import (
	"fmt"
	"testing"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// inquiry is a question that the shop has put to its carrier.
func (s *shop) inquiry(parcel string) (id ident.Inquiry) {
	s.w.T.Helper()
	s.w.Do(s.id, func(tx *flow.Tx) error {
		c, err := carrier.Get(tx.Tx, s.id, s.carrier.ID)
		if err != nil {
			return err
		}
		c.Inquiries = "https://carrier.example/questions"
		if c, err = carrier.Connect(tx, s.id, c); err != nil {
			return err
		}
		q, _, err := carrier.Inquire(tx, s.id, carrier.Inquiry{Connection: c.ID, Parcel: ident.Parcel(parcel), Order: "ord_1", Number: "A1"})
		id = q.ID
		return err
	})
	return id
}

// seeInquiries has a carrier answer, in its own words and once.
func seeInquiries(t *testing.T, s *shop) {
	t.Helper()
	id := s.inquiry("par_1")
	s.as(merchant.Carrier).must(204, "POST", "/api/v1/inquiries/"+string(id)+"/answer", `{"answer":"Il repart demain."}`, nil)
	if p := s.as(merchant.Carrier).refused(422, "POST", "/api/v1/inquiries/"+string(id)+"/answer", `{"answer":" "}`); p.Code != "field_required" {
		t.Errorf("no words: %s", p.Code)
	}
	s.w.See(func(tx *db.Tx) error {
		all, err := carrier.Inquiries(tx, s.id, "ord_1")
		if len(all) != 1 || all[0].State != carrier.Answered || all[0].Answer != "Il repart demain." {
			t.Errorf("%s", fmt.Sprint(all))
		}
		return err
	})
}
