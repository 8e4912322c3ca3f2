package fact

import (
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
)

// ClaimKind is what a shopper says went wrong.
type ClaimKind string

// The kinds.
const (
	ClaimLate        ClaimKind = "late"
	ClaimLost        ClaimKind = "lost" // it will not come any more
	ClaimDamaged     ClaimKind = "damaged"
	ClaimMissing     ClaimKind = "missing"
	ClaimNotReceived ClaimKind = "not_received" // scanned as delivered, and nobody has it
	ClaimNobodyCame  ClaimKind = "nobody_came"  // scanned as a failed attempt, and nobody came
	ClaimOther       ClaimKind = "other"        // in plain words alone
)

// ClaimKinds lists them.
var ClaimKinds = []ClaimKind{
	ClaimNotReceived, ClaimNobodyCame, ClaimLate, ClaimLost, ClaimDamaged, ClaimMissing, ClaimOther,
}

// Contests reports whether a claim says that a scan is not true, or that what it
// waits for will not come: what promises were judged by.
func (k ClaimKind) Contests() bool {
	return k == ClaimNotReceived || k == ClaimNobodyCame || k == ClaimLost
}

// Complaint is what every fact about a claim says of it.
type Complaint struct {
	Claim   ident.Claim   `json:"claim"`
	Order   ident.Order   `json:"order"`
	Shopper ident.Shopper `json:"shopper"`
	Parcel  ident.Parcel  `json:"parcel,omitempty"` // empty: all that was sent
	What    ClaimKind     `json:"what"`
}

// ClaimRaised is a shopper who says that something went wrong: a person decides.
type ClaimRaised struct {
	Complaint
	Question ident.Said    `json:"question"` // the message that the decision is owed to
	Via      Via           `json:"via"`
	AnswerBy civil.Instant `json:"answer_by"` // exclusive
}

// ClaimSorted is a person who read what a claim is about.
type ClaimSorted struct{ Complaint }

// EvidenceAsked is a carrier, or somebody of the shop, asked what they know.
type EvidenceAsked struct {
	Complaint
	Of Party `json:"of"` // carrier or merchant
}

// EvidenceGiven is what one of them knows, written down.
type EvidenceGiven struct {
	Complaint
	By Party `json:"by"`
}

// Units are so many of one line of an order.
type Units struct {
	Line  ident.Line `json:"line"`
	Units int        `json:"units"`
}

// ClaimDecided is a person's word on a claim.
type ClaimDecided struct {
	Complaint
	Question ident.Said    `json:"question"`
	By       ident.Staff   `json:"by"`
	At       civil.Instant `json:"at"`
	InTime   bool          `json:"in_time"`
	Outcome  Outcome       `json:"outcome"`
	Liable   Party         `json:"liable"`          // who answers for it; nobody where it was refused
	Goods    []Units       `json:"goods,omitempty"` // whose price is given back
}

// ClaimContested is a shopper who does not accept that word.
type ClaimContested struct {
	Complaint
	Question ident.Said    `json:"question"` // the message that the second decision is owed to
	AnswerBy civil.Instant `json:"answer_by"`
}

// ContestDecided is a second person's word, the last one of the shop.
type ContestDecided struct{ ClaimDecided }

// Kind names the fact.
func (ClaimRaised) Kind() Kind { return "desk.claimed" }

// Kind names the fact.
func (ClaimSorted) Kind() Kind { return "desk.claim_sorted" }

// Kind names the fact.
func (EvidenceAsked) Kind() Kind { return "desk.evidence_asked" }

// Kind names the fact.
func (EvidenceGiven) Kind() Kind { return "desk.evidence_given" }

// Kind names the fact.
func (ClaimDecided) Kind() Kind { return "desk.claim_decided" }

// Kind names the fact.
func (ClaimContested) Kind() Kind { return "desk.contested" }

// Kind names the fact.
func (ContestDecided) Kind() Kind { return "desk.contest_decided" }
