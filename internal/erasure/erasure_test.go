package erasure_test

import (
	"bufio"
	"cmp"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/erasure"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
	people "github.com/promesse-dev/promesse/internal/shopper"
)

// fate is what becomes of a column when a shopper is erased.
type fate string

const (
	none   fate = "none"
	erased fate = "erased"
	gone   fate = "gone"
	kept   fate = "kept"
)

// declared reads testdata/columns.txt: table.column and its fate.
func declared(t *testing.T) map[string]fate {
	t.Helper()
	f, err := os.Open("testdata/columns.txt")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	all := map[string]fate{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		line := lines.Text()
		if line == "" || line[0] == '#' {
			continue
		}
		head, columns, ok := strings.Cut(line, ": ")
		table, what, named := strings.Cut(head, " ")
		if !ok || !named {
			t.Fatalf("not a declaration: %q", line)
		}
		columns, why, _ := strings.Cut(columns, " (")
		if fate(what) == kept && why == "" || !slices.Contains([]fate{none, erased, gone, kept}, fate(what)) {
			t.Errorf("%q does not say why, or what", line)
		}
		for _, c := range strings.Fields(columns) {
			if name := table + "." + c; all[name] == "" {
				all[name] = fate(what)
			} else {
				t.Errorf("%s is declared twice", name)
			}
		}
	}
	return all
}

// column is one that holds text or bytes, or another.
type column struct{ table, name, kind string }

func (c column) words() bool { return c.kind == "text" || c.kind == "bytea" }

// columns are those of the whole database.
func columns(tx *db.Tx, engine string) ([]column, error) {
	q := `select m.name, c.name, lower(c.type) from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table' and m.name not like 'sqlite%'`
	if engine == "postgres" {
		q = `select table_name, column_name, data_type from information_schema.columns where table_schema = 'public'`
	}
	all, err := db.All(tx, q, func(r db.Row) (c column, err error) {
		err = r.Scan(&c.table, &c.name, &c.kind)
		return c, err
	})
	return slices.DeleteFunc(all, func(c column) bool { return strings.HasPrefix(c.table, "goose") }), err
}

// A column that holds words is declared: it says nothing about anybody, or it has
// what erases it, or there is a reason to keep it.
func TestEveryColumnOfWordsIsDeclared(t *testing.T) {
	w, all := flowtest.New(t), declared(t)
	w.See(func(tx *db.Tx) error {
		there, err := columns(tx, w.DB().Engine())
		known := map[string]bool{}
		for _, c := range there {
			name := c.table + "." + c.name
			if known[name] = true; c.words() && all[name] == "" {
				t.Errorf("%s holds words, and testdata/columns.txt does not say what becomes of them", name)
			}
		}
		for name := range all {
			if !known[name] {
				t.Errorf("testdata/columns.txt declares %s, which there is not", name)
			}
		}
		return err
	})
}

// mark is what stands in a column that is to be erased.
func mark(table, column string) string { return "marque-" + table + "-" + column }

// planted is one shopper of one shop of whom every table knows something.
type planted struct {
	*flowtest.World
	m       ident.Merchant
	s       ident.Shopper
	order   ident.Order
	columns map[string][]column
	fates   map[string]fate
	tag     string
}

// row inserts a row: what is given, a mark in each column that is to be erased, and
// nothing in the others.
func (p *planted) row(tx *flow.Tx, table string, given map[string]any) error {
	var names, places []string
	var values []any
	for _, c := range p.columns[table] {
		v, said := given[c.name]
		f := p.fates[table+"."+c.name]
		switch {
		case said && v == nil:
			continue
		case said:
		case f == erased:
			v = mark(table, c.name)
		case c.name == "merchant":
			v = p.m
		case c.words():
			v = ""
		case c.kind == "boolean":
			v = false
		default:
			v = 0
		}
		switch text := v.(type) {
		case string:
			v = p.tagged(text)
		case []byte:
			v = []byte(p.tagged(string(text)))
		}
		names, values = append(names, c.name), append(values, v)
		places = append(places, fmt.Sprintf("$%d", len(values)))
	}
	return tx.Do(fmt.Sprintf("insert into %s (%s) values (%s)", table, strings.Join(names, ", "), strings.Join(places, ", ")), values...)
}

// document keeps a document that bears a mark.
func (p *planted) document(tx *flow.Tx, id string) error {
	return p.row(tx, "blob_document", map[string]any{"id": id, "content_type": "image/png", "size": 1, "body": []byte("marque-" + id), "about": ""})
}

// mailbox is the shopper's address; in lower case, as it is looked for.
func (p *planted) mailbox() string { return p.tagged("marque-shopper_contact-email@example.org") }

// tagged makes marks this shop's own: tests may share a database.
func (p *planted) tagged(text string) string {
	return strings.NewReplacer("marque-", "marque-"+p.tag+"-", "Marque-", "Marque-"+p.tag+"-").Replace(text)
}

// plant has every table that knows anything of a shopper say it.
func plant(t *testing.T) *planted {
	t.Helper()
	p := &planted{World: flowtest.New(t), fates: declared(t), columns: map[string][]column{}}
	p.m = p.Merchant()
	p.See(func(tx *db.Tx) error {
		all, err := columns(tx, p.DB().Engine())
		p.columns = map[string][]column{}
		for _, c := range all {
			p.columns[c.table] = append(p.columns[c.table], c)
		}
		return err
	})
	end := string(p.m)[4:]
	p.tag = end[len(end)-10:]
	p.s, p.order = ident.Shopper("shp_"+end), ident.Order("ord_"+end)
	rows := p.rows(end)
	for f, name := range swap(p.fates) {
		if f.fate == erased && rows[f.table] == nil && f.table != "blob_document" && f.table != "api_idempotency" {
			t.Errorf("nobody plants anything in %s", name)
		}
	}
	p.Do(p.m, func(tx *flow.Tx) error {
		for _, id := range documents {
			if err := p.document(tx, id+"_"+end); err != nil {
				return err
			}
		}
		for id, about := range map[string]string{"blb_mail_": string(p.s), "blb_nobodys_": ""} {
			body := []byte("From: Claire <marque-shopper_contact-email@example.org>\r\n\r\nmarque-mail")
			if err := p.row(tx, "blob_document", map[string]any{"id": id + end, "content_type": "message/rfc822", "size": 1, "body": body, "about": about}); err != nil {
				return err
			}
		}
		for _, table := range slices.Sorted(maps.Keys(rows)) {
			for _, r := range rows[table] {
				if err := p.row(tx, table, r); err != nil {
					return fmt.Errorf("%s: %w", table, err)
				}
			}
		}
		return nil
	})
	return p
}

type place struct {
	fate  fate
	table string
	name  string
}

func swap(all map[string]fate) map[place]string {
	out := map[place]string{}
	for name, f := range all {
		table, column, _ := strings.Cut(name, ".")
		out[place{f, table, column}] = name
	}
	return out
}

// documents are the photos and papers that rows lead to.
var documents = []string{"blb_said", "blb_claim", "blb_item", "blb_found", "blb_dispute", "blb_stray", "blb_reason", "blb_label", "blb_issued", "blb_visit", "blb_public", "blb_stranger"}

// rows are what is known of the shopper, table by table.
func (p *planted) rows(end string) map[string][]map[string]any {
	s, o, ret, parcel := string(p.s), string(p.order), "ret_"+end, "par_"+end
	list := func(id string) string { return `["` + id + "_" + end + `"]` }
	one := func(r map[string]any) []map[string]any { return []map[string]any{r} }
	fresh, mailbox := int64(p.Clock().Wall()), "marque-shopper_contact-email@example.org"
	return map[string][]map[string]any{
		"shopper_contact": one(map[string]any{"id": s, "folded": mailbox, "email": mailbox, "locale": "fr", "erased": nil}),
		"shopper_person":  one(map[string]any{"contact": ident.Hash("email:" + p.mailbox()), "id": "per_" + end}),
		"shopper_consent": one(map[string]any{"shopper": s, "number": 1, "person": "per_" + end, "wording": "J'accepte.", "withdrawn": nil}),
		"shopper_link":    one(map[string]any{"hash": "l" + end, "shopper": s, "used": nil}),
		"shopper_code":    one(map[string]any{"shopper": s, "number": 1, "used": nil}),
		"shopper_signin":  one(map[string]any{"hash": "i" + end, "folded": mailbox, "used": nil}),
		"shopper_session": one(map[string]any{"hash": "s" + end, "folded": mailbox}),
		"shopper_move": {
			{"hash": "m" + end, "folded": mailbox, "email": "Marque-Other@example.org", "used": nil},
			{"hash": "n" + end, "folded": "somebody@example.org", "email": "Marque-shopper_contact-email@example.org", "used": nil},
		},
		"order_order":    one(map[string]any{"id": o, "reference": "E-1", "shopper": s, "locale": "fr", "state": "cancelled", "currency": "EUR", "cancelled": 1}),
		"order_address":  {{"order_id": o, "purpose": "ship", "country": "FR"}, {"order_id": o, "purpose": "bill", "country": "FR"}},
		"order_parcel":   one(map[string]any{"id": parcel, "order_id": o, "shopper": s, "direction": "out", "connection": "con_1", "number": "N" + end, "country": "FR", "in_hand": 1}),
		"order_share":    one(map[string]any{"id": "sha_" + end, "order_id": o, "parcel": parcel, "ended": nil}),
		"tracking_leg":   one(map[string]any{"connection": "con_1", "number": "N" + end, "parcel": parcel}),
		"tracking_event": {p.event(end, "a"), p.event(end, "b")},
		"tracking_raw": {
			p.raw("raw_a"+end, "read", "livré à marque-raw"), p.raw("raw_twice"+end, "read", "encore marque-again"),
			p.raw("raw_half"+end, "partly", "marque-half N"+end), p.raw("raw_null"+end, "unread", "marque-unread N"+end),
		},
		"tracking_mention": one(map[string]any{"connection": "con_1", "number": "N" + end, "raw": "raw_twice" + end}),
		"notify_message": one(map[string]any{
			"id": "msg_" + end, "shopper": s, "channel": "email", "topic": "order_confirmed", "cause": "c", "orderid": o, "decision": "send",
			"reason": "first", "state": "queued", "accepted_at": nil, "not_before": nil,
		}),
		"notify_device":   one(map[string]any{"id": "dev_" + end, "shopper": s, "endpoint": "https://push.example/marque-endpoint"}),
		"relay_favourite": one(map[string]any{"shopper": s, "point": "pnt_1"}),
		"desk_conversation": {{
			"id": "cnv_public" + end, "key": "p" + end, "via": "public", "source": "https://avis.example/marque-4", "locale": "fr", "state": "waiting", "currency": "EUR", "said": 1, "strange": nil, "since": fresh, "answer_by": 1,
		}, {
			"id": "cnv_other" + end, "key": "o" + end, "shopper": "shp_other", "source": "", "via": "mail", "locale": "fr", "state": "answered", "currency": "EUR", "said": 1, "since": fresh, "answer_by": 1,
		}, {
			"id": "cnv_" + end, "key": "k" + end, "order_id": o, "shopper": s, "via": "mail", "locale": "fr", "state": "waiting", "currency": "EUR", "said": 1, "strange": nil, "since": fresh, "answer_by": 1,
		}},
		"desk_said": {
			{"conversation": "cnv_" + end, "sequence": 1, "id": "sai_" + end, "party": "shopper", "via": "mail", "photos": list("blb_said")},
			{"conversation": "cnv_public" + end, "sequence": 1, "id": "sai_p" + end, "party": "shopper", "via": "public", "source": "https://avis.example/marque-4", "words": "Écrivez-moi : <" + strings.ToUpper(p.mailbox()) + ">.", "photos": list("blb_public")},
			{"conversation": "cnv_other" + end, "sequence": 1, "id": "sai_o" + end, "party": "unknown", "via": "mail", "source": mailbox, "words": "marque-stranger", "photos": list("blb_stranger")},
		},
		"desk_claim": one(map[string]any{"id": "clm_" + end, "key": "k" + end, "order_id": o, "shopper": s, "what": "other", "state": "closed"}),
		"desk_claim_said": one(map[string]any{
			"claim": "clm_" + end, "sequence": 1, "id": "sai_c" + end, "act": "opened", "party": "shopper", "photos": list("blb_claim"),
		}),
		"survey_answer":    one(map[string]any{"order_id": o, "kind": "delivery", "version": 1, "shopper": s, "score": 3}),
		"lastmile_change":  one(map[string]any{"id": "chg_" + end, "key": "k", "order_id": o, "shopper": s, "what": "neighbour", "state": "refused", "since": nil, "until": nil}),
		"lastmile_address": one(map[string]any{"change": "chg_" + end, "side": "to"}),
		"lastmile_stop":    one(map[string]any{"id": "stp_" + end, "day": "2026-03-02", "order_id": o}),
		"lastmile_visit": one(map[string]any{
			"id": "vis_" + end, "device": "dev_1", "client": "c" + end, "stop": "stp_" + end, "order_id": o, "act": "delivered", "proof": "photo",
			"picture": "blb_visit_" + end, "outcome": "done", "expected": nil, "said": nil,
		}),
		"payment_means":   one(map[string]any{"order_id": o, "provider": "offline"}),
		"carrier_inquiry": one(map[string]any{"id": "inq_" + end, "order_id": o, "state": "answered"}),
		"carrier_label":   one(map[string]any{"key": ret + "/pdf_a4", "id": "lab_" + end, "state": "issued", "attempts": 1, "document": "blb_issued_" + end}),
		"returns_return": one(map[string]any{
			"id": ret, "key": "k" + end, "order_id": o, "shopper": s, "ground": "policy", "route": "post", "settlement": "refund", "state": "closed", "units": 1,
			"currency": "EUR", "zone": "Europe/Paris", "doubts": "null", "pickup": nil, "missed_at": nil, "next_at": nil, "uplift_at": nil,
		}),
		"returns_item":    one(map[string]any{"return_id": ret, "id": "1", "units": 1, "photos": list("blb_item")}),
		"returns_finding": one(map[string]any{"return_id": ret, "id": "1", "outcome": "restock", "photos": list("blb_found")}),
		"returns_dispute": one(map[string]any{"id": "dsp_" + end, "return_id": ret, "opened_by": "shopper", "state": "rejected", "settled": 1}),
		"returns_said":    one(map[string]any{"dispute": "dsp_" + end, "sequence": 1, "photos": list("blb_dispute")}),
		"returns_label":   one(map[string]any{"return_id": ret, "format": "pdf_a4", "state": "void", "document": "blb_label_" + end}),
		"returns_stray":   one(map[string]any{"number": "N" + end, "return_id": ret, "settled": 1, "photos": list("blb_stray")}),
		"returns_second":  one(map[string]any{"return_id": ret, "sequence": 1, "verb": "approve"}),
		"returns_decision": one(map[string]any{
			"id": "dec_" + end, "return_id": ret, "order_id": o, "sequence": 1, "state": "final", "outcome": "partial", "currency": "EUR", "day": "2026-03-02",
			"reasons": `[{"code":"worn","note":"marque-note","photos":` + list("blb_reason") + `}]`,
		}),
		"returns_withdrawal": {
			{"id": "wdr_" + end, "key": "k" + end, "order_id": o, "shopper": s, "acknowledged": 1},
			{"id": "wdr_public" + end, "key": "p" + end, "email": mailbox, "acknowledged": 1},
		},
		"returns_demand": one(map[string]any{"id": "dem_" + end, "order_id": o, "shopper": s, "next_at": nil, "resolved": 1}),
		"flow_errand":    one(map[string]any{"id": "err_" + end, "kind": "returns.Label", "key": ret + "/pdf_a4", "body": "{}", "state": "parked", "next": fresh}),
		"flow_fact":      one(map[string]any{"id": "fac_" + end, "kind": "order.placed", "occurrence": o, "subject": o, "body": `{"order":"` + o + `","shopper":"` + s + `"}`}),
		"flow_parked":    one(map[string]any{"fact": "fac_" + end, "reaction": "notify.Consider"}),
	}
}

func (p *planted) event(end, which string) map[string]any {
	return map[string]any{
		"id": "evt_" + which + end, "connection": "con_1", "number": "N" + end, "status": "in_transit", "source": "carrier", "trust": "claimed",
		"label": mark("tracking_event", "label") + which, "exactness": "exact", "raw": "raw_a" + end, "erased": false, "expected": nil,
	}
}

func (p *planted) raw(id, state, body string) map[string]any {
	return map[string]any{"id": id, "connection": "con_1", "hash": id, "trust": "claimed", "state": state, "body": body}
}

// found lists where marks stand, of this shop alone: tests may share a database.
func (p *planted) found() (all []string) {
	p.See(func(tx *db.Tx) error {
		all = nil
		for table, cs := range p.columns {
			for _, c := range cs {
				if !c.words() {
					continue
				}
				of := ""
				if slices.ContainsFunc(cs, func(c column) bool { return c.name == "merchant" }) {
					of = fmt.Sprintf(" and merchant = '%s'", p.m)
				}
				texts, err := db.All(tx, fmt.Sprintf("select %[1]s from %[2]s where %[1]s is not null%[3]s", c.name, table, of), db.Scalar[[]byte])
				if err != nil {
					return err
				}
				for _, text := range texts {
					if strings.Contains(strings.ToLower(string(text)), "marque-"+p.tag) {
						all = append(all, table+"."+c.name)
					}
				}
			}
		}
		return nil
	})
	slices.Sort(all)
	return slices.Compact(all)
}

// S-21: a person of whom every store knows something is erased, and nothing of them
// is found in any column of any table.
func TestNothingIsLeftOfWhoWasErased(t *testing.T) {
	p := plant(t)
	before := p.found()
	for name, f := range p.fates {
		table, _, _ := strings.Cut(name, ".")
		if f == erased && table != "api_idempotency" && !slices.Contains(before, name) && !led[name] {
			t.Errorf("nothing was planted in %s", name)
		}
	}
	if marks := len(before) + len(documents); marks < 60 {
		t.Errorf("only %d marks", marks)
	}
	var was people.Contact
	p.Do(p.m, func(tx *flow.Tx) (err error) {
		was, err = erasure.Erase(tx, p.m, p.s)
		return err
	})
	if was.Email != p.mailbox() {
		t.Errorf("it was %q", was.Email)
	}
	if left := p.found(); len(left) > 0 {
		t.Errorf("left: %s", strings.Join(left, " "))
	}
	p.See(func(tx *db.Tx) error {
		for _, table := range []string{"blob_document", "notify_device", "relay_favourite", "shopper_link", "shopper_code"} {
			n, _, err := db.One(tx, "select count(*) from "+table+" where merchant = $1", db.Scalar[int], p.m)
			if err != nil || n != 0 {
				t.Errorf("%s: %d rows, %v", table, n, err)
			}
		}
		return nil
	})
	p.told()
	p.Do(p.m, func(tx *flow.Tx) error { // once more
		again, err := erasure.Erase(tx, p.m, p.s)
		if again.Email != "" {
			t.Errorf("erased twice: %+v", again)
		}
		return err
	})
}

// led are the columns to be erased that lead to a document instead of bearing words.
var led = map[string]bool{
	"desk_said.photos": true, "desk_claim_said.photos": true, "lastmile_visit.picture": true, "carrier_label.document": true, "returns_item.photos": true,
	"returns_finding.photos": true, "returns_said.photos": true, "returns_label.document": true, "returns_stray.photos": true,
}

// told checks that the facts say so, by ids alone.
func (p *planted) told() {
	p.See(func(tx *db.Tx) error {
		facts, err := flow.Timeline(tx, p.m, string(p.s))
		i := slices.IndexFunc(facts, func(f flow.Fact) bool { return f.Body == fact.ShopperErased{Shopper: p.s, Orders: 1} })
		if err != nil || i < 0 {
			p.T.Errorf("facts of the shopper: %+v, %v", facts, err)
		}
		facts, err = flow.Timeline(tx, p.m, string(p.order))
		if err != nil || !slices.ContainsFunc(facts, func(f flow.Fact) bool { return f.Body == fact.OrderErased{Order: p.order, Shopper: p.s} }) {
			p.T.Errorf("facts of the order: %+v, %v", facts, err)
		}
		return err
	})
}

// What is under way needs the data: it is told what that is, and nothing is erased.
func TestWhatIsUnderWayIsWaitedFor(t *testing.T) {
	for _, row := range []struct {
		what, sql string
		want      erasure.Why
	}{
		{"a parcel on its way", `update order_order set state = 'placed', cancelled = null, placed = cast($2 as bigint) where merchant = $1`, erasure.Delivery},
		{"a question nobody answered", `update desk_conversation set answer_by = cast($2 as bigint) + 1 where merchant = $1`, erasure.Answer},
		{"a return that nobody received", `update returns_return set state = 'deposited', refund_by = cast($2 as bigint) + 1 where merchant = $1`, erasure.Return},
	} {
		t.Run(row.what, func(t *testing.T) {
			p := plant(t)
			p.Do(p.m, func(tx *flow.Tx) error {
				if row.want == erasure.Delivery {
					if err := tx.Do(`update order_parcel set in_hand = null where merchant = $1`, p.m); err != nil {
						return err
					}
				}
				return tx.Do(row.sql, p.m, int64(tx.Now))
			})
			before := p.found()
			err := p.Try(p.m, func(tx *flow.Tx) error {
				_, err := erasure.Erase(tx, p.m, p.s)
				return err
			})
			if all := fault.All(err); len(all) != 2 || all[0].Code != "erasure_waits" || all[1].Code != "erasure_"+string(row.want) || all[1].Args["until"] == nil {
				t.Fatalf("%v", err)
			}
			if !slices.Equal(before, p.found()) {
				t.Error("something was erased")
			}
			p.See(func(tx *db.Tx) error {
				holds, err := erasure.UnderWay(tx, p.m, p.s)
				if len(holds) != 1 || holds[0].Why != row.want || holds[0].Until <= tx.Now {
					t.Errorf("%+v, %v", holds, err)
				}
				return nil
			})
		})
	}
}

// More orders than one transaction erases are erased page by page.
func TestManyOrdersAreErasedPageByPage(t *testing.T) {
	p := plant(t)
	const many = 1203
	p.Handle(erasure.Errand())
	p.Do(p.m, func(tx *flow.Tx) error {
		for i := range many {
			id := fmt.Sprintf("ord_0%s%06d", string(p.m)[10:], i)
			if err := p.row(tx, "order_order", map[string]any{"id": id, "reference": id, "shopper": string(p.s), "locale": "fr", "state": "cancelled", "currency": "EUR", "cancelled": 1}); err != nil {
				return err
			}
			if err := p.row(tx, "order_address", map[string]any{"order_id": id, "purpose": "ship", "country": "FR"}); err != nil {
				return err
			}
		}
		return nil
	})
	p.Do(p.m, func(tx *flow.Tx) error {
		_, err := erasure.Erase(tx, p.m, p.s)
		return err
	})
	p.Quiet()
	if left := p.found(); len(left) > 0 {
		t.Errorf("left: %s", strings.Join(left, " "))
	}
	p.See(func(tx *db.Tx) error {
		facts, err := flow.Timeline(tx, p.m, string(p.s))
		last := slices.MaxFunc(facts, func(a, b flow.Fact) int { return cmp.Compare(a.ID, b.ID) })
		if b, is := last.Body.(fact.ShopperErased); err != nil || !is || b.Orders != many+1 {
			t.Errorf("%+v, %v", last, err)
		}
		return nil
	})
}

// A backup knows whoever was erased since it was made, and perhaps something under
// way: they are erased again, and nothing is left.
func TestWhoIsBackFromABackupIsErasedAgain(t *testing.T) {
	p := plant(t)
	p.Do(p.m, func(tx *flow.Tx) error {
		if err := tx.Do(`update order_parcel set in_hand = null where merchant = $1`, p.m); err != nil {
			return err
		}
		return tx.Do(`update order_order set state = 'placed', cancelled = null, placed = cast($2 as bigint) where merchant = $1`, p.m, int64(tx.Now))
	})
	p.Do(p.m, func(tx *flow.Tx) error {
		_, err := erasure.Again(tx, p.m, p.s)
		return err
	})
	if left := p.found(); len(left) > 0 {
		t.Errorf("left: %s", strings.Join(left, " "))
	}
	p.See(func(tx *db.Tx) error {
		all, err := people.Erasures(tx)
		if !slices.ContainsFunc(all, func(e people.Erasure) bool { return e.Merchant == p.m && e.Shopper == p.s && e.At != 0 }) {
			t.Errorf("the list of who was erased: %+v", all)
		}
		return err
	})
}
