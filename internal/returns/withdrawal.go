package returns

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/mailbox"
	"github.com/promesse-dev/promesse/internal/core/text"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Renouncing is a consumer's statement that they withdraw (Code de la
// consommation, articles L221-21 and D221-5). Nothing but the three texts may be
// asked of them.
type Renouncing struct {
	Key      string             // of the form that was sent; empty: the statement's own words
	Order    ident.Order        // as far as it is known whose contract it is; may be empty
	Name     string             //
	Contract string             // what identifies it, as written
	Email    string             // where the acknowledgement goes
	Units    map[ident.Line]int // nil: all of it
	Recalled bool               // its carrier takes the goods back on their way: there is nothing to send
}

// Withdrawal is a statement as it was received. It is never changed.
type Withdrawal struct {
	ID            ident.Withdrawal
	Order         ident.Order
	Shopper       ident.Shopper
	Name          string
	Contract      string
	Email         string
	Statement     string // the whole of it, with the instant: what the hash is of
	Hash          string // SHA-256 of Statement, in hexadecimal
	Sent          civil.Instant
	InTime        bool
	Until         civil.Instant // until when it could be sent, exclusive; zero: no time runs yet, or the order is not known
	Notice        ident.Policy  // what had been told of the right; empty: nothing
	Units         int
	Return        ident.Return  // opened for it; empty when nothing was sent
	SendBackBy    civil.Instant // exclusive; zero when nothing was sent
	RefundBy      civil.Instant // exclusive: fourteen days after the statement
	AcknowledgeBy civil.Instant // exclusive
	Acknowledged  civil.Instant
	Lines         []Renounced
}

// Renounced is units of a line withdrawn from.
type Renounced struct {
	Line     ident.Line
	Units    int
	Excluded string // why the law leaves the line out, as told before the purchase; empty: it does not
}

// acknowledge is how long the acknowledgement may take: "sans retard excessif".
const acknowledge = 24 * time.Hour

// Withdraw takes a consumer's statement, whatever else is down: it needs nothing
// but its own tables and, where the order is known, the order read. What came too
// late, or names lines the law leaves out, is kept and acknowledged all the same,
// and says so. The same statement under the same key is one, and fresh is false.
//
// The faults are not_found at order, field_required, field_too_long,
// invalid_utf8, email_invalid, unknown_line, negative_quantity and
// too_many_to_return.
func Withdraw(tx *flow.Tx, m ident.Merchant, in Renouncing) (w Withdrawal, fresh bool, err error) {
	if err := in.check(); err != nil {
		return Withdrawal{}, false, err
	}
	if before, ok, err := db.One(tx.Tx, sqlWithdrawalByKey, scanWithdrawal, m, in.Key); err != nil || ok {
		if err != nil {
			return Withdrawal{}, false, err
		}
		ws, err := renouncedLines(tx.Tx, m, []Withdrawal{before})
		return ws[0], false, err
	}
	w = Withdrawal{
		ID: ident.New[ident.Withdrawal](tx.Mint), Order: in.Order, Name: in.Name, Contract: in.Contract, Email: in.Email, Sent: tx.Now,
		InTime: true, AcknowledgeBy: tx.Now.Add(acknowledge),
	}
	if err := w.know(tx, m, in); err != nil {
		return Withdrawal{}, false, err
	}
	if err := w.write(tx, m, in.Key); err != nil {
		return Withdrawal{}, false, err
	}
	subject := string(w.Order)
	if subject == "" {
		subject = string(w.ID)
	}
	return w, true, tx.Emit(m, subject, string(w.ID), fact.Withdrawn{
		Withdrawal: w.ID, Return: w.Return, Order: w.Order, Shopper: w.Shopper, Units: w.Units, At: w.Sent, Hash: w.Hash, InTime: w.InTime,
		AcknowledgeBy: w.AcknowledgeBy, RefundBy: w.RefundBy,
	})
}

func (in *Renouncing) check() error {
	var faults fault.List
	in.Name, in.Contract, in.Email = strings.TrimSpace(in.Name), strings.TrimSpace(in.Contract), strings.TrimSpace(in.Email)
	text.Required(&faults, "name", in.Name, maxName)
	text.Required(&faults, "contract", in.Contract, maxName)
	text.Required(&faults, "email", in.Email, maxName)
	if in.Email != "" && !mailbox.Formed(in.Email) {
		faults.Add(fault.Invalid, "email_invalid", "email")
	}
	text.Check(&faults, "key", in.Key, maxKey)
	if in.Key == "" {
		body, err := json.Marshal(in)
		if err != nil {
			return err
		}
		in.Key = ident.Hash(string(body))
	}
	return faults.Err()
}

// know adds what the order says: whose it is, which units, and by when.
func (w *Withdrawal) know(tx *flow.Tx, m ident.Merchant, in Renouncing) error {
	where, sent, err := w.readOrder(tx.Tx, m, in)
	if err != nil {
		return err
	}
	if sent && w.Units > 0 && w.InTime {
		w.Return = ident.New[ident.Return](tx.Mint)
	}
	w.RefundBy = where.After(w.Sent, refundDays)
	w.Statement = w.words(where.Zone)
	w.Hash = ident.Hash(w.Statement)
	if w.Return != "" && !in.Recalled {
		w.SendBackBy, _ = where.SendBack(w.Sent)
	}
	return nil
}

// readOrder reads the contract, and whether any of it was sent; without one the
// merchant's own clocks count, and a person finds out whose it is.
func (w *Withdrawal) readOrder(tx *db.Tx, m ident.Merchant, in Renouncing) (where Where, sent bool, err error) {
	if in.Order == "" {
		where, err = whereShop(tx, m)
		return where, false, err
	}
	o, err := order.Get(tx, m, in.Order)
	if err != nil {
		return Where{}, false, err
	}
	w.Shopper = o.Shopper
	if where, err = whereOf(tx, m, o); err != nil {
		return Where{}, false, err
	}
	had, err := possessionOf(tx, m, o.ID)
	if err != nil {
		return Where{}, false, err
	}
	if w.Notice, err = noticeOf(tx, m, o); err != nil {
		return Where{}, false, err
	}
	if had.whole != 0 {
		w.Until = where.Withdrawal(had.whole, w.Notice != "")
		w.InTime = w.Sent < w.Until
	}
	return where, had.sent, w.renounce(tx, m, in)
}

// whereShop is where the merchant lives.
func whereShop(tx *db.Tx, m ident.Merchant) (Where, error) {
	org, err := merchant.Get(tx, m)
	if err != nil {
		return Where{}, err
	}
	zone, err := civil.Zone(org.Zone)
	return Where{Zone: zone, Region: civil.Region(org.Country)}, err
}

// renounce lists what is withdrawn from: what was asked for, or all that no
// earlier withdrawal names. Lines that the law leaves out are named as such.
func (w *Withdrawal) renounce(tx *db.Tx, m ident.Merchant, in Renouncing) error {
	lines, err := order.Lines(tx, m, w.Order)
	if err != nil {
		return err
	}
	before, err := Withdrawals(tx, m, []ident.Order{w.Order})
	if err != nil {
		return err
	}
	left := map[ident.Line]int{}
	for _, l := range lines {
		if l.Kind == order.Goods {
			left[l.ID] = l.Units
		}
	}
	for _, old := range before[w.Order] {
		for _, l := range old.Lines {
			left[l.Line] -= l.Units
		}
	}
	if err := in.wants(left); err != nil {
		return err
	}
	for _, l := range lines {
		units := left[l.ID]
		if in.Units != nil {
			units = in.Units[l.ID]
		}
		if units <= 0 {
			continue
		}
		w.Lines = append(w.Lines, Renounced{l.ID, units, l.Traits.Excluded})
		if l.Traits.Excluded == "" {
			w.Units += units
		}
	}
	return nil
}

// wants refuses units that nobody bought.
func (in Renouncing) wants(left map[ident.Line]int) error {
	var faults fault.List
	for line, units := range in.Units {
		most, ok := left[line]
		at := fmt.Sprintf("units[%s]", line)
		switch {
		case !ok:
			faults.Add(fault.Invalid, "unknown_line", at, "line", string(line))
		case units < 1:
			faults.Add(fault.Invalid, "negative_quantity", at)
		case units > most:
			faults.Add(fault.Conflict, "too_many_to_return", at, "units", units, "left", most)
		}
	}
	slices.SortFunc(faults, func(a, b *fault.Error) int { return strings.Compare(a.Field, b.Field) })
	return faults.Err()
}

// words are the statement as it is kept and acknowledged: line by line, each
// known by its name, so that people and programs read the same.
func (w *Withdrawal) words(zone *time.Location) string {
	var b strings.Builder
	fmt.Fprintf(&b, "withdrawal: %s\nsent: %s\nname: %s\ncontract: %s\nemail: %s\n",
		w.ID, w.Sent.In(zone).Format(time.RFC3339Nano), w.Name, w.Contract, w.Email)
	if w.Order != "" {
		fmt.Fprintf(&b, "order: %s\n", w.Order)
	}
	for _, l := range w.Lines {
		fmt.Fprintf(&b, "units: %d of %s", l.Units, l.Line)
		if l.Excluded != "" {
			fmt.Fprintf(&b, ", excluded by %s", l.Excluded)
		}
		b.WriteString("\n")
	}
	return b.String()
}

func (w *Withdrawal) write(tx *flow.Tx, m ident.Merchant, key string) error {
	err := tx.Do(sqlInsertWithdrawal, m, w.ID, key, w.Order, w.Shopper, w.Name, w.Contract, w.Email, w.Statement, w.Hash, w.Sent, w.InTime,
		w.Until, w.Notice, w.Units, w.Return, w.SendBackBy, w.RefundBy, w.AcknowledgeBy)
	if err != nil {
		return err
	}
	for _, l := range w.Lines {
		if err := tx.Do(sqlInsertRenounced, m, w.ID, l.Line, l.Units, l.Excluded); err != nil {
			return err
		}
	}
	return nil
}

// Acknowledged is the reaction to promise.kept: an acknowledgement that was owed
// has been sent.
func Acknowledged(tx *flow.Tx, facts []flow.Fact) error {
	return flow.Each(func(tx *flow.Tx, f flow.Fact, b fact.PromiseKept) error {
		if b.Owed != fact.AcknowledgeBy {
			return nil
		}
		_, err := Acknowledge(tx, f.Merchant, ident.Withdrawal(b.About))
		return err
	})(tx, facts)
}

// Acknowledge notes that the acknowledgement was taken in by whoever delivers it.
// To note it again changes nothing. The fault is not_found.
func Acknowledge(tx *flow.Tx, m ident.Merchant, id ident.Withdrawal) (Withdrawal, error) {
	if _, err := tx.Changed(sqlAcknowledge, m, id, tx.Now); err != nil {
		return Withdrawal{}, err
	}
	return GetWithdrawal(tx.Tx, m, id)
}
