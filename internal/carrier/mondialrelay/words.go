package mondialrelay

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/fact"
)

// saying is a wording that means a status: every word of all must be there and
// none of none. Words are folded.
type saying struct {
	all    []string
	none   []string
	status fact.Status
	reason fact.Reason
}

func says(status fact.Status, all ...string) saying { return saying{all: all, status: status} }

func (s saying) because(r fact.Reason) saying {
	s.reason = r
	return s
}

func (s saying) without(none ...string) saying {
	s.none = none
	return s
}

// sayings is the wording of the French labels, the first that fits counts: what
// failed and what goes back before what was delivered, because "n'a pas pu être
// livré au destinataire" says both. Source: notes on carriers, 2.1; "non retiré"
// and "pas été retiré" are ours, for the same cause.
var sayings = []saying{
	says(fact.Returning, "retour", "expediteur"),
	says(fact.Returning, "retour en cours"),
	says(fact.Exception, "non retire").because(fact.ReasonCollectionExpired),
	says(fact.Exception, "pas ete retire").because(fact.ReasonCollectionExpired),
	says(fact.FailedAttempt, "livraison impossible"),
	says(fact.FailedAttempt, "n a pas pu etre livre"),
	says(fact.FailedAttempt, "echec"),
	says(fact.Exception, "endommage").because(fact.ReasonDamaged),
	says(fact.Exception, "perdu").because(fact.ReasonLost),
	says(fact.Exception, "refuse").because(fact.ReasonRefused),
	says(fact.Exception, "adresse incorrecte").because(fact.ReasonAddress),
	says(fact.Exception, "anomalie"),
	says(fact.Exception, "incident"),
	says(fact.Delivered, "retire par le destinataire"),
	says(fact.Delivered, "remis au destinataire"),
	says(fact.Delivered, "livre au destinataire"),
	says(fact.ReadyForPickup, "disponible dans votre point relais"),
	says(fact.ReadyForPickup, "disponible dans votre locker"),
	says(fact.ReadyForPickup, "vous attend"),
	says(fact.ReadyForPickup, "pret a etre retire"),
	says(fact.ReadyForPickup, "restants pour retirer"),
	says(fact.OutForDelivery, "en cours de livraison"),
	says(fact.OutForDelivery, "distribution"),
	says(fact.OutForDelivery, "mise a disposition"),
	says(fact.InTransit, "prise en charge", "site logistique"),
	says(fact.PickedUp, "prise en charge").without("site logistique"),
	says(fact.InTransit, "acheminement"),
	says(fact.InTransit, "en transit"),
	says(fact.InTransit, "expedie depuis le site"),
	says(fact.InTransit, "traitement sur le site"),
	says(fact.InTransit, "en route vers le point"),
	says(fact.Pending, "prepar", "expediteur"),
	says(fact.Pending, "enregistre"),
	says(fact.Pending, "etiquette creee"),
}

// read finds what a label says. One that nobody described is unknown, and kept.
func read(label string) (fact.Status, fact.Reason) {
	text := fold(label)
	for _, s := range sayings {
		if s.fits(text) {
			return s.status, s.reason
		}
	}
	return fact.Unknown, ""
}

func (s saying) fits(text string) bool {
	for _, w := range s.all {
		if !strings.Contains(text, w) {
			return false
		}
	}
	for _, w := range s.none {
		if strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// fold is lower case without accents; what is no letter or figure is a space.
func fold(s string) string {
	var out strings.Builder
	for _, r := range norm.NFKD.String(strings.ToLower(s)) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			out.WriteRune(r)
		default:
			out.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(out.String()), " ")
}

// placeOf is where a parcel that arrived is, when the label says.
func placeOf(s fact.Status, label string) carrier.Place {
	if s != fact.ReadyForPickup {
		return ""
	}
	if strings.Contains(fold(label), "locker") {
		return fact.Locker
	}
	return fact.Relay
}
