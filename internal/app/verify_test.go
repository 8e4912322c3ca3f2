package app

import (
	"context"
	"errors"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/vault"
	"github.com/promesse-dev/promesse/internal/demo"
	"github.com/promesse-dev/promesse/internal/insight"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/db/dbtest"
	"github.com/promesse-dev/promesse/internal/platform/egress"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// lived is an application whose world has gone on for a while: a good database
// with something of everything in it.
func livedWorld(t *testing.T, days int) *App {
	t.Helper()
	wall := civil.At(time.Date(2026, 11, 2, 6, 0, 0, 0, time.UTC))
	clock := flow.NewClock(wall, 0, func() civil.Instant { return wall })
	d := dbtest.File(t, db.Options{Now: clock.Now, Wall: clock.Now})
	keys, err := vault.Parse([]byte(ident.Hash("test")))
	if err != nil {
		t.Fatal(err)
	}
	delivered := func(context.Context, notify.Letter) error { return nil }
	w := demo.Imagine(demo.Options{Seed: 7, Volume: 24, Conduct: demo.Rough()})
	a, err := New(Parts{
		DB: d, Clock: clock, Vault: keys, Base: "https://promesse.test", Demo: true, Channels: notify.Channels{notify.Email: delivered},
		Adapters: adaptersAt(demo.MondialRelay, demo.Colissimo), Out: egress.Options{Transport: w.Outside()}, Texts: demoTexts(),
	})
	if err != nil {
		t.Fatal(err)
	}
	a.Flow.CheckEmissions()
	server := httptest.NewServer(a.Handler)
	t.Cleanup(server.Close)
	shops, err := demo.Setup(t.Context(), a.Flow, 0.9)
	if err != nil {
		t.Fatal(err)
	}
	w.Begin(a.Flow, shops, demo.DoorAt(server.URL))
	if err := w.Advance(t.Context(), clock.Now().Add(time.Duration(days)*24*time.Hour)); err != nil {
		t.Fatal(err)
	}
	comeBack(t, a)
	return a
}

// comeBack has the first letter of a world come back.
func comeBack(t *testing.T, a *App) {
	t.Helper()
	type letter struct {
		merchant ident.Merchant
		name     string
	}
	var first letter
	err := a.Flow.Read(t.Context(), func(tx *db.Tx) (err error) {
		first, _, err = db.One(tx, `select merchant, message_id from notify_message where state = 'sent' order by id limit 1`,
			func(r db.Row) (l letter, err error) {
				err = r.Scan(&l.merchant, &l.name)
				return l, err
			})
		return err
	})
	if err == nil {
		err = a.Flow.One(t.Context(), "test", first.merchant, func(tx *flow.Tx) error {
			return notify.Bounce(tx, first.merchant, first.name, true)
		})
	}
	if err != nil {
		t.Fatal(err)
	}
}

// breaks are rows changed by hand, each in a good database, and the invariant
// that must name itself.
var breaks = []struct{ invariant, what, text string }{
	{"I1", "a posting a cent too high", `update ledger_posting set minor = minor + 1 where journal = (select max(journal) from ledger_posting)`},
	{"I1", "a journal without postings", `delete from ledger_posting where journal = (select max(journal) from ledger_posting)`},
	{"I2", "a grant ten times what was paid", `update remedy_grant set minor = minor * 10 where id = (select max(id) from remedy_grant)`},
	{"I4", "an event counted twice", `insert into tracking_event (merchant, id, connection, number, code, label, status, reason, place, party, source, trust, at, exactness, since, until, expected, location, supersedes, received, raw)
		select merchant, id || 'x', connection, number, code, label, status, reason, place, party, source, trust, at, exactness, since, until, expected, location, supersedes, received, raw
		from tracking_event where id = (select max(id) from tracking_event where not erased)`},
	{"I5", "a delivered parcel called lost", `update tracking_parcel set status = 'lost' where id = (select max(id) from tracking_parcel where status = 'delivered')`},
	{"I6", "a broken promise called kept", `update promise_commitment set state = 'kept' where id = (select max(id) from promise_commitment where state = 'broken')`},
	{"I6", "a verdict without its fact", `delete from flow_fact where id = (select max(id) from flow_fact where kind = 'promise.kept')`},
	{"I6", "a unit that nobody missed", `update promise_verdict set missing_units = missing_units + 1
		where commitment = (select max(id) from promise_commitment where kind = 'complete' and state = 'kept')`},
	{"I7", "a broken promise without a remedy", `delete from remedy_remedy where id = (select max(id) from remedy_remedy)`},
	{"I7", "a remedy that waits for ever", `update remedy_remedy set state = 'waiting', reason = '', next_at = 1 where id = (select max(id) from remedy_remedy where state = 'refused')`},
	{"I7", "a grant that was never booked", `update remedy_grant set minor = minor - 1 where id = (select max(id) from remedy_grant)`},
	{"I8", "two messages under one name", `update notify_message set message_id = (select min(message_id) from notify_message where state = 'sent') where id = (select max(id) from notify_message where state = 'sent')`},
	{"I8", "a message after the opt-out", `insert into notify_preference (merchant, shopper, topic, channel, allowed, at)
		select merchant, shopper, topic, channel, false, created - 1 from notify_message where id = (select max(id) from notify_message where state = 'sent')`},
	{"I8", "a message after the opt-out, which then came back", `insert into notify_preference (merchant, shopper, topic, channel, allowed, at)
		select merchant, shopper, topic, channel, false, created - 1 from notify_message where id = (select max(id) from notify_message where state = 'bounced')`},
	{"I9", "a place taken by nobody", `insert into lastmile_slot (merchant, service, since, until, capacity, booked)
		select merchant, 'srv_x', 1, 2, 3, 1 from order_order where id = (select max(id) from order_order)`},
	{"I9", "a place in no slot", `insert into lastmile_booking (merchant, id, order_id, shopper, service, since, until, zone, made)
		select merchant, 'bok_x', 'ord_x', shopper, 'srv_x', 1, 2, 'Europe/Paris', 1 from order_order where id = (select max(id) from order_order)`},
	{"I11", "a place that nobody booked", `insert into lastmile_booking (merchant, id, order_id, shopper, service, since, until, zone, made)
		select merchant, 'bok_x', 'ord_x', shopper, 'srv_x', 1, 2, 'Europe/Paris', 1 from order_order where id = (select max(id) from order_order)`},
	{"I9", "a place kept for a change, in no slot", `insert into lastmile_change (merchant, id, key, order_id, shopper, other, parcel, connection, service, number, what, since, until, slot, held, zone, point, words, state, reason, said, asked, answer_by, changed)
		select merchant, 'chg_x', 'k', id, shopper, '', '', 'con_x', 'srv_x', '', 'reschedule', 1, 2, true, true, 'Europe/Paris', '', '', 'asked', '', '', 1, 2, 1 from order_order where id = (select max(id) from order_order)`},
	{"I11", "a change that was accepted, and nobody said so", `insert into lastmile_change (merchant, id, key, order_id, shopper, other, parcel, connection, service, number, what, since, until, slot, held, zone, point, words, state, reason, said, asked, answer_by, changed)
		select merchant, 'chg_x', 'k', id, shopper, '', '', 'con_x', 'srv_x', '', 'neighbour', null, null, false, false, 'Europe/Paris', '', '', 'accepted', '', '', 1, 2, 1 from order_order where id = (select max(id) from order_order)`},
	{"I12", "a change of an order of nobody", `insert into lastmile_change (merchant, id, key, order_id, shopper, other, parcel, connection, service, number, what, since, until, slot, held, zone, point, words, state, reason, said, asked, answer_by, changed)
		select merchant, 'chg_x', 'k', 'ord_x', shopper, '', '', 'con_x', 'srv_x', '', 'neighbour', null, null, false, false, 'Europe/Paris', '', '', 'accepted', '', '', 1, 2, 1 from order_order where id = (select max(id) from order_order)`},
	{"I6", "an accepted change that amended nothing", `insert into lastmile_change (merchant, id, key, order_id, shopper, other, parcel, connection, service, number, what, since, until, slot, held, zone, point, words, state, reason, said, asked, answer_by, changed)
		select merchant, 'chg_x', 'k', id, shopper, '', '', 'con_x', 'srv_x', '', 'reschedule', 1, 2, false, false, 'Europe/Paris', '', '', 'accepted', '', '', 1, 2, 1 from order_order where id = (select max(id) from order_order)`},
	{"I6", "a parcel taken back, and no withdrawal from its order", `insert into lastmile_change (merchant, id, key, order_id, shopper, other, parcel, connection, service, number, what, since, until, slot, held, zone, point, words, state, reason, said, asked, answer_by, changed)
		select merchant, 'chg_x', 'k', id, shopper, '', '', 'con_x', 'srv_x', '', 'cancel', null, null, false, false, 'Europe/Paris', '', '', 'accepted', '', '', 1, 2, 1 from order_order where id = (select max(order_id) from promise_commitment where kind = 'deliver_by' and state = 'open')`},
	{"I6", "a promise amended for something else than a change", `update flow_fact set cause = (select max(id) from flow_fact where kind = 'order.placed')
		where id = (select max(id) from flow_fact where kind = 'promise.amended')`},
	{"I6", "another door without its address", `insert into lastmile_change (merchant, id, key, order_id, shopper, other, parcel, connection, service, number, what, since, until, slot, held, zone, point, words, state, reason, said, asked, answer_by, changed)
		select merchant, 'chg_x', 'k', id, shopper, '', '', 'con_x', 'srv_x', '', 'address', null, null, false, false, 'Europe/Paris', '', '', 'refused', '', '', 1, 2, 1 from order_order where id = (select max(id) from order_order)`},
	{"I11", "a courier who asked, and nobody heard it", `insert into lastmile_early (merchant, id, booking, at, asked, accepted)
		select merchant, 'ear_x', 'bok_x', 2, 1, false from order_order where id = (select max(id) from order_order)`},
	{"I12", "a place for an order of nobody", `insert into lastmile_booking (merchant, id, order_id, shopper, service, since, until, zone, made)
		select merchant, 'bok_x', 'ord_x', shopper, 'srv_x', 1, 2, 'Europe/Paris', 1 from order_order where id = (select max(id) from order_order)`},
	{"I11", "a letter that came back, and nobody said so", `update notify_message set state = 'bounced' where id = (select max(id) from notify_message where state = 'sent')`},
	{"I11", "a letter refused, and nobody said so", `update notify_message set state = 'failed' where id = (select max(id) from notify_message where state = 'sent')`},
	{"I11", "a letter sent, and nobody said so", `delete from flow_fact where id = (select max(id) from flow_fact where kind = 'notify.sent')`},
	{"I11", "an order nobody placed", `delete from flow_fact where id = (select max(id) from flow_fact where kind = 'order.placed')`},
	{"I11", "a shortage that nobody declared", `insert into order_shortage (merchant, id, order_id, shopper, said_by, damaged, at)
		select merchant, 'sho_nobody', id, shopper, 'shopper', false, placed from order_order where id = (select max(id) from order_order)`},
	{"I11", "somebody who waits, and is owed nothing", `insert into desk_conversation (merchant, id, key, order_id, shopper, via, source, locale, state, question, opened, since, answer_by, value, currency, said)
		select merchant, 'cnv_x', 'x', id, shopper, 'page', '', 'fr', 'waiting', 'sai_x', 1, 1, 2, 0, 'EUR', 0 from order_order where id = (select max(id) from order_order)`},
	{"I11", "a machine that answered", `insert into desk_said (merchant, conversation, sequence, id, party, actor, via, source, words, photos, at)
		select merchant, 'cnv_x', 1, 'sai_x', 'merchant', 'clock', 'page', '', 'Bip.', 'null', 1 from order_order where id = (select max(id) from order_order)`},
	{"I11", "a claim that nobody owes a decision", `insert into desk_claim (merchant, id, key, order_id, parcel, shopper, what, locale, state, opened, opener, question, answer_by, value, currency, outcome, liable, decider, said)
		select merchant, 'clm_x', 'x', id, '', shopper, 'late', 'fr', 'open', 1, 'x', 'sai_x', 2, 0, 'EUR', '', '', '', 0 from order_order where id = (select max(id) from order_order)`},
	{"I11", "a claim decided, and nobody said so", `delete from flow_fact where id = (select max(id) from flow_fact where kind = 'desk.claim_decided')`},
	{"I11", "a claim contested, and nobody said so", `update desk_claim set state = 'contested' where id = (select max(id) from desk_claim where state = 'decided')`},
	{"I11", "a claim that counts as decided, and is owed a decision", `update desk_claim set state = 'decided', outcome = 'full' where id = (select max(id) from desk_claim where state = 'open')`},
	{"I11", "a decision that nobody wrote down", `delete from desk_claim_said where act = 'decided' and claim = (select max(id) from desk_claim where state = 'decided')`},
	{"I11", "a claim decided by whoever raised it", `update desk_claim set opener = decider where id = (select max(id) from desk_claim where state = 'decided')`},
	{"I6", "a contested scan whose claim is about something else", `update desk_claim set what = 'late' where id = (select max(claim) from promise_contest where state = 'open')`},
	{"I6", "a scan contested, and no mark of it", `delete from promise_contest where claim = (select max(claim) from promise_contest)`},
	{"I6", "an upheld contest that counts as dismissed", `update promise_contest set state = 'dismissed' where claim = (select max(claim) from promise_contest where state = 'upheld')`},
	{"I8", "an SMS after STOP", `insert into notify_suppressed (merchant, contact, message, at)
		select merchant, contact, '', created - 1 from notify_message where id = (select max(id) from notify_message where channel = 'sms' and state = 'sent')`},
	{"I6", "a contest of nobody's", `insert into promise_contest (merchant, claim, order_id, parcel, what, state, liable, since, at)
		select merchant, 'clm_x', id, '', 'lost', 'open', '', 1, 1 from order_order where id = (select max(id) from order_order)`},
	{"I6", "a promise left out of the measures, that nobody contests", `update promise_commitment set contested = 1
		where id = (select max(id) from promise_commitment where state = 'kept' and order_id not in (select order_id from promise_contest))`},
	{"I12", "a claim about an order of nobody", `insert into desk_claim (merchant, id, key, order_id, parcel, shopper, what, locale, state, opened, opener, question, answer_by, value, currency, outcome, liable, decider, said)
		select merchant, 'clm_x', 'x', 'ord_x', '', shopper, 'late', 'fr', 'open', 1, 'x', 'sai_x', 2, 0, 'EUR', '', '', '', 0 from order_order where id = (select max(id) from order_order)`},
	{"I11", "an opinion without its answer", `insert into survey_asking (merchant, order_id, kind, shopper, state, since, version)
		select merchant, id, 'refund', shopper, 'answered', 1, 3 from order_order where id = (select max(id) from order_order)`},
	{"I11", "a fact without an actor", `update flow_fact set actor = '' where id = (select max(id) from flow_fact)`},
	{"I12", "an order of another shop's customer", `update order_order set shopper = 'shp_elsewhere' where id = (select max(id) from order_order)`},
}

func TestEveryBrokenRowNamesItsInvariant(t *testing.T) {
	a := livedWorld(t, 7)
	if found, err := insight.Verify(t.Context(), a.Flow.DB()); err != nil || len(found) > 0 {
		t.Fatalf("a good database is called bad: %+v, %v", found, err)
	}
	checkMeasures(t, a)
	undo := errors.New("undone")
	for _, b := range breaks {
		t.Run(b.invariant+" "+b.what, func(t *testing.T) {
			var found []insight.Violation
			err := a.Flow.DB().Write(t.Context(), nil, func(tx *db.Tx) error {
				changed, err := tx.Changed(b.text)
				if err != nil {
					return err
				}
				if !changed {
					t.Error("nothing there to break")
				}
				if found, err = insight.VerifyIn(tx); err != nil {
					return err
				}
				return undo
			})
			if !errors.Is(err, undo) {
				t.Fatal(err)
			}
			named := slices.ContainsFunc(found, func(v insight.Violation) bool { return v.Invariant == b.invariant && len(v.IDs) > 0 })
			if !named {
				t.Errorf("found %+v", found)
			}
		})
	}
}
