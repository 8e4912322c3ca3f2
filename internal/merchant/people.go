package merchant

import (
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// The queries of staff, sessions, brands and browser keys.

const (
	sqlHire = `insert into merchant_staff (merchant, id, email, contact, name, permissions, since)
		values ($1, $2, $3, $4, $5, $6, $7) on conflict (merchant, contact) where until is null do nothing`
	sqlChangeStaff = `update merchant_staff set permissions = $3
		where merchant = $1 and id = $2 and until is null and permissions <> $3`
	sqlDismiss = `update merchant_staff set until = $3 where merchant = $1 and id = $2 and until is null`
	sqlStaff   = `-- whole merchant: an organisation has a handful of staff
		select id, email, name, permissions, since, until from merchant_staff
		where merchant = $1 and until is null order by id`
	sqlColleagues = `select id, email, name, permissions, since, until from merchant_staff where merchant = $1 and id in ($2)`
	sqlSeats      = `-- across merchants: somebody may work for several, and signs in before we know for whom
		select s.merchant, o.name, s.id, s.email, s.name, s.permissions, s.since
		from merchant_staff s join merchant_organisation o on o.merchant = s.merchant
		where s.contact = $1 and s.until is null order by s.merchant`
)

func scanStaff(r db.Row) (s Staff, err error) {
	err = r.Scan(&s.ID, &s.Email, &s.Name, &s.Set, &s.Since, &s.Until)
	return s, err
}

func scanSeat(r db.Row) (s Seat, err error) {
	err = r.Scan(&s.Merchant, &s.Shop, &s.Staff.ID, &s.Staff.Email, &s.Staff.Name, &s.Staff.Set, &s.Staff.Since)
	return s, err
}

const (
	sqlForgetSignIns = `-- across merchants: links belong to no organisation before they are used
		delete from merchant_signin where until < $1`
	sqlSignInsAsked = `-- across merchants: links belong to no organisation before they are used
		select count(*) from merchant_signin where contact = $1 and asked > $2`
	sqlAskSignIn = `-- across merchants: links belong to no organisation before they are used
		insert into merchant_signin (hash, contact, asked, until) values ($1, $2, $3, $4)`
	sqlSignIn = `-- across merchants: a link that was e-mailed tells who holds it, and where they work
		select s.merchant, o.name, s.id, s.email, s.name, s.permissions, s.since
		from merchant_signin l join merchant_staff s on s.contact = l.contact and s.until is null
		join merchant_organisation o on o.merchant = s.merchant
		where l.hash = $1 and l.used is null and l.until > $2 order by s.merchant`
	sqlUseSignIn = `-- across merchants: a link is used up, whichever seat is taken
		update merchant_signin set used = $2 where hash = $1 and used is null and until > $2`

	sqlOpenSession = `insert into merchant_session (merchant, hash, staff, began, seen)
		select merchant, $2, id, $4, $4 from merchant_staff where merchant = $1 and id = $3 and until is null`
	sqlSession = `-- across merchants: a session tells whose it is
		select s.merchant, o.name, p.id, p.email, p.name, p.permissions, p.since, s.began, s.seen
		from merchant_session s join merchant_staff p on p.merchant = s.merchant and p.id = s.staff and p.until is null
		join merchant_organisation o on o.merchant = s.merchant
		where s.hash = $1 and s.seen > $2 and s.began > $3`
	sqlStay           = `update merchant_session set seen = $3 where merchant = $1 and hash = $2`
	sqlLeave          = `delete from merchant_session where merchant = $1 and hash = $2`
	sqlEndSessionsOf  = `delete from merchant_session where merchant = $1 and staff = $2`
	sqlForgetSessions = `-- whole merchant: as many as people signed in within a week
		delete from merchant_session where merchant = $1 and (seen <= $2 or began <= $3)`
)

func scanSession(r db.Row) (s Session, err error) {
	err = r.Scan(&s.Merchant, &s.Shop, &s.Staff.ID, &s.Staff.Email, &s.Staff.Name, &s.Staff.Set, &s.Staff.Since, &s.Began, &s.Seen)
	return s, err
}

const (
	sqlSetBrand = `insert into merchant_brand (merchant, accent, shown, contact, site) values ($1, $2, $3, $4, $5)
		on conflict (merchant) do update set accent = excluded.accent, shown = excluded.shown,
			contact = excluded.contact, site = excluded.site`
	sqlBrand = `-- whole merchant: it is one row
		select accent, shown, contact, site from merchant_brand where merchant = $1`
)

func scanBrand(r db.Row) (b Brand, err error) {
	err = r.Scan(&b.Accent, &b.Shown, &b.Contact, &b.Site)
	return b, err
}

const (
	sqlInsertBrowserKey = `insert into merchant_browser_key (merchant, id, public, label, issued) values ($1, $2, $3, $4, $5)`
	sqlInsertOrigin     = `insert into merchant_browser_origin (merchant, browser_key, origin) values ($1, $2, $3)`
	sqlRevokeBrowserKey = `update merchant_browser_key set revoked = $3 where merchant = $1 and id = $2 and revoked is null`
	sqlBrowserKeyKnown  = `select id from merchant_browser_key where merchant = $1 and id = $2`
	sqlBrowserKeys      = `-- whole merchant: an organisation has a handful of keys
		select id, public, label, issued, revoked from merchant_browser_key where merchant = $1 order by id`
	sqlOrigins = `-- whole merchant: an organisation has a handful of keys
		select browser_key, origin from merchant_browser_origin where merchant = $1 order by browser_key, origin`
	sqlPage = `-- across merchants: a browser key tells on whose pages it stands
		select k.merchant, k.id, o.kind, w.origin is not null
		from merchant_browser_key k join merchant_organisation o on o.merchant = k.merchant
		left join merchant_browser_origin w on w.merchant = k.merchant and w.browser_key = k.id and w.origin = $2
		where k.public = $1 and k.revoked is null`
	sqlOriginKnown = `-- across merchants: before a page shows its key, its browser asks whether it may ask
		select k.id from merchant_browser_origin w
		join merchant_browser_key k on k.merchant = w.merchant and k.id = w.browser_key and k.revoked is null
		where w.origin = $1 limit 1`
)

func scanBrowserKey(r db.Row) (k BrowserKey, err error) {
	err = r.Scan(&k.ID, &k.Public, &k.Label, &k.Issued, &k.Revoked)
	return k, err
}

// standsOn is a key and one origin it may stand on.
type standsOn struct {
	key    ident.Key
	origin string
}

func scanOrigin(r db.Row) (s standsOn, err error) {
	err = r.Scan(&s.key, &s.origin)
	return s, err
}

func scanPage(r db.Row) (p page, err error) {
	err = r.Scan(&p.Merchant, &p.Key, &p.Kind, &p.own)
	p.Set = Browser
	return p, err
}
