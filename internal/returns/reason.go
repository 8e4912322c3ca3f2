package returns

import (
	"slices"

	"github.com/promesse-dev/promesse/internal/core/ident"
)

// Taxon is the word under which the reasons of all shops can be counted together.
// The list is open: a word nobody knows is counted as it is.
type Taxon string

// The taxa we know.
const (
	Damaged      Taxon = "damaged"   // arrived broken
	Defective    Taxon = "defective" // does not work
	NotAsOrdered Taxon = "not_as_ordered"
	NotDescribed Taxon = "not_as_described"
	PartsMissing Taxon = "parts_missing"
	ArrivedLate  Taxon = "arrived_late" // joins the broken promise
	NoLonger     Taxon = "no_longer_needed"
	WrongSize    Taxon = "wrong_size"
	ByMistake    Taxon = "ordered_by_mistake"
	BetterPrice  Taxon = "better_price"
	NotLiked     Taxon = "not_liked"
	Packaging    Taxon = "packaging_back" // reusable packaging, for its deposit: nobody need choose it
	Unsaid       Taxon = "unsaid"
)

// defects are those for which the seller answers: Code de la consommation,
// articles L217-3 and L217-5. The shopper is never charged for them.
var defects = []Taxon{Damaged, Defective, NotAsOrdered, NotDescribed, PartsMissing}

// Defect reports whether the seller answers for it.
func (t Taxon) Defect() bool { return slices.Contains(defects, t) }

// Reason is one entry of a shop's list.
type Reason struct {
	Code  string `json:"code"` // the shop's own, stable
	Taxon Taxon  `json:"taxon"`
	Photo bool   `json:"photo"`          // at least one photo is needed
	Words Words  `json:"words,omitzero"` // shown; empty: the sentence of the taxon
}

// Words are a sentence in each language.
type Words struct {
	French  string `json:"fr,omitempty"`
	English string `json:"en,omitempty"`
}

// DefaultReasons is the list of a shop that has not written one: the first three
// are those of the source articles.
func DefaultReasons() []Reason {
	return []Reason{
		{Code: "damaged", Taxon: Damaged, Photo: true},
		{Code: "non_conforming", Taxon: NotAsOrdered},
		{Code: "not_as_described", Taxon: NotDescribed},
		{Code: "defective", Taxon: Defective},
		{Code: "parts_missing", Taxon: PartsMissing},
		{Code: "arrived_late", Taxon: ArrivedLate},
		{Code: "wrong_size", Taxon: WrongSize},
		{Code: "no_longer_needed", Taxon: NoLonger},
	}
}

// Condition is how somebody says an article is.
type Condition string

// The conditions.
const (
	Untold   Condition = "" // nobody said
	Unopened Condition = "unopened"
	Opened   Condition = "opened"
	Used     Condition = "used"
	Broken   Condition = "damaged"
	Wrong    Condition = "wrong_article" // another article than was sent
	Absent   Condition = "missing"       // the box was empty
)

// Looks lists the conditions.
var Looks = []Condition{Untold, Unopened, Opened, Used, Broken, Wrong, Absent}

// Disposal is what becomes of an article that came back.
type Disposal string

// The disposals. Code de l'environnement, article L541-15-8: what is not sold is
// reused, given away or recycled; to destroy it needs a ground in law.
const (
	Restock    Disposal = "restock"
	Refurbish  Disposal = "refurbish"
	SecondHand Disposal = "second_hand"
	Donate     Disposal = "donate"
	Recycle    Disposal = "recycle"
	Destroy    Disposal = "destroy"
)

// Disposals lists them.
var Disposals = []Disposal{Restock, Refurbish, SecondHand, Donate, Recycle, Destroy}

// Item is units of one line that come back.
type Item struct {
	ID        ident.ReturnItem
	Line      ident.Line
	Units     int
	Reason    string // code of the shop's list
	Taxon     Taxon
	Comment   string
	Condition Condition    // as the shopper says
	Photos    []ident.Blob // cleaned by core/photo
}
