package carrier

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/egress"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// InquiryState is what became of a question to a carrier.
type InquiryState string

// The states. Unknown is not success: taken is what the carrier said, not that it looked.
const (
	Asked    InquiryState = "asked"    // on its way
	Taken    InquiryState = "taken"    // the carrier has the question, and no answer yet
	Answered InquiryState = "answered" // see Answer
	Failed   InquiryState = "failed"   // it could not be reached, or refused
)

// Inquiry is a question about a parcel, put to its carrier: where is it?
type Inquiry struct {
	ID         ident.Inquiry
	Connection ident.Connection
	Parcel     ident.Parcel
	Order      ident.Order
	Number     string
	State      InquiryState
	Answer     string // the carrier's words
	Asked      civil.Instant
	Changed    civil.Instant
}

// Inquire asks the carrier of a parcel where it is, by an errand. While a
// question is without answer the same one is not asked again: the answer is that
// one, and fresh is false. The faults are not_found at connection, and
// no_inquiries, when the connection has no address to ask at.
func Inquire(tx *flow.Tx, m ident.Merchant, in Inquiry) (_ Inquiry, fresh bool, err error) {
	c, err := Get(tx.Tx, m, in.Connection)
	if err != nil {
		return Inquiry{}, false, err
	}
	if c.Inquiries == "" {
		return Inquiry{}, false, fault.New(fault.Conflict, "no_inquiries", "carrier", "carrier", c.Name)
	}
	before, err := Inquiries(tx.Tx, m, in.Order)
	if err != nil {
		return Inquiry{}, false, err
	}
	for _, b := range before {
		if b.Parcel == in.Parcel && (b.State == Asked || b.State == Taken) {
			return b, false, nil
		}
	}
	in.ID, in.State, in.Asked, in.Changed = ident.New[ident.Inquiry](tx.Mint), Asked, tx.Now, tx.Now
	err = tx.Do(sqlInsertInquiry, m, in.ID, in.Connection, in.Parcel, in.Order, in.Number, in.State, "", in.Asked, in.Changed)
	if err != nil {
		return Inquiry{}, false, err
	}
	err = tx.Emit(m, string(in.Order), string(in.ID), fact.CarrierAsked{Inquiry: in.ID, Parcel: in.Parcel, Order: in.Order, Carrier: in.Connection})
	if err != nil {
		return Inquiry{}, false, err
	}
	return in, true, tx.Enqueue(m, AskErrand, string(in.ID), asking{in.ID})
}

// Reply is a carrier's answer that came later than its first word. The faults are
// not_found, also for a question put to somebody else, and field_required.
func Reply(tx *flow.Tx, m ident.Merchant, c ident.Connection, id ident.Inquiry, words string) error {
	words = sayable(words)
	if words == "" {
		return fault.New(fault.Invalid, "field_required", "answer")
	}
	q, ok, err := db.One(tx.Tx, sqlInquiry, scanInquiry, m, id)
	if err != nil {
		return err
	}
	if !ok || q.Connection != c {
		return fault.New(fault.NotFound, "not_found", "inquiry")
	}
	return q.become(tx, m, Answered, words)
}

// become moves a question on, once: an answer stands.
func (q Inquiry) become(tx *flow.Tx, m ident.Merchant, s InquiryState, words string) error {
	moved, err := tx.Changed(sqlMoveInquiry, m, q.ID, s, words, tx.Now)
	if err != nil || !moved || s == Taken {
		return err
	}
	return tx.Emit(m, string(q.Order), string(q.ID), fact.CarrierAnswered{
		Inquiry: q.ID, Parcel: q.Parcel, Order: q.Order, Answered: s == Answered,
	})
}

// Inquiries reads the questions asked about an order's parcels, the first first.
func Inquiries(tx *db.Tx, m ident.Merchant, o ident.Order) ([]Inquiry, error) {
	return db.All(tx, sqlInquiries, scanInquiry, m, o)
}

// AskErrand is the kind of the errand that asks.
const AskErrand = "carrier.Ask"

// asking is the errand's body.
type asking struct {
	Inquiry ident.Inquiry `json:"inquiry"`
}

// askTries is how often a carrier is asked before we say that it does not answer.
const askTries = 6

// Asker carries questions out over the one way there is.
func Asker(f *flow.Flow, out *egress.Client) flow.Errander {
	return flow.Errander{
		Kind: AskErrand, Tries: askTries,
		Run: func(ctx context.Context, e flow.Errand) (flow.Settle, error) {
			q, c, err := asked(ctx, f, e)
			if err != nil || q.State != Asked {
				return nothing, err
			}
			words, taken, err := q.ask(ctx, out, c, e.Key)
			switch {
			case err != nil:
				return nil, err
			case taken:
				return func(tx *flow.Tx) error { return q.become(tx, e.Merchant, Taken, "") }, nil
			default:
				return func(tx *flow.Tx) error { return q.become(tx, e.Merchant, Answered, words) }, nil
			}
		},
		Gone: func(tx *flow.Tx, e flow.Errand, _ error) error {
			var body asking
			if err := e.Decode(&body); err != nil {
				return err
			}
			q, ok, err := db.One(tx.Tx, sqlInquiry, scanInquiry, e.Merchant, body.Inquiry)
			if err != nil || !ok {
				return err
			}
			return q.become(tx, e.Merchant, Failed, "")
		},
	}
}

func nothing(*flow.Tx) error { return nil }

// asked reads an errand's question, and whom it is for.
func asked(ctx context.Context, f *flow.Flow, e flow.Errand) (q Inquiry, c Connection, err error) {
	var body asking
	if err := e.Decode(&body); err != nil {
		return q, c, flow.Final{Err: err}
	}
	err = f.Read(ctx, func(tx *db.Tx) error {
		var ok bool
		if q, ok, err = db.One(tx, sqlInquiry, scanInquiry, e.Merchant, body.Inquiry); err != nil || !ok {
			return errors.Join(err, fault.New(fault.NotFound, "not_found", "inquiry"))
		}
		c, err = Get(tx, e.Merchant, q.Connection)
		return err
	})
	return q, c, err
}

// question is what is sent to the address that the connection names. It says
// nothing of the shopper.
type question struct {
	Inquiry ident.Inquiry `json:"inquiry"`
	Number  string        `json:"tracking_number"`
	Asks    string        `json:"question"` // where_is_it
	AskedAt civil.Instant `json:"asked_at"`
}

// ask puts the question. A 200 has the answer in it, {"answer": "…"}; a 202 says
// that it comes later, by the API. What is refused for good is final.
func (q Inquiry) ask(ctx context.Context, out *egress.Client, c Connection, key string) (words string, taken bool, err error) {
	body, err := json.Marshal(question{q.ID, q.Number, "where_is_it", q.Asked})
	if err != nil {
		return "", false, flow.Final{Err: err}
	}
	a, err := out.Do(ctx, egress.Call{
		To: string(c.ID), Method: "POST", URL: c.Inquiries, Body: body,
		Header: map[string]string{"Content-Type": "application/json", "Idempotency-Key": key, "User-Agent": "promesse"},
	})
	switch {
	case errors.Is(err, egress.ErrForbidden):
		return "", false, flow.Final{Err: err}
	case err != nil:
		return "", false, err
	case a.Status == 202:
		return "", true, nil
	case a.Status == 429 || a.Status == 408 || a.Status >= 500:
		return "", false, fmt.Errorf("carrier answered %d", a.Status)
	case a.Status != 200:
		return "", false, flow.Final{Err: fmt.Errorf("carrier refused: %d", a.Status)}
	}
	var said struct {
		Answer string `json:"answer"`
	}
	if err := json.Unmarshal(a.Body, &said); err != nil {
		return "", false, flow.Final{Err: fmt.Errorf("carrier's answer can not be read: %w", err)}
	}
	if words = sayable(said.Answer); words == "" {
		return "", true, nil
	}
	return words, false, nil
}

// maxAnswer bounds a carrier's words, in characters.
const maxAnswer = 1000

// sayable is words as they may be shown: plain text, not endless.
func sayable(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	words := []rune(strings.Join(strings.Fields(s), " "))
	return string(words[:min(len(words), maxAnswer)])
}
