package carrier

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/egress"
)

// LabelFormat is the form in which a label is handed to whoever sticks it on, or
// shows it.
type LabelFormat string

// The formats. QR needs no printer: the code is shown at the counter, where the
// label is printed.
const (
	PDFA4    LabelFormat = "pdf_a4"
	PDF10x15 LabelFormat = "pdf_10x15"
	ZPL      LabelFormat = "zpl"
	QR       LabelFormat = "qr"
)

// LabelFormats lists them.
var LabelFormats = []LabelFormat{PDFA4, PDF10x15, ZPL, QR}

// Contact is an end of a journey, and how to reach who is there.
type Contact struct {
	order.Address
	Email string
}

// LabelRequest asks for the label of one parcel on its way back: from the
// shopper, to the merchant. It holds all that a carrier is told.
type LabelRequest struct {
	Key       string        // ours: one label per key for ever
	Reference string        // of the return, as the merchant's people read it on the label
	Route     fact.Route    // relay, post or pickup
	From      Contact       // the shopper
	To        Contact       // the merchant's warehouse
	Grams     int           // of the parcel, packed
	Units     int           // articles in it
	Contents  string        // a category of goods, never their names
	Insured   money.Amount  // zero: no cover beyond the carrier's own
	Format    LabelFormat   //
	Point     string        // the network's own code of the point of deposit; empty: any
	Ready     civil.Day     // when it is handed over; zero: an Issuer says today
	Service   Service       // of the merchant's, with its limits; may be zero
	Until     civil.Instant // when the deposit is due, exclusive; zero: not said
	Resume    string        // of the Refusal of an attempt before this one: the label is made, its document was not fetched
}

// Issued is a label as a carrier gave it.
type Issued struct {
	Number      string // of the parcel, as the carrier knows it
	Format      LabelFormat
	Document    []byte        // of ContentType
	ContentType string        // one of blob.Types
	Code        string        // text inside the QR; empty for printed labels
	Until       civil.Instant // until when the carrier takes it, exclusive; zero: it did not say
}

// Offer is what an adapter can do on a route: how its labels are handed over,
// and what a parcel may be.
type Offer struct {
	Formats    []LabelFormat
	MinGrams   int          // a lighter parcel is declared so heavy
	MaxGrams   int          // inclusive
	MaxInsured money.Amount // zero: no insurance can be bought
	Points     bool         // a point of deposit may be named
}

// Takes is why an offer does not take a request, as a fault: route_not_offered at
// format, number_out_of_range at grams or insured; nil when it does. carrier is
// its name, for the sentence.
func (o Offer) Takes(r LabelRequest, carrier string) error {
	var faults fault.List
	if !slices.Contains(o.Formats, r.Format) {
		faults.Add(fault.Invalid, "route_not_offered", "format", "carrier", carrier)
	}
	if r.Grams <= 0 || r.Grams > o.MaxGrams {
		faults.Add(fault.Invalid, "number_out_of_range", "grams", "value", r.Grams, "min", 1, "max", o.MaxGrams)
	}
	if r.Insured.Minor < 0 || r.Insured.Minor > o.MaxInsured.Minor || !r.Insured.IsZero() && r.Insured.Currency != o.MaxInsured.Currency {
		faults.Add(fault.Invalid, "number_out_of_range", "insured", "value", r.Insured, "min", 0, "max", o.MaxInsured)
	}
	return faults.Err()
}

// Labels is an adapter that makes labels. Ask one through an Issuer, which keeps
// to one label per key; carriers do not. The errors of both calls are Refusals.
type Labels interface {
	// Offer is what can be done from a country on a route; false when nothing can.
	Offer(a Account, r fact.Route, country string) (Offer, bool)
	Label(ctx context.Context, out *egress.Client, c Connection, a Account, r LabelRequest) (Issued, error)
	// Void tells the carrier that a label will not be used. ErrStands says that it
	// takes no such word.
	Void(ctx context.Context, out *egress.Client, c Connection, a Account, number string) error
}

// ErrStands is what Void answers where a carrier can not be told: its counters
// take the label until it lapses, and only we know better.
var ErrStands = errors.New("carrier: it takes no word that a label is void")

// Tracker is an adapter that can be asked what became of a parcel. The answer is
// kept as it came and read by the adapter's Parser, where it means the parcel
// asked for and nobody else's.
type Tracker interface {
	Track(ctx context.Context, out *egress.Client, c Connection, a Account, number string) ([]byte, error)
}

// AccountHolder is an adapter that needs to be known by its carrier.
type AccountHolder interface {
	AccountFields() []AccountField
}

// AccountField is one thing an account is made of.
type AccountField struct {
	Name     string
	Required bool
	Unless   string // required, but where that other field is given
	With     string // required where that other field is given
	Secret   bool   // shown to nobody again
	Form     string // regular expression of the whole value; empty: any text of 200 characters
}

// Adapters are what the program can speak to, by the adapter's key: the same keys
// as the Registry's. Each implements some of Labels, Points, Tracker and
// AccountHolder.
type Adapters map[string]any

// As gives an adapter as one that can do T; false when the program does not have
// it, or it can not.
func As[T any](as Adapters, adapter string) (T, bool) {
	t, ok := as[adapter].(T)
	return t, ok
}

// Why says who can mend a refusal.
type Why string

// The reasons for refusals.
const (
	RefusedAccount Why = "account"        // credentials, contract, balance: the merchant
	RefusedAddress Why = "address"        // an address, telephone or e-mail: the shopper
	RefusedParcel  Why = "parcel"         // weight, size, count, insurance
	RefusedPoint   Why = "point"          // the point does not exist, or does not take it
	RefusedRequest Why = "request"        // anything else the carrier will not do
	UnknownParcel  Why = "unknown_parcel" // it knows no such number, or not yet
	Unheard        Why = "unheard"        // nobody answered, or nothing that can be read: what happened is unknown
	Busy           Why = "busy"           // asked too often: nothing happened
)

// Refusal is a carrier that did not do what it was asked. It is an error.
type Refusal struct {
	Why   Why
	Code  string        // the carrier's own, "STAT 97", or what was wrong with its answer
	Text  string        // the carrier's own sentence, made fit to be shown; may be empty
	Final bool          // asking again the same way gets the same answer
	Wait  time.Duration // before asking again, where the carrier said so
	Err   error         // cause, for the log

	// Resume is set where the label was made and its document could not be fetched:
	// the next request of the key carries it, and no second label is made. It is
	// the adapter's own, and holds nothing private.
	Resume string
}

// Error is for logs.
func (r Refusal) Error() string {
	s := fmt.Sprintf("carrier refused: %s (%s) %s", r.Why, r.Code, r.Text)
	if r.Err != nil {
		s += ": " + r.Err.Error()
	}
	return s
}

// Unwrap gives the cause.
func (r Refusal) Unwrap() error { return r.Err }

// Unknown reports whether the carrier may have done what it was asked.
func (r Refusal) Unknown() bool { return r.Why == Unheard && r.Resume == "" }

// Fault is a refusal as a person reads it, at the field they can mend. carrier
// is its name.
func (r Refusal) Fault(carrier string) *fault.Error {
	said := r.Text
	if said == "" {
		said = r.Code
	}
	switch r.Why {
	case RefusedAccount:
		return fault.New(fault.Conflict, "carrier_refused_account", "account", "carrier", carrier).Because(r)
	case RefusedAddress:
		return fault.New(fault.Invalid, "carrier_refused_address", "from", "carrier", carrier, "text", said).Because(r)
	case RefusedParcel:
		return fault.New(fault.Invalid, "carrier_refused_parcel", "parcel", "carrier", carrier, "text", said).Because(r)
	case RefusedPoint:
		return fault.New(fault.Invalid, "carrier_refused_point", "point", "carrier", carrier, "text", said).Because(r)
	case Unheard, Busy, UnknownParcel:
		return fault.New(fault.Unavailable, "carrier_silent", "", "carrier", carrier).Because(r)
	default:
		return fault.New(fault.Conflict, "carrier_refused_request", "", "carrier", carrier, "text", said).Because(r)
	}
}

// RefusalOf is the refusal inside an error; an error that holds none is one of
// the way there, after which nothing is known.
func RefusalOf(err error) Refusal {
	var r Refusal
	if errors.As(err, &r) {
		return r
	}
	return Refusal{Why: Unheard, Code: "no answer", Final: errors.Is(err, egress.ErrForbidden), Err: err}
}
