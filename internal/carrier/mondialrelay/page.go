package mondialrelay

import "net/url"

// ChangePage is Mondial Relay's page about a parcel. It asks for the postcode too,
// which we do not hand on.
func (Adapter) ChangePage(number string) string {
	return "https://www.mondialrelay.fr/suivi-de-colis/?numeroExpedition=" + url.QueryEscape(number)
}
