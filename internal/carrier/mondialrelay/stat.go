package mondialrelay

import (
	"strconv"

	"github.com/promesse-dev/promesse/internal/carrier"
)

// stats is what the older service's STAT codes say, as far as somebody can mend
// it. Source: notes on carriers, 2.1.
var stats = map[string]struct {
	why  carrier.Why
	text string
}{
	"1":  {carrier.RefusedAccount, "Enseigne invalide"},
	"2":  {carrier.RefusedAccount, "Numéro d'enseigne vide ou inexistant"},
	"3":  {carrier.RefusedAccount, "Numéro de compte enseigne invalide"},
	"8":  {carrier.RefusedAccount, "Mot de passe ou hachage invalide"},
	"9":  {carrier.RefusedAddress, "Ville non reconnue ou non unique"},
	"11": {carrier.RefusedPoint, "Numéro de relais de collecte invalide"},
	"12": {carrier.RefusedPoint, "Pays du relais de collecte invalide"},
	"14": {carrier.RefusedPoint, "Numéro de relais de livraison invalide"},
	"15": {carrier.RefusedPoint, "Pays du relais de livraison invalide"},
	"20": {carrier.RefusedParcel, "Poids invalide"},
	"21": {carrier.RefusedParcel, "Taille (longueur et hauteur) invalide"},
	"22": {carrier.RefusedParcel, "Taille du colis invalide"},
	"24": {carrier.UnknownParcel, "Numéro d'expédition invalide"},
	"25": {carrier.RefusedAccount, "Solde insuffisant"},
	"30": {carrier.RefusedAddress, "Adresse (ligne 1) invalide"},
	"31": {carrier.RefusedAddress, "Adresse (ligne 2) invalide"},
	"33": {carrier.RefusedAddress, "Adresse (ligne 3) invalide"},
	"34": {carrier.RefusedAddress, "Adresse (ligne 4) invalide"},
	"35": {carrier.RefusedAddress, "Ville invalide"},
	"36": {carrier.RefusedAddress, "Code postal invalide"},
	"37": {carrier.RefusedAddress, "Pays invalide"},
	"38": {carrier.RefusedAddress, "Numéro de téléphone invalide"},
	"39": {carrier.RefusedAddress, "Adresse électronique invalide"},
	"44": {carrier.RefusedParcel, "Valeur du colis invalide"},
	"46": {carrier.RefusedAccount, "Plage de numéros d'expédition épuisée"},
	"47": {carrier.RefusedParcel, "Nombre de colis invalide"},
	"48": {carrier.RefusedParcel, "Multi-colis interdit en relais"},
	"63": {carrier.RefusedParcel, "Assurance invalide"},
	"69": {carrier.RefusedAccount, "Code enseigne invalide"},
	"70": {carrier.RefusedPoint, "Numéro de point relais invalide"},
	"78": {carrier.RefusedPoint, "Pays de collecte invalide"},
	"92": {carrier.RefusedAccount, "Pays différents, ou solde prépayé insuffisant"},
	"93": {carrier.RefusedAddress, "Le plan de tri ne connaît pas cette adresse"},
	"94": {carrier.UnknownParcel, "Colis inexistant"},
	"95": {carrier.RefusedAccount, "Compte non activé"},
	"96": {carrier.RefusedAccount, "Type d'enseigne incorrect"},
	"97": {carrier.RefusedAccount, "Clé de sécurité invalide"},
	"98": {carrier.RefusedRequest, "Paramètres invalides"},
}

// serviceError is the STAT of a service that fails: what happened is not known.
const serviceError = "99"

// refusal is a STAT other than success.
func refusal(stat filled) carrier.Refusal {
	code := "STAT " + string(stat)
	if _, err := strconv.Atoi(string(stat)); err != nil {
		return carrier.Unread("no STAT", nil)
	}
	if stat == serviceError {
		return carrier.Unread(code, nil)
	}
	s, known := stats[string(stat)]
	if !known {
		return carrier.Refusal{Why: carrier.RefusedRequest, Code: code, Final: true}
	}
	// A parcel that is unknown today may be known tomorrow; a number that is none never is.
	return carrier.Refusal{Why: s.why, Code: code, Text: s.text, Final: stat != "94"}
}
