package colissimo

import "net/url"

// ChangePage is La Poste's page about a parcel, on which whoever receives it may
// choose another day or another place, when the parcel allows it.
func (Adapter) ChangePage(number string) string {
	return "https://www.laposte.fr/outils/suivre-vos-envois?code=" + url.QueryEscape(number)
}
