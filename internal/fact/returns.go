package fact

import (
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
)

// Ground is by what right units come back.
type Ground string

// The grounds.
const (
	ByPolicy     Ground = "policy"     // the merchant's own offer
	ByWithdrawal Ground = "withdrawal" // Code de la consommation, article L221-18
	ByConformity Ground = "conformity" // damaged, wrong or not as described: article L217-3
	ByResolution Ground = "resolution" // never delivered, and the contract resolved: article L216-6
	ByClaim      Ground = "claim"      // lost, missing or damaged, as a person decided on a claim: articles L216-2 and L217-3
)

// Grounds lists them.
var Grounds = []Ground{ByPolicy, ByWithdrawal, ByConformity, ByResolution, ByClaim}

// Route is how units come back.
type Route string

// The routes.
const (
	BackByRelay   Route = "relay"
	BackByPost    Route = "post"
	BackToStore   Route = "store"
	BackByPickup  Route = "pickup"   // fetched at home
	BackNotNeeded Route = "keep"     // the shopper keeps them
	BackOnTheirs  Route = "own_way"  // by a carrier the shopper chooses
	BackRecalled  Route = "recalled" // never handed over: its carrier takes it back
)

// BackRoutes lists those that may be offered.
var BackRoutes = []Route{BackByRelay, BackByPost, BackToStore, BackByPickup, BackNotNeeded, BackOnTheirs}

// Settlement is what the shopper gets for what came back.
type Settlement string

// The settlements.
const (
	Refund   Settlement = "refund"   // by the means that paid
	Credit   Settlement = "credit"   // to spend at the shop; only when the shopper chose it
	Exchange Settlement = "exchange" // other goods, in a linked order
)

// Settlements lists them.
var Settlements = []Settlement{Refund, Credit, Exchange}

// Outcome of an inspection.
type Outcome string

// The outcomes.
const (
	InFull  Outcome = "full"
	InPart  Outcome = "partial"
	Refused Outcome = "refused"
)

// Outcomes lists them.
var Outcomes = []Outcome{InFull, InPart, Refused}

// Sendback is what every fact about a return says of it.
type Sendback struct {
	Return  ident.Return  `json:"return"`
	Order   ident.Order   `json:"order"`
	Shopper ident.Shopper `json:"shopper"`
}

// ReturnRequested is a shopper who wants to send units back.
type ReturnRequested struct {
	Sendback
	Ground     Ground        `json:"ground"`
	Route      Route         `json:"route"`
	Settlement Settlement    `json:"settlement"`
	Units      int           `json:"units"`
	Value      money.Amount  `json:"value"`      // what was captured for them
	DepositBy  civil.Instant `json:"deposit_by"` // exclusive
	Late       bool          `json:"late"`       // because it came late: the reason names the broken promise
}

// ReturnHeld is a return that waits for a person: approval, or a doubt.
type ReturnHeld struct {
	Sendback
	Why string `json:"why"` // code of the rule
}

// ReturnAccepted is a return that a person let pass, or that needed none.
type ReturnAccepted struct {
	Sendback
	By Party `json:"by"`
}

// ReturnLabelled is a label or a code in the shopper's hands.
type ReturnLabelled struct {
	Sendback
	Parcel ident.Parcel `json:"parcel"`
	Label  ident.Label  `json:"label"`
}

// ReturnDeposited is a parcel left at a counter, with its proof. From here on
// the shopper's deadlines have been met.
type ReturnDeposited struct {
	Sendback
	Parcel    ident.Parcel  `json:"parcel"`
	Deposit   ident.Deposit `json:"deposit"`
	Point     ident.Point   `json:"point"` // empty when the carrier did not say which
	At        civil.Instant `json:"at"`
	ReceiveBy civil.Instant `json:"receive_by"`       // exclusive: until when it was said to reach the warehouse; 0 when nothing was said
	Window    string        `json:"window,omitempty"` // of the pick-up that was promised
}

// PickupSet is a day on which a parcel is fetched at the shopper's door. Its label
// is made.
type PickupSet struct {
	Sendback
	Window string        `json:"window"` // names it among those of the return
	From   civil.Instant `json:"from"`
	Until  civil.Instant `json:"until"` // exclusive
}

// PickupMissed is a parcel that nobody came for. Its label stays as it is.
type PickupMissed struct {
	Sendback
	Window string `json:"window"`
}

// ReturnReceived is goods back at the merchant's.
type ReturnReceived struct {
	Sendback
	Parcel    ident.Parcel  `json:"parcel"` // empty at a store's counter
	At        civil.Instant `json:"at"`
	ProcessBy civil.Instant `json:"process_by"` // exclusive: the merchant's own deadline
	RefundBy  civil.Instant `json:"refund_by"`  // exclusive: the earlier of that one and the law's
}

// ReturnLost is a parcel that was left at a counter and is given up for lost. The
// shopper's part was done: what is owed is owed without the goods.
type ReturnLost struct {
	Sendback
	Parcel   ident.Parcel  `json:"parcel"`
	RefundBy civil.Instant `json:"refund_by"` // exclusive: the earlier of the merchant's own deadline and the law's; may be over
}

// RefundLine is money for units of one line.
type RefundLine struct {
	Line   ident.Line   `json:"line"`
	Units  int          `json:"units"` // 0 on the line of delivery
	Amount money.Amount `json:"amount"`
}

// Charge is why a part of a refund is kept.
type Charge string

// The charges.
const (
	ChargeWayBack Charge = "way_back" // the shopper bears the way back
	ChargeCover   Charge = "cover"    // bought for it
)

// Withheld is what is kept of a line, under its name.
type Withheld struct {
	Charge Charge       `json:"charge"`
	Line   ident.Line   `json:"line"`
	Amount money.Amount `json:"amount"`
}

// ReturnDecided is what the merchant owes for a return. Each decision is paid
// once, under one key, for its whole life.
type ReturnDecided struct {
	Sendback
	Decision   ident.Decision `json:"decision"`
	Sequence   int            `json:"sequence"` // 1, and more after a dispute
	Outcome    Outcome        `json:"outcome"`
	Settlement Settlement     `json:"settlement"`
	Amount     money.Amount   `json:"amount"` // of this decision alone
	Lines      []RefundLine   `json:"lines"`
	Withheld   []Withheld     `json:"withheld,omitempty"` // the lines are less by it
	RefundBy   civil.Instant  `json:"refund_by"`          // exclusive; 0 when nothing is owed
}

// ReturnCancelled is a return taken back before its deposit: the label is void.
type ReturnCancelled struct {
	Sendback
	By     Party  `json:"by"`
	Window string `json:"window,omitempty"` // of the pick-up that was promised
}

// ReturnExpiring is a return whose parcel should be deposited in the next days.
type ReturnExpiring struct {
	Sendback
	DepositBy civil.Instant `json:"deposit_by"` // exclusive
}

// ReturnExpired is a return whose parcel nobody deposited in time.
type ReturnExpired struct{ Sendback }

// ReturnClosed is a return with nothing left to do for anybody.
type ReturnClosed struct{ Sendback }

// ReturnContested is a decision one side does not accept.
type ReturnContested struct {
	Sendback
	Decision ident.Decision `json:"decision"`
	Dispute  ident.Dispute  `json:"dispute"`
	By       Party          `json:"by"`
	AnswerBy civil.Instant  `json:"answer_by"` // exclusive
}

// DisputeSettled is a dispute decided by a second person, or by its deadline.
type DisputeSettled struct {
	Sendback
	Dispute ident.Dispute `json:"dispute"`
	Upheld  bool          `json:"upheld"` // what the shopper said stands
	By      string        `json:"by"`     // person | rule
}

// UpliftBooked is a day's legal surcharge on a refund that is late.
type UpliftBooked struct {
	Sendback
	Amount money.Amount `json:"amount"` // added since the last booking
	Day    civil.Day    `json:"day"`
}

// Withdrawn is a consumer who withdraws from a contract, and the acknowledgement
// owed for it.
type Withdrawn struct {
	Withdrawal    ident.Withdrawal `json:"withdrawal"`
	Return        ident.Return     `json:"return"` // empty when the goods were never sent
	Order         ident.Order      `json:"order"`
	Shopper       ident.Shopper    `json:"shopper"`
	Units         int              `json:"units"`
	At            civil.Instant    `json:"at"`
	Hash          string           `json:"hash"` // of the statement as it was sent
	InTime        bool             `json:"in_time"`
	AcknowledgeBy civil.Instant    `json:"acknowledge_by"`
	RefundBy      civil.Instant    `json:"refund_by"` // exclusive: 14 days after the statement
}

// Demanded is a consumer's formal notice to deliver what is late.
type Demanded struct {
	Demand  ident.Demand  `json:"demand"`
	Order   ident.Order   `json:"order"`
	Shopper ident.Shopper `json:"shopper"`
	Due     civil.Instant `json:"due"`   // when it was to be delivered by
	Until   civil.Instant `json:"until"` // exclusive: end of the further period
	Hash    string        `json:"hash"`  // of the notice as it was sent
}

// Resolvable is a contract that the consumer may resolve: the further period is
// over, or the shop said that it will not deliver.
type Resolvable struct {
	Demand   ident.Demand  `json:"demand"`
	Order    ident.Order   `json:"order"`
	Shopper  ident.Shopper `json:"shopper"`
	Declined bool          `json:"declined"` // by the shop
}

// Resolved is a contract that the consumer resolved for what never came.
type Resolved struct {
	Sendback
	Demand   ident.Demand  `json:"demand"`
	Units    int           `json:"units"`
	Value    money.Amount  `json:"value"`     // what was captured for them
	RefundBy civil.Instant `json:"refund_by"` // exclusive
}

// MadeGood is goods that a decision on a claim gives the price of back: a return of
// which nothing comes back.
type MadeGood struct {
	Sendback
	Claim    ident.Claim   `json:"claim"`
	Units    int           `json:"units"`
	Value    money.Amount  `json:"value"`     // what was captured for them
	RefundBy civil.Instant `json:"refund_by"` // exclusive
}

// Kind names the fact.
func (ReturnRequested) Kind() Kind { return "returns.requested" }

// Kind names the fact.
func (ReturnHeld) Kind() Kind { return "returns.held" }

// Kind names the fact.
func (ReturnAccepted) Kind() Kind { return "returns.accepted" }

// Kind names the fact.
func (ReturnLabelled) Kind() Kind { return "returns.labelled" }

// Kind names the fact.
func (ReturnDeposited) Kind() Kind { return "returns.deposited" }

// Kind names the fact.
func (PickupSet) Kind() Kind { return "returns.pickup_set" }

// Kind names the fact.
func (PickupMissed) Kind() Kind { return "returns.pickup_missed" }

// Kind names the fact.
func (ReturnReceived) Kind() Kind { return "returns.received" }

// Kind names the fact.
func (ReturnLost) Kind() Kind { return "returns.lost" }

// Kind names the fact.
func (ReturnDecided) Kind() Kind { return "returns.decided" }

// Kind names the fact.
func (ReturnCancelled) Kind() Kind { return "returns.cancelled" }

// Kind names the fact.
func (ReturnExpired) Kind() Kind { return "returns.expired" }

// Kind names the fact.
func (ReturnExpiring) Kind() Kind { return "returns.expiring" }

// Kind names the fact.
func (ReturnClosed) Kind() Kind { return "returns.closed" }

// Kind names the fact.
func (ReturnContested) Kind() Kind { return "returns.contested" }

// Kind names the fact.
func (DisputeSettled) Kind() Kind { return "returns.dispute_settled" }

// Kind names the fact.
func (UpliftBooked) Kind() Kind { return "returns.uplift_booked" }

// Kind names the fact.
func (Withdrawn) Kind() Kind { return "returns.withdrawn" }

// Kind names the fact.
func (Demanded) Kind() Kind { return "returns.demanded" }

// Kind names the fact.
func (Resolvable) Kind() Kind { return "returns.resolvable" }

// Kind names the fact.
func (Resolved) Kind() Kind { return "returns.resolved" }

// Kind names the fact.
func (MadeGood) Kind() Kind { return "returns.made_good" }
