package api

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// heard is a gateway that is known by its body alone.
func heard(_ TextProof, address string, body []byte) (number, text string, err error) {
	var said struct{ From, Text string }
	if json.Unmarshal(body, &said) != nil || said.From == "" || address != "https://suivi.example/api/v1/texts" {
		return "", "", errors.New("unproven")
	}
	return said.From, said.Text, nil
}

// A shopper who chose SMS at checkout answers STOP, and then START.
func seeTexts(t *testing.T, s *shop) {
	t.Helper()
	const number = "+33639980001"
	stopped := func() (is bool) {
		s.w.See(func(tx *db.Tx) (err error) {
			is, err = notify.Stopped(tx, s.id, number)
			return err
		})
		return is
	}
	says := func(text string) {
		s.w.with("").must(204, "POST", "/api/v1/texts", `{"from":"`+number+`","text":"`+text+`"}`, nil)
	}
	says("STOP")
	if stopped() {
		t.Error("a number that nobody wrote to was heard of")
	}
	o := s.order("T-1")
	var message ident.Message
	s.w.Do(s.id, func(tx *flow.Tx) error {
		message = ident.New[ident.Message](tx.Mint)
		return tx.Do(`insert into notify_message (merchant, id, shopper, channel, topic, cause, orderid, commitment, locale, decision, reason, state,
				message_id, contact, subject, html, text, created, changed, accepted_at)
			values ($1, $2, $3, 'sms', 'delivered', 'x', $4, '', 'fr', 'send', 'first', 'sent', $2, $5, '', '', '', 1, 1, 1)`,
			s.id, message, o.Shopper, o.ID, ident.Hash("tel:"+number))
	})
	for _, c := range []struct {
		text string
		want bool
	}{{"Merci !", false}, {" stop. ", true}, {"Stop, ou je me fâche", true}, {"START", false}, {"arrêt", true}, {"Bonjour", true}} {
		says(c.text)
		if stopped() != c.want {
			t.Errorf("after %q: stopped %t", c.text, !c.want)
		}
	}
	if p := s.w.with("").refused(401, "POST", "/api/v1/texts", `STOP`); p.Code != "text_unproven" {
		t.Errorf("anybody may stop: %+v", p)
	}
}
