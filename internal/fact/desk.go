package fact

import (
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
)

// Via is where somebody wrote.
type Via string

// The ways.
const (
	ViaPage   Via = "page"   // the shopper's own page
	ViaMail   Via = "mail"   // in answer to a message of ours
	ViaAPI    Via = "api"    // the shop's own programs
	ViaPublic Via = "public" // in public: somebody at the shop entered the link
	ViaSurvey Via = "survey" // beside a bad score
)

// Vias lists them.
var Vias = []Via{ViaPage, ViaMail, ViaAPI, ViaPublic, ViaSurvey}

// Talk is what every fact about a conversation says of it.
type Talk struct {
	Conversation ident.Conversation `json:"conversation"`
	Order        ident.Order        `json:"order,omitempty"`   // empty: about no order
	Shopper      ident.Shopper      `json:"shopper,omitempty"` // empty: nobody we know
}

// DeskAsked is a conversation opened: somebody waits for a person's answer.
type DeskAsked struct {
	Talk
	Question ident.Said    `json:"question"` // the message that the answer is owed to
	Via      Via           `json:"via"`
	AnswerBy civil.Instant `json:"answer_by"` // exclusive
}

// DeskWritten is a further message of the shopper's.
type DeskWritten struct {
	Talk
	Said     ident.Said    `json:"said"`
	Via      Via           `json:"via"`
	Began    bool          `json:"began"`     // a new wait: nobody was waiting before
	AnswerBy civil.Instant `json:"answer_by"` // exclusive: of the wait it belongs to
}

// DeskAnswered is a person who answered.
type DeskAnswered struct {
	Talk
	Said     ident.Said    `json:"said"`
	Question ident.Said    `json:"question,omitempty"` // that was waited for; empty: nobody was waiting
	By       ident.Staff   `json:"by"`
	At       civil.Instant `json:"at"`
	InTime   bool          `json:"in_time"`
}

// DeskClosed is a conversation that needs nothing more.
type DeskClosed struct {
	Talk
	By       Party      `json:"by"`
	Question ident.Said `json:"question,omitempty"` // whose answer the shopper no longer waits for
}

// DeskHanded is a conversation that the desk of a network answers from now on in the
// shop's name, or that came back to the shop's own.
type DeskHanded struct {
	Talk
	Network ident.Merchant `json:"network"`
	Back    bool           `json:"back"` // to the shop: the network answers no more
	By      ident.Staff    `json:"by,omitempty"`
}

// Kind names the fact.
func (DeskAsked) Kind() Kind { return "desk.asked" }

// Kind names the fact.
func (DeskWritten) Kind() Kind { return "desk.written" }

// Kind names the fact.
func (DeskAnswered) Kind() Kind { return "desk.answered" }

// Kind names the fact.
func (DeskClosed) Kind() Kind { return "desk.closed" }

// Kind names the fact.
func (DeskHanded) Kind() Kind { return "desk.handed" }
