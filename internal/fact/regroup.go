package fact

import (
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
)

// ChangeAgreed is a carrier that would carry a change out, and keeps it possible:
// nothing is changed before the carriers of all the others agreed too.
type ChangeAgreed struct{ Change }

// ChangeUnkept is a carrier that agreed to a change and then did not confirm it. The
// promise that followed from its word stands.
type ChangeUnkept struct {
	Change
	Reason ChangeReason `json:"reason"` // ChangeSilent when nobody heard it say anything
}

// Regrouping is a delivery among those that a shopper wanted together. It names none
// of the others, nor what they have in common beyond a day and a place: the others
// may be other merchants'.
type Regrouping struct {
	Order   ident.Order   `json:"order"`
	Shopper ident.Shopper `json:"shopper"`
	Change  ident.Change  `json:"change,omitempty"` // empty: it was promised for that day and place already
	Until   civil.Instant `json:"until"`            // exclusive; of the day or the slot
	Point   ident.Point   `json:"point,omitempty"`  // empty: at the door
}

// Regrouped is such a delivery, once the carriers of all of them agreed.
type Regrouped struct{ Regrouping }

// RegroupFallen is one of which nothing came: it stays as it was promised.
type RegroupFallen struct{ Regrouping }

// Kind names the fact.
func (ChangeAgreed) Kind() Kind { return "lastmile.change_agreed" }

// Kind names the fact.
func (ChangeUnkept) Kind() Kind { return "lastmile.change_unkept" }

// Kind names the fact.
func (Regrouped) Kind() Kind { return "lastmile.regrouped" }

// Kind names the fact.
func (RegroupFallen) Kind() Kind { return "lastmile.regroup_fallen" }
