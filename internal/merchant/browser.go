package merchant

import (
	"net/url"
	"slices"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/text"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// BrowserKey is a key that stands in the pages of a shop's own site. Everybody
// can read it there, so it opens little (the Browser set), and only to pages of
// its origins.
type BrowserKey struct {
	ID      ident.Key
	Public  string // pk_…, no secret
	Label   string
	Origins []string // scheme and host, as browsers send them: https://shop.example
	Issued  civil.Instant
	Revoked civil.Instant // zero while it opens
}

// publicPrefix marks the keys of browsers.
const publicPrefix = "pk"

// maxOrigins is how many sites one key may stand on.
const maxOrigins = 20

// IssueBrowserKey makes a key for the pages of some origins. The faults are
// not_found, permission_set_misplaced (a network sells nothing), origins_missing,
// too_many_origins, origin_invalid and those of the label.
func IssueBrowserKey(tx *flow.Tx, m ident.Merchant, label string, origins []string) (BrowserKey, error) {
	o, err := Get(tx.Tx, m)
	if err != nil {
		return BrowserKey{}, err
	}
	k := BrowserKey{Label: strings.TrimSpace(label), Issued: tx.Now}
	if k.Origins, err = checkBrowserKey(o.Kind, k.Label, origins); err != nil {
		return BrowserKey{}, err
	}
	k.ID, k.Public = ident.New[ident.Key](tx.Mint), publicPrefix+"_"+string(ident.NewLink(tx.Mint))
	if err := tx.Do(sqlInsertBrowserKey, m, k.ID, k.Public, k.Label, k.Issued); err != nil {
		return BrowserKey{}, err
	}
	for _, origin := range k.Origins {
		if err := tx.Do(sqlInsertOrigin, m, k.ID, origin); err != nil {
			return BrowserKey{}, err
		}
	}
	return k, tx.Emit(m, string(m), string(k.ID), fact.KeyIssued{Key: k.ID, Set: string(Browser)})
}

func checkBrowserKey(k Kind, label string, origins []string) (folded []string, err error) {
	var faults fault.List
	if k != Merchant {
		faults.Add(fault.Invalid, "permission_set_misplaced", "set", "set", string(Browser), "kind", string(k))
	}
	text.Required(&faults, "label", label, maxName)
	for _, typed := range origins {
		origin, ok := foldOrigin(typed)
		if !ok {
			faults.Add(fault.Invalid, "origin_invalid", "origins", "value", typed)
		}
		folded = append(folded, origin)
	}
	slices.Sort(folded)
	folded = slices.Compact(folded)
	switch {
	case len(folded) == 0:
		faults.Add(fault.Invalid, "origins_missing", "origins")
	case len(folded) > maxOrigins:
		faults.Add(fault.Invalid, "too_many_origins", "origins", "limit", maxOrigins)
	}
	return folded, faults.Err()
}

// foldOrigin is an origin as browsers send it: scheme and host in lower case,
// the port unless it is the scheme's own, nothing after. A page without
// encryption may only be on this machine, where shops are tried out.
func foldOrigin(typed string) (string, bool) {
	u, err := url.Parse(strings.ToLower(strings.TrimSpace(typed)))
	if err != nil || u.Hostname() == "" || strings.ContainsAny(u.Host, " *") || !text.Plain(typed) {
		return "", false
	}
	if u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return "", false // it is more than an origin
	}
	host := u.Hostname()
	switch local := host == "localhost" || strings.HasPrefix(host, "127.") || host == "::1"; {
	case u.Scheme != "https" && !(u.Scheme == "http" && local):
		return "", false
	case u.Scheme == "https" && u.Port() == "443", u.Scheme == "http" && u.Port() == "80":
		return u.Scheme + "://" + strings.TrimSuffix(u.Host, ":"+u.Port()), true
	}
	return u.Scheme + "://" + u.Host, true
}

// RevokeBrowserKey makes a key open nothing any more. Revoking it again changes
// nothing. The fault is not_found.
func RevokeBrowserKey(tx *flow.Tx, m ident.Merchant, id ident.Key) error {
	revoked, err := tx.Changed(sqlRevokeBrowserKey, m, id, tx.Now)
	if err != nil {
		return err
	}
	if revoked {
		return tx.Emit(m, string(m), string(id), fact.KeyRevoked{Key: id})
	}
	_, known, err := db.One(tx.Tx, sqlBrowserKeyKnown, db.Scalar[ident.Key], m, id)
	if err == nil && !known {
		return fault.New(fault.NotFound, "not_found", "key")
	}
	return err
}

// BrowserKeys lists the browser keys of an organisation, the oldest first.
func BrowserKeys(tx *db.Tx, m ident.Merchant) ([]BrowserKey, error) {
	keys, err := db.All(tx, sqlBrowserKeys, scanBrowserKey, m)
	if err != nil {
		return nil, err
	}
	all, err := db.All(tx, sqlOrigins, scanOrigin, m)
	of := map[ident.Key][]string{}
	for _, s := range all {
		of[s.key] = append(of[s.key], s.origin)
	}
	for i := range keys {
		keys[i].Origins = of[keys[i].ID]
	}
	return keys, err
}

// IsPublic reports whether a text looks like the key of a browser.
func IsPublic(key string) bool { return strings.HasPrefix(key, publicPrefix+"_") }

// OriginKnown reports whether some browser key stands on pages of an origin.
func OriginKnown(tx *db.Tx, origin string) (bool, error) {
	if !text.Plain(origin) {
		return false, nil // a header may hold any bytes, a database may not
	}
	_, known, err := db.One(tx, sqlOriginKnown, db.Scalar[ident.Key], origin)
	return known, err
}

// AuthenticatePage tells on whose pages a browser key stands. The faults are
// unauthorized, as for any key that opens nothing, and origin_not_allowed for a
// page of an origin that the key does not name.
func AuthenticatePage(tx *db.Tx, public, origin string) (Principal, error) {
	if !text.Plain(public) || !text.Plain(origin) {
		return Principal{}, fault.New(fault.Unauthorized, "unauthorized", "")
	}
	p, ok, err := db.One(tx, sqlPage, scanPage, public, origin)
	if err == nil && !ok {
		err = fault.New(fault.Unauthorized, "unauthorized", "")
	}
	if err == nil && !p.own {
		err = fault.New(fault.Forbidden, "origin_not_allowed", "", "origin", origin)
	}
	if err != nil {
		return Principal{}, err
	}
	return p.Principal, nil
}

// page is whose pages a key stands on, and whether the one that asks is one of them.
type page struct {
	Principal
	own bool
}
