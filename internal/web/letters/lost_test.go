package letters_test

import (
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/core/carbon"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/returns"
)

// A loss and what is owed for it are one letter; where somebody has still to
// confirm, the decision has its own, later.
func TestALossIsToldWithWhatIsOwedForIt(t *testing.T) {
	for _, c := range []struct {
		law   string
		limit int64
		says  string
		later int // letters about the decision, once somebody confirmed
	}{
		{"decided at once", 100_000, "Your return parcel is lost: you get €", 0},
		{"it waits for a second person", 1, "Your return parcel is lost: Épicerie & Cie decides and pays you by", 1},
	} {
		s := newShop(t, lang.English)
		s.At("2026-03-02 09:00")
		s.Do(s.m, func(tx *flow.Tx) error {
			conditions := returns.DefaultConditions()
			conditions.Stores, conditions.Limits = true, map[merchant.Set]int64{merchant.Owner: 500_000, merchant.Agent: c.limit}
			return returns.SetConditions(tx, s.m, conditions)
		})
		before := len(s.mail)
		_, id := s.loses(returns.NewOffice(carbon.Default()), "6A900", s.hire("ana", merchant.Agent))
		number := ""
		var ruled returns.Decision
		s.See(func(tx *db.Tx) error {
			f, err := returns.RecordOf(tx, s.m, id)
			number, ruled = f.Proof.Number, f.Decisions[0]
			return err
		})
		told := 0
		for _, l := range s.mail[before:] {
			if !strings.Contains(l.Subject, "your return parcel is lost") {
				continue
			}
			told++
			for _, part := range []string{c.says, number, "the loss is not yours"} {
				if !strings.Contains(l.Text, part) {
					t.Errorf("%s: no %q in\n%s", c.law, part, l.Text)
				}
			}
		}
		if told != 1 {
			t.Errorf("%s: told %d times", c.law, told)
		}
		if ruled.State == returns.Waiting {
			s.by(s.staff("boss"), func(tx *flow.Tx) error { _, err := returns.Confirm(tx, s.m, ruled.ID, "vu"); return err })
			s.Quiet()
		}
		decided := 0
		for _, l := range s.mail[before:] {
			if strings.Contains(l.Subject, "what was decided about your return") {
				decided++
			}
		}
		if decided != c.later {
			t.Errorf("%s: %d letters about the decision, want %d", c.law, decided, c.later)
		}
	}
}
