package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/promesse-dev/promesse/internal/insight"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/story"
)

// sentBack is a world with something of everything that comes back: two proofs,
// decisions of every kind, a second person, a dispute, a withdrawal whose money
// is late, and one from a contract that nobody sent anything for.
const sentBack = `
world   Monday 2026-03-02 09:00 Europe/Paris
shop    librairie  tariff 4.90  returns  rate 2.76
order   E-1 by camille  2 x "vase"   price 30.00  to 69003
order   E-2 by paul     1 x "atlas"  price 250.00  to 69003
order   E-3 by lea      1 x "globe"  price 100.00  to 69003
order   E-4 by zoe      1 x "Nana"   price 12.00  to 69003
at Tuesday 2026-03-03 10:00  courier delivers E-1
at 10:01  courier delivers E-2
at 10:02  courier delivers E-3
at Thursday 2026-03-05 10:00  camille returns R-1 of E-1  2 x "vase"
at 10:01  camille labels R-1
at 10:02  paul returns R-2 of E-2  1 x "atlas"
at 10:03  paul labels R-2
at 10:04  lea withdraws W-3 from E-3
at 10:05  lea chooses W-3 by relay
at 10:06  lea labels W-3
at 10:07  zoe withdraws W-4 from E-4
at Friday 2026-03-06 10:00  clerk takes R-1
at 10:01  clerk takes R-2
at 10:02  clerk takes W-3
at Tuesday 2026-03-10 10:00  carrier brings R-1
at 10:01  carrier brings R-2
at 11:00  nadia inspects R-1
at 11:01  nadia inspects R-2
at 11:10  nadia decides R-1 partial 2 x "vase" 40.00 because damaged
at 11:11  nadia decides R-2 full
at 11:20  boss confirms R-2
at 12:00  shop pays R-1
at 13:00  camille contests R-1 "It was whole."
at 14:00  olivier upholds R-1 partial 0 x "vase" 5.00 because goodwill "A little."
at Tuesday 2026-04-14 12:00
expect  refund of R-1 asked 5.00
expect  return W-3 decided  band 20-30
expect  promise acknowledge_by of W-4 kept
`

// returnBreaks are rows changed by hand, as breaks are.
var returnBreaks = []struct{ invariant, what, text string }{
	{"I2", "a decided line a cent above what was captured", `update returns_decided_line set minor = 6001 where minor = 4000`},
	{"I2", "a unit that was never bought", `update returns_decided_line set units = 3 where minor = 4000`},
	{"I2", "a decision that is not the sum of its lines", `update returns_decision set minor = minor - 1 where minor = 4000`},
	{"I2", "a surcharge that the books do not hold", `update returns_uplift set minor = minor + 1 where day = (select max(day) from returns_uplift)`},
	{"I2", "a surcharge on an account that pays", `update ledger_posting set account = 'credit:shp_x' where account like 'uplift:%' and journal = (select max(id) from ledger_journal where key like 'uplift:%')`},
	{"I2", "a day in another band", `update returns_uplift set band = '60-90' where day = (select max(day) from returns_uplift)`},
	{"I2", "a sum that no band makes", `update returns_return set value = value + 10000 where withdrawal <> '' and deposited is not null`},
	{"I3", "a decision that nobody was told of", `delete from flow_fact where id = (select max(id) from flow_fact where kind = 'returns.decided')`},
	{"I3", "a decision that is not final, and told", `update returns_decision set state = 'dropped' where minor = 500`},
	{"I3", "a decision that nobody pays", `delete from payment_refund where minor = 500`},
	{"I3", "a refund of another amount", `update payment_refund set minor = minor - 1 where minor = 4000`},
	{"I3", "a refund that nobody decided", `delete from returns_decision where minor = 500`},
	{"I3", "called paid before it was", `update returns_decision set paid = 1 where minor = 500`},
	{"I3", "paid, and still owed", `update returns_decision set paid = null where minor = 4000`},
	{"I3", "an exchange without goods or money", `update returns_decision set settlement = 'exchange', refund_by = 1
		where minor = 500 and exists (select 1 from payment_refund)`},
	{"I11", "a return that nobody asked for", `delete from flow_fact where id = (select max(id) from flow_fact where kind = 'returns.requested')`},
	{"I11", "received, and nobody said so", `delete from flow_fact where id = (select max(id) from flow_fact where kind = 'returns.received')`},
	{"I11", "lost, and nobody said so", `delete from flow_fact where kind = 'returns.lost'`},
	{"I11", "closed, and nobody said so", `update returns_return set state = 'closed' where state = 'decided'`},
	{"I11", "deposited without a proof", `delete from returns_deposit where sequence = 3`},
	{"I11", "deposited at another time than its proof says", `update returns_return set deposited = deposited + 1 where withdrawal <> '' and deposited is not null`},
	{"I11", "a proof that was changed", `update returns_deposit set place = 'Ailleurs' where sequence = 2`},
	{"I11", "a proof taken out of the chain", `update returns_deposit set was = '' where sequence = 2`},
	{"I11", "a proof that nobody was told of", `delete from flow_fact where id = (select max(id) from flow_fact where kind = 'returns.deposited')`},
	{"I11", "decided without a decision", `delete from returns_decision where minor > 10000`},
	{"I11", "a decision taken out of the middle", `update returns_decision set sequence = 3 where sequence = 2`},
	{"I11", "a dispute that nobody was told of", `delete from flow_fact where kind = 'returns.contested'`},
	{"I11", "settled, and nobody said so", `delete from flow_fact where kind = 'returns.dispute_settled'`},
	{"I11", "a surcharge that nobody was told of", `delete from flow_fact where id = (select max(id) from flow_fact where kind = 'returns.uplift_booked')`},
	{"I11", "a withdrawal without its return", `update returns_return set withdrawal = '' where withdrawal <> '' and deposited is not null`},
	{"I11", "a withdrawal that nobody acknowledges", `update promise_commitment set about = 'wdr_x' where kind = 'acknowledge_by' and id = (select max(id) from promise_commitment where kind = 'acknowledge_by')`},
	{"I11", "an acknowledgement past its time, and no promise broken", `update promise_commitment set state = 'open' where kind = 'acknowledge_by'`},
	{"I11", "a right to money that nobody owes", `update promise_commitment set origin = 'rule' where kind = 'refund_by' and origin = 'law'`},
	{"I11", "a statement in other words", `update returns_withdrawal set statement = statement || ' ' where id = (select max(id) from returns_withdrawal)`},
	{"I12", "a return of an order of nobody", `update returns_return set order_id = 'ord_x' where withdrawal <> '' and deposited is not null`},
	{"I12", "an article of another order", `update returns_item set line = 'lin_x' where id = (select max(id) from returns_item)`},
	{"S-17", "the inspector is the second person", `update returns_decision set second_by = decided_by where second_by <> ''`},
	{"S-17", "a second person was needed, and there was none", `update returns_decision set second_by = '' where second_by <> ''`},
	{"S-17", "who decided settles the dispute", `update returns_dispute set settler = (select min(decided_by) from returns_decision where minor = 4000)`},
	{"S-17", "a second person who gave no reason", `delete from returns_second`},
	{"S-18", "one label for two returns", `update returns_label set number = (select min(number) from returns_label)`},
	{"S-18", "a label used before anything left", `update returns_return set deposited = null, received = null where withdrawal <> '' and deposited is not null`},
	{"S-18", "a label that serves again", `update returns_label set state = 'ready' where number = (select min(number) from returns_label)`},
	{"S-18", "a label that the carrier's book does not know", `update carrier_label set number = 'X' where key = (select min(key) from carrier_label)`},
}

func TestEveryBrokenRowOfReturnsNamesItsInvariant(t *testing.T) {
	err := story.Run(t.Context(), sentBack, func(d *db.DB, clock *flow.Clock, channels notify.Channels) (story.Process, error) {
		p, err := startStory(d, clock, channels)
		p.Check = func(ctx context.Context) error {
			if err := inOrder(ctx, d); err != nil {
				return err
			}
			for _, b := range returnBreaks {
				t.Run(b.invariant+" "+b.what, func(t *testing.T) { breakRow(t, d, b.invariant, b.text) })
			}
			return nil
		}
		return p, err
	})
	if err != nil {
		t.Error(err)
	}
}

// breakRow changes a row, looks whether an invariant names itself, and takes it back.
func breakRow(t *testing.T, d *db.DB, invariant, text string) {
	t.Helper()
	undo := errors.New("undone")
	err := d.Write(t.Context(), nil, func(tx *db.Tx) error {
		if changed, err := tx.Changed(text); err != nil || !changed {
			return fmt.Errorf("nothing there to break: %w", err)
		}
		found, err := insight.VerifyIn(tx)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(found, func(v insight.Violation) bool { return v.Invariant == invariant && len(v.IDs) > 0 }) {
			return fmt.Errorf("found %+v", found)
		}
		return undo
	})
	if !errors.Is(err, undo) {
		t.Error(err)
	}
}
